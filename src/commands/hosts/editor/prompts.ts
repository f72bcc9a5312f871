/** One row of a list to choose from. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Why a text is not taken; undefined: it is. */
export type Check = (text: string) => Promise<string | undefined>;

export interface TextQuestion {
  readonly initial?: string;
  /** Shown while nothing is typed. */
  readonly placeholder?: string;
  /** What it refuses is asked again with the reason, the typed text still there. */
  readonly check?: Check;
}

/** How the editor asks a person. Every question throws `Back` on Escape and `Left` on Ctrl-C. */
export interface Prompts {
  /** One of a list, which typed words narrow down. */
  search(question: string, choices: readonly Choice[], initial?: string): Promise<string>;
  /** One of a short list. */
  choose(question: string, choices: readonly Choice[], initial?: string): Promise<string>;
  /** At least one of a list. */
  several(question: string, choices: readonly Choice[]): Promise<readonly string[]>;
  text(question: string, how?: TextQuestion): Promise<string>;
  agree(question: string, initial: boolean): Promise<boolean>;
  /** Sentences, wrapped to the terminal. */
  say(text: string): void;
  /** Rows that stay as they are. */
  show(text: string): void;
  /** Leaves the terminal to work that prints by itself. Ctrl-C ends the editor, and the work with the process. */
  lend<T>(work: () => Promise<T>): Promise<T>;
}

/** One step back: to the menu that asked. */
export class Back extends Error {
  override readonly name = "Back";
}

/** The editor is left at once. */
export class Left extends Error {
  override readonly name = "Left";
}

/** What the step results in; undefined: it was stepped back from. */
export async function unlessBack<T>(step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Back) return undefined;
    throw error;
  }
}

/** Each word is part of the row, or its letters stand in the row's first word in their order. */
export function matches(search: string, label: string): boolean {
  const row = label.toLowerCase();
  const [name = ""] = row.split(/\s/);
  const words = search.toLowerCase().split(/\s+/);
  return words.every((word) => row.includes(word) || isWithin(word, name));
}

function isWithin(letters: string, text: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
