import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import type { Access } from "../access/access.ts";
import type { Action } from "../base/contract/action.ts";
import { SshMcpError } from "../base/errors.ts";
import { readRegularFileSync } from "../base/regular-file.ts";
import { visibleLine } from "../base/text.ts";
import type { Multiplexer } from "../multiplexer/types.ts";
import type { Redact } from "../secrets/redactor.ts";

/** Bytes of the state file; it holds a line for each session and each act. */
const MAX_BYTES = 1024 * 1024;
/** Of a command. */
const LONGEST = 120;

/** An open session, and what was under way in it. */
export interface SessionUnderWay {
  readonly name: string;
  readonly host: string;
  /** `#3 sleep 100`; none: it was at a prompt. */
  readonly running?: string;
}

/** What a daemon has under way: enough to say what is lost with it, and nothing secret. */
export interface UnderWay {
  readonly pid: number;
  readonly since: number;
  readonly sessions: readonly SessionUnderWay[];
  /** Acts whose call had not returned. */
  readonly acts: readonly Act[];
}

interface Act {
  /** The session it was in, where it was in one. */
  readonly session?: string;
  /** `sleep 100 on web1, by claude-code`. */
  readonly text: string;
}

/** What the daemon before this one left behind when it was killed. */
export class Losses {
  readonly #lost: UnderWay | undefined;
  /** Sessions that are open again. */
  readonly #again = new Set<string>();
  readonly #knowing = new Map<string, Set<string>>();

  constructor(lost: UnderWay | undefined) {
    this.#lost = lost;
  }

  /** A line for each session and each act that was lost. */
  get lines(): readonly string[] {
    const lost = this.#lost;
    if (lost === undefined) return [];
    const open = lost.sessions.filter(({ name }) => !this.#again.has(name));
    const known = new Set(lost.sessions.map(({ name }) => name));
    const beside = lost.acts.filter(({ session }) => session === undefined || !known.has(session));
    return [
      ...open.map((session) => `session ${sentence(session, lost.acts)}`),
      ...beside.map(({ text }) => `call ${text}`),
    ];
  }

  /** It is open again: there is nothing left to say of the one before. */
  reopened(name: string): void {
    this.#again.add(name);
  }

  /** Refuses a caller's first command in a session that was lost, once: it would run in another shell without a word. */
  farewell(name: string, caller: string): SshMcpError | undefined {
    const session = this.#lost?.sessions.find((one) => one.name === name);
    if (session === undefined || this.#again.has(name)) return undefined;
    const knows = this.#knowing.get(name) ?? new Set();
    if (knows.has(caller)) return undefined;
    this.#knowing.set(name, knows.add(caller));
    return new SshMcpError(
      "session_closed",
      `session ${sentence(session, this.#lost?.acts ?? [])} was lost when the daemon was killed; what it printed is gone, and this command was NOT run`,
      "Nothing was sent again. Give it again, and it runs in a new shell: login directory, new environment.",
    );
  }
}

function sentence({ name, host, running }: SessionUnderWay, acts: readonly Act[]): string {
  const on = host === name ? name : `${name} on ${host}`;
  if (running !== undefined) return `${on} (${running} was running, its end is not known)`;
  const own = acts.filter(({ session }) => session === name).map(({ text }) => text);
  return own.length === 0 ? on : `${on} (what happened to this call is not known: ${own.join("; ")})`;
}

/** Reads what a daemon left; undefined: it ended in good order, or never was. An unreadable file says nothing. */
export function leftBehind(path: string): UnderWay | undefined {
  try {
    const found: unknown = JSON.parse(readRegularFileSync(path, MAX_BYTES).toString("utf8"));
    return isUnderWay(found) && found.sessions.length + found.acts.length > 0 ? found : undefined;
  } catch {
    return undefined;
  }
}

function isUnderWay(value: unknown): value is UnderWay {
  if (typeof value !== "object" || value === null || !("sessions" in value) || !("acts" in value))
    return false;
  const { sessions, acts } = value;
  const named = (one: unknown) =>
    typeof one === "object" && one !== null && "name" in one && typeof one.name === "string" && "host" in one;
  return Array.isArray(sessions) && sessions.every(named) && Array.isArray(acts) && acts.every(isAct);
}

function isAct(value: unknown): value is Act {
  return typeof value === "object" && value !== null && "text" in value && typeof value.text === "string";
}

/** Verbs that change something; a look that is lost is no loss. */
const NOTED: ReadonlySet<Action["verb"]> = new Set(["run", "type", "exec", "file", "open"]);

/**
 * Keeps the state file: an act stands in it before it is done, and what runs on behind its call as long as it does. Written
 * whole each time and put in place by renaming, so that a killed daemon leaves a whole one.
 */
export class StateFile {
  readonly #path: string;
  readonly #redact: Redact;
  readonly #acts = new Map<number, Act>();
  #sessions: readonly SessionUnderWay[] = [];
  #written = "";
  #last = 0;

  constructor(path: string, redact: Redact = (text) => text) {
    this.#path = path;
    this.#redact = redact;
  }

  /** The gate, with each act noted before it is done. */
  around(access: Access, sessions: Pick<Multiplexer, "sessions" | "execs">): Access {
    return {
      ...access,
      pass: (caller, action, target, act, place) => {
        if (!NOTED.has(action.verb)) return access.pass(caller, action, target, act, place);
        const noted: typeof act = async (permit) => {
          const id = ++this.#last;
          const name = target?.session?.name;
          const where = name ?? target?.host.name ?? "this machine";
          this.#acts.set(id, {
            ...(name === undefined ? {} : { session: name }),
            text: `${what(action, this.#redact)} on ${where}, by ${caller.client ?? caller.id}`,
          });
          this.write();
          try {
            return await act(permit);
          } finally {
            this.#acts.delete(id);
            // What goes on behind its call is noted before the act is not any more.
            this.look(sessions);
          }
        };
        return access.pass(caller, action, target, noted, place);
      },
    };
  }

