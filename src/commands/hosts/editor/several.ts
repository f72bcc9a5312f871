import { openForEdits } from "../change.ts";
import type { Editor } from "./context.ts";
import { fillForm } from "./form.ts";
import type { Choice } from "./prompts.ts";
import { testHost } from "./test-host.ts";

/** Chooses hosts, then does the same with all of them. @throws SshMcpError, Back, Left. */
export async function severalHosts(editor: Editor, rows: readonly Choice[]): Promise<void> {
  const { prompts } = editor;
  const names = await prompts.several("Which hosts (Tab takes one)", rows);
  const title = names.length === 1 ? `${names[0]}` : `${names.length} hosts`;
  const what = await prompts.choose(title, [
    { value: "edit", label: "Edit: tags, platform or any other field" },
    { value: "test", label: "Test each: connect for real" },
    { value: "back", label: "Back" },
  ]);
  if (what === "test") for (const name of names) await testHost(editor, name);
  if (what !== "edit") return;
  const places = names.map((name) => ["hosts", name]);
  await fillForm(editor, await openForEdits(editor.around), { title, section: "hosts", places });
}
