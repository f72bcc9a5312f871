import { expect } from "vitest";
import type { Rig } from "../rig.ts";
import { BRIEFLY, both, type Row } from "./row.ts";

/** Command 1 ended; command 2 ran when the link was lost. */
async function cutOff(rig: Rig) {
  await rig.till(rig.run("a", "say before"));
  const cut = rig.run("a", "slow");
  await rig.pass(500);
  rig.wire.cut();
  const told = await rig.till(cut);
  return told;
}

const UNKNOWN = /unknown whether it finished or still runs/;

export const reopen: readonly Row[] = [
  {
    sentence: "connecting again under the name of a closed session opens a new shell, and says so",
    async act(rig) {
      await rig.till(rig.close("a"));
      return { again: await rig.till(rig.open("a")), list: rig.list(), wires: rig.wires.length };
    },
    ...both({
      again: { state: "done", session: "box", text: expect.stringContaining("new shell") },
      list: [{ name: "box", state: "ready" }],
      wires: 2,
    }),
  },
  {
    sentence: "the numbers of commands go on after reopening",
    async act(rig) {
      await rig.till(rig.run("a", "say one"));
      await rig.till(rig.close("a"));
      await rig.till(rig.open("a"));
      return { ran: await rig.till(rig.run("a", "say two")) };
    },
    ...both({ ran: { state: "done", command: 2, rows: ["two"] } }),
  },
  {
    sentence: "a command cut by a lost link is never typed again",
    async act(rig) {
      await cutOff(rig);
      await rig.till(rig.open("a"));
      await rig.pass(5000);
      return { executed: rig.far.executed };
    },
    ...both({ executed: [] }),
  },
  {
    sentence:
      "the result of the command that was cut says that it is unknown whether it finished or still runs",
    act: async (rig) => ({ cut: await cutOff(rig) }),
    ...both({ cut: { state: "closed", about: "slow", text: expect.stringMatching(UNKNOWN) } }),
  },
  {
    sentence: "the same is said on every later read of that command",
    async act(rig) {
      await cutOff(rig);
      const before = await rig.recall("b", 2);
      await rig.till(rig.open("a"));
      await rig.till(rig.run("a", "say after"));
      return { before, after: await rig.recall("a", 2), again: await rig.recall("b", 2) };
    },
    ...both({
      before: expect.stringMatching(UNKNOWN),
      after: expect.stringMatching(UNKNOWN),
      again: expect.stringMatching(UNKNOWN),
    }),
  },
  {
    sentence: "a command that had ended before the link was lost is not doubted",
    async act(rig) {
      await cutOff(rig);
      return { earlier: await rig.recall("b", 1) };
    },
    ...both({ earlier: expect.stringMatching(/^before\n\[box #1 done/) }),
  },
  {
    sentence: "reopening after a lost link names the command that was cut",
    async act(rig) {
      await cutOff(rig);
      return { again: await rig.till(rig.open("b")) };
    },
    ...both({
      again: {
        text: expect.stringMatching(/#2 `slow` was running when the link was lost.*unknown whether/s),
      },
    }),
  },
  {
    sentence: "reopening does not claim that what ran before is gone",
    async act(rig) {
      await cutOff(rig);
      const again = await rig.till(rig.open("b"));
      return { state: again.state, claims: /running programs[^.;]*are gone/.test(again.text) };
    },
    ...both({ state: "done", claims: false }),
  },
  {
    sentence: "the old output stays readable after reopening",
    async act(rig) {
      await cutOff(rig);
      await rig.till(rig.open("a"));
      return { kept: await rig.recall("b", 1) };
    },
    ...both({ kept: expect.stringMatching(/^before\n/) }),
  },
  {
    sentence: "an open session is not opened a second time",
    act: async (rig) => ({
      again: await rig.till(rig.open("b", { session: "box" })),
      wires: rig.wires.length,
    }),
    ...both({ again: { error: "name_taken" }, wires: 1 }),
  },
  {
    sentence: "an unsent line of the old shell is not in the new one",
    async act(rig) {
      await rig.till(rig.text("a", "draft ", { timeoutMs: BRIEFLY }));
      rig.wire.cut();
      await rig.pass(10);
      await rig.till(rig.open("a"));
      const ran = await rig.till(rig.run("a", "say new"));
      return {
        ran,
        executed: rig.far.executed,
        draft: rig.wire.sent.some(({ text }) => text.includes("draft")),
      };
    },
    ...both({ ran: { state: "done", rows: ["new"] }, executed: ["say new"], draft: false }),
  },
];
