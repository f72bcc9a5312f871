import { type Draft, DraftMaker, type Imported, isMapping, textOf } from "./draft.ts";

type Vars = Readonly<Record<string, unknown>>;

/** A group with its hosts, each with its own variables, and the groups within it. */
interface Group {
  readonly vars: Record<string, unknown>;
  readonly hosts: Map<string, Vars>;
  readonly children: Set<string>;
}

/** An inventory of Ansible in YAML. */
export function fromAnsibleYaml(value: Vars): Imported {
  const groups = new Map<string, Group>();
  const read = (name: string, given: unknown) => {
    const group = groupIn(groups, name);
    if (!isMapping(given)) return;
    Object.assign(group.vars, isMapping(given.vars) ? given.vars : {});
    for (const [host, vars] of Object.entries(isMapping(given.hosts) ? given.hosts : {}))
      for (const one of expanded(host)) group.hosts.set(one, isMapping(vars) ? vars : {});
    for (const [child, inner] of Object.entries(isMapping(given.children) ? given.children : {})) {
      group.children.add(child);
      read(child, inner);
    }
  };
  for (const [name, given] of Object.entries(value)) read(name, given);
  return imported(groups);
}

/** An inventory of Ansible in its own INI form. */
export function fromAnsibleIni(text: string): Imported {
  const groups = new Map<string, Group>();
  let [section, kind] = ["ungrouped", "hosts"];
  for (const row of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const line = row.trim();
    if (line === "" || /^[#;]/.test(line)) continue;
    const head = /^\[([^\]:]+)(?::(vars|children|hosts))?\]/.exec(line);
    if (head !== null) {
      [section, kind] = [head[1] ?? "", head[2] ?? "hosts"];
      groupIn(groups, section);
      continue;
    }
    const group = groupIn(groups, section);
    if (kind === "children") group.children.add(line.split(/\s/)[0] ?? "");
    else if (kind === "vars") {
      const [, key = "", value = ""] = /^([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
      group.vars[key] = unquoted(value);
    } else {
      const [name = "", ...words] = line.match(/(?:[^\s"'#]|"[^"]*"|'[^']*')+/g) ?? [];
      const vars = Object.fromEntries(
        words.map((word) => [word.split("=")[0] ?? "", unquoted(word.replace(/^[^=]*=/, ""))]),
      );
      for (const one of expanded(name)) group.hosts.set(one, { ...group.hosts.get(one), ...vars });
    }
  }
  return imported(groups);
}

function groupIn(groups: Map<string, Group>, name: string): Group {
  const group = groups.get(name) ?? { vars: {}, hosts: new Map(), children: new Set<string>() };
  groups.set(name, group);
  return group;
}

function imported(groups: ReadonlyMap<string, Group>): Imported {
  const names = new Set([...groups.values()].flatMap(({ hosts }) => [...hosts.keys()]));
  return {
    what: "an inventory of Ansible",
    drafts: [...names].map((name) => hostOf(name, groups)),
    notes: ["Of its variables those are imported that say how to connect; groups become tags."],
  };
}

/** The groups of a host, the widest first: `all`, then parents, then the group that lists it. */
function groupsOf(name: string, groups: ReadonlyMap<string, Group>): string[] {
  const depth = new Map<string, number>();
  const enter = (group: string, at: number) => {
    if (at > 50 || (depth.get(group) ?? -1) >= at) return;
    depth.set(group, at);
    for (const [parent, { children }] of groups) if (children.has(group)) enter(parent, at + 1);
  };
  for (const [group, { hosts }] of groups) if (hosts.has(name)) enter(group, 0);
  depth.delete("all");
  return ["all", ...[...depth].sort(([, one], [, other]) => other - one).map(([group]) => group)];
}

function hostOf(name: string, groups: ReadonlyMap<string, Group>): Draft {
  const own = groupsOf(name, groups);
  const vars: Record<string, unknown> = {};
  for (const group of own) Object.assign(vars, groups.get(group)?.vars);
  for (const group of own) Object.assign(vars, groups.get(group)?.hosts.get(name));
  const draft = new DraftMaker(name);
  const value = (...keys: readonly string[]) => {
    const key = keys.find((one) => vars[one] !== undefined);
    const text = key === undefined ? undefined : textOf(vars[key]);
    if (text?.includes("{{")) draft.stop(`its ${key} is a template`);
    return text;
  };
  const connection = value("ansible_connection");
  if (
    connection !== undefined &&
    !/^(?:ssh|smart|paramiko(?:_ssh)?|(?:ansible\.netcommon\.)?network_cli)$/.test(connection)
  )
    draft.stop(`its ansible_connection is ${connection}`);
  const address = value("ansible_host", "ansible_ssh_host");
  if (address !== name) draft.set("host", address);
  draft
    .port(value("ansible_port", "ansible_ssh_port"))
    .set("user", value("ansible_user", "ansible_ssh_user"));
  draft.platform(value("ansible_network_os")?.split(".").at(-1));
  draft.key(value("ansible_ssh_private_key_file", "ansible_private_key_file"));
  sshArguments(draft, [vars.ansible_ssh_common_args, vars.ansible_ssh_extra_args].map(textOf).join(" "));
  for (const key of Object.keys(vars)) secretOf(draft, key);
  const tags = own.filter((group) => !["all", "ungrouped"].includes(group));
  return draft.set("tags", tags).done();
}

function secretOf(draft: DraftMaker, key: string): void {
  if (/^ansible_(?:ssh_)?pass(?:word)?$/.test(key)) draft.password();
  else if (/^ansible_become_pass(?:word)?$/.test(key))
    draft.secret(
      "become password",
      `ssh-mcp hosts set ${draft.name} enable_env=VARIABLE, or sudo_env=VARIABLE`,
    );
}

/** The way to a host must not be lost; what only weakens the check of host keys may. */
function sshArguments(draft: DraftMaker, args: string): void {
  const [, jump] = /(?:^|\s)(?:-J\s*|-o\s*["']?ProxyJump[= ])([\w.@:,[\]-]+)/i.exec(args) ?? [];
  if (jump !== undefined) draft.set("jump", jump.split(","));
  else if (/Proxy/i.test(args))
    draft.stop("its ssh arguments name a ProxyCommand; describe the way with jump");
  if (/StrictHostKeyChecking[= ](?:no|off)/i.test(args))
    draft.note("its host key is checked here: ssh-mcp trust NAME");
}

function unquoted(text: string): string {
  return text.replace(/\s+#.*$/, "").replace(/^(["'])(.*)\1$/, "$2");
}

/** `web[01:03]` as web01, web02, web03; at most a thousand. */
function expanded(name: string): string[] {
  const [whole, from = "", to = ""] = /\[(\d+):(\d+)\]/.exec(name) ?? [];
  if (whole === undefined) return [name];
  const count = Math.min(Number(to) - Number(from) + 1, 1000);
  return Array.from({ length: Math.max(0, count) }, (_, at) =>
    name.replace(whole, String(Number(from) + at).padStart(from.length, "0")),
  ).flatMap(expanded);
}
