import { expect } from "vitest";
import type { Told } from "../calls.ts";
import type { Rig } from "../rig.ts";
import { BRIEFLY, both, type Row } from "./row.ts";

/** `command` is given, and `ms` later the other act comes while it is in the making. */
async function meanwhile(rig: Rig, command: string, ms: number, act: () => Promise<Told>) {
  const ran = rig.run("a", command, { timeoutMs: 5000 });
  await rig.pass(ms);
  const other = await rig.till(act());
  const told = await rig.till(ran);
  await rig.pass(2000);
  return { ran: told, other, executed: [...rig.far.executed], answers: [...rig.far.answers] };
}

/** The line before holds `draft`, so that it must be cleared first. */
async function behindDraft(rig: Rig, command: string, ms: number, act: () => Promise<Told>) {
  await rig.till(rig.text("a", "draft ", { timeoutMs: 3000 }));
  return meanwhile(rig, command, ms, act);
}

const NOT_RUN = expect.stringMatching(/\b(not|nothing was) (run|typed)\b/i);

const REFUSED = {
  other: { error: "not_ready" },
  ran: { state: "done", about: "say whole", rows: ["whole"] },
  executed: ["say whole"],
};

export const epoch: readonly Row[] = [
  {
    sentence: "text sent while a command's line is being cleared is refused, and the command runs whole",
    rig: { promptMs: 250 },
    act: (rig) => behindDraft(rig, "say whole", 60, () => rig.text("b", "rm -v keep-me; ")),
    ...both(REFUSED),
  },
  {
    sentence: "text sent while a command's line is being cleared over a slow link is refused",
    rig: { delayMs: 120 },
    act: (rig) => behindDraft(rig, "say whole", 60, () => rig.text("b", "rm -v keep-me; ")),
    ...both(REFUSED),
  },
  {
    sentence: "nothing is typed of text that is refused while a command's line is being cleared",
    rig: { delayMs: 120 },
    async act(rig) {
      await behindDraft(rig, "say whole", 60, () => rig.text("b", "rm -v keep-me; "));
      return { typed: rig.written().includes("keep-me") };
    },
    ...both({ typed: false }),
  },
  {
    sentence: "a line with Enter sent while a command's line is being cleared is refused",
    rig: { promptMs: 250 },
    act: (rig) => behindDraft(rig, "say whole", 60, () => rig.text("b", "say other", { enter: true })),
    ...both(REFUSED),
  },
  {
    sentence: "keys sent while a command's line is being cleared are refused",
    rig: { promptMs: 250 },
    act: (rig) => behindDraft(rig, "say whole", 60, () => rig.keys("b", "<Up><Enter>")),
    ...both(REFUSED),
  },
  {
    sentence: "text sent while a command's line is being typed is refused",
    rig: { delayMs: 150 },
    act: (rig) => meanwhile(rig, "say whole", 60, () => rig.text("b", "rm -v keep-me; ")),
    ...both(REFUSED),
  },
  {
    sentence: "a line with Enter sent while a command's line is being typed is refused",
    rig: { delayMs: 150 },
    act: (rig) => meanwhile(rig, "say whole", 60, () => rig.text("b", "say other", { enter: true })),
    ...both(REFUSED),
  },
  {
    sentence: "text sent just before a command begins does not answer that command's question",
    rig: { delayMs: 150 },
    act: (rig) => meanwhile(rig, "confirm", 100, () => rig.text("b", "y", { enter: true })),
    ...both({ other: { error: "not_ready" }, answers: [] }),
  },
  {
    sentence: "the refusal names the command in the making and says that nothing was typed",
    rig: { promptMs: 250 },
    act: (rig) => behindDraft(rig, "say whole", 60, () => rig.text("b", "x")),
    ...both({ other: { error: "not_ready", text: expect.stringMatching(/say whole.*(not|NOT|nothing)/s) } }),
  },
  {
    sentence:
      "an interrupt while a command's line is being cleared passes, and the command is not run and says so",
    rig: { promptMs: 250 },
    act: (rig) => behindDraft(rig, "say whole", 60, () => rig.keys("b", "<C-c>", { timeoutMs: 3000 })),
    ...both({ ran: { text: NOT_RUN }, executed: [] }),
  },
  {
    sentence: "a command interrupted in the making over a slow link is not run and says so",
    rig: { delayMs: 120 },
    act: (rig) => behindDraft(rig, "say whole", 60, () => rig.keys("b", "<C-c>", { timeoutMs: 3000 })),
    ...both({ ran: { text: NOT_RUN }, executed: [] }),
  },
  {
    sentence: "an interrupt before Enter was pressed cancels the command, which says that it did not run",
    rig: { delayMs: 150 },
    act: (rig) => meanwhile(rig, "say whole", 60, () => rig.keys("b", "<C-c>", { timeoutMs: 3000 })),
    shell: {
      not: "a shell's line and its Enter are one write: an interrupt behind it is one of the running command",
    },
    device: {
      ran: { about: "say whole", text: NOT_RUN },
      executed: [],
    },
  },
  {
    sentence: "the next command runs after one that was interrupted in the making",
    rig: { delayMs: 120 },
    async act(rig) {
      await behindDraft(rig, "say whole", 60, () => rig.keys("b", "<C-c>", { timeoutMs: 3000 }));
      const next = await rig.till(rig.run("b", "say next"));
      return { next, executed: rig.far.executed };
    },
    ...both({ next: { state: "done", about: "say next", rows: ["next"] }, executed: ["say next"] }),
  },
  {
    sentence: "a key of the caller between two lines of one command is refused while a line is being typed",
    rig: { delayMs: 100 },
    async act(rig) {
      const ran = rig.run("a", "say one\nsay two");
      await rig.pass(50);
      const other = await rig.till(rig.text("b", "x", { timeoutMs: BRIEFLY }));
      return { other, ran: await rig.till(ran), executed: rig.far.executed };
    },
    shell: { not: "a shell takes all lines of a command at once" },
    device: { other: { error: "not_ready" }, ran: { state: "done" }, executed: ["say one", "say two"] },
  },
  {
    sentence: "output in the background at a prompt refuses nobody",
    async act(rig) {
      rig.far.print("\r\na word from the background\r\n");
      await rig.pass(1);
      const typed = await rig.till(rig.text("b", "say typed", { enter: true }));
      return { typed: typed.error ?? "typed", executed: rig.far.executed };
    },
    ...both({ typed: "typed", executed: ["say typed"] }),
  },
];
