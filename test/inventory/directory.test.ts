import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { directory, type Extra, open } from "./open-directory.ts";
import { errorOf, type Scratch, scratch } from "./scratch.ts";

/** Rewrites a file so that its signature surely changes, as an editor's save does. */
function save(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
}

describe("finding the inventory", () => {
  const named = (name: string) => `hosts: {${name}: {}}`;
  const names = async (place: Scratch, options: Extra) =>
    (await (await open(place, options)).list()).hosts.map((host) => host.name);

  test("the places are tried in order: --config, SSH_MCP_CONFIG, MCP_SSH_CONFIG, XDG, ~/.config", async () => {
    const place = scratch();
    mkdirSync(join(place.home, "desk"));
    const env: NodeJS.ProcessEnv = {};
    expect(await names(place, { env })).toEqual([]);
    place.write(".config/ssh-mcp/hosts.yaml", named("config"));
    expect(await names(place, { env })).toEqual(["config"]);
    place.write("xdg/ssh-mcp/hosts.yaml", named("xdg"));
    env.XDG_CONFIG_HOME = join(place.home, "xdg");
    expect(await names(place, { env })).toEqual(["xdg"]);
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

  test("the working directory is not searched, whether there is another inventory or not, and that is said", async () => {
    const place = scratch();
    const unread = place.write("desk/hosts.yaml", "settings: {ssh_config: false}\nhosts: {theirs: {}}");
    const listed = async (options: Extra = {}) => (await open(place, options)).list();
    const said = expect.stringContaining(`${unread} is not read, because it lies in the working directory`);
    expect(await listed()).toEqual({ hosts: [], notes: [expect.stringContaining("No inventory"), said] });
    place.write(".config/ssh-mcp/hosts.yaml", named("mine"));
    const { hosts, notes } = await listed();
    expect(hosts.map(({ name }) => name)).toEqual(["mine"]);
    expect(notes).toContainEqual(said);
    const given = await listed({ configPath: "hosts.yaml" });
    expect(given.hosts.map(({ name }) => name)).toEqual(["theirs"]);
    expect(given.notes).not.toContainEqual(said);
  });

  test("no inventory at all is fine, and said", async () => {
    const { hosts, home } = await directory({ ssh: "Host a\n" });
    const { hosts: list, notes } = await hosts.list();
    expect(list.map((host) => host.name)).toEqual(["a"]);
    expect(notes).toEqual([`No inventory found (looked for ${home}/.config/ssh-mcp/hosts.yaml).`]);
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
    save(path, "hosts:\n  a: {}\nsettings: {prt: 22}");
    expect((await hosts.resolve("a")).name).toBe("a");
    expect(hosts.outdated).toContain("its last good state stays in use");
    const { hosts: list, notes } = await hosts.list();
    expect(list.map((host) => host.name)).toEqual(["a"]);
    expect(notes[0]).toContain("its last good state stays in use");
    expect(notes[0]).toContain(`${path}:3: settings.prt: unknown key "prt"`);
    save(path, "hosts: {c: {}}");
    expect((await hosts.list()).hosts.map((host) => host.name)).toEqual(["c"]);
    expect((await hosts.list()).notes).toEqual([`Inventory: ${path}`]);
    expect(hosts.outdated).toBeUndefined();
  });

  test("that take the file away, or open it to others, keep the last good state as well", async () => {
    const { hosts, path } = await directory({ hosts: "hosts: {a: {}}" });
    chmodSync(path, 0o666);
    expect((await hosts.list()).notes[0]).toContain(`chmod go-w ${path}`);
    rmSync(path);
    expect((await hosts.resolve("a")).name).toBe("a");
    expect((await hosts.list()).notes[0]).toContain("cannot be read");
  });

  test("that break one host's entry refuse that host alone, by whatever name it is asked for", async () => {
    const { hosts, path } = await directory({
      hosts: "hosts: {a: {}, b: {host: 192.0.2.1}}",
      ssh: "Host a\n  User ssh\n",
    });
    const broken = `hosts:\n  a: {deny_patterns: ['(']}\n  b: {host: 192.0.2.2}\n  c: {jump: a}\nsettings: {allow_adhoc: true}\n`;
    save(path, broken);
    expect((await hosts.resolve("b")).address).toBe("192.0.2.2");
    for (const name of ["a", "root@a", "a:22", "c"]) {
      const error = await errorOf(hosts.resolve(name));
      expect(error.code).toBe("inventory_invalid");
      expect(error.message).toContain(`${path}:2: hosts.a.deny_patterns.0: not an RE2 pattern`);
    }
    const { hosts: list, notes } = await hosts.list();
    expect(list.map((host) => host.name)).toEqual(["b"]);
    expect(notes.join("\n")).toContain(
      `The host "a" is refused, its entry in the inventory has mistakes: ${path}:2:`,
    );
    save(path, "hosts: {a: {host: 192.0.2.3}}");
    expect((await hosts.resolve("a")).address).toBe("192.0.2.3");
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
    place.write(".config/ssh-mcp/hosts.yaml", "defaults: {auth: {method: password, password: hunter2}}");
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
