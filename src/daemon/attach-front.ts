import type { Socket } from "node:net";
import { type Caller, PERSON } from "../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { Workspace } from "../desk/contract.ts";
import { Hands } from "../desk/hands.ts";
import type { Viewer, Viewers } from "../desk/viewers.ts";
import type { TerminalSize } from "../inventory/host.ts";
import type { Attachment } from "../shell/session/attachment.ts";
import { writeFrame, writeWord } from "./frames.ts";
import { Painter } from "./painter.ts";

/** Between two pictures. */
const FRAME_MS = 16;
/** The line at the bottom shows time and state, also where nothing else happens. */
const STATUS_MS = 1_000;
/** Somebody who has left has this long to take what is still on its way to them. */
const LEAVING_MS = 2_000;
/** Transcript bytes that scrolling back shows. */
const HISTORY_BYTES = 256 * 1024;
const HISTORY_LINES = 5_000;
/** Of a person's terminal. */
const BOUNDS = { cols: [1, 500], rows: [1, 200] } as const;
/** A session is no smaller, whatever its smallest terminal. */
const LEAST: TerminalSize = { cols: 20, rows: 2 };

export interface AttachParts {
  readonly socket: Socket;
  readonly workspace: Workspace;
  readonly viewers: Viewers;
  readonly id: string;
  readonly name: string;
  readonly session: string;
  readonly readOnly: boolean;
  readonly smallest: boolean;
  readonly size: TerminalSize;
  /** How much waits for an approval in the session. */
  readonly approvals: () => Promise<number>;
  readonly log: (event: string, fields: Record<string, string | number>) => void;
}

/** The id of a person who attaches: their keys are told from an agent's by it. */
export function personId(front: string): string {
  return `${PERSON}${front}`;
}

const PASTE = Buffer.from("\u001b[200~");
const PASTED = Buffer.from("\u001b[201~");

/** One person at one session, until they leave, are sent away, or the session ends. */
export class Attached implements Viewer {
  readonly id: string;
  readonly name: string;
  readonly session: string;
  readonly readOnly: boolean;
  readonly #parts: AttachParts;
  readonly #at: Attachment;
  readonly #painter: Painter;
  readonly #hands: Hands;
  readonly #over = new AbortController();
  readonly #caller: Caller;
  /** The size that the agent's session had before. */
  #before: TerminalSize | undefined;
  #notice = "";
  #approvals = 0;
  #due: NodeJS.Timeout | undefined;

