import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { loadRecipes } from "../../../src/recipes/own/load.ts";
import type { AnyRecipe } from "../../../src/recipes/recipe.ts";
import { natureHere, ranHere } from "../local.ts";

const root = mkdtempSync(join(tmpdir(), "ssh-mcp-recipes-"));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let made = 0;
beforeEach(() => {
  folder = join(root, `folder-${++made}`);
  mkdirSync(folder, { mode: 0o700 });
});

const write = (name: string, text: string, mode = 0o600) => {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), mode);
};
const load = (taken: readonly string[] = []) => loadRecipes(folder, taken);
const GOOD = "name: good\ndescription: Says so.\ncommand: echo yes\nread_only: true\n";

/** What a recipe's file does on this machine. */
async function run(text: string, inputs: object = {}) {
  write("one.yaml", text);
  const { recipes, faults } = await load();
  expect(faults).toEqual([]);
  const recipe: AnyRecipe | undefined = recipes[0]?.recipe;
  const plan = recipe?.plan(inputs, natureHere());
  if (plan === undefined || typeof plan === "string") return plan;
  return plan.read(ranHere(plan.steps));
}

describe("an operator's own recipe", () => {
  it("is a command with values in it, and its rows as columns", async () => {
    const text = `name: sizes
description: Sizes of files.
inputs:
  first: {type: text, description: A name.}
  count: {type: number, description: How many., default: 2, max: 9}
command: printf '%s %s\\n' 10 {{first}} 7 b 5 c | head -n {{count}}
read: {columns: [size, name], numbers: [size]}
read_only: true
`;
    const shown = await run(text, { first: "a b; echo $(id)" });
    expect(shown).toMatchObject({
      facts: {
        records: [
          { size: 10, name: "a b; echo $(id)" },
          { size: 7, name: "b" },
        ],
        unread: [],
      },
      lines: ["size  name", "  10  a b; echo $(id)", "   7  b"],
      words: ["exit=0", "2 records"],
      notes: [],
    });
  });

  it("reads rows by a pattern, and counts those that it does not fit", async () => {
    const text = `name: up
description: Who is up.
command: printf '%s\\n' '# names' 'a is up' 'b is down' 'c went away'
read:
  pattern: '^(?P<name>\\w+) is (?P<state>up|down)$'
  skip: ['^#']
`;
    expect(await run(text)).toMatchObject({
      facts: {
        records: [
          { name: "a", state: "up" },
          { name: "b", state: "down" },
        ],
        unread: ["c went away"],
      },
      notes: ["1 row was not understood: c went away"],
    });
  });

  it("shows rows as they are where nothing says how to read them, what it complained of, and its exit code", async () => {
    const text = "name: raw\ndescription: Text.\ncommand: printf 'one\\n\\ntwo'; echo no >&2; exit 3\n";
    expect(await run(text)).toMatchObject({
      lines: ["one", "", "two"],
      words: ["exit=3", "3 rows"],
      notes: ["it complained: no"],
    });
  });

  it("may change something unless it says otherwise, and is ended with its time", async () => {
    write("a.yaml", GOOD);
    write("b.yml", GOOD.replace("good", "other").replace("read_only: true\n", "limits: {seconds: 5}\n"));
    const { recipes } = await load();
    expect(
      recipes.map(({ recipe: { name, changes, seconds, ends, toolset } }) => [
        name,
        changes,
        seconds,
        ends,
        toolset,
      ]),
    ).toEqual([
      ["good", false, 30, true, "custom"],
      ["other", true, 5, true, "custom"],
    ]);
  });

  it("has no command for a family that it does not name", async () => {
    const text = "name: mac\ndescription: A Mac's.\ncommand: {macos: sw_vers}\n";
    expect(await run(text)).toMatch(/^mac has no command for linux/);
  });

  it("takes only values of the kind that it says", async () => {
    write(
      "one.yaml",
      `name: takes
description: Values.
inputs:
  path: {type: text, description: Where., pattern: '/[a-z/]*'}
  kind: {type: choice, description: Which., values: [a, b], default: a}
  size: {type: number, description: How much., min: 1, max: 5, optional: true}
command: echo {{path}} {{kind}} {{size}}
`,
    );
    const [one] = (await load()).recipes;
    const schema = z.object(one?.recipe.schema ?? {});
    const ok = (value: object) => schema.safeParse(value).success;
    expect([{ path: "/var" }, { path: "/", kind: "b", size: 5 }].map(ok)).toEqual([true, true]);
    const wrong = [
      {},
      { path: "-rf" },
      { path: "/V" },
      { path: "/a\n/b" },
      { path: "/", kind: "c" },
      { path: "/", size: 6 },
      { path: "/", size: 1.5 },
    ];
    expect(wrong.map(ok)).toEqual(wrong.map(() => false));
  });
});

