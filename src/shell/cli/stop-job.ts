import type { Dialogue } from "./dialogue.ts";
import type { Job } from "./job.ts";

/** No further line is typed by us: the end of what runs needs no more proof than that of a command alone. */
export function stopJob(
  job: Job | undefined,
  why: "interrupted" | "question" | "keys",
  dialogue: Dialogue,
): void {
  if (job === undefined) return;
  job.stop = why === "interrupted" ? why : (job.stop ?? why);
  const { memory } = dialogue;
  if ((job.keepGoing && why !== "interrupted") || memory.expected?.what !== "prompt") return;
  dialogue.memory = { ...memory, expected: { ...memory.expected, next: undefined } };
}
