import type { Profile } from "./profile.ts";

/** How well a profile is founded: `measured` on the real program, `recorded`, `described` by others, or `unconfirmed`. */
export type Grade = "measured" | "recorded" | "described" | "unconfirmed";

/** The best of its evidence; a profile without any is unconfirmed. */
export function gradeOf({ evidence = [] }: Profile): Grade {
  const kinds = new Set(evidence.map(({ kind }) => kind));
  if (kinds.has("measured")) return "measured";
  if (kinds.has("recording")) return "recorded";
  if (kinds.has("states") || kinds.has("prompts") || kinds.has("documentation")) return "described";
  return "unconfirmed";
}
