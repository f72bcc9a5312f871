import { z } from "zod";
import { defineRecipe } from "../define.ts";
import {
  answerIn,
  containersIn,
  ENGINES,
  engineNotes,
  inspected,
  objectsIn,
  onEngine,
} from "../docker/engine.ts";
import type { Nature } from "../nature.ts";
import { ping, tcpCheck, traceroute } from "../network/reach.ts";
import { sockets } from "../network/sockets.ts";
import type { RanSteps } from "../ran.ts";
import type { AnyRecipe, Shown } from "../recipe.ts";
import { type Sh, sh } from "../sh.ts";
import { table } from "../table.ts";

const KEYWORDS =
  "sip voip pbx asterisk freeswitch kamailio opensips opensbc drachtio rtpengine rtpproxy coturn homer heplify sbc yate sems".split(
    " ",
  );
/** SIP's own, those beside it that are common, of WebSocket, and the control ports of rtpengine and FreeSWITCH. */
const PORTS: ReadonlySet<number> = new Set([5060, 5061, 5062, 5080, 5081, 5066, 7443, 2223, 22_222, 8021]);

const listening = z.object({
  protocol: z.string(),
  port: z.number(),
  address: z.string().catch("*"),
  process: z.string().optional().catch(undefined),
});

export const voipDiscover = defineRecipe({
  name: "voip_discover",
  toolset: "voip",
  title: "What there is of VoIP",
  description: "Containers, processes and listening ports of SIP and its kind.",
  programs: [...ENGINES, ...(sockets.programs ?? []), "tcpdump"],
  inputs: {
    keywords: z
      .array(z.string().min(2).max(40))
      .min(1)
      .max(20)
      .optional()
      .describe("Parts of names; default sip, pbx, asterisk, freeswitch, kamailio, rtpengine, …."),
  },
  steps(_, nature) {
    const own = sockets.plan({ limit: 5_000 }, nature);
    const containers = onEngine(nature, (engine) => inspected(engine, "running"));
    return {
      ...(containers === undefined ? {} : { containers }),
      ...(typeof own === "string" ? {} : prefixed("sockets", own.steps)),
      processes: sh`ps -A -o pid= -o comm= 2>/dev/null || ps 2>/dev/null`,
    };
  },
  read(ran, { keywords = KEYWORDS }, nature) {
    const isOurs = (name: string) => keywords.some((word) => name.toLowerCase().includes(word.toLowerCase()));
    const answer = answerIn(ran, "containers");
    const { objects, said } = objectsIn(answer);
    const containers = containersIn(objects)
      .filter(({ name, image }) => isOurs(name) || isOurs(image))
      .map(({ name, image, id, ports }) => ({ name, image, id, ports }));
    const asked = partOf(ran, "sockets", sockets, { limit: 5_000 }, nature);
    const ports = socketsOf(asked).filter((one) => PORTS.has(one.port) || isOurs(one.process ?? ""));
    const processes = (ran.get("processes")?.lines ?? [])
      .map((line) => /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [])
      .flatMap(([, pid, name]) =>
        pid !== undefined && name !== undefined && isOurs(name) ? [{ pid: Number(pid), name }] : [],
      );
    const rows = [
      ...containers.map(({ name, image, ports: own }) => [
        "container",
        name,
        `${image} ${own.join(" ")}`.trim(),
      ]),
      ...ports.map((one) => ["port", `${one.address}:${one.port}/${one.protocol}`, one.process ?? "-"]),
      ...processes.map(({ pid, name }) => ["program", name, String(pid)]),
    ];
    return {
      facts: { containers, ports, processes, tcpdump: nature.has.has("tcpdump") },
      lines: rows.length === 0 ? [] : table(["what", "name", "more"], rows),
      words: [`${containers.length} containers`, `${ports.length} ports`, `${processes.length} processes`],
      notes: [
        ...(answer.engine === "" ? [] : engineNotes(answer, said, nature)),
        ...(asked?.notes ?? []),
        ...(nature.has.has("tcpdump") ? [] : ["there is no tcpdump, which captures need"]),
      ],
    };
  },
});

