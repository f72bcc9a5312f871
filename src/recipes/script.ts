import { randomBytes } from "node:crypto";
import { quoteWord } from "../base/shell-quote.ts";
import type { Ran, RanSteps } from "./ran.ts";
import type { Sh } from "./sh.ts";

/** The line that is sent, and what its output is told apart by. */
export interface Script {
  readonly line: string;
  readonly mark: string;
}

interface ScriptOptions {
  readonly reads?: string | undefined;
  readonly mark?: string;
}

/**
 * Several steps as one line for a login shell of any kind: /bin/sh runs them one behind the other, each in a shell of its own
 * that reads nothing, with plain messages and the system's own folders on the path. `reads`: the one step that is given what
 * the whole is given to read. `mark`: no output can hold it by chance.
 */
export function scriptOf(
  steps: Readonly<Record<string, Sh>>,
  { reads, mark = randomBytes(6).toString("hex") }: ScriptOptions = {},
): Script {
  const parts = Object.entries(steps).map(
    ([name, { script }]) =>
      `printf '\\n%s\\n' "$m begin ${name}"; (\n${script}\n)${name === reads ? "" : " </dev/null"}; printf '\\n%s %s\\n' "$m end" "$?"`,
  );
  const whole = [
    `m=${mark}`,
    "LC_ALL=C; export LC_ALL; unset GREP_OPTIONS PS_FORMAT PAGER SYSTEMD_COLORS LS_COLORS",
    'PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"; export PATH',
    ...parts,
  ].join("\n");
  return { line: `exec /bin/sh -c ${quoteWord(whole)}`, mark };
}

/** The steps in what it printed, as far as it came. A last step without its end is left out. */
export function stepsIn(lines: readonly string[], mark: string): RanSteps {
  const steps = new Map<string, Ran>();
  let name: string | undefined;
  let rows: string[] = [];
  for (const line of lines) {
    const [word, what, value] = line.split(" ");
    if (word !== mark) {
      if (name !== undefined) rows.push(line);
      continue;
    }
    if (what === "begin" && value !== undefined) {
      name = value;
      rows = [];
    } else if (what === "end" && name !== undefined) {
      // The blank line before a mark is the mark's own: what is before it may have no line end.
      const own = rows.at(-1) === "" ? rows.slice(0, -1) : rows;
      steps.set(name, { lines: own, exit: Number(value) });
      name = undefined;
    }
  }
  return steps;
}
