import { describe, expect, it } from "vitest";
import { bench } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };

/** Longer than any command of these tests takes. */
const PATIENT = { timeoutMs: 200_000 };

describe("an echo that is slow", () => {
  it("for all of the line is no failure: Enter follows it", async () => {
    const session = await bench((_line, device) => device.answer("fine"));
    await session.open();
    session.device.delayMs = 9000;
    const ran = await session.run("show clock", PATIENT);
    expect(ran).toMatchObject({ state: DONE, lines: ["fine"] });
    expect(session.device.entered).toEqual(["show clock"]);
    expect(ran.notes.join()).not.toContain("did not echo");
  });

  it("key by key is no failure, though the whole of it takes longer than one key may", async () => {
    const session = await bench((_line, device) => device.answer("fine"));
    await session.open();
    const { device } = session;
    let keys = 0;
    device.onKey = (key) => {
      device.line += key;
      device.print(key, ++keys * 4000);
      if (keys === "show clock".length) device.onKey = undefined;
    };
    expect(await session.run("show clock", PATIENT)).toMatchObject({ state: DONE, lines: ["fine"] });
    expect(device.entered).toEqual(["show clock"]);
  });

  it("that never comes is given up, however much else is printed", async () => {
    const session = await bench((_line, device) => device.answer("fine"));
    await session.open();
    session.device.echo = false;
    for (let ms = 1000; ms < 120_000; ms += 1000) session.device.print(`\r\nrow ${ms}`, ms);
    const ran = await session.run("reload", PATIENT);
    expect(ran.state).toMatchObject({ state: "asking", asked: "line" });
    expect(ran.notes.join()).toContain("the device did not echo the line: Enter was NOT pressed");
    expect(ran.tookMs).toBeLessThan(70_000);
    expect(session.device.entered).toEqual([]);
  });
});
