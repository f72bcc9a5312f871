import { expect, it } from "vitest";
import type { Guest } from "../../src/web/guest.ts";
import { Visits } from "../../src/web/visits.ts";

function guest(name: string): Guest & { over: boolean } {
  const made = {
    name,
    over: false,
    rights: () => (made.over ? undefined : { type: false, approve: false }),
    places: () => [],
    sees: () => true,
  };
  return made;
}

it("whoever signs in again and again signs nobody else out", () => {
  const visits = new Visits();
  const jo = visits.begin(guest("jo"));
  const first = visits.begin(guest("agent"));
  for (let times = 0; times < 2_000; times++) visits.begin(guest("agent"));
  expect(visits.guest(jo)?.name).toBe("jo");
  expect(visits.guest(first)).toBeUndefined();
});

it("a visit ends with its time, and with what lets its guest look; a code with its own time", () => {
  let now = 0;
  const visits = new Visits(() => now);
  const jo = guest("jo");
  const code = visits.code(jo);
  const late = visits.code(jo);
  const proof = visits.redeem(code) ?? { cookie: "", key: "" };
  const seen = visits.guest(proof);
  expect(seen?.rights()).toEqual({ type: false, approve: false });
  now = 2 * 60_000 + 1;
  expect(visits.redeem(late)).toBeUndefined();
  now = 12 * 60 * 60_000 + 1;
  expect(seen?.rights()).toBeUndefined();
  expect(visits.guest(proof)).toBeUndefined();
  const again = visits.begin(jo);
  jo.over = true;
  expect(visits.guest(again)).toBeUndefined();
});
