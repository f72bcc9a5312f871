import { describe, expect, it } from "vitest";
import type { Action, Target } from "../../src/base/contract/action.ts";
import { classify } from "../../src/policy/classify.ts";
import { grammarOf } from "../../src/policy/cli/library.ts";
import { SessionMemory } from "../../src/policy/session-memory.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { casesOf } from "../policy/posix/collections.ts";

const grammar = async (platform: string) =>
  platform === "auto" || platform === "posix" ? undefined : grammarOf(platform);
const host = (platform: string): Target["host"] => ({
  name: "new1",
  address: "jo@192.0.2.1:22",
  platform,
  policy: UNRESTRICTED,
});
const exec = (command: string): Action => ({ verb: "exec", command });
const riskOn = async (platform: string, action: Action, more: Partial<Target> = {}) =>
  (await classify(action, { host: host(platform), ...more }, grammar, new SessionMemory())).risk;
const passes = (risk: string) => risk === "read" || risk === "write";

describe("a host of which nobody knows yet whether a shell or a device reads commands", () => {
  it.each([
    "reload",
    "rel in 5",
    "write erase",
    "wr er",
    "clear ip bgp *",
    "reset saved-configuration",
    "request system zeroize",
    "execute factoryreset",
    "configure terminal\nno vlan 5",
    "sys\nundo bgp 65000",
    "copy tftp://192.0.2.9/a startup-config",
  ])("asks before %j: on a device that is a restart, or an end", async (command) => {
    expect(passes(await riskOn("auto", exec(command)))).toBe(false);
  });

  it("asks no more than of a shell where shells know the command", async () => {
    const benign = casesOf("posix").filter(({ is }, at) => is === "benign" && at % 9 === 0);
    const asked: string[] = [];
    for (const { text } of benign) if (!passes(await riskOn("auto", exec(text)))) asked.push(text);
    expect(asked.length / benign.length, asked.join("\n")).toBeLessThan(0.02);
  });

  it("is a shell once that said so itself, or the operator did", async () => {
    const session = { name: "new1", life: 1, state: "prompt", promptBy: "sentinel", level: 1 } as const;
    const run: Action = { verb: "run", command: "reload", lines: [{ text: "reload", why: "command" }] };
    expect(passes(await riskOn("auto", run, { session }))).toBe(true);
    expect(passes(await riskOn("posix", exec("reload")))).toBe(true);
    expect(passes(await riskOn("auto", run, { session: { ...session, promptBy: "prompt" } }))).toBe(false);
  });
});
