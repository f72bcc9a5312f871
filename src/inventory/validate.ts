import type { z } from "zod";
import { messageOf } from "../base/errors.ts";
import { nearest } from "../base/text.ts";
import type { Fault, KeyPath } from "./faults.ts";
import { keyMeant } from "./meant.ts";
import { platformMeant } from "./platform-meant.ts";
import { builtinIds } from "./platforms.ts";
import type { AuthEntry, GroupEntry, InventoryFile } from "./schema.ts";
import { valueMeant } from "./value-meant.ts";
import type { YamlSource } from "./yaml-source.ts";

type Issue = z.core.$ZodIssue;

/** Keys people write a secret under. Their value is never repeated. */
const LITERAL_SECRETS = new Set([
  "password",
  "passphrase",
  "passwd",
  "pass",
  "secret",
  "token",
  "otp",
  "enable",
  "enable_password",
  "enable_secret",
  "sudo",
  "sudo_password",
]);
/** Beginnings of the keys that name where such a secret is found; the rest are passwords. */
const SECRET_KEYS = ["enable", "sudo", "passphrase"];

/** Faults for keys no schema may even look at: secrets that stand in the file itself, and names JavaScript keeps. */
export function forbiddenKeys(source: YamlSource): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<object>();
  const around = new Set<object>();
  const walk = (value: unknown, path: KeyPath) => {
    if (typeof value !== "object" || value === null) return;
    if (around.has(value)) {
      faults.push({
        path,
        line: source.lineOf(path.slice(0, 1)),
        message: "an alias is inside what it names",
        everywhere: true,
      });
      return;
    }
    // Each value once, however many aliases lead to it.
    if (seen.has(value)) return;
    seen.add(value);
    around.add(value);
    for (const [key, child] of Object.entries(value)) {
      if (key === "__proto__") {
        faults.push({
          path: [...path, key],
          line: source.lineOf(path, key),
          message: "this name cannot be used",
        });
        continue;
      }
      if (isNamedSecret(path) && typeof child !== "object") {
        faults.push({
          path: [...path, key],
          line: source.lineOf(path, key),
          message:
            "a secret must not be written into this file, where backups, editors and agents read it; " +
            "write where it is found: {env: VARIABLE}, {file: PATH} or {command: pass show …}",
        });
      } else if (!isName(path, key) && LITERAL_SECRETS.has(key.toLowerCase())) {
        if (key.toLowerCase() === "otp") {
          const message =
            "a code must not be written into this file; use otp_command (prints one) or otp_env";
          faults.push({ path: [...path, key], line: source.lineOf(path, key), message });
          continue;
        }
        const base = SECRET_KEYS.find((name) => key.toLowerCase().startsWith(name)) ?? "password";
        faults.push({
          path: [...path, key],
          line: source.lineOf(path, key),
          message:
            "a secret must not be written into this file, where backups, editors and agents read it; " +
            `use ${base}_env (environment variable), ${base}_file (chmod 600) or ${base}_command (such as \`pass show …\`)`,
        });
      } else walk(child, Array.isArray(value) ? [...path, Number(key)] : [...path, key]);
    }
    around.delete(value);
  };
  walk(source.value, []);
  return faults;
}

/** Directly below the `secrets` of an entry: the operator's names for them, each with where it is found. */
function isNamedSecret(path: KeyPath): boolean {
  return path.at(-1) === "secrets" && path.length === (path[0] === "defaults" ? 2 : 3);
}

/** Names that people give, and a profile's word for which of the host's secrets is meant: no secret stands behind these. */
function isName(path: KeyPath, key: string): boolean {
  const [above, around] = [path.at(-1), path.at(-2)];
  if (path.length === 1) return above === "hosts" || above === "groups";
  if (isNamedSecret(path)) return true;
  return (around === "device" && above === "modes") || (above === "enter" && key === "secret");
}

/** A schema's issues as faults: of a union only the branch that was meant. */
export function schemaFaults(issues: readonly Issue[], source: YamlSource): Fault[] {
  return issues
    .flatMap((issue) => flatten(issue, []))
    .map(({ path, message, key }) => ({
      path: key === undefined ? path : [...path, shownKey(key)],
      line: source.lineOf(path, key),
      message: explained(source.value, path, message, key),
    }));
}

