import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { applyEdits } from "../../inventory/document/apply.ts";
import type { Edit } from "../../inventory/document/edits.ts";
import { valueAt } from "../../inventory/document/model.ts";
import type { Draft, Imported } from "../../inventory/import/draft.ts";
import { readForeign } from "../../inventory/import/read.ts";
import { expandHome } from "../../inventory/locate.ts";
import { parseTarget } from "../../inventory/names.ts";
import { carryOut, type Opened, openForEdits, prepare } from "./change.ts";

export interface ImportRequest {
  readonly file: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/** Adds the hosts of another program's file: shows what would change and asks. Returns the exit code. */
export async function importHosts(
  { file, yes, dryRun }: ImportRequest,
  around: Surroundings,
): Promise<number> {
  const opened = await openForEdits(around);
  const { report, complete, edits } = await planImport(file, opened, around);
  for (const line of report) process.stderr.write(`${line}\n`);
  if (edits.length === 0) {
    process.stderr.write(`${NOTHING}\n`);
    return complete ? 0 : 1;
  }
  const prepared = await prepare(opened, edits, around);
  if (!dryRun && !yes) {
    refuseWithoutTerminal();
    process.stdout.write(prepared.diff);
    if (!(await agreed())) {
      process.stdout.write("Nothing was written.\n");
      return 1;
    }
  }
  const code = await carryOut(yes || dryRun ? prepared : { ...prepared, diff: "", notes: [] }, dryRun);
  return code === 0 && complete ? 0 : 1;
}

/** Said where no host can be imported. */
export const NOTHING = "There is nothing to import; nothing was written.";

/** What an import would do. */
export interface ImportPlan {
  /** Lines for people: what the file is, and what of it is not imported. */
  readonly report: readonly string[];
  /** Every host, with its secrets. */
  readonly complete: boolean;
  /** None: nothing can be imported. */
  readonly edits: readonly Edit[];
}

/** Reads another program's file. @throws SshMcpError for one that is not known. */
export async function planImport(file: string, opened: Opened, around: Surroundings): Promise<ImportPlan> {
  const found = await readForeign(resolve(around.cwd, expandHome(file, around.home)), around);
  const sorted = await sort(found, opened);
  return {
    report: reportOf(found, sorted),
    complete: sorted.stopped.length === 0 && sorted.fit.every(({ secrets }) => secrets.length === 0),
    edits: sorted.fit.length === 0 ? [] : editsFor(sorted.fit, found, opened),
  };
}

interface Sorted {
  readonly fit: readonly Draft[];
  readonly present: readonly Draft[];
  readonly stopped: readonly (readonly [draft: Draft, why: readonly string[]])[];
}

/** Which hosts can be added: those that nothing stops, that are not there yet and that the loader accepts. */
async function sort({ drafts }: Imported, opened: Opened): Promise<Sorted> {
  const fit: Draft[] = [];
  const present: Draft[] = [];
  const stopped: [Draft, readonly string[]][] = [];
  const seen = new Set<string>();
  for (const draft of drafts) {
    const why = [...draft.stops];
    if (seen.has(draft.name)) why.push("its name occurs twice");
    seen.add(draft.name);
    if (why.length === 0) why.push(...(await faultsOf(draft)));
    if (valueAt(opened.value, ["hosts", draft.name]) !== undefined) present.push(draft);
    else if (why.length > 0) stopped.push([draft, why]);
    else fit.push(draft);
  }
  return withoutWay({ fit, present, stopped });
}

/** A host that is reached through one that is not imported is not imported either. */
function withoutWay({ fit, present, stopped }: Sorted): Sorted {
  const gone = new Set(stopped.map(([{ name }]) => name));
  const lost = (draft: Draft) => hopsOf(draft).find((hop) => gone.has(hop));
  const blocked = fit.filter((draft) => lost(draft) !== undefined);
  if (blocked.length === 0) return { fit, present, stopped };
  return withoutWay({
    fit: fit.filter((draft) => !blocked.includes(draft)),
    present,
    stopped: [
      ...stopped,
      ...blocked.map((draft) => [draft, [`its jump host ${lost(draft)} is not imported`]] as const),
    ],
  });
}

function hopsOf({ entry }: Draft): string[] {
  return [entry.jump ?? []].flat().flatMap((hop) => parseTarget(String(hop))?.host ?? []);
}

async function faultsOf(draft: Draft): Promise<string[]> {
  try {
    await applyEdits(
      "",
      [{ kind: "add", path: ["hosts"], entries: new Map([[draft.name, draft.entry]]) }],
      "hosts.yaml",
    );
    return [];
  } catch (error) {
    if (!(error instanceof SshMcpError)) throw error;
    return [error.message.replace(/^The edit has mistakes: |hosts\.yaml:\d+: | Nothing was written\.$/g, "")];
  }
}

function editsFor(fit: readonly Draft[], { settings }: Imported, opened: Opened): Edit[] {
  const entries = new Map(fit.map(({ name, entry }) => [name, entry] as const));
  const missing = Object.entries(settings ?? {}).filter(
    ([key]) => valueAt(opened.value, ["settings", key]) === undefined,
  );
  return [
    ...missing.map(([key, value]): Edit => ({ kind: "set", path: ["settings", key], value })),
    { kind: "add", path: ["hosts"], entries },
  ];
}

function reportOf({ what, notes }: Imported, { fit, present, stopped }: Sorted): string[] {
  const counts = `${fit.length} to import, ${present.length} there already, ${stopped.length} not imported`;
  return [
    `It is ${what}: ${counts}.`,
    ...stopped.map(([{ name }, why]) => `${name} is not imported: ${why.join("; ")}.`),
    ...present.map(({ name }) => `${name} is in the inventory already and stays as it is.`),
    ...fit.flatMap(({ name, secrets, notes: own }) =>
      [...secrets, ...own].map((text) => `${name}: ${text}.`),
    ),
    ...notes,
  ].map((line) => visibleLine(line, 500));
}

/** @throws SshMcpError where nobody can be asked; before anything is shown as if it was about to be done. */
function refuseWithoutTerminal(): void {
  if (!process.stdin.isTTY)
    throw new SshMcpError(
      "invalid_argument",
      "nobody is there to agree: stdin is not a terminal. Nothing was written.",
      "Look at what would change with --dry-run, then import it with --yes.",
    );
}

async function agreed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-C and Ctrl-D close the terminal, and the question is then never answered.
    const closed = new Promise<string>((done) => {
      terminal.once("close", () => done(""));
    });
    const answer = await Promise.race([terminal.question("Write this? [y/N] "), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
