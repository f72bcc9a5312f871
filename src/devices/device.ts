import { messageOf, SshMcpError } from "../base/errors.ts";
import { COMES_BACK, LEADS_AWAY, LOGIN_QUESTIONS, LOGIN_ROWS, NEVER_LEFT } from "./away.ts";
import {
  beginsMessage,
  isOwnRow,
  PAGERS,
  QUESTIONS,
  type QuestionShape,
  SECRETS,
  SENTENCES,
  shapeOf,
} from "./lexicon.ts";
import type {
  ErrorClass,
  Profile,
  ProfileMode,
  ProfilePager,
  ProfileQuestion,
  WarningClass,
} from "./profile.ts";
import { type TextEnds, textsOf } from "./text-ends.ts";

/** Tests one right-trimmed row. */
export type RowTest = (row: string) => boolean;

/** What a prompt row says. */
export interface PromptMatch {
  readonly mode: string;
  /** Hostname as the prompt shows it; undefined where the pattern cannot tell it. */
  readonly host: string | undefined;
  /** Tests the row above; undefined: the prompt is one row. */
  readonly context: RowTest | undefined;
  /** Known from prompts that were seen, and not from the profile: what differs is another state, or where one is. */
  readonly like?: true;
}

export type DevicePager = Omit<ProfilePager, "match">;

/** `shared`: known by its shape and not from the profile. */
export interface DeviceQuestion extends Omit<ProfileQuestion, "match"> {
  readonly shared?: true;
}

/** error: it was not done. warning: it was, and there is something to know; `unknown`: nobody can say which. */
export type DeviceMessage =
  | { readonly is: "error"; readonly class: ErrorClass }
  | { readonly is: "warning"; readonly class: WarningClass };

/** How a mode is entered; `asks` is the row that wants the secret. */
export interface DeviceMode extends ProfileMode {
  readonly name: string;
  readonly asks: RowTest | undefined;
}

export interface InBandAnswer {
  readonly test: RowTest;
  readonly answer: "username" | "password" | { readonly text: string };
}

/** A profile with its patterns compiled and its defaults filled in: what a session works with. */
export interface Device {
  readonly profile: Profile;
  readonly id: string;
  /** The mode and host of a prompt on this row (text up to the cursor); undefined: it is none. */
  prompt(row: string): PromptMatch | undefined;
  /** The pager that stands on this row (the whole cursor row). */
  pager(row: string): DevicePager | undefined;
  question(row: string): DeviceQuestion | undefined;
  /** What reads as a question on any device, and may be a part of an output that pauses there. */
  asks(row: string): DeviceQuestion | undefined;
  /** What ends the text that this row asks for, or that this command line begins without a word. */
  readonly text: TextEnds;
  /** The line goes on behind this row. */
  continues: RowTest;
  isSecret: RowTest;
  /** A row that the device prints by itself. */
  isLog: RowTest;
  /** The same, also directly behind its prompt. */
  isAsync: RowTest;
  /** A message of several rows that begins with this one; its last row, where that is known. */
  notice(row: string): { readonly end: RowTest | undefined } | undefined;
  /** The prompt that such a row was printed behind. */
  promptBefore(row: string): string | undefined;
  /** Which of the rows printed with the prompt in front of each answer this is; undefined: none. */
  stripped(row: string): number | undefined;
  /** What a row of output says about what was typed; undefined: nothing. */
  message(row: string): DeviceMessage | undefined;
  readonly modes: ReadonlyMap<string, DeviceMode>;
  /** Hints by which the platform is recognised. */
  readonly hints: {
    readonly ident: RowTest;
    readonly banner: RowTest;
    /** A row of the harmless command's output. */
    readonly output: RowTest;
    readonly command: string | undefined;
  };
  readonly inBand: readonly InBandAnswer[];
  readonly keys: {
    readonly enter: string;
    readonly interrupt: string;
    readonly killLine: string;
    readonly eof: string;
  };
  readonly echo: "exact" | "fuzzy" | "none";
  readonly settleMs: number;
  /** The key that the device waits for at this row after login, before it goes on. */
  wakeKey(row: string): string | undefined;
  /** What may lead from this device to another one, and what shows it. */
  readonly away: {
    /** A typed line. */
    readonly leads: RowTest;
    /** The row that ends it. */
    readonly back: RowTest;
    /** The row that says it did not even begin. */
    readonly never: RowTest;
    /** One of the first rows of a session on something else. */
    readonly login: RowTest;
    /** A question with which such a session begins. */
    readonly asks: RowTest;
  };
  readonly openMs: number;
}

