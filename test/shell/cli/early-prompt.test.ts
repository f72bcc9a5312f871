import { describe, expect, it } from "vitest";
import { type Bench, bench, type FakeDevice } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };
const LOG = "*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console";
const PROFILE = { early_prompt: "sometimes" };
const ERASE = "\r\u001b[K";

/** What is printed between Enter and the output: the line's echo in some shape. */
const ECHOES: readonly [what: string, echo: (line: string, prompt: string) => string][] = [
  ["nothing", () => "\r\n"],
  ["a log row and the line once more", (line, prompt) => `\r${LOG}\r\n${prompt}${line}\r\n`],
  [
    "two log rows and the line twice over each",
    (line, prompt) => `${`\r${LOG}\r\n${prompt}\r${prompt}${line}\u001b[K`.repeat(2)}\r\n`,
  ],
  [
    "a log row and the end of a long line",
    (line, prompt) => `\r${LOG}\r\n${prompt}\r<${line.slice(-20)}\r\n`,
  ],
];

/** Prints its prompt, paints it again, thinks for `ms`, erases it for the answer and prints it behind that. */
function thinks(
  device: FakeDevice,
  line: string,
  echo: (typeof ECHOES)[number][1],
  answer: string,
  ms: number,
): void {
  const { prompt } = device;
  device.print(`${echo(line, prompt)}\r\r\r${prompt}${ERASE}${prompt}`);
  device.print(`${ERASE}${answer}`, ms);
}

async function opened(ms: number, echo: (typeof ECHOES)[number][1]): Promise<Bench> {
  const session = await bench(
    (line, device) => {
      if (line === "reload") thinks(device, line, echo, "Go on? [confirm]", ms);
      else thinks(device, line, echo, `output of ${line}\r\n${device.prompt}`, ms);
    },
    { profile: PROFILE },
  );
  await session.open();
  return session;
}

describe("a prompt that may be printed before the output", () => {
  describe.each(ECHOES)("behind %s", (_what, echo) => {
    it("is no end while the device thinks, from the first command on", async () => {
      const session = await opened(600, echo);
      for (const line of ["show version", "show interfaces Gi1 counters", "show clock"]) {
        const ran = await session.run(line);
        expect(ran.state).toEqual(DONE);
        expect(ran.lines).toContain(`output of ${line}`);
      }
      const asked = await session.run("reload");
      expect(asked.state).toMatchObject({ state: "asking", asked: "confirm" });
      expect(session.device.entered.at(-1)).toBe("reload");
    });

    it("is no end of what the caller's keys entered", async () => {
      const session = await opened(600, echo);
      const state = await session.keys("reload\r");
      expect(state).toMatchObject({ state: "asking", asked: "confirm" });
    });
  });

  it("ends a command without output all the same", async () => {
    const session = await bench((_line, device) => device.answer(""), { profile: PROFILE });
    await session.open();
    expect((await session.run("no shutdown")).state).toEqual(DONE);
  });
});
