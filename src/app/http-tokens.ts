import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf } from "../base/errors.ts";
import { expandHome, ownInventory } from "../inventory/locate.ts";
import type { Principal } from "../mcp/http/endpoint.ts";
import { type KnownToken, known, readTokens, recognise, unlimited } from "../secrets/tokens.ts";
import type { Place } from "./surroundings.ts";

/** Name of the one token of MCP_AUTH_TOKEN, and of nobody's where none is needed. */
export const OF_VARIABLE = "MCP_AUTH_TOKEN";
export const NOBODY = "loopback";
/** Looking at the file more often than this helps nobody. */
const LOOKED_EVERY_MS = 200;

/** Where tokens are kept: beside the user's own inventory. */
export function tokensFile(place: Place, named?: string): string {
  const given = named ?? (place.env.SSH_MCP_TOKENS || undefined);
  if (given !== undefined) return resolve(place.cwd, expandHome(given, place.home));
  return join(dirname(ownInventory(place)), "tokens.json");
}

export interface TokensOptions {
  readonly file: string;
  readonly token?: string | undefined;
  readonly withoutToken: boolean;
  /** Told of each fault once. */
  readonly say: (sentence: string) => void;
  /** A token that was there is no more. */
  readonly revoked: (name: string) => void;
}

/** The tokens that count now. A file that breaks keeps what it said last. */
export class Tokens {
  readonly #options: TokensOptions;
  readonly #fixed: readonly KnownToken[];
  #saved: readonly KnownToken[] = [];
  #signature: string | undefined;
  #lookedAt = 0;

  constructor(options: TokensOptions) {
    this.#options = options;
    this.#fixed = options.token === undefined ? [] : [unlimited(OF_VARIABLE, options.token)];
    this.look();
  }

  get names(): readonly string[] {
    return [...this.#fixed, ...this.#saved].map(({ name }) => name);
  }

  authenticate(token: string | undefined): Principal | undefined {
    const found = this.shown(token ?? "");
    if (found !== undefined && token !== undefined) {
      const { name, scope, person } = found;
      return { token: name, scope, ...(person === undefined ? {} : { person: true }) };
    }
    return this.#options.withoutToken ? { token: NOBODY, scope: {} } : undefined;
  }

  /** What counts now of a token that was shown before; undefined: it counts no more. */
  standing({ name, sha256 }: KnownToken): KnownToken | undefined {
    if (Date.now() - this.#lookedAt >= LOOKED_EVERY_MS) this.look();
    return [...this.#fixed, ...this.#saved].find((one) => one.name === name && one.sha256.equals(sha256));
  }

  /** Whose token this is. */
  shown(token: string): KnownToken | undefined {
    if (Date.now() - this.#lookedAt >= LOOKED_EVERY_MS) this.look();
    return recognise(token, [...this.#fixed, ...this.#saved]);
  }

  /** Reads the file where it has changed. */
  look(): void {
    const { file, say, revoked } = this.#options;
    this.#lookedAt = Date.now();
    const signature = signatureOf(file);
    if (signature === this.#signature) return;
    this.#signature = signature;
    try {
      const before = this.#saved;
      this.#saved = readTokens(file).map(known);
      for (const one of before)
        if (!this.#saved.some(({ name, sha256 }) => name === one.name && sha256.equals(one.sha256)))
          revoked(one.name);
    } catch (error) {
      say(`${messageOf(error)}; the tokens known before count on`);
    }
  }
}

function signatureOf(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    return messageOf(error);
  }
}
