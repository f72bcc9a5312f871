import { afterEach, describe, expect, it } from "vitest";
import type { LegacyAlgorithms, ResolvedHost } from "../../../src/inventory/host.ts";
import { algorithmsFor, LEGACY, legacyWarnings } from "../../../src/ssh/protocol/algorithms.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { EXEC, failureOf, hostOf, noSecrets, PTY, run, testHost } from "../hosts.ts";
import { canRunDropbear, canRunSshd, type SshdOptions, startDropbear, startSshd } from "../sshd.ts";

const RSA = [["-t", "rsa", "-b", "2048"]];
const SMALL_RSA = [["-t", "rsa", "-b", "1024"]];

interface Device {
  readonly what: string;
  readonly config: readonly string[];
  readonly hostKeys?: SshdOptions["hostKeys"];
  /** What the inventory has to allow, and what is warned about then. */
  readonly legacy: LegacyAlgorithms;
}

/** Devices that speak one old algorithm of a kind and nothing newer. */
const DEVICES: readonly Device[] = [
  ...["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1"].map(
    (kex) => ({
      what: kex,
      config: [`KexAlgorithms ${kex}`],
      legacy: { kex: [kex] },
    }),
  ),
  { what: "ssh-rsa", config: ["HostKeyAlgorithms ssh-rsa"], hostKeys: RSA, legacy: { hostKey: ["ssh-rsa"] } },
  {
    what: "ssh-dss",
    config: ["HostKeyAlgorithms ssh-dss"],
    hostKeys: [["-t", "dsa"]],
    legacy: { hostKey: ["ssh-dss"] },
  },
  ...["3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc"].map((cipher) => ({
    what: cipher,
    config: [`Ciphers ${cipher}`],
    legacy: { cipher: [cipher] },
  })),
  ...["hmac-sha1", "hmac-sha1-96", "hmac-md5", "hmac-md5-96", "hmac-sha1-etm@openssh.com"].map((mac) => ({
    what: mac,
    config: ["Ciphers aes128-ctr", `MACs ${mac}`],
    legacy: { mac: [mac] },
  })),
  {
    what: "the worst of each kind, with ssh-rsa of 1024 bits",
    config: [
      "RequiredRSASize 1024",
      "KexAlgorithms diffie-hellman-group1-sha1",
      "HostKeyAlgorithms ssh-rsa",
      "Ciphers aes128-cbc",
      "MACs hmac-md5",
    ],
    hostKeys: SMALL_RSA,
    legacy: {
      kex: ["diffie-hellman-group1-sha1"],
      hostKey: ["ssh-rsa"],
      cipher: ["aes128-cbc"],
      mac: ["hmac-md5"],
    },
  },
  {
    what: "the worst of each kind, with ssh-dss",
    config: [
      "KexAlgorithms diffie-hellman-group1-sha1",
      "HostKeyAlgorithms ssh-dss",
      "Ciphers 3des-cbc",
      "MACs hmac-md5",
    ],
    hostKeys: [["-t", "dsa"]],
    legacy: {
      kex: ["diffie-hellman-group1-sha1"],
      hostKey: ["ssh-dss"],
      cipher: ["3des-cbc"],
      mac: ["hmac-md5"],
    },
  },
];

