import { beforeAll, describe, expect, it } from "vitest";
import type { Line } from "../../../src/base/contract/action.ts";
import { holds, type Permit } from "../../../src/base/contract/permit.ts";
import { ShellFraming } from "../../../src/shell/posix/shell-framing.ts";
import { Pty } from "../../../src/shell/pty/pty.ts";
import type { Put } from "../../../src/shell/pty/put.ts";
import { CommandLog } from "../../../src/shell/record/command-log.ts";
import { Waits } from "../../../src/shell/record/waits.ts";
import { createScreen } from "../../../src/terminal/screen.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";
import { ShellEnd } from "../../contract/far/shell-end.ts";
import { SECRET } from "../../contract/far/wire.ts";
import { type FramingName, type Rig, type RigOptions, rigOf, warmUp } from "../../contract/rig.ts";
import { FakeClock } from "../../fake-clock.ts";
import type { Running } from "../../multiplexer/fake-shell.ts";
import { permit } from "../../permits.ts";
import { bench } from "../cli/fake-device.ts";

beforeAll(warmUp);

/** Every write has its permit, and nothing was written beside the log. */
function expectPermitted(puts: readonly Put[], written: string, secret: string): void {
  expect(puts.filter((put) => !permits(put))).toEqual([]);
  expect(puts.map(({ bytes }) => bytes?.toString("utf8") ?? secret).join("")).toBe(written);
}

/** A secret's bytes are not in the log: whatever they are, only the class can hold them. */
function permits({ permit, bytes, reason }: Put): boolean {
  if (bytes === undefined && reason.as !== "secret") return false;
  return holds(permit, bytes ?? Buffer.alloc(0), reason);
}

/** What was written for what, under leave for which act: `run line`, `open setup`. */
function reasonsOf(puts: readonly Put[]): string[] {
  return puts.map(({ permit, reason }) => `${permit.verb} ${reason.as}`);
}

/** One session of a kind, and what one act writes; each expected reason says that the act did write for it. */
interface Scene {
  readonly what: string;
  readonly rig?: RigOptions;
  act(rig: Rig): Promise<void>;
  /** Reasons of the act's writes, in order; left out: the act is none of this framing's. */
  readonly shell?: readonly string[];
  readonly device?: readonly string[];
}

