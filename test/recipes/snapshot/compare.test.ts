import { describe, expect, it } from "vitest";
import { compareKind } from "../../../src/recipes/snapshot/compare.ts";
import type { Facts, HostSnapshot, Kind } from "../../../src/recipes/snapshot/form.ts";

const on = (kind: Kind, facts: Facts, platform = "cisco_ios"): HostSnapshot => ({
  host: "sw1",
  platform,
  at: 0,
  kinds: { [kind]: facts },
});
const records = (list: readonly Record<string, string | number>[], unread = 0, command = "show"): Facts => ({
  is: "records",
  command,
  records: [...list],
  unread,
});
const text = (...lines: string[]): Facts => ({ is: "text", command: "show running-config", lines });
const compare = (kind: Kind, one: Facts, other: Facts) => compareKind(kind, on(kind, one), on(kind, other));

describe("two snapshots of a host", () => {
  it("are the same where only ages, uptimes and times of printing differ", () => {
    const route = { prefix: "10.0.0.0/8", via: "192.0.2.1", interface: "Gi1", age: "00:01:02" };
    expect(compare("routes", records([route]), records([{ ...route, age: "5w2d" }]))).toEqual({ is: "same" });
    const version = { hostname: "sw1", version: "15.2", uptime: "1 day" };
    expect(compare("version", records([version]), records([{ ...version, uptime: "2 days" }])).is).toBe(
      "same",
    );
    const old = text("Building configuration...", "Current configuration : 100 bytes", "hostname sw1");
    const now = text("! Last configuration change at 10:00:00 UTC", "hostname sw1");
    expect(compare("config", old, now)).toEqual({ is: "same" });
  });

  it("differ in records that came, went or changed, whatever their order", () => {
    const one = { prefix: "10.0.0.0/8", via: "192.0.2.1", metric: 1 };
    const two = { prefix: "10.0.0.0/8", via: "192.0.2.2", metric: 1 };
    expect(compare("routes", records([one, two]), records([two, one]))).toEqual({ is: "same" });
    expect(compare("routes", records([one]), records([{ ...one, metric: 5 }, two]))).toEqual({
      is: "changed",
      rows: ["~ 10.0.0.0/8  192.0.2.1 metric: 1 → 5".replace("  ", "  "), "+ 10.0.0.0/8  192.0.2.2  1"],
    });
    expect(compare("routes", records([one, one]), records([one])).is).toBe("changed");
  });

  it("differ in lines of a configuration, shown in their sections, and in the order of lines", () => {
    const old = text("interface Gi1", " description a", " shutdown", "interface Gi2", " shutdown");
    const now = text("interface Gi1", " description b", " shutdown", "interface Gi2");
    expect(compare("config", old, now)).toEqual({
      is: "changed",
      rows: ["interface Gi1", "  - description a", "  + description b", "interface Gi2", "  - shutdown"],
    });
    const list = text("ip access-list standard A", " permit any", " deny host 192.0.2.1");
    const turned = text("ip access-list standard A", " deny host 192.0.2.1", " permit any");
    expect(compare("config", list, turned)).toEqual({
      is: "changed",
      rows: ["~ the same lines in another order"],
    });
  });

  it("say nothing of what was not read, was read otherwise, or was not understood", () => {
    const gone: Facts = { is: "not_read", why: "denied" };
    expect(compare("config", gone, text("a"))).toEqual({
      is: "not_compared",
      why: "not read before: denied",
    });
    expect(compare("config", text("a"), gone)).toEqual({ is: "not_compared", why: "not read after: denied" });
    expect(compare("routes", records([], 0, "show a"), records([], 0, "show b")).is).toBe("not_compared");
    expect(compare("routes", records([{ prefix: "a" }], 2), records([{ prefix: "a" }])).is).toBe(
      "not_compared",
    );
    expect(compareKind("arp", on("config", text("a")), on("config", text("a"))).is).toBe("not_compared");
  });

  it("are the same where both say that there is nothing, and differ where one does", () => {
    const nothing: Facts = { is: "nothing", command: "show cdp", said: "% CDP is not enabled" };
    expect(compare("neighbours", nothing, nothing)).toEqual({ is: "same" });
    expect(compare("neighbours", nothing, records([{ port: "Gi1" }]))).toEqual({
      is: "changed",
      rows: ["~ nothing (% CDP is not enabled) → 1 records"],
    });
  });
});
