import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeHost } from "../../src/inventory/directory.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { directory } from "./open-directory.ts";
import { errorOf } from "./scratch.ts";

const way = (host: ResolvedHost) => host.jump.map((hop) => `${hop.user}@${hop.address}:${hop.port}`);

describe("secrets by name", () => {
  test("add up from the widest layer to the host, each found where the narrowest says", async () => {
    const { hosts, home } = await directory({
      hosts: `
defaults: {secrets: {sudo: {env: SUDO_PW}, db: {file: db-pw, program: mariadb}}}
groups: {web: {secrets: {sudo: {command: pass show web/sudo}}}}
hosts:
  a: {host: 192.0.2.1, groups: [web], secrets: {vault: {env: VAULT}}}
  b: {host: 192.0.2.2}
`,
    });
    const { secrets } = await hosts.resolve("a");
    expect(secrets).toEqual({
      sudo: { ref: { from: "command", command: "pass show web/sudo" }, program: "sudo" },
      db: { ref: { from: "file", path: join(home, ".config/ssh-mcp/db-pw") }, program: "mariadb" },
      vault: { ref: { from: "env", name: "VAULT" }, program: "vault" },
    });
    expect((await hosts.resolve("b")).secrets?.sudo?.ref).toEqual({ from: "env", name: "SUDO_PW" });
    expect(hosts.settings.secretVariables).toEqual(expect.arrayContaining(["SUDO_PW", "VAULT"]));
  });

  test("local_roots are folders; every file that the inventory names is withheld from transfers", async () => {
    const { hosts, home } = await directory({
      hosts: `
settings: {local_roots: [~/work, files], audit_log: audit.jsonl, devices_dir: profiles}
defaults: {auth: {method: key, key_path: ~/keys/id, passphrase_file: ~/keys/phrase}, secrets: {file: {env: X}, db: {file: db-pw}}}
groups: {g: {auth: [{method: agent, only_keys: [/keys/a.pub]}], enable_file: enable, host_key: {known_hosts: [/etc/known]}}}
hosts: {a: {groups: g, sudo_file: /run/sudo}}
`,
    });
    await hosts.list();
    expect(hosts.settings.localRoots).toEqual([join(home, "work"), join(home, ".config/ssh-mcp/files")]);
    const own = ["audit.jsonl", "profiles", "db-pw", "enable", "hosts.yaml"].map((name) =>
      join(home, ".config/ssh-mcp", name),
    );
    expect(hosts.settings.withheld).toEqual(
      expect.arrayContaining([
        ...own,
        join(home, ".config/ssh-mcp"),
        ...["keys/id", "keys/phrase"].map((name) => join(home, name)),
        ...["/keys/a.pub", "/etc/known", "/run/sudo"],
      ]),
    );
    expect(hosts.settings.withheld).not.toContain(join(home, ".config/ssh-mcp/files"));
  });

  test.each([
    [
      "{sudo: hunter2}",
      /hosts\.a\.secrets\.sudo: a secret must not be written into this file.*\{env: VARIABLE\}/,
    ],
    ["{db: hunter2}", /hosts\.a\.secrets\.db: a secret must not be written into this file/],
    ["{db: {env: X, file: y}}", /hosts\.a\.secrets\.db: needs one of env, file, command/],
    ["{db: {program: mariadb}}", /needs one of env, file, command/],
    ["{db: {password: hunter2}}", /a secret must not be written into this file/],
  ])("are references: %s is refused, and no value is repeated", async (secrets, said) => {
    const { hosts } = await directory({ hosts: `hosts:\n  a: {host: 192.0.2.1, secrets: ${secrets}}\n` });
    const error = await errorOf(hosts.resolve("a"));
    expect(error.message).toMatch(said);
    expect(error.message).not.toContain("hunter2");
  });
});

