import { SshMcpError } from "../../base/errors.ts";
import type { DeviceMode } from "../../devices/device.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { SecretRef } from "../../secrets/reference.ts";
import type { Command } from "../record/command-log.ts";
import type { Dialogue } from "./dialogue.ts";
import { stillIn } from "./mode-steps.ts";
import type { Messages } from "./rows.ts";
import { blanksOf } from "./text-lines.ts";

export type SecretKind = NonNullable<DeviceMode["enter"]["secret"]>;

/** A command of the caller in progress: its lines, and the result of each. */
export interface Job {
  readonly command: Command;
  readonly lines: readonly string[];
  /** How many empty lines the order has in front of each; they are typed within a text alone. */
  readonly blanks: readonly number[];
  readonly mode: string | undefined;
  readonly keepGoing: boolean;
  /** Index of the line that is running. */
  at: number;
  /** The result of each line that was entered. */
  readonly told: string[];
  /**
   * Set when no further line may be typed: an interrupt key, a question, other keys of the caller, a question mark, an error,
   * a row that no list has, the caller's word that another row is a prompt.
   */
  stop: "interrupted" | "question" | "keys" | "help" | "error" | "unknown" | "claimed" | "text" | undefined;
}

export function newJob(
  command: Command,
  lines: readonly string[],
  mode?: string | undefined,
  keepGoing = false,
): Job {
  const blanks = blanksOf(command.text);
  return { command, lines, blanks, mode, keepGoing, at: 0, told: [], stop: undefined };
}

/** What a job needs of its session. */
export interface JobPort {
  readonly dialogue: Dialogue;
  secret(kind: SecretKind): SecretRef | undefined;
}

/** What rows of its output say about it. */
export function addMessages(command: Command, { errors, warnings }: Messages): void {
  if (errors.length > 0) command.errors = [...(command.errors ?? []), ...errors];
  if (warnings.length > 0) command.warnings = [...(command.warnings ?? []), ...warnings];
}

export function noSecrets(): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    "secret: a device has no kernel that proves a hidden prompt; nothing was typed",
    "The secret of a mode is filled in by mode; answer other questions with ssh_send.",
  );
}

/** It has ended at the present prompt. */
export function leftAt(command: Command, { device, prompt, loginMode }: Dialogue): void {
  if (prompt === undefined) return;
  command.mode = prompt.mode;
  if (prompt.host !== undefined) command.host = prompt.host;
  const still = command.errors?.length ? stillIn(device, prompt.mode, loginMode) : undefined;
  if (still !== undefined) command.remarks.push(still);
}

/** The secret of the inventory for a mode or the login. */
export function secretOf(host: ResolvedHost, kind: SecretKind): SecretRef | undefined {
  if (kind !== "password") return host[kind];
  const method = host.auth.find((one) => one.method === "password");
  return method?.method === "password" ? method.secret : undefined;
}
