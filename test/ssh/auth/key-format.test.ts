import { execFileSync } from "node:child_process";
import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DecodedKey, decodeKey } from "../../../src/ssh/auth/key-format.ts";

const PHRASE = "correct horse battery";
const KINDS = [
  ["rsa", { algorithm: "RSA", options: ["-pkeyopt", "rsa_keygen_bits:2048"] }],
  ["ecdsa P-256", { algorithm: "EC", options: ["-pkeyopt", "ec_paramgen_curve:P-256"] }],
  ["ecdsa P-384", { algorithm: "EC", options: ["-pkeyopt", "ec_paramgen_curve:P-384"] }],
  ["ecdsa P-521", { algorithm: "EC", options: ["-pkeyopt", "ec_paramgen_curve:P-521"] }],
  ["ed25519", { algorithm: "ED25519", options: [] }],
] as const;

describe("the form of a private key", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-keys-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text?: string | Buffer) => {
    const path = join(folder, name);
    if (text !== undefined) writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { stdio: ["ignore", "pipe", "ignore"] });
  const decode = (path: string, phrase?: string) => decodeKey(ssh2, readFileSync(path), path, phrase);
  const publicSsh = (decoded: DecodedKey) => {
    if (!("key" in decoded)) throw new Error(JSON.stringify(decoded));
    return decoded.key.getPublicSSH();
  };
  /** The public half as ssh-keygen sees it. */
  const byKeygen = (path: string, phrase = "") =>
    Buffer.from(
      execFileSync("ssh-keygen", ["-y", "-P", phrase, "-f", path], { encoding: "utf8" }).split(" ")[1] ?? "",
      "base64",
    );

  describe.each(KINDS)("PKCS#8 with %s", (name, { algorithm, options }) => {
    const make = (suffix: string) => {
      const path = file(`${name.replaceAll(" ", "")}${suffix}`);
      openssl("genpkey", "-algorithm", algorithm, ...options, "-out", path);
      return path;
    };

    it("is read, also with remarks around it and line ends of Windows, and signs", () => {
      const path = make("");
      execFileSync("chmod", ["600", path]);
      const decoded = decode(path);
      const text = readFileSync(path, "utf8");
      const dressed = file(
        "dressed",
        `Bag Attributes\n    friendlyName: x\n${text}\n`.replaceAll("\n", "\r\n"),
      );
      expect(publicSsh(decode(dressed))).toEqual(publicSsh(decoded));
      if (algorithm !== "ED25519") expect(publicSsh(decoded)).toEqual(byKeygen(path));
      if (!("key" in decoded)) return;
      const message = Buffer.from("a session's hash");
      expect(decoded.key.verify(message, decoded.key.sign(message))).toBe(true);
    });

    it.each(["aes-256-cbc", "aes-128-cbc", "des3"])(
      "is read encrypted with %s, and a wrong pass phrase is named",
      (cipher) => {
        const path = make("-plain");
        const locked = file(`locked-${cipher}`);
        openssl("pkcs8", "-topk8", "-v2", cipher, "-passout", `pass:${PHRASE}`, "-in", path, "-out", locked);
        expect(decode(locked)).toEqual({ encrypted: true });
        expect(decode(locked, "not it")).toEqual({ wrongPassphrase: true });
        expect(publicSsh(decode(locked, PHRASE))).toEqual(publicSsh(decode(path)));
      },
    );
  });

  it("reads a classic EC key behind its parameters", () => {
    const path = file("ec-params");
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", path);
    execFileSync("chmod", ["600", path]);
    expect(readFileSync(path, "utf8")).toMatch(/^-----BEGIN EC PARAMETERS-----/);
    expect(publicSsh(decode(path))).toEqual(byKeygen(path));
  });

  /** A key in PuTTY's format 2, as puttygen writes it. */
  const putty2 = (phrase?: string): string => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = privateKey.export({ format: "jwk" });
    const string = (bytes: Buffer) =>
      Buffer.concat([Buffer.from(new Uint32Array([bytes.length]).buffer).reverse(), bytes]);
    const mpint = (value: string | undefined) => {
      const bytes = Buffer.from(value ?? "", "base64url");
      return string((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
    };
    const open = Buffer.concat([string(Buffer.from("ssh-rsa")), mpint(jwk.e), mpint(jwk.n)]);
    const secret = Buffer.concat([mpint(jwk.d), mpint(jwk.p), mpint(jwk.q), mpint(jwk.qi)]);
    const mac = createHmac(
      "sha1",
      createHash("sha1")
        .update(`putty-private-key-file-mac-key${phrase ?? ""}`)
        .digest(),
    );
    for (const part of ["ssh-rsa", "none", "a key"].map((text) => Buffer.from(text)).concat([open, secret]))
      mac.update(string(part));
    const lines = (bytes: Buffer) => bytes.toString("base64").match(/.{1,64}/g) ?? [];
    const [a, b] = [lines(open), lines(secret)];
    return [
      "PuTTY-User-Key-File-2: ssh-rsa",
      "Encryption: none",
      "Comment: a key",
      ...[`Public-Lines: ${a.length}`, ...a, `Private-Lines: ${b.length}`, ...b],
      `Private-MAC: ${mac.digest("hex")}`,
      "",
    ].join("\r\n");
  };

  it("reads an RSA key in PuTTY's format 2", () => {
    expect(decode(file("two.ppk", putty2()))).toHaveProperty("key");
  });

  it.each([
    [
      "PuTTY's format 3",
      "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: aes256-cbc\r\n",
      /PuTTY key \(format 3, ssh-ed25519\).*puttygen .* -O private-openssh -o NEW/,
    ],
    [
      "PuTTY's format 2 with Ed25519",
      "PuTTY-User-Key-File-2: ssh-ed25519\nEncryption: none\n",
      /PuTTY key \(format 2, ssh-ed25519\).*puttygen/,
    ],
    [
      "ssh.com's form",
      '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "x"\nAAAA\n',
      /ssh\.com's form; convert it: ssh-keygen -i -f/,
    ],
    [
      "an X.509 certificate",
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
      /X\.509 certificate, not a private key/,
    ],
    [
      "an OpenSSH certificate",
      "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5 x\n",
      /OpenSSH certificate, not a private key/,
    ],
    [
      "a public key in PEM",
      "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n",
      /public key, not the private one/,
    ],
    [
      "a PGP key",
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ\n-----END PGP PRIVATE KEY BLOCK-----\n",
      /PGP key/,
    ],
    ["a JSON Web Key", '{"kty":"RSA","n":"x"}', /JSON Web Key/],
    [
      "DER",
      Buffer.from([0x30, 0x82, 0x04, 0xbd, 0x02, 0x01, 0x00, 0x30]),
      /binary \(DER or PKCS#12\).*openssl pkey -inform DER/,
    ],
    [
      "a damaged PKCS#8 key",
      "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
      /PKCS#8 key .* or damaged/,
    ],
    ["text that is no key", "hello\n", /damaged, or no private key/],
    ["an empty file", "", /damaged, or no private key/],
  ] as const)("says what %s is and how it is converted", (_, text, reason) => {
    const decoded = decode(file("other", text));
    expect("unusable" in decoded && decoded.unusable).toMatch(reason);
    expect("unusable" in decoded && decoded.unusable).not.toMatch(/certificates and FIDO/);
  });

  it("says that OpenSSL 3 does not decrypt what an old one encrypted with single DES", () => {
    const path = file("old");
    openssl("genpkey", "-algorithm", "ED25519", "-out", path);
    const locked = file("old-locked");
    const args = ["-topk8", "-v1", "PBE-MD5-DES", "-provider", "legacy", "-provider", "default"];
    openssl("pkcs8", ...args, "-passout", `pass:${PHRASE}`, "-in", path, "-out", locked);
    expect(decode(locked, PHRASE)).toEqual({
      unusable: expect.stringMatching(
        /encryption OpenSSL 3 does not support.*openssl pkcs8 -topk8 -v2 aes-256-cbc/,
      ),
    });
  });

  it("names the curve of a key that SSH does not know", () => {
    const path = file("k1");
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-out", path);
    expect(decode(path)).toEqual({
      unusable: "it is a PKCS#8 key on the curve secp256k1, which SSH does not know",
    });
  });

  it("names the type of a key that no login here can use", () => {
    const path = file("ed448");
    openssl("genpkey", "-algorithm", "ED448", "-out", path);
    expect(decode(path)).toEqual({ unusable: expect.stringContaining("PKCS#8 key of type ed448") });
  });
});
