import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Surroundings } from "../../app/surroundings.ts";
import { verifyAuditLog } from "../../audit/verify.ts";
import { visibleLine } from "../../base/text.ts";
import { configured } from "./verify.ts";

/** Fields that are said by the line itself. */
const SAID: ReadonlySet<string> = new Set(["seq", "time", "event", "prev", "host", "session"]);

/** Prints the last `count` entries for people, and whether the chain is whole. Returns the exit code. */
export async function showLog(
  file: string | undefined,
  count: number,
  around: Surroundings,
): Promise<number> {
  const path = file === undefined ? await configured(around) : resolve(around.cwd, file);
  const { problemCount } = await verifyAuditLog(path);
  const last: string[] = [];
  const handle = await open(path);
  try {
    for await (const line of createInterface({ input: handle.createReadStream({ autoClose: false }) })) {
      last.push(line);
      if (last.length > count) last.shift();
    }
  } finally {
    await handle.close();
  }
  for (const line of last) process.stdout.write(`${entryLine(line)}\n`);
  if (problemCount > 0)
    process.stdout.write(`The chain is BROKEN (${problemCount}): ssh-mcp audit verify names the lines.\n`);
  return problemCount === 0 ? 0 : 1;
}

/** `12 2026-01-02T03:04:05Z action sw1/sw1-2 verb=run text="show version"`. */
function entryLine(line: string): string {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    entry = undefined;
  }
  if (typeof entry !== "object" || entry === null) return `(no entry) ${visibleLine(line, 200)}`;
  const fields = new Map<string, unknown>(Object.entries(entry));
  const place = [fields.get("host"), fields.get("session")].filter((one) => one !== undefined);
  const rest = [...fields]
    .filter(([name]) => !SAID.has(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const words = [fields.get("seq"), fields.get("time"), fields.get("event"), place.join("/"), ...rest];
  return visibleLine(words.filter((word) => word !== undefined && word !== "").join(" "), 2_000);
}
