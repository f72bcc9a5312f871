import type { EditPath, EditValue } from "../../../inventory/document/edits.ts";
import { valueAt } from "../../../inventory/document/model.ts";
import { type Opened, openForEdits } from "../change.ts";
import type { Editor } from "./context.ts";
import { fillForm } from "./form.ts";
import type { Subject } from "./subject.ts";
import { refusal } from "./write.ts";

type Entry = { readonly [key: string]: EditValue };

/** Adds hosts: their names, then the form for all of them. Resolves to those that were written. @throws Back, Left. */
export async function addHosts(editor: Editor): Promise<readonly string[]> {
  const opened = await openForEdits(editor.around);
  const typed = await editor.prompts.text("Name of the new host", {
    placeholder: "several with blanks between: web1=10.0.0.1 web2=10.0.0.2",
    check: (text) => refusedNames(editor, opened, entriesOf(text)),
  });
  const named = entriesOf(typed);
  const entries = named.size === 1 ? await withAddress(editor, opened, named) : named;
  const names = [...entries.keys()];
  return (await fillForm(editor, opened, subjectOf(entries))) ? names : [];
}

/** A copy of a host's entry under another name. Resolves to the name that was written. @throws Back, Left. */
export async function duplicateHost(editor: Editor, name: string): Promise<string | undefined> {
  const opened = await openForEdits(editor.around);
  const entry = entryAt(opened, name);
  const to = await editor.prompts.text(`Name of the copy of ${name}`, {
    check: (text) => refusedNames(editor, opened, new Map([[text, entry]])),
  });
  const entries = await withAddress(editor, opened, new Map([[to, entry]]));
  return (await fillForm(editor, opened, subjectOf(entries))) ? to : undefined;
}

/** `web1`, or `web1=10.0.0.1`; several with blanks or commas between. */
function entriesOf(text: string): ReadonlyMap<string, Entry> {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  return new Map(
    words.map((word) => {
      const [name = "", ...address] = word.split("=");
      return [name, address.length === 0 ? {} : { host: address.join("=") }];
    }),
  );
}

async function refusedNames(
  editor: Editor,
  opened: Opened,
  entries: ReadonlyMap<string, Entry>,
): Promise<string | undefined> {
  if (entries.size === 0 || entries.has("")) return "A name is needed; Escape goes back.";
  return refusal(opened, () => [{ kind: "add", path: ["hosts"], entries }], editor);
}

/** One host's address, where its name is none. */
async function withAddress(
  editor: Editor,
  opened: Opened,
  entries: ReadonlyMap<string, Entry>,
): Promise<ReadonlyMap<string, Entry>> {
  const [[name, entry] = ["", {}]] = entries;
  const { host: now, ...rest } = entry;
  const reached = (address: string): Entry => (address === "" ? rest : { host: address, ...rest });
  const address = await editor.prompts.text(`Address of ${name}`, {
    placeholder: "empty: the name itself",
    ...(now === undefined ? {} : { initial: String(now) }),
    check: (text) => refusedNames(editor, opened, new Map([[name, reached(text)]])),
  });
  return new Map([[name, reached(address)]]);
}

function subjectOf(entries: ReadonlyMap<string, Entry>): Subject {
  const names = [...entries.keys()];
  return {
    title: names.length === 1 ? `New host ${names[0]}` : `${names.length} new hosts`,
    section: "hosts",
    places: names.map((name): EditPath => ["hosts", name]),
    begins: ([, name = ""]) => entries.get(name) ?? {},
  };
}

function entryAt({ value }: Opened, name: string): Entry {
  const entry = valueAt(value, ["hosts", name]);
  if (typeof entry !== "object" || entry === null) return {};
  return Object.fromEntries(Object.entries(entry).map(([key, child]) => [key, plain(child)]));
}

/** A value of the file, all of whose values can be written. */
function plain(value: unknown): EditValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value ?? {}).map(([key, child]) => [key, plain(child)]));
}
