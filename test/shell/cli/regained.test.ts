import { describe, expect, it } from "vitest";
import { bench } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };
const LOG = "*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down";

describe("a prompt that rows of the device's own have pushed up", () => {
  it("ends the command, and nothing is typed to bring it back", async () => {
    const session = await bench((_line, device) =>
      device.print(`\r\noutput\r\n${device.prompt}\r\n${LOG}\r\n`),
    );
    await session.open();
    const ran = await session.run("show");
    expect(ran).toMatchObject({ state: DONE, lines: ["output"], asides: [LOG] });
    expect(session.device.writes).toEqual(["show", "\r"]);
    expect(ran.tookMs).toBeLessThan(1000);
  });
});
