import { quoteWord } from "../../base/shell-quote.ts";
import { visibleLine } from "../../base/text.ts";
import type { DirEntry, FileFacts, NewFacts, OpenFor, RemoteFile, RemoteFiles } from "./contract.ts";
import { factsOf } from "./sftp-attributes.ts";
import { READ_ONLY, refusedBy } from "./sftp-errors.ts";

/** One run of a script by /bin/sh: what it printed, and its exit code; undefined: it did not say. */
export interface ShellRun {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exit: number | undefined;
}

/** @throws SshMcpError where the script could not be run, or did not come to its end. */
export type RunShell = (script: string, stdin?: Buffer) => Promise<ShellRun>;

/** A request of these is a command of its own, so they are large, and one goes after the other. */
const WINDOW = { read: 1024 * 1024, write: 1024 * 1024, requests: 1 };

/** What `stat` prints of a file, in GNU's and BusyBox's words, and in those of the BSDs. */
const GNU = "%f %s %u %g %Y %X %h %U %G";
const BSD = "%Xp %z %u %g %m %a %l %Su %Sg";
/** `f`: facts of `$1`, of the link itself or of what it leads to (`-L`). To GNU's stat `-f` is something else. */
const STAT = `if stat -c %s / >/dev/null 2>&1; then f() { stat $2 -c '${GNU}' -- "$1"; }; else f() { stat $2 -f '${BSD}' "$1"; }; fi`;

/**
 * The files of a Unix host without SFTP, by commands that POSIX has and by `stat`; bytes go through their input and output
 * as they are. Paths are words for the shell, whatever is in them.
 */
export class ExecFiles implements RemoteFiles {
  readonly window = WINDOW;
  /** `mv` is one step within a folder. */
  readonly replaces = true;
  readonly #host: string;
  readonly #run: RunShell;

  constructor(host: string, run: RunShell) {
    this.#host = host;
    this.#run = run;
  }

  async stat(path: string): Promise<FileFacts> {
    return this.#factsIn(await this.#done(path, `${STAT}; f ${at(path)} -L`), path);
  }

  async lstat(path: string): Promise<FileFacts> {
    return this.#factsIn(await this.#done(path, `${STAT}; f ${at(path)}`), path);
  }

  async realpath(path: string): Promise<string> {
    return lineIn(await this.#done(path, `readlink -f -- ${at(path)} || realpath ${at(path)}`));
  }

  async readlink(path: string): Promise<string> {
    return lineIn(await this.#done(path, `readlink -- ${at(path)}`));
  }

  async *list(path: string): AsyncGenerator<readonly DirEntry[]> {
    const each = `[ -e "$n" ] || [ -L "$n" ] || continue; i=$(f "./$n" 2>/dev/null) && printf '%s\\0%s\\0' "$n" "$i"`;
    const folder = at(path);
    const bytes = await this.#done(
      path,
      `[ -d ${folder} ] || { ls -d ${folder}/. >/dev/null; exit 1; }; cd ${folder} && [ -r . ] || { ls -a ${folder}/. >/dev/null; exit 1; }; ${STAT}; for n in ..?* .[!.]* *; do ${each}; done; :`,
    );
    const parts = bytes.toString("utf8").split("\0");
    const entries: DirEntry[] = [];
    for (let index = 0; index + 1 < parts.length; index += 2) {
      const [name = "", said = ""] = parts.slice(index, index + 2);
      const [, , , , , , links, owner, group] = said.trim().split(" ");
      entries.push({
        name,
        facts: factsSaid(said) ?? { type: "unknown" },
        ...(owner === undefined ? {} : { owner }),
        ...(group === undefined ? {} : { group }),
        ...(links === undefined ? {} : { links: Number(links) }),
      });
    }
    yield entries;
  }

  async open(path: string, what: OpenFor, mode?: number): Promise<RemoteFile> {
    const file = at(path);
    const after = mode === undefined ? "" : ` && chmod ${octal(mode)} ${file}`;
    const plain = `if [ -d ${file} ]; then echo 'Is a directory' >&2; exit 1; fi; if [ -e ${file} ] && [ ! -f ${file} ]; then echo 'not a regular file' >&2; exit 1; fi`;
    const ways: Readonly<Record<OpenFor, string>> = {
      read: `${plain}; : < ${file}`,
      write: `${plain}; : < ${file}; [ -e ${file} ] && : >> ${file}`,
      create: `umask 077; set -C; : > ${file}${after}`,
      truncate: `${plain}; ${mode === undefined ? "" : "umask 077; "}: > ${file}${after}`,
    };
    await this.#done(path, ways[what]);
    return this.#file(path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#done(
      to,
      `if [ -d ${at(to)} ] && [ ! -L ${at(to)} ]; then echo 'Is a directory' >&2; exit 1; fi; if [ -L ${at(to)} ] && [ -d ${at(to)} ]; then mv -fT ${at(from)} ${at(to)}; else mv -f ${at(from)} ${at(to)}; fi`,
    );
  }

