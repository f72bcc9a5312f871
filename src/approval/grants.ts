import { approvalsFolder } from "./board.ts";
import { grantFile } from "./files.ts";
import { covers, type Found, type Grant, type HostPlace } from "./grant.ts";
import { newId, type PrivateFolder } from "./private-folder.ts";

/** No leave is given for longer: whoever needs it for good writes a rule. */
export const LONGEST_MS = 24 * 60 * 60_000;
const NAME = /^(G\w{4})\.grant\.json$/;
const ID = /^G[A-HJ-NP-Z2-9]{4}$/;

/** Leave that people gave beyond one command, beside the orders; read anew each time, so that what is revoked is gone at once. */
export class Grants {
  readonly #folder: PrivateFolder;
  readonly #now: () => number;

  constructor(stateFolder: string, now: () => number) {
    this.#folder = approvalsFolder(stateFolder);
    this.#now = now;
  }

  /** Those that hold, oldest first; what is over is removed. @throws SshMcpError where the folder cannot be used. */
  async all(): Promise<readonly Grant[]> {
    const now = this.#now();
    const held: Grant[] = [];
    for (const name of await this.#folder.names()) {
      const id = NAME.exec(name)?.[1];
      const grant = id === undefined ? undefined : await this.#folder.read(name, grantFile);
      if (grant === undefined || grant.id !== id || grant.until > grant.at + LONGEST_MS) continue;
      if (grant.until <= now) await this.#folder.remove(name);
      else held.push(grant);
    }
    return held.sort((one, other) => one.at - other.at);
  }

  async add(grant: Omit<Grant, "id">): Promise<Grant> {
    for (;;) {
      const whole = { ...grant, id: newId("G") };
      if (await this.#folder.write(`${whole.id}.grant.json`, whole)) return whole;
    }
  }

  /** False: there is none of that id. */
  async revoke(id: string): Promise<boolean> {
    const there = ID.test(id) && (await this.all()).some((grant) => grant.id === id);
    if (there) await this.#folder.remove(`${id}.grant.json`);
    return there;
  }

  /** The one that lets all of this pass on this host now. */
  async covering(host: HostPlace, findings: readonly Found[]): Promise<Grant | undefined> {
    const now = this.#now();
    return (await this.all()).find((grant) => covers(grant, host, findings, now));
  }
}
