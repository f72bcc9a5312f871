import { readdir, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { messageOf } from "../../base/errors.ts";
import { readRegularFile } from "../../base/regular-file.ts";
import { visibleLine } from "../../base/text.ts";
import { matchesWildcards } from "../../base/wildcards.ts";
import { distrust } from "../../secrets/permissions.ts";
import { KEYWORDS, LEFT_ASIDE, LineProblem } from "./keywords.ts";
import type { Criterion, Directive, SshConfig } from "./model.ts";
import { isLiteral } from "./pattern.ts";
import { nextWord, splitArguments } from "./words.ts";

/** readconf.c READCONF_MAX_DEPTH. */
const MAX_DEPTH = 16;
const MAX_FILE_BYTES = 1024 * 1024;
/** Over all files: an Include that names the same files again and again must end. */
const MAX_FILES = 256;

/**
 * Reads `path` and all it includes. A missing file is an empty configuration. Nothing is executed here; `exec`: commands in
 * it may be executed later, so nobody else may be able to put a file in the place of one of these.
 */
export async function readSshConfig(path: string, home: string, exec = false): Promise<SshConfig> {
  const reader = new Reader(home, exec);
  const directives = (await reader.file(path, 0)) ?? [];
  return {
    directives,
    exec,
    aliases: [...reader.aliases],
    notes: [...reader.notes],
    problems: [...reader.problems],
  };
}

class Reader {
  readonly aliases = new Set<string>();
  readonly notes = new Set<string>();
  readonly problems = new Set<string>();
  readonly #home: string;
  readonly #exec: boolean;
  #files = 0;

  constructor(home: string, exec: boolean) {
    this.#home = home;
    this.#exec = exec;
  }

  /** Undefined when the file does not exist. */
  async file(path: string, depth: number): Promise<readonly Directive[] | undefined> {
    if (depth > MAX_DEPTH || ++this.#files > MAX_FILES) {
      this.problems.add(`${path}: too many nested Include lines`);
      return [];
    }
    const text = await this.#text(path);
    if (text === undefined) return undefined;
    const directives: Directive[] = [];
    for (const [index, line] of text.split("\n").entries()) {
      const at = `${path}:${index + 1}`;
      try {
        const directive = await this.#line(line, at, depth);
        if (directive !== undefined) directives.push(directive);
      } catch (error) {
        if (!(error instanceof LineProblem)) throw error;
        this.problems.add(`${at}: ${visibleLine(error.message)}`);
      }
    }
    return directives;
  }

  async #text(path: string): Promise<string | undefined> {
    try {
      const bytes = await readRegularFile(path, MAX_FILE_BYTES, (stats) => {
        const fault = distrust(path, stats, "write");
        if (fault !== undefined)
          throw new Error(fault.fix === undefined ? fault.reason : `${fault.reason}; run: ${fault.fix}`);
      });
      if (this.#exec) await assertOwnFolder(path);
      return bytes.toString("utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      this.problems.add(`${path}: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #line(line: string, at: string, depth: number): Promise<Directive | undefined> {
    const body = line.replace(/[ \t\r\n\f]+$/, "").replace(/^[ \t\r\n]+/, "");
    if (body === "" || body.startsWith("#")) return undefined;
    const head = nextWord(body);
    if (head === undefined) throw new LineProblem("a quote is not closed");
    const keyword = head.word.toLowerCase();
    const rest = head.rest ?? "";
    if (rest === "") throw new LineProblem(`${keyword} has no argument`);
    const args = splitArguments(rest);
    if (args === undefined) throw new LineProblem("a quote is not closed");

    if (keyword === "host") return this.#host(args);
    if (keyword === "match") return this.#match(rest, at);
    if (keyword === "include") return this.#include(args, depth);
    const reason = LEFT_ASIDE.get(keyword);
    if (keyword === "knownhostscommand" && !this.#exec && args[0]?.toLowerCase() !== "none")
      this.notes.add(
        `${at}: ${head.word} is ignored: it is not executed (settings.ssh_config: {exec: true}).`,
      );
    const inert = ["none", "no", "false"].includes(args[0]?.toLowerCase() ?? "");
    if (reason !== undefined && !inert) this.notes.add(`${at}: ${head.word} is ignored: ${reason}.`);
    const apply = KEYWORDS.get(keyword)?.({ rest, args, at });
    if (
      keyword === "stricthostkeychecking" &&
      ["no", "false", "off"].includes(args[0]?.toLowerCase() ?? "")
    ) {
      this.notes.add(
        `${at}: StrictHostKeyChecking ${args[0]} is treated as strict; accept-new is the widest choice.`,
      );
    }
    return apply === undefined ? undefined : { kind: "set", apply };
  }

  #host(patterns: readonly string[]): Directive {
    if (patterns.includes("")) throw new LineProblem("a Host pattern is empty");
    for (const pattern of patterns) if (isLiteral(pattern)) this.aliases.add(pattern);
    return { kind: "host", patterns };
  }

  #match(text: string, at: string): Directive {
    const criteria: Criterion[] = [];
    let rest: string | undefined = text;
    while (rest !== undefined && rest !== "" && !rest.startsWith("#")) {
      const head = nextWord(rest);
      if (head === undefined) throw new LineProblem("a quote is not closed");
      rest = head.rest;
      const negated = head.word.startsWith("!");
      const kind = head.word.replace(/^!/, "").toLowerCase();
      if (kind === "all") {
        if (criteria.length > 1 || (rest !== undefined && rest !== "" && !rest.startsWith("#"))) {
          throw new LineProblem('Match "all" cannot be combined with other criteria');
        }
        criteria.push({ kind, negated });
        continue;
      }
      if (kind === "final" || kind === "canonical") {
        this.#neverMatches(head.word, at);
        criteria.push({ kind: "never", what: kind, at });
        continue;
      }
      const argument: ReturnType<typeof nextWord> = rest === undefined ? undefined : nextWord(rest);
      if (argument === undefined || argument.word === "" || argument.word.startsWith("#")) {
        throw new LineProblem(`Match ${kind} has no argument`);
      }
      rest = argument.rest;
      if (kind === "exec") {
        if (!this.#exec) this.#neverMatches(head.word, at);
        criteria.push({ kind, negated, command: argument.word, at });
      } else if (kind === "host" || kind === "originalhost" || kind === "user") {
        criteria.push({ kind, negated, list: argument.word });
        if (kind === "originalhost" && !negated) {
          for (const name of argument.word.split(",")) if (isLiteral(name)) this.aliases.add(name);
        }
      } else {
        this.#neverMatches(head.word, at);
        criteria.push({ kind: "never", what: visibleLine(kind, 40), at });
      }
    }
    if (criteria.length === 0) throw new LineProblem("Match has no criteria");
    return { kind: "match", criteria };
  }

  #neverMatches(criterion: string, at: string): void {
    this.notes.add(
      `${at}: this Match block never applies here: "${visibleLine(criterion, 40)}" is not evaluated.`,
    );
  }

  async #include(args: readonly string[], depth: number): Promise<Directive> {
    const files: (readonly Directive[])[] = [];
    for (const arg of args) {
      if (arg === "") throw new LineProblem("an Include path is empty");
      if (/^~[^/]/.test(arg)) throw new LineProblem("Include knows ~/ but no ~user/");
      const path = arg.startsWith("~/")
        ? join(this.#home, arg.slice(2))
        : isAbsolute(arg)
          ? arg
          : join(this.#home, ".ssh", arg);
      for (const match of await expandGlob(path)) {
        const directives = await this.file(match, depth + 1);
        if (directives !== undefined) files.push(directives);
      }
    }
    return { kind: "include", files };
  }
}

/** Whoever may write the folder may put another file in its place. */
async function assertOwnFolder(path: string): Promise<void> {
  const folder = dirname(path);
  const stats = await stat(folder);
  const sticky = (stats.mode & 0o1000) !== 0;
  const fault = sticky ? undefined : distrust(folder, stats, "write");
  if (fault === undefined) return;
  const fix = fault.fix === undefined ? "" : `; run: ${fault.fix}`;
  throw new Error(`its folder ${fault.reason}, and its commands are to be executed${fix}`);
}

/** glob(3) for `*`, `?` and `[…]` in any component; sorted; hidden names only when asked for by a leading dot. */
export async function expandGlob(path: string): Promise<string[]> {
  if (!/[*?[]/.test(path)) return [path];
  const parent = dirname(path);
  const pattern = basename(path);
  const found: string[] = [];
  for (const folder of await expandGlob(parent)) {
    if (!/[*?[]/.test(pattern)) {
      found.push(join(folder, pattern));
      continue;
    }
    const names = await readdir(folder).catch(() => []);
    for (const name of names.sort()) {
      if (name.startsWith(".") && !pattern.startsWith(".")) continue;
      if (matchesGlob(name, pattern)) found.push(join(folder, name));
    }
  }
  return found;
}

function matchesGlob(name: string, pattern: string): boolean {
  if (!pattern.includes("[")) return matchesWildcards(name, pattern);
  const source = pattern.replace(/\[([!^]?)([^\]/]+)\]|[*?]|[\\^$.*+?()[\]{}|]/g, (token, not, set) => {
    if (token === "*") return ".*";
    if (token === "?") return ".";
    if (set === undefined) return `\\${token}`;
    return `[${not === "" ? "" : "^"}${String(set).replace(/[\\\]^]/g, "\\$&")}]`;
  });
  return name.length <= 255 && new RegExp(`^${source}$`, "s").test(name);
}
