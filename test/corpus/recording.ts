import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { undump } from "./undump.ts";

/** What the device printed for one line, or for one key of a pager. */
export interface Step {
  /** The line without its line end, or the key. */
  readonly input: string;
  readonly isKey: boolean;
  /** Bytes on the wire as latin-1-safe text: echo, output, next prompt; lines end in CR LF. */
  readonly output: string;
}

/** A session with a real device, as oxidized's `device2yaml` wrote it down. */
export interface Recording {
  /** File name without `_simulation.yaml`. */
  readonly name: string;
  /** oxidized's name of the platform: the first part of the file name. */
  readonly model: string;
  /** From the login to the first prompt. */
  readonly init: string;
  readonly steps: readonly Step[];
  /** The steps stand in the order in which they were taken. */
  readonly ordered: boolean;
  /** What ends a line the device accepts. */
  readonly newline: "\n" | "\r\n";
  /** A terminal session with echo and prompt; the others are the output of exec requests. */
  readonly interactive: boolean;
}

/** Prompts that oxidized's tests know for a model. */
export interface PromptFile {
  readonly model: string;
  /** Prompts as the wire has them, some with control characters. */
  readonly pass: readonly string[];
  /** Prompts only once their control sequences have been carried out. */
  readonly passWithExpect: readonly string[];
  /** Rows that are no prompt; in some files the raw form of a prompt of `passWithExpect`. */
  readonly fail: readonly string[];
}

const SIMULATION = "_simulation.yaml";
const PROMPTS = "_generic_prompt.yaml";

const commands = z.record(z.string(), z.string().nullable());
const simulation = z.object({
  init_prompt: z.string().nullable(),
  command_newline: z.string().optional(),
  commands: z.union([commands, z.array(commands)]),
});
const prompts = z.object({
  pass: z.array(z.string()).default([]),
  pass_with_expect: z.array(z.string()).default([]),
  fail: z.array(z.string()).default([]),
});

/** The recordings, in the order of their names. @throws when the corpus is not there. */
export function recordings(): Recording[] {
  return filesOf(SIMULATION).map((name) => recordingOf(name, read(`${name}${SIMULATION}`)));
}

/** The prompt files, in the order of their models. @throws when the corpus is not there. */
export function promptFiles(): PromptFile[] {
  return filesOf(PROMPTS).map((model) => {
    const { pass, pass_with_expect, fail } = prompts.parse(parse(read(`${model}${PROMPTS}`)));
    return { model, pass, passWithExpect: pass_with_expect, fail };
  });
}

/** What oxidized makes of a recording: comments and masked secrets in it, so its rows are only nearly those of the device. */
export function expectedOutput(name: string): string {
  return read(`${name}_output.txt`);
}

/** @throws when the text has not the form of a simulation. */
export function recordingOf(name: string, yaml: string): Recording {
  const content = simulation.parse(parse(yaml));
  const ordered = Array.isArray(content.commands);
  const maps = Array.isArray(content.commands) ? content.commands : [content.commands];
  const init = wire(content.init_prompt ?? "");
  const steps = maps.flatMap((map) => Object.entries(map)).map(([input, output]) => stepOf(input, output));
  return {
    name,
    model: name.slice(0, name.indexOf("_")),
    init,
    steps: pagersLast(steps),
    ordered,
    newline: content.command_newline === "\r\n" ? "\r\n" : "\n",
    interactive:
      endsInPrompt(init) && steps.some(({ input, isKey, output }) => !isKey && output.startsWith(input)),
  };
}

/** Does what the device printed leave the cursor behind a prompt? */
export function endsInPrompt(output: string): boolean {
  return /[#>$]\s*$/.test(promptOf(output));
}

/** The prompt at the end of what the device printed, without the control characters in front of it. */
export function promptOf(output: string): string {
  const row = output.slice(output.lastIndexOf("\n") + 1);
  return row.replace(/^[\s\S]*(?:[\r\b]|\u001b\[[\d;?]*[A-Za-z]|\u001b[=>])/, "");
}

function stepOf(input: string, output: string | null): Step {
  const line = input.replace(/^\n/, "").replace(/\r?\n$/, "");
  return { input: line, isKey: line === input, output: wire(output ?? "") };
}

/**
 * A key that is to follow a pager must follow it at once: where the recorder cut the bytes a little behind the pager's row,
 * they belong to the page the key brings.
 */
function pagersLast(steps: readonly Step[]): Step[] {
  let carried = "";
  return steps.map((step, index) => {
    const output = carried + step.output;
    carried = "";
    const end = steps[index + 1]?.isKey === true ? endOfPager(output) : output.length;
    carried = output.slice(end);
    return { ...step, output: output.slice(0, end) };
  });
}

function endOfPager(output: string): number {
  const last = [...output.matchAll(/--More--[ ]?|lines \d+-\d+ /g)].at(-1);
  if (last === undefined) throw new Error(`no pager in front of a key: ${JSON.stringify(output.slice(-80))}`);
  return last.index + last[0].length;
}

/** Many recordings lost their carriage returns on the way to the file: a PTY prints CR LF. */
function wire(text: string): string {
  return undump(text).replace(/(?<!\r)\n/g, "\r\n");
}

function filesOf(suffix: string): string[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

function read(file: string): string {
  return readFileSync(join(folder(), file), "utf8");
}

/** Whether the recordings are at hand; without them the tests that read them do not run. */
export const corpusThere = existsSync(place());

function place(): string {
  const root = resolve(import.meta.dirname, "../..");
  return join(resolve(root, process.env.SSH_MCP_CORPUS ?? "../shared/corpus"), "oxidized");
}

function folder(): string {
  const path = place();
  if (!existsSync(path))
    throw new Error(
      `the corpus is not at ${path}: set SSH_MCP_CORPUS to a folder whose folder oxidized holds spec/model/data of ytti/oxidized`,
    );
  return path;
}
