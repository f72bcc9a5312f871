import { beforeAll, describe, expect, it } from "vitest";
import type { Action, SessionFacts } from "../../src/base/contract/action.ts";
import { FRAMINGS, type Rig, rigOf, warmUp } from "../contract/rig.ts";
import { caller, permit } from "../permits.ts";

beforeAll(warmUp);

const BRIEFLY = { timeoutMs: 500 };
const line = (text: string) => ({ text, why: "command" as const });
const toRun = (command: string): Action => ({ verb: "run", command, lines: [line(command)] });
const toType = (text: string): Action => ({
  verb: "type",
  how: "text",
  shown: text,
  bytes: Buffer.from(text),
});

/** Where the session is: what an order that is decided on now is bound to. */
function now(rig: Rig): SessionFacts {
  const { session } = rig.mux.target("box");
  if (session === undefined) throw new Error("there is no session");
  return session;
}

/** Carries an order out that was decided on earlier. */
function run(rig: Rig, command: string, at: SessionFacts, mode?: string) {
  const order = { text: command, ...(mode === undefined ? {} : { mode }) };
  return rig.till(rig.multiplexer.run("box", order, permit(toRun(command), at), caller(), BRIEFLY));
}

function type(rig: Rig, text: string, at: SessionFacts) {
  const bytes = Buffer.from(text);
  return rig.till(rig.multiplexer.send("box", bytes, permit(toType(text), at), caller(), BRIEFLY));
}

/** Another shell under the same name. */
async function reopen(rig: Rig): Promise<void> {
  await rig.till(rig.close("a"));
  await rig.till(rig.open("a"));
}

describe.each(FRAMINGS)("what was decided on (%s)", (framing) => {
  it("is done where nothing has changed, so that the refusals below say something", async () => {
    const rig = await rigOf(framing);
    expect((await run(rig, "say hello", now(rig))).outcome).toMatchObject({ state: "done" });
    await rig.end();
  });

  it("is not run in another shell that was opened under the name since", async () => {
    const rig = await rigOf(framing);
    const at = now(rig);
    await reopen(rig);
    const mark = rig.mark();
    await expect(run(rig, "say hello", at)).rejects.toMatchObject({
      code: "not_ready",
      message: expect.stringMatching(/closed and opened anew.*nothing was sent/),
    });
    expect(rig.written(mark)).toBe("");
    await rig.end();
  });

  it("is not typed into another shell either, nor does an interrupt reach its command", async () => {
    const rig = await rigOf(framing);
    await rig.till(rig.run("a", "slow", BRIEFLY));
    const at = now(rig);
    await reopen(rig);
    await rig.till(rig.run("a", "slow", BRIEFLY));
    const mark = rig.mark();
    await expect(type(rig, "y", at)).rejects.toMatchObject({ code: "not_ready" });
    const key = Buffer.from("\u0003");
    const leave = permit({ verb: "interrupt", bytes: key }, at);
    await expect(rig.multiplexer.send("box", key, leave, caller(), BRIEFLY)).rejects.toMatchObject({
      code: "not_ready",
    });
    expect(rig.written(mark)).toBe("");
    await rig.end();
  });

  it("is typed into what runs, but into no other command that runs by now", async () => {
    const rig = await rigOf(framing);
    await rig.till(rig.run("a", "slow", BRIEFLY));
    const at = now(rig);
    rig.far.finish();
    await rig.pass(2000);
    await rig.till(rig.run("a", "slow", BRIEFLY));
    const mark = rig.mark();
    await expect(type(rig, "y", at)).rejects.toMatchObject({
      code: "not_ready",
      message: expect.stringMatching(/was running #1.* is running #2/),
    });
    expect(rig.written(mark)).toBe("");
    await rig.end();
  });

  it("for a question is not typed at the prompt behind it", async () => {
    const rig = await rigOf(framing);
    await rig.till(rig.run("a", "confirm", { timeoutMs: 3000 }));
    const at = now(rig);
    expect(at).toMatchObject({ state: "asking" });
    await rig.till(rig.keys("b", "<C-c>"));
    const mark = rig.mark();
    await expect(type(rig, "y", at)).rejects.toMatchObject({ code: "not_ready" });
    expect(rig.written(mark)).toBe("");
    await rig.end();
  });

  it("interrupts and sets a size in one call: the key goes out once", async () => {
    const rig = await rigOf(framing);
    await rig.till(rig.run("a", "slow", BRIEFLY));
    const before = rig.putLog().length;
    const reply = await rig.till(rig.mux.send({ session: "box", keys: "<C-c>", cols: 100 }));
    expect(reply.outcome).toMatchObject({ state: "done", command: 1 });
    expect(rig.facts().size).toMatch(/^100x/);
    const puts = rig.putLog().slice(before);
    expect(puts.map(({ permit, bytes }) => [permit.verb, String(bytes)])).toEqual([["type", "\u0003"]]);
    await rig.end();
  });

  it("with leave to interrupt types nothing but the interrupt key", async () => {
    const rig = await rigOf(framing);
    const leave = permit({ verb: "interrupt", bytes: Buffer.from("\u0003") }, now(rig));
    const mark = rig.mark();
    for (const text of ["reload\r", "y", "\u0003reload\r", "\u001a"])
      await expect(
        rig.multiplexer.send("box", Buffer.from(text), leave, caller(), BRIEFLY),
      ).rejects.toMatchObject({ code: "not_ready" });
    await expect(
      rig.till(rig.multiplexer.run("box", { text: "reload" }, leave, caller(), BRIEFLY)),
    ).rejects.toMatchObject({ code: "internal" });
    expect(rig.written(mark)).toBe("");
    await rig.end();
  });
});

describe("what was decided on in one mode of a device", () => {
  it("is not run in another: the same words mean something else there", async () => {
    const rig = await rigOf("device");
    const at = now(rig);
    await rig.till(rig.run("a", "say there", { mode: "config" }));
    const mark = rig.mark();
    await expect(run(rig, "say hello", at)).rejects.toMatchObject({
      code: "not_ready",
      message: expect.stringMatching(/was prompt in mode exec and is prompt in mode config/),
    });
    await expect(type(rig, "reload", at)).rejects.toMatchObject({ code: "not_ready" });
    expect(rig.written(mark)).toBe("");
    await rig.end();
  });
});

describe("what was decided on in a nested shell", () => {
  const inside: SessionFacts = { name: "box", life: 1, state: "prompt", level: 2 };

  it("is not run in the shell around it", async () => {
    const rig = await rigOf("shell");
    const mark = rig.mark();
    await expect(run(rig, "say hello", inside)).rejects.toMatchObject({
      code: "not_ready",
      message: expect.stringMatching(/was prompt at level 2 and is prompt;/),
    });
    await expect(type(rig, "y", inside)).rejects.toMatchObject({ code: "not_ready" });
    expect(rig.written(mark)).toBe("");
    await rig.end();
  });
});
