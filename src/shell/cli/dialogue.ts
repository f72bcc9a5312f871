import type { Clock } from "../../base/clock.ts";
import { visibleLine } from "../../base/text.ts";
import type { Device, RowTest } from "../../devices/device.ts";
import type { ScreenView } from "../../terminal/types.ts";
import { askedByText, looksLikePrompt, MENU_ROW } from "../evidence/prompt-like.ts";
import type { State } from "../record/outcome.ts";
import { standsEarly } from "./early-prompt.ts";
import { LearnedPrompts, type PromptRow } from "./known-prompts.ts";
import { withLearnedPrompt } from "./learn-prompt.ts";
import { Paging } from "./paging.ts";
import { type Drawn, rowsSince } from "./rendered.ts";
import {
  asking,
  lookAt,
  overwrittenPrompt,
  rowAbove,
  type Sight,
  sightAbove,
  stateOf,
  strangerAsks,
} from "./sight.ts";
import { ECHO_MS, LineLost, Typing } from "./typing.ts";

/** Quiet times in milliseconds before something is concluded. */
const PAGER_SETTLE = 20;
/** A row of output may read like a question while the rest is on its way; nobody is in a hurry to answer. */
const QUESTION_SETTLE = 300;
const SCREEN_SETTLE = 150;
/** A prompt of a host or shape not seen before: output may hold such a row. */
const UNKNOWN_SETTLE = 1000;
/** After login a banner may hold a row like a prompt and go on after a pause. */
const LOGIN_SETTLE = 300;
/** A prompt nobody described is believed a little later. */
const LEARN_SETTLE = 600;
const TRUST_TEXT = 1000;
const LOGIN_STUCK = 3000;
/** Looks at a row that is neither prompt nor empty, and the time between them. */
export const MOMENTS = 30;
export const MOMENT_MS = 60;
/** Bytes of the newest output read to find a prompt that log rows pushed up. */
const TAIL = 4096;

/** What the dialogue may do to its session. */
export interface DialoguePort {
  write(bytes: string): void;
  /** Ends waits with a state that stands until something happens. */
  stand(state: State): void;
  note(sentence: string): void;
  /** A page was answered. */
  paged(): void;
  /** The question to which the caller's keys were sent without Enter, if this row is it with what was typed. */
  answering(row: string): State | undefined;
  /** A row of a login inside the terminal; true when it was answered. */
  login(row: string): boolean;
  /** The caller interrupted what runs. */
  readonly interrupted: boolean;
  /** Nothing has come since the caller's last keys. */
  readonly unanswered: boolean;
  readonly waited: boolean;
}

/** What is waited for behind Enter or a key. */
interface Expectation {
  readonly first: boolean;
  readonly typed: string;
  /** Transcript end when Enter was sent: a prompt needs bytes behind it. */
  readonly since: number;
  readonly asks: RowTest | undefined;
  resolve(reached: PromptRow | "asked"): void;
  reject(error: LineLost): void;
}

/**
 * One exchange after the other with a command line: type, see the echo, press Enter, reach the prompt. All judgement is
 * about the rendered row the cursor is on; time enters only as quiet before something counts.
 */
export class Dialogue {
  device: Device;
  learned: LearnedPrompts;
  /** The last prompt that stood. */
  prompt: PromptRow | undefined;
  readonly #port: DialoguePort;
  readonly #sinks: Drawn;
  readonly #clock: Clock;
  #expected: Expectation | undefined;
  /** Transcript end when the caller last sent keys. */
  #keysAt = 0;
  readonly #typing: Typing;
  readonly #paging: Paging;
  /** Clock time since when only the device's own rows have come behind a prompt. */
  #aboveSince: number | undefined;
  #nudged = false;

  constructor(device: Device, port: DialoguePort, sinks: Drawn, clock: Clock) {
    this.device = device;
    this.learned = new LearnedPrompts(device.profile.prompt_prefix);
    this.#port = port;
    this.#sinks = sinks;
    this.#clock = clock;
    this.#typing = new Typing(port, sinks, clock);
    this.#paging = new Paging(port, sinks.transcript);
  }

