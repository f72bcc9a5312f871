import { spawn } from "node:child_process";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { readRegularFile, UnusableFile } from "../base/regular-file.ts";
import { endWithUs, killGroup } from "../base/run-command.ts";
import { distrust } from "./permissions.ts";
import type { OwnSecretRef, SecretRef } from "./reference.ts";
import { Secret } from "./secret.ts";

/** Keys and pass phrases are far below this; a larger source is a mistake. */
const MAX_SECRET_BYTES = 64 * 1024;
/** Long enough for `op` or `pass` to ask for a touch or a PIN. */
const COMMAND_TIMEOUT_MS = 30_000;

/** The reference in words, without anything that could be the secret: of a command only its first word. */
export function describeSecretRef(ref: SecretRef): string {
  if (ref.from === "env") return `environment variable ${ref.name}`;
  if (ref.from === "file") return `file ${ref.path}`;
  return `command "${/^\s*\S*/.exec(ref.command)?.[0].trim() ?? ""} …"`;
}

export interface ReadOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Variables that hold secrets of the inventory: no command is given them. */
  readonly withheld?: () => readonly string[];
  /** Reads variables and commands in another process. */
  readonly elsewhere?: (ref: OwnSecretRef) => Promise<string>;
  /** Learns the value when somebody takes it. */
  readonly revealed?: (value: string) => void;
}

/** The secret `ref` points to. @throws SshMcpError `secret_unavailable`, naming the reference and never the value. */
export async function readSecret(ref: SecretRef, options: ReadOptions = {}): Promise<Secret> {
  const value =
    ref.from === "file"
      ? await readSecretFile(ref.path)
      : await (options.elsewhere?.(ref) ?? readOwn(ref, options));
  if (value === "") throw unavailable(ref, "is empty");
  return new Secret(value, options.revealed);
}

async function readOwn(ref: OwnSecretRef, options: ReadOptions): Promise<string> {
  const env = options.env ?? process.env;
  if (ref.from === "env") return readVariable(ref.name, env);
  return runCommand(ref, without(env, options.withheld?.()), options.timeoutMs ?? COMMAND_TIMEOUT_MS);
}

/** A command prints its own secret and needs nobody else's. */
function without(env: NodeJS.ProcessEnv, names: readonly string[] = []): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function readVariable(name: string, env: NodeJS.ProcessEnv): string {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined) return value;
  throw unavailable({ from: "env", name }, "is not set");
}

async function readSecretFile(path: string): Promise<string> {
  const ref = { from: "file", path } as const;
  const text = await readRegularFile(path, MAX_SECRET_BYTES, (stats) => {
    const fault = distrust(path, stats, "access");
    if (fault === undefined) return;
    throw unavailable(ref, fault.reason, fault.fix === undefined ? OWN_FILE : `Run: ${fault.fix}`);
  }).catch((error: unknown) => {
    if (error instanceof SshMcpError) throw error;
    throw unavailable(
      ref,
      error instanceof UnusableFile ? error.message : `cannot be opened: ${messageOf(error)}`,
    );
  });
  return withoutFinalNewline(text.toString("utf8"));
}

const OWN_FILE = "Keep the secret in a file of your own that nobody else can read.";

/** Runs the operator's command in its own process group, so that a time-out also ends what it started. */
function runCommand(
  ref: Extract<SecretRef, { from: "command" }>,
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", ref.command], {
      env,
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const over = endWithUs(child.pid);
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (why: string) => {
      clearTimeout(timer);
      killGroup(child.pid);
      over();
      child.stdout.destroy();
      reject(unavailable(ref, why));
    };
    const timer = setTimeout(() => fail(`did not end within ${timeoutMs / 1000} s`), timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_SECRET_BYTES) fail(`printed more than ${MAX_SECRET_BYTES} bytes`);
      else chunks.push(chunk);
    });
    child.on("error", (error) => fail(`cannot be started: ${messageOf(error)}`));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      over();
      if (code === 0) resolve(withoutFinalNewline(Buffer.concat(chunks).toString("utf8")));
      else
        reject(unavailable(ref, signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`));
    });
  });
}

function withoutFinalNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function unavailable(ref: SecretRef, why: string, next = adviceFor(ref)): SshMcpError {
  return new SshMcpError("secret_unavailable", `The ${describeSecretRef(ref)} ${why}.`, next);
}

function adviceFor(ref: SecretRef): string {
  switch (ref.from) {
    case "env":
      return `Set the variable ${ref.name} in the environment ssh-mcp is started with (an MCP client's own "env" setting counts), or use a file or command reference.`;
    case "file":
      return `Write the secret alone into ${ref.path}, mode 0600, or correct the reference in the inventory.`;
    case "command":
      return "Run the command by hand to see what it says; its messages are withheld, they may hold the secret.";
  }
}
