import { expect, it } from "vitest";
import type { FleetMember, FleetRecord } from "../../src/multiplexer/types.ts";
import { runPage } from "../../src/results/run-page.ts";
import { answerMany } from "../../src/tools/acts/answer-many.ts";
import type { ToolContext } from "../../src/tools/acts/context.ts";

const asking = (host: string, id: number, row: string): FleetMember => ({
  id,
  host,
  state: "asking",
  question: { session: `exec-${id}`, command: 1, row, asked: "confirm", answered: () => {} },
});
const fleet = (members: readonly FleetMember[]): FleetRecord => ({
  id: 1,
  command: "reload",
  members,
  running: true,
  durationMs: 1_000,
  terms: { alike: [] },
});

it("an answer that names no question goes to none that nobody was shown", async () => {
  const looked: string[] = [];
  // Each session is looked at before anything is typed; here there is none any more.
  const find = (session: string) => void looked.push(session);
  const context = { multiplexer: { find } } as unknown as ToolContext;
  const save = asking("sw1", 2, "Save? [yes/no]:");
  const reload = asking("sw2", 3, "Proceed with reload? [confirm]");
  await expect(answerMany(context, fleet([reload]), { text: "y" })).rejects.toMatchObject({
    message: expect.stringMatching(/not shown yet: "Proceed with reload\? \[confirm\]"; nothing was typed/),
  });
  await runPage(fleet([save]), { whole: 10_000, cut: 10_000 }, true);
  await answerMany(context, fleet([save, reload]), { text: "y" });
  expect(looked).toEqual(["exec-2"]);
  await answerMany(context, fleet([reload]), { text: "y", question: "Proceed with reload? [confirm]" });
  expect(looked).toEqual(["exec-2", "exec-3"]);
});
