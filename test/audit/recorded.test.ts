import { describe, expect, it } from "vitest";
import { recordedBy } from "../../src/app/recorded.ts";
import type { AuditEvent } from "../../src/audit/log.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import { aHost } from "../a-host.ts";

function recorder() {
  const events: AuditEvent[] = [];
  return { events, ...recordedBy({ record: (event) => void events.push(event) }) };
}

const KEY = { step: "host_key", type: "ssh-ed25519", fingerprint: "SHA256:abc" } as const;

describe("what happens beside the acts of callers", () => {
  it.each([
    ["known", "strict", "accepted"],
    ["pinned", "strict", "accepted"],
    ["unknown", "strict", "refused"],
    ["unknown", "accept-new", "accepted"],
    ["changed", "accept-new", "refused"],
    ["revoked", "strict", "refused"],
  ] as const)(
    "is on record: a host key that is %s, where the policy is %s, as %s",
    (verdict, mode, state) => {
      const { events, trace } = recorder();
      const host = aHost({ name: "sw1", hostKey: { mode, files: [] } });
      trace(host, { ...KEY, verdict, where: "known_hosts:3" });
      expect(events).toEqual([
        expect.objectContaining({
          ...{ event: "host_key", host: "sw1", verdict, state },
          ...{ key: "ssh-ed25519 SHA256:abc", where: "known_hosts:3" },
        }),
      ]);
    },
  );

  it("is on record: a login with its method, and one that failed with the reason", () => {
    const { events, trace } = recorder();
    const host = aHost({ name: "sw1" });
    trace(host, { step: "trying", method: "password" });
    trace(host, { step: "logged_in", method: "password", roundTrip: async () => undefined });
    trace(host, { step: "failed", error: new SshMcpError("auth_failed", "no") });
    expect(events).toEqual([
      expect.objectContaining({ event: "login", host: "sw1", state: "done", method: "password" }),
      expect.objectContaining({ event: "login", state: "failed", code: "auth_failed", message: "no" }),
    ]);
  });

  it("is on record: each new reading of the inventory, also of one that is refused", () => {
    const { events, reloaded } = recorder();
    reloaded({ path: "/hosts.yaml" });
    reloaded({ path: "/hosts.yaml", error: new SshMcpError("inventory_invalid", "line 3") });
    expect(events).toEqual([
      { event: "inventory", path: "/hosts.yaml", state: "loaded" },
      {
        event: "inventory",
        path: "/hosts.yaml",
        state: "refused",
        code: "inventory_invalid",
        message: "line 3",
      },
    ]);
  });
});
