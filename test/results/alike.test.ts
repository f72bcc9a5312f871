import { describe, expect, it } from "vitest";
import { likenessOf } from "../../src/results/alike.ts";

const same = (
  one: string,
  other: string,
  kinds: Parameters<typeof likenessOf>[2],
  names = ["sw-1", "sw-2"],
) => {
  const [first = "", second = ""] = names;
  return likenessOf([one], [first], kinds).rows[0] === likenessOf([other], [second], kinds).rows[0];
};

describe("outputs of two hosts mean the same", () => {
  it.each([
    ["sw-1 uptime is 2 weeks, 3 days", "sw-2 uptime is 1 hour, 9 minutes"],
    ["*10:02:11.123 UTC Mon Nov 30 2026", "*09:59:58.001 UTC Tue Dec 1 2026"],
    ["BGP up 5w2d", "BGP up 1d03h"],
    ["  sw-1.example.com   up", "  sw-2.example.com up"],
  ])("where only names and times differ: %s", (one, other) => {
    expect(same(one, other, ["names", "times"])).toBe(true);
    expect(same(one, other, [])).toBe(false);
  });

  it.each([
    ["Version 15.2(7)E3", "Version 15.2(7)E4"],
    ["mtu 1500", "mtu 9000"],
    ["timers 10 30", "timers 5 15"],
    ["hello-interval 10 seconds", "hello-interval 30 seconds"],
    ["ip address 192.0.2.1 255.255.255.0", "ip address 192.0.2.2 255.255.255.0"],
    ["0011.2233.4455", "0011.2233.4456"],
    ["00:11:22:33:44:55", "00:11:22:33:44:56"],
    ["2001:db8:10:20:30::1", "2001:db8:10:21:30::1"],
    ["Gi1/0/24 up", "Gi1/0/23 up"],
    ["rate 100m", "rate 10m"],
  ])("never where a fact does: %s and %s", (one, other) => {
    expect(same(one, other, ["names", "times"])).toBe(false);
  });

  it("never where a host is called like a word of the output", () => {
    expect(same("link up", "link down", ["names"], ["up", "down"])).toBe(false);
    expect(same("link sw-1", "link sw-2", ["names"], ["sw-1", "sw-1"])).toBe(false);
  });

  it("with addresses or numbers left out where the caller wants that", () => {
    expect(same("via 192.0.2.1, eth0", "via 192.0.2.99, eth0", ["addresses"])).toBe(true);
    expect(same("via 2001:db8::1", "via 2001:db8::99", ["addresses"])).toBe(true);
    expect(same("12 packets, 0 errors", "99,120 packets, 0 errors", ["numbers"])).toBe(true);
    expect(same("Gi1/0/24 12", "Gi1/0/23 12", ["numbers"])).toBe(false);
  });
});
