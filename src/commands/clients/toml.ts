/**
 * `text` with the table `[mcp_servers.NAME]` at its end. Undefined: the servers are written in another form, or one of
 * that name is there, and nothing can be added without a look at it.
 */
export function withTable(
  text: string,
  name: string,
  entry: Readonly<Record<string, unknown>>,
): { readonly text: string; readonly added: string } | undefined {
  if (isWrittenOtherwise(text, name)) return undefined;
  const breaks = text.includes("\r\n") ? "\r\n" : "\n";
  const values = Object.entries(entry).map(([key, value]) => `${key} = ${tomlValue(value)}`);
  const table = [`[mcp_servers.${name}]`, ...values].map((line) => `${line}${breaks}`).join("");
  const gap = text === "" ? "" : text.endsWith("\n") ? breaks : breaks + breaks;
  return { text: `${text}${gap}${table}`, added: table };
}

/** What the text says outside of comments and strings decides; a text in which a string is not closed is no TOML. */
function isWrittenOtherwise(text: string, name: string): boolean {
  const plain = withoutStrings(text);
  if (plain === undefined) return true;
  const rows = plain.split(/\r?\n/).map((row) => row.trim());
  const own = new RegExp(`^\\[\\[?\\s*["']?mcp_servers["']?\\s*\\.\\s*["']?${name}["']?\\s*[.\\]]`);
  // A server inside one inline table, or with keys that are written with dots: that table is closed to a header.
  const inline = /^["']?mcp_servers["']?\s*[.=]/;
  const inTable = /^\[\s*["']?mcp_servers["']?\s*\]/;
  return rows.some((row) => own.test(row) || inline.test(row) || inTable.test(row));
}

/** Without comments and what is in multi-line strings; undefined: one is not closed. Strings of one row stay as they are. */
function withoutStrings(text: string): string | undefined {
  const piece = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|#[^\r\n]*|["']/g;
  let open = false;
  const plain = text.replace(piece, (found) => {
    if (found.length === 1 && found !== "#") open = true;
    if (found.startsWith("#")) return "";
    return /^("""|''')/.test(found) ? '""' : found;
  });
  return open ? undefined : plain;
}

/** Strings of JSON are basic strings of TOML, but for DEL. */
function tomlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}
