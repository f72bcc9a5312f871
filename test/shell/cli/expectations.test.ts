import { beforeAll, describe, expect, it } from "vitest";
import { compileDevice, type Device } from "../../../src/devices/device.ts";
import { profileSchema } from "../../../src/devices/profile.ts";
import { Dialogue } from "../../../src/shell/cli/dialogue.ts";
import type { FramingPort } from "../../../src/shell/pty/framing.ts";
import { FakeClock } from "../../fake-clock.ts";
import { bench, PROFILE } from "./fake-device.ts";

let device: Device;
beforeAll(async () => {
  device = await compileDevice(profileSchema.parse(PROFILE));
});

/** A dialogue of its own over the port of a session at its prompt: it has leave for what belongs to the session alone. */
async function dialogueOf() {
  const ports: FramingPort[] = [];
  const session = await bench((_line, far) => far.answer(""), { onPort: (port) => void ports.push(port) });
  await session.open();
  const [port] = ports;
  if (port === undefined) throw new Error("the framing was not made");
  return { dialogue: new Dialogue(port, device, new FakeClock()), writes: session.device.writes };
}

const SETUP = { as: "setup" } as const;

describe("what a dialogue waits for", () => {
  it("is forgotten where what was to be typed for it may not be", async () => {
    const { dialogue, writes } = await dialogueOf();
    const script = dialogue.type("reload", { as: "line", of: "reload" });
    expect(() => script.next()).toThrow(/no permit/);
    expect(dialogue.memory.expected).toBeUndefined();
    expect(writes).toEqual([]);
  });

  it.each([
    ["an echo", (dialogue: Dialogue) => dialogue.type("set paging off", SETUP)],
    ["a prompt", (dialogue: Dialogue) => dialogue.untilPrompt("set paging off")],
    ["the first prompt", (dialogue: Dialogue) => dialogue.first()],
    ["a prompt behind a key", (dialogue: Dialogue) => dialogue.press("\u0015", SETUP)],
  ])("(%s) is forgotten where the wait fails, is stopped, or is over", async (_what, begin) => {
    const { dialogue } = await dialogueOf();
    const begun = () => {
      const script: Generator<unknown, unknown, "met" | "late"> = begin(dialogue);
      script.next("met");
      expect(dialogue.memory.expected).toBeDefined();
      return script;
    };
    expect(() => begun().throw(new Error("interrupted"))).toThrow("interrupted");
    expect(dialogue.memory.expected).toBeUndefined();
    begun().return(undefined);
    expect(dialogue.memory.expected).toBeUndefined();
    try {
      begun().next("late");
    } catch {
      // A login that ends without a prompt is an error of its own.
    }
    expect(dialogue.memory.expected).toBeUndefined();
  });
});
