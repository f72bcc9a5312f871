import { existsSync } from "node:fs";
import { join } from "node:path";
import { SshMcpError } from "../../../base/errors.ts";
import { openForEdits } from "../change.ts";
import { NOTHING, planImport } from "../import.ts";
import type { Editor } from "./context.ts";
import { review } from "./write.ts";

/** Adds the hosts of another program's file. @throws SshMcpError, Back, Left. */
export async function importFile(editor: Editor): Promise<void> {
  const { prompts, around } = editor;
  const opened = await openForEdits(around);
  const file = await prompts.text(
    "File to import hosts from (ssh, Ansible, CSV, netmiko, Nornir, NetBox, …)",
    {
      ...(existsSync(join(around.home, ".ssh", "config")) ? { initial: "~/.ssh/config" } : {}),
      check: async (text) => {
        if (text === "") return "A path is needed; Escape goes back.";
        try {
          await planImport(text, opened, around);
          return undefined;
        } catch (error) {
          if (!(error instanceof SshMcpError)) throw error;
          return error.toText();
        }
      },
    },
  );
  const { report, edits } = await planImport(file, opened, around);
  for (const line of report) prompts.say(line);
  if (edits.length === 0) return prompts.say(NOTHING);
  await review(editor, opened, async (from) => (await planImport(file, from, around)).edits);
}
