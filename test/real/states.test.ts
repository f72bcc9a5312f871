import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHELLS } from "../seeds/shells/grammar.ts";
import { stateRun } from "../seeds/shells/run-states.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor } from "./rig.ts";

/** Two thousand are run by `npm run seeds`. */
const STATES = Number(process.env.STATES ?? 50);
const FROM = Number(process.env.FROM ?? 1);
/** Sessions at once: mostly they wait. */
const AT_ONCE = 6;

let server: TestServer;
let rig: Rig;

beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(Object.keys(SHELLS).map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

describe("shells in states drawn from a grammar", () => {
  it("run three commands each as a script of theirs does, or say that a command was not run", async () => {
    const faults: string[] = [];
    let next = FROM;
    let outcomes = 0;
    let notRun = 0;
    const work = async () => {
      while (next < FROM + STATES) {
        const seed = next++;
        const run = await stateRun(rig, seed);
        outcomes += run.outcomes;
        notRun += run.notRun;
        faults.push(...run.faults.map((fault) => `seed ${seed}: ${fault}`));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    console.log(`${STATES} states, ${outcomes} outcomes, ${notRun} not run, ${faults.length} wrong`);
    expect(faults).toEqual([]);
    expect(outcomes).toBeGreaterThan(STATES * 2);
  }, 1_800_000);
});
