import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { visible } from "../../src/base/text.ts";
import { parseInventory } from "../../src/inventory/parse.ts";
import { evaluate } from "../../src/inventory/ssh-config/evaluate.ts";
import { readSshConfig } from "../../src/inventory/ssh-config.ts";
import { simpleCommands } from "../../src/policy/simple-commands.ts";
import { statusLine } from "../../src/results/status-line.ts";
import { lookup, parseKnownHosts } from "../../src/ssh/host-keys/known-hosts.ts";
import { ClampFilter } from "../../src/terminal/clamp.ts";
import { renderText } from "../../src/terminal/clean.ts";
import { encodeKeys, PLAIN_MODES, parseKeys } from "../../src/terminal/keys.ts";
import { MarkScanner } from "../../src/terminal/scanner.ts";

/** How long each is tried: always the same inputs; `npm run fuzz` takes longer, and other ones. A failure names its seed. */
const SECONDS = Number(process.env.FUZZ_SECONDS ?? "1");
const LIMIT = {
  numRuns: Number.MAX_SAFE_INTEGER,
  interruptAfterTimeLimit: SECONDS * 1_000,
  ...(process.env.FUZZ_SECONDS === undefined ? { seed: 20_261_129 } : {}),
};
const OPTIONS = { timeout: (SECONDS + 60) * 1_000 };

/** Pieces of which hostile streams are made, and noise between them. */
const pieces = (...known: string[]) =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...known) },
        fc.string({ unit: "binary", maxLength: 6 }),
      ),
      {
        maxLength: 40,
      },
    )
    .map((parts) => parts.join(""));
const stream = pieces(
  "\u001b",
  "\u001b[",
  "\u001b]",
  "\u001bP",
  "\u001b\\",
  "\u0007",
  "\u009b",
  "[",
  "]",
  ";",
  ":",
  "?",
  ">",
  "!",
  "$",
  "'",
  " ",
  "0",
  "9",
  "99999999999",
  "2147483647",
  "1049",
  "47",
  "h",
  "l",
  "m",
  "H",
  "J",
  "K",
  "S",
  "T",
  "L",
  "M",
  "Z",
  "b",
  "c",
  "n",
  "r",
  "\r",
  "\n",
  "\t",
  "\b",
  "\u0018",
  "\u001a",
  "\u0301",
  "\u200d",
  "\u{1f468}",
  "text ",
  "\u001b]7717;",
  "abcdefabcdefL1;D;",
  "\u001b[?1049h",
).map((text) => Buffer.from(text));
const bytes = fc.oneof(
  stream,
  fc.uint8Array({ maxLength: 200 }).map((noise) => Buffer.from(noise)),
);
const cuts = fc.array(fc.nat(300), { maxLength: 6 });