describe("a host's settings", () => {
  test("come from the host, then its groups in order, then ssh's configuration, then defaults", async () => {
    const { hosts } = await directory({
      hosts: `
defaults: {user: d, port: 1, platform: posix, tags: [all], timeouts: {connect: 5, idle: 1h}, deny_patterns: [d]}
groups:
  one: {user: g1, port: 2, tags: [g1], timeouts: {command: 7}, limits: {sessions: 3}, deny_patterns: [g1]}
  two: {user: g2, platform: cisco_ios, tags: [g2], terminal: {cols: 300}}
hosts:
  a: {host: 192.0.2.1, groups: [one, two], port: 3, tags: [h], deny_patterns: [h], limits: {transcript_bytes: 1MiB}}
  plain: {host: 192.0.2.2}
  aliased: {tags: [x]}
settings: {idle_timeout: 10m, command_timeout: 20, deny_patterns: [s]}
`,
      ssh: "Host aliased\n  HostName real.example.com\n  User fromssh\n  ConnectTimeout 9\n",
    });
    expect(await hosts.resolve("a")).toMatchObject({
      address: "192.0.2.1",
      port: 3,
      user: "g1",
      platform: "cisco_ios",
      tags: ["h", "g1", "g2", "all"],
      groups: ["one", "two"],
      terminal: { cols: 300, rows: 50, term: "xterm-256color" },
      limits: { sessions: 3, transcriptBytes: 1024 * 1024, channelsPerConnection: 9 },
      policy: { denyPatterns: ["s", "d", "g1", "h"] },
      timing: { connectTimeoutMs: 5000, idleTimeoutMs: 3_600_000, commandTimeoutMs: 7000 },
    });
    expect(await hosts.resolve("plain")).toMatchObject({
      user: "d",
      port: 1,
      timing: { commandTimeoutMs: 20_000 },
    });
    expect(await hosts.resolve("aliased")).toMatchObject({
      source: "inventory",
      address: "real.example.com",
      user: "fromssh",
      port: 1,
      platform: "posix",
      timing: { connectTimeoutMs: 9000 },
    });
  });

  test("have defaults of their own", async () => {
    const { hosts, home } = await directory({ hosts: "hosts: {a: {host: 192.0.2.1}}" });
    expect(await hosts.resolve("a")).toEqual({
      name: "a",
      source: "inventory",
      address: "192.0.2.1",
      port: 22,
      user: "me",
      auth: ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => ({
        method: "key",
        path: join(home, ".ssh", name),
        optional: true,
      })),
      jump: [],
      hostKey: {
        mode: "strict",
        files: [
          join(home, ".ssh/known_hosts"),
          join(home, ".ssh/known_hosts2"),
          "/etc/ssh/ssh_known_hosts",
          "/etc/ssh/ssh_known_hosts2",
        ],
      },
      platform: "auto",
      tags: [],
      groups: [],
      terminal: { cols: 200, rows: 50, term: "xterm-256color" },
      limits: { sessions: 64, transcriptBytes: 8 * 1024 * 1024, channelsPerConnection: 9 },
      policy: { ...UNRESTRICTED, level: "guarded" },
      timing: {
        connectTimeoutMs: 20_000,
        keepaliveIntervalMs: 15_000,
        keepaliveCount: 3,
        idleTimeoutMs: 1_800_000,
        commandTimeoutMs: 30_000,
      },
    });
  });

  test("shell: cli means platform auto and keeps its prompt_regex; shell: posix means posix", async () => {
    const { hosts } = await directory({
      hosts:
        "hosts: {sw: {shell: cli, prompt_regex: '#$'}, web: {shell: posix}, ios: {shell: cli, platform: cisco_ios}}",
    });
    expect(await hosts.resolve("sw")).toMatchObject({ platform: "auto", promptRegex: "#$" });
    expect((await hosts.resolve("web")).platform).toBe("posix");
    expect((await hosts.resolve("ios")).platform).toBe("cisco_ios");
  });

  test("host key policies combine: mode, files, alias and pins each from the narrowest that says it", async () => {
    const pin = `SHA256:${"a".repeat(43)}`;
    const { hosts, home } = await directory({
      hosts: `
defaults: {host_key: {known_hosts: [keys, ~/k], alias: al}}
hosts:
  new: {host_key: accept-new}
  pinned: {host_key: "${pin}"}
  listed: {host_key: {pin: ["${pin}="], mode: strict}}
`,
    });
    const files = [join(home, ".config/ssh-mcp/keys"), join(home, "k")];
    expect((await hosts.resolve("new")).hostKey).toEqual({ mode: "accept-new", files, alias: "al" });
    expect((await hosts.resolve("pinned")).hostKey).toEqual({
      mode: "strict",
      files,
      alias: "al",
      pinned: [pin],
    });
    expect((await hosts.resolve("listed")).hostKey.pinned).toEqual([pin]);
  });

  test("legacy algorithms are opted into, and out of again", async () => {
    const { hosts } = await directory({
      hosts:
        "groups: {old: {legacy: true}}\nhosts: {a: {groups: old}, b: {groups: old, legacy: false}, c: {legacy: {kex: [k], host_key: [ssh-rsa]}}}",
    });
    expect((await hosts.resolve("a")).legacy).toBe("all");
    expect((await hosts.resolve("b")).legacy).toBeUndefined();
    expect((await hosts.resolve("c")).legacy).toEqual({ kex: ["k"], hostKey: ["ssh-rsa"] });
  });

  test("an IPv6 address may stand in brackets", async () => {
    const { hosts } = await directory({ hosts: "hosts: {a: {host: '[::1]', user: u}, b: {host: '::1'}}" });
    expect((await hosts.resolve("a")).address).toBe("::1");
    expect((await hosts.resolve("b")).address).toBe("::1");
    expect(describeHost(await hosts.resolve("a")).target).toBe("u@[::1]:22");
  });
});

