import { z } from "zod";
import { strict } from "../base/strict.ts";
import type { DirectorySettings } from "./host.ts";

const DAY_MS = 86_400_000;
const MEGABYTE = 1024 * 1024;

const some = z
  .number({ error: "must be a whole number from 1" })
  .int("must be a whole number")
  .min(1, "must be at least 1")
  .max(10_000_000, "must be at most 10000000");

/** What `settings` says of recordings. */
export const recordingsSchema = strict({
  days: some.describe("Older ones are removed; default: never.").optional(),
  megabytes: some
    .describe("The oldest are removed until the rest fits, and none grows larger; default: no limit.")
    .optional(),
})
  .describe("How long recordings are kept; looked at whenever one begins.")
  .optional();

/** In milliseconds and bytes. */
export function recordingsSettings(
  given: z.infer<typeof recordingsSchema>,
): NonNullable<DirectorySettings["recordings"]> {
  const { days, megabytes } = given ?? {};
  return {
    ...(days === undefined ? {} : { ms: days * DAY_MS }),
    ...(megabytes === undefined ? {} : { bytes: megabytes * MEGABYTE }),
  };
}
