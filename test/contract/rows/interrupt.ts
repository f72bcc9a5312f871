import { expect } from "vitest";
import { BRIEFLY, both, type Row } from "./row.ts";

export const interrupt: readonly Row[] = [
  {
    sentence: "Ctrl-C ends what runs, and its result names that command",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      return { stopped: await rig.till(rig.keys("a", "<C-c>")) };
    },
    shell: { stopped: { state: "done", command: 1, about: "slow", exit: 130 } },
    device: { stopped: { state: "done", command: 1, about: "slow" } },
  },
  {
    sentence: "another caller may interrupt, and whoever waits learns the end",
    async act(rig) {
      const first = rig.run("a", "slow");
      await rig.pass(500);
      const stopped = await rig.till(rig.keys("b", "<C-c>"));
      return { stopped, first: await rig.till(first) };
    },
    ...both({ stopped: { state: "done", about: "slow" }, first: { state: "done", about: "slow" } }),
  },
  {
    sentence: "after an interrupt the session is ready for the next command",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      await rig.till(rig.keys("a", "<C-c>"));
      const next = await rig.till(rig.run("b", "say next"));
      return { next, executed: rig.far.executed };
    },
    ...both({ next: { state: "done", command: 2, rows: ["next"] }, executed: ["slow", "say next"] }),
  },
  {
    sentence: "an interrupt breaks off a question",
    async act(rig) {
      await rig.till(rig.run("a", "confirm"));
      const stopped = await rig.till(rig.keys("b", "<C-c>"));
      return { stopped, answers: rig.far.answers, state: rig.facts().state };
    },
    ...both({ stopped: { state: "done", about: "confirm" }, answers: [], state: "ready" }),
  },
  {
    sentence: "an interrupt where nothing runs does no harm",
    async act(rig) {
      await rig.till(rig.keys("a", "<C-c>"));
      const next = await rig.till(rig.run("a", "say next"));
      return { next, executed: rig.far.executed };
    },
    ...both({ next: { state: "done", rows: ["next"] }, executed: ["say next"] }),
  },
  {
    sentence: "an interrupt ends a command that prints without end",
    async act(rig) {
      await rig.till(rig.run("a", "rows 9999 50", { timeoutMs: 1000 }));
      return { stopped: await rig.till(rig.keys("b", "<C-c>")), state: rig.facts().state };
    },
    ...both({ stopped: { state: "done", about: "rows 9999 50" }, state: "ready" }),
  },
  {
    sentence: "an interrupt over a slow link is sent once",
    rig: { delayMs: 400 },
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: 1500 }));
      const stopped = await rig.till(rig.keys("a", "<C-c>"));
      return { stopped, keys: [...rig.written()].filter((char) => char === "\u0003").length };
    },
    ...both({ stopped: { state: "done", about: "slow" }, keys: 1 }),
  },
  {
    sentence: "an interrupt is written at once, whatever else is asked of the host",
    rig: { delayMs: 300 },
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: 1500 }));
      const mark = rig.mark();
      const stopped = rig.keys("a", "<C-c>");
      await rig.pass(1);
      const written = rig.written(mark);
      await rig.till(stopped);
      return { written };
    },
    ...both({ written: "\u0003" }),
  },
  {
    sentence: "an interrupt leaves a full-screen program that heeds it",
    async act(rig) {
      await rig.till(rig.run("a", "full"));
      return { stopped: await rig.till(rig.keys("b", "<C-c>")) };
    },
    ...both({ stopped: { state: "done", about: "full" } }),
  },
  {
    sentence: "an interrupted command of several lines does not go on with the next",
    async act(rig) {
      const ran = rig.run("a", "slow\nsay two", { timeoutMs: 5000 });
      await rig.pass(1000);
      await rig.till(rig.keys("b", "<C-c>"));
      return { ran: await rig.till(ran), executed: rig.far.executed.includes("say two") };
    },
    shell: { not: "the shell itself reads the lines and decides what an interrupt ends" },
    device: { ran: { state: "done", text: expect.stringContaining("NOT typed") }, executed: false },
  },
  {
    sentence: "with its host gone from the inventory an open session is still interrupted, read and closed",
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      rig.forgetHosts();
      const stopped = await rig.till(rig.keys("b", "<C-c>"));
      const read = await rig.till(rig.read("a"));
      return { stopped, read, closed: await rig.till(rig.close("a")) };
    },
    ...both({
      stopped: { state: "done", about: "slow" },
      read: { state: "done", about: "slow" },
      closed: { state: "closed" },
    }),
  },
];
