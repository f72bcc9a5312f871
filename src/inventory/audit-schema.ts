import { z } from "zod";
import { DURABILITIES } from "../base/contract/policy.ts";
import { strict } from "../base/strict.ts";
import { recordingsSchema } from "./recordings-settings.ts";
import { path, size } from "./values.ts";

const some = z
  .number({ error: "must be a whole number from 1" })
  .int("must be a whole number")
  .min(1, "must be at least 1")
  .max(100_000, "must be at most 100000");

/** Is a host recorded? */
export const recorded = z
  .boolean()
  .describe(
    "Every session on the host is recorded as asciicast files (ssh-mcp recordings), without the secrets in use; default false.",
  )
  .optional();

/** What `settings` says of the audit log and of recordings. */
export const auditSchema = {
  audit_log: path
    .describe(
      "File that records what is done; default: audit.jsonl in the state folder (~/.local/state/ssh-mcp); off: none is kept.",
    )
    .optional(),
  audit_durability: z
    .enum(DURABILITIES, { error: `must be one of ${DURABILITIES.join(", ")}` })
    .describe(
      "write (default): a line survives this program; fdatasync: also a loss of power, and costs a wait for the disk.",
    )
    .optional(),
  audit_rotate: strict({
    size: size.describe("A larger file is gone on with in a new one; default 64MiB; 0: never.").optional(),
    days: some.describe("So is one whose first line is older; default: never.").optional(),
    keep_files: some.describe("Rotated files that are kept; default: all.").optional(),
    keep_days: some
      .describe("Rotated files are kept so long after their last line; default: for ever.")
      .optional(),
  })
    .describe("When the audit log goes on in a new file, and how long old ones are kept.")
    .optional(),
  recordings: recordingsSchema,
};
