import { randomBytes } from "node:crypto";
import { SshMcpError } from "../base/errors.ts";
import { quoteWord } from "../base/shell-quote.ts";
import { visibleLine } from "../base/text.ts";

/** Where and with what a command is to be run. */
export interface ExecSetting {
  /** Relative: from the home directory; `~` and `~/…` are that directory. */
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** The line that is sent for a command. */
export interface ExecLine {
  readonly line: string;
  /** Printed on stderr, as a row of its own, where the directory could not be entered: then nothing was run. */
  readonly notEntered?: string;
}

/** The exit code with it. */
export const NOT_ENTERED_EXIT = 126;

/**
 * A command alone is sent as it is. With a directory or variables /bin/sh goes there first and hands the command to the login
 * shell: it is never run elsewhere, and the login shell needs to read nothing but quoted words, whichever it is.
 * `nonce`: makes the row unmistakable. @throws SshMcpError `invalid_argument`.
 */
export function execLine(command: string, { cwd, env = {} }: ExecSetting, nonce?: string): ExecLine {
  if (/\0/.test(command)) quoteWord(command);
  const variables = Object.entries(env).map(([name, value]) => `${nameOf(name)}=${value}`);
  if (cwd === undefined && variables.length === 0) return { line: command };
  const sent = (script: string, words: readonly string[]) =>
    ["exec /bin/sh -c", ...[script, "sh", ...words].map(quoteWord)].join(" ");
  const run = 'exec env "$@" "${SHELL:-/bin/sh}" -c "$c"';
  if (cwd === undefined) return { line: sent(`c=$1; shift; ${run}`, [command, ...variables]) };
  const notEntered = `ssh-mcp: directory not entered ${nonce ?? randomBytes(4).toString("hex")}`;
  const { test, directory } = placeOf(cwd);
  const script = `${test} || { echo "$2" >&2; exit ${NOT_ENTERED_EXIT}; }; c=$3; shift 3; ${run}`;
  return { line: sent(script, [directory, notEntered, command, ...variables]), notEntered };
}

/** `./` keeps `-`, options and CDPATH out of it. */
function placeOf(cwd: string): { readonly test: string; readonly directory: string } {
  if (cwd === "") throw invalid("cwd is empty");
  const [, user, rest = ""] = /^~([^/]*)(?:\/+(.*))?$/s.exec(cwd) ?? [];
  if (user === undefined) return { test: 'cd "$1"', directory: cwd.startsWith("/") ? cwd : `./${cwd}` };
  if (user !== "")
    throw invalid(`cwd: ~${visibleLine(user, 40)} is not expanded; a directory so named is ./~…`);
  return { test: '[ -n "$HOME" ] && cd "$HOME/$1"', directory: rest };
}

function nameOf(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw invalid(`env: ${JSON.stringify(visibleLine(name, 60))} is no name of a variable`);
}

function invalid(what: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `ssh_exec: ${what}; nothing was sent.`,
    'For example cwd: "/srv/app", env: {"LANG": "C"}.',
  );
}
