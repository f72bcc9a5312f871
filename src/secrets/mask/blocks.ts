/** A stretch of a text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,60})-----/;
const END = /-----END ([A-Z0-9 ]{1,60})-----/;
/** A row of base64 as such blocks have them, maybe behind a line's number, a quote or an indent. */
const ROW =
  /^(?:\s{0,40}|\s{0,10}\d{1,7}[:|\t-]\s?|["'> |+-]{1,10})([A-Za-z0-9+/]{40,100}={0,2})["'\\n,]{0,4}\s*$/;
const LAST_ROW =
  /^(?:\s{0,40}|\s{0,10}\d{1,7}[:|\t-]\s?|["'> |+-]{1,10})([A-Za-z0-9+/]{4,100}={0,2})["'\\n,]{0,4}\s*$/;
/** How a key in DER or in OpenSSH's form begins. */
const KEY_BEGINS = /^(?:b3BlbnNzaC1rZXktdjE|MII[BCEGJ]|MC4CAQAwBQYDK2Vw|MHcCAQEE|MIG[HTU])/;

/**
 * The rows of private keys: between their marks, and without them where a part of a key is shown, for nothing tells it from
 * one. Certificates and public keys are left as they are where their mark says so.
 */
export function keyRows(text: string): Span[] {
  if (!/[A-Za-z0-9+/]{40}/.test(text) && !text.includes("-----BEGIN")) return [];
  const spans: Span[] = [];
  const rows = rowsOf(text);
  for (let at = 0; at < rows.length; ) {
    const row = rows[at];
    if (row === undefined) break;
    const kind = BEGIN.exec(row.text)?.[1];
    if (kind !== undefined) {
      const end = endOf(rows, at + 1);
      if (kind.includes("PRIVATE KEY")) spans.push(...bodies(rows.slice(at, end), row));
      at = end;
      continue;
    }
    if (!isRow(row)) {
      at++;
      continue;
    }
    let to = at;
    while (to < rows.length && isRow(rows[to])) to++;
    const whole = rows.slice(at, to);
    if (to < rows.length && LAST_ROW.test(rows[to]?.text ?? "")) to++;
    const mark = END.exec(rows[to]?.text ?? "")?.[1];
    const run = rows.slice(at, to);
    const isKey = mark === undefined ? run.length > 2 || begins(run[0]) : mark.includes("PRIVATE KEY");
    if (isKey) spans.push(...run.flatMap(body));
    else if (mark === undefined && whole.every(isWhole)) spans.push(...whole.flatMap(body));
    at = Math.max(to, at + 1);
  }
  return spans;
}

/** Hexadecimal digits alone are a checksum or a fingerprint. */
function isRow(row: Row | undefined): boolean {
  const [, base64] = ROW.exec(row?.text ?? "") ?? [];
  return base64 !== undefined && !/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(base64);
}

/** As wide as the rows of keys are (RFC 7468, OpenSSH, RFC 2045): one that was searched for stands alone. */
function isWhole({ text }: Row): boolean {
  const [, base64 = ""] = ROW.exec(text) ?? [];
  const wide = base64.length === 64 || base64.length === 70 || base64.length === 76;
  return wide && /[a-z]/.test(base64) && /[A-Z]/.test(base64) && /\d/.test(base64);
}

interface Row {
  readonly text: string;
  readonly from: number;
}

function rowsOf(text: string): Row[] {
  let from = 0;
  return text.split("\n").map((row) => {
    const at = from;
    from += row.length + 1;
    return { text: row, from: at };
  });
}

/** Behind the mark that ends the block, or behind its last row. */
function endOf(rows: readonly Row[], first: number): number {
  for (let at = first; at < rows.length; at++) {
    const { text } = rows[at] ?? { text: "" };
    if (END.test(text)) return at + 1;
    if (!LAST_ROW.test(text) && !/^\s*$|^[\s>|+-]*(?:Proc-Type|DEK-Info|Comment|Version)/.test(text))
      return at;
  }
  return rows.length;
}

/** Also a key whose rows are written as one, `-----BEGIN …-----\nMII…` in JSON. */
function bodies(rows: readonly Row[], first: Row): Span[] {
  const mark = BEGIN.exec(first.text);
  const behind = (mark?.index ?? 0) + (mark?.[0].length ?? 0);
  const rest = first.text.slice(behind);
  const end = rest.indexOf("-----END");
  const inline = (end < 0 ? rest : rest.slice(0, end)).trimEnd();
  const own = /[A-Za-z0-9+/]{8}/.test(inline)
    ? [{ from: first.from + behind, to: first.from + behind + inline.length }]
    : [];
  return [...own, ...rows.slice(1).flatMap(body)];
}

function body({ text, from }: Row): Span[] {
  const [, base64] = LAST_ROW.exec(text) ?? [];
  if (base64 === undefined) return [];
  const at = from + text.indexOf(base64);
  return [{ from: at, to: at + base64.length }];
}

function begins(row: Row | undefined): boolean {
  const [, base64 = ""] = ROW.exec(row?.text ?? "") ?? [];
  return KEY_BEGINS.test(base64) && base64.length >= 60;
}
