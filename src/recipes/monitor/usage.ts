import { defineRecipe } from "../define.ts";
import { sizeOf, table } from "../table.ts";
import {
  type Disk,
  diskSteps,
  disksOf,
  hung,
  type Load,
  loadOf,
  loadSteps,
  type Memory,
  memoryOf,
  memorySteps,
} from "./measures.ts";

export const usage = defineRecipe({
  name: "usage",
  toolset: "monitor",
  title: "Load, memory, disks",
  description: "Load by CPUs, memory that is available, swap, file systems with their inodes.",
  inputs: {},
  steps: (_, nature) => ({ ...loadSteps(nature), ...memorySteps(nature), ...diskSteps(nature) }),
  read(ran, _, nature) {
    const { load, cpus } = loadOf(ran);
    const memory = memoryOf(ran, nature);
    const disks = disksOf(ran);
    return {
      facts: { load, ...(cpus === undefined ? {} : { cpus }), memory, disks },
      lines: [loadRow({ load, cpus }), ...memoryRows(memory), "", ...diskRows(disks)],
      notes: diskNotes(ran),
    };
  },
});

export function loadRow({ load, cpus }: Load): string {
  if (load.length === 0) return "load    not said";
  const of = cpus === undefined ? "" : `, ${cpus} ${cpus === 1 ? "CPU" : "CPUs"}`;
  return `load    ${load.map((value) => value.toFixed(2)).join(" ")} over 1, 5, 15 minutes${of}`;
}

export function memoryRows({ total, available, swapTotal, swapUsed }: Memory): string[] {
  if (total === undefined) return ["memory  not said"];
  const free =
    available === undefined
      ? ""
      : `, ${sizeOf(available)} available (${Math.round((available / total) * 100)} %)`;
  const swap =
    swapTotal === undefined || swapTotal === 0
      ? "none"
      : `${sizeOf(swapTotal)}, ${sizeOf(swapUsed ?? Number.NaN)} used`;
  return [`memory  ${sizeOf(total)}${free}`, `swap    ${swap}`];
}

export function diskRows(disks: readonly Disk[]): string[] {
  if (disks.length === 0) return ["no file system was reported"];
  return table(
    ["use%", "size", "used", "avail", "inodes", "mount", "device"],
    disks.map(({ percent, size, used, available, inodePercent, mount, device }) => [
      `${percent}%`,
      sizeOf(size),
      sizeOf(used),
      sizeOf(available),
      inodePercent === undefined ? "-" : `${inodePercent}%`,
      mount,
      device,
    ]),
  );
}

export function diskNotes(ran: Parameters<typeof disksOf>[0]): string[] {
  return hung(ran.get("disks"))
    ? ["df was ended after 10 s: a file system, likely one on a network, does not answer"]
    : [];
}
