import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../test/real/kit/process.ts";
import { until } from "../../test/real/kit/until.ts";
import type { Target } from "../target.ts";
import type { PtyPeer } from "./peer.ts";

function optionsFor(target: Target): string[] {
  return [
    ...["-F", "/dev/null", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-i", target.keyPath],
    ...["-o", `UserKnownHostsFile=${target.knownHosts}`, "-o", "StrictHostKeyChecking=yes"],
    ...["-o", "LogLevel=ERROR", "-p", `${target.port}`, `${target.login}@${target.address}`],
  ];
}

/** Over a master, a client whose own input is no terminal gets a PTY with its line discipline off. */
export const SANE = "stty sane";

/** The OpenSSH client, with a connection of its own for each call or over a running master. */
export interface OpenSsh {
  shell(): PtyPeer;
  /** Runs a command to its end. */
  exec(command: string): Promise<void>;
  /** Runs a command on a PTY with its output thrown away by the kernel. */
  discard(command: string): Promise<void>;
  dispose(): Promise<void>;
}

export function openSsh(target: Target): OpenSsh {
  return client([], target, async () => {});
}

/** `ssh -M` is up when this resolves. */
export async function openSshMultiplexed(target: Target): Promise<OpenSsh> {
  const dir = mkdtempSync(join(tmpdir(), "ssh-mcp-bench-"));
  const control = ["-S", join(dir, "control")];
  const master = spawn("ssh", ["-M", "-N", ...control, ...optionsFor(target)], { stdio: "ignore" });
  await until(async () => (await run("ssh", ["-O", "check", ...control, ...optionsFor(target)])).code === 0, {
    describe: "the master connection",
  });
  return client(control, target, async () => {
    const ended = once(master, "exit");
    master.kill();
    await ended;
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
}

function client(control: readonly string[], target: Target, dispose: () => Promise<void>): OpenSsh {
  const options = [...control, ...optionsFor(target)];
  const env = { ...process.env, TERM: "xterm-256color" };
  return {
    shell() {
      const child = spawn("ssh", ["-tt", ...options], { env, stdio: ["pipe", "pipe", "ignore"] });
      let listener: (chunk: Buffer) => void = () => {};
      child.stdout.on("data", (chunk: Buffer) => listener(chunk));
      child.stdin.on("error", () => {});
      return {
        write: (text) => child.stdin.write(text),
        listen: (next) => {
          listener = next;
        },
        async close() {
          const ended = once(child, "exit");
          child.kill();
          await ended;
        },
      };
    },
    async exec(command) {
      const { code } = await run("ssh", [...options, command], { env });
      if (code !== 0) throw new Error(`ssh exited with ${code}`);
    },
    async discard(command) {
      const child = spawn("ssh", ["-tt", ...options, `${SANE}; ${command}`], { env, stdio: "ignore" });
      await once(child, "exit");
    },
    dispose,
  };
}
