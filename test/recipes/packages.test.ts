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
import { natureHere, planned, ranHere, runHere, said } from "./local.ts";

const NATURE: Nature = {
  family: "linux",
  kernel: "Linux",
  release: "6.1",
  machine: "x86_64",
  init: "systemd",
  has: new Set(["apt-get"]),
  busybox: new Set(),
  root: true,
  journal: false,
};
const withManager = (program: string): Nature => ({
  ...NATURE,
  has: new Set([program]),
  family: program === "pkg" ? "freebsd" : "linux",
});

describe("packages of this machine", () => {
  it("are checked with their version, and listed", () => {
    expect(runHere("packages", { names: ["bash", "no-such-package"] })).toMatchObject({
      facts: {
        manager: "apt",
        packages: [
          { name: "bash", installed: expect.stringMatching(/^5\./) },
          { name: "no-such-package", installed: undefined, candidate: undefined },
        ],
      },
      words: ["manager=apt", "installed=1 of 2"],
    });
    expect(runHere("packages", { match: "bas", limit: 500 }).facts).toMatchObject({
      packages: expect.arrayContaining([{ name: "bash", version: expect.stringMatching(/^5\./) }]),
    });
  });
});

describe("a change of packages", () => {
  let folder: string;
  let log: string;
  let nature: Nature | undefined;
  beforeEach(() => {
    nature = undefined;
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-packages-"));
    log = join(folder, "log");
    for (const name of [
      "sh",
      "cat",
      "sed",
      "uname",
      "id",
      "readlink",
      "env",
      "mktemp",
      "rm",
      "awk",
      "grep",
      "setsid",
    ])
      symlinkSync(spawnSync("which", [name], { encoding: "utf8" }).stdout.trim(), join(folder, name));
    // Doubles of apt's programs: each records its exact arguments, and keeps what is installed in a file.
    double(
      "apt-get",
      `for last; do :; done; case "$*" in *broken*) echo "E: it broke"; exit 100;; esac; echo "Setting up $last"; echo "$last" >>"$here/installed"`,
    );
    double(
      "dpkg",
      `case "$2" in needed) echo "dependency problems" >&2; exit 1;; esac; rm -f "$here/installed"`,
    );
    double(
      "apt-cache",
      `case "$1" in pkgnames) printf '%s\\n' nginx nginx-full broken needed;; *) :;; esac`,
      false,
    );
    double(
      "dpkg-query",
      `[ -f "$here/installed" ] && while read -r n; do printf 'installed\\t%s\\t1.0\\n' "$n"; done <"$here/installed"`,
      false,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function double(name: string, body: string, records = true): void {
    const record = records ? `{ printf '%s' ${name}; printf ' [%s]' "$@"; echo; } >>'${log}'\n` : "";
    writeFileSync(join(folder, name), `#!/bin/sh\nhere='${folder}'\n${record}${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const ran = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  const change = (inputs: object, root = true) => {
    nature ??= natureHere(folder);
    const plan = planned("package_change", inputs, { ...nature, root });
    return plan.read(ranHere(plan.steps, folder));
  };

  it("installs what is known by that very name, asks nothing, upgrades and removes nothing for it, and shows what changed", () => {
    const shown = change({ action: "install", names: ["nginx"] });
    expect(ran()).toEqual([
      "apt-get [-y] [-q] [-o] [Dpkg::Options::=--force-confdef] [-o] [Dpkg::Options::=--force-confold] [--no-remove] [--no-upgrade] [install] [nginx]",
    ]);
    expect(shown).toMatchObject({
      facts: { done: true, exit: 0, changed: [{ name: "nginx", before: undefined, after: "1.0" }] },
      words: ["manager=apt", "exit=0"],
      notes: [],
    });
    expect(shown.lines).toContain("Setting up nginx");
  });

  it("leaves a name alone that would be read as an expression, and says that what failed is not done", () => {
    expect(change({ action: "install", names: ["ngin."], refresh: true }).facts).toMatchObject({
      done: false,
      exit: 100,
    });
    expect(ran()).toEqual(["apt-get [-q] [update]"]);
    expect(change({ action: "install", names: ["broken"] })).toMatchObject({
      facts: { done: false, exit: 100 },
      notes: [expect.stringMatching(/not all were installed/)],
    });
  });

  it("removes these alone: what others need stays", () => {
    change({ action: "install", names: ["nginx=1.0"] });
    expect(ran()[0]).not.toContain("--no-upgrade");
    writeFileSync(join(folder, "installed"), "needed\n");
    const kept = change({ action: "remove", names: ["needed"] });
    expect(kept).toMatchObject({ facts: { done: false, exit: 1 } });
    expect(kept.lines).toContain("dependency problems");
    expect(ran().at(-1)).toBe("dpkg [--remove] [needed]");
  });

  it("goes through sudo where the user is not root, and does nothing where sudo wants a password", () => {
    double("sudo", `[ "$*" = "-n true" ] && exit 0; shift; exec "$@"`);
    expect(change({ action: "install", names: ["nginx"] }, false).facts).toMatchObject({ done: true });
    expect(ran().some((line) => line.startsWith("sudo [-n] [sh] [-c]"))).toBe(true);
    rmSync(log);
    double("sudo", `echo "sudo: a password is required" >&2; exit 1`);
    expect(change({ action: "install", names: ["nginx-full"] }, false)).toMatchObject({
      facts: { done: false },
      words: ["manager=apt", "nothing done"],
      notes: [expect.stringMatching(/sudo: a password is required.*nothing was done/)],
    });
    expect(ran().filter((line) => line.startsWith("apt-get"))).toEqual([]);
  });

  it("goes on where the call's shell is ended, and leaves its log", () => {
    double(
      "apt-get",
      `kill -TERM -"$(cat "$here/group")" 2>/dev/null; sleep 0; echo after; echo nginx >>"$here/installed"`,
    );
    symlinkSync(spawnSync("which", ["sleep"], { encoding: "utf8" }).stdout.trim(), join(folder, "sleep"));
    const { steps } = planned("package_change", { action: "install", names: ["nginx"] }, natureHere(folder));
    const script = `echo $$ >'${folder}/group'; ( ${steps.change?.script} )`;
    const { stdout } = spawnSync("setsid", ["-w", "/bin/sh", "-c", script], {
      encoding: "utf8",
      env: { PATH: folder },
    });
    const path = /^log: (\S+)/.exec(stdout)?.[1] ?? "";
    expect(stdout, "the shell was ended before it could show the log").not.toContain("after");
    for (let turn = 0; turn < 200 && !existsSync(join(folder, "installed")); turn++)
      spawnSync("/bin/sh", ["-c", "sleep 0.05"]);
    expect(readFileSync(join(folder, "installed"), "utf8")).toBe("nginx\n");
    expect(readFileSync(path, "utf8")).toContain("after");
    rmSync(path);
  });
});

describe("names of packages", () => {
  it("that are options, paths, expressions or turned round are refused", () => {
    for (const name of [
      "-y",
      "--force",
      "foo-",
      "./x.deb",
      "/x.deb",
      "a*",
      "a b",
      "$(id)",
      "@base",
      "",
      "~n",
      "foo=",
    ])
      for (const recipe of ["packages", "package_change"])
        expect(() => planned(recipe, { action: "install", names: [name] }, NATURE), name).toThrow();
    for (const name of ["g++", "libc6:i386", "nginx=1.2-3~deb1", "python@3.12", "x"])
      expect(() => planned("packages", { names: [name] }, NATURE), name).not.toThrow();
  });
});

describe("other package managers", () => {
  const checked = (program: string, installed: string, candidates: string) =>
    planned("packages", { names: ["bash", "vim"] }, withManager(program)).read(
      said({ installed, candidates }),
    ).facts;
  const both = [
    { name: "bash", installed: "5.2-r1", candidate: "5.2-r2" },
    { name: "vim", installed: undefined, candidate: "9.0" },
  ];

  it.each([
    ["apk", "bash-5.2-r1"],
    ["dnf", "bash\t5.2-r1"],
    ["zypper", "bash\t5.2-r1"],
    ["pacman", "bash 5.2-r1"],
    ["opkg", "bash - 5.2-r1"],
    ["pkg", "bash\t5.2-r1"],
    ["brew", "bash 5.2-r1"],
  ])("%s: what is installed and what could be", (program, row) => {
    expect(checked(program, row, "bash 5.2-r2\nvim 9.0")).toMatchObject({ packages: both });
  });

  it("each installs and removes without questions, and these alone", () => {
    const script = (program: string, action: string) =>
      planned("package_change", { action, names: ["bash"] }, withManager(program)).steps.change?.script ?? "";
    expect(script("dnf", "install")).toContain("'dnf'\\'' -y install");
    expect(script("zypper", "install")).toContain("zypper --non-interactive install");
    expect(script("pacman", "install")).toContain("pacman -S --noconfirm --needed");
    expect(script("apk", "install")).toContain("apk add");
    expect(script("pkg", "install")).toContain("pkg install -y");
    expect(script("brew", "install")).toContain("HOMEBREW_NO_AUTO_UPDATE=1");
    for (const program of ["dnf", "yum", "zypper"]) expect(script(program, "remove")).toContain("rpm -e");
    expect(script("pkg", "remove")).toMatch(/%rn.*needed by/);
    expect(() => script("port", "install")).toThrow(/no package manager that is known/);
  });

  it("several versions of one package are all shown", () => {
    expect(
      planned("packages", {}, withManager("dnf")).read(
        said({ installed: "kernel\t6.1\nkernel\t6.2\nbash\t5.2" }),
      ).facts,
    ).toMatchObject({ packages: [{ name: "kernel", version: "6.1, 6.2" }, { name: "bash" }], of: 2 });
  });
});
