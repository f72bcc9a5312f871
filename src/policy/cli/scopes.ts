import { matches, type Part } from "./pattern.ts";

/** What a line says, and the parts of the mode it is in, outermost first. */
export interface Place {
  readonly words: readonly string[];
  readonly path: readonly (readonly string[])[];
}

/**
 * The same without what only says in which part of the device it is done: a VDOM around a menu, a logical system behind a verb.
 * Undefined: nothing of that is there.
 */
export function unscoped({ words, path }: Place, scopes: readonly (readonly Part[])[]): Place | undefined {
  const isScope = (given: readonly string[]) => scopes.find((parts) => matches(parts, given));
  const inside = path.findIndex((part) => isScope(part) === undefined);
  const [verb = "", ...rest] = words;
  const behind = withoutScope(rest, isScope);
  if ((inside === 0 || path.length === 0) && behind === rest) return undefined;
  return { words: [verb, ...behind], path: inside < 0 ? [] : path.slice(inside) };
}

function withoutScope(
  words: readonly string[],
  isScope: (given: readonly string[]) => readonly Part[] | undefined,
): readonly string[] {
  const scope = isScope(words);
  // With nothing behind it the scope itself is what is meant.
  return scope === undefined || scope.length >= words.length
    ? words
    : withoutScope(words.slice(scope.length), isScope);
}
