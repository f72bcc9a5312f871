import type { Clock } from "../base/clock.ts";
import { SshMcpError } from "../base/errors.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import type { Session } from "../shell/session/session.ts";
import type { LinkInfo } from "../ssh/contract.ts";

/** What is to be reported of the opening of a session. */
export interface Opened {
  readonly newShell: boolean;
  readonly notes: readonly string[];
}

/** A session being opened: nobody's wait ends it, each caller waits for it with a limit of their own. */
export interface Opening {
  readonly host: string;
  readonly session: Session;
  readonly startedAt: number;
  /** Settled once the terminal is open and its shell comes up, or the dial failed. */
  readonly dialled: Promise<Opened>;
  /** Ends every wait for it at once; false: its terminal is there already, and is closed like any other. */
  giveUp(): boolean;
}

/** Whether an opening was given up. A dial cannot be taken back: what it opens afterwards is closed by whoever dialled. */
export class GivingUp {
  readonly #name: string;
  #over = false;
  #attached = false;
  #reject: (error: unknown) => void = () => {};
  readonly #given = new Promise<never>((_, reject) => {
    this.#reject = reject;
  });

  constructor(name: string) {
    this.#name = name;
    this.#given.catch(() => {});
  }

  get over(): boolean {
    return this.#over;
  }

  /** The terminal is there: from now on it can be closed, not given up. @throws SshMcpError `session_closed`. */
  attach(): void {
    if (this.#over) throw this.#error();
    this.#attached = true;
  }

  /** What the dial comes to, unless it is given up first. */
  orDialled<T>(dial: Promise<T>): Promise<T> {
    return Promise.race([dial, this.#given]);
  }

  giveUp(): boolean {
    if (this.#attached) return false;
    this.#over = true;
    this.#reject(this.#error());
    return true;
  }

  #error(): SshMcpError {
    return new SshMcpError(
      "session_closed",
      `the opening of session ${this.#name} was given up (ssh_disconnect) before it was connected; nothing was typed`,
      "ssh_connect opens it anew.",
    );
  }
}

/** The value if it comes in time; undefined: the time is over or the caller has gone. Rejects as the promise does. */
export function within<T>(
  promise: Promise<T>,
  timeoutMs: number,
  signal: AbortSignal,
  clock: Clock,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const give = (settle: () => void) => {
      timer.dispose();
      signal.removeEventListener("abort", late);
      settle();
    };
    const late = () => give(() => resolve(undefined));
    const timer = clock.after(timeoutMs, late);
    signal.addEventListener("abort", late, { once: true });
    if (signal.aborted) late();
    promise.then(
      (value) => give(() => resolve(value)),
      (error: unknown) => give(() => reject(error)),
    );
  });
}

/** The end of a wait for a connection that is still being made. */
export function stillConnecting({ session, startedAt }: Opening, now: number): Outcome {
  return {
    state: "running",
    evidence: "timeout",
    session: session.name,
    command: 0,
    durationMs: now - startedAt,
    level: 1,
    from: session.transcript.end,
    to: session.transcript.end,
    notes: [`the connection to ${session.host.name} is still being made; ssh_read waits for it`],
  };
}

/** The end of a wait for the first prompt: where the login went through and none came, that is where it hangs. */
export function withoutPrompt(session: Session, outcome: Outcome): Outcome {
  if (outcome.state !== "running" || outcome.evidence !== "timeout" || session.state !== "starting")
    return outcome;
  const what = session.transcript.end === 0 ? "nothing has come from it" : "no prompt is known on it";
  const note =
    `logged in and given a terminal, but ${what} yet; no command is typed before its prompt. ssh_read waits on; ` +
    "what runs at a login there may hang";
  return { ...outcome, notes: [...outcome.notes, note] };
}

/** `logins`: sessions on a device, each of which is a login of its own. */
export function openingNotes(
  link: LinkInfo,
  again: boolean,
  cutOff: readonly string[],
  logins: number,
  via: readonly string[] = [],
): string[] {
  const notes = again
    ? [
        "this is a new shell: directory and environment of the old one are gone; its output stays readable",
        ...cutOff,
      ]
    : [];
  if (via.length > 0) notes.push(`through ${via.join(", ")}, as asked`);
  if (logins > 1) notes.push(`login ${logins} on this device`);
  const { how } = link.hostKey;
  if (how === "accepted_new" || how === "approved")
    notes.push(
      `new host key ${how === "approved" ? "approved" : "accepted"} and recorded: ${link.hostKey.type} ${link.hostKey.fingerprint}`,
    );
  return [...notes, ...link.warnings];
}
