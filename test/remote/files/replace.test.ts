import { describe, expect, test } from "vitest";
import { assertExpected } from "../../../src/remote/files/expected.ts";
import { presentFile, sha256 } from "../../../src/remote/files/present.ts";
import { replaceFile, type Written } from "../../../src/remote/files/replace.ts";
import { type Fault, MemoryFiles, type MemoryOptions } from "./memory-files.ts";

const OLD = "the old content, whole";
const NEW = "new content which is longer than the old one was";

async function write(files: MemoryFiles, path: string, content = NEW, parents = false): Promise<Written> {
  const before = await presentFile(files, path);
  return replaceFile(files, { before, content: Buffer.from(content), parents });
}

function withOld(options: MemoryOptions = {}, facts: Parameters<MemoryFiles["put"]>[2] = {}): MemoryFiles {
  const files = new MemoryFiles(options);
  files.put("/d/x", OLD, facts);
  return files;
}

const refusal = (writing: Promise<Written>): Promise<string> =>
  writing.then(
    ({ notes }) => ["written", ...notes].join("; "),
    (error: Error) => error.message,
  );

describe("a file is replaced in one step", () => {
  test("with its mode and owner, and nothing is left beside it", async () => {
    const files = withOld({ uid: 0 }, { mode: 0o640, uid: 33, gid: 34 });
    expect(await write(files, "/d/x")).toMatchObject({ how: "renamed", synced: true, notes: [] });
    expect(files.facts("/d/x")).toMatchObject({ mode: 0o640, uid: 33, gid: 34 });
    expect(files.text("/d/x")).toBe(NEW);
    expect(files.names()).toEqual(["/d/x"]);
  });

  test("also where it was marked read-only, which is said", async () => {
    const files = withOld({}, { mode: 0o444 });
    expect(await write(files, "/d/x")).toMatchObject({
      how: "renamed",
      notes: [expect.stringMatching(/marked read-only \(0444\), and is again/)],
    });
    expect([files.text("/d/x"), files.facts("/d/x").mode]).toEqual([NEW, 0o444]);
  });

  test("what holds its content is never readable by more than the file was", async () => {
    const files = withOld({}, { mode: 0o600 });
    const modes: number[] = [];
    files.fault = (request) => {
      const [, path] = /^write (.*)$/.exec(request) ?? [];
      if (path !== undefined) modes.push(files.facts(path).mode);
      return undefined;
    };
    await write(files, "/d/x");
    expect(modes.length).toBeGreaterThan(3);
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  test("setuid is set again behind the content, which takes it away", async () => {
    const files = withOld({}, { mode: 0o4755 });
    files.meanwhile = {
      behind: "sync",
      act: () => {},
    };
    await write(files, "/d/x");
    expect(files.facts("/d/x").mode).toBe(0o4755);
    const last = files.asked.findLastIndex((request) => request.startsWith("write "));
    expect(files.asked.slice(last).some((request) => request.startsWith("fset "))).toBe(true);
  });

  test("its own temporary name is hidden and never the same", async () => {
    const files = withOld();
    await write(files, "/d/x");
    await write(files, "/d/x", OLD);
    const made = files.asked.filter((request) => request.startsWith("open create "));
    expect(made).toHaveLength(2);
    expect(made[0]).toMatch(/^open create \/d\/\.x\.[\da-f]{16}$/);
    expect(made[1]).not.toBe(made[0]);
  });
});

describe("a file is written in place, and it is said", () => {
  const inode = (files: MemoryFiles) => files.facts("/d/x");

  test("where it has other names", async () => {
    const files = withOld({}, { links: 2 });
    const before = inode(files);
    expect(await write(files, "/d/x")).toMatchObject({
      how: "in_place",
      why: expect.stringMatching(/2 names/),
    });
    expect(inode(files)).toBe(before);
    expect(files.text("/d/x")).toBe(NEW);
  });

  test("where its owner cannot be given to a new file", async () => {
    const files = withOld({ uid: 1000 }, { uid: 0, gid: 0 });
    expect(await write(files, "/d/x", "short")).toMatchObject({
      how: "in_place",
      why: expect.stringMatching(/0:0/),
    });
    expect(inode(files)).toMatchObject({ uid: 0, gid: 0 });
    expect(files.text("/d/x")).toBe("short");
    expect(files.names()).toEqual(["/d/x"]);
  });

  test("where a rename is refused, as of a file that is mounted", async () => {
    const files = withOld();
    files.fault = (request) => (request === "rename /d/x" ? "refused" : undefined);
    const before = inode(files);
    expect(await write(files, "/d/x")).toMatchObject({
      how: "in_place",
      why: expect.stringMatching(/refused to put/),
    });
    expect(inode(files)).toBe(before);
    expect(files.text("/d/x")).toBe(NEW);
    expect(files.names()).toEqual(["/d/x"]);
  });

  test("where its folder takes no new file", async () => {
    const files = withOld();
    files.fault = (request) => (request.startsWith("open create") ? "denied" : undefined);
    expect(await write(files, "/d/x")).toMatchObject({
      how: "in_place",
      why: expect.stringMatching(/beside it/),
    });
    expect(files.text("/d/x")).toBe(NEW);
  });

  test("a link's target is written, and the link stays", async () => {
    const files = withOld();
    files.link("/l", "/d/x");
    const before = await presentFile(files, "/l");
    expect(before).toMatchObject({ path: "/d/x", link: "/l" });
    expect(await replaceFile(files, { before, content: Buffer.from(NEW) })).toMatchObject({ how: "renamed" });
    expect(files.text("/d/x")).toBe(NEW);
    expect(files.nodes.get("/l")).toEqual({ is: "link", target: "/d/x" });
  });

  test("a full disk is met before anything of the file is lost", async () => {
    const files = withOld({}, { links: 2 });
    files.fault = (request) => (request === "write /d/x" ? "no_room" : undefined);
    expect(await refusal(write(files, "/d/x"))).toMatch(/no space left.*is as it was/);
    expect(files.text("/d/x")).toBe(OLD);
  });
});

describe("a new file", () => {
  test("is made whole, with the mode the server's umask leaves", async () => {
    const files = new MemoryFiles();
    expect(await write(files, "/d/new")).toMatchObject({ how: "created", facts: { mode: 0o644 } });
    expect(files.text("/d/new")).toBe(NEW);
    expect(files.names()).toEqual(["/d/new"]);
    expect(files.facts("/d/new").links).toBe(1);
  });

  test("gets its folders if asked, else says how", async () => {
    const files = new MemoryFiles();
    expect(await refusal(write(files, "/d/a/b/new"))).toMatch(/folder of \/d\/a\/b\/new is not there/);
    expect(await write(files, "/d/a/b/new", NEW, true)).toMatchObject({ made: ["/d/a", "/d/a/b"] });
    expect(files.text("/d/a/b/new")).toBe(NEW);
  });

  test("folders made for it go again where it cannot be written", async () => {
    const files = new MemoryFiles();
    files.fault = (request) => (request.startsWith("write ") ? "no_room" : undefined);
    expect(await refusal(write(files, "/d/a/b/new", NEW, true))).toMatch(/no space left/);
    expect([...files.nodes.keys()].sort()).toEqual(["/", "/d"]);
  });

  test.each([true, false])(
    "never takes the place of one that somebody made meanwhile (hard links: %s)",
    async (hardlinks) => {
      const files = new MemoryFiles({ hardlinks });
      files.meanwhile = { behind: "sync", act: () => files.put("/d/new", "theirs") };
      expect(await refusal(write(files, "/d/new"))).toMatch(/made by somebody else/);
      expect(files.text("/d/new")).toBe("theirs");
      expect(files.names()).toEqual(["/d/new"]);
    },
  );
});

describe("a file that somebody else writes meanwhile is left to them", () => {
  test.each([
    ["another size", "theirs", 1000],
    ["the same size, in the second in which it had been written before", "the OLD content, whole", 999],
  ])("%s", async (_, content, mtime) => {
    const files = withOld({}, { mtime: 999 });
    files.meanwhile = { behind: "sync", act: () => files.put("/d/x", content, { mtime }) };
    expect(await refusal(write(files, "/d/x"))).toMatch(/changed by somebody else/);
    expect(files.text("/d/x")).toBe(content);
    expect(files.names()).toEqual(["/d/x"]);
  });

  test("also where it was removed", async () => {
    const files = withOld();
    files.meanwhile = { behind: "sync", act: () => files.nodes.delete("/d/x") };
    expect(await refusal(write(files, "/d/x"))).toMatch(/was removed/);
    expect(files.names()).toEqual([]);
  });
});

test("a call that is given up before the file is replaced leaves it as it was, and nothing beside it", async () => {
  for (const make of [() => withOld(), () => withOld({}, { links: 2 }), () => new MemoryFiles()]) {
    const files = make();
    const was = files.text("/d/x");
    const over = new AbortController();
    const behind = was === undefined ? "sync" : "list";
    files.meanwhile = { behind, act: () => over.abort(new Error("given up")) };
    const before = await presentFile(files, "/d/x");
    const order = { before, content: Buffer.from(NEW), signal: over.signal };
    expect(await refusal(replaceFile(files, order))).toBe("given up");
    expect(files.text("/d/x")).toBe(was);
    expect(files.names()).toEqual(was === undefined ? [] : ["/d/x"]);
  }
});

describe("what is expected of a file", () => {
  const hash = sha256(Buffer.from(OLD));
  test.each([
    ["its mtime", "500", undefined],
    ["its mtime as a result shows it", "1970-01-01T00:08:20Z", undefined],
    ["its hash", hash, undefined],
    ["the beginning of its hash", hash.slice(0, 12), undefined],
    ["another mtime", "501", /mtime is 500/],
    ["another hash", "0".repeat(12), /sha256 is/],
    ["absence", "absent", /it is there/],
    ["something else", "yesterday", /expect is the file's mtime or sha256/],
  ])("%s", async (_, expected, why) => {
    const before = await presentFile(withOld(), "/d/x");
    const look = () => assertExpected(expected, before, "/d/x");
    if (why === undefined) expect(look).not.toThrow();
    else expect(look).toThrow(why);
  });
});

describe("whatever goes wrong at whichever request, the file is the old one or the new one, whole", () => {
  const faults: Fault[] = ["refused", "denied", "no_room", "cut_before", "cut_after"];
  const kinds: [string, MemoryOptions, Parameters<MemoryFiles["put"]>[2] | undefined][] = [
    ["replaced by rename", {}, {}],
    ["a new file", {}, undefined],
    ["a new file, no hard links", { hardlinks: false }, undefined],
    ["without a rename that replaces", { replaces: false }, {}],
    ["in place: other names", {}, { links: 2 }],
    ["in place: another's file", {}, { uid: 0 }],
  ];

  test.each(kinds)("%s", async (kind, options, facts) => {
    const make = () => (facts === undefined ? new MemoryFiles(options) : withOld(options, facts));
    const smooth = make();
    await write(smooth, "/d/x");
    const requests = smooth.asked.length;
    expect(requests).toBeGreaterThan(8);
    let failed = 0;
    for (const fault of faults)
      for (let index = 0; index < requests; index++) {
        const files = make();
        files.fault = (_, at) => (at === index ? fault : undefined);
        const why = await refusal(write(files, "/d/x"));
        const request = files.asked[index];
        const at = `${fault} at ${index} (${request}): ${why}`;
        files.mend();
        const content = files.text("/d/x");
        const left = files.names().filter((name) => name !== "/d/x");
        const mixed = /may hold parts of both/.test(why);
        const aside = /old content is then in (\S+?);? /.exec(`${why} `)?.[1]?.replace(/;$/, "");
        const whole = content === NEW || content === (facts === undefined ? undefined : OLD);
        if (!why.startsWith("written")) failed++;
        // A write in place that the link does not outlive is the one that may be cut; it is said.
        if (mixed) expect(fault.startsWith("cut") && kind.startsWith("in place"), at).toBe(true);
        else if (content === undefined && aside !== undefined && facts !== undefined)
          expect(files.text(aside), at).toBe(OLD);
        else expect(whole, at).toBe(true);
        if (why.startsWith("written")) expect(content, at).toBe(NEW);
        // What is left of ours is named.
        for (const name of left) expect(why, `${at}, left ${name}`).toContain(name);
        if (!fault.startsWith("cut") && !why.startsWith("written") && !/may be left/.test(why))
          expect(left, at).toEqual([]);
      }
    expect(failed).toBeGreaterThan(requests);
  });
});
