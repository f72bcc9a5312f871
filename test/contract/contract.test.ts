import { beforeAll, describe, expect, it } from "vitest";
import { PENDING } from "./pending.ts";
import { FRAMINGS, type FramingName, rigOf, warmUp } from "./rig.ts";
import { CONTRACT } from "./rows/index.ts";
import type { Row } from "./rows/row.ts";

beforeAll(warmUp);

const ROWS = Object.entries(CONTRACT).flatMap(([group, rows]) =>
  rows.map((row) => ({ group, row, key: `${group}: ${row.sentence}` })),
);

async function holds(framing: FramingName, row: Row): Promise<void> {
  const rig = await rigOf(framing, row.rig);
  try {
    expect(await row.act(rig)).toMatchObject(row[framing]);
  } finally {
    await rig.end();
  }
}

describe.each(FRAMINGS)("the contract of a session, framed as a %s", (framing) => {
  for (const [group, rows] of Object.entries(CONTRACT)) {
    describe(group, () => {
      for (const row of rows) {
        if ("not" in row[framing]) continue;
        const pending = PENDING[framing].includes(`${group}: ${row.sentence}`);
        (pending ? it.fails : it)(row.sentence, () => holds(framing, row));
      }
    });
  }
});

describe("the table", () => {
  it("has about a hundred sentences, none of them twice in a group", () => {
    const keys = ROWS.map(({ key }) => key);
    expect(keys.length).toBeGreaterThanOrEqual(100);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(FRAMINGS)(
    "expects something of every row on a %s, or says why it does not apply there",
    (framing) => {
      const empty = ROWS.filter(({ row }) => {
        const expected = row[framing];
        if ("not" in expected) return typeof expected.not !== "string" || expected.not.length < 20;
        return Object.keys(expected).length === 0;
      });
      expect(empty.map(({ key }) => key)).toEqual([]);
    },
  );

  it("applies every sentence to one framing at least", () => {
    expect(ROWS.filter(({ row }) => FRAMINGS.every((framing) => "not" in row[framing]))).toEqual([]);
  });

  it.each(FRAMINGS)("has every sentence that is pending on a %s", (framing) => {
    const applicable = ROWS.filter(({ row }) => !("not" in row[framing])).map(({ key }) => key);
    expect(PENDING[framing].filter((key) => !applicable.includes(key))).toEqual([]);
  });
});
