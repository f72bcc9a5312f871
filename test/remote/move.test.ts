import { execFileSync, spawnSync } from "node:child_process";
import { createCipheriv, createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import type { DirEntry, FileFacts, RemoteFile } from "../../src/remote/files/contract.ts";
import type { MovableFiles } from "../../src/remote/files/movable.ts";
import { LocalFiles } from "../../src/remote/local/local-files.ts";
import { move } from "../../src/remote/move/move.ts";
import { type Moved, startOf } from "../../src/remote/move/order.ts";
import { hostPaths, ownPaths, type Side } from "../../src/remote/move/side.ts";
import { readSums, sumScript } from "../../src/remote/move/sums.ts";

let base: string;
let here: string;
let there: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "move-")));
  here = join(base, "here");
  there = join(base, "there");
  mkdirSync(here);
  mkdirSync(there);
});

afterEach(() => {
  execFileSync("chmod", ["-R", "u+rwX", base]);
  rmSync(base, { recursive: true, force: true });
});

function filesIn(root: string): MovableFiles {
  return new LocalFiles({ roots: [root], cwd: root, home: "/nonexistent", withheld: [] });
}

function local(files: MovableFiles = filesIn(here)): Side {
  return { files, host: undefined, ...ownPaths };
}

const sums: NonNullable<Side["sums"]> = async (files) => {
  const { stdout } = spawnSync("sh", { input: sumScript(files), encoding: "utf8" });
  return readSums(stdout, files.length);
};

/** A host: a folder here, reached with requests as small as a slow server's. */
function host(
  name: string,
  root: string,
  over: Partial<MovableFiles> = {},
  asked: Partial<Side> = { sums },
): Side {
  const files = filesIn(root);
  const own: MovableFiles = {
    window: { read: 32 * 1024, write: 32 * 1024, requests: 4 },
    replaces: true,
    stat: (path) => files.stat(path),
    lstat: (path) => files.lstat(path),
    readlink: (path) => files.readlink(path),
    list: (path) => files.list(path),
    open: (path, what, mode) => files.open(path, what, mode),
    rename: (from, to) => files.rename(from, to),
    hardlink: (from, to) => files.hardlink?.(from, to) ?? Promise.reject(new Error("no links")),
    set: (path, facts) => files.set(path, facts),
    remove: (path) => files.remove(path),
    mkdir: (path, mode) => files.mkdir(path, mode),
    ...over,
  };
  return { files: own, host: name, ...hostPaths, ...asked };
}

/** The link goes when so many bytes have passed. */
function dyingAfter(bytes: number, files: MovableFiles): Pick<MovableFiles, "open"> {
  let left = bytes;
  const spend = (length: number) => {
    left -= length;
    if (left < 0) throw new SshMcpError("connect_failed", "the link went");
  };
  return {
    async open(path, what, mode) {
      const file = await files.open(path, what, mode);
      return {
        stat: () => file.stat(),
        set: (facts) => file.set(facts),
        sync: () => file.sync(),
        close: () => file.close(),
        async read(position, length) {
          spend(length);
          return file.read(position, length);
        },
        async write(position, piece) {
          spend(piece.length);
          return file.write(position, piece);
        },
      } satisfies RemoteFile;
    },
  };
}

interface Given {
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
}

function run(from: Side, fromPath: string, to: Side, toPath: string, given: Given = {}): Promise<Moved> {
  const moved = startOf(fromPath, toPath);
  const signal = given.signal ?? new AbortController().signal;
  return move({ from, to, fromPath, toPath, overwrite: given.overwrite ?? false, signal, moved });
}

function random(length: number, seed = 1): Buffer {
  return createCipheriv("aes-128-ctr", Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(length));
}

const parts = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".part"));

