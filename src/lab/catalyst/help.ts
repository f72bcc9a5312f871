import { type Failure, keywordsLike, type Node, walk } from "./grammar.ts";
import { HELP } from "./help-texts.ts";
import { tokens } from "./tokens.ts";

const GAP = 2;

/** What `?` says after `line`: rows, or why there is none. */
export function help<R>(trees: readonly Node<R>[], line: string, width: number, intro: string): string[] {
  const words = tokens(line);
  const isPartial = words.length > 0 && !/\s$/.test(line);
  const partial = isPartial ? words.pop() : undefined;
  let failure: Failure | undefined;
  const places: Node<R>[] = [];
  for (const tree of trees) {
    const place = walk(tree, words, line);
    if (place.kind !== "matched") failure ??= place;
    else if (place.pipe.length === 0) places.push(place.node);
  }
  if (places.length === 0)
    return failure?.kind === "ambiguous" ? [`% Ambiguous command:  "${line}"`] : ["% Unrecognized command"];
  // Commands of a mode first; the global ones come along only where a word could begin.
  const shown = words.length === 0 ? places : places.slice(0, 1);
  if (partial !== undefined) return wordHelp(shown, partial.text, width);
  return [...(words.length === 0 && intro !== "" ? [intro] : []), ...listHelp(shown[0]), ""];
}

/** `co?`: the words side by side. */
function wordHelp<R>(places: readonly Node<R>[], text: string, width: number): string[] {
  const found = new Set(
    places.flatMap((place) => [...place.keywords.keys()].filter((word) => word.startsWith(text.toLowerCase()))),
  );
  const place = places[0];
  if (found.size === 0) return place?.values.length ? [...listHelp(place), ""] : ["% Unrecognized command"];
  const column = Math.max(...[...found].map((word) => word.length)) + GAP;
  const perRow = Math.max(1, Math.floor((width || 80) / column));
  const sorted = [...found].sort();
  const rows: string[] = [];
  for (let from = 0; from < sorted.length; from += perRow)
    rows.push(
      sorted
        .slice(from, from + perRow)
        .map((word) => word.padEnd(column))
        .join(""),
    );
  return [...rows, ""];
}

function listHelp<R>(place: Node<R> | undefined): string[] {
  if (place === undefined) return [];
  const entries: (readonly [string, string])[] = [...place.keywords]
    .map(([word, next]) => [word, HELP[next.path] ?? HELP[word] ?? ""] as const)
    .sort(([one], [two]) => one.localeCompare(two));
  for (const { kind, next } of place.values)
    for (const [form, text] of kind.forms) entries.push([form, HELP[next.path] ?? text]);
  if (place.run !== undefined && place.path.startsWith("show")) entries.push(["|", "Output modifiers"]);
  if (place.run !== undefined) entries.push(["<cr>", ""]);
  const column = Math.max(...entries.map(([word]) => word.length));
  return entries.map(([word, text]) => `  ${word.padEnd(column)}  ${text}`.trimEnd());
}

/** The line with its last word completed, a blank after it; undefined when there is not exactly one way to. */
export function complete<R>(trees: readonly Node<R>[], line: string): string | undefined {
  const words = tokens(line);
  const last = words.pop();
  if (last === undefined || /\s$/.test(line)) return undefined;
  for (const tree of trees) {
    const place = walk(tree, words, line);
    if (place.kind !== "matched") continue;
    const found = keywordsLike(place.node, last.text);
    const [only] = found;
    if (only !== undefined && found.length === 1) return `${line.slice(0, last.at)}${only.word} `;
    if (found.length > 1) return undefined;
  }
  return undefined;
}
