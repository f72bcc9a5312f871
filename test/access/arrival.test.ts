import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { Arrivals } from "../../src/access/arrivals.ts";
import { type AuditLog, openAuditLog } from "../../src/audit/log.ts";
import type { Reply } from "../../src/multiplexer/types.ts";
import { closeSession } from "../../src/tools/acts/close.ts";
import { openSession } from "../../src/tools/acts/open.ts";
import { runCommand } from "../../src/tools/acts/run.ts";
import { typeInto } from "../../src/tools/acts/type.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { callerNamed } from "../multiplexer/permitted.ts";
import { hostWith } from "../tools/fake.ts";
import { entriesOf } from "./entries.ts";

let folder: string;
let audit: AuditLog;
let path: string;

beforeAll(warmUp);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-arrival-"));
  path = join(folder, "audit.jsonl");
  audit = openAuditLog(path, () => 0);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Options {
  readonly opened?: boolean;
  /** Milliseconds until the inventory answers; 0: at once. */
  readonly slow?: number;
  readonly dialMs?: number;
}

/** What a call came to: how it ended, or the code and sentence of its refusal. */
interface Came {
  readonly error?: string;
  readonly said: string;
  readonly reply?: Reply;
}

/** A session behind the real gate, whose inventory takes its time. */
async function guarded({ opened = true, slow = 0, dialMs = 0 }: Options = {}) {
  const rig = fleet({ dialMs });
  const { multiplexer, clock } = rig;
  let slowMs = 0;
  const directory = {
    async resolve() {
      if (slowMs > 0) await new Promise<void>((resolve) => void clock.after(slowMs, resolve));
      return hostWith([]);
    },
  };
  const access = createAccess({ directory, audit, clock });
  const context = (id: string, signal?: AbortSignal) => ({
    multiplexer,
    access,
    clock,
    caller: callerNamed(id, signal),
  });
  const told = (call: Promise<Reply>): Promise<Came> =>
    call.then(
      (reply) => ({ said: reply.outcome.notes.join("\n"), reply }),
      (error: unknown) => {
        const { code = "thrown", message = String(error) } = error as { code?: string; message?: string };
        return { error: code, said: message };
      },
    );
  const run = (command: string, by = "a", timeoutMs = 1000, signal?: AbortSignal) =>
    told(runCommand(context(by, signal), { session: "fake", command }, { timeoutMs }));
  const type = (input: { keys?: string; text?: string; enter?: boolean }, by = "a", timeoutMs = 1000) =>
    told(typeInto(context(by), { session: "fake", ...input }, { timeoutMs }));
  if (opened) await rig.drive(run("true"));
  slowMs = slow;
  const all = <T extends readonly Promise<Came>[]>(...calls: T) => rig.drive(Promise.all(calls));
  return { ...rig, context, access, run, type, all, shell: () => rig.shells[0] };
}

const hangs = (session: Awaited<ReturnType<typeof guarded>>, command: string) =>
  session.shell()?.scripts.set(command, () => {});

