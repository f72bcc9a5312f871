import { isWithin, parseAddress, parsePrefix } from "./addresses.ts";
import { readArguments } from "./arguments.ts";
import type { RouterOsConfig } from "./config.ts";
import type { Command } from "./menu.ts";
import type { CommandContext, LiveView, Reply } from "./reply.ts";
import { abbreviated, CommandError } from "./words.ts";

/** Rows of ping after which its head is printed again. */
const PING_HEAD_EVERY = 20;
const PING_HEAD = "  SEQ HOST                                     SIZE TTL TIME       STATUS".padEnd(80);

/** Ends by itself after `count`; without it never. Rows and summary as measured on 7.23. */
export const ping: Command = live(
  "ping",
  "Send ICMP Echo packets",
  { names: ["address", "count", "interval", "size"], unnamed: ["address"] },
  (values, { config, random }) => {
    const host = addressOf(values);
    const count = countOf(values);
    const times: number[] = [];
    let sent = 0;
    return {
      everyMs: 1000,
      mode: "append",
      footer: count === undefined,
      frame() {
        const reached = isReachable(config, host);
        const micros = 40 + Math.floor(random() * 160);
        if (reached) times.push(micros);
        const sequence = `${String(sent).padStart(5)} ${host.padEnd(43)}`;
        const row = reached ? `${sequence}56  64 ${micros}us`.padEnd(66) : `${sequence.padEnd(67)}timeout`;
        const text = sent % PING_HEAD_EVERY === 0 ? [PING_HEAD, row] : [row];
        sent += 1;
        return { rows: text, last: count !== undefined && sent >= count };
      },
      summary: () => [pingSummary(sent, times)],
    };
  },
);

function pingSummary(sent: number, times: readonly number[]): string {
  const lost = sent === 0 ? 0 : Math.round(((sent - times.length) / sent) * 100);
  const counts = `    sent=${sent} received=${times.length} packet-loss=${lost}%`;
  if (times.length === 0) return `${counts} `;
  const average = Math.round(times.reduce((sum, time) => sum + time, 0) / times.length);
  return `${counts} min-rtt=${Math.min(...times)}us avg-rtt=${average}us max-rtt=${Math.max(...times)}us `;
}

const HOPS = ["192.0.2.1", "198.51.100.254"];

/** One table that is painted again each second; `count` rounds, or for ever. */
export const traceroute: Command = live(
  "traceroute",
  "Trace route to host",
  { names: ["address", "count", "max-hops"], unnamed: ["address"] },
  (values, { random }) => {
    const host = addressOf(values);
    const count = countOf(values);
    const hops = host === "127.0.0.1" ? [host] : [...HOPS, host];
    return {
      everyMs: 1000,
      mode: "repaint",
      footer: count === undefined,
      frame(round) {
        const cells = hops.map((hop, index) => {
          const last = `${(index * 4 + random()).toFixed(1)}ms`;
          return [hop, "0%", String(round + 1), last, last, last, last, "0"];
        });
        const titles = ["ADDRESS", "LOSS", "SENT", "LAST", "AVG", "BEST", "WORST", "STD-DEV"];
        const head = `#  ${titles.map((title, at) => title.padEnd(at === 0 ? 15 : 7)).join(" ")}`;
        const rows = cells.map(
          (row, index) => `${index + 1}  ${row.map((cell, at) => cell.padEnd(at === 0 ? 15 : 7)).join(" ")}`,
        );
        return {
          rows: [`Columns: ${titles.join(", ")}`, head, ...rows],
          last: count !== undefined && round + 1 >= count,
        };
      },
      summary: () => [],
    };
  },
);

/** Rates of an interface; `once` prints them once. */
export const monitorTraffic: Command = live(
  "monitor-traffic",
  "Monitor traffic",
  { names: ["interface", "interval"], unnamed: ["interface"] },
  (values, { config, random }, once) => {
    const names = config.state.tables.interface.map((row) => row.values.name ?? "");
    const given = values.get("interface") ?? "";
    const name = given === "aggregate" ? given : abbreviated(given, names);
    if (name === undefined) throw new CommandError("input does not match any value of interface");
    return {
      everyMs: 1000,
      mode: "repaint",
      footer: !once,
      frame: () => ({ rows: rates(name, random), last: once }),
      summary: () => [],
    };
  },
);

