import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHostDirectory } from "../../../src/inventory/directory.ts";
import type { HostDirectory } from "../../../src/inventory/host.ts";
import type { Transport } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { failureOf, noSecrets, run } from "../hosts.ts";
import { canRunSshd, startSshd, type TestServer } from "../sshd.ts";

/** Commands of ~/.ssh/config: never by default, and with `ssh_config: {exec: true}` as ssh runs them. */
describe.skipIf(!canRunSshd)("commands in the ssh configuration", () => {
  let server: TestServer;
  let home: string;
  let transport: Transport;
  let hosts: HostDirectory;
  const env = { SHELL: "/bin/bash", PATH: process.env.PATH };
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "ssh-mcp-exec-"));
    mkdirSync(join(home, ".ssh"), { mode: 0o700 });
    const known = [...server.hostKeys.values()].map(
      (key) => `gate ${key}\n[127.0.0.1]:${server.port} ${key}\n`,
    );
    writeFileSync(join(home, ".ssh/known_hosts"), known.join(""));
    writeFileSync(
      join(home, "pipe"),
      `const s = require("net").connect(process.argv[2], "127.0.0.1"); process.stdin.pipe(s).pipe(process.stdout);\n`,
    );
    transport = createTransport({ secrets: noSecrets, env });
  });
  afterEach(async () => {
    await transport.dispose();
    hosts?.dispose();
    rmSync(home, { recursive: true });
  });

  const pipe = () => `${process.execPath} ${home}/pipe ${server.port}`;
  const open = async (config: string, exec = true, mode = 0o600) => {
    writeFileSync(join(home, ".ssh/config"), config, { mode });
    writeFileSync(join(home, "hosts.yaml"), `settings: {ssh_config: {exec: ${exec}}}\n`, { mode: 0o600 });
    hosts = await createHostDirectory({
      env,
      cwd: home,
      home,
      configPath: join(home, "hosts.yaml"),
      localUser: "root",
    });
  };
  const common = () => `Host *\n  User root\n  IdentityFile ${server.clientKey}\n  IdentityAgent none\n`;
  const login = async (name: string) => run(transport, await hosts.resolve(name), "echo in");
  const touch = (name: string) => `touch ${join(home, name)}`;

  it("reaches a host through its ProxyCommand, tokens filled in, and ends it with the connection", async () => {
    await open(
      `Host gate\n  HostName gate.invalid\n  HostKeyAlias gate\n  ProxyCommand sh -c "echo %n %h %p %r %% > ${home}/said; exec ${pipe()}"\n${common()}`,
    );
    expect((await login("gate")).stdout.toString()).toBe("in\n");
    expect(readFileSync(join(home, "said"), "utf8")).toBe("gate gate.invalid 22 root %\n");
    await transport.dispose();
  });

  it("says how a ProxyCommand that does not connect ended", async () => {
    await open(`Host gate\n  ProxyCommand sh -c 'echo no such gateway >&2; exit 7'\n${common()}`);
    const error = await failureOf(login("gate"));
    expect(error.message).toMatch(
      /ProxyCommand of gate .* ended with exit code 7 after saying: no such gateway/,
    );
  });

  it("applies a Match exec block where its command says so, run once and only for the host it may matter for", async () => {
    await open(
      `Match host home exec "echo x >> ${home}/ran; test %n = home"\n  Port ${server.port}\n` +
        `Match host home !exec "true"\n  User nobody\n` +
        `Host home away\n  HostName 127.0.0.1\n${common()}`,
    );
    expect((await hosts.list()).hosts.map(({ name }) => name)).toEqual(["home", "away"]);
    expect(existsSync(join(home, "ran"))).toBe(false);
    expect(await hosts.resolve("away")).toMatchObject({ port: 22, user: "root" });
    expect(existsSync(join(home, "ran"))).toBe(false);
    expect(await hosts.resolve("home")).toMatchObject({ port: server.port, user: "root" });
    expect((await login("home")).stdout.toString()).toBe("in\n");
    expect(readFileSync(join(home, "ran"), "utf8")).toBe("x\n");
  });

  it("takes host keys from a KnownHostsCommand, which is given the name and the key", async () => {
    const script = join(home, "keys");
    const lines = [...server.hostKeys.values()].map((key) => `echo "$1 ${key}"`).join("\n");
    writeFileSync(script, `#!/bin/sh\necho "$@" >> ${home}/asked\n${lines}\n`);
    chmodSync(script, 0o755);
    writeFileSync(join(home, ".ssh/known_hosts"), "");
    await open(
      `Host a\n  HostName 127.0.0.1\n  Port ${server.port}\n  KnownHostsCommand ${script} %H %I %t\n${common()}`,
    );
    expect((await login("a")).stdout.toString()).toBe("in\n");
    const asked = readFileSync(join(home, "asked"), "utf8").trim().split("\n");
    expect(asked[0]).toBe(`[127.0.0.1]:${server.port} ORDER NONE`);
    expect(asked[1]).toMatch(new RegExp(`^\\[127\\.0\\.0\\.1\\]:${server.port} HOSTNAME (ssh|ecdsa)-`));
  });

  it("refuses a host whose KnownHostsCommand fails: it may have printed a revoked key", async () => {
    await open(
      `Host a\n  HostName 127.0.0.1\n  Port ${server.port}\n  KnownHostsCommand /bin/false\n${common()}`,
    );
    expect((await failureOf(login("a"))).message).toMatch(/KnownHostsCommand of a .* ended with exit code 1/);
  });

  it("runs nothing by default, and says so where a login fails for what was left aside", async () => {
    await open(
      `Match host a exec "${touch("ran-match")}"\n  User root\n  IdentityFile ${server.clientKey}\n` +
        `Host a\n  HostName 127.0.0.1\n  Port ${server.port}\n  User nosuchuser\n  IdentityAgent none\n` +
        `  KnownHostsCommand ${touch("ran-known")}\nHost b\n  ProxyCommand ${touch("ran-proxy")}\n`,
      false,
    );
    const error = await failureOf(login("a"));
    expect(error.message).toMatch(/refused the login of user "nosuchuser"/);
    expect(error.message).toContain(
      `${home}/.ssh/config:1: a Match block with "exec" (settings.ssh_config: {exec: true}`,
    );
    expect(error.message).toMatch(/config:9: KnownHostsCommand/);
    expect((await failureOf(login("b"))).next).toContain("settings.ssh_config: {exec: true}");
    for (const name of ["match", "known", "proxy"]) expect(existsSync(join(home, `ran-${name}`))).toBe(false);
  });

  it("offers a CertificateFile, and says why one is not used where the login is refused", async () => {
    await open(
      `Host a\n  HostName 127.0.0.1\n  Port ${server.port}\n  User nosuchuser\n  CertificateFile ~/.ssh/id-cert.pub\n${common()}`,
    );
    expect((await failureOf(login("a"))).message).toContain(
      `Certificate ${home}/.ssh/id-cert.pub was not used: there is no such file`,
    );
  });

  it.each([
    ["the file", () => chmodSync(join(home, ".ssh/config"), 0o622)],
    ["its folder", () => chmodSync(join(home, ".ssh"), 0o777)],
  ])("runs nothing when others can write %s", async (_what, open_) => {
    await open(`Host b\n  ProxyCommand ${touch("ran")}\n`);
    open_();
    expect((await failureOf(login("b"))).code).toBe("unknown_host");
    expect((await hosts.list()).notes.join("\n")).toMatch(
      /The ssh configuration has mistakes, .*can be changed by other users/,
    );
    expect(existsSync(join(home, "ran"))).toBe(false);
    chmodSync(join(home, ".ssh"), 0o700);
  });

  it("puts no name into a command that a shell would read as more than a name", async () => {
    writeFileSync(join(home, "hosts.yaml"), "settings: {ssh_config: {exec: true}, allow_adhoc: true}\n", {
      mode: 0o600,
    });
    writeFileSync(join(home, ".ssh/config"), `Host *\n  ProxyCommand ${touch("ran")} %r %h\n`, {
      mode: 0o600,
    });
    hosts = await createHostDirectory({ env, cwd: home, home, configPath: join(home, "hosts.yaml") });
    for (const name of ["$HOME@host", "a b@host", "x\ny@host", "a*@host"])
      expect((await failureOf(hosts.resolve(name))).code).toMatch(/inventory_invalid|unknown_host/);
    expect(existsSync(join(home, "ran"))).toBe(false);
  });
});
