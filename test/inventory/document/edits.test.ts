import { describe, expect, test } from "vitest";
import { applyEdits } from "../../../src/inventory/document/apply.ts";
import type { Edit, EditValue } from "../../../src/inventory/document/edits.ts";
import { errorOf } from "../scratch.ts";

const set = (path: string, value: EditValue): Edit => ({ kind: "set", path: path.split("."), value });
const remove = (path: string): Edit => ({ kind: "remove", path: path.split(".") });
const rename = (path: string, to: string): Edit => ({ kind: "rename", path: path.split("."), to });
const add = (path: string, entries: Record<string, EditValue>): Edit => ({
  kind: "add",
  path: path === "" ? [] : path.split("."),
  entries: new Map(Object.entries(entries)),
});

const after = async (text: string, ...edits: Edit[]) => (await applyEdits(text, edits, "hosts.yaml")).text;
const why = async (text: string, ...edits: Edit[]) =>
  (await errorOf(applyEdits(text, edits, "hosts.yaml"))).toText();

describe("an edit changes the bytes it is about and no others", () => {
  test.each<[what: string, before: string, edits: Edit[], after: string]>([
    [
      "a value; the comment behind it stays",
      "hosts:\n  web1:\n    host: a  # old\n    user: jo\n",
      [set("hosts.web1.host", "b")],
      "hosts:\n  web1:\n    host: b  # old\n    user: jo\n",
    ],
    [
      "a value in quotes keeps them",
      `hosts: {a: {user: "jo", host: 'x'}}\n`,
      [set("hosts.a.user", "bo"), set("hosts.a.host", "y")],
      `hosts: {a: {user: "bo", host: 'y'}}\n`,
    ],
    [
      "CRLF and a byte order mark",
      "\uFEFFhosts:\r\n  a:\r\n    host: x\r\n",
      [set("hosts.a.port", 22), add("hosts", { b: { host: "y" } })],
      "\uFEFFhosts:\r\n  a:\r\n    host: x\r\n    port: 22\r\n  b:\r\n    host: y\r\n",
    ],
    [
      "a file without a last line break",
      "hosts:\n  a:\n    host: x",
      [set("hosts.a.port", 22)],
      "hosts:\n  a:\n    host: x\n    port: 22",
    ],
    [
      "a key of a flow mapping",
      "hosts: {a: { host: x , user: u }}\n",
      [set("hosts.a.port", 1)],
      "hosts: {a: { host: x , user: u, port: 1 }}\n",
    ],
    [
      "the first key of a flow mapping is removed",
      "hosts: {a: {host: x,  user: u}}\n",
      [remove("hosts.a.host")],
      "hosts: {a: {user: u}}\n",
    ],
    [
      "the last key of a flow mapping is removed",
      "hosts: {a: {host: x,  user: u}}\n",
      [remove("hosts.a.user")],
      "hosts: {a: {host: x}}\n",
    ],
    [
      "a key of a flow mapping over lines, with comments and a last comma",
      "hosts:\n  a: {\n    host: x, # one\n    user: u, # two\n  }\n",
      [remove("hosts.a.user"), set("hosts.a.port", 3)],
      "hosts:\n  a: {\n    host: x, port: 3, # one\n     # two\n  }\n",
    ],
    [
      "a host is removed; what is said above and below it stays",
      "hosts:\n  # first\n  a:\n    host: x # x\n  # second\n\n  b: {}\n",
      [remove("hosts.a")],
      "hosts:\n  # first\n  # second\n\n  b: {}\n",
    ],
    [
      "the only host is removed, and one is added",
      "hosts:\n  a:\n    host: x\nsettings: {}\n",
      [remove("hosts.a"), add("hosts", { b: {} })],
      "hosts:\n  b: {}\nsettings: {}\n",
    ],
    [
      "a host goes behind the last one, in front of the comments below that",
      "hosts:\n  a:\n    host: x\n\n# the groups\ngroups: {}\n",
      [add("hosts", { b: { host: "y", auth: { method: "agent" } } })],
      "hosts:\n  a:\n    host: x\n  b:\n    host: y\n    auth: {method: agent}\n\n# the groups\ngroups: {}\n",
    ],
    [
      "keys of an entry that is empty",
      "hosts:\n  a: # nothing yet\n  b: {}\n",
      [set("hosts.a.auth.method", "agent")],
      "hosts:\n  a: # nothing yet\n    auth: {method: agent}\n  b: {}\n",
    ],
    [
      "the file's own indentation",
      "hosts:\n    a:\n        host: x\n",
      [add("hosts", { b: { host: "y" } })],
      "hosts:\n    a:\n        host: x\n    b:\n        host: y\n",
    ],
    ["an empty file", "", [add("hosts", { a: { host: "x" } })], "hosts:\n  a:\n    host: x\n"],
    ["a file with a byte order mark alone", "\uFEFF", [add("hosts", { a: {} })], "\uFEFFhosts:\n  a: {}\n"],
    ["a file of comments", "# mine\n\n# all", [add("hosts", { a: {} })], "# mine\n\n# all\nhosts:\n  a: {}"],
    [
      "a file with a mark of its beginning",
      "---\n# mine\n",
      [set("defaults.user", "jo")],
      "---\n# mine\ndefaults:\n  user: jo\n",
    ],
    [
      "a section without hosts",
      "hosts:\n# none\nsettings: {}\n",
      [add("hosts", { a: {} })],
      "hosts:\n  a: {}\n# none\nsettings: {}\n",
    ],
    ["hosts: null", "hosts: null # none\n", [add("hosts", { a: {} })], "hosts: # none\n  a: {}\n"],
    [
      "a list over lines gets another value on one",
      "hosts:\n  a:\n    tags: # two\n    - x\n    - y # last\n    # below\n    user: u\n",
      [set("hosts.a.tags", ["z"])],
      "hosts:\n  a:\n    tags: [z] # two\n    # below\n    user: u\n",
    ],
    [
      "a block of text becomes a value",
      "hosts:\n  a:\n    description: | # long\n      one\n      two\n    user: u\n",
      [set("hosts.a.description", "short: it is")],
      "hosts:\n  a:\n    description: 'short: it is' # long\n    user: u\n",
    ],
    [
      "a method within a list of them",
      "hosts:\n  a:\n    auth:\n      - { method: agent }\n      - method: key # k\n        key_path: ~/old\n",
      [set("hosts.a.auth.1.key_path", "~/new"), set("hosts.a.auth.0.socket", "~/s")],
      "hosts:\n  a:\n    auth:\n      - { method: agent, socket: ~/s }\n      - method: key # k\n        key_path: ~/new\n",
    ],
    [
      "a name, wherever it is written",
      `hosts:\n  "a": {}\n  b : {}\n`,
      [rename("hosts.a", "c"), rename("hosts.b", "10")],
      `hosts:\n  "c": {}\n  '10' : {}\n`,
    ],
    [
      "a value that is an alias becomes one of its own",
      "defaults:\n  tags: &t [x]\nhosts:\n  a:\n    tags: *t\n",
      [set("hosts.a.tags", ["y"])],
      "defaults:\n  tags: &t [x]\nhosts:\n  a:\n    tags: [y]\n",
    ],
    [
      "an alias that is removed",
      "defaults:\n  tags: &t [x]\nhosts:\n  a:\n    tags: *t\n    user: u\n",
      [remove("hosts.a.tags")],
      "defaults:\n  tags: &t [x]\nhosts:\n  a:\n    user: u\n",
    ],
    [
      "what is there already changes nothing",
      "hosts: {a:   {port: 0x16}}\n",
      [set("hosts.a.port", 22)],
      "hosts: {a:   {port: 0x16}}\n",
    ],
    [
      "another host that is faulty stays as it is",
      "hosts:\n  bad: {prot: 22, x-note: kept}\n  a: {}\n",
      [set("hosts.a.port", 22)],
      "hosts:\n  bad: {prot: 22, x-note: kept}\n  a:\n    port: 22\n",
    ],
    [
      "values that YAML would read otherwise are quoted",
      "hosts:\n  a:\n    host: x\n",
      [
        set("hosts.a.user", "1001"),
        set("hosts.a.prompt_regex", "^\\S+ # ?$"),
        set("hosts.a.description", "it's: [a]"),
        set("hosts.a.tags", ["yes", "true", "-", "0x1"]),
      ],
      "hosts:\n  a:\n    host: x\n    user: '1001'\n    prompt_regex: '^\\S+ # ?$'\n    description: 'it''s: [a]'\n    tags: [yes, 'true', '-', '0x1']\n",
    ],
  ])("%s", async (_what, before, edits, expected) => {
    expect(await after(before, ...edits)).toBe(expected);
  });
});