const SCENES: readonly Scene[] = [
  {
    what: "login and set-up",
    rig: { unopened: true },
    async act(rig) {
      expect(await rig.till(rig.open("a"))).toMatchObject({ state: "done" });
    },
    shell: ["open setup", "open setup"],
    device: [],
  },
  {
    what: "a profile's session preparation",
    rig: { unopened: true, host: { device: { open: [{ send: "say prepared" }] } } },
    async act(rig) {
      expect(await rig.till(rig.open("a"))).toMatchObject({ state: "done" });
      expect(rig.far.executed).toEqual(["say prepared"]);
    },
    device: ["open setup", "open setup"],
  },
  {
    what: "a command",
    act: (rig) => runs(rig, "say hello"),
    shell: ["run line"],
    device: ["run line", "run enter"],
  },
  {
    what: "a command of several lines",
    async act(rig) {
      const ran = await rig.till(rig.run("a", "say one\nsay two"));
      expect(ran).toMatchObject({ state: "done" });
    },
    shell: ["run line"],
    device: ["run line", "run enter", "run line", "run enter"],
  },
  {
    what: "a long payload, which a shell is handed by a raw read",
    act: (rig) => runs(rig, `say ${"x".repeat(3000)}`),
    shell: ["run line", "run line"],
  },
  {
    what: "the longest line a device takes",
    act: (rig) => runs(rig, `say ${"x".repeat(116)}`),
    device: ["run line", "run enter"],
  },
  {
    what: "a pager that is answered",
    act: (rig) => runs(rig, "pages 3"),
    device: ["run line", "run enter", "run page", "run page"],
  },
  {
    what: "a change of mode with a secret",
    async act(rig) {
      const ran = await rig.till(rig.run("a", "say there", { mode: "config" }));
      expect(ran).toMatchObject({ state: "done", mode: "config" });
    },
    device: ["run line", "run enter", "run secret", "run line", "run enter", "run line", "run enter"],
  },
  {
    what: "keys at a prompt and keys to a question",
    async act(rig) {
      const asked = await rig.till(rig.text("a", "confirm", { enter: true }));
      expect(asked).toMatchObject({ state: "asking" });
      await rig.till(rig.text("a", "y", { enter: rig.framing === "shell" }));
      expect(rig.far.answers).toEqual(["y"]);
    },
    // The second line answered the first: one prompt came, and that was all.
    shell: ["type keys", "type keys"],
    device: ["type keys", "type keys"],
  },
  {
    what: "an interrupt of what runs",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: 2000 }));
      const stopped = await rig.till(rig.keys("a", "<C-c>"));
      expect(stopped).toMatchObject({ state: "done", about: "slow" });
    },
    shell: ["run line", "interrupt interrupt"],
    device: ["run line", "run enter", "interrupt interrupt"],
  },
  {
    what: "a line that is cleared for a command",
    async act(rig) {
      await rig.till(rig.text("a", "draft"));
      await runs(rig, "say hello");
    },
    shell: ["type keys", "run clear", "run line"],
    device: ["type keys", "run clear", "run line", "run enter"],
  },
  {
    what: "a full-screen program that asks the terminal",
    async act(rig) {
      expect(await rig.till(rig.run("a", "full"))).toMatchObject({ state: "screen" });
      rig.far.print("\u001b[6n");
      await rig.pass(100);
      await rig.till(rig.keys("a", "<Enter>"));
    },
    shell: ["run line", "open reply", "type keys"],
    device: ["run line", "run enter", "type keys"],
  },
  {
    what: "a nested shell that is joined half way, and tidied up after",
    act: (rig) => nests(rig, { identified: true }),
    shell: ["run line", "run setup", "run setup", "run setup"],
  },
  {
    what: "a nested shell that does not take the set-up line",
    act: (rig) => nests(rig, { identified: false }),
    shell: ["run line", "run setup"],
  },
];

async function runs(rig: Rig, command: string): Promise<void> {
  expect(await rig.till(rig.run("a", command))).toMatchObject({ state: "done", about: command });
}

const NESTED_PROMPT = "root@inside:/# ";
/** Longer than a shell may take to answer the set-up line. */
const GIVEN_UP_MS = 10_000;

/** A command that opens a shell; `identified`: it answers the set-up line, and then says no more. */
async function nests(rig: Rig, { identified }: { readonly identified: boolean }): Promise<void> {
  const shell = rig.far;
  if (!(shell instanceof ShellEnd)) throw new Error("this far end is no shell");
  const taken: string[] = [];
  shell.scripts.set("bash", (running: Running) => {
    shell.shellInside();
    running.print(NESTED_PROMPT);
    running.input.push = (...lines) => {
      taken.push(...lines);
      const label = /7717;([0-9a-f]{12}L\d+);I;\$__/.exec(lines.join())?.[1];
      if (identified && label !== undefined)
        running.print(`\u001b]7717;${label};I;5.2.15(1)-release///bash\u0007`);
      return taken.length;
    };
  });
  await rig.till(rig.run("a", "bash", { timeoutMs: GIVEN_UP_MS }));
  expect(taken[0]).toMatch(/;I;\$__/);
}

