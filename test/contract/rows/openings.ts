import { expect } from "vitest";
import { both, type Row } from "./row.ts";

const SLOW_DIAL = { unopened: true, dialMs: 500 } as const;

export const openings: readonly Row[] = [
  {
    sentence: "a command on a host that is not open opens it, and says so",
    rig: SLOW_DIAL,
    act: async (rig) => ({ ran: await rig.till(rig.run("a", "say hi")), list: rig.list() }),
    ...both({
      ran: { state: "done", opened: true, session: "box", rows: ["hi"] },
      list: [{ name: "box", state: "ready" }],
    }),
  },
  {
    sentence: "of two commands on a host that is not open, given together, both use one session",
    rig: SLOW_DIAL,
    async act(rig) {
      const [first, second] = await rig.till(Promise.all([rig.run("a", "say one"), rig.run("b", "say two")]));
      return { first, second, wires: rig.wires.length, executed: rig.far.executed };
    },
    ...both({ first: { state: "done" }, second: { error: "busy" }, wires: 1, executed: ["say one"] }),
  },
  {
    sentence: "of two commands on a host that is not open, the first given up: the second runs",
    rig: SLOW_DIAL,
    async act(rig) {
      const [first, second] = await rig.till(
        Promise.all([rig.run("a", "say one", { cancelMs: 100 }), rig.run("b", "say two")]),
      );
      return { first, second, executed: rig.far.executed };
    },
    ...both({
      first: { state: "running" },
      second: { state: "done", about: "say two", rows: ["two"] },
      executed: ["say two"],
    }),
  },
  {
    sentence:
      "of two commands on a host that is not open, the first given up while the far end greets: the second runs",
    rig: { unopened: true, dialMs: 100, delayMs: 200 },
    async act(rig) {
      const [first, second] = await rig.till(
        Promise.all([rig.run("a", "say one", { cancelMs: 300 }), rig.run("b", "say two")]),
      );
      return { first, second, executed: rig.far.executed };
    },
    ...both({
      first: { state: "running" },
      second: { state: "done", about: "say two", rows: ["two"] },
      executed: ["say two"],
    }),
  },
  {
    sentence: "a short wait of the first caller does not end the second's",
    rig: { unopened: true, dialMs: 100, delayMs: 200 },
    async act(rig) {
      const [first, second] = await rig.till(
        Promise.all([rig.run("a", "say one", { timeoutMs: 200 }), rig.run("b", "say two")]),
      );
      return { first, second, executed: rig.far.executed };
    },
    ...both({
      first: { state: "running", text: expect.stringMatching(/NOT typed|not typed|not run/) },
      second: { state: "done", about: "say two", rows: ["two"] },
      executed: ["say two"],
    }),
  },
  {
    sentence: "a command whose wait ended with the opening is not typed later, and says so",
    rig: { unopened: true, delayMs: 300 },
    async act(rig) {
      const ran = await rig.till(rig.run("a", "say one", { timeoutMs: 100 }));
      await rig.pass(5000);
      return { ran, executed: rig.far.executed };
    },
    ...both({
      ran: { state: "running", text: expect.stringMatching(/NOT typed|not typed|not run/) },
      executed: [],
    }),
  },
  {
    sentence: "a name that is being opened is taken",
    rig: SLOW_DIAL,
    async act(rig) {
      const [first, second] = await rig.till(
        Promise.all([rig.open("a", { session: "same" }), rig.open("b", { session: "same" })]),
      );
      return { first, second, wires: rig.wires.length };
    },
    ...both({ first: { state: "done" }, second: { error: "name_taken" }, wires: 1 }),
  },
  {
    sentence: "what the far end said on login is no output of the first command",
    rig: { unopened: true },
    act: async (rig) => ({ ran: await rig.till(rig.run("a", "say hi")) }),
    ...both({ ran: { rows: ["hi"] } }),
  },
];
