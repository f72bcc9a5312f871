import { judgePosix } from "../posix/judge.ts";
import { worstOf } from "../risk.ts";
import type { Reading } from "./expand.ts";
import type { CliState } from "./state.ts";
import type { Piece, Word } from "./words.ts";

interface Read {
  readonly reading: Reading;
  readonly state: CliState;
}

/** A command of the Unix shell below the command line, where the line is one: only what is known to read is let through. */
export function inShell({ reading, state }: Read, words: readonly Word[], line: Piece): Read {
  if (reading.action?.is !== "shell") return { reading, state };
  const first = words[Number(reading.action.words[0])];
  if (first === undefined) return { reading, state };
  const text = unquoted(line.text.slice(first.from - line.from).trim());
  const { risk, findings, state: after } = judgePosix(text);
  if (after.opaque !== undefined) return { reading, state: { ...state, opaque: after.opaque } };
  if (risk === "read")
    return { reading: { ...reading, risk, why: "a command of the shell that only reads" }, state };
  const worst = findings.find((one) => one.risk === risk);
  return {
    reading: {
      ...reading,
      risk: worstOf([risk, reading.risk]),
      why: worst === undefined ? reading.why : `in the shell of the device: ${worst.why}`,
    },
    state,
  };
}

function unquoted(text: string): string {
  return /^"[^"]*"$/.test(text) ? text.slice(1, -1) : text;
}
