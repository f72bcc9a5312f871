import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { AGENT, hostWith } from "./fake.ts";

beforeAll(async () => {
  await warmUp();
  await import("../../src/desk/dispatch.ts");
});

/** A shell at its prompt behind the tools. */
async function idle() {
  const rig = fleet();
  const { multiplexer, clock } = rig;
  const access = createAccess({ directory: { resolve: async () => hostWith([]) }, clock });
  const desk = createDesk({ workspace: async () => ({ multiplexer, access, clock }), report: () => {} });
  const begin = async (tool: string, args: object = {}) =>
    (await desk.call(AGENT, tool, { session: "fake", ...args })).text;
  const call = (tool: string, args: object = {}) => rig.drive(begin(tool, args));
  const opened = await call("ssh_connect", { host: "fake" });
  const far = rig.shells[0];
  if (far === undefined) throw new Error("no shell was opened");
  return { ...rig, call, begin, far, opened };
}

const lastLine = (text: string) => text.split("\n").at(-1);

describe("a read at a prompt where nothing runs", () => {
  it("says so, before any command", async () => {
    const { call, opened } = await idle();
    expect(lastLine(opened)).toMatch(/^\[fake #0 ready cwd=\/home\/user (\d\.\ds )?\d lines? notes=1\]$/);
    expect(lastLine(await call("ssh_read"))).toMatch(/^\[fake #0 ready \d lines?\]$/);
  });

  it("that waits for a text which does not come says that it did not, for the time it waited", async () => {
    const { call } = await idle();
    await call("ssh_shell", { command: "echo hi" });
    const text = await call("ssh_read", { wait_for: "never", timeout_s: 2 });
    expect(text).toContain("note: nothing runs here, and the text that was waited for did not come\n");
    expect(lastLine(text)).toMatch(/^\[fake #1 ready timeout 2\.0s .* notes=1\]$/);
  });

  it("that finds the text in rows of the background is `ready` as well, and names the rows as nobody's", async () => {
    const { call, begin, drive, far, clock } = await idle();
    await call("ssh_shell", { command: "echo hi" });
    const waiting = begin("ssh_read", { wait_for: "fire", timeout_s: 20 });
    await clock.pass(1000);
    far.print("the house is on fire\r\n");
    const text = await drive(waiting);
    expect(text).toMatch(/note: 1 row of this came from the background/);
    expect(lastLine(text)).toMatch(/^\[fake #1 ready matched 1\.\ds /);
  });

  it("that only looks names what the background printed", async () => {
    const { call, far, clock } = await idle();
    await call("ssh_shell", { command: "echo hi" });
    far.print("one\r\ntwo\r\n");
    await clock.pass(500);
    const text = await call("ssh_read");
    expect(text).toMatch(
      /two[\s\S]*note: 2 rows of this came from the background.*no command's\n\[fake #1 done exit=0/,
    );
  });
});

describe("a read of the screen", () => {
  it("waits where a wait is asked for, and then shows the screen", async () => {
    const { call } = await idle();
    await call("ssh_shell", { command: "echo hi" });
    const text = await call("ssh_read", { screen: true, wait_for: "never", timeout_s: 1 });
    expect(text).toMatch(/^user@fake:~\$ echo hi\nhi\nuser@fake:~\$\n/);
    expect(lastLine(text)).toMatch(/^\[fake #1 ready timeout 1\.0s .*version=\d+ at=3,\d+ size=\d+x\d+/);
  });

  it("does not go with a cursor of the output", async () => {
    const { call } = await idle();
    expect(await call("ssh_read", { screen: true, cursor: 3 })).toMatch(
      /^invalid_argument: .*cursor.*does not go with screen/,
    );
    expect(await call("ssh_read", { since: 1, cursor: 3 })).toMatch(/^invalid_argument/);
  });
});

describe("a command whose end was not seen", () => {
  it("says so on every later read", async () => {
    const { call } = await idle();
    await call("ssh_shell", { command: "sleep 9", timeout_s: 1 });
    await call("ssh_disconnect");
    for (const _ of [1, 2])
      expect(await call("ssh_read", { command: 1 })).toMatch(
        /note: its end was not seen: whether it finished is unknown\n\[fake #1 closed/,
      );
  });
});
