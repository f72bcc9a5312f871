import { execFileSync } from "node:child_process";
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LocalFiles } from "../../src/remote/local/local-files.ts";
import { folded, nameTrouble } from "../../src/remote/local/names.ts";

let base: string;
let root: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "roots-")));
  root = join(base, "root");
  mkdirSync(join(root, "sub"), { recursive: true });
  mkdirSync(join(base, "home", ".ssh"), { recursive: true });
  mkdirSync(join(base, "outside"));
  writeFileSync(join(base, "outside", "secret.txt"), "outside");
  writeFileSync(join(base, "home", ".ssh", "id_ed25519"), "key");
  writeFileSync(join(root, "inside.txt"), "inside");
  writeFileSync(join(root, "sub", "deep.txt"), "deep");
  writeFileSync(join(root, ".env"), "TOKEN=1");
  mkdirSync(join(root, ".git"));
  writeFileSync(join(root, ".git", "config"), "x");
  writeFileSync(join(root, "password.txt"), "named by a secret");
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function files(roots?: readonly string[], withheld: readonly string[] = [join(root, "password.txt")]) {
  return new LocalFiles({ roots, cwd: root, home: join(base, "home"), withheld });
}

/** Every entry below `folder`, with what is in it. */
function picture(folder: string, skip = ""): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string) => {
    for (const name of readdirSync(path)) {
      const one = join(path, name);
      if (one === skip) continue;
      const stats = lstatSync(one);
      if (stats.isDirectory()) walk(one);
      found[one] = stats.isFile()
        ? readFileSync(one, "latin1")
        : stats.isSymbolicLink()
          ? readlinkSync(one)
          : String(stats.mode);
    }
  };
  walk(folder);
  return found;
}

async function text(local: LocalFiles, path: string): Promise<string> {
  const file = await local.open(path, "read");
  try {
    return (await file.read(0, 1000)).toString();
  } finally {
    await file.close();
  }
}

