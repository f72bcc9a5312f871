import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHELLS } from "../seeds/shells/grammar.ts";
import { runStates } from "../seeds/shells/seeds.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor } from "./rig.ts";

/** Two thousand are run by `npm run seeds`. */
const STATES = Number(process.env.STATES ?? 25);
const FROM = Number(process.env.FROM ?? 1);
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
    const { faults, results, figures } = await runStates(rig, FROM, STATES);
    console.log(figures.join("\n"));
    expect(faults).toEqual([]);
    expect(results).toBeGreaterThan(STATES * 2);
  }, 1_800_000);
});
