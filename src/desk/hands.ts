import type { Caller } from "../base/contract/caller.ts";
import type { Permit } from "../base/contract/permit.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { Attachment } from "../shell/session/attachment.ts";
import type { Workspace } from "./contract.ts";
import { type Piece, pieces, TypedLines } from "./typed-lines.ts";

/** Keys that come while something of ours is typed wait so long. */
const KEYS_MS = 5_000;
const RETRY_MS = 20;
/** Of such keys. */
const MOST_KEYS = 64 * 1024;

/** No command reaches a server over HTTP. */
const AT_UI = "Its person hands it back at /ui/; revoking their token (ssh-mcp token revoke) frees it, too.";

export interface HandsParts {
  readonly workspace: Pick<Workspace, "note"> & {
    readonly access: Pick<Workspace["access"], "pass">;
    readonly multiplexer: Pick<Workspace["multiplexer"], "find" | "target" | "view">;
  };
  readonly at: Pick<Attachment, "life" | "release" | "row" | "state" | "take" | "type">;
  readonly caller: Caller;
  readonly name: string;
  readonly session: string;
  /** Of the set of sessions it is in, where there are several. */
  readonly room?: string;
  /** Why they may not type; undefined: they may. Asked each time. */
  readonly mayNot: () => string | undefined;
  /** Why a key does nothing now, and what to do. */
  readonly untaken: string;
  /** What a person is told where their keys went nowhere; empty: they go again. */
  readonly say: (notice: string) => void;
  /** They have the keyboard, or have it no more. */
  readonly held: (holds: boolean) => void;
}

/** Keys that wait, for the keyboard and the shell that they were meant for. */
interface Keys {
  readonly bytes: Buffer;
  readonly hold: Permit;
  readonly life: number | undefined;
}

/** One person's hands at a session's keyboard: it is taken by saying so, and every line is recorded as theirs. */
export class Hands {
  readonly #parts: HandsParts;
  readonly #lines: TypedLines;
  #hold: Permit | undefined;
  #keys: Keys[] = [];
  #typing = false;
  /** Too many waited: what comes is refused until those before it are typed. */
  #full = false;

  constructor(parts: HandsParts) {
    this.#parts = parts;
    this.#lines = new TypedLines(() => parts.at.row());
  }

  get hold(): boolean {
    return this.#hold !== undefined;
  }

