import { type Sh, sh } from "../sh.ts";
import type { Dialect, Place } from "./order.ts";

/** Looks that a server does not flag as readonly, since they touch no key; none shows a secret. */
const LOOKS: ReadonlySet<string> = new Set([
  ...["ping", "echo", "info", "time", "role", "lastsave"],
  ...["client|list", "client|info", "slowlog|get", "slowlog|len", "memory|stats", "memory|doctor"],
]);
/** Scripts, which are the caller's own programs, whatever a server flags them as. */
const SCRIPTS = /^(?:eval|evalsha|fcall|script|function)/;

export const redis: Dialect = {
  clients: ["redis-cli", "valkey-cli"],
  variable: "REDISCLI_AUTH",
  refuses({ text, write, own = false, place }) {
    if (place.database !== undefined && !/^\d{1,5}$/.test(place.database))
      return "a database of redis is a number";
    if (own) return undefined;
    const words = wordsOf(text);
    if (words === undefined)
      return 'a quote in it is not closed, something follows one directly, or an escape is none of \\n \\r \\t \\" \\\\';
    const [first = ""] = words;
    if (!/^[A-Za-z][\w.-]*$/.test(first)) return "it does not begin with the name of a command";
    if (!write && SCRIPTS.test(first.toLowerCase())) return "scripts are not for reading";
    return undefined;
  },
  client(order) {
    const { place, text, write, own = false, rows } = order;
    const options = words(place);
    const command = wordsOf(text) ?? [];
    const run = (line: readonly string[]): Sh => sh`"$c" ${options} --no-raw ${line}`;
    if (own && text.startsWith("scan-keys")) return keys(run, text.slice("scan-keys ".length), rows);
    const [name = "", sub = ""] = command.map((word) => word.toLowerCase());
    if (write || own || LOOKS.has(name) || LOOKS.has(`${name}|${sub}`)) return bounded(run(command), rows);
    // The server says of each of its commands whether it reads alone: of the command with its second word first (Redis 7).
    const asks = (what: string) =>
      sh`"$c" ${options} --raw command info ${what} | awk 'NR == 1 { a = $0 } NR > 2 && /^-?[0-9]+$/ { exit } NR > 2 && $0 == "readonly" { r = 1 } END { print (NR < 3 ? "none " a : r ? "yes" : "no") }'`;
    const none = `the server does not say of ${name} that it only reads, so nothing was run`;
    return sh`f=$(${asks(`${name}|${sub}`)}); case $f in none*) f=$(${asks(name)});; esac; case $f in yes) ${bounded(run(command), rows)};; 'none '?*) echo "\${f#none }" >&2; exit 3;; *) echo ${none} >&2; exit 3;; esac`;
  },
  printed(text, { rows }) {
    const lines = text === "" ? [] : text.split("\n");
    return {
      tables: [{ columns: ["reply"], rows: lines.slice(0, rows + 1).map((line) => [line]) }],
      lines: [],
    };
  },
  /** Its client ends well with an error of the server's; a text in quotes is no such. */
  failed: (text) => /^\(error\) |^AUTH failed/.test(text),
  list: "info keyspace",
  schema: (table) => `scan-keys ${table ?? ""}`,
};

/** Its exit code is 0 also where the server answered with an error. */
function bounded(run: Sh, rows: number): Sh {
  return sh`${run} | head -n ${rows + 1}`;
}

/** Of one key its type, size and time to live; without one, the first that the server comes upon. */
function keys(run: (line: readonly string[]) => Sh, key: string, rows: number): Sh {
  if (key === "")
    return sh`${run(["dbsize"])}; ${run(["info", "keyspace"])}; ${bounded(run(["scan", "0", "count", String(rows)]), rows)}`;
  const facts: readonly (readonly string[])[] = [
    ["type", key],
    ["ttl", key],
    ["object", "encoding", key],
    ["memory", "usage", key],
  ];
  const [first, ...rest] = facts.map((line) => sh`printf '%s ' ${line.slice(0, -1).join(" ")}; ${run(line)}`);
  return rest.reduce((all, one) => sh`${all}; ${one}`, first ?? sh`:`);
}

function words({ user, port, socket, database }: Place): readonly string[] {
  return [
    ...(user === undefined ? [] : ["--user", user]),
    ...(socket === undefined ? [] : ["-s", socket]),
    ...(port === undefined || socket !== undefined ? [] : ["-h", "127.0.0.1", "-p", String(port)]),
    ...(database === undefined ? [] : ["-n", database]),
  ];
}

/**
 * The words of a command: blanks part them, quotes hold them together; within double quotes a backslash escapes. Undefined: it
 * is not written like that. Bytes that are no text (`\x00`) are in no argument.
 */
export function wordsOf(text: string): readonly string[] | undefined {
  const found: string[] = [];
  const word = /\s*(?:"((?:[^"\\]|\\[nrt"\\])*)"|'([^']*)'|([^\s"']+))(?=\s|$)/sy;
  const trimmed = text.trim();
  while (word.lastIndex < trimmed.length) {
    const match = word.exec(trimmed);
    if (match === null) return undefined;
    const [, double, single, bare] = match;
    found.push(double === undefined ? (single ?? bare ?? "") : double.replace(/\\(.)/gs, escaped));
  }
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function escaped(_: string, char: string): string {
  return ESCAPES[char] ?? char;
}