describe("an interrupt behind a command, in one burst", () => {
  it("withdraws the command that is not typed yet, and both results say so", async () => {
    const session = await guarded({ slow: 50 });
    const [ran, stopped] = await session.all(session.run("sleep 9"), session.type({ keys: "<C-c>" }));
    expect(ran).toMatchObject({ error: "not_ready", said: expect.stringMatching(/`sleep 9`.*NOT run/) });
    expect(stopped.said).toMatch(/`sleep 9` came before this key.*NOT run/);
    await session.clock.pass(5000);
    expect(session.shell()?.ran).toEqual(["true"]);
  });

  it("does so for every act that came before it, and for none that comes behind", async () => {
    const session = await guarded({ slow: 50 });
    const [one, two, stopped, three] = await session.all(
      session.run("echo one"),
      session.type({ text: "hunter2", enter: true }, "b"),
      session.type({ keys: "<C-c>" }, "b"),
      session.run("echo three", "b"),
    );
    expect([one.error, two.error, three.error]).toEqual(["not_ready", "not_ready", undefined]);
    expect(stopped.said).toMatch(/`echo one`, another caller's, came before.*a text of 7 characters came/s);
    expect(stopped.said).not.toContain("hunter2");
    expect(session.shell()?.ran).toEqual(["true", "echo three"]);
  });

  it("is sent though the inventory never answers", async () => {
    const session = await guarded({ slow: 3_600_000 });
    const running = session.run("echo one");
    const [stopped] = await session.all(session.type({ keys: "<C-c>" }));
    expect(stopped.reply?.outcome.state).toBe("done");
    expect((await running).error).toBe("not_ready");
  });

  it("keeps a session from running what waits for it to open", async () => {
    const session = await guarded({ opened: false, dialMs: 500 });
    const ran = session.run("sleep 9");
    await session.clock.pass(100);
    const [stopped] = await session.all(session.type({ keys: "<C-c>" }, "b"));
    expect(stopped.error).toBeUndefined();
    expect(stopped.said).toMatch(/still being opened.*NOT sent.*`sleep 9`.*NOT run/s);
    expect(await session.drive(ran)).toMatchObject({
      error: "not_ready",
      said: expect.stringMatching(/NOT run/),
    });
    await session.clock.pass(5000);
    expect(session.shell()?.ran).toEqual([]);
  });

  it("tells what it withdrew where there is no session yet", async () => {
    const session = await guarded({ opened: false });
    const [ran, stopped] = await session.all(session.run("sleep 9"), session.type({ keys: "<C-c>" }));
    expect(ran.error).toBe("not_ready");
    expect(stopped).toMatchObject({
      error: "unknown_session",
      said: expect.stringMatching(/`sleep 9`.*NOT run/),
    });
    await session.clock.pass(5000);
    expect(session.shells).toEqual([]);
  });
});

describe("a text behind a command that is still to be typed", () => {
  it("is decided on by what the session is once that is typed: a secret stays out of the log", async () => {
    const session = await guarded({ slow: 5 });
    session.shell()?.scripts.set("read -s x", () => {
      const shell = session.shell();
      if (shell) shell.echoes = false;
    });
    await session.all(session.run("read -s x", "a", 50), session.type({ text: "hunter2", enter: true }));
    expect(await readFile(path, "utf8")).not.toContain("hunter2");
  });

  it("stays out of the log where its turn never comes", async () => {
    const session = await guarded({ slow: 60_000 });
    const first = session.run("echo one", "a", 60_000);
    const [typed] = await session.all(session.type({ text: "hunter2", enter: true }, "a", 100));
    expect(typed).toMatchObject({ error: "busy", said: expect.stringMatching(/`echo one`.*nothing of it/) });
    expect((await session.drive(first)).error).toBe("inventory_invalid");
    expect(await readFile(path, "utf8")).not.toContain("hunter2");
    expect((await entriesOf(path)).find(({ verb }) => verb === "type")).toMatchObject({
      event: "refused",
      session: "fake",
      text: "[unrecorded, 7 chars]",
      code: "busy",
    });
  });

  it("answers no question that another caller's act made meanwhile", async () => {
    const session = await guarded({ slow: 5 });
    hangs(session, "ask me");
    const [, typed] = await session.all(
      session.type({ text: "ask me", enter: true }, "a", 100),
      session.type({ text: "y", enter: true }, "b"),
    );
    expect(typed).toMatchObject({ error: "not_ready", said: expect.stringMatching(/nothing was sent/) });
  });
});

describe("several texts of one caller in one burst", () => {
  it("are typed in the order in which they came", async () => {
    const session = await guarded({ slow: 5 });
    const pieces = ["echo ", "one ", "two ", "three"];
    await session.all(
      ...pieces.map((text) => session.type({ text }, "a", 50)),
      session.type({ keys: "<Enter>" }),
    );
    expect(session.shell()?.ran).toEqual(["true", "echo one two three"]);
  });
});

describe("a call that waits for its turn", () => {
  it("is withdrawn when its caller gives it up, and the next one goes on", async () => {
    const session = await guarded({ slow: 200 });
    const leaves = new AbortController();
    const first = session.run("echo one");
    const second = session.run("echo two", "a", 1000, leaves.signal);
    const third = session.run("echo three");
    const fourth = session.run("echo four", "b");
    await session.clock.pass(50);
    leaves.abort();
    expect(await second).toMatchObject({
      error: "not_ready",
      said: expect.stringMatching(/given up.*NOT run/),
    });
    const [, behind] = await session.all(first, third, fourth);
    expect(behind).toMatchObject({
      error: "not_ready",
      said: expect.stringMatching(/`echo two`.*was refused/),
    });
    expect(session.shell()?.ran).toEqual(["true", "echo one", "echo four"]);
  });

  it("is refused when its session closes, and when it was opened anew", async () => {
    const session = await guarded({ slow: 200 });
    const first = session.run("echo one");
    const second = session.run("echo two");
    const third = session.type({ text: "rm -rf x", enter: true }, "b");
    await session.drive(closeSession(session.context("b"), "fake"));
    const reopened = session.drive(openSession(session.context("b"), { host: "fake" }, { timeoutMs: 1000 }));
    const came = await session.all(first, second, third);
    await reopened;
    for (const { error } of came) expect(["session_closed", "not_ready"]).toContain(error);
    await session.clock.pass(5000);
    expect(session.shells.flatMap(({ ran }) => ran)).toEqual(["true"]);
  });

  it("is one of a hundred at most; those beyond are refused at once", async () => {
    const session = await guarded({ slow: 300 });
    hangs(session, "sleep 9");
    const calls = Array.from({ length: 300 }, (_, at) =>
      session.run(at === 0 ? "sleep 9" : `echo ${at}`, "a", 100),
    );
    const beyond = await calls[299];
    expect(beyond).toMatchObject({ error: "busy", said: expect.stringMatching(/100 calls wait.*NOT run/) });
    const came = await session.all(...calls);
    expect(came.filter(({ error }) => error === undefined)).toHaveLength(1);
    expect(session.shell()?.ran).toEqual(["true", "sleep 9"]);
  });
});

describe("the order of arrival", () => {
  const arrival = (session: string) => ({
    caller: callerNamed("a"),
    session,
    draft: { verb: "close" } as const,
    facts: () => undefined,
  });

  it("keeps nothing of an act that has left, however it ended", async () => {
    const arrivals = new Arrivals();
    const places = Array.from({ length: 50 }, (_, at) => arrivals.arrive(arrival(`s${at % 3}`)));
    const stopped = arrivals.interrupt(arrival("s1"));
    expect(arrivals.size).toBeGreaterThan(30);
    for (const place of places.reverse()) place.leave();
    stopped.leave();
    expect(arrivals.size).toBe(0);
  });

  it("lets one session's line wait without the other's", async () => {
    const arrivals = new Arrivals();
    arrivals.arrive(arrival("one"));
    expect(await arrivals.arrive(arrival("two")).turn({ timeoutMs: 1 })).toBe(false);
  });
});
