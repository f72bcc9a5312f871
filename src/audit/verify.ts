import { createHash } from "node:crypto";

/** What is wrong with the text of an audit log, first break first; empty when the chain is whole. */
export function verifyAuditLog(text: string): string[] {
  const problems: string[] = [];
  let seq = 1;
  let prev = "0".repeat(64);
  const lines = text.split("\n");
  if (lines.pop() !== "") problems.push("the last line is torn");
  for (const [index, line] of lines.entries()) {
    const entry: unknown = parse(line);
    if (typeof entry !== "object" || entry === null || !("seq" in entry) || !("prev" in entry)) {
      problems.push(`line ${index + 1} is not an audit entry`);
      continue;
    }
    if (entry.seq !== seq)
      problems.push(`line ${index + 1} has number ${String(entry.seq)}, expected ${seq}`);
    if (entry.prev !== prev) problems.push(`line ${index + 1} does not continue the line before it`);
    seq = (typeof entry.seq === "number" ? entry.seq : seq) + 1;
    prev = createHash("sha256").update(line).digest("hex");
  }
  return problems;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
