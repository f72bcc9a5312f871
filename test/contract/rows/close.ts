import { expect } from "vitest";
import type { Told } from "../calls.ts";
import { BRIEFLY, both, type Row } from "./row.ts";

const codes = (all: readonly Told[]) => all.map(({ error }) => error);

export const close: readonly Row[] = [
  {
    sentence: "closing a session ends who waits in it",
    async act(rig) {
      const first = rig.run("a", "slow");
      await rig.pass(500);
      const closed = await rig.till(rig.close("b"));
      return { closed, first: await rig.till(first) };
    },
    ...both({
      closed: { state: "closed" },
      first: { state: "closed", about: "slow", text: expect.stringContaining("ssh_disconnect") },
    }),
  },
  {
    sentence: "a command that ran when its session was closed is not called done",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      await rig.till(rig.close("a"));
      return { commands: rig.facts().commands };
    },
    ...both({ commands: [{ id: 1, text: "slow", state: "closed" }] }),
  },
  {
    sentence: "a closed session's output stays readable",
    async act(rig) {
      await rig.till(rig.run("a", "say kept"));
      await rig.till(rig.close("a"));
      return { kept: await rig.recall("b", 1) };
    },
    ...both({ kept: expect.stringMatching(/^kept\n/) }),
  },
  {
    sentence: "a session that another caller closed takes no command, text, key or size, and says so",
    async act(rig) {
      await rig.till(rig.close("a"));
      const all = await rig.till(
        Promise.all([
          rig.run("b", "say no"),
          rig.text("c", "no"),
          rig.keys("a", "<C-c>"),
          rig.resize("a", 90, 30),
        ]),
      );
      return { codes: codes(all), first: all[0] };
    },
    ...both({
      codes: Array(4).fill("session_closed"),
      first: { text: expect.stringMatching(/ssh_disconnect.*NOT run[\s\S]*new shell/) },
    }),
  },
  {
    sentence: "reading a closed session says that it is closed, and why",
    async act(rig) {
      await rig.till(rig.close("a"));
      return { read: await rig.till(rig.read("b")) };
    },
    ...both({ read: { state: "closed", text: expect.stringContaining("ssh_disconnect") } }),
  },
  {
    sentence: "closing twice is no error",
    async act(rig) {
      await rig.till(rig.close("a"));
      return { again: await rig.till(rig.close("b")) };
    },
    ...both({ again: { state: "closed" } }),
  },
  {
    sentence: "a session that the far end leaves is closed with its exit status",
    act: async (rig) => ({ left: await rig.till(rig.run("a", "leave")) }),
    ...both({ left: { state: "closed", evidence: "exit", about: "leave", exit: 3 } }),
  },
  {
    sentence: "a lost link closes the session and says what broke",
    async act(rig) {
      const first = rig.run("a", "slow");
      await rig.pass(500);
      rig.wire.cut("read ECONNRESET");
      return { first: await rig.till(first) };
    },
    ...both({
      first: { state: "closed", evidence: "disconnect", text: expect.stringContaining("ECONNRESET") },
    }),
  },
  {
    sentence: "closing one session leaves another on the same host as it was",
    async act(rig) {
      await rig.till(rig.open("b", { session: "second" }));
      const slow = rig.run("b", "rows 3 300", { session: "second" });
      await rig.pass(400);
      await rig.till(rig.close("a"));
      return { slow: await rig.till(slow), list: rig.list() };
    },
    ...both({
      slow: { state: "done", rows: ["row 1", "row 2", "row 3"] },
      list: [
        { name: "box", state: "closed" },
        { name: "second", state: "ready" },
      ],
    }),
  },
  {
    sentence: "closing while a command is in the making ends its call as closed, and it is not run",
    rig: { delayMs: 200, promptMs: 200 },
    async act(rig) {
      await rig.till(rig.text("a", "draft ", { timeoutMs: 3000 }));
      const ran = rig.run("a", "say late");
      await rig.pass(50);
      await rig.till(rig.close("b"));
      const told = await rig.till(ran);
      return { how: told.error ?? told.state, tookMs: told.tookMs < 3000, executed: rig.far.executed };
    },
    ...both({ how: expect.stringMatching(/closed$/), tookMs: true, executed: [] }),
  },
];
