import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { saveInventory } from "../../inventory/document/file.ts";
import { CLIENTS, isUsed, type KnownClient } from "../clients/known.ts";
import {
  homely,
  type Registering,
  registering,
  type Server,
  serverWords,
  undoing,
} from "../clients/registration.ts";
import { type Opened, openForEdits } from "../hosts/change.ts";
import { withConfig } from "../next-command.ts";
import { print } from "../stdout.ts";
import { columns, wrapped } from "../wrapped.ts";
import { type Ask, isYes, terminalQuestions } from "./ask.ts";
import { chosenClients, serverName } from "./choice.ts";
import { FIRST_INVENTORY } from "./template.ts";

export interface InitRequest {
  /** As `--client` has it; undefined: none was named. */
  readonly clients?: string;
  readonly name: string;
  readonly importing: boolean;
  /** A host to connect to at the end. */
  readonly test?: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** What starts this program again. */
  readonly self: readonly string[];
}

/** Makes an inventory and registers the server, after a look at both. Returns the exit code. @throws SshMcpError */
export async function initialise(
  request: InitRequest,
  around: Surroundings,
  ask: Ask | undefined = request.yes || request.dryRun ? undefined : terminalQuestions(),
): Promise<number> {
  const name = serverName(request.name);
  const named = chosenClients(request.clients, around);
  const opened = await openForEdits(around);
  const clients =
    request.clients === undefined && ask !== undefined ? await askedClients(ask, around) : named;
  if (clients === undefined) {
    print("Nothing was written.\n");
    return 1;
  }
  const plans = await plansFor(clients, request, { name, around, opened });
  if (!request.dryRun && !request.yes && ask === undefined && changes(opened, plans)) throw nobodyThere();
  describe(opened, plans, around, name);
  if (request.dryRun && isNew(opened)) print(`${opened.path}:\n${marked(FIRST_INVENTORY)}`);
  const agreed = await mayWrite(request, opened, plans, ask);
  if (agreed) await write(opened, plans, around, name);
  else if (request.dryRun) print(dryRunEnd(request));
  else if (changes(opened, plans)) print("Nothing was written.\n");
  const declined = !agreed && !request.dryRun && changes(opened, plans);
  let failed = declined || plans.some(({ kind }) => kind === "by hand");
  if (request.importing && !declined && (await imported(request, around)) !== 0) failed = true;
  const host = request.dryRun || declined ? undefined : await hostToTest(request, ask);
  if (host !== undefined) {
    const { examineHost } = await import("../doctor/examine.ts");
    if ((await examineHost(host, around)) !== 0) failed = true;
  }
  if (!declined) print(nextSteps(plans, request, around));
  return failed ? 1 : 0;
}

function dryRunEnd({ test }: InitRequest): string {
  const host = test === undefined ? "" : `${test} was not connected to, and nothing`;
  return `${host === "" ? "Nothing" : host} was written (--dry-run).\n`;
}

interface Work {
  readonly name: string;
  readonly around: Surroundings;
  readonly opened: Opened;
}

async function plansFor(
  clients: readonly KnownClient[],
  { self }: InitRequest,
  { name, around, opened }: Work,
): Promise<Registering[]> {
  if (clients.length === 0) return [];
  const config = around.configPath === undefined ? undefined : opened.path;
  const server: Server = { name, words: serverWords(self, config) };
  const plans: Registering[] = [];
  for (const client of clients) plans.push(await registering(client, server, around));
  return plans;
}

/** Undefined: nobody answers any more. */
async function askedClients(ask: Ask, around: Surroundings): Promise<readonly KnownClient[] | undefined> {
  const used = CLIENTS.filter((client) => isUsed(client, around)).map(({ id }) => id);
  if (used.length === 0) {
    print("No MCP client of this account is known here; --client NAME registers with one all the same.\n");
    return [];
  }
  const answer = await ask(`Register this server with ${used.join(", ")}? Names, all, or Enter for none: `);
  return answer === undefined ? undefined : chosenClients(answer, around);
}

function isNew({ file }: Opened): boolean {
  return file.read === undefined;
}

