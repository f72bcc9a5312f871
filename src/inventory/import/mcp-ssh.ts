import type { EditValue } from "../document/edits.ts";
import { type Draft, DraftMaker, type Imported, isMapping, textOf } from "./draft.ts";

/** Refused there without being configured (its models.py), and by name only here. */
const ITS_DENIED = [
  "rm\\s+-rf\\s+/",
  "\\bmkfs\\b",
  "\\breboot\\b",
  "\\bshutdown\\b",
  "dd\\s+.*of=/dev/",
  "\\bwrite\\s+erase\\b",
  "\\berase\\s+startup-config\\b",
];

const HOST_KEYS = [
  "host",
  "port",
  "user",
  "auth",
  "shell",
  "prompt_regex",
  "host_key_checking",
  "mode",
  "allow_patterns",
  "deny_patterns",
];
const SETTINGS = [
  "idle_timeout",
  "command_timeout",
  "keepalive_interval",
  "max_output_bytes",
  "host_key_checking",
  "audit_log",
  "deny_patterns",
];

/** A hosts.yaml of the Python server mcp_ssh: each of its keys has its place here, or stops the host. */
export function fromMcpSsh(value: Readonly<Record<string, unknown>>): Imported {
  const settings = isMapping(value.settings) ? value.settings : {};
  const hosts = isMapping(value.hosts) ? Object.entries(value.hosts) : [];
  const odd = Object.keys(settings).filter((key) => !SETTINGS.includes(key));
  const log = textOf(settings.audit_log) ?? "~/.mcp_ssh/audit.log";
  return {
    what: "a hosts.yaml of mcp_ssh",
    drafts: hosts.map(([name, host]) => hostOf(name, isMapping(host) ? host : {}, settings)),
    notes: [
      ...odd.map((key) => `settings.${key} is unknown and not imported.`),
      "Host keys are checked here; those that are not known yet: ssh-mcp trust NAME.",
    ],
    // Its log is of another form; what was recorded there goes on being recorded.
    settings: { audit_log: `${log.replace(/\.[a-z]+$/, "")}.ssh-mcp.jsonl` },
  };
}

function hostOf(
  name: string,
  host: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
): Draft {
  const draft = new DraftMaker(name);
  for (const key of Object.keys(host))
    if (!HOST_KEYS.includes(key)) draft.stop(`its key ${key} has no counterpart`);
  draft.set("host", textOf(host.host)).port(host.port).set("user", textOf(host.user));
  login(draft, host.auth);
  const cli = host.shell === "cli";
  draft.set("platform", cli ? "auto" : "posix");
  if (cli) draft.set("prompt_regex", textOf(host.prompt_regex));
  policy(draft, host, settings);
  const mode = host.host_key_checking ?? settings.host_key_checking;
  if (mode === "accept-new") draft.set("host_key", "accept-new");
  return timing(draft, settings).done();
}

function login(draft: DraftMaker, auth: unknown): void {
  if (!isMapping(auth)) return;
  for (const key of Object.keys(auth))
    if (!["method", "key_path", "passphrase_env", "password_env"].includes(key))
      draft.stop(`its key auth.${key} has no counterpart`);
  const { method, key_path, passphrase_env, password_env } = auth;
  if (method === "password") {
    if (typeof password_env === "string") draft.set("auth", { method, password_env });
    else draft.stop("its login is by password, and it names no password_env");
    return;
  }
  draft.key(key_path);
  const passphrase = typeof passphrase_env === "string" ? { passphrase_env } : {};
  draft.set("auth", { method: "key", ...(typeof key_path === "string" ? { key_path } : {}), ...passphrase });
}

/** Commands that are refused there are refused here; what allows some and no others has no counterpart. */
function policy(
  draft: DraftMaker,
  host: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
): void {
  const { mode = "unrestricted" } = host;
  if (mode !== "unrestricted")
    draft.stop(`its mode ${String(mode)} has no counterpart, and would be loosened`);
  if (Array.isArray(host.allow_patterns) && host.allow_patterns.length > 0)
    draft.stop("its allow_patterns have no counterpart, and would be loosened");
  const wide = Array.isArray(settings.deny_patterns) ? settings.deny_patterns : ITS_DENIED;
  const own = Array.isArray(host.deny_patterns) ? host.deny_patterns : [];
  draft.set("deny_patterns", [...new Set([...wide, ...own].map(String))]);
}

function timing(draft: DraftMaker, settings: Readonly<Record<string, unknown>>): DraftMaker {
  const { idle_timeout: idle, command_timeout: command, keepalive_interval: keepalive } = settings;
  const timeouts: Record<string, EditValue> = {};
  for (const [key, value] of Object.entries({ idle, command, keepalive }))
    if (typeof value === "number") timeouts[key] = value;
  if (Object.keys(timeouts).length > 0) draft.set("timeouts", timeouts);
  const bytes = settings.max_output_bytes;
  return typeof bytes === "number" ? draft.set("limits", { transcript_bytes: bytes }) : draft;
}
