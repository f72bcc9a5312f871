import { expect, it } from "vitest";
import { killDaemons, killFronts } from "./kills.ts";
import { World } from "./kit.ts";

// A sample; npm run kills:daemon does it at length.
it.concurrent.each([
  ["fronts killed in mid-call lose no session, and no command runs twice", killFronts, 1],
  ["a daemon killed under load: each loss is said by the next, and nothing is sent again", killDaemons, 3],
] as const)("%s", async (_what, kill, commands) => {
  const world = new World();
  try {
    const { wrong, given } = await kill(world, 1, 7);
    expect(wrong).toEqual([]);
    expect(given).toBe(commands);
  } finally {
    await world.dispose();
  }
});
