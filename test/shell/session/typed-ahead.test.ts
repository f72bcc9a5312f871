import { beforeAll, describe, expect, it } from "vitest";
import { fleet, warmUp } from "../../multiplexer/fake-fleet.ts";
import { bench } from "../cli/fake-device.ts";

beforeAll(warmUp);

/** A shell that has not shown its prompt yet. */
async function starting() {
  const rig = fleet({ shell: { silent: true } });
  await rig.drive(rig.mux.connect({ host: "fake", timeoutMs: 100 }));
  const [shell] = rig.shells;
  if (!shell) throw new Error("no shell was opened");
  const type = (text: string) =>
    rig.drive(rig.mux.send({ session: "fake", text, timeoutMs: 100 })).then(() => undefined);
  const run = (command: string) => rig.drive(rig.mux.shell({ session: "fake", command }));
  return { ...rig, shell, type, run };
}

/** What of a write says what it is. */
const heads = (writes: readonly string[]) => writes.map((write) => write.slice(0, 9));

describe("text sent before the first prompt", () => {
  it("is not run together with the set-up line of a shell", async () => {
    const { shell, type, run, clock } = await starting();
    await type("rm -rf x ");
    shell.print(`\r\n${shell.prompt}`);
    await clock.pass(1000);
    expect(heads(shell.writes).slice(0, 3)).toEqual(["rm -rf x ", "\u0015", " \\stty cb"]);
    const { outcome } = await run("echo fine");
    expect(outcome).toMatchObject({ state: "done", exit: 0 });
    expect(outcome.notes.join()).toContain("cleared from its line: they did NOT run");
    expect(shell.ran).toEqual(["echo fine"]);
  });

  it("costs nothing where none was sent, or all of it was entered", async () => {
    const { shell, type, clock } = await starting();
    await type("my name\r");
    shell.print(`\r\n${shell.prompt}`);
    await clock.pass(1000);
    expect(shell.writes).not.toContain("\u0015");
  });

  it("is not entered with the first command on a device", async () => {
    const { device, clock, press, open, run, pty } = await bench((_line, far) => far.answer("fine"), {
      silent: true,
    });
    const opening = open();
    await clock.pass(200);
    press("reload");
    device.print("\r\nsw1>", 50);
    expect(await opening).toMatchObject({ state: "done" });
    expect(await run("show clock")).toMatchObject({ state: { state: "done" }, lines: ["fine"] });
    expect(device.entered).toEqual(["show clock"]);
    expect(pty.notes.join()).toContain("cleared from its line: they did NOT run");
  });

  it("is not entered with the session preparation of a device", async () => {
    const { device, clock, press, open } = await bench((_line, far) => far.answer(""), {
      silent: true,
      profile: { input: { echo: "none" }, open: [{ send: "terminal length 0" }] },
    });
    const opening = open();
    await clock.pass(200);
    press("reload");
    device.print("\r\nsw1>", 50);
    expect(await opening).toMatchObject({ state: "done" });
    expect(device.entered).toEqual(["terminal length 0"]);
  });

  it("keeps the preparation from being entered where the line is not cleared, which is told", async () => {
    const { device, clock, press, open, pty } = await bench((_line, far) => far.answer(""), {
      silent: true,
      profile: { open: [{ send: "terminal length 0" }] },
    });
    const opening = open();
    await clock.pass(200);
    press("reload");
    device.onKey = () => {};
    device.print("\r\nsw1>", 50);
    expect(await opening).toMatchObject({ state: "asking", asked: "line" });
    expect(device.writes.join("")).not.toContain("\r");
    expect(pty.notes.join()).toContain("Enter was NOT pressed");
  });

  it("keeps it from being typed where the line is not cleared and nothing typed would show it", async () => {
    const { device, clock, press, open, pty } = await bench((_line, far) => far.answer(""), {
      silent: true,
      profile: { input: { echo: "none" }, open: [{ send: "terminal length 0" }] },
    });
    const opening = open();
    await clock.pass(200);
    press("reload");
    device.onKey = () => {};
    device.print("\r\nsw1>", 50);
    expect(await opening).toMatchObject({ state: "asking", asked: "line" });
    expect(device.writes.join("")).not.toContain("terminal");
    expect(pty.notes.join()).toContain("keys sent before the prompt may be on its line");
  });
});

