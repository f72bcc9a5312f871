import type { ProfilePager, ProfileQuestion } from "./profile.ts";

/**
 * What network CLIs of all makes print, by its shape: beneath the lists of every profile, and all there is where no profile is
 * known. Native patterns: none of them repeats a group without a bound.
 */
interface Shape {
  readonly shape: RegExp;
}

export interface PagerShape extends Shape, Pick<ProfilePager, "key" | "quit_key" | "end"> {}
export interface QuestionShape extends Shape, Pick<ProfileQuestion, "kind" | "submit" | "risk"> {}

const CTRL_C = "\u0003";

/** Rows at which output waits for a key; the whole row at the cursor. */
export const PAGERS: readonly PagerShape[] = [
  // less, at its end and before it.
  { shape: /^\s*(?:lines \d+-\d+(?:\/\d+)? .{0,40})?\(END\)\s*$/i, quit_key: "q", end: true },
  { shape: /^\s*lines \d+-\d+(?:\/\d+)?(?: \d+%)?\s*$/i, key: " ", quit_key: "q" },
  // `--More--`, `---- More ----`, `<--- More --->`, `---(more 45%)---`, `--More--(45%)`
  {
    shape:
      /[<[(]?-{2,5} ?[(<[]?more ?(?:\(?\d{1,3} ?%\)?)?[)>\]]? ?-{2,5}[>\])]?(?: ?\(\d{1,5}(?:%|\/\d{1,5})\))?\s*$/i,
    key: " ",
    quit_key: "q",
  },
  // The same with its keys behind it: the way out is the one that is named.
  {
    shape: /-{1,5} ?more ?-{0,5}[\s,:(<[].{0,100}\b(?:ctrl|control)[-_+ ]?c\b/i,
    key: " ",
    quit_key: CTRL_C,
  },
  {
    shape:
      /-{1,5} ?more ?-{0,5}[\s,:(<[]+.{0,60}\b(?:space|next page|q\)?uit|break|another page|return|enter|'?q'?\b)/i,
    key: " ",
    quit_key: "q",
  },
  { shape: /^\W{0,4}more: ?<(?:space|enter|return)>/i, key: " ", quit_key: "q" },
  { shape: /-{1,5} ?press any key for more ?-{0,5}/i, key: " " },
  { shape: /\bctrl\+c\b.{0,20}\bq quit\b.{0,20}\bspace\b.{0,20}\bnext page\b/i, key: " ", quit_key: "q" },
  {
    shape: /\bpress any key to continue,? ?\(?(?:or )?["'<]?q["'>]? ?(?:to|[:=-]) ?(?:quit|exit|stop)/i,
    key: " ",
    quit_key: "q",
  },
  {
    shape: /\bpress <?(?:the )?space(?:bar)?>? .{0,30}\b(?:continue|next|more|another page)\b.{0,30}\bq\b/i,
    key: " ",
    quit_key: "q",
  },
  { shape: /\b<?enter>? for 1 line, <space> for one page\b/i, key: " ", quit_key: "q" },
  {
    shape: /\bpress enter to next line, ctrl.c to quit, other key to next page/i,
    key: " ",
    quit_key: CTRL_C,
  },
  { shape: /\bnext page\b.{0,60}\bothers to exit ?-{1,5}/i, key: " " },
  { shape: /\benter <?cr>? for more,? or '?q'? to quit/i, key: "\r", quit_key: "q" },
  { shape: /^\s*type <cr> to continue, q<cr> to stop/i, key: "\r", quit_key: "q\r" },
  {
    shape:
      /\b(?:display|show|view|see) (?:the )?next (?:page|\d{1,4} (?:entries|lines))\? ?[([]?y\/n[)\]]?\s*$/i,
    key: "y",
    quit_key: "n",
  },
];

/** An answer, in quotes or with a word about it: `Y(yes)`, `no(default)`. */
const YES_NO = String.raw`["']?(?:yes|y|no|n)["']?(?: ?\([a-z]{1,10}\))?`;
const LEVEL = { kind: "yesno", submit: "line", risk: "high" } as const;

/** Questions that cannot be anything else: brackets name the answers. */
export const QUESTIONS: readonly QuestionShape[] = [
  // `[confirm yes/no]:` takes a word and Enter.
  { shape: /\[confirm:? ?yes\/no\]\s?[:?]?\s*$/i, ...LEVEL },
  { shape: /\[confirm\b[^\]]{0,40}\]\s*$/i, kind: "confirm", submit: "key", risk: "high" },
  // `[y/n]`, `(yes/no/[fingerprint])`, `[Y(yes)/N(no)/C(cancel)]:`, `(y/n)[n]`, `[yes,NO]`, `(y or n)`
  {
    shape: new RegExp(
      String.raw`[\[(]\s?${YES_NO}\s?(?:[/|,]|or)\s?${YES_NO}(?:\s?(?:[/|,]|or)\s?[\w()\[\]^]{1,16}){0,4}\s?[\])]\s{0,4}[?:]?\s{0,4}(?:[\[(]\s?\w{1,8}\s?[\])])?\s{0,4}[?:>-]{0,3}\s*$`,
      "i",
    ),
    ...LEVEL,
  },
  // `[Y]es/[N]o/[S]ave all/[C]ancel:`
  { shape: /\[y\]es ?[/,] ?\[n\]o\b.{0,40}$/i, ...LEVEL },
  { shape: /\[y\]es\/?\[?n\]o\b.{0,40}$/i, ...LEVEL },
  // A parameter of a line that was not complete: `{ <cr>|port<K> }:`
  { shape: /^\s*\{ ?<?\w[^{}]{0,300}\} ?:\s*$/, kind: "value", submit: "line", risk: "medium" },
];

/** Rows that read as questions; they may be parts of an output that pauses there. */
export const SENTENCES: readonly QuestionShape[] = [
  // `Would you like to stop? [yes]:`, `Save it. [Y]>`
  { shape: /[?.] ?[[(](?:yes|y|no|n)[\])] ?[:>]?\s*$/i, ...LEVEL },
  { shape: /\b(?:enter|type|answer)\b.{0,20}["'](?:yes|y)["'].{0,80}[:>?]\s*$/i, ...LEVEL },
  { shape: /\by(?:es)?\/n(?:o)? ?[:?]\s*$/i, ...LEVEL },
  {
    shape:
      /\b(?:are you sure|do you (?:really |still )?(?:want|wish)|would you like|continue|proceed|overwrite|replace|confirm|save|accept)\b.{0,80}\?\s*(?:\[[^[\]]{1,40}[/|,][^[\]]{1,40}\])?\s*:?\s*$/i,
    ...LEVEL,
  },
  // A value with its default: `Destination filename [x]?`, `How many bits [1024]:`
  { shape: /\w.{0,120}\[[^[\]]{0,80}\] ?[?:]{1,2}\s*$/, kind: "value", submit: "line", risk: "medium" },
  {
    shape: /^\s*(?:please )?(?:enter|input|specify|select|choose) .{1,120}[:?>]\s*$/i,
    kind: "value",
    submit: "line",
    risk: "medium",
  },
  {
    shape:
      /^\s*(?:[\w.-]{1,63} )?(?:user ?name|login(?: name| as)?|user(?: id)?|account|domain(?: name)?) ?:\s*$/i,
    kind: "value",
    submit: "line",
    risk: "low",
  },
  {
    shape:
      /\b(?:press|hit|strike|enter) (?:any|the|a|<|'|"|\w{1,6}[+-])?.{0,24}\b(?:to|for|when) .{0,12}\b(?:continue|begin|proceed|accept|return|go on|resume|display|read|boot|ready)\b.{0,30}$/i,
    kind: "key",
    submit: "key",
    risk: "low",
  },
  { shape: /\bpress (?:any key|<?(?:enter|return)>?)\W{0,6}$/i, kind: "key", submit: "key", risk: "low" },
];

/** Rows at which what is typed is a secret. Comments of a configuration name secrets, too. */
export const SECRETS: readonly RegExp[] = [
  /^[^#!;:]{0,60}\b(?:pass ?word|passphrase|passcode|pin code|secret|one-time code|verification code)\b[^:]{0,40}:\s*$/i,
];

const FACILITY = "%[A-Z0-9_]+-(?:[A-Z0-9_]+-)?[0-7]-";

/** The head of a message to all terminals, as Unix-like systems print it; its text follows. */
const MESSAGE = /^(?:Broadcast |Wall )?[Mm]essage from (?:syslogd?|root|\S{1,32}@)/;

export function beginsMessage(row: string): boolean {
  return MESSAGE.test(row);
}

/** Rows that devices print by themselves. */
export const OWN_ROWS: readonly RegExp[] = [
  // Cisco and its kin, stamped with date, uptime, sequence number, node, or not at all.
  new RegExp(
    String.raw`^(?:<\d{1,3}>)?(?:\d{1,9}: )?[*.]?(?:[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?[\d:.]{5,16}[^%]{0,60}|(?:\d{1,3}:\d\d:\d\d|(?:\d{1,4}[ywdhms]){1,4})): ?${FACILITY}`,
  ),
  new RegExp(`^${FACILITY}[A-Z0-9_]+ ?: `),
  new RegExp(String.raw`^\d{4} [A-Z][a-z]{2} +\d{1,2} [\d:.]{5,16} .{0,80}${FACILITY}`),
  new RegExp(
    String.raw`^(?:RP|LC|\d{1,3})\/[^\s:]{1,24}:[A-Z][a-z]{2} +\d{1,2} [\d:.]{5,16} .{0,80}: ${FACILITY}`,
  ),
  /^-Traceback= \S/,
  /^\*\*\*(?: --- SHUTDOWN .*)?$/,
  // Huawei; Comware.
  /^[A-Z][a-z]{2} +\d{1,2} \d{4} \d\d:\d\d:\d\d\S{0,12} \S{1,64} %%\d\d/,
  /^%[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d\S{0,8} \d{4} \S{1,64} \S{1,32}\/\d/,
  // syslog: RFC 3164 with the name of a program, RFC 5424.
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d\S{0,12} \S{1,64} [\w/.-]{1,48}(?:\[\d{1,7}\])?: /,
  /^<\d{1,3}>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,16} /,
  // ExtremeXOS; HP.
  /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d\.\d\d <\w{1,8}:[\w.]{1,64}> /,
  /^[IWMDE] \d\d\/\d\d\/\d\d \d\d:\d\d:\d\d \d{5} \w{1,16}:/,
  MESSAGE,
];

/** What every such row has in it: most rows of an output are not looked at any closer. */
const HINT = /[%<*/]|\d:\d\d|essage from|^-Traceback/;

export function isOwnRow(row: string): boolean {
  return HINT.test(row) && OWN_ROWS.some((shape) => shape.test(row));
}

/** The first of these shapes that a row has. */
export function shapeOf<Found extends Shape>(row: string, shapes: readonly Found[]): Found | undefined {
  // No such row is longer; patterns are not tried on a long line of output.
  return row.length > 400 ? undefined : shapes.find(({ shape }) => shape.test(row));
}
