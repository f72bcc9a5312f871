import type { RouterOsConfig } from "./config.ts";
import { type Command, type Menu, namesIn } from "./menu.ts";
import { resolve } from "./resolve.ts";
import { TABLES } from "./schema.ts";
import { splitWords } from "./words.ts";

/** What Tab and help know of the word at the cursor. */
export interface Completion {
  /** As much of the word as stands there. */
  readonly partial: string;
  /** What it may become, each with what follows it. */
  readonly options: readonly Option[];
}

export interface Option {
  readonly name: string;
  readonly after: "/" | " " | "=";
  readonly help: string;
}

/** @param text the line up to the cursor */
export function completionsOf(text: string, path: string, config: RouterOsConfig): Completion {
  const start = Math.max(text.lastIndexOf(" "), text.lastIndexOf("/"), text.lastIndexOf("=")) + 1;
  const partial = text.slice(start);
  const before = text.slice(0, start);
  const options = optionsAfter(before, path, config).filter(({ name }) => name.startsWith(partial));
  return { partial, options };
}

/** The longest start that all options share. */
export function sharedStart(options: readonly Option[]): string {
  const [first, ...others] = options.map(({ name }) => name);
  if (first === undefined) return "";
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

/** Options in columns, read downwards, five blanks apart. */
export function listing(
  options: readonly Option[],
  width: number,
  paint: (option: Option) => string = ({ name }) => name,
): string[] {
  const single = options.reduce((sum, { name }) => sum + name.length + 5, 0) - 2;
  if (single <= width) return [`${options.map(paint).join("     ")}   `];
  const cell = Math.max(...options.map(({ name }) => name.length)) + 5;
  const across = Math.max(1, Math.floor(width / cell));
  const height = Math.ceil(options.length / across);
  return Array.from({ length: height }, (_, row) =>
    options
      .filter((_, index) => index % height === row)
      .map((option) => paint(option) + " ".repeat(cell - option.name.length))
      .join("")
      .trimEnd(),
  );
}

function optionsAfter(before: string, path: string, config: RouterOsConfig): Option[] {
  try {
    const resolved = resolve(splitWords(before), path);
    if (resolved.unknown !== undefined) return [];
    if (resolved.command === undefined) return menuOptions(resolved.menu);
    const value = /([\w-]+)=$/.exec(before)?.[1];
    return value === undefined
      ? argumentOptions(resolved.command)
      : valueOptions(value, resolved.path, config);
  } catch {
    return []; // Half-typed quotes and brackets.
  }
}

function menuOptions(menu: Menu): Option[] {
  return namesIn(menu).map((name) => {
    const below = menu.menus.find((candidate) => candidate.name === name);
    const command = menu.commands.find((candidate) => candidate.name === name);
    return { name, after: below === undefined ? " " : "/", help: (below ?? command)?.help ?? "" };
  });
}

function argumentOptions({ accepts }: Command): Option[] {
  const names = accepts.names.map((name): Option => ({ name, after: "=", help: "" }));
  const flags = accepts.flags.map((name): Option => ({ name, after: " ", help: "" }));
  const where: Option[] = accepts.where === true ? [{ name: "where", after: " ", help: "" }] : [];
  return [...names, ...flags, ...where].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function valueOptions(argument: string, path: string, config: RouterOsConfig): Option[] {
  const spec = Object.values(TABLES).find((table) => table.path === path);
  const type = spec?.fields.find(({ name }) => name === argument)?.type;
  const names =
    argument === "interface" || type?.kind === "interface"
      ? config.state.tables.interface.map(({ values }) => values.name ?? "")
      : type?.kind === "enum"
        ? type.of
        : type?.kind === "yes-no"
          ? ["no", "yes"]
          : [];
  return names.map((name) => ({ name, after: " ", help: "" }));
}
