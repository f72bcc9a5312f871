import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KillLab, killLab } from "./audit-kills.ts";

/** `npm run kills:audit` makes fifty. */
const SAMPLE = 2;

describe("the built server, killed under load", () => {
  let lab: KillLab;
  beforeAll(() => {
    lab = killLab();
  });
  afterAll(() => lab.close());

  it("loses no entry of a call that was answered, and its next start goes on with a whole chain", async () => {
    for (let seed = 1; seed <= SAMPLE; seed++) expect((await lab.run(seed)).wrong).toEqual([]);
    expect(await lab.sum()).toMatchObject({ problems: 0 });
  });
});
