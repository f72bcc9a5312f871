import { describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { HostSummary, ResolvedHost } from "../../src/inventory/host.ts";
import { equip, unknownPlatforms } from "../../src/multiplexer/equip.ts";

const catalog = openCatalog();
const base: ResolvedHost = {
  name: "mt1",
  source: "inventory",
  address: "192.0.2.1",
  port: 22,
  user: "admin",
  auth: [],
  jump: [],
  hostKey: { mode: "strict", files: [] },
  platform: "mikrotik_routeros",
  tags: [],
  groups: [],
  terminal: { cols: 200, rows: 50, term: "xterm-256color" },
  limits: { sessions: 1, transcriptBytes: 1, channelsPerConnection: 1 },
  policy: { denyPatterns: [] },
  timing: {
    connectTimeoutMs: 1,
    keepaliveIntervalMs: 1,
    keepaliveCount: 1,
    idleTimeoutMs: 0,
    commandTimeoutMs: 1,
  },
};

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

  it("of unknown platform gets the suffix only for the server that wants it", () => {
    const { login } = equip({ ...base, platform: "auto" }, catalog);
    expect(login?.usernameSuffix).toMatch(/^\+ct200w50h$/);
    expect(new RegExp(login?.suffixIdent ?? "").test("SSH-2.0-ROSSSH")).toBe(true);
    expect(new RegExp(login?.suffixIdent ?? "").test("SSH-2.0-OpenSSH_9.2")).toBe(false);
  });

  it("that is a shell is left as it is", () => {
    const host: ResolvedHost = { ...base, platform: "posix" };
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
