import type { Nature } from "../nature.ts";
import type { Ran, RanSteps } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";

/** Seconds after which a program that looks at file systems is ended: one on a network may never answer. */
const HANGS_S = 10;

export function bounded(nature: Nature, piece: Sh): Sh {
  // BusyBox had its seconds behind -t once; both forms are refused by the other, and then it runs without.
  if (!nature.has.has("timeout") || nature.busybox.has("timeout")) return piece;
  return sh`timeout ${HANGS_S} ${piece}`;
}

/** Ended by `bounded`. */
export function hung(ran: Ran | undefined): boolean {
  return ran?.exit === 124;
}

export const loadSteps = (nature: Nature): Readonly<Record<string, Sh>> =>
  nature.family === "linux"
    ? {
        load: sh`cat /proc/loadavg`,
        cpus: sh`nproc 2>/dev/null || grep -c ^processor /proc/cpuinfo`,
      }
    : { load: sh`sysctl -n vm.loadavg`, cpus: sh`sysctl -n hw.ncpuonline 2>/dev/null || sysctl -n hw.ncpu` };

export interface Load {
  /** Over 1, 5 and 15 minutes. */
  readonly load: readonly number[];
  readonly cpus: number | undefined;
}

export function loadOf(ran: RanSteps): Load {
  const words = (ran.get("load")?.lines[0] ?? "").replace(/[{}]/g, " ").trim().split(/\s+/);
  const load = words
    .filter((word) => word !== "")
    .slice(0, 3)
    .map((word) => Number(word.replace(",", ".")))
    .filter(Number.isFinite);
  const cpus = Number(ran.get("cpus")?.lines[0]);
  return { load, cpus: Number.isInteger(cpus) && cpus > 0 ? cpus : undefined };
}

export const memorySteps = (nature: Nature): Readonly<Record<string, Sh>> => {
  switch (nature.family) {
    case "linux":
      return { memory: sh`cat /proc/meminfo` };
    case "macos":
      return { memory: sh`sysctl hw.memsize vm.swapusage; vm_stat` };
    default:
      return {
        memory: sh`sysctl hw.physmem hw.pagesize vm.stats.vm.v_free_count vm.stats.vm.v_inactive_count vm.stats.vm.v_laundry_count 2>/dev/null; vmstat -s 2>/dev/null`,
        swap: sh`swapinfo -k 2>/dev/null || swapctl -lk 2>/dev/null`,
      };
  }
};

/** Bytes; a field is missing where the system does not say. */
export interface Memory {
  readonly total?: number;
  /** What a program could have, caches given up. */
  readonly available?: number;
  readonly swapTotal?: number;
  readonly swapUsed?: number;
}

export function memoryOf(ran: RanSteps, nature: Nature): Memory {
  const lines = ran.get("memory")?.lines ?? [];
  switch (nature.family) {
    case "linux":
      return linuxMemory(lines);
    case "macos":
      return macMemory(lines);
    default:
      return { ...bsdMemory(lines), ...swapOf(ran.get("swap")?.lines ?? []) };
  }
}

function linuxMemory(lines: readonly string[]): Memory {
  const of = (name: string) => {
    const kilobytes = Number(
      lines.map((line) => new RegExp(`^${name}:\\s+(\\d+)`).exec(line)?.[1]).find(Boolean),
    );
    return Number.isFinite(kilobytes) ? kilobytes * 1024 : undefined;
  };
  // Before Linux 3.14 there is no MemAvailable.
  const available = of("MemAvailable") ?? sum([of("MemFree"), of("Buffers"), of("Cached")]);
  const [swapTotal, swapFree] = [of("SwapTotal"), of("SwapFree")];
  return known({
    total: of("MemTotal"),
    available,
    swapTotal,
    swapUsed: swapTotal === undefined || swapFree === undefined ? undefined : swapTotal - swapFree,
  });
}

function macMemory(lines: readonly string[]): Memory {
  const text = lines.join("\n");
  const page = Number(/page size of (\d+) bytes/.exec(text)?.[1] ?? 4096);
  const pages = (name: string) => {
    const count = Number(new RegExp(`^Pages ${name}:\\s+(\\d+)`, "m").exec(text)?.[1]);
    return Number.isFinite(count) ? count * page : undefined;
  };
  const swap = (name: string) => {
    const megabytes = Number(new RegExp(`${name} = ([\\d.]+)M`).exec(text)?.[1]);
    return Number.isFinite(megabytes) ? megabytes * 1024 * 1024 : undefined;
  };
  const total = Number(/hw\.memsize: (\d+)/.exec(text)?.[1]);
  return known({
    total: Number.isFinite(total) ? total : undefined,
    available: sum([pages("free"), pages("inactive"), pages("purgeable"), pages("speculative")]),
    swapTotal: swap("total"),
    swapUsed: swap("used"),
  });
}

