import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Caller } from "../../src/base/contract/caller.ts";
import { mint } from "../../src/base/contract/mint.ts";
import { holds, type Reason } from "../../src/base/contract/permit.ts";

// That nothing acts without a permit is a matter of types: permit.types.ts, checked by `tsc --noEmit`.
describe("a permit", () => {
  const caller: Caller = { id: "a", kind: "agent", signal: new AbortController().signal };

  it("cannot be changed once it is given", () => {
    const permit = mint(caller, { verb: "close" });
    expect(Object.isFrozen(permit)).toBe(true);
    expect(permit.verb).toBe("close");
  });

  it.each<Reason>([
    { as: "interrupt" },
    { as: "keys" },
    { as: "line", of: "reload" },
    { as: "enter" },
    { as: "page" },
    { as: "clear" },
    { as: "secret" },
    { as: "login" },
    { as: "setup" },
    { as: "status" },
    { as: "reply" },
  ])("to interrupt holds that key as an interrupt, and nothing else (%j)", (reason) => {
    const key = Buffer.from("\u0003");
    const permit = mint(caller, { verb: "interrupt", bytes: key });
    expect(holds(permit, key, reason)).toBe(reason.as === "interrupt");
    for (const other of ["reload\r", "y", "", "\u0003\u0003"])
      expect(holds(permit, Buffer.from(other), reason)).toBe(false);
  });

  it("is minted by access alone: the import check names that file", () => {
    const check = readFileSync("scripts/check-imports.mjs", "utf8");
    expect(check).toContain('["base/contract/mint.ts", ["access"]]');
  });
});