describe("the files here", () => {
  test("are those below the working directory, relative or absolute, and say their whole path", async () => {
    const local = files();
    expect(await text(local, "inside.txt")).toBe("inside");
    expect(await text(local, "./sub//deep.txt")).toBe("deep");
    expect(await text(local, join(root, "sub", "deep.txt"))).toBe("deep");
    expect(await local.resolve("sub/new.txt")).toBe(join(root, "sub", "new.txt"));
    expect(await local.stat(".")).toMatchObject({ type: "dir" });
  });

  test.each([".env", ".git/config", "sub/../.env", ".git", "sub/.hidden"])(
    "withhold dotfiles where nobody named the folder: %s",
    async (path) => {
      await expect(files().open(path, "read")).rejects.toMatchObject({ code: "denied" });
      await expect(files().open(path, "create")).rejects.toMatchObject({ code: "denied" });
    },
  );

  test("are given with their dotfiles where the operator named the folder; what secrets name stays withheld", async () => {
    const local = files([root, join(base, "home")]);
    expect(await text(local, ".env")).toBe("TOKEN=1");
    for (const path of ["password.txt", join(base, "home/.ssh/id_ed25519"), join(base, "home/.ssh/new")])
      for (const what of ["read", "create"] as const)
        await expect(local.open(path, what)).rejects.toMatchObject({ code: "denied" });
    linkSync(join(root, "password.txt"), join(root, "other-name.txt"));
    await expect(local.open("other-name.txt", "read")).rejects.toMatchObject({ code: "denied" });
    symlinkSync("password.txt", join(root, "a-link.txt"));
    await expect(local.open("a-link.txt", "read")).rejects.toMatchObject({ code: "denied" });
    await expect(local.rename("inside.txt", "password.txt")).rejects.toMatchObject({ code: "denied" });
    await expect(local.rename("inside.txt", "other-name.txt")).rejects.toMatchObject({ code: "denied" });
  });

  test.each([
    ["the file system's root", "/", "/home/me"],
    ["the folder of all homes", "/home", "/home/me"],
  ])("are none where the front was started in %s", async (_, cwd, home) => {
    const local = new LocalFiles({ cwd, home, withheld: [] });
    await expect(local.open("etc/passwd", "read")).rejects.toMatchObject({
      code: "denied",
      next: expect.stringContaining("local_roots"),
    });
  });

  test("are none where the operator names none, or only what is not there", async () => {
    for (const roots of [[], [join(base, "missing")]])
      await expect(files(roots).open("inside.txt", "read")).rejects.toMatchObject({ code: "denied" });
  });

  test("follow a link as long as it stays inside", async () => {
    symlinkSync("sub", join(root, "here"));
    symlinkSync("../inside.txt", join(root, "sub", "up.txt"));
    symlinkSync(join(root, "sub"), join(root, "whole"));
    const local = files();
    expect(await text(local, "here/deep.txt")).toBe("deep");
    expect(await text(local, "here/up.txt")).toBe("inside");
    expect(await text(local, "whole/deep.txt")).toBe("deep");
    symlinkSync("loop", join(root, "loop"));
    await expect(local.open("loop", "read")).rejects.toMatchObject({ code: "file_failed" });
  });

  test("are regular files: no pipe, device, socket or folder is opened, and none waits", async () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    for (const path of ["pipe", "sub"])
      await expect(files().open(path, "read")).rejects.toMatchObject({ code: "file_failed" });
    const dev = new LocalFiles({ roots: ["/dev"], cwd: root, home: join(base, "home"), withheld: [] });
    await expect(dev.open("null", "read")).rejects.toMatchObject({ code: "file_failed" });
    await expect(dev.open("null", "write")).rejects.toMatchObject({ code: "file_failed" });
  });

  test("are not written through another name of a file outside", async () => {
    linkSync(join(base, "outside", "secret.txt"), join(root, "twin.txt"));
    await expect(files().open("twin.txt", "write")).rejects.toMatchObject({ code: "denied" });
  });

  test("are not left while a folder on the way is swapped for a link out, whichever is faster", async () => {
    const local = files();
    const before = picture(join(base, "outside"));
    const [real, link] = [join(root, "real"), join(root, "link")];
    let swapping = true;
    const swapper = (async () => {
      renameSync(join(root, "sub"), real);
      symlinkSync(join(base, "outside"), link);
      while (swapping) {
        renameSync(real, join(root, "sub"));
        await new Promise(setImmediate);
        renameSync(join(root, "sub"), real);
        renameSync(link, join(root, "sub"));
        await new Promise(setImmediate);
        renameSync(join(root, "sub"), link);
      }
    })();
    const read: string[] = [];
    for (let round = 0; round < 150; round++) {
      await text(local, "sub/secret.txt").then(
        (got) => read.push(got),
        () => {},
      );
      await local.open(`sub/new-${round}`, "create").then(
        (file) => file.close(),
        () => {},
      );
      await local.mkdir(`sub/folder-${round}`).catch(() => {});
      await local.rename("inside.txt", "sub/inside.txt").catch(() => {});
      await local.remove("sub/secret.txt").catch(() => {});
    }
    swapping = false;
    await swapper;
    expect(read).toEqual([]);
    expect(picture(join(base, "outside"))).toEqual(before);
    // It did write where it could: the folder was there often enough.
    expect(readdirSync(real).length).toBeGreaterThan(1);
  });
});

/** Paths and names as a server or a caller that means harm has them. */
function hostile(): string[] {
  const out = [
    "..",
    "../outside/secret.txt",
    "../../etc/passwd",
    "sub/../../outside/secret.txt",
    "sub/../../../../../../../../../../etc/passwd",
    "/etc/passwd",
    "//etc/passwd",
    join(base, "outside", "secret.txt"),
    `${root}x`,
    `${root}/../outside/secret.txt`,
    "link-out/secret.txt",
    "link-out",
    "link-file",
    "chain/secret.txt",
    "sub/../link-out/secret.txt",
    "link-root/etc/passwd",
    "link-up/outside/secret.txt",
    "~/.ssh/id_ed25519",
    "~root/x",
    "inside.txt\0.png",
    "\0",
    "",
    ".",
    "/",
    "./..",
    "sub/..",
    "/proc/self/environ",
    "/proc/self/fd/0",
    "/dev/fd/1",
    "/proc/self/root/etc/passwd",
    "/proc/self/cwd/../x",
    ".env",
    ".git/config",
    ".bashrc",
    "sub/.ssh/authorized_keys",
    "password.txt",
    "..\\outside\\secret.txt",
    "\\\\server\\share",
    "C:\\Windows\\x",
    "file:///etc/passwd",
    "%2e%2e/outside/secret.txt",
    "..%2foutside",
    "․․/outside",
    "..／outside",
    "﹒﹒/outside/secret.txt",
    "a\u202egpj.exe",
    "a\u200bb",
    "\u001b[2Ja",
    "a\nb",
    "a\rb",
    "\u009b31m",
    " lead",
    "trail ",
    "a\tb",
    "x".repeat(256),
    "x/".repeat(3000),
    "é".repeat(200),
    "\ud800",
  ];
  for (const part of ["..", "../", ".././", "..//", "./../", "sub/../..", "link-out/..", "link-out/../.."])
    for (const end of ["/outside/secret.txt", "/outside/new", "/../etc/shadow", "/root/../outside/new", ""])
      for (const lead of ["", "./", "sub/", "sub/./", "link-up/", `${root}/`, `${root}/sub/../`])
        out.push(lead + part + end);
  return [...new Set(out)];
}

