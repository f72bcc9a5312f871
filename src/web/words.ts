/** What the server says to the page, one JSON object a line of a stream, and what the page asks for, one a request. */

/** What the person at the page may do beside watching. */
export interface Rights {
  readonly type: boolean;
  readonly approve: boolean;
}

/** A session as a card shows it. */
export interface Card {
  /** Of the set of sessions it is in, and its name there. */
  readonly place: string;
  readonly session: string;
  /** Whose it is, where there are several callers. */
  readonly owner?: string;
  readonly host: string;
  readonly target: string;
  readonly state: string;
  /** Why it is closed. */
  readonly closed?: string;
  readonly cwd?: string;
  /** Network CLI: `config-if`. */
  readonly mode?: string;
  /** Seconds since anybody acted, when this was said. */
  readonly idle: number;
  readonly last?: Ran;
  /** Who has the keyboard. */
  readonly keyboard?: string;
  /** People who look on. */
  readonly here: readonly string[];
}

/** A command and what became of it. */
export interface Ran {
  readonly id: number;
  readonly text: string;
  readonly state: string;
  readonly exit?: number;
  readonly ms: number;
  readonly cwd?: string;
  readonly remarks: readonly string[];
}

/** What the terminal shows: whole, or the rows that are others than in the picture before. */
export interface Picture {
  readonly seq: number;
  readonly whole: boolean;
  readonly cols: number;
  readonly rows: number;
  /** Row, from 0, and its text with sequences for colours only. */
  readonly changed: readonly (readonly [row: number, text: string])[];
  readonly cursor: { readonly row: number; readonly col: number };
  readonly cursorKeys: boolean;
  readonly paste: boolean;
  /** Pictures between this one and the last that the page was too slow for. */
  readonly left: number;
}

/** A line of the audit log. */
export interface Audited {
  readonly seq: number;
  readonly time: string;
  readonly what: string;
  readonly text: string;
}

/** An order that waits for a person. */
export interface Asking {
  readonly id: string;
  readonly key: string;
  readonly host: string;
  readonly session?: string;
  readonly irreversible: boolean;
  /** The whole of what a person has to read. */
  readonly text: string;
  /** Milliseconds it still waits, when this was said. */
  readonly left: number;
}

export type ToPage =
  | {
      readonly is: "hello";
      /** Of this stream: what the page asks for names it. */
      readonly view: string;
      readonly name: string;
      readonly rights: Rights;
      readonly version: string;
    }
  /** Nothing has happened. */
  | { readonly is: "still" }
  | { readonly is: "cards"; readonly cards: readonly Card[] }
  | { readonly is: "picture"; readonly place: string; readonly session: string; readonly picture: Picture }
  | { readonly is: "ran"; readonly place: string; readonly session: string; readonly ran: readonly Ran[] }
  | { readonly is: "hands"; readonly place: string; readonly session: string; readonly holds: boolean }
  | { readonly is: "notice"; readonly text: string }
  | { readonly is: "asking"; readonly asking: readonly Asking[] }
  | {
      readonly is: "lines";
      readonly place: string;
      readonly session: string;
      readonly lines: readonly string[];
      readonly whole: boolean;
    }
  | {
      readonly is: "audited";
      readonly place: string;
      readonly session: string;
      readonly lines: readonly Audited[];
      /** Why there are none. */
      readonly none: string;
    }
  | { readonly is: "gone"; readonly why: string };

/** A session, by the set it is in. */
export interface At {
  readonly place: string;
  readonly session: string;
}

/** What acts on a session, or asks about it, names it: it is refused where the page does not watch that one. */
export type OnSession = At &
  (
    | { readonly do: "again" | "take" | "release" | "interrupt" | "lines" | "audited" }
    | { readonly do: "keys"; readonly keys: string }
  );

export type FromPage =
  | ({ readonly do: "watch" } & At)
  | { readonly do: "unwatch" }
  | OnSession
  | {
      readonly do: "answer";
      readonly id: string;
      readonly key: string;
      readonly yes: boolean;
      /** Typed by the person, where it cannot be undone. */
      readonly host?: string | undefined;
    };

/** A picture of a recording. */
export interface Frame {
  /** Milliseconds since its beginning. */
  readonly at: number;
  readonly cols: number;
  readonly rows: number;
  readonly whole: boolean;
  readonly changed: readonly (readonly [row: number, text: string])[];
  readonly cursor: readonly [row: number, col: number];
}

/** A recording for a page that plays it. */
export interface Reel {
  readonly title: string;
  readonly ms: number;
  readonly frames: readonly Frame[];
  readonly marks: readonly (readonly [at: number, text: string])[];
}
