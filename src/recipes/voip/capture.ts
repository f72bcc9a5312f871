import { z } from "zod";
import { within } from "../bounds.ts";
import { container, ENGINES, NO_ENGINE } from "../docker/engine.ts";
import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";
import { type Capture, captureIn } from "./pcap.ts";

export const PROGRAMS = ["tcpdump", "nsenter", "sudo", ...ENGINES] as const;

/** Reading a file needs no more than tcpdump, and only a container's network needs its engine. */
export function programsFor({ path, container: inside }: Source): readonly string[] {
  if (path !== undefined) return ["tcpdump"];
  return inside === undefined ? ["tcpdump", "sudo"] : PROGRAMS;
}

/** Bytes of a capture that are read in one go: as base64 they stay below what is kept of an output. */
const MOST_READ = 4 * 1024 * 1024;

const READ_S = 30;

/** Where is listened. */
export const where = {
  interface: z
    .string()
    .regex(/^[A-Za-z0-9][\w.:@-]{0,30}$/, "the name of an interface")
    .optional()
    .describe("Default any."),
  container: container.optional().describe("In this container's network (as root)."),
};

/** A file of ours, and no other. */
export const FILE = /^\/(?:[\w.-]+\/)*ssh-mcp-capture\.[A-Za-z0-9]{6,20}\/capture\.pcap$/;

export const source = {
  path: z
    .string()
    .regex(/^\/[^\0]{1,500}$/, "an absolute path")
    .optional()
    .describe("A capture on the host; default: listen now."),
  duration_s: z.number().int().min(1).max(40).optional().describe("Seconds to listen; default 10."),
  ...where,
};

export interface Place {
  readonly interface?: string | undefined;
  readonly container?: string | undefined;
}

export interface Source extends Place {
  readonly path?: string | undefined;
  readonly duration_s?: number | undefined;
}

/**
 * tcpdump at work for so many seconds, its capture on its standard output; as root, or by sudo without a password. A text: it
 * cannot be. In a container's network it is the host's own tcpdump: none is needed in there.
 */
export function listening(
  { interface: name = "any", container: inside }: Place,
  {
    seconds,
    filter,
    snap = 0,
  }: { readonly seconds: number; readonly filter: string; readonly snap?: number },
  nature: Nature,
): Sh | string {
  if (!nature.has.has("tcpdump")) return "there is no tcpdump";
  const asRoot = nature.root ? [] : ["sudo", "-n"];
  if (!nature.root && !nature.has.has("sudo")) return "a capture needs root, and there is no sudo";
  // Else what came in the last second before its end is lost with the kernel's buffer.
  const atOnce = /^(?:linux|macos|freebsd)$/.test(nature.family) ? ["--immediate-mode"] : [];
  const options = ["-i", name, "-n", "-U", ...atOnce, "-s", String(snap), "-w", "-"];
  const words = ["tcpdump", ...options, ...(filter === "" ? [] : [filter])];
  const timed = nature.has.has("timeout") && !nature.busybox.has("timeout");
  // Who asked sudo may not end what it runs: it has to be ended from inside.
  const run = (enter: Sh): Sh =>
    timed
      ? sh`${asRoot} timeout -s INT ${seconds} ${enter} ${words}`
      : within(nature, seconds, sh`${asRoot} ${enter} ${words}`);
  if (!timed && !nature.root) return "a capture by sudo needs the program timeout (coreutils)";
  if (inside === undefined) return run(sh``);
  if (!nature.has.has("nsenter")) return "a container's network needs nsenter (util-linux)";
  const pid = pidOf(inside, nature);
  if (pid === undefined) return NO_ENGINE;
  return sh`${pid}; case $p in ''|0|*[!0-9]*) echo "the container does not run: $p" >&2; exit 1;; esac; ${run(sh`nsenter -t "$p" -n --`)}`;
}

/** Sets `p` to the number of a container's first process, on the host, or to what the engine complains of. */
function pidOf(name: string, { has }: Nature): Sh | undefined {
  const [first, second] = ENGINES.filter((engine) => has.has(engine)).map(
    (engine) => sh`p=$(${[engine]} inspect --type container --format '{{.State.Pid}}' ${name} 2>&1)`,
  );
  if (first === undefined || second === undefined) return first;
  return sh`if docker version --format '{{.Server.Version}}' >/dev/null 2>&1; then ${first}; else ${second}; fi`;
}

/** The step that shows a capture, from its file or as it is made. A text: it cannot be done. */
export function captured(from: Source, filter: string, nature: Nature, snap = 0): Sh | string {
  const { path, duration_s: seconds = 10 } = from;
  const made =
    path === undefined
      ? listening(from, { seconds, filter, snap }, nature)
      : nature.has.has("tcpdump")
        ? // A pipe has no end of its own.
          within(nature, READ_S, sh`tcpdump -n -r ${path} -w - ${filter === "" ? [] : [filter]}`)
        : "there is no tcpdump";
  if (typeof made === "string") return made;
  const encoded = sh`if command -v base64 >/dev/null 2>&1; then base64; elif command -v openssl >/dev/null 2>&1; then openssl base64; else od -An -v -tx1; fi`;
  return sh`{ { { ${made}; echo "exit $?" >&2; } | head -c ${MOST_READ} | { ${encoded}; } >&4; } 2>&1 | { t=$(tail -c 3000); echo; echo said:; printf '%s\n' "$t"; }; } 4>&1`;
}

export interface Read extends Capture {
  readonly notes: readonly string[];
  readonly bytes: number;
}

export function readIn(ran: RanSteps, step: string, { path }: Source): Read {
  const lines = ran.get(step)?.lines ?? [];
  const at = lines.lastIndexOf("said:");
  const text = lines.slice(0, Math.max(0, at)).join("\n");
  const bytes =
    /^[\s0-9a-f]*$/.test(text) && / /.test(text)
      ? Buffer.from(text.replace(/\s/g, ""), "hex")
      : Buffer.from(text, "base64");
  const said = complaints(lines.slice(at + 1));
  const capture = captureIn(bytes);
  const full = bytes.length >= MOST_READ;
  return {
    ...capture,
    bytes: bytes.length,
    notes: [
      ...(bytes.length === 0
        ? [
            `nothing was ${path === undefined ? "captured" : "read"}: ${said.join("; ") || "no reason was given"}`,
          ]
        : []),
      ...(capture.fault === undefined ? [] : [capture.fault]),
      ...(bytes.length > 0 ? said : []),
      ...(full ? [`only the first ${MOST_READ / 1024 / 1024} MiB were read: narrow it (address, port)`] : []),
    ],
  };
}

/** What tcpdump says besides its figures. */
export function complaints(lines: readonly string[]): string[] {
  const [, dropped = "0"] = /^(\d+) packets? dropped by kernel/m.exec(lines.join("\n")) ?? [];
  return [
    ...lines.filter(
      (line) =>
        line.trim() !== "" &&
        !/^exit \d+$|^\d+ packets? (?:captured|received|dropped)|listening on |^reading from file|data link type|, link-type .*snapshot length \d+$|^Warning: interface names might/.test(
          line,
        ),
    ),
    ...(dropped === "0" ? [] : [`${dropped} packets were dropped by the kernel: this is not all`]),
  ];
}
