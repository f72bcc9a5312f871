import type { Clock } from "../base/clock.ts";
import { holds, type Permit } from "../base/contract/permit.ts";
import { quoteWord } from "../base/shell-quote.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import { runExec } from "../remote/run-exec.ts";
import type { Exec } from "../ssh/contract.ts";
import type { MultiplexerOptions } from "./options.ts";

/** How far its age may be from the time since it was asked for, in seconds: for whoever is that close to another, too. */
export const AGE_SLACK_S = 3;
const TIMEOUT_MS = 4_000;

/**
 * Of the processes that this connection's server started without a terminal, as leaders of sessions of their own, the one that
 * is as old as the command: its whole group is sent TERM, and KILL a second later. Where there is none or more than one, none.
 */
const SCRIPT = [
  "set -f; read u x </proc/uptime || exit; u=${u%%.*}; h=$(getconf CLK_TCK 2>/dev/null || echo 100); n=0",
  "set +f; for d in /proc/[0-9]*; do p=${d#/proc/}; [ $p = $$ ] && continue",
  'read -r l 2>/dev/null <$d/stat || continue; set -- ${l##*") "}',
  '[ "$1" != Z ] && [ "$2" = $PPID ] && [ "$3" = $p ] && [ "$4" = $p ] && [ "$5" = 0 ] || continue',
  `a=$((u-\${20}/h-AGE)); [ $a -ge -${AGE_SLACK_S} ] && [ $a -le ${AGE_SLACK_S} ] && n=$((n+1)) g=$p; done`,
  "[ $n = 1 ] || exit; kill -TERM -$g; i=0",
  "while kill -0 -$g 2>/dev/null && [ $i -lt 10 ]; do sleep 0.1 || sleep 1; i=$((i+1)); done",
  "kill -KILL -$g 2>/dev/null",
].join("\n");

/** The line that ends a command of this age in seconds. */
export function killLine(ageS: number): string {
  return `exec /bin/sh -c ${quoteWord(SCRIPT.replace("AGE", String(Math.round(ageS))))}`;
}

interface ToKill {
  readonly host: ResolvedHost;
  readonly permit: Permit;
  readonly name: string;
  readonly ageMs: number;
  readonly clock: Clock;
}

/**
 * Ends a command to which the server delivers no signal: sshd passes none on to what root runs, and without a terminal
 * nothing hangs it up. Its own line of ours is judged and recorded as others are; what it came to, the server says.
 */
export async function killBeside(
  beside: Exec,
  { host, permit, name, ageMs, clock }: ToKill,
  { onQuestion, refuses }: Pick<MultiplexerOptions, "onQuestion" | "refuses">,
): Promise<void> {
  const line = killLine(ageMs / 1000);
  const bytes = Buffer.from(line);
  const reason = { as: "setup" } as const;
  if (refuses?.(line, host) !== undefined || !holds(permit, bytes, reason)) return;
  onQuestion?.({ permit, bytes, reason }, { name, host: host.name });
  await runExec(beside, line, { timeoutMs: TIMEOUT_MS, clock, what: "a channel to end a command" }).catch(
    () => {},
  );
}
