import { describe, expect, it } from "vitest";
import { readAnswer } from "../../../src/shell/evidence/host-processes.ts";
import { judgeKernel, loginShell } from "../../../src/shell/evidence/kernel.ts";
import { whyNot } from "../../../src/shell/posix/secret-fill.ts";
import {
  answerOf,
  EDITOR,
  LINE,
  RAW,
  runs,
  SECRET,
  SHELL,
  told,
  waitingShell,
} from "../evidence/kernel-answers.ts";

/** What the kernel says where these processes are below the login shell. */
function kernelOf(modes: string | undefined, ...processes: readonly string[]) {
  const host = readAnswer(answerOf(modes, waitingShell(), ...processes));
  const login = host && loginShell(host, SHELL, { others: new Set(), index: 0, of: 1 });
  if (host === undefined || login === undefined) throw new Error("the answer names no login shell");
  return judgeKernel(host, login, new Map());
}

const ROOT = "e 13928 0\n";
const OWN = "e 13928 1000\n";
const ROW = "[sudo] password for jo:";

describe("a hidden prompt is proven", () => {
  it("for sudo with root's rights, alone in front, in line mode without echo", () => {
    expect(whyNot(kernelOf(SECRET, told("sudo"), ROOT), "sudo", ROW)).toBeUndefined();
    expect(
      whyNot(kernelOf(SECRET, told("sudo"), ROOT), "sudo", "[sudo] Mot de passe de jo :"),
    ).toBeUndefined();
  });

  it.each([
    ["mariadb", "mariadb", "/usr/bin/mariadb"],
    ["a-long-program-name", "a-long-program-", "/usr/sbin/a-long-program-name"],
    ["/opt/pg/bin/psql", "psql", "/opt/pg/bin/psql"],
  ])("for another program where its file runs: %s", (program, name, file) => {
    expect(whyNot(kernelOf(SECRET, runs(file), told(name), OWN), program, "Enter password:")).toBeUndefined();
  });

  it("for sudo named by its path, whose file only root may look at", () => {
    expect(whyNot(kernelOf(SECRET, told("sudo"), ROOT), "/usr/local/bin/sudo", ROW)).toBeUndefined();
  });
});

describe("a hidden prompt is not proven", () => {
  it.each([
    ["where echo is on", kernelOf(LINE, told("sudo", { wchan: "n_tty_read" }), ROOT), /echo is on/],
    ["where keys are read one by one", kernelOf(EDITOR, told("sudo"), ROOT), /does not say|single keys/],
    ["where a program passes bytes on", kernelOf(RAW, told("sudo"), ROOT), /does not say/],
    ["where stty is missing", kernelOf(undefined, told("sudo"), ROOT), /does not say|echo is on/],
    ["where nobody answered", undefined, /does not say/],
    ["for another program", kernelOf(SECRET, told("python3"), OWN), /it is sudo's, and python3 asks/],
    [
      "for one that only has the name",
      kernelOf(SECRET, told("sudo"), OWN),
      /does not run with root's rights/,
    ],
    ["where its rights are not known", kernelOf(SECRET, told("sudo")), /with whose rights sudo runs/],
    [
      "where another program is in front with it",
      kernelOf(SECRET, told("cat", { pid: 13929, pgrp: 13928, tpgid: 13928 }), told("sudo"), ROOT),
      /another program may read|and cat asks/,
    ],
  ])("%s", (_where, kernel, why) => {
    expect(whyNot(kernel, "sudo", ROW)).toMatch(why);
  });

  it.each([
    ["mariadb", runs("other"), /called mariadb and is not the system's own/],
    ["mariadb", "", /which file runs as mariadb is not known/],
    ["/opt/pg/bin/mariadb", runs("other"), /called mariadb and is not \/opt\/pg\/bin\/mariadb/],
    ["/opt/pg/bin/mariadb", runs("/usr/bin/mariadb"), /is not \/opt\/pg\/bin\/mariadb/],
    ["sudo", `${ROOT}${runs("other")}`, /called sudo and is not the system's own/],
  ])("for a program that only has the name: %s, %j", (program, more, why) => {
    const name = program.replace(/.*\//, "");
    expect(whyNot(kernelOf(SECRET, told(name), more), program, "Password:")).toMatch(why);
  });

  it("behind a program that leads to another host, whoever names it", () => {
    expect(whyNot(kernelOf(SECRET, told("ssh"), OWN), "ssh", "jo@web2's password:")).toMatch(
      /may be another host/,
    );
  });

  it.each(["Verification code:", "New password:", "(current) UNIX password:"])(
    "where sudo's modules ask for something else: %s",
    (row) => {
      expect(whyNot(kernelOf(SECRET, told("sudo"), ROOT), "sudo", row)).toMatch(/is none for a password/);
    },
  );
});