/** The rule that was broken, and what is meant where that can be seen. */
function explained(file: unknown, path: KeyPath, message: string, key: string | undefined): string {
  if (key === undefined) {
    const meant = valueMeant(path, valueAt(file, path));
    return meant === undefined ? message : `${message}; ${meant}`;
  }
  const meant = keyMeant(path, key, valueAt(file, [...path, key]));
  return meant === undefined ? message : `unknown key "${shownKey(key)}"; ${meant}`;
}

/** `password:hunter2`, with no blank behind the colon, is a key to YAML: its second half is not repeated. */
function shownKey(key: string): string {
  return key.replace(/:.+$/s, ":…");
}

function valueAt(file: unknown, path: KeyPath): unknown {
  let value = file;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  return value;
}

interface Flat {
  readonly path: KeyPath;
  readonly message: string;
  readonly key?: string;
}

function flatten(issue: Issue, base: KeyPath): Flat[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "invalid_union") {
    const meant = issue.errors.find((branch) => branch.length > 0 && !branch.some(isOtherShape));
    if (meant !== undefined) return meant.flatMap((inner) => flatten(inner, path));
  }
  if (issue.code === "unrecognized_keys") {
    const messages = issue.message.split("\n");
    return issue.keys.map((key, index) => ({ path, message: messages[index] ?? issue.message, key }));
  }
  const inner = issue.code === "invalid_key" ? issue.issues[0]?.message : undefined;
  return [{ path, message: plain(path, inner ?? issue.message) }];
}

/** In our own words; the file as a whole is no value that somebody wrote wrongly. */
function plain(path: KeyPath, message: string): string {
  if (path.length > 0) return message.replace(/^Invalid input: /, "");
  return "this is no inventory: the hosts are listed below `hosts:`, each with its name: `hosts: {web1: {host: 10.0.0.1}}`";
}

/** True when a union's branch failed because another kind of value was meant. */
function isOtherShape(issue: Issue): boolean {
  return (
    issue.path.length === 0 &&
    ["invalid_type", "invalid_value", "invalid_format", "invalid_union"].includes(issue.code)
  );
}

/** Faults for which the nearest names are looked for: each costs a comparison with every name. */
const SUGGESTED = 20;

/** What a schema cannot see: groups that do not exist. */
export function groupFaults(file: InventoryFile, source: YamlSource): Fault[] {
  const known = new Set(Object.keys(file.groups ?? {}));
  let suggested = 0;
  const message = (group: string) => {
    if (known.size === 0) return `there is no group "${group}"; the file has no groups`;
    if (suggested++ >= SUGGESTED) return `there is no group "${group}"`;
    return `there is no group "${group}"; known: ${nearest(group, known).slice(0, 10).join(", ")}`;
  };
  return Object.entries(file.hosts ?? {}).flatMap(([host, entry]) =>
    groupsOf(entry?.groups)
      .filter((group) => !known.has(group))
      .map((group) => ({
        path: ["hosts", host, "groups"],
        line: source.lineOf(["hosts", host, "groups"]),
        message: message(group),
      })),
  );
}

/** Platforms that nothing knows; where the inventory has profiles of its own, that is found out when they are read. */
export function platformFaults(file: InventoryFile, source: YamlSource): Fault[] {
  if (file.settings?.devices_dir !== undefined) return [];
  const entries: [KeyPath, GroupEntry | null | undefined][] = [
    [["defaults"], file.defaults],
    ...Object.entries(file.groups ?? {}).map(([name, entry]): [KeyPath, GroupEntry | null] => [
      ["groups", name],
      entry,
    ]),
    ...Object.entries(file.hosts ?? {}).map(([name, entry]): [KeyPath, GroupEntry | null] => [
      ["hosts", name],
      entry,
    ]),
  ];
  const told = new Map<string, string>();
  return entries.flatMap(([at, entry]) => {
    const platform = entry?.platform;
    if (platform === undefined || builtinIds().includes(platform)) return [];
    const path = [...at, "platform"];
    const message = told.get(platform) ?? unknownPlatform(platform);
    told.set(platform, message);
    return [{ path, line: source.lineOf(path), message }];
  });
}

function unknownPlatform(given: string): string {
  return `there is no platform "${given}"; write \`platform: ${platformMeant(given, builtinIds()) ?? "auto"}\`, or \`auto\` to have it found out (ssh-mcp devices list shows all)`;
}

/** Names that are easily taken for each other. */
export function likeNames(file: InventoryFile, source: YamlSource, name: string): string[] {
  const seen = new Map<string, string>();
  return Object.keys(file.hosts ?? {}).flatMap((host) => {
    const other = seen.get(host.toLowerCase());
    seen.set(host.toLowerCase(), host);
    if (other === undefined) return [];
    return [
      `${name}:${source.lineOf(["hosts"], host)}: the hosts "${other}" and "${host}" differ only in case: both are kept, and each is found only by its own spelling.`,
    ];
  });
}

