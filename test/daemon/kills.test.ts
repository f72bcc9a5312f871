import { afterEach, expect, it } from "vitest";
import { killDaemons, killFronts } from "./kills.ts";
import { World } from "./kit.ts";

// A sample; npm run kills:daemon does it at length.
let world: World;
afterEach(() => world.dispose());

it("fronts killed in mid-call lose no session, and no command runs twice", async () => {
  world = new World();
  const { wrong, given } = await killFronts(world, 2, 7);
  expect(wrong).toEqual([]);
  expect(given).toBe(2);
});

it("a daemon killed under load: each loss is said by the next, and nothing is sent again", async () => {
  world = new World();
  const { wrong, given } = await killDaemons(world, 1, 7);
  expect(wrong).toEqual([]);
  expect(given).toBe(3);
});
