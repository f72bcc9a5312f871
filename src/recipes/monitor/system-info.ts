import { defineRecipe } from "../define.ts";
import { sh } from "../sh.ts";
import { sizeOf } from "../table.ts";
import { loadOf, loadSteps, memoryOf, memorySteps } from "./measures.ts";

export const systemInfo = defineRecipe({
  name: "system_info",
  toolset: "monitor",
  title: "What a host is",
  description:
    "Name, system, kernel, machine, CPUs, memory, time up, clock, login user and shell, virtual or not.",
  inputs: {},
  steps: (_, nature) => ({
    ...loadSteps(nature),
    ...memorySteps(nature),
    name: sh`hostname 2>/dev/null || uname -n`,
    shell: sh`printf '%s\n' "\${SHELL:-?}"`,
    user: sh`id`,
    up:
      nature.family === "linux"
        ? sh`cut -d ' ' -f 1 /proc/uptime`
        : sh`b=$(sysctl -n kern.boottime | sed -n 's/.*[^u]sec = \([0-9]*\).*/\1/p;s/^\([0-9][0-9]*\)$/\1/p'); n=$(date +%s); [ -n "$b" ] && echo $((n - b))`,
    now: sh`date -u +%Y-%m-%dT%H:%M:%SZ; date +%Z`,
    virtual: nature.has.has("systemd-detect-virt") ? sh`systemd-detect-virt` : sh`:`,
    processor:
      nature.family === "linux"
        ? sh`sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1`
        : sh`sysctl -n machdep.cpu.brand_string 2>/dev/null || sysctl -n hw.model`,
  }),
  read(ran, _, nature) {
    const line = (step: string) => ran.get(step)?.lines[0]?.trim() ?? "";
    const { cpus } = loadOf(ran);
    const { total } = memoryOf(ran, nature);
    const up = Number.parseFloat(line("up"));
    const [now = "", zone = ""] = ran.get("now")?.lines ?? [];
    const virtual = line("virtual");
    const facts = {
      name: line("name"),
      system: nature.system ?? `${nature.kernel} ${nature.release}`,
      kernel: `${nature.kernel} ${nature.release}`,
      machine: nature.machine,
      init: nature.init,
      user: line("user"),
      shell: line("shell"),
      now,
      zone,
      ...(cpus === undefined ? {} : { cpus }),
      ...(line("processor") === "" ? {} : { processor: line("processor") }),
      ...(total === undefined ? {} : { memory: total }),
      ...(Number.isFinite(up) ? { upSeconds: Math.round(up) } : {}),
      ...(virtual === "" || virtual === "none" ? {} : { virtual }),
    };
    const row = (label: string, value: string | undefined) =>
      value === undefined || value === "" ? [] : [`${label.padEnd(10)}${value}`];
    return {
      facts,
      lines: [
        ...row("name", facts.name),
        ...row("system", facts.system),
        ...row("kernel", facts.kernel),
        ...row(
          "machine",
          [facts.machine, facts.virtual && `virtual (${facts.virtual})`].filter(Boolean).join(", "),
        ),
        ...row(
          "cpus",
          cpus === undefined ? undefined : [String(cpus), facts.processor].filter(Boolean).join(" × "),
        ),
        ...row("memory", total === undefined ? undefined : sizeOf(total)),
        ...row("up", facts.upSeconds === undefined ? undefined : durationText(facts.upSeconds)),
        ...row("clock", [now, zone && `(its zone: ${zone})`].filter(Boolean).join(" ")),
        ...row("user", facts.user),
        ...row("shell", facts.shell),
        ...row("services", nature.init),
      ],
    };
  },
});

/** `3 days 4:05`. */
export function durationText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const clock = `${hours}:${String(minutes).padStart(2, "0")}`;
  return days === 0 ? clock : `${days} ${days === 1 ? "day" : "days"} ${clock}`;
}
