import { expect, it } from "vitest";
import { Expiry } from "../../src/multiplexer/expiry.ts";
import { Keyboard } from "../../src/shell/pty/keyboard.ts";
import { aHost } from "../a-host.ts";
import { FakeClock } from "../fake-clock.ts";

it("a session is not closed under the person who has its keyboard, and is once they have handed it back", async () => {
  const clock = new FakeClock();
  const keyboard = new Keyboard();
  const closed: string[] = [];
  const session = {
    host: aHost({ timing: { idleTimeoutMs: 1_000 } }),
    busy: false,
    closed: false,
    idleMs: 60_000,
    keyboard,
    close: async (why: string) => void closed.push(why),
  };
  const expiry = new Expiry(clock, () => [session]);
  keyboard.take({ id: "human-1", name: "jo", interrupts: false });
  clock.advance(20_000);
  expect(closed).toEqual([]);
  keyboard.release("human-1");
  clock.advance(20_000);
  expect(closed[0]).toContain("idle_timeout");
  expiry.dispose();
});
