import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, expect, it } from "vitest";
import { serve } from "./rig.ts";

const folder = mkdtempSync(join(tmpdir(), "tls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };

function renew(name: string): void {
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const rest = ["-days", "2", "-nodes", "-subj", `/CN=${name}`, "-keyout", files.key, "-out", files.cert];
  execFileSync("openssl", ["req", "-x509", ...curve, ...rest], { stdio: "ignore" });
}

/** Whose certificate a new connection gets. */
function nameOn(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

it("a certificate that is renewed counts from the next connection, and one that does not fit changes nothing", async () => {
  renew("first");
  const { port, said } = await serve({ jo: {} }, { tls: files });
  expect(await nameOn(port)).toBe("first");
  renew("second");
  await expect.poll(() => nameOn(port), { timeout: 30_000 }).toBe("second");
  const good = readFileSync(files.cert);
  writeFileSync(files.cert, "no certificate");
  await expect.poll(() => said.join("\n"), { timeout: 30_000 }).toMatch(/the new certificate is not used/);
  expect(await nameOn(port)).toBe("second");
  writeFileSync(files.cert, good);
});

it("plain HTTP gets no answer where TLS is spoken", async () => {
  renew("third");
  const { raw } = await serve({ jo: {} }, { tls: files });
  const answer = await raw("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").catch(() => "");
  expect(answer).not.toMatch(/200/);
});
