import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { ask } from "../../src/daemon/ask.ts";
import type { Status } from "../../src/daemon/control.ts";
import { dialDaemon } from "../../src/daemon/dial.ts";
import { daemonPlace } from "../../src/daemon/place.ts";

const root = join(import.meta.dirname, "..", "..");
export const CLI = join(root, "dist", "cli.js");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Agent {
  readonly pid: number;
  call(tool: string, args?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** A state folder of its own, with the commands, clients and daemons that use it. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), "dm-"));
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly #children: ChildProcess[] = [];
  readonly #agents: Agent[] = [];

  constructor(args: readonly string[] = ["--lab"], env: NodeJS.ProcessEnv = {}) {
    const { SSH_AUTH_SOCK: _socket, ...inherited } = process.env;
    this.env = { ...inherited, HOME: this.folder, XDG_STATE_HOME: join(this.folder, "s"), ...env };
    this.args = args;
  }

  get place() {
    const at = this.args.indexOf("--config");
    const config = at < 0 ? {} : { configPath: this.args[at + 1] ?? "" };
    return daemonPlace({
      ...config,
      env: this.env,
      cwd: root,
      home: this.folder,
      lab: this.args.includes("--lab"),
    });
  }

  run(...words: string[]): Promise<Ran> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [CLI, ...words, ...this.args],
        { env: this.env, cwd: root, timeout: 60_000 },
        (error, stdout, stderr) =>
          resolve({
            code: error === null ? 0 : typeof error.code === "number" ? error.code : -1,
            stdout,
            stderr,
          }),
      );
    });
  }

  /** A daemon that is a child of the test; resolves once it listens. */
  async foreground(...words: string[]): Promise<ChildProcess> {
    const child = spawn(process.execPath, [CLI, "daemon", "start", "--foreground", ...words, ...this.args], {
      env: this.env,
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
    this.#children.push(child);
    await until(async () => child.exitCode !== null || (await this.status()) !== undefined);
    return child;
  }

  async agent(
    name = "agent",
    env: NodeJS.ProcessEnv = {},
    args: readonly string[] = ["--daemon"],
  ): Promise<Agent> {
    const given = Object.entries({ ...this.env, ...env });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [CLI, ...args, ...this.args],
      cwd: root,
      env: Object.fromEntries(given.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
      stderr: "ignore",
    });
    const client = new Client({ name, version: "1" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(transport);
    const agent: Agent = {
      pid: transport.pid ?? 0,
      async call(tool, given = {}) {
        const { content } = await client.callTool({ name: tool, arguments: given });
        return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
      },
      close: () => client.close(),
    };
    this.#agents.push(agent);
    return agent;
  }

  /** What the daemon says of itself; undefined: none runs. */
  async status(): Promise<Status | undefined> {
    const reached = await dialDaemon(this.place, "test", "control");
    return reached === undefined ? undefined : (await ask(reached, { do: "status" })).status;
  }

  async pid(): Promise<number> {
    return (await this.status())?.pid ?? 0;
  }

  log(): Record<string, unknown>[] {
    const { log } = this.place;
    if (!existsSync(log)) return [];
    return readFileSync(log, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#agents.map((agent) => agent.close().catch(() => {})));
    const reached = await dialDaemon(this.place, "test", "control").catch(() => undefined);
    const { pid } =
      reached === undefined ? { pid: 0 } : (await ask(reached, { do: "stop", force: true })).status;
    if (pid !== 0) await until(() => !isAlive(pid));
    for (const child of this.#children) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function killed(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
