import type { Nature } from "../nature.ts";
import type { Ran } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";
import { columns } from "../table.ts";

export interface Process {
  readonly pid: number;
  readonly user: string;
  /** Percent of one CPU, over the life of the process; undefined: the system's `ps` does not say. */
  readonly cpu?: number;
  /** Percent of the memory. */
  readonly memory?: number;
  /** Resident bytes. */
  readonly resident?: number;
  readonly state: string;
  readonly elapsed?: string;
  readonly command: string;
}

/** BusyBox's `ps` knows few columns, its `top` knows more. */
export function processesStep(nature: Nature): Sh {
  if (nature.busybox.has("ps") || !nature.has.has("ps"))
    return nature.has.has("top") ? sh`top -b -n 1` : sh`ps`;
  const columns = ["pid", "user", "pcpu", "pmem", "rss", "stat", "etime", "args"].flatMap((name) => [
    "-o",
    `${name}=`,
  ]);
  return nature.family === "linux" ? sh`ps -e -ww ${columns}` : sh`ps -ax -ww ${columns}`;
}

export function processesIn(ran: Ran | undefined, nature: Nature): Process[] {
  const lines = ran?.lines ?? [];
  const read = nature.busybox.has("ps") || !nature.has.has("ps") ? topRow : psRow;
  return lines.flatMap((line) => read(line) ?? []).filter(({ command }) => !OWN.test(command));
}

/** The very programs that ask. */
const OWN = /^(?:ps -(?:e|ax) -ww |top -b -n 1$)/;

function psRow(line: string): Process | undefined {
  const [pid, user, cpu, memory, rss, state, elapsed, command] = columns(line, 8);
  if (!/^\d+$/.test(pid ?? "") || command === undefined) return undefined;
  return {
    pid: Number(pid),
    user: user ?? "?",
    cpu: Number(cpu),
    memory: Number(memory),
    resident: Number(rss) * 1024,
    state: state ?? "?",
    ...(elapsed === undefined ? {} : { elapsed }),
    command,
  };
}

/** `  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND`; the column CPU is missing on some. */
function topRow(line: string): Process | undefined {
  const row =
    /^\s*(\d+)\s+\d+\s+(\S+)\s+(\S+(?: [<N])?)\s+[\d.]+[mgt]?\s+([\d.]+)%?\s+(?:\d+\s+)?([\d.]+)%?\s+(\S.*)$/.exec(
      line,
    );
  if (row === null) return undefined;
  const [, pid, user = "?", state = "?", memory, cpu, command = ""] = row;
  return { pid: Number(pid), user, cpu: Number(cpu), memory: Number(memory), state, command };
}

export function sortedBy(processes: readonly Process[], by: "cpu" | "memory"): Process[] {
  const value = (one: Process) => (by === "cpu" ? one.cpu : (one.memory ?? one.resident)) ?? 0;
  return [...processes].sort((a, b) => value(b) - value(a) || a.pid - b.pid);
}
