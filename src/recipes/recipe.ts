import type { z } from "zod";
import type { Toolset } from "../base/toolsets.ts";
import type { Nature } from "./nature.ts";
import type { RanSteps } from "./ran.ts";
import type { Sh } from "./sh.ts";

/** Facts of one run as data, and as rows for a reader. */
export interface Shown<Facts> {
  readonly facts: Facts;
  readonly lines: readonly string[];
  /** Of the status line: `load=0.12`. */
  readonly words?: readonly (string | undefined)[];
  /** What a reader has to know beside: what was not there, or could not be read. */
  readonly notes?: readonly string[];
}

/** One job on a host: what it takes, what it runs there, how that is read. It changes nothing unless it says so. */
export interface Recipe<Inputs extends z.ZodRawShape = z.ZodRawShape, Facts = unknown> {
  /** Its tool is `ssh_NAME`. */
  readonly name: string;
  readonly toolset: Toolset;
  readonly title: string;
  readonly description: string;
  /** It changes something on the host. */
  readonly changes?: boolean;
  /** Programs it chooses by: asked for where it is used first. */
  readonly programs?: readonly string[];
  /** Of these, those that such inputs need; left out: all. */
  asks?(inputs: z.output<z.ZodObject<Inputs>>): readonly string[];
  readonly inputs: Inputs;
  /** The inventory's secret that its inputs name: the step of that name is given it as its one line of input. */
  secret?(inputs: z.output<z.ZodObject<Inputs>>): GivenSecret | undefined;
  /** Seconds it may take where the caller names none. */
  readonly seconds?: number;
  /** What is run, step by step, in one go. A text: it cannot be done on such a host, and why. */
  steps(inputs: z.output<z.ZodObject<Inputs>>, nature: Nature): Readonly<Record<string, Sh>> | string;
  read(ran: RanSteps, inputs: z.output<z.ZodObject<Inputs>>, nature: Nature): Shown<Facts>;
}

/** A secret by its name; it goes to programs of these names alone. */
export interface GivenSecret {
  readonly step: string;
  readonly name: string;
  readonly programs: readonly string[];
}

/** Recipes of different shapes fit into one list. */
export interface AnyRecipe extends Omit<Recipe, "steps" | "read" | "secret" | "asks"> {
  readonly schema: z.ZodRawShape;
  /** What it started is ended when its time is over. */
  readonly ends?: boolean;
  /** The programs that are asked for. @throws Error as `plan`. */
  asks(inputs: unknown): readonly string[];
  /** @throws Error where the inputs are none of its schema's. */
  plan(inputs: unknown, nature: Nature): Planned | string;
}

export interface Planned {
  readonly steps: Readonly<Record<string, Sh>>;
  readonly secret?: GivenSecret;
  read(ran: RanSteps): Shown<unknown>;
}