function bsdMemory(lines: readonly string[]): Memory {
  const text = lines.join("\n");
  const value = (name: string) => {
    const number = Number(new RegExp(`^${name.replaceAll(".", "\\.")}[:=]\\s*(\\d+)`, "m").exec(text)?.[1]);
    return Number.isFinite(number) ? number : undefined;
  };
  const page = value("hw.pagesize") ?? Number(/(\d+) bytes per page/.exec(text)?.[1] ?? Number.NaN);
  const free =
    sum(
      ["v_free_count", "v_inactive_count", "v_laundry_count"].map((name) => value(`vm.stats.vm.${name}`)),
    ) ??
    sum(
      [/(\d+) pages free/, /(\d+) pages inactive/].map((pattern) => {
        const found = pattern.exec(text)?.[1];
        return found === undefined ? undefined : Number(found);
      }),
    );
  return known({
    total: value("hw.physmem"),
    available: free === undefined || !Number.isFinite(page) ? undefined : free * page,
  });
}

function swapOf(lines: readonly string[]): Memory {
  const rows = lines.flatMap((line) => {
    const [, total, used] = /^\S+\s+(\d+)\s+(\d+)\s/.exec(line) ?? [];
    return total === undefined || /^Total/i.test(line) ? [] : [{ total: Number(total), used: Number(used) }];
  });
  if (rows.length === 0) return {};
  return {
    swapTotal: rows.reduce((all, { total }) => all + total, 0) * 1024,
    swapUsed: rows.reduce((all, { used }) => all + used, 0) * 1024,
  };
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  const there = values.filter((value) => value !== undefined);
  return there.length === 0 ? undefined : there.reduce((all, value) => all + value, 0);
}

function known(memory: { readonly [K in keyof Memory]: number | undefined }): Memory {
  return Object.fromEntries(Object.entries(memory).filter(([, value]) => value !== undefined));
}

export const diskSteps = (nature: Nature): Readonly<Record<string, Sh>> => ({
  disks: bounded(nature, sh`df -P -k`),
  inodes: bounded(nature, nature.family === "linux" ? sh`df -P -i` : sh`df -i`),
});

export interface Disk {
  readonly device: string;
  readonly mount: string;
  /** Bytes. */
  readonly size: number;
  readonly used: number;
  readonly available: number;
  /** Of what its users may have, as `df` has it. */
  readonly percent: number;
  /** Of its inodes, where it has a fixed number of them. */
  readonly inodePercent?: number;
}

/** File systems that hold what programs put there for a while, or nothing. */
const PSEUDO =
  /^(?:tmpfs|devtmpfs|udev|none|devfs|proc\w*|sysfs|efivarfs|map [\w-]+|shm|cgroup\w*|ramfs|fdescfs|kernfs|mfs:\d+)$/;
const FULL = 90;

/** Those that hold files, and others that are nearly full. */
export function disksOf(ran: RanSteps): Disk[] {
  const inodes = new Map(
    (ran.get("inodes")?.lines ?? []).flatMap((line) => {
      const [, percent, mount] = /\s(\d+)%\s+(\/.*)$/.exec(line) ?? [];
      return percent === undefined || mount === undefined ? [] : [[mount, Number(percent)] as const];
    }),
  );
  return (ran.get("disks")?.lines ?? []).flatMap((line) => {
    const [, device, size, used, available, percent, mount] =
      /^(.*?)\s+(\d+)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)%\s+(.+)$/.exec(line) ?? [];
    if (device === undefined || mount === undefined) return [];
    const inodePercent = inodes.get(mount);
    const disk = {
      device,
      mount,
      size: Number(size) * 1024,
      used: Number(used) * 1024,
      available: Number(available) * 1024,
      percent: Number(percent),
      ...(inodePercent === undefined ? {} : { inodePercent }),
    };
    const full = disk.percent >= FULL || (inodePercent ?? 0) >= FULL;
    return (PSEUDO.test(device) || disk.size === 0) && !full ? [] : [disk];
  });
}

export function isFull({ percent, inodePercent = 0 }: Disk): boolean {
  return percent >= FULL || inodePercent >= FULL;
}