  constructor(parts: AttachParts) {
    const { workspace, id, name, session, readOnly, size } = parts;
    const { multiplexer } = workspace;
    const attachment = multiplexer.attach?.(session);
    if (attachment === undefined) throw new SshMcpError("unsupported", "sessions cannot be attached to here");
    this.#parts = parts;
    this.id = id;
    this.name = name;
    this.session = session;
    this.readOnly = readOnly;
    this.#at = attachment;
    this.#painter = new Painter(bounded(size));
    this.#caller = { id, kind: "human", client: name, signal: this.#over.signal, tool: "attach" };
    this.#hands = new Hands({
      workspace,
      at: attachment,
      caller: this.#caller,
      name,
      session,
      mayNot: () => (readOnly ? "attached read-only (-r): attach without it to type" : undefined),
      untaken: "not typed: take the keyboard first (Ctrl-\\ t)",
      say: (notice) => this.#say(notice),
      held: (holds) => this.#held(holds),
    });
  }

  size(): TerminalSize {
    const { cols, rows } = this.#painter.size;
    return { cols: Math.max(LEAST.cols, cols), rows: Math.max(LEAST.rows, rows - 1) };
  }

  leave(why: string): void {
    // What they typed ahead goes nowhere any more.
    this.#hands.release();
    this.#word({ end: why });
    this.#hangUp();
  }

  refresh(): void {
    this.#soon();
  }

  /** Resolves when they have gone. */
  async run(): Promise<void> {
    const { socket, viewers, log } = this.#parts;
    const changes = this.#at.onChange(() => this.#soon());
    const clock = setInterval(() => void this.#look(), STATUS_MS);
    viewers.add(this);
    log("attached", { session: this.session, who: this.name });
    if (this.#parts.smallest) await this.#fit().catch(() => {});
    this.#paint();
    // Who says goodbye has left, also where the connection is long in closing.
    await new Promise<void>((resolve) => {
      socket.once("end", () => resolve());
      socket.once("close", () => resolve());
      // They may have left while the session was opened.
      if (socket.destroyed || socket.readableEnded) resolve();
    });
    this.#hangUp();
    clearInterval(clock);
    changes.dispose();
    await this.#hands.typedAll();
    this.#hands.release();
    viewers.remove(this);
    await this.#restore().catch(() => {});
    this.#over.abort();
    clearTimeout(this.#due);
    log("detached", { session: this.session, who: this.name });
  }

  async #look(): Promise<void> {
    this.#approvals = await this.#parts.approvals().catch(() => 0);
    this.#soon();
  }

  #hangUp(): void {
    const { socket } = this.#parts;
    socket.end();
    const late = setTimeout(() => socket.destroy(), LEAVING_MS);
    socket.once("close", () => clearTimeout(late));
  }

  /** Not to somebody who has left. */
  #word(word: object): void {
    const { socket } = this.#parts;
    if (socket.writable && !socket.readableEnded) writeWord(socket, word);
  }

  /** What the person's own program asks for. */
  word(word: Readonly<Record<string, unknown>>): void {
    const said = (work: Promise<unknown>) =>
      void work.catch((error: unknown) =>
        this.#say(error instanceof SshMcpError ? error.toText() : messageOf(error)),
      );
    const { resize, take, release, interrupt, interrupts, history } = word;
    if (typeof resize === "object" && resize !== null) said(this.#resized(resize));
    if (take === true) said(this.#take());
    if (release === true) said(this.#handBack());
    if (interrupt === true) said(this.#hands.interrupt());
    if (interrupts === true && this.#at.holder?.id === this.id) {
      this.#at.holder.interrupts = !this.#at.holder.interrupts;
      this.#soon();
    }
    if (history === true) said(this.#history());
    if (typeof word.notTyped === "string") this.#say(`not typed: ${word.notTyped}`);
    if (word.again === true) {
      this.#painter.again();
      this.#soon();
    }
  }

  /** A person takes the keyboard only by saying so. */
  async #take(): Promise<void> {
    await this.#hands.take();
    await this.#fit();
  }

  async #handBack(): Promise<void> {
    await this.#hands.typedAll();
    this.#hands.release();
    await this.#restore();
  }

  #held(holds: boolean): void {
    this.#word({ holds });
    for (const viewer of this.#parts.viewers.of(this.session)) viewer.refresh();
  }

  /** The session takes the size of who types, or of the smallest terminal that wants that. */
  async #fit(): Promise<void> {
    const { smallest, viewers } = this.#parts;
    const sizes = smallest ? viewers.of(this.session).map((viewer) => viewer.size()) : [this.size()];
    const size = {
      cols: Math.min(...sizes.map(({ cols }) => cols)),
      rows: Math.min(...sizes.map(({ rows }) => rows)),
    };
    this.#before ??= this.#at.size;
    await this.#setSize(size);
  }

  async #restore(): Promise<void> {
    const before = this.#before;
    if (before === undefined || this.#at.state === "closed") return;
    this.#before = undefined;
    await this.#setSize(before);
  }

  async #setSize(size: TerminalSize): Promise<void> {
    const { access, multiplexer } = this.#parts.workspace;
    const { cols, rows } = this.#at.size;
    if (size.cols === cols && size.rows === rows) return;
    await access.pass(this.#caller, { verb: "resize" }, multiplexer.target(this.session), async (permit) =>
      this.#at.resize(size, permit),
    );
  }

  async #resized(given: object): Promise<void> {
    const { cols, rows } = { cols: 80, rows: 24, ...given };
    this.#painter.resize(bounded({ cols: Number(cols), rows: Number(rows) }));
    if (this.#hands.hold || this.#parts.smallest) await this.#fit();
    this.#soon();
  }

  /** Keys, or one paste with the marks around it, which only a program that asks for them gets. */
  typed(bytes: Buffer): void {
    const isPaste = bytes.indexOf(PASTE) === 0 && bytes.subarray(-PASTE.length).equals(PASTED);
    const marked = !isPaste || this.#at.painted()?.bracketedPaste === true;
    this.#hands.typed(marked ? bytes : bytes.subarray(PASTE.length, -PASTED.length));
  }

  async #history(): Promise<void> {
    const lines = await this.#at.lines(HISTORY_BYTES);
    const redact = this.#parts.workspace.redact ?? ((text: string) => text);
    // Whole: a secret may have several lines, and begin above those that are shown.
    this.#word({ history: redact(lines.join("\n")).split("\n").slice(-HISTORY_LINES) });
  }

  #say(notice: string): void {
    this.#notice = visibleLine(notice, 300);
    this.#soon();
  }

  #soon(): void {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#paint();
    }, FRAME_MS);
  }

  /** A terminal that is behind gets the newest picture later, and none in between. */
  #paint(): void {
    const { socket } = this.#parts;
    if (!socket.writable || socket.readableEnded) return;
    if (socket.writableLength > 0) {
      this.#soon();
      return;
    }
    const { closedBecause } = this.#at;
    writeFrame(socket, "data", Buffer.from(this.#painter.paint(this.#at.painted(), this.#status())));
    if (closedBecause !== undefined)
      this.leave(`session ${this.session} is closed: ${visibleLine(closedBecause, 200)}`);
  }

  /** What does not fit is not shown, and that is said. */
  #part(): string[] {
    const { cols, rows } = this.#at.size;
    const own = this.#painter.size;
    return cols > own.cols || rows > own.rows - 1 ? [`part of ${cols}x${rows}`] : [];
  }

  #status(): string {
    const { holder } = this.#at;
    const others = this.#parts.viewers.of(this.session).filter((viewer) => viewer !== this);
    const keyboard =
      holder === undefined
        ? "agents type"
        : `${holder.id === this.id ? "YOU have" : `${holder.name} has`} the keyboard${holder.interrupts ? ", agents may interrupt" : ""}`;
    const parts = [
      this.session,
      this.#at.state,
      keyboard,
      ...(this.#approvals === 0 ? [] : ["AN APPROVAL WAITS: Ctrl-\\ a"]),
      // What was just refused is not what a narrow terminal cuts off.
      ...(this.#notice === "" ? [] : [this.#notice]),
      ...this.#part(),
      ...(others.length === 0 ? [] : [`also here: ${others.map(({ name }) => name).join(", ")}`]),
      ...(this.#notice === "" ? ["Ctrl-\\ ? for help"] : []),
    ];
    return ` ${parts.join(" · ")}`;
  }
}

function bounded({ cols, rows }: TerminalSize): TerminalSize {
  const within = (value: number, [least, most]: readonly [number, number]) =>
    Math.min(Math.max(Number.isFinite(value) ? Math.round(value) : least, least), most);
  return { cols: within(cols, BOUNDS.cols), rows: within(rows, BOUNDS.rows) };
}
