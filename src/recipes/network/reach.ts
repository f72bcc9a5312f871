import { z } from "zod";
import { timeWasUp, within } from "../bounds.ts";
import { defineRecipe } from "../define.ts";
import type { Nature } from "../nature.ts";
import { type Sh, sh } from "../sh.ts";
import { table } from "../table.ts";

/** A name or an address, never an option. */
const to = z
  .string()
  .regex(/^[A-Za-z0-9_:][A-Za-z0-9_.:%-]{0,252}$/, "a host name or an IP address")
  .describe("Name or address, as the host sees it.");

const isV6 = (name: string) => name.includes(":");
/** These have programs of their own for IPv6. */
const isBsd = ({ family }: Nature) => family !== "linux" && family !== "other";

export const ping = defineRecipe({
  name: "ping",
  toolset: "network",
  title: "Ping",
  description: "Echo requests from the host to another: loss and round-trip times.",
  programs: ["ping", "ping6"],
  inputs: { to, count: z.number().int().min(1).max(20).optional().describe("Default 4, one a second.") },
  steps({ to: name, count = 4 }, nature) {
    const program = isV6(name) && isBsd(nature) ? "ping6" : "ping";
    if (!nature.has.has(program)) return `there is no ${program}; ssh_tcp_check asks a port instead`;
    const seconds = count + 3;
    return {
      ping: within(nature, seconds + 2, sh`${pingWords(program, nature, count, seconds)} ${name} 2>&1`),
    };
  },
  read(ran, { to: name, count = 4 }) {
    const lines = (ran.get("ping")?.lines ?? []).filter((line) => line !== "");
    const text = lines.join("\n");
    const [, sent, received] = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(text) ?? [];
    const [, loss] = /([\d.]+)% packet loss/.exec(text) ?? [];
    const [, least, mean, most] = /(?:rtt|round-trip)[^=]*= ([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(text) ?? [];
    const replies = lines.filter((line) => /\btime[=<]/.test(line)).length;
    const rtt =
      mean === undefined ? {} : { rttMs: { min: Number(least), avg: Number(mean), max: Number(most) } };
    const known = sent !== undefined;
    const cut = timeWasUp(ran.get("ping")?.exit ?? 0);
    return {
      facts: {
        to: name,
        sent: known ? Number(sent) : undefined,
        received: known ? Number(received) : replies,
        lossPercent: loss === undefined ? undefined : Number(loss),
        ...rtt,
      },
      lines,
      words: [
        known ? `received=${received} of ${sent}` : `received=${replies} of ${count}?`,
        mean === undefined ? undefined : `avg=${mean}ms`,
      ],
      notes: known
        ? []
        : [
            cut
              ? "ping was ended before it showed its figures"
              : "ping showed no figures: nothing is known of the way there",
          ],
    };
  },
});

/** `-w`, and elsewhere `-t`, is the time for all of it; OpenBSD's and NetBSD's differ, and are ended from outside. */
function pingWords(program: string, nature: Nature, count: number, seconds: number): string[] {
  const whole =
    nature.family === "linux"
      ? "-w"
      : program === "ping" && /^(?:macos|freebsd)$/.test(nature.family)
        ? "-t"
        : undefined;
  return [program, "-n", "-c", String(count), ...(whole === undefined ? [] : [whole, String(seconds)])];
}

export interface Hop {
  readonly hop: number;
  /** Missing where nothing answered. */
  readonly address?: string;
  readonly ms?: number;
}

const TRACE_S = 25;

export const traceroute = defineRecipe({
  name: "traceroute",
  toolset: "network",
  title: "Traceroute",
  description: "The routers from the host to another, one probe each, ended after 25 s.",
  programs: ["traceroute", "traceroute6", "tracepath"],
  inputs: { to, max_hops: z.number().int().min(1).max(64).optional().describe("Default 20.") },
  steps({ to: name, max_hops: hops = 20 }, nature) {
    const own =
      isV6(name) && isBsd(nature) ? ["traceroute6"] : isV6(name) ? ["traceroute", "-6"] : ["traceroute"];
    const command = nature.has.has(own[0] ?? "")
      ? [...own, "-n", "-q", "1", "-w", "1", "-m", String(hops), name]
      : nature.has.has("tracepath")
        ? ["tracepath", "-n", "-m", String(hops), name]
        : undefined;
    return command === undefined
      ? "there is neither traceroute nor tracepath"
      : { trace: within(nature, TRACE_S, sh`${command} 2>&1`) };
  },
  read(ran, { to: name, max_hops: most = 20 }) {
    const step = ran.get("trace");
    const lines = (step?.lines ?? []).filter((line) => line !== "");
    const hops = hopsIn(lines);
    const target = /^traceroute6? to \S+ \(([^)]+)\)/.exec(lines[0] ?? "")?.[1];
    const answered = hops.filter(({ address }) => address !== undefined);
    const reached =
      lines.some((line) => /\breached\b/.test(line)) ||
      (answered.length > 0 && [target, name].includes(answered.at(-1)?.address));
    const cut = timeWasUp(step?.exit ?? 0);
    return {
      facts: { to: name, reached, hops },
      lines,
      words: [`hops=${hops.at(-1)?.hop ?? 0}`, reached ? "reached" : "not reached"],
      notes: [
        ...(cut ? [`it was ended after ${TRACE_S} s`] : []),
        ...(!reached && !cut && (hops.at(-1)?.hop ?? 0) >= most
          ? [`the target did not answer within ${most} hops`]
          : []),
        ...(hops.length === 0 ? ["no hop was shown: nothing is known of the way there"] : []),
      ],
    };
  },
});

/** ` 1  10.0.0.1  0.5 ms`, ` 2  *`, and tracepath's ` 1:  10.0.0.1   0.5ms`, ` 2:  no reply`. */
function hopsIn(lines: readonly string[]): Hop[] {
  const rows = lines.flatMap((line): Hop[] => {
    const [, hop, rest = ""] = /^\s*(\d+)(?::|\s)\s*(\S.*)$/.exec(line) ?? [];
    if (hop === undefined) return [];
    const [, address] = /^([0-9A-Fa-f.:%\w]*[.:][0-9A-Fa-f.:%\w]*)(?:\s|$)/.exec(rest) ?? [];
    const [, ms] = /\s([\d.]+)\s*ms/.exec(rest) ?? [];
    if (address === undefined) return [{ hop: Number(hop) }];
    return [{ hop: Number(hop), address, ...(ms === undefined ? {} : { ms: Number(ms) }) }];
  });
  return rows.filter(({ hop }, at) => rows.findIndex((row) => row.hop === hop) === at);
}

const ANSWER_S = 3;

type Answer = "open" | "refused" | "no answer" | "unreachable" | "unknown name" | "error";

export const tcpCheck = defineRecipe({
  name: "tcp_check",
  toolset: "network",
  title: "TCP ports that answer",
  description: "Whether TCP ports of another machine can be reached from the host.",
  programs: ["bash", "nc"],
  inputs: {
    to,
    ports: z.array(z.number().int().min(1).max(65_535)).min(1).max(20).describe("All at once, 3 s each."),
  },
  steps({ to: name, ports }, nature) {
    const dial = dialled(name, nature);
    if (dial === undefined) return "there is neither nc nor bash";
    const numbers = [...new Set(ports)].map(String);
    return {
      ports: sh`for n in ${numbers}; do { o=$(${dial} 2>&1); printf '%s %s %s\n' "$n" "$?" "$(printf '%s' "$o" | tr '\n' ' ')"; } & done; wait`,
    };
  },
  read(ran, { to: name, ports }) {
    const rows = (ran.get("ports")?.lines ?? []).flatMap((line) => {
      const [, port, exit, said = ""] = /^(\d+) (\d+) (.*)$/.exec(line) ?? [];
      return port === undefined
        ? []
        : [{ port: Number(port), answer: answerOf(Number(exit), said), said: said.trim() }];
    });
    const all = [...new Set(ports)].map(
      (port) =>
        rows.find((row) => row.port === port) ?? {
          port,
          answer: "error" as const,
          said: "nothing was reported",
        },
    );
    const open = all.filter(({ answer }) => answer === "open").length;
    return {
      facts: { to: name, ports: all.map(({ port, answer }) => ({ port, answer })) },
      lines: table(
        ["port", "answer"],
        all.map(({ port, answer, said }) => [String(port), answer === "error" ? `error: ${said}` : answer]),
      ),
      words: [`open=${open} of ${all.length}`],
    };
  },
});

/** Dials `$n` of the target, and ends as soon as it is connected. */
function dialled(name: string, nature: Nature): Sh | undefined {
  if (nature.has.has("bash"))
    return within(nature, ANSWER_S, sh`bash -c 'exec 3<>"/dev/tcp/$1/$2"' dial ${name} "$n"`);
  if (!nature.has.has("nc")) return undefined;
  if (nature.busybox.has("nc")) return within(nature, ANSWER_S, sh`nc -w ${ANSWER_S} ${name} "$n" -e true`);
  return within(nature, ANSWER_S + 2, sh`nc -z -v -w ${ANSWER_S} ${name} "$n"`);
}

function answerOf(exit: number, said: string): Answer {
  if (exit === 0) return "open";
  if (/refused/i.test(said)) return "refused";
  if (/unreachable|no route/i.test(said)) return "unreachable";
  if (/not known|bad address|resol|nodename|unknown host|name or service/i.test(said)) return "unknown name";
  return timeWasUp(exit) || /timed? ?out|in progress/i.test(said) ? "no answer" : "error";
}
