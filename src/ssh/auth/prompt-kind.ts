import * as words from "./prompt-words.ts";

/**
 * What a question at login asks for. `change`: a new password, or the old one in order to change it. `mixed`: words of
 * more than one kind, or words around it that contradict its own. `other`: nothing that the words tell.
 */
export type PromptKind = "password" | "code" | "change" | "pin" | "challenge" | "choice" | "mixed" | "other";

/** One question of a round, with what the server says around it (RFC 4256 3.2: name and instruction). */
export interface LoginQuestion {
  readonly prompt: string;
  /** The answer is shown while it is typed; a prompt that does not say counts as hidden. */
  readonly echo?: boolean | undefined;
  readonly around?: string | undefined;
}

/** A question stands in a line or two; a server may send 35,000 bytes of it. */
const MAX_CHARS = 2_000;

/**
 * The line that asks, and what stands before it. sshd puts PAM's remarks in front of the question that follows them, and a
 * prompt of punctuation only belongs to the line above it.
 */
export function splitQuestion({ prompt, around = "" }: LoginQuestion): {
  readonly asks: string;
  readonly before: string;
} {
  const lines = (text: string) => text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  // What asks stands at the end of the prompt.
  const own = lines(prompt.slice(-MAX_CHARS));
  const all = [...lines(around.slice(0, MAX_CHARS)), ...own];
  const end = all.findLastIndex((line) => /\p{L}{2}/u.test(line));
  const from = end < 0 ? Math.max(0, all.length - 1) : end;
  return { asks: all.slice(from).join(" ").trim(), before: all.slice(0, from).join("\n") };
}

/** What a question asks for, by its words alone: never by its place in the dialogue. */
export function kindOf(question: LoginQuestion): PromptKind {
  const { asks, before } = splitQuestion(question);
  const text = plain(asks);
  const context = plain(before);
  const { rest, found: code } = without(text, words.CODE, words.CODE_PARTS);
  const password = has(rest, words.PASSWORD, words.PASSWORD_PARTS);
  const pin = has(rest, words.PIN);
  if (has(text, words.CHOICE, words.CHOICE_PARTS)) return "choice";
  if (has(text, words.CHANGE, words.CHANGE_PARTS) && (password || pin || code)) {
    // "Verification code" and "confirm the login with your code" ask for nothing new.
    if (password || pin || /(?<!\p{L})new(?!\p{L})/u.test(text)) return "change";
  }
  if (password && has(context, words.EXPIRED, words.EXPIRED_PARTS)) return "change";
  if ([password, pin, code].filter(Boolean).length > 1) return "mixed";
  if (has(rest, words.CHALLENGE))
    return contextAsksForCode(context) && !has(context, words.CHALLENGE) ? "code" : "challenge";
  if (pin) return "pin";
  if (code) return "code";
  if (password) return contextAsksForCode(context) || has(context, words.CHALLENGE) ? "mixed" : "password";
  return "other";
}

/**
 * The user whose password a question names (`root@10.0.0.1's password`, `Password for root@REALM`, `root password`); undefined: nobody's.
 */
export function namedUser(question: LoginQuestion): string | undefined {
  const { asks } = splitQuestion(question);
  for (const pattern of NAMED) {
    const name = pattern.exec(asks)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

const NAMED: readonly RegExp[] = [
  /(?:^|[\s(])([^\s@()']{1,256})(?:@\S{1,256})?'s (?:\p{L}{1,20} )?password/iu,
  /password for ([^\s@]{1,256})@/iu,
  /password (?:for|of) user ["'`]?([^\s"'`:]{1,256})/iu,
  /(?:password (?:for|of) ["'`]?|(?:^|\s))(root)(?:["'`]?\s*:|["'`]?\s*$| password)/iu,
];

/** The sentence right before a question wants a code, so that "Password:" after it may mean the code. */
function contextAsksForCode(context: string): boolean {
  const last = context.split("\n").at(-1) ?? "";
  return has(last, words.CODE, words.CODE_PARTS);
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ \t]+/g, " ");
}

function has(text: string, ...patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => text.search(pattern) >= 0);
}

function without(
  text: string,
  ...patterns: readonly RegExp[]
): { readonly rest: string; readonly found: boolean } {
  let rest = text;
  for (const pattern of patterns) rest = rest.replace(pattern, " ");
  return { rest, found: rest !== text };
}
