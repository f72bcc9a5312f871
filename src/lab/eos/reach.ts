import { OPEN, type Reach, type Way } from "../door.ts";
import { ipv4, prefix, within } from "../ipv4.ts";
import type { EosSettings } from "./settings.ts";

const NOTHING: Reach = { packets: false, answers: false, admits: false };

/** What these settings make of SSH connections on this way, for the user `admin`. */
export function reachOf(settings: EosSettings, way: Way, booting: boolean): Reach {
  if (booting) return NOTHING;
  const faces = [...settings].filter(([head]) => head.startsWith("interface "));
  const up = faces.filter(
    ([, rows]) => !rows.includes("shutdown") && !rows.some((row) => row.startsWith("vrf ")),
  );
  const networks = up.flatMap(([, rows]) => rows.flatMap((row) => addressIn(row) ?? []));
  const at = up.find(([, rows]) => rows.some((row) => row.startsWith(`ip address ${way.to}/`)));
  const connected = (address: number) => networks.some((one) => within(address, one.address, one.mask));
  if (at === undefined || !hasRoute(settings, way.from, connected)) return NOTHING;
  if (!permits(settings, groupOf(at[1]), way)) return NOTHING;
  const ssh = settings.get("management ssh") ?? [];
  const answers = !ssh.includes("shutdown") && permits(settings, groupOf(ssh), way);
  return { ...OPEN, answers, admits: isAdmitted(settings) };
}

function addressIn(row: string): ReturnType<typeof prefix> {
  const [, text] = /^ip address (\S+)$/.exec(row) ?? [];
  return text === undefined ? undefined : prefix(text);
}

function groupOf(rows: readonly string[]): string {
  const [, name = ""] = rows.map((row) => /^ip access-group (\S+) in$/.exec(row)).find(Boolean) ?? [];
  return name;
}

function hasRoute(settings: EosSettings, to: string, connected: (address: number) => boolean): boolean {
  const target = ipv4(to) ?? 0;
  if (connected(target)) return true;
  if (!settings.has("ip routing")) return false;
  const [best] = [...settings.keys()]
    .flatMap((head) => {
      const [, network, hop] = /^ip route (\S+) (\S+)$/.exec(head) ?? [];
      const parsed = network === undefined ? undefined : prefix(network);
      return parsed && within(target, parsed.address, parsed.mask) ? [{ ...parsed, hop }] : [];
    })
    .sort((a, b) => b.mask - a.mask);
  const hop = ipv4(best?.hop ?? "");
  return hop !== undefined && connected(hop);
}

/** A list that is not there permits everything; behind its rows everything is denied. */
function permits(settings: EosSettings, name: string, way: Way): boolean {
  const list = settings.get(`ip access-list ${name}`) ?? settings.get(`ip access-list standard ${name}`);
  if (name === "" || list === undefined) return true;
  const rows = list.map((row) => row.replace(/^\d+ /, "")).filter((row) => !row.startsWith("remark"));
  return rows.find((row) => matches(row, way))?.startsWith("permit") ?? false;
}

function matches(row: string, { from, to }: Way): boolean {
  const [, ...words] = row.split(" ");
  if (words[0] === "ip" || words[0] === "tcp") words.shift();
  else if (/^(?:udp|icmp)$/.test(words[0] ?? "")) return false;
  const covers = (address: string) => {
    const word = words.shift() ?? "any";
    const text = word === "host" ? (words.shift() ?? "") : word;
    const parsed = prefix(text);
    return (
      text === "any" || (parsed !== undefined && within(ipv4(address) ?? 0, parsed.address, parsed.mask))
    );
  };
  if (!covers(from) || !covers(to)) return false;
  return words[0] !== "eq" || words[1] === "ssh" || words[1] === "22";
}

/** No server of AAA is in reach. */
function isAdmitted(settings: EosSettings): boolean {
  const heads = [...settings.keys()];
  const methods = (service: string) =>
    heads
      .find((head) => head.startsWith(`aaa ${service} default `))
      ?.split(" default ")[1]
      ?.replace(/\bgroup \S+/g, "group")
      .split(" ") ?? ["local"];
  const local = heads.some((head) => /^username admin\b/.test(head));
  const login = methods("authentication login");
  const exec = methods("authorization exec");
  return (
    (login.includes("none") || (login.includes("local") && local)) && exec.some((one) => one !== "group")
  );
}
