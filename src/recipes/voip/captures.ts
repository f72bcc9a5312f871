import { z } from "zod";
import { defineRecipe } from "../define.ts";
import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import type { Shown } from "../recipe.ts";
import { type Sh, sh } from "../sh.ts";
import { sizeOf } from "../table.ts";
import { complaints, FILE, listening, type Place, PROGRAMS, programsFor, where } from "./capture.ts";
import { filtered, filterOf } from "./filter.ts";

/** Longer ones go on where the call ends. */
const WAITED_S = 40;
const DEFAULT_S = 30;
const MOST_MIB = 200;
const DEFAULT_MIB = 50;

const bounds = {
  duration_s: z
    .number()
    .int()
    .min(1)
    .max(300)
    .optional()
    .describe(`Seconds; default ${DEFAULT_S}; above ${WAITED_S} it goes on behind the call.`),
  max_mb: z
    .number()
    .int()
    .min(1)
    .max(MOST_MIB)
    .optional()
    .describe(`Size at which it ends; default ${DEFAULT_MIB}.`),
};

interface Wanted extends Place {
  readonly duration_s?: number | undefined;
  readonly max_mb?: number | undefined;
}

/** Into a file of this login alone, in a folder of its own. */
function toFile(wanted: Wanted, filter: string, nature: Nature): Readonly<Record<string, Sh>> | string {
  const { duration_s: seconds = DEFAULT_S, max_mb: most = DEFAULT_MIB } = wanted;
  const listen = listening(wanted, { seconds, filter }, nature);
  if (typeof listen === "string") return listen;
  const work = sh`{ { ${listen}; } | head -c ${most * 1024 * 1024} >"$f"; } 2>"$d/log"`;
  const run =
    seconds <= WAITED_S
      ? sh`${work}; s=ended`
      : sh`{ ${work}; } </dev/null >/dev/null 2>&1 & i=0; while [ ! -s "$f" ] && [ $i -lt 5 ] && kill -0 $! 2>/dev/null; do sleep 1; i=$((i + 1)); done; if kill -0 $! 2>/dev/null; then s=running; else s=ended; fi`;
  return {
    capture: sh`umask 077; d=$(mktemp -d /tmp/ssh-mcp-capture.XXXXXXXX) || exit 1; f=$d/capture.pcap; : >"$f"; ${run}; echo "$s $(($(wc -c <"$f"))) $f"; cat "$d/log"; if [ "$s" = ended ]; then rm -f "$d/log"; [ -s "$f" ] || { rm -f "$f"; rmdir "$d"; }; fi`,
  };
}

function fileShown(
  ran: RanSteps,
  { duration_s: seconds = DEFAULT_S }: Wanted,
  filter: string,
): Shown<unknown> {
  const [first = "", ...said] = ran.get("capture")?.lines ?? [];
  const [, state, size = "0", path] = /^(ended|running) (\d+) (\/.*)$/.exec(first) ?? [];
  const bytes = Number(size);
  const running = state === "running";
  const packets = /^(\d+) packets? captured/m.exec(said.join("\n"))?.[1];
  const facts = {
    path: bytes > 0 || running ? path : undefined,
    bytes,
    running,
    seconds,
    filter,
    ...(packets === undefined ? {} : { packets: Number(packets) }),
  };
  if (facts.path === undefined)
    return {
      facts,
      lines: [],
      words: ["nothing captured"],
      notes: [`no capture was made: ${complaints(said).join("; ") || first || "no reason was given"}`],
    };
  return {
    facts,
    lines: [`${facts.path}  ${sizeOf(bytes)}${packets === undefined ? "" : `  ${packets} packets`}`],
    words: [running ? "running" : undefined, packets === undefined ? undefined : `packets=${packets}`],
    notes: [
      ...complaints(said),
      ...(running ? [`it goes on for ${seconds} s, and ends by itself`] : []),
      "ssh_voip_call_flow and its kind read it by path, ssh_download fetches it, ssh_voip_remove_capture removes it",
    ],
  };
}

export const voipSipCapture = defineRecipe({
  name: "voip_sip_capture",
  toolset: "voip",
  title: "Capture SIP",
  description: "Captures SIP into a private file on the host; its path and size.",
  changes: true,
  seconds: 50,
  programs: PROGRAMS,
  asks: programsFor,
  inputs: { ...bounds, ...filtered, ...where },
  steps: (wanted, nature) => toFile(wanted, filterOf(wanted, true), nature),
  read: (ran, wanted) => fileShown(ran, wanted, filterOf(wanted, true)),
});

export const voipNetCapture = defineRecipe({
  name: "voip_net_capture",
  toolset: "voip",
  title: "Capture packets",
  description:
    "Captures all packets, or those of a port, protocol or address, into a private file on the host.",
  changes: true,
  seconds: 50,
  programs: PROGRAMS,
  asks: programsFor,
  inputs: {
    ...bounds,
    port: filtered.port.describe("Only this port."),
    protocol: z.enum(["udp", "tcp"]).optional().describe("Only this."),
    address: filtered.address,
    ...where,
  },
  steps: (wanted, nature) => toFile(wanted, filterOf(wanted, false), nature),
  read: (ran, wanted) => fileShown(ran, wanted, filterOf(wanted, false)),
});

export const voipRemoveCapture = defineRecipe({
  name: "voip_remove_capture",
  toolset: "voip",
  title: "Remove a capture",
  description: "Removes a capture that these tools made, and its folder.",
  changes: true,
  inputs: {
    path: z.string().max(200).regex(FILE, "the path of a capture of these tools").describe("Its path."),
  },
  steps: ({ path }) => {
    const folder = path.replace(/\/capture\.pcap$/, "");
    return {
      remove: sh`if [ -h ${folder} ] || [ ! -f ${path} ]; then echo "there is no such capture"; exit 3; fi; rm -f ${path} ${`${folder}/log`} 2>&1 && rmdir ${folder} 2>&1`,
    };
  },
  read(ran, { path }) {
    const { lines = [], exit = 1 } = ran.get("remove") ?? {};
    return {
      facts: { path, removed: exit === 0 },
      lines: exit === 0 ? [`removed ${path}`] : [],
      words: [exit === 0 ? "removed" : "nothing removed"],
      notes: exit === 0 ? [] : [lines.filter((line) => line !== "").join("; ") || `exit code ${exit}`],
    };
  },
});
