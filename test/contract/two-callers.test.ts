import { beforeAll, describe, expect, it } from "vitest";
import { type Evidence, faultsOf } from "./oracle.ts";
import { PENDING_SEEDS } from "./pending.ts";
import type { Act, Done } from "./plan.ts";
import { FRAMINGS, warmUp } from "./rig.ts";
import { type Run, runSeeds, takingTurns } from "./two-callers.ts";

/** A thousand are run by `npm run seeds`. */
const SEEDS = 60;

beforeAll(warmUp);

describe("two callers at random on one session over a slow link", () => {
  for (const framing of FRAMINGS) {
    (PENDING_SEEDS[framing] ? it.fails : it)(
      `${framing}: every executed line is one caller's own, and every result is about its own command`,
      async () => {
        const { faults, results } = await runSeeds(framing, 1, SEEDS);
        expect(faults).toEqual([]);
        expect(results).toBeGreaterThan(SEEDS * 10);
      },
      240_000,
    );
  }

  it.each(FRAMINGS)("%s: no seed breaks off, and each call is told something", async (framing) => {
    const { faults, results } = await runSeeds(framing, 1, 20);
    expect(faults.filter((fault) => /: (broke off|stuck|closed): /.test(fault))).toEqual([]);
    expect(results).toBe(20 * 14);
  });
});

describe("two callers who take turns and type nothing by hand", () => {
  it.each(FRAMINGS)("%s: give the oracle nothing to find", async (framing) => {
    const runs: Run[] = [];
    for (let seed = 1; seed <= 20; seed++) runs.push(await takingTurns(framing, seed));
    expect(runs.flatMap(({ faults }, index) => faults.map((fault) => `seed ${index + 1}: ${fault}`))).toEqual(
      [],
    );
    expect(runs.reduce((sum, { results }) => sum + results, 0)).toBeGreaterThan(100);
  });
});

describe("the oracle of two callers", () => {
  const act = (caller: "a" | "b", number: number, what: Act["what"]): Act => ({
    at: 0,
    caller,
    token: `${caller}-00${number}`,
    what,
    timeoutMs: 1,
  });
  const run: Done = {
    act: act("a", 1, { kind: "run", command: "mark a-001 whole" }),
    told: {
      state: "done",
      text: "",
      command: 1,
      about: "mark a-001 whole",
      rows: ["ran a-001 whole"],
      durationMs: 5,
      tookMs: 5,
    },
  };
  const text: Done = {
    act: act("b", 2, { kind: "text", text: "say b-002 ", enter: true }),
    told: { state: "done", text: "", command: 2, about: "keys: say b-002", tookMs: 5 },
  };
  const well: Evidence = {
    done: [run, text],
    executed: ["mark a-001 whole", "say b-002 "],
    answers: [],
    written: "mark a-001 whole\rsay b-002 \r",
    steps: [],
  };
  const kinds = (evidence: Evidence) => faultsOf(evidence).map((fault) => fault.split(":")[0]);
  const refused = (done: Done): Done => ({ ...done, told: { error: "busy", text: "", tookMs: 0 } });

  it("finds nothing where each line is one caller's own", () => {
    expect(faultsOf(well)).toEqual([]);
  });

  it.each<[string, Partial<Evidence>]>([
    ["spliced", { executed: ["mark a-001 whole", "mark a-001 wholesay b-002 "] }],
    ["spliced", { executed: ["mark a-001 whole", "say b-0"] }],
    ["executed twice", { executed: ["mark a-001 whole", "mark a-001 whole"] }],
    ["refused and executed", { done: [run, refused(text)], written: "" }],
    ["refused and typed", { done: [run, refused(text)], executed: ["mark a-001 whole"] }],
    ["done and not executed", { executed: [] }],
    ["a command as an answer", { answers: ["x mark a-001 whole"] }],
    [
      "a negative duration",
      { done: [{ ...run, told: { ...run.told, durationMs: -1 } }], executed: ["mark a-001 whole"] },
    ],
    [
      "a result about another command",
      { done: [{ ...run, told: { ...run.told, about: "slow b-003" } }, text] },
    ],
    ["a result about no command", { done: [run, { ...text, told: { text: "", command: 3, tookMs: 0 } }] }],
    ["another command's output", { done: [{ ...run, told: { ...run.told, rows: ["ran b-009 x"] } }, text] }],
    ["denied and executed", { done: [{ ...run, told: { ...run.told, text: "it did NOT run" } }, text] }],
  ])("finds %s", (kind, change) => {
    expect(kinds({ ...well, ...change })).toEqual([kind]);
  });

  it("finds two callers' texts in one line", () => {
    const other: Done = { ...text, act: act("a", 3, { kind: "text", text: "say a-003 ", enter: false }) };
    const evidence = {
      ...well,
      done: [run, text, other],
      executed: ["mark a-001 whole", "say a-003 say b-002 "],
    };
    expect(kinds(evidence)).toEqual(["two callers' texts in one line"]);
  });

  it.each([
    "the line was cleared for the next command: it did NOT run",
    "#7 `mark b-007 whole` was not run",
    "mark b-007 whole was not typed",
  ])("takes no word about something else for a word about the command: %s", (said) => {
    expect(kinds({ ...well, done: [{ ...run, told: { ...run.told, text: said } }, text] })).toEqual([]);
  });

  it("lets a question that takes one key have the first key of a text", () => {
    const evidence = { ...well, executed: ["mark a-001 whole", "ay b-002 "] };
    expect(kinds(evidence)).toEqual(["spliced"]);
    expect(kinds({ ...evidence, singleKey: true })).toEqual([]);
  });
});
