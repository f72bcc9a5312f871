import { spawn } from "node:child_process";
import { once } from "node:events";

export interface HeldLock {
  release(): Promise<void>;
}

/**
 * Takes a lock shared by every process of this machine; it ends by itself when this process dies, however that happens.
 * `ifFree`: undefined instead of waiting when somebody else holds it.
 */
export async function holdLock(
  file: string,
  how: { readonly shared: boolean; readonly ifFree?: boolean },
): Promise<HeldLock | undefined> {
  const args = [
    how.shared ? "-s" : "-x",
    ...(how.ifFree ? ["-n"] : []),
    file,
    "sh",
    "-c",
    "echo held; exec cat",
  ];
  // The lock lives as long as `cat` reads from us: our end of its stdin closes with this process.
  // Detached: Ctrl-C in the terminal must not take the lock away before the teardown that needs it.
  const child = spawn("flock", args, { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const ended = once(child, "exit").then(() => "ended");
  const held = await Promise.race([once(child.stdout, "data").then(() => "held"), ended]);
  if (held !== "held") {
    if (how.ifFree) return undefined;
    throw new Error(`Cannot lock ${file}`);
  }
  child.stdout.resume();
  child.unref();
  return {
    async release() {
      child.stdin.end();
      await ended;
    },
  };
}
