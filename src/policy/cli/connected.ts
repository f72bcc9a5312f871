/** What the session itself depends on: addresses, interfaces, users. */
export interface CliFacts {
  readonly connectedThrough?: readonly string[];
}

/** Which of what the session depends on these words name; undefined: nothing. */
export function dependsOn(words: readonly string[], facts: CliFacts | undefined): string | undefined {
  const named = words
    .flatMap((word, at) => [word, `${word}${words[at + 1] ?? ""}`])
    .map((word) => word.toLowerCase());
  return facts?.connectedThrough?.find((one) => named.some((word) => isSame(word, one.toLowerCase())));
}

/** `gi0/1` is `gigabitethernet0/1`, and ge-0/0/0 holds ge-0/0/0.0; `10.0.0.1/24` is 10.0.0.1. */
function isSame(word: string, one: string): boolean {
  if (one === "" || word === "") return false;
  if (word === one || one.startsWith(`${word}.`) || word.split("/")[0] === one)
    return !/^\d{1,3}$/.test(word);
  const [, kind, place] = NAME.exec(word) ?? [];
  const [, otherKind, otherPlace] = NAME.exec(one) ?? [];
  if (kind === undefined || otherKind === undefined || place === undefined || otherPlace === undefined)
    return false;
  const samePlace = place === otherPlace || otherPlace.startsWith(`${place}.`);
  return samePlace && (kind.startsWith(otherKind) || otherKind.startsWith(kind));
}

const NAME = /^([a-z][a-z-]*?)-?(\d[\d/.:]*)$/;
