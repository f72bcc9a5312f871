import { inspect } from "node:util";
import { SshMcpError } from "../base/errors.ts";
import { quoteWord } from "../base/shell-quote.ts";
import { visibleLine } from "../base/text.ts";

/** Takes the values of secrets in use out of a text. */
export type Redact = (text: string, around?: Around) => string;

/** What a text is part of: a value that begins before it or ends behind it is taken out, too. */
export interface Around {
  readonly before?: string;
  /** Left out: unknown, so an end that is the better half of a value is taken for one. */
  readonly after?: string;
  /** Rows of a screen: a value may go on in the next. */
  readonly rows?: boolean;
  /** Columns of that screen: what fills a row may go on in the next. */
  readonly cols?: number;
}

/** What stands in place of a value. */
export const SHOWN = "[secret]";

/**
 * Shorter values are not looked for: `cisco` would rewrite `show version`, and by the places tell the value. The echo of one
 * that is typed is taken out where it is typed, however short it is.
 */
export const MIN_CHARS = 8;

/** The beginning of a value that is cut off there. */
const MIN_PART = 4;

/** From here on a value that mixes letters with others is found inside a longer word, too. */
const UNMISTAKABLE = 12;

/** Beyond it the one revealed longest ago is forgotten; an inventory of a thousand hosts shares far fewer passwords. */
const MAX_VALUES = 1024;

/**
 * Knows the values of secrets that were revealed, for the life of the process: an error text may quote one long after it was
 * used. It shows them to nobody; printing, serialising and inspecting give `[secret]`.
 */
export class Redactor {
  /** Every form of a value that is looked for, by value; the latest revealed stands last. */
  readonly #forms = new Map<string, readonly Form[]>();
  #index: FormIndex | undefined;

