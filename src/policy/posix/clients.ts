import { type Outcome, outcome, worse } from "./match.ts";
import { parseOptions } from "./options.ts";
import { UNKNOWN } from "./paths.ts";
import { forNames, type Handler, type Running, valued } from "./running.ts";
import { judgeSql } from "./sql.ts";

const SQL_CLIENTS: Readonly<
  Record<
    string,
    { readonly text: string; readonly file: string; readonly reads: string; readonly valued: string }
  >
> = {
  psql: {
    text: "-c --command",
    file: "-f --file",
    reads: "-l --list -V --version -?",
    valued:
      "-c -f -d -h -p -U -v -o -L -F -P -R -T --command --file --dbname --host --port --username --set --variable --output --pset",
  },
  mysql: {
    text: "-e --execute",
    file: "",
    reads: "-V --version -? --help",
    valued:
      "-e -h -u -P -S -D --execute --host --user --port --socket --database --defaults-file --defaults-extra-file",
  },
  mariadb: {
    text: "-e --execute",
    file: "",
    reads: "-V --version -? --help",
    valued: "-e -h -u -P -S -D --execute --host --user --port --socket --database",
  },
  cqlsh: {
    text: "-e --execute",
    file: "-f --file",
    reads: "--version",
    valued: "-e -f -u -p -k --execute --file",
  },
  sqlcmd: { text: "-Q -q", file: "-i", reads: "-?", valued: "-Q -q -S -U -P -d -i -o" },
  "clickhouse-client": {
    text: "-q --query",
    file: "",
    reads: "-V --version",
    valued: "-q --query -h --host -u --user --password --port -d --database",
  },
  sqlite3: {
    text: "-cmd",
    file: "-init",
    reads: "-version --version -help",
    valued: "-cmd -init -separator -nullvalue",
  },
  duckdb: { text: "-c", file: "-init", reads: "--version", valued: "-c -init" },
  sqlplus: { text: "", file: "", reads: "-V -v", valued: "-L" },
  trino: {
    text: "--execute",
    file: "-f --file",
    reads: "--version",
    valued: "--execute --server --catalog --schema -f",
  },
};

const sql: Handler = (args, running, name) => {
  const client = SQL_CLIENTS[name];
  if (client === undefined) return outcome("opaque");
  const { options, operands } = parseOptions(args, {
    valued: valued(client.valued),
    dashLong: name === "sqlite3",
  });
  const values = (names: string) =>
    options.filter((option) => names.split(" ").includes(option.name)).map(({ value }) => value ?? UNKNOWN);
  if (values(client.reads).length > 0) return outcome("read");
  if (values(client.file).length > 0) return outcome("opaque", "runs statements of a file");
  const texts = [
    ...values(client.text),
    ...(name === "sqlite3" || name === "duckdb" ? operands.slice(1).map(({ text }) => text) : []),
  ];
  if (texts.length > 0) return texts.map(judgeSql).reduce(worse);
  return statements(running, name, judgeSql);
};

/** A client without a statement: it reads them from its input. */
function statements(running: Running, name: string, judge: (text: string) => Outcome): Outcome {
  const { stdin } = running;
  if (stdin.kind === "terminal") {
    running.nest(name);
    return outcome("write", `starts ${name}, which reads what comes next`);
  }
  const result =
    stdin.text === undefined
      ? outcome("opaque", `${name} runs what it reads from elsewhere`)
      : judge(stdin.text);
  return result;
}

const REDIS: readonly (readonly [RegExp, Outcome])[] = [
  [
    /^(?:flushall|flushdb|del|unlink|getdel|xtrim|ltrim|rename|restore|migrate|expire\w*|pexpire\w*|sunionstore|zremrangeby\w+|[hlsxz]?rem|hdel|[lrsz]pop\w*|spop|blpop|brpop|function|swapdb)$/i,
    outcome("irreversible", "removes keys"),
  ],
  [
    /^(?:shutdown|failover|replicaof|slaveof|debug|bgrewriteaof|save|module|acl|cluster|reset|sync|psync|client|script|config|sentinel|latency|slowlog)$/i,
    outcome("disruptive", "changes the server itself"),
  ],
  [/^(?:eval|evalsha|fcall)$/i, outcome("opaque", "runs a script in the server")],
  [
    /^(?:get|mget|strlen|exists|keys|scan|ttl|pttl|type|info|ping|dbsize|time|role|lastsave|echo|hget\w*|hkeys|hvals|hlen|hscan|hmget|hexists|lrange|llen|lindex|smembers|scard|sismember|sscan|zrange\w*|zcard|zscore|zrank|zscan|xlen|xrange|xinfo|object|memory|command|getrange|randomkey|dump|auth|select|hello|quit|pfcount|bitcount|geopos|monitor|subscribe|psubscribe|lolwut)$/i,
    outcome("read"),
  ],
];

