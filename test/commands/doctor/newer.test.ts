import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { noCommonAlgorithm, type ServerOffer } from "../../../src/ssh/protocol/algorithms.ts";
import { hostOf, knownHosts } from "../../ssh/hosts.ts";
import { canRunSshd, keygen, startSshd, type TestServer } from "../../ssh/sshd.ts";
import { examine } from "./rig.ts";

const SNTRUP = "sntrup761x25519-sha512@openssh.com";
const ED25519 = { hostKeys: [["-t", "ed25519"]] } as const;

describe.skipIf(!canRunSshd)("doctor and what newer servers do", () => {
  let server: TestServer;
  afterEach(() => server.stop());

  it("shows what was agreed on and what the server would prefer", async () => {
    server = await startSshd({ ...ED25519, config: [`KexAlgorithms ${SNTRUP},ecdh-sha2-nistp384`] });
    const { diagnosis } = await examine(hostOf(server));
    const found = diagnosis.sections[0]?.findings.find(({ what }) => what === "algorithms");
    expect(found).toMatchObject({
      verdict: "ok",
      text: expect.stringMatching(/^ecdh-sha2-nistp384, ssh-ed25519, /),
      details: [
        `the server would prefer the key exchange ${SNTRUP}, which is not supported here; nothing has to be done`,
      ],
    });
    expect(found?.more).toContainEqual(expect.stringMatching(/^the server would prefer the cipher chacha20/));
  }, 120_000);

  it("calls no server old whose algorithms are not", async () => {
    server = await startSshd({ ...ED25519, config: [`KexAlgorithms ${SNTRUP}`] });
    const { failed, diagnosis } = await examine(hostOf(server));
    expect(failed?.what).toBe("algorithms");
    expect(diagnosis.next).not.toMatch(/update the host/);
    expect(diagnosis.next).toMatch(
      /Let the server offer one of these too: key exchange mlkem768x25519-sha256, curve25519-sha256, .*newer release/,
    );
  }, 120_000);

  it("names the keys that a server announces and known_hosts does not have", async () => {
    server = await startSshd({
      hostKeys: [
        ["-t", "ed25519"],
        ["-t", "ed25519"],
        ["-t", "ecdsa"],
      ],
    });
    const [, first = ""] = /^(.*)$/m.exec(publicKey(server, 0)) ?? [];
    const files = [knownHosts(server, [`[127.0.0.1]:${server.port} ${first}`], "chosen")];
    const { diagnosis } = await examine(hostOf(server, { hostKey: { mode: "strict", files } }));
    const found = diagnosis.sections[0]?.findings.find(({ what }) => what === "host keys");
    expect(found).toMatchObject({ verdict: "warn", text: "the server announces 3 keys, and proved them" });
    expect(found?.details).toEqual([
      expect.stringMatching(/^new, of the kind in use, so it is about to change: ssh-ed25519 SHA256:/),
      expect.stringMatching(/^not recorded: ecdsa-sha2-nistp256 SHA256:/),
      expect.stringMatching(/^ssh-mcp trust --rotate \S+ records what is not$/),
    ]);
  }, 120_000);

  it("names a recorded key that is gone", async () => {
    server = await startSshd(ED25519);
    const gone = join(server.folder, "gone");
    keygen(gone, ["-t", "ecdsa"]);
    const lines = [publicKey(server, 0), publicKey(server, "gone")];
    const files = [
      knownHosts(
        server,
        lines.map((key) => `[127.0.0.1]:${server.port} ${key}`),
        "chosen",
      ),
    ];
    const { diagnosis } = await examine(hostOf(server, { hostKey: { mode: "strict", files } }));
    const found = diagnosis.sections[0]?.findings.find(({ what }) => what === "host keys");
    expect(found).toMatchObject({
      verdict: "ok",
      details: [expect.stringMatching(/^no longer among them: the ecdsa-sha2-nistp256 key of \S+chosen:2$/)],
    });
  }, 120_000);
});

describe("a server with which nothing is in common", () => {
  const offer = (more: Partial<ServerOffer>): ServerOffer => ({
    kex: ["curve25519-sha256"],
    hostKey: ["ssh-ed25519"],
    cipher: ["aes128-ctr"],
    mac: ["hmac-sha2-256"],
    compress: ["none"],
    ...more,
  });

  it.each([
    ["key exchanges of the future", { kex: ["mlkem1024nistp384-sha384"] }],
    ["signatures of the future", { hostKey: ["ssh-mldsa44-ed25519@openssh.com"] }],
    ["ciphers of others", { cipher: ["camellia256-ctr"] }],
    ["one obsolete and one new", { kex: ["rsa1024-sha1", "mlkem1024nistp384-sha384"] }],
    ["compression alone", { compress: ["zlib"] }],
  ])("is not to be updated: %s", (_what, more) => {
    expect(noCommonAlgorithm("web1", offer(more), undefined)?.next).not.toMatch(/update the host/);
  });

  it("is to be updated where all it has is obsolete", () => {
    const old = noCommonAlgorithm("web1", offer({ cipher: ["blowfish-cbc", "arcfour"] }), undefined);
    expect(old?.next).toContain("all of them are obsolete; update the host's SSH server");
  });
});

function publicKey(server: TestServer, index: number | string): string {
  const path = join(server.folder, typeof index === "number" ? `host-${index}.pub` : `${index}.pub`);
  return readFileSync(path, "utf8").trim();
}
