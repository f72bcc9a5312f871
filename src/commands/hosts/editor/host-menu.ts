import { openForEdits } from "../change.ts";
import { isThere, removal, renaming } from "../edits.ts";
import type { Listed } from "../list.ts";
import { duplicateHost } from "./add.ts";
import { attempt } from "./attempt.ts";
import type { Editor } from "./context.ts";
import { fillForm } from "./form.ts";
import { type Choice, unlessBack } from "./prompts.ts";
import { testHost, trustHostKey } from "./test-host.ts";
import { refusal, review } from "./write.ts";

/** A host that was chosen; without `listed` its entry has mistakes. */
export interface Chosen {
  readonly name: string;
  readonly listed?: Listed;
}

/** What can be done with one host, until another one is looked for. @throws Left. */
export async function hostMenu(editor: Editor, chosen: Chosen): Promise<void> {
  let { name } = chosen;
  for (;;) {
    const rows = rowsFor(editor, chosen, isThere(await openForEdits(editor.around), name));
    const picked = await unlessBack(() => editor.prompts.choose(name, rows));
    if (picked === undefined || picked === "back") return;
    const next = await attempt(editor, () => act(editor, picked, name));
    if (next === GONE) return;
    name = next ?? name;
    // Afterwards the list tells more than this menu.
    if (!["test", "show", "shell"].includes(picked)) return;
  }
}

const GONE = "";

function rowsFor({ deeds }: Editor, { listed }: Chosen, own: boolean): Choice[] {
  const ssh = listed?.source === "ssh_config";
  const rows: [when: boolean, value: string, label: string][] = [
    [own, "edit", "Edit"],
    [ssh, "edit", "Edit: it gets an entry of the inventory"],
    [listed !== undefined, "test", "Test: connect for real"],
    [listed?.hostKey === "unknown", "trust", "Trust its host key"],
    [listed !== undefined && deeds.shell !== undefined, "shell", "Open a shell"],
    [listed !== undefined, "show", "Show what is known of it"],
    [own, "duplicate", "Duplicate"],
    [own, "rename", "Rename"],
    [own, "delete", "Delete"],
    [true, "back", "Back"],
  ];
  return rows.flatMap(([when, value, label]) => (when ? [{ value, label }] : []));
}

/** Resolves to the host's name behind it where that is another one; `GONE`: there is none. @throws SshMcpError, Back, Left. */
async function act(editor: Editor, what: string, name: string): Promise<string | undefined> {
  switch (what) {
    case "edit":
      return edit(editor, name);
    case "test":
      await testHost(editor, name);
      return undefined;
    case "trust":
      await trustHostKey(editor, name);
      return undefined;
    case "shell":
      await editor.prompts.lend(async () => editor.deeds.shell?.(name));
      return undefined;
    case "show":
      await editor.prompts.lend(() => editor.deeds.show(name));
      return undefined;
    case "duplicate":
      return duplicateHost(editor, name);
    case "rename":
      return rename(editor, name);
    case "delete":
      return remove(editor, name);
    default:
      return undefined;
  }
}

async function edit(editor: Editor, name: string): Promise<undefined> {
  const opened = await openForEdits(editor.around);
  if (!isThere(opened, name))
    editor.prompts.say(
      `${name} is a host of your ssh configuration; what is not set here is taken from there.`,
    );
  await fillForm(editor, opened, { title: name, section: "hosts", places: [["hosts", name]] });
}

async function rename(editor: Editor, name: string): Promise<string | undefined> {
  const { around, prompts } = editor;
  const opened = await openForEdits(around);
  const to = await prompts.text(`New name of ${name}`, {
    initial: name,
    check: (text) => refusal(opened, (from) => renaming(from, name, text, around), editor),
  });
  return (await review(editor, opened, (from) => renaming(from, name, to, around))) ? to : undefined;
}

async function remove(editor: Editor, name: string): Promise<string | undefined> {
  const { around } = editor;
  const plan = (from: Parameters<typeof removal>[0]) => removal(from, name, around);
  const question = { text: `Delete ${name}?`, initial: false };
  return (await review(editor, await openForEdits(around), plan, question)) ? GONE : undefined;
}
