import { SshMcpError } from "../../../base/errors.ts";
import type { Edit } from "../../../inventory/document/edits.ts";
import { saveInventory } from "../../../inventory/document/file.ts";
import { type Opened, openForEdits, prepare, savedAs } from "../change.ts";
import type { Editor } from "./context.ts";

/** The edits that a change means in what the file says. */
export type Plan = (opened: Opened) => readonly Edit[] | Promise<readonly Edit[]>;

/** Why the document layer refuses a change, in its own words; undefined: it takes it. */
export async function refusal(opened: Opened, plan: Plan, { around }: Editor): Promise<string | undefined> {
  try {
    await prepare(opened, await plan(opened), around);
    return undefined;
  } catch (error) {
    if (!(error instanceof SshMcpError)) throw error;
    return error.next === undefined ? error.message : `${error.message} ${error.next}`;
  }
}

export interface Question {
  readonly text: string;
  /** What Enter answers. */
  readonly initial: boolean;
}

const WRITE: Question = { text: "Write this?", initial: true };

/**
 * Shows what a change does to the file, asks and writes it. In a file that was changed meanwhile it is made and asked about
 * anew. Resolves to whether the file says now what was wanted. @throws SshMcpError, Back, Left: nothing was written.
 */
export async function review(
  editor: Editor,
  opened: Opened,
  plan: Plan,
  question: Question = WRITE,
): Promise<boolean> {
  const { around, prompts } = editor;
  for (let from = opened; ; from = await openForEdits(around)) {
    const prepared = await prepare(from, await plan(from), around);
    for (const note of prepared.notes) prompts.say(`Note: ${note}`);
    if (prepared.text === from.file.text) {
      prompts.say(`${from.path} says that already; nothing was written.`);
      return true;
    }
    prompts.show(prepared.diff.trimEnd());
    if (!(await prompts.agree(question.text, question.initial))) {
      prompts.say("Nothing was written.");
      return false;
    }
    try {
      prompts.say(savedAs(await saveInventory(from.file, prepared.text)));
      return true;
    } catch (error) {
      if (!(error instanceof SshMcpError) || !(await changed(from, around))) throw error;
      prompts.say(`${error.message} This is the change in what it says now:`);
    }
  }
}

async function changed(from: Opened, around: Editor["around"]): Promise<boolean> {
  return (await openForEdits(around)).file.text !== from.file.text;
}
