import { joined, type Sh, sh } from "../sh.ts";
import type { Cell, Dialect, Order, Place, Table } from "./order.ts";
import { EFFECTS, refusedWord } from "./refused-words.ts";

/** psql's own commands never see the text: `-c` with a blank before it goes to the server as it is (psql(1)). */
const sql = (text: string): Sh => sh`-c ${` ${text}`}`;

export const postgres: Dialect = {
  clients: ["psql"],
  variable: "PGPASSWORD",
  refuses: ({ text, write, own }) => (write || own ? undefined : refusedWord(text, EFFECTS)),
  client(order) {
    const { place, write, seconds, nonce, text } = order;
    const settings = [
      sql(`SET statement_timeout = ${seconds * 1000}`),
      sql("SET standard_conforming_strings = on"),
    ];
    const steps = write
      ? [...settings, sh`-c '\set QUIET off'`, sql(text)]
      : [...settings, ...reading(order)];
    const shape = [
      ...["-A", "-P", "footer=off", "-P", `fieldsep=${nonce}f`, "-P", `recordsep=${nonce}r`],
      ...["-P", `null=${nonce}n`, "-v", "ON_ERROR_STOP=1", "-q"],
    ];
    return sh`PGCLIENTENCODING=UTF8 PGCONNECT_TIMEOUT=10 PGAPPNAME=ssh-mcp PAGER=cat "$c" -X -w ${shape} ${words(place)} ${joined(steps, " ")}`;
  },
  printed(text, { nonce, write }) {
    // Several statements, each with a word of its own on what it did: shown as it came.
    if (write) return { tables: [], lines: plainLines(text, nonce) };
    const lines = text.split(`${nonce}r`);
    if (text === "" && lines.length === 1) return { tables: [], lines: [] };
    const cells = (line: string): Cell[] =>
      line.split(`${nonce}f`).map((cell) => (cell === `${nonce}n` ? null : cell));
    const [head = "", ...rows] = lines;
    const table: Table = {
      columns: cells(head).map((cell) => cell ?? ""),
      rows: rows.map(cells),
    };
    return { tables: [table], lines: [] };
  },
  complaint: (lines) =>
    lines
      .filter((line) => !/^(?:CONTEXT: +PL\/pgSQL function inline_code_block|QUERY: )|^ *\^$/.test(line))
      .map(plainer),
  list: `SELECT datname AS database, pg_catalog.pg_get_userbyid(datdba) AS owner, pg_catalog.pg_encoding_to_char(encoding) AS encoding,
    CASE WHEN pg_catalog.has_database_privilege(oid, 'CONNECT') THEN pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(oid)) END AS size
    FROM pg_catalog.pg_database ORDER BY datname`,
  schema: (table) => (table === undefined ? TABLES : tableOf(literal(table))),
};

/** The server's word for what no cursor takes, with what that means here. */
function plainer(line: string): string {
  return / as cursor$/.test(line)
    ? `${line} (one statement that returns rows is for reading; ssh_db_change is for others)`
    : line;
}

function plainLines(text: string, nonce: string): string[] {
  const shown = text
    .replaceAll(`${nonce}r`, "\n")
    .replaceAll(`${nonce}f`, " | ")
    .replaceAll(`${nonce}n`, "NULL");
  return shown === "" ? [] : shown.split("\n");
}

/**
 * In a transaction that is only read in, by a cursor: the server itself takes one statement for it that returns rows, and
 * nothing that would end the transaction or write. What is left of it is rolled back.
 */
function reading({ text, rows, nonce }: Order): readonly Sh[] {
  const tag = (name: string) => `$${name}${nonce}$`;
  return [
    sql("SET default_transaction_read_only = on"),
    sql("BEGIN READ ONLY"),
    sql(
      `DO ${tag("d")} DECLARE c refcursor := 'ssh_mcp'; BEGIN OPEN c FOR EXECUTE ${tag("q")}${text}${tag("q")}; END ${tag("d")}`,
    ),
    sql(`FETCH FORWARD ${rows + 1} FROM ssh_mcp`),
    sql("ROLLBACK"),
  ];
}

function words({ container, user, port, socket, database = "postgres" }: Place): readonly string[] {
  const as = user ?? (container === undefined ? undefined : "postgres");
  const [, folder = socket, socketPort = undefined] = /^(.*)\/\.s\.PGSQL\.(\d+)$/.exec(socket ?? "") ?? [];
  const at = socketPort ?? port;
  const host = folder ?? (port === undefined ? undefined : "127.0.0.1");
  return [
    ...(as === undefined ? [] : ["-U", as]),
    ...(host === undefined ? [] : ["-h", host]),
    ...(at === undefined ? [] : ["-p", String(at)]),
    // A name with `=` in it, or a URL's beginning, would be read as a whole connection string.
    "-d",
    `dbname='${database.replace(/[\\']/g, "\\$&")}'`,
  ];
}

/** With standard_conforming_strings, which is set, a backslash in it is one. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const KIND = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
    WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE c.relkind::text END`;

const TABLES = `SELECT n.nspname AS schema, c.relname AS name, ${KIND} AS kind,
    CASE WHEN c.relkind IN ('r', 'm', 'p') AND c.reltuples >= 0 THEN c.reltuples::bigint END AS rows_about,
    CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_size_pretty(pg_catalog.pg_total_relation_size(c.oid)) END AS size
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    ORDER BY 1, 2`;

function tableOf(name: string): string {
  const found = `FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE (c.relname = ${name} OR n.nspname || '.' || c.relname = ${name}) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`;
  return `SELECT part, schema, name, type, nullable, definition FROM (
    SELECT 1 AS k, a.attnum AS o, 'column' AS part, t.nspname AS schema, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
      CASE WHEN a.attnotnull THEN 'no' ELSE 'yes' END AS nullable, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS definition
    FROM (SELECT c.oid, n.nspname ${found}) t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL SELECT 2, 0, CASE WHEN i.indisprimary THEN 'primary key' WHEN i.indisunique THEN 'unique index' ELSE 'index' END, t.nspname, x.relname,
      NULL, NULL, pg_catalog.pg_get_indexdef(i.indexrelid)
    FROM (SELECT c.oid, n.nspname ${found}) t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    UNION ALL SELECT 3, 0, 'foreign key', t.nspname, k.conname, NULL, NULL, pg_catalog.pg_get_constraintdef(k.oid)
    FROM (SELECT c.oid, n.nspname ${found}) t JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
    ) parts ORDER BY schema, k, o, name`;
}
