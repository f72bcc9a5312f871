import type { Clock } from "../../base/clock.ts";
import type { Reason } from "../../base/contract/permit.ts";
import type { Device, RowTest } from "../../devices/device.ts";
import type { SecretRef } from "../../secrets/reference.ts";
import { renderRows } from "../../terminal/clean.ts";
import { drawnView } from "../pty/drawn-view.ts";
import { EchoMask } from "../pty/echo-mask.ts";
import type { FramingPort } from "../pty/framing.ts";
import { finished, met, pause, type Script } from "../pty/script.ts";
import type { Snapshot } from "../pty/snapshot.ts";
import type { DeviceError } from "../record/outcome.ts";
import { type AfterEnd, isBackground, judgeAfter, passed } from "./after-end.ts";
import { asked, entered, type Home, linesShown, returned, saysAway, secretsOff, settledAt } from "./home.ts";
import { judgeDevice } from "./judge.ts";
import { echoAtOnce } from "./judge-echo.ts";
import type { PromptRow } from "./known-prompts.ts";
import {
  accepted,
  adopted,
  type DeviceMemory,
  type Expectation,
  type ExpectedPrompt,
  freshMemory,
  isKnown,
  isPromptLine,
  lineRunning,
  met as metBy,
  NO_PAUSE,
  type Reached,
} from "./memory.ts";
import { NEWEST } from "./overpaint.ts";
import { NO_PAGES } from "./paging.ts";
import { type Messages, messagesIn, outputRows } from "./rows.ts";
import { lookAt, rowAbove, type Sight, wholeRowsAbove } from "./sight.ts";
import type { DeviceScene, DeviceVerdict } from "./verdict.ts";

/** Looks at a row that is neither prompt nor empty, and the time between them: a log row may still be coming in. */
export const MOMENTS = 30;
export const MOMENT_MS = 60;
/** How much of an output's beginning and end is searched for error rows. */
const SEARCHED = 8 * 1024;

/** A prompt, or the row that was said to be an answer, too. */
export type Answer = PromptRow | "asked";

/** One exchange after the other with a command line: type, see the echo, press Enter, reach the prompt. */
export class Dialogue {
  memory: DeviceMemory;
  /** Keeps the echo of a typed secret from being shown. */
  readonly mask = new EchoMask();
  /** The mode of the first prompt. */
  loginMode: string | undefined;
  /** How often the caller has sent keys, and the clock time of the last. */
  keysSent = 0;
  #keysSentAt = Number.NEGATIVE_INFINITY;
  /** When something last passed in either direction, and transcript end then. */
  #actedAt: number | undefined;
  #seenTo = 0;
  /** A row of output has come since Enter. */
  #rowsCame = false;
  readonly port: FramingPort;
  readonly clock: Clock;

  constructor(port: FramingPort, device: Device, clock: Clock) {
    this.port = port;
    this.clock = clock;
    this.memory = freshMemory(device);
  }

  get device(): Device {
    return this.memory.device;
  }

  get prompt(): PromptRow | undefined {
    return this.memory.prompt;
  }

  /** The caller sends keys. */
  noteKeys(): void {
    this.acted();
    this.keysSent++;
    this.#keysSentAt = this.clock.now();
    this.memory = { ...this.memory, keysAt: this.end };
  }

  /** Milliseconds since the caller's last keys. */
  get sinceKeysMs(): number {
    return this.clock.now() - this.#keysSentAt;
  }

