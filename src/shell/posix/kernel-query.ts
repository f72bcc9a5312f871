import { type HostProcesses, type Process, readAnswer } from "../evidence/host-processes.ts";
import {
  type Front,
  judgeKernel,
  kernelEcho,
  loginShell,
  type OurShells,
  type Turn,
} from "../evidence/kernel.ts";
import { isPlainProgram, isPlainTty, kernelQuery } from "../evidence/kernel-query.ts";
import type { KernelQuery } from "../pty/framing.ts";
import type { Level } from "../record/shell-level.ts";

/** What is known of the login shell, from the kernel before our first mark and from the mark then. */
export interface LoginShell {
  readonly pid: number;
  readonly tty: string | undefined;
}

export interface KernelQueryParts {
  readonly levels: readonly Level[];
  /** Names of the programs in which hooks were set, by process id. */
  readonly programs: ReadonlyMap<
    number,
    Pick<Front, "program" | "stack" | "at"> & { readonly edits: boolean }
  >;
  /** The login shell, as the kernel has named it. */
  readonly located: LoginShell | undefined;
  /** Which of the connection's logins this is. */
  readonly turn: Turn;
  /** The program that a secret waits for. */
  readonly program?: string | undefined;
  /** Told of each answer that could be read. */
  answered(host: HostProcesses, login: Process | undefined): void;
}

/** How the kernel is asked who reads the login shell's terminal. */
export function kernelQueryOf(parts: KernelQueryParts): KernelQuery {
  const { levels, programs, located, turn } = parts;
  const program = parts.program && isPlainProgram(parts.program) ? parts.program : undefined;
  const [marked] = levels;
  const tty = marked?.tty !== undefined && isPlainTty(marked.tty) ? marked.tty : undefined;
  const login = marked?.pid === undefined ? located : { pid: marked.pid, tty };
  const shells: OurShells = new Map(
    levels.flatMap(({ pid, tty: at }) =>
      pid === undefined || at === undefined
        ? []
        : [[pid, { tty: at, program: undefined, ...programs.get(pid) }] as const],
    ),
  );
  const found = (answer: string) => {
    const host = readAnswer(answer);
    return host && { host, login: loginShell(host, login?.pid, turn) };
  };
  return {
    command: (restricted) => kernelQuery({ login, others: [...turn.others], program }, restricted),
    judge(answer) {
      const seen = found(answer);
      if (seen === undefined) return undefined;
      parts.answered(seen.host, seen.login);
      if (seen.login === undefined) return { waiting: "unknown" };
      return judgeKernel(seen.host, seen.login, shells);
    },
    echo(answer) {
      const seen = found(answer);
      return seen?.login === undefined ? "unknown" : kernelEcho(seen.host, seen.login);
    },
  };
}
