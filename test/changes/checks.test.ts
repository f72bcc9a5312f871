import { describe, expect, it } from "vitest";
import { onlyReaches, unfit } from "../../src/changes/checks.ts";
import { checkText, undoes } from "../../src/changes/plan.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { ChangeProfile } from "../../src/devices/profile-change.ts";

const catalog = openCatalog();
const of = (id: string): ChangeProfile => {
  const { change } = catalog.profile(id);
  if (change === undefined) throw new Error(id);
  return change;
};

describe("a net that is a restart", () => {
  it("is said to drop what others have not saved", () => {
    for (const id of ["vyos", "fortinet_fortios"])
      expect([id, undoes(of(id))]).toEqual([id, expect.stringContaining("also drops what others have not")]);
    expect(undoes(of("cisco_ios"))).toBe("its configuration is put back");
  });
});

describe("a check", () => {
  it("does not leave the mode that undoes or confirms the change, and is shown with its mode", () => {
    const routeros = of("mikrotik_routeros");
    expect(unfit(routeros, { command: "/interface print", mode: "exec" })).toMatch(/leave safe mode/);
    expect(unfit(routeros, { command: "/interface print", mode: "safe" })).toBeUndefined();
    expect(unfit(routeros, { command: "/interface print" })).toBeUndefined();
    expect(unfit(of("cisco_iosxr"), { command: "show version", mode: "exec" })).toMatch(/out of its mode/);
    expect(unfit(of("cisco_ios"), { command: "show version", mode: "enable" })).toBeUndefined();
    expect(checkText({ command: "show version", mode: "exec", expect: "x" })).toBe(
      "show version in mode exec and with x",
    );
  });

  it("is one line, and none that ends, keeps or saves a change", () => {
    const ios = of("cisco_ios");
    for (const command of ["show version\nreload", "ping 192.0.2.1\rwrite", "configure confirm", "do reload"])
      expect([command, unfit(ios, { command })]).not.toEqual([command, undefined]);
    expect(unfit(of("mikrotik_routeros"), { command: "/quit" })).toMatch(/keeps/);
  });

  it("that asks whether something is reached does nothing else", () => {
    expect(onlyReaches({ command: "ping 192.0.2.1 count 3" })).toBe(true);
    for (const command of [
      "ping 192.0.2.1; reload",
      "ping `x`",
      "ping {x}",
      "ping [x]",
      "ping $(x)",
      "pinger",
    ])
      expect([command, onlyReaches({ command })]).toEqual([command, false]);
  });
});
