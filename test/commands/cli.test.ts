import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client, type VersionNegotiationMode } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyAuditLog } from "../../src/audit/verify.ts";
import { initialize, start } from "../mcp/wire.ts";
import { build } from "./built.ts";

const run = promisify(execFile);
let folder: string;
let cli: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-cli-"));
  cli = await build();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The environment of a client that passes little on; the lab's files go where they can be counted. */
function environment(temporary = folder): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: folder, SHELL: "/bin/sh", TMPDIR: temporary };
}

async function connected(
  mode: VersionNegotiationMode,
  versions?: string[],
  args: readonly string[] = ["--lab"],
): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1" },
    {
      versionNegotiation: { mode },
      ...(versions === undefined ? {} : { supportedProtocolVersions: versions }),
    },
  );
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, ...args],
    env: environment(),
    stderr: "inherit",
  });
  await client.connect(transport);
  return client;
}

async function text(client: Client, name: string, args: Record<string, unknown>): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}

describe.each([
  { era: "2025-06-18", mode: "legacy", versions: ["2025-06-18"] },
  { era: "2026-07-28", mode: { pin: "2026-07-28" }, versions: undefined },
] as const)("a client of the era $era", ({ era, mode, versions }) => {
  it("finds the tools, works in a session and is told the truth", async () => {
    const client = await connected(mode, versions && [...versions]);
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    expect(client.getInstructions()).toContain("ssh_connect");
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toContain("ssh_shell");
    for (const tool of tools) expect(Object.keys(tool.annotations ?? {})).toHaveLength(4);

    expect(await text(client, "ssh_connect", { host: "lab-sh" })).toMatch(/\[lab-sh #0 ready .*\]$/);
    expect(await text(client, "ssh_shell", { session: "lab-sh", command: "cd /tmp; X=kept; false" })).toMatch(
      /\[lab-sh #1 done exit=1 cwd=\/tmp .*\]$/,
    );
    expect(await text(client, "ssh_shell", { session: "lab-sh", command: "echo $X $PWD" })).toMatch(
      /^kept \/tmp\n\[lab-sh #2 done exit=0/,
    );
    const unknown = await client.callTool({ name: "ssh_read", arguments: { session: "nowhere" } });
    expect(unknown.isError).toBe(true);
    expect(unknown.structuredContent).toBeUndefined();
    await client.close();
  });
});

it("with an audit log every action is on record, but no password", async () => {
  const config = join(folder, "hosts.yaml");
  await writeFile(config, "settings:\n  audit_log: logs/audit.jsonl\n", { mode: 0o600 });
  const client = await connected("auto", undefined, ["--lab", "--config", config]);
  const session = "lab-sh";
  const question = "stty -echo; printf 'Password: '; read -r given; stty echo; echo length=${#given}";
  expect(await text(client, "ssh_shell", { session, command: question })).toMatch(/#1 asking password .*\]$/);
  const doctor = ["doctor", "lab-ios", "--lab", "--config", config];
  const { stdout } = await run(process.execPath, [cli, ...doctor], { env: environment() });
  expect(stdout).toContain("All is well with lab-ios.");
  expect(await text(client, "ssh_send", { session, text: "hunter2", enter: true })).toContain("length=7");
  await client.close();
  const log = await readFile(join(folder, "logs", "audit.jsonl"), "utf8");
  expect((await verifyAuditLog(join(folder, "logs", "audit.jsonl"))).problems).toEqual([]);
  expect(log).not.toContain("hunter2");
  expect(log).toMatch(/"tool":"ssh_send".*"text":"\[secret\]"/);
  expect(log).toMatch(/"event":"outcome".*"state":"asking"/);
  // What the doctor does beside the server is in the same chain.
  for (const verb of ["open", "close"])
    for (const event of ["action", "outcome"])
      expect(log).toMatch(
        new RegExp(`"event":"${event}","tool":"doctor","verb":"${verb}".*"host":"lab-ios"`),
      );

  const verify = (...args: string[]) =>
    run(process.execPath, [cli, "audit", "verify", ...args], { cwd: folder, env: environment() }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
  const whole = {
    code: 0,
    stdout: expect.stringMatching(/the chain is whole: \d+ lines, 20\S+Z to 20\S+Z\./),
  };
  expect(await verify("--config", config)).toEqual(whole);
  expect(await verify("logs/audit.jsonl")).toEqual(whole);
  const show = (...args: string[]) =>
    run(process.execPath, [cli, "audit", "show", ...args], { cwd: folder, env: environment() });
  const { stdout: shown } = await show("logs/audit.jsonl", "--last", "1");
  expect(shown.trimEnd().split("\n")).toEqual([expect.stringMatching(/^\d+ \d{4}-\S+Z outcome /)]);
  await writeFile(join(folder, "changed.jsonl"), log.replace("ssh_shell", "ssh_shall"));
  expect(await verify("changed.jsonl")).toEqual({
    code: 1,
    stdout: expect.stringMatching(
      /changed\.jsonl:\d+: the line was changed: line \d+ does not continue it\nThe chain is BROKEN: \d+ lines, 1 problem\.\n$/,
    ),
    stderr: "",
  });
  for (const [name, wrong] of [
    ["none.jsonl", /^ssh-mcp: invalid_argument: .*none\.jsonl cannot be opened: there is no such file/],
    [".", /^ssh-mcp: invalid_argument: .* is a folder\.\nNext: /],
  ] as const)
    expect(await verify(name)).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(wrong) });
  // Commands without an inventory have written the log that is kept where nobody says otherwise.
  expect(await verify()).toEqual(whole);
  await writeFile(join(folder, "other.yaml"), "settings: {audit_log: off}\n", { mode: 0o600 });
  expect(await verify("--config", "other.yaml")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /other\.yaml says audit_log: off: no audit log is kept\nNext: .*audit verify FILE/,
    ),
  });
});

describe("the process", () => {
  it("ends within 2 s of SIGTERM with a command running, and leaves nothing behind", async () => {
    const temporary = await mkdtemp(join(folder, "tmp-"));
    const wire = start([process.execPath, cli, "--lab"], environment(temporary));
    wire.send(initialize);
    await wire.answer(1);
    const call = {
      session: "lab-sh",
      command: "echo shell=$$; sleep 1000",
      wait_for: "shell=\\d",
      timeout_s: 20,
    };
    wire.send({ id: 2, method: "tools/call", params: { name: "ssh_shell", arguments: call } });
    const pid = Number(/shell=(\d+)/.exec(JSON.stringify(await wire.answer(2)))?.[1]);
    expect(await readdir(temporary)).toHaveLength(1);
    wire.mark();
    wire.child.kill("SIGTERM");
    const { code, afterMs } = await wire.ended;
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(10_000);
    expect(await readdir(temporary)).toEqual([]);
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
    for (const line of wire.lines) expect(JSON.parse(line)).toHaveProperty("jsonrpc", "2.0");
  });

  it("answers its first request without having read an inventory or opened anything", async () => {
    const wire = start([process.execPath, cli, "--config", "/nonexistent/hosts.yaml"]);
    wire.send(initialize);
    expect(await wire.answer(1)).toHaveProperty("result.serverInfo.name", "ssh");
    wire.send({ id: 2, method: "tools/call", params: { name: "ssh_hosts", arguments: {} } });
    expect(JSON.stringify(await wire.answer(2))).toMatch(/inventory_invalid: .*hosts\.yaml/);
    wire.child.stdin.end();
    expect((await wire.ended).code).toBe(0);
  });

  it("says on stderr what is wrong with its inventory, before any tool is called", async () => {
    const missing = start([process.execPath, cli, "--config", "/nonexistent/hosts.yaml"]);
    await missing.untilStderr(/inventory_invalid: The inventory \/nonexistent\/hosts\.yaml cannot be read/);
    missing.child.stdin.end();
    expect((await missing.ended).code).toBe(0);
    const config = join(folder, "one-bad.yaml");
    await writeFile(config, "hosts: {good: {host: a}, bad: {port: 0}}\n", { mode: 0o600 });
    const faulty = start([process.execPath, cli, "--config", config]);
    await faulty.untilStderr(/The host "bad" is refused.*one-bad\.yaml:1: hosts\.bad\.port/);
    faulty.child.stdin.end();
    expect((await faulty.ended).code).toBe(0);
  });
});

describe("the command line", () => {
  const failing = (args: string[]) =>
    run(process.execPath, [cli, ...args]).then(
      () => expect.fail("it did not fail"),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );

  it.concurrent("runs the demo to its end, and reads and writes nothing of the user's", async () => {
    const home = await mkdtemp(join(folder, "home-"));
    const place = await mkdtemp(join(folder, "place-"));
    const temporary = await mkdtemp(join(folder, "tmp-"));
    const config = "settings: { audit_log: audit.jsonl }\nhosts: { mine: { host: 192.0.2.1 } }\n";
    await mkdir(join(home, ".ssh"));
    await writeFile(join(home, ".ssh", "config"), "Host mine-too\n");
    await writeFile(join(home, ".profile"), "echo started >> started\n");
    await mkdir(join(home, ".config", "ssh-mcp"), { recursive: true });
    for (const file of [join(place, "hosts.yaml"), join(home, ".config", "ssh-mcp", "hosts.yaml")])
      await writeFile(file, config, { mode: 0o600 });
    const { PATH = "" } = process.env;
    const env = { PATH, HOME: home, SHELL: "/bin/sh", TMPDIR: temporary };
    const before = await contents(home, place);
    const { stdout } = await run(process.execPath, [cli, "demo"], {
      env: { ...env, SSH_MCP_CONFIG: join(place, "hosts.yaml") },
      cwd: place,
    });
    expect(stdout).toContain("→ ssh_connect");
    expect(stdout).toMatch(/everything was as it should be\.\n$/);
    expect(stdout).not.toContain("mine");
    expect(await contents(home, place)).toEqual(before);
    expect(await readdir(temporary)).toEqual([]);
  });

  it.concurrent("prints version and help on stdout", async () => {
    expect((await run(process.execPath, [cli, "--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run(process.execPath, [cli, "--help"])).stdout).toMatch(/^Usage: ssh-mcp/);
  });

  it.concurrent("explains each command by itself, in either order of the words", async () => {
    const help = async (...args: string[]) => (await run(process.execPath, [cli, ...args])).stdout;
    const trust = await help("trust", "--help");
    expect(trust).toMatch(/^Usage: ssh-mcp trust \[options\] <host\.\.\.>\n/);
    expect(trust).toMatch(/--yes +record the key/);
    expect(trust).not.toContain("--lab");
    expect(await help("help", "trust")).toBe(trust);
    expect(await help("help", "devices", "test")).toMatch(/^Usage: ssh-mcp devices test .*<platform>\n/);
    expect((await help("--help")).split("\n").length).toBeLessThan(50);
  });

  it.concurrent("answers an unknown option or command with those there are, nearest first", async () => {
    expect(await failing(["--labs"])).toEqual({
      code: 2,
      stderr: expect.stringMatching(/unknown option --labs; did you mean --lab\? There are --lab,/),
    });
    for (const args of [["dem"], ["--lab", "dem"], ["help", "dem"], ["dem", "--help"]])
      expect(await failing(args)).toEqual({
        code: 2,
        stderr: expect.stringMatching(
          /unknown command "dem"; did you mean demo\? There are demo,.*\nssh-mcp --help/,
        ),
      });
    expect(await failing(["schema", "devic"])).toEqual({
      code: 2,
      stderr: expect.stringMatching(/unknown file "devic"; did you mean device\? There are device, hosts\n/),
    });
    // Nothing is near: in the order of the help.
    expect((await failing(["frobnicate"])).stderr).toMatch(/there are init, serve, hosts, trust, doctor, /);
  });

  it.concurrent("refuses an option that belongs to another command, before or behind the command's name", async () => {
    for (const args of [
      ["trust", "box", "--json"],
      ["trust", "box", "--lab"],
      ["--lab", "trust", "box"],
      ["schema", "--config", "hosts.yaml"],
      ["devices", "show", "cisco_ios", "--text", "log"],
      ["demo", "--yes"],
    ])
      expect(await failing(args)).toEqual({
        code: 2,
        stderr: expect.stringMatching(/unknown option --\w+; there (is|are) --/),
      });
  });

  it.concurrent("tells mistakes in the arguments from errors of the work by the exit code", async () => {
    expect(await failing(["trust"])).toMatchObject({ code: 2, stderr: expect.stringContaining("<host>") });
    expect(await failing(["doctor", "a", "b"])).toMatchObject({ code: 2 });
    expect(await failing(["schema", "devic"])).toMatchObject({ code: 2 });
    expect(await failing(["--config"])).toMatchObject({ code: 2 });
    expect(await failing(["doctor", "box", "--config", "/nonexistent/hosts.yaml"])).toEqual({
      code: 1,
      stderr: expect.stringMatching(/inventory_invalid: .*\nNext: /),
    });
  });

  it.concurrent("never ends with 0 before the work is done", async () => {
    // The first look at a file is answered never, and nothing else is left to wait for.
    const preload = join(folder, "never.mjs");
    await writeFile(
      preload,
      `import fs from "node:fs";
       import { syncBuiltinESMExports } from "node:module";
       fs.promises.stat = () => new Promise(() => {});
       syncBuiltinESMExports();`,
    );
    const ended = run(process.execPath, ["--import", preload, cli, "devices", "list"], {
      env: environment(),
      cwd: folder,
    });
    await expect(ended).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("before its work was done"),
    });
  });

  it.concurrent("serves by its name as it does without one", async () => {
    const client = await connected("auto", undefined, ["serve", "--lab"]);
    expect(await text(client, "ssh_hosts", {})).toMatch(/^lab-sh /m);
    // A session that has ended keeps the evidence of its end when it is closed once more.
    const session = "lab-sh";
    expect(await text(client, "ssh_shell", { session, command: "exit 3" })).toMatch(/#1 closed exit code=3 /);
    expect(await text(client, "ssh_disconnect", { session })).toMatch(/#1 closed exit\]$/);
    await client.close();
  });

  it.concurrent("explains itself to a person at a terminal, on stderr", async () => {
    const wire = start(["script", "-qec", `${process.execPath} ${cli} >/dev/null`, "/dev/null"]);
    await wire.untilLine(/ssh-mcp is an MCP server/);
    await wire.untilLine(/claude mcp add/);
    wire.child.kill();
    await wire.ended;
  });

  it.concurrent("answers a host that nobody knows without naming tools, which a person at a shell does not have", async () => {
    const { stdout } = await run(process.execPath, [cli, "doctor", "nowhere", "--lab"], {
      env: environment(),
    }).catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(/There is no host "nowhere"\.\s+Known,\s+nearest\s+first:\s+lab-/);
    expect(stdout).toMatch(/^Next: Use one of these names, or describe the host/m);
    expect(stdout).not.toMatch(/ssh_\w+/);
    const client = await connected("auto");
    expect(await text(client, "ssh_connect", { host: "nowhere" })).toMatch(/Next: .*ssh_hosts lists all/);
    await client.close();
  });

  it.concurrent("prints the inventory's JSON Schema", async () => {
    const schema: unknown = JSON.parse((await run(process.execPath, [cli, "schema"])).stdout);
    expect(schema).toHaveProperty("properties.hosts");
  });
});

/** Every file below the folders with its text. */
async function contents(...folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const at of folders)
    for (const entry of await readdir(at, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      found.push(entry.isFile() ? `${path}: ${await readFile(path, "utf8")}` : path);
    }
  return found.sort();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