describe("300 hostile names and paths", () => {
  test("read and write nothing outside the roots", async () => {
    symlinkSync(join(base, "outside"), join(root, "link-out"));
    symlinkSync(join(base, "outside", "secret.txt"), join(root, "link-file"));
    symlinkSync("link-out", join(root, "chain"));
    symlinkSync("/", join(root, "link-root"));
    symlinkSync("..", join(root, "link-up"));
    const paths = hostile();
    expect(paths.length).toBeGreaterThanOrEqual(300);
    const local = files();
    const before = picture(base, root);
    const inside = picture(root);
    const read: string[] = [];
    for (const path of paths) {
      await text(local, path).then(
        (got) => read.push(`${path}: ${got}`),
        () => {},
      );
      await names(local, path).then(
        (got) => read.push(...got.filter((name) => name === "secret.txt")),
        () => {},
      );
      await local.open(path, "create").then(
        (file) => file.close(),
        () => {},
      );
      await local.open(path, "write").then(
        (file) => file.write(0, Buffer.from("overwritten")).finally(() => file.close()),
        () => {},
      );
      await local.mkdir(path).catch(() => {});
      await local.rename("sub/deep.txt", path).catch(() => {});
      await local.hardlink(path, "sub/pulled-in").catch(() => {});
      await local.rename(path, "sub/pulled-in").catch(() => {});
      await local.set(path, { mode: 0o777 }).catch(() => {});
      if (path !== "inside.txt") await local.remove(path).catch(() => {});
      const pulled = join(root, "sub", "pulled-in");
      const stats = lstatSync(pulled, { throwIfNoEntry: false });
      // A second name of a link is a link still, which nothing here follows out.
      if (stats?.isFile())
        read.push(...[readFileSync(pulled, "utf8")].filter((got) => /outside|root:/.test(got)));
      if (stats !== undefined) rmSync(pulled, { recursive: true });
    }
    expect(read).toEqual([]);
    expect(picture(base, root)).toEqual(before);
    const left = picture(root);
    for (const path of [".env", ".git/config", "password.txt"].map((one) => join(root, one)))
      expect(left[path]).toBe(inside[path]);
    // What was made is what its name says, with nothing in it that hides.
    for (const path of Object.keys(left))
      expect(nameTrouble(path.slice(path.lastIndexOf("/") + 1), "linux")).toBeUndefined();
  });
});

async function names(local: LocalFiles, path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entries of local.list(path)) found.push(...entries.map(({ name }) => name));
  return found;
}

describe("a name of a server", () => {
  test.each([
    "",
    ".",
    "..",
    "a/b",
    "../x",
    "/etc/x",
    "a\0b",
    "a\nb",
    "a\tb",
    "\u001b[31m",
    "a\u202eb",
    "a\u200b",
    " a",
    "a ",
    "\ud800",
  ])("is not given to a file here: %j", (name) => {
    expect(nameTrouble(name, "linux")).toBeDefined();
  });

  test.each(["con", "NUL.txt", "com1", "lpt9.log", "a:b", "a.", "a?", "CONIN$", "back\\slash"])(
    "is not on Windows: %s",
    (name) => {
      expect(nameTrouble(name, "win32")).toBeDefined();
      expect(nameTrouble(name, "linux")).toBeUndefined();
    },
  );

  test.each([
    "a",
    "a b",
    "ünïcode",
    "日本語.txt",
    "-rf",
    "--help",
    "$(x)",
    "a'b",
    "👨‍👩‍👧.png",
    "a.part",
    "%2e%2e",
  ])("is one: %s", (name) => {
    expect(nameTrouble(name, "linux")).toBeUndefined();
  });

  test("is told apart from another only where no file system takes them for one", () => {
    expect(folded("README")).toBe(folded("readme"));
    expect(folded("\u00e9")).toBe(folded("e\u0301"));
    expect(folded("a")).not.toBe(folded("b"));
  });
});
