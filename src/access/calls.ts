import type { Disposable } from "../base/clock.ts";
import type { Action, SessionFacts } from "../base/contract/action.ts";
import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import { undone } from "./described.ts";

/** How a call came to its end: with an outcome, or with an error; then nothing of it was typed, or nobody knows what became of it. */
export type CallEnd = { readonly outcome: Outcome } | { readonly error: unknown };

/** One call of a caller on a session, and the one of the same caller that it was given behind while that had not returned. */
export class Call {
  /** In words that hold no typed text. */
  readonly what: string;
  /** An interrupt: what is given behind it is not judged by what it stopped. */
  readonly interrupts: boolean;
  /** Where the session was as the call was decided on. */
  decided: SessionFacts | undefined;
  #previous: Call | undefined;
  #end: CallEnd | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #forget: () => void;

  constructor(what: string, previous: Call | undefined, interrupts: boolean, forget: () => void) {
    this.what = what;
    this.#previous = previous;
    this.interrupts = interrupts;
    this.#forget = forget;
  }

  /** Undefined as well once this one has ended: nobody asks any more. */
  get previous(): Call | undefined {
    return this.#previous;
  }

  get end(): CallEnd | undefined {
    return this.#end;
  }

  onEnd(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** The first end counts. */
  over(end: CallEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#previous = undefined;
    this.#forget();
    for (const listener of [...this.#listeners]) listener();
  }
}

interface Following {
  readonly draft: Action;
  readonly after: "any" | undefined;
  /** Where the session is now. */
  readonly now: SessionFacts | undefined;
}

/**
 * A command follows a call of its caller that had not returned when it was given only if that one ended well, and left the
 * session where it was: its sender could not see it. Keys follow whatever was typed. @throws SshMcpError `not_ready`.
 */
export function assertMayFollow({ previous }: Call, { draft, after, now }: Following): void {
  const end = previous?.end;
  if (previous === undefined || previous.interrupts || end === undefined) return;
  const any = draft.verb === "run" && after === "any";
  const why = "error" in end ? (any ? undefined : refusedBefore(end.error)) : undefined;
  const reason = why ?? (draft.verb === "run" ? afterEnd(previous, { end, any, draft, now }) : undefined);
  if (reason === undefined) return;
  throw new SshMcpError(
    "not_ready",
    `${previous.what}, which came before this call, ${reason}: ${undone(draft)}`,
    draft.verb === "run" && !any && mayFollowAny(end)
      ? 'Look at the result of that call; after: "any" runs this one however that one ended.'
      : "Look at the result of that call; then give this one again if it is still wanted.",
  );
}

function afterEnd(
  { decided }: Call,
  { end, any, draft, now }: { end: CallEnd; any: boolean; draft: Action; now: SessionFacts | undefined },
): string | undefined {
  const ended =
    "outcome" in end ? (notEnded(end.outcome) ?? (any ? undefined : notWell(end.outcome))) : undefined;
  return ended ?? elsewhere(decided, now, draft);
}

/** Would `after: "any"` let a command follow? */
function mayFollowAny(end: CallEnd): boolean {
  return "error" in end || notEnded(end.outcome) === undefined;
}

function refusedBefore(error: unknown): string {
  return error instanceof SshMcpError ? `was refused (${error.code})` : "failed";
}

/** Why nothing can follow it, however it was meant. */
function notEnded(outcome: Outcome): string | undefined {
  const which = outcome.command > 0 ? ` (#${outcome.command})` : "";
  switch (outcome.state) {
    case "done":
    case "ready":
      return undefined;
    case "asking":
      return `asks${which}: ${visibleLine(outcome.row, 160)}`;
    case "screen":
      return `has the whole screen${which}`;
    case "running":
      return `has not ended${which}, its own wait is over`;
    case "stopped":
      return `was stopped by Ctrl-Z${which}`;
    case "closed":
      return `ended the session, or the session was closed in it${which}`;
  }
}

/** Nobody knows of a device's command more than its error rows. */
function notWell({ command, exit, mode, errors = [] }: Outcome): string | undefined {
  const which = command > 0 ? ` (#${command})` : "";
  if (mode !== undefined && exit === undefined) {
    const classes = [...new Set(errors.map((error) => error.class))].join(",");
    return classes === "" ? undefined : `ended with error=${classes}${which}`;
  }
  if (exit === 0) return undefined;
  return exit === undefined ? `ended${which}, and how is not known` : `ended with exit=${exit}${which}`;
}

/** The session is not where it was; a command that names its mode goes there itself. */
function elsewhere(
  before: SessionFacts | undefined,
  now: SessionFacts | undefined,
  draft: Action,
): string | undefined {
  if (before === undefined || now === undefined) return undefined;
  const ownMode = draft.verb === "run" && draft.mode !== undefined;
  if (before.level !== now.level) return `changed the shell (level ${before.level} to ${now.level})`;
  if (before.mode !== now.mode && !ownMode) return `changed the mode (${before.mode} to ${now.mode})`;
  if (before.hostname !== now.hostname) return `changed the host (${before.hostname} to ${now.hostname})`;
  return undefined;
}

/** The caller's own call before it took too long. */
export function notEndedInTime(what: string, limitMs: number): SshMcpError {
  return new SshMcpError(
    "busy",
    `${what}, which came before this call, has not ended within ${limitMs / 1000} s: it was NOT typed`,
    "Wait for that one with ssh_read, then give this one again; a second session runs commands beside it.",
  );
}
