import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recipes } from "../../src/recipes/index.ts";
import type { Nature } from "../../src/recipes/nature.ts";
import { linkBusybox, natureHere, planned, ranHere, runHere, said } from "./local.ts";

const NATURE: Nature = {
  family: "linux",
  kernel: "Linux",
  release: "6.1",
  machine: "x86_64",
  init: "systemd",
  has: new Set(["ps", "service"]),
  busybox: new Set(),
  root: false,
  journal: false,
};

describe("recipes on this very machine", () => {
  let folder: string;
  let busybox: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-recipes-"));
    busybox = join(folder, "bin");
    execFileSync("mkdir", [busybox]);
    for (const applet of execFileSync("busybox", ["--list"], { encoding: "utf8" }).trim().split("\n"))
      if (!applet.includes("/"))
        symlinkSync(execFileSync("which", ["busybox"], { encoding: "utf8" }).trim(), join(busybox, applet));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("know what it is, also where all programs are BusyBox's", () => {
    const nature = natureHere();
    expect(nature).toMatchObject({ family: "linux", kernel: "Linux", root: true });
    expect(nature.system).toMatch(/Debian/);
    expect(nature.busybox.size).toBe(0);
    const small = natureHere(busybox);
    expect(small.has).toContain("ps");
    expect([...small.busybox].sort()).toEqual([...small.has].sort());
  });

  it.each(["system", "busybox"])("read load, memory and disks: %s", (which) => {
    const { facts, lines } = runHere("usage", {}, which === "busybox" ? busybox : undefined);
    expect(facts).toMatchObject({ load: [expect.any(Number), expect.any(Number), expect.any(Number)] });
    expect(facts).toHaveProperty("cpus");
    expect(facts).toHaveProperty("memory.total");
    expect(facts).toHaveProperty("memory.available");
    expect(facts).toMatchObject({ disks: expect.arrayContaining([expect.objectContaining({ mount: "/" })]) });
    expect(lines.join("\n")).toMatch(
      /^load +\d+\.\d\d \d+\.\d\d \d+\.\d\d over 1, 5, 15 minutes, \d+ CPUs?\nmemory +[\d.]+G, /,
    );
  });

  it.each(["system", "busybox"])("list processes: %s", (which) => {
    const { facts, words } = runHere(
      "ps",
      { match: String(process.pid), limit: 500 },
      which === "busybox" ? busybox : undefined,
    );
    expect(words?.[0]).toMatch(/^\d+ of \d+ processes$/);
    const all = runHere("ps", { limit: 500, sort_by: "mem" }, which === "busybox" ? busybox : undefined);
    expect(all.facts).toMatchObject({
      processes: expect.arrayContaining([expect.objectContaining({ pid: process.pid })]),
    });
    expect(facts).toHaveProperty("processes");
  });

  it("show the end of a file, the filter before the limit, whatever its name and the pattern hold", () => {
    const name = join(folder, "it's $(touch x) `y` log");
    writeFileSync(
      name,
      `${Array.from({ length: 300 }, (_, at) => `line ${at}${at % 100 === 0 ? " it's" : ""}`).join("\n")}\n`,
    );
    expect(runHere("logs", { path: name, lines: 2 }).lines).toEqual(["line 298", "line 299"]);
    expect(runHere("logs", { path: name, lines: 2, grep: "it's$" }).lines).toEqual([
      "line 100 it's",
      "line 200 it's",
    ]);
    expect(runHere("logs", { path: name, grep: "-n" }).lines).toEqual([]);
    expect(runHere("logs", { path: join(folder, "none") }).notes).toEqual([
      expect.stringMatching(/there is no such file/),
    ]);
    expect(runHere("logs", { path: name, grep: "(" }).notes).toEqual([
      expect.stringMatching(/the pattern was refused, so nothing was searched: /),
    ]);
    expect(runHere("logs", { path: name, grep: "(" }, busybox).notes).toEqual([
      expect.stringMatching(/the pattern was refused, so nothing was searched: /),
    ]);
    expect(runHere("logs", { path: folder }).notes).toEqual([expect.stringMatching(/it is a folder/)]);
  });

  it("tell what journalctl complains of apart from its rows", () => {
    const programs = join(folder, "journal");
    execFileSync("mkdir", [programs]);
    linkBusybox(programs);
    const says = (text: string) =>
      writeFileSync(join(programs, "journalctl"), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const asked = (inputs: object) => {
      const plan = planned("journal", inputs, { ...NATURE, journal: true, root: true });
      return plan.read(ranHere(plan.steps, programs));
    };
    says("echo 'Failed to parse timestamp: soon' >&2; exit 1");
    expect(asked({ since: "soon" })).toMatchObject({
      lines: [],
      words: ["source=journalctl", "0 lines"],
      notes: ["journalctl says: Failed to parse timestamp: soon"],
    });
    says("echo one; echo 'Journal file x is truncated, ignoring file.' >&2; echo '2 1'");
    for (const grep of [undefined, "o|2"])
      expect(asked({ grep })).toMatchObject({
        lines: ["one", "2 1"],
        words: ["source=journalctl", "2 lines"],
        notes: ["journalctl says: Journal file x is truncated, ignoring file."],
      });
    expect(asked({ grep: "(" }).notes).toEqual([expect.stringMatching(/^the pattern was refused/)]);
    says("exit 0");
    expect(asked({}).notes).toEqual(["there is no such message"]);
  });

  it.each(["journal", "dmesg", "diagnose", "services", "system_info"])(
    "%s reads what there is, and says what there is not",
    (name) => {
      for (const path of [undefined, busybox]) {
        const plan = recipes.find((one) => one.name === name)?.plan({}, natureHere(path));
        if (typeof plan === "string") expect(plan).toMatch(/no init system that is known/);
        else {
          const shown = plan?.read(ranHere(plan.steps, path));
          expect([...(shown?.lines ?? []), ...(shown?.notes ?? [])].length).toBeGreaterThan(0);
        }
      }
    },
  );
});

describe("recipes read other systems", () => {
  it("macOS: load, memory, swap and disks", () => {
    const mac: Nature = { ...NATURE, family: "macos", kernel: "Darwin", init: "launchd" };
    const { facts, lines } = planned("usage", {}, mac).read(
      said({
        load: "{ 1.52 1.81 2.03 }",
        cpus: "8",
        memory: [
          "hw.memsize: 17179869184",
          "vm.swapusage: total = 2048.00M  used = 512.00M  free = 1536.00M  (encrypted)",
          "Mach Virtual Memory Statistics: (page size of 16384 bytes)",
          "Pages free:                               10000.",
          "Pages active:                            300000.",
          "Pages inactive:                           90000.",
        ].join("\n"),
        disks: [
          "Filesystem     1024-blocks      Used Available Capacity  Mounted on",
          "/dev/disk3s1s1   482797652  10085116 110000000     9%    /",
          "map auto_home            0         0         0   100%    /System/Volumes/Data/home",
          "/dev/disk3s5     482797652 362712536 110000000    77%    /System/Volumes/My Data",
        ].join("\n"),
        inodes: "",
      }),
    );
    expect(facts).toMatchObject({
      load: [1.52, 1.81, 2.03],
      cpus: 8,
      memory: { total: 17179869184, available: 100000 * 16384, swapTotal: 2147483648, swapUsed: 536870912 },
      disks: [
        { mount: "/" },
        { mount: "/System/Volumes/Data/home" },
        { mount: "/System/Volumes/My Data", percent: 77 },
      ],
    });
    expect(lines.join("\n")).toContain("/System/Volumes/My Data");
  });

  it("FreeBSD and OpenBSD: memory from their own counters", () => {
    const bsd: Nature = { ...NATURE, family: "freebsd", kernel: "FreeBSD", init: "rc" };
    const { facts } = planned("usage", {}, bsd).read(
      said({
        load: "{ 0.10 0.20 0.30 }",
        cpus: "4",
        memory:
          "hw.physmem: 8500000000\nhw.pagesize: 4096\nvm.stats.vm.v_free_count: 100\nvm.stats.vm.v_inactive_count: 200\nvm.stats.vm.v_laundry_count: 50",
        swap: "Device          1K-blocks     Used    Avail Capacity\n/dev/ada0p2       2097152     1024  2096128     0%",
        disks: "",
        inodes: "",
      }),
    );
    expect(facts).toMatchObject({
      memory: { total: 8500000000, available: 350 * 4096, swapTotal: 2147483648, swapUsed: 1048576 },
    });
    const open: Nature = { ...NATURE, family: "openbsd", kernel: "OpenBSD", init: "rc" };
    const read = planned("usage", {}, open).read(
      said({
        load: "0.10 0.20 0.30",
        cpus: "2",
        memory: "hw.physmem=2130706432\n     4096 bytes per page\n      500 pages free",
        swap: "",
        disks: "",
        inodes: "",
      }),
    );
    expect(read.facts).toMatchObject({
      load: [0.1, 0.2, 0.3],
      memory: { total: 2130706432, available: 500 * 4096 },
    });
  });

  it("services of systemd, OpenRC, launchd, System V, and which of them failed", () => {
    const of = (init: Nature["init"], text: string, inputs: object = {}) =>
      planned("services", inputs, { ...NATURE, init }).read(said({ services: text })).facts;
    expect(
      of(
        "systemd",
        "nginx.service loaded active running A web server\n● broken.service loaded failed failed Broken one\ngone.service not-found inactive dead gone.service",
      ),
    ).toMatchObject({
      of: 2,
      failed: 1,
      services: [
        { name: "nginx", state: "running" },
        { name: "broken", failed: true, about: "Broken one" },
      ],
    });
    expect(
      of("systemd", "a.service loaded active running A\nb.service loaded failed failed B", {
        failed_only: true,
      }),
    ).toMatchObject({ services: [{ name: "b" }], of: 2 });
    expect(
      of(
        "openrc",
        "Runlevel: default\n sshd                    [  started  ]\n nginx                   [  crashed  ]",
      ),
    ).toMatchObject({
      services: [
        { name: "sshd", state: "started" },
        { name: "nginx", failed: true },
      ],
    });
    expect(
      of("launchd", "PID\tStatus\tLabel\n312\t0\tcom.apple.x\n-\t78\tcom.bad\n-\t-9\tcom.killed"),
    ).toMatchObject({
      services: [{ state: "running" }, { name: "com.bad", failed: true }, { failed: false }],
    });
    expect(of("sysv", " [ + ]  ssh\n [ - ]  dbus\n [ ? ]  hwclock.sh")).toMatchObject({
      services: [{ state: "running" }, { state: "stopped" }, { state: "unknown" }],
    });
  });

  it("what is wrong comes first: load, memory, disks, inodes, OOM kills, failed services", () => {
    const { facts, words } = planned("diagnose", {}, { ...NATURE, journal: true }).read(
      said({
        load: "9.00 8.00 7.00 1/100 1",
        cpus: "2",
        memory: "MemTotal: 1000 kB\nMemAvailable: 20 kB",
        disks: "h\n/dev/a 100 95 5 95% /\n/dev/b 100 1 99 1% /srv",
        inodes: "h\n/dev/a 100 1 99 1% /\n/dev/b 100 97 3 97% /srv",
        ps: "1 root 0.0 0.1 100 Ss 1-00:00:00 /sbin/init",
        services: "b.service loaded failed failed B",
        kernel: "0",
        oom: "[Mon] Out of memory: Killed process 42 (java)",
      }),
    );
    expect(words).toEqual(["wrong=6"]);
    expect(facts).toMatchObject({
      wrong: [
        "load 9.00 is 4.5 times the 2 CPUs",
        "2 % of the memory is available",
        "/ is 95 % full",
        "/srv has used 97 % of its inodes",
        "out of memory: [Mon] Out of memory: Killed process 42 (java)",
        "service b: failed",
      ],
    });
  });

  it("nothing wrong is claimed of what could not be read", () => {
    const unread = said({
      load: "",
      memory: "",
      disks: "",
      ps: "",
      services: "Failed to connect to bus: No such file or directory",
      kernel: "1",
      oom: "",
    });
    const { lines, words, notes } = planned("diagnose", {}, { ...NATURE, journal: true }).read(unread);
    expect(lines[0]).toBe("nothing wrong was seen in what could be read");
    expect(lines).toContain("load    not said");
    expect(words).toEqual(["wrong=0", "unread=load,memory,disks,processes,services"]);
    expect(notes).toEqual([
      expect.stringMatching(
        /^NOT read: load, memory, disks, processes, services; services: Failed to connect to bus/,
      ),
      expect.stringMatching(
        /^dmesg was refused: OOM kills were looked for only in what this user sees of the journal$/,
      ),
    ]);
  });

  it("what cannot be seen is said: kernel messages, a file system that hangs, a log without fields", () => {
    const { notes } = planned("dmesg", {}, NATURE).read(
      said({
        may: "1",
        log: "",
        journal: "",
        error: "dmesg: read kernel buffer failed: Operation not permitted",
      }),
    );
    expect(notes).toEqual([
      expect.stringMatching(/dmesg was refused \(dmesg: read kernel buffer failed.*none for this user/),
    ]);
    const hung = new Map([
      ...said({ load: "1 1 1", cpus: "1", memory: "", inodes: "" }),
      ["disks", { lines: [], exit: 124 }],
    ]);
    expect(planned("usage", {}, NATURE).read(hung).notes).toEqual([expect.stringMatching(/does not answer/)]);
    const fallback = planned("journal", { priority: "err" }, NATURE).read(
      said({ source: "/var/log/syslog", log: "x", unreadable: "" }),
    );
    expect(fallback.notes).toEqual([expect.stringMatching(/priority NOT applied/)]);
  });
});
