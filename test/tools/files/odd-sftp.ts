import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import ssh2, { type SFTPWrapper } from "ssh2";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import { fingerprint } from "../../../src/ssh/protocol/key-blob.ts";
import { testHost } from "../../ssh/hosts.ts";
import { keyPair } from "../../ssh/scripted.ts";

const { STATUS_CODE, flagsToString } = ssh2.utils.sftp;

/** What a server does otherwise than OpenSSH's; may be changed between calls. */
export interface Oddities {
  /** Bytes of an answer to a read, at most; more in a write are refused. */
  most?: number;
  /** A second request before the first is answered is a failure. */
  oneAtATime?: boolean;
  /** The end of a file is a failure. */
  endIsFailure?: boolean;
  /** Answers come late, each after another number of turns. */
  shuffled?: boolean;
  /** Neither fstat nor fsetstat. */
  noFacts?: boolean;
  /** Names of every listing, beside what is there. */
  names?: readonly string[];
  /** The channel ends once so many bytes were read or written. */
  diesAfter?: number;
  /** Every write beyond so many bytes is a failure. */
  fullAfter?: number;
  /** Every open is answered with this status. */
  opening?: number;
  /** mkdir and open take their modes less this. */
  umask?: number;
}

export interface OddServer {
  readonly host: ResolvedHost;
  readonly habits: Oddities;
  /** The most requests that were out at once, and the longest read. */
  readonly seen: { atOnce: number; longest: number };
  stop(): Promise<void>;
}

/** An SFTP server over ssh2's own server side, on the files of this machine, with habits. No shell, no exec. */
export async function startOddSftp(): Promise<OddServer> {
  const key = keyPair();
  const habits: Oddities = {};
  const seen = { atOnce: 0, longest: 0 };
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (context) => context.accept());
    client.on("ready", () =>
      client.on("session", (accept) => {
        const session = accept();
        session.on("sftp", (acceptSftp) => serve(acceptSftp(), habits, seen));
      }),
    );
  });
  // Our own listener, for TCP_NODELAY: without it every answer waits for Nagle's timer.
  const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", () => resolve()));
  const address = listener.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const host = testHost(port, {
    name: "odd",
    platform: "posix",
    auth: [{ method: "key", path: "/nonexistent", optional: true }],
    hostKey: {
      mode: "strict",
      files: [],
      pinned: [fingerprint(Buffer.from(key.public.split(" ")[1] ?? "", "base64"))],
    },
  });
  return { host, habits, seen, stop: () => new Promise((resolve) => listener.close(() => resolve())) };
}

