import { OPEN, type Reach, type Way } from "../door.ts";
import { ipv4, prefix, within } from "../ipv4.ts";
import type { JunosSettings } from "./settings.ts";

const NOTHING: Reach = { packets: false, answers: false, admits: false };

interface Address {
  readonly face: string;
  readonly unit: string;
  readonly host: string;
  readonly address: number;
  readonly mask: number;
}

/** What these settings make of SSH connections on this way, for the user `noc`. */
export function reachOf(settings: JunosSettings, way: Way, booting: boolean): Reach {
  if (booting) return NOTHING;
  const has = (statement: string) => settings.includes(statement);
  const addresses = settings
    .flatMap((one) => addressIn(one) ?? [])
    .filter(
      ({ face, unit }) =>
        !has(`interfaces ${face} disable`) && !has(`interfaces ${face} unit ${unit} disable`),
    )
    .filter(
      ({ face, unit }) =>
        !settings.some(
          (one) => /^routing-instances /.test(one) && one.endsWith(` interface ${face}.${unit}`),
        ),
    );
  const connected = (target: number) => addresses.some(({ address, mask }) => within(target, address, mask));
  const at = addresses.find(({ host }) => host === way.to);
  if (at === undefined || !hasRoute(settings, way.from, connected)) return NOTHING;
  const head = `interfaces ${at.face} unit ${at.unit} family inet filter input `;
  const filter = settings.find((one) => one.startsWith(head))?.slice(head.length);
  if (filter !== undefined && !accepts(settings, filter, way)) return NOTHING;
  return {
    ...OPEN,
    answers: settings.some((one) => /^system services ssh\b/.test(one)),
    admits: isAdmitted(settings),
  };
}

function addressIn(statement: string): Address | undefined {
  const [, face = "", unit = "", text] =
    /^interfaces (\S+) unit (\d+) family inet address (\S+)$/.exec(statement) ?? [];
  const parsed = text === undefined ? undefined : prefix(text);
  return parsed && { face, unit, host: text?.split("/")[0] ?? "", ...parsed };
}

function hasRoute(settings: JunosSettings, to: string, connected: (address: number) => boolean): boolean {
  const target = ipv4(to) ?? 0;
  if (connected(target)) return true;
  const [best] = settings
    .flatMap((one) => {
      const [, network, hop] = /^routing-options static route (\S+) next-hop (\S+)$/.exec(one) ?? [];
      const parsed = network === undefined ? undefined : prefix(network);
      return parsed && within(target, parsed.address, parsed.mask) ? [{ ...parsed, hop }] : [];
    })
    .sort((a, b) => b.mask - a.mask);
  const hop = ipv4(best?.hop ?? "");
  return hop !== undefined && connected(hop);
}

/** Terms in their order; behind them everything is discarded, and so it is by a filter that is not there. */
function accepts(settings: JunosSettings, filter: string, way: Way): boolean {
  const head = `firewall family inet filter ${filter} term `;
  const own = settings.filter((one) => one.startsWith(head)).map((one) => one.slice(head.length));
  const terms = [...new Set(own.map((one) => one.split(" ")[0] ?? ""))];
  for (const term of terms) {
    const from = own
      .filter((one) => one.startsWith(`${term} from `))
      .map((one) => one.slice(term.length + 6));
    if (!from.every((condition) => holds(condition, way))) continue;
    return own.includes(`${term} then accept`);
  }
  return false;
}

function holds(condition: string, { from, to }: Way): boolean {
  const [what = "", value = ""] = condition.split(" ");
  if (what === "protocol") return value === "tcp";
  if (what === "destination-port") return value === "ssh" || value === "22";
  const parsed = prefix(value);
  const address = ipv4(what === "source-address" ? from : to) ?? 0;
  return parsed !== undefined && within(address, parsed.address, parsed.mask);
}

/** No server is in reach; without `password` in the order nobody else is asked. */
function isAdmitted(settings: JunosSettings): boolean {
  const order = settings.find((one) => one.startsWith("system authentication-order "));
  return (
    settings.some((one) => one.startsWith("system login user noc ")) &&
    (order === undefined || /\bpassword\b/.test(order))
  );
}
