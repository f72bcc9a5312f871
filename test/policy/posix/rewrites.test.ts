import fc from "fast-check";
import { expect, test } from "vitest";
import { judgePosix } from "../../../src/policy/posix/judge.ts";
import { RISKS } from "../../../src/policy/risk.ts";
import { casesOf } from "./collections.ts";

/** Ways to write the same command in another way; the seed chooses where. Undefined: it does not apply to this text. */
const REWRITES: Readonly<Record<string, (text: string, seed: number) => string | undefined>> = {
  "quotes inside of a word": (text, seed) => inWord(text, seed, (before, after) => `${before}""${after}`),
  "a backslash before a letter": (text, seed) => inWord(text, seed, (before, after) => `${before}\\${after}`),
  "a letter in $'…'": (text, seed) =>
    inWord(text, seed, (before, after) => `${before}$'${after.slice(0, 1)}'${after.slice(1)}`),
  "a wrapper": (text, seed) =>
    before(text, ["sudo ", "env A=1 ", "nice -n 5 ", "timeout 9 ", "nohup ", "command ", "time "], seed),
  "another line before": (text, seed) => `${pick(["ls", "cd ~", "echo a"], seed)}\n${text}`,
  "a variable assigned before": (text) => `unused_1=1; ${text}`,
  "a comment behind": (text) => (text.includes("\n") ? undefined : `${text} # ls`),
  "sh -c": (text) => (text.includes("'") || text.includes("\n") ? undefined : `sh -c '${text}'`),
  "leading blanks": (text) => ` \t ${text}`,
  "a pipe behind": (text) => (/[\n&]/.test(text) ? undefined : `${text} | cat`),
  "a subshell": (text) => (text.includes("\n") ? undefined : `(${text}\n)`),
  "a line continued": (text, seed) => inWord(text, seed, (head, tail) => `${head}\\\n${tail}`),
  "what is true before": (text) => `true && ${text}`,
  "a branch": (text) => `if true; then\n${text}\nfi`,
};

function pick(from: readonly string[], seed: number): string {
  return from[seed % from.length] ?? "";
}

function before(text: string, words: readonly string[], seed: number): string | undefined {
  return isSimple(text) ? pick(words, seed) + text : undefined;
}

/** Only one command with plain words: what a rewrite inside of a word, or a wrapper, keeps the meaning of. */
function isSimple(text: string): boolean {
  return (
    /^[a-z][\w.-]*(?: [^\n|&;<>(){}$`!#]*)?$/.test(text) &&
    !/^(?:if|for|while|until|case|select|function|coproc|time|eval|exec|trap|alias|export|cd|unset|history|source|builtin|command|let|declare|printf|read|test|enable|hash|complete|bind|mapfile)\b/.test(
      text,
    )
  );
}

/** Somewhere within the first word, which is the name of the command. */
function inWord(
  text: string,
  seed: number,
  change: (before: string, after: string) => string,
): string | undefined {
  const [word = ""] = /^[a-z][\w-]*/.exec(text) ?? [];
  if (!isSimple(text) || word.length < 2) return undefined;
  const at = 1 + (seed % (word.length - 1));
  return change(word.slice(0, at), word.slice(at)) + text.slice(word.length);
}

const destructive = casesOf("posix")
  .filter(({ is }) => is === "destructive")
  .map(({ text }) => text)
  // An unfinished line, or one that recalls another, means something else when text is put around it.
  .filter((text) => !/(?:^|\s)!|<<|\\$/.test(text));

test.each(Object.entries(REWRITES))(
  "a destructive command does not become milder by %s",
  (_name, rewrite) => {
    let applied = 0;
    fc.assert(
      fc.property(fc.constantFrom(...destructive), fc.nat(1000), (text, seed) => {
        const other = rewrite(text, seed);
        if (other === undefined) return;
        applied++;
        const [now, then] = [judgePosix(text).risk, judgePosix(other).risk];
        expect(RISKS.indexOf(then), `${text}\n${other}\n${now} → ${then}`).toBeGreaterThanOrEqual(
          RISKS.indexOf(now),
        );
      }),
      { seed: 20261130, numRuns: 250 },
    );
    expect(applied).toBeGreaterThan(40);
  },
);
