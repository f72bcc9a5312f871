// The string literals and template texts of a TypeScript source, without its comments, regular expressions and code. Its own
// small scanner: the compiler this project uses (TypeScript 7) has no parser to import.

/** Behind these a slash begins a regular expression; behind anything else it divides. */
const BEFORE_REGEX =
  /(?:^|[([{,;:=!&|?+\-*%<>~^}]|\b(?:return|typeof|case|in|of|await|yield|void|delete|else|do))$/;

/** @returns {{line: number, text: string}[]} in order; a template is one entry per piece between its `${…}`. */
export function stringsOf(source) {
  const found = [];
  let at = 0;
  let line = 1;
  /** The last code seen, enough of it to tell a regular expression from a division. */
  let before = "";
  let gap = false;

  const step = (count = 1) => {
    for (let i = 0; i < count; i++) if (source[at++] === "\n") line++;
  };
  const skipTo = (end) => {
    const found = source.indexOf(end, at);
    step((found < 0 ? source.length : found + end.length) - at);
  };

  function quoted(quote) {
    const from = line;
    let text = "";
    step();
    while (at < source.length && source[at] !== quote) {
      if (quote === "`" && source.startsWith("${", at)) {
        found.push({ line: from, text });
        text = "";
        step(2);
        code("}");
        step();
        continue;
      }
      if (source[at] === "\\") {
        text += source[at + 1] === "n" ? "\n" : (source[at + 1] ?? "");
        step(2);
        continue;
      }
      text += source[at];
      step();
    }
    step();
    if (text !== "") found.push({ line: from, text });
    before = '"';
  }

  function regex() {
    let inClass = false;
    step();
    while (at < source.length && (inClass || source[at] !== "/") && source[at] !== "\n") {
      if (source[at] === "[") inClass = true;
      else if (source[at] === "]") inClass = false;
      step(source[at] === "\\" ? 2 : 1);
    }
    step();
    before = ")";
  }

  function code(end) {
    let depth = 0;
    while (at < source.length) {
      const char = source[at];
      if (char === end && depth === 0) return;
      if (source.startsWith("//", at)) skipTo("\n");
      else if (source.startsWith("/*", at)) skipTo("*/");
      else if (char === '"' || char === "'" || char === "`") quoted(char);
      else if (char === "/" && BEFORE_REGEX.test(before)) regex();
      else {
        if (char === "{") depth++;
        if (char === "}") depth--;
        // A blank parts two words, and is nothing between a word and a slash.
        if (/\s/.test(char)) gap = true;
        else {
          before = `${gap ? `${before} ` : before}${char}`.slice(-12);
          gap = false;
        }
        step();
      }
    }
  }

  code(undefined);
  return found;
}
