import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { SshMcpError } from "../../base/errors.ts";

/** Values by token letter. */
export type Tokens = Readonly<Record<string, string>>;

/** The tokens of ssh_config(5) that file names may use. */
export function fileTokens(facts: {
  readonly home: string;
  readonly host: string;
  readonly alias: string;
  readonly keyAlias?: string;
  readonly port: number;
  readonly user: string;
  readonly localUser: string;
}): Tokens {
  const local = hostname();
  const hash = createHash("sha1").update(`${local}${facts.host}${facts.port}${facts.user}`).digest("hex");
  return {
    C: hash,
    d: facts.home,
    h: facts.host,
    i: String(process.getuid?.() ?? 0),
    k: facts.keyAlias ?? facts.alias,
    L: local.split(".")[0] ?? local,
    l: local,
    n: facts.alias,
    p: String(facts.port),
    r: facts.user,
    u: facts.localUser,
  };
}

/** Replaces `%x` by its value and `%%` by a percent sign. @throws SshMcpError for a token that has no meaning there. */
export function expandTokens(text: string, tokens: Tokens): string {
  return text.replace(/%([\s\S]?)/g, (token, letter: string) => {
    if (letter === "%") return "%";
    const value = Object.hasOwn(tokens, letter) ? tokens[letter] : undefined;
    if (value !== undefined) return value;
    throw new SshMcpError(
      "inventory_invalid",
      `The token "${token}" in the ssh configuration has no meaning there.`,
      `Use one of ${["%", ...Object.keys(tokens)].map((name) => `%${name}`).join(" ")}.`,
    );
  });
}

/** A file name as ssh reads it: `~/`, `%` tokens and `${VARIABLE}`, in one pass over tokens and variables. */
export function expandPath(path: string, home: string, tokens: Tokens, env: NodeJS.ProcessEnv): string {
  if (/^~[^/]/.test(path)) {
    throw new SshMcpError(
      "inventory_invalid",
      `"${path}" in the ssh configuration names another user's home.`,
      "Write the path in full.",
    );
  }
  const absolute = path === "~" ? home : path.startsWith("~/") ? join(home, path.slice(2)) : path;
  let out = "";
  for (const part of absolute.split(/(\$\{\w+\})/)) {
    const name = /^\$\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      out += expandTokens(part, tokens);
      continue;
    }
    const value = env[name];
    if (value === undefined) {
      throw new SshMcpError(
        "inventory_invalid",
        `The ssh configuration uses the environment variable ${name}, which is not set.`,
        `Set ${name}, or write the path in full.`,
      );
    }
    out += value;
  }
  return out;
}
