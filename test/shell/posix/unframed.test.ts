import { describe, expect, it } from "vitest";
import { ShellFraming } from "../../../src/shell/posix/shell-framing.ts";
import { Pty } from "../../../src/shell/pty/pty.ts";
import { CommandLog } from "../../../src/shell/record/command-log.ts";
import { Waits } from "../../../src/shell/record/waits.ts";
import { createScreen } from "../../../src/terminal/screen.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";
import { FakeClock } from "../../fake-clock.ts";
import { permit } from "../../permits.ts";
import { FakeDevice, type OnLine } from "../cli/fake-device.ts";

/** A shell that is known by its prompt alone; `named`: rows before the prompt that name a device. */
async function byPrompt(
  onLine: OnLine,
  { platform = "csh", prompt = "root:~# ", banner = "", named = "" } = {},
) {
  const clock = new FakeClock();
  const far = new FakeDevice(clock, prompt, onLine);
  const info = { ...far.opened.info, ident: "SSH-2.0-OpenSSH_7.5" };
  const sinks = {
    transcript: new Transcript(1 << 20),
    screen: await createScreen({ cols: 80, rows: 24, clock }),
    log: new CommandLog(),
    waits: new Waits(clock),
  };
  const view = sinks.screen.view.bind(sinks.screen);
  /** Since when the screen's drawing is behind. */
  const behind = { now: false };
  Object.assign(sinks.screen, { view: () => (behind.now ? { ...view(), stale: true } : view()) });
  const handed: string[] = [];
  const pty = new Pty({
    opened: { ...far.opened, info },
    sinks,
    clock,
    framing: (port) =>
      new ShellFraming(port, {
        platform,
        ident: info.ident,
        promptPattern: undefined,
        names: ["user"],
        login: undefined,
        clock,
        namesDevice: named === "" ? undefined : (rows) => rows.some((row) => row.startsWith(named)),
        device: (row) => {
          handed.push(row);
          return new Promise(() => {});
        },
      }),
    readSecret: () => Promise.reject(new Error("no secret may be read here")),
    permit: permit({ verb: "open" }),
  });
  pty.start();
  far.print(`${banner}${far.prompt}`);
  await clock.pass(3000);
  const run = (text: string) => {
    const lines = pty.far.expand({ text });
    return pty.submit({ text }, permit({ verb: "run", command: text, lines }));
  };
  const textOf = ({ range }: { range: { from: number; to: number } }) =>
    sinks.transcript.read(range.from, range.to).bytes.toString();
  return { clock, far, pty, run, textOf, handed, behind };
}

describe("a command in a shell that is not framed", () => {
  it("is not typed at a prompt's row that may be old: the screen's drawing is behind", async () => {
    const typed: string[] = [];
    const { clock, far, run, behind } = await byPrompt((line, device) => {
      typed.push(line);
      device.print(`\r\n${device.prompt}`);
    });
    await run("ls");
    await clock.pass(1000);
    behind.now = true;
    far.print(`rows of a job\r\n${far.prompt}`);
    await clock.pass(50);
    await expect(run("rm a")).rejects.toMatchObject({ code: expect.stringMatching(/busy|not_ready/) });
    expect(typed).toEqual(["ls"]);
    behind.now = false;
    await run("rm b");
    expect(typed).toEqual(["ls", "rm b"]);
  });

  it("whose output holds a row like the prompt goes on behind its end, and that is told", async () => {
    const { clock, far, pty, run, textOf } = await byPrompt((_line, device) => {
      device.print("\r\nroot:~# ");
      device.print(`late\r\n${device.prompt}`, 3000);
    });
    const command = await run("printf 'root:~# '; sleep 3; echo late");
    await clock.pass(1000);
    expect(command.state).toBe("done");
    await clock.pass(5000);
    expect(pty.notes.splice(0).join()).toMatch(
      /#1 went on after its end was reported: 1 row, ssh_read\(command: 1\)/,
    );
    expect(textOf(command)).toContain("late");
    expect(far.entered).toEqual(["printf 'root:~# '; sleep 3; echo late"]);
  });

  it("that asks behind such a row is running again", async () => {
    const { clock, pty, run } = await byPrompt((_line, device) => {
      device.print("\r\nroot:~# ");
      device.print("x\r\nPassword: ", 3000);
    });
    const command = await run("sudo x");
    await clock.pass(10_000);
    expect(command.endedAt).toBeUndefined();
    const refused = expect(run("rm -r b")).rejects.toMatchObject({ code: "busy" });
    await clock.pass(2000);
    await refused;
    expect(pty.notes.join()).toMatch(/#1 went on/);
  });

  it("is not typed where rows have come behind the prompt and none with them", async () => {
    const { clock, far, run } = await byPrompt((_line, device) => {
      device.print("\r\nroot:~# ");
      device.print("x\r\nworking", 3000);
    });
    await run("make");
    await clock.pass(10_000);
    await expect(run("rm -r b")).rejects.toMatchObject({ code: "not_ready" });
    expect(far.entered).toEqual(["make"]);
  });
});

describe("a device that has a shell in front", () => {
  it.each(["root@fw% ", "noc@fw:RE:0% ", "[noc@fw ~]$ ", "fw:~ # "])(
    "is named by its banner: no set-up is typed at %s",
    async (prompt) => {
      const banner = "--- JUNOS 20.4R3 Kernel 64-bit\r\n";
      const named = await byPrompt(() => {}, { platform: "auto", prompt, banner, named: "--- JUNOS " });
      await named.clock.pass(30_000);
      expect(named.far.writes).toEqual([]);
      expect(named.handed).toEqual([prompt.trimEnd()]);
    },
  );
});
