import { spawnSync } from "node:child_process";
import { describe, expect, it, test } from "vitest";
import { formatTarget, isValidHostName, isValidUserName, parseTarget } from "../../src/inventory/names.ts";
import { parseInventory } from "../../src/inventory/parse.ts";
import { parseDuration, parseSize } from "../../src/inventory/units.ts";

const ssh = (...args: string[]) => spawnSync("ssh", ["-G", "-F", "/dev/null", ...args], { encoding: "utf8" });
const hasSsh = spawnSync("ssh", ["-V"]).status === 0;
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

test.skipIf(!hasSsh)("host and user names follow OpenSSH's own rules, character by character", () => {
  for (const char of [...printable, "\t", "\u0001", "\u007f"]) {
    const host = `a${char}b`;
    // These three are the syntax of ssh's argument, not part of the name.
    if (!"@:/".includes(char)) {
      expect([host, isValidHostName(host)]).toEqual([host, ssh("--", host).status === 0]);
    }
    for (const user of [`a${char}b`, `a${char}-b`, `a${char}`, `${char}a`]) {
      expect([user, isValidUserName(user)]).toEqual([user, ssh("-l", user, "--", "h").status === 0]);
    }
  }
  expect(isValidHostName("-a")).toBe(false);
  expect(isValidHostName("")).toBe(false);
  expect(isValidUserName("")).toBe(false);
});

test.each([
  ["h", { host: "h" }],
  ["u@h", { user: "u", host: "h" }],
  ["h:2222", { host: "h", port: 2222 }],
  ["u@d@h:22", { user: "u@d", host: "h", port: 22 }],
  ["[::1]", { host: "::1" }],
  ["u@[fe80::1]:22", { user: "u", host: "fe80::1", port: 22 }],
  ["ssh://u@h:22", { user: "u", host: "h", port: 22 }],
  ["ssh://h/", { host: "h" }],
])("%s is a target", (text, target) => {
  expect(parseTarget(text)).toEqual(target);
});

test.each([
  "",
  "@h",
  "u@",
  "h:",
  "h:0",
  "h:65536",
  "h:x",
  "::1",
  "[::1",
  "-h",
  "u@-h",
  "-u@h",
  "a b",
  "a;b@h",
  "a/b",
  "[a]b",
])("%j is no target", (text) => {
  expect(parseTarget(text)).toBeUndefined();
});

test("an IPv6 address is shown in brackets", () => {
  expect(formatTarget({ user: "u", address: "::1", port: 22 })).toBe("u@[::1]:22");
  expect(formatTarget({ user: "u", address: "h", port: 22 })).toBe("u@h:22");
});

test("durations are seconds or text with units", () => {
  const cases = [30, "30", "30s", "1m30s", "1h", "2d", "500ms", "1.5s", 0].map(parseDuration);
  expect(cases).toEqual([30_000, 30_000, 30_000, 90_000, 3_600_000, 172_800_000, 500, 1500, 0]);
  for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, "", "m", "5 m", "1x", "30d", "-1s"]) {
    expect(parseDuration(wrong)).toBeUndefined();
  }
});

test("sizes are bytes or text with units", () => {
  expect([1, "512", "64k", "64KiB", "8MiB", "8 m"].map(parseSize)).toEqual([
    1, 512, 65_536, 65_536, 8_388_608, 8_388_608,
  ]);
  for (const wrong of [-1, "", "x", "1.5m", "4GiB"]) expect(parseSize(wrong)).toBeUndefined();
});

describe("names that would hide or reorder what is shown", () => {
  it.each([
    "a\u001b[31mb",
    "a\u009bb",
    "a\u202eb",
    "a\u200bb",
    "a\u034fb",
    "a\u1680b",
    "a\u3164b",
    "a\u200db",
    "a\u00a0b",
    "a\u{e0041}b",
    "a\u0085b",
  ])("are neither hosts nor users nor entries: %j", async (name) => {
    expect(isValidHostName(name)).toBe(false);
    expect(isValidUserName(name)).toBe(false);
    const inventory = await parseInventory(
      `hosts:\n  ${JSON.stringify(name)}: { host: x }\n  good: {}\n`,
      "hosts.yaml",
    ).catch((error: Error) => error.message);
    const refused =
      typeof inventory === "string"
        ? inventory
        : [...inventory.refused.values()].map(({ message }) => message).join();
    expect(refused).toMatch(/must hold no|invisible|special characters/);
    expect(refused).not.toContain(name);
  });

  it.each(["a\ud800b", "a\u2800b", "a\ufe0fb", "a\u2003b"])(
    "nor what may stand in other texts: %j",
    (name) => {
      expect(isValidHostName(name)).toBe(false);
      expect(isValidUserName(name)).toBe(false);
    },
  );
});
