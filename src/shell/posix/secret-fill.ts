import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { NamedSecret } from "../../inventory/host.ts";
import { kindOf } from "../../ssh/auth/prompt-kind.ts";
import type { Front, KernelEvidence } from "../evidence/kernel.ts";
import type { EchoMask } from "../pty/echo-mask.ts";
import type { FramingPort } from "../pty/framing.ts";
import { finished, type Script } from "../pty/script.ts";
import type { Snapshot } from "../pty/snapshot.ts";
import type { Command } from "../record/command-log.ts";
import type { State } from "../record/outcome.ts";

/** Programs that ask for a password with root's rights: what only has such a name has not. */
const ROOT_PROGRAMS: ReadonlySet<string> = new Set(["sudo", "su", "doas"]);
/** What one of them may ask for; a question in words that nobody knows may be one for the password. */
const PASSWORD_KINDS: ReadonlySet<string> = new Set(["password", "other"]);
/** Longest name that Linux keeps of a program. */
const NAME_CHARS = 15;
/** How long a program may take to answer the secret before anything is said of it. */
const ANSWER_MS = 10_000;
/** How often the kernel is asked again where something was printed meanwhile. */
const LOOKS = 5;

/** How far a secret has come; `over`: it is not typed any more, whatever asks. */
type At = { readonly is: "waiting" | "reading" | "over" } | { readonly is: "typed"; readonly end: number };

interface Given {
  readonly name: string;
  readonly secret: NamedSecret;
  readonly command: Command;
  at: At;
}

type Port = Pick<FramingPort, "put" | "readSecret" | "kernel" | "start" | "attend" | "sinks">;

/**
 * The secret that a command was given by its name: typed once, at a prompt of its program that the kernel proves to be hidden,
 * and at nothing else. Whatever keeps it from being typed is said with the command.
 */
export class SecretFill {
  readonly #port: Port;
  readonly #mask: EchoMask;
  readonly #secrets: Readonly<Record<string, NamedSecret>>;
  #given: Given | undefined;

  constructor(port: Port, mask: EchoMask, secrets: Readonly<Record<string, NamedSecret>> = {}) {
    this.#port = port;
    this.#mask = mask;
    this.#secrets = secrets;
  }

  /** Before anything is typed. @throws SshMcpError `invalid_argument` for one that there is not, `not_ready` at another shell. */
  assertGiven(name: string | undefined, level: number): void {
    if (name === undefined) return;
    if (this.#find(name) === undefined) throw unknownSecret(name, Object.keys(this.#secrets));
    if (level > 1)
      throw new SshMcpError(
        "not_ready",
        `the secrets of the inventory are the login's, and another shell is in front (level ${level}); the command was not run`,
        "Leave that shell first, or run it without secret and answer what it asks with ssh_send.",
      );
  }

  /** The command begins; `name` is the secret that it was given. */
  begins(name: string | undefined, command: Command): void {
    const secret = name === undefined ? undefined : this.#find(name);
    this.#given = name && secret ? { name, secret, command, at: { is: "waiting" } } : undefined;
  }

  /** Whose prompt is waited for; undefined: nobody's. */
  get program(): string | undefined {
    const given = this.#given;
    return given === undefined || given.at.is === "over" ? undefined : given.secret.program;
  }

  /** Keys of the caller are typed: what they answer is not answered by us. */
  keysTyped(): void {
    if (this.#given?.at.is === "reading") this.#leave(this.#given, "keys were sent in between");
  }

  /** Something asks. True: it is being given the secret, so nobody else is asked yet. */
  takes(state: State, seen: Snapshot, running: Command | undefined): boolean {
    const given = this.#given;
    if (given === undefined || given.command !== running || state.state !== "asking") return false;
    switch (given.at.is) {
      case "over":
        return false;
      case "reading":
        return true;
      case "typed":
        return this.#answered(given, given.at.end, seen);
      case "waiting": {
        if (state.asked !== "password") return false;
        const why = whyNot(seen.kernel, given.secret.program, state.row);
        if (why !== undefined) {
          this.#leave(given, why);
          return false;
        }
        given.at = { is: "reading" };
        this.#port.start(this.#fill(given, seen.kernel));
        return true;
      }
    }
  }

  /** Nothing may have come of it yet; a prompt behind it is a second one. */
  #answered(given: Given, end: number, { end: now, quiet }: Snapshot): boolean {
    if (now <= end && !quiet.reached(ANSWER_MS)) return true;
    given.at = { is: "over" };
    given.command.remarks.push(
      now > end
        ? `it asks again: the secret ${given.name} was typed once and may be wrong, or this prompt wants another; it is not typed twice`
        : `the secret ${given.name} was typed, and nothing has come of it yet; it is not typed twice`,
    );
    return false;
  }

  *#fill(given: Given, asked: KernelEvidence | undefined): Script {
    try {
      const value = yield* finished(this.#port.readSecret(given.secret.ref));
      const { kernel, still } = yield* this.#look();
      if (given.at.is !== "reading" || given.command.endedAt !== undefined) return;
      const secret = value.reveal();
      const { stale, cursorText: row } = this.#port.sinks.screen.view();
      const other =
        still && !stale && sameFront(asked, kernel) ? undefined : "what asks has changed meanwhile";
      const why = other ?? whyNot(kernel, given.secret.program, row) ?? untypable(secret);
      if (why !== undefined) this.#leave(given, why);
      else this.#type(given, secret, row);
    } catch (error) {
      this.#leave(given, messageOf(error));
    } finally {
      if (given.at.is === "reading") this.#leave(given, "it was aborted");
      this.#port.attend();
    }
  }

  /** Who reads, with nothing printed between the question and its answer. */
  *#look(): Script<{ readonly kernel: KernelEvidence; readonly still: boolean }> {
    const { transcript } = this.#port.sinks;
    for (let looks = 1; ; looks++) {
      const { end } = transcript;
      const kernel = yield* finished(this.#port.kernel());
      const still = transcript.end === end;
      if (still || looks === LOOKS) return { kernel, still };
    }
  }

  #type(given: Given, secret: string, row: string): void {
    const { name, command } = given;
    this.#mask.typed(secret);
    given.at = { is: "typed", end: this.#port.sinks.transcript.end };
    this.#port.put(`${secret}\r`, { as: "secret" });
    command.remarks.push(
      `the secret ${name} of the inventory was typed at ${JSON.stringify(visibleLine(row, 80))}`,
    );
  }

  #leave(given: Given, why: string): void {
    given.at = { is: "over" };
    given.command.remarks.push(`the secret ${given.name} was NOT typed: ${visibleLine(why, 200)}`);
  }

