import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Lab, startLab } from "../../../src/lab/lab.ts";
import { build } from "../built.ts";
import { type Terminal, Tmux } from "./tmux.ts";

const WHOLE = { cols: 80, rows: 24 };
const WEB = "# mine\nhosts:\n  web1: # main\n    host: 10.0.0.1\n  # the database\n  db: {host: 10.0.0.2}\n";

let folder: string;
let cli: string;
let tmux: Tmux;
let home: string;
let path: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-terminal-"));
  cli = await build();
  tmux = new Tmux();
});
afterAll(() => {
  tmux.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  home = mkdtempSync(join(folder, "h-"));
  path = join(home, ".config", "ssh-mcp", "hosts.yaml");
  mkdirSync(join(home, ".config", "ssh-mcp"), { recursive: true, mode: 0o700 });
});

const write = (text: string) => writeFileSync(path, text, { mode: 0o600 });
const read = () => readFileSync(path, "utf8");

function editor(args = "", size = WHOLE, env: NodeJS.ProcessEnv = {}): Promise<Terminal> {
  const own = { PATH: process.env.PATH ?? "", HOME: home, SHELL: "/bin/sh", ...env };
  return tmux.open(`'${process.execPath}' '${cli}' hosts ${args}`, size, own);
}

/** The terminal is as it was: it echoes, edits lines and shows its cursor. */
async function isSane(terminal: Terminal, code: number): Promise<void> {
  const screen = await terminal.sees(
    /ended with \d+[\s\S]*icanon[\s\S]*echo|ended with \d+[\s\S]*echo[\s\S]*icanon/,
  );
  expect(screen).toContain(`ended with ${code}\n`);
  expect(screen).not.toMatch(/-icanon|-echo/);
  expect(await terminal.cursor()).toBe(true);
}

describe("ssh-mcp hosts at a terminal of 80 × 24", () => {
  it("adds, edits and deletes hosts with real keys, and keeps the file's comments", async () => {
    write(WEB);
    const terminal = await editor();
    await terminal.picks(/.*2 hosts/, "add");
    await terminal.answers(/Name of the new host/, "web2");
    await terminal.answers(/Address of web2/, "10.0.0.3");
    await terminal.picks(/New host web2/, "port");
    await terminal.answers(/port:/, "70000");
    await terminal.sees(/must be a number from 1 to\s+65535/);
    await terminal.answers(/port:/, "2222");
    await terminal.sees(/\* port +2222/);
    await terminal.picks(/New host web2/, "save");
    await terminal.sees(/\+ {2}web2:\n\+ {4}host: 10.0.0.3\n\+ {4}port: 2222/);
    await terminal.picks(/Write this\?/, "");
    await terminal.sees(/Test web2 now\?/);
    await terminal.type("n");
    expect(read()).toBe(`${WEB}  web2:\n    host: 10.0.0.3\n    port: 2222\n`);
    await terminal.picks(/.*3 hosts/, "db");
    await terminal.sees(/◆ {2}db/);
    await terminal.type("", "Up", "Up", "Enter");
    await terminal.sees(/◆ {2}Delete db\?\n.*○ Yes \/ ● No/);
    await terminal.type("y");
    await terminal.sees(/◆ {2}.*2 hosts/);
    await terminal.type("", "Escape");
    await isSane(terminal, 0);
    const kept = WEB.replace("  db: {host: 10.0.0.2}\n", "");
    expect(read()).toBe(`${kept}  web2:\n    host: 10.0.0.3\n    port: 2222\n`);
  });

  it("does the same to several hosts at once, and does not overwrite what was changed meanwhile", async () => {
    write(WEB);
    const terminal = await editor();
    await terminal.picks(/.*2 hosts/, "several");
    await terminal.sees(/◆ {2}Which hosts/);
    await terminal.type("", "Tab", "Down", "Tab", "Enter");
    await terminal.picks(/2 hosts\n.*● Edit/, "");
    await terminal.picks(/2 hosts\n.*\n.*Search/, "platform");
    await terminal.picks(/platform:/, "posix");
    await terminal.picks(/2 hosts\n.*\n.*Search/, "save");
    await terminal.sees(/◆ {2}Write this\?/);
    write(`${WEB}  theirs: {}\n`);
    await terminal.type("", "Enter");
    await terminal.sees(/changed\s+on\s+disk\s+meanwhile[\s\S]*◆ {2}Write this\?/);
    expect(read()).toBe(`${WEB}  theirs: {}\n`);
    await terminal.type("", "Enter");
    await terminal.sees(/◆ {2}.*3 hosts/);
    await terminal.type("", "C-c");
    await isSane(terminal, 130);
    expect(read()).toContain("  web1: # main\n    host: 10.0.0.1\n    platform: posix\n  # the database\n");
    expect(read()).toContain("  db: {host: 10.0.0.2, platform: posix}\n  theirs: {}\n");
  });

  it("imports a file", async () => {
    write(WEB);
    writeFileSync(join(home, "devices.csv"), "name,host\nsw1,10.2.0.1\n");
    const terminal = await editor();
    await terminal.picks(/.*2 hosts/, "import");
    await terminal.answers(/File to import hosts from/, "~/devices.csv");
    await terminal.picks(/Write this\?/, "");
    await terminal.sees(/◆ {2}.*3 hosts/);
    await terminal.type("", "C-d");
    await isSane(terminal, 0);
    expect(read()).toBe(`${WEB}  sw1:\n    host: 10.2.0.1\n`);
  });
});

