import type { Duplex } from "node:stream";
import type { BaseAgent } from "ssh2";
import { FieldReader, field, uint32 } from "../protocol/wire.ts";

/** Message numbers of draft-miller-ssh-agent. */
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
/** OpenSSH's agent takes and sends no longer messages. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const RSA_FLAGS: ReadonlyMap<string, number> = new Map([
  ["rsa-sha2-256", 2],
  ["rsa-sha2-512", 4],
]);

/** The public blobs of all an agent holds, certificates and security keys among them: ssh2 passes over what it cannot parse. */
export async function agentBlobs(agent: BaseAgent): Promise<Buffer[]> {
  const reader = await ask(agent, Buffer.from([REQUEST_IDENTITIES]), IDENTITIES_ANSWER);
  const blobs: Buffer[] = [];
  for (let count = reader.uint32(); count > 0; count--) {
    blobs.push(reader.string());
    reader.string();
  }
  return blobs;
}

/** The whole signature (RFC 4253 6.6) of the key `blob` over `data`; `algorithm` matters for RSA keys. */
export async function agentSignature(
  agent: BaseAgent,
  blob: Buffer,
  data: Buffer,
  algorithm: string,
): Promise<Buffer> {
  const flags = uint32(RSA_FLAGS.get(algorithm) ?? 0);
  const request = Buffer.concat([Buffer.from([SIGN_REQUEST]), field(blob), field(data), flags]);
  return (await ask(agent, request, SIGN_RESPONSE)).string();
}

/** One request on a stream of its own. How long it may take is the dial's to bound: a person may have to confirm. */
function ask(agent: BaseAgent, request: Buffer, expected: number): Promise<FieldReader> {
  return new Promise((resolve, reject) => {
    if (agent.getStream === undefined) return reject(new Error("This kind of agent cannot be asked."));
    agent.getStream((error, stream) => {
      if (error || stream === undefined) return reject(error ?? new Error("The agent could not be reached."));
      exchange(stream, request)
        .then((answer) => {
          const reader = new FieldReader(answer);
          if (reader.byte() === expected) return reader;
          throw new Error("Agent responded with failure");
        })
        .then(resolve, reject);
    });
  });
}

function exchange(stream: Duplex, request: Buffer): Promise<Buffer> {
  return new Promise<Buffer>((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    stream.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 4) return;
      const length = bytes.readUInt32BE(0);
      if (length === 0 || length > MAX_MESSAGE_BYTES) reject(new Error("The agent's answer is malformed."));
      else if (bytes.length >= 4 + length) resolve(bytes.subarray(4, 4 + length));
    });
    stream.on("error", reject);
    stream.on("close", () => reject(new Error("The agent closed the connection without an answer.")));
    stream.write(field(request));
  }).finally(() => stream.destroy());
}
