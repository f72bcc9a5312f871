import type { ProfilePager, ProfileQuestion } from "./profile.ts";

/**
 * What network CLIs of all makes print, by its shape: beneath the lists of every profile, and all there is where no profile is
 * known. Native patterns: none of them repeats a group without a bound. Those of pagers are patterns of profiles, too (`devices learn`).
 */
interface Shape {
  readonly shape: RegExp;
}

export interface PagerShape extends Shape, Pick<ProfilePager, "key" | "quit_key" | "end"> {}
export interface QuestionShape extends Shape, Pick<ProfileQuestion, "kind" | "submit" | "risk"> {}

const CTRL_C = "\u0003";
const SPACE = { key: " ", quit_key: "q" } as const;

/** A row that is the same with one of these marks; native patterns of the profiles' engine have no back-references. */
function between(marks: readonly string[], row: (mark: string) => string): RegExp {
  return new RegExp(String.raw`^\s*(?:${marks.map(row).join("|")})\s*$`, "i");
}

/** Rows at which output waits for a key; the whole row at the cursor. */
export const PAGERS: readonly PagerShape[] = [
  // less, at its end and before it.
  { shape: /^\s*(?:lines \d+-\d+(?:\/\d+)? .{0,40})?\(END\)\s*$/i, quit_key: "q", end: true },
  { shape: /^\s*lines \d+-\d+(?:\/\d+)?(?: \d+%)?\s*$/i, key: " ", quit_key: "q" },
  // With the name of the file in front; a word alone may be a program's that counts.
  {
    shape:
      /^\s*(?:\S{0,100}[./]\S{0,100} lines \d+-\d+(?:\/\d+)?(?: byte \d+\/\d+)?|\S{1,120} lines \d+-\d+(?:\/\d+(?: byte \d+\/\d+)?| byte \d+\/\d+)) \d{1,3}%\s*$/,
    key: " ",
    quit_key: "q",
  },
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
  // The word alone between marks, with how far it is: `----------MORE------------`, `[More]`, `--More-- (12% of 30422 bytes)`.
  {
    shape:
      /^\s*(?:[-=*.]{2,16}[<[(]?|[<[(]{1,3}-{0,5}) ?(?:more|less \d{1,3}%) ?[-=*.:>\])]{0,16}(?: ?\(\d{1,3}% of \d{1,12} \w{1,8}\))?\s*$/i,
    key: " ",
    quit_key: "q",
  },
  { shape: /^\s*more ?\.{2,4}\s*$/i, key: " ", quit_key: "q" },
  // Between the same marks, one or many: `-More-`, `~~~ more ~~~`; in brackets around them.
  { shape: between(["-", "=", "~", String.raw`\+`, "_"], (mark) => `${mark} ?more ?${mark}`), ...SPACE },
  {
    shape: between(["-", "=", "~", String.raw`\+`, "_"], (mark) => `${mark}{2,41} ?more ?${mark}{1,40}`),
    ...SPACE,
  },
  {
    shape: between([String.raw`\*`, "#", String.raw`\.`], (mark) => `${mark}{2,41} ?more ?${mark}{2,40}`),
    ...SPACE,
  },
  { shape: /^\s*[[(<] ?-{1,5} ?more ?-{1,5} ?[\])>]\s*$/i, key: " ", quit_key: "q" },
  // How far it is, in whatever way: `--More--45%`, `-- More (1/3) --`, `--MORE-- Page 1 of 3`, `--- (more: 45%) ---`.
  {
    shape:
      /^\s*(?:[-=]{2,20}|[[({<])[-=[({<\s]{0,20}more[-=\s:]{0,20}\(?(?:page )?\d{1,7}(?:\.\d)?(?: ?%| ?\/ ?\d{1,7}| of \d{1,7}(?: \w{1,8})?)\)?[-=\])}>\s]{0,20}$/i,
    key: " ",
    quit_key: "q",
  },
  {
    shape: /^\s*-{1,5} ?more or (?:<?(?:ctrl|control)[-+_ ]?[a-z]>?|\^[a-z]) to \w{4,8}\W{0,4}$/i,
    key: " ",
  },
  { shape: /^\s*\[more\]\W{1,4}(?:press |hit )?<?space(?:bar)?>?\b.{0,30}$/i, key: " " },
  { shape: /^\W{0,4}more: ?\w{0,2},? ?<space>.{0,60}\bquit: ?q\b/i, key: " ", quit_key: "q" },
  // Keys for a page and a line are named, in whatever order and words.
  {
    shape:
      /^\W{0,6}(?:more\W{1,3}|press |continue\W{1,3})?.{0,24}\b<?space(?:bar)?>?\b.{0,24}\b(?:(?:next )?page|more)\b.{0,60}(?:\bq(?:uit)?\b|\bquit\b)/i,
    key: " ",
    quit_key: "q",
  },
  {
    shape:
      /^\W{0,6}(?:more\W{1,3})?(?:press )?<?(?:enter|return|cr)>?.{0,24}\bline\b.{0,50}\bpage\b.{0,50}\b(?:q(?:uit)?|ctrl|control)\b/i,
    key: " ",
    quit_key: "q",
  },
  {
    shape:
      /^\W{0,12}(?:press|hit) any key for (?:more|(?:the )?next (?:page|screen))\b.{0,30}\bq\b\W{0,3}(?:to |for )?(?:quit|exit|return|stop|end)\W{0,12}$/i,
    key: " ",
    quit_key: "q",
  },
  // Another key than the space bar is named: it is the one that is sent.
  {
    shape:
      /^\W{0,6}(?:press|hit|type) <?(?:enter|return|cr)>? for (?:more|(?:the )?next (?:page|screen))\b.{0,8}\bq\W{1,3}(?:enter|return|cr)\b.{0,16}$/i,
    key: "\r",
    quit_key: "q\r",
  },
  {
    shape:
      /^\W{0,6}(?:press|hit|type) <?(?:enter|return|cr)>? for (?:more|(?:the )?next (?:page|screen))\b.{0,8}\bq\b\W{0,3}(?:to |for )?(?:quit|exit|return|stop|end)\W{0,12}$/i,
    key: "\r",
    quit_key: "q",
  },
  {
    shape:
      /^\W{0,6}(?:press|hit|type) <?(?:enter|return|cr)>? for (?:more|(?:the )?next (?:page|screen))\b.{0,8}\b(?:ctrl|control)[-+_ ]?c\b.{0,16}$/i,
    key: "\r",
    quit_key: CTRL_C,
  },
  // Whatever else is said of q.
  {
    shape:
      /^\W{0,6}(?:press|hit|type) <?(?:enter|return|cr)>? for (?:more|(?:the )?next (?:page|screen))\b.{0,16}\bq\b.{0,24}$/i,
    key: "\r",
    quit_key: "q",
  },
  {
    shape:
      /^\W{0,12}(?:press|hit|type) any key for (?:more|(?:the )?next (?:page|screen))\b.{0,30}\bq\W{1,3}(?:enter|return|cr)\b.{0,16}$/i,
    key: " ",
    quit_key: "q\r",
  },
  {
    shape:
      /^\W{0,12}(?:press|hit|type) any key for (?:more|(?:the )?next (?:page|screen))\b.{0,30}\bq\b.{0,24}$/i,
    key: " ",
    quit_key: "q",
  },
  // Each key with what it does: `Enter: next line, Space: next page, Esc: exit`, `Page 1/12 [space: next, q: quit]`.
  {
    shape:
      /^\W{0,6}(?:page \d{1,6}\/\d{1,6}\W{1,4})?(?:<?(?:enter|return|cr)>? ?[:=] ?(?:next |one )?line\W{1,4})?<?space(?:bar)?>? ?[:=] ?(?:next|page|more)(?: page)?\W{1,4}(?:<?(?:enter|return|cr)>? ?[:=] ?(?:next |one )?line\W{1,4})?<?(?:q|esc(?:ape)?)>? ?[:=] ?(?:quit|exit|stop)\W{0,6}$/i,
    key: " ",
  },
  {
    shape:
      /^\W{0,6}press .{1,20}\b(?:abort|quit|stop|exit)\b.{0,6}\b(?:any )?other key\b.{0,12}\bnext page\b/i,
    key: " ",
  },
  {
    shape:
      /^\W{0,6}press <?(?:enter|return)>? .{0,8}\bnext line\b.{0,30}\b(?:quit|break|stop)\b.{0,6}\b(?:any )?other key\b.{0,12}\bnext page\b/i,
    key: " ",
  },
  { shape: /^\W{0,6}press q to quit,? (?:any )?other key to continue\W{0,6}$/i, key: " ", quit_key: "q" },
  {
    shape:
      /^\W{0,6}(?:(?:page )?\d{1,6} of \d{1,6}.{0,12}|q to quit\W{1,3})?\W{0,6}(?:(?:press|hit|type|next)\W{1,4})?space(?:bar)?\b\W{0,3}.{0,12}\b(?:continue|more|next)\b\W{0,6}(?:\bq|quit\W{1,4}q)\b.{0,16}$/i,
    key: " ",
    quit_key: "q",
  },
  {
    shape:
      /^\W{0,6}(?:press|hit) <?(?:space(?:bar)?|any key)>? for (?:more|(?:the )?next page)\b(?:\W{0,6}\b(?:q|quit|to|or|x|exit|esc(?:ape)?|ctrl|control|c|z|enter|return|lines?|page|all|the|end|of|output|stop|cancel|abort|any|other|key|press|hit|for|show|information|help|h|text)\b){0,10}\W{0,6}$/i,
    key: " ",
  },
  // A way to have no pages at all, or to stop the scrolling: what goes on is an output.
  {
    shape: /^\W{0,6}press any key to continue\b.{0,40}\b(?:no ?pause|stop scrolling)\b.{0,40}$/i,
    key: " ",
  },
  {
    shape: /^\W{0,6}press <?space(?:bar)?>? to continue or <?(?:enter|return)>? to quit\W{0,6}$/i,
    key: " ",
    quit_key: "\r",
  },
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
  // `{y|n}`, `<Y/N>`, `y/n [n]?`, `(1: yes, 0: no)`, `[Yes/press any key for no]`, `(default is n)`
  { shape: /[{<] ?(?:yes|y) ?[|/,] ?(?:no|n) ?[}>]\s?[?:]?\s*$/i, ...LEVEL },
  { shape: /\(\w{1,3} ?[:=-] ?(?:yes|no)\b.{1,12}\b(?:yes|no)\)\s?[?:]?\s*$/i, ...LEVEL },
  { shape: /\[(?:yes|y) ?[/|] ?press any key for no\][.\s]*$/i, kind: "yesno", submit: "key", risk: "high" },
  { shape: /\?.{0,4}\(default (?:is )?\S{1,8}\)\s?[?:]?\s*$/i, ...LEVEL },
  // `(j/n)`, `[s/n]`, `(o/N)` behind a question mark: a serial number is `(S/N)`, too.
  { shape: /\? {0,3}[[(] ?[jost][a-zí]{0,3} ?\/ ?n[a-zãê]{0,4} ?[\])]\s?[?:]?\s*$/i, ...LEVEL },
  { shape: /\(y\)es\b.{1,6}\(n\)o\b.{0,30}$/i, ...LEVEL },
  { shape: /\[y\] ?yes\b.{1,6}\[n\] ?no\b.{0,16}$/i, ...LEVEL },
  // A parameter of a line that was not complete: `{ <cr>|port<K> }:`
  { shape: /^\s*\{ ?<?\w[^{}]{0,300}\} ?:\s*$/, kind: "value", submit: "line", risk: "medium" },
];

/** Rows that read as questions; they may be parts of an output that pauses there. */
export const SENTENCES: readonly QuestionShape[] = [
  // `Would you like to stop? [yes]:`, `Save it. [Y]>`
  { shape: /[?.] ?[[(](?:yes|y|no|n)[\])] ?[:>]?\s*$/i, ...LEVEL },
  { shape: /\b(?:enter|type|answer)\b.{0,20}["'](?:yes|y)["'].{0,80}[:>?]\s*$/i, ...LEVEL },
  { shape: /\b(?:y(?:es)?\/n(?:o)?|n(?:o)?\/y(?:es)?)(?:\/\?)? ?[:?]\s*$/i, ...LEVEL },
  // The default is in brackets of its own: `save? [y]/n`, `(yes/[no]):`
  { shape: /[?\s(](?:\[y(?:es)?\]\/n(?:o)?|y(?:es)?\/\[n(?:o)?\])\)? ?[:?>]?\s*$/i, ...LEVEL },
  { shape: /[[(]y(?:es)?\/n(?:o)?\/\?[\])] ?[:?]?\s*$/i, ...LEVEL },
  { shape: /\b(?:answer|enter|type|reply|confirm)\b.{0,24}\by(?:es)? or n(?:o)?\W{0,4}$/i, ...LEVEL },
  { shape: /\byes ?\(y\) or no ?\(n\)\W{0,4}$/i, ...LEVEL },
  { shape: /\btype \S{2,16} to (?:continue|proceed|go on)\b.{0,40}[:>?]\s*$/i, ...LEVEL },
  { shape: /\bare you sure ?\?\W{0,6}$/i, ...LEVEL },
  // What is typed or entered is a line; only what is pressed is one key, if no Enter is named behind it. Where any other key has a
  // meaning, or the key is one of control, nothing waits for a line.
  {
    shape:
      /^\W{0,6}(?:press|hit|type|enter) (?=.{1,90}\bother key\b|\W?(?:ctrl|control|\^)).{1,24}\bto (?:confirm|accept|agree|approve)\b.{0,76}$/i,
    kind: "confirm",
    submit: "key",
    risk: "high",
  },
  {
    shape:
      /^\W{0,6}(?:(?:please )?(?:type|enter)\b|(?:press|hit) \W?\w{1,10}(?:\W? or \W?\w{1,10})?[^\w/]{1,3}(?:(?:and|then|followed by) )?(?:press |hit )?<?(?:enter|return)\b).{1,40}\bto (?:confirm|accept|agree|approve)\b.{0,60}(?:\b(?:cancel|abort|quit|exit|stop|break|other key)\b|[:>?]).{0,16}$/i,
    kind: "confirm",
    submit: "line",
    risk: "high",
  },
  {
    shape:
      /^\W{0,6}(?:press|hit) .{1,24}\bto (?:confirm|accept|agree|approve)\b.{0,60}(?:\b(?:cancel|abort|quit|exit|stop|break|other key)\b|[:>?]).{0,16}$/i,
    kind: "confirm",
    submit: "key",
    risk: "high",
  },
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
  /^[^#!;:]{0,60}\b(?:pass ?word|passwd|pass ?phrase|pass ?code|pin code|secret|one-time code|verification code|token code)\b[^:]{0,40}:\s*$/i,
  // The same before another mark; a name of a prompt is one word.
  /^(?:\W{0,4}[\w-]{1,20} ){0,5}(?:pass ?word|passwd|pass ?phrase|pass ?code|secret|verification code)(?: for (?:user )?\S{1,40})? ?[?>]{1,2}\s*$/i,
  // The same in other languages, whose letters `\b` does not know.
  /^[^#!;:]{0,60}(?:(?<!\p{L})(?:mot de passe|contrase[ñn]a|senha|hasło|пароль)(?!\p{L})|passwort|kennwort|wachtwoord|lösenord|adgangskode|passord|密[码碼]|口令|パスワード|비밀번호|암호)[^:：]{0,40}[:：]\s*$/iu,
  // A one-time code, a PIN, or a key that is asked for by name; a name alone may be a row of a table.
  /^\W{0,4}(?:(?:please|enter|type|input|your|the|new|old|current|next) ){0,4}(?:t?otp|pin|(?:one-time|2fa|mfa|totp|authenticator|sms) (?:code|password|token))(?: code)?(?: \([^()]{1,40}\)| for \S{1,40})? ?:\s*$/i,
  /^\W{0,4}(?:(?:please|enter|type|input|your|the|new|old|current|confirm|verify|repeat|re-?(?:enter|type)) ){0,4}(?:master|encryption|pre-?shared|shared|authentication|privacy|wpa2?|ipsec|psk) key(?: again| \([^()]{1,40}\))? ?:\s*$/i,
  // What was typed is typed again: the words name no secret any more.
  /^\W{0,4}(?:please )?(?:re-?(?:enter|type)(?: (?:it|again|to confirm|for confirmation|once more)){0,2}|repeat(?: (?:it|again|to confirm|for confirmation|once more)){1,2}) ?:\s*$/i,
];

/** A name is asked for, before a mark that prompts have, too: such a row is none. */
export const NAME_ROW =
  /^\W{0,3}(?:enter |your |please )?(?:user(?: ?(?:name|id))?|account(?: ?name)?|log ?in(?: ?(?:name|id))?|domain|realm|group|token|pin)\W{0,3}$/i;

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
  // The same by the ISO, and what a kernel prints.
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,16} \S{1,64} [\w/.-]{1,48}(?:\[\d{1,7}\])?: /,
  /^\[ {0,6}\d{1,7}\.\d{6}\] \S/,
  // A letter says how bad it is, with a date in front or none.
  /^(?:(?:\d{1,2}-[A-Z][a-z]{2}-\d{4}|\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d\S{0,8} ){0,1}%[A-Z0-9_]+-[A-Z]-[A-Za-z0-9_]+ ?:/,
  // A time in brackets; a card's name in front of it.
  /^(?:[A-Z]{1,4}\d{1,2} {1,3})?\[[*.]?\d{2,4}[-/]\d\d[-/]\d{2,4} \d\d:\d\d:\d\d[^\]]{0,12}\] {0,2}[A-Za-z0]/,
  // Brocade and its kin.
  /^[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d:(?:[A-Z]|[A-Z][a-z]{2,9}): ?[A-Z]/,
  /^SYSLOG: ?<\d{1,3}>/,
  // ExtremeXOS; HP.
  /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d\.\d\d <\w{1,8}:[\w.]{1,64}> /,
  /^[IWMDE] \d\d\/\d\d\/\d\d \d\d:\d\d:\d\d \d{5} \w{1,16}:/,
  MESSAGE,
];

/** What every such row has in it: most rows of an output are not looked at any closer. */
const HINT = /[%<*/]|\d:\d\d|essage from|^-Traceback|^\[ *\d/;

export function isOwnRow(row: string): boolean {
  return HINT.test(row) && OWN_ROWS.some((shape) => shape.test(row));
}

/** The first of these shapes that a row has. */
export function shapeOf<Found extends Shape>(row: string, shapes: readonly Found[]): Found | undefined {
  // No such row is longer; patterns are not tried on a long line of output.
  return row.length > 400 ? undefined : shapes.find(({ shape }) => shape.test(row));
}
