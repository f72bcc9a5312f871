import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gather, gatheredIn, timeWasUp, within } from "../../src/recipes/bounds.ts";
import type { Nature } from "../../src/recipes/nature.ts";
import { scriptOf, stepsIn } from "../../src/recipes/script.ts";
import { type Sh, sh } from "../../src/recipes/sh.ts";
import { linkBusybox, natureHere, planned, ranHere, runHere, said } from "./local.ts";

const NATURE: Nature = {
  family: "linux",
  kernel: "Linux",
  release: "6.1",
  machine: "x86_64",
  init: "systemd",
  has: new Set(["ss", "netstat", "ping", "traceroute", "bash"]),
  busybox: new Set(),
  root: false,
  journal: false,
};
const MAC: Nature = { ...NATURE, family: "macos", has: new Set(["netstat", "lsof", "ping", "ping6"]) };
const BSD: Nature = { ...NATURE, family: "freebsd", has: new Set(["sockstat", "netstat", "nc", "ping6"]) };

let folder: string;
let busybox: string;
let tree: string;
let server: Server;
let port: number;
const which = [["system"], ["busybox"]] as const;
const pathOf = (name: string) => (name === "busybox" ? busybox : undefined);

/** A folder with this machine's programs of these names, and with what a shell needs. */
function only(...names: readonly string[]): string {
  const place = mkdtempSync(join(folder, "only-"));
  for (const name of [
    "sh",
    "cat",
    "sed",
    "uname",
    "id",
    "readlink",
    "sleep",
    "tr",
    "head",
    "awk",
    "cut",
    ...names,
  ])
    symlinkSync(spawnSync("which", [name], { encoding: "utf8" }).stdout.trim(), join(place, name));
  return place;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-network-"));
  busybox = join(folder, "bin");
  mkdirSync(busybox);
  linkBusybox(busybox);
  tree = join(folder, "it's $(touch x) tree");
  mkdirSync(join(tree, "-sub", "deep"), { recursive: true });
  writeFileSync(join(tree, "-sub", "a.conf"), "one\nTWO 'x' $HOME\nthree\nfour\ntwo again\n");
  writeFileSync(join(tree, "-sub", "deep", "b.conf"), "two below\n");
  writeFileSync(join(tree, "large.bin"), Buffer.concat([Buffer.from("two\0"), Buffer.alloc(5_000)]));
  writeFileSync(join(tree, "wide.txt"), `two ${"ü".repeat(3_000)}\n`);
  writeFileSync(join(tree, "new\nli\\ne"), "two in a name of two rows");
  server = createServer((socket) => socket.end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

describe("bounds", () => {
  it("end a command after its seconds with whatever the system has, and leave a quick one its exit code", () => {
    const places: [string, string | undefined][] = [
      ["timeout", undefined],
      ["busybox", busybox],
      ["neither", only()],
    ];
    for (const [name, path] of places) {
      const nature = natureHere(path);
      const steps = {
        long: within(nature, 1, sh`sleep 30`),
        quick: within(nature, 20, sh`sh -c 'echo out; exit 7'`),
        rows: gather(within(nature, 20, sh`sh -c 'echo a; echo b; echo bad >&2; echo c; exit 3'`), 2),
      };
      const began = performance.now();
      const ran = ranHere(steps, path);
      expect(performance.now() - began, `${name}: nothing waits for a sleep that is left`).toBeLessThan(
        15_000,
      );
      expect(timeWasUp(ran.get("long")?.exit ?? 0), name).toBe(true);
      expect(ran.get("quick"), name).toEqual({ lines: ["out"], exit: 7 });
      expect(gatheredIn(ran.get("rows"), 2), name).toEqual({
        rows: ["a", "b"],
        more: true,
        errors: ["bad"],
        errorCount: 1,
        timeUp: false,
      });
    }
  });

  it("a row that looks like the tally is a row, and one that never ends is cut", () => {
    const ran = ranHere({
      fake: gather(sh`printf '%s\n' 'exit 0' '0 0'`, 5),
      endless: gather(within(natureHere(), 20, sh`yes`), 3),
      none: gather(sh`true`, 3),
    });
    expect(gatheredIn(ran.get("fake"), 5)).toMatchObject({
      rows: ["exit 0", "0 0"],
      more: false,
      errorCount: 0,
    });
    expect(gatheredIn(ran.get("endless"), 3)).toMatchObject({ rows: ["y", "y", "y"], more: true });
    expect(gatheredIn(ran.get("none"), 3)).toMatchObject({ rows: [], more: false });
  });
});

describe.each(which)("with the programs of the %s", (name) => {
  const run = (recipe: string, inputs: object) => runHere(recipe, inputs, pathOf(name));

  it("files are found by name, type, size and depth, whatever their names hold", () => {
    expect(run("search_files", { path: tree, name: "*.conf" })).toMatchObject({
      facts: {
        paths: expect.arrayContaining([`${tree}/-sub/a.conf`, `${tree}/-sub/deep/b.conf`]),
        more: false,
      },
      words: ["2 found"],
      notes: [],
    });
    expect(
      run("search_files", { path: `${tree}/`, name: "*.CONF", ignore_case: true, max_depth: 2 }).lines,
    ).toEqual([`${tree}/-sub/a.conf`]);
    expect(run("search_files", { path: tree, type: "folder", name: "-*" }).lines).toEqual([`${tree}/-sub`]);
    expect(run("search_files", { path: tree, type: "file", min_bytes: 5_004 }).lines).toHaveLength(2);
    expect(
      run("search_files", { path: tree, min_bytes: 5_005, type: "file", changed_days: 1 }).lines,
    ).toEqual([`${tree}/wide.txt`]);
    expect(run("search_files", { path: tree, name: "new*" })).toMatchObject({
      facts: { paths: [`${tree}/new\nli\\ne`] },
      lines: [`${tree}/new\\nli\\ne`],
    });
    expect(run("search_files", { path: tree, limit: 1 })).toMatchObject({
      words: ["1+ found"],
      notes: ["there are more than these"],
    });
  });

  it("what cannot be searched is said, and other file systems are not entered unless asked", () => {
    expect(run("search_files", { path: join(tree, "none") }).notes?.[0]).toMatch(/there is no such folder/);
    expect(run("search_files", { path: join(tree, "wide.txt") }).notes?.[0]).toMatch(/is no folder/);
    expect(run("search_files", { path: "/", max_depth: 2, name: "self" }).lines).toEqual([]);
    expect(run("search_files", { path: "/", max_depth: 2, name: "self", cross: true }).lines).toEqual([]);
    expect(run("search_files", { path: "/proc", max_depth: 1, name: "self" }).lines).toEqual(["/proc/self"]);
  });

  it("text is found with its file and row; binary files are skipped, wide rows cut", () => {
    const found = run("search_text", { path: tree, pattern: "^two", ignore_case: true });
    expect(found.facts).toMatchObject({
      matches: expect.arrayContaining([
        { path: `${tree}/-sub/a.conf`, line: 2, text: "TWO 'x' $HOME" },
        { path: `${tree}/-sub/a.conf`, line: 5, text: "two again" },
        { path: `${tree}/-sub/deep/b.conf`, line: 1, text: "two below" },
        { path: `${tree}/wide.txt`, line: 1, text: expect.stringMatching(/^two ü+…$/) },
      ]),
    });
    expect(found.words).toEqual(["4 lines in 3 files"]);
    expect(found.notes).toEqual([]);
  });

  it("a pattern is plain text or an expression as asked, in files of a name, with rows around", () => {
    const text = (inputs: object) => run("search_text", { path: tree, ...inputs }).lines;
    expect(text({ pattern: "'x' $HOME", fixed: true, include: "a.*", context: 1 })).toEqual([
      `${tree}/-sub/a.conf`,
      "1- one",
      "2: TWO 'x' $HOME",
      "3- three",
    ]);
    expect(text({ pattern: "-e", include: "*.conf" })).toEqual([]);
    expect(text({ pattern: "(one|two)$", include: "a.conf" })).toEqual([`${tree}/-sub/a.conf`, "1: one"]);
    expect(run("search_text", { path: tree, pattern: "(" }).notes?.[0]).toMatch(
      /^the pattern was refused, so nothing was searched: /,
    );
    expect(run("search_text", { path: tree, pattern: "o", include: "a.conf", limit: 2 })).toMatchObject({
      words: ["2+ lines in 1 file"],
      notes: ["there are more than these"],
    });
  });

  it("sockets that are listened on are listed with their port, and only that port where one is asked for", () => {
    const { facts, words } = run("sockets", { port });
    expect(facts).toMatchObject({
      sockets: [{ protocol: "tcp", state: "LISTEN", listening: true, address: "127.0.0.1", port }],
    });
    expect(words?.[1]).toBe("1 of 1 sockets");
    expect(run("sockets", { port: 1 })).toMatchObject({
      lines: [],
      words: [expect.anything(), "0 of 0 sockets"],
    });
    expect(run("sockets", {}).facts).toMatchObject({
      sockets: expect.arrayContaining([expect.objectContaining({ port })]),
    });
  });

  it("a port that answers is told from one that refuses, and from a name that is not known", () => {
    expect(run("tcp_check", { to: "127.0.0.1", ports: [port, 1, port] })).toMatchObject({
      facts: {
        ports: [
          { port, answer: "open" },
          { port: 1, answer: "refused" },
        ],
      },
      words: ["open=1 of 2"],
    });
  });
});

describe("the network of this machine", () => {
  it("is read by ss, netstat and the kernel's own table alike", () => {
    const own = (source: string, path?: string) => {
      const { facts, notes } = runHere("sockets", { port }, path);
      expect(facts).toMatchObject({ source, sockets: [{ state: "LISTEN", address: "127.0.0.1", port }] });
      return { facts, notes };
    };
    expect(own("ss").facts).toMatchObject({ sockets: [{ pid: process.pid }] });
    expect(own("netstat", only("netstat")).facts).toMatchObject({ sockets: [{ pid: process.pid }] });
    expect(own("/proc/net", only()).notes).toEqual([expect.stringMatching(/\/proc\/net has no processes/)]);
  });

  it("answers a ping and is a hop of its own", () => {
    const pinged = runHere("ping", { to: "127.0.0.1", count: 1 }, busybox);
    expect(pinged).toMatchObject({
      facts: { sent: 1, received: 1, lossPercent: 0, rttMs: { avg: expect.any(Number) } },
      words: ["received=1 of 1", expect.stringMatching(/^avg=[\d.]+ms$/)],
    });
    expect(runHere("traceroute", { to: "127.0.0.1" }, busybox)).toMatchObject({
      facts: { reached: true, hops: [{ hop: 1, address: "127.0.0.1", ms: expect.any(Number) }] },
      words: ["hops=1", "reached"],
    });
  });

  it("is no place for a target that is an option or a script", () => {
    for (const to of ["-f", "$(id)", "a b", "a;b", ""]) {
      for (const [name, more] of [
        ["ping", {}],
        ["traceroute", {}],
        ["tcp_check", { ports: [1] }],
      ] as const)
        expect(() => planned(name, { to, ...more }, NATURE), `${name} ${to}`).toThrow();
    }
  });
});

describe("other systems", () => {
  const sockets = (nature: Nature, outputs: Record<string, string>, inputs: object = {}) =>
    planned("sockets", inputs, nature).read(said(outputs));

  it("ss: names of processes where they may be seen, IPv6, UDP, zones", () => {
    const { facts, notes } = sockets(NATURE, {
      sockets: [
        "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess",
        'udp   UNCONN 0      0      127.0.0.53%lo:53   0.0.0.0:*    users:(("systemd-resolve",pid=500,fd=13))',
        'tcp   LISTEN 0      128    [::]:22            [::]:*       users:(("sshd",pid=7,fd=4),("systemd",pid=1,fd=50))',
        "tcp   LISTEN 0      511    *:8080             *:*",
        "tcp   ESTAB  0      0      10.0.0.1:22        10.0.0.2:8080",
      ].join("\n"),
    });
    expect(facts).toEqual({
      source: "ss",
      of: 3,
      sockets: [
        {
          protocol: "udp",
          state: "UNCONN",
          listening: true,
          address: "127.0.0.53%lo",
          port: 53,
          process: "systemd-resolve",
          pid: 500,
        },
        {
          protocol: "tcp",
          state: "LISTEN",
          listening: true,
          address: "::",
          port: 22,
          process: "sshd",
          pid: 7,
        },
        { protocol: "tcp", state: "LISTEN", listening: true, address: "*", port: 8080 },
      ],
    });
    expect(notes).toEqual([
      expect.stringMatching(/^the process of 1 of them is not known: this user is not root/),
    ]);
  });

  it("a port is exact, and of either side where connections are asked for", () => {
    const rows =
      "tcp ESTAB 0 0 10.0.0.1:22 10.0.0.2:8080\ntcp LISTEN 0 5 0.0.0.0:80 0.0.0.0:*\ntcp LISTEN 0 5 *:808 *:*";
    expect(sockets(NATURE, { sockets: rows }, { port: 80 }).facts).toMatchObject({
      of: 1,
      sockets: [{ port: 80 }],
    });
    expect(sockets(NATURE, { sockets: rows }, { port: 8080, connections: true }).facts).toMatchObject({
      of: 1,
      sockets: [{ port: 22, peer: "10.0.0.2", peerPort: 8080, state: "ESTAB", listening: false }],
    });
  });

  it("macOS: netstat's sockets with lsof's processes", () => {
    const { facts } = sockets(
      MAC,
      {
        sockets: [
          "Active Internet connections (including servers)",
          "Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)",
          "tcp4       0      0  127.0.0.1.631          *.*                    LISTEN",
          "tcp6       0      0  fe80::1%lo0.49152      fe80::1%lo0.22         ESTABLISHED",
          "udp4       0      0  *.5353                 *.*",
        ].join("\n"),
        lsof: "p77\nccupsd\nf5\nPTCP\nn127.0.0.1:631\nTST=LISTEN\np88\ncmDNSResponder\nf6\nPUDP\nn*:5353",
      },
      { connections: true },
    );
    expect(facts).toMatchObject({
      sockets: [
        { address: "127.0.0.1", port: 631, process: "cupsd", pid: 77, listening: true },
        { address: "fe80::1%lo0", port: 49152, peer: "fe80::1%lo0", peerPort: 22, listening: false },
        { protocol: "udp", address: "*", port: 5353, process: "mDNSResponder", pid: 88, listening: true },
      ],
    });
  });

  it("FreeBSD: sockstat", () => {
    const { facts } = sockets(BSD, {
      sockets:
        "USER     COMMAND    PID   FD  PROTO  LOCAL ADDRESS         FOREIGN ADDRESS\nroot     sshd       900   3   tcp6   *:22                  *:*\nroot     ntpd       901   21  udp4   192.0.2.1:123         *:*\n?        ?          ?     ?   tcp4   192.0.2.1:99          192.0.2.2:98",
    });
    expect(facts).toMatchObject({
      of: 2,
      sockets: [
        { protocol: "tcp", port: 22, process: "sshd", pid: 900 },
        { protocol: "udp", address: "192.0.2.1", port: 123 },
      ],
    });
  });

  it("the kernel's table: byte order, IPv6, states", () => {
    const bare = { ...NATURE, has: new Set<string>() };
    const rows = (address: string) =>
      `file tcp6\n  sl  local_address remote_address st\n   0: ${address}:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000`;
    expect(sockets(bare, { sockets: rows("00000000000000000000000001000000") }).facts).toMatchObject({
      sockets: [{ address: "::1", port: 8080, state: "LISTEN" }],
    });
    expect(sockets(bare, { sockets: rows("0000000000000000FFFF00000100007F") }).facts).toMatchObject({
      sockets: [{ address: "::ffff:127.0.0.1" }],
    });
    expect(
      sockets({ ...bare, machine: "s390x" }, { sockets: rows("00000000000000000000000000000001") }).facts,
    ).toMatchObject({ sockets: [{ address: "::1" }] });
  });

  it("ping of iputils, of macOS, and one that may not", () => {
    const of = (nature: Nature, text: string) =>
      planned("ping", { to: "192.0.2.1" }, nature).read(said({ ping: text }));
    expect(
      of(
        NATURE,
        "PING 192.0.2.1 (192.0.2.1) 56(84) bytes of data.\n64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.5 ms\n\n--- 192.0.2.1 ping statistics ---\n4 packets transmitted, 3 received, +1 errors, 25% packet loss, time 3052ms\nrtt min/avg/max/mdev = 0.400/0.500/0.600/0.081 ms",
      ),
    ).toMatchObject({
      facts: { sent: 4, received: 3, lossPercent: 25, rttMs: { min: 0.4, avg: 0.5, max: 0.6 } },
      words: ["received=3 of 4", "avg=0.500ms"],
    });
    expect(
      of(
        MAC,
        "--- 192.0.2.1 ping statistics ---\n4 packets transmitted, 0 packets received, 100.0% packet loss",
      ).facts,
    ).toMatchObject({ received: 0, lossPercent: 100 });
    expect(of(NATURE, "ping: socktype: SOCK_RAW: Operation not permitted").notes).toEqual([
      expect.stringMatching(/nothing is known/),
    ]);
    expect(planned("ping", { to: "::1" }, BSD).steps.ping?.script).toContain("'ping6' '-n' '-c' '4' '::1'");
  });

  it("traceroute and tracepath: hops that are silent, a target that does not answer", () => {
    const of = (text: string, inputs: object = {}) =>
      planned("traceroute", { to: "198.51.100.9", ...inputs }, NATURE).read(said({ trace: text }));
    expect(
      of(
        "traceroute to 198.51.100.9 (198.51.100.9), 3 hops max, 60 byte packets\n 1  192.0.2.1  0.512 ms\n 2  *\n 3  *",
        { max_hops: 3 },
      ),
    ).toMatchObject({
      facts: { reached: false, hops: [{ hop: 1, address: "192.0.2.1", ms: 0.512 }, { hop: 2 }, { hop: 3 }] },
      notes: [expect.stringMatching(/did not answer within 3 hops/)],
    });
    expect(
      of(
        " 1?: [LOCALHOST]                      pmtu 1500\n 1:  192.0.2.1                          0.404ms \n 1:  192.0.2.1                          0.365ms \n 2:  no reply\n 3:  198.51.100.9                       1.212ms reached\n     Resume: pmtu 1500 hops 3 back 3",
      ).facts,
    ).toMatchObject({
      reached: true,
      hops: [{ hop: 1, address: "192.0.2.1", ms: 0.404 }, { hop: 2 }, { hop: 3, address: "198.51.100.9" }],
    });
    expect(of("traceroute: unknown host x").notes).toEqual([expect.stringMatching(/no hop was shown/)]);
  });

  it("TCP: what nc and bash say of a port", () => {
    const { facts } = planned("tcp_check", { to: "h", ports: [1, 2, 3, 4, 5] }, BSD).read(
      said({
        ports: [
          "2 124 ",
          "1 1 nc: connect to h port 1 (tcp) failed: Connection refused ",
          "3 1 bash: connect: No route to host bash: line 1: /dev/tcp/h/3: No route to host",
          "4 1 bash: h: Name or service not known",
        ].join("\n"),
      }),
    );
    expect(facts).toMatchObject({
      ports: [
        { answer: "refused" },
        { answer: "no answer" },
        { answer: "unreachable" },
        { answer: "unknown name" },
        { port: 5, answer: "error" },
      ],
    });
  });
});

/** What a script is made of reaches the shell as it is. */
it("steps that hold several scripts stay one line for the login shell", () => {
  const steps: Record<string, Sh> = { a: gather(sh`printf '%s\n' ${"it's\n$(id)"}`, 5) };
  const { line, mark } = scriptOf(steps);
  const { stdout } = spawnSync("/bin/sh", ["-c", line], { encoding: "utf8" });
  expect(gatheredIn(stepsIn(stdout.split("\n"), mark).get("a"), 5).rows).toEqual(["it's", "$(id)"]);
});