let commonAway: Device["away"] | undefined;

/** Where a row behind a prompt may begin. */
const LONGEST_PROMPT = 80;
const DEFAULTS = { settleMs: 100, openMs: 30_000 } as const;

/**
 * @param told names a field in an error; by default with the profile's id.
 * @throws SshMcpError `inventory_invalid` naming the field of a pattern that RE2 does not take.
 */
export async function compileDevice(
  profile: Profile,
  told: (field: string) => string = (field) => `device profile ${profile.id}: ${field}`,
): Promise<Device> {
  const { RE2JS } = await import("re2js");
  type Pattern = ReturnType<typeof RE2JS.compile>;

  const compile = (source: string, field: string): Pattern => {
    try {
      return RE2JS.compile(source);
    } catch (error) {
      throw new SshMcpError(
        "inventory_invalid",
        `${told(field)} is not an RE2 pattern: ${messageOf(error)}`,
        "Use RE2 syntax: no look-around, no back-references; `exclude` takes the place of a negative look-ahead.",
      );
    }
  };
  const test = (source: string, field: string): RowTest => {
    const pattern = compile(source, field);
    return (row) => pattern.test(row);
  };
  const anyOf = (sources: readonly string[] | undefined, field: string): RowTest => {
    const tests = (sources ?? []).map((source, index) => test(source, `${field}[${index}]`));
    return (row) => tests.some((matches) => matches(row));
  };

  // The same for all platforms: compiled once.
  commonAway ??= {
    leads: anyOf(LEADS_AWAY, "away"),
    back: anyOf(COMES_BACK, "away"),
    never: anyOf(NEVER_LEFT, "away"),
    login: anyOf(LOGIN_ROWS, "away"),
    asks: anyOf(LOGIN_QUESTIONS, "away"),
  };
  const common = commonAway;
  const either =
    (one: RowTest, other: RowTest): RowTest =>
    (row) =>
      one(row) || other(row);

  const prompts = (profile.prompts ?? []).map((prompt, index) => {
    const field = `prompts[${index}]`;
    const pattern = compile(prompt.match, `${field}.match`);
    return {
      mode: prompt.mode,
      pattern,
      named: Object.hasOwn(pattern.namedGroups(), "host"),
      exclude: prompt.exclude === undefined ? undefined : test(prompt.exclude, `${field}.exclude`),
      context: prompt.context === undefined ? undefined : test(prompt.context, `${field}.context`),
    };
  });
  const pagers = (profile.pagers ?? []).map((pager, index) => ({
    ...pager,
    test: test(pager.match, `pagers[${index}].match`),
  }));
  const questions = (profile.questions ?? []).map((question, index) => ({
    ...question,
    test: test(question.match, `questions[${index}].match`),
  }));
  const message = messagesOf(profile, test);
  const text = textsOf(profile, compile);
  const stripped = (profile.strip_rows ?? []).map((source, index) => test(source, `strip_rows[${index}]`));
  const wakes = (profile.wake ?? []).map(({ match, key }, index) => ({
    key,
    test: test(match, `wake[${index}].match`),
  }));
  const modes = Object.entries(profile.modes ?? {}).map(([name, mode]) => ({
    ...mode,
    name,
    asks: mode.enter.ask === undefined ? undefined : test(mode.enter.ask, `modes.${name}.enter.ask`),
  }));
  const prompt = (row: string): PromptMatch | undefined => {
    // No prompt is longer; a row beyond it is output.
    if (row.length > 300) return undefined;
    for (const { mode, pattern, named, exclude, context } of prompts) {
      if (!pattern.test(row) || exclude?.(row)) continue;
      const matcher = pattern.matcher(row);
      const host = named && matcher.find() ? (matcher.group("host") ?? undefined) : undefined;
      return { mode, host, context };
    }
    return undefined;
  };
  const listed = anyOf(profile.async, "async");
  const isSecret = anyOf(profile.secrets, "secrets");
  const notices = (profile.notices ?? []).map(({ match, end }, index) => ({
    test: test(match, `notices[${index}].match`),
    end: end === undefined ? undefined : test(end, `notices[${index}].end`),
  }));
  const notice = (row: string) =>
    notices.find((one) => one.test(row)) ?? (beginsMessage(row) ? { end: undefined } : undefined);
  const isLog = (row: string) => isOwnRow(row) || listed(row) || notices.some((one) => one.test(row));
  return {
    profile,
    id: profile.id,
    isLog,
    notice,
    ...rowsAt(prompt, isLog),
    pager: (row) => pagers.find((pager) => pager.test(row)) ?? shapeOf(row, PAGERS),
    question: (row) => questions.find((question) => question.test(row)) ?? sharedQuestion(row, QUESTIONS),
    asks: (row) => sharedQuestion(row, SENTENCES),
    isSecret: (row) => isSecret(row) || SECRETS.some((shape) => shape.test(row)),
    text,
    continues: anyOf(profile.continues, "continues"),
    stripped: (row) => indexOr(stripped.findIndex((matches) => matches(row))),
    message: (row) => (isLog(row) ? undefined : message(row)),
    modes: new Map(modes.map((mode) => [mode.name, mode])),
    hints: {
      ident: anyOf(profile.detect?.ssh_ident, "detect.ssh_ident"),
      banner: anyOf(profile.detect?.banner, "detect.banner"),
      output: anyOf(profile.detect?.output, "detect.output"),
      command: profile.detect?.command,
    },
    inBand: (profile.auth?.in_band ?? []).map(({ match, answer }, index) => ({
      test: test(match, `auth.in_band[${index}].match`),
      answer,
    })),
    keys: {
      enter: profile.keys?.enter ?? "\r",
      interrupt: profile.keys?.interrupt ?? "\u0003",
      killLine: profile.keys?.kill_line ?? "\u0015",
      eof: profile.keys?.eof ?? "\u0004",
    },
    echo: profile.input?.echo ?? "fuzzy",
    settleMs: profile.settle_ms ?? DEFAULTS.settleMs,
    wakeKey: (row) => wakes.find((wake) => wake.test(row))?.key,
    away: {
      ...common,
      leads: either(
        anyOf(
          (profile.away ?? []).map(({ match }) => match),
          "away",
        ),
        common.leads,
      ),
      back: either(
        anyOf(
          (profile.away ?? []).flatMap(({ back = [] }) => back),
          "away.back",
        ),
        common.back,
      ),
    },
    openMs: profile.timeouts?.open_s === undefined ? DEFAULTS.openMs : profile.timeouts.open_s * 1000,
  };
}

