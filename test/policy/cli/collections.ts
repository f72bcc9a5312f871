import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Grammar } from "../../../src/policy/cli/grammar.ts";
import { judgeCli, stateAt } from "../../../src/policy/cli/judge.ts";
import { grammarOf } from "../../../src/policy/cli/library.ts";
import type { Risk } from "../../../src/policy/risk.ts";

const kinds = z.record(z.string(), z.array(z.string()));
const shape = z.strictObject({ platform: z.string(), destructive: kinds, benign: kinds });

/** A text of a collection, and what is known of it. */
export interface Sample {
  readonly platform: string;
  readonly kind: string;
  readonly text: string;
  readonly destructive: boolean;
}

/** The main collection, the one written behind the grammars, what public references list, and what reports of outages tell of. */
export const COLLECTIONS = ["", "held-out", "published", "incidents"] as const;

export function samplesOf(collection: (typeof COLLECTIONS)[number]): readonly Sample[] {
  const folder = join(import.meta.dirname, "..", "collections", collection);
  return (
    readdirSync(folder)
      // Those of POSIX are read elsewhere.
      .filter((file) => file.endsWith(".yaml") && !file.includes("posix"))
      .sort()
      .flatMap((file) => {
        const { platform, destructive, benign } = shape.parse(
          parse(readFileSync(join(folder, file), "utf8")),
        );
        const of = (given: z.infer<typeof kinds>, isDestructive: boolean) =>
          Object.entries(given).flatMap(([kind, texts]) =>
            texts.map((text): Sample => ({ platform, kind, text, destructive: isDestructive })),
          );
        return [...of(destructive, true), ...of(benign, false)];
      })
  );
}

export const allSamples = COLLECTIONS.flatMap((collection) => samplesOf(collection));

const grammars = new Map<string, Grammar>();

export function grammar(platform: string): Grammar {
  const known = grammars.get(platform) ?? grammarOf(platform);
  grammars.set(platform, known);
  return known;
}

/** The risk of a text at the privileged prompt of a platform. */
export function riskOf(platform: string, text: string): Risk {
  return judgeCli(text, grammar(platform), stateAt(grammar(platform))).risk;
}

/** Would it run without a human under the level `guarded`? */
export const passes = (risk: Risk) => risk === "read" || risk === "write";
