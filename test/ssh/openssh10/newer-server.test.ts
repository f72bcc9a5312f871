import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AuthMethod, ResolvedHost } from "../../../src/inventory/host.ts";
import type { DialStep } from "../../../src/ssh/trace.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { failureOf, hostOf, knownHosts, noSecrets, run } from "../hosts.ts";
import { startSecurityKeyAgent } from "../security-key-agent.ts";
import { canRunSshd, type SshdOptions, startSshd, type TestServer } from "../sshd.ts";

/** `npm run handshakes` makes these 100 and 100. */
const HANDSHAKES = Number(process.env.SSH_MCP_HANDSHAKES ?? 3);
const MEGABYTES = Number(process.env.SSH_MCP_MEGABYTES ?? 3);
/** A small sample belongs to every run; the whole may take minutes. */
const LONG = { timeout: 60_000 + 4_000 * (HANDSHAKES + MEGABYTES) };
const HYBRID = "mlkem768x25519-sha256";

describe.skipIf(!canRunSshd)("OpenSSH 10", () => {
  const servers: TestServer[] = [];
  afterEach(async () => {
    for (const one of servers.splice(0)) await one.stop();
  });
  const started = async (options: SshdOptions = {}): Promise<TestServer> => {
    const one = await startSshd({ hostKeys: [["-t", "ed25519"]], openSsh10: true, ...options });
    servers.push(one);
    return one;
  };
  const login = async (host: ResolvedHost, command = "echo in") => {
    const steps: DialStep[] = [];
    const transport = createTransport({
      env: {},
      secrets: noSecrets,
      trace: (_host, step) => steps.push(step),
    });
    try {
      const { stdout } = await run(transport, host, command, {
        timeoutMs: 300_000,
        maxBytes: 512 * 1024 * 1024,
      });
      return {
        stdout,
        agreed: steps.find((step) => step.step === "agreed"),
        ident: steps.find((step) => step.step === "ident"),
        key: steps.find((step) => step.step === "host_key"),
      };
    } finally {
      await transport.dispose();
    }
  };

  it("agrees with its default settings on the post-quantum key exchange", async () => {
    const { agreed, ident, stdout } = await login(hostOf(await started()));
    expect(ident).toMatchObject({ ident: expect.stringMatching(/^SSH-2\.0-OpenSSH_1\d/) });
    expect(agreed).toMatchObject({ kex: HYBRID });
    expect(stdout.toString()).toBe("in\n");
  });

  it(`exchanges keys ${HANDSHAKES} times with a server that allows nothing but ML-KEM`, LONG, async () => {
    const host = hostOf(await started({ config: [`KexAlgorithms ${HYBRID}`, "MaxStartups 200"] }));
    for (let count = 0; count < HANDSHAKES; count++)
      expect(await login(host)).toMatchObject({ agreed: { kex: HYBRID } });
  });

  it(`carries ${MEGABYTES} MB over many rekeys with ML-KEM, every byte right`, LONG, async () => {
    const one = await started({ config: [`KexAlgorithms ${HYBRID}`, "RekeyLimit 256K", "LogLevel DEBUG1"] });
    const file = join(one.folder, "bytes");
    const hash = createHash("sha256");
    for (let count = 0; count < MEGABYTES; count++) {
      const bytes = randomBytes(1024 * 1024);
      hash.update(bytes);
      appendFileSync(file, bytes);
    }
    const { stdout } = await login(hostOf(one), `cat ${file}`);
    expect(createHash("sha256").update(stdout).digest("hex")).toBe(hash.digest("hex"));
    const rekeys = one.log().match(/SSH2_MSG_NEWKEYS received/g) ?? [];
    expect(rekeys.length).toBeGreaterThan(2 * MEGABYTES);
    if (MEGABYTES > 10) console.log(`${MEGABYTES} MB, ${rekeys.length} key exchanges`);
  });

  it("accepts certificates of users and security keys, and proves itself by a certificate", async () => {
    const one = await started({ authority: true, hostCertificate: ["-n", "127.0.0.1"] });
    const authority = join(one.folder, "authority");
    const line = `@cert-authority [127.0.0.1]:${one.port} ${readFileSync(`${authority}.pub`, "utf8").trim()}`;
    const hostKey = { mode: "strict", files: [knownHosts(one, [line], "chosen")] } as const;
    const by = (...auth: AuthMethod[]) => hostOf(one, { auth, hostKey });
    writeFileSync(join(one.folder, "authorized_keys"), "");
    execFileSync("ssh-keygen", ["-q", "-s", authority, "-I", "id", "-n", "root", `${one.clientKey}.pub`]);
    const { key } = await login(by({ method: "key", path: one.clientKey }));
    expect(key).toMatchObject({ verdict: "certified" });
    execFileSync("ssh-keygen", ["-q", "-s", authority, "-I", "id", "-n", "other", `${one.clientKey}.pub`]);
    const { message } = await failureOf(login(by({ method: "key", path: one.clientKey })));
    expect(message).toContain('is for "other"');
    const keys = await startSecurityKeyAgent("sk-ssh-ed25519@openssh.com");
    try {
      writeFileSync(join(one.folder, "authorized_keys"), `${keys.line}\n`);
      expect((await login(by({ method: "agent", socket: keys.socket }))).stdout.toString()).toBe("in\n");
    } finally {
      await keys.stop();
    }
  });

  it("refuses its certificate when that has expired", async () => {
    const one = await started({ hostCertificate: ["-n", "127.0.0.1", "-V", "20200101:20200102"] });
    const line = `@cert-authority * ${readFileSync(join(one.folder, "authority.pub"), "utf8").trim()}`;
    const files = [knownHosts(one, [line], "chosen")];
    const { message } = await failureOf(login(hostOf(one, { hostKey: { mode: "strict", files } })));
    expect(message).toContain("it expired at 2020");
  });
});
