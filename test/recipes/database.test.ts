import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Nature } from "../../src/recipes/nature.ts";
import type { Sh } from "../../src/recipes/sh.ts";
import { linkBusybox, natureHere, planned, ranHere } from "./local.ts";

const PASSWORD = "pa ss'\\\"$x`";
/** By the folder of programs, as long as that has the same. */
const natures = new Map<string, Nature>();
/** Of which nothing is asked. */
const ANY: Nature = {
  ...{
    family: "linux",
    kernel: "Linux",
    release: "6",
    machine: "x86_64",
    init: "systemd",
    root: false,
    journal: false,
  },
  ...{ has: new Set<string>(), busybox: new Set<string>() },
};
let folder: string;
/** What doubles write: never among the programs, which are links to the system's own. */
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-db-"));
  out = mkdtempSync(join(tmpdir(), "ssh-mcp-db-out-"));
  const programs = [
    "sh",
    "cat",
    "uname",
    "id",
    "readlink",
    "tail",
    "grep",
    "head",
    "timeout",
    "tr",
    "od",
    "sed",
  ];
  for (const name of [...programs, "env", "mktemp", "rm", "stat", "printf", "awk"])
    symlinkSync(spawnSync("which", [name], { encoding: "utf8" }).stdout.trim(), join(folder, name));
});
afterEach(() => {
  for (const path of [folder, out]) rmSync(path, { recursive: true });
});

/** A program that records its arguments, and does what the body says. */
function double(name: string, body: string, into = folder): void {
  natures.delete(into);
  // Never through a link to a program of the system.
  rmSync(join(into, name), { force: true });
  const record = `{ printf '%s' ${name}; printf ' [%s]' "$@"; echo; } >>'${out}/log'`;
  writeFileSync(join(into, name), `#!/bin/sh\n${record}\n${body}\n`);
  chmodSync(join(into, name), 0o755);
}
const log = () => readFileSync(join(out, "log"), "utf8");

function hereOnly(steps: Readonly<Record<string, Sh>>, path: string): Readonly<Record<string, Sh>> {
  const system = "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/usr/local/sbin";
  return Object.fromEntries(
    Object.entries(steps).map(([step, { script }]) => [step, { script: script.replaceAll(system, path) }]),
  );
}

/** With a password the client is looked for in the system's folders; here these are the folder of doubles. */
function run(name: string, inputs: object, path = folder) {
  const nature = natures.get(path) ?? natureHere(path);
  natures.set(path, nature);
  const plan = planned(name, inputs, nature);
  const steps = hereOnly(plan.steps, path);
  const given = plan.secret === undefined ? undefined : { step: plan.secret.step, line: PASSWORD };
  return plan.read(ranHere(steps, path, given));
}

/** An engine whose container has the programs of the folder. */
const DOCKER = `case $1 in version) exit 0;; exec) shift 3; exec "$@";; esac`;

describe("in a container", () => {
  it("the client there is asked by docker, and the password goes in by its input alone", () => {
    double("docker", DOCKER);
    double("psql", `echo "$PGPASSWORD" >'${out}/got'; cat >/dev/null; printf 'n\\n'`);
    const ran = run("db_query", {
      ...{ type: "postgres", container: "db", secret: "pg", query: "SELECT 'it''s' AS n" },
    });
    expect(readFileSync(join(out, "got"), "utf8")).toBe(`${PASSWORD}\n`);
    expect(log()).toMatch(/^docker \[exec\] \[-i\] \[db\] \[sh\] \[-c\] /m);
    expect(log()).toContain(" [-U] [postgres] [-d] [dbname='postgres'] ");
    expect(log()).not.toContain(PASSWORD);
    expect(ran).toMatchObject({ facts: { where: "docker", columns: ["n"], rows: [], failed: false } });
  });

  it("without the client, without a shell, or not there: that is said in the engine's words", () => {
    double("docker", DOCKER);
    expect(run("db_query", { type: "mysql", container: "db", query: "SELECT 1" }).notes).toEqual([
      "it failed: there is no mariadb here",
    ]);
    double(
      "docker",
      `case $1 in version) exit 0;; esac; echo "Error response: No such container: $3" >&2; exit 1`,
    );
    expect(run("db_list", { type: "redis", container: "gone" })).toMatchObject({
      facts: { failed: true, exit: 1 },
      lines: [],
      notes: ["it failed: Error response: No such container: gone"],
    });
  });

  it("podman is asked where there is no docker, and nothing where there is neither", () => {
    double("podman", DOCKER);
    double("redis-cli", `echo '"db0:keys=1"'`);
    expect(run("db_list", { type: "redis", container: "db" }).words).toEqual([
      "engine=podman",
      undefined,
      "1 row",
    ]);
    rmSync(join(folder, "podman"));
    natures.clear();
    expect(() => run("db_list", { type: "redis", container: "db" })).toThrow(
      "there is neither docker nor podman",
    );
  });
});

