import { messageOf } from "../../base/errors.ts";
import { type Fault, MOST_FAULTS, numberedLines, placeOf } from "./kinds.ts";

export async function checkJson(text: string): Promise<readonly Fault[]> {
  const why = refusalOf(text);
  if (why === undefined) return [];
  const faults = await placedFaults(text, false);
  return faults.length > 0 ? faults : [why];
}

/** With comments and trailing commas, as VS Code and TypeScript read it. */
export async function checkJsonc(text: string): Promise<readonly Fault[]> {
  return placedFaults(text, true);
}

export function checkJsonLines(text: string): readonly Fault[] {
  const faults: Fault[] = [];
  for (const { row, line } of numberedLines(text)) {
    if (faults.length > MOST_FAULTS) break;
    const why = row.trim() === "" ? undefined : refusalOf(row);
    if (why !== undefined) faults.push({ ...why, line });
  }
  return faults;
}

async function placedFaults(text: string, commented: boolean): Promise<readonly Fault[]> {
  const { printParseErrorCode, visit } = await import("jsonc-parser");
  const faults: Fault[] = [];
  visit(
    text,
    {
      onError(code, offset) {
        if (faults.length <= MOST_FAULTS)
          faults.push({
            ...placeOf(text, offset),
            message: WORDS[printParseErrorCode(code)] ?? "not understood",
          });
      },
    },
    { disallowComments: !commented, allowTrailingComma: commented },
  );
  return faults;
}

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: "neither true, false, null, a number nor a string in quotes",
  InvalidNumberFormat: "no number",
  PropertyNameExpected: 'a property name in " is expected',
  ValueExpected: "a value is expected",
  ColonExpected: "a colon is expected",
  CommaExpected: "a comma is expected",
  CloseBraceExpected: "a closing } is expected",
  CloseBracketExpected: "a closing ] is expected",
  EndOfFileExpected: "something behind the end of the value",
  InvalidCommentToken: "a comment, which JSON has none of",
  UnexpectedEndOfComment: "a comment that does not end",
  UnexpectedEndOfString: "a string that does not end",
  UnexpectedEndOfNumber: "a number that does not end",
  InvalidUnicode: "\\u needs four hexadecimal digits",
  InvalidEscapeCharacter: "an escape that JSON does not have",
  InvalidCharacter: "a control character in a string",
};

/** What the engine's own parser says, which is the judge. */
function refusalOf(text: string): Fault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = messageOf(error);
    const at = /at position (\d+)/.exec(message)?.[1];
    const place = placeOf(text, at === undefined ? text.length : Number(at));
    return {
      ...place,
      message: message.replace(/ in JSON at position.*$/s, "").replace(/, \.{3}?".*$/s, ""),
    };
  }
}
