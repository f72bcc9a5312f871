import { serveOverStdio } from "../mcp/stdio.ts";
import { choosesHttp, namesTransport } from "./http-options.ts";
import { ownRecipes } from "./recipes.ts";
import type { Surroundings } from "./surroundings.ts";
import { agentMayConfirm, toolsetsOn } from "./toolsets.ts";

/**
 * Serves MCP over this process's stdio until the client ends it, or over HTTP where that was chosen; resolves to the exit code. The workspace is loaded once the
 * client has the list of tools, and opened with the first call: a client may start a server only to ask what it is.
 */
export async function serve(around: Surroundings): Promise<number> {
  if (overHttp(around)) return (await import("./http.ts")).serveHttp(around);
  // A client that closed our stderr must not turn every report into the next one.
  process.stderr.on("error", () => {});
  const report = (error: unknown) =>
    process.stderr.write(`ssh-mcp: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  // One session's failure must not end the others: what nobody caught is reported, and the server goes on.
  process.on("uncaughtException", report).on("unhandledRejection", report);
  const say = (sentence: string) => void process.stderr.write(`ssh-mcp: ${sentence}\n`);
  const looking = setTimeout(() => {
    import("./inventory-check.ts")
      .then(({ inventoryFaults }) => inventoryFaults(around))
      .then((faults) => {
        for (const fault of faults) process.stderr.write(`ssh-mcp: ${fault}\n`);
      })
      .catch(report);
    import("./armed.ts").then(({ armedChanges }) => armedChanges(around).forEach(say)).catch(report);
  }, LOOK_AFTER_MS);
  looking.unref();
  if (process.stdin.isTTY) process.stderr.write(AT_TERMINAL);
  await serveOverStdio({
    report,
    // The list of tools needs these: what they import dynamically is not loaded for it.
    toolsets: () => toolsetsOn(around, say),
    recipes: () => ownRecipes(around, say),
    mayConfirm: () => agentMayConfirm(around),
    workspace: async () => (await import("./workspace.ts")).openWorkspace(around),
    warm: async () => (await import("./warm.ts")).warm(),
  });
  return 0;
}

/** Was HTTP chosen? @throws Error, as a sentence, where the variables do not say which. */
export function overHttp({ http, env }: Surroundings): boolean {
  return http !== undefined || (namesTransport(env) && choosesHttp(env));
}

/** The inventory is looked at for its faults once the first answers are given: clients wait for those. */
const LOOK_AFTER_MS = 400;

/** Printed on stderr when a person starts the server at a terminal. */
const AT_TERMINAL = `ssh-mcp is an MCP server: it speaks JSON-RPC on stdin and stdout, and is started by an agent's client.
Register it there, for example:
  claude mcp add ssh -- ssh-mcp
  codex mcp add ssh -- ssh-mcp
To see what it does right here: ssh-mcp demo. All options: ssh-mcp --help. Ctrl-C ends it.
`;
