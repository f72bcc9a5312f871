import { type Finding, type Judgement, RISKS, worstOf } from "../risk.ts";
import { type CliFacts, dependsOn } from "./connected.ts";
import { type Reading, readingsIn, unknownIn } from "./expand.ts";
import type { Grammar, Mode } from "./grammar.ts";
import { matches } from "./pattern.ts";
import { piped, pipeFinding, redirection } from "./pipes.ts";
import { judgeRouterOs } from "./routeros.ts";
import { unscoped } from "./scopes.ts";
import { inShell } from "./shell-command.ts";
import { after, type CliState, pend, textBehind } from "./state.ts";
import { commandsOf, linesOf, type Piece, readings, staysOpen, type Word, wordsOf } from "./words.ts";

export { type CliState, stateAt } from "./state.ts";

/** Longer texts are not looked into. */
const MAX_TEXT = 16 * 1024;
const MAX_WORDS = 256;
/** Keys of a line editor, and what a terminal does not print; `?` and Tab act without Enter. */
const ACTS_AT_ONCE = /[\u0000-\u001f\u007f-\u009f?]/;

/**
 * What the lines of a text would do on a device: which commands they can mean, by the grammar of its family, the riskiest
 * meaning first. `facts`: what the session itself depends on. Pure; takes any text.
 */
export function judgeCli(
  text: string,
  grammar: Grammar,
  state: CliState,
  facts?: CliFacts,
): Judgement<CliState> {
  if (text.length > MAX_TEXT) {
    const why = `a text of more than ${MAX_TEXT} characters is not looked into`;
    return {
      risk: "opaque",
      findings: [{ risk: "opaque", from: 0, to: text.length, meaning: `${text.slice(0, 80)}…`, why }],
      state,
    };
  }
  const found: Finding[] = [];
  let now = state;
  if (grammar.dialect === "routeros") {
    const judged = judgeRouterOs({ text, from: 0 }, grammar, state, facts);
    return concluded(judged.findings, judged.state);
  }
  for (const line of linesOf(text)) {
    if (now.until !== undefined) {
      if (line.text.includes(now.until)) now = withoutText(now);
      continue;
    }
    for (const command of commandsOf(line, grammar.separators)) {
      const judged = judgeCommand(command, grammar, now, facts);
      found.push(...judged.findings);
      now = judged.state;
    }
  }
  return concluded(found, now);
}

function concluded(found: readonly Finding[], state: CliState): Judgement<CliState> {
  const risk = worstOf(found.map((one) => one.risk));
  return { risk, findings: risk === "read" ? found : found.filter((one) => one.risk !== "read"), state };
}

function withoutText({ until: _until, ...state }: CliState): CliState {
  return state;
}

interface Judged {
  readonly findings: readonly Finding[];
  readonly state: CliState;
}

/** One command of a line. */
function judgeCommand(
  command: Piece,
  grammar: Grammar,
  state: CliState,
  facts: CliFacts | undefined,
): Judged {
  const text = command.text.trim();
  if (text === "") return { findings: [], state };
  const span = {
    from: command.from + command.text.indexOf(text),
    to: command.from + command.text.trimEnd().length,
  };
  const opaque = (why: string): Judged => ({
    findings: [{ risk: "opaque", ...span, meaning: text, why }],
    state,
  });
  if (state.opaque !== undefined)
    return opaque(`${state.opaque} reads this, not the command line of the device`);
  if (ACTS_AT_ONCE.test(command.text.trimEnd()))
    return opaque("a key of the line editor is in it: what runs is not what is seen");
  if (grammar.quotes === "text" && staysOpen(text))
    return opaque("a quote stays open: what the lines behind it are cannot be known");
  const findings: Finding[] = [];
  let next = state;
  for (const [index, reading] of readings(command, grammar.comments).entries()) {
    const judged = judgeReading(reading, grammar, state, facts, span);
    findings.push(...judged.findings);
    if (index === 0) next = judged.state;
  }
  const worst = worstOf(findings.map(({ risk }) => risk));
  const first = findings.findIndex(({ risk }) => risk === worst);
  // With and without what may be a comment it is the same command.
  return {
    findings: findings.filter(
      ({ meaning }, at) => at === first || meaning.startsWith("|") || meaning.startsWith(">"),
    ),
    state: next,
  };
}

