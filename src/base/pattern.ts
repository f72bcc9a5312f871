import { RE2JS } from "re2js";
import { messageOf, SshMcpError } from "./errors.ts";
import { visibleLine } from "./text.ts";

/** Longest pattern a caller may give. */
export const MAX_PATTERN = 512;
/** What a pattern may have grown to with its repetitions written out, counted before it is compiled. */
const MAX_WRITTEN_OUT = 20_000;
/** Instructions of the compiled pattern; each character of a text may cost one step of every instruction. */
const MAX_INSTRUCTIONS = 500;
/** Steps in one go: about 80 ms at 0.1 µs a step, which is what the dearest patterns were measured to take. */
const MAX_STEPS = 800_000;

/** A caller's pattern on a linear-time engine, and what it can be asked to search without holding up other sessions. */
export interface Pattern {
  /** The first match's text. The text must not be longer than `reach`. */
  find(text: string): string | undefined;
  /** Every match, as far as they do not overlap. The text must not be longer than `reach`. */
  matches(text: string): Iterable<Match>;
  /** How many groups it has, and those that have a name. */
  readonly groups: { readonly count: number; readonly named: ReadonlyMap<string, number> };
  /** Characters that may be searched in one go. */
  readonly reach: number;
}

export interface Match {
  readonly from: number;
  readonly to: number;
  /** Text of a group, 0: of all; empty for one that took no part. */
  group(index: number): string;
}

/**
 * Compiles a caller's RE2 pattern; `multiline`: `^` and `$` match at each line.
 * @throws SshMcpError `invalid_argument` for one that is no RE2 or costs too much.
 */
export function patternOf(source: string, { multiline = false } = {}): Pattern {
  if (source === "" || source.length > MAX_PATTERN)
    throw new SshMcpError(
      "invalid_argument",
      `a pattern has 1 to ${MAX_PATTERN} characters, this one ${source.length}`,
    );
  const size = writtenOut(source);
  if (size > MAX_WRITTEN_OUT) throw tooDear(source);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source, multiline ? RE2JS.MULTILINE : 0);
  } catch (error) {
    throw new SshMcpError(
      "invalid_argument",
      `${JSON.stringify(visibleLine(source, 80))} is not a valid RE2 pattern: ${messageOf(error).replace("(?m)", "")}`,
      "RE2 has no look-around and no back-references; (?i) makes it case-insensitive; escape literal brackets.",
      { cause: error },
    );
  }
  const instructions = compiled.programSize();
  if (instructions > MAX_INSTRUCTIONS) throw tooDear(source);
  return {
    find(text) {
      const matcher = compiled.matcher(text);
      return matcher.find() ? (matcher.group() ?? "") : undefined;
    },
    *matches(text) {
      const matcher = compiled.matcher(text);
      while (matcher.find())
        yield {
          from: matcher.start(),
          to: matcher.end(),
          group: (index) => matcher.group(index) ?? "",
        };
    },
    groups: {
      count: compiled.groupCount(),
      named: new Map(Object.entries(compiled.namedGroups())),
    },
    reach: Math.floor(MAX_STEPS / instructions),
  };
}

function tooDear(source: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `${JSON.stringify(visibleLine(source, 80))} costs too much to search with: its repetitions written out make more than ${MAX_INSTRUCTIONS} steps for each character`,
    "Use + or * in place of counted repetitions such as {1,100}, or search for a part of it.",
  );
}

/** Characters of a pattern with every counted repetition written out: an upper bound of what compiling it costs. */
function writtenOut(source: string): number {
  const open: number[] = [];
  let total = 0;
  let last = 0; // size of the piece that a repetition would repeat
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === "\\") {
      at++;
      if (!inClass) total += last = 1;
    } else if (inClass) {
      inClass = char !== "]";
    } else if (char === "(") {
      open.push(total);
      total = 0;
      last = 0;
    } else if (char === ")") {
      last = total + 1;
      total = (open.pop() ?? 0) + last;
    } else if (char === "{") {
      const [whole = "{", least = "", most = least] =
        /^\{(\d{1,4})(?:,(\d{0,4}))?\}/.exec(source.slice(at)) ?? [];
      at += whole.length - 1;
      const times = Math.max(Number(least), Number(most), 1);
      total += last * (times - 1);
      last *= times;
    } else {
      inClass = char === "[";
      total += last = 1;
    }
  }
  return total + open.reduce((sum, size) => sum + size, 0);
}
