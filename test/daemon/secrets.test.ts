import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyPair } from "../ssh/scripted.ts";
import { type Agent, killed, until, World } from "./kit.ts";

const PASSWORDS = ["of-the-first-client", "of-the-second-client", "by-command"];

/** An SSH server that writes down which password each login gave. */
function server() {
  const logins: string[] = [];
  const ssh = new ssh2.Server({ hostKeys: [keyPair().private], ident: "OpenSSH_9.9" }, (connection) => {
    connection.on("error", () => {});
    connection.on("authentication", (attempt) => {
      if (attempt.method !== "password") return attempt.reject(["password"]);
      if (!PASSWORDS.includes(attempt.password)) return attempt.reject(["password"]);
      logins.push(attempt.password);
      attempt.accept();
    });
    connection.on("session", (accept) =>
      accept().on("exec", (take) => {
        const channel = take();
        channel.write("ran\n");
        channel.exit(0);
        channel.end();
      }),
    );
  });
  return { ssh, logins };
}

describe("a secret in a client's environment", () => {
  const { ssh, logins } = server();
  const folder = mkdtempSync(join(tmpdir(), "dm-hosts-"));
  const path = join(folder, "hosts.yaml");
  const own = new World(["--config", path]);

  beforeAll(async () => {
    await new Promise<void>((resolve) => ssh.listen(0, "127.0.0.1", resolve));
    const { port } = ssh.address() as AddressInfo;
    const entry = (name: string, auth: string) =>
      `  ${name}: { host: 127.0.0.1, port: ${port}, user: ${name}, platform: posix, host_key: accept-new, auth: {method: password, ${auth}} }\n`;
    writeFileSync(
      path,
      `hosts:\n${["a", "b", "c"].map((name) => entry(name, "password_env: DM_PASS")).join("")}${entry("d", 'password_command: "printf %s $DM_WORD"')}`,
      { mode: 0o600 },
    );
  });
  afterAll(async () => {
    await own.dispose();
    rmSync(folder, { recursive: true });
    ssh.close();
  });

  const exec = { command: "true" };
  let one: Agent;
  let two: Agent;

  it("is read by the client that asks, never by another one, and not kept in the daemon's own environment", async () => {
    one = await own.agent("one", { DM_PASS: "of-the-first-client" });
    two = await own.agent("two", { DM_PASS: "of-the-second-client", DM_WORD: "by-command" });
    const none = await own.agent("none");
    expect(await one.call("ssh_exec", { host: "a", ...exec })).toContain("ran");
    expect(await two.call("ssh_exec", { host: "b", ...exec })).toContain("ran");
    expect(logins).toEqual(["of-the-first-client", "of-the-second-client"]);
    expect(await none.call("ssh_exec", { host: "c", ...exec })).toMatch(
      /environment variable DM_PASS is not set/,
    );
    expect(await two.call("ssh_exec", { host: "d", ...exec })).toContain("ran");
    expect(logins).toEqual(["of-the-first-client", "of-the-second-client", "by-command"]);
    const environment = readFileSync(`/proc/${await own.pid()}/environ`, "utf8");
    expect(environment).not.toMatch(/DM_PASS|of-the-first/);
    const said = JSON.stringify([own.log(), readFileSync(own.place.state, "utf8")]);
    for (const password of PASSWORDS) expect(said).not.toContain(password);
  });

  it("of a client that has gone is not replaced by another client's", async () => {
    const call = one.call("ssh_exec", { host: "c", ...exec }).catch(() => "");
    await killed(one.pid);
    await call;
    await until(async () => !(await own.status())?.clients.some((client) => client.startsWith("one")));
    expect(await two.call("ssh_hosts")).toContain("c");
    expect(logins.filter((password) => password === "of-the-second-client")).toHaveLength(1);
  });
});

describe("a ProxyCommand", () => {
  const folder = mkdtempSync(join(tmpdir(), "dm-way-"));
  const path = join(folder, "hosts.yaml");
  const own = new World(["--config", path], { DM_WAY: "of-nobody" });

  beforeAll(() => {
    writeFileSync(path, "settings: { ssh_config: { exec: true } }\n", { mode: 0o600 });
    mkdirSync(join(own.folder, ".ssh"), { mode: 0o700 });
    const way = 'Host gate\n  HostName gate.invalid\n  ProxyCommand sh -c "echo by=$DM_WAY >&2; exit 3"\n';
    writeFileSync(join(own.folder, ".ssh/config"), way, { mode: 0o600 });
  });
  afterAll(async () => {
    await own.dispose();
    rmSync(folder, { recursive: true });
  });

  it("has the environment of the client that connects, whoever started the daemon", async () => {
    for (const name of ["first", "second"]) {
      const agent = await own.agent(name, { DM_WAY: name });
      const said = await agent.call("ssh_exec", { host: "gate", command: "true" });
      expect(said).toContain(`ended with exit code 3 after saying: by=${name}`);
    }
  });
});
