import type { Clock } from "../base/clock.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { HostDirectory } from "../inventory/host.ts";
import type { Record } from "../recording/sink.ts";
import type { ReadSecret } from "../secrets/reference.ts";
import type { Refuses } from "../shell/cli/prepare.ts";
import type { Put } from "../shell/pty/put.ts";
import type { Transport } from "../ssh/contract.ts";
import type { Room } from "./limits.ts";
import type { LostSessions, SavedSessions } from "./saved.ts";

export interface MultiplexerOptions {
  readonly directory: HostDirectory;
  readonly transport: Transport;
  /** For what sessions type at a question: enable secrets, logins inside the terminal. */
  readonly readSecret: ReadSecret;
  readonly clock?: Clock;
  /** Told of every write to every terminal. */
  readonly onPut?: OnSessionPut;
  /** Told of each question of ours that goes out as an exec request, without a session; `name` is the ssh_exec's. */
  readonly onQuestion?: (
    question: Pick<Put, "permit" | "bytes" | "reason">,
    session: { readonly name: string; readonly host: string },
  ) => void;
  readonly refuses?: Refuses;
  /** Takes out the secrets that a host with `secrets: mask` shows; left out: no pattern is held against less than was printed. */
  readonly hide?: (text: string) => string;
  /** Begins a recording of each shell on a host that is recorded; left out: none is made. */
  readonly record?: Record | undefined;
  /** Remembers sessions by name beyond this process; left out: nothing does. */
  readonly saved?: SavedSessions;
  /** What went with the process before this one; left out: nothing. */
  readonly lost?: LostSessions;
  /** What it has together with others; left out: it is alone. */
  readonly room?: Room;
  /** Device profiles; without them every host is taken for a shell. */
  readonly catalog?: Catalog;
}

/** Told of every write, and of the session it goes to. */
export type OnSessionPut = (put: Put, session: { readonly name: string; readonly host: string }) => void;
