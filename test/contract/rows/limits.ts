import { expect } from "vitest";
import type { Told } from "../calls.ts";
import { MAX_LINE } from "../far/profile.ts";
import type { Rig } from "../rig.ts";
import { both, type Row } from "./row.ts";

/** The call is refused, and nothing was written for it. */
async function untyped(rig: Rig, act: () => Promise<Told>) {
  const mark = rig.mark();
  const refused = await rig.till(act());
  await rig.pass(2000);
  return { refused, written: rig.written(mark), commands: rig.facts().commands };
}

const REFUSED = both({ refused: { error: "invalid_argument" }, written: "", commands: [] });

export const limits: readonly Row[] = [
  {
    sentence: "an empty command is refused, untyped",
    act: (rig) => untyped(rig, () => rig.run("a", "")),
    ...REFUSED,
  },
  {
    sentence: "a command of blanks and newlines is refused, untyped",
    act: (rig) => untyped(rig, () => rig.run("a", "  \n ")),
    ...REFUSED,
  },
  {
    sentence: "a command that holds NUL is refused, untyped",
    act: (rig) => untyped(rig, () => rig.run("a", "say a\u0000b")),
    ...REFUSED,
  },
  {
    sentence: "a command over one mebibyte is refused, untyped",
    act: (rig) => untyped(rig, () => rig.run("a", `say ${"x".repeat(1 << 20)}`)),
    ...REFUSED,
  },
  {
    sentence: "a pattern that is none is refused before the command is typed",
    act: (rig) => untyped(rig, () => rig.run("a", "say x", { waitFor: "(" })),
    ...REFUSED,
  },
  {
    sentence: "an empty text types nothing and takes no number",
    act: (rig) => untyped(rig, () => rig.text("a", "", { timeoutMs: 500 })),
    ...both({ written: "", commands: [] }),
  },
  {
    sentence: "a line over the device's own limit is refused, naming it",
    act: (rig) => untyped(rig, () => rig.run("a", `say ${"x".repeat(MAX_LINE)}`)),
    shell: { not: "a shell's line has no limit that we know" },
    device: {
      refused: { error: "invalid_argument", text: expect.stringContaining(String(MAX_LINE)) },
      written: "",
    },
  },
  {
    sentence: "a line with a control character is refused on a device, which takes it for a key",
    act: (rig) => untyped(rig, () => rig.run("a", "say a\u0001b")),
    shell: { not: "a shell is given its command's bytes, not keys" },
    device: { refused: { error: "invalid_argument" }, written: "" },
  },
  {
    sentence: "a long line arrives whole over a slow link",
    rig: { delayMs: 100 },
    async act(rig) {
      const word = "x".repeat(rig.framing === "shell" ? 3000 : MAX_LINE - 4);
      const ran = await rig.till(rig.run("a", `say ${word}`));
      return { state: ran.state, output: ran.rows?.join("") === word };
    },
    ...both({ state: "done", output: true }),
  },
  {
    sentence: "sessions per host are bounded, and those open are named",
    rig: { host: { limits: { sessions: 1 } } },
    async act(rig) {
      return { second: await rig.till(rig.open("b", { session: "second" })), wires: rig.wires.length };
    },
    ...both({ second: { error: "limit_reached", text: expect.stringContaining("box") }, wires: 1 }),
  },
  {
    sentence: "sessions over all hosts are bounded",
    rig: { maxSessions: 1 },
    act: async (rig) => ({ second: await rig.till(rig.open("b", { host: "other" })) }),
    ...both({ second: { error: "limit_reached" } }),
  },
  {
    sentence: "a closed session makes room",
    rig: { maxSessions: 1 },
    async act(rig) {
      await rig.till(rig.close("a"));
      return { second: await rig.till(rig.open("b", { host: "other" })) };
    },
    ...both({ second: { state: "done", session: "other" } }),
  },
  {
    sentence: "a wait longer than clients are patient is cut to fifty seconds",
    async act(rig) {
      return { ran: await rig.till(rig.run("a", "slow", { timeoutMs: 3_600_000 })) };
    },
    ...both({ ran: { state: "running", tookMs: 50_000 } }),
  },
];
