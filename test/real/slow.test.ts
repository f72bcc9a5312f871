import { expect, it } from "vitest";
import { runSlow, slowSample } from "../seeds/shells/slow.ts";

/** All of them are run by `npm run seeds -- --slow`. */
const CASES = Number(process.env.CASES ?? 25);
const SEED = Number(process.env.FROM ?? 1);

it("over 100 ms of delay, shells of any state, questions at login, shells in front and what looks like one are what they are", async () => {
  const { faults, results } = await runSlow(slowSample(SEED, CASES), SEED);
  expect(faults).toEqual([]);
  expect(results).toBe(CASES);
}, 600_000);
