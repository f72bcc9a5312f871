import { format, inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { visibleLine } from "../../src/base/text.ts";
import { Redactor, redactedError } from "../../src/secrets/redactor.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";

const PASSWORD = 'p/ss "w+rd" ü\\n';

const knowing = (...values: string[]) => {
  const redactor = new Redactor();
  for (const value of values) redactor.remember(value);
  return redactor;
};
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a redactor", () => {
  test.each([
    ["as it is", PASSWORD],
    ["for a URL", encodeURIComponent(PASSWORD)],
    ["for a URL, in small letters", encodeURIComponent(PASSWORD).replace(/%../g, (x) => x.toLowerCase())],
    ["as a form field", encodeURIComponent(PASSWORD).replaceAll("%20", "+")],
    ["in JSON", JSON.stringify(PASSWORD).slice(1, -1)],
    ["in JSON of ASCII only", JSON.stringify(PASSWORD).slice(1, -1).replace("ü", "\\u00fc")],
    ["in hex", Buffer.from(PASSWORD).toString("hex")],
    ["in hex, in capitals", Buffer.from(PASSWORD).toString("hex").toUpperCase()],
    ["in base64", base64(PASSWORD)],
    ["in base64 for URLs", Buffer.from(PASSWORD).toString("base64url")],
  ])("finds a value that is written %s", (_how, written) => {
    expect(knowing(PASSWORD).redact(`login failed: <${written}> twice <${written}>`)).toBe(
      "login failed: <[secret]> twice <[secret]>",
    );
  });

  test.each(["a:", "ab:", "abc:"])("finds a value inside longer base64 (%s…)", (before) => {
    const value = "tops3cret-value";
    const told = knowing(value).redact(`Authorization: Basic ${base64(`${before}${value}:after`)}`);
    // What is left are the letters that hold bits of their neighbours.
    expect(told).toMatch(/^Authorization: Basic \w{2,6}\[secret\]\w{6,11}={0,2}$/);
  });

  test("finds a value that was made visible on one line, and the beginning of one that was cut there", () => {
    const value = "two  words\u0007 \u202e more";
    expect(knowing(value).redact(`it said "${visibleLine(value)}"`)).toBe('it said "[secret]"');
    for (let limit = 10; limit < 30; limit++) {
      const told = knowing(value, "other-one").redact(`It said: ${visibleLine(`pwd: ${value}`, limit)}.`);
      expect(told).toMatch(/^It said: pwd: (?:\[secret\]…?|tw?o?…)\.$/);
    }
  });

  test("leaves no part of values that overlap, and makes them one", () => {
    const redactor = knowing("x-password-1", "password-1-more", "password-1");
    expect(redactor.redact("<x-password-1-more>")).toBe("<[secret]>");
    expect(knowing("a-a-a-a-a-a-1").redact("<a-a-a-a-a-a-a-a-1>")).toBe("<a-a-[secret]>");
    expect(redactor.redact("password-1 word x-password-1")).toBe("[secret] word [secret]");
  });

  test("does not take its own mark for a secret", () => {
    expect(knowing("[secret]", "hunter2-and-3").redact("hunter2-and-3 and [secret]")).toBe(
      "[secret] and [secret]",
    );
  });

  test("passes over values too short to be told from ordinary words", () => {
    expect(knowing("", "a", "ssh", "cisco", "Cisco1!").redact("cisco IOS, Cisco1! a ssh server")).toBe(
      "cisco IOS, Cisco1! a ssh server",
    );
  });

  test("takes a value out where it is a word of its own, and leaves longer words as they are", () => {
    const redactor = knowing("Ethernet");
    const rows = "GigabitEthernet0/1 is up\nEthernet0 Ethernets _Ethernet";
    expect(redactor.redact(rows)).toBe(rows);
    expect(
      redactor.redact("Ethernet, (Ethernet) x=Ethernet\tEthernet-2 -pEthernet %3AEthernet \\nEthernet"),
    ).toBe("[secret], ([secret]) x=[secret]\t[secret]-2 -p[secret] %3A[secret] \\n[secret]");
    expect(redactor.redact("xx\nEther\nnet", { rows: true })).toBe("xx\n[secret]\n");
  });

  test("forgets the value that was revealed longest ago when there are too many", () => {
    const redactor = knowing("first-value", "second-value");
    redactor.remember("first-value");
    for (let count = 0; count < 1023; count++) redactor.remember(`another-${count}`);
    expect(redactor.redact("first-value second-value another-0 another-1022")).toBe(
      "[secret] second-value [secret] [secret]",
    );
  });

  test("shows its values to nobody", () => {
    const redactor = knowing(PASSWORD, "hunter2-and-3");
    const shown = [
      `${redactor}`,
      JSON.stringify({ redactor }),
      inspect({ redactor }, { showHidden: true, depth: 9, getters: true }),
      format("%s %o %O %j", redactor, redactor, redactor, redactor),
    ].join("\n");
    expect(shown).toContain("[secret]");
    expect(shown).not.toContain("hunter2-and-3");
  });

  test("keeps what is no secret, and loses what is one, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 8, maxLength: 40 }).filter((value) => value.length >= 8),
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary" }),
        (value, before, after) => {
          const told = knowing(value).redact(`${before} ${value} ${after}`);
          expect(told).toContain("[secret]");
          const gone = told.split("[secret]");
          expect(gone.every((part) => !part.includes(` ${value} `))).toBe(true);
          expect(knowing(`${value}-other`).redact("nothing of it")).toBe("nothing of it");
        },
      ),
    );
  });
});

describe("an error that quotes a secret", () => {
  const { redact } = { redact: (text: string) => knowing("hunter2-and-3").redact(text) };

  test("keeps its code and loses the value in sentence, next step, stack and cause", () => {
    const error = new SshMcpError("auth_failed", "it said: hunter2-and-3", "do not try hunter2-and-3", {
      cause: new Error("hunter2-and-3"),
    });
    const told = redactedError(error, redact);
    expect(told).toMatchObject({
      code: "auth_failed",
      message: "it said: [secret]",
      next: "do not try [secret]",
    });
    expect(inspect(told, { depth: 9, showHidden: true })).not.toContain("hunter2-and-3");
  });

  test("is itself when it quotes none, and whatever else was thrown passes as it is", () => {
    const error = new SshMcpError("auth_failed", "it said no");
    expect(redactedError(error, redact)).toBe(error);
    expect(redactedError(undefined, redact)).toBeUndefined();
    expect(redactedError(new TypeError("not hunter2-and-3"), redact)).toEqual(new Error("not [secret]"));
  });
});

describe("the secrets of a process", () => {
  test("are known to the redactor once revealed, and not before", async () => {
    const { read, redact } = createSecrets({ env: { PASSWORD: "hunter2-and-3" } });
    const secret = await read({ from: "env", name: "PASSWORD" });
    expect(redact("hunter2-and-3")).toBe("hunter2-and-3");
    expect(secret.reveal()).toBe("hunter2-and-3");
    expect(redact("it said hunter2-and-3")).toBe("it said [secret]");
  });
});
