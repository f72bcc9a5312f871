import type { Surroundings } from "../app/surroundings.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { claimStdout } from "../mcp/stdout.ts";
import { answerSecret } from "./answer-secret.ts";
import { type FrameKind, readFrames, wordIn, writeFrame, writeWord } from "./frames.ts";
import { reachDaemon, type StartOptions } from "./start.ts";

/** What is still on its way to the client when the daemon ends the connection. */
const LAST_MS = 1_000;

/**
 * Serves MCP over this process's stdio by a daemon that owns the sessions: messages pass through unchanged. Resolves to the exit
 * code when the client ends it (0), or the daemon is gone or cannot be reached (1), which is said on stderr. Nothing of the
 * client's is given again to another daemon.
 */
export async function serveByDaemon(around: Surroundings, options: StartOptions): Promise<number> {
  try {
    return await passThrough(around, options);
  } catch (error) {
    process.stderr.write(`ssh-mcp: ${error instanceof SshMcpError ? error.toText() : messageOf(error)}\n`);
    return 1;
  }
}

async function passThrough(around: Surroundings, options: StartOptions): Promise<number> {
  process.stderr.on("error", () => {});
  const { toolsets, env } = around;
  const named = toolsets === undefined ? env.SSH_MCP_TOOLSETS : toolsets.join(",") || "none";
  const more = {
    ...(env.SSH_AUTH_SOCK === undefined ? {} : { agentSocket: env.SSH_AUTH_SOCK }),
    ...(named === undefined || named === "" ? {} : { toolsets: named }),
  };
  const { socket, version } = await reachDaemon(around, "mcp", more, options);
  const say = (sentence: string) => process.stderr.write(`ssh-mcp: ${sentence}\n`);
  if (version !== options.version)
    say(
      `the daemon that runs is version ${version}, this is ${options.version}; ssh-mcp daemon restart closes its sessions and starts this one`,
    );
  const stdout = claimStdout();
  const received = (kind: FrameKind, content: Buffer) => {
    if (kind === "word")
      return void answerSecret(wordIn(content), env).then((answer) => answer && writeWord(socket, answer));
    if (stdout.write(content) || socket.isPaused()) return;
    socket.pause();
    stdout.once("drain", () => socket.resume());
  };
  const byClient = new Promise<number>((resolve) => {
    const end = () => resolve(0);
    process.stdin.once("end", end).once("close", end).once("error", end);
    stdout.once("error", end).once("close", end);
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, end);
  });
  const byDaemon = new Promise<number>((resolve) => {
    socket.once("close", () => resolve(1));
  });
  readFrames(socket, received, (error) => say(`the daemon: ${messageOf(error)}`));
  process.stdin.on("data", (chunk: Buffer) => {
    if (writeFrame(socket, "data", chunk)) return;
    process.stdin.pause();
    socket.once("drain", () => process.stdin.resume());
  });
  socket.resume();
  const code = await Promise.race([byClient, byDaemon]);
  if (code !== 0)
    say(
      "the daemon has ended; what ran is not known any more. ssh-mcp daemon log says why, and a new start says what was lost",
    );
  socket.destroy();
  await Promise.race([
    new Promise((resolve) => stdout.write("", resolve)),
    new Promise((resolve) => setTimeout(resolve, LAST_MS)),
  ]);
  return code;
}
