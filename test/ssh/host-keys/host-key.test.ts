import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { HostKeyPolicy, ResolvedHost } from "../../../src/inventory/host.ts";
import type { Transport } from "../../../src/ssh/contract.ts";
import { fingerprint } from "../../../src/ssh/protocol/key-blob.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { scanHostKey, trust } from "../../../src/ssh/trust.ts";
import { EXEC, failureOf, hostOf, knownHosts, noSecrets, run } from "../hosts.ts";
import { until } from "../scripted.ts";
import { canRunSshd, keygen, startSshd, type TestServer } from "../sshd.ts";

describe.skipIf(!canRunSshd)("host keys, against a real sshd", () => {
  let server: TestServer;
  let transport: Transport;
  let other: string;
  beforeAll(async () => {
    server = await startSshd({ config: ["LogLevel DEBUG1"] });
    const path = join(server.folder, "other");
    keygen(path, ["-t", "ed25519"]);
    other = readFileSync(`${path}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
    transport = createTransport({ secrets: noSecrets });
  });
  afterEach(async () => {
    await transport.dispose();
    transport = createTransport({ secrets: noSecrets });
  });
  afterAll(() => server.stop());

  const key = (type: string) => server.hostKeys.get(type) ?? "";
  const printOf = (line: string) => fingerprint(Buffer.from(line.split(" ")[1] ?? "", "base64"));
  const me = () => `[127.0.0.1]:${server.port}`;
  const withKnown = (lines: readonly string[], policy: Partial<HostKeyPolicy> = {}): ResolvedHost =>
    hostOf(server, { hostKey: { mode: "strict", files: [knownHosts(server, lines, "chosen")], ...policy } });
  /** On a connection of its own, whatever is open already. */
  const connect = async (host: ResolvedHost) => {
    const own = createTransport({ secrets: noSecrets });
    return run(own, host, "true", EXEC).finally(() => own.dispose());
  };
  /** Runs one refused attempt and gives the error and what sshd logged about it. */
  const refusedAttempt = async (host: ResolvedHost) => {
    const before = server.log().length;
    const error = await failureOf(connect(host));
    await until(
      () =>
        /Received disconnect|Connection (?:closed|reset) by|ssh_dispatch_run_fatal/.test(
          server.log().slice(before),
        ),
      "sshd noticed that the client left",
    );
    return { error, log: server.log().slice(before) };
  };

  it("refuses an unknown key before any credential is sent, with the fingerprint and the command that trusts it", async () => {
    const { error, log } = await refusedAttempt(withKnown([]));
    expect(error.code).toBe("host_key_unknown");
    expect(error.message).toContain(printOf(key("ssh-ed25519")));
    expect(error.next).toMatch(/ssh-mcp trust box$/);
    expect(log).not.toMatch(/userauth-request/);
    expect(log).toMatch(/Connection from/);
  });

  it.each(["strict", "accept-new"] as const)(
    "refuses a changed key under %s, naming both fingerprints and file:line",
    async (mode) => {
      const host = withKnown(["# comment", `${me()} ${other}`], { mode });
      const { error, log } = await refusedAttempt(host);
      expect(error.code).toBe("host_key_changed");
      expect(error.message).toContain(printOf(other));
      expect(error.message).toContain(printOf(key("ssh-ed25519")));
      expect(error.message).toContain(`${host.hostKey.files[0]}:2`);
      expect(log).not.toMatch(/userauth-request/);
      expect(readFileSync(host.hostKey.files[0] ?? "", "utf8")).not.toContain(key("ssh-ed25519"));
    },
  );

  it("takes a key of a type not yet known for a known host as changed, even under accept-new", async () => {
    const path = join(server.folder, "p384");
    keygen(path, ["-t", "ecdsa", "-b", "384"]);
    const lines = [`${me()} ${readFileSync(`${path}.pub`, "utf8").trim()}`];
    const { error } = await refusedAttempt(withKnown(lines, { mode: "accept-new" }));
    expect(error.code).toBe("host_key_changed");
    expect(error.message).toMatch(/holds ecdsa-sha2-nistp384 .* presents ssh-ed25519 /);
  });

  it("lets @revoked beat a matching good line and a pin", async () => {
    const good = [...server.hostKeys.values()].map((line) => `${me()} ${line}`);
    const lines = [...good, `@revoked * ${key("ssh-ed25519")}`];
    expect((await refusedAttempt(withKnown(lines))).error.code).toBe("host_key_revoked");
    const pinned = [printOf(key("ssh-ed25519"))];
    expect((await refusedAttempt(withKnown(lines, { pinned }))).error.code).toBe("host_key_revoked");
  });

  it("fails closed for a host known only through a certificate authority, and says so", async () => {
    const { error } = await refusedAttempt(
      withKnown([`@cert-authority * ${key("ssh-ed25519")}`], { mode: "accept-new" }),
    );
    expect(error.code).toBe("host_key_unknown");
    expect(error.message).toMatch(
      /only through the @cert-authority line .*chosen:1; it presents no certificate/,
    );
  });

  it.each(["ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519"])(
    "connects without asking when the host is known by its %s key only",
    async (type) => {
      const result = await connect(withKnown([`${me()} ${key(type)}`]));
      expect(result.end).toEqual({ reason: "exit", code: 0 });
    },
  );

  it("takes a key known for the bare address on every port, as OpenSSH does", async () => {
    expect((await connect(withKnown([`127.0.0.1 ${key("ssh-ed25519")}`]))).end).toMatchObject({ code: 0 });
    const { error } = await refusedAttempt(withKnown([`127.0.0.1 ${other}`]));
    expect(error.code).toBe("host_key_unknown");
  });

  it("looks a host up by its alias when it has one", async () => {
    const result = await connect(withKnown([`Rack-7 ${key("ssh-ed25519")}`], { alias: "rack-7" }));
    expect(result.end).toMatchObject({ code: 0 });
  });

  it("finds the pinned key whatever its type, and consults nothing else", async () => {
    for (const type of server.hostKeys.keys()) {
      const pinned = [printOf(key(type))];
      const pty = await transport.link(withKnown([`${me()} ${other}`], { pinned })).openPty({
        cols: 80,
        rows: 24,
        term: "xterm",
      });
      expect(pty.info.hostKey).toMatchObject({ how: "pinned", type, fingerprint: pinned[0] });
    }
    const { error } = await refusedAttempt(
      withKnown([`${me()} ${key("ssh-ed25519")}`], { pinned: [printOf(other)] }),
    );
    expect(error.code).toBe("host_key_changed");
    expect(error.message).toContain(printOf(other));
  });

  it("records a new key once under accept-new, however many connect at the same time", async () => {
    const host = withKnown([], { mode: "accept-new" });
    const [file = ""] = host.hostKey.files;
    const transports = Array.from({ length: 4 }, () => createTransport({ secrets: noSecrets }));
    await Promise.all(transports.map((one) => run(one, host, "true", EXEC)));
    await Promise.all(transports.map((one) => one.dispose()));
    const pty = await transport.link(host).openPty({ cols: 80, rows: 24, term: "xterm" });
    expect(pty.info.hostKey.how).toBe("known");
    expect(readFileSync(file, "utf8").trim()).toBe(`${me()} ${key("ssh-ed25519")}`);
  });

  it("refuses a known RSA key below 2048 bits unless the host allows legacy algorithms", async () => {
    const weak = await startSshd({
      hostKeys: [["-t", "rsa", "-b", "1024"]],
      config: ["RequiredRSASize 1024"],
    });
    try {
      const error = await failureOf(connect(hostOf(weak)));
      expect(error.message).toMatch(/RSA host key of only 1024 bits/);
      expect((await connect(hostOf(weak, { legacy: "all" }))).end).toMatchObject({ code: 0 });
    } finally {
      await weak.stop();
    }
  });

  it("scans a key without any login, and trust appends it so that the next connect succeeds", async () => {
    const host = withKnown([]);
    const before = server.log().length;
    const scanned = await scanHostKey(host, { secrets: noSecrets });
    expect(scanned).toMatchObject({
      type: "ssh-ed25519",
      name: me(),
      fingerprint: printOf(key("ssh-ed25519")),
    });
    expect(server.log().slice(before)).not.toMatch(/userauth-request/);

    const declined = await trust(host, { secrets: noSecrets, confirm: async () => false });
    expect(declined.result).toBe("declined");
    expect((await failureOf(connect(host))).code).toBe("host_key_unknown");

    const added = await trust(host, { secrets: noSecrets, confirm: async () => true });
    expect(added.result).toBe("added");
    expect((await connect(host)).end).toMatchObject({ code: 0 });
    const again = await trust(host, {
      secrets: noSecrets,
      confirm: () => Promise.reject(new Error("asked")),
    });
    expect(again.result).toBe("already_known");
  });

  it("does not let trust replace a changed key", async () => {
    const host = withKnown([`${me()} ${other}`]);
    const error = await failureOf(trust(host, { secrets: noSecrets, confirm: async () => true }));
    expect(error.code).toBe("host_key_changed");
    writeFileSync(host.hostKey.files[0] ?? "", `@revoked ${me()} ${key("ssh-ed25519")}\n`);
    expect((await failureOf(trust(host, { secrets: noSecrets, confirm: async () => true }))).code).toBe(
      "host_key_revoked",
    );
  });
});
