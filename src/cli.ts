import { homedir } from "node:os";
import { isMainThread, workerData } from "node:worker_threads";
import { serve } from "./app/server.ts";
import { messageOf } from "./base/errors.ts";
import { serverArguments } from "./commands/serve.ts";
import { VERSION } from "./mcp/server.ts";

async function main(argv: readonly string[]): Promise<number> {
  const { env } = process;
  const place = { env, cwd: process.cwd(), home: env.HOME ?? homedir() };
  // What a client waits for goes without the parser, and without all that is loaded only on use.
  const server = serverArguments(argv);
  if (server !== undefined) return serve({ ...server, ...place });
  if (argv.length === 1 && argv[0] === "--version") {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const { run } = await import("./commands/index.ts");
  const self = [process.execPath, ...process.execArgv, import.meta.filename];
  return run(argv, { ...place, version: VERSION, self, serve });
}

/** A worker of this program runs the same file: its task says what for. */
async function work(): Promise<boolean> {
  if (isMainThread || workerData?.task !== "inventory") return false;
  const { parseAsWorker } = await import("./inventory/worker.ts");
  await parseAsWorker(workerData);
  return true;
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
