import { createHmac, randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import type { Clock, Disposable } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import { shellQuote } from "../../base/shell-quote.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { ReadSecret, SecretRef } from "../../secrets/reference.ts";
import { agentBlobs } from "../auth/agent-client.ts";
import { LoginRefused } from "../auth/refused.ts";
import { fingerprint } from "../protocol/key-blob.ts";
import { hopName } from "../protocol/sentences.ts";
import { loadSsh2 } from "../protocol/ssh2.ts";

/** An account that locks after three or five failures must outlive a caller who repeats the same mistake. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
/** How long an agent may take to list its keys. */
const AGENT_MS = 2_000;
/** Beyond it the one refused longest ago is forgotten. */
const MAX_REMEMBERED = 1_024;

interface Refusal {
  /** Refusals in a row. */
  readonly count: number;
  /** When the next try may be made. */
  readonly until: number;
  readonly error: LoginRefused;
  /** What was offered, without its values: another password, key or code source is another try. */
  readonly offered: string;
  /** The secrets that were read for it. */
  readonly refs: readonly SecretRef[];
}

/** A secret that was read; undefined: it is not available. */
type Read = readonly [ref: SecretRef, secret: { reveal(): string } | undefined];

/**
 * Logins that were refused, by account and way of logging in. They are not tried again for 5 s, doubling to 5 min, unless
 * what would be offered has changed: whoever repeats a failed login locks the account of others.
 */
export class Refusals {
  readonly #clock: Clock;
  readonly #env: NodeJS.ProcessEnv;
  readonly #refused = new Map<string, Refusal>();
  /** So that nothing remembered tells a secret. */
  readonly #salt = randomBytes(32);

  constructor(clock: Clock, env: NodeJS.ProcessEnv) {
    this.#clock = clock;
    this.#env = env;
  }

  /**
   * Makes a login, or refuses to. `attempt` gets a reader that notes which secrets were read.
   * @throws SshMcpError of the attempt; `auth_failed` with the time left where it is not tried.
   */
  async guard<T>(
    host: ResolvedHost,
    readSecret: ReadSecret,
    attempt: (readSecret: ReadSecret) => Promise<T>,
  ): Promise<T> {
    const key = account(host);
    const before = this.#refused.get(key);
    if (before !== undefined) {
      const now = await readAll(before.refs, readSecret);
      if ((await this.#offered(host, now)) !== before.offered) this.#refused.delete(key);
      else if (before.until > this.#clock.now()) throw this.#notYet(host, before);
    }
    const read: Read[] = [];
    try {
      const result = await attempt(async (ref) => {
        const secret = await readSecret(ref);
        read.push([ref, secret]);
        return secret;
      });
      this.#refused.delete(key);
      return result;
    } catch (error) {
      if (error instanceof LoginRefused) this.#remember(key, error, await this.#lasting(host, read));
      throw error;
    }
  }

  /** A code is another one each time, and made for one login only: it is not read again to compare it. */
  async #lasting(host: ResolvedHost, read: readonly Read[]): Promise<Pick<Refusal, "offered" | "refs">> {
    const codes = host.auth.flatMap((method) => (method.method === "password" ? (method.otp ?? []) : []));
    const lasting = read.filter(
      ([ref]) => !codes.some((code) => JSON.stringify(code) === JSON.stringify(ref)),
    );
    return { offered: await this.#offered(host, lasting), refs: lasting.map(([ref]) => ref) };
  }

  #remember(key: string, error: LoginRefused, last: Pick<Refusal, "offered" | "refs">): void {
    const count = (this.#refused.get(key)?.count ?? 0) + 1;
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - 1));
    this.#refused.delete(key);
    this.#refused.set(key, { count, until: this.#clock.now() + waitMs, error, ...last });
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > MAX_REMEMBERED && oldest !== undefined) this.#refused.delete(oldest);
  }

  /** A digest of what a login offers: key files as they are, the agent's keys, and the secrets that were read for it. */
  async #offered(host: ResolvedHost, read: readonly Read[]): Promise<string> {
    const digest = createHmac("sha256", this.#salt);
    for (const method of host.auth) {
      if (method.method === "password") continue;
      if (method.method === "agent") digest.update(`${await this.#agentKeys(method.socket)}\n`);
      const keys = method.method === "key" ? [method.path] : (method.onlyKeys ?? []);
      const beside = keys.map((path) => `${path.replace(/\.pub$/, "")}-cert.pub`);
      for (const path of [...keys, ...beside, ...(method.certificates ?? [])])
        digest.update(`${path} ${await stampOf(path)}\n`);
    }
    for (const [ref, secret] of read)
      digest.update(`${JSON.stringify(ref)} ${JSON.stringify(secret?.reveal() ?? null)}\n`);
    return digest.digest("base64");
  }

  async #agentKeys(socket = this.#env.SSH_AUTH_SOCK ?? ""): Promise<string> {
    if (socket === "") return "no agent";
    const ssh2 = await loadSsh2();
    let timer: Disposable | undefined;
    const late = new Promise<never[]>((resolve) => {
      timer = this.#clock.after(AGENT_MS, () => resolve([]));
    });
    const blobs = await Promise.race([agentBlobs(ssh2.createAgent(socket)), late]).catch(() => []);
    timer?.dispose();
    return blobs.map(fingerprint).join(" ");
  }

  #notYet(host: ResolvedHost, { count, until, error }: Refusal): SshMcpError {
    const seconds = Math.max(1, Math.ceil((until - this.#clock.now()) / 1000));
    const times = count === 1 ? "was refused" : `was refused ${count} times in a row`;
    return new SshMcpError(
      "auth_failed",
      `The login of user "${host.user}" on ${hopName(host)} ${times} and is not tried again for ${seconds} s, so that the ` +
        `account is not locked; nothing was sent. The last refusal: ${error.message}`,
      `Correct the host's entry, its key or its secret: a changed one is tried at once. ` +
        `ssh-mcp doctor ${shellQuote(host.name)} tries at once, too.${error.next === undefined ? "" : ` ${error.next}`}`,
    );
  }
}

/** Who logs in where and by what: a corrected entry is another account to us. */
function account({
  user,
  address,
  port,
  auth,
  login,
  loginAnswers,
  jump,
  proxyCommand,
}: ResolvedHost): string {
  const way = jump.map((hop) => [hop.user, hop.address, hop.port]);
  return JSON.stringify([
    user,
    address,
    port,
    auth,
    login ?? null,
    loginAnswers ?? null,
    way,
    proxyCommand ?? null,
  ]);
}

async function readAll(refs: readonly SecretRef[], readSecret: ReadSecret): Promise<Read[]> {
  const read: Read[] = [];
  for (const ref of refs) read.push([ref, await readSecret(ref).catch(() => undefined)]);
  return read;
}

async function stampOf(path: string): Promise<string> {
  return stat(path).then(
    ({ ino, size, mtimeMs, mode, uid }) => `${ino} ${size} ${mtimeMs} ${mode} ${uid}`,
    () => "absent",
  );
}
