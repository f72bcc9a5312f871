import type { Surroundings } from "../../../app/surroundings.ts";
import { namedInventory, ownInventory } from "../../../inventory/locate.ts";
import { allHosts, type Listed, type Listing } from "../list.ts";
import { addHosts } from "./add.ts";
import { attempt } from "./attempt.ts";
import type { Deeds, Editor } from "./context.ts";
import { hostMenu } from "./host-menu.ts";
import { importFile } from "./import-file.ts";
import { type Choice, Left, type Prompts, unlessBack } from "./prompts.ts";
import { severalHosts } from "./several.ts";
import { sharedEntries } from "./shared.ts";
import { testHost } from "./test-host.ts";

/** As a shell counts what SIGINT ended. */
const INTERRUPTED = 130;
const HOST = "host:";

/** The menus around the inventory, until they are left. Returns the exit code. @throws SshMcpError for a broken inventory. */
export async function editInventory(around: Surroundings, prompts: Prompts, deeds: Deeds): Promise<number> {
  const editor: Editor = { around, prompts, deeds, tested: new Map() };
  try {
    for (let at: string | undefined; ; ) {
      const listing = await allHosts(around);
      const picked = await unlessBack(() => overview(editor, listing, at));
      if (picked === undefined || picked === "quit") return 0;
      await attempt(editor, () => act(editor, picked, listing));
      at = picked;
    }
  } catch (error) {
    if (error instanceof Left) return INTERRUPTED;
    throw error;
  }
}

function overview(editor: Editor, listing: Listing, at: string | undefined): Promise<string> {
  const path = namedInventory(editor.around) ?? ownInventory(editor.around);
  const count = `${listing.hosts.length} ${listing.hosts.length === 1 ? "host" : "hosts"}`;
  const hosts = hostRows(editor, listing, HOST);
  const rows = [...ACTIONS, ...hosts];
  const first = rows.some(({ value }) => value === at) ? at : (hosts[0] ?? rows[0])?.value;
  return editor.prompts.search(`${withTilde(path, editor.around)}: ${count}`, rows, first);
}

function withTilde(path: string, { home }: Surroundings): string {
  return home !== "" && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

const ACTIONS: readonly Choice[] = [
  { value: "add", label: "+ Add hosts" },
  { value: "several", label: "+ Several hosts at once" },
  { value: "import", label: "+ Import from a file" },
  { value: "shared", label: "+ Groups, defaults, settings" },
  { value: "quit", label: "+ Quit" },
];

function hostRows({ tested }: Editor, { hosts, refused }: Listing, prefix: string): Choice[] {
  return [
    ...hosts.map((host) => ({ value: prefix + host.name, label: rowOf(host, tested.get(host.name)) })),
    ...refused.map((name) => ({ value: prefix + name, label: `${name} · its entry has mistakes` })),
  ];
}

function rowOf({ name, target, platform, tags, hostKey, source }: Listed, test: string | undefined): string {
  const facts = [
    target,
    platform,
    tags.join(","),
    hostKey === "" ? "" : `key ${hostKey}`,
    test ?? "",
    source === "inventory" ? "" : source,
  ];
  return [name, ...facts.filter((fact) => fact !== "")].join(" · ");
}

async function act(editor: Editor, picked: string, listing: Listing): Promise<void> {
  switch (picked) {
    case "add": {
      const [name, ...more] = await addHosts(editor);
      if (name === undefined || more.length > 0) return;
      if (await editor.prompts.agree(`Test ${name} now?`, true)) await testHost(editor, name);
      return;
    }
    case "several":
      return severalHosts(editor, hostRows(editor, listing, ""));
    case "import":
      return importFile(editor);
    case "shared":
      return sharedEntries(editor);
    default: {
      const name = picked.slice(HOST.length);
      const listed = listing.hosts.find((one) => one.name === name);
      return hostMenu(editor, listed === undefined ? { name } : { name, listed });
    }
  }
}