describe("ssh-mcp hosts tests a host at the terminal", () => {
  let lab: Lab;
  let silent: Server;
  beforeAll(async () => {
    lab = await startLab({ ...process.env, SHELL: "/bin/sh" });
    silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    silent.close();
    await lab.dispose();
  });

  it("shows its key, records it on a yes, and then the findings", async () => {
    const [host] = lab.hosts;
    const known = join(home, "known");
    write(
      `hosts:\n  box: {host: 127.0.0.1, port: ${host?.port}, user: nobody, host_key: {known_hosts: ${known}}}\n`,
    );
    const terminal = await editor();
    await terminal.picks(/.*1 host/, "box");
    await terminal.sees(/◆ {2}box\n.*● Edit/);
    await terminal.type("", "Down", "Enter");
    await terminal.sees(/box presents, as[\s\S]*SHA256:[\s\S]*Record this key\?/);
    await terminal.type("y");
    await terminal.sees(/◆ {2}box\n.*● Edit/);
    expect(readFileSync(known, "utf8")).toContain(`[127.0.0.1]:${host?.port}`);
    await terminal.type("", "Escape");
    await terminal.sees(/● box · .* · key known · failed/);
    await terminal.type("", "Escape");
    await isSane(terminal, 0);
  });

  it("ends on Ctrl-C while the host does not answer", async () => {
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const known = join(home, "known");
    const text = `hosts:\n  box: {host: 127.0.0.1, port: ${port}, host_key: {mode: accept-new, known_hosts: ${known}}}\n`;
    write(text);
    const terminal = await editor();
    await terminal.picks(/.*1 host/, "box");
    await terminal.sees(/◆ {2}box\n.*● Edit/);
    const connected = new Promise((resolve) => silent.once("connection", resolve));
    await terminal.type("", "Down", "Enter");
    await connected;
    await terminal.type("", "C-c");
    await isSane(terminal, 130);
    expect(read()).toBe(text);
  });
});

/** Says when it runs and when it is interrupted, in words that are not in the line itself. */
const WAITING = `sh -c 'trap "echo $((50+5))-caught" INT; echo $((40+2))-ready; sleep 100'`;

describe("ssh-mcp hosts opens a shell", () => {
  it("that has the terminal until it ends, Ctrl-C included, and then comes back to the menu", async () => {
    write("settings: {ssh_config: false}\n");
    const terminal = await editor("--lab");
    await terminal.picks(/.*3 hosts/, "lab-sh");
    await terminal.sees(/◆ {2}lab-sh\n.*● Test/);
    await terminal.type("", "Down", "Enter");
    await terminal.sees(/Ctrl-\] ends the shell from here/);
    await terminal.type(WAITING, "Enter");
    await terminal.sees(/42-ready/);
    await terminal.type("", "C-c");
    await terminal.sees(/55-caught/);
    await terminal.type("printf '\\033[2J\\033[H'; exit 3", "Enter");
    await terminal.sees(/The shell has ended with 3\.[\s\S]*◆ {2}lab-sh/);
    await terminal.type("", "Down", "Enter");
    await terminal.sees(/with 3\.[\s\S]*Ctrl-\] ends/);
    await terminal.type("", "C-]");
    await terminal.sees(/The shell was ended from here\.[\s\S]*◆ {2}lab-sh/);
    await terminal.type("", "C-c");
    await isSane(terminal, 130);
  });
});

describe("ssh-mcp hosts in other terminals", () => {
  it("keeps to 40 columns with names that are longer, shows no colour with NO_COLOR, and leaves at once on Ctrl-C", async () => {
    const long = "a-name-that-is-much-longer-than-forty-columns-are";
    const text = `hosts:\n  ${long}: {host: ${long}.example.com, tags: [${long}]}\n`;
    write(text);
    const terminal = await editor("", { cols: 40, rows: 24 }, { NO_COLOR: "1" });
    await terminal.sees(/◆ [\s\S]*└/);
    const rows = (await terminal.screen()).split("\n").filter((row) => row.includes("a-name"));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(/^│ {2}● a-name-that-is.*…$/);
    await terminal.picks(/[\s\S]*1 host/, "");
    await terminal.sees(/● Edit/);
    await terminal.type("", "Enter");
    await terminal.sees(/◆ {2}a-name[\s\S]*● +host +a-name.*…/);
    await terminal.type("port", "Enter");
    await terminal.answers(/port:/, "0");
    await terminal.sees(/▲[\s\S]*must be a number/);
    expect(await terminal.screen(true)).not.toMatch(/\u001b\[(?:3[0-7]|9[0-7])m/);
    await terminal.type("", "C-c");
    await isSane(terminal, 130);
    expect(read()).toBe(text);
  });

  it("names the commands that need no terminal where there is none", async () => {
    write(WEB);
    const ended = await new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
      const env = { PATH: process.env.PATH ?? "", HOME: home };
      execFile(process.execPath, [cli, "hosts"], { env }, (error, out, err) =>
        resolve({ code: error?.code, out, err }),
      );
    });
    expect(ended.code).toBe(1);
    expect(ended.out).toBe("");
    expect(ended.err).toMatch(
      /hosts alone opens the inventory's editor[\s\S]*ssh-mcp hosts list prints all hosts/,
    );
  });

  it("asks in lines that are never redrawn where the terminal cannot, and leaves on Ctrl-C", async () => {
    write(WEB);
    const terminal = await editor("", WHOLE, { TERM: "dumb" });
    await terminal.sees(/^6\. web1 · [\s\S]*Number, or words to search for:\s*$/m);
    await terminal.type("6", "Enter");
    await terminal.sees(/^1\. Edit[\s\S]*search for:\s*$/m);
    await terminal.type("", "C-c");
    await isSane(terminal, 130);
    expect(await terminal.screen(true)).not.toContain("\u001b");
    expect(read()).toBe(WEB);
  });
});
