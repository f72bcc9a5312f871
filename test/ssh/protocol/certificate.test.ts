import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificateOfText, isSigned, parseCertificate } from "../../../src/ssh/protocol/certificate.ts";
import { keygen } from "../sshd.ts";

describe("a certificate of ssh-keygen's", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-certificate-"));
    keygen(join(folder, "key"), ["-t", "ed25519"]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let made = 0;
  const signedBy = (authority: readonly string[]): Buffer => {
    const ca = join(folder, `authority-${made++}`);
    keygen(ca, authority);
    const options = ["-O", "force-command=uptime", "-O", "source-address=10.0.0.0/8"];
    execFileSync("ssh-keygen", [
      "-q",
      "-s",
      ca,
      "-I",
      "me",
      "-n",
      "a,b",
      "-z",
      "7",
      ...options,
      join(folder, "key.pub"),
    ]);
    const certificate = certificateOfText(readFileSync(join(folder, "key-cert.pub"), "utf8"));
    if (certificate === undefined) throw new Error("it was not read");
    return certificate.blob;
  };

  it("says what it says", () => {
    expect(parseCertificate(signedBy(["-t", "ed25519"]))).toMatchObject({
      type: "ssh-ed25519-cert-v01@openssh.com",
      for: "user",
      id: "me",
      serial: 7n,
      principals: ["a", "b"],
      critical: new Map([
        ["force-command", "uptime"],
        ["source-address", "10.0.0.0/8"],
      ]),
    });
  });

  it.each([[["-t", "ed25519"]], [["-t", "ecdsa", "-b", "256"]], [["-t", "rsa", "-b", "2048"]]])(
    "is signed as it is, and not with any byte changed, missing or added (authority %s)",
    (authority) => {
      const blob = signedBy(authority);
      const good = (bytes: Buffer) => {
        const certificate = parseCertificate(bytes);
        return certificate !== undefined && isSigned(certificate);
      };
      expect(good(blob)).toBe(true);
      for (let at = 0; at < blob.length; at++) {
        const changed = Buffer.from(blob);
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(good(changed), `byte ${at}`).toBe(false);
        expect(good(blob.subarray(0, at)), `cut at ${at}`).toBe(false);
      }
      expect(good(Buffer.concat([blob, Buffer.alloc(1)]))).toBe(false);
    },
  );
});
