import { expect } from "vitest";
import { both, type Row } from "./row.ts";

export const waits: readonly Row[] = [
  {
    sentence: "a wait that is over says running, and for how long",
    act: async (rig) => ({ ran: await rig.till(rig.run("a", "slow", { timeoutMs: 700 })) }),
    ...both({ ran: { state: "running", evidence: "timeout", command: 1, durationMs: 700, tookMs: 700 } }),
  },
  {
    sentence: "a read that waited while another call ran a command names that command",
    async act(rig) {
      const read = rig.read("b", { timeoutMs: 5000, waitFor: "never" });
      await rig.pass(100);
      await rig.till(rig.run("a", "late 500 x"));
      return { read: await rig.till(read) };
    },
    ...both({ read: { state: "done", command: 1, about: "late 500 x" } }),
  },
  {
    sentence: "the duration of a result is that of its command",
    async act(rig) {
      const ran = await rig.till(rig.run("a", "late 500 x"));
      const read = await rig.till(rig.read("b"));
      return { long: (ran.durationMs ?? 0) >= 500, same: read.durationMs === ran.durationMs };
    },
    ...both({ long: true, same: true }),
  },
  {
    sentence: "a read is about the command in front, whoever gave it",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: 300 }));
      return { read: await rig.till(rig.read("b", { timeoutMs: 300 })) };
    },
    ...both({ read: { state: "running", command: 1, about: "slow" } }),
  },
  {
    sentence: "every caller that waits learns the end",
    async act(rig) {
      const ran = rig.run("a", "late 800 x");
      await rig.pass(300);
      const reads = [rig.read("a", { timeoutMs: 5000 }), rig.read("b", { timeoutMs: 5000 })];
      return { all: await rig.till(Promise.all([ran, ...reads])) };
    },
    ...both({
      all: [
        { state: "done", command: 1 },
        { state: "done", command: 1 },
        { state: "done", command: 1 },
      ],
    }),
  },
  {
    sentence: "giving a call up ends its wait and touches nothing",
    async act(rig) {
      const mark = rig.mark();
      const ran = await rig.till(rig.run("a", "rows 3 300", { cancelMs: 400 }));
      const typed = rig.written(mark).includes("\u0003");
      return { ran, typed, end: await rig.till(rig.read("b", { timeoutMs: 5000 })) };
    },
    ...both({
      ran: { state: "running", tookMs: 400 },
      typed: false,
      end: { state: "done", about: "rows 3 300" },
    }),
  },
  {
    sentence: "a wait for a pattern ends at the output that matches",
    async act(rig) {
      return { ran: await rig.till(rig.run("a", "rows 9 300", { waitFor: "row 2" })) };
    },
    ...both({ ran: { state: "running", evidence: "matched", match: "row 2", about: "rows 9 300" } }),
  },
  {
    sentence: "a pattern does not match the command's own text",
    async act(rig) {
      const ran = await rig.till(rig.run("a", "late 600 READY", { waitFor: "READY" }));
      return { late: ran.tookMs >= 600 };
    },
    ...both({ late: true }),
  },
  {
    sentence: "a wait of no time returns the current state at once",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: 300 }));
      return { read: await rig.till(rig.read("b", { timeoutMs: 0 })) };
    },
    ...both({ read: { state: "running", about: "slow", tookMs: 0 } }),
  },
  {
    sentence: "the result of a typed answer names the command it was typed to",
    async act(rig) {
      await rig.till(rig.run("a", "confirm"));
      return { sent: await rig.till(rig.text("b", "n", { enter: rig.framing === "shell" })) };
    },
    ...both({ sent: { state: "done", command: 1, about: "confirm" } }),
  },
  {
    sentence: "a short wait of one caller does not shorten another's",
    async act(rig) {
      const long = rig.run("a", "late 900 x");
      await rig.pass(100);
      const short = await rig.till(rig.read("b", { timeoutMs: 200 }));
      return { short, long: await rig.till(long) };
    },
    ...both({ short: { state: "running", tookMs: 200 }, long: { state: "done", rows: ["x"] } }),
  },
  {
    sentence: "a failing command is reported as failed",
    act: async (rig) => ({ ran: await rig.till(rig.run("a", "fail")) }),
    shell: { ran: { state: "done", evidence: "sentinel", exit: 1 } },
    device: {
      ran: { state: "done", evidence: "prompt", rows: [expect.stringContaining("% Invalid input")] },
    },
  },
];
