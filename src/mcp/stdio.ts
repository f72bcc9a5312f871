import type { Toolset } from "../base/toolsets.ts";
import type { DeskParts, Workspace } from "../desk/contract.ts";
import { createDesk } from "../desk/desk.ts";
import { serveConnection } from "./connection.ts";
import { claimStdout } from "./stdout.ts";

/** Sessions are closed and the process ready to exit within this time of the end. */
const SHUTDOWN_MS = 1_800;

export interface StdioParts {
  readonly workspace: () => Promise<Workspace>;
  /** Those that are on beside the core; left out: the default. */
  readonly toolsets?: () => Promise<readonly Toolset[]>;
  /** The operator's own recipes; left out: there are none. */
  readonly recipes?: DeskParts["recipes"];
  /** Does an agent's own `confirm_dangerous` count on any host? Left out: on none. */
  readonly mayConfirm?: DeskParts["mayConfirm"];
  /** Loads what the first call needs, ahead of it; left out: the call does. */
  readonly warm?: () => Promise<unknown>;
  /** Where unexpected errors go; never stdout. */
  readonly report: (error: unknown) => void;
}

/** The list of tools is asked for and answered at once; what blocks for a while begins behind it. */
const WARM_AFTER_MS = 50;

/**
 * Serves both protocol eras over this process's stdio until the client closes stdin or stdout, or a signal arrives;
 * then closes every session. Resolves when the process may exit.
 */
export async function serveOverStdio({
  workspace,
  toolsets,
  recipes,
  mayConfirm,
  warm,
  report,
}: StdioParts): Promise<void> {
  const stdout = claimStdout();
  const ended = new Promise<void>((resolve) => {
    const end = () => resolve();
    process.stdin.once("end", end).once("close", end).once("error", end);
    stdout.once("error", end).once("close", end);
    // Clients end a server with one or another of these; a second signal meets the default again.
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, end);
  });

  let opened: Promise<Workspace> | undefined;
  const openOnce = async () => {
    opened ??= workspace();
    try {
      return await opened;
    } catch (error) {
      opened = undefined; // A broken inventory may be mended; the next call tries again.
      throw error;
    }
  };
  const desk = createDesk({
    workspace: openOnce,
    report,
    ...(toolsets === undefined ? {} : { toolsets }),
    ...(recipes === undefined ? {} : { recipes }),
    ...(mayConfirm === undefined ? {} : { mayConfirm }),
  });
  // One process serves one client, whose sessions and readers belong together however often it initialises.
  const callerId = `stdio-${process.pid}`;
  let warmed = warm === undefined;
  const introduced = () => {
    if (warmed) return;
    warmed = true;
    setTimeout(() => void warm?.().catch(report), WARM_AFTER_MS).unref();
  };
  const handle = serveConnection({
    desk,
    callerId,
    introduced,
    input: process.stdin,
    output: stdout,
    report,
  });

  await ended;
  const closing = Promise.allSettled([opened?.then((ready) => ready.dispose()), handle.close()]);
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS))]);
}
