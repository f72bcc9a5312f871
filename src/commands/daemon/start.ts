import type { Surroundings } from "../../app/surroundings.ts";
import { ask, say } from "../../daemon/ask.ts";
import { IDLE_MS, runDaemon } from "../../daemon/daemon.ts";
import { AlreadyRuns } from "../../daemon/socket.ts";
import { reachDaemon, type StartOptions } from "../../daemon/start.ts";
import { print } from "../stdout.ts";

/** Starts the daemon behind us, or finds it running. */
export async function startDaemon(around: Surroundings, options: StartOptions): Promise<number> {
  const reached = await reachDaemon(around, "control", {}, options);
  const { status } = await ask(reached, { do: "status" });
  print(
    `the daemon ${reached.started ? "runs" : "runs already"}: process ${reached.pid}, version ${reached.version}\n`,
  );
  for (const line of say(status.lost)) print(line);
  return 0;
}

/** Is the daemon, until it is stopped. */
export async function beDaemon(
  around: Surroundings,
  { version, idleS }: { readonly version: string; readonly idleS?: number },
): Promise<number> {
  try {
    return await runDaemon(around, { version, idleMs: idleS === undefined ? IDLE_MS : idleS * 1000 });
  } catch (error) {
    if (!(error instanceof AlreadyRuns)) throw error;
    process.stderr.write("ssh-mcp: the daemon runs already\n");
    return 0;
  }
}
