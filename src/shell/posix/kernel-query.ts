import { isPlainTty, judgeKernel, kernelEcho, kernelQuery } from "../evidence/kernel.ts";
import type { Framing } from "../pty/framing.ts";
import type { Level } from "../record/shell-level.ts";

/** How the kernel is asked who reads the login shell's terminal; undefined where that shell did not name a plain one. */
export function kernelQueryOf(levels: readonly Level[]): Framing["kernelQuery"] {
  const login = levels[0];
  if (!login?.tty || login.pid === undefined || !isPlainTty(login.tty)) return undefined;
  // Of nested shells only those on the same terminal are this kernel's to see.
  const pids = new Set(
    levels.flatMap(({ pid, tty }) => (pid !== undefined && tty === login.tty ? [pid] : [])),
  );
  return {
    command: kernelQuery(login.tty),
    judge: (answer) => judgeKernel(answer, pids),
    echo: kernelEcho,
  };
}