describe("a shell that is not framed", () => {
  /** Of this platform only the prompt is known. */
  const unframed = { hosts: { fake: { platform: "auto", promptRegex: "^user@fake:~\\$$" } } };

  it("gets no command behind text sent before its first prompt, until that is entered or thrown away", async () => {
    const rig = fleet({ ...unframed, shell: { silent: true } });
    await rig.drive(rig.mux.connect({ host: "fake", timeoutMs: 100 }));
    const [shell] = rig.shells;
    const run = () => rig.drive(rig.mux.shell({ session: "fake", command: "echo alone" }));
    await rig.drive(rig.mux.send({ session: "fake", text: "rm -rf x ", timeoutMs: 100 }));
    shell?.print(`\r\n${shell.prompt}`);
    await rig.clock.pass(2000);
    await expect(run()).rejects.toMatchObject({
      code: "not_ready",
      message: expect.stringContaining("text that was not entered is on the line"),
    });
    await rig.drive(rig.mux.send({ session: "fake", keys: "<C-c>", timeoutMs: 3000 }));
    expect((await run()).outcome).toMatchObject({ state: "done", evidence: "prompt" });
    expect(shell?.ran).toEqual(["echo alone"]);
  });

  it("gets no command behind keys that a program left unread", async () => {
    const rig = fleet(unframed);
    await rig.drive(rig.mux.connect({ host: "fake" }));
    const [shell] = rig.shells;
    const run = (command: string) => rig.drive(rig.mux.shell({ session: "fake", command, timeoutMs: 1000 }));
    let end = () => {};
    shell?.scripts.set("work", (running) => {
      end = () => running.end(0);
    });
    await run("work");
    await rig.drive(rig.mux.send({ session: "fake", keys: "<Up>", timeoutMs: 100 }));
    end();
    await rig.clock.pass(2000);
    await expect(run("echo alone")).rejects.toMatchObject({ code: "not_ready" });
    expect(shell?.ran).toEqual(["work"]);
  });
});

describe("keys that a program left unread", () => {
  /** A session whose command ended after `keys` were sent to it; what was written for the next command. */
  async function behind(keys: string) {
    const { drive, mux, shells } = fleet();
    await drive(mux.connect({ host: "fake" }));
    const [shell] = shells;
    if (!shell) throw new Error("no shell was opened");
    let end = () => {};
    shell.scripts.set("work", (running) => {
      end = () => running.end(0);
    });
    await drive(mux.shell({ session: "fake", command: "work", timeoutMs: 100 }));
    await drive(mux.send({ session: "fake", keys, timeoutMs: 100 }));
    end();
    await drive(mux.wait({ session: "fake" }));
    const before = shell.writes.length;
    const { outcome } = await drive(mux.shell({ session: "fake", command: "echo alone" }));
    return { outcome, writes: shell.writes.slice(before), ran: shell.ran };
  }

  it.each(["draft", "<Up>", "<C-p>", "draft<Enter><Up>"])(
    "(%s) are cleared before the next command: a shell makes an older line of a cursor key",
    async (keys) => {
      const { outcome, writes, ran } = await behind(keys);
      expect(writes[0]).toBe("\u0003");
      expect(outcome).toMatchObject({ state: "done", exit: 0 });
      expect(ran).toEqual(["work", "echo alone"]);
    },
  );

  it.each(["answer<Enter>", "<C-d>", "<BS>", "<Up><Enter>"])(
    "(%s) are none where nothing of them can be on a line, and nothing is cleared",
    async (keys) => {
      const { writes } = await behind(keys);
      expect(writes[0]).toMatch(/^ \\builtin eval /);
    },
  );
});