function rates(name: string, random: () => number): string[] {
  const packets = () => String(Math.floor(random() * 900));
  const bits = () => `${(random() * 400).toFixed(1)}kbps`;
  const settings: [string, string][] = [
    ["name", name],
    ["rx-packets-per-second", packets()],
    ["rx-bits-per-second", bits()],
    ["fp-rx-packets-per-second", packets()],
    ["fp-rx-bits-per-second", bits()],
    ["rx-drops-per-second", "0"],
    ["rx-errors-per-second", "0"],
    ["tx-packets-per-second", packets()],
    ["tx-bits-per-second", bits()],
    ["fp-tx-packets-per-second", "0"],
    ["fp-tx-bits-per-second", "0bps"],
    ["tx-drops-per-second", "0"],
    ["tx-queue-drops-per-second", "0"],
    ["tx-errors-per-second", "0"],
  ];
  return settings.map(([label, value]) => `${label.padStart(29)}: ${value.padStart(9)}`);
}

/** Flows through an interface. */
export const torch: Command = live(
  "torch",
  "Realtime traffic monitor",
  { names: ["interface", "src-address", "dst-address", "port"], unnamed: ["interface"] },
  (values, { config, random }) => {
    const names = config.state.tables.interface.map((row) => row.values.name ?? "");
    if (abbreviated(values.get("interface") ?? "", names) === undefined)
      throw new CommandError("input does not match any value of interface");
    return {
      everyMs: 1000,
      mode: "repaint",
      footer: true,
      frame() {
        const rate = () => `${(random() * 90).toFixed(1)}kbps`.padEnd(8);
        const flow = () =>
          `ip            ${rate()}  ${rate()}  ${String(Math.floor(random() * 90)).padEnd(10)}  ${Math.floor(random() * 90)}`;
        return {
          rows: [
            "Columns: MAC-PROTOCOL, TX, RX, TX-PACKETS, RX-PACKETS",
            "MAC-PROTOCOL  TX        RX        TX-PACKETS  RX-PACKETS",
            flow(),
            flow(),
          ],
        };
      },
      summary: () => [],
    };
  },
);

function live(
  name: string,
  help: string,
  takes: { names: readonly string[]; unnamed: readonly string[] },
  open: (values: ReadonlyMap<string, string>, context: CommandContext, once: boolean) => LiveView,
): Command {
  const accepts = { ...takes, flags: name === "monitor-traffic" ? ["once"] : [] };
  const [asked = "address"] = takes.unnamed;
  return {
    name,
    help,
    accepts,
    run(words, context): Reply {
      const { values, flags } = readArguments(words, accepts);
      const start = (all: ReadonlyMap<string, string>): Reply => ({
        kind: "live",
        view: open(all, context, flags.has("once")),
      });
      if (values.has(asked)) return start(values);
      return {
        kind: "value",
        label: `${asked}: `,
        onValue: (value) => start(new Map([...values, [asked, value]])),
      };
    },
  };
}

function addressOf(values: ReadonlyMap<string, string>): string {
  const host = values.get("address") ?? "";
  if (parseAddress(host) === undefined) throw new CommandError("invalid value for argument address");
  return host;
}

function countOf(values: ReadonlyMap<string, string>): number | undefined {
  const text = values.get("count");
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new CommandError("invalid value for argument count");
  return Number(text);
}

/** Nothing is sent anywhere: what is on a connected network answers. */
function isReachable(config: RouterOsConfig, host: string): boolean {
  const address = parseAddress(host);
  if (address === undefined) return false;
  if (host.startsWith("127.")) return true;
  return config.state.tables.address.some(({ values }) => {
    const prefix = parsePrefix(values.address ?? "");
    return prefix !== undefined && values.disabled !== "yes" && isWithin(address, prefix);
  });
}
