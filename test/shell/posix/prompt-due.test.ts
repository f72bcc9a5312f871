import { expect, it } from "vitest";
import { promptDue } from "../../../src/shell/posix/prompt-due.ts";
import { seenOf } from "../seen.ts";

/** How a shell without a mark at its prompt is judged while the screen's drawing is behind, or is not. */
async function judged(stale: boolean): Promise<string> {
  let lost = false;
  const marks = { level: undefined, hookLost: () => (lost = true) };
  const view = { ...seenOf({ row: "me@here:~$ ", ms: 0 }).view, stale };
  const port = {
    sinks: { screen: { flush() {}, view: () => view } },
    kernel: () => Promise.resolve({ waiting: "unknown", shellInFront: false }),
    refusal: () => new Error("not a prompt"),
  };
  const parts = {
    marks: Object.defineProperty(marks, "owesPrompt", { get: () => !lost }),
    port,
    promptRow: "me@here:~$ ",
    said: false,
    tell() {},
  };
  // biome-ignore lint/suspicious/noExplicitAny: only what it looks at is there
  const script = promptDue(parts as any);
  try {
    for (let step = script.next(); !step.done; step = script.next("late"))
      if (step.value.for === "work") await step.value.work;
  } catch (error) {
    return String(error);
  }
  return "typed";
}

it("a row like the last prompt, drawn whole, is the prompt of a shell that lost its hook", async () => {
  expect(await judged(false)).toBe("typed");
});

it("on a screen whose drawing is behind it proves nothing", async () => {
  expect(await judged(true)).toContain("not a prompt");
});
