import { describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { HostSummary } from "../../src/inventory/host.ts";
import { equip, unknownPlatforms } from "../../src/multiplexer/equip.ts";
import { aHost } from "../a-host.ts";

const catalog = openCatalog();
const base = aHost({
  name: "mt1",
  user: "admin",
  platform: "mikrotik_routeros",
  terminal: { cols: 200, rows: 50, term: "xterm-256color" },
});

describe("a host before it is dialled", () => {
  it("gets its platform's terminal, and the login suffix of that size", () => {
    const { pty } = catalog.profile("mikrotik_routeros");
    const host = equip(base, catalog);
    expect(host.terminal).toMatchObject({ cols: pty?.cols ?? 200, rows: pty?.rows ?? 50 });
    expect(host.login?.usernameSuffix).toBe(`+ct${host.terminal.cols}w${host.terminal.rows}h`);
    expect(host.login?.suffixIdent).toBeUndefined();
  });

  it("keeps what the inventory itself says of the terminal", () => {
    const fixed = { ...base, terminal: { ...base.terminal, cols: 132, fixed: ["cols"] as const } };
    expect(equip(fixed, catalog).terminal.cols).toBe(132);
  });

  it("that is a network device has one channel a connection and two sessions, unless the inventory says otherwise", () => {
    expect(equip(base, catalog).limits).toMatchObject({ sessions: 2, channelsPerConnection: 1, exact: true });
    const own = { ...base.limits, sessions: 5, fixed: ["sessions"] as const };
    expect(equip({ ...base, limits: own }, catalog).limits).toMatchObject({
      sessions: 5,
      channelsPerConnection: 1,
    });
    const shell = { ...base, platform: "openwrt" };
    expect(equip(shell, catalog).limits).toEqual(shell.limits);
    // Of unknown platform, until a session has shown what it is.
    const open = { ...base, platform: "auto" };
    expect(equip(open, catalog).limits).toEqual(open.limits);
    expect(equip(open, catalog, true).limits).toMatchObject({ channelsPerConnection: 1, exact: true });
  });

  it("of unknown platform gets the suffix only for the server that wants it", () => {
    const { login } = equip({ ...base, platform: "auto" }, catalog);
    expect(login?.usernameSuffix).toMatch(/^\+ct200w50h$/);
    expect(new RegExp(login?.suffixIdent ?? "").test("SSH-2.0-ROSSSH")).toBe(true);
    expect(new RegExp(login?.suffixIdent ?? "").test("SSH-2.0-OpenSSH_9.2")).toBe(false);
  });

  it("that is a shell is left as it is", () => {
    const host = { ...base, platform: "posix" };
    expect(equip(host, catalog)).toBe(host);
  });

  it("with a platform nobody knows is refused, and told of in the list of hosts", () => {
    expect(() => equip({ ...base, platform: "cisco_ois" }, catalog)).toThrow(
      /no platform "cisco_ois"; nearest: cisco_ios/,
    );
    const summary: HostSummary = {
      name: "mt1",
      source: "inventory",
      target: "admin@192.0.2.1:22",
      platform: "cisco_ois",
      jump: [],
      tags: [],
      groups: [],
    };
    expect(unknownPlatforms([summary], catalog)).toEqual([
      expect.stringMatching(/no platform "cisco_ois" \(mt1\); nearest: cisco_ios/),
    ]);
    expect(unknownPlatforms([{ ...summary, platform: "auto" }], catalog)).toEqual([]);
  });
});