function changes(opened: Opened, plans: readonly Registering[]): boolean {
  return isNew(opened) || plans.some(({ kind }) => kind === "add");
}

function describe(opened: Opened, plans: readonly Registering[], { home }: Surroundings, name: string): void {
  const inventory = homely(opened.path, home);
  if (isNew(opened)) say("", `${inventory} would be made: comments that explain it, and no host yet.`);
  else say("", `${inventory} is there and stays as it is.`);
  for (const plan of plans) {
    const { client } = plan;
    const path = homely(plan.path, home);
    if (plan.kind === "there")
      say("", `${client.name}: ${path} has it already, as ${plan.name}: ${plan.words.join(" ")}`);
    if (plan.kind === "add") {
      say("", `${client.name}: to ${path} would be added, as ${name}:`);
      print(marked(plan.added));
    }
    if (plan.kind === "by hand") {
      say("", `${client.name}: ${path} is not changed: ${plan.why}. This has to be in it:`);
      print(marked(plan.wanted));
    }
  }
}

/** A row, wrapped at the width of the terminal. */
function say(first: string, text: string): void {
  print(`${wrapped(first, text, columns())}\n`);
}

/** The lines of an addition. */
function marked(text: string): string {
  const rows = text.replace(/^\s*\r?\n|\r/g, "").trimEnd();
  return rows
    .split("\n")
    .map((row) => `+${row === "" ? "" : ` ${row}`}\n`)
    .join("");
}

/** Whether it is written now: nothing is without a yes. */
async function mayWrite(
  { yes, dryRun }: InitRequest,
  opened: Opened,
  plans: readonly Registering[],
  ask: Ask | undefined,
): Promise<boolean> {
  if (dryRun || !changes(opened, plans)) return false;
  if (yes) return true;
  return isYes(await ask?.("Write this? [y/N] "));
}

function nobodyThere(): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    "nobody is there to agree: stdin is not a terminal. Nothing was written.",
    "Look at what would be written with --dry-run, then give the same with --yes.",
  );
}

/** One file after the other; those written before an error stay, and are named. */
async function write(
  opened: Opened,
  plans: readonly Registering[],
  { home }: Surroundings,
  name: string,
): Promise<void> {
  if (isNew(opened)) {
    const { target } = await saveInventory(opened.file, FIRST_INVENTORY);
    say("", `Made ${homely(target, home)}. To undo it: rm ${homely(target, home)}`);
  }
  for (const plan of plans) {
    if (plan.kind !== "add") continue;
    const { target, backup } = await saveInventory(plan.file, plan.text);
    const before = backup === undefined ? "" : `; as it was before: ${homely(backup, home)}`;
    say("", `${plan.client.name}: wrote ${homely(target, home)}${before}.`);
    say("  ", `To undo it: ${undoing(plan, name, backup === undefined, home)}`);
    for (const note of plan.client.notes) say("  ", note);
  }
}

async function imported({ yes, dryRun }: InitRequest, around: Surroundings): Promise<number> {
  const { importHosts } = await import("../hosts/import.ts");
  return importHosts({ file: "~/.ssh/config", yes, dryRun }, around);
}

async function hostToTest({ test }: InitRequest, ask: Ask | undefined): Promise<string | undefined> {
  const name = test ?? (await ask?.("Connect to which host, as a test? A name, or Enter for none: "));
  return name === undefined || name === "" ? undefined : name;
}

function nextSteps(plans: readonly Registering[], { dryRun }: InitRequest, around: Surroundings): string {
  if (dryRun) return "";
  const lines = [
    ...(plans.some(({ kind }) => kind === "add")
      ? ["start the clients anew, so that they read their files"]
      : []),
    "ssh-mcp hosts list            the hosts, also those of ~/.ssh/config",
    "ssh-mcp hosts add NAME host=ADDRESS user=USER",
    "ssh-mcp trust NAME            records its host key",
    "ssh-mcp doctor NAME           connects, and explains what does not work",
  ];
  return `\nNext:\n${lines.map((line) => `  ${withConfig(line, around)}\n`).join("")}`;
}