function judgeReading(
  line: Piece,
  grammar: Grammar,
  state: CliState,
  facts: CliFacts | undefined,
  span: { readonly from: number; readonly to: number },
): Judged {
  const { head, stages } = piped(line, grammar);
  const headWords = wordsOf(head);
  const headReadings = readingsAt(state, withoutFreeText(headWords, grammar), grammar);
  const shown = worst(headReadings, line.text);
  const isShown = shown.risk === "read";
  const inStart = state.mode === grammar.start;
  const words = isShown || inStart || stages.length === 0 ? headWords : wordsOf(line);
  if (words.length > MAX_WORDS)
    return {
      findings: [{ risk: "opaque", ...span, meaning: `${line.text.slice(0, 80)}…`, why: "too many words" }],
      state,
    };
  const plain = withoutFreeText(words, grammar);
  const all = words === headWords ? headReadings : readingsAt(state, plain, grammar);
  const settledAs = settled(worst(all, line.text), all, words, plain, grammar, state, facts);
  const { reading, state: next } = inShell(settledAs, words, head);
  const findings: Finding[] = [{ risk: reading.risk, ...span, meaning: reading.meaning, why: reading.why }];
  if (isShown || inStart) findings.push(...joined(line, grammar, state));
  if (isShown || inStart) {
    for (const stage of stages) {
      const finding = pipeFinding(stage, grammar);
      if (finding !== undefined) findings.push(finding);
    }
    const written = isShown ? redirection(headWords, span) : undefined;
    if (written !== undefined) findings.push(written);
  }
  return { findings, state: next };
}

