import { parseTarget, type Target } from "../names.ts";
import type { SshOptions } from "./model.ts";

/** A mistake in one line; the reader adds file and line. */
export class LineProblem extends Error {}

type Setter = (options: SshOptions) => void;
interface Line {
  /** Everything after the keyword. */
  readonly rest: string;
  readonly args: readonly string[];
  /** `file:line`. */
  readonly at: string;
}
type Keyword = (line: Line) => Setter;

/** Takes the first value only, as ssh does. */
function first<K extends keyof SshOptions>(key: K, value: SshOptions[K]): Setter {
  return (options) => {
    if (options[key] === undefined) options[key] = value;
  };
}

function single(line: Line): string {
  const [value, ...extra] = line.args;
  if (value === undefined || value === "") throw new LineProblem("the argument is missing");
  if (extra.length > 0) throw new LineProblem("there are extra arguments at the end of the line");
  return value;
}

function text(key: "hostname" | "user" | "identityagent" | "hostkeyalias"): Keyword {
  return (line) => first(key, single(line));
}

function number(key: "serveralivecountmax"): Keyword {
  return (line) => {
    const value = single(line);
    if (!/^\d{1,9}$/.test(value)) throw new LineProblem(`"${value}" is not a number`);
    return first(key, Number(value));
  };
}

function choice<K extends keyof SshOptions>(key: K, values: ReadonlyMap<string, SshOptions[K]>): Keyword {
  return (line) => {
    const word = single(line).toLowerCase();
    const value = values.get(word);
    if (value === undefined)
      throw new LineProblem(`"${word}" is not one of ${[...values.keys()].join(", ")}`);
    return first(key, value);
  };
}

/** Seconds in sshd_config(5)'s time format: `90`, `1m30`, `2h`. */
export function parseTime(value: string): number | undefined {
  if (!/^(?:\d{1,9}[smhdw]?)+$/i.test(value)) return undefined;
  const unit: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  let total = 0;
  for (const [, amount, suffix] of value.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)) {
    total += Number(amount) * (unit[suffix ?? ""] ?? 1);
  }
  return total <= 2 ** 31 - 1 ? total : undefined;
}

/** `none` sets nothing, so that a later value still counts, as in readconf.c. */
function time(key: "connecttimeout" | "serveraliveinterval"): Keyword {
  return (line) => {
    const value = single(line);
    if (value === "none") return () => {};
    const seconds = parseTime(value);
    if (seconds === undefined) throw new LineProblem(`"${value}" is not a time such as 30 or 1m30s`);
    return first(key, seconds);
  };
}

function port(line: Line): Setter {
  const value = single(line);
  const number = value === "ssh" ? 22 : /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > 65_535) throw new LineProblem(`"${value}" is not a port (1-65535)`);
  return first("port", number);
}

/** Grows over all matching blocks; the same file counts once. */
function accumulate(key: "identityfile" | "certificatefile"): Keyword {
  return (line) => {
    const value = single(line);
    return (options) => {
      const list = options[key] ?? [];
      if (!list.includes(value)) list.push(value);
      options[key] = list;
    };
  };
}

function fileList(key: "userknownhostsfile" | "globalknownhostsfile"): Keyword {
  return (line) => {
    if (line.args.length === 0 || line.args.includes("")) throw new LineProblem("the argument is missing");
    if (line.args.length > 1 && line.args.some((arg) => arg.toLowerCase() === "none")) {
      throw new LineProblem('"none" cannot be combined with files');
    }
    return first(key, line.args);
  };
}

/** The first word counts, unquoted or not, up to a comment: what ssh 9.2 does with this keyword. */
function proxyJump(line: Line): Setter {
  const word = (/^[^\s#]*/.exec(line.rest)?.[0] ?? "").replaceAll('"', "");
  const hops: Target[] = [];
  if (word.toLowerCase() !== "none") {
    for (const hop of word.split(",")) {
      const target = parseTarget(hop);
      if (target === undefined)
        throw new LineProblem(`"${hop}" is not a jump host; write [user@]host[:port]`);
      hops.push(target);
    }
  }
  return (options) => {
    if (options.proxyjump !== undefined || options.proxycommand !== undefined) return;
    options.proxyjump = hops.length === 0 ? "none" : hops;
  };
}

/** Where nothing may be executed, it is remembered so that the host can be refused. */
function proxyCommand(line: Line): Setter {
  return (options) => {
    if (options.proxycommand !== undefined) return;
    if (options.proxyjump !== undefined && options.proxyjump !== "none") return;
    options.proxycommand = { value: line.rest.trim(), at: line.at };
  };
}

function knownHostsCommand(line: Line): Setter {
  return (options) => {
    options.knownhostscommand ??= { value: line.rest.trim(), at: line.at };
  };
}

function raw(
  key: "kexalgorithms" | "hostkeyalgorithms" | "pubkeyacceptedalgorithms" | "ciphers" | "macs",
): Keyword {
  return (line) => first(key, single(line));
}

const FLAG = new Map([
  ["yes", true],
  ["true", true],
  ["no", false],
  ["false", false],
]);
const STRICTNESS = new Map<string, NonNullable<SshOptions["stricthostkeychecking"]>>([
  ["yes", "yes"],
  ["true", "yes"],
  ["no", "no"],
  ["false", "no"],
  ["off", "no"],
  ["ask", "ask"],
  ["accept-new", "accept-new"],
]);

/** The keywords we take, by their lower-case name. `Host`, `Match` and `Include` are the reader's own. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ["hostname", text("hostname")],
  ["user", text("user")],
  ["port", port],
  ["identityfile", accumulate("identityfile")],
  ["certificatefile", accumulate("certificatefile")],
  ["identitiesonly", choice("identitiesonly", FLAG)],
  ["identityagent", text("identityagent")],
  ["proxyjump", proxyJump],
  ["proxycommand", proxyCommand],
  ["knownhostscommand", knownHostsCommand],
  ["userknownhostsfile", fileList("userknownhostsfile")],
  ["globalknownhostsfile", fileList("globalknownhostsfile")],
  ["stricthostkeychecking", choice("stricthostkeychecking", STRICTNESS)],
  ["hostkeyalias", text("hostkeyalias")],
  ["connecttimeout", time("connecttimeout")],
  ["serveraliveinterval", time("serveraliveinterval")],
  ["serveralivecountmax", number("serveralivecountmax")],
  ["kexalgorithms", raw("kexalgorithms")],
  ["hostkeyalgorithms", raw("hostkeyalgorithms")],
  ["pubkeyacceptedalgorithms", raw("pubkeyacceptedalgorithms")],
  ["pubkeyacceptedkeytypes", raw("pubkeyacceptedalgorithms")],
  ["ciphers", raw("ciphers")],
  ["macs", raw("macs")],
]);

/** Keywords that would change what a connection is, and that we leave aside: said in a note. */
export const LEFT_ASIDE: ReadonlyMap<string, string> = new Map([
  ["localcommand", "it is never executed"],
  ["remotecommand", "sessions open the login shell"],
  ["pkcs11provider", "no PKCS#11 library is loaded"],
  ["canonicalizehostname", "names are used as written"],
]);
