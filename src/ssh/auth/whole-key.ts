import { sign } from "node:crypto";
import type { BaseAgent, KeyType, ParsedKey, SignCallback, SigningRequestOptions } from "ssh2";
import { ecdsaSignature, hashOf } from "../protocol/signature.ts";
import type { Ssh2 } from "../protocol/ssh2.ts";
import { field } from "../protocol/wire.ts";

/** A whole signature (RFC 4253 6.6) over the data of a login request. */
export type SignWhole = (data: Buffer) => Promise<Buffer>;

/**
 * A key of a kind that ssh2 does not know: a certificate, or the key of a security key. ssh2 with our patch sends its blob
 * under the name `type`, and its signature as it is.
 */
class WholeKey implements ParsedKey {
  readonly wholeSignature = true;
  readonly comment = "";
  /** Replaced by the algorithm, whose name the types of ssh2 do not know. */
  readonly type: KeyType = "ssh-ed25519";
  readonly #blob: Buffer;

  constructor(blob: Buffer) {
    this.#blob = blob;
  }

  getPublicSSH(): Buffer {
    return this.#blob;
  }

  getPublicPEM(): string {
    return "";
  }

  getPrivatePEM(): string {
    return "";
  }

  isPrivateKey(): boolean {
    return false;
  }

  equals(key: ParsedKey): boolean {
    return this.#blob.equals(key.getPublicSSH());
  }

  sign(): Buffer {
    throw new Error("This key signs through its agent only.");
  }

  verify(): boolean {
    return false;
  }
}

/** An agent that offers this one key. `signing` is called when the server has accepted the key itself, and again when it is signed. */
export function wholeKeyAgent(
  ssh2: Ssh2,
  key: { readonly algorithm: string; readonly blob: Buffer; readonly sign: SignWhole },
  signing: () => () => void,
): BaseAgent {
  const whole = Object.assign(new WholeKey(key.blob), { type: key.algorithm });
  class WholeKeyAgent extends ssh2.BaseAgent {
    override getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
      callback(null, [whole]);
    }

    override sign(
      _key: string | Buffer | ParsedKey,
      data: Buffer,
      optionsOrCallback: SigningRequestOptions | SignCallback,
      callback?: SignCallback,
    ): void {
      const done = typeof optionsOrCallback === "function" ? optionsOrCallback : callback;
      const signed = signing();
      key.sign(data).then(
        (signature) => {
          signed();
          done?.(null, signature);
        },
        (error: unknown) => {
          signed();
          done?.(error instanceof Error ? error : new Error("the agent did not sign"));
        },
      );
    }
  }
  return new WholeKeyAgent();
}

/** Signs with a private key that is at hand; `algorithm` is the plain one (`rsa-sha2-512`). */
export function signWith(key: ParsedKey, algorithm: string): SignWhole {
  return async (data) => {
    const hash = hashOf(algorithm);
    const made = sign(hash, data, { key: key.getPrivatePEM(), dsaEncoding: "ieee-p1363" });
    const value = algorithm.startsWith("ecdsa-") ? ecdsaSignature(made) : made;
    return Buffer.concat([field(algorithm), field(value)]);
  };
}
