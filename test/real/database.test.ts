import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNRESTRICTED } from "../a-host.ts";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { type DatabaseServer, PASSWORD, startMariadb, startPostgres, startRedis } from "./kit/databases.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { until } from "./kit/until.ts";

let server: TestServer;
let desk: DeskOver;
let postgres: DatabaseServer;
let mariadb: DatabaseServer;
let redis: DatabaseServer;
const recorded: string[] = [];

beforeAll(async () => {
  process.env.SSH_MCP_TEST_DB = PASSWORD;
  process.env.SSH_MCP_TEST_WRONG = "wrong-all-the-same";
  [server, postgres, mariadb, redis] = await Promise.all([
    startSshd(),
    startPostgres(),
    startMariadb(),
    startRedis(),
  ]);
  const of = (name: string, program: string) => ({ ref: { from: "env", name } as const, program });
  const secrets = {
    pg: of("SSH_MCP_TEST_DB", "psql"),
    my: of("SSH_MCP_TEST_DB", "mariadb"),
    redis: of("SSH_MCP_TEST_DB", "redis-cli"),
    wrong: of("SSH_MCP_TEST_WRONG", "psql"),
    sudo: of("SSH_MCP_TEST_DB", "sudo"),
  };
  desk = deskOver(
    [
      hostFor(server, "bash", { name: "db1", secrets }),
      hostFor(server, "dash", { name: "denied1", policy: { ...UNRESTRICTED, denyPatterns: ["salaries"] } }),
    ],
    {
      audit: { record: (event) => void recorded.push(JSON.stringify(event)), close: () => {} },
      toolsets: ["database"],
    },
  );
});
afterAll(async () => {
  await desk?.dispose();
  await Promise.all([server, postgres, mariadb, redis].map((one) => one?.stop()));
});

const on = (tool: string, where: object, given: object = {}) =>
  desk.call(`ssh_db_${tool}`, { host: "db1", ...where, ...given });
const atPostgres = () => ({ type: "postgres", socket: postgres.socket, user: "root" });
const asReader = () => ({ type: "postgres", socket: postgres.socket, user: "reader", database: "postgres" });
const atMariadb = () => ({ type: "mariadb", socket: mariadb.socket, user: "root", database: "d" });
const atRedis = () => ({ type: "redis", socket: redis.socket, secret: "redis" });
const pg = (query: string, more: object = {}) => on("query", atPostgres(), { query, ...more });
const my = (query: string, more: object = {}) => on("query", atMariadb(), { query, ...more });
const rd = (query: string, more: object = {}) => on("query", atRedis(), { query, ...more });

interface Watched {
  readonly text: string;
  /** Arguments of every process that was seen meanwhile. */
  readonly seen: ReadonlySet<string>;
}

/** Looks at every process, over and over, while a client of postgres waits for a lock, which is given back once it was seen. */
async function watched(start: () => Promise<string>): Promise<Watched> {
  const holder = spawn("psql", [
    "-X",
    "-q",
    "-A",
    "-t",
    "-h",
    postgres.socket,
    "-U",
    "root",
    "-d",
    "postgres",
  ]);
  let said = "";
  holder.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  const gone = new Promise((resolve) => holder.once("close", resolve));
  const seen = new Set<string>();
  const look = () => {
    let found = false;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const line = readIf(`/proc/${pid}/cmdline`);
      seen.add(line);
      if (!line.includes("pg_advisory_lock_shared") || !/^[^\0]*psql\0/.test(line)) continue;
      found ||= readIf(`/proc/${pid}/environ`).includes(`PGPASSWORD=${PASSWORD}\0`);
    }
    return found;
  };
  try {
    holder.stdin.write("SELECT pg_advisory_lock(7), 'held';\n");
    await until(() => said.includes("held"), { timeoutMs: 20_000, describe: "the lock" });
    const work = start();
    await until(look, {
      timeoutMs: 30_000,
      everyMs: 25,
      describe: "a client with the password in its environment",
    });
    holder.stdin.end();
    return { text: await work, seen };
  } finally {
    holder.stdin.end();
    await gone;
  }
}

function readIf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

