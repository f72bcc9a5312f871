import type { Disposable } from "../base/clock.ts";
import { Emitter } from "../base/emitter.ts";
import { SshMcpError } from "../base/errors.ts";
import type { Redact } from "../secrets/redactor.ts";
import type { Attachment } from "../shell/session/attachment.ts";
import type { Painted } from "../terminal/paint.ts";
import { redactIn } from "./cards.ts";
import type { Place } from "./guest.ts";

/** Between two pictures. */
const FRAME_MS = 33;
const SGR = /\u001b\[[\d;]*m/g;

/** A picture of a session's terminal, with every secret taken out; the same object as long as nothing has changed. */
export interface Shot extends Painted {
  readonly size: { readonly cols: number; readonly rows: number };
}

/**
 * Looks at one session for everybody who watches it: however many they are, it is drawn once. Only what is in the cells of our own
 * screen gets out, with sequences for colours: nothing that a host printed is ever interpreted by anybody's browser.
 */
export class Camera implements Disposable {
  readonly at: Attachment;
  readonly #redact: Redact;
  readonly #shots = new Emitter<void>();
  readonly #now: () => Attachment | undefined;
  #changes: Disposable;
  /** Of the shell that is looked at, and whether it has ended. */
  #seen: string;
  #shot: Shot | undefined;
  #due: NodeJS.Timeout | undefined;

  /** @throws SshMcpError where the session cannot be looked at. */
  static async of(place: Place, session: string): Promise<Camera> {
    const { multiplexer } = place.workspace;
    const redact = await redactIn(place, multiplexer.view(session));
    // While one is opened there is nothing to look at.
    const now = () => (multiplexer.find(session) === undefined ? undefined : multiplexer.attach?.(session));
    const at = multiplexer.attach?.(session);
    if (at !== undefined) return new Camera(at, redact, now);
    throw new SshMcpError("unsupported", "sessions cannot be looked at here");
  }

  constructor(at: Attachment, redact: Redact, now: () => Attachment | undefined = () => at) {
    this.at = at;
    this.#redact = redact;
    this.#now = now;
    this.#changes = at.onChange(() => this.#soon());
    this.#seen = lifeOf(at);
  }

  /** A session that was closed may have been opened anew, with another screen. To be called now and then. */
  check(): void {
    const seen = lifeOf(this.at);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#changes.dispose();
    this.#changes = this.at.onChange(() => this.#soon());
    this.#soon();
  }

  /** Another session has its name now. */
  get gone(): boolean {
    return this.#now()?.isOf(this.at) === false;
  }

  get shot(): Shot {
    this.#shot ??= this.#take();
    return this.#shot;
  }

  onShot(listener: () => void): Disposable {
    return this.#shots.event(listener);
  }

  dispose(): void {
    clearTimeout(this.#due);
    this.#changes.dispose();
    this.#shots.clear();
  }

  #soon(): void {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#shot = undefined;
      this.#shots.fire();
    }, FRAME_MS);
  }

  #take(): Shot {
    const { cols, rows } = this.at.size;
    const painted = this.at.painted();
    if (painted === undefined) return { ...EMPTY, cols, size: { cols, rows } };
    return { ...painted, rows: masked(painted.rows, cols, this.#redact), size: { cols, rows } };
  }
}

function lifeOf({ life, state }: Attachment): string {
  return `${life} ${state === "closed"}`;
}

const EMPTY: Painted = {
  rows: [],
  cols: 80,
  cursor: { row: 0, col: 0 },
  applicationCursorKeys: false,
  bracketedPaste: false,
};

/** A row that shows a secret, or a part of one, is shown without its colours, and without it. */
function masked(rows: readonly string[], cols: number, redact: Redact): readonly string[] {
  const plain = rows.map((row) => row.replace(SGR, ""));
  const before = plain.join("\n");
  const after = redact(before, { rows: true, cols });
  if (after === before) return rows;
  const shown = after.split("\n");
  // A value that went over the end of a row has taken rows with it.
  if (shown.length !== rows.length) return shown;
  return rows.map((row, y) => (shown[y] === plain[y] ? row : (shown[y] ?? "")));
}
