import type { SessionFacts, Verb } from "./action.ts";
import type { Caller } from "./caller.ts";

/** What bytes may be written for besides the lines and keys themselves. */
export type PutClass =
  /** Ends a line that is permitted. */
  | "enter"
  /** Keys of the profile: next page, leave a pager, leave a question. */
  | "page"
  /** Empties the line before a command. */
  | "clear"
  /** A secret of the inventory at the very question it is for. */
  | "secret"
  /** Answers of a login inside the terminal, and the Enter that brings a prompt. */
  | "login"
  /** The set-up of a session: our hooks in a shell, a profile's preparation and its detection line. */
  | "setup"
  /** Asks a shell at its prompt how its last command ended. */
  | "status"
  /** The screen's own answers to terminal queries. */
  | "reply"
  /** The platform's interrupt key. */
  | "interrupt";

/** What a permit knows of the order in which acts arrived. */
export interface Turn {
  /** @throws SshMcpError where the act was withdrawn. */
  assertHeld(): void;
  /** The terminal takes the act up. @throws SshMcpError where it was withdrawn meanwhile: then nothing is typed. */
  begin(): void;
  /** Its bytes are written, or its order has become a command: the next act may be decided on. */
  typed(): void;
}

declare const minted: unique symbol;

/** Leave to act, minted by access/ alone (the import check sees to it). `put` refuses any byte that no permit holds. */
export interface Permit {
  readonly [minted]: true;
  readonly id: number;
  readonly caller: Pick<Caller, "id" | "kind">;
  readonly verb: Verb;
  /** Where the session was when this was decided; undefined: it was not open. */
  readonly at: SessionFacts | undefined;
  /** Physical lines that may be entered, exactly; of an exec the command itself. */
  readonly lines: readonly string[];
  /** Bytes that may be written, exactly. */
  readonly bytes: Buffer | undefined;
  readonly classes: ReadonlySet<PutClass>;
  /** Left out: the act has no place in an order of arrival. */
  readonly turn?: Turn;
}

/** Why bytes are written: `line` and `keys` are the caller's own, the rest are classes. */
export type Reason =
  | { readonly as: "line"; readonly of: string }
  | { readonly as: "keys" }
  | { readonly as: PutClass };

/** Does this permit hold these bytes? A command may be typed in the shape its framing needs; `of` is its text. */
export function holds(permit: Permit, bytes: Buffer, reason: Reason): boolean {
  if (reason.as === "line") return reason.of.split(/\r\n|\r|\n/).every((line) => permit.lines.includes(line));
  // Leave to interrupt passes where nothing else does: it is for that key and no other.
  if (permit.verb === "interrupt") return reason.as === "interrupt" && permit.bytes?.equals(bytes) === true;
  // Who has the keyboard types what they want.
  if (reason.as === "keys" && permit.verb === "hold") return true;
  if (reason.as === "keys") return permit.bytes?.equals(bytes) === true;
  return permit.classes.has(reason.as);
}
