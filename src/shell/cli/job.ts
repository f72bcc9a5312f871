import type { DeviceMode } from "../../devices/device.ts";
import type { SecretRef } from "../../secrets/reference.ts";
import type { Command } from "../record/command-log.ts";
import type { DeviceError } from "../record/outcome.ts";
import type { Dialogue } from "./dialogue.ts";

export type SecretKind = NonNullable<DeviceMode["enter"]["secret"]>;

/** A command of the caller in progress: its lines, and the result of each. */
export interface Job {
  readonly command: Command;
  readonly lines: readonly string[];
  readonly mode: string | undefined;
  readonly keepGoing: boolean;
  /** Index of the line that is running. */
  at: number;
  /** The result of each line that was entered. */
  readonly told: string[];
  readonly errors: DeviceError[];
  /** Set when no further line may be typed: an interrupt key, a question, other keys of the caller, a question mark. */
  stop: "interrupted" | "question" | "keys" | "help" | undefined;
}

export function newJob(
  command: Command,
  lines: readonly string[],
  mode?: string | undefined,
  keepGoing = false,
): Job {
  return { command, lines, mode, keepGoing, at: 0, told: [], errors: [], stop: undefined };
}

/** What a job needs of its session. */
export interface JobPort {
  readonly dialogue: Dialogue;
  secret(kind: SecretKind): SecretRef | undefined;
}
