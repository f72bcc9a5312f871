import type { Disposable } from "../../base/clock.ts";
import type { Permit } from "../../base/contract/permit.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { TerminalSize } from "../../inventory/host.ts";
import type { Painted } from "../../terminal/paint.ts";
import type { Holder } from "../pty/keyboard.ts";
import type { Session } from "./session.ts";

/** Lines of a person that are listed when the keyboard is handed back. */
const LISTED = 20;

/** The terminal of a session as a person has it: what it shows, cell by cell, and its keyboard. */
export class Attachment {
  readonly #session: Session;
  #since = 0;
  #after = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  get name(): string {
    return this.#session.name;
  }

  get state(): string {
    return this.#session.state;
  }

  /** Number of its shell: another one was opened anew. */
  get life(): number | undefined {
    return this.#session.facts().life;
  }

  /** Of the very same session, and not of another one that has its name now. */
  isOf(other: Attachment): boolean {
    return this.#session === other.#session;
  }

  get closedBecause(): string | undefined {
    return this.#session.closedAs?.detail;
  }

  get size(): TerminalSize {
    return this.#session.size;
  }

  get holder(): Holder | undefined {
    return this.#session.keyboard.holder;
  }

  /** Clock time of the last key or act of a caller, in milliseconds ago. */
  get idleMs(): number {
    return this.#session.idleMs;
  }

  /** Undefined: it never had a screen. */
  painted(): Painted | undefined {
    return this.#session.live.screen?.painted();
  }

  /** Told when the screen may have changed, or the session has ended. */
  onChange(listener: () => void): Disposable {
    const { screen, pty } = this.#session.live;
    const changes = screen?.onChanged(listener);
    const end = pty?.channel.onClose(listener);
    return {
      dispose() {
        changes?.dispose();
        end?.dispose();
      },
    };
  }

  /** The text of the cursor's row up to the cursor. */
  row(): string {
    return this.#session.live.screen?.cursorRowText() ?? "";
  }

  /** The session's last output as text, newest last. */
  async lines(bytes: number): Promise<readonly string[]> {
    return (await this.lastLines(bytes)).lines;
  }

  /** The same without a row that began before; `whole`: it is all that there is. */
  async lastLines(bytes: number): Promise<{ readonly lines: readonly string[]; readonly whole: boolean }> {
    const { end, start } = this.#session.transcript;
    const from = Math.max(start, end - bytes);
    const { lines } = await this.#session.text(from, end);
    const cut = from > 0;
    return { lines: cut ? lines.slice(1) : lines, whole: !cut };
  }

  /** @throws SshMcpError `busy` where another person has it. */
  take(holder: Holder, _permit: Permit): void {
    const { keyboard, log, live } = this.#session;
    if (live.pty?.types === true && live.pty.ready && keyboard.holder?.id !== holder.id)
      throw typing(this.name);
    keyboard.take(holder);
    this.#after = log.last?.id ?? 0;
    this.#since = performance.now();
  }

  /** Types a person's keys. @throws SshMcpError `not_ready` while something of ours is typed, `session_closed`. */
  type(bytes: Buffer, permit: Permit): void {
    this.#session.put(bytes, permit);
  }

  isInterrupt(bytes: Buffer): boolean {
    return this.#session.isInterrupt(bytes);
  }

  resize(size: TerminalSize, permit: Permit): void {
    this.#session.resize(size, permit);
  }

  /** Gives the keyboard back; every caller learns with its next result what the person did. `typed`: lines that were shown. */
  release(id: string, typed: readonly string[]): void {
    const { keyboard, log, live } = this.#session;
    const name = keyboard.holder?.name ?? "";
    if (!keyboard.release(id)) return;
    const seconds = Math.round((performance.now() - this.#since) / 1000);
    const commands = log.all().filter((command) => command.id > this.#after);
    const listed = commands.slice(-LISTED).map((command) => {
      const exit = command.exit === undefined ? "" : ` exit=${command.exit}`;
      return `#${command.id} ${command.state}${exit}`;
    });
    const lines = typed.slice(-LISTED).map((line) => JSON.stringify(line));
    const did = [
      ...(lines.length === 0 ? [] : [`typed ${lines.join(", ")}`]),
      ...(listed.length === 0 ? [] : [`commands ${listed.join(", ")}`]),
    ];
    live.events.add(
      `a human (${name}) had the keyboard for ${seconds} s and has handed it back: ${did.length === 0 ? "nothing was entered" : did.join("; ")}`,
    );
  }
}

/** What is being typed would go on between the person's own keys. */
function typing(name: string): SshMcpError {
  return new SshMcpError(
    "not_ready",
    `a command of an agent is being typed or paged through in ${name}`,
    "Wait for its end, or interrupt it; then take the keyboard.",
  );
}
