import { describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { systemClock } from "../../src/base/clock.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import { createDesk } from "../../src/desk/desk.ts";
import type { Multiplexer } from "../../src/multiplexer/types.ts";
import { AGENT, fakeMultiplexer, hostWith, outcomeOf } from "../tools/fake.ts";

const scripted = {
  transcript: "hello\n",
  commands: [],
  outcome: outcomeOf({ state: "done", evidence: "sentinel" }, { exit: 0, to: 6 }),
};

function desk(change: Partial<Multiplexer> = {}) {
  const fake = fakeMultiplexer(scripted);
  const { calls } = fake;
  const multiplexer = { ...fake.multiplexer, ...change };
  const access = createAccess({ directory: { resolve: async () => hostWith([]) } });
  const reported: unknown[] = [];
  const workspace = async () => ({ multiplexer, access, clock: systemClock });
  const made = createDesk({ workspace, report: (error) => reported.push(error) });
  return { desk: made, calls, reported };
}

describe("the desk", () => {
  it("gives a typed result and its text", async () => {
    const { result, text } = await desk().desk.call(AGENT, "ssh_shell", {
      session: "web1",
      command: "echo hello",
    });
    expect(result).toMatchObject({ kind: "wait", reply: { outcome: { state: "done", exit: 0 } } });
    expect(text).toBe("hello\n[web1 #7 done exit=0 0.12s 1 line]");
  });

  it("names the tools there are, nearest first, to a caller of another one", async () => {
    const { result, text } = await desk().desk.call(AGENT, "ssh_shel", {});
    expect(result).toMatchObject({ kind: "unknown_tool", name: "ssh_shel" });
    expect(text).toMatch(/^Unknown tool "ssh_shel"; there are ssh_shell, /);
  });

  it("names the list of hosts to an agent whose host nobody knows", async () => {
    const unknown = new SshMcpError("unknown_host", 'There is no host "wbe1".', "Use one of these names.");
    const lost = createDesk({
      workspace: () => Promise.reject(unknown),
      report: () => expect.unreachable(),
    });
    const { text } = await lost.call(AGENT, "ssh_hosts", {});
    expect(text).toMatch(/\nNext: Use one of these names\. ssh_hosts lists all hosts\.$/);
  });

  it("does not make the workspace for a tool that does not exist, or for the list of tools", async () => {
    const lazy = createDesk({
      workspace: () => Promise.reject(new Error("made")),
      report: () => expect.unreachable(),
    });
    await lazy.call(AGENT, "ssh_nothing", {});
    expect((await lazy.definitions()).map(({ name }) => name)).toContain("ssh_shell");
  });

  it("answers a workspace that cannot be made with the reason", async () => {
    const inventory = new SshMcpError("inventory_invalid", "hosts.yaml line 3: no such key", "Correct it.");
    const closed = createDesk({ workspace: () => Promise.reject(inventory), report: () => {} });
    const { result, text } = await closed.call(AGENT, "ssh_hosts", {});
    expect(result.kind).toBe("error");
    expect(text).toBe("inventory_invalid: hosts.yaml line 3: no such key\nNext: Correct it.");
  });

  it("says that a call was carried out whose result cannot be shown, and reports why", async () => {
    const { multiplexer } = fakeMultiplexer(scripted);
    const view = Object.assign(Object.create(multiplexer.view("web1")), {
      text: () => Promise.reject(new Error("no such cursor")),
    });
    const { desk: made, reported } = desk({
      run: async () => ({ session: view, outcome: scripted.outcome }),
    });
    const { result, text } = await made.call(AGENT, "ssh_shell", { session: "web1", command: "rm x" });
    expect(result.kind).toBe("error");
    expect(text).toMatch(
      /^internal: the call was carried out, .*no such cursor.*\nNext: Do not give it again/,
    );
    expect(reported).toHaveLength(1);
  });

  it("keeps the code of an error whose own words cannot be shown", async () => {
    const broken = Object.defineProperty(new SshMcpError("busy", "x"), "message", {
      get: () => {
        throw new Error("no words");
      },
    });
    const { desk: made, reported } = desk({ run: () => Promise.reject(broken) });
    const { result, text } = await made.call(AGENT, "ssh_shell", { session: "web1", command: "ls" });
    expect(result).toMatchObject({ kind: "error", error: { code: "busy" } });
    expect(text).toMatch(/^busy: the call failed for this reason/);
    expect(reported).toHaveLength(1);
  });

  it("answers also where something is thrown that cannot be written down", async () => {
    const { desk: made } = desk({ run: () => Promise.reject(Object.create(null)) });
    const { text } = await made.call(AGENT, "ssh_shell", { session: "web1", command: "ls" });
    expect(text).toMatch(/^internal: an unexpected error/);
  });

  it("reads arguments before it acts", async () => {
    const { desk: made, calls } = desk();
    const { result } = await made.call(AGENT, "ssh_shell", { session: "web1" });
    expect(result).toMatchObject({ kind: "error", error: { code: "invalid_argument" } });
    expect(calls).toEqual([]);
  });
});
