/** A file that is no inventory of ours but one that another program reads. */
export interface Foreign {
  /** `an inventory of Ansible`. */
  readonly what: string;
  /** What to do with it, as a sentence. */
  readonly next: string;
}

const OWN = ["hosts", "groups", "defaults", "settings"];
const HOW = "ssh-mcp wants its hosts below `hosts:`";

/** What a text is that is no YAML mapping at all; undefined: it may be one. */
export function foreignText(text: string): Foreign | undefined {
  const rows = text
    .split(/\r?\n/, 200)
    .filter((row) => row.trim() !== "" && !row.trimStart().startsWith("#"));
  const [first = ""] = rows;
  if (rows.some((row) => /^(?:hosts|groups|defaults|settings)\s*:/.test(row))) return undefined;
  if (/^\s*(?:Host|Match)\s+[^:\s]/.test(first))
    return {
      what: "a configuration of ssh",
      next: "Name it with `settings: {ssh_config: FILE}` in a hosts.yaml; ~/.ssh/config is read without that.",
    };
  if (
    /^\[[\w:. -]+\]\s*$/.test(first) ||
    (rows.length > 0 && /^[\w.-]+(?:\s+ansible_\w+=\S+)+\s*$/.test(first))
  )
    return {
      what: "an inventory of Ansible (INI)",
      next: `${HOW}, in YAML: \`hosts: {web1: {host: 10.0.0.1}}\`.`,
    };
  if (/^\d+\.\d+\.\d+\.\d+\s+\S/.test(first))
    return {
      what: "a list of addresses such as /etc/hosts",
      next: `${HOW}: \`hosts: {web1: {host: 10.0.0.1}}\`.`,
    };
  if (/^[^:{}[\]]+(?:[,;][^:{}[\]]+)+$/.test(first))
    return { what: "a table (CSV)", next: `${HOW}, in YAML: \`hosts: {web1: {host: 10.0.0.1}}\`.` };
  return undefined;
}

/** What a parsed file is by the shape of its content; undefined: it may be meant as an inventory of ours. */
export function foreignShape(value: unknown): Foreign | undefined {
  if (Array.isArray(value)) return foreignList(value);
  if (!isMapping(value) || OWN.some((key) => key in value)) return undefined;
  const parts = Object.entries(value);
  if (parts.length === 0) return undefined;
  const named = NAMED.find(({ keys }) => keys.every((key) => key in value));
  if (named !== undefined) return { what: named.what, next: `${HOW}: \`hosts: {web1: {host: 10.0.0.1}}\`.` };
  const groups = parts.filter(([, part]) => isAnsibleGroup(part));
  if (groups.length > 0 && parts.every(([, part]) => part === null || isAnsibleGroup(part)))
    return { what: "an inventory of Ansible", next: `${HOW}: ${example(ansibleHosts(value)[0])}.` };
  const [host] = parts.filter(([, part]) => isMapping(part));
  if (host === undefined || !parts.every(([, part]) => isMapping(part))) return undefined;
  if (parts.some(([, part]) => isMapping(part) && "device_type" in part))
    return { what: "a list of devices for netmiko", next: `${HOW}: ${example(host)}.` };
  const nornir = ["connection_options", "data", "groups", "username", "password", "platform"];
  if (parts.some(([, part]) => isMapping(part) && "hostname" in part && nornir.some((key) => key in part)))
    return { what: "an inventory of Nornir (SimpleInventory)", next: `${HOW}: ${example(host)}.` };
  return undefined;
}

/** Files with top-level keys of their own. */
const NAMED: readonly { readonly keys: readonly string[]; readonly what: string }[] = [
  { keys: ["plugin"], what: "the source of an Ansible inventory plugin" },
  { keys: ["testbed", "devices"], what: "a testbed of pyATS" },
  { keys: ["topology", "name"], what: "a topology of containerlab" },
  { keys: ["apiVersion", "kind"], what: "a Kubernetes resource" },
  { keys: ["services"], what: "a Compose file" },
  { keys: ["results", "count"], what: "an export of NetBox" },
  { keys: ["inventory", "runner"], what: "a configuration of Nornir" },
  { keys: ["mcpServers"], what: "the configuration of an MCP client" },
];

function foreignList(items: readonly unknown[]): Foreign | undefined {
  const [first] = items;
  if (!isMapping(first)) return undefined;
  if ("hosts" in first && ["tasks", "roles", "gather_facts"].some((key) => key in first))
    return { what: "a playbook of Ansible", next: `${HOW}: \`hosts: {web1: {host: 10.0.0.1}}\`.` };
  const name = ["name", "host", "hostname", "ip"]
    .map((key) => first[key])
    .find((one) => typeof one === "string");
  const shown = example([typeof name === "string" ? name : "web1", first]);
  if ("device_type" in first) return { what: "a list of devices for netmiko", next: `${HOW}: ${shown}.` };
  if ("primary_ip" in first || "primary_ip4" in first)
    return { what: "an export of NetBox", next: `${HOW}.` };
  return { what: "a list", next: `${HOW}, each by its name: ${shown}.` };
}

function isAnsibleGroup(value: unknown): value is Record<string, unknown> {
  if (!isMapping(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => ["hosts", "children", "vars"].includes(key));
}

function ansibleHosts(value: unknown): [string, unknown][] {
  if (!isMapping(value)) return [];
  return Object.values(value).flatMap((group) =>
    isAnsibleGroup(group)
      ? [...(isMapping(group.hosts) ? Object.entries(group.hosts) : []), ...ansibleHosts(group.children)]
      : [],
  );
}

/** The first host as an entry of ours: address, port and user, where they are plain words. */
function example(host: readonly [string, unknown] | undefined): string {
  const [name, entry] = host ?? ["web1", {}];
  const given = isMapping(entry) ? entry : {};
  const plain = (...keys: readonly string[]) =>
    keys.map((key) => given[key]).find((one) => /^[\w.-]{1,80}$/.test(String(one ?? "")));
  const fields = [
    [
      "host",
      plain("host", "hostname", "ansible_host", "ip") ??
        (given === entry && /^[\w.-]+$/.test(name) ? name : "10.0.0.1"),
    ],
    ["port", plain("port", "ansible_port")],
    ["user", plain("username", "ansible_user", "user")],
  ].filter(([, value]) => value !== undefined && value !== 22);
  const shown = /^[\w.-]{1,60}$/.test(name) ? name : "web1";
  return `\`hosts: {${shown}: {${fields.map(([key, value]) => `${key}: ${value}`).join(", ")}}}\``;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
