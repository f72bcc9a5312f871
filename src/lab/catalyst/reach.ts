import { OPEN, type Reach, type Way } from "../door.ts";
import { ipv4, within } from "../ipv4.ts";
import type { AccessList, IosInterface, IosSettings } from "./settings.ts";

const NOTHING: Reach = { packets: false, answers: false, admits: false };
const SSH = 22;

/** What these settings make of SSH connections on this way. */
export function reachOf(settings: IosSettings, way: Way, booting: boolean): Reach {
  if (booting || !packetsPass(settings, way)) return NOTHING;
  return { ...OPEN, answers: lineAnswers(settings, way), admits: userIsAdmitted(settings) };
}

function packetsPass(settings: IosSettings, way: Way): boolean {
  const at = [...settings.interfaces.values()].find((one) => one.address.split(" ")[0] === way.to);
  if (at === undefined || !isUp(at) || at.vrf !== "") return false;
  return hasRoute(settings, way.from) && listPermits(settings, at.accessGroup, way);
}

function isUp(one: IosInterface): boolean {
  return one.wired && !one.shutdown;
}

function hasRoute(settings: IosSettings, to: string): boolean {
  const target = ipv4(to) ?? 0;
  const connected = (address: number) =>
    [...settings.interfaces.values()].some((one) => {
      const [own = "", mask = ""] = one.address.split(" ");
      const network = ipv4(own);
      return (
        isUp(one) && one.vrf === "" && network !== undefined && within(address, network, ipv4(mask) ?? 0)
      );
    });
  if (connected(target)) return true;
  // The longest prefix decides, also where it leads nowhere.
  const [best] = settings.routes
    .map((row) => row.split(" "))
    .filter(([network = "", mask = ""]) => within(target, ipv4(network) ?? 0, ipv4(mask) ?? 0))
    .sort(([, a = ""], [, b = ""]) => (ipv4(b) ?? 0) - (ipv4(a) ?? 0));
  const hop = ipv4(best?.[2] ?? "");
  return hop !== undefined && connected(hop);
}

/** A list that does not exist, or is empty, permits everything; behind its rows everything is denied. */
export function listPermits(settings: IosSettings, name: string, way: Way): boolean {
  const list = name === "" ? undefined : settings.lists.get(name);
  const rows = list?.rows.filter((row) => !row.startsWith("remark")) ?? [];
  if (list === undefined || rows.length === 0) return true;
  const hit = rows.find((row) => rowMatches(list.kind, row, way));
  return hit?.startsWith("permit") ?? false;
}

function rowMatches(kind: AccessList["kind"], row: string, way: Way): boolean {
  const words = row.split(/\s+/).slice(1);
  if (kind === "standard") return takeAddress(words, way.from);
  const protocol = words.shift();
  if (protocol !== "ip" && protocol !== "tcp") return false;
  if (!takeAddress(words, way.from)) return false;
  if (words[0] === "eq") return false; // A port of the client's side: never ours.
  if (!takeAddress(words, way.to)) return false;
  const [verb, port] = words;
  return verb !== "eq" || port === String(SSH);
}

/** Takes `any`, `host A`, `A WILDCARD` or `A` from the front; whether it covers the address. */
function takeAddress(words: string[], address: string): boolean {
  const first = words.shift() ?? "any";
  if (first === "any") return true;
  const network = ipv4(first === "host" ? (words.shift() ?? "") : first) ?? 0;
  const wildcard = first === "host" ? undefined : ipv4(words[0] ?? "");
  if (wildcard !== undefined) words.shift();
  return within(ipv4(address) ?? 0, network, ~(wildcard ?? 0) >>> 0);
}

/** The lines are handed out by what they take; the list is that of the line that was handed out. */
function lineAnswers(settings: IosSettings, way: Way): boolean {
  const line = settings.vty.find(({ transport }) => /\b(?:ssh|all)\b/.test(transport));
  return line !== undefined && listPermits(settings, line.accessClass, way);
}

/** No server of AAA is in reach: a list that names one alone lets nobody in. */
function userIsAdmitted(settings: IosSettings): boolean {
  const local = settings.users.includes("noc");
  if (!settings.newModel) return settings.vty.every(({ login }) => login === "local") && local;
  const methods = (service: string) => {
    const row = settings.aaa.find((one) => one.startsWith(`${service} default `));
    return row
      ?.replace(/^\S+ \S+ default /, "")
      .replace(/\bgroup \S+/g, "group")
      .split(" ");
  };
  const login = methods("authentication login") ?? ["local"];
  const exec = methods("authorization exec") ?? ["none"];
  return (
    (login.includes("none") || (login.includes("local") && local)) &&
    exec.some((method) => method === "none" || method === "local" || method === "if-authenticated")
  );
}
