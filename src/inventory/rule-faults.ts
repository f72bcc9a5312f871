import { messageOf } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { Fault } from "./faults.ts";
import { rulesIn } from "./policy.ts";
import type { InventoryFile } from "./schema.ts";
import type { YamlSource } from "./yaml-source.ts";

/** Rules whose pattern is none, or does not do what their own examples say. */
export async function ruleFaults(file: InventoryFile, source: YamlSource): Promise<Fault[]> {
  const rules = rulesIn(file);
  if (rules.length === 0) return [];
  const { RE2JS } = await import("re2js");
  return rules.flatMap(({ rule, path }) => {
    const pattern = rule.allow ?? rule.ask ?? rule.deny ?? "";
    const fault = (message: string): Fault => ({ path: [...path], line: source.lineOf(path), message });
    try {
      const regex = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
      const matches = (example: string) => regex.matches(example.trim());
      return [
        ...examplesOf(rule.match)
          .filter((example) => !matches(example))
          .map((example) => fault(`the pattern does not match its own example ${quoted(example)}; ${WHOLE}`)),
        ...examplesOf(rule.not_match)
          .filter(matches)
          .map((example) => fault(`the pattern matches ${quoted(example)}, which it must not`)),
      ];
    } catch (error) {
      return [fault(`not an RE2 pattern (no look-around, no back-references): ${messageOf(error)}`)];
    }
  });
}

const WHOLE = "a pattern has to match the whole command (.* at its end for any arguments)";

function examplesOf(examples: string | readonly string[] | undefined): readonly string[] {
  return typeof examples === "string" ? [examples] : (examples ?? []);
}

function quoted(text: string): string {
  return JSON.stringify(visibleLine(text, 80));
}
