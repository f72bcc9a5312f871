import { isMainThread, workerData } from "node:worker_threads";
import { ownPlace, unfitNode } from "./app/place.ts";
import { serve } from "./app/server.ts";
import { messageOf } from "./base/errors.ts";
import { serverArguments } from "./commands/serve.ts";
import { VERSION } from "./mcp/server.ts";

async function main(argv: readonly string[]): Promise<number> {
  const unfit = unfitNode(process.versions.node);
  if (unfit !== undefined) throw new Error(unfit);
  // What a client waits for goes without the parser, and without all that is loaded only on use.
  const server = serverArguments(argv);
  if (server !== undefined) return serve({ ...server, ...ownPlace(process.env) });
  const { run } = await import("./commands/index.ts");
  const self = [process.execPath, ...process.execArgv, import.meta.filename];
  return run(argv, { place: () => ownPlace(process.env), version: VERSION, self, serve });
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
