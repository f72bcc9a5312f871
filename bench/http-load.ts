// npm run bench:http [-- CALLERS SESSIONS SECONDS]: callers of the older revision with a stream open each, callers of the newest with a
// session each, and 100 calls a second from all of them together. Prints what one caller alone waits, and what each waits among them.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSshd } from "../test/ssh/sshd.ts";

const [callers = 1_000, sessions = 200, seconds = 30] = process.argv.slice(2).map(Number);
const RATE = 100;
const TOKEN = "0123456789abcdef0123456789abcdef";
const folder = mkdtempSync(join(tmpdir(), "http-load-"));
const agent = new Agent({ keepAlive: true, maxSockets: 4_000 });
const sshd = await startSshd({
  hostKeys: [["-t", "ed25519"]],
  config: ["MaxStartups 300:30:600", "MaxSessions 20"],
});
const port = 20_000 + (process.pid % 20_000);
let server: ChildProcess | undefined;

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "load", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

function send({ method = "POST", headers = {}, body }: Sent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const out = request(
      {
        agent,
        host: "127.0.0.1",
        port,
        path: "/mcp",
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          accept: "application/json, text/event-stream",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
      },
      resolve,
    );
    out.on("error", reject);
    out.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk;
  return text;
}

async function call(key: string, name: string, args: object, expected: RegExp): Promise<number> {
  const began = performance.now();
  const body = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: args, _meta: meta },
  };
  const headers = {
    "x-session-key": key,
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": name,
  };
  const text = await textOf(await send({ headers, body }));
  if (!expected.test(text)) throw new Error(`${key} ${name}: ${text.slice(0, 300)}`);
  return performance.now() - began;
}

/** A client of the older revision: its session begun, its stream open. */
async function connected(key: string): Promise<void> {
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "load", version: "1" },
  };
  const begun = await send({
    headers: { "x-session-key": key },
    body: { jsonrpc: "2.0", id: 1, method: "initialize", params },
  });
  await textOf(begun);
  const id = String(begun.headers["mcp-session-id"]);
  const stream = await send({ method: "GET", headers: { "x-session-key": key, "mcp-session-id": id } });
  if (stream.statusCode !== 200) throw new Error(`${key}: a stream got ${stream.statusCode}`);
  stream.resume().on("error", () => {});
}

async function each(count: number, atOnce: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const open = (key: string) =>
  call(key, "ssh_connect", { host: "plain", session: "load", timeout_s: 50 }, /\[load /);
const list = (key: string) => call(key, "ssh_sessions", {}, /\bload\b/);
const echo = (key: string) =>
  call(key, "ssh_shell", { session: "load", command: "echo hi" }, /hi.*\[load #\d+ done/s);
const memoryMb = () =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server?.pid}/status`, "utf8"))?.[1]) / 1024);
/** Seconds of processor time that the server has used. */
const cpuS = () => {
  const fields = readFileSync(`/proc/${server?.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const at = (some: readonly number[], share: number) =>
  [...some].sort((a, b) => a - b)[Math.min(some.length - 1, Math.floor(some.length * share))]?.toFixed(1) ??
  "-";
const said = (some: readonly number[]) =>
  `p50 ${at(some, 0.5)} ms, p99 ${at(some, 0.99)} ms of ${some.length}`;

try {
  const knownHosts = join(folder, "known_hosts");
  writeFileSync(
    knownHosts,
    [...sshd.hostKeys.values()].map((key) => `[127.0.0.1]:${sshd.port} ${key}\n`).join(""),
  );
  const config = join(folder, "hosts.yaml");
  const host = `{ host: 127.0.0.1, port: ${sshd.port}, user: root, platform: posix, policy: unrestricted, host_key: { known_hosts: ${knownHosts} }, limits: { sessions: 250 }, auth: { method: key, key_path: ${sshd.clientKey} } }`;
  writeFileSync(config, `settings: { ssh_config: false }\nhosts:\n  plain: ${host}\n`, { mode: 0o600 });
  const env = { PATH: process.env.PATH, HOME: folder, MCP_AUTH_TOKEN: TOKEN };
  const args = ["dist/cli.js", "serve", "--config", config, "--http", `127.0.0.1:${port}`];
  server = spawn(process.execPath, [...(process.env.LOAD_NODE?.split(" ") ?? []), ...args], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve, reject) => {
    server?.stderr?.on("data", (chunk) => {
      if (String(chunk).includes("serving MCP")) resolve();
      else process.stderr.write(chunk);
    });
    server?.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  await open("alone");
  const usedAlone = cpuS();
  const alone = { list: [] as number[], echo: [] as number[] };
  for (let turn = 0; turn < 200; turn++) {
    alone.list.push(await list("alone"));
    alone.echo.push(await echo("alone"));
  }
  process.stdout.write(
    `one caller: listing ${said(alone.list)}; echo hi ${said(alone.echo)}; ${((cpuS() - usedAlone) * 2.5).toFixed(1)} ms of processor time per call; memory ${memoryMb()} MB\n`,
  );
  await each(callers - sessions, 32, (index) => connected(`stream-${index}`));
  await each(sessions, 8, (index) => open(`key-${index}`));
  process.stdout.write(`${callers} callers, ${sessions} sessions: memory ${memoryMb()} MB\n`);
  const among = { list: [] as number[], echo: [] as number[] };
  const failed: string[] = [];
  const waiting: Promise<void>[] = [];
  const [began, used] = [performance.now(), cpuS()];
  for (let turn = 0; turn < RATE * seconds; turn++) {
    const due = began + (turn * 1_000) / RATE;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const key = `key-${turn % sessions}`;
    const kind = turn % 2 === 0 ? "list" : "echo";
    const work = kind === "list" ? list(key) : echo(key);
    waiting.push(
      work.then(
        (ms) => void among[kind].push(ms),
        (error: unknown) => void failed.push(String(error)),
      ),
    );
  }
  await Promise.all(waiting);
  const perCall = ((cpuS() - used) * 1_000) / (RATE * seconds);
  const took = (performance.now() - began) / 1_000;
  process.stdout.write(
    `${RATE * seconds} calls in ${took.toFixed(1)} s: listing ${said(among.list)}; echo hi ${said(among.echo)}; ${failed.length} failed; memory ${memoryMb()} MB; ${perCall.toFixed(1)} ms of processor time per call\n`,
  );
  for (const one of failed.slice(0, 3)) process.stdout.write(`${one}\n`);
} finally {
  agent.destroy();
  if (server !== undefined && server.exitCode === null) {
    const ended = new Promise((resolve) => server?.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }
  await sshd.stop();
  rmSync(folder, { recursive: true, force: true });
}