const redis: Handler = (args, running, name) => {
  const { options, operands } = parseOptions(args, {
    valued: valued(
      "-h -p -s -a -u -r -i -n -x -d --user --pass --eval --cacert --cert --key --pipe-timeout --pattern",
    ),
    stopsAtOperand: true,
  });
  const has = (...names: string[]) => options.some((option) => names.includes(option.name));
  if (has("--eval", "--pipe", "--rdb", "--functions-rdb")) return outcome("opaque", "runs or loads a file");
  if (
    has(
      "--stat",
      "--bigkeys",
      "--latency",
      "--memkeys",
      "--hotkeys",
      "--scan",
      "-v",
      "--version",
      "--latency-history",
    )
  )
    return outcome("read");
  const [verb, second] = operands;
  if (verb === undefined) return statements(running, name, () => outcome("opaque", "runs what it reads"));
  const reads =
    /^(?:get|list|info|nodes|slots|myid|shards|len|doctor|history|latest|help|whoami|cat|getuser|exists|getname|id|no-evict|tracking|masters?|replicas|slaves|usage|stats)$/i;
  if (
    /^(?:config|acl|cluster|client|slowlog|latency|module|script|sentinel|function|memory)$/i.test(
      verb.text,
    ) &&
    reads.test(second?.text ?? "")
  )
    return outcome("read");
  return (
    REDIS.find(([pattern]) => pattern.test(verb.text))?.[1] ??
    outcome(verb.text.includes(UNKNOWN) ? "opaque" : "write")
  );
};

const MONGO_HARM =
  /\.(?:drop\w*|delete\w*|remove\w*|findOneAndDelete|shutdownServer|fsyncLock|renameCollection|dropDatabase|update\w*|replaceOne|bulkWrite)\s*\(|shutdown|killOp|rs\.(?:stepDown|remove|reconfig|freeze)|dropUser|dropRole|revoke/i;
const MONGO_READ =
  /^\s*(?:(?:printjson|print|JSON\.stringify)\(?)?\s*(?:db(?:\.\w+|\.getSiblingDB\(["']\w+["']\)|\.getCollection\(["'][\w.]+["']\))*\.(?:find|findOne|count\w*|stats|distinct|serverStatus|version|getCollectionNames|getIndexes|explain|hello|isMaster|currentOp|estimatedDocumentCount|getMongo|hostInfo|adminCommand\(\s*["']?\{?\s*(?:ping|listDatabases)|runCommand\(\s*["']?\{?\s*(?:ping))|rs\.(?:status|conf|printReplicationInfo|hello)|sh\.status|show )/;

const mongo: Handler = (args, running, name) => {
  const { options, operands } = parseOptions(args, {
    valued: valued("--eval --host --port -u -p --username --password --authenticationDatabase -f --file"),
  });
  if (options.some((option) => option.name === "--version")) return outcome("read");
  const texts = options.flatMap((option) => (option.name === "--eval" ? [option.value ?? UNKNOWN] : []));
  if (texts.length === 0)
    return operands.some(({ text }) => text.endsWith(".js"))
      ? outcome("opaque", "runs a script")
      : statements(running, name, () => outcome("opaque"));
  return texts
    .map((text) => {
      if (MONGO_HARM.test(text)) return outcome("irreversible", "removes or overwrites documents");
      if (MONGO_READ.test(text) && !/[`]|\$where|\$out|\$merge|require|;\s*\S/.test(text))
        return outcome("read");
      return /\.insert(?:One|Many)?\(|createIndex|createCollection/.test(text)
        ? outcome("write")
        : outcome("opaque", "code of JavaScript");
    })
    .reduce(worse);
};

/** The clients of databases: what they are asked is judged, not that they are started. */
export const CLIENT_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...forNames(Object.keys(SQL_CLIENTS).join(" "), sql),
  ...forNames("redis-cli valkey-cli keydb-cli", redis),
  ...forNames("mongo mongosh", mongo),
]);
