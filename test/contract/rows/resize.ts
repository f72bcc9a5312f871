import { both, type Row } from "./row.ts";

export const resize: readonly Row[] = [
  {
    sentence: "a new size reaches the far end and the screen",
    async act(rig) {
      const told = await rig.till(rig.resize("a", 90, 30));
      return { told, far: rig.wire.sizes, size: rig.facts().size };
    },
    ...both({ told: { state: "ready" }, far: ["90x30"], size: "90x30" }),
  },
  {
    sentence: "resizing types nothing",
    async act(rig) {
      const mark = rig.mark();
      await rig.till(rig.resize("a", 90, 30));
      return { written: rig.written(mark) };
    },
    ...both({ written: "" }),
  },
  {
    sentence: "resizing while a command runs leaves the command as it was",
    async act(rig) {
      const ran = rig.run("a", "rows 3 200");
      await rig.pass(300);
      await rig.till(rig.resize("b", 90, 30));
      return { ran: await rig.till(ran) };
    },
    ...both({ ran: { state: "done", rows: ["row 1", "row 2", "row 3"] } }),
  },
  {
    sentence: "resizing while something asks leaves the question",
    async act(rig) {
      await rig.till(rig.run("a", "confirm"));
      const told = await rig.till(rig.resize("b", 90, 30));
      return { told, state: rig.facts().state };
    },
    ...both({ told: { state: "asking", asked: "confirm" }, state: "asking" }),
  },
  {
    sentence: "resizing while a command is in the making does not cancel it",
    rig: { delayMs: 120, promptMs: 200 },
    async act(rig) {
      await rig.till(rig.text("a", "draft ", { timeoutMs: 3000 }));
      const ran = rig.run("a", "say whole");
      await rig.pass(60);
      await rig.till(rig.resize("b", 90, 30));
      return { ran: await rig.till(ran), executed: rig.far.executed };
    },
    ...both({ ran: { state: "done", rows: ["whole"] }, executed: ["say whole"] }),
  },
  {
    sentence: "a size out of bounds is refused, and nothing changes",
    async act(rig) {
      const told = await rig.till(rig.resize("a", 19, 30));
      return { told, far: rig.wire.sizes, size: rig.facts().size };
    },
    ...both({ told: { error: "invalid_argument" }, far: [], size: "120x40" }),
  },
  {
    sentence: "a command that wraps in a narrow terminal runs once, and its output is whole",
    async act(rig) {
      await rig.till(rig.resize("a", 40, 30));
      const word = "x".repeat(70);
      const ran = await rig.till(rig.run("a", `say ${word}`));
      return { state: ran.state, output: ran.rows?.join("") === word, executed: rig.far.executed.length };
    },
    ...both({ state: "done", output: true, executed: 1 }),
  },
];
