import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../../src");
const MOST = 400;

it(`no source file outside the lab has more than ${MOST} lines`, () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.startsWith("lab/"),
  );
  expect(files.length).toBeGreaterThan(200);
  const long = files.filter((name) => readFileSync(join(SRC, name), "utf8").split("\n").length - 1 > MOST);
  expect(long).toEqual([]);
});
