import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Caller } from "../../src/base/contract/caller.ts";
import { mint } from "../../src/base/contract/mint.ts";

// That nothing acts without a permit is a matter of types: permit.types.ts, checked by `tsc --noEmit`.
describe("a permit", () => {
  const caller: Caller = { id: "a", kind: "agent", signal: new AbortController().signal };

  it("cannot be changed once it is given", () => {
    const permit = mint(caller, { verb: "close" });
    expect(Object.isFrozen(permit)).toBe(true);
    expect(permit.verb).toBe("close");
  });

  it("is minted by access alone: the import check names that file", () => {
    const check = readFileSync("scripts/check-imports.mjs", "utf8");
    expect(check).toContain('["base/contract/mint.ts", ["access"]]');
  });
});
