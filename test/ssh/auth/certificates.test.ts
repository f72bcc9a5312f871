import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthMethod } from "../../../src/inventory/host.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { EXEC, failureOf, hostOf, noSecrets, PTY, received, run, secretsOf } from "../hosts.ts";
import { startSecurityKeyAgent } from "../security-key-agent.ts";
import { canRunSshd, keygen, startSshd, type TestServer } from "../sshd.ts";

describe.skipIf(!canRunSshd)("logging in to a real sshd with certificates", () => {
  let server: TestServer;
  let authority: string;
  let agent: ChildProcess;
  let socket: string;
  beforeAll(async () => {
    server = await startSshd({ authority: true, config: ["LogLevel DEBUG1"] });
    authority = join(server.folder, "authority");
    socket = join(server.folder, "agent.sock");
    agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((resolve) => agent.stdout?.once("data", resolve));
  });
  afterAll(async () => {
    agent.kill();
    await server.stop();
  });

  let made = 0;
  /** A key with a certificate beside it; `args` are ssh-keygen's. */
  const certified = (args: readonly string[], type: readonly string[] = ["-t", "ed25519"]): string => {
    const path = join(server.folder, `certified-${made++}`);
    keygen(path, type);
    certify(path, args);
    return path;
  };
  const certify = (path: string, args: readonly string[], ca = authority) =>
    execFileSync("ssh-keygen", ["-q", "-s", ca, "-I", "the id", ...args, `${path}.pub`], { stdio: "ignore" });
  const agentHolds = (...keys: string[]) => {
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    execFileSync("ssh-add", ["-q", "-D"], { env, stdio: "ignore" });
    for (const key of keys) execFileSync("ssh-add", ["-q", key], { env, stdio: "ignore" });
  };
  const login = async (auth: readonly AuthMethod[], command = "echo in") => {
    const before = server.log().length;
    const transport = createTransport({ env: {}, secrets: noSecrets });
    try {
      const { stdout, end } = await run(transport, hostOf(server, { auth }), command, EXEC);
      return { said: stdout.toString(), end, log: server.log().slice(before) };
    } finally {
      await transport.dispose();
    }
  };
  const refused = (auth: readonly AuthMethod[]) => failureOf(login(auth));

  it.each([
    ["Ed25519", ["-t", "ed25519"], /Accepted publickey .* ED25519-CERT/],
    ["ECDSA", ["-t", "ecdsa", "-b", "384"], /Accepted publickey .* ECDSA-CERT/],
    ["RSA", ["-t", "rsa", "-b", "2048"], /Accepted publickey .* RSA-CERT/],
  ])("offers the certificate beside a key file (%s)", async (_name, type, accepted) => {
    const path = certified(["-n", "root"], type);
    const { said, log } = await login([{ method: "key", path }]);
    expect(said).toBe("in\n");
    expect(log).toMatch(accepted);
    // In one attempt, of RSA with its strongest signature.
    expect(log.match(/method publickey/g)).toHaveLength(2);
    if (type[1] === "rsa") expect(log).toContain("rsa-sha2-512-cert-v01@openssh.com");
  });

  it.each([
    ["ed25519", []],
    ["ecdsa", []],
    ["rsa", ["-b", "2048", "-m", "PKCS8"]],
  ])("signs with an encrypted key for its certificate (%s)", async (type, more) => {
    const path = certified(["-n", "root"], ["-t", type, ...more]);
    // One round: what is tested is not how long the pass phrase takes.
    execFileSync("ssh-keygen", [
      "-q",
      "-p",
      "-a",
      "1",
      "-P",
      "",
      "-N",
      "open sesame",
      "-f",
      path,
      ...more.slice(2),
    ]);
    const auth = [{ method: "key", path, passphrase: { from: "env", name: "PASSPHRASE" } }] as const;
    const transport = createTransport({
      env: {},
      secrets: secretsOf(async () => ({ reveal: () => "open sesame" })),
    });
    try {
      expect((await run(transport, hostOf(server, { auth }), "echo in")).stdout.toString()).toBe("in\n");
    } finally {
      await transport.dispose();
    }
  });

  it("offers a certificate that the inventory names, wherever it is", async () => {
    const path = certified(["-n", "root"]);
    const elsewhere = join(server.folder, "named.pub");
    copyFileSync(`${path}-cert.pub`, elsewhere);
    rmSync(`${path}-cert.pub`);
    const { said } = await login([{ method: "key", path, certificates: [elsewhere] }]);
    expect(said).toBe("in\n");
  });

  it("offers the certificates that an agent holds, each before its key", async () => {
    for (const type of [
      ["-t", "ed25519"],
      ["-t", "rsa", "-b", "2048"],
      ["-t", "ecdsa"],
    ]) {
      agentHolds(certified(["-n", "root"], type));
      expect((await login([{ method: "agent", socket }])).said).toBe("in\n");
    }
  });

  it("offers a certificate file whose key is in the agent only", async () => {
    const path = certified(["-n", "root"]);
    const certificate = `${path}-cert.pub`;
    copyFileSync(certificate, `${path}-away`);
    rmSync(certificate);
    agentHolds(path);
    copyFileSync(`${path}-away`, certificate);
    rmSync(path);
    expect(existsSync(path)).toBe(false);
    expect((await login([{ method: "agent", socket, onlyKeys: [path] }])).said).toBe("in\n");
    rmSync(certificate);
    const named: AuthMethod = { method: "agent", socket, certificates: [`${path}-away`] };
    expect((await login([named])).said).toBe("in\n");
  });

  it("does not offer an expired certificate, says when it expired, and goes on with the key", async () => {
    const path = certified(["-n", "root", "-V", "20200101:20200102"]);
    const { message } = await refused([{ method: "key", path }]);
    expect(message).toMatch(
      /Certificate \S+-cert\.pub was not offered: it expired at 2020-01-0\dT\d\d:\d\d:\d\dZ, and it is 20\d\d-/,
    );
    expect(message).toContain(`tried key ${path}`);
    appendFileSync(join(server.folder, "authorized_keys"), execFileSync("cat", [`${path}.pub`]));
    expect((await login([{ method: "key", path }])).said).toBe("in\n");
  });

  it("does not offer one that is not valid yet, a host's, or one of another key", async () => {
    const early = certified(["-n", "root", "-V", "20900101:20910101"]);
    expect((await refused([{ method: "key", path: early }])).message).toContain("it is valid from 20");
    const host = certified(["-h", "-n", "root"]);
    expect((await refused([{ method: "key", path: host }])).message).toContain("it is a host's certificate");
    const other = certified(["-n", "root"]);
    const { message } = await refused([{ method: "key", path: host, certificates: [`${other}-cert.pub`] }]);
    expect(message).toContain(`it certifies another key than ${host}`);
    const missing = await refused([{ method: "key", path: host, certificates: ["/nowhere-cert.pub"] }]);
    expect(missing.message).toContain("Certificate /nowhere-cert.pub was not used: there is no such file");
  });

  it("says for whom a refused certificate is and from where, whoever holds it", async () => {
    const path = certified(["-n", "alice,bob", "-O", "source-address=192.0.2.0/24"]);
    agentHolds(path);
    for (const auth of [{ method: "key", path } as const, { method: "agent", socket } as const]) {
      const { message, code } = await refused([auth]);
      expect(code).toBe("auth_failed");
      expect(message).toContain(
        '(ID "the id") is for "alice", "bob", valid without end, only from the addresses 192.0.2.0/24',
      );
    }
  });

  it("is refused from another address than the certificate is for, and accepted from its own", async () => {
    const away = certified(["-n", "root", "-O", "source-address=192.0.2.0/24"]);
    expect((await refused([{ method: "key", path: away }])).message).toContain(
      "only from the addresses 192.0.2.0/24",
    );
    const here = certified(["-n", "root", "-O", "source-address=127.0.0.0/8"]);
    expect((await login([{ method: "key", path: here }])).said).toBe("in\n");
  });

  it("warns where the certificate forces a command, or permits no terminal", async () => {
    const path = certified(["-n", "root", "-O", "force-command=echo forced", "-O", "no-pty"]);
    const auth: readonly AuthMethod[] = [{ method: "key", path }];
    expect((await login(auth, "echo asked")).said).toBe("forced\n");
    const transport = createTransport({ env: {}, secrets: noSecrets });
    try {
      const warned: string[] = [];
      const { exec } = transport.link(hostOf(server, { auth }));
      await exec?.("true", { timeoutMs: 60_000, admit: (info) => void warned.push(...info.warnings) });
      expect(warned).toEqual([
        `certificate ${path}-cert.pub makes the server run "echo forced" in place of every command and shell`,
        `certificate ${path}-cert.pub does not permit terminals, only commands`,
      ]);
    } finally {
      await transport.dispose();
    }
  });

  it("tries a renewed certificate at once after a refusal", async () => {
    const path = certified(["-n", "alice"]);
    const transport = createTransport({ env: {}, secrets: noSecrets });
    const host = hostOf(server, { auth: [{ method: "key", path }] });
    try {
      await failureOf(run(transport, host, "true"));
      certify(path, ["-n", "root"]);
      expect((await run(transport, host, "echo in")).stdout.toString()).toBe("in\n");
    } finally {
      await transport.dispose();
    }
  });

  it("opens a terminal with a certificate", async () => {
    const transport = createTransport({ env: {}, secrets: noSecrets });
    try {
      const host = hostOf(server, { auth: [{ method: "key", path: certified(["-n", "root"]) }] });
      const pty = await transport.link(host).openPty(PTY);
      pty.channel.write(Buffer.from("echo $((40+2))\n"));
      expect(await received(pty, /[\r\n]42\r/)).toContain("42");
    } finally {
      await transport.dispose();
    }
  });

  it.each(["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"] as const)(
    "logs in with a security key of the agent (%s)",
    async (type) => {
      const keys = await startSecurityKeyAgent(type);
      try {
        appendFileSync(join(server.folder, "authorized_keys"), `${keys.line} sk\n`);
        const auth: readonly AuthMethod[] = [{ method: "agent", socket: keys.socket }];
        const { said, log } = await login(auth);
        expect(said).toBe("in\n");
        expect(log).toMatch(/Accepted publickey .*-SK SHA256/);
        // The server, not this program, decides whether a touch was needed.
        keys.untouched();
        expect((await refused(auth)).message).toMatch(/tried security key SHA256:\S+ of the agent/);
      } finally {
        await keys.stop();
      }
    },
  );
});
