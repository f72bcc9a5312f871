import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Nature } from "../../src/recipes/nature.ts";
import { natureHere, planned, ranHere } from "./local.ts";

/** Rows as `inspect --format` of the recipes prints them; a double stands for the engine. */
const WEB = `{"id":"aaaaaaaaaaaa1111","name":"/web","image":"nginx:1.27","state":{"Status":"running","ExitCode":0,"StartedAt":"2026-11-01T10:00:00Z","Health":{"Status":"healthy"}},"mode":"front","networks":{"front":{"IPAddress":"172.18.0.1","GlobalIPv6Address":"fd00::10"},"back":{"IPAddress":"172.19.0.2","GlobalIPv6Address":""}},"ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}],"443/tcp":null}}`;
const OTHER = `{"id":"bbbbbbbbbbbb2222","name":"other","image":"redis","state":{"Status":"running","ExitCode":0,"StartedAt":""},"mode":"bridge","networks":{"front":{"IPAddress":"172.18.0.10"}},"ports":{}}`;
const OLD = `{"id":"cccccccccccc3333","name":"old","image":"busybox","state":{"Status":"exited","ExitCode":137,"StartedAt":""},"mode":"host","networks":{"host":{"IPAddress":"","GlobalIPv6Address":""}},"ports":null}`;
const DOCKER = `
case "$1" in
version) exit 0;;
ps) case "$*" in *-a*) echo aaaa bbbb cccc;; *) echo aaaa bbbb;; esac;;
inspect) case "$*" in
  *.State.Status*) case "$6" in web|web[0-9]) echo running;; *) echo "Error: No such container: $6" >&2; exit 1;; esac;;
  *" aaaa bbbb cccc") cat "$here/web" "$here/other" "$here/old";;
  *" aaaa bbbb") cat "$here/web" "$here/other";;
  *" old") cat "$here/old";;
  *" web") cat "$here/web";;
  *) echo "Error: No such container: $6" >&2; exit 1;; esac;;
logs) echo out1; echo err1 >&2; echo "out2 it's"; echo err2 >&2; echo out3;;
network) case "$2" in ls) echo n1; echo n2;; inspect) cat "$here/networks";; esac;;
stop) sed -i 's/"running"/"exited"/' "$here/web";;
start) echo "Error response: port is already allocated" >&2; exit 1;;
cp) case "$3" in -) case "$2" in web:/etc/there) printf '%157s' 0;; web:/srv|web:/srv/) printf '%157s' 5;; *) exit 1;; esac;; /*) echo body >"$3";; esac;;
esac`;

