/** What of a prompt stays as long as the device is the same, and what may change from one to the next. */
export interface PromptShape {
  /** What stays: user and hostname, words. */
  readonly name: string;
  /** Where one is: groups in brackets and a path, without marks and states. */
  readonly context: string;
  /** State of a cluster (active, standby), in the order it is shown. */
  readonly states: string;
  /** The number behind the name that grows with each command. */
  readonly counter: number | undefined;
  /** The last character. */
  readonly mark: string;
}

/** No prompt is longer. */
const LONGEST = 200;
/** Unsaved changes. */
const FLAGS = /^[*!~+&]{1,3} ?/;
const GROUP = /\((?:[^()]|\([^()]*\)){0,64}\)|\[(?:[^[\]]|\[[^[\]]*\]){0,80}\]|\{[^{}]{0,64}\}/;
/** Words between separators, beside the short ones between slashes. */
const STATES =
  /(^|[-/:_. ])(?:forced)?(?:active|standby|primary|secondary|master|slave|backup|passive|standalone|offline|disabled)(?=$|[-/:_. ])|\/(?:act|stby|stdby|pri|sec|actNoFailover|stbyNoFailover)(?=$|\/)/gi;
const PATH = /(?:(?<=\S):|(?<=\S) |(?<=[\])]))[~/][^\s]*$|(?<=[\w\])])~[^\s]*$/;
/** A place behind the name without brackets: `sw1_config_g0/1`, `cluster1::storage aggregate`. */
const PLACE = /_config(?:_[\w/.:+-]{1,40})?$|::[\w -]{1,60}$/;
const COUNTER = /[.:# ](\d{1,6})$/;
/** An address or a version, whose last number is a part of it. */
const DOTTED = /\d\.\d+\.\d+$/;

/** What may stand between a hostname in brackets and the mark: a path, a word or two, groups; no text that somebody typed. */
const BEHIND = new RegExp(
  `^(?:[/~][^\\s>#$%]{0,80}|[\\w-]{1,20}(?: [\\w-]{1,20})?)?(?: ?(?:${GROUP.source})){0,3}$`,
);

/** The date and the time of day, which some prompts show: `(22-Jul-2020-21:35:05)`. */
const DATE =
  /(?<![\w.])(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/. ](?:\d\d|[A-Z][a-z]{2})[-/. ]\d{2,4}|(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} {1,2}\d{1,2}(?: \d{4})?)(?=[-_T )\]]|$)[-_T ]?/g;
const CLOCK = /(?<!\d)\d{1,2}:\d\d:\d\d(?:\.\d{1,6})?(?![\d:])/g;

/** The row without what time it is; a date alone may be a name. */
function timeless(row: string): string {
  const without = row.replace(CLOCK, "\0");
  return without === row ? row : without.replace(DATE, "").replaceAll("\0", "");
}

/** The ways in which a row can be read as a prompt: the hostname may be in brackets, or behind some. */
export function shapesOf(row: string): readonly PromptShape[] {
  if (row.length > LONGEST) return [];
  const text = timeless(row.trimEnd());
  const mark = /[>#$%:\]]$/.exec(text)?.[0];
  if (mark === undefined) return [];
  const marked = text.replace(FLAGS, "");
  const whole = /^<([^<>]+)>$|^\[([^[\]]+)\]$/.exec(marked);
  const body = (whole?.[1] ?? whole?.[2] ?? marked.slice(0, -1)).trimEnd().replace(/ ?[*!+]$|[-=~]$/, "");
  const inside = body.replace(FLAGS, "");
  const lead = new RegExp(`^(?:${GROUP.source})`).exec(inside)?.[0];
  if (lead === undefined) return shape(inside, "", mark);
  const rest = inside.slice(lead.length).trim();
  const named = BEHIND.test(rest) ? shape(unwrapped(lead), rest, mark) : [];
  return /^\w/.test(rest) ? [...named, ...shape(rest, lead, mark)] : named;
}

/** Is `next` a prompt of the device whose prompt `known` is? */
export function alike(known: PromptShape, next: PromptShape): boolean {
  if (known.name.length < 2 || (known.mark === ":") !== (next.mark === ":")) return false;
  if (known.counter === undefined ? next.counter !== undefined : !grows(known.counter, next.counter))
    return false;
  if (known.name === next.name) return true;
  // `[HW-Eth0/0/1]`: where the name ends cannot be seen.
  return next.mark === "]" && next.name.startsWith(`${known.name}-`);
}

/** Do they differ in nothing but counters and marks of unsaved changes? */
export function samePlace(known: PromptShape, next: PromptShape): boolean {
  return (
    known.name === next.name &&
    known.context === next.context &&
    known.states === next.states &&
    known.mark === next.mark
  );
}

/** The hostname that a row would show as a prompt: a last word with a letter in it. */
export function hostIn(row: string): string | undefined {
  const names = shapesOf(row).map(({ name }) => /[\w.-]+$/.exec(name)?.[0] ?? "");
  return names.find((name) => name.length >= 2 && /[A-Za-z]/.test(name));
}

/** A row that is a prompt of the same device as one of the `known` rows. */
export function likeOneOf(known: readonly string[], row: string): boolean {
  const shapes = shapesOf(row);
  return known.some((one) => shapesOf(one).some((before) => shapes.some((next) => alike(before, next))));
}

function shape(named: string, around: string, mark: string): PromptShape[] {
  const context: string[] = around === "" ? [] : [around];
  let rest = named;
  const take = (part: RegExp): void => {
    for (let found = part.exec(rest); found !== null; found = part.exec(rest)) {
      context.push(found[0].trim());
      rest = `${rest.slice(0, found.index)}${rest.slice(found.index + found[0].length)}`;
    }
  };
  take(GROUP);
  take(PATH);
  take(PLACE);
  const states = rest.match(STATES) ?? [];
  rest = rest.replace(STATES, "").replace(FLAGS, "").trim();
  const number = DOTTED.test(rest) ? undefined : COUNTER.exec(rest);
  if (number && /[A-Za-z]/.test(rest.slice(0, number.index))) rest = rest.slice(0, number.index);
  const counter = number && !rest.endsWith(number[0]) ? Number(number[1]) : undefined;
  const name = rest.replace(/\s+/g, " ").replace(/[\s:.]+$/, "");
  if (name === "") return [];
  const where = context.map((part) => part.replace(/(^|[[(])[*!~+]+/g, "$1").replace(STATES, "")).join(" ");
  return [{ name, context: where, states: states.join("").toLowerCase(), counter, mark }];
}

function unwrapped(group: string): string {
  return group.slice(1, -1);
}

function grows(before: number, after: number | undefined): boolean {
  return after !== undefined && after >= before && after - before <= 1000;
}
