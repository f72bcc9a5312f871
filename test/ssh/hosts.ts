import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SshMcpError } from "../../src/base/errors.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import type { ReadSecret } from "../../src/secrets/reference.ts";
import type { Secrets } from "../../src/secrets/secrets.ts";
import { type CollectOptions, collect, type ExecResult } from "../../src/ssh/collect.ts";
import type { OpenedPty, PtyOptions, Transport } from "../../src/ssh/contract.ts";
import { aHost } from "../a-host.ts";
import type { TestServer } from "./sshd.ts";

export const PTY: PtyOptions = { cols: 200, rows: 50, term: "xterm-256color" };
export const EXEC: CollectOptions = { timeoutMs: 60_000, maxBytes: 1_000_000 };

/** A resolved host on loopback with defaults that suit tests. */
export function testHost(port: number, overrides: Partial<ResolvedHost> = {}): ResolvedHost {
  return aHost({
    address: "127.0.0.1",
    port,
    user: "root",
    terminal: { cols: 200, rows: 50, term: "xterm-256color" },
    limits: { sessions: 100, transcriptBytes: 1_000_000, channelsPerConnection: 9 },
    // A login takes seconds on a busy machine.
    timing: { connectTimeoutMs: 30_000 },
    ...overrides,
  });
}

/** The host of a test server, with its key known and its client key configured. */
export function hostOf(server: TestServer, overrides: Partial<ResolvedHost> = {}): ResolvedHost {
  return testHost(server.port, {
    auth: [{ method: "key", path: server.clientKey }],
    hostKey: { mode: "strict", files: [knownHosts(server)] },
    ...overrides,
  });
}

/** A known_hosts file in the server's folder that holds all its keys, or those given. */
export function knownHosts(server: TestServer, lines?: readonly string[], name = "known_hosts"): string {
  const file = join(server.folder, name);
  const known = lines ?? [...server.hostKeys.values()].map((key) => `[127.0.0.1]:${server.port} ${key}`);
  writeFileSync(file, `${known.join("\n")}\n`);
  return file;
}

/** Reads no secret at all: for tests in which none may be needed. */
export const noSecrets: Secrets = secretsOf(() => Promise.reject(new Error("no secret may be read here")));

/** Secrets of the test's own making, which nothing takes out of errors. */
export function secretsOf(read: ReadSecret): Secrets {
  return { read, redact: (text) => text };
}

/** Runs a command on any connection to the host. */
export async function run(
  transport: Transport,
  host: ResolvedHost,
  command: string,
  options: CollectOptions = EXEC,
): Promise<ExecResult> {
  const { exec } = transport.link(host);
  if (exec === undefined) throw new Error("this host runs no commands");
  return collect(exec, command, options);
}

/** Runs a command beside a terminal, on its connection. */
export async function runBeside(
  pty: OpenedPty | undefined,
  command: string,
  options: CollectOptions = EXEC,
): Promise<ExecResult> {
  if (pty?.beside === undefined) throw new Error("nothing runs beside this terminal");
  return collect(pty.beside, command, options);
}

/** The SshMcpError a promise fails with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<SshMcpError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof SshMcpError) return error;
    throw error;
  }
  throw new Error("it succeeded");
}

/** Resolves with everything received so far as soon as it matches. */
export function received({ channel }: Pick<OpenedPty, "channel">, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const data = channel.onData((chunk) => {
      text += chunk.toString("utf8");
      if (!pattern.test(text)) return;
      data.dispose();
      resolve(text);
    });
    channel.onClose((end) => reject(new Error(`closed (${JSON.stringify(end)}) after: ${text}`)));
  });
}
