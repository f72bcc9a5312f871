import { valueAt } from "../../../inventory/document/model.ts";
import type { Assignment } from "../assignments.ts";
import type { Opened } from "../change.ts";
import { askField } from "./ask-field.ts";
import { attempt } from "./attempt.ts";
import type { Editor } from "./context.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { type Choice, unlessBack } from "./prompts.ts";
import { editsFor, type Subject, valueBehind } from "./subject.ts";
import { commonValue } from "./values.ts";
import { review } from "./write.ts";

/** Longer keys push their value to the right: in a narrow terminal there is room for one. */
const KEY_COLUMNS = 14;
const SAVE = "save";
const BACK = "back";

/** Asks for fields until they are written or given up. Resolves to whether they were written. @throws Left. */
export async function fillForm(
  editor: Editor,
  opened: Opened,
  subject: Subject,
  begun: readonly Assignment[] = [],
): Promise<boolean> {
  const { prompts } = editor;
  const fields = fieldsOf(subject.section);
  const fresh = subject.places.some((place) => valueAt(opened.value, place) === undefined);
  let assignments = begun;
  let at = fresh && subject.section !== "settings" ? SAVE : fields[0]?.key;
  for (;;) {
    const savable = assignments.length > 0 || subject.begins !== undefined;
    const rows = rowsOf(fields, subject, assignments, opened, savable);
    const picked = (await unlessBack(() => prompts.search(subject.title, rows, at))) ?? BACK;
    if (picked === BACK) {
      if (!savable || (await givenUp(editor, subject))) return false;
    } else if (picked === SAVE) {
      const plan = ({ value }: Opened) => editsFor(subject, assignments, value);
      if ((await attempt(editor, () => review(editor, opened, plan))) === true) return true;
    } else {
      const field = fields.find(({ key }) => key === picked);
      const setting = { editor, opened, subject, assignments };
      const answer = field === undefined ? undefined : await unlessBack(() => askField(setting, field));
      if (answer !== undefined) assignments = withAnswer(assignments, answer);
    }
    at = picked === SAVE || picked === BACK ? at : picked;
  }
}

async function givenUp({ prompts }: Editor, { title }: Subject): Promise<boolean> {
  const answer = await unlessBack(() =>
    prompts.agree(`Leave ${title} without writing what you changed?`, false),
  );
  if (answer === true) prompts.say("Nothing was written.");
  return answer === true;
}

function rowsOf(
  fields: readonly Field[],
  subject: Subject,
  assignments: readonly Assignment[],
  { value }: Opened,
  savable: boolean,
): Choice[] {
  const now = valueBehind(subject, assignments, value);
  const changed = new Set(assignments.map(({ path }) => path.join(".")));
  const width = Math.min(Math.max(...fields.map(({ key }) => key.length)), KEY_COLUMNS);
  const rows = fields.map(({ key }) => {
    const shown = commonValue(now, subject.places, key) ?? "(differs)";
    return { value: key, label: `${changed.has(key) ? "*" : " "} ${key.padEnd(width)} ${shown}` };
  });
  const save: Choice[] = savable ? [{ value: SAVE, label: "Save: look at the change, then write it" }] : [];
  return [...save, { value: BACK, label: "Back" }, ...rows];
}

/** A whole value takes the place of what was answered for its key; words are added to it or taken from it. */
function withAnswer(assignments: readonly Assignment[], answer: Assignment): Assignment[] {
  const key = answer.path.join(".");
  const earlier = assignments.filter(({ path }) => answer.how !== "=" || path.join(".") !== key);
  return [...earlier, answer];
}
