import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Part } from "../bench.ts";
import { inTurns, median, ms, times } from "../stats.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
};
const INITIALIZED = { jsonrpc: "2.0", method: "notifications/initialized" };
const LIST = { jsonrpc: "2.0", id: 2, method: "tools/list" };

const CALL = { jsonrpc: "2.0", id: 3, method: "tools/call", params: { name: "ssh_sessions", arguments: {} } };
/** An agent's first call follows its first thought. */
const PAUSE_MS = 1000;

/** How long a client waits for a server it starts. */
export const start: Part = async ({ quick }) => {
  const samples = await inTurns(
    quick ? 8 : 40,
    new Map([
      ["node", bareNode],
      ["initialize", () => answer([INITIALIZE], 1)],
      ["tools", () => answer([INITIALIZE, INITIALIZED, LIST], 2)],
      ["call", firstCall],
    ]),
  );
  const bare = median(samples("node"));
  const row = (what: string, value: number) => ({
    what,
    ours: ms(value),
    raw: `bare \`node -e 0\`: ${ms(bare)}`,
    ratio: times(value / bare),
    aim: "≤ 2.5× bare Node",
    met: value <= 2.5 * bare,
  });
  return [
    row("server start to its first answer (`initialize`)", median(samples("initialize"))),
    row("server start to the list of tools", median(samples("tools"))),
    {
      what: `first call (\`ssh_sessions\`), ${PAUSE_MS} ms after the list of tools`,
      ours: ms(median(samples("call"))),
      raw: "",
      ratio: "",
      aim: "≤ a third of bare Node",
      met: median(samples("call")) <= bare / 3,
    },
  ];
};

async function bareNode(): Promise<number> {
  const begin = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  return performance.now() - begin;
}

/** The first call alone, which needs all that the list of tools does not. */
function firstCall(): Promise<number> {
  return answer([INITIALIZE, INITIALIZED, LIST], 2, CALL);
}

/**
 * Starts the built server, sends the messages at once, and waits for the answer with this id; then, after a pause, for that
 * to `call`, whose time alone counts.
 */
async function answer(
  messages: readonly object[],
  id: number,
  call?: { readonly id: number },
): Promise<number> {
  let begin = performance.now();
  const child = spawn(process.execPath, [CLI], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
  let text = "";
  const answered = (to: number) =>
    new Promise<number>((resolve, reject) => {
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
        if (text.includes(`"id":${to}`) && text.endsWith("\n")) resolve(performance.now() - begin);
      });
      child.on("exit", () => reject(new Error(`the server ended before it answered: ${text}`)));
    });
  let took = await answered(id);
  if (call !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    child.stdout.removeAllListeners("data");
    begin = performance.now();
    child.stdin.write(`${JSON.stringify(call)}\n`);
    took = await answered(call.id);
  }
  child.removeAllListeners("exit");
  const ended = once(child, "exit");
  child.stdin.end();
  await ended;
  return took;
}