export function groupsOf(groups: string | readonly string[] | undefined): readonly string[] {
  return typeof groups === "string" ? [groups] : (groups ?? []);
}

/** Patterns must be RE2's: that engine's time grows linearly with the text, whatever the pattern. */
export async function patternFaults(file: InventoryFile, source: YamlSource): Promise<Fault[]> {
  const patterns: { pattern: string; path: KeyPath }[] = [];
  const collect = (entry: Partial<GroupEntry> | null | undefined, path: KeyPath) => {
    for (const [index, pattern] of (entry?.deny_patterns ?? []).entries()) {
      patterns.push({ pattern, path: [...path, "deny_patterns", index] });
    }
    if (entry?.prompt_regex !== undefined) {
      patterns.push({ pattern: entry.prompt_regex, path: [...path, "prompt_regex"] });
    }
    patterns.push(...devicePatterns(entry?.device, [...path, "device"]));
    for (const [index, { match }] of (entry?.login_answers ?? []).entries()) {
      patterns.push({ pattern: match, path: [...path, "login_answers", index, "match"] });
    }
    for (const [index, one] of authEntries(entry?.auth).entries()) {
      const at = Array.isArray(entry?.auth) ? [...path, "auth", index] : [...path, "auth"];
      for (const key of ["password_prompt", "otp_prompt"] as const) {
        const pattern = one[key];
        if (pattern !== undefined) patterns.push({ pattern, path: [...at, key] });
      }
    }
  };
  collect(file.settings, ["settings"]);
  collect(file.defaults, ["defaults"]);
  for (const [name, entry] of Object.entries(file.groups ?? {})) collect(entry, ["groups", name]);
  for (const [name, entry] of Object.entries(file.hosts ?? {})) collect(entry, ["hosts", name]);
  if (patterns.length === 0) return [];
  const { RE2JS } = await import("re2js");
  const faults: Fault[] = [];
  const good = new Set<string>();
  for (const { pattern, path } of patterns) {
    if (good.has(pattern)) continue;
    try {
      RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
      good.add(pattern);
    } catch (error) {
      faults.push({
        path,
        line: source.lineOf(path),
        message: `not an RE2 pattern (no look-around, no back-references): ${messageOf(error)}`,
      });
    }
  }
  return faults;
}

/** Fields of a device profile that hold a pattern, or a list of them. */
const PATTERN_FIELDS = new Set([
  "match",
  "exclude",
  "context",
  "ask",
  "dirty",
  "secrets",
  "async",
  "strip_rows",
]);

function devicePatterns(value: unknown, path: KeyPath): { pattern: string; path: KeyPath }[] {
  if (typeof value === "string") {
    const field = path.findLast((key) => typeof key === "string");
    return PATTERN_FIELDS.has(String(field)) ? [{ pattern: value, path }] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    devicePatterns(child, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function authEntries(auth: GroupEntry["auth"]): readonly AuthEntry[] {
  return Array.isArray(auth) ? auth : auth === undefined ? [] : [auth];
}

/** Things that are allowed and do nothing, which the operator should know. */
export function idleKeys(file: InventoryFile, source: YamlSource, name: string): string[] {
  const notes: string[] = [];
  const check = (auth: NonNullable<InventoryFile["defaults"]>["auth"], path: KeyPath) => {
    for (const one of authEntries(auth)) {
      const used = {
        key: /^key_path$|^passphrase_|^certificate_path$/,
        password: /^password_|^otp_/,
        agent: /^socket$|^only_keys$|^certificate_path$/,
        identity: /^certificate_path$/,
      }[one.method];
      const idle = Object.keys(one).filter((key) => key !== "method" && !used.test(key));
      if (idle.length > 0) {
        notes.push(
          `${name}:${source.lineOf(path)}: ${path.join(".")}: ${idle.join(", ")} has no effect with method ${one.method}.`,
        );
      }
    }
  };
  check(file.defaults?.auth, ["defaults", "auth"]);
  for (const [group, entry] of Object.entries(file.groups ?? {}))
    check(entry?.auth, ["groups", group, "auth"]);
  for (const [host, entry] of Object.entries(file.hosts ?? {})) check(entry?.auth, ["hosts", host, "auth"]);
  return notes;
}
