import { inspect } from "node:util";
import { SshMcpError } from "../base/errors.ts";
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
}

const SHOWN = "[secret]";

/**
 * Shorter values are not looked for: three characters stand in ordinary words, so replacing them would spoil the text and
 * by the places tell the value; what is that short is no secret to begin with.
 */
const MIN_CHARS = 4;

/** A shorter one is not looked for over the end of a row: too much else reads like it. */
const MIN_OVER_ROWS = 8;

/** Beyond it the one revealed longest ago is forgotten; an inventory of a thousand hosts shares far fewer passwords. */
const MAX_VALUES = 1024;

/**
 * Knows the values of secrets that were revealed, for the life of the process: an error text may quote one long after it was
 * used. It shows them to nobody; printing, serialising and inspecting give `[secret]`.
 */
export class Redactor {
  /** Every form of a value that is looked for, by value; the latest revealed stands last. */
  readonly #forms = new Map<string, readonly string[]>();
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
      for (const form of forms)
        for (let length = form.length - 1; length >= Math.max(MIN_CHARS, form.length / 2); length--)
          if (text.endsWith(form.slice(0, length))) return text.slice(0, -length) + SHOWN;
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

/**
 * Finds many strings in one pass, since results of tools are searched too: by their first two characters, a table of which
 * says at nearly every place that none begins there (1 MB takes some milliseconds, however many there are).
 */
class FormIndex {
  readonly #begins = new Uint8Array(1 << 16);
  readonly #forms = new Map<number, string[]>();

  constructor(forms: Iterable<string>) {
    for (const form of new Set(forms)) {
      const hash = hashAt(form, 0);
      this.#begins[hash] = 1;
      const others = this.#forms.get(hash);
      if (others === undefined) this.#forms.set(hash, [form]);
      else others.push(form);
    }
  }

  /** In the order of their beginnings; they may overlap. */
  *find(text: string): Iterable<Span> {
    for (let from = 0; from + 1 < text.length; from++) {
      const hash = hashAt(text, from);
      if (this.#begins[hash] === 0) continue;
      const forms = this.#forms.get(hash) ?? [];
      const length = Math.max(...forms.map((form) => lengthAt(form, text, from)));
      if (length > 0) yield { from, to: from + length };
    }
  }
}

/** Values as they stand there, and those that are broken by the end of a row. */
function overRows(text: string, index: FormIndex): Span[] {
  const places: number[] = [];
  let joined = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\n") continue;
    places.push(at);
    joined += text[at];
  }
  const broken = [...index.find(joined)].flatMap(({ from, to }) => {
    const span = { from: places[from] ?? 0, to: (places[to - 1] ?? 0) + 1 };
    return to - from >= MIN_OVER_ROWS && span.to - span.from > to - from ? [span] : [];
  });
  return [...index.find(text), ...broken].sort((one, other) => one.from - other.from);
}

function hashAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 257 + text.charCodeAt(at + 1)) & 0xffff;
}

/** How much of a form stands in the text there: all of it, or its beginning where a text was shortened (`visibleLine`). */
function lengthAt(form: string, text: string, from: number): number {
  if (text.startsWith(form, from)) return form.length;
  let length = 0;
  while (length < form.length && form[length] === text[from + length]) length++;
  return length >= MIN_CHARS && text[from + length] === "…" ? length : 0;
}

/** The ways in which programs write a value into a message: as it is, made visible, for a URL, in JSON, in base64. */
function formsOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  // Through UTF-8 and back: a lone surrogate could not be encoded.
  const percent = encodeURIComponent(Buffer.from(value).toString());
  const urls = [percent, percent.replace(/%[0-9A-F]{2}/g, (pair) => pair.toLowerCase())];
  const forms = [
    value,
    visibleLine(value, Number.POSITIVE_INFINITY),
    json,
    json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ...urls,
    ...urls.map((url) => url.replaceAll("%20", "+")),
    ...base64Of(value),
  ];
  return [...new Set(forms)].filter((form) => form.length >= MIN_CHARS);
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
