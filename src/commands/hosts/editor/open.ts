import type { Surroundings } from "../../../app/surroundings.ts";
import { SshMcpError } from "../../../base/errors.ts";
import { examineHost } from "../../doctor/examine.ts";
import { withConfig } from "../../next-command.ts";
import { trustHost } from "../../trust/record.ts";
import { showHost } from "../show.ts";
import { editInventory } from "./editor.ts";
import { PlainPrompts } from "./plain.ts";
import { openShell } from "./shell.ts";
import { TerminalPrompts } from "./terminal.ts";

/** Opens the editor at this process's terminal. Returns the exit code. @throws SshMcpError where there is no terminal. */
export async function openEditor(around: Surroundings): Promise<number> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) throw withoutTerminal(around);
  const plain = isPlain(around.env);
  const prompts = plain ? new PlainPrompts() : new TerminalPrompts();
  try {
    return await editInventory(around, prompts, {
      test: (name) => examineHost(name, around),
      trust: (name, agree) => trustHost(name, around, false, agree),
      show: (name) => showHost(name, false, around),
      ...(plain ? {} : { shell: (name: string) => openShell(name, around) }),
    });
  } finally {
    prompts.close();
  }
}

/** Lines in place of menus that are redrawn: wanted by a person with a screen reader, or all that the terminal can. */
function isPlain({ ACCESSIBLE = "", TERM }: Surroundings["env"]): boolean {
  return TERM === "dumb" || !["", "0", "false"].includes(ACCESSIBLE);
}

function withoutTerminal(around: Surroundings): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `ssh-mcp hosts alone opens the inventory's editor: stdin and stdout have to be a terminal.`,
    withConfig(
      "ssh-mcp hosts list prints all hosts; show, add, set, remove, rename, import, test and validate do the rest, see ssh-mcp hosts --help.",
      around,
    ),
  );
}
