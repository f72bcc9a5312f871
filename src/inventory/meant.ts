import { nearest } from "../base/text.ts";
import type { KeyPath } from "./faults.ts";
import { builtinIds } from "./platforms.ts";
import { parseDuration } from "./units.ts";

/** What stands at a place of the file; each has keys of its own. */
type Place = "file" | "settings" | "group" | "host" | "auth" | "other";

/** Keys of other tools and everyday words, without case and separators, and what is written here instead. */
const HOST_WORDS: Readonly<Record<string, string>> = {
  ...sayAll(
    "ip ipaddress ipaddr addr address hostname fqdn server mgmtip ansiblehost ansiblesshhost sshhost",
    "host: 10.0.0.1",
  ),
  ...sayAll("username login account remoteuser ansibleuser ansiblesshuser sshuser", "user: jo"),
  ...sayAll("sshport ansibleport ansiblesshport", "port: 22"),
  ...sayAll(
    "devicetype type os vendor driver nos kind networkos ansiblenetworkos networkdriver",
    "platform: cisco_ios",
  ),
  ...sayAll("jumphost jumphosts jumpserver proxyjump proxyhost proxy bastion via gateway", "jump: bastion"),
  ...sayAll("tag label labels", "tags: [prod]"),
  ...sayAll("desc comment note notes", "description: Main web server"),
  ...sayAll("group role roles", "groups: [production]"),
  ...sayAll(
    "key keyfile keypath identity identityfile sshkey sshkeyfile privatekey privatekeyfile privatekeypath pem ansiblesshprivatekeyfile",
    "auth: {method: key, key_path: ~/.ssh/id_ed25519}",
  ),
  ...sayAll("agent useagent forwardagent", "auth: {method: agent}"),
  ...sayAll(
    "hostkeychecking stricthostkeychecking hostkeypolicy fingerprint knownhosts userknownhostsfile",
    "host_key: strict, accept-new, or SHA256:…",
  ),
  ...sayAll("timeout connecttimeout conntimeout", "timeouts: {connect: 15s}"),
  ...sayAll("commandtimeout readtimeout", "timeouts: {command: 30s}"),
  ...sayAll("idletimeout sessiontimeout", "timeouts: {idle: 30m}"),
  ...sayAll("keepalive keepaliveinterval serveraliveinterval", "timeouts: {keepalive: 30s}"),
  ...sayAll("maxsessions", "limits: {sessions: 4}"),
  ...sayAll(
    "kexalgorithms ciphers macs hostkeyalgorithms",
    "legacy: {kex: […], cipher: […], mac: […], host_key: […]}",
  ),
  ...sayAll("cols columns rows term", "terminal: {cols: 160, rows: 50}"),
  ...sayAll("prompt promptpattern", "prompt_regex: '^\\S+ ready> ?$'"),
  ...sayAll("denypattern blocked blacklist deny", "deny_patterns: [PATTERN]"),
  ...sayAll(
    "connectionoptions data extras vars variables globaldelaymanfactor",
    "nothing: there is no such setting",
  ),
};

const AUTH_WORDS: Readonly<Record<string, string>> = {
  ...sayAll(
    "keyfile path file identityfile identity privatekey sshkey keyfilename",
    "key_path: ~/.ssh/id_ed25519",
  ),
  ...sayAll("type kind by", "method: key"),
  ...sayAll("env passwordvariable", "password_env: VARIABLE"),
  ...sayAll("command", "password_command: COMMAND"),
  ...sayAll("user username", "user: NAME beside auth, not in it"),
};

const SETTING_WORDS: Readonly<Record<string, string>> = {
  ...sayAll("timeout", "command_timeout: 30s"),
  ...sayAll("audit auditfile log logfile", "audit_log: FILE"),
  ...sayAll("denypattern blacklist deny", "deny_patterns: [PATTERN]"),
  ...sayAll("adhoc", "allow_adhoc: true"),
  ...sayAll("sshconfigfile", "ssh_config: FILE"),
  ...sayAll("profiles devices", "devices_dir: FOLDER"),
};

const TOP_WORDS: Readonly<Record<string, string>> = {
  ...sayAll("inventory servers devices machines nodes targets connections", "hosts:"),
  ...sayAll("group", "groups:"),
  ...sayAll("default global", "defaults:"),
  ...sayAll("setting config options", "settings:"),
};

function sayAll(words: string, instead: string): Record<string, string> {
  return Object.fromEntries(words.split(" ").map((word) => [word, instead]));
}

const SECRET_REF = /^(password|passphrase|otp)_(env|file|command)$/;
const SETTINGS = [
  "idle_timeout",
  "command_timeout",
  "audit_log",
  "allow_adhoc",
  "ssh_config",
  "max_sessions",
  "devices_dir",
];
const ENTRY_KEYS = [
  "host",
  "hostname",
  "ip",
  "user",
  "username",
  "port",
  "platform",
  "auth",
  "jump",
  "groups",
  "device_type",
];

