/** What a command does to where its session is. */
export const ACTIONS = [
  /** Goes to another mode: `mode NAME`, with `private` where the candidate there is its own. */
  "mode",
  /** Goes into a part of this mode; `nest`: below the part it is in. */
  "enter",
  "nest",
  /** One part up, out of this mode where it is in none. */
  "up",
  /** Out of the innermost part that began with this word, and out of what is in it: `unwind WORD`. */
  "unwind",
  /** To the top of this mode. */
  "top",
  /** To the start mode. */
  "leave",
  /** Into a program of its own: `opaque WORDS`. */
  "opaque",
  /** Runs the words behind the first so many as one command of a Unix shell: `shell 2`. */
  "shell",
  /** Makes a candidate real; `confirm`: until somebody confirms it. */
  "commit",
  "confirm",
  "discard",
  /** Takes something out of a candidate. */
  "delete",
] as const;

export interface Action {
  readonly is: (typeof ACTIONS)[number];
  readonly words: readonly string[];
}

/** One word of a pattern: alternatives, in lower case; `whole` are not abbreviated. */
export type Part =
  | { readonly is: "words"; readonly words: readonly string[]; readonly whole: readonly string[] }
  | { readonly is: "any" }
  | { readonly is: "range" }
  | { readonly is: "management" }
  | { readonly is: "gap" };

export interface Pattern {
  readonly parts: readonly Part[];
  readonly action: Action | undefined;
}

const SIGNS: Readonly<Record<string, Part>> = {
  "*": { is: "any" },
  "<range>": { is: "range" },
  "<management>": { is: "management" },
  "...": { is: "gap" },
};

/** @throws Error with a plain sentence for an action that does not exist. */
export function parsePattern(text: string): Pattern {
  // Long alternatives go over several rows of a file.
  const [words = "", action] = text.replace(/\s*\|\s*/g, "|").split("=>");
  const parts = words
    .trim()
    .split(/\s+/)
    .map((part): Part => SIGNS[part] ?? alternatives(part.toLowerCase().split("|")));
  return { parts, action: action === undefined ? undefined : parseAction(action.trim()) };
}

function alternatives(written: readonly string[]): Part {
  return {
    is: "words",
    words: written.filter((word) => !word.startsWith("=")),
    whole: written.filter((word) => word.startsWith("=")).map((word) => word.slice(1)),
  };
}

function parseAction(text: string): Action {
  const [is, ...words] = text.split(/\s+/);
  const known = ACTIONS.find((action) => action === is);
  if (known === undefined) throw new Error(`"${text}" is no action; known: ${ACTIONS.join(", ")}`);
  return { is: known, words };
}

/** A list or a span of ports, VLANs, members: `1-4`, `1/1-1/4`, `1,3`. */
export const RANGE = /\d\s*-\s*\d|\d,\s*[\w/]|^-$/;

/** The interfaces that vendors give to management. */
export const MANAGEMENT =
  /^(?:ma|mana\S*|mgmt\S*|meth\S*|m-\S+|oob\S*|oobm|(?:fxp|em|me|ma|re|m)\d\S*|vme\S*)$/;

/**
 * Does `word` abbreviate `literal`? The part before a hyphen is a word of its own: `route` is no `route-cache`.
 */
export function abbreviates(word: string, literal: string): boolean {
  return word !== "" && literal.startsWith(word) && literal[word.length] !== "-";
}

/** How a word of a line can be read as this part; `least`: characters that an abbreviation has at least. */
export function fits(part: Part, word: string, least = 1): string | undefined {
  if (part.is === "any") return word;
  if (part.is === "range") return RANGE.test(word) ? word : undefined;
  if (part.is === "management") return MANAGEMENT.test(word) ? word : undefined;
  if (part.is === "gap") return undefined;
  if (part.whole.includes(word)) return word;
  return part.words.find((one) => one === word || (word.length >= least && abbreviates(word, one)));
}

/**
 * Does the line begin with these parts? Words are in lower case. As in globs: what follows a gap is looked for from the left.
 */
export function matches(parts: readonly Part[], words: readonly string[], least = 1): boolean {
  let part = 0;
  let word = 0;
  let gap = -1;
  let tried = 0;
  while (part < parts.length) {
    const now = parts[part];
    const text = words[word];
    if (now?.is === "gap") {
      gap = part++;
      tried = word;
    } else if (now !== undefined && text !== undefined && fits(now, text, least) !== undefined) {
      part++;
      word++;
    } else if (gap >= 0 && tried < words.length) {
      part = gap + 1;
      word = ++tried;
    } else return false;
  }
  return true;
}
