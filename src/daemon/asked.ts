import { SshMcpError } from "../base/errors.ts";
import type { OwnSecretRef } from "../secrets/reference.ts";

/** A secret command may ask for a touch or a PIN, and a person has to find their second factor. */
const READ_MS = 45_000;

interface Waiting {
  resolve(value: string): void;
  reject(error: unknown): void;
}

/** Questions to the front for what is in its environment, and its answers. */
export class Asked {
  readonly #say: (word: object) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #gone = false;

  constructor(say: (word: object) => void) {
    this.#say = say;
  }

  read(ref: OwnSecretRef, withheld: readonly string[]): Promise<string> {
    return this.ask({ ask: "secret", ref, withheld });
  }

  async environment(): Promise<NodeJS.ProcessEnv> {
    const env: unknown = JSON.parse(await this.ask({ ask: "environment" }));
    const pairs = Object.entries(typeof env === "object" && env !== null ? env : {});
    return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]));
  }

  /** Asks the person or the process there. @throws SshMcpError `secret_unavailable` where there is no answer. */
  ask(question: object): Promise<string> {
    if (this.#gone) return Promise.reject(left());
    const id = ++this.#last;
    return new Promise<string>((resolve, reject) => {
      const over = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        settle();
      };
      const late = () =>
        new SshMcpError("secret_unavailable", `the client did not answer within ${READ_MS / 1000} s`);
      const timer = setTimeout(() => over(() => reject(late())), READ_MS);
      this.#waiting.set(id, {
        resolve: (value) => over(() => resolve(value)),
        reject: (error) => over(() => reject(error)),
      });
      this.#say({ ...question, id });
    });
  }

  answered(word: Readonly<Record<string, unknown>> | undefined): void {
    const { id, value, error, next } = word ?? {};
    const waiting = typeof id === "number" ? this.#waiting.get(id) : undefined;
    if (typeof value === "string") waiting?.resolve(value);
    else
      waiting?.reject(
        new SshMcpError(
          "secret_unavailable",
          typeof error === "string" ? error : "the client could not read it",
          typeof next === "string" ? next : undefined,
        ),
      );
  }

  gone(): void {
    this.#gone = true;
    for (const { reject } of [...this.#waiting.values()]) reject(left());
  }
}

function left(): SshMcpError {
  return new SshMcpError("secret_unavailable", "the client has gone before it answered");
}
