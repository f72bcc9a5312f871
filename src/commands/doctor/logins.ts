import { listed } from "../../ssh/protocol/sentences.ts";
import type { Trail } from "./timeline.ts";

/** Every attempt to log in and what became of it, in order; never what was sent. `end`: when the last one was over. */
export function attemptLines(trail: Trail, end: number): string[] {
  const lines: string[] = [];
  const turns = trail.steps.filter(
    (step) => step.step === "trying" || step.step === "accepts" || step.step === "logged_in",
  );
  turns.forEach((turn, index) => {
    if (turn.step !== "trying") return;
    const answer = turns[index + 1];
    const ms = Math.round((answer?.at ?? end) - turn.at);
    lines.push(`${turn.method}: ${verdictOf(turn.method, answer)} (${ms} ms)`);
  });
  return lines;
}

function verdictOf(method: string, answer: Trail["steps"][number] | undefined): string {
  switch (answer?.step) {
    case "logged_in":
      return "accepted";
    case "accepts": {
      const offered = answer.methods.length === 0 ? "nothing" : listed(answer.methods);
      if (answer.partial) return `accepted, and the server wants ${offered} as well`;
      return method === "none" ? `the server accepts ${offered}` : "refused";
    }
    default:
      return "the connection ended";
  }
}
