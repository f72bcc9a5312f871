import { describe, expect, it } from "vitest";
import { createRouterOsConfig, seededBehaviour } from "../../src/lab/routeros/routeros.ts";
import { drawn } from "../terminal/drawn.ts";
import { newScreen, RouterConsole } from "./routeros-console.ts";

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LOG_ROW =
  /^\d\d:\d\d:\d\d echo: system,error,critical login failure for user \w+ from 10\.0\.0\.\d+ via ssh$/;
const PROMPT = "[admin@MikroTik] >";
const SCRIPT = ["/ip/address/print", ":put done"];
/** What a person sees of the script, log rows, blank rows and repeated prompts aside. */
const SEEN = [
  "[admin@MikroTik] > /ip/address/print",
  "Columns: ADDRESS, NETWORK, INTERFACE",
  "#  ADDRESS          NETWORK       INTERFACE",
  "0  ;;; defconf",
  "   192.168.88.1/24  192.168.88.0  bridge",
  "1  192.0.2.10/24    192.0.2.0     ether1",
  "2  198.51.100.1/24  198.51.100.0  vlan20",
  "[admin@MikroTik] > :put done",
  "done",
  PROMPT,
];

function run(seed: number, screen?: Awaited<ReturnType<typeof newScreen>>["screen"]): RouterConsole {
  const random = seeded(seed);
  const version = seed % 2 === 0 ? "7.16.2" : "7.23.2";
  const config = createRouterOsConfig({ version });
  const login = seed % 3 === 0 ? "admin+t" : "admin+ct";
  const behaviour = seededBehaviour(random);
  const console = new RouterConsole({
    config,
    login,
    behaviour,
    random,
    cols: 100,
    rows: 60,
    ...(screen ? { screen } : {}),
  });
  for (const line of SCRIPT) {
    console.clock.advance(20_000);
    for (const char of line) {
      console.type(char);
      console.clock.advance(7);
    }
    console.clock.advance(15_000);
    console.type("\r");
  }
  console.clock.advance(20_000);
  // Not in the middle of a log row.
  for (let step = 0; step < 1000 && !console.all.endsWith("] > "); step++) console.clock.advance(1);
  return console;
}

describe("the simulated RouterOS over seeds", () => {
  it("says the same bytes for the same seed", () => {
    for (const seed of [1, 2, 3]) {
      const one = run(seed);
      const two = run(seed);
      expect(one.all.length).toBeGreaterThan(500);
      expect(two.all).toBe(one.all);
    }
  });

  it("varies between seeds", () => {
    expect(new Set([4, 6, 8, 10].map((seed) => run(seed).all)).size).toBe(4);
  });

  it("shows the same picture, however it is painted, cut and interrupted", async () => {
    let logRows = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { screen } = await newScreen(100, 400);
      const console = run(seed, screen);
      drawn(screen);
      const { rows } = screen.view();
      logRows += rows.filter((row) => LOG_ROW.test(row)).length;
      const from = rows.indexOf("Press F1 for help") + 1;
      const seen = rows.slice(from).filter((row) => row !== "" && row !== PROMPT && !LOG_ROW.test(row));
      expect([...seen, rows.at(-1)], `seed ${seed}`).toEqual(SEEN);
      console.terminal.close();
      expect(console.clock.pending, `seed ${seed}`).toBe(0);
      screen.dispose();
    }
    expect(logRows).toBeGreaterThan(50);
  });

  it("says the same, whatever the size of the pieces", () => {
    const whole = new RouterConsole({ version: "7.20" });
    const pieces = new RouterConsole({
      version: "7.20",
      random: seeded(5),
      behaviour: { pace: { bytes: [1, 7], delayMs: [0, 9] } },
    });
    for (const console of [whole, pieces]) {
      console.clock.advance(60_000);
      console.type("/log/print\rD");
      console.clock.advance(60_000);
    }
    expect(pieces.all).toBe(whole.all);
  });
});
