import { describe, expect, it } from "vitest";
import { foldNames, foldNumbers, unfoldName } from "../../src/results/folded.ts";
import { seeded } from "../seeds/random.ts";

describe("names with numbers", () => {
  it.each([
    [["leaf1"], "leaf1"],
    [["leaf1", "leaf2", "leaf3", "leaf7"], "leaf[1-3,7]"],
    [["leaf3", "leaf1", "leaf2"], "leaf[1-3]"],
    [["sw01", "sw02", "sw10"], "sw[01-02],sw10"],
    [["web1.dc2.lab", "web2.dc2.lab", "web3.dc2.lab"], "web[1-3].dc2.lab"],
    [["r1-a", "r2-a", "r1-b"], "r[1-2]-a,r1-b"],
    [["10.0.0.1", "10.0.0.2", "10.0.0.30"], "10.0.0.[1-2,30]"],
    [["core", "edge", "a[1]", "b c"], 'core,edge,"a[1]","b c"'],
    [["x99999999999999999998", "x99999999999999999999"], "x99999999999999999998,x99999999999999999999"],
    [[], ""],
  ])("%j are folded to %s", (names, text) => expect(foldNames(names)).toBe(text));

  it("come back whole when they are unfolded, whatever they are", () => {
    const random = seeded(12);
    const part = (of: string) => of[Math.floor(random() * of.length)] ?? "";
    for (let round = 0; round < 300; round++) {
      const count = 1 + Math.floor(random() * 30);
      const names = Array.from({ length: count }, () =>
        Array.from({ length: 1 + Math.floor(random() * 5) }, () => part("a.0129-b")).join(""),
      );
      const unique = [...new Set(names)];
      expect(unfolded(foldNames(unique)).sort(), foldNames(unique)).toEqual(unique.sort());
    }
  });

  it("are numbers, too", () => {
    expect(foldNumbers([5, 3, 4, 9, 4])).toBe("3-5,9");
  });
});

/** What the notation says, read apart from the code that writes it. */
function unfolded(text: string): string[] {
  const names: string[] = [];
  for (const part of text.match(/(?:[^,[\]]|\[[^\]]*\])+/g) ?? []) {
    const [, before = "", inner, behind = ""] = /^([^[]*)\[([^\]]*)\](.*)$/.exec(part) ?? [];
    if (inner === undefined) names.push(part);
    else
      for (const range of inner.split(",")) {
        const [from = "", to = from] = range.split("-");
        for (let at = Number(from); at <= Number(to); at++)
          names.push(`${before}${String(at).padStart(from.length, "0").slice(0, 99)}${behind}`);
      }
  }
  return names;
}

describe("a folded name", () => {
  it.each([
    ["leaf[1-3,9]", ["leaf1", "leaf2", "leaf3", "leaf9"]],
    ["sw[08-10].lab", ["sw08", "sw09", "sw10", "sw10"].slice(0, 3).map((name) => `${name}.lab`)],
    ["web1", ["web1"]],
    ["odd[a-b]", ["odd[a-b]"]],
    ["[1]", ["1"]],
    ["x[5-3]", []],
  ])("%s stands for exactly these", (folded, names) => {
    expect(unfoldName(folded)).toEqual(names);
  });

  it("gives back what was folded, and refuses to make too many", () => {
    const names = Array.from({ length: 120 }, (_, at) => `leaf${String(at * 3).padStart(4, "0")}-a`);
    const folded = foldNames(names);
    const parts = folded.split(/,(?![^[]*\])/);
    expect(parts.flatMap((part) => unfoldName(part) ?? [])).toEqual(names);
    expect(unfoldName("leaf[1-999999999999]")).toBeUndefined();
  });
});
