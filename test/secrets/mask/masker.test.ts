import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Masker, spansIn } from "../../../src/secrets/mask/masker.ts";
import { tokensIn } from "../../../src/secrets/mask/token.ts";
import { HARMLESS, SECRETS } from "./samples.ts";

const { mask } = new Masker(() => Buffer.alloc(32, 1));
const marked = (text: string) => {
  let shown = "";
  let at = 0;
  for (const { from, to } of spansIn(text)) {
    shown += `${text.slice(at, from)}⟦${text.slice(from, to)}⟧`;
    at = to;
  }
  return shown + text.slice(at);
};
const plain = (sample: string) => sample.replace(/[⟦⟧]/g, "");
const secretsOf = (sample: string) => [...sample.matchAll(/⟦(.+?)⟧/g)].map(([, secret = ""]) => secret);

const KEY_ROW = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";

describe("a secret that nobody told us", () => {
  it.each(SECRETS.map((sample) => [sample]))("is found, and nothing else: %s", (sample) => {
    expect(marked(plain(sample))).toBe(sample);
  });

  it.each([
    'config system snmp community\n    edit 1\n        set name "⟦n0c-Gr3en⟧"\n        config hosts\n            edit 1\n                set name plain\n            next\n        end\n    next\n    edit 2\n        set name ⟦tr4ps⟧\n    next\nend\nconfig user group\n    edit 1\n        set name x',
    'set psksecret "⟦one half\nand the other⟧"\nset port 8080',
    'set comment "the password "\nset port 8080',
  ])("is found by the rows around it, and nothing else: %j", (sample) => {
    expect(marked(plain(sample))).toBe(sample);
  });

  it.each(HARMLESS.map((line) => [line]))("is not seen where there is none: %s", (line) => {
    expect(marked(line)).toBe(line);
  });

  it("has the same token wherever it is, another has another, and another installation has others", () => {
    const [one = ""] = tokensIn(mask("snmp-server community n0c RO"));
    expect(one).toMatch(/^\[masked:[0-9a-f]{10}\]$/);
    expect(mask("    community n0c {")).toBe(`    community ${one} {`);
    expect(mask('password: "n0c"')).toBe(`password: "${one}"`);
    expect(mask("snmp-server community noc RO")).not.toContain(one);
    expect(new Masker(() => Buffer.alloc(32, 2)).mask("snmp-server community n0c RO")).not.toContain(one);
  });

  it("is masked once: what is masked stays as it is", () => {
    for (const sample of SECRETS) {
      const once = mask(plain(sample));
      expect(mask(once)).toBe(once);
    }
  });

  it.each(SECRETS.map((sample) => [sample]))(
    "is not shown in any part, wherever a result ends and the next begins: %s",
    (sample) => {
      const line = plain(sample);
      for (let cut = 1; cut < line.length; cut++) {
        const [head, tail] = [line.slice(0, cut), line.slice(cut)];
        const shown = mask(head, { after: tail }) + mask(tail, { before: head });
        for (const secret of secretsOf(sample)) expect(shown).not.toContain(secret);
        const later = mask(tail, { before: head });
        for (const secret of secretsOf(sample))
          if (secret.length >= 12 && cut < line.indexOf(secret) + 4)
            expect(later).not.toContain(secret.slice(-8));
      }
    },
  );

  it("is masked over the edge of a screen, and the rows stay as many", () => {
    const line =
      "username operator privilege 15 secret 9 $9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4";
    const rows = `${line.slice(0, 60)}\n${line.slice(60)}\nrouter#`;
    const shown = mask(rows, { rows: true, cols: 60 });
    expect(shown.split("\n")).toHaveLength(3);
    expect(shown).not.toMatch(/nhEm|SSvy/);
  });
});

