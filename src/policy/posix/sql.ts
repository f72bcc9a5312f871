import type { Outcome } from "./match.ts";
import { outcome, worse } from "./match.ts";
import { UNKNOWN } from "./paths.ts";

/** The first words of a statement and what they come to. SQL of PostgreSQL, MySQL, SQLite, Oracle and CQL. */
const STATEMENTS: readonly (readonly [RegExp, Outcome])[] = [
  [
    /\binto\s+(?:outfile|dumpfile)\b|\bcopy\b.*\b(?:to|from)\s+program\b|\bload_file\s*\(|\bxp_cmdshell\b|^\s*do\b/,
    outcome("opaque", "SQL that runs programs or writes files"),
  ],
  [
    /\bpg_(?:terminate_backend|cancel_backend|reload_conf|promote|rotate_logfile|switch_wal|drop_replication_slot|file_write|read_file|ls_dir)\b|\blo_(?:import|export|unlink)\b|\bdblink|\bsetval\s*\(|\bsys_(?:exec|eval)\b|\bpg_sleep/,
    outcome("disruptive", "a function that does more than read"),
  ],
  [
    /^explain\b.*\banalyze\b(?!\s+(?:false|off|0)\b).*\b(?:update|delete|insert|drop|truncate|merge)\b/,
    outcome("irreversible", "EXPLAIN ANALYZE runs the statement"),
  ],
  [
    /^with\b.*\b(?:delete\s+from|update\s+\S+\s+set|insert\s+into|merge\s+into)\b/,
    outcome("irreversible", "changes rows"),
  ],
  [/^(?:drop|truncate)\b/, outcome("irreversible", "drops what it names")],
  [/^alter\b.*\bdrop\b/, outcome("irreversible", "drops a part of a table")],
  [/^(?:delete|replace|merge)\b/, outcome("irreversible", "removes or replaces rows")],
  [/^update\b/, outcome("irreversible", "overwrites the values of rows")],
  [
    /^(?:alter|rename|grant|revoke|set\s+(?:global|persist|password)|reset|lock|kill|shutdown|restart|flush|purge|stop|start|change|reindex|cluster|vacuum\s+full|detach|attach|optimize|repair|unlock|reassign|security|install|uninstall)\b/,
    outcome("disruptive", "changes what others rely on"),
  ],
  [
    /^(?:insert|create|comment|analyze|vacuum|checkpoint|copy|load|upsert|prepare|notify|listen|refresh|import)\b/,
    outcome("write", "adds to a database"),
  ],
  [
    /^(?:execute|exec|call|do|source|system|import|include|handler)\b/,
    outcome("opaque", "runs what is stored elsewhere"),
  ],
  [/^select\b.*\binto\s+(?!@)/, outcome("write", "fills a table")],
  [/^select\b.*\b(?:for\s+update)\b/, outcome("write", "locks rows")],
  [
    /^(?:select|show|describe|desc|explain|with|table|values|use|set|begin|start\s+transaction|commit|rollback|end|abort|status|help|list|info|pragma\s+[\w.]+(?:\([\w']*\))?$|fetch|declare|close|consistency|expand|tracing)\b/,
    outcome("read", "reads a database"),
  ],
];

/** What a text of SQL statements does. */
export function judgeSql(text: string): Outcome {
  let result = outcome("read", "reads a database");
  for (const statement of statementsOf(text)) {
    const found = STATEMENTS.find(([pattern]) => pattern.test(statement));
    result = worse(result, found?.[1] ?? ofMeta(statement));
  }
  return text.includes(UNKNOWN)
    ? worse(result, outcome("opaque", "not all of the statement is known"))
    : result;
}

/** The commands of psql (`\d`), sqlite3 (`.tables`) and mysql. */
function ofMeta(statement: string): Outcome {
  if (
    /^\\(?:d\w*\+?|l\+?|z|x|timing|pset|a|t|q|\?|h|c|connect|conninfo|encoding|echo|sf\+?|sv\+?|p|r|s|g|gx|watch)(?:\s|$)/.test(
      statement,
    ) &&
    !/[|`]/.test(statement)
  )
    return outcome("read", "reads a database");
  if (
    /^\.(?:tables|schema|databases|indexes|indices|mode|headers?|width|show|help|quit|exit|dbinfo|stats|timer|fullschema|dump)\b/.test(
      statement,
    )
  )
    return outcome("read", "reads a database");
  return outcome("opaque", "what this statement does cannot be known");
}

/** Statements without comments, literals and doubled blanks, in small letters. */
function statementsOf(text: string): readonly string[] {
  // What MySQL runs although it looks like a comment stays.
  const bare = text
    .replace(/\/\*!\d*(.*?)\*\//gs, " $1 ")
    .replace(/'(?:[^'\\]|''|\\.)*'/gs, "''")
    .replace(/"(?:[^"\\]|\\.)*"/gs, '"x"')
    .replace(/--[ \t][^\n]*|--$|#[^\n]*|\/\*.*?\*\//gms, " ");
  return bare
    .split(/;|\\G\b|\\g\b|\n(?=[\\.])/)
    .map((one) =>
      one
        .replace(/\s+/g, " ")
        .trim()
        .toLowerCase()
        .replace(/^\(+\s*/, ""),
    )
    .filter((one) => one !== "");
}
