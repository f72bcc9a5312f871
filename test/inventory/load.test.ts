import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { parseInventory } from "../../src/inventory/parse.ts";
import { errorOf, scratch } from "./scratch.ts";

const parse = (text: string) => parseInventory(text, "hosts.yaml");
/** The same for a file whose every mistake is looked for, whether it refuses the file or a host. */
const parseAll = async (text: string) => {
  const inventory = await parse(text);
  for (const error of inventory.refused.values()) throw error;
  return inventory;
};
const refusal = async (text: string) => (await errorOf(parseAll(text))).message;

describe("the shape of hosts.yaml", () => {
  test("the older shape loads unchanged and without remarks", async () => {
    const inventory = await parse(`
hosts:
  by-key:
    host: 192.0.2.1
    user: root
    port: 2222
    auth: {method: key, key_path: ~/.ssh/id_rsa, passphrase_env: KEY_PASS}
    shell: posix
  by-password:
    host: 192.0.2.2
    user: admin
    auth: {method: password, password_env: SW_PASS}
    shell: cli
    prompt_regex: '^[\\w-]+[>#]\\s*$'
  by-agent:
    host: 192.0.2.3
    user: me
    auth: {method: agent}
settings:
  idle_timeout: 1800
  command_timeout: 30
  audit_log: ./audit.jsonl
  deny_patterns: ['rm\\s+-rf', 'write erase']
`);
    expect([...inventory.hosts.keys()]).toEqual(["by-key", "by-password", "by-agent"]);
    expect(inventory.notes).toEqual([]);
  });

  test("the example in the repository is valid", async () => {
    const path = join(import.meta.dirname, "..", "..", "hosts.example.yaml");
    const inventory = await parseInventory(readFileSync(path, "utf8"), path);
    expect(inventory.hosts.size).toBeGreaterThan(2);
    expect(inventory.notes).toEqual([]);
  });

  test("an empty file, and keys without a value, are empty inventories", async () => {
    expect((await parse("")).hosts.size).toBe(0);
    expect((await parse("# nothing yet\n")).hosts.size).toBe(0);
    expect([...(await parse("hosts:\n  web1:\nsettings:\n")).hosts.keys()]).toEqual(["web1"]);
  });

  test("a host may bear a name JavaScript's objects know", async () => {
    const { hosts } = await parse("hosts: {constructor: {host: a}, toString: {host: b}, secret: {host: c}}");
    expect([...hosts.keys()]).toEqual(["constructor", "toString", "secret"]);
  });

  test("a secret's reference that its method does not use is allowed and remarked", async () => {
    const { notes } = await parse("hosts:\n  a:\n    auth: {method: agent, password_env: X}\n");
    expect(notes).toEqual(["hosts.yaml:3: hosts.a.auth: password_env has no effect with method agent."]);
  });
});

