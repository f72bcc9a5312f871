import { resolve } from "node:path";
import { auditPath } from "../../app/audit-log.ts";
import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { type AuditReport, verifyAuditLog } from "../../audit/verify.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";

/** Prints whether the chain of the log is whole. Returns the exit code. @throws SshMcpError for what is no log. */
export async function verifyLog(file: string | undefined, around: Surroundings): Promise<number> {
  const path = file === undefined ? await configured(around) : resolve(around.cwd, file);
  const report = await verifyAuditLog(path);
  process.stdout.write(textOf(path, report));
  return report.problemCount === 0 ? 0 : 1;
}

/** The log that is kept. */
export function configured(around: Surroundings): Promise<string> {
  return withParts(around, async ({ directory, inventoryPath }) => {
    const path = auditPath((await directory()).settings, around);
    if (path !== undefined) return path;
    throw new SshMcpError(
      "invalid_argument",
      `${(await inventoryPath()) ?? "the inventory"} says audit_log: off: no audit log is kept`,
      "Name the file (ssh-mcp audit verify FILE), or set settings.audit_log in hosts.yaml.",
    );
  });
}

function textOf(
  path: string,
  { lines, files, first, last, hash, problems, problemCount, continues }: AuditReport,
): string {
  const named = problems.map(
    ({ path: file = path, line, reason }) => `${file}:${line}: the line ${reason}\n`,
  );
  const more = problemCount - problems.length;
  if (more > 0) named.push(`… and ${more} more\n`);
  const count = `${lines} ${lines === 1 ? "line" : "lines"}`;
  if (problemCount > 0)
    return `${named.join("")}The chain is BROKEN: ${count}, ${problemCount} ${problemCount === 1 ? "problem" : "problems"}.\n`;
  const period = `${visibleLine(first ?? "", 40)} to ${visibleLine(last ?? "", 40)}`;
  const over = files > 1 ? ` in ${files} files` : "";
  return `${path}: the chain is whole: ${count}${over}, ${period}.\nThe last line's SHA-256 is ${hash}.\n${continued(continues)}`;
}

function continued(before: AuditReport["continues"]): string {
  if (before === undefined) return "";
  const why = before.retired === true ? "removed because it was old" : "rotated away and is not here";
  return `It continues a log of ${before.lines} lines that was ${why}; the last line's SHA-256 there is ${before.hash}.\n`;
}