/** What ends a command in other languages: whether this device knows it too is not known. */
const JOINS = /[;&`]|\$\(/;

/** Commands behind such a sign that would be risky, were they run. */
function joined(line: Piece, grammar: Grammar, state: CliState): Finding[] {
  return line.text
    .split(JOINS)
    .slice(1)
    .flatMap((text): Finding[] => {
      const words = withoutFreeText(wordsOf({ text, from: 0 }), grammar);
      const mode = grammar.modes.get(state.mode);
      const [first = ""] = words;
      if (mode === undefined || words.length < 1 || !mode.root.words.has(first)) return [];
      const { risk, meaning } = worst(readingsIn(mode, words, grammar, []), text);
      if (risk === "read" || risk === "write") return [];
      const from = line.from + line.text.indexOf(text);
      return [
        { risk: "opaque", from, to: from + text.length, meaning, why: "may be run as a command of its own" },
      ];
    });
}

/** The words that say what is done, without a text of the caller's own at the end or in between. */
function withoutFreeText(words: readonly Word[], grammar: Grammar): string[] {
  // Options such as /noconfirm stand anywhere.
  const plain = words.map(({ plain }) => plain).filter((word, at) => at === 0 || !/^\/[a-z]+$/.test(word));
  const isText = (word: string) =>
    grammar.text.some((one) => one === word || (word.length > 4 && one.startsWith(word)));
  const at = plain.findIndex(isText);
  if (at < 0) return plain;
  if (grammar.textTakes === "line") return plain.slice(0, at + 1);
  return plain.filter((_word, place) => place === 0 || !isText(plain[place - 1] ?? ""));
}

function readingsAt(state: CliState, words: readonly string[], grammar: Grammar): Reading[] {
  const mode = grammar.modes.get(state.mode);
  if (mode === undefined || words.length === 0) return [];
  const path = (state.path ?? []).map((part) => part.toLowerCase().split(/\s+/));
  const inner = unscoped({ words, path }, grammar.scopes);
  const here = [
    ...readingsIn(mode, words, grammar, path.flat()),
    ...(inner === undefined ? [] : readingsIn(mode, inner.words, grammar, inner.path.flat())),
  ];
  const perhaps = state.perhaps === undefined ? undefined : grammar.modes.get(state.perhaps);
  const [first = ""] = words;
  const alsoThere = perhaps !== undefined && (isWord(perhaps, first, grammar) || here.length === 0);
  const there = alsoThere ? readingsIn(perhaps, words, grammar, []) : [];
  if (there.length > 0) return [...here, ...there];
  return here.length > 0 ? here : [unknownIn(mode, words)];
}

function isWord(mode: Mode, word: string, grammar: Grammar): boolean {
  return mode.root.words.has(word) || grammar.negations.includes(word);
}

function worst(readings: readonly Reading[], text: string): Reading {
  const risk = worstOf(readings.map((one) => one.risk));
  return (
    readings.find((one) => one.risk === risk) ?? {
      risk,
      why: "only reads",
      meaning: text.trim(),
      action: undefined,
      mode: "",
    }
  );
}

/** The one that leads furthest away from what is known: an abbreviation may be of each. */
const AWAY = ["opaque", "mode", "enter", "nest", "commit", "confirm", "delete", "discard"] as const;

/** The risk of a command where it is typed: a candidate, the way of the session itself; and the state behind it. */
function settled(
  reading: Reading,
  all: readonly Reading[],
  words: readonly Word[],
  plain: readonly string[],
  grammar: Grammar,
  state: CliState,
  facts: CliFacts | undefined,
): { readonly reading: Reading; readonly state: CliState } {
  const line = words.map(({ raw }) => raw).join(" ");
  const action =
    AWAY.map((is) => all.find((one) => one.action?.is === is)?.action).find((one) => one !== undefined) ??
    reading.action;
  const until = textBehind(
    grammar.bodies,
    words.map(({ raw }) => raw),
    ({ parts }) =>
      matches(
        parts,
        words.map((word) => word.plain),
      ),
  );
  let judged = reading;
  let next = state;
  if (action?.is === "commit" || action?.is === "confirm")
    judged = committed(reading, state, action.is === "confirm");
  else if (isChange(reading, grammar)) {
    const on =
      reading.risk === "write" && plain.length === words.length
        ? dependsOn([...pathWords(state), ...plain], facts)
        : undefined;
    if (
      on !== undefined &&
      !NAVIGATES.has(action?.is ?? "") &&
      !/^(?:no|undo) shutdown/.test(reading.meaning)
    )
      judged = { ...reading, risk: "disruptive", why: `changes what this session comes by (${on})` };
    next = pend(state, judged.risk, judged.meaning);
    if (action?.is === "delete" && reading.risk === "disruptive" && isNarrow(state, plain))
      judged = {
        ...reading,
        risk: "write",
        why: "takes something out of the candidate; a commit makes it real",
      };
  }
  next = after(next, action, line, grammar);
  return { reading: judged, state: until === undefined ? next : { ...next, until } };
}

const NAVIGATES: ReadonlySet<string> = new Set(["mode", "enter", "nest", "up", "top", "leave"]);

const pathWords = ({ path = [] }: CliState) => path.flatMap((part) => part.toLowerCase().split(/\s+/));

/** A statement of a mode in which something is configured. */
function isChange({ mode, risk }: Reading, grammar: Grammar): boolean {
  return risk !== "read" && (grammar.modes.get(mode)?.parent !== undefined || grammar.modes.size === 1);
}

/** Words of a path below which a whole protocol, all interfaces, a table are meant. */
const NARROW = 4;

/** A small part of a candidate that nobody else's commit makes real. */
function isNarrow(state: CliState, plain: readonly string[]): boolean {
  return state.pending?.shared === false && pathWords(state).length + plain.length - 1 >= NARROW;
}

function committed(reading: Reading, state: CliState, confirmed: boolean): Reading {
  const { pending } = state;
  if (RISKS.indexOf(reading.risk) > RISKS.indexOf("write")) return reading;
  if (pending === undefined)
    return confirmed
      ? reading
      : { ...reading, risk: "opaque", why: "what the candidate holds is not known here" };
  if (pending.lines.length === 0) return reading;
  const { risk, lines } = pending;
  return { ...reading, risk, why: `makes real: ${lines.join(" · ")}`.slice(0, 600) };
}
