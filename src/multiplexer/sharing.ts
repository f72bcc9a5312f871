import type { Session } from "../shell/session/session.ts";
import type { LinkInfo, OpenedPty } from "../ssh/contract.ts";

/** One connection, and the sessions on it that did not end by themselves. */
interface Shared {
  readonly sessions: Set<Session>;
  /** It is gone, and took them with it. */
  lost: boolean;
}

/** Which sessions are on one connection: what ends it ends them all. */
export class Sharing {
  /** A connection has one object for its facts. */
  readonly #connections = new WeakMap<LinkInfo, Shared>();
  readonly #of = new WeakMap<Session, Shared>();

  /** The session has a terminal on this connection. */
  on(session: Session, { info, channel }: OpenedPty): void {
    const shared = this.#connections.get(info) ?? { sessions: new Set(), lost: false };
    this.#connections.set(info, shared);
    this.#of.set(session, shared);
    shared.sessions.add(session);
    channel.onClose(({ reason }) => {
      if (reason === "disconnect") shared.lost = true;
      else shared.sessions.delete(session);
    });
  }

  /** Names of the other open sessions on its connection. */
  openWith(session: Session): readonly string[] {
    const shared = this.#of.get(session);
    if (shared === undefined || session.closed) return [];
    return [...shared.sessions]
      .filter((one) => one !== session && !one.closed && this.#of.get(one) === shared)
      .map(({ name }) => name);
  }

  /** What its connection took with it beside this session, as the end of a sentence; empty: nothing. */
  lostWith(session: Session): string {
    const shared = this.#of.get(session);
    if (shared?.lost !== true || !shared.sessions.has(session) || !session.closed) return "";
    const names = [...shared.sessions].filter((one) => one !== session).map(({ name }) => name);
    return names.length === 0 ? "" : `; ${names.join(", ")} on the same connection ended with it`;
  }
}

/** Said at the opening. */
export function sharesNote(names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [`on one connection with ${names.join(", ")}: what ends it ends all of them`];
}