function serve(sftp: SFTPWrapper, habits: Oddities, seen: OddServer["seen"]): void {
  const open = new Map<number, number>();
  let passed = 0;
  let out = 0;
  let turn = 0;
  sftp.on("error", () => {});
  /** Answers later; whatever throws is a failure. */
  const answer = (id: number, work: () => void) => {
    out += 1;
    seen.atOnce = Math.max(seen.atOnce, out);
    const tooMany = habits.oneAtATime === true && out > 1;
    let left = habits.shuffled === true ? ((turn++ * 7) % 5) + 1 : 1;
    const step = () => {
      if (--left > 0) return void setImmediate(step);
      out -= 1;
      if (tooMany) return sftp.status(id, STATUS_CODE.FAILURE);
      try {
        work();
      } catch (error) {
        sftp.status(id, codeOf(error));
      }
    };
    setImmediate(step);
  };
  const spend = (bytes: number): boolean => {
    if (habits.diesAfter === undefined) passed = 0;
    else passed += bytes;
    if (habits.diesAfter === undefined || passed <= habits.diesAfter) return true;
    sftp.destroy();
    return false;
  };
  const fdOf = (handle: Buffer) => open.get(handle.readUInt32BE(0)) ?? -1;
  const handleOf = (fd: number) => {
    open.set(fd, fd);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(fd, 0);
    return handle;
  };
  const listed = new Map<number, boolean>();

  sftp.on("OPEN", (id, path, flags, attrs) =>
    answer(id, () => {
      if (habits.opening !== undefined) return sftp.status(id, habits.opening);
      const how = flagsToString(flags) ?? "r";
      const number =
        how === "r"
          ? constants.O_RDONLY
          : how === "r+"
            ? constants.O_RDWR
            : how === "wx"
              ? constants.O_RDWR | constants.O_CREAT | constants.O_EXCL
              : constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;
      sftp.handle(id, handleOf(openSync(path, number, (attrs.mode ?? 0o666) & ~(habits.umask ?? 0))));
    }),
  );
  sftp.on("READ", (id, handle, offset, length) =>
    answer(id, () => {
      seen.longest = Math.max(seen.longest, length);
      const room = Buffer.alloc(Math.min(length, habits.most ?? length));
      const count = readSync(fdOf(handle), room, 0, room.length, Number(offset));
      if (count === 0)
        return sftp.status(id, habits.endIsFailure === true ? STATUS_CODE.FAILURE : STATUS_CODE.EOF);
      if (spend(count)) sftp.data(id, room.subarray(0, count));
    }),
  );
  sftp.on("WRITE", (id, handle, offset, bytes) =>
    answer(id, () => {
      if (bytes.length > Math.max(habits.most ?? Number.POSITIVE_INFINITY, 32 * 1024))
        return sftp.status(id, STATUS_CODE.BAD_MESSAGE);
      if (habits.fullAfter !== undefined && Number(offset) + bytes.length > habits.fullAfter)
        return sftp.status(id, STATUS_CODE.FAILURE);
      if (!spend(bytes.length)) return;
      writeSync(fdOf(handle), bytes, 0, bytes.length, Number(offset));
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on("CLOSE", (id, handle) =>
    answer(id, () => {
      const fd = fdOf(handle);
      open.delete(fd);
      if (!listed.delete(fd)) closeSync(fd);
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on("FSTAT", (id, handle) =>
    answer(id, () =>
      habits.noFacts === true
        ? sftp.status(id, STATUS_CODE.OP_UNSUPPORTED)
        : sftp.attrs(id, attrsOf(fstatSync(fdOf(handle)))),
    ),
  );
  sftp.on("FSETSTAT", (id, handle, attrs) =>
    answer(id, () => {
      if (habits.noFacts === true) return sftp.status(id, STATUS_CODE.OP_UNSUPPORTED);
      if (attrs.size !== undefined) ftruncateSync(fdOf(handle), attrs.size);
      if (attrs.mtime !== undefined)
        utimesSync(`/proc/self/fd/${fdOf(handle)}`, attrs.atime ?? 0, attrs.mtime);
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on("STAT", (id, path) => answer(id, () => sftp.attrs(id, attrsOf(statSync(path)))));
  sftp.on("LSTAT", (id, path) => answer(id, () => sftp.attrs(id, attrsOf(lstatSync(path)))));
  sftp.on("SETSTAT", (id) => answer(id, () => sftp.status(id, STATUS_CODE.OK)));
  sftp.on("REALPATH", (id, path) =>
    answer(id, () => sftp.name(id, [{ filename: path, longname: path, attrs: attrsOf(statSync("/")) }])),
  );
  let last = 1_000_000;
  const folders = new Map<number, string>();
  sftp.on("OPENDIR", (id, path) =>
    answer(id, () => {
      readdirSync(path);
      const fd = ++last;
      folders.set(fd, path);
      listed.set(fd, false);
      sftp.handle(id, handleOf(fd));
    }),
  );
  sftp.on("READDIR", (id, handle) =>
    answer(id, () => {
      const fd = fdOf(handle);
      const folder = folders.get(fd);
      if (folder === undefined || listed.get(fd) === true) return sftp.status(id, STATUS_CODE.EOF);
      listed.set(fd, true);
      const there = readdirSync(folder).map((name) => ({ name, stats: lstatSync(`${folder}/${name}`) }));
      const more = (habits.names ?? []).map((name) => ({ name, stats: lstatSync("/etc/hostname") }));
      sftp.name(
        id,
        [...there, ...more].map(({ name, stats }) => ({
          filename: name,
          longname: name,
          attrs: attrsOf(stats),
        })),
      );
    }),
  );
  sftp.on("MKDIR", (id, path, attrs) =>
    answer(id, () => {
      mkdirSync(path, (attrs.mode ?? 0o777) & ~(habits.umask ?? 0));
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on("REMOVE", (id, path) =>
    answer(id, () => {
      unlinkSync(path);
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
  sftp.on("RENAME", (id, from, to) =>
    answer(id, () => {
      // As drafts 3 has it: never in the place of a file.
      if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return sftp.status(id, STATUS_CODE.FAILURE);
      renameSync(from, to);
      sftp.status(id, STATUS_CODE.OK);
    }),
  );
}

function attrsOf({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats) {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}

function codeOf(error: unknown): number {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return STATUS_CODE.NO_SUCH_FILE;
  return code === "EACCES" ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
}
