import { SshMcpError } from "../../base/errors.ts";
import type { ReadSecret, SecretRef } from "../../secrets/reference.ts";
import type { SecretSource } from "./keyboard-interactive.ts";

/** A secret of the inventory that is read once and given away once per connection. */
export class OnceSecret implements SecretSource {
  readonly #ref: SecretRef;
  readonly #read: ReadSecret;
  readonly #what: string;
  #reading: ReturnType<ReadSecret> | undefined;
  #given = false;

  /** `what` in a sentence: "The password". */
  constructor(ref: SecretRef, read: ReadSecret, what: string) {
    this.#ref = ref;
    this.#read = read;
    this.#what = what;
  }

  get given(): boolean {
    return this.#given;
  }

  /** Reads it, and gives nothing away. The reference may be a command that asks for a touch, so it is read once. @throws SshMcpError */
  async load(): Promise<{ reveal(): string }> {
    this.#reading ??= this.#read(this.#ref);
    try {
      return await this.#reading;
    } catch (error) {
      const known =
        error instanceof SshMcpError ? error : new SshMcpError("secret_unavailable", "Secret not readable.");
      throw new SshMcpError(known.code, `${this.#what} is not available: ${known.message}`, known.next);
    }
  }

  /** @throws SshMcpError */
  async take(): Promise<string> {
    const secret = await this.load();
    this.#given = true;
    return secret.reveal();
  }
}
