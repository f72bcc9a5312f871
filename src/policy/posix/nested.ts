import { type Outcome, outcome } from "./match.ts";
import { judgeSql } from "./sql.ts";

/** Words that end a program which reads what is typed, and nothing else. */
const ENDS: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(?:python|ipython|pypy|irb|node|php|lua|perl|ruby|julia|R$|octave|ghci|iex|scala|groovy|jshell|deno|bun)/,
    /^(?:exit\(\)|quit\(\)|exit|quit|\.exit|:q|q\(\)|:quit|\/exit)$/,
  ],
  [/^(?:vi|vim|nvim|view|vimdiff|ex)$/, /^:q$/],
  [/^(?:less|more|most|man|top|htop|btop|atop|iotop|iftop|nethogs|glances|journalctl)$/, /^[qQ]$/],
  [
    /^(?:psql|mysql|mariadb|sqlite3|redis-cli|valkey-cli|mongo|mongosh|sqlplus|cqlsh|clickhouse-client|duckdb|bc|dc|gdb|ftp|sftp|lftp|telnet|fdisk|gdisk|parted|virsh|nmcli|bluetoothctl|nslookup)$/,
    /^(?:exit|quit|q|\\q|\.quit|\.exit|bye|\^D)$/,
  ],
];

const SQL = /^(?:psql|mysql|mariadb|cqlsh|clickhouse-client|sqlite3|duckdb|sqlplus|sqlcmd|trino)$/;
const REDIS_READS =
  /^\s*(?:get|mget|exists|keys|scan|ttl|pttl|type|info|ping|dbsize|strlen|h(?:get|getall|keys|len|vals|exists)|l(?:len|range|index)|s(?:card|members|ismember)|z(?:card|range|score|rank)|config get|client list|slowlog get|memory usage)(?:\s+[\w:.*-]+)*\s*$/i;

/** What a text typed into another program does; only of those whose reads are known more can be said than that. */
export function judgeNested(
  program: string,
  text: string,
): { readonly outcome: Outcome; readonly ends: boolean } {
  const line = text.trim();
  if (line === "") return { outcome: outcome("read"), ends: false };
  if (ENDS.some(([known, words]) => known.test(program) && words.test(line)))
    return { outcome: outcome("read", `ends ${program}`), ends: true };
  // A shell somewhere else ends by itself; where that leads to is not known.
  if (/ssh|shell|sh$|tmux|screen/.test(program) && /^(?:exit|logout)$/.test(line))
    return { outcome: outcome("read", "ends a shell"), ends: false };
  const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text);
  const sql = SQL.test(program) ? judgeSql(line) : undefined;
  if (sql?.risk === "irreversible" || sql?.risk === "disruptive") return { outcome: sql, ends: false };
  if (
    !control &&
    sql?.risk === "read" &&
    !/[\\!`|]/.test(line.replace(/'[^']*'/g, "").replace(/^\\\w+\+?/, ""))
  )
    return { outcome: outcome("read", `only reads, in ${program}`), ends: false };
  if (/^(?:redis|valkey)-cli$/.test(program) && REDIS_READS.test(line))
    return { outcome: outcome("read", `only reads, in ${program}`), ends: false };
  return {
    outcome: outcome("opaque", `${program} reads this, and what it does with it cannot be known`),
    ends: false,
  };
}
