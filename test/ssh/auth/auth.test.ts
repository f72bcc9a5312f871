import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { appendFileSync, chmodSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthMethod, ResolvedHost } from "../../../src/inventory/host.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { EXEC, failureOf, hostOf, noSecrets, run, secretsOf } from "../hosts.ts";
import { canRunSshd, keygen, startSshd, type TestServer } from "../sshd.ts";

const PASSWORD = "correct horse battery";
const fromEnv = { from: "env", name: "TEST_SECRET" } as const;

describe.skipIf(!canRunSshd)("logging in to a real sshd", () => {
  let server: TestServer;
  let agent: ChildProcess;
  let socket: string;
  let stranger: string;
  beforeAll(async () => {
    // Password authentication is offered, so that an attempt would show in the log.
    server = await startSshd({ config: ["LogLevel DEBUG1", "PasswordAuthentication yes", "MaxAuthTries 4"] });
    stranger = join(server.folder, "stranger");
    keygen(stranger, ["-t", "ed25519"]);
    socket = join(server.folder, "agent.sock");
    agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((resolve) => agent.stdout?.once("data", resolve));
  });
  afterAll(async () => {
    agent.kill();
    await server.stop();
  });

  const withAuth = (...auth: AuthMethod[]): ResolvedHost => hostOf(server, { auth });
  const agentHolds = (...keys: string[]) => {
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    execFileSync("ssh-add", ["-q", "-D"], { env, stdio: "ignore" });
    for (const key of keys) execFileSync("ssh-add", ["-q", key], { env, stdio: "ignore" });
  };
  let reads: string[] = [];
  /** Runs `true` on a connection of its own; `methods` are those sshd was asked for, in order. */
  const attempt = async (host: ResolvedHost, secret?: string) => {
    reads = [];
    const before = server.log().length;
    const transport = createTransport({
      env: {},
      secrets: secretsOf(async (ref) => {
        reads.push(ref.from);
        return secret === undefined ? noSecrets.read(ref) : { reveal: () => secret };
      }),
    });
    const outcome = await run(transport, host, "true", EXEC).then(
      (result) => ({ result, error: undefined }),
      (error: unknown) => ({ result: undefined, error }),
    );
    await transport.dispose();
    const log = server.log().slice(before);
    const methods = [...log.matchAll(/userauth-request for user root service \S+ method (\S+)/g)].map(
      (m) => m[1],
    );
    return { ...outcome, methods, log };
  };

  it("never asks for, reads or sends a password when a key gets in, even if the password is named first", async () => {
    const { result, methods } = await attempt(
      withAuth({ method: "password", secret: fromEnv }, { method: "key", path: server.clientKey }),
      PASSWORD,
    );
    expect(result?.end).toMatchObject({ code: 0 });
    expect(methods).toEqual(["none", "publickey", "publickey"]);
    expect(reads).toEqual([]);
  });

  it("offers keys and agent in the order of the inventory, and the password last", async () => {
    agentHolds(stranger);
    const { error, methods, log } = await attempt(
      withAuth(
        { method: "password", secret: fromEnv },
        { method: "agent", socket },
        { method: "key", path: stranger },
      ),
      PASSWORD,
    );
    expect(methods).toEqual(["none", "publickey", "publickey", "password"]);
    expect(String(error)).not.toContain(PASSWORD);
    expect(log).not.toContain(PASSWORD);
  });

  it("says in one line which host refused whom, what was tried and what the server accepts", async () => {
    const error = await failureOf(
      run(
        createTransport({ secrets: noSecrets, env: {} }),
        withAuth({ method: "key", path: stranger }),
        "true",
        EXEC,
      ),
    );
    expect(error.code).toBe("auth_failed");
    expect(error.message).toBe(
      `box (127.0.0.1:${server.port}) refused the login of user "root": tried key ${stranger}; ` +
        "the server accepts publickey and password.",
    );
    expect(error.next).toBeTruthy();
    expect(error.toText()).not.toMatch(/\n\s+at /);
  });

  it.each(["ed25519", "ecdsa", "rsa -b 2048", "rsa -b 2048 -m PEM"])(
    "logs in with an encrypted key (%s) and its pass phrase",
    async (kind) => {
      const type = kind.split(" ");
      const path = join(server.folder, `encrypted-${type.join("")}`);
      keygen(path, ["-t", ...type]);
      execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", PASSWORD, "-f", path, ...type.slice(3)], {
        stdio: "ignore",
      });
      appendFileSync(join(server.folder, "authorized_keys"), readFileSync(`${path}.pub`));
      const good = await attempt(withAuth({ method: "key", path, passphrase: fromEnv }), PASSWORD);
      expect(good.result?.end).toMatchObject({ code: 0 });

      const wrong = await attempt(withAuth({ method: "key", path, passphrase: fromEnv }), "not it");
      expect(String(wrong.error)).toMatch(/its pass phrase is wrong/);
      expect(wrong.methods).toEqual(["none"]);

      const none = await attempt(withAuth({ method: "key", path }));
      expect(String(none.error)).toMatch(/it is encrypted and no pass phrase is set/);
    },
  );

  it("logs in with an RSA key in PKCS#8, plain and encrypted", async () => {
    const path = join(server.folder, "pkcs8");
    keygen(path, ["-t", "rsa", "-b", "2048", "-m", "PKCS8"]);
    expect(readFileSync(path, "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    appendFileSync(join(server.folder, "authorized_keys"), readFileSync(`${path}.pub`));
    expect((await attempt(withAuth({ method: "key", path }))).result?.end).toMatchObject({ code: 0 });
    const change = ["-q", "-p", "-P", "", "-N", PASSWORD, "-m", "PKCS8", "-f", path];
    execFileSync("ssh-keygen", change, { stdio: "ignore" });
    expect(readFileSync(path, "utf8")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    const encrypted = await attempt(withAuth({ method: "key", path, passphrase: fromEnv }), PASSWORD);
    expect(encrypted.result?.end).toMatchObject({ code: 0 });
  });

  it("logs in with an Ed25519 key of openssl's", async () => {
    const path = join(server.folder, "openssl");
    execFileSync("openssl", ["genpkey", "-algorithm", "ED25519", "-out", path]);
    chmodSync(path, 0o600);
    const der = execFileSync("openssl", ["pkey", "-in", path, "-pubout", "-outform", "DER"]);
    const string = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
    const blob = Buffer.concat([string(Buffer.from("ssh-ed25519")), string(der.subarray(-32))]);
    appendFileSync(join(server.folder, "authorized_keys"), `ssh-ed25519 ${blob.toString("base64")} x\n`);
    expect((await attempt(withAuth({ method: "key", path }))).result?.end).toMatchObject({ code: 0 });
  });

  it("refuses a private key that others can read, with the command that repairs it", async () => {
    const path = join(server.folder, "readable");
    copyFileSync(server.clientKey, path);
    chmodSync(path, 0o640);
    const { error, methods } = await attempt(withAuth({ method: "key", path }));
    expect(String(error)).toContain(`other users can read it (mode 0640); fix: chmod 600 ${path}`);
    expect(methods).toEqual(["none"]);
    chmodSync(path, 0o600);
    expect((await attempt(withAuth({ method: "key", path }))).result?.end).toMatchObject({ code: 0 });
  });

  it("names a missing key file unless it is optional, and a file that is no private key", async () => {
    const missing = join(server.folder, "missing");
    const { error } = await attempt(withAuth({ method: "key", path: missing }));
    expect(String(error)).toContain(`Key ${missing} was not used: there is no such file`);
    const optional = await attempt(withAuth({ method: "key", path: missing, optional: true }));
    expect(String(optional.error)).not.toContain(missing);
    const pub = await attempt(withAuth({ method: "key", path: `${server.clientKey}.pub` }));
    expect(String(pub.error)).toMatch(/Key .*client\.pub was not used/);
  });

  it("logs in with an agent's key, and offers only the keys it is told to", async () => {
    const many = Array.from({ length: 6 }, (_, index) => join(server.folder, `many-${index}`));
    for (const path of many) keygen(path, ["-t", "ed25519"]);
    agentHolds(...many, server.clientKey);
    const only = await attempt(withAuth({ method: "agent", socket, onlyKeys: [server.clientKey] }));
    expect(only.result?.end).toMatchObject({ code: 0 });
    expect(only.methods).toEqual(["none", "publickey", "publickey"]);

    const tooMany = await attempt(withAuth({ method: "agent", socket }));
    expect(tooMany.error).toMatchObject({ code: "auth_failed" });
    expect(String(tooMany.error)).toMatch(/Too many authentication failures/);
    expect(tooMany.error).toMatchObject({
      next: expect.stringMatching(/more keys than the server allows attempts/),
    });
  });

  it("goes on to the key file when there is no agent or the agent does not answer", async () => {
    const key: AuthMethod = { method: "key", path: server.clientKey };
    expect((await attempt(withAuth({ method: "agent" }, key))).result?.end).toMatchObject({ code: 0 });
    const dead: AuthMethod = { method: "agent", socket: join(server.folder, "no.sock") };
    expect((await attempt(withAuth(dead, key))).result?.end).toMatchObject({ code: 0 });
    expect(String((await attempt(withAuth(dead))).error)).toMatch(/ssh-agent at .*no\.sock did not answer/);
  });

  it("finishes a login that needs two keys, the first from the agent", async () => {
    const two = await startSshd({ config: ["AuthenticationMethods publickey,publickey"] });
    try {
      const second = join(two.folder, "second");
      keygen(second, ["-t", "rsa", "-b", "2048"]);
      appendFileSync(join(two.folder, "authorized_keys"), readFileSync(`${second}.pub`));
      agentHolds(stranger, two.clientKey);
      const host = hostOf(two, {
        auth: [
          { method: "agent", socket },
          { method: "key", path: second },
        ],
      });
      const transport = createTransport({ secrets: noSecrets, env: {} });
      expect((await run(transport, host, "true", EXEC)).end).toMatchObject({ code: 0 });
      await transport.dispose();
    } finally {
      await two.stop();
    }
  });

  it("dials once for many callers when the login fails, so that a wrong key is not counted many times", async () => {
    const before = server.log().length;
    const transport = createTransport({ secrets: noSecrets, env: {} });
    const host = withAuth({ method: "key", path: stranger });
    const all = await Promise.all(
      Array.from({ length: 20 }, () => failureOf(run(transport, host, "true", EXEC))),
    );
    await transport.dispose();
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set(["auth_failed"]));
    expect(
      server
        .log()
        .slice(before)
        .match(/Connection from/g),
    ).toHaveLength(1);
  });
});
