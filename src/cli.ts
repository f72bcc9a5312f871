import { isMainThread, workerData } from "node:worker_threads";
import { ownPlace, unfitNode } from "./app/place.ts";
import { overHttp, serve } from "./app/server.ts";
import type { Surroundings } from "./app/surroundings.ts";
import { messageOf } from "./base/errors.ts";
import { serverArguments } from "./commands/serve.ts";
import { VERSION } from "./mcp/server.ts";

async function main(argv: readonly string[]): Promise<number> {
  const unfit = unfitNode(process.versions.node);
  if (unfit !== undefined) throw new Error(unfit);
  // What a client waits for goes without the parser, and without all that is loaded only on use.
  const server = serverArguments(argv);
  if (server !== undefined) return serveAsAsked({ ...server, ...ownPlace(process.env) });
  const { run } = await import("./commands/index.ts");
  return run(argv, { place: () => ownPlace(process.env), version: VERSION, self: SELF, serve: serveAsAsked });
}

/** Program and arguments that start this program again. */
const SELF = [process.execPath, ...process.execArgv, import.meta.filename];

/** By this process, or in front of the daemon. */
async function serveAsAsked(around: Surroundings): Promise<number> {
  const http = overHttp(around);
  const { daemon = !http && around.env.SSH_MCP_DAEMON === "1" } = around;
  if (daemon && http)
    throw new Error(
      "--daemon is for clients over stdio, and HTTP was chosen, whose sessions outlive their clients by themselves; leave one of them out",
    );
  if (!daemon) return serve(around);
  const { serveByDaemon } = await import("./daemon/front.ts");
  return serveByDaemon(around, { version: VERSION, self: SELF });
}

/** A worker of this program runs the same file: its task says what for. */
async function work(): Promise<boolean> {
  if (isMainThread) return false;
  switch (workerData?.task) {
    case "inventory": {
      const { parseAsWorker } = await import("./inventory/worker.ts");
      await parseAsWorker(workerData);
      return true;
    }
    case "validate": {
      const { validateAsWorker } = await import("./remote/validate/worker.ts");
      await validateAsWorker(workerData);
      return true;
    }
    default:
      return false;
  }
}

// Node ends with 0 when nothing is left to wait for, also while a promise that nobody will settle is awaited.
process.once("beforeExit", () => {
  process.stderr.write("ssh-mcp: internal: the program came to a stop before its work was done\n");
  process.exit(1);
});

work()
  .then((worked) => (worked ? 0 : main(process.argv.slice(2))))
  .then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`ssh-mcp: ${messageOf(error)}\n`);
      process.exit(1);
    },
  );
