import { ENTRY_KEYS, isEntry } from "./entry-like.ts";
import type { KeyPath } from "./faults.ts";
import { AUTH_WORDS, HOST_WORDS, SETTING_WORDS, TOP_WORDS } from "./meant-words.ts";
import { platformMeant } from "./platform-meant.ts";
import { builtinIds } from "./platforms.ts";

/** What stands at a place of the file; each has keys of its own. */
type Place = "file" | "settings" | "group" | "host" | "auth" | "other";

const SECRET_REF = /^(?:(?:password|passphrase|otp)_(?:env|file|command)|key_env)$/;
const SETTINGS = [
  "idle_timeout",
  "command_timeout",
  "audit_log",
  "audit_durability",
  "audit_rotate",
  "allow_adhoc",
  "ssh_config",
  "max_sessions",
  "devices_dir",
  "recipes_dir",
  "local_roots",
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
    const method = key === "key_env" || key.startsWith("passphrase") ? "key" : "password";
    return `it belongs to auth: \`auth: {method: ${method}, ${key}: …}\``;
  }
  if (key === "only_keys" || key === "socket")
    return `it belongs to auth: \`auth: {method: agent, ${key}: …}\``;
  if (["audit_log", "allow_adhoc", "ssh_config", "devices_dir", "recipes_dir"].includes(key))
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

function placeOf(path: KeyPath): Place {
  const [first] = path;
  const names = path.filter((part) => typeof part === "string");
  if (path.length === 0) return "file";
  if (names.at(-1) === "auth" && path.length > 1) return "auth";
  if (path.length === 1) return first === "settings" ? "settings" : first === "defaults" ? "host" : "other";
  if (path.length === 2 && first === "groups") return "group";
  return path.length === 2 && first === "hosts" ? "host" : "other";
}
