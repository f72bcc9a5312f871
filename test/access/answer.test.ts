import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import type { AuditEvent } from "../../src/audit/log.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { AGENT, fakeDesk, hostWith, outcomeOf } from "../tools/fake.ts";

beforeAll(async () => {
  await warmUp();
  await import("../../src/desk/dispatch.ts");
});

/** A framed shell behind the real gate, by the tools' names. */
async function shell() {
  const rig = fleet();
  const { multiplexer, clock } = rig;
  const log: AuditEvent[] = [];
  const audit = { record: (event: AuditEvent) => void log.push(event), close: () => {} };
  const access = createAccess({ directory: { resolve: async () => hostWith([]) }, audit, clock });
  const desk = createDesk({ workspace: async () => ({ multiplexer, access, clock }), report: () => {} });
  const call = async (tool: string, args: object) =>
    (await rig.drive(desk.call(AGENT, tool, { session: "fake", timeout_s: 2, ...args }))).text;
  await call("ssh_shell", { command: "true" });
  const [far] = rig.shells;
  if (far === undefined) throw new Error("no shell was opened");
  far.scripts.set("ask", (running) => running.print("Proceed? [y/N] "));
  return { call, far, log };
}

describe("an answer that comes when nothing asks", () => {
  it.each([{ text: "hunter2", enter: true }, { keys: "hunter2<Enter>" }])(
    "is refused at a prompt that the shell marks, and neither runs nor is recorded: %j",
    async (typed) => {
      const { call, far, log } = await shell();
      const text = await call("ssh_send", typed);
      expect(text).toMatch(
        /^not_ready: nothing asks in session fake: .*; nothing was sent\nNext: ssh_shell runs/,
      );
      expect(far.ran).toEqual(["true"]);
      expect(log.find(({ event }) => event === "refused")).toMatchObject({ verb: "type", code: "not_ready" });
      expect(JSON.stringify(log)).not.toContain("hunter2");
    },
  );

  it("is typed at the prompt where its caller says that one is there", async () => {
    const { call, far } = await shell();
    expect(await call("ssh_send", { text: "echo here", enter: true, here: "prompt" })).toMatch(/done exit=0/);
    expect(far.ran).toEqual(["true", "echo here"]);
  });

  it("goes where only a row looks like a prompt, and is named", async () => {
    const { call, calls } = fakeDesk({
      transcript: "",
      commands: [],
      outcome: outcomeOf({ state: "done", evidence: "prompt" }),
      facts: { state: "prompt", promptBy: "prompt" },
    });
    const { text } = await call("ssh_send", { session: "web1", text: "yes", enter: true });
    expect(text).toMatch(/note: nothing was known to ask there: .* ran as a command if it is one/);
    expect(calls.map(({ verb }) => verb)).toEqual(["send"]);
  });
});

describe("an answer to what acts on a single key", () => {
  const asking = (more: object = {}) =>
    fakeDesk({
      transcript: "",
      commands: [],
      outcome: outcomeOf({ state: "done", evidence: "prompt" }),
      facts: {
        state: "asking",
        asked: "confirm",
        submit: "key",
        row: "Proceed with reload? [confirm]",
        command: 7,
        ...more,
      },
    });
  const sent = (verbs: readonly { verb: string }[]) => verbs.filter(({ verb }) => verb === "send").length;

  it.each([{ text: "y", enter: true }, { keys: "y<Enter>" }, { keys: "<Space><Enter>" }, { text: "y\nn\n" }])(
    "is refused with an Enter behind it, and nothing is sent: %j",
    async (typed) => {
      const { call, calls } = asking();
      const { text } = await call("ssh_send", { session: "web1", ...typed });
      expect(text).toMatch(
        /^not_ready: #7 asks: Proceed with reload\? \[confirm\]; that acts on a single key,/,
      );
      expect(text).toMatch(
        /the Enter behind it would go to whatever comes next; nothing was sent\nNext: Send the key alone/,
      );
      expect(sent(calls)).toBe(0);
    },
  );

  it.each([{ text: "y" }, { keys: "<Enter>" }, { text: "", enter: true }])(
    "goes without one, and Enter alone goes: %j",
    async (typed) => {
      const { call, calls } = asking();
      await call("ssh_send", { session: "web1", ...typed });
      expect(sent(calls)).toBe(1);
    },
  );

  it.each([{ submit: "line" }, { submit: undefined }, { asked: "pager", row: "--More--" }])(
    "goes with an Enter where a line is read, and at a pager: %j",
    async (more) => {
      const { call, calls } = asking(more);
      await call("ssh_send", { session: "web1", text: "/word", enter: true });
      expect(sent(calls)).toBe(1);
    },
  );
});

describe("keys at a prompt that are no answer", () => {
  it("go: a line entered in a call of its own, an Enter alone", async () => {
    const { call, far } = await shell();
    await call("ssh_send", { text: "echo ", timeout_s: 0.1 });
    await call("ssh_send", { text: "two", timeout_s: 0.1 });
    expect(await call("ssh_send", { keys: "<Enter>" })).toMatch(/done exit=0/);
    expect(await call("ssh_send", { keys: "<Enter>" })).toMatch(/done/);
    expect(far.ran).toEqual(["true", "echo two", ""]);
  });
});

describe("an answer that is bound to a command", () => {
  it("is typed where that command asks", async () => {
    const { call, far } = await shell();
    expect(await call("ssh_shell", { command: "ask" })).toMatch(/#2 asking/);
    await call("ssh_send", { text: "y", enter: true, answer_to: 2, timeout_s: 0.1 });
    expect(far.writes.at(-1)).toBe("y\r");
  });

  it.each([
    [
      "another command asks",
      { answer_to: 1 },
      /answer_to: 1 was given, and #2 asks: Proceed\? \[y\/N\]; nothing was sent/,
    ],
    ["a prompt is claimed", { here: "prompt" }, /here: "prompt" was given, and #2 asks: Proceed\?/],
  ])("is refused where %s", async (_what, more, said) => {
    const { call, far } = await shell();
    await call("ssh_shell", { command: "ask" });
    expect(await call("ssh_send", { text: "y", enter: true, ...more })).toMatch(said);
    expect(far.writes.at(-1)).not.toContain("y\r");
  });

  it("is refused where nothing asks any more, whatever the keys", async () => {
    const { call, far } = await shell();
    expect(await call("ssh_send", { keys: "y", answer_to: 1 })).toMatch(
      /the shell is at its prompt: nothing asks/,
    );
    expect(far.ran).toEqual(["true"]);
  });
});
