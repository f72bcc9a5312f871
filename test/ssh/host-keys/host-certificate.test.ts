import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import type { DialStep } from "../../../src/ssh/trace.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { scanHostKey } from "../../../src/ssh/trust.ts";
import { failureOf, hostOf, knownHosts, noSecrets, run } from "../hosts.ts";
import { canRunSshd, keygen, startSshd, type TestServer } from "../sshd.ts";

const good = ["-n", "127.0.0.1,web1"];

describe.skipIf(!canRunSshd)("host certificates", () => {
  const servers: TestServer[] = [];
  let server: TestServer;
  const started = async (hostCertificate: readonly string[], more: object = {}): Promise<TestServer> => {
    const one = await startSshd({ hostCertificate, hostKeys: [["-t", "ed25519"]], ...more });
    servers.push(one);
    return one;
  };
  beforeAll(async () => {
    server = await started(good);
  });
  afterAll(async () => {
    for (const one of servers) await one.stop();
  });

  const authority = (one: TestServer) => readFileSync(join(one.folder, "authority.pub"), "utf8").trim();
  const ca = (one = server, names = `[127.0.0.1]:${one.port}`) =>
    `@cert-authority ${names} ${authority(one)}`;
  /** The host with these known_hosts lines and no others. */
  const known = (one: TestServer, lines: readonly string[], hostKey: Partial<ResolvedHost["hostKey"]> = {}) =>
    hostOf(one, { hostKey: { mode: "strict", files: [knownHosts(one, lines, "chosen")], ...hostKey } });
  const login = async (host: ResolvedHost) => {
    const steps: DialStep[] = [];
    const transport = createTransport({
      env: {},
      secrets: noSecrets,
      trace: (_host, step) => steps.push(step),
    });
    try {
      const { end } = await run(transport, host, "true");
      return { end, key: steps.find((step) => step.step === "host_key") };
    } finally {
      await transport.dispose();
    }
  };
  const refused = async (one: TestServer, host: ResolvedHost) => {
    const before = one.log().length;
    const error = await failureOf(login(host));
    // Nothing was sent to it: it never heard of a login.
    expect(one.log().slice(before)).not.toMatch(/userauth|Accepted|Failed/);
    return error;
  };

  it.each([
    ["Ed25519", ["-t", "ed25519"], "ssh-ed25519-cert-v01@openssh.com"],
    ["ECDSA P-256", ["-t", "ecdsa", "-b", "256"], "ecdsa-sha2-nistp256-cert-v01@openssh.com"],
    ["ECDSA P-384", ["-t", "ecdsa", "-b", "384"], "ecdsa-sha2-nistp384-cert-v01@openssh.com"],
    ["RSA", ["-t", "rsa", "-b", "2048"], "ssh-rsa-cert-v01@openssh.com"],
  ])("proves a host that only its authority is known for (%s)", async (_name, type, shown) => {
    const one = await started(good, { hostKeys: [type] });
    const { end, key } = await login(known(one, [ca(one)]));
    expect(end).toEqual({ reason: "exit", code: 0 });
    expect(key).toMatchObject({ verdict: "certified", type: shown });
    // The fingerprint is that of the key, as ssh prints it.
    const [print = ""] =
      /SHA256:\S+/.exec(
        execFileSync("ssh-keygen", ["-lf", join(one.folder, "host-0.pub")], { encoding: "utf8" }),
      ) ?? [];
    expect(key).toMatchObject({ fingerprint: print });
  });

  it.each([
    ["ECDSA", ["-t", "ecdsa", "-b", "521"]],
    ["RSA", ["-t", "rsa", "-b", "2048"]],
  ])("takes the signature of an authority with a key of another kind (%s)", async (_name, type) => {
    const one = await started(good, { authorityKey: type });
    expect((await login(known(one, [ca(one)]))).key).toMatchObject({ verdict: "certified" });
  });

  it("goes by a line for the bare address, and by the alias where there is one", async () => {
    expect((await login(known(server, [ca(server, "127.0.0.*")]))).key).toMatchObject({
      verdict: "certified",
    });
    const aliased = known(server, [ca(server, "web1")], { alias: "WEB1" });
    expect((await login(aliased)).key).toMatchObject({ verdict: "certified" });
    const other = await refused(server, known(server, [ca(server, "web2")], { alias: "web2" }));
    expect(other.message).toContain('it is for "127.0.0.1", "web1", and the host is reached as "web2"');
  });

  it.each([
    ["has expired", ["-V", "20200101:20200102"], /it expired at 2020-01-0\dT\S+Z, and it is 20\S+Z here/],
    ["is not valid yet", ["-V", "20900101:20910101"], /it is valid from 20(?:89|90)-\S+Z only/],
    [
      "is for other hosts",
      ["-n", "web1,127.0.0.*"],
      /it is for "web1", "127\.0\.0\.\*", and the host is reached as "127\.0\.0\.1"/,
    ],
    ["names no host", [], /it names no host \(no principals\)/],
    [
      "has critical options",
      ["-O", "critical:mood@example.net=good"],
      /critical options that are not known for hosts: "mood@example\.net"/,
    ],
  ])("refuses a certificate that %s, before anything is sent", async (_why, args, said) => {
    const named = args[0] === "-n" || args.length === 0 ? args : [...good, ...args];
    const one = await started(named);
    const error = await refused(one, known(one, [ca(one)], { mode: "accept-new" }));
    expect(error.code).toBe("host_key_unknown");
    expect(error.message).toMatch(said);
    expect(error.message).toContain("Nothing was sent to it.");
  });

  it("refuses a certificate of another authority than those that are known for the host", async () => {
    const stranger = join(server.folder, "stranger");
    keygen(stranger, ["-t", "ed25519"]);
    const line = `@cert-authority * ${readFileSync(`${stranger}.pub`, "utf8").trim()}`;
    const error = await refused(server, known(server, [line], { mode: "accept-new" }));
    expect(error.message).toMatch(
      /it is signed by SHA256:\S+, which no @cert-authority line names for this host/,
    );
  });

  it("refuses a certificate whose authority or whose key is revoked", async () => {
    const authorityGone = await refused(server, known(server, [ca(), `@revoked * ${authority(server)}`]));
    expect(authorityGone.code).toBe("host_key_revoked");
    expect(authorityGone.message).toMatch(
      /of the authority SHA256:\S+, which is marked @revoked in \S+chosen:2/,
    );
    const key = server.hostKeys.get("ssh-ed25519") ?? "";
    const keyGone = await refused(server, known(server, [ca(), `@revoked * ${key}`]));
    expect(keyGone.code).toBe("host_key_revoked");
  });

  it("refuses RSA authorities that sign with SHA-1, and small ones", async () => {
    const one = await started(good, { authorityKey: ["-t", "rsa", "-b", "1024"] });
    const error = await refused(one, known(one, [ca(one)]));
    expect(error.message).toContain("the signature of the authority");
    const old = await started(["-t", "ssh-rsa", ...good], { authorityKey: ["-t", "rsa", "-b", "2048"] });
    expect((await refused(old, known(old, [ca(old)]))).message).toContain("the signature of the authority");
  });

  it("goes by the key itself where that is known, whatever its certificate is worth", async () => {
    const one = await started([...good, "-V", "20200101:20200102"]);
    const plain = `[127.0.0.1]:${one.port} ${one.hostKeys.get("ssh-ed25519") ?? ""}`;
    expect((await login(known(one, [ca(one), plain]))).key).toMatchObject({ verdict: "known" });
  });

  it("asks for no certificate where no authority is known for the host, or its key is pinned", async () => {
    const plain = `[127.0.0.1]:${server.port} ${server.hostKeys.get("ssh-ed25519") ?? ""}`;
    expect((await login(known(server, [plain, ca(server, "elsewhere")]))).key).toMatchObject({
      type: "ssh-ed25519",
      verdict: "known",
    });
    const pinned = [(await scanHostKey(known(server, [ca()]), { secrets: noSecrets })).fingerprint];
    expect((await login(known(server, [ca()], { pinned }))).key).toMatchObject({
      type: "ssh-ed25519",
      verdict: "pinned",
    });
  });
});