describe("a fault is told with file, line, key and what is allowed", () => {
  test.each([
    [
      "an unknown key",
      "hosts:\n  a:\n    hots: x\n",
      'hosts.yaml:3: hosts.a.hots: unknown key "hots"; did you mean "host"?',
    ],
    [
      "an unknown key inside auth",
      "hosts:\n  a:\n    auth:\n      method: key\n      keypath: x\n",
      'hosts.yaml:5: hosts.a.auth.keypath: unknown key "keypath"; did you mean "key_path"?',
    ],
    [
      "an unknown top-level key",
      "host: {}\n",
      'hosts.yaml:1: host: unknown key "host"; did you mean "hosts"?',
    ],
    [
      "an unknown setting",
      "settings:\n  idle_timout: 3\n",
      'hosts.yaml:2: settings.idle_timout: unknown key "idle_timout"; did you mean "idle_timeout"?',
    ],
    [
      "a wrong method",
      "hosts:\n  a:\n    auth: {method: keys}\n",
      "hosts.yaml:3: hosts.a.auth.method: must be one of key, password, agent",
    ],
    [
      "a wrong shell",
      "hosts:\n  a:\n    shell: bash\n",
      "hosts.yaml:3: hosts.a.shell: must be one of posix, cli",
    ],
    [
      "a port out of range",
      "hosts:\n  a:\n    port: 70000\n",
      "hosts.yaml:3: hosts.a.port: must be a number from 1 to 65535",
    ],
    [
      "a port as text",
      "hosts:\n  a:\n    port: '22'\n",
      "hosts.yaml:3: hosts.a.port: must be a number from 1 to 65535",
    ],
    [
      "a wrong host key policy",
      "defaults:\n  host_key: off\n",
      "hosts.yaml:2: defaults.host_key: must be strict, accept-new",
    ],
    [
      "a wrong pin",
      "defaults:\n  host_key: {pin: MD5:00}\n",
      "hosts.yaml:2: defaults.host_key.pin: must be a fingerprint",
    ],
    [
      "a wrong duration",
      "settings:\n  idle_timeout: soon\n",
      "hosts.yaml:2: settings.idle_timeout: must be seconds, or text such as 30s",
    ],
    [
      "a negative duration",
      "settings:\n  idle_timeout: -1\n",
      "hosts.yaml:2: settings.idle_timeout: must be seconds",
    ],
    [
      "a wrong size",
      "defaults:\n  limits: {transcript_bytes: big}\n",
      "hosts.yaml:2: defaults.limits.transcript_bytes: must be bytes",
    ],
    ["a list instead of a mapping", "hosts:\n  - a\n", "hosts.yaml:2: hosts: must be a mapping"],
    ["text instead of a host", "hosts:\n  a: 192.0.2.1\n", "hosts.yaml:2: hosts.a: must be a mapping"],
    ["a name with a blank", "hosts:\n  'a b': {}\n", "hosts.yaml:2: hosts.a b: must hold no blanks"],
    [
      "a name JavaScript keeps",
      "hosts:\n  __proto__: {}\n",
      "hosts.yaml:2: hosts.__proto__: this name cannot be used",
    ],
    [
      "an address that is an option",
      "hosts:\n  a:\n    host: -oProxyCommand=x\n",
      "hosts.yaml:3: hosts.a.host: must be a host name or address",
    ],
    [
      "a user with a metacharacter",
      "hosts:\n  a:\n    user: 'a;b'\n",
      "hosts.yaml:3: hosts.a.user: must not begin with a dash",
    ],
    [
      "a hop that is none",
      "hosts:\n  a:\n    jump: [b, 'c d']\n",
      "hosts.yaml:3: hosts.a.jump.1: must be a host of this inventory",
    ],
    [
      "an unknown group",
      "groups: {prod: {}}\nhosts:\n  a:\n    groups: prdo\n",
      'hosts.yaml:4: hosts.a.groups: there is no group "prdo"; known: prod',
    ],
    [
      "a password method without a reference",
      "hosts:\n  a:\n    auth: {method: password}\n",
      "method password needs one of password_env, password_file, password_command",
    ],
    [
      "two references for one secret",
      "hosts:\n  a:\n    auth: {method: password, password_env: A, password_file: b}\n",
      "give only one of password_env, password_file",
    ],
    [
      "two sources of codes",
      "hosts:\n  a:\n    auth: {method: password, otp_env: A, otp_command: b}\n",
      "give only one of otp_env, otp_command",
    ],
    [
      "a code in the file",
      "hosts:\n  a:\n    auth: {method: password, otp: 123456}\n",
      "hosts.yaml:3: hosts.a.auth.otp: a code must not be written into this file; use otp_command",
    ],
    [
      "a question that is no pattern",
      "hosts:\n  a:\n    login_answers: [{match: '(', answer: y}]\n",
      "hosts.yaml:3: hosts.a.login_answers.0.match: not an RE2 pattern",
    ],
    [
      "a password's question that is no pattern",
      "hosts:\n  a:\n    auth: [{method: password, password_env: A, password_prompt: '('}]\n",
      "hosts.yaml:3: hosts.a.auth.0.password_prompt: not an RE2 pattern",
    ],
    [
      "a password before a key",
      "hosts:\n  a:\n    auth:\n      - {method: password, password_env: A}\n      - {method: key}\n",
      "hosts.yaml:4: hosts.a.auth.0: a password is never offered before a key",
    ],
    [
      "a look-ahead",
      "settings:\n  deny_patterns:\n    - ok\n    - '(?=x)'\n",
      "hosts.yaml:4: settings.deny_patterns.1: not an RE2 pattern",
    ],
    [
      "a prompt with a back-reference",
      "hosts:\n  a:\n    prompt_regex: '(a)\\1'\n",
      "hosts.yaml:3: hosts.a.prompt_regex: not an RE2 pattern",
    ],
    [
      "a device field that is misspelt",
      "hosts:\n  a:\n    device:\n      setle_ms: 4\n",
      'hosts.yaml:4: hosts.a.device.setle_ms: unknown key "setle_ms"; did you mean "settle_ms"?',
    ],
    [
      "a device field of the wrong kind",
      "hosts:\n  a:\n    device: {settle_ms: fast}\n",
      "hosts.yaml:3: hosts.a.device.settle_ms: ",
    ],
    [
      "a device pattern with a look-ahead",
      "hosts:\n  a:\n    device:\n      prompts:\n        - {mode: exec, match: '^(?=x)$'}\n",
      "hosts.yaml:5: hosts.a.device.prompts.0.match: not an RE2 pattern",
    ],
    [
      "a pattern that is too long",
      `settings:\n  deny_patterns: [${"a".repeat(513)}]\n`,
      "must be at most 512 characters",
    ],
    [
      "a key twice",
      "hosts:\n  a: {host: x}\n  a: {host: y}\n",
      "hosts.yaml:3: hosts.a: the same key occurs twice",
    ],
    ["an open bracket", "hosts: {a: [}\n", "hosts.yaml:1: not valid YAML"],
    ["a custom tag", "hosts: !!js/function 'x'\n", "hosts.yaml:1: not valid YAML: Unresolved tag"],
    ["two documents", "hosts: {}\n---\nhosts: {}\n", "not valid YAML: it holds several documents"],
    ["an alias to nothing", "hosts: *gone\n", "not valid YAML: Unresolved alias"],
  ])("%s", async (_what, text, told) => {
    expect(await refusal(text)).toContain(told);
  });

  test("several faults are told together, in a bounded number", async () => {
    const text = `hosts:\n${Array.from({ length: 60 }, (_, i) => `  h${i}: {port: 0}\n`).join("")}settings: {max_sessions: 0}\n`;
    const lines = (await refusal(text)).split("\n");
    expect(lines).toHaveLength(41);
    expect(lines[7]).toContain("hosts.yaml:9: hosts.h7.port:");
    expect(lines[40]).toBe("… and 21 more");
  });
});

