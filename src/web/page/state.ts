import type { At, Card, Ran } from "../words.ts";

/** What a state is called, and which of the few colours says it; the words alone say enough. */
export function stateOf({ state }: Pick<Card, "state">): { readonly word: string; readonly tone: Tone } {
  switch (state) {
    case "ready":
      return { word: "at a prompt", tone: "calm" };
    case "busy":
      return { word: "running", tone: "busy" };
    case "asking":
      return { word: "asks a question", tone: "ask" };
    case "screen":
      return { word: "full screen", tone: "busy" };
    case "starting":
      return { word: "being opened", tone: "busy" };
    case "unframed":
      return { word: "open, not framed", tone: "calm" };
    default:
      return { word: state, tone: "over" };
  }
}

export type Tone = "calm" | "good" | "busy" | "ask" | "bad" | "over";

export function outcomeOf({ state, exit }: Ran): { readonly word: string; readonly tone: Tone } {
  if (state === "running") return { word: "running", tone: "busy" };
  if (state === "asking") return { word: "asks", tone: "ask" };
  if (exit !== undefined) return { word: `exit ${exit}`, tone: exit === 0 ? "good" : "bad" };
  return { word: state, tone: state === "closed" ? "bad" : "calm" };
}

/** `#/place/session`. */
export function linkTo({ place, session }: At): string {
  return `#/${encodeURIComponent(place)}/${encodeURIComponent(session)}`;
}

export function wantedIn(hash: string): At | undefined {
  const [, place, session] = /^#\/([^/]+)\/([^/]+)$/.exec(hash) ?? [];
  if (place === undefined || session === undefined) return undefined;
  try {
    return { place: decodeURIComponent(place), session: decodeURIComponent(session) };
  } catch {
    return undefined;
  }
}
