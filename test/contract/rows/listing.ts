import { expect } from "vitest";
import { BRIEFLY, both, type Row } from "./row.ts";

const IDLE_MS = 60_000;
/** Longer than idle sessions may live, checks included. */
const LONG_MS = 70_000;
const IDLE = { host: { timing: { idleTimeoutMs: IDLE_MS } } };

export const listing: readonly Row[] = [
  {
    sentence: "a closed session says closed, and nothing of starting",
    async act(rig) {
      await rig.till(rig.close("a"));
      const { state, framing } = rig.facts();
      return { state, starting: /starting/.test(framing) };
    },
    ...both({ state: "closed", starting: false }),
  },
  {
    sentence: "a session that is being set up is listed as starting",
    rig: { unopened: true, delayMs: 200 },
    async act(rig) {
      const opening = rig.open("a");
      await rig.pass(50);
      const list = rig.list();
      await rig.till(opening);
      return { list };
    },
    ...both({ list: [{ name: "box", state: "starting" }] }),
  },
  {
    sentence: "a session at its prompt is listed as ready",
    act: async (rig) => ({ list: rig.list() }),
    ...both({ list: [{ name: "box", state: "ready" }] }),
  },
  {
    sentence: "each command is listed once, with its state",
    async act(rig) {
      await rig.till(rig.run("a", "say one"));
      await rig.till(rig.run("b", "slow", { timeoutMs: BRIEFLY }));
      return { commands: rig.facts().commands };
    },
    ...both({
      commands: [
        { id: 1, text: "say one", state: "done" },
        { id: 2, text: "slow", state: "running" },
      ],
    }),
  },
  {
    sentence: "an idle session is closed when its time is over, and says why",
    rig: IDLE,
    async act(rig) {
      await rig.pass(LONG_MS);
      return { state: rig.facts().state, read: await rig.till(rig.read("a")) };
    },
    ...both({ state: "closed", read: { state: "closed", text: expect.stringContaining("idle") } }),
  },
  {
    sentence: "an unsent line does not keep a session open for ever",
    rig: IDLE,
    async act(rig) {
      await rig.till(rig.text("a", "draft ", { timeoutMs: 1000 }));
      await rig.pass(LONG_MS);
      return { state: rig.facts().state };
    },
    ...both({ state: "closed" }),
  },
  {
    sentence: "a command that runs keeps its session open",
    rig: IDLE,
    async act(rig) {
      await rig.till(rig.run("a", "slow", { timeoutMs: BRIEFLY }));
      await rig.pass(3 * LONG_MS);
      return { state: rig.facts().state };
    },
    ...both({ state: "busy" }),
  },
  {
    sentence: "idle time counts from the last act of any caller",
    rig: IDLE,
    async act(rig) {
      await rig.pass(IDLE_MS - 10_000);
      await rig.till(rig.read("b"));
      await rig.pass(IDLE_MS - 10_000);
      return { state: rig.facts().state };
    },
    ...both({ state: "ready" }),
  },
  {
    sentence: "what the far end prints by itself does not keep a session open",
    rig: IDLE,
    async act(rig) {
      for (let at = 0; at < LONG_MS; at += 10_000) {
        if (rig.facts().state !== "closed") rig.far.print("\r\nbackground\r\n");
        await rig.pass(10_000);
      }
      return { state: rig.facts().state };
    },
    ...both({ state: "closed" }),
  },
  {
    sentence: "listing is no act: it does not keep a session open",
    rig: IDLE,
    async act(rig) {
      for (let at = 0; at < LONG_MS; at += 10_000) {
        rig.list();
        rig.facts();
        await rig.pass(10_000);
      }
      return { state: rig.facts().state };
    },
    ...both({ state: "closed" }),
  },
];
