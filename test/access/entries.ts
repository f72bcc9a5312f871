import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { verifyAuditLog } from "../../src/audit/verify.ts";

/** The entries of an audit log whose chain is whole. */
export async function entriesOf(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, "utf8");
  expect((await verifyAuditLog(path)).problems).toEqual([]);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
