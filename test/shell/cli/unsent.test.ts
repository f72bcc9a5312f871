import { describe, expect, it } from "vitest";
import { bench, type FakeDevice } from "./fake-device.ts";

const PATIENT = { timeoutMs: 60_000 };

/** The device shows `word` where `typed` was typed: the line is another one. */
function rewrites(device: FakeDevice, typed: string, word: string): void {
  device.onKey = (key) => {
    if (key === "\r" || key === "\u0015") {
      device.onKey = undefined;
      return device.write(key);
    }
    device.line += key;
    device.print(device.line.endsWith(typed) ? `${"\b".repeat(typed.length - 1)}${word}` : key);
  };
}

describe("a line that was left unsent", () => {
  const left = async (keys = {}) => {
    const session = await bench((line, device) => device.answer(`out of ${line}`), { profile: { keys } });
    await session.open();
    rewrites(session.device, "ver ", "version ");
    const ran = await session.run("show ver brief", PATIENT);
    expect(ran.state).toMatchObject({ state: "asking", asked: "line" });
    return { session, device: session.device, ran };
  };

  it("that the caller throws away is over, and is said not to have run", async () => {
    const { session, device, ran } = await left();
    expect(ran.notes.join()).toContain("Enter was NOT pressed. ssh_send <Enter> runs the unsent line, <C-u>");
    expect(await session.keys("\u0015")).toMatchObject({ state: "done" });
    expect(ran.command.remarks.join()).toContain("it did NOT run");
    expect(device.entered).toEqual([]);
  });

  it("is said once not to have run where the next command has cleared it", async () => {
    const { session, device, ran } = await left();
    expect(await session.run("show b")).toMatchObject({ lines: ["out of show b"] });
    expect(ran.command.remarks.filter((one) => one.includes("did NOT run"))).toHaveLength(1);
    expect(device.entered).toEqual(["show b"]);
  });

  it("that the caller enters is not said to have been left out", async () => {
    const { session, device, ran } = await left();
    await session.keys("\r");
    await session.clock.pass(2000);
    expect(device.entered).toHaveLength(1);
    expect(ran.command.remarks.join()).not.toContain("did NOT run");
  });

  it("has the refusal of the next command name the key that drops it", async () => {
    const { session, device } = await left({ kill_line: "\u0018" });
    // The key does nothing here.
    device.onKey = () => {};
    const refused = await session.tried("show b").catch((error: unknown) => error);
    expect(refused).toMatchObject({
      message: expect.stringContaining("could not be cleared"),
      next: expect.stringMatching(/<C-x> drops the line.*<Enter> runs it/),
    });
    expect(device.entered).toEqual([]);
  });

  it("of keys alone is not said to be a command that did not run", async () => {
    const session = await bench((_line, device) => device.answer("fine"));
    await session.open();
    await session.keys("show");
    await session.keys("\u0015");
    expect(session.pty.sinks.log.all().flatMap(({ remarks }) => remarks)).toEqual([]);
  });
});
