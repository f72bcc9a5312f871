import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SshMcpError } from "../../../src/base/errors.ts";
import { CLIENTS } from "../../../src/commands/clients/known.ts";
import { clientFindings } from "../../../src/commands/doctor/clients.ts";
import { initialise } from "../../../src/commands/init/run.ts";
import { parseInventory } from "../../../src/inventory/parse.ts";

let home = "";
let said = "";
const inventory = () => join(home, ".config/ssh-mcp/hosts.yaml");

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "init-"));
  said = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(home, { recursive: true, force: true });
});

interface Given {
  readonly clients?: string;
  readonly name?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly importing?: boolean;
  readonly test?: string;
  readonly config?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What is answered at the terminal, in this order; undefined: there is none. */
  readonly answers?: readonly (string | undefined)[];
}

/** The program that the tests register: an installed package. */
function program(): string {
  const file = write("lib/dist/cli.js", "");
  write("lib/package.json", JSON.stringify({ name: "ssh-mcp", version: "9.9.9" }));
  return file;
}

async function init({ answers, config, env = {}, name = "ssh", ...rest }: Given): Promise<number> {
  const asked = [...(answers ?? [])];
  const ask = answers === undefined ? undefined : async () => asked.shift();
  const request = {
    yes: false,
    dryRun: false,
    importing: false,
    ...rest,
    name,
    self: [process.execPath, program()],
  };
  const around = {
    env,
    cwd: home,
    home,
    lab: false,
    ...(config === undefined ? {} : { configPath: config }),
  };
  return initialise(request, around, ask);
}

function write(name: string, text: string, mode = 0o600): string {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
  return path;
}
const read = (name: string) => readFileSync(join(home, name), "utf8");

