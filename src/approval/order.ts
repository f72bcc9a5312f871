import { createHash } from "node:crypto";
import type { Action, ContentDigest, Target } from "../base/contract/action.ts";
import type { Caller } from "../base/contract/caller.ts";
import { visible, visibleLine } from "../base/text.ts";
import type { Finding, Risk } from "../policy/risk.ts";
import type { Verdict } from "../policy/verdict.ts";
import type { Found } from "./grant.ts";

/** What a person is asked to approve, complete: what is not in here is not approved with it. */
export interface Order {
  /** Whose it is, by inventory and, over HTTP, address: other servers of this user have the same folder. Left out: an older one's. */
  readonly inventory?: string;
  /** SHA-256 over everything the approval is bound to: host, session and its life, state, exact lines or bytes. */
  readonly key: string;
  readonly host: string;
  /** `user@address:port`. */
  readonly address: string;
  /** All hosts of the call it is a part of, where that names several. */
  readonly hosts?: readonly string[];
  readonly session?: string;
  readonly mode?: string;
  /** `run`, `type`, `exec`, `write` … */
  readonly what: string;
  /** The text as it would be sent, made visible. */
  readonly text: string;
  readonly risk: Risk;
  /** Why it is asked for, one sentence each. */
  readonly reasons: readonly string[];
  readonly tool?: string;
  readonly client?: string;
  /** What the operator could write to let it pass without being asked. */
  readonly wayOut?: string;
  /** All that was found, for a grant beyond this one; left out: it is more than one could agree to. */
  readonly findings?: readonly Found[];
}

/** Of a long text a person sees its beginning and its end. */
const SHOWN_CHARS = 4_000;
const REASONS = 12;
/** Findings that a grant can be made of. */
const MOST_FOUND = 32;

export function orderOf(
  { tool, client }: Pick<Caller, "tool" | "client">,
  action: Action,
  { host, session }: Target,
  verdict: Extract<Verdict, { is: "ask" }>,
  content?: ContentDigest,
): Order {
  const risk = verdict.risk ?? "opaque";
  const findings = (verdict.judged ?? []).flatMap((judged) => judged.findings);
  const hosts = action.verb === "exec" ? action.among : undefined;
  return {
    key: keyOf(action, { host, ...(session && { session }) }, content),
    host: host.name,
    address: host.address,
    ...(hosts === undefined ? {} : { hosts }),
    ...(session === undefined ? {} : { session: session.name }),
    ...(session?.mode === undefined ? {} : { mode: session.mode }),
    what: action.verb === "file" ? action.op : action.verb,
    text: shortened([textFor(action, session), ...(content === undefined ? [] : [said(content)])].join("\n")),
    risk,
    reasons: [
      visibleLine(verdict.why, 600),
      ...findings
        .slice(0, REASONS)
        .map((one) => `${one.risk}: ${visibleLine(one.meaning, 160)} (${visibleLine(one.why, 160)})`),
      ...(verdict.armed === undefined ? [] : [`safer there: ${visibleLine(verdict.armed, 300)}`]),
    ],
    ...(tool === undefined ? {} : { tool }),
    ...(client === undefined ? {} : { client }),
    ...(findings.length === 0 || findings.length > MOST_FOUND || isKeys(action, session, verdict)
      ? {}
      : { findings: findings.map(foundIn) }),
    ...(verdict.wouldPass === undefined ? {} : { wayOut: visibleLine(verdict.wouldPass, 1_000) }),
  };
}

function foundIn({ risk, meaning, why, via }: Finding): Found {
  return { risk, meaning, why, ...(via === undefined ? {} : { via }) };
}

/** Keys and answers do what the program in front makes of them: the same ones are another act elsewhere. */
function isKeys(action: Action, session: Target["session"], { judged = [] }: Verdict): boolean {
  if (action.verb !== "type") return false;
  return session?.asked === "password" || judged.some(({ text }) => text === action.shown);
}

/** What answers a question for a secret is not kept on a disk, nor shown to whoever looks at the orders. */
function textFor(action: Action, session: Target["session"]): string {
  return action.verb === "type" && session?.asked === "password"
    ? `${[...action.shown].length} characters that are not shown: a secret is asked for`
    : textOf(action);
}

function said({ sha256, files, bytes }: ContentDigest): string {
  return `content: ${files === 1 ? "1 file" : `${files} files`}, ${bytes} bytes, SHA-256 ${sha256}`;
}

function shortened(text: string): string {
  const shown = visible(text);
  if (shown.length <= SHOWN_CHARS) return shown;
  const half = SHOWN_CHARS / 2;
  return `${shown.slice(0, half)}\n… ${shown.length - SHOWN_CHARS} characters …\n${shown.slice(-half)}`;
}

function textOf(action: Action): string {
  switch (action.verb) {
    case "run":
      return action.lines.map(({ text }) => text).join("\n");
    case "type":
      return [action.shown, ...(action.enters?.lines ?? [])].join("\n");
    case "exec":
      return [
        action.subject ?? action.command,
        ...(action.mode === undefined ? [] : [`in mode ${action.mode}`]),
        ...(action.keepGoing === true ? ["each line, also behind one that failed"] : []),
        ...(action.cwd === undefined ? [] : [`in ${action.cwd}`]),
        ...Object.entries(action.env ?? {}).map(([name, value]) => `with ${name}=${value}`),
        ...(action.stdin === undefined ? [] : [`reading:\n${action.stdin}`]),
      ].join("\n");
    case "file":
      return [
        `${action.op} ${action.path}${action.sudo ? " as root" : ""}`,
        ...(action.to === undefined ? [] : [`other end: ${action.to}`]),
        ...(action.content === undefined ? [] : [action.content]),
      ].join("\n");
    default:
      return action.verb;
  }
}

/** Exactly what it is for; of one command on many hosts the whole list, so that one answer is for all of them. */
function keyOf(
  action: Action,
  { host, session }: Pick<Target, "host" | "session">,
  content: ContentDigest | undefined,
): string {
  const at = session && {
    name: session.name,
    life: session.life,
    state: session.state,
    command: session.command,
    mode: session.mode,
    level: session.level,
    // Whatever was run meanwhile may have changed what the same words do.
    given: session.given,
    // An answer is for its question.
    row: session.state === "asking" || session.state === "unsent" ? session.row : undefined,
  };
  const many = action.verb === "exec" && action.among !== undefined;
  const where = many ? { hosts: [...action.among].sort() } : { host: host.name, address: host.address };
  return createHash("sha256")
    .update(JSON.stringify([where, at, bound(action), content?.sha256]))
    .digest("hex");
}

function bound(action: Action): unknown {
  switch (action.verb) {
    case "run":
      return ["run", action.command, action.lines, action.secret];
    case "type":
      return ["type", action.bytes.toString("base64"), action.enters];
    case "exec":
      // The line of a recipe holds a mark that is made anew each time; its subject says all that it depends on.
      return action.subject === undefined
        ? [
            "exec",
            action.command,
            action.line,
            action.cwd,
            action.env,
            action.stdin,
            action.pty,
            action.secret,
            action.mode,
            action.keepGoing,
          ]
        : ["recipe", action.subject];
    case "file":
      return ["file", action.op, action.path, action.to, action.sudo, action.content];
    default:
      return [action.verb];
  }
}