function socketsOf(shown: Shown<unknown> | undefined) {
  const { data } = z.object({ sockets: z.array(listening) }).safeParse(shown?.facts);
  return data?.sockets ?? [];
}

export const voipDiagnose = defineRecipe({
  name: "voip_diagnose",
  toolset: "voip",
  title: "The way to a SIP peer",
  description: "Ping, TCP ports and, on request, the route from the host to another.",
  seconds: 50,
  programs: [...new Set([ping, tcpCheck, traceroute].flatMap(({ programs = [] }) => programs))],
  inputs: {
    to: z
      .string()
      .regex(/^[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,252}$/, "a host name or an IP address")
      .describe("Name or address, as the host sees it."),
    ports: z
      .array(z.number().int().min(1).max(65_535))
      .min(1)
      .max(20)
      .optional()
      .describe("Default 5060, 5061."),
    ping_count: z.number().int().min(1).max(20).optional().describe("Default 3."),
    traceroute: z.boolean().optional().describe("The route, too; up to 25 s more."),
  },
  steps(given, nature) {
    const parts = partsOf(given);
    const plans = parts.map(({ name, recipe, inputs }) => [name, recipe.plan(inputs, nature)] as const);
    const steps = plans.flatMap(([name, plan]) =>
      typeof plan === "string" ? [] : [prefixed(name, plan.steps)],
    );
    const [first] = plans;
    return steps.length > 0
      ? Object.assign({}, ...steps)
      : typeof first?.[1] === "string"
        ? first[1]
        : "nothing can be done here";
  },
  read(ran, given, nature) {
    const shown = partsOf(given).map(({ name, recipe, inputs }) => {
      const plan = recipe.plan(inputs, nature);
      if (typeof plan === "string") return { name, facts: undefined, lines: [], words: [], notes: [plan] };
      return { name, ...plan.read(stepsOf(ran, name)) };
    });
    return {
      facts: Object.fromEntries(shown.map(({ name, facts }) => [name, facts])),
      lines: shown.flatMap(({ name, lines }, at) => [...(at === 0 ? [] : [""]), `${name}:`, ...lines]),
      words: shown.flatMap(({ words = [] }) => words),
      notes: shown.flatMap(({ name, notes = [] }) => notes.map((note) => `${name}: ${note}`)),
    };
  },
});

interface Way {
  readonly to: string;
  readonly ports?: readonly number[] | undefined;
  readonly ping_count?: number | undefined;
  readonly traceroute?: boolean | undefined;
}

function partsOf({ to, ports = [5060, 5061], ping_count: count = 3, traceroute: route = false }: Way) {
  return [
    { name: "ping", recipe: ping, inputs: { to, count } },
    { name: "ports", recipe: tcpCheck, inputs: { to, ports } },
    ...(route ? [{ name: "route", recipe: traceroute, inputs: { to } }] : []),
  ];
}

function prefixed(name: string, steps: Readonly<Record<string, Sh>>): Readonly<Record<string, Sh>> {
  return Object.fromEntries(Object.entries(steps).map(([step, script]) => [`${name}-${step}`, script]));
}

function stepsOf(ran: RanSteps, name: string): RanSteps {
  return new Map(
    [...ran].flatMap(([step, one]) =>
      step.startsWith(`${name}-`) ? [[step.slice(name.length + 1), one] as const] : [],
    ),
  );
}

function partOf(
  ran: RanSteps,
  name: string,
  recipe: AnyRecipe,
  inputs: object,
  nature: Nature,
): Shown<unknown> | undefined {
  const plan = recipe.plan(inputs, nature);
  return typeof plan === "string" ? undefined : plan.read(stepsOf(ran, name));
}
