import { createReadStream } from "node:fs";
import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { Catalog } from "../../devices/catalog.ts";
import { inspectRows, type RowFinding } from "../../devices/inspect.ts";
import { renderText } from "../../terminal/clean.ts";
import { checkPlatform, openProfiles } from "./profiles.ts";

/** Largest terminal log looked at; a saved session is far below it. */
const MAX_LOG = 32 * 1024 * 1024;

export interface TestRequest {
  readonly platform: string;
  /** The terminal log; `-`: stdin. */
  readonly file: string;
  readonly json: boolean;
  /** Folder of profiles instead of the inventory's `devices_dir`. */
  readonly folder: string | undefined;
}

/** Prints what a profile recognises in a terminal log; 1: no prompt. */
export async function testProfile(request: TestRequest, around: Surroundings): Promise<number> {
  const { platform, file, json, folder } = request;
  const catalog = await openProfiles(folder, around);
  checkPlatform(catalog, platform);
  const rows = await rowsOf(file);
  const findings = inspectRows(rows, await catalog.device(platform));
  const text = json
    ? `${JSON.stringify(findings, undefined, 2)}\n`
    : await account(catalog, platform, rows, findings);
  process.stdout.write(text);
  return findings.some(({ what }) => what === "prompt") ? 0 : 1;
}

/** The rows of a terminal log as a person saw them: escape sequences and overwrites applied. */
async function rowsOf(file: string): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = await upToLimit(file === "-" ? process.stdin : createReadStream(file));
  } catch (error) {
    throw new SshMcpError(
      "invalid_argument",
      `${file === "-" ? "stdin" : file} cannot be read: ${messageOf(error)}`,
      "--text takes a saved terminal log, or - for stdin.",
    );
  }
  // A log saved by an editor has bare line feeds.
  const text = bytes.includes("\r\n")
    ? bytes
    : Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
  return (await renderText(text, { cols: 500, rows: 50 })).lines;
}

async function upToLimit(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_LOG) throw new Error(`it has more than ${MAX_LOG / 1024 / 1024} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function account(
  catalog: Catalog,
  platform: string,
  rows: readonly string[],
  findings: readonly RowFinding[],
): Promise<string> {
  const lines = findings.map(findingText);
  const counts = new Map<string, number>();
  for (const { what } of findings) counts.set(what, (counts.get(what) ?? 0) + 1);
  const counted = [...counts].map(([what, count]) => `${count} ${what}`).join(", ") || "nothing known";
  lines.push(`${rows.length} rows: ${counted}.`, ...(await hints(catalog, platform, rows, findings)));
  return `${lines.join("\n")}\n`;
}

function findingText({ row, what, details, typed, text }: RowFinding): string {
  const command = typed === undefined ? "" : `, with \`${visibleLine(typed, 60)}\` typed`;
  return `${String(row).padStart(6)}  ${what.padEnd(8)}  ${details}${command}\n${" ".repeat(18)}${visibleLine(text, 160)}`;
}

/** What may be wrong when this profile sees no prompt, or others see more. */
async function hints(
  catalog: Catalog,
  platform: string,
  rows: readonly string[],
  findings: readonly RowFinding[],
): Promise<string[]> {
  const own = weightOf(findings);
  const better: { id: string; weight: number }[] = [];
  for (const id of catalog.ids()) {
    if (id === platform) continue;
    const weight = weightOf(inspectRows(rows, await catalog.device(id)));
    if (weight > own) better.push({ id, weight });
  }
  const best = better.sort((a, b) => b.weight - a.weight).slice(0, 5);
  const names = best.map(({ id }) => id).join(", ");
  if (own > 0) return best.length === 0 ? [] : [`Others see more prompts: ${names}.`];
  const others = best.length === 0 ? "no other profile does either" : `these do: ${names}`;
  const last = rows.findLast((row) => row.trim() !== "");
  return [
    `No row is a prompt of ${platform}; ${others}. Prompts have to match a whole row up to the cursor.`,
    ...(best.length > 0 || last === undefined ? [] : [`The last row is "${visibleLine(last, 160)}".`]),
  ];
}

/** A row that is a prompt and nothing else says more than one whose beginning might be. */
function weightOf(findings: readonly RowFinding[]): number {
  return findings
    .filter(({ what }) => what === "prompt")
    .reduce((sum, { typed }) => sum + (typed === undefined ? 3 : 1), 0);
}
