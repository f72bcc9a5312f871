import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { matchesWildcards } from "../../src/base/wildcards.ts";
import { matchesPatternList } from "../../src/inventory/ssh-config/pattern.ts";
import { expandGlob } from "../../src/inventory/ssh-config/read.ts";
import { expandPath, fileTokens } from "../../src/inventory/ssh-config/tokens.ts";
import { readSshConfig, resolveSshHost } from "../../src/inventory/ssh-config.ts";
import { type Scratch, scratch } from "./scratch.ts";

/** The configuration `text`, and what it says of a host. */
async function read(text: string, { home, write }: Scratch = scratch()) {
  const config = await readSshConfig(write(".ssh/config", text), home);
  const about = (host: string, user?: string) =>
    resolveSshHost(
      config,
      { host, ...(user === undefined ? {} : { user }) },
      { home, env: {}, localUser: "me" },
    );
  return { config, about, home };
}

describe("nothing in an ssh configuration is executed by default", () => {
  test("not by Match exec, ProxyCommand, LocalCommand, KnownHostsCommand, RemoteCommand or a hostile name", async () => {
    const place = scratch();
    const touch = (name: string) => `touch ${join(place.home, name)}`;
    const { config, about } = await read(
      `
Match exec "${touch("ran-exec")}"
  User fromexec
Match host x !exec "${touch("ran-not-exec")}"
  User fromnotexec
Host x
  PermitLocalCommand yes
  LocalCommand ${touch("ran-local")}
  KnownHostsCommand ${touch("ran-known")}
  RemoteCommand ${touch("ran-remote")}
  IdentityFile "$(${touch("ran-subshell")})"
  IdentityAgent "\`${touch("ran-backtick")}\`-%h"
Host y
  ProxyCommand ${touch("ran-proxy")}
`,
      place,
    );
    expect(about("x").user).toBeUndefined();
    expect(() => about("y")).toThrow(
      /needs a ProxyCommand \(.*config:14\), and nothing .* is executed unless/,
    );
    for (const name of ["exec", "not-exec", "local", "known", "remote", "subshell", "backtick", "proxy"]) {
      expect([name, existsSync(join(place.home, `ran-${name}`))]).toEqual([name, false]);
    }
    const told = config.notes.join("\n");
    expect(told).toMatch(/config:2: this Match block never applies here: "exec" is not evaluated/);
    expect(told).toMatch(/config:4: this Match block never applies here: "!exec"/);
    for (const keyword of ["LocalCommand", "KnownHostsCommand", "RemoteCommand"]) {
      expect(told).toContain(`${keyword} is ignored`);
    }
  });

  test("a criterion we do not evaluate never widens what a block covers", async () => {
    const { about } = await read(`
Match final host x
  User a
Match canonical
  User b
Match localuser me
  User c
Match tagged t
  User d
Match host x
  User e
`);
    expect(about("x").user).toBe("e");
  });
});

describe("a configuration that ssh would refuse", () => {
  test("is refused with file and line, for every host", async () => {
    const { about, config } = await read("Host a\n  Port 22\nHost b\n  Port no\n  IdentitiesOnly maybe\n");
    expect(config.problems).toHaveLength(2);
    expect(() => about("a")).toThrow(/config:4: "no" is not a port.*config:5: "maybe" is not one of yes/);
  });

  test("because others can change it, with the command that helps", async () => {
    const { home, write } = scratch();
    const config = await readSshConfig(write(".ssh/config", "Host a\n", 0o622), home);
    expect(config.problems[0]).toMatch(
      /can be changed by other users \(mode 622\); run: chmod go-w .*config/,
    );
  });

  test("because a file it includes can be changed by others", async () => {
    const place = scratch();
    place.write(".ssh/more", "Host b\n", 0o666);
    const { config } = await read("Include more\n", place);
    expect(config.problems[0]).toContain("more: can be changed by other users");
  });

  test("because it includes itself", async () => {
    const { config } = await read("Include config\nHost a\n");
    expect(config.problems.join()).toContain("too many nested Include lines");
  });

  test("because each file includes the next ones many times ends soon", async () => {
    const place = scratch();
    for (let i = 0; i < 12; i++) place.write(`.ssh/c${i}`, `Include c${i + 1} c${i + 1} c${i + 1}\n`);
    const { config } = await read("Include c0\n", place);
    expect(config.problems.join()).toContain("too many nested Include lines");
  });

  test("a missing file is an empty configuration", async () => {
    const { home } = scratch();
    const config = await readSshConfig(join(home, "none"), home);
    expect(config).toEqual({ directives: [], exec: false, aliases: [], notes: [], problems: [] });
  });
});

