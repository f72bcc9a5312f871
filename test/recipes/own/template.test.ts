import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { templateOf } from "../../../src/recipes/own/template.ts";
import { seeded } from "../../seeds/random.ts";

const run = promisify(execFile);
const shells: readonly (readonly [string, ...string[]])[] = [["sh"], ["dash"], ["bash"], ["busybox", "ash"]];
const present = shells.filter(([program]) => spawnSync(program, ["--help"]).error === undefined);

const PIECES = [
  ..."'\"\\$`!#&;|<>(){}[]*?~ \t\n=-aé",
  "$(id)",
  "`id`",
  "${HOME}",
  "'\\''",
  "{{b}}",
  "a[$(id)]",
  "\n#",
];

function hostile(count: number): string[] {
  const random = seeded(1207);
  const piece = () => PIECES[Math.floor(random() * PIECES.length)];
  return [
    "",
    ...PIECES,
    ...Array.from({ length: count }, () =>
      Array.from({ length: 1 + Math.floor(random() * 9) }, piece).join(""),
    ),
  ];
}

/** Commands that print their value as it is, with a NUL behind it. */
const COMMANDS = [
  "printf '%s\\000' {{a}}",
  'v={{a}}; printf "%s\\000" "$v"',
  "f() { printf '%s\\000' \"$1\"; }; f {{ a }} # not {a}",
  "v=$(printf %s. {{a}}); printf '%s\\000' \"$v\"",
  "if test x = x; then printf '%s' pre{{a}}post | { IFS= cat; printf '\\000'; }; fi",
];

describe("a value in an operator's own command", () => {
  it.each(present)("is one word for %s, whatever is in it", async (program, ...more) => {
    const values = hostile(120);
    for (const command of COMMANDS) {
      const template = templateOf(command);
      const script = values.map((a) => template.fill({ a }).script).join("\n");
      const { stdout } = await run(program, [...more, "-c", script], {
        encoding: "buffer",
        maxBuffer: 1 << 24,
      });
      const read = stdout.toString("utf8").split("\0").slice(0, -1);
      const expected = values.map((value) =>
        command.includes("pre{{a}}") ? `pre${value}post` : command.includes("%s.") ? `${value}.` : value,
      );
      expect(read).toEqual(expected);
    }
  });

  it.each([
    ["echo '{{a}}'", "single quotes"],
    ['echo "{{a}}"', "double quotes"],
    ["echo x # {{a}}", "a comment"],
    ["# {{a}}\necho x", "a comment"],
    ["echo `echo {{a}}`", "a backquote"],
    ['echo "`echo {{a}}`"', "double quotes"],
    ['echo "$(printf %s "{{a}}")"', "$(…) inside double quotes"],
    ['echo "$(case x in x) printf %s "{{a}}";; esac)"', "$(…) inside double quotes"],
    ['echo "${x:-"{{a}}"}"', "${…} with more than a name"],
    ["echo ${x:-{{a}}}", "${…} with more than a name"],
    ["echo $(( {{a}} + 1 ))", "(("],
    ["(( x = {{a}} ))", "(("],
    ["[[ {{a}} -eq 1 ]] && echo x", "[["],
    ["x[{{a}}]=1", "brackets of an array"],
    ["cat <<E\n{{a}}\nE", "a here-document"],
    ["cat <<< {{a}}", "a here-document"],
    ["echo $'it\\'s' {{a}}", "single quotes"],
    ["echo $'it' {{a}}", "$'"],
    ["echo ${{a}}", "is behind $"],
    ["eval echo {{a}}", "eval"],
    ["true; eval {{a}}", "eval"],
    ["let x={{a}}", "let"],
    ["echo 'x {{a}}", "single quotes"],
    ["echo {{a}} 'x", "a quote is not closed"],
    ["echo {{A}}", "no placeholder"],
    ["echo {{a", "no placeholder"],
  ])("has no place in %j", (command, why) => {
    expect(() => templateOf(command)).toThrow(why);
  });

  it("may be a number, or nothing at all", () => {
    expect(templateOf("head -n {{n}} {{f}}").fill({ n: 5, f: undefined })).toEqual({ script: "head -n 5 " });
  });

  it("may stand beside what would be no place for it", () => {
    const command = `printf '%s' '#"' "it's \\" \${x}" {{a}} medieval eval.txt`;
    expect(templateOf(command).fill({ a: "x y" }).script).toContain(" 'x y' medieval");
  });
});
