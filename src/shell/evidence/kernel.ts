/** What the remote kernel says about the terminal's foreground job. */
export type KernelEvidence =
  /** A secret is being read: line mode without echo. */
  | { readonly waiting: "secret"; readonly program: string; readonly shellInFront: boolean }
  /** A line is being read in line mode. */
  | { readonly waiting: "line"; readonly program: string; readonly shellInFront: boolean }
  /** A program with its own line editor or full screen waits for keys. */
  | { readonly waiting: "keys"; readonly program: string; readonly shellInFront: boolean }
  | { readonly waiting: "no"; readonly program: string; readonly shellInFront: boolean }
  /** The kernel could not be asked or hides what it knows. */
  | { readonly waiting: "unknown" };

/** Kernel functions a process sleeps in while it waits for a terminal to give it something (Linux). */
const READS_TERMINAL = /^(?:wait_woken|n_tty_read|tty_read|read_chan|ttyin)/;
const WAITS_FOR_EVENTS =
  /^(?:wait_woken|n_tty_read|do_sys_poll|do_poll|poll_schedule_timeout|do_select|core_sys_select|ep_poll|do_epoll_wait|futex_wait|futex_do_wait|do_sigtimedwait|sigsuspend|do_sigsuspend|pause)/;

/** Asleep for another reason than the terminal: a timer, a pipe, the network. */
const BUSY = /^(?:hrtimer_nanosleep|do_nanosleep|nanosleep|anon_pipe_|pipe_|sk_wait_data|inet_csk_accept)/;

/** BusyBox ash polls for the line its `read` wants; a shell alone in front has no other reason to poll. */
const SHELL_POLLS = /^(?:do_sys_poll|do_poll|poll_schedule_timeout|do_select)/;

/** Programs that only pass bytes on: what waits is behind them, out of this kernel's sight. */
const RELAYS = new Set([
  "ssh",
  "dbclient",
  "telnet",
  "mosh-client",
  "docker",
  "podman",
  "kubectl",
  "lxc-attach",
  "machinectl",
  "tmux: client",
  "screen",
  "script",
  "sudo",
  "su",
  "picocom",
  "minicom",
  "cu",
  "nsenter",
]);

const PID = /^\s*(\d+)\s+(\d+)\s+(-?\d+)\s+(\S+)\s+(\S+)\s+(.*)$/;

/** One plain command line for any login shell; `tty` is `/dev/pts/N` as the shell reported it. */
export function kernelQuery(tty: string): string {
  const name = tty.replace(/^\/dev\//, "");
  return `stty -a -F ${tty}; ps -o pid= -o pgid= -o tpgid= -o stat= -o wchan:32= -o comm= -t ${name}`;
}

/** True for a terminal path that is safe in a command line of ours. */
export function isPlainTty(tty: string): boolean {
  return /^\/dev\/(?:pts\/\d{1,6}|tty[\w/]{1,16})$/.test(tty);
}

/** Judges the answer to `kernelQuery`. `shells`: pids that carry our hooks. */
export function judgeKernel(answer: string, shells: ReadonlySet<number>): KernelEvidence {
  const lines = answer.split("\n");
  const icanon = flag(answer, "icanon");
  const echo = flag(answer, "echo");
  if (icanon === undefined || echo === undefined) return { waiting: "unknown" };
  const processes = lines.flatMap((line) => {
    const match = PID.exec(line);
    if (!match) return [];
    const [, pid, pgid, tpgid, stat, wchan, comm] = match;
    return [
      {
        pid: Number(pid),
        pgid: Number(pgid),
        tpgid: Number(tpgid),
        stat: stat ?? "",
        wchan: wchan ?? "",
        comm: (comm ?? "").trim(),
      },
    ];
  });
  const front = processes.filter(
    (process) => process.pgid === process.tpgid && !process.stat.startsWith("Z"),
  );
  const first = front.at(-1);
  if (first === undefined) return { waiting: "unknown" };
  const shellInFront = front.length === 1 && shells.has(first.pid);
  const seen = { program: first.comm, shellInFront };
  if (front.some((process) => process.stat.startsWith("R") || process.stat.startsWith("D")))
    return { waiting: "no", ...seen };
  const hidden = front.every((process) => process.wchan === "-" || process.wchan === "0");
  if (!icanon && front.some((process) => RELAYS.has(process.comm))) return { waiting: "unknown" };
  if (icanon && !echo) {
    // sudo and su belong to root, who may hide where they sleep; only what plainly does something else is not asking.
    const plainlyBusy = front.every((process) => BUSY.test(process.wchan));
    return { waiting: plainlyBusy ? "no" : "secret", ...seen };
  }
  if (!icanon) {
    return {
      waiting: hidden || front.some((process) => WAITS_FOR_EVENTS.test(process.wchan)) ? "keys" : "no",
      ...seen,
    };
  }
  if (hidden) return { waiting: "unknown" };
  const reads = front.some(
    (process) => READS_TERMINAL.test(process.wchan) || (shellInFront && SHELL_POLLS.test(process.wchan)),
  );
  return { waiting: reads ? "line" : "no", ...seen };
}

/**
 * Whether the terminal shows what is typed, from the same answer: line mode says it plainly. A program that reads key by
 * key shows what it likes: unknown.
 */
export function kernelEcho(answer: string): "on" | "off" | "unknown" {
  const echo = flag(answer, "echo");
  if (flag(answer, "icanon") !== true || echo === undefined) return "unknown";
  return echo ? "on" : "off";
}

/** A flag of `stty -a`: true, false when negated, undefined when absent. */
function flag(answer: string, name: string): boolean | undefined {
  const match = new RegExp(`(?:^|\\s)(-?)${name}(?=[\\s;]|$)`, "m").exec(answer);
  return match ? match[1] === "" : undefined;
}