describe("logging in", () => {
  test("methods keep their order, and secrets stay references", async () => {
    const { hosts, home } = await directory({
      hosts: `
hosts:
  a:
    auth:
      - {method: agent, only_keys: [k.pub], socket: ~/agent}
      - {method: key, key_path: keys/a, passphrase_file: pass}
      - {method: password, password_command: pass show a}
    enable_env: ENABLE
    sudo_file: sudo
`,
    });
    const folder = join(home, ".config/ssh-mcp");
    const host = await hosts.resolve("a");
    expect(host.auth).toEqual([
      { method: "agent", onlyKeys: [join(folder, "k.pub")], socket: join(home, "agent") },
      {
        method: "key",
        path: join(folder, "keys/a"),
        passphrase: { from: "file", path: join(folder, "pass") },
      },
      { method: "password", secret: { from: "command", command: "pass show a" } },
    ]);
    expect(host.enable).toEqual({ from: "env", name: "ENABLE" });
    expect(host.sudo).toEqual({ from: "file", path: join(folder, "sudo") });
  });

  test("codes, prompts in words of their own, and answers that are no secret", async () => {
    const { hosts } = await directory({
      hosts: `
groups:
  gw: {login_answers: [{match: terms, answer: 'yes'}]}
hosts:
  a:
    groups: gw
    auth: {method: password, password_env: P, otp_command: code a, password_prompt: '^word', otp_prompt: '^number'}
  b: {auth: [{method: key}, {method: password, otp_env: CODE}], login_answers: []}
`,
    });
    const [a, b] = [await hosts.resolve("a"), await hosts.resolve("b")];
    expect(a.loginAnswers).toEqual([{ match: "terms", answer: "yes" }]);
    expect(a.auth).toEqual([
      {
        method: "password",
        secret: { from: "env", name: "P" },
        otp: { from: "command", command: "code a" },
        prompts: [
          { match: "^word", answer: "password" },
          { match: "^number", answer: "code" },
        ],
      },
    ]);
    expect(b.auth.at(-1)).toEqual({ method: "password", otp: { from: "env", name: "CODE" } });
    expect(b.loginAnswers).toEqual([]);
  });

  test("without methods it is the agent, where there is one, then ssh's default keys", async () => {
    const { hosts } = await directory({ hosts: "hosts: {a: {}}" }, { env: { SSH_AUTH_SOCK: "/agent" } });
    expect((await hosts.resolve("a")).auth.map((one) => one.method)).toEqual(["agent", "key", "key", "key"]);
  });

  test("an ssh alias follows ssh: the agent's copies of the named keys, the files, the agent's other keys", async () => {
    const { hosts } = await directory(
      {
        ssh: `
Host named
  IdentityFile /k/a
  IdentityFile /k/b.pub
Host only
  IdentityFile /k/a
  IdentitiesOnly yes
Host noagent
  IdentityFile /k/a
  IdentityAgent none
Host other
  IdentityAgent /other
Host nothing
  IdentityFile none
`,
      },
      { env: { SSH_AUTH_SOCK: "/agent" } },
    );
    const auth = async (name: string) => (await hosts.resolve(name)).auth;
    const file = { method: "key", path: "/k/a", optional: true };
    const copies = { method: "agent", onlyKeys: ["/k/a", "/k/b.pub"] };
    expect(await auth("named")).toEqual([copies, file, { method: "agent" }]);
    expect(await auth("only")).toEqual([{ method: "agent", onlyKeys: ["/k/a"] }, file]);
    expect(await auth("noagent")).toEqual([file]);
    expect((await auth("other"))[0]).toEqual({ method: "agent", socket: "/other" });
    expect(await auth("nothing")).toEqual([{ method: "agent" }]);
  });

  test("auth in defaults covers ssh aliases that name no identity", async () => {
    const { hosts } = await directory({
      hosts: "defaults: {auth: {method: password, password_env: P}}",
      ssh: "Host a\nHost b\n  IdentityFile /k\n",
    });
    expect((await hosts.resolve("a")).auth).toEqual([
      { method: "password", secret: { from: "env", name: "P" } },
    ]);
    expect((await hosts.resolve("b")).auth).toEqual([{ method: "key", path: "/k", optional: true }]);
  });
});