describe.skipIf(!canRunSshd)("a device that knows only old algorithms", () => {
  let transport = createTransport({ secrets: noSecrets });
  afterEach(async () => {
    await transport.dispose();
    transport = createTransport({ secrets: noSecrets });
  });

  it.each(DEVICES)("$what: refused with the lines that allow it, and connects with them", async (device) => {
    const server = await startSshd({
      config: device.config,
      ...(device.hostKeys === undefined ? {} : { hostKeys: device.hostKeys }),
    });
    try {
      const host = hostOf(server);
      const error = await failureOf(transport.link(host).openPty(PTY));
      expect(error.code).toBe("connect_failed");
      for (const [kind, names] of Object.entries(device.legacy)) {
        const key = kind === "hostKey" ? "host_key" : kind;
        expect(error.message).toContain(names[0]);
        expect(error.next).toContain(`${key}: [${names[0]}]`);
      }
      expect(server.log()).not.toMatch(/Accepted|userauth/);

      const allowed: ResolvedHost = { ...host, legacy: device.legacy };
      const pty = await transport.link(allowed).openPty(PTY);
      const inUse = Object.values(device.legacy).flat();
      expect(pty.info.warnings.map((warning) => warning.split(": ")[1]).sort()).toEqual([...inUse].sort());
      expect((await run(transport, { ...host, legacy: "all" }, "echo ok", EXEC)).stdout.toString()).toBe(
        "ok\n",
      );
    } finally {
      await server.stop();
    }
  });

  it.each(["diffie-hellman-group-exchange-sha256"])(
    "calls itself Cisco-1.25 and knows only %s: connects all the same",
    async (kex) => {
      const server = await startSshd({
        software: "Cisco-1.25",
        // Keys of 256 bits make the client ask for the largest group it dares.
        config: [`KexAlgorithms ${kex}`, "Ciphers aes256-ctr", "LogLevel DEBUG3"],
      });
      try {
        // A group of 4,096 bits or more takes seconds to compute, and a busy machine several times that.
        const timing = { ...testHost(server.port).timing, connectTimeoutMs: 120_000 };
        const host = hostOf(server, { legacy: { kex: [kex] }, timing });
        const pty = await transport.link(host).openPty(PTY);
        expect(pty.info.ident).toBe("SSH-2.0-Cisco-1.25");
        expect((await run(transport, host, "echo ok", EXEC)).stdout.toString()).toBe("ok\n");
        // Larger groups are what such devices cannot do.
        expect(server.log()).toMatch(/got parameters: 2048 4096 8192/);
      } finally {
        await server.stop();
      }
    },
    240_000,
  );

  it("has an RSA host key of 1,024 bits: refused with the line that allows it, and connects with it", async () => {
    const server = await startSshd({
      config: ["RequiredRSASize 1024"],
      hostKeys: SMALL_RSA,
    });
    try {
      const host = hostOf(server);
      const error = await failureOf(transport.link(host).openPty(PTY));
      expect(error.toText()).toMatch(/only 1024 bits[\s\S]*legacy: \{host_key: \[ssh-rsa\]\}/);
      expect(server.log()).not.toMatch(/Accepted|userauth/);
      const result = await run(transport, { ...host, legacy: { hostKey: ["ssh-rsa"] } }, "echo ok", EXEC);
      expect(result.stdout.toString()).toBe("ok\n");
    } finally {
      await server.stop();
    }
  });

  it("speaks only algorithms we do not have: told so, with what it offers", async () => {
    const server = await startSshd({ config: ["KexAlgorithms sntrup761x25519-sha512@openssh.com"] });
    try {
      const error = await failureOf(transport.link(hostOf(server, { legacy: "all" })).openPty(PTY));
      expect(error.toText()).toMatch(
        /key exchange: sntrup761x25519-sha512@openssh\.com.*\nNext: Nothing supported/,
      );
    } finally {
      await server.stop();
    }
  });

  it("is not confused with a modern one, which gets no warning and the strict key exchange", async () => {
    const server = await startSshd({ config: ["LogLevel DEBUG3"] });
    try {
      const pty = await transport.link(hostOf(server, { legacy: "all" })).openPty(PTY);
      expect(pty.info.warnings).toEqual([]);
      expect(server.log()).toMatch(/will use strict KEX ordering|kex: algorithm: curve25519-sha256/);
      expect(server.log()).toMatch(/kex-strict-c-v00@openssh\.com/);
    } finally {
      await server.stop();
    }
  });
});

describe("algorithms", () => {
  it("offers nothing old by default, and no compression ever", () => {
    const offer = algorithmsFor(undefined, []);
    const all = [offer.kex, offer.serverHostKey, offer.cipher, offer.hmac].flatMap((list): string[] =>
      Array.isArray(list) ? list : [],
    );
    expect(all.length).toBeGreaterThan(20);
    const old = Object.values(LEGACY).flat();
    expect(all.filter((name) => old.includes(name))).toEqual([]);
    expect(algorithmsFor("all", []).compress).toEqual(["none"]);
  });

  it("puts the host key types that are known first", () => {
    expect(algorithmsFor(undefined, ["ssh-rsa"]).serverHostKey).toEqual([
      "rsa-sha2-512",
      "rsa-sha2-256",
      "ssh-ed25519",
      "ecdsa-sha2-nistp256",
      "ecdsa-sha2-nistp384",
      "ecdsa-sha2-nistp521",
    ]);
  });

  it("refuses an algorithm name nobody knows, with those that exist", () => {
    expect(() => algorithmsFor({ cipher: ["rot13"] }, [])).toThrow(/Unknown legacy cipher algorithm "rot13"/);
  });

  it("warns once per old algorithm in use", () => {
    const used = { kex: [], hostKey: ["ssh-rsa"], cipher: ["3des-cbc", "3des-cbc"], mac: ["hmac-sha2-256"] };
    expect(legacyWarnings(used)).toEqual([
      "legacy host key algorithm in use: ssh-rsa",
      "legacy cipher algorithm in use: 3des-cbc",
    ]);
  });
});

describe.skipIf(!canRunDropbear)("dropbear", () => {
  it("is spoken to as well, up to the login", async () => {
    const server = await startDropbear();
    try {
      const transport = createTransport({ secrets: noSecrets });
      const host = testHost(server.port, { ...hostOf(server), user: "nobody", port: server.port });
      const error = await failureOf(transport.link(host).openPty(PTY));
      expect(error.code).toBe("auth_failed");
      await transport.dispose();
    } finally {
      await server.stop();
    }
  });
});
