import { isEntry } from "./entry-like.ts";
import type { KeyPath } from "./faults.ts";
import { platformMeant } from "./platform-meant.ts";
import { builtinIds } from "./platforms.ts";
import { parseDuration } from "./units.ts";

/** What to write in place of a value that does not fit; undefined: the rule says enough. Repeats no secret. */
export function valueMeant(path: KeyPath, value: unknown): string | undefined {
  const key = [...path].reverse().find((part) => typeof part === "string");
  const last = path.at(-1);
  const [first, name] = path;
  if (path.length === 1 && (first === "hosts" || first === "groups")) return sectionMeant(first, value);
  if (path.length === 2 && first === "hosts") return hostMeant(String(name), value);
  if (path.length === 2 && first === "groups" && Array.isArray(value))
    return `a group does not list its hosts; each host names its groups: \`groups: [${String(name)}]\``;
  if (typeof key !== "string") return undefined;
  if (typeof value === "string" && BOOLEANS.has(key) && value.toLowerCase() in SWITCHES)
    return `write \`${key}: ${SWITCHES[value.toLowerCase()]}\``;
  const meant = VALUES[key]?.(value, path);
  if (meant !== undefined) return meant;
  if (key.endsWith("_env"))
    return "write the variable's name alone, such as `password_env: WEB1_PASSWORD`; never the secret itself";
  if (key.endsWith("_command") && Array.isArray(value))
    return `write it as one line: \`${key}: pass show web1\``;
  if (LISTS.has(key) && typeof value === "string" && last === key)
    return `write a list: \`${key}: [${quoted(value)}]\``;
  if (SECONDS.has(key)) return durationMeant(key, value);
  return typeof value === "string" ? pathMeant(value) : undefined;
}

const BOOLEANS = new Set(["allow_adhoc", "exec", "legacy", "ssh_config"]);
const SWITCHES: Readonly<Record<string, string>> = {
  yes: "true",
  on: "true",
  true: "true",
  no: "false",
  off: "false",
  false: "false",
};
const LISTS = new Set(["tags", "deny_patterns", "only_keys", "kex", "cipher", "mac"]);
const SECONDS = new Set(["idle_timeout", "command_timeout", "connect", "keepalive", "idle", "command"]);
const METHODS: Readonly<Record<string, string>> = {
  publickey: "key",
  pubkey: "key",
  keys: "key",
  ssh_key: "key",
  sshkey: "key",
  ssh_agent: "agent",
  "ssh-agent": "agent",
  pass: "password",
  passwd: "password",
  "keyboard-interactive": "password",
  keyboard_interactive: "password",
};

type Meant = (value: unknown, path: KeyPath) => string | undefined;

const VALUES: Readonly<Record<string, Meant>> = {
  user: (value) =>
    typeof value === "number" ? `a name is text, so a number needs quotes: \`user: "${value}"\`` : undefined,
  host: addressMeant,
  port: (value) =>
    typeof value === "string" && /^\d{1,5}$/.test(value.trim())
      ? `write it without quotes: \`port: ${value.trim()}\``
      : undefined,
  auth: (value) => {
    if (typeof value !== "string")
      return Array.isArray(value) ? "each method is a mapping, such as `{method: agent}`" : undefined;
    const method = METHODS[value] ?? value;
    return ["key", "agent", "identity"].includes(method)
      ? `write \`auth: {method: ${method}}\``
      : "write `auth: {method: password, password_env: VARIABLE}` or `auth: {method: key}`";
  },
  platform: (value) =>
    typeof value === "string"
      ? `write \`platform: ${platformMeant(value, builtinIds()) ?? "auto"}\``
      : undefined,
  method: (value) =>
    typeof value === "string" && METHODS[value.toLowerCase()]
      ? `write \`method: ${METHODS[value.toLowerCase()]}\``
      : undefined,
  host_key: (value) =>
    value === false ||
    ["no", "off", "ignore", "none", "false", "disabled", "auto", "accept_new"].includes(
      String(value).toLowerCase(),
    )
      ? "the check cannot be switched off; `host_key: accept-new` takes the first key of a new host"
      : undefined,
  terminal: () => "write `terminal: {cols: 160, rows: 50}`",
  timeouts: () => "write `timeouts: {connect: 15s, command: 30s}`",
  limits: () => "write `limits: {sessions: 4}`",
  jump: (value) => (value === false || value === null ? "write `jump: none`" : undefined),
  groups: (value) =>
    typeof value === "string" && value.includes(",")
      ? `write a list: \`groups: [${value
          .split(",")
          .map((one) => one.trim())
          .join(", ")}]\``
      : undefined,
};