  remember(value: string): void {
    if (value.length < MIN_CHARS) return;
    const forms = this.#forms.get(value);
    this.#forms.delete(value);
    this.#forms.set(value, forms ?? formsOf(value));
    if (forms !== undefined) return;
    this.#index = undefined;
    const [oldest] = this.#forms.keys();
    if (this.#forms.size > MAX_VALUES && oldest !== undefined) this.#forms.delete(oldest);
  }

  /** Where the values are, in the order of their beginnings; they may overlap. `rows`: also over the ends of rows. */
  places(text: string, rows: boolean): readonly { readonly from: number; readonly to: number }[] {
    if (this.#forms.size === 0) return [];
    this.#index ??= new FormIndex([...this.#forms.values()].flat());
    return rows ? overRows(text, this.#index) : [...this.#index.find(text)];
  }

  /** The end of the text that is the beginning of a value; `half`: half of it or more. */
  begun(text: string): { readonly chars: number; readonly half: boolean } {
    let [chars, half] = [0, false];
    const last = text.at(-1);
    for (const forms of last === undefined ? [] : this.#forms.values())
      for (const { text: form } of forms)
        for (let length = Math.min(form.length - 1, text.length); length > 0; length--) {
          if (form[length - 1] !== last || !text.endsWith(form.slice(0, length))) continue;
          chars = Math.max(chars, length);
          half ||= length >= Math.max(MIN_PART, form.length / 2);
          break;
        }
    return { chars, half };
  }

  /** The text with `[secret]` in place of each value, whichever way it is written; overlapping ones become one. */
  redact(text: string, around: Around = {}): string {
    if (this.#forms.size === 0) return text;
    this.#index ??= new FormIndex([...this.#forms.values()].flat());
    const { before = "", after = "", rows = false } = around;
    const whole = before + text + after;
    const spans = rows ? overRows(whole, this.#index) : this.#index.find(whole);
    const [begin, end] = [before.length, before.length + text.length];
    let shown = "";
    let kept = begin;
    /** Where the value that was found last ends. */
    let to = -1;
    for (const span of spans) {
      if (span.to <= begin || span.from >= end) continue;
      if (span.from > to) {
        shown += whole.slice(kept, Math.max(span.from, kept));
        shown += SHOWN;
      }
      // Rows stay as many as they are.
      shown += whole.slice(Math.max(span.from, begin), Math.min(span.to, end)).replace(/[^\n]/g, "");
      to = Math.max(to, span.to);
      kept = Math.min(to, end);
    }
    const rest = whole.slice(kept, end);
    return shown + (around.before !== undefined && after === "" ? this.#withoutBegun(rest) : rest);
  }

  /** Without the beginning of a value at the end of the text, if it is the better half of it. */
  #withoutBegun(text: string): string {
    for (const forms of this.#forms.values())
      for (const { text: form, loose } of forms)
        for (let length = form.length - 1; length >= Math.max(MIN_PART, form.length / 2); length--)
          if (text.endsWith(form.slice(0, length)) && (loose || begins(text, text.length - length)))
            return text.slice(0, -length) + SHOWN;
    return text;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** One way to write a value. `loose`: nothing else reads like it, so it is found inside a longer word as well. */
interface Form {
  readonly text: string;
  readonly loose: boolean;
}

/**
 * Finds many strings in one pass, since results of tools are searched too: by their first two characters, a table of which
 * says at nearly every place that none begins there (1 MB takes some milliseconds, however many there are).
 */
class FormIndex {
  readonly #begins = new Uint8Array(1 << 16);
  readonly #forms = new Map<number, Form[]>();

  constructor(forms: Iterable<Form>) {
    for (const form of forms) {
      const hash = hashAt(form.text, 0);
      this.#begins[hash] = 1;
      const others = this.#forms.get(hash);
      if (others === undefined) this.#forms.set(hash, [form]);
      else others.push(form);
    }
  }

  /** In the order of their beginnings; they may overlap. `cut`: does a row end before this place? */
  *find(text: string, cut: (at: number) => boolean = NOWHERE): Iterable<Span> {
    for (let from = 0; from + 1 < text.length; from++) {
      const hash = hashAt(text, from);
      if (this.#begins[hash] === 0) continue;
      let length = 0;
      for (const form of this.#forms.get(hash) ?? [])
        length = Math.max(length, lengthAt(form, text, from, cut));
      if (length > 0) yield { from, to: from + length };
    }
  }
}

const NOWHERE = () => false;

/** Values as they stand there, and those that are broken by the end of a row. */
function overRows(text: string, index: FormIndex): Span[] {
  /** Of each row's end: the place of the character behind it, once all rows are one. */
  const ends: number[] = [];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) ends.push(at - ends.length);
  if (ends.length === 0) return [...index.find(text)];
  const cuts = new Set(ends);
  const place = (at: number) => at + upTo(ends, at);
  const joined = index.find(text.replaceAll("\n", ""), (at) => cuts.has(at));
  const broken = [...joined].flatMap(({ from, to }) => {
    const span = { from: place(from), to: place(to - 1) + 1 };
    return span.to - span.from > to - from ? [span] : [];
  });
  return [...index.find(text), ...broken].sort((one, other) => one.from - other.from);
}

/** How many of the numbers, which are in order, are not greater. */
function upTo(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hashAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 257 + text.charCodeAt(at + 1)) & 0xffff;
}

/** How much of a form stands in the text there: all of it, or its beginning where a text was shortened (`visibleLine`). */
function lengthAt(
  { text: form, loose }: Form,
  text: string,
  from: number,
  cut: (at: number) => boolean,
): number {
  if (!loose && !cut(from) && !begins(text, from)) return 0;
  const to = from + form.length;
  if (text.startsWith(form, from)) return loose || cut(to) || ends(text, to) ? form.length : 0;
  let length = 0;
  while (length < form.length && form[length] === text[from + length]) length++;
  return length >= MIN_PART && text[from + length] === "…" ? length : 0;
}

const WORD = /[\p{L}\p{N}_]/u;
/** What stands directly before a word that is one of its own all the same: an escape, a short option (`-pSECRET`). */
const SET_OFF = /%[\dA-Fa-f]{2}$|\\(?:[abefnrtv0]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4})$|(?:^|[\s"'=])-[A-Za-z]$/;

/** Does a word of its own begin there? */
function begins(text: string, at: number): boolean {
  if (at === 0 || !WORD.test(text[at] ?? "") || !WORD.test(text[at - 1] ?? "")) return true;
  return SET_OFF.test(text.slice(Math.max(0, at - 7), at));
}

function ends(text: string, at: number): boolean {
  return at >= text.length || !WORD.test(text[at - 1] ?? "") || !WORD.test(text[at] ?? "");
}

/** The ways in which programs write a value into a message: as it is, made visible, for a URL, in JSON, base64 and hex. */
function formsOf(value: string): readonly Form[] {
  const json = JSON.stringify(value).slice(1, -1);
  // Through UTF-8 and back: a lone surrogate could not be encoded.
  const percent = encodeURIComponent(Buffer.from(value).toString());
  const urls = [percent, percent.replace(/%[0-9A-F]{2}/g, (pair) => pair.toLowerCase())];
  const written = [
    value,
    visibleLine(value, Number.POSITIVE_INFINITY),
    json,
    // JSON as a text within JSON.
    JSON.stringify(json).slice(1, -1),
    json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ...urls,
    ...urls.map((url) => url.replaceAll("%20", "+")),
    quotedWithin(value),
  ];
  const hex = Buffer.from(value).toString("hex");
  const loose = value.length >= UNMISTAKABLE && /\p{L}/u.test(value) && /\P{L}/u.test(value);
  const forms = new Map(written.map((text) => [text, { text, loose }]));
  for (const text of [hex, hex.toUpperCase(), ...base64Of(value)]) forms.set(text, { text, loose: true });
  return [...forms.values()].filter(({ text }) => text.length >= MIN_CHARS);
}

/** As it stands within a quoted word of a shell's line; such a word cannot hold every text. */
function quotedWithin(value: string): string {
  return /[\0\p{Surrogate}]/u.test(value) ? value : quoteWord(value).replace(/^'|'$/g, "");
}

/**
 * Base64 of a value alone and inside something longer (`user:password`): three bytes become four characters, so it looks
 * different at each of three offsets, and the characters shared with its neighbours are left out.
 */
function base64Of(value: string): string[] {
  const bytes = Buffer.from(value);
  const inside = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const ragged = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    return text.slice(Math.ceil((offset * 4) / 3), text.length - ragged);
  });
  const whole = bytes.toString("base64");
  return [whole, whole.replace(/=+$/, ""), ...inside].flatMap((text) => [
    text,
    text.replaceAll("+", "-").replaceAll("/", "_"),
  ]);
}

/** The same failure without the values; its stack, which repeats the message, and its cause stay behind with them. */
export function redactedError(error: unknown, redact: Redact): unknown {
  if (!(error instanceof Error)) return error;
  const message = redact(error.message);
  if (!(error instanceof SshMcpError)) return message === error.message ? error : new Error(message);
  const next = error.next === undefined ? undefined : redact(error.next);
  if (message === error.message && next === error.next) return error;
  return new SshMcpError(error.code, message, next);
}
