import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import type { Redact } from "../redactor.ts";
import { keyRows, type Span } from "./blocks.ts";
import { byContext } from "./contexts.ts";
import { RULES, valueIn } from "./rules.ts";
import { tokenOf } from "./token.ts";

/** Without one of these no rule finds anything: nearly every output of a device is done with here. */
const HINT =
  /pass|secret|key|communit|psk|token|credential|phash|\$(?:\d|y|gy|sha|md5|apr1|scrypt|pbkdf2|argon2|[ch]\$)|%[\^$@%]|-AQ==|eyJ|AKIA|ASIA|gh[pousr]_|github_pat|glpat|xox|AIza|sk[-_]|rk_|npm_|hv[bs]\.|dop_v1|AGE-|pypi-|:\/\/|authoriz|:[./A-Za-z0-9]{13}:|ENC |cipher|auth|priv|trap|snmp|pwd|identified|-A |-X |redis|mysql|mariadb|sudo|curl|wget|[A-Za-z0-9+/]{40}/i;

/**
 * Takes secrets that nobody told us out of texts, by the places and the forms in which systems show them. A secret's token is
 * the same wherever it is, for one installation's key; that key and nothing else leads from one to the other.
 */
export class Masker {
  readonly #key: () => Buffer;
  readonly #tokens = new Map<string, string>();

  /** `key` is asked for when the first secret is found. */
  constructor(key: () => Buffer) {
    this.#key = key;
  }

  readonly mask: Redact = (text, around = {}) => {
    const { before = "", after = "", cols } = around;
    const whole = before + text + after;
    if (!HINT.test(whole)) return text;
    // Where a part was left out, the text does not go on from what is before it.
    const alone = whole === text ? [] : spansIn(text, cols).map((span) => moved(span, before.length));
    const spans = apart([...spansIn(whole, cols), ...alone]);
    return spans.length === 0
      ? text
      : this.#without(whole, spans, before.length, before.length + text.length);
  };

  /** Where the secrets are, and what is shown in place of each. `cols`: the width at which the terminal breaks its rows. */
  places(
    text: string,
    cols: number,
  ): readonly { readonly from: number; readonly to: number; readonly shown: string }[] {
    if (!HINT.test(text)) return [];
    return spansIn(text, cols).map(({ from, to }) => ({
      from,
      to,
      shown: this.#token(text.slice(from, to).replace(/\n/g, "")),
    }));
  }

  #without(whole: string, spans: readonly Span[], begin: number, end: number): string {
    let shown = "";
    let kept = begin;
    for (const { from, to } of spans) {
      if (to <= begin || from >= end) continue;
      const secret = whole.slice(from, to);
      const inside = whole.slice(Math.max(from, begin), Math.min(to, end));
      // Rows stay as many as they are.
      shown +=
        whole.slice(kept, Math.max(from, kept)) +
        this.#token(secret.replace(/\n/g, "")) +
        inside.replace(/[^\n]/g, "");
      kept = Math.min(to, end);
    }
    return shown + whole.slice(kept, end);
  }

  #token(secret: string): string {
    const known = this.#tokens.get(secret);
    if (known !== undefined) return known;
    const token = tokenOf(createHmac("sha256", this.#key()).update(secret).digest("hex"));
    if (this.#tokens.size < MOST_KNOWN) this.#tokens.set(secret, token);
    return token;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}

/** Tokens that are not computed again. */
const MOST_KNOWN = 4_096;

/** Where the secrets of a text are, in order, none within another. `cols`: the width at which a terminal breaks its rows. */
export function spansIn(text: string, cols?: number): Span[] {
  const found = [
    ...keyRows(text),
    ...byContext(text),
    ...byRules(text),
    ...(cols === undefined ? [] : overRows(text, cols)),
  ];
  return apart(found);
}

/** In order; what overlaps is one. */
function apart(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from || other.to - one.to)) {
    const last = found.at(-1);
    if (last === undefined || span.from >= last.to) found.push(span);
    else if (span.to > last.to) found[found.length - 1] = { from: last.from, to: span.to };
  }
  return found;
}

function moved({ from, to }: Span, by: number): Span {
  return { from: from + by, to: to + by };
}

function byRules(text: string): Span[] {
  return RULES.flatMap(({ find }) =>
    [...text.matchAll(find)].flatMap(({ indices, groups }) => {
      const [from] = indices?.groups?.s ?? [];
      const value = from === undefined ? undefined : valueIn(groups?.s ?? "");
      return from === undefined || value === undefined
        ? []
        : [{ from: from + value.from, to: from + value.to }];
    }),
  );
}

/** A row's number, where only rows that changed are shown. */
const NUMBER = /^\d{1,4}\| /;

/** What the edge of a terminal cuts in two: only what goes over it. */
function overRows(text: string, cols: number): Span[] {
  const lines = text.split("\n");
  let from = 0;
  return lines.flatMap((line, index) => {
    const at = from;
    from += line.length + 1;
    const next = lines[index + 1];
    const number = NUMBER.exec(line)?.[0].length ?? 0;
    if (next === undefined || line.length - number < cols) return [];
    const own = number === 0 ? 0 : (NUMBER.exec(next)?.[0].length ?? 0);
    return byRules(line + next.slice(own))
      .filter((span) => span.from < line.length && span.to > line.length)
      .flatMap((span) => {
        const end = at + line.length;
        const behind = end + 1 + own;
        return own === 0
          ? [{ from: at + span.from, to: at + span.to + 1 }]
          : [
              { from: at + span.from, to: end },
              { from: behind, to: behind + span.to - line.length },
            ];
      });
  });
}