  /** Milliseconds since anything passed in either direction. */
  get stillMs(): number {
    return this.clock.now() - (this.#actedAt ?? Number.NEGATIVE_INFINITY);
  }

  /** There is text right of the cursor. */
  get textBehind(): boolean {
    const { rows, cursor } = this.port.sinks.screen.view();
    return (rows[cursor.row] ?? "").slice(cursor.col).trim() !== "";
  }

  /** Transcript end. */
  get end(): number {
    return this.port.sinks.transcript.end;
  }

  /** Bytes arrived; the line that was typed may be on the screen. */
  received(): void {
    this.#notePause();
    const { screen } = this.port.sinks;
    if (screen.backlogBytes === 0 && echoAtOnce(this.memory, screen.cursorRowText()))
      this.#met({ what: "echo" });
  }

  judge(scene: DeviceScene, seen: Snapshot): DeviceVerdict {
    const { memory, verdict } = judgeDevice(this.memory, scene, seen);
    this.memory = memory;
    return verdict;
  }

  /** What is at the cursor now; of a screen that is behind its bytes nothing is said. */
  sight(): Sight {
    const view = drawnView(this.port.sinks.screen);
    return view === undefined ? { what: "blank" } : lookAt(view, this.device, () => this.#newest());
  }

  #newest(): Uint8Array {
    return this.port.sinks.transcript.read(this.end - NEWEST, this.end).bytes;
  }

  /** The cursor is in the line editor: behind the prompt and what is typed there. */
  get edits(): boolean {
    const prompt = this.prompt?.row.trimEnd() ?? "";
    return prompt !== "" && this.port.sinks.screen.cursorRowText().startsWith(prompt);
  }

  /** What proves that the line editor reads: the prompt at the cursor, or above rows of the device's own; with text behind it. */
  proven(): "prompt" | "line" | undefined {
    const sight = this.sight();
    if (sight.what === "prompt") {
      if (isKnown(this.memory, sight.prompt, "")) return "prompt";
      // Text that was typed may make a prompt of another host of the row.
      return isPromptLine(this.memory, sight.prompt.row) ? "line" : undefined;
    }
    if (sight.what === "other") return isPromptLine(this.memory, sight.row) ? "line" : undefined;
    const view = drawnView(this.port.sinks.screen);
    if (sight.what !== "blank" || view === undefined) return undefined;
    const above = rowAbove(wholeRowsAbove(view), this.device) ?? "";
    const match = this.device.prompt(above);
    if (match && isKnown(this.memory, { ...match, row: above }, "")) return "prompt";
    if (isPromptLine(this.memory, above)) return "line";
    return isBackground(this.memory, (cursor) => this.rowsSince(cursor)) ? "prompt" : undefined;
  }

  accept(prompt: PromptRow): void {
    this.memory = accepted(this.memory, prompt);
  }

  adopt(device: Device): void {
    this.memory = adopted(this.memory, device);
  }

  /** Why no secret of the inventory may be typed now. */
  get secretsOff(): string | undefined {
    return secretsOff(this.memory.home, this.prompt);
  }

  /** The prompt that is there is that of the device that was logged in to. */
  arrived(): void {
    this.loginMode ??= this.prompt?.mode;
    this.#isAt(settledAt(this.prompt, this.memory.seen));
  }

  /** A line is being entered; the answer is a sentence for its command. */
  leaves(line: string): string | undefined {
    return this.#isAt(entered(this.memory.home, line, this.device));
  }

  /** Something asks while `line` runs. */
  asks(row: string, line: string): string | undefined {
    return this.#isAt(asked(this.memory.home, row, lineRunning(this.memory, line), this.device));
  }

  /** `line` has come to the present prompt; its output began at `from`. */
  returns(line: string, from: number): string | undefined {
    const { memory, prompt } = this;
    if (prompt === undefined) return undefined;
    const rows = [...this.#rows(from, Math.min(this.end, from + SEARCHED))];
    if (this.end - from > SEARCHED)
      rows.push(...this.rowsSince(Math.max(from + SEARCHED, this.end - SEARCHED)));
    return this.#isAt(returned(memory.home, line, rows, prompt, this.device));
  }

  /** The same for what keys have entered. */
  keysReturn(keys: string, from: number): string | undefined {
    const { home, known } = this.memory;
    const lines = linesShown(this.#rows(from, Math.min(this.end, from + SEARCHED)), keys, known.rows);
    let next = home;
    for (const line of lines) next = entered(next, line, this.device);
    this.memory = { ...this.memory, home: next };
    this.returns(lines[0] ?? "", from);
    return saysAway(home, this.memory.home);
  }

  #isAt(home: Home): string | undefined {
    const before = this.memory.home;
    this.memory = { ...this.memory, home };
    return saysAway(before, home);
  }

  /** Nothing is waited for any more. */
  forget(): void {
    this.memory = { ...this.memory, expected: undefined };
  }

  /** Something was sent: how long the answer takes is no pause of the device's own making. */
  acted(): void {
    this.#actedAt = this.clock.now();
  }

  #notePause(): void {
    const { expected, pauses } = this.memory;
    const now = this.clock.now();
    if (expected?.what === "prompt" && this.#actedAt !== undefined) {
      const ms = now - this.#actedAt;
      // The echo's own row ends with the first.
      this.#rowsCame ||= this.port.sinks.transcript.lineFeeds(expected.since, this.#seenTo) > 1;
      const longestMs = Math.max(pauses.longestMs, ms);
      const withinMs = this.#rowsCame ? Math.max(pauses.withinMs, ms) : pauses.withinMs;
      if (longestMs > pauses.longestMs || withinMs > pauses.withinMs)
        this.memory = { ...this.memory, pauses: { longestMs, withinMs } };
    }
    this.#actedAt = now;
    this.#seenTo = this.end;
    this.memory = passed(this.memory, now);
  }

  /** What came behind the last end, as far as it can be told at this moment. */
  get afterEnd(): AfterEnd {
    const { transcript } = this.port.sinks;
    const view = drawnView(this.port.sinks.screen);
    if (view === undefined) return { do: "nothing" };
    return judgeAfter(this.memory, {
      view,
      end: this.end,
      rowsSince: (cursor) => this.rowsSince(cursor),
      lineFeedsSince: (cursor) => transcript.lineFeeds(cursor, this.end),
    });
  }

  /** Starts counting pages for a new command. */
  fresh(): void {
    this.memory = { ...this.memory, pages: NO_PAGES };
  }

  /** Waits for the first prompt after login, or a question that can be answered. */
  *first(): Script<Extract<Reached, { what: "prompt" | "login" }>> {
    const since = this.port.sinks.transcript.start;
    const reached = yield* this.#expect({ what: "prompt", first: true, typed: "", since, asks: undefined });
    if (reached?.what === "prompt" || reached?.what === "login") return reached;
    throw new Error("a login ended without a prompt");
  }

  /**
   * Types a line and presses Enter once its echo is there. `help`: a question mark was answered at once with help and the
   * line is there unfinished; nothing was entered. @throws LineLost.
   */
  *type(text: string, reason: Reason, inText = false): Script<"entered" | "help"> {
    const before = this.port.sinks.screen.cursorRowText().trimEnd();
    const since = this.end;
    this.memory = { ...this.memory, reached: undefined };
    if (this.device.echo === "none") this.port.put(text, reason);
    else {
      const expected = { what: "echo", text, before, since, at: this.clock.now(), inText } as const;
      const reached = yield* this.#expect(expected, undefined, () => this.port.put(text, reason));
      if (reached?.what === "help") return "help";
    }
    this.port.put(this.device.keys.enter, reason.as === "line" ? { as: "enter" } : reason);
    return "entered";
  }

  /** The prompt that ends what was typed; undefined: not within `ms`. `asks`: a row that is an answer, too. */
  *untilPrompt(typed: string, asks?: RowTest, ms?: number): Script<Answer | undefined> {
    return yield* this.#answer({ typed, asks, since: this.end, next: undefined }, ms);
  }

  /** What comes of what was typed, for who waits for more than a prompt. */
  *comes(wanted: Pick<ExpectedPrompt, "typed" | "next" | "inText">): Script<Reached | undefined> {
    const since = this.end;
    return yield* this.#expect({ what: "prompt", first: false, asks: undefined, since, ...wanted });
  }

  /** The prompt to which the device has come back by itself since `cursor`. */
  *back(cursor: number, typed = ""): Script {
    yield* this.#answer({ typed, asks: undefined, since: cursor, next: undefined });
  }

  /** A key instead of a line; undefined: it did not bring a prompt within `ms`. */
  *press(key: string, reason: Reason, ms?: number): Script<Answer | undefined> {
    const wanted = { typed: "", asks: undefined, since: this.end, next: undefined };
    return yield* this.#answer(wanted, ms, () => this.port.put(key, reason));
  }

  /** Is such a row at the cursor, or above the device's own rows? One of those may still be coming in. */
  *stands(test: RowTest): Script<boolean> {
    for (let looks = 0; looks < MOMENTS; looks++) {
      const view = drawnView(this.port.sinks.screen);
      if (view !== undefined) {
        const row = view.cursorText.trimEnd();
        if (test(row)) return true;
        if (row === "") return test(rowAbove(wholeRowsAbove(view), this.device) ?? "");
        if (lookAt(view, this.device).what !== "other") return false;
      }
      yield* pause(MOMENT_MS);
    }
    return false;
  }

  /**
   * Types a secret and Enter while its question is still there, and not behind keys of the caller: the question may be
   * answered or interrupted by them, and the device slow to show it. False: nothing was typed.
   */
  *typeSecret(reference: SecretRef, question: RowTest): Script<boolean> {
    const keys = this.keysSent;
    const value = yield* finished(this.port.readSecret(reference));
    if (this.keysSent !== keys || !(yield* this.stands(question)) || this.keysSent !== keys) return false;
    const secret = value.reveal();
    this.mask.typed(secret);
    this.port.put(`${secret}${this.device.keys.enter}`, { as: "secret" });
    return true;
  }

  /** Rows printed since `cursor`, the oldest left out where they are many. */
  rowsSince(cursor: number): readonly string[] {
    return this.#rows(Math.max(cursor, this.end - 2 * SEARCHED), this.end);
  }

  /** What was printed since `from` says about what was typed; of a long output its beginning and its end. */
  messagesSince(from: number, typed: string): Messages {
    const rowsOf = (start: number, stop: number) =>
      outputRows(this.#rows(start, stop), { device: this.device, typed, paged: true }).lines;
    if (this.end - from <= 2 * SEARCHED) return messagesIn(rowsOf(from, this.end), this.device, typed);
    const head = rowsOf(from, from + SEARCHED);
    return messagesIn([...head, ...rowsOf(this.end - SEARCHED, this.end)], this.device, typed);
  }

  errorsSince(from: number, typed: string): readonly DeviceError[] {
    return this.messagesSince(from, typed).errors;
  }

  #rows(from: number, to: number): string[] {
    const { transcript, screen } = this.port.sinks;
    return renderRows(transcript.read(from, to).bytes, screen.view().size);
  }

  *#answer(
    wanted: Pick<ExpectedPrompt, "typed" | "asks" | "since" | "next">,
    ms?: number,
    act?: () => void,
  ): Script<Answer | undefined> {
    const reached = yield* this.#expect({ what: "prompt", first: false, ...wanted }, ms, act);
    if (reached === undefined) return undefined;
    return reached.what === "prompt" ? reached.prompt : "asked";
  }

  /** The result; undefined: nothing in `ms`. */
  *#expect(expected: Expectation, ms?: number, act?: () => void): Script<Reached | undefined> {
    this.memory = {
      ...this.memory,
      expected,
      reached: undefined,
      aboveSince: undefined,
      stands: undefined,
      pauses: NO_PAUSE,
    };
    this.#rowsCame = false;
    // What passes before the first byte of a login is the connection's affair.
    this.#actedAt = expected.what === "prompt" && expected.first ? undefined : this.clock.now();
    let came = false;
    try {
      act?.();
      came = yield* met(ms);
    } finally {
      if (!came) this.forget();
    }
    return came ? this.memory.reached : undefined;
  }

  #met(reached: Reached): void {
    this.memory = metBy(this.memory, reached);
    this.port.met();
  }
}