/** The device with other prompts. */
export function withPrompt(device: Device, prompt: Device["prompt"]): Device {
  return { ...device, ...rowsAt(prompt, device.isLog) };
}

function rowsAt(
  prompt: Device["prompt"],
  isLog: RowTest,
): Pick<Device, "prompt" | "promptBefore" | "isAsync"> {
  const promptBefore = (row: string) => {
    for (const { index } of row.slice(0, LONGEST_PROMPT).matchAll(/[>#$%\]](?= ?[\d<%*.A-Z-])/g)) {
      const end = index + 1;
      if (isLog(row.slice(end).trimStart()) && prompt(row.slice(0, end))) return row.slice(0, end);
    }
    return undefined;
  };
  return { prompt, promptBefore, isAsync: (row) => isLog(row) || promptBefore(row) !== undefined };
}

/** Exceptions come first: a warning may begin as an error does. */
function messagesOf(profile: Profile, test: (source: string, field: string) => RowTest): Device["message"] {
  const listed = <Listed extends { readonly match: string }>(list: readonly Listed[] = [], field: string) =>
    list.map((one, index) => ({ ...one, test: test(one.match, `${field}[${index}].match`) }));
  const all = (sources: readonly string[] = [], field: string) =>
    sources.map((source, index) => test(source, `${field}[${index}]`));
  const information = all(profile.information, "information");
  const warnings = listed(profile.warnings, "warnings");
  const errors = listed(profile.errors, "errors");
  const unlisted = all(profile.unlisted, "unlisted");
  return (row) => {
    if (information.some((matches) => matches(row))) return undefined;
    const warning = warnings.find((one) => one.test(row));
    if (warning) return { is: "warning", class: warning.class };
    const error = errors.find((one) => one.test(row));
    if (error) return { is: "error", class: error.class };
    return unlisted.some((matches) => matches(row)) ? { is: "warning", class: "unknown" } : undefined;
  };
}

function sharedQuestion(row: string, shapes: readonly QuestionShape[]): DeviceQuestion | undefined {
  const found = shapeOf(row, shapes);
  return found && { kind: found.kind, submit: found.submit, risk: found.risk, shared: true };
}

function indexOr(index: number): number | undefined {
  return index < 0 ? undefined : index;
}
