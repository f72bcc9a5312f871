import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { Place } from "../../app/surroundings.ts";

/** An MCP client, where it keeps its servers, and in which form. */
export interface KnownClient {
  /** As `--client` takes it. */
  readonly id: string;
  readonly name: string;
  /** Candidates for its file; the first is made where none is there. */
  files(place: Place): readonly string[];
  /** Files in a project's folder; they are read by doctor alone. */
  readonly here?: string;
  /** What its servers are listed under. */
  readonly under: string;
  /** A server as its file has it. */
  entry(words: readonly string[]): Readonly<Record<string, unknown>>;
  /** What this client does to the ssh agent, to approvals and to long results, as far as it was seen. */
  readonly notes: readonly string[];
}

const home =
  (...parts: readonly string[]) =>
  (place: Place) => [join(place.home, ...parts)];

/** In the folder that the variable names, else in the home folder. */
const ownFolder =
  (variable: string, file: string, ...parts: readonly string[]) =>
  ({ env, home: folder }: Place) => {
    const named = env[variable];
    return [named !== undefined && isAbsolute(named) ? join(named, file) : join(folder, ...parts, file)];
  };

/** As the systems have it: the XDG folder, and that of macOS. */
const configured =
  (...names: readonly string[]) =>
  ({ env, home: folder }: Place) => {
    const xdg = env.XDG_CONFIG_HOME;
    const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(folder, ".config");
    const [first = ""] = names;
    const apple = join(folder, "Library", "Application Support", first);
    return [...names.map((name) => join(base, name)), apple];
  };

const plain = ([command, ...args]: readonly string[]) => ({ command, args });
const NOT_PASSED = "SSH_AUTH_SOCK is not passed on by itself; the entry asks for it";

export const CLIENTS: readonly KnownClient[] = [
  {
    id: "claude-code",
    name: "Claude Code",
    files: ownFolder("CLAUDE_CONFIG_DIR", ".claude.json"),
    here: ".mcp.json",
    under: "mcpServers",
    entry: (words) => ({ type: "stdio", ...plain(words) }),
    notes: [
      "for all projects of this account",
      "SSH_AUTH_SOCK is passed on",
      "a tool is asked about at its first use; results of over 25,000 tokens go into a file",
    ],
  },
  {
    id: "claude-desktop",
    name: "Claude Desktop",
    files: configured("Claude/claude_desktop_config.json"),
    under: "mcpServers",
    entry: plain,
    notes: [
      "it reads its file at its start",
      "it is started by the desktop: whether SSH_AUTH_SOCK is set there depends on that",
    ],
  },
  {
    id: "codex",
    name: "Codex",
    files: ownFolder("CODEX_HOME", "config.toml", ".codex"),
    under: "mcp_servers",
    entry: (words) => ({ ...plain(words), env_vars: ["SSH_AUTH_SOCK"] }),
    notes: [
      NOT_PASSED,
      "codex exec refuses tools unless default_tools_approval_mode is set in the entry",
      "of results of over 10,000 tokens the middle is cut out",
    ],
  },
  {
    id: "gemini",
    name: "Gemini CLI",
    files: home(".gemini", "settings.json"),
    under: "mcpServers",
    entry: (words) => ({ ...plain(words), env: { SSH_AUTH_SOCK: "$SSH_AUTH_SOCK" } }),
    notes: [
      NOT_PASSED,
      "servers are disabled in a folder that is not trusted (/trust)",
      "of results of over 40,000 characters the middle is cut out",
    ],
  },
  {
    id: "cursor",
    name: "Cursor",
    files: home(".cursor", "mcp.json"),
    under: "mcpServers",
    entry: plain,
    notes: ["whether it passes SSH_AUTH_SOCK on was not examined"],
  },
  {
    id: "vscode",
    name: "VS Code",
    files: configured("Code/User/mcp.json"),
    here: ".vscode/mcp.json",
    under: "servers",
    entry: (words) => ({ type: "stdio", ...plain(words) }),
    notes: ["every tool that may change something is asked about"],
  },
  {
    id: "opencode",
    name: "opencode",
    files: configured("opencode/opencode.json", "opencode/opencode.jsonc"),
    under: "mcp",
    entry: (words) => ({ type: "local", command: [...words], enabled: true }),
    notes: ["whether it passes SSH_AUTH_SOCK on was not examined"],
  },
  {
    id: "zed",
    name: "Zed",
    files: configured("zed/settings.json"),
    under: "context_servers",
    entry: (words) => ({ ...plain(words), env: {} }),
    notes: ["whether it passes SSH_AUTH_SOCK on was not examined"],
  },
];

/** The file that a client reads, or would. */
export function fileOf(client: KnownClient, place: Place): string {
  const files = client.files(place);
  const there = files.find((file) => existsSync(file)) ?? files.find((file) => existsSync(dirname(file)));
  return there ?? files[0] ?? "";
}

/** Whether this account has used the client: its file is there, or the folder of it. */
export function isUsed(client: KnownClient, place: Place): boolean {
  return client.files(place).some((file) => {
    const folder = dirname(file);
    return existsSync(file) || (folder !== place.home && existsSync(folder));
  });
}
