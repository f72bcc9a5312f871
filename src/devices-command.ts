import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import { messageOf, SshMcpError } from "./base/errors.ts";
import { nearest, visibleLine } from "./base/text.ts";
import { openDirectory, type Surroundings } from "./compose.ts";
import { type Catalog, openCatalog } from "./devices/catalog.ts";
import { gradeOf } from "./devices/grade.ts";
import { inspectRows, type RowFinding } from "./devices/inspect.ts";
import { renderText } from "./terminal/clean.ts";

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
  if (verb === "list" || verb === undefined) return print(list(catalog));
  if (verb !== "show" && verb !== "test")
    throw usage(`devices knows ${nearest(verb, VERBS).join(", ")}, not "${verb}"`);
  if (platform === undefined) throw usage(`devices ${verb} takes a platform`);
  if (verb === "show") {
    const { evidence, ...fields } = catalog.profile(platform);
    return print(`# ${catalog.origin(platform)}\n${stringify({ ...fields, evidence }, { lineWidth: 100 })}`);
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

function list(catalog: Catalog): string {
  const ids = catalog.ids();
  const width = Math.max(...ids.map((id) => id.length));
  return ids
    .map((id) => {
      const profile = catalog.profile(id);
      const origin = catalog.origin(id);
      const from = origin === "built in" ? "" : `  (${origin})`;
      return `${id.padEnd(width)}  ${gradeOf(profile).padEnd(11)}  ${profile.name}${from}\n`;
    })
    .join("");
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
  const summary = `${rows.length} rows: ${counted}.`;
  if (counts.has("prompt")) return `${[...lines, summary].join("\n")}\n`;
  return `${[...lines, summary, await hint(catalog, platform, rows)].join("\n")}\n`;
}

function findingText({ row, what, details, typed, text }: RowFinding): string {
  const command = typed === undefined ? "" : `, with \`${visibleLine(typed, 60)}\` typed`;
  return `${String(row).padStart(6)}  ${what.padEnd(8)}  ${details}${command}\n${" ".repeat(18)}${visibleLine(text, 160)}`;
}

/** No prompt of this profile stands in the log: which profiles would see one. */
async function hint(catalog: Catalog, platform: string, rows: readonly string[]): Promise<string> {
  const seen: { id: string; prompts: number }[] = [];
  for (const id of catalog.ids()) {
    if (id === platform) continue;
    // A row that is a prompt and nothing else says more than one whose beginning might be.
    const prompts = inspectRows(rows, await catalog.device(id))
      .filter(({ what }) => what === "prompt")
      .reduce((sum, { typed }) => sum + (typed === undefined ? 3 : 1), 0);
    if (prompts > 0) seen.push({ id, prompts });
  }
  const best = seen.sort((a, b) => b.prompts - a.prompts).slice(0, 5);
  const others =
    best.length === 0 ? "no other profile does either" : `these do: ${best.map(({ id }) => id).join(", ")}`;
  return `No row is a prompt of ${platform}; ${others}. Prompts have to match a whole row up to the cursor.`;
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