describe("on the host", () => {
  const GOT = `printf '%s' "$PGPASSWORD" >'OUT/got'; cat >>'OUT/got'; printf 'n\\n'`;
  const asked = { type: "postgres", secret: "pg", user: "it's", query: "SELECT 'it''s \\ $x `y` !z\n' AS n" };
  const got = () => readFileSync(join(out, "got"), "utf8");

  it("with BusyBox's programs alone the client is ended by its time and given its password all the same", () => {
    const small = mkdtempSync(join(tmpdir(), "ssh-mcp-db-small-"));
    try {
      linkBusybox(small);
      double("psql", GOT.replaceAll("OUT", out), small);
      expect(run("db_query", asked, small).facts).toMatchObject({
        where: "host",
        columns: ["n"],
        failed: false,
      });
      expect(got()).toBe(PASSWORD);
    } finally {
      rmSync(small, { recursive: true });
    }
  });

  it.each([
    ["dash"],
    ["bash"],
    ["mksh"],
    ["ksh93"],
    ["yash"],
    ["posh"],
    ["zsh", "--emulate", "sh"],
    ["busybox", "sh"],
  ])("the script is the same to %s", (shell, ...options) => {
    double("psql", GOT.replaceAll("OUT", out));
    const plan = planned("db_query", asked, ANY);
    const [script = ""] = Object.values(hereOnly(plan.steps, folder)).map((step) => step.script);
    const { stdout } = spawnSync(shell, [...options, "-c", script], {
      encoding: "utf8",
      input: `${PASSWORD}\n`,
      env: { PATH: `${folder}:${process.env.PATH}` },
    });
    const shown = plan.read(new Map([["asked", { lines: stdout.split("\n").slice(0, -1), exit: 0 }]]));
    expect(shown).toMatchObject({ facts: { columns: ["n"], rows: [], failed: false, exit: 0 }, notes: [] });
    expect(got()).toBe(PASSWORD);
    expect(log()).toContain("SELECT 'it''s \\ $x `y` !z\n' AS n");
    expect(log()).toContain("[-U] [it's]");
  });
});

describe("hostile texts", () => {
  it.each(["postgres", "mysql", "mongodb", "cassandra", "redis"])("stay one word each, of %s", (type) => {
    const mark = join(out, "pwned");
    const touch = `touch ${mark}`;
    const hostile = `' "$(${touch})" \`${touch}\` & ${touch} | ${touch} && ${touch}\n${touch}\n'"'" \\' \\" \\\n$'\\n' !! ~ * ? [a] {a,b} #x > ${mark} <(${touch}) $IFS \${x} SSH_MCP_END\nSSH_MCP_END\n${touch}\nEOF`;
    for (const client of ["psql", "mariadb", "mongosh", "cqlsh", "redis-cli"])
      double(client, `cat >>'${out}/input'; env | grep ^SSH_MCP_ >>'${out}/input' || :`);
    const place = {
      type,
      database: type === "redis" ? "1" : hostile.slice(0, 200),
      user: `u${hostile.split("\n")[0]?.slice(0, 90)}`,
    };
    const queries: Readonly<Record<string, string>> = {
      mongodb: JSON.stringify({ find: hostile }),
      cassandra: `SELECT ${hostile}`,
      redis: `set "${hostile.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}" x`,
    };
    for (const secret of [undefined, "x"])
      for (const [name, more] of [
        ["db_query", { query: type === "redis" ? "get x" : (queries[type] ?? `SELECT ${hostile}`) }],
        ["db_change", { query: queries[type] ?? hostile }],
        ["db_schema", { table: hostile.slice(0, 200) }],
      ] as const)
        run(name, { ...place, ...more, ...(secret === undefined ? {} : { secret }) });
    expect(existsSync(mark)).toBe(false);
    expect(`${log()}${readFileSync(join(out, "input"), "utf8")}`).toContain(
      type === "mongodb" ? JSON.stringify(hostile).slice(1, -1) : hostile.slice(0, 180),
    );
  });
});

