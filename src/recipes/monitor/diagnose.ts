import { defineRecipe } from "../define.ts";
import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import { sh } from "../sh.ts";
import { diskSteps, disksOf, isFull, loadOf, loadSteps, memoryOf, memorySteps } from "./measures.ts";
import { processesIn, processesStep, sortedBy } from "./processes.ts";
import { processRows } from "./ps.ts";
import { servicesIn, servicesStep } from "./services.ts";
import { diskNotes, diskRows, loadRow, memoryRows } from "./usage.ts";

/** Load over this many times the CPUs is worth a word. */
const BUSY = 2;
/** Available memory below this share is. */
const SCARCE = 0.05;
const TOP = 5;
const OOM = "out of memory|oom-kill|Killed process|invoked oom";

export const diagnose = defineRecipe({
  name: "diagnose",
  toolset: "monitor",
  title: "What is wrong with a host",
  description:
    "Load by CPU, memory, full disks and inodes, OOM kills, failed services, the busiest processes; what is wrong first.",
  inputs: {},
  steps(_, nature) {
    const services = servicesStep(nature);
    return {
      ...loadSteps(nature),
      ...memorySteps(nature),
      ...diskSteps(nature),
      ps: processesStep(nature),
      ...(services === undefined ? {} : { services }),
      kernel: sh`dmesg >/dev/null 2>&1; echo $?`,
      oom: nature.journal
        ? sh`{ dmesg 2>/dev/null || journalctl -k --no-pager --quiet -n 20000 2>/dev/null; } | grep -i -E -e ${OOM} | tail -n 3`
        : sh`dmesg 2>/dev/null | grep -i -E -e ${OOM} | tail -n 3`,
    };
  },
  read(ran, _, nature) {
    const { load, cpus } = loadOf(ran);
    const memory = memoryOf(ran, nature);
    const disks = disksOf(ran);
    const full = disks.filter(isFull);
    const services = servicesIn(ran, nature);
    const failed = services.filter((service) => service.failed);
    const oom = (ran.get("oom")?.lines ?? []).filter((line) => line !== "");
    const top = sortedBy(processesIn(ran.get("ps"), nature), "cpu").slice(0, TOP);
    const [one = 0] = load;
    const share =
      memory.total === undefined || memory.available === undefined
        ? undefined
        : memory.available / memory.total;
    const wrong = [
      ...(cpus !== undefined && one > BUSY * cpus
        ? [`load ${one.toFixed(2)} is ${(one / cpus).toFixed(1)} times the ${cpus} CPUs`]
        : []),
      ...(share !== undefined && share < SCARCE
        ? [`${Math.round(share * 100)} % of the memory is available`]
        : []),
      ...full.map(({ mount, percent, inodePercent = 0 }) =>
        percent >= inodePercent
          ? `${mount} is ${percent} % full`
          : `${mount} has used ${inodePercent} % of its inodes`,
      ),
      ...oom.map((line) => `out of memory: ${line.trim()}`),
      ...failed.map(({ name, state }) => `service ${name}: ${state}`),
    ];
    const unread = [
      ...(load.length === 0 ? ["load"] : []),
      ...(share === undefined ? ["memory"] : []),
      ...(disks.length === 0 ? ["disks"] : []),
      ...(top.length === 0 ? ["processes"] : []),
      ...(ran.has("services") && services.length === 0 ? ["services"] : []),
    ];
    const noServices = ran.has("services")
      ? []
      : ["services were NOT looked at: no init system that is known"];
    return {
      facts: { load, ...(cpus === undefined ? {} : { cpus }), memory, disks, oom, failed, top, wrong },
      lines: [
        ...(wrong.length === 0
          ? [`nothing wrong was seen${unread.length === 0 ? "" : " in what could be read"}`]
          : wrong.map((what) => `! ${what}`)),
        "",
        loadRow({ load, cpus }),
        ...memoryRows(memory),
        "",
        ...diskRows(disks),
        "",
        ...processRows(top),
      ],
      words: [`wrong=${wrong.length}`, ...(unread.length === 0 ? [] : [`unread=${unread.join(",")}`])],
      notes: [...diskNotes(ran), ...unreadNotes(ran, unread), ...kernelNotes(ran, nature), ...noServices],
    };
  },
});

function unreadNotes(ran: RanSteps, unread: readonly string[]): string[] {
  if (unread.length === 0) return [];
  const said = ran.get("services")?.lines.find((line) => line !== "");
  const why = unread.includes("services") && said !== undefined ? `; services: ${said.slice(0, 200)}` : "";
  return [`NOT read: ${unread.join(", ")}${why}`];
}

function kernelNotes(ran: RanSteps, { journal, root }: Nature): string[] {
  if (ran.get("kernel")?.lines[0] === "0") return [];
  if (!journal) return ["kernel messages may not be read by this user: OOM kills were NOT looked for"];
  if (root) return [];
  return ["dmesg was refused: OOM kills were looked for only in what this user sees of the journal"];
}
