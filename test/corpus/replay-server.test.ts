import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";
import { rawTerminal } from "./raw-client.ts";
import { promptOf, type Recording, recordings } from "./recording.ts";
import { type ReplayServer, serveReplays } from "./replay-server.ts";

let server: ReplayServer;
beforeAll(async () => {
  server = await serveReplays();
});
afterAll(() => server.close());

const all = recordings();

function recordingOf(model: string): Recording {
  const found = all.find((one) => one.model === model);
  if (!found) throw new Error(`no recording of ${model}`);
  return found;
}

async function opened(model: string, seed = 1) {
  const recording = recordingOf(model);
  const login = server.login({ recording, seed });
  const terminal = await rawTerminal(server, login);
  const prompt = promptOf(recording.init);
  await terminal.until(prompt);
  return { terminal, prompt, recording, journal: server.journal(login) };
}

describe("The replay server", () => {
  it("prints the recorded login, and each answer byte for byte with one echo", async () => {
    const { terminal, prompt, recording } = await opened("ios");
    expect(terminal.printed()).toBe(recording.init);
    for (const command of ["terminal length 0", "show version", "show inventory"]) {
      terminal.write(`${command}\r`);
      const step = recording.steps.find(({ input }) => input === command);
      expect(await terminal.until(`\n${prompt}`)).toBe(step?.output);
    }
    terminal.close();
  });

  it("echoes what is typed before Enter is pressed, and takes it back", async () => {
    const { terminal, prompt } = await opened("ios");
    terminal.write("show versx\b");
    expect(await terminal.until("\b \b")).toBe("show versx\b \b");
    terminal.write("\u0015");
    await terminal.until("\b \b".repeat(9));
    terminal.write("\r");
    expect(await terminal.until(prompt)).toBe(`\r\n${prompt}`);
    terminal.close();
  });

  it("takes a pager's key without Enter and shows nothing of it", async () => {
    const { terminal, recording, journal } = await opened("fortigate");
    terminal.write("get system status\r");
    await terminal.until("--More-- ");
    terminal.write("x");
    expect(await terminal.until("\u0007")).toBe("\u0007");
    terminal.write(" ");
    expect(await terminal.until(promptOf(recording.init))).toBe(recording.steps[1]?.output);
    expect(journal).toEqual({ unknown: [], strays: ["x"], played: 2 });
    terminal.close();
  });

  it("echoes a line whose recording lost the echo", async () => {
    const { terminal, prompt, recording } = await opened("mlnxos");
    terminal.write("no cli session paging enable\r");
    expect(await terminal.until(prompt)).toBe(
      `no cli session paging enable\r\n${recording.steps[0]?.output}`,
    );
    terminal.close();
  });

  it("refuses or takes a line the recording does not hold, and stands at the same prompt again", async () => {
    const answers = new Set<string>();
    for (let seed = 0; seed < 8; seed++) {
      const { terminal, prompt, journal } = await opened("eos", seed);
      terminal.write("terminal length 0\r");
      answers.add(await terminal.until(prompt));
      expect(journal.unknown).toEqual(["terminal length 0"]);
      terminal.close();
    }
    expect([...answers].sort()).toEqual([
      "terminal length 0\r\n% Invalid input detected at '^' marker.\r\neos-test-01#",
      "terminal length 0\r\neos-test-01#",
    ]);
  });

  it("runs a line only at CR LF where the device insists on it", async () => {
    const { terminal, prompt, journal } = await opened("tplink");
    terminal.write("terminal length 0\r");
    await terminal.until("terminal length 0");
    expect(journal.played).toBe(0);
    terminal.write("\n");
    await terminal.until(prompt);
    expect(journal).toEqual({ unknown: [], strays: [], played: 1 });
    terminal.close();
  });

  it("ends the session where the recording does", async () => {
    const { terminal } = await opened("vyos");
    terminal.write("exit\r");
    await terminal.closed;
    expect(terminal.printed()).toMatch(/exit\r\nlogout$/);
    terminal.close();
  });
});

describe("The pace of a seed", () => {
  const text = `${"x".repeat(78)}\r\n`.repeat(100);

  it("is the same each time and another for each seed and recording", () => {
    const plan = (name: string, seed: number) => {
      const pace = new Pace(name, seed);
      return [text, "a\r\nR#", text].map((one) =>
        pace.output(one).map(({ bytes, delayMs }) => [bytes.length, delayMs]),
      );
    };
    expect(plan("ios", 7)).toEqual(plan("ios", 7));
    expect(plan("ios", 7)).not.toEqual(plan("ios", 8));
    expect(plan("ios", 7)).not.toEqual(plan("eos", 7));
  });

  it("loses no byte, cuts chunks of 1 to 400 bytes, and waits at most 80 ms", () => {
    const sizes = new Set<number>();
    const delays = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const chunks = new Pace("any", seed).output(text);
      expect(Buffer.concat(chunks.map(({ bytes }) => bytes)).toString()).toBe(text);
      for (const { bytes, delayMs } of chunks) {
        sizes.add(bytes.length);
        delays.add(delayMs);
      }
    }
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([1, 400]);
    expect(Math.min(...delays)).toBe(0);
    expect(Math.max(...delays)).toBeGreaterThan(60);
    expect(Math.max(...delays)).toBeLessThanOrEqual(80);
  });

  it("spends a bounded time on one session, however much it prints", () => {
    const pace = new Pace("long", 3);
    let spent = 0;
    for (let round = 0; round < 500; round++) for (const { delayMs } of pace.output(text)) spent += delayMs;
    expect(spent).toBe(8000);
  });
});
