import { describe, expect, it } from "vitest";
import { parseWindow } from "../../src/inventory/change-window.ts";
import { parseInventory } from "../../src/inventory/parse.ts";
import { isWithin, nextWindow } from "../../src/policy/windows.ts";
import { directory } from "./open-directory.ts";

describe("the policy of a host", () => {
  it("is guarded where nothing is said, and the narrowest level counts", async () => {
    const { hosts } = await directory({
      hosts: `
defaults: {policy: read_only}
groups:
  lab: {policy: unrestricted}
hosts:
  a: {host: 192.0.2.1}
  b: {host: 192.0.2.2, groups: [lab]}
  c: {host: 192.0.2.3, groups: [lab], policy: {level: guarded, approval: out_of_band, commands_per_minute: 5}}
`,
    });
    expect((await hosts.resolve("a")).policy.level).toBe("read_only");
    expect((await hosts.resolve("b")).policy.level).toBe("unrestricted");
    expect((await hosts.resolve("c")).policy).toMatchObject({
      level: "guarded",
      approval: "out_of_band",
      perMinute: 5,
    });
  });

  it("has the rules of all layers, each with where it is written", async () => {
    const { hosts, path } = await directory({
      hosts: `defaults:
  policy:
    rules:
      - {deny: 'clear .*', why: ask the NOC, match: clear ip bgp, not_match: [show bgp]}
hosts:
  a:
    host: 192.0.2.1
    policy:
      rules:
        - allow: 'systemctl restart nginx'
`,
    });
    expect((await hosts.resolve("a")).policy).toMatchObject({
      level: "guarded",
      rules: [
        { is: "allow", pattern: "systemctl restart nginx", at: `${path}:10` },
        { is: "deny", pattern: "clear .*", at: `${path}:4`, why: "ask the NOC" },
      ],
    });
  });

  it.each([
    ["an example that it does not match", "{deny: 'rm .*', match: [ls]}", 'its own example "ls"'],
    ["an example it must not match", "{deny: 'rm .*', not_match: rm -rf /tmp/x}", "which it must not"],
    ["a pattern that is none", "{deny: '(?=x)'}", "not an RE2 pattern"],
    ["two verdicts", "{deny: a, ask: b}", "exactly one of allow, ask and deny"],
    ["no verdict", "{why: because}", "exactly one of allow, ask and deny"],
  ])("is refused where a rule has %s, and the other hosts work", async (_case, rule, said) => {
    const { hosts, refused } = await parseInventory(
      `hosts:\n  a: {host: 192.0.2.1, policy: {rules: [${rule}]}}\n  b: {host: 192.0.2.2}\n`,
      "/nowhere/hosts.yaml",
    );
    expect([...hosts.keys()]).toEqual(["b"]);
    expect(refused.get("a")?.message).toContain(said);
  });
});

describe("a change window", () => {
  const at = (text: string) => new Date(`${text}:00`);
  it.each([
    ["mon-fri 22:00-05:00", "2026-11-30T23:00", true],
    ["mon-fri 22:00-05:00", "2026-12-05T04:59", true],
    ["mon-fri 22:00-05:00", "2026-12-05T05:00", false],
    ["mon-fri 22:00-05:00", "2026-12-06T23:00", false],
    ["sat,sun 00:00-24:00", "2026-12-06T12:00", true],
    ["fri-mon 10:00-11:00", "2026-11-30T10:30", true],
    ["01:00-03:00", "2026-12-02T02:00", true],
    ["01:00-03:00", "2026-12-02T03:00", false],
  ])("%s at %s: %s", (text, now, inside) => {
    const window = parseWindow(text);
    expect(window && isWithin([window], at(now))).toBe(inside);
  });

  it.each(["someday 1:00-2:00", "mon 25:00-26:00", "mon", "mon 1-2", "mon-tue-wed 1:00-2:00", "24:00-01:00"])(
    "%s is none",
    (text) => expect(parseWindow(text)).toBeUndefined(),
  );
});

describe("the next change window", () => {
  const sat = { days: [6], from: 22 * 60, to: 6 * 60 };
  it.each([
    // 2026-11-27 is a Friday.
    [[sat], "2026-11-27T21:00", "Sat 2026-11-28 22:00 (in 25 h)"],
    [[sat], "2026-11-28T21:30", "Sat 2026-11-28 22:00 (in 30 min)"],
    [[sat], "2026-11-29T07:00", "Sat 2026-12-05 22:00 (in 7 days)"],
    [[sat, { days: [1], from: 60, to: 120 }], "2026-11-29T07:00", "Mon 2026-11-30 01:00 (in 18 h)"],
    [[{ days: [], from: 0, to: 1 }], "2026-11-29T07:00", undefined],
  ])("%j, at %s: %s", (windows, now, next) => {
    expect(nextWindow(windows, new Date(now))).toBe(next);
  });
});