  #find(name: string): NamedSecret | undefined {
    return Object.hasOwn(this.#secrets, name) ? this.#secrets[name] : undefined;
  }
}

/** Why the kernel's word does not prove a hidden prompt of this program (its name or path); undefined: it does. */
export function whyNot(kernel: KernelEvidence | undefined, which: string, row: string): string | undefined {
  const program = which.slice(which.lastIndexOf("/") + 1);
  const { waiting = "unknown", front } = kernel ?? {};
  if (waiting === "line") return "what asks may show what is typed: the terminal's echo is on";
  if (waiting === "keys") return "what asks reads single keys, and nothing proves that it hides them";
  if (waiting !== "secret" || front === undefined)
    return "the host's kernel does not say that a hidden prompt reads";
  if (front.program !== program.slice(0, NAME_CHARS)) return `it is ${program}'s, and ${front.program} asks`;
  if (!front.alone) return "another program may read the same terminal";
  if (front.inner || front.multiplexer) return `${program} asks on a terminal that another program made`;
  const root = ROOT_PROGRAMS.has(program);
  if (front.relay && !root) return `what asks behind ${program} may be another host`;
  if (!root) return otherFile(front, which);
  if (front.owner !== 0)
    return front.owner === undefined
      ? `with whose rights ${program} runs is not known`
      : `what asks is called ${program} and does not run with root's rights`;
  // Of root's own session the rights say nothing; nobody else may look at the file.
  if (front.file !== undefined && otherFile(front, which)) return otherFile(front, which);
  const kind = kindOf({ prompt: row });
  return PASSWORD_KINDS.has(kind) ? undefined : `the question is none for a password (${kind})`;
}

/** A name is anybody's: the file that runs is not. Undefined: it is the one that is meant. */
function otherFile({ file, program }: Front, which: string): string | undefined {
  const path = which.startsWith("/");
  if (file === undefined) return `which file runs as ${program} is not known`;
  if (path ? file === which : file !== "other") return undefined;
  return path
    ? `what asks is called ${program} and is not ${which}`
    : `what asks is called ${program} and is not the system's own in /usr/bin, /bin, /usr/sbin or /sbin; the operator may name another by its path (program: /…)`;
}

function sameFront(one: KernelEvidence | undefined, other: KernelEvidence): boolean {
  return one?.front !== undefined && one.front.pid === other.front?.pid;
}

function untypable(secret: string): string | undefined {
  return /[\u0000-\u001f\u007f]/.test(secret) ? "its value holds a control character" : undefined;
}

function unknownSecret(name: string, known: readonly string[]): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `the inventory names no secret ${visibleLine(name, 60)} for this host; ${known.length === 0 ? "it names none" : `it names ${known.join(", ")}`}. The command was not run`,
    "The operator names them under secrets: of the host in hosts.yaml; without secret the question is yours to answer.",
  );
}
