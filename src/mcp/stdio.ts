import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { createServer, type ServerParts, type Workspace } from "./server.ts";
import { claimStdout } from "./stdout.ts";

/** Sessions are closed and the process ready to exit within this time of the end. */
const SHUTDOWN_MS = 1_800;

/**
 * Serves both protocol eras over this process's stdio until the client closes stdin or stdout, or a signal arrives;
 * then closes every session. Resolves when the process may exit.
 */
export async function serveOverStdio({ workspace, report }: ServerParts): Promise<void> {
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
  const handle = serveStdio(() => createServer({ workspace: openOnce, report }), {
    transport: new StdioServerTransport(process.stdin, stdout),
    onerror: report,
  });

  await ended;
  const closing = Promise.allSettled([opened?.then((ready) => ready.dispose()), handle.close()]);
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS))]);
}
