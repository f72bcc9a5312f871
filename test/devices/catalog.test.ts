import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import { profileJsonSchema } from "../../src/devices/json-schema.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-devices-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
const open = (files: Readonly<Record<string, string>>) => openCatalog({ dir: folderWith(files) });

describe("the profiles of the program", () => {
  it("are all valid, run on the linear-time engine and name their evidence", async () => {
    const catalog = openCatalog();
    expect(catalog.ids().length).toBeGreaterThanOrEqual(61);
    for (const id of catalog.ids()) {
      await expect(catalog.device(id)).resolves.toMatchObject({ id });
      expect([id, catalog.profile(id).evidence?.length ?? 0]).not.toEqual([id, 0]);
    }
  });

  it("say nothing of settling that would make a command wait for long", async () => {
    const catalog = openCatalog();
    for (const id of catalog.ids()) expect((await catalog.device(id)).settleMs).toBeLessThanOrEqual(400);
  });

  it("never turn paging off by changing the device's configuration", () => {
    const catalog = openCatalog();
    const sends = catalog.ids().flatMap((id) => (catalog.profile(id).open ?? []).map(({ send }) => send));
    expect(
      sends.filter(
        (send) =>
          /^(?:conf|set system|write|copy|save|commit)/.test(send) && send !== "config paging disable",
      ),
    ).toEqual([]);
  });

  it("are checked by the published JSON Schema (else: npx tsx scripts/generate-schema.ts)", () => {
    const published = readFileSync(join(import.meta.dirname, "../../schema/device.schema.json"), "utf8");
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(profileJsonSchema())));
  });
});

describe("a folder of one's own", () => {
  it("adds profiles, which may start from built-in ones", async () => {
    const catalog = open({
      "acme_os.yaml":
        "id: acme_os\nname: Acme OS\nextends: cisco_ios\nreplaces: [prompts]\nprompts:\n  - { mode: exec, match: '^acme>$' }\nerrors:\n  - { match: '^oops', class: other }\n",
    });
    const device = await catalog.device("acme_os");
    expect(device.prompt("acme>")?.mode).toBe("exec");
    expect(device.prompt("sw1#")).toBeUndefined();
    expect(device.message("oops")).toEqual({ is: "error", class: "other" });
    expect(device.message("% Invalid input detected")).toEqual({ is: "error", class: "syntax" });
    expect(catalog.origin("acme_os")).toMatch(/acme_os\.yaml$/);
    expect(catalog.profile("acme_os").evidence).toBeUndefined();
  });

  it("overrides a built-in profile, also starting from itself", async () => {
    const catalog = open({
      "cisco_ios.yaml": "id: cisco_ios\nname: Ours\nextends: cisco_ios\nsettle_ms: 333\n",
    });
    const device = await catalog.device("cisco_ios");
    expect(device.settleMs).toBe(333);
    expect(device.prompt("sw1#")?.mode).toBe("enable");
  });

  it.each([
    [
      "an unknown key",
      "id: x\nname: X\nprompt: []\n",
      /x\.yaml\): line 3: unknown key "prompt"; did you mean "prompts"/,
    ],
    [
      "an unknown key inside",
      "id: x\nname: X\npagers:\n  - match: '^more'\n    keys: q\n",
      /line 5: pagers\.0: unknown key "keys"; did you mean "key"/,
    ],
    [
      "a pattern with look-ahead",
      "id: x\nname: X\nextends: cisco_ios\nprompts:\n  - { mode: exec, match: '^a$' }\n  - { mode: exec, match: '^a(?!b)$' }\n",
      /x\.yaml\): line 6, prompts\[1\]\.match is not an RE2 pattern/,
    ],
    [
      "a back-reference",
      "id: x\nname: X\nsecrets: ['(a)\\1']\n",
      /line 3, secrets\[0\] is not an RE2 pattern/,
    ],
    [
      "a pattern too long",
      `id: x\nname: X\nasync: ['${"a".repeat(500)}']\n`,
      /line 3: async\.0: must be at most 400 characters/,
    ],
    [
      "a prompt that is found inside a row",
      "id: x\nname: X\nprompts:\n  - { mode: exec, match: 'acme>' }\n",
      /line 4: prompts\.0\.match: must begin with \^/,
    ],
    [
      "a pager without a key",
      "id: x\nname: X\npagers:\n  - { match: '^more$' }\n",
      /line 4: pagers\.0: needs a key/,
    ],
    [
      "a word the field does not know",
      "id: x\nname: X\nerrors: [{ match: '^e', class: fatal }]\n",
      /line 3: errors\.0\.class: .*"syntax"/,
    ],
    [
      "a stray name to replace",
      "id: x\nname: X\nextends: frr\nreplaces: [promts]\n",
      /replaces names "promts", which is no field; did you mean "prompts"/,
    ],
    [
      "a base that is not there",
      "id: x\nname: X\nextends: cisco_ois\n",
      /extends "cisco_ois", which does not exist; nearest: cisco_ios/,
    ],
    ["itself as its base", "id: x\nname: X\nextends: x\n", /extends "x", which does not exist/],
    ["another id than its name", "id: y\nname: X\n", /its id is "y"/],
    ["no YAML", "id: x\nname: [X\n", /device profile x \(.*x\.yaml\): line \d: not valid YAML/],
  ])("refuses a file with %s, naming file and reason", async (_what, text, reason) => {
    const build = async () => open({ "x.yaml": text }).device("x");
    await expect(build()).rejects.toThrow(reason);
  });

  it("refuses profiles that extend each other", () => {
    const catalog = open({
      "a.yaml": "id: a\nname: A\nextends: b\n",
      "b.yaml": "id: b\nname: B\nextends: a\n",
    });
    expect(() => catalog.profile("a")).toThrow(/extends itself/);
  });

  it("with a broken file leaves all other profiles usable", async () => {
    const catalog = open({ "x.yaml": "id: [x\n" });
    await expect(catalog.device("cisco_ios")).resolves.toMatchObject({ id: "cisco_ios" });
  });

  it("with profiles that extend each other in a circle says so", () => {
    const catalog = open({
      "a1.yaml": "id: a1\nname: A\nextends: b1\n",
      "b1.yaml": "id: b1\nname: B\nextends: a1\n",
    });
    expect(() => catalog.profile("a1")).toThrow(/it extends itself/);
  });

  it("drops a field inside a map that is only named in `replaces`", () => {
    const catalog = open({
      "x.yaml": "id: x\nname: X\nextends: cisco_ios\nreplaces: [input.max_line, keys.interrupt]\n",
    });
    const base = catalog.profile("cisco_ios");
    expect(catalog.profile("x").input).toEqual({ echo: base.input?.echo });
    expect(catalog.profile("x").keys).toEqual({ enter: base.keys?.enter, kill_line: base.keys?.kill_line });
  });

  it("drops a list of the base that is only named in `replaces`", () => {
    const catalog = open({ "x.yaml": "id: x\nname: X\nextends: cisco_ios\nreplaces: [open, questions]\n" });
    expect(catalog.profile("x")).not.toHaveProperty("open");
    expect(catalog.profile("x")).not.toHaveProperty("questions");
    expect(catalog.profile("x").pagers).toEqual(catalog.profile("cisco_ios").pagers);
  });

  it("that does not exist is named", () => {
    expect(() => openCatalog({ dir: "/nonexistent/devices" })).toThrow(
      /devices_dir \/nonexistent\/devices cannot be read/,
    );
  });
});
