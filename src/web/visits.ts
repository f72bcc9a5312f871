import { createHash, randomBytes } from "node:crypto";
import type { Guest } from "./guest.ts";

/** A link is opened soon, once. */
const CODE_MS = 2 * 60_000;
const VISIT_MS = 12 * 60 * 60_000;
const MOST_CODES = 100;
const MOST_VISITS = 20_000;
/** Of one guest: whoever signs in again and again signs nobody else out. */
const MOST_OF_ONE = 50;

/** What a page proves itself by: the cookie no script can read, and the key no other port of this machine is sent. */
export interface Proof {
  readonly cookie: string;
  readonly key: string;
}

interface Visit {
  readonly guest: Guest;
  readonly key: string;
  readonly until: number;
}

/** Who has signed in. Kept in memory alone, and by digests: nothing here lets anybody in. */
export class Visits {
  readonly #now: () => number;
  readonly #codes = new Map<string, { readonly guest: Guest; readonly until: number }>();
  readonly #visits = new Map<string, Visit>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A code that lets its bearer in once, soon. */
  code(guest: Guest): string {
    const code = secret();
    this.#codes.set(digest(code), { guest, until: this.#now() + CODE_MS });
    forgetOldest(this.#codes, MOST_CODES);
    return code;
  }

  /** Undefined: it is none, is over, or was used. */
  redeem(code: string): Proof | undefined {
    const found = this.#codes.get(digest(code));
    this.#codes.delete(digest(code));
    return found === undefined || found.until < this.#now() ? undefined : this.begin(found.guest);
  }

  begin(guest: Guest): Proof {
    const proof = { cookie: secret(), key: secret() };
    const until = this.#now() + VISIT_MS;
    const own = [...this.#visits].filter(([, visit]) => visit.guest.name === guest.name);
    for (const [oldest] of own.slice(0, Math.max(0, own.length - MOST_OF_ONE + 1)))
      this.#visits.delete(oldest);
    this.#visits.set(digest(proof.cookie), { guest, key: digest(proof.key), until });
    forgetOldest(this.#visits, MOST_VISITS);
    return proof;
  }

  /** Whose page it is; undefined: nobody's, not any more, or they may look no longer. */
  guest({ cookie, key }: Proof): Guest | undefined {
    const visit = this.#visits.get(digest(cookie));
    if (visit === undefined || visit.key !== digest(key)) return undefined;
    if (visit.until < this.#now()) {
      this.#visits.delete(digest(cookie));
      return undefined;
    }
    const { guest, until } = visit;
    if (guest.rights() === undefined) return undefined;
    // What is open ends with it.
    return { ...guest, name: guest.name, rights: () => (until < this.#now() ? undefined : guest.rights()) };
  }

  end({ cookie }: Pick<Proof, "cookie">): void {
    this.#visits.delete(digest(cookie));
  }
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is looked up is a digest: how long that takes says nothing of what is known. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

function forgetOldest(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
