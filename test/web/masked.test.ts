import { expect, it } from "vitest";
import { Emitter } from "../../src/base/emitter.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { createScreen } from "../../src/terminal/screen.ts";
import { Camera } from "../../src/web/camera.ts";
import { Cameras } from "../../src/web/cameras.ts";
import type { Place } from "../../src/web/guest.ts";

const SECRET = "correct-horse-battery";

/** A session whose terminal a test draws. */
async function session(cols = 40, rows = 4) {
  const screen = await createScreen({ cols, rows });
  let painted = 0;
  const changes = new Emitter<void>();
  screen.onChanged(() => changes.fire());
  const at = {
    size: { cols, rows },
    state: "ready",
    painted() {
      painted++;
      return screen.painted();
    },
    onChange: changes.event,
  };
  const redactor = new Redactor();
  redactor.remember(SECRET);
  const workspace = {
    multiplexer: { view: () => ({ hostFacts: { name: "web1" } }), attach: () => at },
    redact: (text: string, around?: object) => redactor.redact(text, around),
  };
  const place = { id: "all", workspace, viewers: undefined } as unknown as Place;
  return {
    place,
    print: (text: string) => screen.write(Buffer.from(text)),
    painted: () => painted,
    listening: () => changes.size,
  };
}

function plain(rows: readonly string[]): string {
  return rows.map((row) => row.replace(/\u001b\[[\d;]*m/g, "")).join("\n");
}

it("a secret in use is in no picture: coloured, in the middle of a row, or broken over two", async () => {
  const { place, print } = await session();
  print(`a \u001b[31mcorrect-\u001b[32mhorse\u001b[m-battery b\r\n${"x".repeat(30)}${SECRET}\r\n`);
  const camera = await Camera.of(place, "web1");
  const shown = plain(camera.shot.rows);
  expect(shown).toContain("a [secret] b");
  for (const part of ["correct", "horse", "battery"]) expect(shown).not.toContain(part);
  camera.dispose();
});

it("what holds no secret keeps its colours", async () => {
  const { place, print } = await session();
  print(`\u001b[31mred\u001b[m\r\n${SECRET}\r\n`);
  const camera = await Camera.of(place, "web1");
  expect(camera.shot.rows.slice(0, 2)).toEqual(["\u001b[0;31mred\u001b[m", "[secret]"]);
  camera.dispose();
});

it("however many look on, a session is rendered once for a change, and not at all when the last has gone", async () => {
  const { place, print, painted, listening } = await session();
  const cameras = new Cameras();
  const looks = await Promise.all(Array.from({ length: 50 }, () => cameras.at(place, "web1")));
  expect(cameras.size).toBe(1);
  let shots = 0;
  for (const { camera } of looks) camera.onShot(() => (shots += camera.shot.rows.length > 0 ? 1 : 0));
  for (let line = 0; line < 20; line++) print(`line ${line}\r\n`);
  await expect.poll(() => shots).toBe(50);
  expect(painted()).toBe(1);
  for (const { done } of looks) done();
  await expect.poll(listening).toBe(0);
  expect(cameras.size).toBe(0);
});