  readonly hardlink = async (from: string, to: string): Promise<void> => {
    await this.#done(
      to,
      `if [ -e ${at(to)} ] || [ -L ${at(to)} ]; then echo 'File exists' >&2; exit 1; fi; ln ${at(from)} ${at(to)}`,
    );
  };

  async symlink(target: string, path: string): Promise<void> {
    await this.#done(
      path,
      `if [ -e ${at(path)} ] || [ -L ${at(path)} ]; then echo 'File exists' >&2; exit 1; fi; ln -s -- ${quoteWord(target)} ${at(path)}`,
    );
  }

  async set(path: string, { size, mode, uid, gid, times }: NewFacts): Promise<void> {
    const file = at(path);
    const steps = [
      ...(size === undefined ? [] : [`dd bs=1 seek=${size} count=0 of=${file} 2>/dev/null </dev/null`]),
      ...(uid === undefined || gid === undefined ? [] : [`chown ${uid}:${gid} ${file}`]),
      // Changing the owner takes bits of the mode away.
      ...(mode === undefined ? [] : [`chmod ${octal(mode)} ${file}`]),
      ...(times === undefined
        ? []
        : [`touch -a -d @${times.atime} ${file}`, `touch -m -d @${times.mtime} ${file}`]),
    ];
    if (steps.length > 0) await this.#done(path, steps.join(" && "));
  }

  async remove(path: string): Promise<void> {
    const file = at(path);
    await this.#done(
      path,
      `if [ -d ${file} ] && [ ! -L ${file} ]; then echo 'Is a directory' >&2; exit 1; fi; rm ${file} </dev/null`,
    );
  }

  async mkdir(path: string, mode?: number): Promise<void> {
    await this.#done(path, `mkdir ${mode === undefined ? "" : `-m ${octal(mode)} `}${at(path)}`);
  }

  async rmdir(path: string): Promise<void> {
    await this.#done(path, `rmdir ${at(path)}`);
  }

  #file(path: string): RemoteFile {
    const file = at(path);
    return {
      stat: () => this.stat(path),
      set: (facts) => this.set(path, facts),
      read: async (position, wanted, room) => {
        const length = Math.min(wanted, WINDOW.read);
        // Behind the end of a file that was cut dd complains, and head reads nothing, which is right.
        const skip =
          position === 0 ? "" : `dd bs=1 skip=${position} count=0 2>/dev/null; [ $? -ne 127 ] || exit 1; `;
        const script = `{ ${skip}head -c ${length}; } < ${file}`;
        const bytes = await this.#done(path, script);
        if (room === undefined) return bytes;
        bytes.copy(room);
        return room.subarray(0, bytes.length);
      },
      write: async (position, bytes) => {
        for (let from = 0; from < bytes.length; from += WINDOW.write) {
          const part = bytes.subarray(from, from + WINDOW.write);
          const seek = `dd bs=1 seek=${position + from} count=0 conv=notrunc 2>/dev/null </dev/null`;
          await this.#done(path, `[ -f ${file} ] || exit 1; { ${seek} && cat; } 1<> ${file}`, part);
        }
      },
      sync: async () => false,
      close: async () => {},
    };
  }

  /** What a script printed. @throws SshMcpError by what it complained of. */
  async #done(path: string, script: string, stdin?: Buffer): Promise<Buffer> {
    const { stdout, stderr, exit } = await this.#run(`LC_ALL=C; export LC_ALL; ${script}`, stdin);
    if (exit === 0) return stdout;
    const said = visibleLine(stderr.trim().split("\n").at(-1) ?? "", 200);
    const code = CODES.find(([words]) => words.test(stderr))?.[1];
    throw refusedBy(Object.assign(new Error(said), code === undefined ? {} : { code }), path, this.#host);
  }

  #factsIn(said: Buffer, path: string): FileFacts {
    const facts = factsSaid(said.toString("utf8"));
    if (facts !== undefined) return facts;
    throw refusedBy(new Error("what its stat printed is not known"), path, this.#host);
  }
}

/** Numbers of the drafts for what programs say, in the C locale. */
const CODES: readonly (readonly [RegExp, number])[] = [
  [/File exists|cannot overwrite existing file/i, 11],
  [/No such file|nonexistent/i, 2],
  [/Permission denied|Operation not permitted/i, 3],
  [/Read-only file system/i, READ_ONLY],
  [/No space left/i, 14],
  [/quota exceeded/i, 15],
  [/Is a directory/i, 24],
  [/Not a directory/i, 19],
];

/** A path as an argument that is no option: one from the login's directory begins with `./`. */
function at(path: string): string {
  return quoteWord(path.startsWith("/") ? path : `./${path}`);
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

/** Hexadecimal mode, then numbers. */
function factsSaid(said: string): FileFacts | undefined {
  const [, mode, size, uid, gid, mtime, atime] =
    /^([0-9a-f]+) (\d+) (\d+) (\d+) (-?\d+) (-?\d+)\b/i.exec(said.trim()) ?? [];
  if (mode === undefined) return undefined;
  return factsOf({
    mode: Number.parseInt(mode, 16),
    size: Number(size),
    uid: Number(uid),
    gid: Number(gid),
    mtime: Number(mtime),
    atime: Number(atime),
  });
}

/** All but the line end that the program itself puts behind a name. */
function lineIn(bytes: Buffer): string {
  return bytes.toString("utf8").replace(/\n$/, "");
}
