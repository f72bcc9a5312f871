import { describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Action, SessionFacts, Target } from "../../src/base/contract/action.ts";
import type { HostPolicy } from "../../src/base/contract/policy.ts";
import { Guard } from "../../src/policy/guard.ts";
import { aHost, UNRESTRICTED } from "../a-host.ts";
import { AGENT } from "../tools/fake.ts";

/** What the gate says of keys in a session of a Unix host, which was given `before`. */
async function verdictOn(
  keys: string,
  facts: Partial<SessionFacts>,
  { level = "guarded" as HostPolicy["level"], before = [] as readonly string[] } = {},
): Promise<string> {
  const free = { ...UNRESTRICTED };
  const access = createAccess({
    directory: { resolve: async () => aHost({ policy: free }), outdated: undefined },
    guard: new Guard(async () => undefined, systemClock),
  });
  const target = (policy: HostPolicy, at: Partial<SessionFacts>): Target => ({
    host: { name: "web1", address: "jo@192.0.2.1:22", platform: "posix", policy },
    session: { name: "web1", life: 1, state: "prompt", promptBy: "sentinel", level: 1, ...at },
  });
  for (const command of before) {
    const run: Action = { verb: "run", command, lines: [{ text: command, why: "command" }] };
    await access.pass(AGENT, run, target(free, {}), async () => {});
  }
  const { promptBy: _, ...rest } = facts;
  const lines = keys.split("\r").slice(0, -1);
  const action: Action = {
    verb: "type",
    how: "keys",
    shown: keys,
    bytes: Buffer.from(keys),
    enters: { lines, unknown: false, before: "" },
  };
  const verdict = await access.check(action, target({ ...free, level }, { command: 1, ...rest }));
  return verdict.is;
}

const RUNNING = { state: "running" };
const SCREEN = { state: "screen" };
const asking = (asked: string, submit?: "key") => ({
  state: "asking",
  asked,
  ...(submit === undefined ? {} : { submit }),
});

describe("keys for what is in front are judged by all that may come to read them", () => {
  it.each([
    ["a line typed ahead, which the shell reads next", "systemctl stop nginx\r", RUNNING],
    ["a line recalled ahead", "\u001b[A\r", RUNNING],
    ["what follows an answer", "y\rsystemctl stop nginx\r", asking("line")],
    ["what follows the key that answers", "ysystemctl stop nginx\r", asking("confirm", "key")],
    ["what follows the key that leaves a pager", "qsystemctl stop nginx\r", asking("pager")],
    ["a shell out of a pager", "!sh\r", asking("pager")],
    ["a shell out of a full screen", "!sh\r", SCREEN],
    ["an editor out of a pager", "v", SCREEN],
    ["function keys, which are menus", "\u001b[20~", SCREEN],
    ["the rest of a line that goes on", "rm -rf /srv; done\r", asking("continuation")],
    ["a shell that was not opened here", "touch x\r", asking("shell")],
    ["a program that reads commands", "import os\r", asking("repl")],
  ])("%s asks", async (_what, keys, facts) => {
    expect(await verdictOn(keys, facts)).toBe("ask");
  });

  it.each([
    ["an answer", "y\r", asking("confirm")],
    ["a single key that answers", "y", asking("confirm", "key")],
    ["a line of input", "some words\r", asking("line")],
    ["a search in a pager", "/error\r", asking("pager")],
    ["keys that move", "\u001b[B\u001b[6~ q", SCREEN],
    ["typed ahead, what only reads", "ls -l\r", RUNNING],
  ])("%s passes", async (_what, keys, facts) => {
    expect(await verdictOn(keys, facts)).toBe("allow");
  });

  it("what another shell would destroy is no milder for being read there", async () => {
    expect(await verdictOn("rm -rf /\r", { state: "running" }, { before: ["ssh web2"] })).toBe("ask");
  });

  it("on a host that is read_only, what asks is stopped and not answered", async () => {
    const level = "read_only";
    for (const key of ["y", "\r", " ", "q"])
      expect(await verdictOn(key, asking("confirm", "key"), { level }), key).toBe("deny");
    for (const key of ["\u0003", "\u001b", "\u0004"])
      expect(await verdictOn(key, asking("confirm", "key"), { level })).toBe("allow");
    expect(await verdictOn(" ", asking("pager"), { level })).toBe("allow");
  });

  it("lines behind one another are judged in order", async () => {
    const prompt = { state: "prompt" };
    expect(await verdictOn("cd /etc\rrm passwd\r", prompt)).toBe("ask");
    expect(await verdictOn("cd /tmp\rls\r", prompt)).toBe("allow");
  });
});

it("a command at a row that is a prompt on the caller's word alone asks", async () => {
  const access = createAccess({
    directory: { resolve: async () => aHost(), outdated: undefined },
    guard: new Guard(async () => undefined, systemClock),
  });
  const policy = { ...UNRESTRICTED, level: "guarded" as const };
  const run: Action = { verb: "run", command: "touch x", lines: [{ text: "touch x", why: "command" }] };
  const at = (state: string): Target => ({
    host: { name: "web1", address: "jo@192.0.2.1:22", platform: "posix", policy },
    session: { name: "web1", life: 1, state, level: 1 },
  });
  expect((await access.check({ ...run, here: "prompt" }, at("asking"))).is).toBe("ask");
  expect((await access.check(run, at("prompt"))).is).toBe("allow");
});

it("input at a terminal of a command of its own asks, as it may be keys for a pager", async () => {
  const access = createAccess({
    directory: { resolve: async () => aHost(), outdated: undefined },
    guard: new Guard(async () => undefined, systemClock),
  });
  const policy = { ...UNRESTRICTED, level: "guarded" as const };
  const host = { name: "web1", address: "jo@192.0.2.1:22", platform: "posix", policy };
  const action = { verb: "exec", command: "git log", stdin: "!sh\n" } as const;
  expect((await access.check({ ...action, pty: true }, { host })).is).toBe("ask");
  expect((await access.check(action, { host })).is).toBe("allow");
});
