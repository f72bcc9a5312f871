import type { EditPath } from "../../../inventory/document/edits.ts";
import { valueAt } from "../../../inventory/document/model.ts";
import { openForEdits } from "../change.ts";
import type { Editor } from "./context.ts";
import type { Section } from "./fields.ts";
import { fillForm } from "./form.ts";
import { refusal } from "./write.ts";

const NEW = "new";

/** Groups, defaults and settings: what no single host says. @throws SshMcpError, Back, Left. */
export async function sharedEntries(editor: Editor): Promise<void> {
  const opened = await openForEdits(editor.around);
  const groups = Object.keys(Object(valueAt(opened.value, ["groups"])));
  const picked = await editor.prompts.search("What several hosts share", [
    { value: "defaults", label: "defaults: for every host that says nothing else" },
    { value: "settings", label: "settings: of this program" },
    ...groups.map((name) => ({ value: `group:${name}`, label: `group ${name}` })),
    { value: NEW, label: "a new group" },
  ]);
  const edit = (section: Section, place: EditPath, begins?: () => Record<string, never>) =>
    fillForm(editor, opened, {
      title: place.join(" "),
      section,
      places: [place],
      ...(begins === undefined ? {} : { begins }),
    });
  if (picked === "defaults" || picked === "settings") await edit(picked, [picked]);
  else if (picked !== NEW) await edit("groups", ["groups", picked.slice("group:".length)]);
  else {
    const name = await editor.prompts.text("Name of the new group", {
      check: async (text) =>
        text === ""
          ? "A name is needed; Escape goes back."
          : refusal(
              opened,
              () => [{ kind: "add", path: ["groups"], entries: new Map([[text, {}]]) }],
              editor,
            ),
    });
    await edit("groups", ["groups", name], () => ({}));
  }
}
