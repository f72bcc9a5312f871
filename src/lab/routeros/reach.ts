import { OPEN, type Reach, type Way } from "../door.ts";
import { isWithin, parseAddress, parsePrefix } from "./addresses.ts";
import type { RouterOsState, Row } from "./state.ts";

const NOTHING: Reach = { packets: false, answers: false, admits: false };
const SSH = "22";

/** What this state makes of SSH connections on this way, for the user `admin`. */
export function reachOf(state: RouterOsState, way: Way, booting: boolean): Reach {
  const at = booting ? undefined : enabled(state.tables.address).find((row) => hostOf(row) === way.to);
  const face = at?.values.interface ?? "";
  if (at === undefined || !isUp(state, face) || !hasRoute(state, way.from)) return NOTHING;
  const verdict = (connection: "established" | "new") => inputVerdict(state, { ...way, face, connection });
  if (verdict("established") !== "accept") return NOTHING;
  const fresh = verdict("new");
  return { ...OPEN, answers: fresh === "accept", silent: fresh === "drop", admits: isAdmitted(state, way) };
}

function enabled(rows: readonly Row[]): Row[] {
  return rows.filter(({ values }) => values.disabled !== "yes");
}

function hostOf({ values }: Row): string {
  return (values.address ?? "").split("/")[0] ?? "";
}

function isUp(state: RouterOsState, face: string): boolean {
  return enabled(state.tables.interface).some(({ values }) => values.name === face);
}

/** A route with a gateway that a connected network has, the longest first. */
function hasRoute(state: RouterOsState, to: string): boolean {
  const target = parseAddress(to) ?? 0;
  const covers = (address: number, text: string) => {
    const prefix = parsePrefix(text);
    return prefix !== undefined && isWithin(address, prefix);
  };
  const connected = (address: number) =>
    enabled(state.tables.address).some(
      ({ values }) => isUp(state, values.interface ?? "") && covers(address, values.address ?? ""),
    );
  if (connected(target)) return true;
  const [best] = enabled(state.tables.route)
    .filter(({ values }) => covers(target, values["dst-address"] ?? ""))
    .sort((a, b) => lengthOf(b) - lengthOf(a));
  const hop = parseAddress(best?.values.gateway ?? "");
  return hop !== undefined && connected(hop);
}

function lengthOf({ values }: Row): number {
  return parsePrefix(values["dst-address"] ?? "")?.length ?? 0;
}

interface Packet extends Way {
  readonly face: string;
  readonly connection: "established" | "new";
}

type Verdict = "accept" | "drop" | "reject";

/** Rules of the chain `input` in their order; behind them everything is accepted. */
function inputVerdict(state: RouterOsState, packet: Packet): Verdict {
  for (const { values } of enabled(state.tables.filter)) {
    if (values.chain !== "input" || !matches(values, packet)) continue;
    const action = values.action ?? "accept";
    if (action === "accept" || action === "reject") return action;
    if (action === "drop" || action === "tarpit") return "drop";
  }
  return "accept";
}

function matches(values: Readonly<Record<string, string>>, packet: Packet): boolean {
  const within = (address: string, text: string | undefined) => {
    const prefix = text === undefined ? undefined : parsePrefix(text);
    return text === undefined || (prefix !== undefined && isWithin(parseAddress(address) ?? 0, prefix));
  };
  const listed = (text: string | undefined, value: string) =>
    text === undefined || text === "" || text.split(",").includes(value);
  return (
    listed(values["connection-state"], packet.connection) &&
    listed(values.protocol, "tcp") &&
    listed(values["dst-port"], SSH) &&
    listed(values["in-interface"], packet.face) &&
    (values["out-interface"] ?? "") === "" &&
    within(packet.from, values["src-address"] || undefined) &&
    within(packet.to, values["dst-address"] || undefined)
  );
}

function isAdmitted(state: RouterOsState, { from }: Way): boolean {
  const user = enabled(state.tables.user).find(({ values }) => values.name === "admin");
  const allowed = user?.values.address;
  if (user === undefined || allowed === undefined || allowed === "") return user !== undefined;
  const prefix = parsePrefix(allowed);
  return prefix !== undefined && isWithin(parseAddress(from) ?? 0, prefix);
}
