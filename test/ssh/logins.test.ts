import { expect, it } from "vitest";
import { Logins } from "../../src/ssh/channels/logins.ts";
import { FakeClock } from "../fake-clock.ts";

it("one login begins when the one before is over, or has taken its time", async () => {
  const clock = new FakeClock();
  const logins = new Logins(clock);
  const begun: number[] = [];
  const first = await logins.begin();
  const second = logins.begin().then((login) => {
    begun.push(2);
    return login;
  });
  const third = logins.begin().then((login) => {
    begun.push(3);
    return login;
  });
  await clock.pass(900);
  expect(begun).toEqual([]);
  first.found(41);
  await second;
  expect(first.turn.others).toEqual(new Set());
  expect(begun).toEqual([2]);
  expect((await second).turn).toEqual({ others: new Set([41]), index: 0, of: 1 });
  await clock.pass(1100);
  expect(begun).toEqual([2, 3]);
  expect((await third).turn).toEqual({ others: new Set([41]), index: 1, of: 2 });
  (await second).gone();
  expect((await third).turn).toEqual({ others: new Set([41]), index: 0, of: 1 });
});
