import type { RanSteps } from "./ran.ts";
import { type Sh, sh } from "./sh.ts";

export type Family = "linux" | "macos" | "freebsd" | "openbsd" | "netbsd" | "other";
export type Init = "systemd" | "openrc" | "launchd" | "openwrt" | "rc" | "sysv" | "unknown";

/** What a host is and has, asked once. */
export interface Nature {
  readonly family: Family;
  /** `uname -s`, `-r`, `-m`. */
  readonly kernel: string;
  readonly release: string;
  readonly machine: string;
  /** `PRETTY_NAME` of os-release, where there is one. */
  readonly system?: string;
  readonly init: Init;
  /** Programs it has, of those that recipes ask for. */
  readonly has: ReadonlySet<string>;
  /** Of these what is BusyBox's. */
  readonly busybox: ReadonlySet<string>;
  readonly root: boolean;
  /** A journal is kept that journalctl reads. */
  readonly journal: boolean;
}

/** Programs that are asked for of every host; a recipe names in its `programs` what it alone chooses by. */
const PROGRAMS = [
  "dmesg",
  "journalctl",
  "logread",
  "ps",
  "service",
  "systemd-detect-virt",
  "timeout",
  "top",
] as const;

const FAMILIES: Readonly<Record<string, Family>> = {
  Linux: "linux",
  Darwin: "macos",
  FreeBSD: "freebsd",
  DragonFly: "freebsd",
  OpenBSD: "openbsd",
  NetBSD: "netbsd",
};

/** Which of these there are. An operator's deny pattern for one of them denies this line, and so what asks for it. */
export function programsStep(names: readonly string[]): Sh {
  return sh`for p in ${names}; do w=$(command -v "$p" 2>/dev/null) || continue; case "$w" in /*) t=$(readlink -f "$w" 2>/dev/null || echo "$w");; *) t=;; esac; case "$t" in */busybox*) echo "$p busybox";; *) echo "$p";; esac; done`;
}

/** What is asked: nothing in it changes anything. */
export const NATURE_STEPS: Readonly<Record<string, Sh>> = {
  uname: sh`uname -s; uname -r; uname -m`,
  id: sh`id -u`,
  journal: sh`if [ -d /run/log/journal ] || [ -d /var/log/journal ]; then echo kept; fi`,
  system: sh`cat /etc/os-release 2>/dev/null | sed -n 's/^PRETTY_NAME=//p'`,
  init: sh`if [ -d /run/systemd/system ]; then echo systemd; elif [ -d /run/openrc ] || [ -d /lib/rc/init.d ]; then echo openrc; elif [ -f /etc/openwrt_release ]; then echo openwrt; elif [ -x /bin/launchctl ]; then echo launchd; elif [ -x /usr/sbin/rcctl ] || [ -f /etc/rc.subr ]; then echo rc; elif [ -d /etc/init.d ]; then echo sysv; else echo unknown; fi`,
  has: programsStep(PROGRAMS),
};

/** @throws Error where the steps did not run: whatever is there is no POSIX system. */
export function natureOf(ran: RanSteps): Nature {
  const [kernel = "", release = "", machine = ""] = ran.get("uname")?.lines ?? [];
  if (kernel === "") throw new Error("it did not say what it is (uname)");
  const system = /^"?(.*?)"?$/.exec(ran.get("system")?.lines[0] ?? "")?.[1] ?? "";
  const programs = programsIn(ran, "has");
  return {
    family: FAMILIES[kernel] ?? "other",
    kernel,
    release,
    machine,
    ...(system === "" ? {} : { system }),
    init: initIn(ran.get("init")?.lines[0]),
    ...programs,
    root: ran.get("id")?.lines[0] === "0",
    journal: ran.get("journal")?.lines[0] === "kept" && programs.has.has("journalctl"),
  };
}

/** The same host with what the step `more` found. */
export function withPrograms(nature: Nature, ran: RanSteps): Nature {
  const { has, busybox } = programsIn(ran, "more");
  return {
    ...nature,
    has: new Set([...nature.has, ...has]),
    busybox: new Set([...nature.busybox, ...busybox]),
  };
}

function programsIn(ran: RanSteps, step: string): Pick<Nature, "has" | "busybox"> {
  const rows = (ran.get(step)?.lines ?? []).map((line) => line.split(" "));
  return {
    has: new Set(rows.map(([name = ""]) => name)),
    busybox: new Set(rows.flatMap(([name = "", whose]) => (whose === "busybox" ? [name] : []))),
  };
}

const INITS: readonly Init[] = ["systemd", "openrc", "launchd", "openwrt", "rc", "sysv"];

function initIn(word: string | undefined): Init {
  return INITS.find((init) => init === word) ?? "unknown";
}
