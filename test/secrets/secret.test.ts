import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "../../src/secrets/secret.ts";

const CANARY = "canary-7f3a";

describe("a secret", () => {
  test("shows its value to nobody but reveal()", () => {
    const secret = new Secret(CANARY);
    const shown = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret, list: [secret] }),
      inspect(secret, { showHidden: true, depth: 9 }),
      inspect({ deep: { secret } }, { depth: 9 }),
      format("%s %o %O %j", secret, secret, secret, secret),
      Object.values(secret).join(),
      JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
    ].join("\n");
    expect(shown).toContain("[secret]");
    expect(shown).not.toContain(CANARY);
    expect(secret.reveal()).toBe(CANARY);
  });
});