describe("every put finds its permit", () => {
  for (const framing of ["shell", "device"] as const) {
    const scenes = SCENES.filter((scene) => scene[framing] !== undefined);
    it.each(scenes.map((scene) => [scene.what, scene] as const))(`${framing}: %s`, async (_what, scene) => {
      const rig = await rigOf(framing, scene.rig);
      try {
        const before = rig.putLog().length;
        await scene.act(rig);
        expect(reasonsOf(rig.putLog().slice(before))).toEqual(scene[framing]);
        expectPermitted(rig.putLog(), rig.written(), `${SECRET}\r`);
      } finally {
        await rig.end();
      }
    });
  }

  it("device: a login inside the terminal", async () => {
    const puts: Put[] = [];
    const session = await bench(
      (line, device) => {
        if (line === "noc") {
          device.echo = false;
          device.print("\r\nPassword:");
        } else if (line === "login-secret") {
          device.echo = true;
          device.answer("");
        }
      },
      {
        silent: true,
        onPut: (put) => void puts.push(put),
        profile: {
          auth: {
            in_band: [
              { match: "^User Name:", answer: "username" },
              { match: "^Password:", answer: "password" },
            ],
          },
        },
      },
    );
    session.device.print("\r\nUser Name:", 10);
    expect(await session.open()).toMatchObject({ state: "done" });
    expect(reasonsOf(puts)).toEqual(["open login", "open secret"]);
    expectPermitted(puts, session.device.writes.join(""), "login-secret\r");
  });

  it("device: the key that a profile's row waits for after login", async () => {
    const puts: Put[] = [];
    const session = await bench((_line, device) => device.answer(""), {
      silent: true,
      profile: { wake: [{ match: "^Press RETURN to get started$", key: "\r" }] },
      onPut: (put) => void puts.push(put),
    });
    session.device.print("\r\nPress RETURN to get started\r\n\r\n", 10);
    expect(await session.open()).toMatchObject({ state: "done" });
    expect(reasonsOf(puts)).toEqual(["open login"]);
    expectPermitted(puts, session.device.writes.join(""), "");
  });

  it("device: what is typed for a line is the line", async () => {
    const rig = await rigOf("device");
    await rig.till(rig.run("a", "say one\nsay two", { mode: "config" }));
    const lines = rig
      .putLog()
      .flatMap(({ reason, bytes }) => (reason.as === "line" ? [[reason.of, `${bytes}`]] : []));
    expect(lines.map(([of]) => of)).toEqual(["enable", "configure terminal", "say one", "say two"]);
    for (const [of, typed] of lines) expect(typed).toBe(of);
    await rig.end();
  });

  it.each(["shell", "device"] as const)("%s: the log holds no secret", async (framing) => {
    const rig = await rigOf(framing);
    if (framing === "device") await rig.till(rig.run("a", "say there", { mode: "enable" }));
    else await rig.till(rig.run("a", "say there"));
    expect(JSON.stringify(rig.putLog().map(({ bytes }) => bytes?.toString("utf8")))).not.toContain(SECRET);
    expect(rig.written().includes(SECRET)).toBe(framing === "device");
    await rig.end();
  });
});

/** A terminal at its prompt, driven without a gate: what it is given leave for is the test's own. */
interface Ungated {
  readonly pty: Pty;
  readonly writes: readonly string[];
  pass(ms: number): Promise<unknown>;
}

async function ungated(framing: FramingName): Promise<Ungated> {
  if (framing === "device") {
    const { pty, device, clock, open } = await bench((_line, far) => far.answer("fine"));
    await open();
    return { pty, writes: device.writes, pass: (ms) => clock.pass(ms) };
  }
  const clock = new FakeClock();
  const far = new ShellEnd(clock);
  const sinks = {
    transcript: new Transcript(1 << 20),
    screen: await createScreen({ cols: 80, rows: 24, clock }),
    log: new CommandLog(),
    waits: new Waits(clock),
  };
  const { opened } = far;
  const facts = {
    platform: "posix",
    ident: opened.info.ident,
    promptPattern: undefined,
    names: ["user"],
    login: undefined,
    device: undefined,
  };
  const pty = new Pty({
    opened,
    sinks,
    clock,
    framing: (port) => new ShellFraming(port, { ...facts, clock }),
    readSecret: () => Promise.reject(new Error("no secret may be read here")),
    permit: permit({ verb: "open" }),
  });
  pty.start();
  await clock.pass(5000);
  if (pty.state.at !== "prompt") throw new Error(`the shell is not at its prompt but ${pty.state.at}`);
  return { pty, writes: far.writes, pass: (ms) => clock.pass(ms) };
}

const line = (text: string): Line => ({ text, why: "command" });
const toRun = (command: string): Permit =>
  permit({ verb: "run", command, lines: command.split("\n").map(line) });
