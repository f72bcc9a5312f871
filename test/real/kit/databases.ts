import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcesses, mustRun, pathWithSbin, run } from "./process.ts";
import { until } from "./until.ts";
import { STATE } from "./users.ts";

/** A database server of Debian's with its data in a folder of its own, reached through a socket alone. */
export interface DatabaseServer {
  readonly socket: string;
  stop(): Promise<void>;
}

/** The account that its packages have for each, which only such a server runs as. */
type Account = "postgres" | "mysql" | "redis";

export const PASSWORD = "cAnary-7h9Qx2!'\\ $x";

/** With a login `reader` that has the password, and `root` of the tests without one. */
export async function startPostgres(): Promise<DatabaseServer> {
  const dir = folderOf("postgres");
  const root = "/usr/lib/postgresql";
  const version = existsSync(root) ? readdirSync(root).sort().at(-1) : undefined;
  const bin = join(root, version ?? "?", "bin");
  const data = join(dir, "data");
  await as("postgres", [
    join(bin, "initdb"),
    "-D",
    data,
    "-U",
    "root",
    "--auth=trust",
    "--no-sync",
    "-E",
    "UTF8",
  ]);
  writeFileSync(
    join(data, "pg_hba.conf"),
    "local all root trust\nlocal all postgres trust\nlocal all all scram-sha-256\n",
  );
  const options = ["fsync=off", "listen_addresses=", "max_connections=20", "shared_buffers=16MB"];
  const server = serve("postgres", dir, [
    ...[join(bin, "postgres"), "-D", data, "-k", dir],
    ...options.flatMap((option) => ["-c", option]),
  ]);
  const psql = (sql: string) =>
    run("psql", ["-X", "-q", "-h", dir, "-U", "root", "-d", "postgres", "-v", "ON_ERROR_STOP=1"], {
      input: sql,
    });
  await server.ready(async () => (await psql("select 1")).code === 0);
  await made(
    psql,
    `CREATE ROLE reader LOGIN PASSWORD E'${PASSWORD.replace(/['\\]/g, "\\$&")}';
CREATE ROLE postgres LOGIN SUPERUSER;
CREATE TABLE big AS SELECT i AS n, repeat('x', 20) AS t FROM generate_series(1, 1000000) i;
CREATE TABLE odd (n integer PRIMARY KEY, t text DEFAULT 'a', b bytea);
INSERT INTO odd VALUES (1, NULL, NULL), (2, '', '\\x00ff1b'), (3, 'NULL', ''), (4, E'two\\nlines\\t\\\\ \\x1b[31m', NULL);
CREATE TABLE "it's ""odd""
; DROP TABLE odd" (a int, "b;c" text);
CREATE SEQUENCE s;
CREATE FUNCTION sneaky() RETURNS int LANGUAGE sql AS $$ INSERT INTO odd VALUES (99) RETURNING n $$;
GRANT ALL ON ALL TABLES IN SCHEMA public TO reader; GRANT ALL ON SCHEMA public TO reader;`,
  );
  return { socket: dir, stop: server.stop };
}

