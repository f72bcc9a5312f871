import { type Board, ORDER_MS, type Waiting } from "../approval/board.ts";
import { approvalText } from "../base/contract/approval-text.ts";
import { SshMcpError } from "../base/errors.ts";
import { auditedIn } from "./audit-lines.ts";
import { Cameras } from "./cameras.ts";
import type { Guest } from "./guest.ts";
import type { Gallery } from "./onlooker.ts";
import type { Asking } from "./words.ts";

export interface GalleryOptions {
  readonly version: string;
  readonly board: Board;
  /** Only this server's orders; left out: all of this user's. */
  readonly owner?: string;
  /** Of the audit log; undefined: none is kept. */
  readonly auditPath: () => Promise<string | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const NOTHING =
  "Nothing about it is in the last 1 MiB of the log's newest file; ssh-mcp audit shows what is older.";
/** However many look, the folder of orders is read so often. */
const BOARD_MS = 400;

/** What is the same for all who look on: the cameras, the orders that wait for a person, the audit log. */
export function galleryOf({ version, board, owner, auditPath, now }: GalleryOptions): Gallery {
  let looked: { readonly at: number; readonly waiting: Promise<readonly Waiting[]> } | undefined;
  const waiting = () => {
    if (looked === undefined || now() - looked.at > BOARD_MS)
      looked = { at: now(), waiting: board.waiting() };
    return looked.waiting;
  };
  const mayAnswer = (guest: Guest, { host, hosts = [], inventory }: Waiting) =>
    (owner === undefined || inventory === owner) &&
    guest.rights()?.approve === true &&
    [host, ...hosts].every((one) => guest.sees(one));
  return {
    version,
    cameras: new Cameras(),
    async asking(guest) {
      const all = (await waiting()).filter((order) => mayAnswer(guest, order));
      const open = await Promise.all(
        all.map(async (order) => ((await board.answer(order.id)) === undefined ? [order] : [])),
      );
      return open.flat().map((order) => askingOf(order, now()));
    },
    async answer(guest, { id, key, yes, host }) {
      const order = await board.find(id);
      if (order === undefined || order.key !== key || !mayAnswer(guest, order))
        throw new SshMcpError("invalid_argument", "that order does not wait any more, or not for you");
      if (yes && order.risk === "irreversible" && host?.trim() !== order.host)
        throw new SshMcpError(
          "invalid_argument",
          `it cannot be undone, and the name of its host was not typed`,
          `Type ${order.host} to approve it.`,
        );
      looked = undefined;
      if (!(await board.give(id, { yes, by: guest.name, at: now(), key })))
        throw new SshMcpError("invalid_argument", `${id} was answered already`);
      return yes ? `${id} is approved: the agent may give it again, once` : `${id} is denied`;
    },
    async audited(place, session) {
      const path = await auditPath();
      if (path === undefined) return { lines: [], none: "No audit log is kept." };
      const view = place.workspace.multiplexer.find(session);
      if (view === undefined) return { lines: [], none: "The session is not open yet." };
      const host = view.hostFacts.name;
      const { owner, by = (caller: string) => caller === owner, id: room } = place;
      const lines = await auditedIn(path, { session, host, ...(owner === undefined ? {} : { by, room }) });
      return { lines, none: NOTHING };
    },
  };
}

function askingOf(order: Waiting, now: number): Asking {
  const { id, key, host, session, risk, askedAt } = order;
  return {
    id,
    key,
    host,
    ...(session === undefined ? {} : { session }),
    irreversible: risk === "irreversible",
    text: approvalText(order),
    left: Math.max(0, askedAt + ORDER_MS - now),
  };
}
