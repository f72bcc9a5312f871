import { type Fault, MOST_FAULTS, numberedLines } from "./kinds.ts";

/**
 * INI has no standard: what all readers agree on is checked. Keys may have no value (`skip-networking`), values may go on in
 * lines that are indented or behind a `\`, `!include` is MySQL's.
 */
export function checkIni(text: string): readonly Fault[] {
  const faults: Fault[] = [];
  let goesOn = false;
  let key = false;
  for (const { row, line } of numberedLines(text)) {
    if (faults.length > MOST_FAULTS) break;
    const body = row.trim();
    const continued = goesOn || (key && /^\s/.test(row));
    goesOn = false;
    if (body === "" || /^[#;]/.test(body) || body.startsWith("!include")) continue;
    if (continued) {
      goesOn = body.endsWith("\\");
      continue;
    }
    const why = iniFault(body);
    if (why !== undefined) faults.push({ line, column: row.indexOf(body) + 1, message: why });
    key = !body.startsWith("[");
    goesOn = key && body.endsWith("\\");
  }
  return faults;
}

function iniFault(body: string): string | undefined {
  if (body.startsWith("[")) {
    if (!body.includes("]")) return "a section without a closing ]";
    if (/^\[\s*\]/.test(body)) return "a section without a name";
    return /^\[.+\]\s*(?:[#;].*|\w+\s*=.*)?$/.test(body) ? undefined : "something behind a section's ]";
  }
  if (/^[=:]/.test(body)) return "a value without a key";
  return /[=:]/.test(body) || !/\s/.test(body.replace(/\s+[#;].*$/, ""))
    ? undefined
    : "neither a section, a key with a value nor a comment";
}

/** systemd.syntax(7): keys may repeat, lines go on behind `\`, comments may stand between them. */
export function checkSystemd(text: string): readonly Fault[] {
  const faults: Fault[] = [];
  let section = false;
  let goesOn = false;
  for (const { row, line } of numberedLines(text)) {
    if (faults.length > MOST_FAULTS) break;
    const body = row.trim();
    if (/^[#;]/.test(body)) continue;
    if (goesOn || body === "") {
      goesOn = goesOn && body.endsWith("\\");
      continue;
    }
    goesOn = body.endsWith("\\");
    const why = unitFault(body, section);
    if (why !== undefined) faults.push({ line, column: row.indexOf(body) + 1, message: why });
    if (body.startsWith("[")) section = true;
  }
  return faults;
}

function unitFault(body: string, section: boolean): string | undefined {
  if (body.startsWith("["))
    return /^\[[^[\]]+\]$/.test(body) ? undefined : "a section must be [Name] and nothing else";
  if (!body.includes("=")) return "no = behind the key";
  if (body.startsWith("=")) return "a value without a key";
  return section ? undefined : "an assignment before the first [Section]";
}

/** Name=value, `export` before it or not; values in quotes may have several lines; a name alone takes the surroundings' value. */
export function checkDotenv(text: string): readonly Fault[] {
  const faults: Fault[] = [];
  const rows = numberedLines(text);
  for (let index = 0; index < rows.length && faults.length <= MOST_FAULTS; index++) {
    const { row = "", line = 0 } = rows[index] ?? {};
    const body = row.trim();
    if (body === "" || body.startsWith("#")) continue;
    const fault = (message: string, column = row.indexOf(body) + 1) => faults.push({ line, column, message });
    const { name, value } =
      /^(?:export\s+)?(?<name>[^=]*?)\s*(?:=\s*(?<value>.*))?$/s.exec(body)?.groups ?? {};
    if (name === undefined || !/^[\w.-]+$/.test(name) || /^\d/.test(name)) {
      fault(
        body.includes("=")
          ? `${JSON.stringify(name ?? "")} is no name of a variable`
          : "neither name=value nor a comment",
      );
      continue;
    }
    const quote = /^["'`]/.exec(value ?? "")?.[0];
    if (quote === undefined || value === undefined) continue;
    const last = endOfQuoted(rows, index, value.slice(1), quote);
    if (last === undefined) {
      fault(`a value that begins with ${quote} and does not end`, row.indexOf(quote) + 1);
      // Whatever follows may be part of it.
      break;
    }
    index = last;
  }
  return faults;
}

/** Index of the row with the closing quote. */
function endOfQuoted(
  rows: readonly { readonly row: string }[],
  from: number,
  first: string,
  quote: string,
): number | undefined {
  for (let index = from; index < rows.length; index++) {
    const text = index === from ? first : (rows[index]?.row ?? "");
    for (let at = 0; at < text.length; at++) {
      if (text[at] === "\\" && quote === '"') at++;
      else if (text[at] === quote) return index;
    }
  }
  return undefined;
}
