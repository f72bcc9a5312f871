import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { clientFindings } from "../../../src/commands/doctor/clients.ts";
import { build } from "../built.ts";

const root = join(import.meta.dirname, "..", "..", "..");
let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "doctor-here-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** An installed package of that name; the path of its program. */
function installed(folder: string, name: string, version: string): string {
  write(`${folder}/package.json`, JSON.stringify({ name, version }));
  const program = write(`${folder}/dist/cli.js`, "");
  chmodSync(program, 0o755);
  return program;
}

function clients(): string[] {
  const place = { env: { PATH: join(home, "bin") }, cwd: join(home, "project"), home };
  return clientFindings(place).map(({ verdict, text, details }) =>
    [verdict, text.replaceAll(home, "~"), ...details].join(" | "),
  );
}

test("each client's registration is named, with the program that it starts and that one's version", () => {
  const program = installed("elsewhere", "ssh-mcp", "0.0.9");
  mkdirSync(join(home, "bin"));
  symlinkSync(program, join(home, "bin", "ssh-mcp"));
  const other = { command: "node", args: ["/x/other.js"] };
  write(
    ".claude.json",
    JSON.stringify({
      projects: { "/p": { mcpServers: { box: { command: "node", args: [program] }, other } } },
    }),
  );
  write(
    ".codex/config.toml",
    `[mcp_servers.other]\ncommand = "x"\n\n[mcp_servers.ssh]\ncommand = "ssh-mcp"\nargs = ["--config", "/h.yaml"]\n[mcp_servers.ssh.env]\nA = "b"\n`,
  );
  write(
    "project/.mcp.json",
    JSON.stringify({ mcpServers: { ssh: { command: "npx", args: ["-y", "ssh-mcp"] } } }),
  );
  write(
    ".config/zed/settings.json",
    `// settings\n{"context_servers": {"gone": {"command": "/nowhere/ssh-mcp/dist/cli.js"}}}`,
  );
  write(".cursor/mcp.json", "{ not json");

  const said = clients();
  expect(said[0]).toBe(
    "ok | Claude Code (~/.claude.json): box starts node ~/elsewhere/dist/cli.js | version 0.0.9",
  );
  expect(said[1]).toMatch(
    /^warn \| Claude Code \(~\/project\/\.mcp\.json\): ssh starts npx -y ssh-mcp \| .*another project's package/,
  );
  expect(said[2]).toBe(
    "ok | Codex (~/.codex/config.toml): ssh starts ssh-mcp --config /h.yaml | version 0.0.9",
  );
  expect(said[3]).toBe("warn | Cursor: ~/.cursor/mcp.json cannot be read");
  expect(said[4]).toMatch(
    /^fail \| Zed .*: gone starts \S+ \| there is no \/nowhere\/ssh-mcp\/dist\/cli\.js$/,
  );
  expect(said).toHaveLength(5);
});

test("a program of that name of which nothing is known is not called ours", () => {
  const program = installed("bin/../foreign", "somebody-else", "9.9.9");
  mkdirSync(join(home, "bin"), { recursive: true });
  symlinkSync(program, join(home, "bin", "ssh-mcp"));
  write(".gemini/settings.json", JSON.stringify({ mcpServers: { ssh: { command: "ssh-mcp" } } }));
  expect(clients()).toEqual([
    expect.stringMatching(/^warn \| Gemini CLI .* \| it is no file of this package/),
  ]);
});

test("without a host the doctor checks this machine, contacts nobody and writes nothing", async () => {
  write(
    ".config/ssh-mcp/hosts.yaml",
    "settings: {audit_log: log/audit.jsonl}\nhosts: {a: {host: 127.0.0.1}, b: {hots: x}}\n",
  );
  const before = readdirSync(home, { recursive: true }).sort();
  const args = [await build(), "doctor", "--json"];
  const env = { PATH: process.env.PATH ?? "", HOME: home };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
  const {
    healthy,
    sections,
  }: {
    healthy: boolean;
    sections: { title: string; findings: { what: string; text: string; details: string[] }[] }[];
  } = JSON.parse(stdout);
  const found = new Map(sections.flatMap(({ findings }) => findings).map((one) => [one.what, one]));
  expect(healthy).toBe(true);
  expect(sections.map(({ title }) => title)).toEqual(["This program", "Inventory", "Logins", "Clients"]);
  expect(found.get("ssh-mcp")?.text).toContain(packageJson.version);
  expect(found.get("inventory")?.text).toMatch(/hosts\.yaml: 1 host$/);
  expect(found.get("inventory")?.details).toEqual([expect.stringContaining("hots")]);
  expect(found.get("audit log")?.text).toMatch(/audit\.jsonl can be written$/);
  expect(found.get("ssh agent")?.text).toContain("SSH_AUTH_SOCK is not set");
  expect(readdirSync(home, { recursive: true }).sort()).toEqual(before);
});
