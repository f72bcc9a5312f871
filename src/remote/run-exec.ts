import type { Readable } from "node:stream";
import { type Clock, type Disposable, systemClock } from "../base/clock.ts";
import type { Exec, OpenOptions } from "../ssh/contract.ts";
import { KeptOutput } from "./kept-output.ts";

/** How long the output may stay silent behind the command's own end, where something else holds it open. */
const HELD_OPEN_MS = 2_000;

/** How a command on a channel of its own ended, as far as that is known. */
export type ExecEnd =
  /** `held`: something that it started kept its output open; the channel was closed from here. */
  | { readonly is: "exit"; readonly code: number; readonly held: boolean }
  | { readonly is: "signal"; readonly signal: string; readonly held: boolean }
  /** The server closed the channel without a word on the command. */
  | { readonly is: "no_status" }
  /** Not ended in time: the channel was closed from here. */
  | { readonly is: "timeout" }
  /** The caller gave the call up: the channel was closed from here. */
  | { readonly is: "cancelled" }
  | { readonly is: "lost"; readonly message: string };

export interface ExecRun {
  readonly end: ExecEnd;
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
  readonly durationMs: number;
}

export interface ExecOptions extends Pick<OpenOptions, "signal" | "admit" | "what"> {
  /** For everything: dialling, opening the channel, running. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
}

/**
 * Runs one command on a channel of its own, with an input that has ended, and reads all it prints in bounded memory.
 * Nothing is sent twice, no signal is sent. @throws SshMcpError like `Exec`, as long as the channel is not open.
 */
export async function runExec(exec: Exec, command: string, options: ExecOptions): Promise<ExecRun> {
  const { timeoutMs, signal, admit, what, clock = systemClock } = options;
  const startedAt = clock.now();
  const passed = () => clock.now() - startedAt;
  const running = await exec(command, {
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
    ...(admit === undefined ? {} : { admit }),
    ...(what === undefined ? {} : { what }),
  });
  let closedFor: "timeout" | "cancelled" | "held" | undefined;
  const close = (why: typeof closedFor) => {
    closedFor ??= why;
    running.close();
  };
  let heard = clock.now();
  const stdout = new KeptOutput();
  const stderr = new KeptOutput();
  const ended = [into(running.stdout, stdout), into(running.stderr, stderr)];
  for (const output of [running.stdout, running.stderr])
    output.on("data", () => {
      heard = clock.now();
    });
  const timer = clock.after(Math.max(1, timeoutMs - passed()), () => close("timeout"));
  let quiet: Disposable | undefined;
  const watch = () => {
    const left = running.status() === undefined ? HELD_OPEN_MS : heard + HELD_OPEN_MS - clock.now();
    if (left <= 0) close("held");
    else quiet = clock.after(left, watch);
  };
  void running.exited.then(() => {
    heard = clock.now();
    watch();
  });
  // A command may well end without reading its input.
  running.stdin.on("error", () => {});
  running.stdin.end();
  const [end] = await Promise.all([running.end, ...ended]);
  timer.dispose();
  quiet?.dispose();
  if (signal?.aborted === true) closedFor ??= "cancelled";
  return { end: endOf(), stdout, stderr, durationMs: passed() };

  function endOf(): ExecEnd {
    const held = closedFor !== undefined;
    const { code, signal: name } = running.status() ?? {};
    if (code !== undefined) return { is: "exit", code, held };
    if (name !== undefined) return { is: "signal", signal: name, held };
    if (end.reason === "disconnect") return { is: "lost", message: end.message };
    if (closedFor === "timeout" || closedFor === "cancelled") return { is: closedFor };
    return { is: "no_status" };
  }
}

function into(output: Readable, kept: KeptOutput): Promise<void> {
  output.on("data", (chunk: Buffer) => kept.push(chunk));
  return new Promise((resolve) => output.once("end", resolve).once("close", resolve));
}
