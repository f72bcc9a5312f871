import { describe, expect, it } from "vitest";
import { bench, type OnLine } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };
const LOG = "*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down";

/** Longer than any command of these tests takes. */
const PATIENT = { timeoutMs: 200_000 };

describe("a pager that was answered and does not go on", () => {
  /** Prints a page, and nothing for its key but what `late` prints. */
  const stuck =
    (late: (device: Parameters<OnLine>[1]) => void = () => {}): OnLine =>
    (_line, device) => {
      device.onKey = (key) => {
        if (key === "q") {
          device.onKey = undefined;
          device.print(`\r${" ".repeat(10)}\r${device.prompt}`);
        } else late(device);
      };
      device.print("\r\nrow 1\r\n --More-- ");
    };
  const ASKS = { state: "asking", asked: "pager", row: "--More--" };

  it("is reported to the caller, who may leave it", async () => {
    const session = await bench(stuck());
    await session.open();
    const ran = await session.run("show run", PATIENT);
    expect(ran.state).toMatchObject(ASKS);
    expect(ran.notes.join()).toContain("the pager was answered and did not go on");
    expect(session.device.writes.filter((bytes) => bytes === " ")).toHaveLength(1);
    expect(await session.keys("q")).toEqual(DONE);
  });

  it("is reported under log rows, too", async () => {
    const session = await bench(stuck((device) => device.print(`\r\n${LOG}\r\n`)));
    await session.open();
    expect((await session.run("show run", PATIENT)).state).toMatchObject(ASKS);
    expect(session.device.writes.filter((bytes) => bytes === " ")).toHaveLength(1);
  });

  it("is given the time that a slow device takes for a page", async () => {
    const session = await bench(
      stuck((device) => {
        device.onKey = undefined;
        device.print(`\r${" ".repeat(10)}\rrow 2\r\n${device.prompt}`, 4000);
      }),
    );
    await session.open();
    const ran = await session.run("show run");
    expect(ran).toMatchObject({ state: DONE, lines: ["row 1", "row 2"] });
    expect(ran.notes.join()).not.toContain("did not go on");
  });
});

describe("a prompt that rows of the device's own have pushed up", () => {
  it("ends the command, and nothing is typed to bring it back", async () => {
    const session = await bench((_line, device) =>
      device.print(`\r\noutput\r\n${device.prompt}\r\n${LOG}\r\n`),
    );
    await session.open();
    const ran = await session.run("show");
    expect(ran).toMatchObject({ state: DONE, lines: ["output"], asides: [LOG] });
    expect(session.device.writes).toEqual(["show", "\r"]);
    expect(ran.tookMs).toBeLessThan(1000);
  });

  describe("and that was printed before the output", () => {
    const profile = { early_prompt: true };
    const early: OnLine = (_line, device) => {
      device.print(`\r\n${device.prompt}\r\n${LOG}\r\n`);
      device.print(`late\r\n${device.prompt}`, 6000);
    };

    it("is no end of a command", async () => {
      const session = await bench(early, { profile });
      await session.open();
      const ran = await session.run("show all");
      expect(ran).toMatchObject({ state: DONE, asides: [] });
      expect(ran.lines.filter((row) => row !== "").slice(-2)).toEqual([LOG, "late"]);
      expect(ran.tookMs).toBeGreaterThanOrEqual(6000);
    });

    it("is no end of what was typed by keys", async () => {
      const session = await bench(early, { profile });
      await session.open();
      const before = session.clock.now();
      expect(await session.keys("show all\r")).toEqual(DONE);
      expect(session.clock.now() - before).toBeGreaterThanOrEqual(6000);
    });

    it("is no end of what was typed by keys where nothing has pushed it up", async () => {
      const session = await bench(
        (_line, device) => {
          device.print(`\r\n${device.prompt}`);
          device.print(`\r\u001b[Klate\r\n${device.prompt}`, 6000);
        },
        { profile },
      );
      await session.open();
      const before = session.clock.now();
      expect(await session.keys("show all\r")).toEqual(DONE);
      expect(session.clock.now() - before).toBeGreaterThanOrEqual(6000);
    });
  });
});