describe("a file", () => {
  test("goes up and down with its bytes, mode and time, and is verified by the host's own checksum", async () => {
    writeFileSync(join(here, "a.bin"), random(500_000));
    chmodSync(join(here, "a.bin"), 0o640);
    utimesSync(join(here, "a.bin"), 1_600_000_000, 1_600_000_000);
    const web = host("web1", there);
    expect(await run(local(), join(here, "a.bin"), web, join(there, "b.bin"))).toMatchObject({
      files: 1,
      bytes: 500_000,
      verified: 1,
      unverified: undefined,
      notes: [],
    });
    expect(await run(web, join(there, "b.bin"), local(), join(here, "c.bin"))).toMatchObject({ verified: 1 });
    for (const path of [join(there, "b.bin"), join(here, "c.bin")]) {
      expect(readFileSync(path).equals(random(500_000))).toBe(true);
      expect(statSync(path).mode & 0o777).toBe(0o640);
      expect(statSync(path).mtimeMs).toBe(1_600_000_000_000);
    }
    expect([...parts(here), ...parts(there)]).toEqual([]);
  });

  test("of no bytes, and one whose size is not known, are brought whole", async () => {
    writeFileSync(join(there, "empty"), "");
    expect(await run(host("web1", there), join(there, "empty"), local(), join(here, "empty"))).toMatchObject({
      files: 1,
      bytes: 0,
      verified: 1,
    });
    const proc = host("web1", "/proc");
    const moved = await run(proc, "/proc/version", local(), here);
    expect(readFileSync(join(here, "version"))).toEqual(readFileSync("/proc/version"));
    expect(moved).toMatchObject({ to: join(here, "version"), verified: 1, notes: [] });
  });

  test("from a host to another is verified at both", async () => {
    writeFileSync(join(here, "a.bin"), random(300_000));
    const moved = await run(host("one", here), join(here, "a.bin"), host("two", there), there);
    expect(moved).toMatchObject({ verified: 1, to: join(there, "a.bin") });
    expect(readFileSync(join(there, "a.bin")).equals(random(300_000))).toBe(true);
  });

  test("is told as not verified where nobody there tells a checksum", async () => {
    writeFileSync(join(here, "a"), "a");
    const plain = host("web1", there, {}, { noSums: "it has no shell" });
    expect(await run(local(), join(here, "a"), plain, there)).toMatchObject({
      verified: 0,
      unverified: "it has no shell",
    });
    const mute = host("web1", there, {}, { sums: async (files) => files.map(() => undefined) });
    expect(await run(local(), join(here, "a"), mute, join(there, "b"))).toMatchObject({
      verified: 0,
      unverified: "no program on web1 gave a SHA-256",
    });
  });

  test("that came out otherwise is put under no name", async () => {
    writeFileSync(join(here, "a"), "a");
    const wrong = host("web1", there, {}, { sums: async (files) => files.map(() => "0".repeat(64)) });
    await expect(run(local(), join(here, "a"), wrong, there)).rejects.toThrow(/checksum of .* differ/);
    expect(readdirSync(there)).toEqual([]);
  });

  test("replaces nothing unless that is asked for; then in one step, and a link or a folder never", async () => {
    writeFileSync(join(here, "a"), "new");
    writeFileSync(join(there, "a"), "old");
    const web = host("web1", there);
    await expect(run(local(), join(here, "a"), web, join(there, "a"))).rejects.toMatchObject({
      code: "file_exists",
    });
    expect(readFileSync(join(there, "a"), "utf8")).toBe("old");
    await run(local(), join(here, "a"), web, join(there, "a"), { overwrite: true });
    expect(readFileSync(join(there, "a"), "utf8")).toBe("new");
    symlinkSync("a", join(there, "link"));
    await expect(
      run(local(), join(here, "a"), web, join(there, "link"), { overwrite: true }),
    ).rejects.toThrow(/is a link/);
    mkdirSync(join(there, "dir", "a"), { recursive: true });
    await expect(run(local(), join(here, "a"), web, join(there, "dir"), { overwrite: true })).rejects.toThrow(
      /is a folder/,
    );
    const odd = host("web1", there, { replaces: false, hardlink: undefined as never });
    writeFileSync(join(here, "a"), "newer");
    const { notes } = await run(local(), join(here, "a"), odd, join(there, "a"), { overwrite: true });
    expect(notes).toEqual([expect.stringMatching(/removed first/)]);
    expect(readFileSync(join(there, "a"), "utf8")).toBe("newer");
  });

  test("that came under the name while it was on its way is not replaced, and the part stays", async () => {
    writeFileSync(join(here, "a"), random(100_000));
    const late: Side["sums"] = async (files) => {
      writeFileSync(join(there, "a"), "somebody else's");
      return sums(files);
    };
    const web = host("web1", there, {}, { sums: late });
    await expect(run(local(), join(here, "a"), web, join(there, "a"))).rejects.toMatchObject({
      code: "file_exists",
    });
    expect(readFileSync(join(there, "a"), "utf8")).toBe("somebody else's");
    expect(parts(there)).toHaveLength(1);
  });

  test("is left as it is only where its bytes are the same, not by its size and time alone", async () => {
    for (const name of ["a", "b"]) {
      writeFileSync(join(here, name), name);
      utimesSync(join(here, name), 1_600_000_000, 1_600_000_000);
    }
    const web = host("web1", there);
    await run(local(), join(here, "a"), web, join(there, "a"));
    expect(await run(local(), join(here, "a"), web, join(there, "a"))).toMatchObject({ same: 1, files: 0 });
    await expect(run(local(), join(here, "b"), web, join(there, "a"))).rejects.toMatchObject({
      code: "file_exists",
    });
    await run(local(), join(here, "b"), web, join(there, "a"), { overwrite: true });
    expect(readFileSync(join(there, "a"), "utf8")).toBe("b");
    const mute = host("web1", there, {}, {});
    await expect(run(local(), join(here, "b"), mute, join(there, "a"))).rejects.toMatchObject({
      code: "file_exists",
    });
  });

  test("that grows while it is read is brought as far as it was, and said", async () => {
    const path = join(there, "log");
    writeFileSync(path, random(200_000));
    let grown = false;
    const growing = filesIn(there);
    const web = host("web1", there, {
      async open(name, what, mode) {
        const file = await growing.open(name, what, mode);
        const read = file.read.bind(file);
        return Object.assign(file, {
          async read(position: number, length: number) {
            if (!grown && position > 100_000) {
              grown = true;
              appendFileSync(path, "more");
            }
            return read(position, length);
          },
        });
      },
    });
    const moved = await run(web, path, local(), here);
    expect(moved.notes).toEqual([expect.stringMatching(/grew from 200000 to 200004 bytes/)]);
    expect(moved).toMatchObject({ verified: 0, unverified: "it changed while it was read" });
    expect(readFileSync(join(here, "log")).length).toBe(200_004);
  });

  test("of the kernel's, made anew with each reading, is brought as it was read, and said to be unverified", async () => {
    const path = join(there, "uptime");
    writeFileSync(path, "1.00 2.00\n");
    const files = filesIn(there);
    let read = 0;
    const sizeless = async (facts: Promise<FileFacts>) => ({ ...(await facts), size: 0 });
    const web = host("web1", there, {
      stat: (name) => sizeless(files.stat(name)),
      async open(name, what, mode) {
        const file = await files.open(name, what, mode);
        const piece = async (position: number) =>
          position > 0 ? Buffer.alloc(0) : Buffer.from(`${++read + 4}.00 2.00\n`);
        return Object.assign(file, { stat: () => sizeless(files.stat(name)), read: piece });
      },
    });
    const moved = await run(web, path, local(), here);
    expect(moved).toMatchObject({ files: 1, verified: 0, unverified: expect.stringMatching(/made anew/) });
    expect(readFileSync(join(here, "uptime"), "utf8")).toMatch(/^\d+\.00 2\.00\n$/);
  });

  test("a name that is not there, or a folder to be that is none, is said", async () => {
    writeFileSync(join(here, "a"), "a");
    const web = host("web1", there);
    await expect(run(web, join(there, "none"), local(), here)).rejects.toMatchObject({
      code: "no_such_file",
    });
    await expect(run(local(), join(here, "a"), web, `${there}/no/`)).rejects.toMatchObject({
      code: "no_such_file",
    });
    await expect(run(local(), join(here, "a"), web, `${there}/no/a`)).rejects.toMatchObject({
      code: "no_such_file",
      message: `there is no folder ${there}/no on web1; nothing was sent`,
    });
    symlinkSync("loop", join(there, "loop"));
    const looking = host("web1", there, {
      stat: () => Promise.reject(new SshMcpError("no_such_file", "there is no such file")),
    });
    await expect(run(looking, join(there, "loop"), local(), here)).rejects.toMatchObject({
      code: "no_such_file",
      message: `${join(there, "loop")} is a link to loop, which is not there or leads back to it`,
    });
  });
});

