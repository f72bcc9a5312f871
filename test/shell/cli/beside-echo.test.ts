import { describe, expect, it } from "vitest";
import { bench, type FakeDevice } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };
const LOG = "*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down";

/** Prints `rows` when the line's `at`-th key comes, and behind them the prompt with what is typed. */
function interrupts(device: FakeDevice, rows: string, at = 0): void {
  device.onKey = (key) => {
    if (key === "\r") {
      device.onKey = undefined;
      const { line } = device;
      device.line = "";
      device.entered.push(line);
      return device.answer(`out of ${line}`);
    }
    device.line += key;
    device.print(device.line.length === at + 1 ? `\r\n${rows}\r\n${device.prompt}${device.line}` : key);
  };
}

describe("rows that come between the first key of a line and its Enter", () => {
  const answers = async (profile = {}) => {
    const session = await bench((line, device) => device.answer(`out of ${line}`), { profile });
    await session.open();
    await session.run("show a");
    return session;
  };

  it.each([0, 4])("are told, whoever printed them (at key %s)", async (at) => {
    const session = await answers();
    interrupts(session.device, "late row 1\r\nlate row 2", at);
    const ran = await session.run("show b");
    expect(ran).toMatchObject({ state: DONE, lines: ["out of show b"] });
    expect(ran.notes.join()).toMatch(/2 rows came from the background.*"late row 1", "late row 2"/);
  });

  it("are told without the parts of the line that is painted again behind them", async () => {
    const session = await answers();
    interrupts(session.device, `${LOG}\r\nsw1>sho\r\n${LOG}`, 4);
    const ran = await session.run("show b");
    expect(ran).toMatchObject({ state: DONE, lines: ["out of show b"] });
    expect(ran.notes.join()).toMatch(/2 rows came/);
  });

  it("are none where a device completes its words, and paints the line anew each time", async () => {
    const session = await answers({ input: { echo: "fuzzy" } });
    const { device } = session;
    device.onKey = (key) => {
      if (key === "\r") {
        device.onKey = undefined;
        device.entered.push(device.line);
        return device.answer("out");
      }
      device.line += key;
      const shown = device.line.replace("desc ", "description ");
      device.print(key === " " ? `\r\nsw1>${shown}` : key);
    };
    const ran = await session.run("show port desc | match x");
    expect(ran).toMatchObject({ state: DONE, lines: ["out"] });
    expect(ran.notes.join()).not.toMatch(/came from the background/);
  });
});

describe("a job that a question has stopped", () => {
  it("ends as a command alone does: no next line has to wait for more proof", async () => {
    const session = await bench((line, device) => {
      if (line !== "save") return device.answer("");
      device.print("\r\nSave it? [confirm]");
      device.onKey = () => {
        device.onKey = undefined;
        device.print(`\r\nSaved\r\n${device.prompt}`, 15_000);
      };
    });
    await session.open();
    const { command, state } = await session.run("save\nshow b");
    expect(state).toMatchObject({ state: "asking", asked: "confirm" });
    session.press("y");
    const begun = session.clock.now();
    for (let step = 0; command.endedAt === undefined && step < 2000; step++) await session.clock.pass(20);
    expect((command.endedAt ?? 0) - begun).toBeGreaterThan(15_000);
    expect((command.endedAt ?? 0) - begun).toBeLessThan(17_000);
    expect(session.device.entered).toEqual(["save"]);
  });
});
