import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownRecipes } from "../../src/app/recipes.ts";
import { createDesk } from "../../src/desk/desk.ts";

describe("recipes of the operator's own", () => {
  let home: string;
  const said: string[] = [];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "ssh-mcp-own-recipes-"));
    mkdirSync(join(home, "recipes"), { mode: 0o700 });
    write("recipes/one.yaml", "name: one\ndescription: One.\ncommand: echo one\n");
    said.length = 0;
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const write = (name: string, text: string) => {
    writeFileSync(join(home, name), text);
    chmodSync(join(home, name), 0o600);
  };
  const own = (inventory: string | undefined) => {
    if (inventory !== undefined) write("hosts.yaml", inventory);
    const config = inventory === undefined ? {} : { configPath: join(home, "hosts.yaml") };
    return ownRecipes({ env: {}, cwd: home, home, lab: false, ...config }, (sentence) => said.push(sentence));
  };
  const names = async (inventory: string | undefined) => (await own(inventory)).map(({ name }) => name);

  it("are those of the folder that the inventory names, from where the inventory is", async () => {
    expect(await names("settings: {recipes_dir: recipes}\n")).toEqual(["one"]);
    expect(said).toEqual([]);
  });

  it("are not looked for by themselves, not in the working directory either", async () => {
    expect(await names("hosts: {}\n")).toEqual([]);
    expect(await names(undefined)).toEqual([]);
  });

  it("are none of a project's inventory that lies in the working directory", async () => {
    write("hosts.yaml", "settings: {recipes_dir: recipes}\n");
    expect(await names(undefined)).toEqual([]);
  });

  it("keep the others where one cannot be used, and that is said", async () => {
    write("recipes/two.yaml", "name: two\ncommand: echo\n");
    write("recipes/usage.yaml", "name: usage\ndescription: x\ncommand: echo\n");
    expect(await names("settings: {recipes_dir: recipes}\n")).toEqual(["one"]);
    expect(said).toEqual([
      expect.stringMatching(/^a recipe is left out: .*two\.yaml, line 1: description: /),
      expect.stringMatching(
        /^a recipe is left out: .*usage\.yaml, line 1: there is a tool ssh_usage already/,
      ),
    ]);
  });

  it("are listed as tools of their own, read-only where they say so, where their toolset is on", async () => {
    write("recipes/two.yaml", "name: two\ndescription: Two.\ncommand: echo\nread_only: true\n");
    const recipes = await own("settings: {recipes_dir: recipes}\n");
    const workspace = () => Promise.reject(new Error("nothing is opened for a list"));
    const listed = async (toolset: "custom" | "files") => {
      const desk = createDesk({
        workspace,
        report: () => {},
        toolsets: async () => [toolset],
        recipes: async () => recipes,
      });
      return (await desk.definitions())
        .filter(({ name }) => ["ssh_one", "ssh_two"].includes(name))
        .map(({ name, annotations }) => [name, annotations.readOnlyHint, annotations.destructiveHint]);
    };
    expect(await listed("custom")).toEqual([
      ["ssh_one", false, true],
      ["ssh_two", true, false],
    ]);
    expect(await listed("files")).toEqual([]);
  });
});