describe("an edit that cannot be made as it is meant is refused, and says why", () => {
  const shared = "defaults:\n  auth: &a {method: agent}\nhosts:\n  w:\n    auth: *a\n";
  test.each<[what: string, before: string, edit: Edit, why: string]>([
    [
      "inside an alias",
      shared,
      set("hosts.w.auth.socket", "~/s"),
      "line 5: hosts.w.auth.socket is inside *a, which is shared",
    ],
    [
      "inside what an alias shows elsewhere",
      shared,
      set("defaults.auth.socket", "~/s"),
      "line 2: defaults.auth.socket belongs to &a, which line 5 uses too",
    ],
    [
      "a value that an alias needs is removed",
      shared,
      remove("defaults.auth"),
      "line 2: &a in defaults.auth is used in line 5",
    ],
    [
      "a value that an alias needs is replaced",
      shared,
      set("defaults.auth", { method: "key" }),
      "&a in defaults.auth is used in line 5",
    ],
    [
      "a merge key stays what the loader refuses",
      "defaults: &d {user: u}\nhosts:\n  w: {<<: *d}\n",
      set("hosts.w.port", 22),
      "merge keys are not part of YAML 1.2",
    ],
    [
      "a key below a single value",
      "hosts: {a: {host_key: strict}}\n",
      set("hosts.a.host_key.alias", "x"),
      "hosts.a.host_key is a single value and has no key alias",
    ],
    [
      "a key that occurs twice",
      "hosts:\n  a: {}\n  a: {}\n",
      set("hosts.a.port", 1),
      "the key a occurs twice, the second time in line 3",
    ],
    [
      "a host that is there",
      "hosts:\n  a: {}\n",
      add("hosts", { a: {} }),
      "hosts.a is there already, in line 2",
    ],
    [
      "a new name that is there",
      "hosts:\n  a: {}\n  b: {}\n",
      rename("hosts.a", "b"),
      "hosts.b is there already, in line 3",
    ],
    ["a key that is not there", "hosts:\n  a: {}\n", remove("hosts.a.port"), "there is no hosts.a.port"],
    [
      "a value the loader refuses",
      "hosts:\n  a: {}\n",
      set("hosts.a.port", 70_000),
      "hosts.yaml:3: hosts.a.port: must be a number from 1 to 65535",
    ],
    ["a key the loader does not know", "hosts:\n  a: {}\n", set("hosts.a.hostname", "x"), "write `host: x`"],
    [
      "a group that does not exist",
      "hosts:\n  a: {}\n",
      set("hosts.a.groups", ["x"]),
      'there is no group "x"',
    ],
    [
      "a secret, which is not repeated",
      "hosts:\n  a: {}\n",
      set("hosts.a.password", "hunter2"),
      "use password_env",
    ],
    [
      "a file that is faulty as a whole",
      "hosts: [a]\n",
      add("hosts", { b: {} }),
      "hosts.yaml:1: hosts: must be a mapping",
    ],
    [
      "a name of JavaScript's",
      "hosts:\n  a: {}\n",
      add("hosts", { ["__proto__"]: {} }),
      'the name "__proto__" cannot be used',
    ],
  ])("%s", async (_what, before, edit, expected) => {
    const said = await why(before, edit);
    expect(said).toContain(expected);
    expect(said).not.toContain("hunter2");
  });
});
