import type { Accepts } from "./arguments.ts";
import type { CommandContext, Reply } from "./reply.ts";
import type { Word } from "./words.ts";

export interface Command {
  readonly name: string;
  readonly help: string;
  readonly accepts: Accepts;
  run(words: readonly Word[], context: CommandContext): Reply;
}

export interface Menu {
  readonly name: string;
  readonly help: string;
  readonly menus: readonly Menu[];
  readonly commands: readonly Command[];
}

/** Names a menu answers to, sorted as a listing shows them. */
export function namesIn(menu: Menu): string[] {
  return [...menu.menus, ...menu.commands].map(({ name }) => name).sort();
}

/** The menu at an absolute path of whole names. */
export function menuAt(root: Menu, path: string): Menu | undefined {
  let menu: Menu | undefined = root;
  for (const name of path.split("/").filter((part) => part !== ""))
    menu = menu?.menus.find((candidate) => candidate.name === name);
  return menu;
}
