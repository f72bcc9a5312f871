import { accessSync, constants, existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import type { Place } from "../../app/surroundings.ts";
import { visibleLine } from "../../base/text.ts";
import { type Finding, finding } from "./finding.ts";

/** Where MCP clients keep their servers: file, and the key the servers are under. */
const CLIENTS: readonly { readonly name: string; readonly file: string; readonly here?: boolean }[] = [
  { name: "Claude Code", file: ".claude.json" },
  { name: "Claude Code", file: ".mcp.json", here: true },
  { name: "Claude Desktop", file: ".config/Claude/claude_desktop_config.json" },
  { name: "Claude Desktop", file: "Library/Application Support/Claude/claude_desktop_config.json" },
  { name: "Codex", file: ".codex/config.toml" },
  { name: "Gemini CLI", file: ".gemini/settings.json" },
  { name: "Cursor", file: ".cursor/mcp.json" },
  { name: "VS Code", file: ".config/Code/User/mcp.json" },
  { name: "VS Code", file: ".vscode/mcp.json", here: true },
  { name: "opencode", file: ".config/opencode/opencode.json" },
  { name: "Zed", file: ".config/zed/settings.json" },
];

/** A server as a client starts it. */
interface Registration {
  readonly name: string;
  readonly words: readonly string[];
}

/** What each client's files say of this program: which one it starts, and of which version. Files are read, nothing is started. */
export function clientFindings(place: Place): Finding[] {
  const findings = CLIENTS.flatMap(({ name, file, here = false }) => {
    const path = join(here ? place.cwd : place.home, file);
    if (!existsSync(path)) return [];
    let servers: readonly Registration[];
    try {
      servers = registrations(readFileSync(path, "utf8"), path.endsWith(".toml"));
    } catch {
      return [finding("warn", "client", `${name}: ${path} cannot be read`)];
    }
    return servers.map((server) => startedBy(server, `${name} (${path})`, place));
  });
  if (findings.length > 0) return findings;
  return [finding("ok", "client", "no client's file names this program; the README has the lines for each")];
}

function registrations(text: string, toml: boolean): Registration[] {
  const found = toml ? tomlServers(text) : serversIn(JSON.parse(text.replace(/^\s*\/\/.*$/gm, "")));
  return found.filter(({ words }) => words.some(isOurs));
}

/** A word that names this package, or a file of it wherever that is. */
function isOurs(word: string): boolean {
  if (/(?:^|[/\\])ssh-mcp(?:$|[/\\@])/.test(word)) return true;
  return isAbsolute(word) && existsSync(word) && versionOf(realpathSync(word)) !== undefined;
}

/** Every entry that has a command, however deep: the clients nest them by project. */
function serversIn(value: unknown, name = ""): Registration[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const { command, args }: { command?: unknown; args?: unknown } = value;
  const words = [command, args].flat().filter((word) => typeof word === "string");
  if (command !== undefined && words.length > 0) return [{ name, words }];
  return Object.entries(value).flatMap(([key, child]) => serversIn(child, key));
}

function tomlServers(text: string): Registration[] {
  return text
    .split(/^\s*\[mcp_servers\./m)
    .slice(1)
    .map((part) => {
      const own = part.split(/^\s*\[/m)[0] ?? "";
      const lines = [
        /^\s*command\s*=\s*(.+)$/m.exec(own)?.[1],
        /^\s*args\s*=\s*(\[[^\]]*\])/m.exec(own)?.[1],
      ];
      const words = lines.flatMap((line) => [...(line ?? "").matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)]);
      return { name: /^[^\]]*/.exec(part)?.[0] ?? "", words: words.map(([, a, b]) => a ?? b ?? "") };
    });
}

function startedBy({ name, words }: Registration, who: string, place: Place): Finding {
  const [command = "", ...args] = words;
  const shown = `${who}: ${name} starts ${visibleLine(words.join(" "), 160)}`;
  if (/^npx?$/.test(basename(command)))
    return finding("warn", "client", shown, {
      details: [
        "npx runs what is installed under the name ssh-mcp, and otherwise another project's package of that name",
        "name the file instead: node /path/to/dist/cli.js",
      ],
    });
  const word = [command, ...args].find(isOurs) ?? command;
  const file = isAbsolute(word) ? word : inPath(word, place);
  if (file === undefined || !existsSync(file))
    return finding("fail", "client", shown, {
      details: [`there is no ${word}${isAbsolute(word) ? "" : " in PATH"}`],
    });
  const version = versionOf(realpathSync(file));
  const details =
    version === undefined
      ? ["it is no file of this package, so its version is not known"]
      : [`version ${version}`];
  return finding(version === undefined ? "warn" : "ok", "client", shown, { details });
}

function inPath(word: string, { env }: Place): string | undefined {
  return (env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, word))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The version of the package whose program this file is. */
function versionOf(file: string): string | undefined {
  for (const folder of [dirname(file), dirname(dirname(file))]) {
    try {
      const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(
        readFileSync(join(folder, "package.json"), "utf8"),
      );
      if (name === "ssh-mcp" && typeof version === "string") return version;
    } catch {}
  }
  return undefined;
}
