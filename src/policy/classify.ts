import type { Action, Echo, Entered, HostFacts, SessionFacts, Target } from "../base/contract/action.ts";
import { shellQuote } from "../base/shell-quote.ts";
import type { CliFacts } from "./cli/connected.ts";
import type { Grammar } from "./cli/grammar.ts";
import { type CliState, judgeCli, stateAt } from "./cli/judge.ts";
import { behind, isHarmless, type Reader, readerOf } from "./keys.ts";
import { perhapsOnDevice } from "./perhaps-device.ts";
import { AT_LOGIN, judgePosix, type PosixState } from "./posix/judge.ts";
import { classOfPath } from "./posix/paths.ts";
import { type Finding, type Judgement, type Risk, worstOf } from "./risk.ts";
import type { Remembered, SessionMemory } from "./session-memory.ts";
import { readsCommands } from "./simple-commands.ts";

type Run = Extract<Action, { verb: "run" }>;
type Typing = Extract<Action, { verb: "type" }>;
type Exec = Extract<Action, { verb: "exec" }>;
type FileAction = Extract<Action, { verb: "file" }>;

/** A text that was judged, and what was found in it. */
export interface Judged {
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** What an action comes to, whatever the operator makes of it. */
export interface Classified {
  readonly risk: Risk;
  readonly judged: readonly Judged[];
  /** How a change is made there so that it undoes itself. */
  readonly armed?: string;
  /** What the session is to be remembered by once this was done. */
  readonly after?: Remembered;
}

/** The grammar of a platform; undefined: it is a Unix shell. */
export type GrammarOf = (platform: string) => Promise<Grammar | undefined>;

const READS: Classified = { risk: "read", judged: [] };

/** What an action would do, read from its text and from what its session was given before; nothing is sent. */
export async function classify(
  action: Action,
  target: Target,
  grammarOf: GrammarOf,
  memory: SessionMemory,
): Promise<Classified> {
  const { host, session } = target;
  switch (action.verb) {
    case "run": {
      const far = claimed(action, session, await farOf(host, session, grammarOf, memory));
      return action.lines.length === 0 ? READS : run(action, far);
    }
    case "type":
      return typed(action, await farOf(host, session, grammarOf, memory), target);
    case "exec":
      return exec(action, await farOf(host, undefined, grammarOf, memory));
    case "file":
      return file(action);
    default:
      return READS;
  }
}

/** The platform whose grammar has what devices of every make have. */
const ANY_DEVICE = "generic_cli";

/** Who reads what is given, and what it was given before. */
type Far =
  | {
      readonly kind: "posix";
      readonly state: PosixState;
      /** Of devices of any make, where it is not known yet that a shell reads. */
      readonly perhaps?: Grammar | undefined;
    }
  | { readonly kind: "cli"; readonly state: CliState; readonly grammar: Grammar; readonly facts: CliFacts };

async function farOf(
  host: HostFacts,
  session: SessionFacts | undefined,
  grammarOf: GrammarOf,
  memory: SessionMemory,
): Promise<Far> {
  const platform = session?.platform ?? (host.platform === "auto" ? "posix" : host.platform);
  const grammar = platform === "posix" ? undefined : await grammarOf(platform);
  const before = session === undefined ? undefined : memory.of(session);
  if (grammar === undefined) {
    const state = before?.kind === "posix" ? atShell(before.state, session) : AT_LOGIN;
    const isKnown =
      host.platform !== "auto" || session?.platform !== undefined || session?.promptBy === "sentinel";
    return { kind: "posix", state, ...(isKnown ? {} : { perhaps: await grammarOf(ANY_DEVICE) }) };
  }
  const mode = session?.mode;
  const expected = stateAt(grammar, mode);
  const cli = before?.kind === "cli" ? before.state : undefined;
  const known = cli !== undefined && (mode === undefined || isSamePlace(cli, expected));
  // Another prompt than expected: what is in a candidate stays there.
  const elsewhere = cli?.pending === undefined ? expected : { ...expected, pending: cli.pending };
  return {
    kind: "cli",
    grammar,
    state: known ? cli : elsewhere,
    facts: { connectedThrough: loginOf(host) },
  };
}

function isSamePlace(one: CliState, other: CliState): boolean {
  return one.mode === other.mode && (one.opaque === undefined) === (other.opaque === undefined);
}

/** The user and the address that every session on it depends on. */
function loginOf({ address }: HostFacts): readonly string[] {
  const [, user, at] = /^(.*)@(.*):\d+$/.exec(address) ?? [];
  return [user, at?.replace(/^\[|\]$/g, "")].flatMap((part) => part || []);
}

/** A shell that says itself that it is at its prompt reads; what it started before has ended. */
function atShell(state: PosixState, session: SessionFacts | undefined): PosixState {
  if (session?.state !== "prompt" || session.promptBy !== "sentinel") return state;
  const { opaque: _, ...shell } = state;
  return shell;
}

/** A row that is a prompt on the caller's word alone is anybody's. */
function claimed({ here }: Run, session: SessionFacts | undefined, far: Far): Far {
  const own = session?.state === "prompt" || session?.state === "unsent";
  return here === undefined || own || far.kind === "cli" ? far : within(far, "what shows this prompt");
}

/** The steps to the mode it is to be run in, then the command: a shell reads it as one program, a device line by line. */
function run({ lines, command, mode }: Run, far: Far): Classified {
  const steps = inOrder(
    lines.filter(({ why }) => why === "mode").map(({ text }) => text),
    far,
  );
  const there = placeOf(steps.after, far);
  const then = inOrder([command], mode === undefined ? there : inMode(mode, there));
  const armed = then.risk === "disruptive" ? armedIn(far, then.after) : undefined;
  return {
    ...then,
    ...(armed === undefined ? {} : { armed }),
    risk: worstOf([steps.risk, then.risk]),
    judged: [...steps.judged, ...then.judged],
  };
}

/** Only of a change to what is configured: a restart undoes nothing. */
function armedIn(far: Far, after: Remembered | undefined): string | undefined {
  if (far.kind !== "cli" || after?.kind !== "cli") return undefined;
  const { grammar } = far;
  return after.state.mode !== grammar.start || grammar.dialect === "routeros" ? grammar.armed : undefined;
}

function placeOf(after: Remembered | undefined, far: Far): Far {
  return far.kind === "cli" && after?.kind === "cli" ? { ...far, state: after.state } : far;
}

function inMode(mode: string, far: Far): Far {
  return far.kind === "posix" || far.state.mode === mode
    ? far
    : { ...far, state: stateAt(far.grammar, mode) };
}

function judge(text: string, far: Far): { readonly judgement: Judgement<unknown>; readonly far: Far } {
  if (far.kind === "posix") {
    const judgement = judgePosix(text, far.state);
    const { perhaps } = far;
    const worst = atWorst(judgement, text, far.state);
    return {
      judgement: perhaps === undefined ? worst : perhapsOnDevice(worst, text, perhaps),
      far: { ...far, state: judgement.state },
    };
  }
  const judgement = judgeCli(text, far.grammar, far.state, far.facts);
  return { judgement, far: { ...far, state: judgement.state } };
}

/** Names of what reads the language of a shell, though it is not this session's. */
const A_SHELL = /shell|prompt|line that goes on|^(?:ssh|tmux|screen|script)$/;

/** What another shell reads is known no better than what this one would do, and may be as bad. */
function atWorst(
  judgement: Judgement<PosixState>,
  text: string,
  { opaque }: PosixState,
): Judgement<PosixState> {
  if (opaque === undefined || !A_SHELL.test(opaque) || judgement.risk === "read") return judgement;
  const there = judgePosix(text, AT_LOGIN);
  if (worstOf([there.risk, judgement.risk]) === judgement.risk) return judgement;
  return { ...judgement, risk: there.risk, findings: [...judgement.findings, ...there.findings] };
}

function inOrder(texts: readonly string[], from: Far): Classified {
  let far = from;
  const judged: Judged[] = [];
  const risks: Risk[] = [];
  for (const text of texts) {
    const step = judge(text, far);
    far = step.far;
    risks.push(step.judgement.risk);
    judged.push({ text, findings: step.judgement.findings });
  }
  return { risk: worstOf(risks), judged, after: rememberedOf(far) };
}

function rememberedOf(far: Far): Remembered {
  return far.kind === "posix" ? { kind: "posix", state: far.state } : { kind: "cli", state: far.state };
}

/** What keys come to: a command where they enter one, else what they may do to the program that reads them, and behind it. */
async function typed(action: Typing, far: Far, target: Target): Promise<Classified> {
  const { session } = target;
  const { enters, shown } = action;
  const echo = await echoOf(target);
  const reader = readerOf(session, far.state.opaque, echo);
  if (reader.is === "prompt") {
    if (enters?.unknown === true)
      return one(
        shown,
        "opaque",
        "what would be run cannot be known: keys in it recall, complete or edit the line",
      );
    return (enters?.lines ?? []).length === 0 ? { ...READS, after: rememberedOf(far) } : entered(enters, far);
  }
  if (isHarmless(action, reader)) return READS;
  if (session?.asked === "password") return secret(action, far, session, echo);
  if (reader.is !== "program") return answered(action, reader, far);
  const inside = within(far, reader.name);
  const keys = one(shown, "opaque", `keys for ${reader.name}, which can do anything`);
  if ((enters?.lines ?? []).length === 0) return keys;
  // A line that goes on is a part of one that the shell reads.
  return session?.asked === "continuation" && far.state.opaque === undefined
    ? joined([keys, withoutAfter(entered(enters, far))])
    : entered(enters, inside);
}

/** Asked only where it decides something. */
async function echoOf({ host, session, terminal }: Target): Promise<Echo> {
  if (session?.state !== "asking" || host.policy.level === "unrestricted") return "unknown";
  return (await terminal?.kernelEcho?.().catch(() => "unknown" as const)) ?? "unknown";
}

/** It is shown nowhere, and nothing but what asks reads it: in a program that can do anything, only where that is proven. */
function secret(action: Typing, far: Far, session: SessionFacts, echo: Echo): Classified {
  const { opaque } = far.state;
  const reader = readerOf(session, undefined, echo);
  const hidden = `[${[...action.shown].length} characters that are not shown]`;
  const ahead = reader.is === "question" ? behind(action, reader) : undefined;
  if (reader.is !== "question" || ahead?.answer === undefined || ahead.unknown || ahead.lines.length > 0)
    return one(hidden, "opaque", "more than an answer to what reads like a question for a secret");
  if (opaque !== undefined && !(reader.sure && echo === "off"))
    return one(
      hidden,
      "opaque",
      `it reads like a question for a secret, but ${opaque} may run it as a command`,
    );
  const found = reader.sure ? READS : knownHarm(ahead.answer, far);
  return found === READS ? { risk: "write", judged: [] } : found;
}

/** A line that may be an answer: it counts as a command only where it is known to be a harmful one. */
function knownHarm(text: string, far: Far): Classified {
  const found = withoutAfter(inOrder([text], far));
  return found.risk === "disruptive" || found.risk === "irreversible" ? found : READS;
}

/** Lines in order, each from where the one before it leads; the first in each of its readings, any of which may be the command. */
function entered(enters: Entered | undefined, far: Far): Classified {
  const { lines = [], readings = 1 } = enters ?? {};
  const rest = lines.slice(readings);
  return worstIn(lines.slice(0, readings).map((first) => inOrder([first, ...rest], far)));
}

/** An answer to what was let through; what is behind it may be read by the command line. */
function answered(
  action: Typing,
  reader: Exclude<Reader, { is: "prompt" | "program" }>,
  far: Far,
): Classified {
  const { answer, lines, unknown } = behind(action, reader);
  const likely = reader.is === "question" && !reader.sure && answer !== undefined;
  const next = inOrder(lines, far);
  const all = joined([
    likely ? knownHarm(answer, far) : READS,
    withoutAfter(next),
    ...(unknown ? [one(action.shown, "opaque", "keys in it recall, complete or edit a line")] : []),
  ]);
  const after = lines.length === 0 || next.after === undefined ? {} : { after: next.after };
  if (worstOf([all.risk, "write"]) === "write")
    return { ...one(action.shown, "write", "input for what runs"), ...after };
  return { ...joined([one(action.shown, all.risk, NOT_ASKED), all]), ...after };
}

const NOT_ASKED =
  "nothing is known to wait for all of it, so what comes next may run it: send one line per call";

/** The same with that program in front, where none is known to be. */
function within(far: Far, name: string): Far {
  const opaque = far.state.opaque ?? name;
  return far.kind === "posix"
    ? { ...far, state: { ...far.state, opaque } }
    : { ...far, state: { ...far.state, opaque } };
}

function joined(all: readonly Classified[]): Classified {
  return { risk: worstOf(all.map(({ risk }) => risk)), judged: all.flatMap(({ judged }) => judged) };
}

function worstIn(all: readonly Classified[]): Classified {
  const worst = worstOf(all.map(({ risk }) => risk));
  const after = all.find(({ risk }) => risk === worst)?.after;
  return { ...joined(all), ...(after === undefined ? {} : { after }) };
}

function one(text: string, risk: Risk, why: string): Classified {
  return { risk, judged: [{ text, findings: [{ risk, from: 0, to: text.length, meaning: text, why }] }] };
}

/** A command of its own, in its mode, with what is set around it and given to it. */
function exec(action: Exec, far: Far): Classified {
  const { command, declared, mode } = action;
  if (declared !== undefined) return ownCommand(action, declared);
  const there = mode === undefined ? far : inMode(mode, far);
  const { judged, risk } = inOrder([command], there);
  const more = [
    ...(far.kind === "cli" ? [] : around(action, far)),
    ...(mode === undefined ? [] : modeOf(action, mode, there)),
  ];
  return {
    judged: [...judged, ...more.flatMap((each) => each.judged)],
    risk: worstOf([risk, ...more.map((each) => each.risk)]),
  };
}

/** What a mode adds: the way there is a change as in any session, and of a platform that is not known a device may read it. */
function modeOf({ command }: Exec, mode: string, far: Far): readonly Classified[] {
  if (far.kind === "cli")
    return far.state.mode === far.grammar.start
      ? []
      : [one(`mode ${mode}`, "write", "goes to another mode of the device")];
  const { perhaps: grammar } = far;
  if (grammar === undefined) return [];
  const device = { kind: "cli", grammar, state: stateAt(grammar, mode), facts: {} } as const;
  return [withoutAfter(inOrder([command], device)), ...modeOf({ verb: "exec", command }, mode, device)];
}

/** This program's own text, and what that declares; the operator's rules are still held against it. */
function ownCommand({ command, subject = command }: Exec, declared: Risk): Classified {
  const text: Judged = { text: command, findings: [] };
  if (declared === "read") return { risk: "read", judged: [text] };
  const { judged } = one(subject, declared, "a recipe that changes the host");
  return { risk: declared, judged: [...judged, text] };
}

/** The environment as the assignments it is, and what a shell is given to read as the commands they are. */
function around({ command, env, stdin, pty }: Exec, far: Far): readonly Classified[] {
  const { after } = inOrder([command], far);
  // A program that runs what it reads, or a shell.
  const program =
    after?.kind === "posix" && after.state.opaque !== undefined ? { ...far, ...after } : undefined;
  const reader = program ?? (readsCommands(command) ? far : undefined);
  const set = Object.entries(env ?? {}).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
  return [
    ...(set.length === 0 ? [] : [withoutAfter(inOrder([`${set.join(";")};${command}`], far))]),
    ...(stdin === undefined || reader === undefined ? [] : [withoutAfter(inOrder([stdin], reader))]),
    ...(stdin === undefined || pty !== true
      ? []
      : [one(stdin, "opaque", "keys at a terminal, which may be commands of what runs")]),
  ];
}

function withoutAfter({ risk, judged }: Classified): Classified {
  return { risk, judged };
}

const READING: ReadonlySet<string> = new Set(["read", "list", "validate", "download"]);

function file({ op, path, writes = !READING.has(op) }: FileAction): Classified {
  if (!writes) return READS;
  return one(path, classOfPath(path), `${op} changes this file`);
}
