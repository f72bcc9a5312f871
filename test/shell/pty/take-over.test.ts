import { beforeAll, describe, expect, it } from "vitest";
import { ShellFraming } from "../../../src/shell/posix/shell-framing.ts";
import type { FramingPort, MakeFraming } from "../../../src/shell/pty/framing.ts";
import { Pty } from "../../../src/shell/pty/pty.ts";
import { CommandLog } from "../../../src/shell/record/command-log.ts";
import { Waits } from "../../../src/shell/record/waits.ts";
import { createScreen } from "../../../src/terminal/screen.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";
import { rigOf, warmUp } from "../../contract/rig.ts";
import { FakeClock, settled } from "../../fake-clock.ts";
import { permit } from "../../permits.ts";
import { FakeDevice } from "../cli/fake-device.ts";

beforeAll(warmUp);

/** A terminal whose prompt is no Unix shell's, and whose profile is still being looked for. */
async function lookedFor() {
  const clock = new FakeClock();
  const far = new FakeDevice(clock, "sw1>", () => {});
  const { opened } = far;
  const end: { resolve(make: MakeFraming): void; reject(error: Error): void } = { resolve() {}, reject() {} };
  const profile = new Promise<MakeFraming>((resolve, reject) => {
    Object.assign(end, { resolve, reject });
  });
  const made: FramingPort[] = [];
  const facts = {
    platform: "auto",
    ident: opened.info.ident,
    promptPattern: undefined,
    names: ["user"],
    login: undefined,
    clock,
  };
  const pty = new Pty({
    opened,
    sinks: {
      transcript: new Transcript(1 << 20),
      screen: await createScreen({ cols: 80, rows: 24, clock }),
      log: new CommandLog(),
      waits: new Waits(clock),
    },
    clock,
    framing: (port) => new ShellFraming(port, { ...facts, device: () => profile }),
    readSecret: () => Promise.reject(new Error("no secret may be read here")),
    permit: permit({ verb: "open" }),
  });
  pty.start();
  far.print(far.prompt);
  await clock.pass(2000);
  const found = async () => {
    end.resolve((port) => {
      made.push(port);
      return new ShellFraming(port, { ...facts, platform: "generic", device: undefined });
    });
    await settled();
  };
  const notFound = async () => {
    end.reject(new Error("no such file"));
    await settled();
  };
  return { clock, far, pty, made, found, notFound };
}

const LOST = { reason: "disconnect", message: "read ECONNRESET" } as const;

describe("another framing that takes the place of one", () => {
  it("is made once it is known", async () => {
    const { made, found } = await lookedFor();
    expect(made).toHaveLength(0);
    await found();
    expect(made).toHaveLength(1);
  });

  it("is not made for a terminal that has ended meanwhile, and changes nothing of it", async () => {
    const { clock, far, pty, made, found } = await lookedFor();
    far.end(LOST);
    const { text } = pty.far;
    await found();
    await clock.pass(10_000);
    expect(made).toHaveLength(0);
    expect([pty.far.text, pty.state.at, pty.ready]).toEqual([text, "ended", false]);
    expect(far.writes).toEqual([]);
  });

  it("that cannot be made leaves a terminal by its prompt alone, and says why", async () => {
    const { pty, notFound } = await lookedFor();
    await notFound();
    expect([pty.far.unframed, pty.ready]).toEqual([true, true]);
    expect(pty.far.text).toContain("its profile could not be loaded: no such file");
  });

  it("that cannot be made is nothing to a terminal that has ended meanwhile", async () => {
    const { far, pty, notFound } = await lookedFor();
    far.end(LOST);
    await notFound();
    expect([pty.far.unframed, pty.ready, pty.state.at]).toEqual([false, false, "ended"]);
  });
});

describe("leave for a command that was refused", () => {
  it("is void: nothing is written under it afterwards", async () => {
    const rig = await rigOf("shell");
    await rig.till(rig.text("a", "late 3000 end", { enter: true, timeoutMs: 100 }));
    // The program leaves it unread: two lines were typed, and one prompt comes, about which the shell is asked.
    await rig.till(rig.text("a", "word", { enter: true, timeoutMs: 100 }));
    const before = rig.putLog().length;
    expect(await rig.till(rig.run("b", "say no"))).toMatchObject({ error: "busy" });
    await rig.till(rig.read("a", { timeoutMs: 10_000 }));
    await rig.pass(5000);
    const behind = rig.putLog().slice(before);
    expect(behind.map(({ reason }) => reason.as)).toContain("status");
    expect(behind.map(({ permit }) => permit.verb)).not.toContain("run");
    await rig.end();
  });
});
