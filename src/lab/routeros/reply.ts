import type { RouterOsConfig } from "./config.ts";

/** What a command may know. */
export interface CommandContext {
  readonly config: RouterOsConfig;
  readonly user: string;
  /** The menu the session stands in, as `/ip/address`; empty for the root. */
  readonly path: string;
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly random: () => number;
  /** The router goes down and comes up, once this session has said its last. */
  restart(): void;
}

/** One picture of something that runs. */
export interface Frame {
  readonly rows: readonly string[];
  /** The command is over after this one. */
  readonly last?: boolean;
}

/** A command that goes on printing until it ends or is left with Q or Ctrl-C. */
export interface LiveView {
  readonly everyMs: number;
  /** `append`: each frame below the one before. `repaint`: over it. */
  readonly mode: "append" | "repaint";
  /** Whether the row of keys stands below it. */
  readonly footer: boolean;
  frame(count: number): Frame;
  /** Rows printed when it ends, for whatever reason. */
  summary(): readonly string[];
}

/** What comes of a command. */
export type Reply =
  | { readonly kind: "rows"; readonly rows: readonly string[]; readonly paged: boolean }
  | { readonly kind: "live"; readonly view: LiveView }
  /** One key decides; anything but `yes` means no. */
  | { readonly kind: "question"; readonly text: string; onYes(): Reply }
  /** A value that was left out is asked for. */
  | { readonly kind: "value"; readonly label: string; onValue(value: string): Reply }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "move"; readonly path: string }
  /** The session ends, after the device said this. */
  | { readonly kind: "leave"; readonly rows: readonly string[] };

export function rows(...text: string[]): Reply {
  return { kind: "rows", rows: text, paged: false };
}

export const NOTHING: Reply = { kind: "rows", rows: [], paged: false };
