import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { Approvals } from "../../src/approval/approvals.ts";
import { Board, ORDER_MS, type Waiting } from "../../src/approval/board.ts";
import type { Order } from "../../src/approval/order.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Action, SessionFacts, Target } from "../../src/base/contract/action.ts";
import { Guard } from "../../src/policy/guard.ts";
import { aHost, UNRESTRICTED } from "../a-host.ts";
import { seeded } from "../seeds/random.ts";
import { AGENT } from "../tools/fake.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-hostile-"));
  folders.push(folder);
  return folder;
}

const order = (change: Partial<Order> = {}): Order => ({
  key: "k1",
  host: "web1",
  address: "jo@192.0.2.1:22",
  what: "run",
  text: "reboot",
  risk: "disruptive",
  reasons: ["guarded: reboot: restarts the machine (disruptive)"],
  ...change,
});

const yes = (at = 0) => ({ yes: true, by: "jo at a terminal", at, key: "k1" });

describe("a folder that is not its user's own is nobody's word", () => {
  it("as a link to another folder", async () => {
    const [folder, elsewhere] = [scratch(), scratch()];
    mkdirSync(join(elsewhere, "approvals"));
    symlinkSync(join(elsewhere, "approvals"), join(folder, "approvals"));
    const board = new Board(folder, () => 0);
    await expect(board.post(order())).rejects.toMatchObject({ code: "denied" });
    await expect(board.take("k1")).rejects.toMatchObject({ code: "denied" });
    await expect(board.waiting()).rejects.toMatchObject({ message: expect.stringContaining("link") });
    expect(readdirSync(join(elsewhere, "approvals"))).toEqual([]);
  });

  it("where others may write into it", async () => {
    const folder = scratch();
    const board = new Board(folder, () => 0);
    await board.post(order());
    chmodSync(join(folder, "approvals"), 0o777);
    await expect(board.take("k1")).rejects.toMatchObject({ message: expect.stringContaining("777") });
  });

  it.skipIf(process.getuid?.() !== 0)("where it is another user's", async () => {
    const folder = scratch();
    const board = new Board(folder, () => 0);
    await board.post(order());
    chownSync(join(folder, "approvals"), 65_534, 65_534);
    await expect(board.waiting()).rejects.toMatchObject({ code: "denied" });
  });
});

describe("what lies in the folder and is no answer approves nothing", () => {
  const forms: readonly (readonly [string, (waiting: Waiting) => unknown])[] = [
    ["text", () => "yes"],
    ["a list", () => [true]],
    ["a yes that is a word", (one) => ({ ...yes(), yes: "true", askedAt: one.askedAt })],
    ["one of no order", (one) => ({ ...yes(), key: "k2", askedAt: one.askedAt })],
    ["one without its order's time", () => yes()],
    ["one of an earlier order", (one) => ({ ...yes(), askedAt: one.askedAt - 1 })],
    ["one from before it was asked for", (one) => ({ ...yes(-5_000), askedAt: one.askedAt })],
    ["one from the future", (one) => ({ ...yes(60_000), askedAt: one.askedAt })],
    ["one with more in it", (one) => ({ ...yes(), askedAt: one.askedAt, also: "k2" })],
    ["one of no time", (one) => ({ ...yes(), at: null, askedAt: one.askedAt })],
  ];
  it.each(forms)("%s", async (_what, form) => {
    const folder = scratch();
    const board = new Board(folder, () => 1_000);
    const waiting = await board.post(order());
    const text = JSON.stringify(form(waiting));
    writeFileSync(join(folder, "approvals", `${waiting.id}.answer.json`), text, { mode: 0o600 });
    expect(await board.take("k1")).toBeUndefined();
  });

  it("a file that is no order is none, and hides no other", async () => {
    const folder = scratch();
    const board = new Board(folder, () => 0);
    const { id } = await board.post(order());
    const at = (name: string) => join(folder, "approvals", name);
    writeFileSync(at("ABCDE.order.json"), "{", { mode: 0o600 });
    writeFileSync(
      at("ABCDF.order.json"),
      JSON.stringify({ ...order(), id: "ABCDF", askedAt: 0, reasons: 1 }),
      {
        mode: 0o600,
      },
    );
    copyFileSync(at(`${id}.order.json`), at("ABCDG.order.json"));
    expect((await board.waiting()).map((one) => one.id)).toEqual([id]);
    expect(await board.find("ABCDF")).toBeUndefined();
  });

  it("an answer that is put back after it was used is for an order that is gone", async () => {
    const folder = scratch();
    const board = new Board(folder, () => 0);
    const { id } = await board.post(order());
    await board.give(id, yes());
    const at = (name: string) => join(folder, "approvals", name);
    copyFileSync(at(`${id}.answer.json`), join(folder, "kept"));
    expect(await board.take("k1")).toMatchObject({ yes: true });
    renameSync(join(folder, "kept"), at(`${id}.answer.json`));
    expect(await board.take("k1")).toBeUndefined();
  });

  it("an answer that comes when the order is over is none", async () => {
    let now = 0;
    const board = new Board(scratch(), () => now);
    const { id } = await board.post(order());
    now = ORDER_MS + 1;
    await board.give(id, yes(now));
    expect(await board.take("k1")).toBeUndefined();
  });
});

