import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { builtinGrammars } from "../../../src/devices/builtin.ts";
import { openCatalog } from "../../../src/devices/catalog.ts";
import { grammarJsonSchema } from "../../../src/policy/cli/json-schema.ts";
import { judgeCli, stateAt } from "../../../src/policy/cli/judge.ts";
import { grammarOf, openGrammars } from "../../../src/policy/cli/library.ts";

const BASE = {
  id: "base",
  name: "Base",
  modes: { exec: { unknown: "write", read: ["show"], disruptive: ["reload"], write: ["clear counters"] } },
};
const open = (...files: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[]) =>
  openGrammars(new Map(files.map((file) => [file.id, file])));

describe("the grammars of the program", () => {
  it("are checked by the published JSON Schema (else: npx tsx scripts/generate-schema.ts)", () => {
    const published = readFileSync(join(import.meta.dirname, "../../../schema/grammar.schema.json"), "utf8");
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(grammarJsonSchema())));
  });

  it("are all valid", () => {
    const grammars = openGrammars(builtinGrammars());
    expect(grammars.ids().length).toBeGreaterThanOrEqual(40);
    for (const id of grammars.ids()) expect(grammars.grammar(id).id).toBe(id);
  });
});

describe("a grammar", () => {
  const risk = (grammars: ReturnType<typeof open>, id: string, text: string) =>
    judgeCli(text, grammars.grammar(id), stateAt(grammars.grammar(id))).risk;

  it("starts from another one: a pattern replaces the same of its base", () => {
    const grammars = open(BASE, {
      id: "child",
      name: "Child",
      extends: "base",
      modes: { exec: { irreversible: ["erase"], write: ["reload"] } },
    });
    expect(
      ["show x", "reload", "erase", "clear counters"].map((text) => risk(grammars, "child", text)),
    ).toEqual(["read", "write", "irreversible", "write"]);
    expect(risk(grammars, "base", "reload")).toBe("disruptive");
  });

  it("may group patterns by why", () => {
    const grammars = open({
      id: "why",
      name: "Why",
      modes: { exec: { disruptive: { "turns the light off": ["dark|night"] } } },
    });
    expect(
      judgeCli("night", grammars.grammar("why"), stateAt(grammars.grammar("why"))).findings,
    ).toMatchObject([{ why: "turns the light off" }]);
  });

  it.each([
    [
      { ...BASE, modes: { exec: { reads: ["show"] } } },
      /base\.yaml\): modes\.exec: unknown key "reads"; did you mean "read"/,
    ],
    [{ ...BASE, modes: { exec: { read: [""] } } }, /modes\.exec\.read/],
    [{ ...BASE, extends: "bas" }, /extends: "bas" does not exist; nearest: base/],
    [{ ...BASE, extends: "base" }, /extends: it extends itself/],
    [{ ...BASE, start: "enable" }, /start: there is no mode "enable"/],
    [{ ...BASE, modes: { exec: { also: "config" } } }, /modes\.exec\.also: there is no mode "config"/],
    [
      { ...BASE, modes: { exec: { write: ["conf => go config"] } } },
      /modes\.exec\.write: "conf => go config": "go config" is no action/,
    ],
  ])("with a mistake is refused, naming file and field: %j", (file, fault) => {
    expect(() => open(file).grammar("base")).toThrow(fault);
  });

  it("that does not exist is answered with the nearest", () => {
    expect(() => open(BASE).grammar("bse")).toThrow(/there is no grammar "bse"; nearest: base/);
  });
});

describe("the grammar of a platform", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const catalogWith = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-grammar-"));
    folders.push(folder);
    writeFileSync(join(folder, "acme.yaml"), text);
    return openCatalog({ dir: folder });
  };

  it("is that of its profile, of the profile that it extends, or the generic one", () => {
    expect(grammarOf("cisco_nxos").id).toBe("nxos");
    expect(grammarOf("acme", catalogWith("id: acme\nname: Acme\nextends: cisco_ios\n")).id).toBe("ios");
    expect(grammarOf("acme", catalogWith("id: acme\nname: Acme\ngrammar: vrp\n")).id).toBe("vrp");
    expect(grammarOf("acme", catalogWith("id: acme\nname: Acme\n")).id).toBe("generic");
  });

  it("has to exist", () => {
    expect(() => grammarOf("acme", catalogWith("id: acme\nname: Acme\ngrammar: iox\n"))).toThrow(
      /device profile acme \(.*acme\.yaml\): grammar: there is no grammar "iox"; nearest: /,
    );
    expect(() => grammarOf("no_such_platform")).toThrow(/there is no platform/);
  });
});