describe("a transfer that ends early", () => {
  const size = 1_200_000;

  test.each(["up", "down"] as const)(
    "%s, at 20 points: no file under its name, and the next try ends right",
    async (way) => {
      const [source, target] = way === "up" ? [here, there] : [there, here];
      writeFileSync(join(source, "a.bin"), random(size));
      let resumed = 0;
      for (let point = 0; point < 20; point++) {
        const after = Math.floor((point * 7919 * 104729) % (size + 100_000));
        const dying = host("web1", there, dyingAfter(after, filesIn(there)));
        const ends = (web: Side) =>
          way === "up"
            ? run(local(), join(here, "a.bin"), web, join(there, "a.bin"))
            : run(web, join(there, "a.bin"), local(), join(here, "a.bin"));
        const early = await ends(dying).catch((error: unknown) => error);
        if (early instanceof SshMcpError) {
          expect(early.code).toBe("connect_failed");
          expect(existsSync(join(target, "a.bin"))).toBe(false);
          const moved = await ends(host("web1", there));
          resumed += moved.resumed > 0 ? 1 : 0;
          expect(moved).toMatchObject({ files: 1, bytes: size, verified: 1 });
        }
        expect(readFileSync(join(target, "a.bin")).equals(random(size))).toBe(true);
        expect(parts(target)).toEqual([]);
        rmSync(join(target, "a.bin"));
      }
      expect(resumed).toBeGreaterThan(8);
    },
  );

  async function broken(asked: Partial<Side> = { sums }) {
    writeFileSync(join(there, "a.bin"), random(size));
    utimesSync(join(there, "a.bin"), 1_600_000_000, 1_600_000_000);
    const dying = host("web1", there, dyingAfter(800_000, filesIn(there)), asked);
    await expect(run(dying, join(there, "a.bin"), local(), here)).rejects.toMatchObject({
      code: "connect_failed",
    });
    return join(here, parts(here)[0] ?? "");
  }

  test("goes on only with the same source: another size or time begins anew", async () => {
    await broken();
    writeFileSync(join(there, "a.bin"), random(size, 2));
    expect(await run(host("web1", there), join(there, "a.bin"), local(), here)).toMatchObject({
      resumed: 0,
      verified: 1,
    });
    expect(readFileSync(join(here, "a.bin")).equals(random(size, 2))).toBe(true);
  });

  test("begins anew, and says so, where the part's bytes are not the source's, though size and time are", async () => {
    for (const asked of [{ sums }, {}]) {
      await broken(asked);
      writeFileSync(join(there, "a.bin"), random(size, 3));
      utimesSync(join(there, "a.bin"), 1_600_000_000, 1_600_000_000);
      const moved = await run(host("web1", there, {}, asked), join(there, "a.bin"), local(), here);
      expect(moved.resumed).toBe(0);
      expect(moved.notes).toEqual([
        expect.stringMatching(/was begun anew: its (last )?bytes are not those of the file/),
      ]);
      expect(readFileSync(join(here, "a.bin")).equals(random(size, 3))).toBe(true);
      rmSync(join(here, "a.bin"));
    }
  });

  test("goes on by the part's end where nobody tells a checksum", async () => {
    await broken({});
    const moved = await run(host("web1", there, {}, {}), join(there, "a.bin"), local(), here);
    expect(moved.resumed).toBeGreaterThan(500_000);
    expect(readFileSync(join(here, "a.bin")).equals(random(size))).toBe(true);
  });

  test("brings a file once more, whole, whose part was spoilt where nobody looked", async () => {
    const part = await broken({});
    const bytes = readFileSync(part);
    bytes.fill(0, 0, 100);
    writeFileSync(part, bytes);
    // Nobody tells the checksum of a part, only that of the whole file.
    const whole: Side["sums"] = async (files) => (files[0]?.bytes === undefined ? sums(files) : [undefined]);
    // The last megabyte holds the spoilt bytes of so short a file: make the part longer than that.
    const far = host("web1", there, {}, { sums: whole });
    const moved = await run(far, join(there, "a.bin"), local(), here);
    expect(moved).toMatchObject({ verified: 1 });
    expect(moved.notes.join()).toMatch(/begun anew/);
    expect(readFileSync(join(here, "a.bin")).equals(random(size))).toBe(true);
  });

  test("by the caller's will throws its reason and leaves the part", async () => {
    writeFileSync(join(there, "a.bin"), random(size));
    const giveUp = new AbortController();
    const files = filesIn(there);
    const web = host("web1", there, {
      async open(name, what, mode) {
        const file = await files.open(name, what, mode);
        const read = file.read.bind(file);
        return Object.assign(file, {
          read(position: number, length: number) {
            if (position > 600_000) giveUp.abort(new SshMcpError("not_ready", "cancelled"));
            return read(position, length);
          },
        });
      },
    });
    await expect(run(web, join(there, "a.bin"), local(), here, { signal: giveUp.signal })).rejects.toThrow(
      "cancelled",
    );
    expect(parts(here)).toHaveLength(1);
    expect(existsSync(join(here, "a.bin"))).toBe(false);
  });

  test("does not go on with a part that was opened to others' writing by a second name or a link", async () => {
    const part = await broken();
    renameSync(part, join(base, "elsewhere"));
    symlinkSync(join(base, "elsewhere"), part);
    await expect(run(host("web1", there), join(there, "a.bin"), local(), here)).rejects.toMatchObject({
      code: "file_exists",
    });
    expect(readFileSync(join(base, "elsewhere")).length).toBeLessThan(size);
  });
});