/** A server of its own over the same folder, and what it carried out. */
function serverOver(folder: string, facts: () => SessionFacts, stepMs = 7_000) {
  const policy = { ...UNRESTRICTED, level: "guarded" as const };
  const access = createAccess({
    directory: { resolve: async () => aHost({ policy }), outdated: undefined },
    guard: new Guard(async () => undefined, systemClock),
    approvals: new Approvals({
      board: new Board(folder, () => systemClock.wallTime()),
      clock: { ...systemClock, after: (_ms, call) => systemClock.after(1, call), now: counting(stepMs) },
    }),
  });
  const done: Action[] = [];
  const pass = (action: Action) => {
    const terminal = { facts, echo: async () => "on" as const, end: 0, text: async () => ({ lines: [] }) };
    const host = { name: "web1", address: "jo@192.0.2.1:22", platform: "posix", policy };
    const target: Target = { host, session: facts(), terminal };
    return access.pass(AGENT, action, target, async () => {
      done.push(action);
    });
  };
  return { pass, done };
}

/** Time goes on by looking at it: a wait of 20 s is over after a few looks. */
function counting(stepMs: number): () => number {
  let now = 0;
  return () => {
    now += stepMs;
    return now;
  };
}

const run = (command: string): Action => ({
  verb: "run",
  command,
  lines: [{ text: command, why: "command" }],
});

const PROMPT: SessionFacts = {
  name: "web1",
  life: 1,
  state: "prompt",
  promptBy: "sentinel",
  level: 1,
  given: 3,
};

const approve = async (folder: string, text?: string) => {
  const board = new Board(folder, () => systemClock.wallTime());
  const one = (await board.waiting()).find((waiting) => text === undefined || waiting.text === text);
  if (one === undefined) throw new Error("nothing waits");
  await board.give(one.id, { ...yes(systemClock.wallTime()), key: one.key });
};

describe("an approval", () => {
  it("is used by one of two servers that ask for the very same", async () => {
    const folder = scratch();
    const servers = [serverOver(folder, () => PROMPT), serverOver(folder, () => PROMPT)];
    for (const { pass } of servers)
      await expect(pass(run("reboot"))).rejects.toMatchObject({ code: /needed/ });
    await approve(folder);
    await Promise.allSettled(servers.map(({ pass }) => pass(run("reboot"))));
    expect(servers.flatMap(({ done }) => done)).toEqual([run("reboot")]);
  });

  it("is worth nothing once the session was given something else", async () => {
    const folder = scratch();
    let facts = PROMPT;
    const { pass, done } = serverOver(folder, () => facts);
    await pass(run("rm -rf ./*")).catch(() => {});
    await approve(folder);
    facts = { ...PROMPT, given: 4 };
    await expect(pass(run("rm -rf ./*"))).rejects.toMatchObject({ code: "approval_needed" });
    expect(done).toEqual([]);
  });

  it("that comes while the session goes on runs nothing", async () => {
    const folder = scratch();
    let facts = PROMPT;
    const { pass, done } = serverOver(folder, () => facts, 1);
    await pass(run("reboot")).catch(() => {});
    const again = pass(run("reboot"));
    facts = { ...PROMPT, life: 2, given: undefined } as unknown as SessionFacts;
    await approve(folder);
    await expect(again).rejects.toMatchObject({ code: "not_ready" });
    expect(done).toEqual([]);
  });

  it("of an answer is for its question", async () => {
    const folder = scratch();
    let facts: SessionFacts = { ...PROMPT, state: "asking", command: 3, asked: "shell", row: "# " };
    const { pass, done } = serverOver(folder, () => facts);
    const answer: Action = {
      verb: "type",
      how: "text",
      shown: "reboot",
      bytes: Buffer.from("reboot\r"),
      enters: { lines: ["reboot"], unknown: false },
    };
    await pass(answer).catch(() => {});
    await approve(folder);
    facts = { ...facts, row: "other# " };
    await expect(pass(answer)).rejects.toMatchObject({ code: "approval_needed" });
    expect(done).toEqual([]);
  });

  it("of an upload is for the content that was there, and for no other of that name", async () => {
    const folder = scratch();
    const { pass, done } = serverOver(folder, () => PROMPT);
    let sha256 = "a".repeat(64);
    const upload: Action = {
      verb: "file",
      op: "upload",
      path: "/etc/nginx/nginx.conf",
      to: "/home/jo/nginx.conf",
      digest: async () => ({ sha256, files: 1, bytes: 12 }),
    };
    await pass(upload).catch(() => {});
    expect((await new Board(folder, () => systemClock.wallTime()).waiting())[0]?.text).toContain(sha256);
    await approve(folder);
    sha256 = "b".repeat(64);
    await expect(pass(upload)).rejects.toMatchObject({ code: "approval_needed" });
    sha256 = "a".repeat(64);
    await pass(upload);
    await expect(pass(upload)).rejects.toMatchObject({ code: "approval_needed" });
    expect(done).toHaveLength(1);
  });

  it("runs exactly those bytes exactly once, whatever else is asked for (at random)", async () => {
    const random = seeded(20_260);
    const folder = scratch();
    const texts = ["reboot", "reboot ", "reboot;ls", "rm -rf x", "rm -rf x\u00a0", "halt", "rm -rf  x"];
    const { pass, done } = serverOver(folder, () => PROMPT);
    const approved: string[] = [];
    for (let step = 0; step < 60; step++) {
      const text = texts[Math.floor(random() * texts.length)] ?? "";
      const before = done.length;
      const waiting = await new Board(folder, () => systemClock.wallTime()).waiting();
      if (random() < 0.4 && waiting.some((one) => one.text === text)) {
        if (approved.includes(text)) continue;
        await approve(folder, text);
        approved.push(text);
        continue;
      }
      const may = approved.indexOf(text);
      await pass(run(text)).catch(() => {});
      expect(done.length - before, text).toBe(may < 0 ? 0 : 1);
      if (may < 0) continue;
      expect(done.at(-1)).toEqual(run(text));
      approved.splice(may, 1);
    }
    expect(done.length).toBeGreaterThan(5);
  });
});
