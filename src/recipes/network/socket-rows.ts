import { columns } from "../table.ts";

/** One TCP or UDP socket. `*` and `::` are any address. */
export interface Socket {
  readonly protocol: "tcp" | "udp";
  /** As the system says it; `LISTEN`, and `UNCONN` for UDP without a peer. */
  readonly state: string;
  readonly listening: boolean;
  readonly address: string;
  readonly port: number | undefined;
  readonly peer?: string;
  readonly peerPort?: number;
  readonly process?: string;
  readonly pid?: number;
}

interface End {
  readonly address: string;
  readonly port: number | undefined;
}

/** `[::]:22`, `*:22`, `10.0.0.1%eth0:68`, `127.0.0.1.631`: the last sign of its kind is before the port. */
function endIn(text: string, sign: ":" | "."): End | undefined {
  const at = text.lastIndexOf(sign);
  const port = text.slice(at + 1);
  if (at < 0 || !/^(?:\d+|\*)$/.test(port)) return undefined;
  return {
    address: text.slice(0, at).replace(/^\[(.*)\]$/, "$1"),
    port: port === "*" ? undefined : Number(port),
  };
}

function socketOf(
  kind: string,
  state: string,
  [local, remote]: readonly [End | undefined, End | undefined],
  owner: { readonly process?: string; readonly pid?: number } = {},
): Socket | undefined {
  const protocol = kind.startsWith("tcp") ? "tcp" : kind.startsWith("udp") ? "udp" : undefined;
  if (protocol === undefined || local === undefined) return undefined;
  const connected = remote?.port !== undefined;
  const said = state === "" ? (connected ? "ESTAB" : protocol === "udp" ? "UNCONN" : "CLOSE") : state;
  return {
    protocol,
    state: said,
    listening: protocol === "udp" ? !connected : /^LISTEN/.test(said),
    ...local,
    ...(connected
      ? { peer: remote.address, ...(remote.port === undefined ? {} : { peerPort: remote.port }) }
      : {}),
    ...owner,
  };
}

/** `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))`. */
export function ssSockets(lines: readonly string[]): Socket[] {
  return lines.flatMap((line) => {
    const [kind = "", state = "", , , local = "", peer = "", users = ""] = columns(line, 7);
    const [, process, pid] = /\(\("((?:[^"\\]|\\.)*)",pid=(\d+)/.exec(users) ?? [];
    const owner = process === undefined ? {} : { process, pid: Number(pid) };
    return socketOf(kind, state, [endIn(local, ":"), endIn(peer, ":")], owner) ?? [];
  });
}

/** Of net-tools and BusyBox, with or without `-p`, and of the BSDs, whose ports stand behind a dot. */
export function netstatSockets(lines: readonly string[]): Socket[] {
  return lines.flatMap((line) => {
    const [, kind = "", local = "", peer = "", rest = ""] =
      /^((?:tcp|udp)[46]*)\s+\d+\s+\d+\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    const sign = /:(?:\d+|\*)$/.test(local) ? ":" : ".";
    const state = /^[A-Z][A-Z_0-9]*(?=\s|$)/.exec(rest)?.[0] ?? "";
    const [, pid, process] = /(?:^|\s)(\d+)\/(\S.*?)\s*$/.exec(rest.slice(state.length)) ?? [];
    const owner = process === undefined ? {} : { process, pid: Number(pid) };
    return socketOf(kind, state, [endIn(local, sign), endIn(peer, sign)], owner) ?? [];
  });
}

/** `root sshd 1 3 tcp4 *:22 *:*`. A state it has none: what has a peer is connected. */
export function sockstatSockets(lines: readonly string[]): Socket[] {
  return lines.flatMap((line) => {
    const [, process, pid, , kind = "", local = "", peer = ""] = columns(line, 8);
    const [here, there] = [endIn(local, ":"), endIn(peer, ":")];
    const state = kind.startsWith("tcp") && there?.port === undefined ? "LISTEN" : "";
    const owner = {
      ...(process === undefined || process === "?" ? {} : { process }),
      ...(/^\d+$/.test(pid ?? "") ? { pid: Number(pid) } : {}),
    };
    return socketOf(kind, state, [here, there], owner) ?? [];
  });
}

/** Of `lsof -F pcPnT`: a letter and its value in each row, a process first, then its files. */
export function lsofSockets(lines: readonly string[]): Socket[] {
  const found: Socket[] = [];
  let [process, pid, kind, name] = ["", 0, "", ""];
  let state = "";
  const flush = () => {
    const [local = "", peer = ""] = name.split("->");
    const socket = socketOf(kind.toLowerCase(), state, [endIn(local, ":"), endIn(peer, ":")], {
      process,
      pid,
    });
    if (socket !== undefined) found.push(socket);
    [kind, name, state] = ["", "", ""];
  };
  for (const line of lines) {
    const value = line.slice(1);
    if (line.startsWith("f") || line.startsWith("p")) flush();
    if (line.startsWith("p")) pid = Number(value);
    else if (line.startsWith("c")) process = value;
    else if (line.startsWith("P")) kind = value;
    else if (line.startsWith("n")) name = value;
    else if (line.startsWith("TST=")) state = value.slice("ST=".length);
  }
  flush();
  return found;
}

/** `st` of /proc/net/tcp, in the kernel's order. */
const STATES =
  "ESTAB SYN-SENT SYN-RECV FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSE CLOSE-WAIT LAST-ACK LISTEN CLOSING".split(
    " ",
  );

/** Of /proc/net/tcp and its like, each behind a row `file NAME`. */
export function procSockets(lines: readonly string[], machine: string): Socket[] {
  const little = !/^(?:s390|ppc64$|ppc$|mips(?:64)?$|sparc)/.test(machine);
  let kind = "";
  return lines.flatMap((line) => {
    if (line.startsWith("file ")) kind = line.slice("file ".length);
    const [, local, peer, state] = /^\s*\d+: (\S+:\S+) (\S+:\S+) ([0-9A-F]{2}) /.exec(line) ?? [];
    if (local === undefined || peer === undefined || state === undefined) return [];
    const ends = [hexEnd(local, little), hexEnd(peer, little)] as const;
    return (
      socketOf(kind, kind.startsWith("udp") ? "" : (STATES[Number.parseInt(state, 16) - 1] ?? state), ends) ??
      []
    );
  });
}

/** `0100007F:0016`: words of 32 bits in the machine's own order. */
function hexEnd(text: string, little: boolean): End {
  const [hex = "", port = ""] = text.split(":");
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const four = (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
    return little ? four.reverse() : four;
  });
  const number = Number.parseInt(port, 16);
  return { address: addressOf(bytes), port: number === 0 ? undefined : number };
}

function addressOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = bytes.flatMap((byte, at) =>
    at % 2 === 0 ? [((byte << 8) | (bytes[at + 1] ?? 0)).toString(16)] : [],
  );
  if (groups.slice(0, 5).every((group) => group === "0") && groups[5] === "ffff")
    return `::ffff:${bytes.slice(12).join(".")}`;
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
