import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";

export interface Package {
  readonly name: string;
  readonly version: string;
}

/** How one kind of package is asked about and changed. */
export interface Manager {
  readonly name: string;
  /** Rows of what is installed; of these names alone where there are any. */
  installed(names: readonly string[]): Sh;
  /** One row of it. */
  row(line: string): Package | undefined;
  /** Rows `NAME VERSION` of what could be installed, of what the host knows already. */
  candidates(names: readonly string[]): Sh;
  install(names: readonly string[]): Sh;
  /** Takes away these alone: what others need stays, and that is an error. */
  remove(names: readonly string[]): Sh;
  /** Fetches the lists of what there is. */
  readonly refresh?: Sh;
}

/** `name version`, by a tab, a blank, or ` - `. */
export function wordsRow(line: string): Package | undefined {
  const [, name, version] = /^([^\s:]\S*)(?:\t| - | )(\S+)/.exec(line) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** For each name as `$n`. */
const each = (names: readonly string[], command: Sh): Sh => sh`for n in ${names}; do ${command}; done`;

const APT_QUIET = [
  "-y",
  "-q",
  "-o",
  "Dpkg::Options::=--force-confdef",
  "-o",
  "Dpkg::Options::=--force-confold",
];

/** What is installed already is no upgrade that was asked for, unless a version is named. */
const asIs = (names: readonly string[]) => (names.some((name) => name.includes("=")) ? [] : ["--no-upgrade"]);

const apt: Manager = {
  name: "apt",
  installed: (names) =>
    sh`dpkg-query -W -f '\${db:Status-Status}\t\${binary:Package}\t\${Version}\n' ${names} 2>/dev/null | sed -n 's/^installed\t//p'`,
  row(line) {
    const found = wordsRow(line);
    return found && { ...found, name: found.name.replace(/:.*$/, "") };
  },
  candidates: (names) =>
    each(
      names,
      sh`apt-cache policy "$n" 2>/dev/null | awk -v n="$n" '$1 == "Candidate:" && $2 != "(none)" { print n, $2 }'`,
    ),
  // A name that is not known would be read as an expression over all names. Nothing else is removed or upgraded for it.
  install: (names) =>
    sh`u=$(for n in ${names}; do b=\${n%%[=:]*}; apt-cache pkgnames "$b" | grep -F -x -q -e "$b" || echo "$b"; done); if [ -n "$u" ]; then echo "unknown: $u"; (exit 100); else env DEBIAN_FRONTEND=noninteractive apt-get ${APT_QUIET} --no-remove ${asIs(names)} install ${names}; fi`,
  remove: (names) => sh`env DEBIAN_FRONTEND=noninteractive dpkg --remove ${names}`,
  refresh: sh`apt-get -q update`,
};

const rpmInstalled = (names: readonly string[]) =>
  names.length === 0
    ? sh`rpm -qa --qf '%{NAME}\t%{VERSION}-%{RELEASE}\n'`
    : sh`rpm -q --qf '%{NAME}\t%{VERSION}-%{RELEASE}\n' ${names} | grep -v ' is not installed'`;

function rpmManager(name: "dnf" | "yum"): Manager {
  return {
    name,
    installed: rpmInstalled,
    row: wordsRow,
    candidates: (names) =>
      sh`${[name]} -q -C list available ${names} 2>/dev/null | awk 'NF == 3 { sub(/\.[^.]*$/, "", $1); print $1, $2 }'`,
    install: (names) => sh`${[name]} -y install ${names}`,
    remove: (names) => sh`rpm -e ${names}`,
  };
}

const zypper: Manager = {
  name: "zypper",
  installed: rpmInstalled,
  row: wordsRow,
  candidates: (names) =>
    each(
      names,
      sh`zypper --non-interactive --no-refresh info "$n" 2>/dev/null | awk -v n="$n" '$1 == "Version" { print n, $3; exit }'`,
    ),
  install: (names) => sh`zypper --non-interactive install ${names}`,
  remove: (names) => sh`rpm -e ${names}`,
};

const pacman: Manager = {
  name: "pacman",
  installed: (names) => sh`pacman -Q ${names} 2>/dev/null`,
  row: wordsRow,
  candidates: (names) =>
    each(names, sh`pacman -Si "$n" 2>/dev/null | awk -v n="$n" '$1 == "Version" { print n, $3; exit }'`),
  install: (names) => sh`pacman -S --noconfirm --needed ${names}`,
  remove: (names) => sh`pacman -R --noconfirm ${names}`,
};

const apk: Manager = {
  name: "apk",
  installed: (names) =>
    names.length === 0 ? sh`apk info -v 2>/dev/null` : sh`apk info -e -v ${names} 2>/dev/null`,
  row(line) {
    const [, name, version] = /^(\S+)-(\d\S*-r\d+)$/.exec(line.trim()) ?? [];
    return name === undefined || version === undefined ? undefined : { name, version };
  },
  candidates: (names) =>
    each(names, sh`apk policy "$n" 2>/dev/null | awk -v n="$n" 'NR == 2 { sub(/:$/, "", $1); print n, $1 }'`),
  install: (names) => sh`apk add ${names}`,
  remove: (names) => sh`apk del ${names}`,
  refresh: sh`apk update`,
};

const opkg: Manager = {
  name: "opkg",
  installed: (names) =>
    names.length === 0 ? sh`opkg list-installed` : each(names, sh`opkg list-installed "$n"`),
  row: wordsRow,
  candidates: (names) => each(names, sh`opkg list "$n" | awk -v n="$n" '$1 == n { print n, $3; exit }'`),
  install: (names) => sh`opkg install ${names}`,
  remove: (names) => sh`opkg remove ${names}`,
  refresh: sh`opkg update`,
};

const pkg: Manager = {
  name: "pkg",
  installed: (names) => sh`pkg query '%n\t%v' ${names} 2>/dev/null`,
  row: wordsRow,
  candidates: (names) => each(names, sh`pkg rquery -U '%n %v' "$n" 2>/dev/null`),
  install: (names) => sh`pkg install -y ${names}`,
  // It would take those away, too, that need one of these.
  remove: (names) =>
    sh`o=$(pkg query '%rn' ${names} | grep -v -F -x ${names.flatMap((name) => ["-e", name])}); if [ -n "$o" ]; then echo "needed by: $o"; (exit 1); else pkg delete -y ${names}; fi`,
};

const BREW = [
  "HOMEBREW_NO_AUTO_UPDATE=1",
  "HOMEBREW_NO_INSTALL_UPGRADE=1",
  "HOMEBREW_NO_INSTALL_CLEANUP=1",
  "NONINTERACTIVE=1",
];

const brew: Manager = {
  name: "brew",
  installed: (names) => sh`env ${BREW} brew list --versions ${names}`,
  row: wordsRow,
  candidates: (names) =>
    each(
      names,
      sh`env ${BREW} brew info "$n" 2>/dev/null | sed -n '1s/.*stable \([^ ,]*\).*/\1/p' | while read -r v; do echo "$n $v"; done`,
    ),
  install: (names) => sh`env ${BREW} brew install ${names}`,
  remove: (names) => sh`env ${BREW} brew uninstall ${names}`,
};

/** By the program that shows it is this one's system; what comes first is asked. */
const MANAGERS: readonly (readonly [string, Manager])[] = [
  ["apt-get", apt],
  ["zypper", zypper],
  ["dnf", rpmManager("dnf")],
  ["yum", rpmManager("yum")],
  ["pacman", pacman],
  ["apk", apk],
  ["opkg", opkg],
  ["pkg", pkg],
  ["brew", brew],
];

export const MANAGER_PROGRAMS = MANAGERS.map(([program]) => program);

/** A text: why there is none. */
export function managerOf({ has, family }: Nature): Manager | string {
  // Others have a program of that name.
  const found = MANAGERS.find(
    ([program, { name }]) => has.has(program) && (name !== "pkg" || family === "freebsd"),
  );
  return found?.[1] ?? `no package manager that is known was found (${MANAGER_PROGRAMS.join(", ")})`;
}

/** Several versions of one name stand behind each other. */
export function packagesIn(ran: RanSteps, step: string, row: Manager["row"]): Package[] {
  const all = (ran.get(step)?.lines ?? []).flatMap((line) => row(line) ?? []);
  const versions = new Map<string, string[]>();
  for (const { name, version } of all) versions.set(name, [...(versions.get(name) ?? []), version]);
  return [...versions].map(([name, found]) => ({ name, version: [...new Set(found)].join(", ") }));
}
