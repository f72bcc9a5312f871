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

export interface HandsParts {
  readonly workspace: Pick<Workspace, "access" | "multiplexer" | "note">;
  readonly at: Attachment;
  readonly caller: Caller;
  readonly name: string;
  readonly session: string;
  /** Why they may not type; undefined: they may. Asked each time. */
  readonly mayNot: () => string | undefined;
  /** Why a key does nothing now, and what to do. */
  readonly untaken: string;
  /** What a person is told where their keys went nowhere; empty: they go again. */
  readonly say: (notice: string) => void;
  /** They have the keyboard, or have it no more. */
  readonly held: (holds: boolean) => void;
}

/** One person's hands at a session's keyboard: it is taken by saying so, and every line is recorded as theirs. */
export class Hands {
  readonly #parts: HandsParts;
  readonly #lines: TypedLines;
  #hold: Permit | undefined;
  #keys: Buffer[] = [];
  #typing = false;

  constructor(parts: HandsParts) {
    this.#parts = parts;
    this.#lines = new TypedLines(
      () => parts.at.row(),
      (line) => this.#record(line),
    );
  }

  get hold(): boolean {
    return this.#hold !== undefined;
  }

  /** @throws SshMcpError `denied`, `busy`, `not_ready`. */
  async take(): Promise<void> {
    const { workspace, at, caller, name, session, mayNot, held, say } = this.#parts;
    assertMay(mayNot());
    const { access, multiplexer } = workspace;
    await access.pass(caller, { verb: "hold" }, multiplexer.target(session), async (permit) => {
      at.take({ id: caller.id, name, interrupts: false }, permit);
      this.#hold = permit;
    });
    say("");
    held(true);
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
    this.#hold = undefined;
    this.#keys = [];
    this.#parts.at.release(this.#parts.caller.id, this.#lines.lines.splice(0));
    this.#record("handed back", "hold");
    this.#parts.held(false);
  }

  /** The interrupt key goes also while an agent types; it is recorded as one. @throws SshMcpError. */
  async interrupt(): Promise<void> {
    const { workspace, at, caller, session, mayNot } = this.#parts;
    assertMay(mayNot());
    const { access, multiplexer } = workspace;
    const bytes = multiplexer.view(session).encode({ kind: "text", text: "\u0003", enter: false });
    await access.pass(caller, { verb: "interrupt", bytes }, multiplexer.target(session), async (permit) =>
      at.type(bytes, permit),
    );
  }

  typed(bytes: Buffer): void {
    const { say, mayNot, untaken } = this.#parts;
    if (this.#hold === undefined) {
      say(mayNot() ?? untaken);
      return;
    }
    const waiting = this.#keys.reduce((sum, piece) => sum + piece.length, 0);
    if (waiting + bytes.length > MOST_KEYS) say("not typed: too many keys wait already");
    else this.#keys.push(bytes);
    if (!this.#typing) void this.#typeOn();
  }

  /** In their order, and not into something of ours that is typed right now. */
  async #typeOn(): Promise<void> {
    this.#typing = true;
    while (this.#hold !== undefined) {
      const bytes = this.#keys.shift();
      if (bytes === undefined) break;
      for (const piece of pieces(bytes)) await this.#typePiece(piece);
    }
    this.#typing = false;
  }

  async #typePiece({ bytes, enters }: Piece): Promise<void> {
    const { at, say } = this.#parts;
    // A full-screen program has no lines.
    if (at.state !== "screen") {
      if (enters) await this.#lines.entered();
      else this.#lines.keys(bytes);
    }
    const until = performance.now() + KEYS_MS;
    for (;;) {
      const permit = this.#hold;
      if (permit === undefined) return;
      try {
        at.type(bytes, permit);
        say("");
        return;
      } catch (error) {
        if (performance.now() > until || at.state === "closed") {
          this.#keys = [];
          say(`not typed: ${messageOf(error)}`);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #record(text: string, kind = "human"): void {
    const { workspace, session, caller, name } = this.#parts;
    workspace.note?.({
      event: "typed",
      kind,
      session,
      caller: caller.id,
      client: name,
      text: visibleLine(text, 400),
    });
  }
}

function assertMay(why: string | undefined): void {
  if (why !== undefined) throw new SshMcpError("denied", why);
}
