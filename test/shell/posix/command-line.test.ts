import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandLine, escapePayload, type Reader } from "../../../src/shell/posix/command-line.ts";
import type { ShellFamily } from "../../../src/shell/record/shell-level.ts";

const KEY = "89abcdef";
const LABEL = "0123456789abL1";
const FAMILIES: readonly ShellFamily[] = ["bash", "zsh", "ksh", "sh", "restricted", "fish"];
/** Nothing that completes, expands, beeps or asks in any line editor. */
const TYPEABLE = /^ [ -~]*\r$/;

const shell = (family: ShellFamily, more: Partial<Reader> = {}): Reader => ({
  family,
  label: LABEL,
  key: KEY,
  ...more,
});

describe("a framed command", () => {
  it("in bash is these bytes", () => {
    expect(commandLine(shell("bash"), 7, "echo 'hi'").line).toMatchInlineSnapshot(`
      " \\builtin eval $'__m -b 7 \\042\\044\\077\\042 \\047\\047 \\042\\044\\173_-\\175\\042\\046\\046\\050\\0501\\051\\051\\012echo \\047hi\\047\\012__m -e 7 89abcdef \\042\\044\\173_-\\175\\042';__m -x 7 "$?"||\\builtin printf "\${__mi[4]-}" G 7;__m -s "\${__mi[9]-}"&&__m -q "\${_-}"
      "
    `);
  });

  it("in zsh, which reads an eval whole, is these bytes", () => {
    expect(commandLine(shell("zsh"), 7, "echo 'hi'").line).toMatchInlineSnapshot(`
      " __m -a 7 "$?" "\${_-}";\\builtin eval $'__m -b 7 \\042\\044\\173__mu\\1331\\135-\\175\\042\\046\\046\\050\\0501\\051\\051\\012echo \\047hi\\047\\012__m -e 7 89abcdef \\042\\044\\173_-\\175\\042';__m -x 7 "$?"||\\builtin printf "\${__mz-}" G 7;__m -s "\${__mu[1]-}"&&__m -q "\${_-}"
      "
    `);
  });

  it("in ksh is these bytes", () => {
    expect(commandLine(shell("ksh"), 7, "echo 'hi'").line).toMatchInlineSnapshot(`
      " __m -a 7 "$?";\\eval $'__m -b 7\\046\\046\\133\\133 1 \\135\\135\\012echo \\047hi\\047\\012__m -e 7 89abcdef \\042\\044\\077\\042 j';__m -x 7 "$?"||\\command printf '\\033]7717;0123456789abL1;G;89abcdef;7\\007';__m -s&&\\: 
      "
    `);
  });

  it("in a shell without `$'…'` is these bytes", () => {
    expect(commandLine(shell("sh", { verbatim: true }), 7, "echo 'hi'").line).toMatchInlineSnapshot(`
      " \\eval '__m -b 7 "$?" "\${_-}"&&\\: "\${_-}"'"$__mn"'echo '\\''hi'\\'''"$__mn"'__m -e 7 89abcdef "$?" "\${_-}"';__m -x 7 "$?"||\\command printf '\\033]7717;0123456789abL1;G;89abcdef;7\\007';__m -s "\${__mu-}"&&__m -q "\${_-}" 
      "
    `);
  });

  it("in fish is these bytes", () => {
    expect(commandLine(shell("fish"), 7, "echo 'hi'").line).toMatchInlineSnapshot(`
      " __m -a 7 $status;eval __m\\ -b\\ 7\\X0aecho\\ \\X27hi\\X27\\X0a__m\\ -e\\ 7\\ 89abcdef;__m -x 7 $status;or builtin printf "$__mz" G 7;__m -s
      "
    `);
  });

  it("goes past a line editor in which keys that print do something else", () => {
    for (const family of FAMILIES) {
      const { line, payload } = commandLine(shell(family, { ownKeys: true }), 7, "ls");
      expect(line).toContain("__m -l 7 ");
      expect(line).not.toContain("ls");
      expect(payload?.toString()).toContain("ls");
    }
  });

  it("calls eval by its bare name where `builtin` did not carry it out", () => {
    expect(commandLine(shell("bash", { bare: true }), 7, "ls").line).toMatch(/^ \\eval \$'/);
  });

  it("in bash with inherited traps on returns switches them off around our own function only", () => {
    const { line } = commandLine(shell("bash", { flags: "hBT", status: 3 }), 7, "ls");
    expect(line).toMatch(
      /^ \\builtin set \+T;\\builtin eval \$'__m -b 7 3 T [^']*\\046\\046\\050\\0501\\051\\051\\012ls/,
    );
  });

  it("with a trace on, and a command before that did not fail, runs nothing between begin mark and command", () => {
    const { line } = commandLine(shell("bash", { flags: "hxB", status: 0 }), 7, "ls");
    expect(line).toMatch(/^ \\builtin eval \$'__m -b 7 0\\012ls/);
  });

  it.each([
    ["a trailing backslash", "echo a \\"],
    ["an open here-document", "cat <<END\ntext"],
    ["a here-document whose end is only like the word", "cat <<END\ntext\nEND "],
    ["a second here-document that stays open", "cat <<A <<B\nA\n"],
  ])("with %s has an eval of its own, so that it cannot take our end for its text", (_, text) => {
    expect(commandLine(shell("bash"), 7, text).line.match(/eval/g)).toHaveLength(2);
  });

  it.each([
    ["an escaped backslash at the end", "echo a \\\\"],
    ["a here-document that ends", "cat <<'END'\ntext\nEND\necho b"],
    ["a redirection", "cat <file"],
  ])("with %s needs none", (_, text) => {
    expect(commandLine(shell("bash"), 7, text).line.match(/eval/g)).toHaveLength(1);
  });

  it.each<[ShellFamily, number]>([
    ["bash", 1000],
    ["zsh", 1000],
    ["restricted", 1000],
    ["ksh", 400],
    ["sh", 400],
  ])(
    "in %s is sent in lines where it is longer than %i bytes, which its line editor takes",
    (family, limit) => {
      expect(commandLine(shell(family), 1, "x".repeat(limit - 220)).payload).toBeUndefined();
      const long = commandLine(shell(family), 12, "x".repeat(limit + 1));
      expect(long.line.length).toBeLessThan(200);
      const lines = long.payload?.toString().split("\n") ?? [];
      expect(lines.slice(-2)).toEqual(["#.", ""]);
      const text = lines.slice(0, -2);
      expect(text.filter((line) => !/^#.{1,1000}$/.test(line))).toEqual([]);
      const bytes = undone(text.map((line) => line.slice(1)).join(""));
      expect(bytes.length).toBe(Number(/ (\d+) \d+[ ;]/.exec(long.line)?.[1]));
    },
  );

  it("counts a long command in bytes and in characters", () => {
    const { line } = commandLine(shell("sh"), 3, "é🚀".repeat(300));
    const [, bytes = "", chars = ""] = / (\d+) (\d+) "/.exec(line) ?? [];
    expect(Number(bytes) - Number(chars)).toBe(1200);
  });

  it("without `$'…'` is sent as it is, in rows that are comments, what cannot be typed escaped", () => {
    const { payload } = commandLine(shell("sh", { verbatim: true }), 3, "echo 'é'\nprintf '\u001b[m'");
    const rows = payload?.toString().split("\n") ?? [];
    expect(rows.slice(1, -2)).toEqual([
      "#-echo 'é'",
      "#*printf \\047\\033\\133m\\047",
      "#-",
      `#+__m -e 3 ${KEY} "$?" "\${_-}"`,
    ]);
  });

  it("is one line of printable ASCII whatever the command holds", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    const flags = fc.constantFrom("hB", "hBT", "hxB");
    fc.assert(
      fc.property(
        fc.constantFrom(...FAMILIES),
        fc.nat(),
        text,
        flags,
        fc.boolean(),
        (family, id, command, on, verbatim) => {
          const { line, payload } = commandLine(
            shell(family, { flags: on, status: 3, verbatim }),
            id,
            command,
          );
          expect(line).toMatch(TYPEABLE);
          // The line discipline takes 4095 bytes in line mode; fish reads in a mode of its own.
          if (family !== "fish") expect(line.length).toBeLessThan(1300);
          const rows = payload?.toString().split("\n").slice(0, -1) ?? [];
          expect(rows.filter((row) => !row.startsWith("#"))).toEqual([]);
        },
      ),
      { seed: 7717, numRuns: 500 },
    );
  });
});

/** The bytes behind octal escapes. */
function undone(escaped: string): Buffer {
  const latin1 = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(latin1, "latin1");
}

describe("the payload escape", () => {
  it.each([
    ["plain text stays", "ls -la /tmp/a_b.c,d:e=f@g+h", "ls -la /tmp/a_b.c,d:e=f@g+h"],
    ["a first dash would be an option to printf", "-n x", "\\055n x"],
    ["percent and backslash would be directives", "%s\\n", "\\045s\\134n"],
    ["quotes, dollar, exclamation mark", "'\"$!", "\\047\\042\\044\\041"],
    ["line feed and tab", "a\nb\tc", "a\\012b\\011c"],
    ["UTF-8 byte by byte", "é🚀", "\\303\\251\\360\\237\\232\\200"],
    ["a digit behind an escape is not part of it", "\u00011", "\\0011"],
  ])("%s", (_, text, escaped) => {
    expect(escapePayload(text)).toBe(escaped);
  });

  it("decodes by printf's rules to the bytes that went in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const decoded = escapePayload(text).replace(/\\([0-7]{3})/g, (_, octal: string) =>
          String.fromCharCode(Number.parseInt(octal, 8)),
        );
        expect(Buffer.from(decoded, "latin1").equals(Buffer.from(text))).toBe(true);
      }),
      { seed: 7717, numRuns: 1500 },
    );
  });
});
