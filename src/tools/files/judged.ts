import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { shownName } from "../../remote/files/shown.ts";
import type { Content } from "../../remote/text/encoding.ts";
import { KIND_NAMES } from "../../remote/validate/kinds.ts";
import { type Verdict, validate } from "../../remote/validate/validate.ts";

export type Invalid = Extract<Verdict, { is: "invalid" }>;

export interface Judged {
  readonly word: string;
  readonly notes: readonly string[];
}

/**
 * Judges the syntax of a text that is about to be written. What only looks like a type is told; what is one by its name is
 * refused, but for an edit of a file that was wrong before. @throws SshMcpError `invalid_argument`.
 */
export async function judged(
  path: string,
  about: {
    readonly op: "write" | "edit";
    readonly old: Content | undefined;
    readonly now: Content;
    readonly refuse: boolean;
  },
): Promise<Judged> {
  const { op, old, now, refuse } = about;
  if (now.is === "binary") return { word: "syntax=unchecked", notes: [] };
  const verdict = await validate(path, now.text);
  if (verdict.is === "unchecked") return { word: "syntax=unchecked", notes: [] };
  if (verdict.is === "valid") return { word: `syntax=ok:${verdict.kind}`, notes: [] };
  const word = `syntax=bad:${verdict.kind}`;
  const faults = faultsOf(verdict);
  const name = KIND_NAMES[verdict.kind];
  if (verdict.by === "content")
    return { word, notes: [`it looks like ${name}, and as that is wrong: ${faults}`] };
  if (!refuse) return { word, notes: [`as ${name} it is wrong: ${faults}`] };
  const was = op === "edit" && old?.is === "text" ? await validate(path, old.text) : undefined;
  if (was?.is === "invalid") return { word, notes: [`as ${name} it was wrong before, and is: ${faults}`] };
  throw new SshMcpError(
    "invalid_argument",
    `nothing was written: as ${name} the new content of ${shownName(path)} is wrong: ${faults}`,
    "Correct it, or pass validate: false to write it all the same.",
  );
}

/** `3:5 a colon is expected; 4:1 …`: line and column of the first faults. */
export function faultsOf({ faults, more }: Invalid): string {
  const told = faults.map(({ line, column, message }) => `${line}:${column} ${visibleLine(message, 200)}`);
  return [...told, ...(more ? ["and more"] : [])].join("; ");
}