describe("a folder", () => {
  test("goes with all below it, modes and times; links, pipes and dotfiles' kin are told", async () => {
    mkdirSync(join(here, "site", "deep", "empty"), { recursive: true });
    for (let i = 0; i < 150; i++) writeFileSync(join(here, "site", `f${i}`), `${i}`);
    writeFileSync(join(here, "site", "deep", "x.bin"), random(200_000));
    writeFileSync(join(here, "site", "new\nline"), "odd");
    symlinkSync("/etc/passwd", join(here, "site", "link"));
    execFileSync("mkfifo", [join(here, "site", "pipe")]);
    chmodSync(join(here, "site", "deep"), 0o550);
    utimesSync(join(here, "site"), 1_600_000_000, 1_600_000_000);
    const web = host("web1", there);
    const moved = await run(local(), join(here, "site"), web, join(there, "copy"));
    expect(moved).toMatchObject({ folder: true, files: 151, verified: 151, failedCount: 0, leftOutCount: 3 });
    expect(moved.leftOut.join("\n")).toMatch(/site\/link: it is a link/);
    expect(moved.leftOut.join("\n")).toMatch(/site\/pipe: it is a pipe/);
    // The host of this test is a folder here, which takes no such name; it comes back on one line.
    expect(moved.leftOut.join("\n")).toMatch(/new line: .*is not made here/);
    expect(readFileSync(join(there, "copy", "deep", "x.bin")).equals(random(200_000))).toBe(true);
    expect(statSync(join(there, "copy", "deep")).mode & 0o777).toBe(0o550);
    expect(statSync(join(there, "copy")).mtimeMs).toBe(1_600_000_000_000);
    expect(readdirSync(join(there, "copy", "deep"))).toEqual(["empty", "x.bin"]);
    const second = await run(local(), join(here, "site"), web, join(there, "copy"));
    expect(second).toMatchObject({ files: 0, same: 151, alike: 0 });
    const mute = host("web1", there, {}, {});
    const third = await run(local(), join(here, "site"), mute, join(there, "copy"));
    expect(third).toMatchObject({ files: 0, same: 151, alike: 151 });
    writeFileSync(join(there, "copy", "f7"), "x");
    utimesSync(
      join(there, "copy", "f7"),
      statSync(join(here, "site", "f7")).atime,
      statSync(join(here, "site", "f7")).mtime,
    );
    const fourth = await run(local(), join(here, "site"), web, join(there, "copy"));
    expect(fourth).toMatchObject({ same: 150, failed: [expect.stringMatching(/f7: .*with other bytes/)] });
    expect(
      await run(local(), join(here, "site"), web, join(there, "copy"), { overwrite: true }),
    ).toMatchObject({ files: 1 });
  });

  test("tells what fails in it and brings the rest", async () => {
    mkdirSync(join(here, "site"));
    for (const name of ["a", "b", "c"]) writeFileSync(join(here, "site", name), name);
    mkdirSync(join(there, "site", "b"), { recursive: true });
    writeFileSync(join(there, "site", "c"), "another");
    const moved = await run(local(), join(here, "site"), host("web1", there), join(there, "site"));
    expect(moved).toMatchObject({ files: 1, failedCount: 2 });
    expect(moved.failed.sort().join("\n")).toMatch(
      /site\/b: .*is a folder[\s\S]*site\/c: .*is there already/,
    );
  });

  test("stops as a whole where the link goes, and ends right with the next try", async () => {
    mkdirSync(join(there, "site"));
    for (let i = 0; i < 40; i++) writeFileSync(join(there, "site", `f${i}`), random(50_000, i));
    const dying = host("web1", there, dyingAfter(900_000, filesIn(there)));
    await expect(run(dying, join(there, "site"), local(), join(here, "site"))).rejects.toMatchObject({
      code: "connect_failed",
    });
    const moved = await run(host("web1", there), join(there, "site"), local(), join(here, "site"));
    expect(moved.files + moved.same).toBe(40);
    for (let i = 0; i < 40; i++)
      expect(readFileSync(join(here, "site", `f${i}`)).equals(random(50_000, i))).toBe(true);
    expect(parts(join(here, "site"))).toEqual([]);
  });

  const entry = (name: string, type: DirEntry["facts"]["type"] = "file"): DirEntry => ({
    name,
    facts: { type, size: 1, mtime: 1 },
  });

  test("whose server sends hostile names puts nothing outside, and tells each", async () => {
    mkdirSync(join(there, "site"));
    writeFileSync(join(there, "site", "good"), "good");
    const names = [
      "..",
      ".",
      "",
      "../evil",
      "/etc/evil",
      "a/b",
      "sub/../../evil",
      "x\0y",
      "a\u001b[2Jb",
      "r\u202egpj.exe",
      "two\nlines",
      " blank",
      ".bashrc",
    ];
    const files = filesIn(there);
    const web = host("web1", there, {
      async *list() {
        yield [
          ...names.map((name) => entry(name)),
          entry("../up", "dir"),
          entry("loop", "link"),
          entry("good"),
          entry("good"),
        ];
      },
      // Whatever it is asked for, it has it.
      open: (_, what, mode) => files.open(join(there, "site", "good"), what, mode),
    });
    const cwd = new LocalFiles({ cwd: here, home: "/nonexistent", withheld: [] });
    const before = readdirSync(base);
    const moved = await run(web, join(there, "site"), local(cwd), join(here, "site"));
    expect(readdirSync(base)).toEqual(before);
    expect(readdirSync(here)).toEqual(["site"]);
    expect(readdirSync(join(here, "site"))).toEqual(["good"]);
    expect(moved.leftOutCount + moved.failedCount).toBe(names.length + 3);
    expect([...moved.leftOut, ...moved.failed].join("\n")).not.toMatch(/[\u0000\u001b\u202e]/);
  });

  test("with names that differ in case alone never puts one in the other's place", async () => {
    mkdirSync(join(there, "site"));
    for (const name of ["README", "readme", "Readme"]) writeFileSync(join(there, "site", name), name);
    // Here both are files of their own.
    expect(await run(host("web1", there), join(there, "site"), local(), join(here, "a"))).toMatchObject({
      files: 3,
      leftOutCount: 0,
    });
    // A file system that takes them for one.
    const lower = filesIn(here);
    const flat = (path: string) => path.replace(/README|Readme/, "readme");
    const folding: MovableFiles = {
      window: lower.window,
      replaces: true,
      stat: (path) => lower.stat(flat(path)),
      lstat: (path) => lower.lstat(flat(path)),
      readlink: (path) => lower.readlink(flat(path)),
      list: (path) => lower.list(path),
      open: (path, what, mode) => lower.open(flat(path), what, mode),
      rename: (from, to) => lower.rename(flat(from), flat(to)),
      set: (path, facts) => lower.set(path, facts),
      remove: (path) => lower.remove(flat(path)),
      mkdir: (path, mode) => lower.mkdir(path, mode),
    };
    const moved = await run(host("web1", there), join(there, "site"), local(folding), join(here, "b"), {
      overwrite: true,
    });
    expect(moved).toMatchObject({ files: 1, leftOutCount: 2 });
    expect(readdirSync(join(here, "b"))).toHaveLength(1);
  });
});

