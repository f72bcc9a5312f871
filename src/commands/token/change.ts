import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { NOBODY, OF_VARIABLE, tokensFile } from "../../app/http-tokens.ts";
import type { Place } from "../../app/surroundings.ts";
import { locked } from "../../audit/lock.ts";
import { LEVELS } from "../../base/contract/policy.ts";
import { closeFirst } from "../../base/text.ts";
import { toolsetsIn } from "../../base/toolsets.ts";
import { newToken, PERSON_RIGHTS, readTokens, type TokenEntry, writeTokens } from "../../secrets/tokens.ts";
import { print } from "../stdout.ts";

export interface TokenAsked {
  readonly name: string;
  readonly file: string | undefined;
  readonly hosts: string | undefined;
  readonly toolsets: string | undefined;
  readonly level: string | undefined;
  readonly person: string | undefined;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

export async function addToken(place: Place, asked: TokenAsked): Promise<number> {
  const { name } = asked;
  if (!NAME.test(name))
    throw new Error(
      `"${name}" cannot be a token's name; use letters, digits, dot, dash and underscore, at most 64`,
    );
  if (name === OF_VARIABLE || name === NOBODY)
    throw new Error(`the name ${name} is the program's own; use another`);
  const { token, sha256 } = newToken();
  const entry = { name, sha256, created: new Date().toISOString().slice(0, 10), ...scopeOf(asked) };
  const file = changed(place, asked.file, (tokens) => {
    if (tokens.some((one) => one.name === name))
      throw new Error(`there is a token ${name} already; revoke it first, or use another name`);
    return [...tokens, entry];
  });
  print(`${token}\n`);
  process.stderr.write(
    `The token of ${name}: it is shown this once, and ${file} has its digest alone.\n` +
      (entry.person === undefined
        ? `A client sends it as the header  Authorization: Bearer TOKEN  to http://ADDRESS/mcp of ssh-mcp serve --http.\n`
        : `Its person signs in with it at http://ADDRESS/ui/ of ssh-mcp serve --http; no client is let in by it.\n`),
  );
  return 0;
}

export async function listTokens(place: Place, file: string | undefined): Promise<number> {
  const path = tokensFile(place, file);
  const tokens = readTokens(path);
  if (tokens.length === 0) {
    process.stderr.write(`There is no token in ${path}. ssh-mcp token add NAME makes one.\n`);
    return 0;
  }
  for (const { name, created, hosts, toolsets, level, person } of tokens)
    print(
      `${name}  since ${created}  hosts ${hosts?.join(",") ?? "all"}  toolsets ${toolsets === undefined ? "the server's" : toolsets.join(",") || "none"}  level ${level ?? "each host's"}${person === undefined ? "" : `  a person's, may ${person.join(",")}`}\n`,
    );
  return 0;
}

export async function revokeToken(place: Place, name: string, file: string | undefined): Promise<number> {
  const path = changed(place, file, (tokens) => {
    if (tokens.every((one) => one.name !== name)) {
      const names = closeFirst(
        name,
        tokens.map((one) => one.name),
      );
      throw new Error(
        `there is no token ${name}; there ${names.length === 0 ? "is none" : `are ${names.join(", ")}`}`,
      );
    }
    return tokens.filter((one) => one.name !== name);
  });
  process.stderr.write(`${name} is removed from ${path}; a running server ends what it had open.\n`);
  return 0;
}

/** Changes the file while nobody else does; its path. */
function changed(
  place: Place,
  named: string | undefined,
  change: (tokens: readonly TokenEntry[]) => readonly TokenEntry[],
): string {
  const file = tokensFile(place, named);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  locked(`${file}.lock`, () => writeTokens(file, change(readTokens(file))));
  return file;
}

function scopeOf({
  hosts,
  toolsets,
  level,
  person,
}: TokenAsked): Pick<TokenEntry, "hosts" | "toolsets" | "level" | "person"> {
  if (person !== undefined && (toolsets !== undefined || level !== undefined))
    throw new Error("--toolsets and --level are for programs; a person's token has --person and --hosts");
  const rights = person?.split(",").map((word) => {
    const right = PERSON_RIGHTS.find((one) => one === word.trim());
    if (right === undefined) throw new Error(`--person ${person}: it is ${PERSON_RIGHTS.join(", ")}`);
    return right;
  });
  const patterns = hosts?.split(",").map((one) => one.trim());
  if (patterns?.some((one) => one === "" || /[^\x21-\x7e]/.test(one)) === true)
    throw new Error(`--hosts ${hosts}: give names or patterns with * and ?, separated by commas`);
  const sets = toolsets === undefined ? undefined : toolsetsIn(toolsets);
  if (typeof sets === "string") throw new Error(`--toolsets: ${sets}`);
  const known = level === undefined ? undefined : LEVELS.find((one) => one === level);
  if (level !== undefined && known === undefined)
    throw new Error(`--level ${level}: it is ${LEVELS.join(", ")}`);
  return {
    ...(patterns === undefined ? {} : { hosts: patterns }),
    ...(sets === undefined ? {} : { toolsets: [...sets] }),
    ...(known === undefined ? {} : { level: known }),
    ...(rights === undefined ? {} : { person: rights }),
  };
}
