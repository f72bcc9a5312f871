import { z } from "zod";
import { defineRecipe } from "../define.ts";
import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";
import { columns, table } from "../table.ts";

export interface Service {
  readonly name: string;
  /** `running`, `failed`, `exited`, `stopped`, as the system says it. */
  readonly state: string;
  readonly failed: boolean;
  readonly about?: string;
}

/** Undefined: such a system has no list that is known. */
export function servicesStep(nature: Nature): Sh | undefined {
  switch (nature.init) {
    case "systemd":
      return sh`systemctl list-units --type=service --all --no-legend --no-pager --plain --full 2>&1`;
    case "openrc":
      return sh`rc-status --all --nocolor 2>/dev/null || rc-status -a`;
    case "launchd":
      return sh`launchctl list`;
    case "openwrt":
      return sh`for s in /etc/init.d/*; do n=\${s##*/}; e=disabled; "$s" enabled 2>/dev/null && e=enabled; r=stopped; "$s" running >/dev/null 2>&1 && r=running; echo "$n $r $e"; done`;
    case "rc":
      if (nature.family === "openbsd")
        return sh`rcctl ls started | sed 's/$/ running/'; rcctl ls failed | sed 's/$/ failed/'`;
      return nature.has.has("service")
        ? sh`for s in $(service -e); do n=\${s##*/}; if service "$n" status >/dev/null 2>&1; then echo "$n running"; else echo "$n stopped"; fi; done`
        : undefined;
    case "sysv":
      return nature.has.has("service") ? sh`service --status-all 2>&1` : undefined;
    default:
      return undefined;
  }
}

export function servicesIn(ran: RanSteps, nature: Nature): Service[] {
  const lines = ran.get("services")?.lines ?? [];
  const read = READERS[nature.init];
  return read === undefined ? [] : lines.flatMap((line) => read(line) ?? []);
}

const READERS: Readonly<Partial<Record<Nature["init"], (line: string) => Service | undefined>>> = {
  systemd(line) {
    const [name, load, active, sub, about] = columns(line.replace(/^[●*○×↻ ]+/u, ""), 5);
    if (name === undefined || !name.includes(".") || sub === undefined || load === "not-found")
      return undefined;
    const failed = active === "failed" || sub === "failed";
    return { name: name.replace(/\.service$/, ""), state: sub, failed, ...(about ? { about } : {}) };
  },
  openrc(line) {
    const [, name, state] = /^\s(\S+)\s.*\[\s*(\w+)/.exec(line) ?? [];
    return name === undefined || state === undefined
      ? undefined
      : { name, state, failed: state === "crashed" };
  },
  launchd(line) {
    const [pid, status, name] = line.split("\t");
    if (name === undefined || name === "Label") return undefined;
    const running = /^\d+$/.test(pid ?? "");
    return {
      name,
      state: running ? "running" : `exit ${status}`,
      failed: !running && status !== "0" && !/^-/.test(status ?? ""),
    };
  },
  openwrt(line) {
    const [name, state, enabled] = line.split(" ");
    return name === undefined || state === undefined
      ? undefined
      : { name, state, failed: false, ...(enabled ? { about: enabled } : {}) };
  },
  rc(line) {
    const [name, state] = line.split(" ");
    return name === undefined || state === undefined
      ? undefined
      : { name, state, failed: state === "failed" };
  },
  sysv(line) {
    const [, sign, name] = /^\s*\[\s*([+?-])\s*\]\s+(\S+)/.exec(line) ?? [];
    if (sign === undefined || name === undefined) return undefined;
    return { name, state: sign === "+" ? "running" : sign === "-" ? "stopped" : "unknown", failed: false };
  },
};

const NO_FAILURES: ReadonlySet<Nature["init"]> = new Set(["openwrt", "sysv"]);

export const services = defineRecipe({
  name: "services",
  toolset: "monitor",
  title: "Services",
  description: "The services of the init system and their states.",
  inputs: {
    failed_only: z.boolean().optional().describe("Only those that failed."),
    match: z.string().min(1).max(200).optional().describe("Only those whose name holds this text."),
  },
  steps(_, nature) {
    const step = servicesStep(nature);
    return step === undefined
      ? "no init system that is known was found (systemd, OpenRC, launchd, OpenWrt, BSD rc, System V)"
      : { services: step };
  },
  read(ran, { failed_only: failedOnly = false, match }, nature) {
    const all = servicesIn(ran, nature);
    const shown = all.filter(
      ({ name, failed }) => (!failedOnly || failed) && (match === undefined || name.includes(match)),
    );
    const failed = all.filter((one) => one.failed).length;
    const said = ran.get("services")?.lines.find((line) => line !== "");
    return {
      facts: { init: nature.init, services: shown, of: all.length, failed },
      lines:
        shown.length === 0
          ? []
          : table(
              ["state", "service", "about"],
              shown.map(({ name, state, about = "" }) => [state, name, about]),
            ),
      words: [`init=${nature.init}`, `failed=${failed}`, `${shown.length} of ${all.length} services`],
      notes: [
        ...(all.length === 0 && said !== undefined
          ? [`no service could be read: ${said.slice(0, 200)}`]
          : []),
        ...(failedOnly && NO_FAILURES.has(nature.init)
          ? [`${nature.init} does not say which services failed`]
          : []),
      ],
    };
  },
});
