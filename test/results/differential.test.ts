import { expect, it } from "vitest";
import { checkShown } from "../seeds/shown.ts";

it("what is shown and what can be read is what the host printed, with true numbers, for 50 random outputs", async () => {
  for (let seed = 1; seed <= 50; seed++) expect(await checkShown(seed), `seed ${seed}`).toEqual([]);
});