describe("a private key", () => {
  const rows = [KEY_ROW, KEY_ROW.replace("MIIEvQ", "abcdef"), "c2hvcnQ="];
  const pem = ["-----BEGIN PRIVATE KEY-----", ...rows, "-----END PRIVATE KEY-----"];

  it.each([
    ["whole", pem],
    [
      "as RSA with a header",
      [
        "-----BEGIN RSA PRIVATE KEY-----",
        "Proc-Type: 4,ENCRYPTED",
        "",
        ...rows,
        "-----END RSA PRIVATE KEY-----",
      ],
    ],
    [
      "as OpenSSH has it",
      [
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gt",
        "ZWQyNTUxOQ==",
        "-----END OPENSSH PRIVATE KEY-----",
      ],
    ],
    ["without its beginning", pem.slice(1)],
    ["without its end", pem.slice(0, 3)],
    ["from its middle", [rows[1] ?? "", rows[1] ?? "", rows[1] ?? ""]],
    ["a row that was searched for", ["found:", rows[1] ?? "", "2 rows"]],
    ["indented", pem.map((row) => `    ${row}`)],
    ["with line numbers", pem.map((row, index) => `${index + 1}: ${row}`)],
    ["in JSON", [`{"key": "-----BEGIN PRIVATE KEY-----\\n${rows.join("\\n")}\\n-----END PRIVATE KEY-----"}`]],
  ])("is masked %s", (_what, lines) => {
    const text = lines.join("\n");
    const shown = mask(text);
    for (const row of [...rows, "b3BlbnNzaC1rZXktdjEAAAAABG5v", "ZWQyNTUxOQ=="])
      expect(shown).not.toContain(row);
    expect(shown.split("\n")).toHaveLength(lines.length);
  });

  it("is not seen in a certificate, a public key or a checksum", () => {
    for (const kind of ["CERTIFICATE", "PUBLIC KEY", "CERTIFICATE REQUEST"]) {
      const text = [`-----BEGIN ${kind}-----`, ...rows, `-----END ${kind}-----`].join("\n");
      expect(mask(text)).toBe(text);
      expect(mask(text.split("\n").slice(1).join("\n"))).toBe(text.split("\n").slice(1).join("\n"));
    }
  });
});

describe("the masking of secrets", () => {
  it("takes time in proportion to the text, also where it is made to be searched in vain", () => {
    const hostile = [
      "password ".repeat(20_000),
      `snmp-server host ${"a ".repeat(50_000)}`,
      `set ${"password ".repeat(20_000)}\n`,
      `"password":"${"\\".repeat(100_000)}`,
      `${"A".repeat(64)}\n`.repeat(5_000),
      "-----BEGIN ".repeat(20_000),
      `eyJ${"a".repeat(100_000)}`,
      `a:${"://".repeat(50_000)}`,
      `${"x-".repeat(50_000)}password`,
      `${"mysql ".repeat(20_000)}-p`,
      "a1b2c3".repeat(170_000),
    ];
    for (const text of hostile) {
      const began = performance.now();
      spansIn(text);
      expect(performance.now() - began).toBeLessThan(10_000);
    }
  });

  it("shows its key in no way", () => {
    const key = Buffer.from("0123456789abcdef0123456789abcdef");
    const masker = new Masker(() => key);
    masker.mask("password=abcdefgh");
    for (const shown of [
      inspect(masker, { depth: 9, showHidden: true }),
      JSON.stringify(masker),
      String(masker),
    ])
      expect(shown).not.toMatch(/0123456789|30 31 32|abcdefgh/);
  });
});

const corpus = join(
  resolve(import.meta.dirname, "..", "..", "..", process.env.SSH_MCP_CORPUS ?? "../shared/corpus"),
  "oxidized",
);

describe.skipIf(!existsSync(corpus))("recordings of devices", () => {
  it("hold no secret that stays, and nothing is masked in them that is none", () => {
    const texts = readdirSync(corpus)
      .filter((name) => name.endsWith("output.txt"))
      .map((name) => readFileSync(join(corpus, name), "utf8"));
    const values = texts.flatMap((text) => spansIn(text).map(({ from, to }) => text.slice(from, to)));
    expect(values.length).toBeGreaterThan(60);
    // Whoever published them has put such words in place of the secrets.
    const known =
      /^[A-DX+/=]{8,}|secret|REMOVED|ENCRYPTED|com$|comm$|^public|public$|^string\d|^password$|^CorrectHorse|^ABCDEFGH|FAKE|^abcdABCD|^AQE|^\$sha512\$5000\$A+/i;
    expect(values.filter((value) => !known.test(value))).toEqual([]);
  });
});
