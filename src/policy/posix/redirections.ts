import { type Outcome, ofPath, outcome } from "./match.ts";
import type { HereDoc, Redirection } from "./parse.ts";
import { classOfPath, UNKNOWN } from "./paths.ts";
import type { Stdin } from "./running.ts";
import type { Scope } from "./scope.ts";
import { argsOf, textOf } from "./words.ts";

/** What one redirection does, and what the command reads because of it. */
export interface Redirected {
  readonly outcome: Outcome;
  readonly stdin?: Stdin;
  /** The file is emptied before anything is written. */
  readonly empties?: string;
}

const NOTHING = outcome("read");

/** Judges one redirection by its target: a write to a file is a write to that file. */
export function judgeRedirection(redirection: Redirection, scope: Scope, choice: number): Redirected {
  if (redirection.type === "HereDoc")
    return { outcome: NOTHING, stdin: { kind: "text", text: hereText(redirection, scope) } };
  const target = redirection.target === undefined ? UNKNOWN : textOf(redirection.target, scope, choice);
  if (redirection.type === "HereString") return { outcome: NOTHING, stdin: { kind: "pipe", text: target } };
  if (/^\/dev\/(?:tcp|udp)\//.test(target))
    return {
      // Only to read from it is how one looks whether a port is open.
      outcome: outcome(redirection.operator === "<" ? "write" : "opaque", "opens a connection"),
      stdin: { kind: "file" },
    };
  const first =
    redirection.descriptor === undefined ||
    (redirection.descriptor.type === "FileDescriptor" && redirection.descriptor.value === 0);
  switch (redirection.operator) {
    case "<":
      if (!first) return { outcome: NOTHING };
      return {
        outcome: NOTHING,
        stdin: target === "/dev/null" ? { kind: "text", text: "" } : { kind: "file" },
      };
    case "<&":
      return first ? { outcome: NOTHING, stdin: { kind: "file" } } : { outcome: NOTHING };
    case ">&":
      if (/^(?:\d+-?|-)$/.test(target)) return { outcome: NOTHING };
      return written(target, false, scope);
    case ">>":
    case "&>>":
      return written(target, true, scope);
    case "<>":
      return { ...written(target, true, scope), stdin: { kind: "file" } };
    default:
      return written(target, false, scope);
  }
}

function written(target: string, appends: boolean, scope: Scope): Redirected {
  const result = ofPath(target, appends ? "append" : "replace", scope.folder);
  return appends ? { outcome: result } : { outcome: result, empties: target };
}

/** What it comes to when nothing at all is written to the file. */
export function emptied(target: string, scope: Scope): Outcome {
  const risk = classOfPath(target, "delete", scope.folder ?? "~");
  return /^\/dev\//.test(target) || risk === "write" || risk === "read"
    ? outcome("read")
    : outcome("irreversible", `empties ${target.replaceAll(UNKNOWN, "…")}`);
}

/** What all redirections of a command come to. */
export interface Applied {
  readonly stdin: Stdin;
  /** The file that is emptied first. */
  readonly empties: string | undefined;
}

/** Judges the redirections of a command in their order; `note` is called for each that does more than read. */
export function applyRedirections(
  redirections: readonly Redirection[],
  choice: number,
  place: { readonly scope: Scope; readonly stdin: Stdin; readonly until?: number },
  note: (result: Outcome, one: Redirection, meaning: string) => void,
): Applied {
  let { stdin } = place;
  let empties: string | undefined;
  for (const one of redirections) {
    // Shells do not agree on a body that is not where the here-document is.
    if (
      one.type === "HereDoc" &&
      (one.closing === undefined || (place.until !== undefined && one.closing.end > place.until))
    )
      note(outcome("opaque", "a here-document without its end"), one, "<<");
    const result = judgeRedirection(one, place.scope, choice);
    if (result.stdin !== undefined) stdin = result.stdin;
    empties = result.empties ?? empties;
    const target = one.type === "Redirect" ? one.target?.text : undefined;
    if (result.outcome.risk !== "read") note(result.outcome, one, `> ${target ?? ""}`);
  }
  return { stdin, empties };
}

/** The text of a here-document; `UNKNOWN` where something is put in. */
function hereText({ body }: HereDoc, scope: Scope): string {
  if (body.parts === undefined) return body.text;
  return body.parts
    .map((part) => {
      if (part.type === "Literal") return part.value;
      const word = {
        type: "Word",
        text: part.text,
        value: part.text,
        pos: part.pos,
        end: part.end,
        parts: [part],
      } as const;
      return argsOf(word, scope)[0]?.text ?? UNKNOWN;
    })
    .join("");
}