describe("a mistake in one host's entry", () => {
  const file = (entry: string) =>
    `hosts:\n  good: {host: 192.0.2.1}\n  ${entry}\n  fine: {host: 192.0.2.2}\n`;

  test.each([
    ["a name with a blank", "'web 1': {}", "web 1", "hosts.yaml:3: hosts.web 1: must hold no blanks"],
    ["a name with a quote", `"it's": {}`, "it's", "hosts.yaml:3: hosts.it's: must hold no blanks"],
    ["a name with a semicolon", "'a;b': {}", "a;b", "hosts.yaml:3: hosts.a;b: must hold no blanks"],
    ["a name that is too long", `${"x".repeat(129)}: {}`, "x".repeat(129), "must be at most 128 characters"],
    ["a name JavaScript keeps", "__proto__: {}", "__proto__", "this name cannot be used"],
    ["no mapping", "bad: 192.0.2.9", "bad", "hosts.yaml:3: hosts.bad: must be a mapping"],
    ["an unknown key", "bad: {prt: 22}", "bad", 'hosts.yaml:3: hosts.bad.prt: unknown key "prt"'],
    [
      "an address that is an option",
      "bad: {host: -oX}",
      "bad",
      "hosts.yaml:3: hosts.bad.host: must be a host name",
    ],
    [
      "a host key policy there is not",
      "bad: {host_key: off}",
      "bad",
      "hosts.yaml:3: hosts.bad.host_key: must be strict",
    ],
    [
      "a pattern that is none",
      "bad: {deny_patterns: ['(?=x)']}",
      "bad",
      "hosts.bad.deny_patterns.0: not an RE2 pattern",
    ],
    [
      "a group there is not",
      "bad: {groups: gone}",
      "bad",
      'hosts.yaml:3: hosts.bad.groups: there is no group "gone"',
    ],
    [
      "a secret in the file",
      "bad: {password: hunter2}",
      "bad",
      "a secret must not be written into this file",
    ],
    ["a key twice", "bad: {port: 1, port: 2}", "bad", "hosts.yaml:3: hosts.bad: the same key occurs twice"],
    [
      "a device field there is not",
      "bad: {device: {settel: 1}}",
      "bad",
      "hosts.yaml:3: hosts.bad.device.settel: unknown key",
    ],
  ])("refuses that host alone: %s", async (_what, entry, name, reason) => {
    const inventory = await parse(file(entry));
    expect([...inventory.hosts.keys()]).toEqual(["good", "fine"]);
    expect([...inventory.refused.keys()]).toEqual([name]);
    const error = inventory.refused.get(name);
    expect(error?.code).toBe("inventory_invalid");
    expect(error?.message).toContain(reason);
    expect(error?.toText()).not.toContain("hunter2");
  });

  test("refuses both hosts of one name, since which is meant is unknown", async () => {
    const inventory = await parse(file("good: {host: 192.0.2.3}"));
    expect([...inventory.hosts.keys()]).toEqual(["fine"]);
    expect(inventory.refused.get("good")?.message).toContain(
      "hosts.yaml:3: hosts.good: the same key occurs twice",
    );
  });

  test("of several hosts refuses each by its own reason", async () => {
    const inventory = await parse(file("a: {port: 0}\n  'b c': {}\n  d: {user: 'x;y'}\n  e: {groups: g}"));
    expect([...inventory.hosts.keys()]).toEqual(["good", "fine"]);
    expect([...inventory.refused.keys()].sort()).toEqual(["a", "b c", "d", "e"]);
    expect(inventory.refused.get("d")?.message).toContain("hosts.yaml:5: hosts.d.user");
  });

  test.each([
    ["settings", "settings: {deny_patterns: ['(?=x)']}"],
    ["the audit log", "settings: {audit_log: 7}"],
    ["defaults", "defaults: {host_key: off}"],
    ["a group, though nobody is in it", "groups: {g: {deny_patterns: ['(']}}"],
    ["a secret among the defaults", "defaults: {enable_password: hunter2}"],
    ["a key the file does not have", "setings: {allow_adhoc: false}"],
    ["an alias inside itself", "x: &x {y: *x}"],
  ])("does not make a mistake elsewhere a host's own: %s refuses the whole file", async (_what, more) => {
    const error = await errorOf(parse(`${file("bad: {port: 0}")}${more}\n`));
    expect(error.code).toBe("inventory_invalid");
    expect(error.message).not.toContain("hunter2");
  });
});