/** What somebody probably meant by a key that this place of the file does not have; undefined: nothing that is known. */
export function keyMeant(path: KeyPath, key: string, value: unknown): string | undefined {
  const word = key.toLowerCase().replace(/[^a-z0-9]/g, "");
  const place = placeOf(path);
  if (key === "<<")
    return "merge keys are not part of YAML 1.2; what several hosts share goes into a group: `groups: [NAME]`";
  if (/^[\w.-]+:./.test(key)) return `a blank is missing behind the colon: \`${key.split(":")[0]}: …\``;
  switch (place) {
    case "file":
      if (SETTINGS.includes(key)) return `it belongs below settings: \`settings: {${key}: …}\``;
      if (isEntry(value)) return `hosts are listed below hosts: \`hosts: {${key}: {host: ADDRESS}}\``;
      return written(TOP_WORDS[word]);
    case "settings":
      if (word in SETTING_WORDS) return written(SETTING_WORDS[word]);
      return word in HOST_WORDS || ENTRY_KEYS.includes(key)
        ? "it belongs to a host, a group, or to `defaults:` for all hosts"
        : undefined;
    case "group":
      if (["hosts", "members", "children"].includes(word))
        return `a group does not list its hosts; each host names its groups: \`groups: [${path.at(-1) ?? ""}]\``;
      if (word === "vars") return "what its hosts share is written directly into the group";
      return hostKey(key, word, value);
    case "host":
      return hostKey(key, word, value);
    case "auth":
      return written(AUTH_WORDS[word]);
    case "other":
      return undefined;
  }
}

function hostKey(key: string, word: string, value: unknown): string | undefined {
  if (SECRET_REF.test(key)) {
    const method = key.startsWith("passphrase") ? "key" : "password";
    return `it belongs to auth: \`auth: {method: ${method}, ${key}: …}\``;
  }
  if (key === "only_keys" || key === "socket")
    return `it belongs to auth: \`auth: {method: agent, ${key}: …}\``;
  if (["audit_log", "allow_adhoc", "ssh_config", "devices_dir"].includes(key))
    return "it holds for all hosts and belongs below `settings:`";
  return written(withValue(HOST_WORDS[word], value));
}

/** Keys whose value is no secret and may be repeated. */
const PLAIN = /^(host|user|port|platform|jump): /;

/** The example with what the file itself says, where that is a plain word. */
function withValue(instead: string | undefined, value: unknown): string | undefined {
  const [, key] = PLAIN.exec(instead ?? "") ?? [];
  if (key === undefined || !/^[\w.@-]{1,80}$/.test(String(value))) return instead;
  const word = key === "platform" ? platformMeant(String(value), builtinIds()) : String(value);
  return `${key}: ${word}`;
}

function written(instead: string | undefined): string | undefined {
  if (instead?.startsWith("nothing: ")) return instead.slice("nothing: ".length);
  return instead && `write \`${instead}\``;
}

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
    return ["key", "agent"].includes(method)
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
  if (typeof value !== "string") return `write \`${name}: {host: 10.0.0.1}\``;
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

/** Ids of platforms that are probably meant; the words people use for the common ones first. */
export function platformMeant(given: string, ids: readonly string[]): string | undefined {
  const word = given.toLowerCase().replace(/[^a-z0-9]/g, "");
  const same = ids.find((id) => id.replaceAll("_", "") === word);
  if (same !== undefined) return same;
  const usual = Object.entries(USUAL).find(([names]) => names.split(" ").includes(word))?.[1];
  if (usual !== undefined && ids.includes(usual)) return usual;
  const [near] = nearest(given.replace(/[^A-Za-z0-9]+/g, "_"), ids);
  return near;
}

const USUAL: Readonly<Record<string, string>> = {
  "linux unix bsd freebsd openbsd debian ubuntu centos rhel redhat fedora alpine suse macos darwin bash zsh sh shell server generic":
    "posix",
  "ios iosxe ciscoiosxe ciscoxe cisco ciscotelnet ioscli catalyst": "cisco_ios",
  "nxos nexus": "cisco_nxos",
  "iosxr xr ciscoxr": "cisco_iosxr",
  asa: "cisco_asa",
  "junos juniper junosevolved": "juniper_junos",
  "eos arista": "arista_eos",
  "routeros mikrotik": "mikrotik_routeros",
  "vrp huawei": "huawei_vrp",
  "detect autodetect any unknown": "auto",
};

function isEntry(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).some((key) => ENTRY_KEYS.includes(key) || key === "name")
  );
}

function quoted(text: string): string {
  return /^[\w./~-]+$/.test(text) && !/^[\d.]+$/.test(text.replace(/^\d+\.\d+\.\d+\.\d+$/, ""))
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}

function placeOf(path: KeyPath): Place {
  const [first] = path;
  const names = path.filter((part) => typeof part === "string");
  if (path.length === 0) return "file";
  if (names.at(-1) === "auth" && path.length > 1) return "auth";
  if (path.length === 1) return first === "settings" ? "settings" : first === "defaults" ? "host" : "other";
  if (path.length === 2 && first === "groups") return "group";
  return path.length === 2 && first === "hosts" ? "host" : "other";
}
