import { dirname, join } from "node:path";
import { parseDocument } from "yaml";
import { fileTrouble, messageOf, SshMcpError } from "../../base/errors.ts";
import { readRegularFile } from "../../base/regular-file.ts";
import { foreignShape, foreignText } from "../foreign.ts";
import type { SearchPlace } from "../locate.ts";
import { fromAnsibleIni, fromAnsibleYaml } from "./ansible.ts";
import { type Imported, isMapping } from "./draft.ts";
import { fromMcpSsh } from "./mcp-ssh.ts";
import { fromSshConfig } from "./ssh.ts";
import { fromCsv, fromDevices, fromNetbox, fromSessions } from "./tables.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/** Reads the hosts of another program's file; what it is shows in its content. @throws SshMcpError for one that is unknown. */
export async function readForeign(path: string, place: SearchPlace): Promise<Imported> {
  const text = (await read(path)).replace(/^\uFEFF/, "");
  const what = foreignText(text)?.what;
  if (what === "a configuration of ssh") return fromSshConfig(path, place);
  if (what === "an inventory of Ansible (INI)") return fromAnsibleIni(text);
  const value = parsed(text, path, what);
  if (value !== undefined) {
    const known = await byShape(value, path);
    if (known !== undefined) return known;
  }
  if (what === "a table (CSV)") return fromCsv(text);
  throw new SshMcpError(
    "invalid_argument",
    `${path} is no file that hosts can be imported from`,
    "These are known: ~/.ssh/config, hosts.yaml of mcp_ssh, .ssh-mcp-sessions.json, CSV with a row of column names, inventories of Ansible (INI, YAML), netmiko, Nornir, JSON of NetBox.",
  );
}

async function byShape(value: unknown, path: string): Promise<Imported | undefined> {
  if (isMapping(value) && isMapping(value.hosts) && ("groups" in value || "defaults" in value))
    throw new SshMcpError(
      "invalid_argument",
      `${path} is an inventory of ssh-mcp itself`,
      `Use it as it is with --config, or as $SSH_MCP_CONFIG.`,
    );
  if (
    isMapping(value) &&
    isMapping(value.hosts) &&
    Object.values(value.hosts).every(isMapping) &&
    !("all" in value)
  )
    return fromMcpSsh(value);
  const items = isMapping(value) && Array.isArray(value.results) ? value.results : value;
  const isNetbox = (one: unknown) =>
    isMapping(one) && ["primary_ip", "primary_ip4", "primary_ip6"].some((key) => key in one);
  if (Array.isArray(items) && items.some(isNetbox)) return fromNetbox(items);
  const what = foreignShape(value)?.what ?? "";
  if (what === "an inventory of Ansible" && isMapping(value)) return fromAnsibleYaml(value);
  if (/netmiko|Nornir/.test(what))
    return fromDevices(value, {
      groups: await beside(path, "groups.yaml"),
      defaults: await beside(path, "defaults.yaml"),
    });
  const isSession = (one: unknown) =>
    isMapping(one) && ["host", "hostname", "address"].some((key) => key in one);
  const inner = isMapping(value) && "sessions" in value ? value.sessions : value;
  const sessions = Array.isArray(inner) ? inner : Object.values(isMapping(inner) ? inner : {});
  return sessions.length > 0 && sessions.every(isSession) ? fromSessions(value) : undefined;
}

async function read(path: string): Promise<string> {
  const bytes = await readRegularFile(path, MAX_BYTES).catch((error: unknown) => {
    throw new SshMcpError(
      "invalid_argument",
      `${path} cannot be read: ${fileTrouble(error)}`,
      "Name the file that the hosts are in, for example ~/.ssh/config or an inventory of Ansible.",
    );
  });
  return bytes.toString("utf8");
}

/** YAML, and JSON as a part of it; undefined: it is neither. Ansible's own tags say nothing that is imported. */
function parsed(text: string, path: string, what: string | undefined): unknown {
  const document = parseDocument(text, { schema: "core", logLevel: "silent", uniqueKeys: false });
  if (document.errors.length > 0) {
    if (what !== undefined) return undefined;
    throw new SshMcpError("invalid_argument", `${path} is no valid YAML or JSON`);
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return typeof value === "object" ? value : undefined;
  } catch (error) {
    throw new SshMcpError("invalid_argument", `${path} cannot be read: ${messageOf(error)}`);
  }
}

/** A file that Nornir keeps beside its hosts. */
async function beside(path: string, name: string): Promise<unknown> {
  const text = await readRegularFile(join(dirname(path), name), MAX_BYTES).catch(() => undefined);
  return text === undefined ? undefined : parsed(text.toString("utf8"), name, "beside");
}
