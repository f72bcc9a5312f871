import { sh } from "../sh.ts";
import type { Cell, Dialect, Place, Table } from "./order.ts";
import { FILES, refusedWord } from "./refused-words.ts";

/** What a read-only transaction does not keep back is no such statement: SET GLOBAL, FLUSH, KILL, PURGE, CALL. */
const READS = /^(?:select|with|show|describe|desc|explain|table|values|help)\b/i;

export const mysql: Dialect = {
  clients: ["mariadb", "mysql"],
  variable: "MYSQL_PWD",
  refuses({ text, write, own = false }) {
    if (write || own) return undefined;
    if (READS.test(withoutComments(text))) return refusedWord(text, FILES);
    return "only SELECT, WITH, TABLE, VALUES, SHOW, DESCRIBE, EXPLAIN and HELP are for reading";
  },
  client({ place, text, write, own = false, rows, seconds, nonce }) {
    const options = [
      ...["--batch", "--xml", "--quick", "--comments", "--binary-mode", "--default-character-set=utf8mb4"],
      ...["--loose-binary-as-hex", "--loose-local-infile=0", "--connect-timeout=10", ...words(place)],
    ];
    const limits = `SET SESSION sql_select_limit = ${write ? "DEFAULT" : rows + 1}/*M!, max_statement_time = ${seconds} *//*!50708 , max_execution_time = ${seconds * 1000} */;`;
    const plain = own ? "SET SESSION sql_mode = '';" : "";
    if (write) {
      const after = "SELECT ROW_COUNT() AS affected_rows";
      return sh`printf '%s\n' ${limits} ${`delimiter ${nonce}`} ${`${text}\n${nonce}`} ${`${after}${nonce}`} | "$c" ${options}`;
    }
    // As a prepared statement: the server takes one alone. As hex: neither the client nor a quote has a say in it.
    const before = `SET SESSION TRANSACTION READ ONLY; ${limits} ${plain} START TRANSACTION READ ONLY; SET @ssh_mcp = CONVERT(0x`;
    const after = " USING utf8mb4); PREPARE ssh_mcp FROM @ssh_mcp; EXECUTE ssh_mcp; ROLLBACK;";
    return sh`h=$(printf '%s' ${text} | od -An -v -tx1 | tr -d ' \n'); printf '%s\n' ${before}"$h"${after} | "$c" ${options}`;
  },
  printed: (text) => ({ tables: resultSets(text), lines: [] }),
  complaint: (lines) => {
    const errors = lines.filter((line) => /^ERROR\b/.test(line));
    return errors.length > 0 ? errors : lines.filter((line) => !/^-+$/.test(line));
  },
  list: `SELECT s.schema_name AS \`database\`, s.default_character_set_name AS charset, COUNT(t.table_name) AS tables,
    SUM(t.data_length + t.index_length) AS bytes FROM information_schema.schemata s
    LEFT JOIN information_schema.tables t ON t.table_schema = s.schema_name GROUP BY 1, 2 ORDER BY 1`,
  schema: (table) => (table === undefined ? TABLES : tableOf(literal(table))),
};

function words({ user, port, socket, database }: Place): readonly string[] {
  return [
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...(socket === undefined ? [] : [`--socket=${socket}`]),
    ...(port === undefined || socket !== undefined
      ? []
      : ["--protocol=tcp", "--host=127.0.0.1", `--port=${port}`]),
    ...(database === undefined ? [] : [`--database=${database}`]),
  ];
}

/** Comments before the first word, but not those that the server executes. */
function withoutComments(text: string): string {
  const comment = /^(?:\s|\(|--[\s][^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?![!M+])(?:[^*]|\*(?!\/))*\*\/)+/.exec(
    text,
  );
  return text.slice(comment?.[0].length ?? 0);
}

/** With sql_mode '', which is set, a backslash escapes. */
function literal(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}

const TABLES = `SELECT table_schema AS \`schema\`, table_name AS name, LOWER(table_type) AS kind, table_rows AS rows_about, data_length + index_length AS bytes
  FROM information_schema.tables WHERE table_schema = COALESCE(DATABASE(), table_schema)
  AND table_schema NOT IN ('information_schema', 'performance_schema', 'mysql', 'sys') ORDER BY 1, 2`;

function tableOf(name: string): string {
  const which = `(table_name = ${name} OR CONCAT(table_schema, '.', table_name) = ${name}) AND table_schema = IF(${name} LIKE '%.%', table_schema, COALESCE(DATABASE(), table_schema))`;
  return `SELECT part, \`schema\`, name, type, nullable, definition FROM (
    SELECT 1 AS k, ordinal_position AS o, 'column' AS part, table_schema AS \`schema\`, column_name AS name, column_type AS type, LOWER(is_nullable) AS nullable, column_default AS definition
    FROM information_schema.columns WHERE ${which}
    UNION ALL SELECT 2, 0, IF(index_name = 'PRIMARY', 'primary key', IF(MIN(non_unique) = 0, 'unique index', 'index')), table_schema, index_name, MIN(index_type), NULL,
    GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', ') FROM information_schema.statistics WHERE ${which} GROUP BY table_schema, table_name, index_name
    UNION ALL SELECT 3, 0, 'foreign key', table_schema, constraint_name, NULL, NULL,
    CONCAT(GROUP_CONCAT(column_name ORDER BY ordinal_position SEPARATOR ', '), ' -> ', MIN(referenced_table_name), ' (', GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position SEPARATOR ', '), ')')
    FROM information_schema.key_column_usage WHERE ${which} AND referenced_table_name IS NOT NULL GROUP BY table_schema, constraint_name
  ) parts ORDER BY \`schema\`, k, o, name`;
}

/** Of `--xml`: the one format in which a NULL, an empty text and the word differ. A row that is cut off is left out. */
function resultSets(text: string): Table[] {
  return text
    .split("<resultset ")
    .slice(1)
    .map((set) => {
      const rows = set.split("<row>").slice(1);
      const whole = rows.filter((row) => row.includes("</row>")).map(fieldsOf);
      return {
        columns: (whole[0] ?? []).map(([column]) => column),
        rows: whole.map((row) => row.map(([, cell]) => cell)),
      };
    });
}

function fieldsOf(row: string): [string, Cell][] {
  return [...row.matchAll(/<field name="([^"]*)"(?: xsi:nil="true" \/>|>([^<]*)<\/field>)/g)].map(
    ([, column = "", cell]) => [plain(column), cell === undefined ? null : plain(cell)],
  );
}

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };

function plain(text: string): string {
  return text.replace(/&(?:lt|gt|amp|quot);/g, (entity) => ENTITIES[entity] ?? entity);
}
