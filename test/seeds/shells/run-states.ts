import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../real/kit/process.ts";
import type { Opened, Result, Rig } from "../../real/rig.ts";
import { seeded } from "../random.ts";
import { SHELLS, type ShellState, shellState } from "./grammar.ts";

/** What three commands are expected to print and return, one by one; `ends`: the shell ends with that command. */
interface Expected {
  readonly steps: readonly {
    readonly rows: readonly string[];
    readonly exit: number;
    readonly ends: boolean;
  }[];
  readonly files: Readonly<Record<string, string>>;
}

export interface StateRun {
  readonly shell: string;
  readonly faults: readonly string[];
  readonly outcomes: number;
  /** Commands of which the outcome, or a refusal, says that they were not run: what comes behind one is not looked at. */
  readonly notRun: readonly string[];
}

/** Runs one generated state over a session of its own, and compares it with what scripts of the same shell do. */
export async function stateRun(rig: Rig, seed: number): Promise<StateRun> {
  const random = seeded(seed);
  for (;;) {
    const state = shellState(random);
    const folder = await mkdtemp(join(tmpdir(), "shell-state-"));
    try {
      const expected = await expectedOf(state, folder);
      // The shell does not take that state: another one is drawn.
      if (expected === undefined) continue;
      return await compare(rig, state, expected, join(folder, "session"), seed);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function expectedOf(state: ShellState, folder: string): Promise<Expected | undefined> {
  const made = join(folder, "session");
  await mkdir(made, { mode: 0o777 });
  await run("chmod", ["-R", "0777", folder]);
  const probe = await scripted(state, folder, ["echo reached"]);
  if (!probe.rows.includes("reached") && !(await readAll(probe.folder)).includes("reached")) return undefined;
  const steps: Expected["steps"][number][] = [];
  let before = (await scripted(state, folder, [])).rows;
  for (let count = 1; count <= state.commands.length; count++) {
    const { rows, exit, reached } = await scripted(state, folder, state.commands.slice(0, count), true);
    const ends = !reached;
    steps.push({ rows: rows.slice(before.length), exit, ends });
    before = rows;
    if (ends) break;
  }
  const last = await scripted(state, folder, state.commands.slice(0, steps.length));
  return { steps, files: await filesOf(last.folder) };
}

let scripts = 0;

/** `sees`: whether the shell was still there behind the last command is found out by a second run. */
async function scripted(
  state: ShellState,
  folder: string,
  commands: readonly string[],
  sees = false,
): Promise<{ rows: string[]; exit: number; folder: string; reached: boolean }> {
  const number = ++scripts;
  const own = join(folder, `script-${number}`);
  await mkdir(own);
  const file = join(folder, `script-${number}.sh`);
  const lines = [...state.state, ...commands];
  await writeFile(file, `${lines.join("\n")}\n`);
  const ran = await inShell(state, file, own);
  let reached = true;
  if (sees) {
    const other = join(folder, `seen-${number}`);
    await mkdir(other);
    const flag = join(folder, `flag-${number}`);
    await writeFile(`${file}.seen`, `${lines.join("\n")}\n: >${flag}\n`);
    await inShell(state, `${file}.seen`, other);
    reached = await readFile(flag).then(
      () => true,
      () => !state.state.some((line) => line.startsWith("set -e")),
    );
  }
  return { rows: rowsOf(state, ran.stdout), exit: ran.code ?? -1, folder: own, reached };
}

function inShell(state: ShellState, file: string, cwd: string) {
  const [program = "", ...args] = SHELLS[state.shell] ?? [];
  return run("/bin/sh", ["-c", 'exec "$@" 2>&1', "sh", program, ...args, file], {
    cwd,
    env: { LC_ALL: "C.UTF-8", ENV: "" },
  });
}

async function compare(
  rig: Rig,
  state: ShellState,
  expected: Expected,
  folder: string,
  seed: number,
): Promise<StateRun> {
  const { shell } = state;
  const faults: string[] = [];
  let outcomes = 0;
  const notRun: string[] = [];
  const session = await rig.open(shell, `state-${seed}`);
  const told = () => `${state.shell}: ${JSON.stringify(state.state)}`;
  try {
    await session.run(`cd ${folder}`);
    const before = await session.run(state.state.join("\n"));
    if (before.outcome.state !== "done") faults.push(`${told()}: the state itself ended as ${shown(before)}`);
    else if (saysNotRun(session, before)) return { shell, faults, outcomes: 1, notRun: [told()] };
    for (const [index, step] of faults.length > 0 ? [] : expected.steps.entries()) {
      const command = state.commands[index] ?? "";
      const result = await session.run(command, { timeoutMs: 15_000 });
      outcomes++;
      if (saysNotRun(session, result)) {
        // What comes behind it would differ in the script.
        return { shell, faults, outcomes, notRun: [`${told()}: ${shown(result)}`] };
      }
      const at = `${told()}, command ${index + 1} ${JSON.stringify(command.slice(0, 60))}`;
      const wanted = step.ends ? "closed" : "done";
      const rows = named(rowsOf(state, result.text));
      if (result.outcome.state !== wanted || result.outcome.exit !== step.exit)
        faults.push(`${at}: ${shown(result)} and not ${wanted} ${step.exit}`);
      else if (rows.join("\n") !== named(step.rows).join("\n"))
        faults.push(`${at}: printed ${JSON.stringify(rows)} and not ${JSON.stringify(step.rows)}`);
      if (/__m\b/.test(result.text)) faults.push(`${at}: a row of ours: ${JSON.stringify(result.text)}`);
      if (faults.length > 0) break;
    }
    if (faults.length === 0) {
      const made = await filesOf(folder);
      for (const [name, text] of Object.entries(made))
        if (promptsIn(state, name)) made[name] = withoutPrompts(text, expected.files[name]);
      const [files, wanted] = [JSON.stringify(made), JSON.stringify(expected.files)];
      if (files !== wanted)
        faults.push(`${told()} ${JSON.stringify(state.commands)}: files ${files} and not ${wanted}`);
    }
  } catch (error) {
    const said = `${told()}: ${String(error)}`;
    if (/not at a prompt.*Your command was not run/s.test(said)) notRun.push(said);
    else faults.push(said);
  } finally {
    await session.close().catch(() => {});
  }
  return { shell, faults, outcomes, notRun };
}

/** Where output and errors both go to a file, the shell's prompts and line editor print there, as for a person who types. */
function promptsIn({ state }: ShellState, name: string): boolean {
  return name.startsWith("out_") && state.includes("exec 2>&1");
}

/** The rows that are expected, if they stand in the text in their order, each whole or behind a prompt. */
function withoutPrompts(text: string, expected = ""): string {
  const rows = text.split(/[\r\n]+/);
  let at = 0;
  for (const row of expected.split("\n")) {
    const found = rows.findIndex((one, index) => index >= at && one.endsWith(row));
    if (found < 0) return text;
    at = found + 1;
  }
  return expected;
}

/** A shell's own messages name the script, or the shell. */
function named(rows: readonly string[]): string[] {
  const who =
    /^(?:\S*\/script-\d+\.sh|-?(?:[a-z]*sh|ksh93|busybox))(?:: eval)?(?::? ?(?:line )?\d+|\[\d+\])?: /;
  return rows.map((row) => row.replace(who, "shell: "));
}

function saysNotRun(session: Opened, { outcome }: Result): boolean {
  const remarks = [...outcome.notes, ...(session.view().command(outcome.command)?.remarks ?? [])];
  return remarks.some((remark) => /NOT run|NOT RUN/.test(remark));
}

const shown = ({ outcome, text }: Result) =>
  `${outcome.state} ${outcome.exit ?? "-"} ${JSON.stringify(text.slice(0, 200))} ${outcome.notes.join("; ")}`;

/** Rows without what a DEBUG trap printed, and without traces. */
function rowsOf({ debug, traced, word }: ShellState, text: string): string[] {
  const rows = text.split(/\r?\n/).map((row) => row.trimEnd());
  while (rows.at(-1) === "") rows.pop();
  // Debian's mksh shows the time.
  const lead = new RegExp(`^(?:\\+|\\[[\\d.]+\\] |${word[0]}*${word} )`);
  return rows.filter((row) => row !== debug && !(traced && lead.test(row)));
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    // Prompts and traces stand in what standard error was sent to.
    const own = /^(?:err|three)_/.test(name);
    const text = own ? "" : await readFile(join(folder, name), "utf8");
    // Line editors and hooks of the prompt print there, too.
    files[name] = text.replace(/^(?:dbg|pc)-.*\n/gm, "").replace(/\u001b(?:\[\?\d+[hl]|[=>])/g, "");
  }
  return files;
}

async function readAll(folder: string): Promise<string> {
  return Object.values(await filesOf(folder)).join("\n");
}
