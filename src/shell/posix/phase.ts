import type { Mark } from "../../terminal/scanner.ts";
import type { Level } from "../record/shell-level.ts";
import { familyOf, shellName } from "./hooks.ts";

/** Where the marks are with the shell in front. */
export type Phase =
  /** `late`: label of a set-up line that was given up unanswered; an answer still counts. */
  | { readonly at: "unframed"; readonly late: string | undefined }
  /** `inside`: the command that opened the shell; `missed`: its end marks, that came while it was being joined. */
  | {
      readonly at: "identify";
      readonly label: string;
      readonly inside: number;
      readonly missed: readonly Mark[];
    }
  | {
      readonly at: "hooking";
      readonly identity: string;
      readonly key: string;
      readonly inside: number;
      readonly missed: readonly Mark[];
    }
  | { readonly at: "settling" }
  /** `owed`: prompts that may still come for what was typed before; `pinged`: an end mark answers our question. */
  | { readonly at: "prompt"; readonly owed: number; readonly pinged: boolean }
  /** A command's line has been typed and not started; `owed`: prompts that may still come for what was typed before it. */
  | {
      readonly at: "hold";
      readonly id: number;
      readonly text: string;
      readonly payload: Buffer | undefined;
      /** The lines of a long command were asked for; the shell has read the line, and what it prints now is no echo. */
      readonly long?: boolean;
      readonly read?: boolean;
      readonly owed: number;
      readonly ahead: number;
      readonly pinged: boolean;
    }
  /** `ahead`: lines and interrupts typed meanwhile; what the program leaves unread is the shell's, and ends in prompts. */
  | { readonly at: "run" | "ping"; readonly id: number; readonly ahead: number }
  /** The command has ended, its prompt is still to come, and as many as are owed. */
  | { readonly at: "post"; readonly owed: number; readonly pinged: boolean };

/** An end mark leaves the shell between the command's end and its prompt, a prompt mark at the prompt. */
export function behind(mark: Mark, owed: number): Phase {
  return { at: mark.kind === "P" ? "prompt" : "post", owed: Math.max(0, owed), pinged: false };
}

/** ksh93 reports a signal as 256+n; everybody else as 128+n. */
export function exitCode(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const status = Number(text);
  return status > 256 && status < 256 + 65 ? status - 128 : status;
}

/** The shell whose hooks are in place, by its mark; only plausible values are taken from it. */
export function levelOf(
  mark: Mark,
  phase: { readonly identity: string; readonly inside: number; readonly key: string },
): Level {
  const [pid, tty, quotes, user, ...host] = mark.fields.split(";");
  return {
    number: mark.level,
    family: familyOf(phase.identity),
    name: shellName(phase.identity),
    hooked: true,
    openedBy: phase.inside,
    key: phase.key,
    verbatim: quotes === "0",
    ownKeys: quotes?.startsWith("2") === true,
    ...(quotes?.endsWith("T") ? { flags: "T" } : {}),
    ...(pid && /^\d+$/.test(pid) ? { pid: Number(pid) } : {}),
    ...(tty?.startsWith("/dev/") ? { tty } : {}),
    ...(user ? { user } : {}),
    ...(host.length > 0 && host[0] ? { host: host.join(";") } : {}),
  };
}
