import { describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import type { Action, Target } from "../../src/base/contract/action.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import { denyPatterns } from "../../src/policy/deny.ts";
import type { Judge } from "../../src/policy/verdict.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { AGENT, fakeDesk, hostWith, outcomeOf } from "../tools/fake.ts";

const idle = { transcript: "", commands: [], outcome: outcomeOf({ state: "done", evidence: "sentinel" }) };
const gone = {
  resolve: () => Promise.reject(new SshMcpError("unknown_host", 'there is no host "web1"')),
};
const broken = {
  resolve: () => Promise.reject(new SshMcpError("inventory_invalid", "hosts.yaml line 3: no such key")),
};

function target(denied: readonly string[] = []): Target {
  return {
    host: {
      name: "web1",
      address: "jo@10.0.0.5:22",
      platform: "posix",
      policy: { ...UNRESTRICTED, denyPatterns: denied },
    },
    session: { name: "web1", state: "prompt", level: 1 },
  };
}

function pass(
  action: Action,
  {
    atOpening = [],
    now = [],
    judges,
  }: { atOpening?: string[]; now?: string[]; judges?: readonly Judge[] } = {},
): Promise<string> {
  const directory = { resolve: async () => hostWith(now) };
  const access = createAccess({ directory, ...(judges === undefined ? {} : { judges }) });
  return access.pass(AGENT, action, target(atOpening), async () => "done");
}

const run = (...lines: string[]): Action => ({
  verb: "run",
  command: lines.join("\n"),
  lines: lines.map((text) => ({ text, why: "command" })),
});

describe("the policy", () => {
  it.each([
    ["when the session was opened", { atOpening: ["^reload"] }],
    ["now", { now: ["^reload"] }],
  ])("denies what a pattern denies that was there %s", async (_when, patterns) => {
    await expect(pass(run("reload"), patterns)).rejects.toMatchObject({ code: "denied" });
  });

  it("judges every physical line for itself, and the whole text", async () => {
    await expect(pass(run("show clock", "reload"), { now: ["^reload$"] })).rejects.toMatchObject({
      code: "denied",
    });
    await expect(pass(run("a", "b"), { now: ["a\\nb"] })).rejects.toMatchObject({ code: "denied" });
    await expect(pass(run("show clock", "show reload"), { now: ["^reload$"] })).resolves.toBe("done");
  });

  it("judges the lines of a way to another mode as well", async () => {
    const climbing: Action = {
      verb: "run",
      command: "show clock",
      lines: [
        { text: "configure terminal", why: "mode" },
        { text: "show clock", why: "command" },
      ],
    };
    await expect(pass(climbing, { now: ["^conf"] })).rejects.toMatchObject({ code: "denied" });
  });

  it("judges what stands between one Enter and the next in typed keys", async () => {
    const { call, calls } = fakeDesk({ ...idle, denyPatterns: ["^reload$"] });
    const typed = await call("ssh_send", { session: "web1", keys: "q<Enter>reload<CR>" });
    expect(typed.text).toMatch(/^denied: /);
    const pasted = await call("ssh_send", { session: "web1", text: "a\nreload\nb" });
    expect(pasted.text).toMatch(/^denied: /);
    expect(calls).toEqual([]);
  });

  it("opens nothing for a command that is denied", async () => {
    const fake = fakeDesk({ ...idle, denyPatterns: ["rm -rf"] }, { multiplexer: { find: () => undefined } });
    const result = await fake.call("ssh_shell", { session: "web1", command: "true\nrm -rf /" });
    expect(result.text).toMatch(/^denied: /);
    expect(fake.calls).toEqual([]);
  });

  it("lets the strictest of several judges decide, and asks nobody who is not there", async () => {
    const asks: Judge = () => ({ is: "ask", why: "it reloads the switch" });
    await expect(pass(run("reload"), { judges: [denyPatterns, asks] })).rejects.toMatchObject({
      code: "denied",
      message: expect.stringMatching(/human.*it reloads the switch.*nobody can be asked/),
    });
    await expect(
      pass(run("reload"), { now: ["reload"], judges: [asks, denyPatterns] }),
    ).rejects.toMatchObject({ message: expect.stringContaining("deny pattern") });
  });
});

describe("a session whose host has gone from the inventory", () => {
  const busy = { ...idle, facts: { state: "running", command: 7 } };

  it.each([
    ["ssh_shell", { command: "uptime" }],
    ["ssh_send", { text: "y", enter: true }],
    ["ssh_send", { cols: 100 }],
    ["ssh_send", { keys: "<C-c>", cols: 100 }],
  ])("refuses %s %j, and says what still goes", async (tool, args) => {
    const { call, calls } = fakeDesk(busy, { directory: gone });
    const result = await call(tool, { session: "web1", ...args });
    expect(result.text).toMatch(
      /^unknown_host: host "web1" is no longer in the inventory.*session web1 stays open for reading, interrupting and closing/,
    );
    expect(calls).toEqual([]);
  });

  it("is interrupted, read and closed all the same", async () => {
    const { call, calls } = fakeDesk(busy, { directory: gone });
    for (const [tool, args] of [
      ["ssh_send", { keys: "<C-c>" }],
      ["ssh_read", {}],
      ["ssh_read", { screen: true }],
      ["ssh_disconnect", {}],
    ] as const)
      expect((await call(tool, { session: "web1", ...args })).isError, tool).toBeUndefined();
    expect(calls.map(({ verb }) => verb)).toEqual(["send", "read", "disconnect"]);
  });

  it("is interrupted as text, too, but by nothing more than the key", async () => {
    const { call, calls } = fakeDesk(busy, { directory: gone });
    await call("ssh_send", { session: "web1", text: "\u0003" });
    expect((await call("ssh_send", { session: "web1", keys: "<C-c><C-c>" })).isError).toBe(true);
    expect((await call("ssh_send", { session: "web1", keys: "<C-z>" })).isError).toBe(true);
    expect(calls.map(({ verb }) => verb)).toEqual(["send"]);
  });
});

describe("a broken inventory", () => {
  const outdated = "The inventory was changed and is broken now; its last good state stays in use.";
  const lastGood = (...patterns: string[]) => ({ resolve: async () => hostWith(patterns), outdated });

  it.each([
    ["ssh_shell", { session: "web1", command: "ls" }],
    ["ssh_send", { session: "web1", text: "y", enter: true }],
    ["ssh_send", { session: "web1", cols: 100 }],
    ["ssh_connect", { host: "web1" }],
  ])("is told of in each result that was judged by its last good state: %s %j", async (tool, args) => {
    const { call } = fakeDesk(idle, { directory: lastGood() });
    const { text } = await call(tool, args);
    expect(text.split("\n").filter((line) => line.includes("is broken now"))).toEqual([`note: ${outdated}`]);
  });

  it("is told of in a refusal as well, by the patterns of then or of the session's opening", async () => {
    const byOld = fakeDesk(idle, { directory: lastGood("^reload") });
    const byOpening = fakeDesk({ ...idle, denyPatterns: ["^reload"] }, { directory: lastGood() });
    for (const { call, calls } of [byOld, byOpening]) {
      const { text } = await call("ssh_shell", { session: "web1", command: "reload" });
      expect(text).toMatch(/^denied: .*is broken now/s);
      expect(calls).toEqual([]);
    }
  });

  it("is no matter for reading and interrupting", async () => {
    const { call } = fakeDesk(idle, { directory: lastGood() });
    expect((await call("ssh_read", { session: "web1" })).text).not.toContain("broken");
    expect((await call("ssh_send", { session: "web1", keys: "<C-c>" })).text).not.toContain("broken");
  });

  it("refuses commands with its own error, and interrupts nevertheless", async () => {
    const { call, calls } = fakeDesk(idle, { directory: broken });
    expect((await call("ssh_shell", { session: "web1", command: "ls" })).text).toMatch(
      /^inventory_invalid: /,
    );
    expect((await call("ssh_send", { session: "web1", keys: "<C-c>" })).isError).toBeUndefined();
    expect(calls.map(({ verb }) => verb)).toEqual(["send"]);
  });
});
