import type { RE2JS } from "re2js";
import type { Profile, ProfileText } from "./profile.ts";

/** What ends a text of several lines: somewhere in a line, or a line of its own; a control character is a key. */
export interface TextEnd {
  readonly end: string;
  readonly where: "in" | "alone";
}

/** Finds what ends the text that a row asks for, or that a command line begins without a word. */
export interface TextEnds {
  row(row: string): TextEnd | undefined;
  line(line: string): TextEnd | undefined;
}

/** Longest row or line that is looked at. */
const LONGEST = 400;

/**
 * How devices ask for a text of several lines, as most platforms word it; a profile adds its own (`text`). Group `end` is what
 * ends it. RE2, case is ignored.
 */
export const TEXT_WANTED: readonly ProfileText[] = [
  // Cisco, Aruba, Dell, Ruijie: Enter TEXT message.  End with the character '#'.
  {
    row: "(?i)\\b(?:end|ends|ended|terminate[ds]?|finish(?:ed)?|quit|stop|close)\\b.{0,40}\\b(?:character|delimiter|char)\\b[^'\"`(]{0,12}['\"`(](?P<end>[^\\s'\"`]{1,2})['\"`)]",
    where: "in",
  },
  {
    row: "(?i)\\b(?:end|quit|finish) with (?:the )?(?:character|delimiter|char) (?P<end>[^\\s\\w'\"`.])",
    where: "in",
  },
  // Arista: Enter TEXT message. Type 'EOF' on its own line to end.
  {
    row: "(?i)\\b(?:type|enter|with|word|by)\\b.{0,24}['\"`](?P<end>[A-Za-z.]{1,10})['\"`] (?:alone )?(?:on|in) (?:a |its |an )(?:own |separate |new |single |empty )?line\\b",
    where: "alone",
  },
  // Junos, F5, VyOS: [Type ^D at a new line to end input]
  {
    row: "(?i)(?:\\^d|\\bctrl ?[-+/]? ?d\\b|\\bcontrol[- ]d\\b).{0,40}\\b(?:end|ends|finish|submit|done|terminate|save|complete)\\b",
    end: "\u0004",
    where: "alone",
  },
  {
    row: "(?i)\\bwhen (?:done|finished)\\b.{0,40}(?:\\^d|\\bctrl ?[-+/]? ?d\\b|\\bcontrol[- ]d\\b)",
    end: "\u0004",
    where: "alone",
  },
  {
    row: "(?i)\\b(?:end|ends|finish|terminate|complete|close)\\b.{0,40}\\b(?:with|by|using)\\b.{0,12}(?:\\^d|\\bctrl ?[-+/]? ?d\\b|\\bcontrol[- ]d\\b)",
    end: "\u0004",
    where: "alone",
  },
];

type Compile = (source: string, field: string) => RE2JS;
type Find = (text: string) => TextEnd | undefined;

let common: TextEnds | undefined;

/** The profile's own before those of all platforms. @throws SshMcpError `inventory_invalid`. */
export function textsOf(profile: Profile, compile: Compile): TextEnds {
  const everywhere = common ?? compiled(TEXT_WANTED, compile);
  common = everywhere;
  const own = compiled(profile.text ?? [], compile);
  return {
    row: (row) => own.row(row) ?? everywhere.row(row),
    line: (line) => own.line(line) ?? everywhere.line(line),
  };
}

function compiled(texts: readonly ProfileText[], compile: Compile): TextEnds {
  const rows: Find[] = [];
  const lines: Find[] = [];
  for (const [index, text] of texts.entries()) {
    if (text.row !== undefined) rows.push(finder(compile(text.row, `text[${index}].row`), text));
    if (text.line !== undefined) lines.push(finder(compile(text.line, `text[${index}].line`), text));
  }
  const first = (finds: readonly Find[]): Find => {
    return (text) => {
      for (const find of text.length > LONGEST ? [] : finds) {
        const found = find(text);
        if (found) return found;
      }
      return undefined;
    };
  };
  return { row: first(rows), line: first(lines) };
}

function finder(pattern: RE2JS, { line, end, where }: ProfileText): Find {
  const named = Object.hasOwn(pattern.namedGroups(), "end");
  return (text) => {
    const matcher = pattern.matcher(text);
    if (!matcher.find()) return undefined;
    const found = named ? matcher.group("end") : end;
    if (found === undefined || found === null || found === "") return undefined;
    // The text and its end are on the command line already.
    return line !== undefined && text.slice(matcher.end()).includes(found)
      ? undefined
      : { end: found, where };
  };
}
