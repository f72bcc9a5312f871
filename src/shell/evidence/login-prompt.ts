import { askedByText, looksLikePrompt } from "./rows.ts";

/** What may stand before the name in a prompt: punctuation, (environment), [time], a directory, `user@`. No sentence. */
const BEFORE = /^(?:[^\p{L}]|\([^()]*\)|\[[^[\]]*\]|(?<=^|\s)[~/][^\s]*\s|[\w.+-]+@)*$/u;
/** The prompt that bash has built in. */
const BUILT_IN = /^-?(?:ba)?sh-\d+\.\d+[$#]$/;
/** What a sentence has and a prompt has not. */
const SENTENCE = /[,;!?]/;

/** A user's or host's name as prompts show it: without its domain. */
export function promptNames(names: readonly string[]): string[] {
  const plain = names.flatMap((name) => {
    const user = name.replace(/^.*\\/, "").replace(/@.*$/, "");
    const label = /^[\d.:]+$|:/.test(name) ? [] : [user.replace(/\..*$/, ""), user];
    return label;
  });
  return [...new Set(plain)].filter((name) => name.length > 1);
}

/**
 * Is this row a prompt that names its user or host? More than punctuation: a question of a start-up file seldom has it.
 * `above`: the row before, for prompts of two rows; it counts where it names both.
 */
export function namesItsLogin(row: string, above: string, names: readonly string[]): boolean {
  const text = row.trimEnd();
  if (!looksLikePrompt(text, false) || askedByText(text) !== undefined) return false;
  if (BUILT_IN.test(text)) return true;
  if (holds(text, names)) return true;
  // The second row of such a prompt: an arrow, a corner, nothing that could be a question.
  if (/[\p{L}\p{N}]/u.test(text)) return false;
  return names.filter((name) => wordAt(above, name) >= 0).length > 1 && holds(above.trimEnd(), names);
}

function holds(text: string, names: readonly string[]): boolean {
  return names.some((name) => {
    const at = wordAt(text, name);
    return at >= 0 && BEFORE.test(text.slice(0, at)) && !SENTENCE.test(text.slice(at + name.length));
  });
}

/** Where a name stands as a word of its own; -1: nowhere. */
function wordAt(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + name.length] ?? " ";
    if (!/[\w.-]/.test(before) && !/[\w-]/.test(after)) return at;
  }
  return -1;
}
