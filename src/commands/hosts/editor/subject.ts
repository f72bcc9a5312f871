import type { Edit, EditPath, EditValue } from "../../../inventory/document/edits.ts";
import { expected, valueAt } from "../../../inventory/document/model.ts";
import { type Assignment, editsOf } from "../assignments.ts";
import type { Section } from "./fields.ts";

/** Entries of the file that a form fills in together. */
export interface Subject {
  /** As it is called in questions: `web1`, `3 hosts`. */
  readonly title: string;
  readonly section: Section;
  readonly places: readonly EditPath[];
  /** What a place that the file does not have begins with. */
  readonly begins?: (place: EditPath) => { readonly [key: string]: EditValue };
}

/** The edits that make these assignments at each place of the subject, in what the file says. */
export function editsFor(subject: Subject, assignments: readonly Assignment[], file: unknown): Edit[] {
  const edits: Edit[] = [];
  let now = file;
  const push = (edit: Edit) => {
    edits.push(edit);
    now = expected(now, edit);
  };
  for (const place of subject.places) {
    const [section = "", name] = place;
    if (name !== undefined && valueAt(now, place) === undefined)
      push({ kind: "add", path: [section], entries: new Map([[name, subject.begins?.(place) ?? {}]]) });
    const fitting = assignments.filter(
      ({ path, how, text }) =>
        valueAt(now, [...place, ...path]) !== undefined || (how !== "-=" && text !== ""),
    );
    for (const edit of editsOf(place, fitting, now)) push(edit);
  }
  return edits;
}

/** What the file says behind these assignments. */
export function valueBehind(subject: Subject, assignments: readonly Assignment[], file: unknown): unknown {
  return editsFor(subject, assignments, file).reduce<unknown>(expected, file);
}