describe("secrets never stand in the file", () => {
  test.each([
    "hosts: {a: {password: hunter2}}",
    "hosts: {a: {auth: {method: password, password: hunter2}}}",
    "hosts: {a: {auth: {method: key, key_path: k, passphrase: hunter2}}}",
    "groups: {g: {enable: hunter2}}",
    "defaults: {enable_password: hunter2}",
    "hosts: {a: {sudo_password: hunter2}}",
    "hosts: {a: {auth: [{method: password, Password: hunter2}]}}",
    "password: hunter2",
  ])("%s is refused with the reason and the fix, and not repeated", async (text) => {
    const error = await errorOf(parseAll(text));
    expect(error.code).toBe("inventory_invalid");
    expect(error.message).toContain("a secret must not be written into this file");
    expect(error.message).toMatch(/(password|passphrase|enable|sudo)_env .*_file .*_command/);
    expect(error.toText()).not.toContain("hunter2");
  });

  test("broken YAML around a secret does not repeat it either", async () => {
    const error = await errorOf(parse("hosts:\n  a: {auth: {password: hunter2\n  b: ]hunter2\n"));
    expect(error.toText()).not.toContain("hunter2");
  });
});

describe("a hostile file", () => {
  test.each([
    [
      "aliases that multiply",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
        .split("")
        .map((n, i) => `${n}: &${n} [${Array(10).fill(`*${"abcdefgh"[i]}`).join(",")}]\n`)
        .join("")}`,
    ],
    ["deep nesting in flow style", `hosts: ${"[".repeat(50_000)}`],
    [
      "deep nesting in block style",
      Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i)}a:`)
        .join("\n")
        .slice(0, 1_000_000),
    ],
    ["an alias inside itself", "hosts: &a\n  b: *a\n  c: *a\n  d: *a\n"],
  ])("with %s is refused within a second", async (_what, text) => {
    const before = performance.now();
    expect((await errorOf(parse(text))).code).toBe("inventory_invalid");
    // The bound is the acceptance check's one second, with room for a machine that is busy with other tests.
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test("with a list or a mapping as a key is refused, and nothing of it is printed", async () => {
    for (const text of [
      "{a: secret-1}: x",
      "hosts: {[a]: {}}",
      "hosts:\n  a:\n    ? {user: secret-1}\n    : x\n",
    ]) {
      const error = await errorOf(parse(text));
      expect(error.message).toMatch(/a list or a mapping is no key/);
      expect(error.message).not.toContain("secret-1");
    }
  });

  test("larger than 4 MiB is refused unread", async () => {
    const path = scratch().write("hosts.yaml", "hosts: {}\n");
    truncateSync(path, 100 * 1024 * 1024);
    expect((await errorOf(loadInventory(path))).message).toContain("is larger than 4 MiB");
  });

  test("of any shape ends in an inventory or a clean refusal", async () => {
    const keys = [
      "hosts",
      "groups",
      "defaults",
      "settings",
      "auth",
      "method",
      "a",
      "host",
      "jump",
      "host_key",
      "legacy",
      "limits",
      "timeouts",
      "deny_patterns",
      "tags",
      "port",
      "__proto__",
    ];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom("key", "x", "", null, 1, -1, 1.5, true, "strict", "30m", "a,b", "(", "~"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 }), async (document) => {
        // JSON is YAML.
        const outcome = await parse(JSON.stringify(document)).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(SshMcpError);
          expect(outcome.message).not.toContain("undefined");
        }
      }),
      { numRuns: 1500, seed: 7 },
    );
  });

  test("of random text ends in an inventory or a clean refusal", async () => {
    const token = fc.constantFrom(
      "hosts",
      ":",
      " ",
      "\n",
      "  ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "&a",
      "*a",
      "!!",
      "|",
      ">",
      "'",
      '"',
      "#",
      "%",
      "---",
      "\t",
      "?",
      ",",
      "a",
      "\u0000",
      "é",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 40 }), async (tokens) => {
        const outcome = await parse(tokens.join("")).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(SshMcpError);
      }),
      { numRuns: 1500, seed: 8 },
    );
  });
});

describe("the file itself", () => {
  test.each([0o620, 0o602, 0o666])(
    "writable by others (%o) is refused with the command that helps",
    async (mode) => {
      const path = scratch().write("hosts.yaml", "hosts: {}\n", mode);
      const error = await errorOf(loadInventory(path));
      expect(error.message).toContain("can be changed by other users");
      expect(error.next).toBe(`Run: chmod go-w ${path}`);
    },
  );

  test("readable by others is fine: it holds no secret", async () => {
    const path = scratch().write("hosts.yaml", "hosts: {}\n", 0o644);
    expect((await loadInventory(path)).hosts.size).toBe(0);
  });

  test("missing, or a folder, is refused by name", async () => {
    const { home } = scratch();
    expect((await errorOf(loadInventory(join(home, "none.yaml")))).message).toContain(
      "none.yaml cannot be read",
    );
    expect((await errorOf(loadInventory(home))).message).toContain("is not a regular file");
  });
});
