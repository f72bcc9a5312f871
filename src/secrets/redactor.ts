import { inspect } from "node:util";
import { SshMcpError } from "../base/errors.ts";

/** Takes the values of secrets in use out of a text. */
export type Redact = (text: string) => string;

const SHOWN = "[secret]";

/**
 * Shorter values are not looked for: three characters stand in ordinary words, so replacing them would spoil the text and
 * by the places tell the value; what is that short is no secret to begin with.
 */
const MIN_CHARS = 4;

/** Beyond it the one revealed longest ago is forgotten; an inventory of a thousand hosts shares far fewer passwords. */
const MAX_VALUES = 1024;

/**
 * Knows the values of secrets that were revealed, for the life of the process: an error text may quote one long after it was
 * used. It shows them to nobody; printing, serialising and inspecting give `[secret]`.
 */
export class Redactor {
  /** Every form of a value that is looked for, by value; the latest revealed stands last. */
  readonly #forms = new Map<string, readonly string[]>();

  remember(value: string): void {
    if (value.length < MIN_CHARS) return;
    const forms = this.#forms.get(value) ?? formsOf(value);
    this.#forms.delete(value);
    this.#forms.set(value, forms);
    if (this.#forms.size <= MAX_VALUES) return;
    for (const oldest of this.#forms.keys()) {
      this.#forms.delete(oldest);
      return;
    }
  }

  /** The text with `[secret]` in place of each value, whichever way it is written; overlapping ones become one. */
  redact(text: string): string {
    const found: Span[] = [];
    for (const forms of this.#forms.values()) for (const form of forms) find(form, text, found);
    if (found.length === 0) return text;
    found.sort((a, b) => a.from - b.from);
    let shown = "";
    let at = 0;
    for (const { from, to } of found) {
      if (from >= at) shown += `${text.slice(at, from)}${SHOWN}`;
      at = Math.max(at, to);
    }
    return shown + text.slice(at);
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
  to: number;
}

function find(form: string, text: string, found: Span[]): void {
  let last: Span | undefined;
  // One step at a time: "aaaa" stands in "aaaaa" twice, and its last letter is part of the secret too.
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
    const to = at + form.length;
    if (last !== undefined && at <= last.to) last.to = to;
    else {
      last = { from: at, to };
      found.push(last);
    }
  }
}

/** The ways in which programs write a value into a message: as it is, for a URL, in JSON, in base64. */
function formsOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  // Through UTF-8 and back: a lone surrogate could not be encoded.
  const percent = encodeURIComponent(Buffer.from(value).toString());
  const urls = [percent, percent.replace(/%[0-9A-F]{2}/g, (pair) => pair.toLowerCase())];
  const forms = [
    value,
    json,
    json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ...urls,
    ...urls.map((url) => url.replaceAll("%20", "+")),
    ...base64Of(value),
  ];
  return [...new Set(forms)];
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
  return [whole, whole.replace(/=+$/, ""), ...inside]
    .flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")])
    .filter((text) => text.length >= MIN_CHARS);
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
