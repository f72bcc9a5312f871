import { describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { HostPolicy } from "../../src/base/contract/policy.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { Guard } from "../../src/policy/guard.ts";
import { aHost, UNRESTRICTED } from "../a-host.ts";
import { AGENT, fakeMultiplexer, outcomeOf } from "../tools/fake.ts";

function desk(policy: Partial<HostPolicy>, mayConfirm = true) {
  const fake = fakeMultiplexer({
    transcript: "done\n",
    commands: [],
    outcome: outcomeOf({ state: "done", evidence: "sentinel" }, { exit: 0, to: 5 }),
  });
  const whole = { ...UNRESTRICTED, level: "guarded" as const, ...policy };
  const host = aHost({ name: "web1", policy: whole });
  const access = createAccess({
    directory: { resolve: async () => host, outdated: undefined },
    guard: new Guard(async () => undefined, systemClock),
  });
  return createDesk({
    workspace: async () => ({ multiplexer: fake.multiplexer, access, clock: systemClock }),
    mayConfirm: async () => mayConfirm,
    report: () => {},
  });
}

const ALLOWED: Partial<HostPolicy> = { agentMayConfirm: true };
const run = (command: string, more: object = { confirm_dangerous: true }) => ({
  session: "web1",
  command,
  ...more,
});

describe("confirm_dangerous", () => {
  it("is in the definitions of the tools that act where the operator allows it, and else in none", async () => {
    const names = async (may: boolean) =>
      (await desk({}, may).definitions())
        .filter(({ inputSchema }) => JSON.stringify(inputSchema).includes("confirm_dangerous"))
        .map(({ name }) => name);
    expect(await names(false)).toEqual([]);
    const acting = await names(true);
    expect(acting).toEqual(expect.arrayContaining(["ssh_shell", "ssh_send", "ssh_exec", "ssh_write_file"]));
    for (const looks of ["ssh_hosts", "ssh_read", "ssh_check", "ssh_read_file"])
      expect(acting).not.toContain(looks);
  });

  it("counts on a host that allows it, for what the level alone asks, and is recorded as that", async () => {
    const policy = { ...UNRESTRICTED, level: "guarded" as const, agentMayConfirm: true as const };
    const access = createAccess({
      directory: { resolve: async () => aHost({ policy }), outdated: undefined },
      guard: new Guard(async () => undefined, systemClock),
    });
    const host = { name: "web1", address: "jo@192.0.2.1:22", platform: "posix", policy };
    const stop = { verb: "exec", command: "systemctl stop nginx" } as const;
    const notes: string[] = [];
    const at = { notes };
    const act = async () => "stopped";
    expect(await access.pass({ ...AGENT, confirms: true }, stop, { host }, act, at)).toBe("stopped");
    expect(notes).toEqual([expect.stringContaining("no human was asked")]);
    await expect(access.pass(AGENT, stop, { host }, act)).rejects.toMatchObject({ code: "denied" });
    const earlier = { ...host, policy: { ...policy, agentMayConfirm: undefined } };
    const before = { host: earlier } as unknown as { host: typeof host };
    await expect(access.pass({ ...AGENT, confirms: true }, stop, before, act)).rejects.toMatchObject({
      code: "denied",
    });
  });

  it.each([
    ["what cannot be undone", ALLOWED, "rm -rf /srv"],
    ["a host that does not allow it", {}, "systemctl stop nginx"],
    [
      "a rule of the operator",
      { ...ALLOWED, rules: [{ is: "ask", pattern: "git push.*", at: "x:1" }] },
      "git push",
    ],
    [
      "another time than the change windows",
      { ...ALLOWED, windows: [{ days: [], from: 0, to: 1 }] },
      "reboot",
    ],
    ["what is refused", { ...ALLOWED, level: "read_only" }, "touch x"],
  ] as const)("does not count for %s", async (_what, policy, command) => {
    const { text } = await desk(policy as Partial<HostPolicy>).call(AGENT, "ssh_shell", run(command));
    expect(text).toMatch(/^denied/);
  });

  it("is answered with how a human approves where it counts nowhere", async () => {
    const { text } = await desk({}, false).call(AGENT, "ssh_shell", run("ls"));
    expect(text).toMatch(/^invalid_argument: .*confirm_dangerous.*ssh-mcp approve/s);
  });
});
