import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJsonc, withMember } from "../../../src/commands/clients/jsonc.ts";
import { withTable } from "../../../src/commands/clients/toml.ts";

const add = (text: string) => withMember(text, ["servers"], "ssh", { command: "x", args: ["a"] })?.text;

/** What is written for an entry, and for the object that holds it, without blanks. */
const ENTRY = '"ssh":{"command":"x","args":["a"]}';
const HOLDER = '"servers":{}';

describe("a member is added to JSON as its author wrote it", () => {
  test.each<[what: string, before: string, after: string | undefined]>([
    [
      "to nothing",
      "",
      '{\n  "servers": {\n    "ssh": {\n      "command": "x",\n      "args": [\n        "a"\n      ]\n    }\n  }\n}\n',
    ],
    [
      "to one line",
      '{"servers": {"b": 1}}',
      '{"servers": {"b": 1, "ssh": {"command":"x","args":["a"]}}}'.replace('"ssh": ', '"ssh": '),
    ],
    [
      "behind the comment of the last member, with tabs",
      '{\n\t"servers": {\n\t\t"b": 1 // mine\n\t}\n}\n',
      '{\n\t"servers": {\n\t\t"b": 1, // mine\n\t\t"ssh": {\n\t\t\t"command": "x",\n\t\t\t"args": [\n\t\t\t\t"a"\n\t\t\t]\n\t\t}\n\t}\n}\n',
    ],
    [
      "behind a trailing comma, which it keeps",
      '{\n  "servers": {\n    "b": 1, // mine\n  },\n}\n',
      '{\n  "servers": {\n    "b": 1, // mine\n    "ssh": {\n      "command": "x",\n      "args": [\n        "a"\n      ]\n    },\n  },\n}\n',
    ],
    [
      "with its line breaks",
      '{\r\n  "servers": {}\r\n}\r\n',
      '{\r\n  "servers": {\r\n    "ssh": {\r\n      "command": "x",\r\n      "args": [\r\n        "a"\r\n      ]\r\n    }\r\n  }\r\n}\r\n',
    ],
    ["not over another of that name", '{"servers": {"ssh": {}}}', undefined],
    ["not into what is no object", '{"servers": []}', undefined],
    ["not where its place is written twice", '{"servers": {}, "servers": {}}', undefined],
  ])("%s", (_what, before, after) => {
    expect(add(before)).toBe(after);
  });

  test("whatever the file is: every row of it stays, and the values are those from before and the new one", () => {
    const comment = fc.constantFrom("", " // a, {", " /* } */", "\n// x\n", " ");
    const file = fc.record({
      value: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
      servers: fc.option(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })), { nil: undefined }),
      indent: fc.constantFrom<string | number>(0, 2, 4, "\t"),
      comments: fc.array(comment, { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(file, ({ value, servers, indent, comments }) => {
        const { servers: _old, ["__proto__"]: _proto, ...rest } = value;
        const whole = servers === undefined ? rest : { ...rest, servers: { ...servers, ssh: undefined } };
        let at = 0;
        const text = JSON.stringify(whole, undefined, indent)
          .split("\n")
          .map((row) => row + (comments[at++ % comments.length] ?? ""))
          .join("\n");
        const result = add(text);
        if (result === undefined) throw new Error(`not added: ${text}`);
        // Nothing is taken out or moved: without blanks, what was there is left when the addition is skipped.
        const [old, now] = [text, result].map((one) => one.replace(/\s/g, ""));
        let kept = 0;
        for (const char of now ?? "") if (char === old?.[kept]) kept++;
        expect(kept).toBe(old?.length);
        const most = ENTRY.length + (servers === undefined ? HOLDER.length : 0) + ",".length;
        expect((now?.length ?? 0) - (old?.length ?? 0)).toBeLessThanOrEqual(most);
        const root = parseJsonc(result).value;
        const list = root instanceof Map ? root.get("servers") : undefined;
        expect(list.size).toBe(Object.keys(servers ?? {}).filter((key) => key !== "ssh").length + 1);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ["a comma too many", '{"a": 1,, "b": 2}'],
    ["a string over two rows", '{"a": "x\ny"}'],
    ["something behind the end", "{} {}"],
    ["an end that is missing", '{\n  "a": {\n'],
    ["a nest without end", "[".repeat(100_000)],
  ])("%s is named, and nothing is added", (_what, text) => {
    expect(() => add(text)).toThrow(/^it is no valid JSON in line \d+$/);
  });
});

describe("a table is added to TOML", () => {
  const table = (text: string) => withTable(text, "ssh", { command: "x", args: ["a", 'b"\\'] })?.text;
  const written = '[mcp_servers.ssh]\ncommand = "x"\nargs = ["a", "b\\"\\\\"]\n';

  test.each([
    ["to nothing", "", ""],
    ["behind a line without end", 'model = "o"', "\n\n"],
    ["beside others", "[mcp_servers.ssh2]\ncommand = 'y' # [mcp_servers.ssh]\n", "\n"],
    ["beside texts that only look like it", 'a = """\n[mcp_servers.ssh]\n"""\n', "\n"],
  ])("%s", (_what, before, gap) => {
    expect(table(before)).toBe(before + gap + written);
  });

  test.each([
    ["that name is there", "[mcp_servers.ssh]\n"],
    ["that name is there in quotes", '[ mcp_servers . "ssh" ]\n'],
    ["a table below that name is there", "[mcp_servers.ssh.env]\nA = 'b'\n"],
    ["the servers are one inline table", "mcp_servers = { a = { command = 'x' } }\n"],
    ["the servers are written with dots", "mcp_servers.a.command = 'x'\n"],
    ["the servers are in one table", "[mcp_servers]\na = { command = 'x' }\n"],
    ["a string is not closed", 'a = "x\n'],
  ])("but not where %s", (_what, before) => {
    expect(table(before)).toBeUndefined();
  });
});
