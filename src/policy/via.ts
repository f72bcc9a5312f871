import type { Finding } from "./risk.ts";

/**
 * What a rule that allows has to match: the command alone, and where that is done somewhere else (another host, a container) with
 * the way there in front, for leave on this host is none on another.
 */
export function allowable({ meaning, via = [] }: Pick<Finding, "meaning" | "via">): string {
  return [...via, meaning].join(" ");
}
