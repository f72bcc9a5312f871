import { mint } from "../../src/base/contract/mint.ts";
import type { Permit } from "../../src/base/contract/permit.ts";
import type { Execs, Multiplexer, OpenPlan } from "../../src/multiplexer/types.ts";
import type { Session } from "../../src/shell/session/session.ts";
import type { ToolContext } from "../../src/tools/tool.ts";

// Type-level tests of the gate: nothing here is run.

/** Never called: `tsc --noEmit` is the test. A line that compiles though it must not is an unused directive, and an error. */
export async function nothingActsWithoutPermit(
  { multiplexer, access, caller }: ToolContext,
  session: Session,
  plan: OpenPlan,
): Promise<void> {
  const input = { bytes: Buffer.from("x"), shown: "x" };
  const order = { text: "ls" };
  const wait = { timeoutMs: 1 };
  // @ts-expect-error: no permit
  await multiplexer.open(plan, caller, wait);
  // @ts-expect-error: no permit
  await multiplexer.run("web1", order, caller, wait);
  // @ts-expect-error: no permit
  await multiplexer.send("web1", input, caller, wait);
  // @ts-expect-error: no permit
  multiplexer.resize("web1", { cols: 80 });
  // @ts-expect-error: no permit
  await multiplexer.disconnect("web1");
  // @ts-expect-error: nothing is no permit
  await multiplexer.run("web1", order, undefined, caller, wait);
  // @ts-expect-error: no permit
  await session.run(order, caller, wait);
  // @ts-expect-error: no permit
  await session.send(input, caller, wait);
  // @ts-expect-error: no permit
  session.resize({ cols: 80, rows: 24 });

  // @ts-expect-error: what looks like a permit is none: the brand cannot be written down
  const made: Permit = { id: 1, caller, verb: "run", lines: [], bytes: undefined, classes: new Set() };
  const copied = { ...mint(caller, { verb: "close" }) };
  // @ts-expect-error: nor can another permit's brand be given to something else
  const forged: Permit = { ...copied, minted: true as const, [Symbol("minted")]: true, classes: [] };
  // @ts-expect-error: an access is no permit
  await multiplexer.disconnect("web1", access);
  void [made, forged];
}

/** What does pass: the permit that the gate hands out. */
export async function whatPassesActs({ multiplexer, access, caller }: ToolContext): Promise<void> {
  await access.pass(caller, { verb: "close" }, multiplexer.target("web1"), (permit) =>
    multiplexer.disconnect("web1", permit),
  );
}

type Looks =
  | "hosts"
  | "plan"
  | "execs"
  | "read"
  | "farewell"
  | "find"
  | "view"
  | "target"
  | "sessions"
  | "past"
  | "attach"
  | "dispose";
type Demands<Verb> = Verb extends (...args: infer Args) => unknown
  ? Permit extends Args[number]
    ? true
    : false
  : false;

/** Every verb of the multiplexer but those that look demands a permit; a new one without it does not compile. */
export const demands: {
  readonly [Verb in Exclude<keyof Multiplexer, Looks>]-?: Demands<NonNullable<Multiplexer[Verb]>>;
} = { open: true, run: true, send: true, resize: true, disconnect: true };

export const execDemands: {
  readonly [Verb in Exclude<
    keyof Execs,
    "plan" | "wait" | "known" | "find" | "running" | "fleet" | "findFleet" | "waitFleet"
  >]: Demands<Execs[Verb]>;
} = { run: true, runBy: true, cancel: true, cancelFleet: true };
