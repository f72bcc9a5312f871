import { expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { grammarFor } from "../../src/app/grammars.ts";
import { orderOf } from "../../src/approval/order.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Action, Target } from "../../src/base/contract/action.ts";
import { approvalText } from "../../src/base/contract/approval-text.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import { Guard } from "../../src/policy/guard.ts";
import { aHost, UNRESTRICTED } from "../a-host.ts";
import { AGENT } from "../tools/fake.ts";

const catalog = openCatalog();
const guard = new Guard((id) => grammarFor(catalog, id), systemClock);

/** What a person reads who is asked for this on a device. */
async function asked(platform: string, text: string): Promise<string> {
  const policy = { ...UNRESTRICTED, level: "guarded" as const };
  const access = createAccess({
    directory: { resolve: async () => aHost({ policy }), outdated: undefined },
    guard,
  });
  const lines = text.split("\n").map((line) => ({ text: line, why: "command" as const }));
  const action: Action = { verb: "run", command: text, lines };
  const target: Target = { host: { name: "sw1", address: "noc@192.0.2.1:22", platform, policy } };
  const verdict = await access.check(action, target);
  if (verdict.is !== "ask") throw new Error(`it is ${verdict.is}`);
  return approvalText(orderOf(AGENT, action, target, verdict));
}

it.each([
  ["juniper_junos", "configure\ndelete protocols bgp\ncommit", /safer there: commit confirmed 5/],
  [
    "cisco_ios",
    "conf t\nno router bgp 65001",
    /safer there: configure terminal revert timer 5.*reload in 10/,
  ],
  ["mikrotik_routeros", "/interface disable ether1", /safer there: safe mode/],
  ["vyos", "configure\ndelete protocols bgp\ncommit", /safer there: commit-confirm 5/],
])("who approves a change on %s reads how it would undo itself", async (platform, text, armed) => {
  expect(await asked(platform, text)).toMatch(armed);
});

it("a restart is offered no such way, nor is a platform of which none is known", async () => {
  expect(await asked("cisco_ios", "reload")).not.toContain("safer there");
  expect(await asked("hp_procurve", "configure\nno vlan 10")).not.toContain("safer there");
});

it("a command in a session of its own is judged in its mode, and approved for that mode alone", async () => {
  const asked = async (platform: string, command: string, mode?: string, more: object = {}) => {
    const policy = { ...UNRESTRICTED, level: "read_only" as const, ...more };
    const access = createAccess({
      directory: { resolve: async () => aHost({ policy }), outdated: undefined },
      guard,
    });
    const action: Action = { verb: "exec", command, ...(mode === undefined ? {} : { mode }) };
    const target: Target = { host: { name: "sw1", address: "noc@192.0.2.1:22", platform, policy } };
    return { action, target, verdict: await access.check(action, target) };
  };
  expect((await asked("cisco_ios", "hostname evil")).verdict.is).toBe("allow");
  expect((await asked("cisco_ios", "hostname evil", "config")).verdict.is).toBe("deny");
  expect((await asked("auto", "hostname evil", "config")).verdict.is).toBe("deny");
  expect((await asked("cisco_ios", "show version", "enable")).verdict.is).toBe("allow");
  const guarded = { level: "guarded" };
  const { action, target, verdict } = await asked("cisco_ios", "no username admin", "config", guarded);
  expect((await asked("cisco_ios", "no username admin", undefined, guarded)).verdict.is).toBe("allow");
  if (verdict.is !== "ask") throw new Error(`it is ${verdict.is}`);
  const order = orderOf(AGENT, action, target, verdict);
  expect(order).toMatchObject({ risk: "disruptive", text: "no username admin\nin mode config" });
  const keys = [{ mode: "exec" }, { keepGoing: true }].map(
    (more) => orderOf(AGENT, { ...action, ...more } as Action, target, verdict).key,
  );
  expect(new Set([order.key, ...keys]).size).toBe(3);
});
