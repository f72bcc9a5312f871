import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "../app/surroundings.ts";
import { SshMcpError } from "../base/errors.ts";
import { dialDaemon, type ToDaemon } from "./dial.ts";
import type { Role } from "./handshake.ts";
import { daemonPlace, privateFolder } from "./place.ts";

/** A daemon listens within this time, also on a machine that is busy. */
const START_MS = 20_000;
const EVERY_MS = 25;

/**
 * What a daemon is given of the environment of whoever starts it: where things are, not what is secret. Variables of the
 * inventory are asked of each client.
 */
const HANDED =
  /^(?:HOME|PATH|USER|LOGNAME|SHELL|TERM|LANG|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|SSH_MCP_[A-Z_]+|MCP_SSH_CONFIG|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS)$/;

export interface StartOptions {
  readonly version: string;
  /** Program and arguments that start this very program. */
  readonly self: readonly string[];
  /** `--idle` of the daemon, in seconds; left out: its default. */
  readonly idleS?: number;
}

/** Connects to the daemon, and starts one first where none runs. `started`: by this call. @throws SshMcpError. */
export async function reachDaemon(
  around: Surroundings,
  role: Role,
  more: object,
  options: StartOptions,
): Promise<ToDaemon & { readonly started: boolean }> {
  const place = daemonPlace(around);
  const there = await dialDaemon(place, options.version, role, more);
  if (there !== undefined) return { ...there, started: false };
  privateFolder(place.folder);
  const child = spawned(around, options);
  try {
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      const reached = await dialDaemon(place, options.version, role, more);
      if (reached !== undefined) return { ...reached, started: true };
      if (child.failed()) break;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    const said = child.said();
    throw new SshMcpError(
      "connect_failed",
      `the daemon did not start${said === "" ? ` within ${START_MS / 1000} s` : `: ${said}`}`,
      "ssh-mcp daemon start --foreground shows what it says.",
    );
  } finally {
    child.release();
  }
}

/** A process of its own session, which outlives us; what it says before it listens is kept. */
function spawned(around: Surroundings, { self, idleS }: StartOptions) {
  const [program = process.execPath, ...args] = self;
  const words = [
    "daemon",
    "start",
    "--foreground",
    ...(around.configPath === undefined ? [] : ["--config", around.configPath]),
    ...(around.lab ? ["--lab"] : []),
    ...(idleS === undefined ? [] : ["--idle", String(idleS)]),
  ];
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-start-"));
  const errors = join(folder, "stderr");
  const fd = openSync(errors, "wx", 0o600);
  const child = spawn(program, [...args, ...words], {
    cwd: around.cwd,
    detached: true,
    stdio: ["ignore", "ignore", fd],
    env: Object.fromEntries(Object.entries(around.env).filter(([name]) => HANDED.test(name))),
  });
  closeSync(fd);
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  child.once("error", () => {
    ended = true;
  });
  child.unref();
  return {
    // Of two that start at the same time one ends at once, and the other one listens.
    failed: () => ended && !/already/.test(readFileSync(errors, "utf8")),
    said: () => readFileSync(errors, "utf8").trim().slice(0, 2_000),
    release: () => rmSync(folder, { recursive: true, force: true }),
  };
}
