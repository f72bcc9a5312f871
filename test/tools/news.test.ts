import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import type { Caller } from "../../src/base/contract/caller.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { AGENT, hostWith } from "./fake.ts";

const OTHER: Caller = { ...AGENT, id: "agent-2" };

beforeAll(async () => {
  await warmUp();
  await import("../../src/desk/dispatch.ts");
});

/** A shell at its prompt behind the tools; calls give the last line of their result. */
async function opened() {
  const rig = fleet();
  const { multiplexer, clock } = rig;
  const access = createAccess({ directory: { resolve: async () => hostWith([]) }, clock });
  const desk = createDesk({ workspace: async () => ({ multiplexer, access, clock }), report: () => {} });
  const call = async (tool: string, args: object = {}, caller = AGENT) => {
    const { text } = await rig.drive(desk.call(caller, tool, { session: "fake", ...args }));
    return text.split("\n").at(-1) ?? "";
  };
  await call("ssh_connect", { host: "fake" });
  /** A command behind which the shell is in another directory. */
  const cd = (cwd: string, caller?: Caller) => {
    const far = rig.shells.at(-1);
    if (far) far.cwd = cwd;
    return call("ssh_shell", { command: "true" }, caller);
  };
  return { ...rig, call, cd };
}

describe("the directory in a status line", () => {
  it("is told when it is another than this caller was told last", async () => {
    const { call, cd } = await opened();
    expect(await call("ssh_shell", { command: "echo hi" })).not.toContain("cwd=");
    expect(await cd("/var/log")).toContain(" cwd=/var/log ");
    expect(await call("ssh_shell", { command: "echo hi" })).not.toContain("cwd=");
    expect(await cd("/home/user")).toContain(" cwd=/home/user ");
  });

  it("is told to each caller", async () => {
    const { call, cd } = await opened();
    await cd("/var/log");
    expect(await call("ssh_shell", { command: "echo hi" }, OTHER)).toContain(" cwd=/var/log ");
    expect(await call("ssh_shell", { command: "echo hi" }, OTHER)).not.toContain("cwd=");
    await cd("/home/user", OTHER);
    expect(await call("ssh_shell", { command: "echo hi" })).toContain(" cwd=/home/user ");
  });

  it("is told again where the caller of the call before went away", async () => {
    const { call, cd } = await opened();
    const gone = { ...AGENT, signal: AbortSignal.abort() };
    await cd("/var/log", OTHER);
    await call("ssh_read", {}, gone);
    expect(await call("ssh_read")).toContain(" cwd=/var/log ");
  });

  it("is told for a new shell under the old name, also where it is the same", async () => {
    const { call } = await opened();
    await call("ssh_disconnect");
    expect(await call("ssh_connect", { host: "fake" })).toContain(" ready cwd=/home/user ");
  });

  it("is told by ssh_connect that returns a session which is open", async () => {
    const { call, cd } = await opened();
    await cd("/var/log");
    expect(await call("ssh_connect", { host: "fake", session: undefined })).toContain(" ready cwd=/var/log ");
    expect(await call("ssh_shell", { command: "echo hi" })).not.toContain("cwd=");
  });
});

it("a command that has printed nothing for long is said to be silent", async () => {
  const { call } = await opened();
  expect(await call("ssh_shell", { command: "sleep 100", timeout_s: 5 })).toMatch(/ running timeout 5\.0s /);
  expect(await call("ssh_read", { timeout_s: 15 })).toMatch(/ running timeout silent=(19|20)s 20\.\ds /);
});