  /** Quiet times at which a look is worth while for this device. */
  get looks(): readonly number[] {
    const own = [
      LEARN_SETTLE,
      PAGER_SETTLE,
      this.device.settleMs,
      3 * this.device.settleMs,
      QUESTION_SETTLE,
      LOGIN_SETTLE,
    ];
    const later = [UNKNOWN_SETTLE, 2000, 4000, 8000, ECHO_MS, 16_000, 32_000, 64_000];
    return [...new Set([...own, this.device.nudgeMs, ...later].filter((ms) => ms > 0))].sort((a, b) => a - b);
  }

  get busy(): boolean {
    return this.#expected !== undefined || this.#typing.busy;
  }

  /** Does such a row stand at the cursor now, or above the device's own rows? One of those may still be coming in. */
  async stands(test: RowTest): Promise<boolean> {
    const { screen } = this.#sinks;
    for (let looks = 0; looks < MOMENTS; looks++) {
      screen.flush();
      const view = screen.view();
      const row = view.cursorText.trimEnd();
      if (test(row)) return true;
      if (row === "") return test(rowAbove(view.rows.slice(0, view.cursor.row), this.device) ?? "");
      if (lookAt(view, this.device).what !== "other") return false;
      await new Promise<void>((resolve) => this.#clock.after(MOMENT_MS, resolve));
    }
    return false;
  }

  /** What stands at the cursor now. */
  sight(): Sight {
    this.#sinks.screen.flush();
    return lookAt(this.#sinks.screen.view(), this.device);
  }

  /** The first prompt after login. */
  firstPrompt(): Promise<PromptRow | "asked"> {
    return this.#until("", true, undefined, this.#sinks.transcript.start);
  }

  /**
   * Types a line and presses Enter once its echo stands. `help`: a question mark was answered at once with help and the
   * line stands there unfinished; nothing was entered. @throws LineLost.
   */
  type(text: string): Promise<"entered" | "help"> {
    return this.#typing.type(text, this.device);
  }

  /** The prompt that ends what was typed. `asks`: a row that is an answer, too. @throws LineLost. */
  untilPrompt(typed: string, asks?: RowTest): Promise<PromptRow | "asked"> {
    return this.#until(typed, false, asks, this.#sinks.transcript.end);
  }

  /** A key instead of a line. */
  press(key: string): Promise<PromptRow | "asked"> {
    const since = this.#sinks.transcript.end;
    this.#port.write(key);
    return this.#until("", false, undefined, since);
  }

  /** The known prompt that rows of the device's own have pushed up since `cursor`; undefined: there is none. */
  async pushedUp(cursor: number): Promise<PromptRow | undefined> {
    const rows = await rowsSince(this.#sinks, Math.max(cursor, this.#sinks.transcript.end - TAIL));
    const prompt = overwrittenPrompt(rows, this.device);
    return prompt && this.learned.knows(prompt, "") ? prompt : undefined;
  }

  /** A prompt stands; gives it with the hostname whole. */
  accept(prompt: PromptRow): PromptRow {
    const named = this.learned.named(prompt);
    this.prompt = named;
    this.learned.learn(named);
    return named;
  }

  /** Another profile is the right one; the prompt that stands is read anew. A learned prompt goes on where it knows none. */
  adopt(device: Device): void {
    const row = this.prompt?.row ?? "";
    const match = device.prompt(row);
    this.device = match || row === "" ? device : withLearnedPrompt(device, row);
    this.learned = new LearnedPrompts(device.profile.prompt_prefix);
    const found = this.device.prompt(row);
    if (found) this.accept({ ...found, row });
  }

  /** The caller's keys go out: what stood before is answered, and no news. */
  keysSent(): void {
    this.#keysAt = this.#sinks.transcript.end;
  }

  /** Nothing is waited for any more. */
  forget(): void {
    this.#expected = undefined;
    this.#typing.forget();
  }

  /** The prompt to which the device has come back by itself since `cursor`. */
  back(cursor: number): Promise<PromptRow | "asked"> {
    return this.#until("", false, undefined, cursor);
  }

  /** What follows a secret that is typed now. */
  answered(asks: RowTest | undefined): Promise<PromptRow | "asked"> {
    return this.#until("", false, asks, this.#sinks.transcript.end);
  }

  /** Starts counting pages for a new command. */
  fresh(): void {
    this.#paging.fresh();
    this.#nudged = false;
  }

  /** The line that is being typed or run is over: the caller interrupted it, or the channel is gone. */
  give(why: "closed" | "interrupted"): void {
    this.#typing.give(why);
    const expected = this.#expected;
    if (!expected || why === "interrupted") return;
    this.#expected = undefined;
    expected.reject(new LineLost(why));
  }

  /** Bytes were drawn. */
  onData(): void {
    this.#typing.onData();
  }

  /** Called when it has been quiet for `quiet` ms. */
  async look(quiet: number): Promise<void> {
    const { screen } = this.#sinks;
    screen.flush();
    const view = screen.view();
    if (view.stale) return;
    if (this.#typing.busy) return this.#typing.look(quiet);
    const expected = this.#expected;
    if (!expected) return;
    const sight = lookAt(view, this.device);
    if (this.#port.unanswered && quiet < TRUST_TEXT) return;
    if ("row" in sight && this.#isTyped(sight.row, expected)) return;
    switch (sight.what) {
      case "pager":
        if (quiet >= PAGER_SETTLE && this.#paging.isNew(sight.pager, view)) this.#page(sight, view);
        return;
      case "prompt":
        if (quiet >= this.#settleOf(sight.prompt, expected) && this.#isNew(sight.prompt, expected))
          this.#reached(sight.prompt);
        return;
      case "question":
      case "secret":
        if (this.#answersAsked(sight.row, quiet, expected)) return;
        if (expected.first && this.#port.login(sight.row)) return;
        this.#stand(sight);
        return;
      case "screen":
        if (quiet >= SCREEN_SETTLE && this.#port.waited) this.#stand(sight);
        return;
      case "blank":
        return this.#lookAbove(quiet, expected);
      case "other":
        return this.#lookOther(sight.row, quiet, expected);
    }
  }

  #until(
    typed: string,
    first: boolean,
    asks: RowTest | undefined,
    since: number,
  ): Promise<PromptRow | "asked"> {
    return new Promise((resolve, reject) => {
      this.#aboveSince = undefined;
      this.#expected = { first, typed, since, asks, resolve, reject };
    });
  }

  #settleOf(prompt: PromptRow, expected: { readonly first: boolean; readonly typed: string }): number {
    const { settleMs } = this.device;
    if (expected.first) return Math.max(LOGIN_SETTLE, settleMs);
    return this.learned.knows(prompt, expected.typed) ? settleMs : Math.max(UNKNOWN_SETTLE, settleMs);
  }

  /** Something was printed since Enter, and it is not merely the typed line that looks like a prompt. */
  #isNew(prompt: PromptRow, expected: Expectation): boolean {
    if (expected.first) return true;
    const { transcript } = this.#sinks;
    if (transcript.end <= expected.since) return false;
    if (expected.typed === "") return true;
    const feeds = transcript.lineFeeds(expected.since, transcript.end);
    if (this.device.profile.early_prompt === true && feeds <= 1) {
      if (standsEarly(transcript.read(expected.since, transcript.end).bytes, prompt.row)) return false;
    }
    return !prompt.row.endsWith(expected.typed.trim()) || feeds > 0;
  }

  /** The typed line itself, which may read like a question or a pager: nothing was printed behind it yet. */
  #isTyped(row: string, { first, typed, since }: Expectation): boolean {
    if (first || typed === "" || !row.trimEnd().endsWith(typed.trim())) return false;
    return this.#sinks.transcript.lineFeeds(since, this.#sinks.transcript.end) === 0;
  }

  #reached(prompt: PromptRow): void {
    const expected = this.#expected;
    if (!expected) return;
    this.#expected = undefined;
    expected.resolve(this.accept(prompt));
  }

  /** True while the row is not to be told: too fresh, from before, or the very question the script waits for. */
  #answersAsked(row: string, quiet: number, expected: Expectation): boolean {
    const news = expected.first || this.#sinks.transcript.end > expected.since;
    if (quiet < (news ? QUESTION_SETTLE : TRUST_TEXT)) return true;
    if (!news || expected.asks?.(row) !== true) return false;
    this.#expected = undefined;
    expected.resolve("asked");
    return true;
  }

  #page(sight: Extract<Sight, { readonly what: "pager" }>, view: ScreenView): void {
    // Behind an interrupt nobody wants the pages that are left.
    if (this.#port.interrupted || !this.#paging.answer(sight.pager, view)) this.#stand(sight);
  }

  async #lookAbove(quiet: number, expected: Expectation): Promise<void> {
    const { settleMs, nudgeMs } = this.device;
    const { transcript } = this.#sinks;
    // A pager that was answered already does not count again.
    const since = Math.max(expected.since, this.#keysAt, this.#paging.answered, transcript.end - TAIL);
    const rows = await rowsSince(this.#sinks, since);
    if (this.#expected !== expected) return;
    const above = sightAbove(rows, this.device);
    const known =
      above?.what !== "prompt" || expected.first || this.learned.knows(above.prompt, expected.typed);
    if (above && known) {
      // Judged by how long nothing but such rows has come: under a storm of them it is never quiet.
      const now = this.#clock.now();
      this.#aboveSince ??= now - quiet;
      if (now - this.#aboveSince >= Math.max(3 * settleMs, LOGIN_SETTLE)) this.#takeAbove(above, expected);
      return;
    }
    this.#aboveSince = undefined;
    if (nudgeMs > 0 && quiet >= nudgeMs && !this.#nudged && (expected.first || this.#promptAbove(rows))) {
      this.#nudged = true;
      this.#port.note("one Enter was sent on an empty row to get the prompt back");
      this.#port.write(this.device.keys.enter);
      return;
    }
    const nudges = nudgeMs > 0 && !this.#nudged;
    if (expected.first && !nudges && quiet >= LOGIN_STUCK && rows.length > 0) this.#stuck(rows.at(-1) ?? "");
  }

  /** What stands above the device's own rows counts as if it stood at the cursor. */
  #takeAbove(above: Sight, expected: Expectation): void {
    this.#aboveSince = undefined;
    if (above.what === "prompt") this.#reached(above.prompt);
    else if (above.what === "pager") this.#page(above, this.#sinks.screen.view());
    else if ("row" in above && this.#answersAsked(above.row, TRUST_TEXT, expected)) return;
    else this.#stand(above);
  }

  #promptAbove(rows: readonly string[]): boolean {
    const own = (line: string) => line.trim() === "" || this.device.isAsync(line.trimEnd());
    const row = rows.findLast((line) => !own(line))?.trimEnd() ?? "";
    const match = this.device.prompt(row);
    return match !== undefined && this.learned.knows({ ...match, row }, "");
  }

  #lookOther(row: string, quiet: number, expected: Expectation): void {
    if (expected.first && quiet >= QUESTION_SETTLE && this.#port.login(row)) return;
    if (expected.first && this.device.profile.learn === true && quiet >= LEARN_SETTLE && isPromptLike(row)) {
      this.device = withLearnedPrompt(this.device, row);
      const match = this.device.prompt(row);
      if (match) this.#reached({ ...match, row });
      return;
    }
    if (!this.#port.waited || quiet < TRUST_TEXT) return;
    const answering = this.#port.answering(row);
    if (answering) {
      this.#port.stand(answering);
      return;
    }
    if (expected.first && quiet >= LOGIN_STUCK) this.#stuck(row);
    const stranger = strangerAsks(row, expected.first ? 0 : quiet);
    if (stranger) this.#port.stand(stranger);
  }

  #stand(sight: Sight): void {
    const state = stateOf(sight);
    if (state) this.#port.stand(state);
  }

  #stuck(row: string): void {
    if (looksLikePrompt(row, false))
      this.#port.note(
        `profile ${this.device.id} knows no prompt like ${JSON.stringify(visibleLine(row, 80))}`,
      );
    this.#port.stand(asking(askedByText(row) ?? "question", row, {}, "pattern"));
  }
}

function isPromptLike(row: string): boolean {
  return looksLikePrompt(row, false) && askedByText(row) === undefined && !MENU_ROW.test(row);
}
