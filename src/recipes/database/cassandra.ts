import { sh } from "../sh.ts";
import type { Dialect, Place } from "./order.ts";

const READS = /^(?:select|describe|desc)\b/i;

export const cassandra: Dialect = {
  clients: ["cqlsh"],
  variable: "SSH_MCP_PASSWORD",
  refuses({ text, write }) {
    // cqlsh parts statements itself, and has commands of its own for files and scripts.
    const [whole, rest] = [text.trim().replace(/;\s*$/, ""), text.includes(";")];
    if (write)
      return /^(?:source|copy|capture|login|exit|quit|expand|tracing|serial|paging|consistency|clear|help)\b/i.test(
        whole,
      )
        ? "it is a command of cqlsh, and no statement"
        : whole.includes(";")
          ? "one statement at a time: a ; within it is not sent"
          : undefined;
    if (!READS.test(whole)) return "only SELECT and DESCRIBE are for reading";
    return rest && whole.includes(";") ? "one statement at a time: a ; within it is not sent" : undefined;
  },
  client({ place, text, rows, seconds }) {
    const { user, secret, port = 9042 } = place;
    const options = [`--request-timeout=${seconds}`, "--connect-timeout=10", "--no-color", ...words(place)];
    const run = sh`"$c" ${options} -e ${text} 127.0.0.1 ${port} | head -n ${rows + 6}`;
    if (secret === undefined) return run;
    // cqlsh reads a password from a file alone: a private one, which goes with its folder however this ends.
    return sh`umask 077; d=$(mktemp -d) || exit 1; trap 'rm -rf "$d"' EXIT; trap 'exit 143' HUP INT TERM; u=${user ?? "cassandra"}; cat >"$d/cqlshrc" <<SSH_MCP_END
[authentication]
username = $u
password = $SSH_MCP_PASSWORD
SSH_MCP_END
unset SSH_MCP_PASSWORD; "$c" --cqlshrc="$d/cqlshrc" ${options} -e ${text} 127.0.0.1 ${port} | head -n ${rows + 6}`;
  },
  printed: (text) => ({ tables: [], lines: text === "" ? [] : text.split("\n") }),
  list: "DESCRIBE KEYSPACES",
  schema: (table) => (table === undefined ? "DESCRIBE TABLES" : `DESCRIBE TABLE ${table}`),
};

function words({ database, user, secret }: Place): readonly string[] {
  return [
    ...(database === undefined ? [] : [`--keyspace=${database}`]),
    ...(user === undefined || secret !== undefined ? [] : [`--username=${user}`]),
  ];
}