function sectionMeant(section: string, value: unknown): string | undefined {
  const one = section === "hosts" ? "web1: {host: 10.0.0.1}" : "production: {tags: [prod]}";
  if (!Array.isArray(value))
    return `each ${section === "hosts" ? "host" : "group"} has a line of its own below it: \`${one}\``;
  const [item] = value;
  const name =
    isEntry(item) && typeof item.name === "string" ? item.name : typeof item === "string" ? item : "web1";
  const shown = /^[\w.-]{1,40}$/.test(name) ? name : "web1";
  return `it is no list: write each name by itself, without a dash: \`${section === "hosts" ? `${shown}: {host: 10.0.0.1}` : one}\``;
}

function hostMeant(name: string, value: unknown): string | undefined {
  if (Array.isArray(value)) return `write it without dashes: \`${name}: {host: 10.0.0.1, user: jo}\``;
  if (typeof value !== "string")
    return `write \`${/^[\w.-]{1,40}$/.test(name) ? name : "web1"}: {host: 10.0.0.1}\``;
  const [, tight] = /^([a-z_]+):\D/.exec(value) ?? [];
  if (tight !== undefined) return `a blank is missing behind the colon: \`${tight}: …\``;
  return `an address alone is no entry; write \`${name}: {${addressFields(value) ?? "host: 10.0.0.1"}}\``;
}

function addressMeant(value: unknown): string | undefined {
  if (typeof value === "number") return `an address is text, so this needs quotes: \`host: "${value}"\``;
  if (typeof value !== "string") return undefined;
  if (/^[\d.a-f:]+\/\d+$/i.test(value))
    return `write the host's own address, without the prefix length: \`host: ${value.split("/")[0]}\``;
  if (value.includes(",")) return "one host has one address; write an entry for each";
  const fields = addressFields(value);
  return fields === undefined || fields === `host: ${value}` ? undefined : `write \`${fields}\``;
}

/** `host`, `port` and `user` of an address in which somebody wrote them together; undefined: it is none. */
function addressFields(text: string): string | undefined {
  const parts = /^(?:[a-z]+:\/\/)?(?:([^@\s/:]+)@)?(\[[0-9a-f:.]+\]|[^@\s:/[\]]+)(?::(\d{1,5}))?\/?$/i.exec(
    text.trim(),
  );
  if (parts === null) return undefined;
  const [, user, host = "", port] = parts;
  const address = host.replace(/^\[(.*)\]$/, "$1");
  const fields = [
    `host: ${quoted(address)}`,
    ...(port === undefined ? [] : [`port: ${Number(port)}`]),
    ...(user === undefined ? [] : [`user: ${user}`]),
  ];
  return fields.join(", ");
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:s|secs?|seconds?)$/, "s"],
  [/^(?:m|mins?|minutes?)$/, "m"],
  [/^(?:h|hrs?|hours?)$/, "h"],
  [/^(?:d|days?)$/, "d"],
  [/^(?:ms|millis|milliseconds?)$/, "ms"],
];

function durationMeant(key: string, value: unknown): string | undefined {
  if (value === false || value === "never" || value === "off" || value === "none")
    return `write \`${key}: 0\``;
  if (typeof value !== "string") return undefined;
  const [, amount, word = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(value.trim()) ?? [];
  const unit = WORDS.find(([pattern]) => pattern.test(word.toLowerCase()))?.[1];
  if (amount === undefined || unit === undefined) return undefined;
  const short = `${amount}${unit}`;
  return parseDuration(short) === undefined ? "at most 24 days; 0 means never" : `write \`${key}: ${short}\``;
}

function pathMeant(value: string): string | undefined {
  if (/^~[^/]/.test(value))
    return "only `~/` is your own home; write another one's as it is, such as /home/bob/.ssh/id_ed25519";
  if (/^\$|%\w+%/.test(value))
    return "variables are not replaced in paths; write the path as it is, `~/` for your home";
  return undefined;
}

function quoted(text: string): string {
  return /^[\w./~-]+$/.test(text) && !/^[\d.]+$/.test(text.replace(/^\d+\.\d+\.\d+\.\d+$/, ""))
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}
