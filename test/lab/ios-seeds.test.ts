import { describe, expect, it } from "vitest";
import { seededBehaviour } from "../../src/lab/catalyst/ios.ts";
import { SECRET, SwitchConsole, seeded } from "./ios-console.ts";

const SCRIPT = [
  "enable\r",
  `${SECRET}\r`,
  "show verson\r",
  "show version\r",
  " ",
  "q",
  "terminal width 0\r",
  "conf t\r",
  "int gi1/0/3\r",
  `description ${"long ".repeat(30)}\r`,
  "\x1a",
  "sh run | include ^int\r",
  "G",
  "show pr?",
  "\x15show ve\trun\b\b\b\r",
  "q",
  "reload\r",
  "no\r",
  "x",
  "ping 127.0.0.1\r",
  "exit\r",
];
const LOG_ROW = "\\*Jan {2}1 [\\d:.]+: %LINK-3-UPDOWN: [^\\r]*\\r\\n";
/** Rows of the log begin a row of their own; behind the first row of a ping the cursor is at one already. */
const LOG_ROWS = new RegExp(`(?<=seconds:\\r\\n)(?:${LOG_ROW})+|(?<!seconds:)\\r\\n(?:${LOG_ROW})+`, "g");

/** The whole script typed slowly enough for everything to be said in between. */
function run(console: SwitchConsole): string {
  for (const keys of SCRIPT) {
    console.terminal.input(Buffer.from(keys));
    console.clock.advance(60_000);
  }
  console.terminal.close();
  expect(console.clock.pending).toBe(0);
  return console.all;
}

describe("the simulated IOS over seeds", () => {
  const plain = run(new SwitchConsole());

  it("says the same bytes, whatever the size and the pace of the pieces", () => {
    for (let seed = 0; seed < 100; seed++) {
      const random = seeded(seed);
      const { logRows: _none, ...behaviour } = seededBehaviour(random);
      expect(run(new SwitchConsole({ behaviour, random })), `seed ${seed}`).toBe(plain);
    }
  });

  it("says the same with log rows over it, once they are taken out", () => {
    let logRows = 0;
    for (let seed = 0; seed < 40; seed++) {
      const random = seeded(seed);
      const behaviour = { logRows: { everyMs: [9_000, 30_000] as const } };
      const said = run(new SwitchConsole({ behaviour, random }));
      logRows += said.match(new RegExp(LOG_ROW, "g"))?.length ?? 0;
      expect(said.replace(LOG_ROWS, ""), `seed ${seed}`).toBe(plain);
    }
    expect(logRows).toBeGreaterThan(400);
  });

  it("says the same bytes for the same seed, and others for another", () => {
    const said = (seed: number) => {
      const random = seeded(seed);
      return run(new SwitchConsole({ behaviour: { logRows: { everyMs: [5_000, 20_000] } }, random }));
    };
    expect(said(7)).toBe(said(7));
    expect(said(7)).not.toBe(said(8));
  });
});
