import { Ajv } from "@modelcontextprotocol/client/validators/ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { profileJsonSchema } from "../../src/devices/json-schema.ts";
import { inventoryJsonSchema } from "../../src/inventory/json-schema.ts";
import { parseInventory } from "../../src/inventory/parse.ts";
import { parseDuration } from "../../src/inventory/units.ts";
import { ENTRY_VALUES, NAMES, SETTING_VALUES } from "./generated-values.ts";

const SCHEMAS = { hosts: inventoryJsonSchema(), device: profileJsonSchema() };
const strictAjv = () => new Ajv({ strict: true, allErrors: false });
const bySchema = strictAjv().compile(SCHEMAS.hosts);

/** What the loader says against a file whose value this is; undefined: it takes all of it. */
async function refusal(file: object): Promise<string | undefined> {
  const text = Object.entries(file)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join("");
  try {
    const [refused] = (await parseInventory(text, "hosts.yaml")).refused.values();
    return refused?.message;
  } catch (error) {
    if (error instanceof SshMcpError) return error.message;
    throw error;
  }
}

/** What JSON Schema cannot express; the page on the inventory lists it. */
const BEYOND: readonly { what: string; file: object; said: RegExp }[] = [
  {
    what: "a duration whose parts are too long only together, or by their fraction",
    file: { settings: { idle_timeout: "24d24d" } },
    said: /must be seconds, or text/,
  },
  {
    what: "a password in front of a key in a list of methods",
    file: { hosts: { a: { auth: [{ method: "password", password_env: "A" }, { method: "agent" }] } } },
    said: /never offered before a key/,
  },
  {
    what: "a pattern that is no RE2",
    file: { hosts: { a: { deny_patterns: ["(?=a)"] } } },
    said: /not an RE2 pattern/,
  },
  { what: "a group that does not exist", file: { hosts: { a: { groups: "x" } } }, said: /no group "x"/ },
];

test.each(BEYOND)("JSON Schema cannot express: $what", async ({ file, said }) => {
  expect([bySchema(file), await refusal(file)]).toEqual([true, expect.stringMatching(said)]);
});

function isBeyond(value: unknown): boolean {
  if (typeof value === "string")
    return (
      /^[\d.\smshd]+$/i.test(value) && /\.|[a-z]\s*\d/i.test(value) && parseDuration(value) === undefined
    );
  if (typeof value !== "object" || value === null) return false;
  const methods = Array.isArray(value) ? value.map((one: { method?: unknown } | null) => one?.method) : [];
  const password = methods.indexOf("password");
  if (password >= 0 && methods.slice(password).some((one) => one !== "password")) return true;
  return Object.values(value).some(isBeyond);
}

/** Whether both take the file. @throws where only one does, with its text and what was said. */
async function verdict(file: object): Promise<boolean> {
  const said = await refusal(file);
  const accepted = bySchema(file);
  if (accepted === (said === undefined)) return accepted;
  if (accepted && isBeyond(file)) return false;
  throw new Error(
    `${JSON.stringify(file)}\nloader: ${said ?? "accepts"}\nschema: ${JSON.stringify(bySchema.errors ?? "accepts")}`,
  );
}

const RUNS = { numRuns: Number(process.env.SCHEMA_RUNS ?? 200), seed: Number(process.env.SCHEMA_SEED ?? 1) };

/** Both verdicts must come up: a rule that is never broken would prove nothing. */
async function sameVerdicts<T>(values: fc.Arbitrary<T>, file: (value: T) => object): Promise<void> {
  const seen = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      seen.add(await verdict(file(value)));
    }),
    RUNS,
  );
  expect([...seen].sort()).toEqual([false, true]);
}

describe("what the JSON Schema accepts the loader accepts, and the other way round", () => {
  test.each(Object.entries(ENTRY_VALUES))("a host's %s", (field, values) =>
    sameVerdicts(values, (value) => ({ hosts: { a: { [field]: value } } })),
  );

  test.each(Object.entries(SETTING_VALUES))("settings.%s", (field, values) =>
    sameVerdicts(values, (value) => ({ settings: { [field]: value } })),
  );

  const { host: _host, ...shared } = ENTRY_VALUES;
  const entry = fc.oneof(
    fc.record({ port: fc.constant(22), ...shared }, { requiredKeys: [] }),
    fc.constantFrom(null, {}),
  );
  test("a group", () => sameVerdicts(entry, (value) => ({ groups: { g: value } })));
  test("the defaults", () => sameVerdicts(entry, (value) => ({ defaults: value })));

  test.each(["hosts", "groups"])("names of %s", (place) =>
    sameVerdicts(NAMES, (name) => ({ [place]: Object.fromEntries([[name, null]]) })),
  );

  test("a platform that is not built in, with profiles of one's own and without", async () => {
    const found: boolean[][] = [];
    for (const settings of [{}, { settings: null }, { settings: {} }, { settings: { devices_dir: "d" } }])
      for (const place of [
        (entry: object) => ({ hosts: { a: entry } }),
        (entry: object) => ({ groups: { g: entry } }),
        (entry: object) => ({ defaults: entry }),
      ])
        found.push([
          await verdict({ ...settings, ...place({ platform: "arista_eos" }) }),
          await verdict({ ...settings, ...place({ platform: "my_own" }) }),
        ]);
    expect(found).toEqual([...Array(9).fill([true, false]), ...Array(3).fill([true, true])]);
  });
});

test("every field of a host, a group and the settings is among those that are generated", () => {
  const fields = (definition: string) => Object.keys(properties(SCHEMAS.hosts.definitions[definition]));
  expect(Object.keys(ENTRY_VALUES).sort()).toEqual(
    fields("hostEntry")
      .filter((field) => field !== "groups")
      .sort(),
  );
  expect(Object.keys(SETTING_VALUES).sort()).toEqual(fields("settings").sort());
});

describe.each(Object.entries(SCHEMAS))("the JSON Schema %s", (_name, schema) => {
  test("is valid for a strict validator", () => {
    expect(() => strictAjv().compile(schema)).not.toThrow();
  });

  test("has an address, and definitions with names for people", () => {
    expect(schema.$id).toMatch(/^urn:ssh-mcp:schema:/);
    for (const name of Object.keys(schema.definitions)) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
  });

  test("describes every property", () => {
    expect(undescribed(schema, schema.definitions)).toEqual([]);
  });
});

function properties(node: unknown): Record<string, unknown> {
  const { properties: found }: { properties?: object } = Object(node);
  return { ...found };
}

/** Paths of the properties that say nothing about themselves, not even by the definition they refer to. */
function undescribed(node: unknown, definitions: Record<string, unknown>, path = ""): string[] {
  if (typeof node !== "object" || node === null) return [];
  const own = Object.entries(properties(node)).flatMap(([name, value]) =>
    // `true` and bare conditions belong to rules; what they constrain is described where it is defined.
    value === true || isCondition(value) || described(value, definitions) ? [] : [`${path}/${name}`],
  );
  const inside = Object.entries(node).filter(([key]) => key !== "if");
  return [...own, ...inside.flatMap(([key, child]) => undescribed(child, definitions, `${path}/${key}`))];
}

function isCondition(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    ("const" in value || "anyOf" in value) &&
    !("type" in value)
  );
}

function described(value: unknown, definitions: Record<string, unknown>): boolean {
  const { description, allOf, $ref }: { description?: unknown; allOf?: unknown[]; $ref?: string } =
    Object(value);
  if (typeof description === "string") return true;
  if ($ref !== undefined) return described(definitions[$ref.replace("#/definitions/", "")], definitions);
  return (allOf ?? []).some((part) => described(part, definitions));
}