describe("the folder of an operator's own recipes", () => {
  it("names file and line of what is wrong with one, and the others work", async () => {
    write("good.yaml", GOOD);
    write(
      "a-quoted.yaml",
      "name: q\ndescription: x\ninputs:\n  p: {type: text, description: x}\ncommand: echo '{{p}}'\n",
    );
    write("b-key.yaml", "name: k\ndescription: x\ncommand: echo\nlimit: 3\n");
    write("c-yaml.yaml", "name: [\n");
    write(
      "d-input.yaml",
      "name: i\ndescription: x\ninputs:\n  p: {type: text, description: x}\ncommand: echo {{q}}\n",
    );
    write("e-name.yaml", "name: Bad-Name\ndescription: x\ncommand: echo\n");
    write(
      "e2.yaml",
      "name: d\ndescription: x\ninputs:\n  p:\n    type: number\n    description: x\n    max: 3\n    default: 9\ncommand: echo {{p}}\n",
    );
    write(
      "f-host.yaml",
      "name: h\ndescription: x\ninputs:\n  host: {type: text, description: x}\ncommand: echo {{host}}\n",
    );
    const { recipes, faults } = await load();
    expect(recipes.map(({ recipe }) => recipe.name)).toEqual(["good"]);
    const at = (file: string) => join(folder, file);
    expect(faults).toEqual([
      expect.stringContaining(`${at("a-quoted.yaml")}, line 5: command: {{p}} is inside single quotes`),
      expect.stringContaining(`${at("b-key.yaml")}, line 4: unknown key "limit"; did you mean "limits"?`),
      expect.stringContaining(`${at("c-yaml.yaml")}: line `),
      expect.stringContaining(`${at("d-input.yaml")}, line 5: command: {{q}} is none of the inputs`),
      expect.stringContaining(`${at("d-input.yaml")}, line 4: inputs.p: the command has no {{p}}`),
      expect.stringContaining(`${at("e-name.yaml")}, line 1: name: must be lower-case`),
      expect.stringContaining(`${at("e2.yaml")}, line 8: inputs.p.default: `),
      expect.stringContaining(`${at("f-host.yaml")}, line 4: inputs.host: "host" is the name of an argument`),
    ]);
  });

  it("has no two of one name, and none of a tool's", async () => {
    write("a.yaml", GOOD);
    write("b.yaml", GOOD);
    write("c.yaml", GOOD.replace("good", "exec"));
    const { recipes, faults } = await load(["ssh_exec"]);
    expect(recipes).toHaveLength(1);
    expect(faults).toEqual([
      `${join(folder, "b.yaml")}, line 1: the name good is that of ${join(folder, "a.yaml")} already`,
      `${join(folder, "c.yaml")}, line 1: there is a tool ssh_exec already; give it another name`,
    ]);
  });

  it("is not trusted where others can write to it, and neither is a file", async () => {
    write("a.yaml", GOOD);
    write("b.yaml", GOOD.replace("good", "other"), 0o622);
    const { recipes, faults } = await load();
    expect(recipes.map(({ recipe }) => recipe.name)).toEqual(["good"]);
    expect(faults).toEqual([
      expect.stringMatching(/b\.yaml: it can be changed by other users \(mode 622\).*chmod go-w/),
    ]);
    chmodSync(folder, 0o777);
    expect(await load()).toEqual({
      recipes: [],
      faults: [expect.stringMatching(/can be changed by other users \(mode 777\)/)],
    });
  });

  it("is looked at for what it is: no pipe is opened, nothing larger is read, and one that is not there is said", async () => {
    symlinkSync("/dev/zero", join(folder, "zero.yaml"));
    write("large.yaml", `${GOOD}# ${"x".repeat(70_000)}\n`);
    write("notes.txt", "no recipe");
    expect((await load()).faults).toEqual([
      expect.stringMatching(/large\.yaml: is larger than 64 KiB/),
      expect.stringMatching(/zero\.yaml: is not a regular file/),
    ]);
    expect(await loadRecipes(join(folder, "none"), [])).toEqual({
      recipes: [],
      faults: [`recipes_dir ${join(folder, "none")} is not there`],
    });
  });
});