export async function startMariadb(): Promise<DatabaseServer> {
  const dir = folderOf("mysql");
  const data = join(dir, "data");
  mkdirSync(data);
  await mustRun("chown", ["-R", "mysql:", dir]);
  await mustRun("mariadb-install-db", [
    ...["--no-defaults", `--datadir=${data}`, "--user=mysql", "--auth-root-authentication-method=normal"],
    "--skip-test-db",
  ]);
  const socket = join(dir, "socket");
  const server = serve("mysql", dir, [
    ...["mariadbd", "--no-defaults", `--datadir=${data}`, `--socket=${socket}`, "--skip-networking"],
    ...[
      "--innodb-flush-log-at-trx-commit=0",
      `--pid-file=${join(dir, "pid")}`,
      "--innodb-buffer-pool-size=16M",
    ],
  ]);
  const mariadb = (sql: string) =>
    run("mariadb", ["--no-defaults", `--socket=${socket}`, "-u", "root"], { input: sql });
  await server.ready(async () => (await mariadb("select 1")).code === 0);
  await made(
    mariadb,
    `CREATE DATABASE d; USE d;
CREATE USER reader@localhost IDENTIFIED BY '${PASSWORD.replace(/['\\]/g, "\\$&")}'; GRANT ALL ON d.* TO reader@localhost;
CREATE TABLE odd (n int PRIMARY KEY, t text, b blob, KEY t_start (t(4)));
INSERT INTO odd VALUES (1, NULL, NULL), (2, '', x'00ff1b'), (3, 'NULL', ''), (4, 'two\\nlines <&"', NULL);
CREATE TABLE \`it's "odd\\ ; DROP\` (a int, \`b;c\` int);
CREATE TABLE big AS SELECT seq AS n, REPEAT('x', 20) AS t FROM seq_1_to_200000;
CREATE TABLE child (o int, FOREIGN KEY (o) REFERENCES odd (n));
DELIMITER //
CREATE FUNCTION sneaky() RETURNS int BEGIN INSERT INTO odd VALUES (99, '', ''); RETURN 1; END//`,
  );
  return { socket, stop: server.stop };
}

export async function startRedis(): Promise<DatabaseServer> {
  const dir = folderOf("redis");
  const socket = join(dir, "socket");
  const conf = join(dir, "redis.conf");
  writeFileSync(
    conf,
    `port 0\nunixsocket ${socket}\nunixsocketperm 777\nsave ""\ndir ${dir}\nrequirepass "${PASSWORD.replace(/["\\]/g, "\\$&")}"\n`,
  );
  await mustRun("chown", ["-R", "redis:", dir]);
  const server = serve("redis", dir, ["redis-server", conf]);
  const redis = (text: string) =>
    run("redis-cli", ["-s", socket], { input: text, env: { REDISCLI_AUTH: PASSWORD } });
  await server.ready(async () => (await redis("ping\n")).stdout === "PONG\n");
  await made(
    redis,
    `set plain value\nset empty ""\nset bytes "\\x00\\xff\\n"\nset "it's odd" 1\nrpush list a b c\n`,
  );
  return { socket, stop: server.stop };
}

async function made(
  client: (text: string) => Promise<{ code: number | null; stderr: string }>,
  text: string,
) {
  const { code, stderr } = await client(text);
  if (code !== 0) throw new Error(`the test's own data could not be made: ${stderr}`);
}

const folders = new Set<string>();
process.once("exit", () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

function folderOf(account: Account): string {
  const dir = mkdtempSync(join(existsSync(STATE) ? STATE : tmpdir(), `${account}-`));
  folders.add(dir);
  chmodSync(dir, 0o777);
  return dir;
}

function identity(account: Account): readonly string[] {
  return ["--reuid", account, "--regid", account, "--clear-groups"];
}

async function as(account: Account, words: readonly string[]): Promise<void> {
  await mustRun("setpriv", [...identity(account), ...words], { cwd: "/" });
}

function serve(account: Account, dir: string, words: readonly string[]) {
  const child: ChildProcess = spawn("setpriv", ["--pdeathsig", "KILL", ...identity(account), ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: "/",
    env: { PATH: pathWithSbin() },
  });
  let log = "";
  for (const output of [child.stdout, child.stderr])
    output?.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString("utf8")).slice(-8_000);
    });
  child.on("error", (error) => {
    log += `${error.message}. Run as root: scripts/setup-debian.sh\n`;
  });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) {
      // Immediate for all of them; what they keep is in the folder that goes.
      child.kill("SIGQUIT");
      await endProcesses([child.pid]);
    }
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    folders.delete(dir);
  };
  return {
    stop,
    async ready(look: () => Promise<boolean>) {
      await until(look, {
        timeoutMs: 30_000,
        everyMs: 50,
        describe: () => `${account} at work; it said:\n${log}`,
      }).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
    },
  };
}
