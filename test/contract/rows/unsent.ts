import { expect } from "vitest";
import { BRIEFLY, both, type Row } from "./row.ts";

export const unsent: readonly Row[] = [
  {
    sentence: "text without Enter stays unsent, and the row that holds it is reported",
    async act(rig) {
      return { sent: await rig.till(rig.text("a", "draft")), executed: rig.far.executed };
    },
    ...both({
      sent: { state: "asking", asked: "line", row: expect.stringMatching(/draft$/) },
      executed: [],
    }),
  },
  {
    sentence: "a command behind an unsent line runs alone",
    async act(rig) {
      await rig.till(rig.text("a", "draft "));
      return { ran: await rig.till(rig.run("b", "say alone")), executed: rig.far.executed };
    },
    ...both({ ran: { state: "done", about: "say alone", rows: ["alone"] }, executed: ["say alone"] }),
  },
  {
    sentence: "a command behind an unsent line runs alone over a slow link, too",
    rig: { delayMs: 200, promptMs: 250 },
    async act(rig) {
      await rig.till(rig.text("a", "draft ", { timeoutMs: 3000 }));
      return { ran: await rig.till(rig.run("b", "say alone")), executed: rig.far.executed };
    },
    ...both({ ran: { state: "done", rows: ["alone"] }, executed: ["say alone"] }),
  },
  {
    sentence: "Enter runs an unsent line, once",
    async act(rig) {
      await rig.till(rig.text("a", "say typed"));
      const entered = await rig.till(rig.keys("a", "<Enter>"));
      return { entered, executed: rig.far.executed };
    },
    ...both({ entered: { state: "done" }, executed: ["say typed"] }),
  },
  {
    sentence: "text with Enter is a line that runs, and its output is returned",
    async act(rig) {
      const entered = await rig.till(rig.text("a", "say typed", { enter: true }));
      return { entered, executed: rig.far.executed };
    },
    ...both({
      entered: { state: "done", rows: expect.arrayContaining(["typed"]) },
      executed: ["say typed"],
    }),
  },
  {
    sentence: "pieces of one caller's text add up to one line",
    async act(rig) {
      await rig.till(rig.text("a", "say one"));
      await rig.till(rig.text("a", " two"));
      await rig.till(rig.keys("a", "<Enter>"));
      return { executed: rig.far.executed };
    },
    ...both({ executed: ["say one two"] }),
  },
  {
    sentence: "an interrupt throws an unsent line away",
    async act(rig) {
      await rig.till(rig.text("a", "draft "));
      const freed = await rig.till(rig.keys("b", "<C-c>"));
      const ran = await rig.till(rig.run("a", "say next"));
      return { freed, ran, executed: rig.far.executed.filter((line) => line !== "") };
    },
    ...both({ freed: { state: "done" }, ran: { state: "done", rows: ["next"] }, executed: ["say next"] }),
  },
  {
    sentence: "of two commands given behind an unsent line one runs and the other is refused",
    rig: { promptMs: 100 },
    async act(rig) {
      await rig.till(rig.text("a", "draft "));
      const [first, second] = await rig.till(Promise.all([rig.run("a", "say one"), rig.run("b", "say two")]));
      return { first, second, executed: rig.far.executed };
    },
    ...both({
      first: { state: "done", rows: ["one"] },
      second: { error: expect.stringMatching(/^(busy|not_ready)$/) },
      executed: ["say one"],
    }),
  },
  {
    sentence: "text typed ahead of a prompt while a command runs never becomes part of the next command",
    async act(rig) {
      await rig.till(rig.run("a", "late 1000 end", { timeoutMs: 200 }));
      await rig.till(rig.text("b", "draft ", { timeoutMs: 200 }));
      await rig.till(rig.read("a", { timeoutMs: 5000 }));
      const ran = await rig.till(rig.run("a", "say alone"));
      const { executed } = rig.far;
      return { ran, executed, spliced: executed.some((line) => /draft.*say alone/.test(line)) };
    },
    shell: {
      ran: { state: "done", rows: ["alone"] },
      executed: ["late 1000 end", "say alone"],
      spliced: false,
    },
    // A device shows the prompt with the text behind it: refusing the command there is right, too.
    device: { spliced: false },
  },
  {
    sentence: "a command given while an entered line is still in transit does not disturb that line",
    rig: { delayMs: 150 },
    async act(rig) {
      const typed = rig.text("a", "late 300 typed", { enter: true });
      await rig.pass(20);
      const second = await rig.till(rig.run("b", "say two"));
      return { second, typed: await rig.till(typed), executed: rig.far.executed };
    },
    ...both({
      second: { error: expect.stringMatching(/^(busy|not_ready)$/) },
      typed: { state: "done", rows: expect.arrayContaining(["typed"]) },
      executed: ["late 300 typed"],
    }),
  },
  {
    sentence: "a command given while unsent text is still in transit runs alone",
    rig: { delayMs: 150 },
    async act(rig) {
      const typed = rig.text("a", "draft ", { timeoutMs: BRIEFLY });
      await rig.pass(20);
      const ran = await rig.till(rig.run("b", "say alone"));
      await rig.till(typed);
      return { ran, executed: rig.far.executed };
    },
    ...both({ ran: { state: "done", rows: ["alone"] }, executed: ["say alone"] }),
  },
];
