import type { Clock } from "../../base/clock.ts";
import type { Entry } from "../journal.ts";
import type { IosConfig } from "./config.ts";

export type Mode =
  | "exec"
  | "enable"
  | "config"
  | "config-if"
  | "config-vlan"
  | "config-line"
  | "config-router"
  | "config-archive"
  | "config-vrf"
  | "config-std-nacl"
  | "config-ext-nacl";

/** What a command may do to its session. */
export interface IosContext {
  readonly config: IosConfig;
  /** Rows through the pager. */
  print(rows: readonly string[]): void;
  /** Rows as they are. */
  say(...rows: readonly string[]): void;
  go(mode: Mode, about?: string): void;
  /** Into configuration mode, as `configure terminal` does. */
  configure(): void;
  readonly about: string;
  hangUp(): void;
  askSecret(): void;
  /** A question answered by one key; anything but Enter and y declines. */
  confirm(question: string, yes: () => void): void;
  /** A question answered by a line. */
  ask(question: string, answered: (line: string) => void): void;
  ping(target: string, count: number): void;
  setLength(rows: number): void;
  setWidth(columns: number): void;
  monitor(on: boolean): void;
  readonly history: readonly string[];
  readonly privileged: boolean;
  /** Text up to `delimiter` becomes the banner. */
  readBanner(delimiter: string): void;
  changed(): void;
  /** Who types, as log rows name them. */
  readonly by: string;
  readonly time: Clock;
  journal(kind: Entry["kind"], text: string): void;
  /** A row of the system log, time aside. */
  log(text: string): void;
  /** `% Invalid input` with the caret under a value of the line. */
  refuse(value: string): void;
  clock(): string;
}

/** Adds one command to a mode. */
export type Add = (path: string, run: (context: IosContext, values: readonly string[]) => void) => void;

/** Longest configuration prompt: the hostname gives way. */
const CONFIG_PROMPT = 20;

export function promptText(mode: Mode, hostname: string): string {
  if (mode === "exec") return `${hostname}>`;
  if (mode === "enable") return `${hostname}#`;
  const behind = `(${mode})#`;
  const room = Math.max(1, CONFIG_PROMPT + 9 - behind.length);
  return `${hostname.slice(0, Math.max(room, 10))}${behind}`;
}
