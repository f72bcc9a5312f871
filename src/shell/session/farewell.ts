import { SshMcpError } from "../../base/errors.ts";

/** Who closed a session from here: a caller by its id, or the idle timeout. */
export type ClosedBy = { readonly caller: string } | "idle";

/** Callers remembered per session. */
const REMEMBERED = 32;

/** Who closed a session's present shell, and which callers know that it is gone. */
export class Farewell {
  #closing: { readonly life: number; readonly by: ClosedBy | undefined } | undefined;
  /** The life whose end a caller saw as a result's, and the one a command of its was refused for. */
  readonly #saw = new Map<string, number>();
  readonly #told = new Map<string, number>();

  closing(life: number, by: ClosedBy | undefined): void {
    this.#closing = { life, by };
  }

  /** A result said `closed`. */
  saw(caller: string, life: number): void {
    remember(this.#saw, caller, life);
  }

  /** Is this caller still to be told? It is told by that. Who saw the shell itself end by `exit` knows it. */
  owed(caller: string, life: number, evidence: "exit" | "disconnect" | "killed"): boolean {
    const by = this.#closing?.life === life ? this.#closing.by : undefined;
    if (by === "idle" || by?.caller === caller || this.#told.get(caller) === life) return false;
    if (evidence === "exit" && this.#saw.get(caller) === life) return false;
    remember(this.#told, caller, life);
    return true;
  }
}

function remember(lives: Map<string, number>, caller: string, life: number): void {
  lives.delete(caller);
  lives.set(caller, life);
  const [oldest] = lives.keys();
  if (lives.size > REMEMBERED && oldest !== undefined) lives.delete(oldest);
}

/** A command would open a new shell under the name of one that is gone; `lost`: what went with it. */
export function lostShell(name: string, detail: string, lost: readonly string[]): SshMcpError {
  return new SshMcpError(
    "session_closed",
    `${[`session ${name} is closed: ${detail}`, ...lost].join("; ")}; this command was NOT run`,
    "Give it again, and it runs in a new shell: login directory, new environment. ssh_read still shows what was printed.",
  );
}

/** What is lost with the nested shell that was in front. */
export function nestedBefore(level: number): string[] {
  if (level <= 1) return [];
  return [
    `commands run as the login's user again, not in the nested shell (level ${level}) that was in front`,
  ];
}

/** What was decided on was another shell of this name. */
export function anotherShell(name: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `session ${name} was closed and opened anew while this was decided; nothing was sent`,
    "Its directory and environment are new: look first (ssh_read), then give the call again if it is still wanted.",
  );
}

/** Nothing can be typed there any more. */
export function sessionClosed(name: string, host: string): SshMcpError {
  return new SshMcpError(
    "session_closed",
    `session ${name} is closed`,
    `ssh_connect(host: "${host}", session: "${name}") opens a new shell; ssh_read still shows what was printed.`,
  );
}