describe("a password by its name", () => {
  it("reaches the client in its environment, and stands in no process list, no audit line and no result", async () => {
    const query = "SELECT current_user, pg_advisory_lock_shared(7)";
    const { text, seen } = await watched(() => on("query", asReader(), { query, secret: "pg", limit_s: 35 }));
    expect(text).toMatch(/^reader +""\n\[db1 db_query done 1 row/m);
    for (const part of [PASSWORD, "cAnary-7h9Qx2"]) {
      expect([...seen].filter((line) => line.includes(part))).toEqual([]);
      expect(recorded.filter((line) => line.includes(part))).toEqual([]);
      expect(text).not.toContain(part);
    }
    expect(recorded.some((line) => line.includes('"secret":"pg"'))).toBe(true);
  });

  it("is refused where it is another program's or is not there, before anything is sent", async () => {
    const before = recorded.length;
    expect(await on("query", asReader(), { query: "SELECT 1", secret: "sudo" })).toMatch(
      /^invalid_argument: the secret sudo of db1 is for sudo, and is given to nothing else; nothing was sent\nNext: For psql there is pg, wrong/,
    );
    expect(await on("query", asReader(), { query: "SELECT 1", secret: "constructor" })).toMatch(
      /^invalid_argument: the inventory names no secret constructor for db1/,
    );
    expect(recorded.slice(before).filter((line) => line.includes("psql"))).toEqual([]);
  });

  it("that is wrong, or is missing, is the server's to refuse, and nothing waits for one to be typed", async () => {
    expect(await on("query", asReader(), { query: "SELECT 1", secret: "wrong" })).toMatch(
      /^note: it failed: .*password authentication failed for user "reader"\n\[db1 db_query done failed 0 rows/,
    );
    expect(await on("query", asReader(), { query: "SELECT 1" })).toMatch(/it failed: .*no password supplied/);
    expect(await on("query", { ...atMariadb(), user: "reader" }, { query: "SELECT 1" })).toMatch(
      /it failed: ERROR 1045 .*Access denied/,
    );
    const noPassword = { type: "redis", socket: redis.socket };
    expect(await on("query", noPassword, { query: "get plain" })).toMatch(
      /it failed: NOAUTH Authentication required/,
    );
  });

  it("works with the other clients as well, whatever characters it has", async () => {
    expect(
      await on("query", { ...atMariadb(), user: "reader", secret: "my" }, { query: "SELECT CURRENT_USER()" }),
    ).toMatch(/^reader@localhost$/m);
    expect(await rd("get plain")).toMatch(/^"value"$/m);
  });
});

/** What a client would read, less the status line. */
const rows = (text: string) => text.split("\n").slice(0, -1);

describe("postgres", () => {
  it("answers with NULL, an empty text and the text NULL apart, lines and bytes visible", async () => {
    expect(rows(await pg("SELECT * FROM odd ORDER BY n"))).toEqual([
      "n  t                                       b",
      "1  NULL                                    NULL",
      '2  ""                                      \\x00ff1b',
      '3  "NULL"                                  \\x',
      "4  two<U+000A>lines<U+0009>\\ <U+001B>[31m  NULL",
    ]);
    expect(rows(await pg("SELECT 1 AS a, 2 AS a WHERE false"))).toEqual(["a  a"]);
  });

  it("does nothing while reading that would change it, its host or ours", async () => {
    const tries: readonly (readonly [string, RegExp])[] = [
      ["SELECT 1; DROP TABLE odd", /multi-query/],
      ["COMMIT", /cannot open COMMIT/],
      ["COMMIT; DROP TABLE odd", /multi-query/],
      ["SET TRANSACTION READ WRITE", /cannot open SET/],
      ["SELECT set_config('transaction_read_only', 'off', false)", /must be set before any query/],
      ["COPY odd TO PROGRAM 'touch /tmp/ssh-mcp-pwned'", /cannot open COPY/],
      ["COPY odd TO '/tmp/ssh-mcp-pwned'", /cannot open COPY/],
      ["DROP TABLE odd", /cannot open DROP/],
      ["INSERT INTO odd VALUES (7) RETURNING n", /read-only transaction/],
      ["WITH x AS (DELETE FROM odd RETURNING 1) SELECT * FROM x", /read-only transaction/],
      ["EXPLAIN ANALYZE DELETE FROM odd", /read-only transaction/],
      ["SELECT nextval('s')", /read-only transaction/],
      ["SELECT sneaky()", /read-only transaction/],
      ["SELECT * INTO other FROM odd", /read-only|INTO/],
      ["SELECT query_to_xml('DROP TABLE odd', true, true, '')", /not allowed in a non-volatile/],
      ["DO $$ BEGIN DROP TABLE odd; END $$", /cannot open DO/],
      ["\\! touch /tmp/ssh-mcp-pwned", /syntax error/],
      ["SELECT 1 \\! touch /tmp/ssh-mcp-pwned", /syntax error/],
      ["\\copy odd to '/tmp/ssh-mcp-pwned'", /syntax error/],
      ["SELECT 1 \\o /tmp/ssh-mcp-pwned", /syntax error/],
      ["SELECT 1 \\gexec", /syntax error/],
      ["$$; DROP TABLE odd; $$", /syntax error/],
      ["$q$; END $d$; DROP TABLE odd; DO $d$ BEGIN PERFORM $q$", /syntax error/],
      ["-- nothing", /multi-query/],
      ["SELECT pg_terminate_backend(1)", /pg_terminate_backend has effects/],
      ["SELECT PG_RELOAD_CONF()", /has effects/],
      ["SELECT lo_export(1, '/tmp/ssh-mcp-pwned')", /has effects/],
    ];
    await Promise.all(
      tries.map(async ([query, why]) => {
        const text = await pg(query);
        expect(text, query).toMatch(why);
        expect(text, query).toMatch(/^invalid_argument: |\bfailed 0 rows\b/m);
      }),
    );
    expect(await pg("SELECT 'x\0y'")).toMatch(/^invalid_argument: .*NUL/);
    expect(existsSync("/tmp/ssh-mcp-pwned")).toBe(false);
  });

  it("is as it was after all that", async () => {
    expect(await pg("SELECT count(*) AS n, (SELECT is_called FROM s) AS called FROM odd")).toMatch(
      /^4 {2}f$/m,
    );
    expect(await pg("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).toMatch(/^ +3$/m);
  });

  it("ends what takes too long by its own limit, sends no more rows than asked, and cuts wide ones", async () => {
    expect(await pg("SELECT pg_sleep(30)", { limit_s: 1 })).toMatch(
      /it failed: ERROR: +canceling statement due to statement timeout/,
    );
    expect(await pg("SELECT n FROM big ORDER BY n", { limit: 2 })).toMatch(
      /^n\n1\n2\nnote: there are more rows than these\n\[db1 db_query done 2 rows/,
    );
    const wide = await pg("SELECT repeat('w', 300000) AS w, 1 AS n", { max_tokens: 2000 });
    expect(wide).toMatch(/there are more rows than these \(the output is cut off\)/);
    expect(await pg("SELECT repeat('💥', 300) AS x")).toMatch(/^(?:💥){99}…$/mu);
    const cells = await pg("SELECT repeat('w', 1000) AS w, 1 AS n");
    expect(cells).toMatch(/w{199}… +1\n/);
    expect(cells).toContain("cells are shown with 200 characters at most");
  });

  it("lists databases, tables and columns, of names with quotes, newlines and semicolons as well", async () => {
    expect(await on("list", atPostgres())).toMatch(/^postgres +root +UTF8 +\d+ MB$/m);
    const name = 'it\'s "odd"\n; DROP TABLE odd';
    expect(await on("schema", atPostgres())).toContain('public  it\'s "odd"<U+000A>; DROP TABLE odd  table');
    for (const table of [name, `public.${name}`])
      expect(rows(await on("schema", atPostgres(), { table }))).toEqual([
        "part    schema  name  type     nullable  definition",
        "column  public  a     integer  yes       NULL",
        "column  public  b;c   text     yes       NULL",
      ]);
    expect(await on("schema", atPostgres(), { table: "odd" })).toMatch(
      /^primary key +public +odd_pkey .*btree \(n\)$/m,
    );
    expect(await on("schema", atPostgres(), { table: "x'; DROP TABLE odd; --" })).toContain(
      "note: nothing of that name was found",
    );
    for (const database of ["no 'such\\ db", "host=127.0.0.1 dbname=x", "postgres://127.0.0.1/x"])
      expect(await pg("SELECT 1", { database }), database).toMatch(/database ".*" does not exist/);
  });

  it("is changed by the tool for that alone, several statements too, and says what each did", async () => {
    const query =
      "INSERT INTO odd VALUES (50, 'x') RETURNING n; UPDATE odd SET t = 'y' WHERE n = 50; DELETE FROM odd WHERE n = 50";
    expect(rows(await on("change", atPostgres(), { query }))).toEqual([
      "n",
      "50",
      "INSERT 0 1",
      "UPDATE 1",
      "DELETE 1",
    ]);
    expect(await on("change", atPostgres(), { query: "\\! touch /tmp/ssh-mcp-pwned" })).toMatch(
      /syntax error/,
    );
    expect(existsSync("/tmp/ssh-mcp-pwned")).toBe(false);
    expect(await on("change", atPostgres(), { query: "VACUUM odd" })).toMatch(
      /^VACUUM\n\[db1 db_change done/,
    );
  });

  it("that is not there is said, in its client's words", async () => {
    expect(await pg("SELECT 1", { socket: "/nowhere" })).toMatch(
      /it failed: psql: error: connection to server on socket "\/nowhere/,
    );
    expect(await pg("SELECT 1", { socket: undefined, port: 1 })).toMatch(
      /it failed: .*port 1 failed: Connection refused/,
    );
    expect(await on("query", { type: "mongodb" }, { query: '{"find": "x"}' })).toMatch(
      /it failed: there is no mongosh here/,
    );
  });

  it("is asked nothing that the operator's patterns deny", async () => {
    const given = { type: "postgres", query: "SELECT * FROM salaries", host: "denied1" };
    expect(await desk.call("ssh_db_query", given)).toMatch(/^denied: .*salaries/);
  });
});

describe("mariadb", () => {
  it("answers with NULL, an empty text and the text NULL apart, bytes as hex", async () => {
    expect(rows(await my("SELECT * FROM odd ORDER BY n"))).toEqual([
      "n  t                     b",
      "1  NULL                  NULL",
      '2  ""                    0x00FF1B',
      '3  "NULL"                0x',
      '4  two<U+000A>lines <&"  NULL',
    ]);
    expect(rows(await my("SELECT 1 AS a, 2 AS a"))).toEqual(["a  a", "1  2"]);
    expect(await my("SELECT 1 FROM odd WHERE false")).toMatch(/^\[db1 db_query done 0 rows/);
  });

  it("does nothing while reading that would change it, its host or ours", async () => {
    const tries: readonly (readonly [string, RegExp])[] = [
      ["SELECT 1; DROP TABLE odd", /ERROR 1064/],
      ["SELECT 1; COMMIT; DROP TABLE odd", /ERROR 1064/],
      ["COMMIT", /only SELECT/],
      ["DROP TABLE odd", /only SELECT/],
      ["/*!50000 DROP TABLE odd */", /only SELECT/],
      ["/* x */ /*M! DROP TABLE odd */", /only SELECT/],
      ["SET SESSION TRANSACTION READ WRITE", /only SELECT/],
      ["SET GLOBAL max_connections = 7", /only SELECT/],
      ["FLUSH TABLES", /only SELECT/],
      ["SELECT sneaky()", /READ ONLY transaction/],
      ["SELECT 1 INTO OUTFILE '/tmp/ssh-mcp-pwned-sql'", /outfile has effects/i],
      ["SELECT 1 /*! INTO DUMPFILE '/tmp/ssh-mcp-pwned-sql' */", /dumpfile has effects/i],
      ["SELECT 1 \\! touch /tmp/ssh-mcp-pwned", /ERROR 1064/],
      ["SELECT 1\nsystem touch /tmp/ssh-mcp-pwned", /ERROR|failed/],
      ["SELECT 1\n\\T /tmp/ssh-mcp-pwned", /ERROR 1064/],
      ["SELECT 1\nsource /etc/passwd", /failed|ERROR/],
      ["SELECT 1\ndelimiter //\nDROP TABLE odd//", /ERROR 1064/],
      ["EXPLAIN DELETE FROM odd", /READ ONLY transaction/],
      ["VALUES (1); DELETE FROM odd", /ERROR 1064/],
    ];
    await Promise.all(
      tries.map(async ([query, why]) => {
        const text = await my(query);
        expect(text, query).toMatch(why);
        expect(text, query).toMatch(/^invalid_argument: |\bfailed 0 rows\b/m);
      }),
    );
    for (const name of ["pwned", "pwned-sql"]) expect(existsSync(`/tmp/ssh-mcp-${name}`)).toBe(false);
  });

  it("is as it was after all that", async () => {
    expect(await my("SELECT COUNT(*) AS n, @@max_connections AS m FROM odd")).toMatch(/^4 {2}151$/m);
  });

  it("ends what takes too long by its own limit, and sends no more rows than asked", async () => {
    expect(await my("SELECT SLEEP(30)", { limit_s: 1 })).toMatch(/ERROR 1969 .*max_statement_time exceeded/);
    expect(await my("SELECT n FROM big ORDER BY n", { limit: 2 })).toMatch(
      /^n\n1\n2\nnote: there are more rows than these\n/,
    );
    expect(await my("SELECT n FROM big ORDER BY n LIMIT 190000", { limit: 2 })).toMatch(
      /^n\n1\n2\nnote: there are more rows/,
    );
  });

  it("lists databases, tables and columns, of names with quotes, backslashes and semicolons as well", async () => {
    expect(await on("list", { type: "mysql", socket: mariadb.socket, user: "root" })).toMatch(
      /^d +latin1 +4 +\d+$/m,
    );
    const table = "it's \"odd\\ ; DROP";
    expect(await on("schema", atMariadb())).toContain(`d       ${table}  base table`.replace("\\", "\\"));
    expect(rows(await on("schema", atMariadb(), { table }))).toEqual([
      "part    schema  name  type     nullable  definition",
      'column  d       a     int(11)  yes       "NULL"',
      'column  d       b;c   int(11)  yes       "NULL"',
    ]);
    expect(await on("schema", atMariadb(), { table: "child" })).toMatch(
      /^foreign key +d +\S+ +NULL +NULL +o -> odd \(n\)$/m,
    );
    expect(await on("schema", atMariadb(), { table: "x' OR '1'='1" })).toContain(
      "nothing of that name was found",
    );
    expect(await my("SELECT 1", { database: "no `such' db" })).toMatch(/ERROR 1049 .*Unknown database/);
  });

  it("is changed by the tool for that alone, and says how many rows", async () => {
    const query = "UPDATE odd SET t = 'z' WHERE n = 3";
    expect(rows(await on("change", atMariadb(), { query }))).toEqual(["affected_rows", "            1"]);
    expect(await on("change", atMariadb(), { query: "SELECT 1\n\\! touch /tmp/ssh-mcp-pwned" })).toMatch(
      /Unknown command/,
    );
    expect(existsSync("/tmp/ssh-mcp-pwned")).toBe(false);
  });
});

describe("redis", () => {
  it("answers with nil, an empty text and bytes apart", async () => {
    expect(rows(await rd("get nothing"))).toEqual(["reply", "(nil)"]);
    expect(rows(await rd("get empty"))).toEqual(["reply", '""']);
    expect(rows(await rd("get bytes"))).toEqual(["reply", String.raw`"\x00\xff\n"`]);
    expect(rows(await rd("lrange list 0 -1", { limit: 2 }))).toEqual([
      "reply",
      '1) "a"',
      '2) "b"',
      "note: there are more rows than these",
    ]);
    expect(rows(await rd("memory usage plain")).at(-1)).toMatch(/^\(integer\) \d+$/);
  });

  it("does nothing while reading that its server does not call reading", async () => {
    const tries = [
      "set plain x",
      "del plain",
      "flushall",
      "config get requirepass",
      "config set dir /tmp",
      "sort list store x",
      "getex plain ex 1",
      "debug sleep 1",
      "shutdown nosave",
      "acl list",
      "no_such_command",
      "script flush",
      "client kill id 1",
      "memory purge",
      "slowlog reset",
      "object freq",
      "eval 'return 1' 0",
      "eval_ro 'return 1' 0",
      "fcall_ro f 0",
      "-h 127.0.0.1",
      "get 'a",
      "monitor",
    ];
    await Promise.all(
      tries.map(async (query) => expect(await rd(query), query).toMatch(/^invalid_argument: |\bfailed\b/m)),
    );
  });

  it("is as it was after all that, and is changed by the tool for that alone", async () => {
    expect(rows(await rd("get plain"))).toEqual(["reply", '"value"']);
    expect(rows(await rd("dbsize"))).toEqual(["reply", "(integer) 5"]);
    expect(rows(await on("change", atRedis(), { query: 'set "a key" "new\\nline"' }))).toEqual([
      "reply",
      "OK",
    ]);
    expect(rows(await rd('get "a key"'))).toEqual(["reply", '"new\\nline"']);
  });

  it("shows its keyspace, and of one key what it is", async () => {
    expect(await on("list", atRedis())).toMatch(/^db0:keys=\d,/m);
    expect(rows(await on("schema", atRedis(), { table: "it's odd" }))).toEqual([
      "reply",
      "type string",
      "ttl (integer) -1",
      'object encoding "int"',
      expect.stringMatching(/^memory usage \(integer\) \d+$/),
    ]);
    expect(await on("query", { ...atRedis(), database: "x" }, { query: "ping" })).toMatch(
      /^invalid_argument: .*number/,
    );
  });
});
