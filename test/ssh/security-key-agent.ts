import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ecdsaSignature } from "../../src/ssh/protocol/signature.ts";
import { FieldReader, field, uint32 } from "../../src/ssh/protocol/wire.ts";

/** Kinds of keys that a security key holds for SSH. */
export type SecurityKeyType = "sk-ssh-ed25519@openssh.com" | "sk-ecdsa-sha2-nistp256@openssh.com";

const APPLICATION = "ssh:";

/** An agent that signs as one with a security key does (PROTOCOL.u2f); the key itself is software, since there is no hardware here. */
export interface SecurityKeyAgent {
  readonly socket: string;
  /** The line for authorized_keys. */
  readonly line: string;
  /** Signs without the flag that says somebody touched the key. */
  untouched(): void;
  stop(): Promise<void>;
}

export async function startSecurityKeyAgent(type: SecurityKeyType): Promise<SecurityKeyAgent> {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-sk-"));
  const socket = join(folder, "agent");
  const key = type.startsWith("sk-ssh") ? ed25519() : ecdsa();
  const blob = Buffer.concat([field(type), ...key.fields, field(APPLICATION)]);
  let counter = 0;
  let flags = 1;
  const signature = (data: Buffer) => {
    counter++;
    const covered = Buffer.concat([
      sha256(Buffer.from(APPLICATION)),
      Buffer.from([flags]),
      uint32(counter),
      sha256(data),
    ]);
    return Buffer.concat([field(type), field(key.sign(covered)), Buffer.from([flags]), uint32(counter)]);
  };
  const answer = (request: Buffer): Buffer => {
    const reader = new FieldReader(request);
    const kind = reader.byte();
    if (kind === 11)
      return Buffer.concat([Buffer.from([12]), uint32(1), field(blob), field("a security key")]);
    if (kind === 13 && reader.string().equals(blob))
      return Buffer.concat([Buffer.from([14]), field(signature(reader.string()))]);
    return Buffer.from([5]);
  };
  const open = new Set<Socket>();
  const server = createServer((connection) => {
    open.add(connection);
    let bytes = Buffer.alloc(0);
    connection.on("error", () => {});
    connection.on("close", () => open.delete(connection));
    connection.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
        const end = 4 + bytes.readUInt32BE(0);
        connection.write(field(answer(bytes.subarray(4, end))));
        bytes = bytes.subarray(end);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    line: `${type} ${blob.toString("base64")}`,
    untouched: () => {
      flags = 0;
    },
    stop: async () => {
      for (const connection of open) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ed25519() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    fields: [field(publicKey.export({ type: "spki", format: "der" }).subarray(-32))],
    sign: (data: Buffer) => sign(null, data, privateKey),
  };
}

function ecdsa() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const point = publicKey.export({ type: "spki", format: "der" }).subarray(-65);
  return {
    fields: [field("nistp256"), field(point)],
    sign: (data: Buffer) =>
      ecdsaSignature(sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" })),
  };
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
