/**
 * What running a text can do, the mildest first.
 *
 * - `read`: looks, and changes nothing that outlasts it;
 * - `write`: changes something small that can be put back: a file of one's own, a description, `no shutdown`, a reload of a service;
 * - `opaque`: what it does cannot be known from the text: a script on the host, a name that is made while it runs, keys into a program;
 * - `disruptive`: takes a service, a link, or somebody's access away, or replaces what others rely on;
 * - `irreversible`: what it destroys is gone: disks, files, databases, configurations, keys.
 */
export const RISKS = ["read", "write", "opaque", "disruptive", "irreversible"] as const;

export type Risk = (typeof RISKS)[number];

/** One reason for a risk: where it stands in the text that was judged. */
export interface Finding {
  readonly risk: Risk;
  /** Characters [from, to) of the text. */
  readonly from: number;
  readonly to: number;
  /** What it comes to: the argv of the command without its wrappers, the command with its abbreviations spelled out. */
  readonly meaning: string;
  /** A plain half sentence: "deletes files", "the name of the command is made while it runs". */
  readonly why: string;
  /** The ways to where it is done, where that is another host, a container or another root, outermost first: `ssh web2`. */
  readonly via?: readonly string[];
}

/** What a text would do, read without running anything. `State`: what of it lasts for the next text of the same session. */
export interface Judgement<State> {
  /** The worst of the findings; `read` where there are none. */
  readonly risk: Risk;
  /** In the order of the text; what only reads is not among them, but where nothing else is. */
  readonly findings: readonly Finding[];
  readonly state: State;
}

/** The worst of several; `read` for none. */
export function worstOf(risks: Iterable<Risk>): Risk {
  let worst = 0;
  for (const risk of risks) worst = Math.max(worst, RISKS.indexOf(risk));
  return RISKS[worst] ?? "irreversible";
}
