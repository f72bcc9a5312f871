import { edited, type Outcome, ofPath, outcome, worse } from "./match.ts";
import { parseOptions } from "./options.ts";
import { absolute, isSystemFolder, UNKNOWN } from "./paths.ts";
import { judgeAwk, judgeSed } from "./programs-text.ts";
import { type Handler, type Running, spanOf } from "./running.ts";
import { judgeSql } from "./sql.ts";
import { unknownArg, withInput } from "./wrappers.ts";

function valued(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

/** rm(1), unlink(1), shred(1), srm: what is gone is gone, but for a file of one's own in a temporary place. */
const remove: Handler = (args, { scope }, name) => {
  const { operands, options } = parseOptions(args, {
    valued: valued(name === "shred" ? "-n -s --iterations --size" : ""),
  });
  if (
    options.some(({ name: option }) => option === "--help" || option === "--version") ||
    operands.length === 0
  )
    return outcome("read");
  return operands.map(({ text }) => ofPath(text, "delete", scope.folder)).reduce(worse);
};

/** dd(1): its output file decides. */
const dd: Handler = (args, { scope }) => {
  const to = args.find(({ text }) => text.startsWith("of="));
  if (args.some(({ text }) => text.startsWith(UNKNOWN))) return outcome("opaque");
  return to === undefined
    ? outcome("read")
    : worse(outcome("write"), ofPath(to.text.slice(3), "replace", scope.folder));
};

/** Signals that only ask, or make a program read its configuration again. */
const MILD_SIGNAL = /^(?:SIG)?(?:0|1|10|12|18|23|28|HUP|USR1|USR2|CONT|WINCH|CHLD|URG)$/i;

const kill: Handler = (args, _running, name) => {
  const words = args.map(({ text }) => text);
  if (words.length === 0 || /^-[lL]$|^--list|^--table|^--help$|^--version$|^-V$/.test(words[0] ?? ""))
    return outcome("read");
  const at = words.findIndex((word) => /^(?:-s|-n|--signal)$/.test(word));
  const signal =
    at >= 0
      ? words[at + 1]
      : words
          .map(
            (word) =>
              /^(?:--signal=|-s)?-?((?:SIG)?[A-Z]{3,6}\d?|\d+)$/.exec(word.startsWith("-") ? word : "")?.[1],
          )
          .find((word) => word !== undefined);
  const targets = words.filter((word, index) => !word.startsWith("-") && (at < 0 || index !== at + 1));
  const all = words.slice(1).includes("-1") || targets.includes("1");
  if (signal !== undefined && MILD_SIGNAL.test(signal) && !(all && signal === "-1"))
    return outcome(signal === "0" ? "read" : "write", "a signal that stops nothing");
  // Jobs of this very shell.
  const own =
    name === "kill" &&
    targets.length > 0 &&
    args.every(({ raw, text }) => /^-/.test(text) || /^(?:%[\w%+-]*|"?\$!"?|"?\$\{?\w*pid\}?"?)$/i.test(raw));
  return own ? outcome("write", "ends a job of this shell") : outcome("disruptive", "ends processes");
};

const FIND_RUNS = /^-(?:exec|execdir|ok|okdir)$/;
const FIND_WRITES = /^-(?:fprint|fprint0|fprintf|fls)$/;

/** find(1): what it runs, and its own deletion and writes. */
const find: Handler = (args, running) => {
  let result = outcome("read");
  for (const [at, { text }] of args.entries()) {
    if (text === "-delete") result = worse(result, outcome("irreversible", "deletes what it finds"));
    if (FIND_WRITES.test(text))
      result = worse(result, ofPath(args[at + 1]?.text ?? UNKNOWN, "replace", running.scope.folder));
    if (!FIND_RUNS.test(text)) continue;
    const rest = args.slice(at + 1);
    const end = rest.findIndex(
      ({ text: word }, index) => word === ";" || (word === "+" && rest[index - 1]?.text === "{}"),
    );
    withInput(
      (end < 0 ? rest : rest.slice(0, end)).map((arg) => (arg.text === "{}" ? unknownArg(arg) : arg)),
      "{}",
      running,
    );
  }
  return result;
};

const fd: Handler = (args, running) => {
  const at = args.findIndex(({ text }) => /^(?:-x|-X|--exec|--exec-batch)$/.test(text));
  const command = at < 0 ? [] : args.slice(at + 1);
  // Without a mark the name of what is found is put behind.
  withInput(command, command.some(({ text }) => /\{[/.]*\}/.test(text)) ? "{}" : undefined, running);
  return outcome("read");
};

const sed: Handler = (args, { scope }) => {
  const { options, operands } = parseOptions(args, {
    valued: valued("-e -f -l --expression --file --line-length"),
  });
  if (options.some(({ name }) => name === "-f" || name === "--file"))
    return outcome("opaque", "a program of sed that is not in the text");
  const scripts = options.flatMap(({ name, value }) =>
    name === "-e" || name === "--expression" ? [value ?? ""] : [],
  );
  const inPlace = args.some(({ text }) => /^-[nErsuz]*i|^--in-p/.test(text));
  // On BSD the suffix of -i is a word of its own; it is empty, or begins with a dot.
  const words = inPlace ? operands.filter(({ text }) => text !== "") : operands;
  const files = scripts.length > 0 ? words : words.slice(1);
  const programs = scripts.length > 0 ? scripts : [words[0]?.text ?? ""];
  let result = programs.map((one) => judgeSed(one, scope.folder)).reduce(worse, outcome("read"));
  // A program with a variable in it edits text, as long as the variable holds no other command.
  if (result.risk === "opaque" && programs.every((one) => /^s([/|,#]).*\1[gIimp\d]*$/.test(one)))
    result = outcome("write", "edits text by a variable");
  if (inPlace)
    for (const { text } of files)
      result = worse(result, worse(outcome("write"), ofPath(text, "replace", scope.folder)));
  return result;
};

const awk: Handler = (args, running) => {
  const { options, operands } = parseOptions(args, {
    valued: valued("-F -v -f -i -e -E -l --file --field-separator --assign --include --source --exec --load"),
  });
  const has = (...names: string[]) => options.some(({ name }) => names.includes(name));
  if (has("--version", "-V", "-W")) return outcome("read");
  if (has("-f", "-E", "-l", "--file", "--exec", "--load"))
    return outcome("opaque", "a program of awk that is not in the text");
  const sources = options.flatMap(({ name, value }) =>
    name === "-e" || name === "--source" ? [value ?? ""] : [],
  );
  const programs = sources.length > 0 ? sources : [operands[0]?.text ?? ""];
  let result = outcome("read");
  for (const program of programs)
    result = worse(
      result,
      judgeAwk(program, running.scope.folder, (text) =>
        running.shellText(text, spanOf(args), { kind: "pipe" }),
      ),
    );
  for (const { name, value } of options)
    if (name === "-i" || name === "--include")
      result = worse(
        result,
        value === "inplace"
          ? edited(operands.slice(sources.length > 0 ? 0 : 1), running.scope.folder)
          : outcome("opaque", "includes a file"),
      );
  return result;
};

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

/** chmod(1), chown(1), chgrp(1), setfacl(1), chattr(1). */
const permissions: Handler = (args, { scope }, name) => {
  const { options, operands } = parseOptions(
    args.filter(({ text }) => !/^-[rwxXstugoa,+=-]+$/.test(text) || text === "-R"),
    {
      valued: valued(name === "setfacl" ? "-m -x -M -X --modify --remove --set" : "--from --reference"),
    },
  );
  const recursive = options.some(({ name: option }) => option === "-R" || option === "--recursive");
  const modeInOption =
    args.some(({ text }) => /^-[rwxXst]+$/.test(text)) ||
    options.some(({ name: option }) => option === "--reference");
  const mode = modeInOption || name === "setfacl" ? "" : (operands[0]?.text ?? "");
  const files = modeInOption || name === "setfacl" ? operands : operands.slice(1);
  let result = outcome("write", "changes who may read or write a file");
  // Nobody loses anything by rights that the owner keeps, and that let nobody else write.
  const careful = name === "chmod" && /^0?[4-7][0145]{2}$/.test(mode);
  for (const { text } of files) {
    if (!(careful && /^(?:~|\/home\/[^/]+|\/root)\/./.test(absolute(text, scope.folder ?? "~"))))
      result = worse(result, ofPath(text, "replace", scope.folder));
    if (
      recursive &&
      (isSystemFolder(text, scope.folder) ||
        text.startsWith(UNKNOWN) ||
        (/^(?:~|\.\.?|\*|\/tmp)\/?\*?$/.test(text) && name !== "chmod"))
    )
      result = worse(
        result,
        outcome(
          /^(?:\.|\*)$/.test(text) ? "write" : "disruptive",
          "changes rights on a whole part of the system",
        ),
      );
  }
  if (name !== "chmod") return result;
  if (
    /^0?[0-7]?(?:000|[0-7]?00|777|666)$/.test(mode) &&
    (recursive || /^0*$|^0?000$/.test(mode)) &&
    !/^0?[67]00$/.test(mode)
  )
    result = worse(result, outcome("disruptive", "takes every right away, or opens it to everybody"));
  if (/^[2467][0-7]{3}$|[ug]\+?[rwx]*s|\+s/.test(mode) && !/^0/.test(mode))
    result = worse(result, outcome("disruptive", "lets others run it with the rights of its owner"));
  if (/^(?:a|ugo|u)?-[rwx]+$/.test(mode) && recursive)
    result = worse(result, outcome("disruptive", "takes rights away"));
  if (args.some(({ text }) => /^-[rwx]+$/.test(text)) && recursive)
    result = worse(result, outcome("disruptive", "takes rights away"));
  return result;
};

const CURL_VALUED = valued(
  "-o -d -H -X -u -T -F -A -b -c -e -x -K -m -w -E -C -r -s0 -y -Y -z -P -Q -t -U -D --output --data --data-raw --data-binary --data-urlencode --json --header --request --user --upload-file --form --user-agent --cookie --cookie-jar --referer --proxy --config --max-time --connect-timeout --write-out --cert --key --cacert --capath --retry --retry-delay --resolve --range --output-dir --unix-socket --interface --quote --dump-header --trace --trace-ascii --max-redirs --limit-rate --url",
);

const curl: Handler = (args, { scope }) => {
  const { options, operands } = parseOptions(args, { valued: CURL_VALUED });
  const values = (...names: string[]) =>
    options.filter(({ name }) => names.includes(name)).map(({ value }) => value ?? "");
  let result = outcome("read", "reads over the network");
  for (const file of values(
    "-o",
    "--output",
    "-c",
    "--cookie-jar",
    "-D",
    "--dump-header",
    "--trace",
    "--trace-ascii",
  ))
    if (file !== "-") result = worse(result, ofPath(file, "replace", scope.folder));
  if (options.some(({ name }) => ["-O", "--remote-name", "--remote-name-all", "-J"].includes(name)))
    result = worse(result, outcome("write", "downloads a file"));
  if (values("-K", "--config").length > 0)
    result = worse(result, outcome("opaque", "reads its options from a file"));
  if (values("-Q", "--quote").some((word) => /DELE|RMD|RNFR|rm|rmdir|rename/i.test(word)))
    result = worse(result, outcome("irreversible", "removes files on a server"));
  const data = values(
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--json",
    "-F",
    "--form",
    "-T",
    "--upload-file",
  );
  const method = values("-X", "--request").at(-1)?.toUpperCase();
  return worse(
    result,
    ofRequest(method ?? (data.length > 0 ? "POST" : "GET"), [...data, ...operands.map(({ text }) => text)]),
  );
};

/** What a request over HTTP does, by its method and what is asked for. */
function ofRequest(method: string, texts: readonly string[]): Outcome {
  if (method.includes(UNKNOWN)) return outcome("opaque", "what is asked of the server cannot be known");
  if (method === "DELETE") return outcome("irreversible", "asks a server to delete");
  if (/^(?:GET|HEAD|OPTIONS|TRACE|PROPFIND)$/.test(method)) return outcome("read", "reads over the network");
  const search =
    texts.some((text) => /_search|_count|_msearch|\/query\b|graphql/.test(text)) &&
    !texts.some((text) => /mutation|delete/i.test(text));
  if (search) return outcome("write", "asks a server");
  if (
    texts.some((text) =>
      /shutdown|reboot|restart|delete|destroy|_close\b|drop|purge|reset|terminate|disable|factory|wipe|flush|_remove|\/kill|\/stop/i.test(
        text,
      ),
    )
  )
    return outcome("disruptive", "asks a server to take something away");
  return method === "POST"
    ? outcome("write", "sends to a server")
    : outcome("disruptive", "replaces what a server holds");
}

/** HTTPie: `http DELETE host`. */
const http: Handler = (args) => {
  const words = args.map(({ text }) => text).filter((text) => !text.startsWith("-"));
  const method = /^[A-Z]+$/.test(words[0] ?? "")
    ? (words[0] ?? "")
    : words.some((word) => /^[\w.-]+:?=/.test(word))
      ? "POST"
      : "GET";
  return ofRequest(method, words);
};

/** `NAME=value` and `-w` of sysctl(8); `-p` reads the files that the system reads itself. */
const sysctl: Handler = (args) => {
  const words = args.map(({ text }) => text);
  const sets = words.filter((word) => /^[\w./*-]+\s*=/.test(word));
  if (sets.length > 0 || words.some((word) => /^(?:-w|--write)$/.test(word)))
    return outcome("disruptive", "changes the kernel while it runs");
  if (words.some((word) => /^(?:-p|--load|--system|-f)/.test(word)))
    return outcome("write", "loads the settings of files");
  return outcome("read");
};

/** Output of echo and printf is harmless; `printf -v` and colours as well. */
const harmless: Handler = () => outcome("read");

/** What has a shell of its own when it is told to: `vim -c ':!x'`, `vim +cmd`. */
const vi: Handler = (args, running, name) => {
  const { options, operands } = parseOptions(args, { valued: valued("-c -S -s -u -W -T -t --cmd") });
  if (options.some((option) => ["--version", "-h", "--help"].includes(option.name))) return outcome("read");
  const commands = options.some((option) =>
    [
      "-c",
      "--cmd",
      "-S",
      "-s",
      "-u",
      "-e",
      "-es",
      "-E",
      "-Es",
      "--eval",
      "-eval",
      "--execute",
      "--batch",
      "-batch",
      "--script",
      "--load",
      "--funcall",
      "-f",
    ].includes(option.name),
  );
  if (commands || operands.some(({ text }) => /^\+.*\D/.test(text)))
    return outcome("opaque", "runs commands of the editor");
  if (running.stdin.kind !== "terminal") return outcome("opaque", "the editor reads its keys from elsewhere");
  running.nest(name);
  return outcome("write", "starts an editor, which reads what comes next");
};

/** ed(1), ex(1): each line of their input is a command. */
const ed: Handler = (args, running, name) => {
  if (running.stdin.kind !== "terminal") return outcome("opaque", "runs commands of the editor");
  return vi(args, running, name);
};

function all(names: string, handler: Handler): [string, Handler][] {
  return names.split(" ").map((name) => [name, handler]);
}

export const SPECIAL_HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...all("rm unlink shred srm wipe trash-put grm", remove),
  ...all("dd gdd dcfldd dc3dd", dd),
  ...all("kill pkill killall skill killall5 snice xkill", kill),
  ...all("find gfind", find),
  ...all("fd fdfind", fd),
  ...all("sed gsed", sed),
  ...all("awk gawk mawk nawk", awk),
  ...all(Object.keys(SQL_CLIENTS).join(" "), sql),
  ...all("redis-cli valkey-cli keydb-cli", redis),
  ...all("mongo mongosh", mongo),
  ...all("chmod chown chgrp setfacl", permissions),
  ...all("curl", curl),
  ...all("http https xh httpie", http),
  ...all("sysctl", sysctl),
  ...all("echo printf : true false test [", harmless),
  ...all("vi vim nvim view vimdiff nano pico emacs micro joe mcedit ne jed kak hx helix", vi),
  ...all("ed ex red", ed),
]);
