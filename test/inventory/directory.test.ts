import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHostDirectory, type DirectoryOptions, describeHost } from "../../src/inventory/directory.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { errorOf, type Scratch, scratch } from "./scratch.ts";

type Extra = Partial<Omit<DirectoryOptions, "home">>;

function open(place: Scratch, options: Extra = {}) {
  return createHostDirectory({
    env: {},
    cwd: join(place.home, "work"),
    home: place.home,
    localUser: "me",
    ...options,
  });
}

/** A directory over these files; `hosts` becomes ~/.config/ssh-mcp/hosts.yaml, `ssh` ~/.ssh/config. */
async function directory(files: { hosts?: string; ssh?: string }, options: Extra = {}) {
  const place = scratch();
  const path = join(place.home, ".config/ssh-mcp/hosts.yaml");
  if (files.hosts !== undefined) place.write(".config/ssh-mcp/hosts.yaml", files.hosts);
  if (files.ssh !== undefined) place.write(".ssh/config", files.ssh);
  return { place, path, home: place.home, hosts: await open(place, options) };
}

/** Rewrites a file so that its signature surely changes, as an editor's save does. */
function save(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
}

const way = (host: ResolvedHost) => host.jump.map((hop) => `${hop.user}@${hop.address}:${hop.port}`);

