import { patternOf } from "../../../base/pattern.ts";
import { builtinIds } from "../../../inventory/platforms.ts";
import type { Assignment } from "../assignments.ts";
import type { Opened } from "../change.ts";
import type { Editor } from "./context.ts";
import type { Field } from "./fields.ts";
import { askLogin } from "./login.ts";
import type { Check } from "./prompts.ts";
import { editsFor, type Subject, valueBehind } from "./subject.ts";
import { commonValue } from "./values.ts";
import { refusal } from "./write.ts";

/** What a field is asked in. */
export interface FormState {
  readonly editor: Editor;
  readonly opened: Opened;
  readonly subject: Subject;
  /** The answers so far. */
  readonly assignments: readonly Assignment[];
}

const UNSET = "";
const OTHER = "other";

/** Asks for one field until the loader takes the answer; undefined: it stays as it is. @throws Back, Left. */
export async function askField(form: FormState, field: Field): Promise<Assignment | undefined> {
  const { editor, opened, subject, assignments } = form;
  const { prompts } = editor;
  const now = valueBehind(subject, assignments, opened.value);
  const common = commonValue(now, subject.places, field.key);
  if (common === undefined && subject.places.length === 1) {
    prompts.say(`${field.key} has several lines; edit it in ${opened.path}.`);
    return undefined;
  }
  const how = field.list && subject.places.length > 1 ? await askHow(form, field) : "=";
  const answer = (text: string): Assignment => ({ path: field.key.split("."), how, text });
  // Each edit has the whole file read again: with many hosts a value is tried on one, and on all before it is written.
  const one: Subject = { ...subject, places: subject.places.slice(0, 1) };
  const check: Check = (text) =>
    how !== "=" && text === ""
      ? Promise.resolve("It cannot be empty; Escape goes back.")
      : refusal(opened, ({ value }) => editsFor(one, [...assignments, answer(text)], value), editor);
  const text = await askText(form, field, how === "=" ? (common ?? "") : "", check);
  if (how === "=" && text === common) return undefined;
  const refused = await check(text);
  if (refused !== undefined) {
    prompts.say(refused);
    return undefined;
  }
  // A list in brackets is several patterns.
  if (/(?:_regex|_patterns)$/.test(field.key) && /^[^[]/.test(text)) await tryPattern(editor, text);
  return answer(text);
}

async function askText(form: FormState, field: Field, now: string, check: Check): Promise<string> {
  const { editor } = form;
  if (field.key === "auth") return askLogin(editor, now, check);
  const values = field.key === "platform" ? builtinIds() : field.values;
  if (values !== undefined) {
    const open = field.key === "platform" ? [{ value: OTHER, label: "another one, by its name" }] : [];
    const rows = [
      { value: UNSET, label: "not set" },
      ...values.map((value) => ({ value, label: value })),
      ...open,
    ];
    const picked = await editor.prompts.search(`${field.key}: ${field.help}`, rows, now);
    if (picked !== OTHER) return picked;
  }
  const list = field.list ? " Commas between several." : "";
  return editor.prompts.text(`${field.key}: ${field.help}${list}`, {
    initial: now,
    placeholder: "empty: not set",
    check,
  });
}

async function askHow({ editor, subject }: FormState, { key }: Field): Promise<Assignment["how"]> {
  const picked = await editor.prompts.choose(`${key} of ${subject.title}`, [
    { value: "+=", label: "add to each" },
    { value: "-=", label: "take from each" },
    { value: "=", label: "the same for all" },
  ]);
  return picked === "+=" || picked === "-=" ? picked : "=";
}

/** Shows what a pattern finds in a text that is pasted, as often as one is. */
async function tryPattern({ prompts }: Editor, source: string): Promise<void> {
  for (;;) {
    const text = await prompts.text("Paste a line to try the pattern on", { placeholder: "empty: go on" });
    if (text === "") return;
    const found = patternOf(source).find(text);
    prompts.say(found === undefined ? "It does not match." : `It matches: ${found}`);
  }
}