function cut(input: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...places].map((place) => place % (input.length + 1)).sort((a, b) => a - b);
  return [0, ...sorted].map((from, index) => input.subarray(from, sorted[index] ?? input.length));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-fuzz-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("any input", OPTIONS, () => {
  it("leaves the filter of the emulator bounded, with nothing let through that it does not know, however it is cut", () => {
    fc.assert(
      fc.property(bytes, cuts, (input, places) => {
        const size = () => ({ cols: 80, rows: 24 });
        const whole = new ClampFilter(size);
        const out = Buffer.from(whole.push(input).bytes);
        const filter = new ClampFilter(size);
        const parts = cut(input, places).map((part) => Buffer.from(filter.push(part).bytes));
        expect(Buffer.concat(parts).equals(out)).toBe(true);
        // A byte that is no UTF-8 becomes U+FFFD, which has three.
        expect(out.length).toBeLessThanOrEqual(3 * input.length);
        const text = out.toString("utf8");
        expect(text).not.toMatch(/[\u0080-\u009f\u007f]/);
        expect(text).not.toMatch(/\u001b[PX^_]/);
        expect(text.replace(/\u001b\]1[01];\?\u0007/g, "")).not.toContain("\u001b]");
        for (const [, number] of text.matchAll(/\u001b\[(\d+)[LMSTZIb]/g))
          expect(Number(number)).toBeLessThanOrEqual(80);
      }),
      LIMIT,
    );
  });

  it("passes the scanner of marks whole, but for marks, however it is cut", () => {
    fc.assert(
      fc.property(bytes, cuts, (input, places) => {
        const shown = (parts: readonly Buffer[]) => {
          const scanner = new MarkScanner("abcdefabcdef");
          const tokens = parts.flatMap((part) => scanner.push(part));
          return tokens
            .map((token) =>
              token.type === "bytes" ? token.bytes.toString("latin1") : JSON.stringify(token.mark),
            )
            .join("");
        };
        expect(shown(cut(input, places))).toBe(shown([input]));
      }),
      LIMIT,
    );
  });

  it("is rendered as visible text", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => {
        const { lines } = await renderText(input, { cols: 80, rows: 24 });
        for (const line of lines) expect(visible(line)).toBe(line);
      }),
      LIMIT,
    );
  });

  it("is keys, or refused as an argument", () => {
    const notation = pieces(
      "<",
      ">",
      "C-",
      "M-",
      "S-",
      "Enter",
      "lt",
      "Up",
      "F12",
      "a",
      "-",
      "<C-c>",
      "<Up>",
      "x ",
    );
    fc.assert(
      fc.property(notation, (text) => {
        try {
          encodeKeys(parseKeys(text), PLAIN_MODES);
        } catch (error) {
          expect(error).toMatchObject({ code: "invalid_argument" });
        }
      }),
      LIMIT,
    );
  });

  it("is a known_hosts file, or lines of it that count for nothing", () => {
    const text = pieces(
      "@revoked ",
      "@cert-authority ",
      "|1|",
      "AAAA",
      "=",
      "ssh-ed25519",
      "ssh-rsa",
      "!",
      "*",
      "?",
      "[h]:22",
      ",",
      " ",
      "\n",
      "\r\n",
      "#",
      "h",
    );
    fc.assert(
      fc.property(text, fc.constantFrom("h", "[h]:22", "x.example"), (file, name) => {
        lookup(parseKnownHosts(file, "known_hosts"), name);
      }),
      LIMIT,
    );
  });

  it("is an ssh configuration, or one with named problems", async () => {
    const text = pieces(
      "Host ",
      "Match ",
      "exec ",
      "all",
      "host ",
      "!",
      "*",
      '"',
      "Include ",
      "~/x",
      "Port ",
      "22",
      "ProxyJump ",
      "a@b:1,c",
      "ProxyCommand ",
      "%h",
      "%%",
      "=",
      " ",
      "\n",
      "#",
      "User ",
      "\\",
    );
    const path = join(folder, "config");
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        writeFileSync(path, content, { mode: 0o600 });
        const config = await readSshConfig(path, folder);
        if (config.problems.length === 0)
          evaluate(config, { host: "h", localUser: "u", home: folder, env: {} } as unknown as Parameters<
            typeof evaluate
          >[1]);
      }),
      LIMIT,
    );
  });

  it("is an inventory, or refused as one", async () => {
    const text = pieces(
      "hosts:",
      "groups:",
      "settings:",
      "defaults:",
      "\n",
      "  ",
      "a:",
      " {",
      "}",
      " [",
      "]",
      ", ",
      "user: ",
      "x",
      "&a ",
      "*a",
      "<<: ",
      "- ",
      "? ",
      "|",
      ">",
      "'",
      '"',
      "#",
      "!!binary ",
      "password: ",
      "deny_patterns: ",
      "(a+",
      "auth: ",
      "method: key",
      "jump: ",
      "0x7f",
      "~",
    );
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        await parseInventory(content, "hosts.yaml").catch((error: unknown) => {
          expect(error).toBeInstanceOf(SshMcpError);
          expect(error).toMatchObject({ code: "inventory_invalid" });
        });
      }),
      LIMIT,
    );
  });

  it("stays one status line", () => {
    const word = fc.option(
      fc.string({ unit: "grapheme" }).map((text) => `k=${JSON.stringify(text)}`),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(word), fc.array(fc.string()), (words, notes) => {
        const line = statusLine(["web1", "#1", "done", ...words], notes);
        expect(line).toMatch(/^\[web1 #1 done.*\]$/su);
        expect(line.endsWith(notes.length === 0 ? "]" : `notes=${notes.length}]`)).toBe(true);
      }),
      LIMIT,
    );
  });

  it("has simple commands that are bounded", () => {
    const text = pieces(
      "sudo ",
      "sh -c ",
      "'",
      '"',
      "$(",
      ")",
      "`",
      ";",
      "&&",
      "|",
      "\\",
      "\n",
      "{ ",
      "eval ",
      "reboot",
      " ",
      "A=b ",
      "-u ",
      "#",
    );
    fc.assert(
      fc.property(text, (line) => {
        expect(simpleCommands(line).length).toBeLessThanOrEqual(300);
      }),
      LIMIT,
    );
  });
});
