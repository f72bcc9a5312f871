import type { ResolvedHost } from "../../inventory/host.ts";
import {
  type AlgorithmKind,
  KINDS,
  NAMES,
  type ServerOffer,
  type Standing,
  standing,
} from "../../ssh/protocol/algorithms.ts";

/** `shown`: how many names; a server may send thousands. */
const GROUPS: readonly { readonly standing: Standing; readonly title: string; readonly shown: number }[] = [
  { standing: "safe", title: "good", shown: 4 },
  { standing: "allowed", title: "weak, allowed by legacy", shown: 10 },
  { standing: "weak", title: "weak, not allowed", shown: 10 },
  { standing: "unknown", title: "not supported here", shown: 4 },
];

/** What the server offers, one line for each kind, sorted by what can be done with it. */
export function offerLines(offer: ServerOffer, host: ResolvedHost): string[] {
  const width = Math.max(...KINDS.map((kind) => NAMES[kind].text.length));
  return KINDS.map((kind) => `${NAMES[kind].text.padEnd(width)}  ${groups(kind, offer[kind], host)}`);
}

/** What the server would have preferred to what was agreed on, since the client's order decides (RFC 4253 7.1). */
export function preferences(
  offer: ServerOffer,
  agreed: {
    readonly kex: string;
    readonly hostKey: string;
    readonly cipher: string;
    readonly mac: string;
  },
  host: ResolvedHost,
): { readonly kex: readonly string[]; readonly others: readonly string[] } {
  const differing = KINDS.filter((kind) => agreed[kind] !== "" && !sameChoice(offer[kind][0], agreed[kind]));
  const said = (kind: AlgorithmKind) => {
    const [first = ""] = offer[kind];
    const unknown =
      standing(kind, first, host.legacy) === "unknown"
        ? ", which is not supported here; nothing has to be done"
        : "";
    return `the server would prefer the ${NAMES[kind].text} ${first}${unknown}`;
  };
  return {
    kex: differing.filter((kind) => kind === "kex").map(said),
    others: differing.filter((kind) => kind !== "kex").map(said),
  };
}

/** Some algorithms have two names. */
function sameChoice(first: string | undefined, agreed: string): boolean {
  const plain = (name: string) => name.replace(/@(?:libssh\.org|openssh\.com)$/, "");
  return first === undefined || plain(first) === plain(agreed);
}

function groups(kind: AlgorithmKind, names: readonly string[], host: ResolvedHost): string {
  const shown = GROUPS.flatMap(({ standing: wanted, title, shown: most }) => {
    const members = names.filter((name) => standing(kind, name, host.legacy) === wanted);
    return members.length === 0 ? [] : [`${title}: ${some(members, most)}`];
  });
  return shown.join("; ") || "the server offers none";
}

function some(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
