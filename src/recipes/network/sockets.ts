import { z } from "zod";
import { defineRecipe } from "../define.ts";
import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import { type Sh, sh } from "../sh.ts";
import { table } from "../table.ts";
import {
  lsofSockets,
  netstatSockets,
  procSockets,
  type Socket,
  sockstatSockets,
  ssSockets,
} from "./socket-rows.ts";

type Source = "ss" | "netstat" | "sockstat" | "/proc/net";

function sourceOf(nature: Nature): Source | undefined {
  if (nature.family === "linux" && nature.has.has("ss")) return "ss";
  if (nature.family === "freebsd" && nature.has.has("sockstat")) return "sockstat";
  if (nature.has.has("netstat")) return "netstat";
  return nature.family === "linux" ? "/proc/net" : undefined;
}

function socketSteps(source: Source, nature: Nature, all: boolean): Readonly<Record<string, Sh>> {
  switch (source) {
    case "ss":
      return { sockets: all ? sh`ss -antup 2>&1` : sh`ss -lntup 2>&1` };
    case "sockstat":
      return { sockets: all ? sh`sockstat -46 2>&1` : sh`sockstat -46l 2>&1` };
    case "/proc/net":
      return {
        sockets: sh`for f in tcp tcp6 udp udp6; do echo "file $f"; cat "/proc/net/$f" 2>/dev/null; done`,
      };
    case "netstat":
      // BusyBox has -p where it was built with it.
      if (nature.family === "linux") return { sockets: sh`netstat -antup 2>/dev/null || netstat -antu 2>&1` };
      return {
        sockets: sh`netstat -an 2>&1`,
        ...(nature.has.has("lsof") ? { lsof: sh`lsof -nP -iTCP -iUDP -F pcPnT 2>/dev/null` } : {}),
      };
  }
}

function socketsIn(ran: RanSteps, source: Source, nature: Nature): Socket[] {
  const lines = ran.get("sockets")?.lines ?? [];
  switch (source) {
    case "ss":
      return ssSockets(lines);
    case "sockstat":
      return sockstatSockets(lines);
    case "/proc/net":
      return procSockets(lines, nature.machine);
    case "netstat": {
      const owners = lsofSockets(ran.get("lsof")?.lines ?? []);
      return netstatSockets(lines).map((socket) => ({
        ...owners.find((owner) => isSame(owner, socket)),
        ...socket,
      }));
    }
  }
}

/** lsof names what netstat of macOS lists. */
function isSame(a: Socket, b: Socket): boolean {
  const peer = (socket: Socket) => `${socket.peer ?? ""}:${socket.peerPort ?? ""}`;
  return a.protocol === b.protocol && a.port === b.port && a.address === b.address && peer(a) === peer(b);
}

export const sockets = defineRecipe({
  name: "sockets",
  toolset: "network",
  title: "Sockets",
  description: "TCP and UDP ports that are listened on, and by which process; on request connections, too.",
  programs: ["ss", "netstat", "sockstat", "lsof"],
  inputs: {
    port: z.number().int().min(1).max(65_535).optional().describe("Only this port, of either side."),
    connections: z.boolean().optional().describe("Also what is connected or closing."),
    limit: z.number().int().min(1).max(5_000).optional().describe("Default 200."),
  },
  steps(inputs, nature) {
    const source = sourceOf(nature);
    return source === undefined
      ? "there is neither ss, netstat nor sockstat"
      : socketSteps(source, nature, inputs.connections === true);
  },
  read(ran, { port, connections = false, limit = 200 }, nature) {
    const source = sourceOf(nature) ?? "/proc/net";
    const all = socketsIn(ran, source, nature);
    const wanted = all.filter(
      (socket) =>
        (connections || socket.listening) &&
        (port === undefined || socket.port === port || (connections && socket.peerPort === port)),
    );
    const shown = wanted.slice(0, limit);
    const said = ran.get("sockets")?.lines.find((line) => line !== "");
    const nameless = wanted.filter(({ process }) => process === undefined).length;
    return {
      facts: { source, sockets: shown, of: wanted.length },
      lines: shown.length === 0 ? [] : socketRows(shown),
      words: [`source=${source}`, `${shown.length} of ${wanted.length} sockets`],
      notes: [
        ...(all.length === 0 && said !== undefined && /[a-z]: /i.test(said)
          ? [`none could be read: ${said}`]
          : []),
        ...(nameless > 0 ? [namelessNote(nameless, source, nature)] : []),
      ],
    };
  },
});

function namelessNote(count: number, source: Source, nature: Nature): string {
  const why =
    source === "/proc/net"
      ? "/proc/net has no processes, and there is neither ss nor netstat"
      : nature.root
        ? `${source} shows none for them (the kernel's own, or of another namespace)`
        : "this user is not root, and may see only its own";
  return `the process of ${count} of them is not known: ${why}`;
}

function socketRows(shown: readonly Socket[]): string[] {
  const end = (address: string | undefined, port: number | undefined) =>
    address === undefined ? "-" : `${address.includes(":") ? `[${address}]` : address}:${port ?? "*"}`;
  return table(
    ["proto", "state", "local", "peer", "program"],
    shown.map(({ protocol, state, address, port, peer, peerPort, process, pid }) => [
      protocol,
      state,
      end(address, port),
      end(peer, peerPort),
      process === undefined ? "-" : `${process}${pid === undefined ? "" : ` (${pid})`}`,
    ]),
  );
}
