import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const kinds = z.record(z.string(), z.array(z.string()));
const shape = z.object({ platform: z.string(), destructive: kinds.optional(), benign: kinds.optional() });

/** One text of a collection, and what it is to be. */
export interface Case {
  readonly file: string;
  readonly kind: string;
  readonly text: string;
  readonly is: "destructive" | "benign";
}

const folder = join(import.meta.dirname, "..", "collections");

/** The cases of every collection of a platform. */
export function casesOf(platform: string): readonly Case[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .flatMap((file) => {
      const collection = shape.safeParse(parse(readFileSync(join(folder, file), "utf8")));
      if (!collection.success || collection.data.platform !== platform) return [];
      return (["destructive", "benign"] as const).flatMap((is) =>
        Object.entries(collection.data[is] ?? {}).flatMap(([kind, texts]) =>
          texts.map((text) => ({ file, kind, text, is })),
        ),
      );
    });
}
