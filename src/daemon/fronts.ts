import { AsyncLocalStorage } from "node:async_hooks";
import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import { describeSecretRef } from "../secrets/read.ts";
import type { EnvironmentElsewhere, OwnSecretRef, ReadElsewhere } from "../secrets/reference.ts";

/** Those that have gone are remembered by name: their sessions go on. */
const REMEMBERED = 500;

/** A process in front of the daemon: a client's, or a person's. */
export interface Front {
  /** The caller's id at the desk. */
  readonly id: string;
  readonly pid: number;
  /** `SSH_AUTH_SOCK` of its own environment. */
  readonly agentSocket?: string;
  /** Has a variable or a command read where the front runs. @throws SshMcpError `secret_unavailable`. */
  read(ref: OwnSecretRef, withheld: readonly string[]): Promise<string>;
  /** Its whole environment. @throws SshMcpError `secret_unavailable`. */
  environment(): Promise<NodeJS.ProcessEnv>;
}

interface Known {
  readonly pid: number;
  client: string | undefined;
  front: Front | undefined;
}

/** Who is connected, who was, and who acts at this moment. */
export class Fronts {
  readonly #known = new Map<string, Known>();
  readonly #acting = new AsyncLocalStorage<string>();
  #last = 0;

  /** `front-7`: in the logs, and as the caller of what it does. */
  newId(): string {
    return `front-${++this.#last}`;
  }

  add(front: Front): void {
    this.#known.set(front.id, { pid: front.pid, client: undefined, front });
    for (const [id, { front: there }] of this.#known) {
      if (this.#known.size <= REMEMBERED) break;
      if (there === undefined) this.#known.delete(id);
    }
  }

  gone(id: string): void {
    const known = this.#known.get(id);
    if (known !== undefined) known.front = undefined;
  }

  named(id: string, client: string): void {
    const known = this.#known.get(id);
    if (known !== undefined) known.client = visibleLine(client, 40);
  }

  get connected(): readonly Front[] {
    return [...this.#known.values()].flatMap(({ front }) => (front === undefined ? [] : [front]));
  }

  /** `claude-code (process 4711, gone)`; undefined: nobody of ours. */
  nameOf(id: string): string | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    const gone = known.front === undefined ? ", gone" : "";
    return `${known.client ?? "a client"} (process ${known.pid}${gone})`;
  }

  /** Runs work of a front: what is read for it is asked of that front. */
  as<T>(id: string, work: () => T): T {
    return this.#acting.run(id, work);
  }

  /** Reads where the caller is; the daemon's own environment is nobody's. */
  readonly read: ReadElsewhere = async (ref, caller, withheld) => {
    const id = caller ?? this.#acting.getStore();
    const front = id === undefined ? undefined : this.#known.get(id)?.front;
    if (front !== undefined) return front.read(ref, withheld);
    const who = id === undefined ? undefined : this.nameOf(id);
    throw new SshMcpError(
      "secret_unavailable",
      `The ${describeSecretRef(ref)} cannot be read: it is read by the client that a login or command is for, and ` +
        `${who ?? "none"} is ${who === undefined ? "known" : "not connected any more"}. The daemon uses no other client's.`,
      "Give the call from a client whose own environment has it, or use a file reference.",
    );
  };

  /** Of the front that acts: what an operator's command there would have. */
  readonly whole: EnvironmentElsewhere = async () => {
    const id = this.#acting.getStore();
    const front = id === undefined ? undefined : this.#known.get(id)?.front;
    if (front !== undefined) return front.environment();
    throw new SshMcpError(
      "secret_unavailable",
      "The ProxyCommand was not run: it has the environment of the client that a connection is for, and that client is not connected any more.",
      "Give the call again.",
    );
  };

  /** `env` as the transport sees it: the agent's socket is that of the front that acts. */
  environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const { SSH_AUTH_SOCK: _nobodys, ...rest } = own;
    const socket = () => this.#known.get(this.#acting.getStore() ?? "")?.front?.agentSocket;
    return Object.defineProperty(rest, "SSH_AUTH_SOCK", { enumerable: true, get: socket });
  }
}
