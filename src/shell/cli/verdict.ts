import type { State } from "../record/outcome.ts";
import type { Typed } from "../record/typed.ts";
import type { PromptRow } from "./known-prompts.ts";
import { type DeviceMemory, met, type Reached } from "./memory.ts";

/** Quiet in milliseconds after which a row is taken as it reads. */
export const TRUST_TEXT = 1000;

/** Where the framing is, beside what the screen shows. */
export interface DeviceScene {
  /** What keys of the caller have left at the prompt, where no command is under way. */
  readonly typed: Typed | undefined;
  /** The last keys ended within a line. */
  readonly openEnd: boolean;
  /** The caller interrupted what runs. */
  readonly interrupted: boolean;
  /** A state holds already. */
  readonly standing: boolean;
  /** The inventory has a password for a login inside the terminal. */
  readonly hasPassword: boolean;
}

export type DeviceVerdict =
  | { readonly do: "nothing" }
  /** What the script waits for has come; the memory holds it. */
  | { readonly do: "met" }
  /** The device did not show the line. */
  | { readonly do: "lost" }
  | { readonly do: "stand"; readonly state: State; readonly note?: string }
  | {
      readonly do: "press";
      readonly key: string;
      readonly as: "page" | "login";
      readonly note: string | undefined;
    }
  /** What was typed by keys has come back to the prompt. */
  | { readonly do: "typed ended" };

export interface Judged {
  readonly memory: DeviceMemory;
  readonly verdict: DeviceVerdict;
}

export function nothing(memory: DeviceMemory): Judged {
  return { memory, verdict: { do: "nothing" } };
}

export function reached(memory: DeviceMemory, what: Reached): Judged {
  return { memory: met(memory, what), verdict: { do: "met" } };
}

export function atPrompt(memory: DeviceMemory, prompt: PromptRow): Judged {
  return reached(memory, { what: "prompt", prompt });
}

export function stand(
  memory: DeviceMemory,
  scene: DeviceScene,
  state: State | undefined,
  note?: string,
): Judged {
  if (state === undefined || scene.standing) return nothing(memory);
  return { memory, verdict: { do: "stand", state, ...(note === undefined ? {} : { note }) } };
}
