import type { BaseAgent, ParsedKey, SignCallback, SigningRequestOptions } from "ssh2";

type Ssh2 = typeof import("ssh2");

/**
 * An agent that offers one key only. ssh2 tries an agent's keys one after the other without telling the auth handler, and
 * would so run on to further keys after a partial success. `signing` is told that the server accepted the key itself, and
 * what it returns that the agent has answered.
 */
export function singleKeyAgent(
  ssh2: Ssh2,
  agent: BaseAgent,
  only: ParsedKey,
  signing: () => () => void,
): BaseAgent {
  class SingleKeyAgent extends ssh2.BaseAgent {
    override getIdentities(callback: (error?: Error | null, keys?: ParsedKey[]) => void): void {
      callback(null, [only]);
    }

    override sign(
      key: string | Buffer | ParsedKey,
      bytes: Buffer,
      optionsOrCallback: SigningRequestOptions | SignCallback,
      callback?: SignCallback,
    ): void {
      const answered = signing();
      const [options, done] =
        typeof optionsOrCallback === "function" ? [{}, optionsOrCallback] : [optionsOrCallback, callback];
      agent.sign(key, bytes, options, (error, signature) => {
        answered();
        done?.(error, signature);
      });
    }
  }
  return new SingleKeyAgent();
}
