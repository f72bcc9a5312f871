import { CONFIG, LAB, surroundings } from "./options.ts";
import type { Argument, Option, Subcommand } from "./subcommand.ts";

const NAME: Argument = { name: "<name>", help: "a name of the inventory", completes: "hosts" };
const KEYS: Argument = {
  name: "<key=value...>",
  help: "a key as in hosts.yaml with its value; dots between levels: auth.method=agent",
};
const JSON_OUTPUT: Option = { flags: "--json", help: "print it as JSON" };
const DRY_RUN: Option = { flags: "--dry-run", help: "show what would change, and write nothing" };

/** What every command that changes the file says of it. */
const WRITING = `The file is edited in place: comments, order and quoting of all that is not changed stay byte for byte. It is replaced in
one step, with its mode and owner; the old one stays beside it as hosts.yaml~. A change that the loader would refuse, and a
file that was changed meanwhile, are refused and nothing is written. Secrets are never written, only where to find them:
auth.password_env=VARIABLE, auth.password_file=FILE, auth.password_command='pass show web1'.
Exit code 0: done. 1: refused, with the reason. 2: a mistake in the arguments.`;

const list: Subcommand = {
  name: "list",
  summary: "all hosts of the inventory and of ~/.ssh/config",
  examples: [
    ["ssh-mcp hosts list", "as a table"],
    ["ssh-mcp hosts list --json", "for a program"],
  ],
  options: [JSON_OUTPUT, CONFIG, LAB],
  notes: `HOST KEY says whether a key is known here (known, pinned, accept-new, unknown); no host is contacted.
Exit code 0: all can be used. 1: the inventory has mistakes.`,
  async run(given, setting) {
    const { listHosts } = await import("./hosts/list.ts");
    return listHosts(given.flag("json"), surroundings(given, setting));
  },
};

const show: Subcommand = {
  name: "show",
  summary: "one host as it would be opened, and its own lines of the inventory",
  examples: [["ssh-mcp hosts show web1", "with everything it gets from groups, defaults and ~/.ssh/config"]],
  arguments: [{ ...NAME, help: "a name of the inventory or of ~/.ssh/config" }],
  options: [JSON_OUTPUT, CONFIG, LAB],
  async run(given, setting) {
    const { showHost } = await import("./hosts/show.ts");
    return showHost(given.required("name"), given.flag("json"), surroundings(given, setting));
  },
};

const add: Subcommand = {
  name: "add",
  summary: "add a host to the inventory",
  examples: [
    ["ssh-mcp hosts add web1 host=10.0.0.11 user=deploy", "a Unix host; keys as ssh finds them"],
    ["ssh-mcp hosts add sw1 host=10.0.0.2 platform=cisco_ios", "a switch"],
  ],
  arguments: [
    { name: NAME.name, help: "the new host's name" },
    { ...KEYS, name: "[key=value...]" },
  ],
  options: [DRY_RUN, CONFIG],
  notes: `A missing inventory is created, readable by you alone.

${WRITING}`,
  async run(given, setting) {
    const { addHost } = await import("./hosts/edits.ts");
    const request = { name: given.required("name"), dryRun: given.flag("dryRun") };
    return addHost(request, given.words("key=value"), surroundings(given, setting));
  },
};

const set: Subcommand = {
  name: "set",
  summary: "change keys of a host",
  examples: [
    ["ssh-mcp hosts set web1 port=2222 description= tags+=prod", "set, remove, add to a list"],
    ["ssh-mcp hosts set web1 jump=bastion --dry-run", "only show the change"],
  ],
  arguments: [NAME, KEYS],
  options: [DRY_RUN, CONFIG],
  notes: `KEY=VALUE sets a key, KEY= removes it, tags+=prod adds to a list, tags-=prod takes from it; what is in brackets is YAML:
ssh-mcp hosts set web1 port=2222 description= tags+=prod 'auth=[{method: agent}, {method: key}]'
A host of ~/.ssh/config gets an entry; what is not set in it is still taken from there.

${WRITING}`,
  async run(given, setting) {
    const { setHost } = await import("./hosts/edits.ts");
    const request = { name: given.required("name"), dryRun: given.flag("dryRun") };
    return setHost(request, given.words("key=value"), surroundings(given, setting));
  },
};