const toType = (text: string): Permit =>
  permit({ verb: "type", how: "text", shown: text, bytes: Buffer.from(text) });

/** Longer than any script waits before it types. */
const LONG_MS = 20_000;

describe("a terminal given leave for something else", () => {
  const commands: readonly (readonly [string, Permit])[] = [
    ["another command", toRun("say harmless")],
    ["a command that begins alike", toRun("reload now")],
    ["keys that read like it", toType("reload")],
    ["the opening of a session", permit({ verb: "open" })],
    ["an interrupt", permit({ verb: "interrupt", bytes: Buffer.from("\u0003") })],
    ["closing", permit({ verb: "close" })],
  ];

  for (const framing of ["shell", "device"] as const) {
    it.each(commands)(
      `${framing}: does not type a command for which it has leave of %s`,
      async (_what, given) => {
        const { pty, writes, pass } = await ungated(framing);
        const before = writes.length;
        const told = pty.submit({ text: "reload" }, given).then(
          () => "begun",
          () => "refused",
        );
        await pass(LONG_MS);
        await told;
        expect(writes.slice(before)).toEqual([]);
      },
    );

    it.each([
      ["other keys", toType("n")],
      ["a command of the same text", toRun("y")],
      ["the opening of a session", permit({ verb: "open" })],
      ["an interrupt", permit({ verb: "interrupt", bytes: Buffer.from("\u0003") })],
      ["an interrupt that names these bytes", permit({ verb: "interrupt", bytes: Buffer.from("y") })],
    ] as const)(`${framing}: does not type keys for which it has leave of %s`, async (_what, given) => {
      const { pty, writes, pass } = await ungated(framing);
      const before = writes.length;
      const told = attempt(() => pty.type(Buffer.from("y"), given));
      await pass(LONG_MS);
      expect([told, writes.slice(before)]).toEqual([expect.anything(), []]);
    });

    it(`${framing}: types what it has leave for, so that the refusals above say something`, async () => {
      const { pty, writes, pass } = await ungated(framing);
      const before = writes.length;
      await pty.submit({ text: "reload" }, toRun("reload"));
      await pass(LONG_MS);
      expect(writes.slice(before).join("")).toContain("reload");
      const behind = writes.length;
      pty.type(Buffer.from("y"), toType("y"));
      expect(writes.slice(behind)).toEqual(["y"]);
    });

    it(`${framing}: types of several lines none that it has no leave for`, async () => {
      const { pty, writes, pass } = await ungated(framing);
      const before = writes.length;
      const told = pty.submit({ text: "reload\nsave" }, toRun("reload")).catch(() => undefined);
      await pass(LONG_MS);
      await told;
      expect(writes.slice(before)).toEqual([]);
    });

    it(`${framing}: tells the caller of a command \`internal\``, async () => {
      const { pty, pass } = await ungated(framing);
      const told = pty.submit({ text: "reload" }, toRun("say harmless")).then(
        () => "begun",
        (error: unknown) => error,
      );
      await pass(LONG_MS);
      expect(await told).toMatchObject({ code: "internal" });
    });

    it(`${framing}: tells the caller of keys \`internal\``, async () => {
      const { pty } = await ungated(framing);
      expect(attempt(() => pty.type(Buffer.from("y"), toType("n")))).toMatchObject({ code: "internal" });
    });

    it(`${framing}: says of a command that there was no permit`, async () => {
      const { pty, pass } = await ungated(framing);
      const refused = pty.submit({ text: "reload" }, toRun("say harmless")).catch(String);
      await pass(LONG_MS);
      expect(await refused).toContain("no permit for what was about to be typed (line); nothing was sent");
    });

    it(`${framing}: is still at its prompt after keys for which it has no leave`, async () => {
      const { pty } = await ungated(framing);
      attempt(() => pty.type(Buffer.from("y"), toType("n")));
      expect(pty.facts().state).toBe("prompt");
    });
  }
});

/** What an act throws; "done" where it does not. */
function attempt(act: () => void): unknown {
  try {
    act();
    return "done";
  } catch (error) {
    return error;
  }
}
