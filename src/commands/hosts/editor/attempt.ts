import { SshMcpError } from "../../../base/errors.ts";
import { withConfig } from "../../next-command.ts";
import type { Editor } from "./context.ts";
import { unlessBack } from "./prompts.ts";

/** Does a step; an error of ours is told and, like a step back, leads to where it was begun: undefined. @throws Left. */
export function attempt<T>(editor: Editor, step: () => Promise<T>): Promise<T | undefined> {
  return unlessBack(() => told(editor, step));
}

/** Does a step; an error of ours is told: undefined. @throws Back, Left. */
export async function told<T>({ prompts, around }: Editor, step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SshMcpError)) throw error;
    prompts.say(withConfig(error.toText(), around));
    return undefined;
  }
}
