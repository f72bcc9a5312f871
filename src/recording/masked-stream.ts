import { StringDecoder } from "node:string_decoder";
import type { CastEvent } from "./format.ts";
import { plainOf, wholeUpTo } from "./plain.ts";

/** A secret in a text, and what is written in its place. */
export interface Found {
  readonly from: number;
  readonly to: number;
  readonly shown: string;
}

/** What must not be written down. */
export interface Secrets {
  /** In what a terminal shows; `cols`: the width at which it breaks its rows. */
  find(text: string, cols: number): readonly Found[];
  /** In anything else: values alone, whose places say nothing. */
  values(text: string): readonly Found[];
  /** The end of the text that may be the beginning of a value. */
  begun(text: string): Begun;
}

export interface Begun {
  readonly chars: number;
  /** It is half of the value or more. */
  readonly half: boolean;
}

/** What stands in place of the greater part of a value. */
const SHOWN = "[secret]";
/** Text that went before and is remembered, since a secret may have begun in it: a private key of 8,192 bits is 6 KiB. */
const CONTEXT = 16 * 1024;
/** A row that is longer is written although it has no end yet; so much of it waits. */
const LONGEST_ROW = 16 * 1024;
const KEPT_OF_ROW = 4 * 1024;
/** Looked at in one go: some milliseconds of work. */
const SLICE = 32 * 1024;
/** The last two rows wait for what follows them, for so long after the last byte, and so long in all. */
export const QUIET_MS = 1_000;
const LONGEST_MS = 5_000;
/** What may be the beginning of a secret waits for its rest. */
const BEGUN_MS = 60_000;

/** Events on their way into the file: secrets are taken out of the output, wherever the chunks are cut. */
export class MaskedStream {
  readonly #secrets: Secrets;
  readonly #decoder = new StringDecoder("utf8");
  #events: CastEvent[] = [];
  #before = "";
  #cols: number;
  #lastOutput = 0;
  /** Characters that are held; an event counts as some. */
  held = 0;

  constructor(secrets: Secrets, cols: number) {
    this.#secrets = secrets;
    this.#cols = cols;
  }

  output(at: number, bytes: Buffer): void {
    this.#lastOutput = at;
    this.#add({ at, code: "o", text: this.#decoder.write(bytes) });
  }

  event(event: CastEvent): void {
    if (event.code === "r") this.#cols = Number.parseInt(event.text, 10);
    this.#add(event);
  }

  /** The events that may be written now; `all`: nothing more will come. */
  take(now: number, all = false): readonly CastEvent[] {
    if (all) this.#add({ at: now, code: "o", text: this.#decoder.end() });
    if (this.#events.length === 0) return [];
    const events = this.#slice();
    const raw = events.map(textOf).join("");
    const whole = events.length === this.#events.length;
    const cut = all && whole ? raw.length : this.#cut(raw, now, whole);
    const masked = this.#masked(events, raw, cut);
    this.#before = (this.#before + raw.slice(0, cut)).slice(-CONTEXT);
    return masked;
  }

  #add(event: CastEvent): void {
    if (event.code === "o" && event.text === "") return;
    this.#events.push(event);
    this.held += event.text.length + 64;
  }

