import { expect, test } from "vitest";
import { finding, type Section } from "../../../src/commands/doctor/finding.ts";
import { FindingPrinter, report } from "../../../src/commands/doctor/report.ts";

const print = `ssh-ed25519 SHA256:${"a".repeat(43)}`;
const weak = Array.from({ length: 12 }, (_, at) => `cipher-number-${at}`).join(", ");
const sections: readonly Section[] = [
  {
    title: "Hop 1 of 2, jump host gate",
    findings: [
      finding("ok", "algorithms", "curve25519-sha256", { ms: 31_200, more: [`cipher  good: ${weak}`] }),
      finding("fail", "host key", `gate presents ${print}, but the inventory pins ${print}`, {
        ms: 12,
        details: [`presented: ${print}`],
      }),
    ],
  },
];
const diagnosis = { sections, healthy: false, next: `Compare it with the host's own, then run: ${print}` };

test("nothing is wider than the terminal, and no word is cut", () => {
  const form = { width: 80, verbose: true };
  const rows = report("box", diagnosis, form).split("\n");
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80);
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
  expect(words(rows.join("\n"))).toEqual(words(report("box", diagnosis)));
});

test("the algorithms that a server offers are for whoever asks for all", () => {
  expect(report("box", diagnosis, { width: 80, verbose: false })).not.toContain("cipher-number");
  expect(report("box", diagnosis, { width: 80, verbose: true })).toContain("cipher-number-11");
});

test("what was printed is not printed again, and a step that went otherwise the second time is", () => {
  const printed: string[] = [];
  const printer = new FindingPrinter((text) => printed.push(text), { width: 80, verbose: false });
  const first = finding("ok", "identification", "SSH-2.0-a", { ms: 1 });
  printer.show([{ findings: [first] }]);
  printer.show([{ findings: [{ ...first, ms: 2 }, finding("ok", "login", "logged in as jo")] }]);
  printer.show([{ findings: [finding("ok", "identification", "SSH-2.0-b", { ms: 3 })] }]);
  expect(printed.join("").match(/SSH-2\.0-\w|logged in/g)).toEqual(["SSH-2.0-a", "logged in", "SSH-2.0-b"]);
});
