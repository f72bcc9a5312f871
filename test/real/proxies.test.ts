// The configurations of docs/deploy.md, as they are printed there, in front of three servers each.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const CLI = join(import.meta.dirname, "../../dist/cli.js");
const TOKEN = "0123456789abcdef0123456789abcdef";
const NAME = "mcp.example.org";
const folder = mkdtempSync(join(tmpdir(), "proxies-"));
const children: ChildProcess[] = [];
const ports: number[] = [];

afterAll(async () => {
  await Promise.all(
    children.map((child) => {
      const ended = child.exitCode !== null || new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      return ended;
    }),
  );
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

beforeAll(async () => {
  const { cert, key } = { cert: join(folder, "fullchain.pem"), key: join(folder, "privkey.pem") };
  const days = [
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-days",
    "2",
    "-nodes",
    "-subj",
    `/CN=${NAME}`,
    "-addext",
    `subjectAltName=DNS:${NAME}`,
  ];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-keyout", key, "-out", cert, ...days], {
    stdio: "ignore",
  });
  writeFileSync(join(folder, "mcp.pem"), readFileSync(cert, "utf8") + readFileSync(key, "utf8"), {
    mode: 0o600,
  });
  ports.push(...(await freePorts(3)));
  const starting = ports.map(async (port, one) => {
    const args = ["serve", "--lab", "--http", `127.0.0.1:${port}`, "--behind-proxy", "--allow-host", NAME];
    const home = join(folder, `home-${one}`);
    execFileSync("mkdir", ["-p", home]);
    const env = { PATH: process.env.PATH, HOME: home, SHELL: "/bin/bash", MCP_AUTH_TOKEN: TOKEN };
    const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
    children.push(child);
    await new Promise<void>((resolve, reject) => {
      let said = "";
      child.stderr?.on("data", (chunk) => {
        said += String(chunk);
        if (said.includes("serving MCP")) resolve();
      });
      child.once("exit", () => reject(new Error(said)));
    });
  });
  await Promise.all(starting);
}, 120_000);

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const found = servers.map((server) => server.address());
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found.map((address) => (typeof address === "object" && address !== null ? address.port : 0));
}

/** A configuration of the page, with the ports and files of this test. */
function printed(language: string, port: number): string {
  const page = readFileSync(join(import.meta.dirname, "../../docs/deploy.md"), "utf8");
  const [, text = ""] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  return text
    .replaceAll("/etc/ssl/mcp", folder)
    .replace(/8443/g, String(port))
    .replace(/127\.0\.0\.1:800([123])/g, (_all, number) => `127.0.0.1:${ports[Number(number) - 1]}`);
}

const started = new Map<string, Promise<number>>();

/** The port of a proxy, which is started for the first that asks. */
function proxy(which: "nginx" | "haproxy"): Promise<number> {
  const port = started.get(which) ?? startProxy(which);
  started.set(which, port);
  return port;
}

/** Resolves with its port once it answers. */
async function startProxy(which: "nginx" | "haproxy"): Promise<number> {
  const [port = 0] = await freePorts(1);
  const file = join(folder, `${which}.conf`);
  const text = printed(which, port);
  writeFileSync(
    file,
    which === "haproxy"
      ? text
      : `pid ${folder}/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}\n${text}\n}\n`,
  );
  const args = which === "nginx" ? ["-c", file, "-g", "daemon off;"] : ["-f", file, "-db"];
  const child = spawn(which, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  children.push(child);
  await expect
    .poll(
      () =>
        ask(port, { path: "/health", method: "GET" }).then(
          ({ status }) => status,
          () => said,
        ),
      { timeout: 60_000 },
    )
    .toBe(200);
  return port;
}

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly key?: string;
  readonly body?: object;
}

/** One request through the proxy, and each piece of the answer as it came. */
function ask(
  port: number,
  { path = "/mcp", method = "POST", key, body }: Asked,
): Promise<{ status: number; text: string; pieces: string[] }> {
  return new Promise((resolve, reject) => {
    const out = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method,
        servername: NAME,
        ca: readFileSync(join(folder, "fullchain.pem")),
        headers: {
          host: NAME,
          authorization: `Bearer ${TOKEN}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          ...(body !== undefined && "method" in body ? { "mcp-method": String(body.method) } : {}),
          ...(key === undefined ? {} : { "x-session-key": key }),
          ...nameHeader(body),
        },
      },
      (answer) => {
        const pieces: string[] = [];
        answer.setEncoding("utf8").on("data", (chunk: string) => pieces.push(chunk));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: pieces.join(""), pieces }));
        answer.on("error", reject);
      },
    );
    out.on("error", reject);
    out.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function nameHeader(body: object | undefined): Record<string, string> {
  const params: unknown = Object.entries(body ?? {}).find(([name]) => name === "params")?.[1];
  if (typeof params !== "object" || params === null || !("name" in params)) return {};
  return { "mcp-name": String(params.name) };
}

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "proxied", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

const call = (port: number, key: string, name: string, args: object, more: object = {}) =>
  ask(port, {
    key,
    body: {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: args, _meta: { ...meta, ...more } },
    },
  });

describe.concurrent.each(["nginx", "haproxy"] as const)("behind %s with TLS", (which) => {
  it("one key's requests reach the server that has its sessions, and the keys are spread over three", async () => {
    const port = await proxy(which);
    const keys = Array.from({ length: 12 }, (_, number) => `${which}-key-${number}`);
    const servers = new Set<string>();
    for (const key of keys) {
      const { text } = await call(port, key, "ssh_exec", { host: "lab-sh", command: "echo home=$HOME" });
      const [, home = text] = /home=([^\s"\\]+)/.exec(text) ?? [];
      servers.add(home);
      const again = [1, 2, 3].map(() => call(port, key, "ssh_read", { exec: 1 }));
      for (const read of await Promise.all(again)) expect(read.text).toContain(`home=${home}`);
    }
    expect(servers.size).toBe(3);
  });

  it("a stream arrives while its call lasts", async () => {
    const port = await proxy(which);
    const { pieces } = await call(
      port,
      `${which}-stream`,
      "ssh_exec",
      { host: "lab-sh", command: "sleep 6", timeout_s: 20 },
      { progressToken: "p" },
    );
    const first = pieces.findIndex((piece) => piece.includes("notifications/progress"));
    const last = pieces.findIndex((piece) => piece.includes("exit=0"));
    expect(first).toBeGreaterThanOrEqual(0);
    expect(last).toBeGreaterThan(first);
  });
});