const remove: Subcommand = {
  name: "remove",
  summary: "remove a host from the inventory",
  examples: [["ssh-mcp hosts remove web1", "its entry alone"]],
  arguments: [NAME],
  options: [DRY_RUN, CONFIG],
  notes: `The jump host of another entry is not removed. Comments above the entry stay.

${WRITING}`,
  async run(given, setting) {
    const { removeHost } = await import("./hosts/edits.ts");
    return removeHost(
      { name: given.required("name"), dryRun: given.flag("dryRun") },
      surroundings(given, setting),
    );
  },
};

const rename: Subcommand = {
  name: "rename",
  summary: "rename a host, also where it is a jump host",
  examples: [["ssh-mcp hosts rename web1 www1", "in its entry and wherever it is a jump host"]],
  arguments: [NAME, { name: "<to>", help: "its new name" }],
  options: [DRY_RUN, CONFIG],
  notes: WRITING,
  async run(given, setting) {
    const { renameHost } = await import("./hosts/edits.ts");
    const request = { name: given.required("name"), dryRun: given.flag("dryRun") };
    return renameHost(request, given.required("to"), surroundings(given, setting));
  },
};

const importing: Subcommand = {
  name: "import",
  summary: "add the hosts of another program's file, after a look at what would change",
  examples: [
    ["ssh-mcp hosts import inventory.ini --dry-run", "only show what would be added"],
    ["ssh-mcp hosts import ~/.ssh/config", "show it, ask, add it"],
  ],
  arguments: [{ name: "<file>", help: "the file; what it is shows in its content" }],
  options: [{ flags: "--yes", help: "write it without asking" }, DRY_RUN, CONFIG],
  notes: `Known are ~/.ssh/config, hosts.yaml of mcp_ssh, ~/.ssh-mcp-sessions.json, CSV, inventories of Ansible (INI, YAML), netmiko,
Nornir (SimpleInventory) and JSON of NetBox. A host whose settings have no counterpart is not imported, and nothing is
loosened. Secrets are never imported: what has to be configured is listed. Hosts that are in the inventory stay as they are.
Exit code 0: everything was imported. 1: some hosts or their secrets were not, or nothing was written.`,
  async run(given, setting) {
    const { importHosts } = await import("./hosts/import.ts");
    const request = { file: given.required("file"), yes: given.flag("yes"), dryRun: given.flag("dryRun") };
    return importHosts(request, surroundings(given, setting));
  },
};

const test: Subcommand = {
  name: "test",
  summary: "connect to a host for real, and explain step by step how that goes",
  examples: [["ssh-mcp hosts test web1", "connect, log in, find the prompt"]],
  arguments: [{ ...NAME, help: "a name of the inventory or of ~/.ssh/config" }],
  options: [CONFIG, LAB],
  notes: "As ssh-mcp doctor HOST. Exit code 0: a session can be opened.",
  async run(given, setting) {
    const { examineHost } = await import("./doctor/examine.ts");
    return examineHost(given.required("name"), surroundings(given, setting));
  },
};

const validate: Subcommand = {
  name: "validate",
  summary: "check the inventory, and the way to each of its hosts",
  examples: [
    ["ssh-mcp hosts validate", "every mistake with its line"],
    ["ssh-mcp hosts validate --config ./hosts.yaml", "of this file"],
  ],
  options: [JSON_OUTPUT, CONFIG],
  notes:
    "No host is contacted. Exit code 0: no mistakes. 1: mistakes, each with file, line and what is meant.",
  async run(given, setting) {
    const { validateInventory } = await import("./hosts/validate.ts");
    return validateInventory(given.flag("json"), surroundings(given, setting));
  },
};

/** Without a command. */
const menus: Omit<Subcommand, "name" | "summary"> = {
  options: [CONFIG, LAB],
  examples: [["ssh-mcp hosts", "search, add, edit, import and test hosts in menus"]],
  notes: `Without a command it opens an editor with menus at the terminal. Escape goes one step back, Ctrl-C leaves; nothing is written
before the change was shown and agreed to. NO_COLOR=1 leaves colours out, ACCESSIBLE=1 asks in plain lines.
Exit code 0: done. 1: there is no terminal, or the inventory is broken. 130: left with Ctrl-C.`,
  async run(given, setting) {
    const { openEditor } = await import("./hosts/editor/open.ts");
    return openEditor(surroundings(given, setting));
  },
};

/** `ssh-mcp hosts list|show|add|set|remove|rename|import|test|validate`; `hosts` alone opens the editor. */
export const hosts: Subcommand = {
  ...menus,
  name: "hosts",
  summary: "the inventory: list, show, add, change, remove, import, test and validate hosts",
  subcommands: [list, show, add, set, remove, rename, importing, test, validate],
};