describe("Include", () => {
  test("is relative to ~/.ssh, knows globs and ~, and keeps the surrounding block", async () => {
    const place = scratch();
    place.write(".ssh/conf.d/10-a.conf", "Host a\n  User first\n");
    place.write(".ssh/conf.d/20-b.conf", "Host a b\n  User second\n");
    place.write(".ssh/conf.d/.hidden.conf", "Host *\n  User hidden\n");
    place.write("elsewhere", "Port 2200\n");
    const { about, config } = await read(
      "Include conf.d/*.conf\nHost b\n  Include ~/elsewhere\n  HostName b.example.com\n",
      place,
    );
    expect(about("a").user).toBe("first");
    expect(about("a").port).toBeUndefined();
    expect(about("b")).toMatchObject({ user: "second", port: 2200, address: "b.example.com" });
    expect(config.aliases).toEqual(["a", "b"]);
  });

  test("globs expand in every component, sorted", async () => {
    const { home, write } = scratch();
    for (const name of ["x2/a.conf", "x1/b.conf", "x1/a.conf", "x1/a.txt", "y/a.conf"]) write(name, "");
    const found = async (glob: string) =>
      (await expandGlob(join(home, glob))).map((path) => path.slice(home.length + 1));
    expect(await found("x*/*.conf")).toEqual(["x1/a.conf", "x1/b.conf", "x2/a.conf"]);
    expect(await found("x[12]/[!a].conf")).toEqual(["x1/b.conf"]);
    expect(await found("?/a.conf")).toEqual(["y/a.conf"]);
    expect(await found("none*/a.conf")).toEqual([]);
  });
});

describe("the answer", () => {
  test("names every literal alias once, and no pattern", async () => {
    const { config } = await read("Host a b *.x !c\nHost a d?\nMatch originalhost e,f*\nHost *\n");
    expect(config.aliases).toEqual(["a", "b", "e"]);
  });

  test("StrictHostKeyChecking no is strict, and says so", async () => {
    const { about, config } = await read(
      "Host a\n  StrictHostKeyChecking no\nHost b\n  StrictHostKeyChecking accept-new\n",
    );
    expect(about("a").hostKeyMode).toBe("strict");
    expect(about("b").hostKeyMode).toBe("accept-new");
    expect(config.notes).toEqual([
      expect.stringMatching(/config:2: StrictHostKeyChecking no is treated as strict/),
    ]);
  });

  test("UserKnownHostsFile none records new keys nowhere", async () => {
    const { about } = await read("Host a\n  UserKnownHostsFile none\n  GlobalKnownHostsFile /g\n");
    expect(about("a").knownHosts).toEqual(["/dev/null", "/g"]);
  });

  test("weak algorithms switched on for an old device are taken over, others are not", async () => {
    const { about } = await read(
      "Host a\n  KexAlgorithms +diffie-hellman-group1-sha1\n  HostKeyAlgorithms +ssh-rsa\n  Ciphers aes128-ctr,aes128-cbc\n  MACs -hmac-md5\nHost b\n  Ciphers aes256-ctr\n",
    );
    expect(about("a").legacy).toEqual({
      kex: ["diffie-hellman-group1-sha1"],
      hostKey: ["ssh-rsa"],
      cipher: ["aes128-cbc"],
    });
    expect(about("b").legacy).toBeUndefined();
  });

  test("tokens stand for host, user, port and home, and an unknown one is refused", async () => {
    const tokens = fileTokens({
      home: "/h",
      host: "real",
      alias: "typed",
      keyAlias: "key",
      port: 22,
      user: "u",
      localUser: "me",
    });
    expect(expandPath("~/%h-%n-%k-%p-%r-%u-%%-%d", "/h", tokens, {})).toBe("/h/real-typed-key-22-u-me-%-/h");
    expect(expandPath("/${A}/%h", "/h", tokens, { A: "%h" })).toBe("/%h/real");
    expect(() => expandPath("/%z", "/h", tokens, {})).toThrow('The token "%z"');
    expect(() => expandPath("/${GONE}", "/h", tokens, {})).toThrow(
      "environment variable GONE, which is not set",
    );
    expect(() => expandPath("~other/x", "/h", tokens, {})).toThrow("another user's home");
  });

  test("a user given beside the name goes before User and is what Match user sees", async () => {
    const { about } = await read("Match user root\n  Port 2200\nHost a\n  User me\n");
    expect(about("a", "root")).toMatchObject({ user: "root", port: 2200 });
    expect(about("a").port).toBeUndefined();
  });

  test("a HostName or User with shell metacharacters is refused", async () => {
    const { about } = await read("Host a\n  HostName 'x;y'\nHost b\n  User 'x|y'\nHost c\n  HostName -oX\n");
    for (const name of ["a", "b", "c"]) expect(() => about(name)).toThrow("characters that are not allowed");
  });
});

describe("patterns", () => {
  test("match in bounded time, whatever the pattern", () => {
    const before = performance.now();
    expect(matchesWildcards("a".repeat(5000), `${"a*".repeat(500)}b`)).toBe(false);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test("in a list, a negated match decides", () => {
    expect(matchesPatternList("a.x", "*.x,!a.*")).toBe(false);
    expect(matchesPatternList("b.x", "*.x,!a.*")).toBe(true);
    expect(matchesPatternList("b.x", "!a.*")).toBe(false);
  });
});
