import type { Device } from "./device.ts";

/** What a profile sees in one row of a terminal log. */
export interface RowFinding {
  /** Row number, from 1. */
  readonly row: number;
  readonly text: string;
  readonly what: "prompt" | "pager" | "question" | "secret" | "error" | "warning" | "async" | "stripped";
  /** Details in words: `mode enable, host sw1`. */
  readonly details: string;
  /** Command that stands behind a prompt. */
  readonly typed?: string;
}

type Finding = Pick<RowFinding, "what" | "details" | "typed">;

/** Where a typed command may begin: behind the shortest prompt on the row. */
const LONGEST_PROMPT = 120;

/**
 * Judges each row of a log as a session would if it stood under the cursor. A prompt with a command behind it, as it
 * stands in a log, counts as a prompt, too; a bare row wins over that.
 */
export function inspectRows(rows: readonly string[], device: Device): RowFinding[] {
  return rows.flatMap((line, index) => {
    const found = inspectRow(line.trimEnd(), device);
    return found === undefined ? [] : [{ row: index + 1, text: line.trimEnd(), ...found }];
  });
}

function inspectRow(row: string, device: Device): Finding | undefined {
  if (row === "") return undefined;
  if (device.isAsync(row)) return { what: "async", details: "printed by the device itself" };
  if (device.stripped(row) !== undefined)
    return { what: "stripped", details: "left out where it is the first row of an answer" };
  const pager = device.pager(row);
  if (pager) {
    const how =
      pager.live === true ? "live view, no key sent, left" : pager.end === true ? "end, left" : "next page";
    return {
      what: "pager",
      details: `${how} with ${JSON.stringify(pager.live || pager.end ? pager.quit_key : pager.key)}`,
    };
  }
  const question = device.question(row);
  if (question)
    return {
      what: "question",
      details: `${question.kind}, risk ${question.risk}, answered by a ${question.submit}`,
    };
  if (device.isSecret(row)) return { what: "secret", details: "what is typed here is not recorded" };
  const said = device.message(row);
  if (said !== undefined) return { what: said.is, details: said.class };
  const prompt = device.prompt(row);
  if (prompt) return { what: "prompt", details: placed(prompt) };
  return typedPrompt(row, device);
}

/** `sw1#show version`: the prompt is what stands before the command. */
function typedPrompt(row: string, device: Device): Finding | undefined {
  for (const { index } of row.slice(0, LONGEST_PROMPT).matchAll(/[>#$%\]]/g)) {
    const prompt = device.prompt(row.slice(0, index + 1));
    if (!prompt) continue;
    const command = row.slice(index + 1).trim();
    return { what: "prompt", details: placed(prompt), typed: command };
  }
  return undefined;
}

function placed({ mode, host }: { readonly mode: string; readonly host: string | undefined }): string {
  return host === undefined ? `mode ${mode}` : `mode ${mode}, host ${host}`;
}
