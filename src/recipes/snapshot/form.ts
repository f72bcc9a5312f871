import { z } from "zod";

/** What a host is asked for where nothing else is said, and what else there is. */
export const KINDS = [
  "version",
  "inventory",
  "interfaces",
  "neighbours",
  "routes",
  "arp",
  "macs",
  "config",
] as const;
export type Kind = (typeof KINDS)[number];
export const USUAL: readonly Kind[] = ["version", "interfaces", "neighbours", "routes", "config"];

const record = z.record(z.string(), z.union([z.string(), z.number()]));

/** What is known of one kind on one host, or why nothing is. */
const factsForm = z.discriminatedUnion("is", [
  /** `unread`: rows that were not understood: the records may not be all. */
  z.object({ is: z.literal("records"), command: z.string(), records: z.array(record), unread: z.number() }),
  z.object({ is: z.literal("text"), command: z.string(), lines: z.array(z.string()) }),
  /** The host says that there is nothing. */
  z.object({ is: z.literal("nothing"), command: z.string(), said: z.string() }),
  z.object({ is: z.literal("not_read"), why: z.string() }),
]);

export type Facts = z.output<typeof factsForm>;

const hostForm = z.object({
  host: z.string(),
  platform: z.string(),
  /** What it calls itself. */
  called: z.string().optional(),
  at: z.number(),
  kinds: z.partialRecord(z.enum(KINDS), factsForm),
});

/** One host at one time. */
export type HostSnapshot = z.output<typeof hostForm>;

const indexForm = z.object({
  name: z.string(),
  at: z.number(),
  kinds: z.array(z.enum(KINDS)),
  hosts: z.array(z.string()),
  /** Hosts of which nothing could be read, each with the reason. */
  failed: z.array(z.tuple([z.string(), z.string()])),
  bytes: z.number(),
});

/** What a snapshot is of. */
export type SnapshotIndex = z.output<typeof indexForm>;

/** @throws ZodError. */
export function readHost(value: unknown): HostSnapshot {
  return hostForm.parse(value);
}

/** @throws ZodError. */
export function readIndex(value: unknown): SnapshotIndex {
  return indexForm.parse(value);
}