describe("mongodb, by a double of its shell", () => {
  beforeEach(() =>
    double("mongosh", `env | grep ^SSH_MCP_ >'${out}/env'; printf '{"_id":1,"a":null}\\n{"_id":2}\\n'`),
  );
  const env = () => readFileSync(join(out, "env"), "utf8").split("\n");

  it("a command is data in the shell's environment, with the server's own limits, and the script is ours alone", () => {
    const query = '{"find": "it\'s", "filter": {"a": "`$(id)`"}, "limit": 5000}';
    const ran = run("db_query", { type: "mongodb", user: "u", secret: "m", database: "d", query, limit: 1 });
    expect(ran).toMatchObject({
      facts: { columns: ["document"], rows: [['{"_id":1,"a":null}']], more: true },
      notes: ["there are more rows than these"],
    });
    expect(env()).toEqual(
      expect.arrayContaining([
        'SSH_MCP_COMMAND={"find":"it\'s","filter":{"a":"`$(id)`"},"limit":2,"maxTimeMS":20000,"batchSize":2,"singleBatch":true}',
        `SSH_MCP_PASSWORD=${PASSWORD}`,
        "SSH_MCP_USER=u",
        "SSH_MCP_DATABASE=d",
      ]),
    );
    expect(log()).not.toContain("it's");
    expect(log()).not.toContain(PASSWORD);
  });

  it("an aggregation ends with the limit", () => {
    run("db_query", { type: "mongodb", query: '{"aggregate":"c","pipeline":[{"$match":{}}],"cursor":{}}' });
    expect(env().join("\n")).toContain(
      '"pipeline":[{"$match":{}},{"$limit":101}],"cursor":{"batchSize":101}',
    );
  });

  it.each([
    '{"insert": "c"}',
    '{"drop": "c"}',
    '{"aggregate": "c", "pipeline": [{"$out": "d"}], "cursor": {}}',
    '{"aggregate": "c", "pipeline": [{"$lookup": {"pipeline": [{"$merge": "d"}]}}], "cursor": {}}',
    '{"find": "c", "filter": {"$where": "sleep(1)"}}',
    '{"find": "c", "filter": {"\\u0024where": "sleep(1)"}}',
    "db.c.drop()",
    "[]",
    "{}",
    '{"eval": "1"}',
    '{"mapReduce": "c"}',
  ])("for reading %s is refused, and nothing is run", (query) => {
    expect(() => planned("db_query", { type: "mongodb", query }, ANY)).toThrow(/nothing was sent/);
  });
});

describe("cassandra, by a double of its shell", () => {
  beforeEach(() =>
    double(
      "cqlsh",
      `f=$(printf '%s\\n' "$@" | sed -n 's/^--cqlshrc=//p'); echo "$f" >'${out}/file'; cat "$f" >'${out}/rc' 2>/dev/null; stat -c %a "$f" >>'${out}/file' 2>/dev/null; echo ' n'; echo '---'; echo ' 1'`,
    ),
  );

  it("a password is in a private file that goes with its folder", () => {
    const ran = run("db_query", { type: "scylladb", user: "u", secret: "c", query: "SELECT n FROM k.t" });
    expect(ran.lines).toEqual([" n", "---", " 1"]);
    expect(readFileSync(join(out, "rc"), "utf8")).toBe(
      `[authentication]\nusername = u\npassword = ${PASSWORD}\n`,
    );
    const [path = "", mode] = readFileSync(join(out, "file"), "utf8").split("\n");
    expect(mode).toBe("600");
    expect(() => readFileSync(path)).toThrow(/ENOENT/);
    expect(log()).toMatch(
      /^cqlsh \[--cqlshrc=[^\]]*\] \[--request-timeout=20\] .* \[-e\] \[SELECT n FROM k\.t\] \[127\.0\.0\.1\] \[9042\]$/m,
    );
    expect(log()).not.toContain(PASSWORD);
  });

  it.each([
    "DROP TABLE t",
    "SELECT 1; DROP TABLE t",
    "SOURCE '/etc/passwd'",
    "COPY t TO '/tmp/x'",
    "BEGIN BATCH INSERT INTO t (a) VALUES (1) APPLY BATCH",
    "-- x\nDROP TABLE t",
  ])("for reading %s is refused, and nothing is run", (query) => {
    expect(() => planned("db_query", { type: "cassandra", query }, ANY)).toThrow(/nothing was sent/);
  });

  it("commands of its shell are no change of a database either", () => {
    expect(() => run("db_change", { type: "cassandra", query: "SOURCE '/etc/passwd'" })).toThrow(
      /nothing was sent/,
    );
    expect(run("db_change", { type: "cassandra", query: "DROP TABLE t" }).facts).toMatchObject({
      failed: false,
    });
  });
});