  /** @throws SshMcpError `denied`, `busy`, `not_ready`. */
  async take(): Promise<void> {
    const { workspace, at, caller, name, session, room, mayNot, held, say } = this.#parts;
    assertMay(mayNot());
    const { access, multiplexer } = workspace;
    await access.pass(caller, { verb: "hold" }, multiplexer.target(session), async (permit) => {
      // Whoever was asked meanwhile may have gone, or may not any more.
      assertMay(caller.signal.aborted ? "whoever asked for the keyboard has gone" : mayNot());
      if (this.#hold !== undefined) return;
      const freed = room === undefined ? {} : { freed: AT_UI };
      at.take({ id: caller.id, name, interrupts: false, ...freed }, permit);
      this.#hold = permit;
      say("");
      held(true);
    });
  }

  /** What was typed before the hand-over is typed before it. */
  async typedAll(): Promise<void> {
    const until = performance.now() + KEYS_MS;
    while (this.#typing && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }

  /** Keys that still wait go nowhere. */
  release(): void {
    if (this.#hold === undefined) return;
    const { at, caller, held } = this.#parts;
    this.#hold = undefined;
    this.#keys = [];
    try {
      at.release(caller.id, this.#lines.over());
      this.#record("handed back", "hold");
    } finally {
      held(false);
    }
  }

  /** The interrupt key goes also while an agent types; it is recorded as one. @throws SshMcpError. */
  async interrupt(): Promise<void> {
    const { workspace, at, caller, session, mayNot, say } = this.#parts;
    assertMay(mayNot());
    const { access, multiplexer } = workspace;
    const bytes = multiplexer.view(session).encode({ kind: "text", text: "\u0003", enter: false });
    const notes: string[] = [];
    const act = async (permit: Permit) => {
      assertMay(caller.signal.aborted ? "whoever asked for it has gone" : mayNot());
      at.type(bytes, permit);
    };
    await access.pass(caller, { verb: "interrupt", bytes }, multiplexer.target(session), act, { notes });
    if (notes.length > 0) say(notes.join("; "));
  }

  typed(bytes: Buffer): void {
    const { at, say, mayNot, untaken } = this.#parts;
    const hold = this.#hold;
    if (hold === undefined) {
      say(mayNot() ?? untaken);
      return;
    }
    const waiting = this.#keys.reduce((sum, keys) => sum + keys.bytes.length, 0);
    this.#full ||= waiting + bytes.length > MOST_KEYS;
    if (this.#full) say("not typed: too many keys wait already, and none is taken before those are typed");
    else this.#keys.push({ bytes, hold, life: at.life });
    if (!this.#typing) void this.#typeOn();
  }

  /** In their order, and not into something of ours that is typed right now. Behind what was not typed nothing is. */
  async #typeOn(): Promise<void> {
    this.#typing = true;
    try {
      for (let keys = this.#keys.shift(); keys !== undefined; keys = this.#keys.shift()) {
        const { hold } = keys;
        if (!(await this.#typeAll(keys))) this.#keys = this.#keys.filter((one) => one.hold !== hold);
      }
    } catch (error) {
      this.#keys = [];
      this.#parts.say(
        `what was typed last may not have arrived, and what waits was dropped: ${messageOf(error)}`,
      );
    } finally {
      this.#typing = false;
      this.#full = false;
    }
  }

  async #typeAll(keys: Keys): Promise<boolean> {
    for (const piece of pieces(keys.bytes)) {
      // A full-screen program has no lines.
      const lines = this.#parts.at.state !== "screen";
      const line = lines && piece.enters ? await this.#lines.line() : undefined;
      const undo =
        lines && !piece.enters && keys.hold === this.#hold ? this.#lines.keys(piece.bytes) : () => {};
      if (!(await this.#typePiece(piece, keys))) {
        if (keys.hold === this.#hold) undo();
        return false;
      }
      if (line === undefined) continue;
      this.#lines.entered(line);
      if (this.#record(line)) continue;
      // What cannot be recorded is not done: the gate says when it can be again.
      this.release();
      return false;
    }
    return true;
  }

  /** False: it was not typed. */
  async #typePiece({ bytes }: Piece, { hold, life }: Keys): Promise<boolean> {
    const { at, say, mayNot } = this.#parts;
    const until = performance.now() + KEYS_MS;
    while (this.#hold === hold) {
      const not = at.life === life ? mayNot() : "the shell that it was for has ended";
      if (not !== undefined) {
        say(`not typed: ${not}`);
        return false;
      }
      try {
        at.type(bytes, hold);
        if (!this.#full) say("");
        return true;
      } catch (error) {
        const passes = error instanceof SshMcpError && error.code === "not_ready";
        if (!passes || performance.now() > until || at.state === "closed") {
          say(`not typed: ${messageOf(error)}`);
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    return false;
  }

  /** False: it could not be. */
  #record(text: string, kind = "human"): boolean {
    const { workspace, session, caller, name, room, say } = this.#parts;
    try {
      workspace.note?.({
        event: "typed",
        kind,
        session,
        host: workspace.multiplexer.find(session)?.hostFacts.name,
        room,
        caller: caller.id,
        client: name,
        text: visibleLine(text, 400),
      });
      return true;
    } catch (error) {
      say(`this is NOT in the audit log: ${visibleLine(text, 80)} (${messageOf(error)})`);
      return false;
    }
  }
}

function assertMay(why: string | undefined): void {
  if (why !== undefined) throw new SshMcpError("denied", why);
}
