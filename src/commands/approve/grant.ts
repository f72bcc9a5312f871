import { userInfo } from "node:os";
import type { Place, Surroundings } from "../../app/surroundings.ts";
import type { Waiting } from "../../approval/board.ts";
import { bound, faultIn, fits, type Grant, reasonIn, type Shape } from "../../approval/grant.ts";
import { Grants, LONGEST_MS } from "../../approval/grants.ts";
import { SshMcpError } from "../../base/errors.ts";
import { stateFolder } from "../../base/state-folder.ts";
import { visibleLine } from "../../base/text.ts";
import { recorded } from "./recorded.ts";

/** What a person gives leave for, beyond the one order. */
export interface GrantWanted {
  readonly lasts: string;
  readonly like?: string | undefined;
  readonly hosts?: string | undefined;
  readonly irreversible: boolean;
}

function grantsAt(place: Place): Grants {
  return new Grants(stateFolder(place), () => Date.now());
}

/** The leave that these options mean for this order. @throws SshMcpError `invalid_argument` where they mean none. */
export function grantFor(order: Waiting, wanted: GrantWanted, now: number): Omit<Grant, "id" | "by"> {
  const { lasts, like, irreversible } = wanted;
  const hosts = (wanted.hosts ?? order.host).split(",").flatMap((one) => one.trim() || []);
  const found = bound(order.findings ?? []);
  if (hosts.length === 0) throw invalid("--hosts names no host");
  if (found.length === 0)
    throw invalid(`${order.id} is not understood well enough for more than this one time`);
  if (found.some(({ risk }) => risk === "irreversible") && !irreversible)
    throw invalid(
      `${order.id} cannot be undone: leave for more than this one time needs --irreversible as well`,
    );
  const kinds = (like ?? "").split(";").flatMap((one) => one.trim() || []);
  for (const words of kinds) {
    const fault = faultIn(words);
    if (fault !== undefined) throw invalid(`--like: ${fault}`);
  }
  const shapes = found.map((one): Shape => {
    const { meaning, risk, via } = one;
    const own = { why: reasonIn(one), risk, ...(via === undefined ? {} : { via }) };
    const wide = kinds.map((words) => ({ words, ...own })).find((shape) => fits(shape, one));
    return wide ?? { words: meaning.trim(), ...own };
  });
  const idle = kinds.find((words) => !shapes.some((shape) => shape.words === words));
  if (idle !== undefined)
    throw invalid(
      `--like ${idle} does not hold for what was asked for: ${found.map(({ meaning }) => visibleLine(meaning, 100)).join("; ")}`,
    );
  const unfit = found.find((one, at) => shapes[at] !== undefined && !fits(shapes[at], one));
  if (unfit !== undefined)
    throw invalid(
      `too long, or not known to the end, for more than this one time: ${visibleLine(unfit.meaning, 60)}`,
    );
  const until = untilOf(lasts, now);
  return { at: now, until, from: order.id, hosts, shapes };
}

/** `30m`, `8h`, `today`. */
function untilOf(lasts: string, now: number): number {
  // A day on which the clock is put back has more.
  if (lasts === "today") return Math.min(new Date(now).setHours(24, 0, 0, 0), now + LONGEST_MS);
  const [, number = "", unit = ""] = /^(\d{1,4})(m|h)$/.exec(lasts) ?? [];
  const ms = Number(number) * (unit === "h" ? 3_600_000 : 60_000);
  if (ms <= 0 || ms > LONGEST_MS) throw invalid("--for is 5m to 24h, or today");
  return now + ms;
}

/** What a person reads before they give it. */
export function grantText({ hosts, shapes, until }: Omit<Grant, "id" | "by">): string {
  return [
    `And without being asked again, until ${timeOf(until)}, for any agent on ${visibleLine(hosts.join(", "), 400)}:`,
    ...shapes.map(
      (shape) => `    ${visibleLine(wordsOf(shape), 300)}  (${shape.risk}: ${visibleLine(shape.why, 120)})`,
    ),
  ].join("\n");
}

function wordsOf({ words, via = [] }: Shape): string {
  return [...via, words].join(" ");
}

export async function addGrant(place: Place, grant: Omit<Grant, "id">): Promise<Grant> {
  return grantsAt(place).add(grant);
}

/** Prints what leave there is. Resolves to the exit code. */
export async function listGrants(place: Place, json: boolean): Promise<number> {
  const all = await grantsAt(place).all();
  if (json) process.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
  else if (all.length === 0) process.stdout.write("No leave is given beyond single commands.\n");
  else for (const grant of all) process.stdout.write(`${line(grant)}\n`);
  return 0;
}

function line({ id, by, hosts, shapes, until }: Grant): string {
  const what = shapes.map((shape) => `${visibleLine(wordsOf(shape), 100)} (${shape.risk})`).join("; ");
  return `${id}  until ${timeOf(until)}  on ${visibleLine(hosts.join(","), 60)}  ${what}  by ${visibleLine(by, 60)}`;
}

/** Takes leave back, at once. Resolves to the exit code. */
export async function revokeGrant(place: Surroundings, id: string): Promise<number> {
  if (await grantsAt(place).revoke(id)) {
    await recorded(place, { event: "revoked", grant: id, by: `${userInfo().username} at a terminal` });
    process.stdout.write(`${id} is revoked.\n`);
    return 0;
  }
  throw invalid(
    `there is no grant ${visibleLine(id, 40)}: it is over, or never was`,
    "ssh-mcp approve --grants lists them.",
  );
}

function timeOf(ms: number): string {
  const at = new Date(ms);
  const two = (number: number) => String(number).padStart(2, "0");
  const day =
    new Date().toDateString() === at.toDateString()
      ? ""
      : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} `;
  return `${day}${two(at.getHours())}:${two(at.getMinutes())}`;
}

function invalid(what: string, next?: string): SshMcpError {
  return new SshMcpError("invalid_argument", what, next);
}