describe("the question for checksums", () => {
  test("is answered for names of every kind, of files there are, by the shell itself", async () => {
    const names = [
      "plain",
      "-n",
      "--help",
      "it's",
      "$(touch x)",
      "`id`",
      "new\nline",
      "a b",
      "\\x",
      '"',
      "*",
      "~",
      "é",
    ];
    for (const name of names) writeFileSync(join(here, name), name);
    const expected = names.map((name) => createHash("sha256").update(name).digest("hex"));
    const paths = [...names.map((name) => ({ path: join(here, name) })), { path: join(here, "missing") }];
    for (const shell of [["sh"], ["bash", "--posix"], ["dash"]]) {
      const [command = "", ...args] = shell;
      const { stdout } = spawnSync(command, args, { input: sumScript(paths), encoding: "utf8", cwd: here });
      expect(readSums(stdout, paths.length)).toEqual([...expected, undefined]);
    }
    const first = sumScript([{ path: join(here, "it's"), bytes: 2 }]);
    const { stdout } = spawnSync("sh", { input: first, encoding: "utf8" });
    expect(readSums(stdout, 1)).toEqual([createHash("sha256").update("it").digest("hex")]);
    expect(readdirSync(here)).toHaveLength(names.length);
  });

  test("reads the answers of sha256sum, shasum, OpenSSL and BSD, and takes nothing else for one", () => {
    const hash = "ab".repeat(32);
    const said = `0 ${hash}  -\n1 (stdin)= ${hash}\n2 SHA2-256(stdin)= ${hash}\n3 ${hash}\n4 -\nmotd ${hash}\n5 sh: not found\n`;
    expect(readSums(said, 6)).toEqual([hash, hash, hash, hash, undefined, undefined]);
  });
});