let folder: string;
let nature: Nature | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-docker-"));
  for (const name of ["sh", "cat", "sed", "uname", "id", "readlink", "tail", "grep", "head", "timeout"])
    symlinkSync(spawnSync("which", [name], { encoding: "utf8" }).stdout.trim(), join(folder, name));
  for (const [name, text] of [
    ["web", WEB],
    ["other", OTHER],
    ["old", OLD],
    [
      "networks",
      `{"Name":"front","Driver":"bridge","Internal":false,"IPAM":{"Config":[{"Subnet":"172.18.0.0/16"}]}}\n{"name":"back","driver":"bridge","internal":true,"subnets":[{"subnet":"172.19.0.0/16"}]}`,
    ],
  ] as const)
    writeFileSync(join(folder, name), `${text}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function double(name: string, body: string): void {
  nature = undefined;
  const record = `{ printf '%s' ${name}; printf ' [%s]' "$@"; echo; } >>'${folder}/log'`;
  writeFileSync(join(folder, name), `#!/bin/sh\nhere='${folder}'\n${record}\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}
function run(name: string, inputs: object = {}) {
  nature ??= natureHere(folder);
  const plan = planned(name, inputs, nature);
  return plan.read(ranHere(plan.steps, folder));
}
const calls = () =>
  readFileSync(join(folder, "log"), "utf8")
    .trim()
    .split("\n")
    .filter((line) => !/ \[version\]/.test(line));

describe("with docker", () => {
  beforeEach(() => double("docker", DOCKER));

  it("containers are listed with state, health, ports and networks, and nothing is asked that holds secrets", () => {
    expect(run("docker_ps")).toMatchObject({
      facts: {
        engine: "docker",
        containers: [
          {
            id: "aaaaaaaaaaaa",
            name: "web",
            state: "running",
            health: "healthy",
            ports: ["0.0.0.0:8080->80/tcp", "[::]:8080->80/tcp"],
          },
          { name: "other" },
        ],
      },
      words: ["engine=docker", "2 of 2 containers"],
      notes: [],
    });
    expect(run("docker_ps", { all: true, match: "busy" }).lines[1]).toMatch(/^old +exited \(137\) +busybox /);
    expect(calls()).toEqual([
      "docker [ps] [-q] [--no-trunc]",
      expect.stringMatching(
        /^docker \[inspect\] \[--type\] \[container\] \[--format\] \[[^\]]*\] \[aaaa\] \[bbbb\]$/,
      ),
      "docker [ps] [-a] [-q] [--no-trunc]",
      expect.stringMatching(/^docker \[inspect\] .* \[cccc\]$/),
    ]);
    expect(calls().join("\n")).not.toMatch(/Env|Labels|Cmd/);
  });

  it("an address is exact: 172.18.0.1 is not 172.18.0.10, and IPv6 has many spellings", () => {
    expect(run("docker_find_by_ip", { ip: "172.18.0.1" }).facts).toMatchObject({
      containers: [{ name: "web", network: "front" }],
    });
    expect(run("docker_find_by_ip", { ip: "FD00:0::0:10" }).facts).toMatchObject({
      containers: [{ name: "web" }],
    });
    expect(run("docker_find_by_ip", { ip: "172.18.0.100" })).toMatchObject({
      facts: { containers: [] },
      notes: ["none of 2 running containers has 172.18.0.100"],
    });
    expect(() => run("docker_find_by_ip", { ip: "172.18" })).toThrow();
  });

  it("a container's addresses are shown by network, and why it has none", () => {
    expect(run("docker_ip", { container: "web" }).lines).toEqual([
      "network  address",
      "front    172.18.0.1 fd00::10",
      "back     172.19.0.2",
    ]);
    expect(run("docker_ip", { container: "old" }).notes).toEqual([
      "old has no address of its own: it is exited (137), its network mode is host",
    ]);
    expect(run("docker_ip", { container: "gone" }).notes?.[0]).toMatch(
      /^docker says: Error: No such container: gone/,
    );
  });

  it("networks are shown with their containers, of docker's spelling and of podman's", () => {
    expect(run("docker_networks").facts).toMatchObject({
      networks: [
        {
          name: "front",
          subnets: ["172.18.0.0/16"],
          containers: [
            { name: "web", addresses: ["172.18.0.1", "fd00::10"] },
            { name: "other", addresses: ["172.18.0.10"] },
          ],
        },
        { name: "back", internal: true, subnets: ["172.19.0.0/16"], containers: [{ name: "web" }] },
      ],
    });
  });

  it("a log is read from its end, one stream of it, or what matches", () => {
    const both = run("docker_logs", { container: "web", lines: 10, since: "1h; id", timestamps: true });
    expect([...both.lines].sort()).toEqual(["err1", "err2", "out1", "out2 it's", "out3"]);
    expect(both).toMatchObject({ words: ["engine=docker", "state=running", "5 lines"], notes: [] });
    expect(calls().at(-1)).toBe("docker [logs] [--since=1h; id] [--timestamps] [--tail=10] [web]");
    expect(run("docker_logs", { container: "web", stream: "stdout", lines: 2 }).lines).toEqual([
      "out2 it's",
      "out3",
    ]);
    expect(calls().at(-1)).toBe("docker [logs] [web]");
    expect(run("docker_logs", { container: "web", stream: "stderr" }).lines).toEqual(["err1", "err2"]);
    expect(run("docker_logs", { container: "web", grep: "it's$" }).lines).toEqual(["out2 it's"]);
    expect(run("docker_logs", { container: "web", grep: "(" }).notes?.[0]).toMatch(/pattern was refused/);
    expect(run("docker_logs", { container: "gone" })).toMatchObject({
      lines: [],
      notes: [expect.stringMatching(/^nothing was read: Error: No such container: gone/)],
    });
  });

  it("a container is stopped or started, its state before and after is shown, and what failed is said", () => {
    expect(run("docker_change", { container: "web", action: "stop" })).toMatchObject({
      facts: { exit: 0, before: "running (healthy)", after: "exited (0)" },
      notes: [],
    });
    expect(calls()).toContain("docker [stop] [web]");
    expect(run("docker_change", { container: "old", action: "start" })).toMatchObject({
      facts: { exit: 1, before: "exited (137)", after: "exited (137)" },
      notes: ["docker says: Error response: port is already allocated"],
    });
  });

  it("a copy out of a container does not replace what is there unless asked, in a folder by its name", () => {
    const to = join(folder, "it's here");
    const copy = { container: "web", direction: "from", container_path: "/etc/there", host_path: to };
    expect(run("docker_cp", copy)).toMatchObject({
      facts: { copied: to },
      lines: [`copied to ${to}`],
      notes: [],
    });
    expect(calls().at(-1)).toBe(`docker [cp] [web:/etc/there] [${to}]`);
    const before = calls().length;
    expect(run("docker_cp", copy).notes).toEqual([
      `${to} exists, so nothing was copied; overwrite: true replaces it`,
    ]);
    expect(calls()).toHaveLength(before);
    expect(run("docker_cp", { ...copy, overwrite: true }).facts).toMatchObject({ copied: to });
    writeFileSync(join(folder, "there"), "");
    expect(run("docker_cp", { ...copy, host_path: folder }).notes?.[0]).toContain(`${folder}/there exists`);
  });

  it("a copy into a container looks first at what is there", () => {
    const from = join(folder, "web");
    const copy = { container: "web", direction: "to", host_path: from };
    expect(run("docker_cp", { ...copy, container_path: "/etc/there" }).notes?.[0]).toMatch(
      /^web:\/etc\/there exists/,
    );
    expect(run("docker_cp", { ...copy, container_path: "/srv" }).facts).toMatchObject({
      copied: "web:/srv/web",
    });
    expect(calls().at(-1)).toBe(`docker [cp] [${from}] [web:/srv]`);
    for (const path of ["-", "relative", "x:/y"])
      expect(() => run("docker_cp", { ...copy, container_path: path }), path).toThrow();
  });

  it("names that are options or scripts are refused", () => {
    for (const container of ["-f", "--all", "a b", "$(id)", "a;b", ""])
      expect(() => run("docker_change", { container, action: "stop" }), container).toThrow();
  });
});

describe("which engine", () => {
  it("is podman where docker is not there, or does not answer; what it says is shown", () => {
    double("podman", DOCKER);
    expect(run("docker_ps").words?.[0]).toBe("engine=podman");
    double("docker", "exit 1");
    expect(run("docker_ps").words?.[0]).toBe("engine=podman");
    rmSync(join(folder, "podman"));
    double("docker", `echo "permission denied while trying to connect to the docker API" >&2; exit 1`);
    expect(run("docker_ps")).toMatchObject({
      lines: [],
      notes: ["docker says: permission denied while trying to connect to the docker API"],
    });
    rmSync(join(folder, "docker"));
    nature = undefined;
    expect(() => run("docker_ps")).toThrow("there is neither docker nor podman");
  });
});
