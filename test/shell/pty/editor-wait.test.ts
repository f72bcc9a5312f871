import { expect, it } from "vitest";
import { EditorWait } from "../../../src/shell/pty/editor-wait.ts";
import { FakeClock } from "../../fake-clock.ts";

function waiting(due: boolean) {
  const clock = new FakeClock();
  const prompt = { due };
  const wait = new EditorWait(clock, () => prompt.due);
  let reads = false;
  const over = wait.reads().then(() => {
    reads = true;
  });
  return { clock, prompt, wait, over, reads: () => reads };
}

it("keys go at once where no prompt is being printed", async () => {
  const { over, reads } = waiting(false);
  await over;
  expect(reads()).toBe(true);
});

it("keys wait until the line editor of a prompt reads", async () => {
  const { prompt, wait, over, reads } = waiting(true);
  wait.looks();
  await Promise.resolve();
  expect(reads()).toBe(false);
  prompt.due = false;
  wait.looks();
  await over;
  expect(reads()).toBe(true);
});

it("keys wait no longer than a second for a prompt that does not come", async () => {
  const { clock, over, reads } = waiting(true);
  clock.advance(999);
  await Promise.resolve();
  expect(reads()).toBe(false);
  clock.advance(1);
  await over;
  expect(reads()).toBe(true);
});