describe("jump hosts", () => {
  test("a chain of any length, each hop resolved by the same rules and without hops of its own", async () => {
    const { hosts } = await directory({
      hosts: `
hosts:
  one: {host: 192.0.2.1, user: u1}
  two: {host: 192.0.2.2, user: u2, jump: one}
  three: {host: 192.0.2.3, user: u3, jump: two}
  four: {host: 192.0.2.4, jump: [three, alias, 'root@192.0.2.9:2222']}
`,
      ssh: "Host alias\n  HostName 192.0.2.5\n  User ssh\n",
    });
    const host = await hosts.resolve("four");
    expect(way(host)).toEqual([
      "u1@192.0.2.1:22",
      "u2@192.0.2.2:22",
      "u3@192.0.2.3:22",
      "ssh@192.0.2.5:22",
      "root@192.0.2.9:2222",
    ]);
    expect(host.jump.every((hop) => hop.jump.length === 0)).toBe(true);
    expect(describeHost(host).jump).toEqual(["one", "two", "three", "alias", "root@192.0.2.9:2222"]);
  });

  test("ProxyJump: only the first hop's own way there counts, as with ssh -J; none forbids", async () => {
    const { hosts } = await directory({
      ssh: `
Host a
  ProxyJump z
Host b
  ProxyJump y
Host target
  User t
  ProxyJump a,%r@b:2200
Host direct
  ProxyJump none
Host *
  HostName %h.example.com
Host !z !y *
  ProxyJump a
`,
    });
    expect(way(await hosts.resolve("target"))).toEqual([
      "me@z.example.com:22",
      "me@a.example.com:22",
      "t@b.example.com:2200",
    ]);
    expect((await hosts.resolve("direct")).jump).toEqual([]);
  });

  test("a circle is refused with its hosts named, and leaves the others usable", async () => {
    const { hosts } = await directory({
      hosts: "hosts: {a: {jump: b}, b: {jump: [c, x@d]}, c: {jump: x@a}, d: {}, self: {jump: self}}",
    });
    expect((await errorOf(hosts.resolve("a"))).message).toContain("run in a circle: a → b → c → a");
    expect((await errorOf(hosts.resolve("self"))).message).toContain("self → self");
    const { hosts: list, notes } = await hosts.list();
    expect(list.map((host) => host.name)).toEqual(["d"]);
    expect(notes.filter((note) => note.includes("cannot be opened"))).toHaveLength(4);
  });

  test("a jump host that inherits the chain it is part of is reached through the hops before it", async () => {
    const { hosts } = await directory({
      hosts:
        "defaults: {user: u, jump: [outer, inner]}\nhosts: {outer: {}, inner: {}, web: {}, here: {jump: none}}",
    });
    expect(way(await hosts.resolve("web"))).toEqual(["u@outer:22", "u@inner:22"]);
    expect(way(await hosts.resolve("inner"))).toEqual(["u@outer:22"]);
    expect(way(await hosts.resolve("outer"))).toEqual([]);
    expect(way(await hosts.resolve("here"))).toEqual([]);
  });
});

test("a device's modes may be called enable and sudo: their names, and which secret is meant, are no secrets", async () => {
  const modes = {
    enable: { from: "exec", enter: { send: "enable", secret: "enable" }, leave: { send: "disable" } },
    sudo: { from: "exec", enter: { send: "sudo -i", secret: "sudo" }, leave: { send: "exit" } },
  };
  const { hosts } = await directory({ hosts: JSON.stringify({ hosts: { a: { device: { modes } } } }) });
  expect((await hosts.resolve("a")).device?.modes).toEqual(modes);
});
