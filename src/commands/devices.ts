import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import { openDirectory, type Surroundings } from "../app/workspace.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";
import { type Catalog, openCatalog } from "../devices/catalog.ts";
import { gradeOf } from "../devices/grade.ts";
import { inspectRows, type RowFinding } from "../devices/inspect.ts";
import { renderText } from "../terminal/clean.ts";

const VERBS = ["list", "show", "test"] as const;
/** Largest terminal log looked at; a saved session is far below it. */
const MAX_LOG = 32 * 1024 * 1024;

export interface DevicesRequest {
  readonly verb: string | undefined;
  readonly platform: string | undefined;
  /** File of `test`; `-`: stdin. */
  readonly text: string | undefined;
  /** Folder of profiles instead of the inventory's `devices_dir`. */
  readonly devices: string | undefined;
  readonly json: boolean;
}

/** `ssh-mcp devices list|show|test`: for those who write a profile. Returns the exit code. */
export async function devicesCommand(request: DevicesRequest, around: Surroundings): Promise<number> {
  const { verb, platform } = request;
  const catalog = openCatalog(await folderOf(request, around));
  if (verb === "list" || verb === undefined) return list(catalog);
  if (verb !== "show" && verb !== "test")
    throw usage(`devices knows ${nearest(verb, VERBS).join(", ")}, not "${verb}"`);
  if (platform === undefined) throw usage(`devices ${verb} takes a platform`);
  if (verb === "show") {
    const { evidence, ...fields } = catalog.profile(platform);
    const from = [`# ${catalog.origin(platform)}`];
    for (const { id, origin } of catalog.bases(platform)) from.push(`# extends ${id} (${origin})`);
    return print(`${from.join("\n")}\n${stringify({ ...fields, evidence }, { lineWidth: 100 })}`);
  }
  if (request.text === undefined) throw usage("devices test takes --text FILE (- for stdin)");
  const rows = await rowsOf(request.text);
  const findings = inspectRows(rows, await catalog.device(platform));
  print(
    request.json
      ? `${JSON.stringify(findings, undefined, 2)}\n`
      : await account(catalog, platform, rows, findings),
  );
  return findings.some(({ what }) => what === "prompt") ? 0 : 1;
}

async function folderOf(request: DevicesRequest, around: Surroundings): Promise<{ dir?: string }> {
  if (request.devices !== undefined) return { dir: request.devices };
  const directory = await openDirectory(around);
  const { devicesDir } = directory.settings;
  directory.dispose();
  return devicesDir === undefined ? {} : { dir: devicesDir };
}

/** Every profile there is; of those that cannot be used why, on stderr. */
function list(catalog: Catalog): number {
  const ids = catalog.ids();
  const width = Math.max(...ids.map((id) => id.length));
  const broken: string[] = [];
  for (const id of ids) {
    try {
      const profile = catalog.profile(id);
      const origin = catalog.origin(id);
      const from = origin === "built in" ? "" : `  (${origin})`;
      print(`${id.padEnd(width)}  ${gradeOf(profile).padEnd(11)}  ${profile.name}${from}\n`);
    } catch (error) {
      broken.push(error instanceof SshMcpError ? error.toText() : messageOf(error));
    }
  }
  for (const text of broken) process.stderr.write(`${text}\n`);
  return broken.length === 0 ? 0 : 1;
}

/** The rows of a terminal log as a person saw them: escape sequences and overwrites applied. */
async function rowsOf(file: string): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = file === "-" ? await readStdin() : await readFile(file);
  } catch (error) {
    throw usage(`${file} cannot be read: ${messageOf(error)}`);
  }
  if (bytes.length > MAX_LOG) throw usage(`${file} has more than ${MAX_LOG} bytes`);
  // A log saved by an editor has bare line feeds.
  const text = bytes.includes("\r\n")
    ? bytes
    : Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
  return (await renderText(text, { cols: 500, rows: 50 })).lines;
}

async function readStdin(): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    size += part.length;
    if (size > MAX_LOG) break;
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

function usage(what: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    what,
    "ssh-mcp devices list | show PLATFORM | test PLATFORM --text FILE [--json] [--devices DIR]",
  );
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
