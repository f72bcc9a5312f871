import { z } from "zod";
import { defineRecipe } from "../define.ts";
import type { RanSteps } from "../ran.ts";
import type { Shown } from "../recipe.ts";
import { type Sh, sh } from "../sh.ts";
import { table } from "../table.ts";
import {
  MANAGER_PROGRAMS,
  type Manager,
  managerOf,
  type Package,
  packagesIn,
  wordsRow,
} from "./package-managers.ts";

/** No option, no path, no expression over names; a sign at the end would turn what is asked round. */
const packageName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[\w@.+:=~-]{0,200}[\w@.+~])?$/,
    "a package's name, as name, name=version or name:architecture",
  );

export const packages = defineRecipe({
  name: "packages",
  toolset: "network",
  title: "Packages",
  description: "With names: which version is installed, and which could be. Without: what is installed.",
  programs: MANAGER_PROGRAMS,
  inputs: {
    names: z.array(packageName).min(1).max(20).optional().describe("Packages to check."),
    match: z.string().min(1).max(100).optional().describe("Without names: only those that hold this text."),
    limit: z.number().int().min(1).max(5_000).optional().describe("Without names: default 50."),
  },
  steps({ names }, nature) {
    const manager = managerOf(nature);
    if (typeof manager === "string") return manager;
    if (names === undefined) return { installed: manager.installed([]) };
    const bare = bareNames(names);
    return { installed: manager.installed(bare), candidates: manager.candidates(bare) };
  },
  read(ran, { names, match, limit = 50 }, nature): Shown<unknown> {
    const manager = managerOf(nature);
    if (typeof manager === "string") return { facts: {}, lines: [manager] };
    return names === undefined
      ? listed(ran, manager, { match, limit })
      : checked(ran, manager, bareNames(names));
  },
});

/** Without a version or an architecture. */
function bareNames(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.replace(/[=:].*$/, "")))];
}

function listed(
  ran: RanSteps,
  { name: manager, row }: Manager,
  { match, limit }: { readonly match: string | undefined; readonly limit: number },
) {
  const all = packagesIn(ran, "installed", row);
  const wanted = match === undefined ? all : all.filter(({ name }) => name.includes(match));
  const shown = wanted.slice(0, limit);
  return {
    facts: { manager, packages: shown, of: wanted.length },
    lines:
      shown.length === 0
        ? []
        : table(
            ["package", "version"],
            shown.map(({ name, version }) => [name, version]),
          ),
    words: [`manager=${manager}`, `${shown.length} of ${wanted.length} packages`],
    notes: all.length === 0 ? [`${manager} listed nothing that could be read`] : [],
  };
}

function checked(ran: RanSteps, { name: manager, row }: Manager, names: readonly string[]) {
  const installed = packagesIn(ran, "installed", row);
  const candidates = packagesIn(ran, "candidates", wordsRow);
  const rows = names.map((name) => ({
    name,
    installed: versionOf(installed, name),
    candidate: versionOf(candidates, name),
  }));
  const count = rows.filter((one) => one.installed !== undefined).length;
  return {
    facts: { manager, packages: rows },
    lines: table(
      ["package", "installed", "could be"],
      rows.map((one) => [one.name, one.installed ?? "no", one.candidate ?? "unknown"]),
    ),
    words: [`manager=${manager}`, `installed=${count} of ${rows.length}`],
    notes: [],
  };
}

function versionOf(found: readonly Package[], name: string): string | undefined {
  return found.find((one) => one.name === name)?.version;
}

export const packageChange = defineRecipe({
  name: "package_change",
  toolset: "network",
  title: "Install or remove packages",
  description:
    "Installs or removes these packages alone, without questions; what others need is not removed. As root, or by sudo without a password. It goes on where the call ends.",
  changes: true,
  seconds: 50,
  programs: [...MANAGER_PROGRAMS, "setsid"],
  inputs: {
    action: z.enum(["install", "remove"]).describe("What to do."),
    names: z.array(packageName).min(1).max(20).describe("Packages."),
    refresh: z.boolean().optional().describe("First fetch the lists of what there is (apt, apk, opkg)."),
  },
  steps({ action, names, refresh = false }, nature) {
    const manager = managerOf(nature);
    if (typeof manager === "string") return manager;
    const change = action === "install" ? manager.install(names) : manager.remove(bareNames(names));
    const whole =
      refresh && manager.refresh !== undefined && action === "install"
        ? sh`${manager.refresh} && { ${change}; }`
        : change;
    const bare = bareNames(names);
    const plain = nature.root || manager.name === "brew";
    const by = [
      ...(nature.has.has("setsid") ? ["setsid"] : []),
      ...(plain ? [] : ["sudo", "-n"]),
      "sh",
      "-c",
    ];
    return {
      before: manager.installed(bare),
      may: plain ? sh`echo yes` : sh`sudo -n true 2>&1 && echo yes`,
      change: sh`${plain ? sh`` : sh`sudo -n true 2>/dev/null || exit 77; `}${detached(sh`${by} ${whole.script}`)}`,
      after: manager.installed(bare),
    };
  },
  read(ran, { action, names, refresh = false }, nature): Shown<unknown> {
    const manager = managerOf(nature);
    if (typeof manager === "string") return { facts: {}, lines: [manager] };
    const { name: program, row } = manager;
    const step = ran.get("change");
    const [before, after] = [packagesIn(ran, "before", row), packagesIn(ran, "after", row)];
    const changed = bareNames(names).map((name) => ({
      name,
      before: versionOf(before, name),
      after: versionOf(after, name),
    }));
    const done = changed.every((one) => (one.after !== undefined) === (action === "install"));
    const may = ran.get("may")?.lines ?? [];
    const denied = may.at(-1) !== "yes";
    const exit = step?.exit ?? 1;
    return {
      facts: { manager: program, action, done: done && !denied && exit === 0, exit, changed },
      lines: [
        ...(step?.lines ?? []),
        "",
        ...table(
          ["package", "before", "after"],
          changed.map((one) => [one.name, one.before ?? "-", one.after ?? "-"]),
        ),
      ],
      words: [`manager=${program}`, denied ? "nothing done" : `exit=${exit}`],
      notes: [
        ...(denied
          ? [
              `this user is not root, and sudo -n was refused (${may[0] ?? "there is no sudo"}): nothing was done; ssh_shell with secret: "sudo" can`,
            ]
          : []),
        ...(!denied && !done
          ? [`not all were ${action === "install" ? "installed" : "removed"}; read what ${program} says`]
          : []),
        ...(refresh && manager.refresh === undefined
          ? [`refresh was NOT applied: ${program} has its own way`]
          : []),
      ],
    };
  },
});

/**
 * Half of a change is worse than a call that ends early: it writes to a file that is shown at its end, and no hang-up or closed
 * channel ends it.
 */
function detached(command: Sh): Sh {
  return sh`l=$(mktemp /tmp/ssh-mcp-XXXXXX) || exit 1; echo "log: $l"; (trap '' HUP INT TERM PIPE; ${command} >"$l" 2>&1 </dev/null); s=$?; cat "$l"; rm -f "$l"; exit "$s"`;
}
