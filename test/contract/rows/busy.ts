import { expect } from "vitest";
import { BRIEFLY, both, type Row } from "./row.ts";

export const busy: readonly Row[] = [
  {
    sentence: "a second command while one runs is refused and names the first by number and text",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      return { second: await rig.till(rig.run("b", "say two")) };
    },
    ...both({ second: { error: "busy", text: expect.stringContaining("#1 `slow`") } }),
  },
  {
    sentence: "a command that is refused leaves no byte at the far end",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      const mark = rig.mark();
      const second = await rig.till(rig.run("b", "say two"));
      await rig.pass(5000);
      return { second, written: rig.written(mark), executed: rig.far.executed };
    },
    ...both({ second: { error: "busy" }, written: "", executed: ["slow"] }),
  },
  {
    sentence: "a refused command does not disturb the one that runs",
    async act(rig) {
      const first = rig.run("a", "rows 3 200");
      await rig.pass(300);
      const second = await rig.till(rig.run("b", "say two"));
      return { second, first: await rig.till(first) };
    },
    ...both({ second: { error: "busy" }, first: { state: "done", rows: ["row 1", "row 2", "row 3"] } }),
  },
  {
    sentence: "of two commands given in the same moment one runs and the other is refused",
    async act(rig) {
      const [first, second] = await rig.till(Promise.all([rig.run("a", "say one"), rig.run("b", "say two")]));
      return { first, second, executed: rig.far.executed };
    },
    ...both({
      first: { state: "done", rows: ["one"] },
      second: { error: "busy" },
      executed: ["say one"],
    }),
  },
  {
    sentence: "a command given while another's line is in transit over a slow link is refused",
    rig: { delayMs: 150 },
    async act(rig) {
      const first = rig.run("a", "say one");
      await rig.pass(60);
      const second = await rig.till(rig.run("b", "say two"));
      return { second, first: await rig.till(first), executed: rig.far.executed };
    },
    ...both({
      second: { error: "busy", text: expect.stringContaining("say one") },
      first: { state: "done", rows: ["one"] },
      executed: ["say one"],
    }),
  },
  {
    sentence: "the refusal says how to wait, to interrupt, and to work elsewhere",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      return { second: await rig.till(rig.run("b", "say two")) };
    },
    ...both({ second: { text: expect.stringMatching(/ssh_read.*<C-c>.*ssh_connect/s) } }),
  },
  {
    sentence: "a command whose wait is over still runs, and the session is busy with it",
    async act(rig) {
      const first = await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      const { state, commands } = rig.facts();
      return { first, state, commands };
    },
    ...both({
      first: { state: "running", evidence: "timeout" },
      state: "busy",
      commands: [{ id: 1, text: "slow", state: "running" }],
    }),
  },
  {
    sentence: "once the first has ended the next runs, under the next number",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      rig.far.finish();
      await rig.till(rig.read("a", { timeoutMs: 2000 }));
      return { next: await rig.till(rig.run("b", "say two")), executed: rig.far.executed };
    },
    ...both({ next: { state: "done", command: 2, rows: ["two"] }, executed: ["slow", "say two"] }),
  },
  {
    sentence: "a refused command takes no number",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      await rig.till(rig.run("b", "say two"));
      return { commands: rig.facts().commands.map(({ id }) => id) };
    },
    ...both({ commands: [1] }),
  },
  {
    sentence: "quiet is never taken for the end of a command",
    async act(rig) {
      const first = await rig.till(rig.run("a", "slow", { timeoutMs: 50_000 }));
      return { first, state: rig.facts().state };
    },
    ...both({ first: { state: "running", evidence: "timeout" }, state: "busy" }),
  },
];