describe("finding the inventory", () => {
  const named = (name: string) => `hosts: {${name}: {}}`;
  const names = async (place: Scratch, options: Extra) =>
    (await (await open(place, options)).list()).hosts.map((host) => host.name);

  test("the places are tried in order: --config, SSH_MCP_CONFIG, MCP_SSH_CONFIG, ./hosts.yaml, XDG, ~/.config", async () => {
    const place = scratch();
    mkdirSync(join(place.home, "work"));
    const env: NodeJS.ProcessEnv = {};
    expect(await names(place, { env })).toEqual([]);
    place.write(".config/ssh-mcp/hosts.yaml", named("config"));
    expect(await names(place, { env })).toEqual(["config"]);
    place.write("xdg/ssh-mcp/hosts.yaml", named("xdg"));
    env.XDG_CONFIG_HOME = join(place.home, "xdg");
    expect(await names(place, { env })).toEqual(["xdg"]);
    place.write("work/hosts.yaml", named("cwd"));
    expect(await names(place, { env })).toEqual(["cwd"]);
    env.MCP_SSH_CONFIG = place.write("older.yaml", named("older"));
    expect(await names(place, { env })).toEqual(["older"]);
    env.SSH_MCP_CONFIG = place.write("newer.yaml", named("newer"));
    expect(await names(place, { env })).toEqual(["newer"]);
    place.write("argument.yaml", named("argument"));
    expect(await names(place, { env, configPath: "~/argument.yaml" })).toEqual(["argument"]);
    expect(await names(place, { env, configPath: "../argument.yaml" })).toEqual(["argument"]);
  });

  test("a named file that does not exist is an error, not a reason to look elsewhere", async () => {
    const { place } = await directory({ hosts: named("config") });
    const error = await errorOf(open(place, { configPath: join(place.home, "none.yaml") }));
    expect(error.code).toBe("inventory_invalid");
    expect(error.message).toContain("none.yaml cannot be read");
  });

  test("no inventory at all is fine, and said", async () => {
    const { hosts, home } = await directory({ ssh: "Host a\n" });
    const { hosts: list, notes } = await hosts.list();
    expect(list.map((host) => host.name)).toEqual(["a"]);
    expect(notes).toEqual([
      `No inventory found (looked for ${home}/work/hosts.yaml, ${home}/.config/ssh-mcp/hosts.yaml).`,
    ]);
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
      policy: { denyPatterns: [] },
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

describe("names", () => {
  const inventory = (adhoc: boolean) =>
    `hosts: {web1: {host: 192.0.2.1, user: root}}\nsettings: {allow_adhoc: ${adhoc}}`;
  const ssh = "Host web1 db1\n  User ssh\nHost *.example.com\n  Port 2200\n";

  test("inventory goes before ssh alias; both are listed once", async () => {
    const { hosts } = await directory({ hosts: inventory(false), ssh });
    expect(await hosts.resolve("web1")).toMatchObject({ source: "inventory", user: "root" });
    expect(await hosts.resolve("db1")).toMatchObject({ source: "ssh_config", user: "ssh" });
    expect((await hosts.list()).hosts.map((host) => host.name)).toEqual(["web1", "db1"]);
  });

  test.each(["root@192.0.2.9", "192.0.2.9:22", "new.example.com", "root@web1"])(
    "%s needs the operator's allow_adhoc",
    async (name) => {
      const { hosts } = await directory({ hosts: inventory(false), ssh });
      const error = await errorOf(hosts.resolve(name));
      expect(error.code).toBe("unknown_host");
      expect(error.next).toContain("allow_adhoc: true");
      const { hosts: open } = await directory({ hosts: inventory(true), ssh });
      expect((await open.resolve(name)).name).toBe(name);
    },
  );

  test("an ad hoc host is treated as ssh would; user and port beside a known name change only these", async () => {
    const { hosts } = await directory({ hosts: inventory(true), ssh });
    expect(await hosts.resolve("u@new.example.com")).toMatchObject({
      source: "adhoc",
      address: "new.example.com",
      user: "u",
      port: 2200,
    });
    expect(await hosts.resolve("u@web1:99")).toMatchObject({
      source: "inventory",
      address: "192.0.2.1",
      user: "u",
      port: 99,
      name: "u@web1:99",
    });
  });

  test("an unknown name is answered with the known ones, nearest first", async () => {
    const list = Array.from({ length: 30 }, (_, i) => `core-sw${i}: {}`).join(", ");
    const { hosts } = await directory({ hosts: `hosts: {web1: {}, ${list}}` });
    const { message } = await errorOf(hosts.resolve("wbe1"));
    expect(message).toMatch(/^There is no host "wbe1"\. Known, nearest first: web1, .*… \(31 in all\)\.$/);
  });

  test.each(["", " ", "-oX", "a;b", "a\u001b[2J", "__proto__", "constructor", "x".repeat(5000)])(
    "%j is unknown, and harmless to show",
    async (name) => {
      const { hosts } = await directory({ hosts: inventory(true) });
      if (/^[_a-z]+$/.test(name)) return expect((await hosts.resolve(name)).source).toBe("adhoc");
      const error = await errorOf(hosts.resolve(name));
      expect(error.code).toBe("unknown_host");
      expect(error.toText()).not.toContain("\u001b");
      expect(error.toText().length).toBeLessThan(600);
    },
  );

  test("ssh_config: false hides ~/.ssh/config, a path names another one", async () => {
    const { hosts } = await directory({ hosts: "settings: {ssh_config: false}", ssh });
    expect((await hosts.list()).hosts).toEqual([]);
    const { hosts: other, place } = await directory({ hosts: "settings: {ssh_config: other}", ssh });
    place.write(".config/ssh-mcp/other", "Host elsewhere\n");
    expect((await other.list()).hosts.map((host) => host.name)).toEqual(["elsewhere"]);
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

describe("changes on disk", () => {
  test("count with the next call, settings too", async () => {
    const { hosts, path } = await directory({ hosts: "hosts: {a: {}}\nsettings: {audit_log: one.jsonl}" });
    expect(hosts.settings.auditLog).toMatch(/ssh-mcp\/one\.jsonl$/);
    save(
      path,
      "hosts: {b: {}}\nsettings: {audit_log: /two.jsonl, max_sessions: 5, devices_dir: dev, allow_adhoc: true}",
    );
    expect((await hosts.resolve("b")).name).toBe("b");
    expect(hosts.settings).toMatchObject({ auditLog: "/two.jsonl", maxSessions: 5, allowAdhoc: true });
    expect(hosts.settings.devicesDir).toMatch(/ssh-mcp\/dev$/);
  });

  test("that break the file keep its last good state and say where the fault is, until it is mended", async () => {
    const { hosts, path } = await directory({ hosts: "hosts: {a: {}}" });
    save(path, "hosts:\n  a: {prt: 22}");
    expect((await hosts.resolve("a")).name).toBe("a");
    const { hosts: list, notes } = await hosts.list();
    expect(list.map((host) => host.name)).toEqual(["a"]);
    expect(notes[0]).toContain("its last good state stays in use");
    expect(notes[0]).toContain(`${path}:2: hosts.a.prt: unknown key "prt"`);
    save(path, "hosts: {c: {}}");
    expect((await hosts.list()).hosts.map((host) => host.name)).toEqual(["c"]);
    expect((await hosts.list()).notes).toEqual([`Inventory: ${path}`]);
  });

  test("that take the file away, or open it to others, keep the last good state as well", async () => {
    const { hosts, path } = await directory({ hosts: "hosts: {a: {}}" });
    chmodSync(path, 0o666);
    expect((await hosts.list()).notes[0]).toContain(`chmod go-w ${path}`);
    rmSync(path);
    expect((await hosts.resolve("a")).name).toBe("a");
    expect((await hosts.list()).notes[0]).toContain("cannot be read");
  });

  test("that create the first inventory are seen", async () => {
    const { hosts, place } = await directory({});
    expect((await hosts.list()).hosts).toEqual([]);
    place.write(".config/ssh-mcp/hosts.yaml", "hosts: {a: {}}");
    expect((await hosts.resolve("a")).source).toBe("inventory");
  });

  test("of ~/.ssh/config count with the next call; mistakes in it leave the inventory usable", async () => {
    const { hosts, place } = await directory({ hosts: "hosts: {a: {host: 192.0.2.1}}", ssh: "Host b\n" });
    place.write(".ssh/config", "Host b c\n  User later\n");
    expect((await hosts.resolve("c")).user).toBe("later");
    place.write(".ssh/config", "Host b\n  Port x\n");
    const { hosts: list, notes } = await hosts.list();
    expect(list.map((host) => host.name)).toEqual(["a"]);
    expect(notes.join("\n")).toMatch(
      /The ssh configuration has mistakes, its hosts cannot be used: .*config:2: "x" is not a port/,
    );
    expect((await errorOf(hosts.resolve("b"))).code).toBe("inventory_invalid");
  });

  test("a broken inventory at the start is refused", async () => {
    const place = scratch();
    place.write(".config/ssh-mcp/hosts.yaml", "hosts: {a: {auth: {method: password, password: hunter2}}}");
    const error = await errorOf(open(place));
    expect(error.code).toBe("inventory_invalid");
    expect(error.toText()).not.toContain("hunter2");
  });

  test("are read once for calls that come together", async () => {
    const { hosts, path } = await directory({ hosts: "hosts: {a: {}}" });
    save(path, "hosts: {b: {}}");
    const found = await Promise.all(Array.from({ length: 60 }, () => hosts.resolve("b")));
    expect(new Set(found.map((host) => host.name))).toEqual(new Set(["b"]));
  });
});

describe("hosts of the program's own", () => {
  test("are listed first, found first, and fall under the settings' deny patterns", async () => {
    const { hosts: other } = await directory({
      hosts: "hosts: {lab: {host: 127.0.0.1, deny_patterns: [own]}}",
    });
    const lab: ResolvedHost = { ...(await other.resolve("lab")), source: "lab" };
    const { hosts } = await directory(
      { hosts: "hosts: {lab: {host: 192.0.2.1}, web: {jump: lab}}\nsettings: {deny_patterns: [wide]}" },
      { extra: [lab] },
    );
    const { hosts: list } = await hosts.list();
    expect(list.map((host) => [host.name, host.source])).toEqual([
      ["lab", "lab"],
      ["web", "inventory"],
    ]);
    expect((await hosts.resolve("lab")).policy.denyPatterns).toEqual(["wide", "own"]);
    expect((await hosts.resolve("web")).jump[0]?.source).toBe("lab");
  });

  test("no listing shows a secret's reference", async () => {
    const { hosts } = await directory({
      hosts:
        "hosts: {a: {description: d, auth: {method: password, password_command: pass show canary}, enable_env: CANARY}}",
    });
    const shown = JSON.stringify(await hosts.list());
    expect(shown).toContain('"description":"d"');
    expect(shown.toLowerCase()).not.toContain("canary");
  });
});
