import { describe, expect, it } from "vitest";
import { foldNames, foldNumbers } from "../../src/results/folded.ts";
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
