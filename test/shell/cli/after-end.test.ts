import { describe, expect, it } from "vitest";
import { type Bench, bench, type FakeDevice, type OnLine } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };
const LOG = "*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console";

/** Prints pieces with the pauses between them, milliseconds. */
function slowly(device: FakeDevice, parts: readonly (string | number)[]): void {
  let at = device.delayMs;
  for (const part of parts) {
    if (typeof part === "number") at += part;
    else device.print(part, at);
  }
}

/** A device that answers each line as `answers` says, and any other with its prompt. */
function answering(answers: Readonly<Record<string, readonly (string | number)[]>>): OnLine {
  return (line, device) => {
    const parts = answers[line];
    if (parts) slowly(device, parts);
    else device.answer(line.startsWith("show ") ? `output of ${line.slice(5)}` : "");
  };
}

const notesOf = (session: Bench) => session.pty.notes.splice(0).join("\n");

describe("an end by prompt", () => {
  it.each([
    ["a row like the prompt", ["\r\nsaved by\r\nsw1>", 1500, "show run\r\nEND-ROW\r\nsw1>"], 2],
    ["a job that prints later", ["\r\nstarted\r\nsw1>", 900, "\r\nLATE-ROW\r\nsw1>"], 1],
    [
      "three times a row like it",
      ["\r\nsw1>", 400, " a\r\nsw1>", 900, " b\r\nsw1>", 2500, " c\r\nEND\r\nsw1>"],
      4,
    ],
    ["rows of many kinds", ["\r\nx\r\nsw1>", 700, "\r\n1\r\n2\r\n3\r\n4\r\n\r\nsw1>"], 4],
    ["a prompt of another mode behind it", ["\r\nx\r\nsw1>", 700, "\r\nnow privileged\r\nsw1#"], 1],
  ] as const)("is revised behind %s, and the next result says so", async (_what, parts, rows) => {
    const session = await bench(answering({ "more x": parts }));
    await session.open();
    const ran = await session.run("more x");
    expect(ran.state).toEqual(DONE);
    await session.clock.pass(10_000);
    const told = [...ran.notes, notesOf(session)].join("\n");
    const early = ran.lines.join("\n").includes("END");
    if (!early)
      expect(told).toMatch(/#1 went on after its end was reported: \d+ rows?, ssh_read\(command: 1\)/);
    if (!early) expect(Number(/(\d+) row/.exec(told)?.[1])).toBeLessThanOrEqual(rows);
    expect(await session.rows(ran.command)).toEqual(
      expect.arrayContaining(
        ["x", "saved by", "started"].filter((row) => parts.join("").includes(`\n${row}\r`)),
      ),
    );
    const whole = (await session.rows(ran.command)).join("\n");
    for (const row of parts.join("").match(/END-ROW|LATE-ROW|END\b|now privileged/g) ?? [])
      expect(whole).toContain(row);
    // What comes next is the next command's alone.
    const next = await session.run("show clock");
    expect(next).toMatchObject({ state: DONE, lines: ["output of clock"] });
  });

  it("is not revised by the device's own rows, nor by rows without a prompt behind them", async () => {
    const session = await bench(
      answering({ "show a": ["\r\nA\r\nsw1>", 500, `\r\n${LOG}\r\n`, 500, `\r\n${LOG}\r\nsw1>`] }),
    );
    await session.open();
    const ran = await session.run("show a");
    await session.clock.pass(5000);
    expect(notesOf(session)).not.toMatch(/went on/);
    expect(await session.rows(ran.command)).toEqual(["A"]);
    session.device.print("\r\nsomething in the background\r\n", 10);
    await session.clock.pass(5000);
    expect(notesOf(session)).not.toMatch(/went on/);
  });

  it("is revised by what came before the next line was typed, and by nothing behind that", async () => {
    const session = await bench(answering({ "show b": ["\r\nB\r\nsw1>", 700, "\r\nlate of b\r\nsw1>"] }));
    await session.open();
    await session.run("show a");
    const ran = await session.run("show b");
    await session.clock.pass(2000);
    expect(await session.rows(ran.command)).toContain("late of b");
    expect(notesOf(session)).toMatch(/#2 went on/);
    session.device.print("\r\nmuch later\r\nsw1>", 10);
    await session.run("show c");
    expect(await session.rows(ran.command)).not.toContain("output of c");
  });

  it("is taken back where the command goes on to ask, and what it asks is reported with it", async () => {
    const session = await bench((line, device) => {
      if (line !== "more x") return device.answer("");
      slowly(device, ["\r\nsw1>", 1500, " banner\r\nErase it? [confirm]"]);
      device.onKey = () => {
        device.onKey = undefined;
        device.answer("kept");
      };
    });
    await session.open();
    const ran = await session.run("more x");
    expect(ran.state).toEqual(DONE);
    await session.clock.pass(3000);
    expect(session.pty.standing).toMatchObject({ state: "asking", asked: "confirm" });
    expect(notesOf(session)).toMatch(/#1 went on after its end was reported/);
    await expect(session.submit("show clock")).rejects.toMatchObject({ code: "busy" });
    expect(session.device.writes.slice(-1)).toEqual(["\r"]);
    expect(await session.keys("n")).toEqual(DONE);
    expect(await session.rows(ran.command)).toContain("kept");
  });

  it("goes on with the pages of a pager that comes behind it", async () => {
    const session = await bench((line, device) => {
      if (line !== "more x") return device.answer("");
      slowly(device, ["\r\nsw1>", 1500, " banner\r\n --More-- "]);
      device.onKey = () => {
        device.onKey = undefined;
        device.print(`\r          \rlast row\r\n${device.prompt}`);
      };
    });
    await session.open();
    const ran = await session.run("more x");
    await session.clock.pass(5000);
    expect(ran.command.state).toBe("done");
    expect(await session.rows(ran.command)).toContain("last row");
  });

  it("is believed later where the same command was seen to go on", async () => {
    const parts = ["\r\nsw1>", 900, " x\r\nEND\r\nsw1>"];
    const session = await bench(answering({ "tail log": parts }));
    await session.open();
    await session.run("tail log");
    await session.clock.pass(5000);
    const again = await session.run("tail log");
    expect(again.lines).toContain("END");
  });
});

describe("a line of ours", () => {
  /** Lines that begin like an answer wait longer. */
  it.each([
    ["show b", 900],
    ["no shutdown", 1900],
    ["yes", 1900],
    ["no", 1900],
    ["n", 1900],
  ] as const)("is not typed into the line before: `%s`", async (second, pauseMs) => {
    const answers: string[] = [];
    const session = await bench((line, device) => {
      if (line !== "copy a b") return device.answer("");
      slowly(device, ["\r\nsw1>", pauseMs, " old banner\r\nOverwrite? [confirm]"]);
      device.onKey = (key) => void answers.push(key);
    });
    await session.open();
    const ran = await session.run(`copy a b\n${second}`, { timeoutMs: 8000 });
    expect(ran.state).toMatchObject({ state: "asking", asked: "confirm" });
    expect(answers).toEqual([]);
  });

  it("waits three times as long as the longest pause of the line before", async () => {
    const answers: string[] = [];
    const session = await bench((line, device) => {
      if (line !== "copy a b") return device.answer("");
      slowly(device, ["\r\nworking\r\n", 1500, "sw1>", 4000, " old banner\r\nOverwrite? [confirm]"]);
      device.onKey = (key) => void answers.push(key);
    });
    await session.open();
    const ran = await session.run("copy a b\nshow c", { timeoutMs: 15_000 });
    expect(ran.state).toMatchObject({ state: "asking", asked: "confirm" });
    expect(answers).toEqual([]);
  });

  it("is typed at once where the line editor's own mark says that it reads", async () => {
    const session = await bench((line, device) => {
      device.print("\u001b[?2004l");
      device.print(`\r\nran ${line}\r\n\u001b[?2004h${device.prompt}`);
    });
    await session.open();
    const ran = await session.run("one\ntwo\nthree");
    expect(ran.state).toEqual(DONE);
    expect(ran.tookMs).toBeLessThan(1000);
  });

  it.each([
    ["an empty row behind rows nobody knows", "\r\nsomething\r\nof a job\r\n"],
    ["a question nobody knows", "\r\nWhich one "],
    ["a question", "\r\nProceed? [confirm]"],
    ["a row of output", "\r\nsending 5 packets: !!"],
  ])("is not typed at %s, and no key clears it", async (_what, rows) => {
    const session = await bench(answering({}));
    await session.open();
    await session.run("show a");
    const before = session.device.writes.length;
    session.device.print(rows, 10);
    await session.clock.pass(500);
    await expect(session.tried("show b")).rejects.toMatchObject({
      code: expect.stringMatching(/not_ready|busy/),
    });
    expect(session.device.writes.slice(before)).toEqual([]);
  });

  it("is typed behind rows in the background that came long after the prompt", async () => {
    const session = await bench(answering({}));
    await session.open();
    await session.run("show a");
    await session.clock.pass(60_000);
    session.device.print("\r\nsomething in the background\r\n", 10);
    await session.clock.pass(500);
    expect(await session.run("show b")).toMatchObject({ state: DONE });
  });

  it.each([
    "R1 con0 is now available\r\n\r\nPress RETURN to get started.\r\n\r\n",
    "Session will be closed in 60 seconds. Press any key to stay\r\n",
    "Hit <space> to stay logged in\r\n",
    "Save the configuration? [confirm]\r\n",
    "Password:\r\n",
  ])(
    "is not typed where such rows ask for something, however long the prompt had stood: %j",
    async (rows) => {
      const session = await bench(answering({}));
      await session.open();
      await session.run("show a");
      await session.clock.pass(60_000);
      session.device.print(`\r\n${rows}`, 10);
      await session.clock.pass(20_000);
      const before = session.device.writes.length;
      await expect(session.tried("show b")).rejects.toMatchObject({ code: "not_ready" });
      expect(session.device.writes.slice(before)).toEqual([]);
    },
  );
});
