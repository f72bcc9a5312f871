import { type Command, type Menu, menuAt, namesIn } from "./menu.ts";
import { LANGUAGE, ROOT } from "./menus.ts";
import { abbreviated, badCommand, type Word } from "./words.ts";

/** What the words of a line stand for, for running, colouring and completing it. */
export interface Resolved {
  /** The menu reached, and its path. */
  readonly menu: Menu;
  readonly path: string;
  /** Names on the way, in the order typed. */
  readonly steps: readonly Step[];
  readonly command: Command | undefined;
  /** What follows the command. */
  readonly rest: readonly Word[];
  /** The word that stands for nothing here. */
  readonly unknown: Word | undefined;
}

export interface Step extends Word {
  readonly kind: "menu" | "command";
}

/** Follows a line from the menu at `path`: `/ip/address/print`, `/ip address print`, `.. route`, `:put`. */
export function resolve(words: readonly Word[], path: string): Resolved {
  const steps: Step[] = [];
  let here = path;
  const first = words[0];
  if (first?.text.startsWith(":") === true) {
    const name: Word = { text: first.text.slice(1), column: first.column + 1 };
    const command = find(LANGUAGE, name.text) ?? find(ROOT.commands, name.text);
    if (command !== undefined) steps.push({ ...name, kind: "command" });
    return end(command, words.slice(1), command === undefined ? name : undefined);
  }
  for (const [index, word] of words.entries()) {
    if (index === 0 && word.text.startsWith("/")) here = "";
    for (const segment of segments(word)) {
      const menu = menuAt(ROOT, here) ?? ROOT;
      if (segment.text === "..") {
        here = here.slice(0, Math.max(0, here.lastIndexOf("/")));
        continue;
      }
      const name = abbreviated(segment.text, namesIn(menu));
      const command = menu.commands.find((candidate) => candidate.name === name);
      if (command !== undefined) {
        const isWhole = segment.column + segment.text.length === word.column + word.text.length;
        if (!isWhole) return end(undefined, [], segment);
        steps.push({ ...segment, kind: "command" });
        return end(command, words.slice(index + 1), undefined);
      }
      if (name === undefined) return end(undefined, words.slice(index + 1), segment);
      steps.push({ ...segment, kind: "menu" });
      here = `${here}/${name}`;
    }
  }
  return end(undefined, [], undefined);

  function end(command: Command | undefined, rest: readonly Word[], unknown: Word | undefined): Resolved {
    return { menu: menuAt(ROOT, here) ?? ROOT, path: here, steps, command, rest, unknown };
  }
}

/** @throws CommandError naming the word that stands for nothing */
export function resolveStrictly(words: readonly Word[], path: string): Resolved {
  const resolved = resolve(words, path);
  if (resolved.unknown !== undefined) throw badCommand(resolved.unknown);
  return resolved;
}

function find(commands: readonly Command[], text: string): Command | undefined {
  const name = abbreviated(
    text,
    commands.map((command) => command.name),
  );
  return commands.find((command) => command.name === name);
}

function segments(word: Word): Word[] {
  const found: Word[] = [];
  for (const match of word.text.matchAll(/[^/]+/g))
    found.push({ text: match[0], column: word.column + match.index });
  return found;
}
