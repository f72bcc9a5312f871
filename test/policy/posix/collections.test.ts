import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { judgePosix } from "../../../src/policy/posix/judge.ts";
import { type Case, casesOf } from "./collections.ts";

const cases = casesOf("posix");

/** Does it run without a question where reads and small writes do? */
function passes(text: string): boolean {
  const { risk } = judgePosix(text);
  return risk === "read" || risk === "write";
}

function isRight({ text, is }: Case): boolean {
  return passes(text) === (is === "benign");
}

function shareOf(some: readonly Case[]): number {
  return some.filter(isRight).length / some.length;
}

function wrongOf(some: readonly Case[]): string {
  return some
    .filter((one) => !isRight(one))
    .map(({ file, kind, text }) => `${file}, ${kind}: ${text}`)
    .join("\n");
}

describe("the collections of POSIX", () => {
  const destructive = cases.filter(({ is }) => is === "destructive");
  const benign = cases.filter(({ is }) => is === "benign");

  test("are large enough to say something", () => {
    expect(destructive.length).toBeGreaterThan(300);
    expect(benign.length).toBeGreaterThan(300);
  });

  test("98 % of what destroys is not let through", () => {
    expect(shareOf(destructive), wrongOf(destructive)).toBeGreaterThanOrEqual(0.98);
  });

  test("3 % of what is harmless is asked about at most", () => {
    expect(1 - shareOf(benign), wrongOf(benign)).toBeLessThanOrEqual(0.03);
  });

  const kinds = new Map<string, Case[]>();
  for (const one of cases) {
    const kind = `${one.file} ${one.is} ${one.kind}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  test.each([...kinds])("nine in ten are right of each kind: %s", (_kind, some) => {
    expect(shareOf(some), wrongOf(some)).toBeGreaterThanOrEqual(0.9);
  });
});

describe("what only reads", () => {
  const shape = z.object({ reads: z.array(z.string()), writes: z.array(z.string()) });
  const { reads, writes } = shape.parse(
    parse(readFileSync(join(import.meta.dirname, "..", "collections", "read-only-posix.yaml"), "utf8")),
  );

  test.each(writes)("is not claimed of %j", (text) => {
    expect(judgePosix(text).risk).not.toBe("read");
  });

  test.each(reads)("is proven of %j", (text) => {
    const { risk, findings } = judgePosix(text);
    expect(risk, JSON.stringify(findings)).toBe("read");
  });
});
