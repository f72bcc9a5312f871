/** What a file can be checked as. */
export const KINDS = [
  "json",
  "jsonc",
  "jsonl",
  "yaml",
  "toml",
  "xml",
  "ini",
  "dotenv",
  "dockerfile",
  "nginx",
  "systemd",
] as const;

export type Kind = (typeof KINDS)[number];

/** What is wrong at one place; lines and columns count from 1. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Faults that are told of one file. */
export const MOST_FAULTS = 5;

/** Gives the first faults of a text, at most one more than are told. */
export type Check = (text: string) => readonly Fault[] | Promise<readonly Fault[]>;

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  json: "JSON",
  jsonc: "JSON with comments",
  jsonl: "JSON lines",
  yaml: "YAML",
  toml: "TOML",
  xml: "XML",
  ini: "INI",
  dotenv: "dotenv",
  dockerfile: "Dockerfile",
  nginx: "nginx-like configuration",
  systemd: "systemd unit",
};

/** Place of a character, as editors count it. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - start + 1 };
}

/** Lines without their ends, each with its number. */
export function numberedLines(text: string): { readonly row: string; readonly line: number }[] {
  const ends = text.includes("\n") ? /\r?\n/ : /\r/;
  return text.split(ends).map((row, index) => ({ row, line: index + 1 }));
}