  /** Takes the sessions and what runs in them now, and writes the file where that is news. */
  look(multiplexer: Pick<Multiplexer, "sessions" | "execs">): void {
    const open = multiplexer.sessions().filter(({ state }) => state !== "closed");
    const beside = multiplexer.execs.running().map(({ id, host, command }) => ({
      name: `ssh_exec #${id}`,
      host,
      running: short(this.#redact(command)),
    }));
    this.#sessions = [
      ...open.map((view) => {
        const running = view.commands().findLast(({ to }) => to === undefined);
        return {
          name: view.name,
          host: view.host,
          ...(running === undefined
            ? {}
            : { running: `#${running.id} ${short(this.#redact(running.text))}` }),
        };
      }),
      ...beside,
    ];
    this.write();
  }

  write(): void {
    const content = { sessions: this.#sessions, acts: [...this.#acts.values()] };
    const text = JSON.stringify(content);
    if (text === this.#written) return;
    this.#written = text;
    const fresh = `${this.#path}.new`;
    try {
      const fd = openSync(fresh, "w", 0o600);
      try {
        writeSync(fd, JSON.stringify({ pid: process.pid, since: Date.now(), ...content }));
      } finally {
        closeSync(fd);
      }
      renameSync(fresh, this.#path);
    } catch {
      // Without it a sudden end goes unexplained; that is no reason to refuse work.
      this.#written = "";
    }
  }

  /** The end in good order: nothing is lost. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

function what(action: Action, redact: Redact): string {
  switch (action.verb) {
    case "run":
    case "exec":
      return short(redact(action.command));
    case "file":
      return short(redact(`${action.op} ${action.path}`));
    case "type":
      return "keys";
    default:
      return action.verb;
  }
}

function short(text: string): string {
  return visibleLine(text, LONGEST);
}