test("the first inventory is made readable by its owner alone, is valid, and takes a first host", async () => {
  expect(await init({ yes: true })).toBe(0);
  expect(statSync(inventory()).mode & 0o777).toBe(0o600);
  const { notes, refused } = await parseInventory(readFileSync(inventory(), "utf8"), "hosts.yaml");
  expect([notes, [...refused]]).toEqual([[], []]);
  const uncommented = readFileSync(inventory(), "utf8").replace(/^# ?(?=hosts:|settings:| {2})/gm, "");
  const shown = uncommented.slice(uncommented.indexOf("hosts:"));
  expect((await parseInventory(shown, "hosts.yaml")).notes).toEqual([]);
  expect(said.replace(/\s+/g, " ")).toContain("To undo it: rm ~/.config/ssh-mcp/hosts.yaml");
});

test("every client's entry is found again by doctor, with the program that it starts", async () => {
  const ids = CLIENTS.map(({ id }) => id).join(",");
  expect(await init({ clients: ids, yes: true })).toBe(0);
  const findings = clientFindings({ env: {}, cwd: join(home, "project"), home });
  expect(findings.map(({ verdict, details }) => [verdict, ...details])).toEqual(
    CLIENTS.map(() => ["ok", "version 9.9.9"]),
  );
});

test("a second run changes nothing and says so", async () => {
  await init({ clients: "codex,cursor,zed", yes: true });
  const before = readdirSync(home, { recursive: true }).sort();
  const files = [".codex/config.toml", ".cursor/mcp.json", ".config/zed/settings.json"].map(read);
  said = "";
  expect(await init({ clients: "codex,cursor,zed", yes: true })).toBe(0);
  expect(readdirSync(home, { recursive: true }).sort()).toEqual(before);
  expect([".codex/config.toml", ".cursor/mcp.json", ".config/zed/settings.json"].map(read)).toEqual(files);
  expect(said.match(/has\s+it\s+already/g)).toHaveLength(3);
});

test("the rest of a client's file stays, its mode and the link to it, and the old one is beside it", async () => {
  const text =
    '{\n  // mine\n  "mcpServers": {\n    "other": {"command": "x", "env": {"KEY": "s3cret"}}, // first\n  },\n}\n';
  write("dotfiles/mcp.json", text, 0o640);
  mkdirSync(join(home, ".cursor"));
  symlinkSync("../dotfiles/mcp.json", join(home, ".cursor/mcp.json"));
  expect(await init({ clients: "cursor", yes: true })).toBe(0);
  expect(read("dotfiles/mcp.json").startsWith(text.slice(0, text.lastIndexOf("  },")))).toBe(true);
  expect(statSync(join(home, "dotfiles/mcp.json")).mode & 0o777).toBe(0o640);
  expect(read("dotfiles/mcp.json~")).toBe(text);
  expect(said).not.toContain("s3cret");
  expect(said).toMatch(/To undo it: take "ssh" below "mcpServers" out of\s+~\/\.cursor\/mcp\.json\n/);
});

test.each([
  [
    "another server of that name",
    '{"mcpServers": {"ssh": {"command": "other"}}}',
    'a server "ssh" is there already',
  ],
  ["a file that is no JSON", '{"mcpServers": ', "no valid JSON in line 1"],
  ["servers that are no object", '{"mcpServers": []}', "is not changed here"],
])("%s is left as it is, and what to add is printed", async (_what, text, why) => {
  const file = write(".cursor/mcp.json", text);
  expect(await init({ clients: "cursor", yes: true })).toBe(1);
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(said.replace(/\s+/g, " ")).toContain(why);
  expect(said).toContain('+       "command":');
});

test("a file that others may write is left as it is, with the command that mends it", async () => {
  const file = write(".cursor/mcp.json", "{}");
  chmodSync(file, 0o666);
  expect(await init({ clients: "cursor", yes: true })).toBe(1);
  expect(readFileSync(file, "utf8")).toBe("{}");
  expect(said.replace(/\s+/g, " ")).toMatch(/mcp\.json can be changed by other users .*chmod go-w/);
  expect(said).not.toContain("The inventory");
});

test("a server of another name is added beside the one that is there", async () => {
  write(".cursor/mcp.json", '{"mcpServers": {"ssh": {"command": "other"}}}');
  expect(await init({ clients: "cursor", name: "shells", yes: true })).toBe(0);
  expect(Object.keys(JSON.parse(read(".cursor/mcp.json")).mcpServers)).toEqual(["ssh", "shells"]);
});

test("an inventory that is named is made and registered", async () => {
  expect(await init({ clients: "codex", config: "own.yaml", yes: true })).toBe(0);
  expect(existsSync(join(home, "own.yaml"))).toBe(true);
  expect(existsSync(inventory())).toBe(false);
  expect(read(".codex/config.toml")).toContain(`"--config", "${join(home, "own.yaml")}"]`);
  expect(read(".codex/config.toml")).toContain('env_vars = ["SSH_AUTH_SOCK"]');
});

test("a client is found where its variable says", async () => {
  const env = { CODEX_HOME: join(home, "c"), XDG_CONFIG_HOME: join(home, "x") };
  expect(await init({ clients: "codex,zed", yes: true, env })).toBe(0);
  for (const file of ["c/config.toml", "x/zed/settings.json", "x/ssh-mcp/hosts.yaml"])
    expect(existsSync(join(home, file))).toBe(true);
});

test("without a client named none is registered, and --dry-run writes nothing at all", async () => {
  write(".codex/config.toml", "");
  const before = readdirSync(home, { recursive: true });
  expect(await init({ clients: "all", dryRun: true, test: "web1" })).toBe(0);
  expect(said).toContain("+ [mcp_servers.ssh]");
  expect(said).toContain("web1 was not connected to, and nothing was written (--dry-run).");
  rmSync(join(home, "lib"), { recursive: true });
  expect(readdirSync(home, { recursive: true })).toEqual(before);
  expect(await init({ yes: true })).toBe(0);
  expect(read(".codex/config.toml")).toBe("");
});

test("nobody at the terminal: nothing is written, and what to do is said", async () => {
  const error = await init({ clients: "codex" }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(SshMcpError);
  expect(error.toText()).toMatch(/stdin is not a terminal\. Nothing was written\.\nNext: .*--yes/);
  expect(existsSync(join(home, ".config"))).toBe(false);
});

test.each<[what: string, answers: (string | undefined)[], wrote: boolean]>([
  ["a yes writes what was chosen", ["codex", "y", ""], true],
  ["Enter writes nothing", ["codex", ""], false],
  ["a terminal that is closed writes nothing", ["codex", undefined], false],
  ["one that is closed at the first question asks no other", [undefined, "y"], false],
])("asked at the terminal: %s", async (_what, answers, wrote) => {
  write(".codex/config.toml", "");
  write(".cursor/mcp.json", "{}");
  expect(await init({ answers })).toBe(wrote ? 0 : 1);
  expect(read(".codex/config.toml") !== "").toBe(wrote);
  expect(existsSync(inventory())).toBe(wrote);
  expect(read(".cursor/mcp.json")).toBe("{}");
});

test("the hosts of the ssh configuration are copied where that is asked for", async () => {
  write(".ssh/config", "Host old\n  HostName 10.9.9.9\n  User bo\n");
  expect(await init({ yes: true, importing: true })).toBe(0);
  expect(readFileSync(inventory(), "utf8")).toMatch(/^hosts:\n {2}old:\n {4}host: 10\.9\.9\.9\n/m);
});

test.each<[what: string, given: Given, meant: RegExp]>([
  ["an unknown client", { clients: "cusor", yes: true }, /unknown client "cusor"; there are cursor, /],
  ["no client at all", { clients: "all", yes: true }, /none of the clients that are known\nNext: Name one/],
  ["a name that no client takes", { name: "a b", yes: true }, /"a b" cannot be the name/],
])("%s is a mistake that says what to do", async (_what, given, meant) => {
  const error = await init(given).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(SshMcpError);
  expect(error.toText()).toMatch(meant);
  expect(existsSync(inventory())).toBe(false);
});