  #slice(): readonly CastEvent[] {
    let length = 0;
    const end = this.#events.findIndex((event) => {
      length += textOf(event).length;
      return length > SLICE;
    });
    return end < 0 ? this.#events : this.#events.slice(0, end + 1);
  }

  /** Up to where the output may be written. `whole`: there is no more than this. */
  #cut(raw: string, now: number, whole: boolean): number {
    const first = this.#events[0]?.at ?? now;
    if (whole && (now - this.#lastOutput >= QUIET_MS || now - first >= LONGEST_MS)) {
      if (now - this.#lastOutput >= BEGUN_MS) return raw.length;
      const end = wholeUpTo(raw, raw.length);
      return end - this.#begun(raw.slice(0, end)).length;
    }
    const rows = raw.lastIndexOf("\n", raw.lastIndexOf("\n") - 1) + 1;
    return raw.length - rows > LONGEST_ROW ? wholeUpTo(raw, raw.length - KEPT_OF_ROW) : rows;
  }

  /** The end of the output that may be the beginning of a value, however it is coloured and broken. */
  #begun(raw: string): { readonly length: number; readonly half: boolean } {
    const plain = plainOf(raw);
    const { text } = plain;
    const one = text.replaceAll("\n", "");
    const { chars, half } = this.#begunIn(one);
    if (chars === 0) return { length: 0, half };
    let place = text.length;
    for (let left = chars; left > 0; ) if (text[--place] !== "\n") left--;
    return { length: raw.length - plain.at(place), half };
  }

  /** A line editor that breaks a row prints a blank first. */
  #begunIn(text: string): Begun {
    const begun = this.#secrets.begun(text);
    if (begun.chars > 0 || !text.endsWith(" ")) return begun;
    const { chars, half } = this.#secrets.begun(text.slice(0, -1));
    return { chars: chars === 0 ? 0 : chars + 1, half };
  }

  /** Takes the events up to `cut` out of those that are held, without the secrets in them. */
  #masked(events: readonly CastEvent[], raw: string, cut: number): readonly CastEvent[] {
    const found = this.#found(raw, cut);
    const out: CastEvent[] = [];
    let from = 0;
    let taken = 0;
    for (const event of events) {
      const to = from + textOf(event).length;
      if (from > cut || (from === cut && to > cut)) break;
      if (event.code !== "o") out.push(event);
      else {
        const end = Math.min(to, cut);
        const text = without(raw, found, from, end);
        if (text !== "") out.push({ ...event, text });
        if (end < to) {
          this.#events[taken] = { ...event, text: raw.slice(end, to) };
          this.held -= end - from;
          break;
        }
      }
      this.held -= event.text.length + 64;
      taken++;
      from = to;
    }
    this.#events = this.#events.slice(taken);
    return out;
  }

  /** Where secrets are: in what is shown, whatever its colours, and in what is not (a title). */
  #found(raw: string, cut: number): readonly Found[] {
    const begun = cut === raw.length ? this.#begun(raw) : { length: 0, half: false };
    const rest = begun.half ? [{ from: cut - begun.length, to: cut, shown: SHOWN }] : [];
    const whole = this.#before + raw;
    const begin = this.#before.length;
    const plain = plainOf(whole);
    const shown = this.#secrets.find(plain.text, this.#cols).map(({ from, to, shown }) => ({
      from: plain.at(from) - begin,
      to: plain.at(to - 1) + 1 - begin,
      shown,
    }));
    const hidden = this.#secrets
      .values(whole)
      .map(({ from, to, shown }) => ({ from: from - begin, to: to - begin, shown }));
    return apart([...shown, ...hidden, ...rest].filter(({ to }) => to > 0));
  }
}

function textOf({ code, text }: CastEvent): string {
  return code === "o" ? text : "";
}

/** In order; what overlaps is one. */
function apart(found: readonly Found[]): readonly Found[] {
  const out: Found[] = [];
  for (const one of found.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = out.at(-1);
    if (last === undefined || one.from >= last.to) out.push(one);
    else if (one.to > last.to) out[out.length - 1] = { ...last, to: one.to };
  }
  return out;
}

/** `raw` from `begin` to `end`; what stands for a secret stands where it begins, or where the part of it that is here does. */
function without(raw: string, found: readonly Found[], begin: number, end: number): string {
  let text = "";
  let kept = begin;
  for (const { from, to, shown } of found) {
    if (to <= begin || from >= end) continue;
    text += raw.slice(kept, Math.max(from, kept));
    if (from >= begin || begin === 0) text += shown;
    text += raw.slice(Math.max(from, begin), Math.min(to, end)).replace(/[^\r\n]/g, "");
    kept = Math.min(to, end);
  }
  return text + raw.slice(kept, end);
}
