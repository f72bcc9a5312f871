import type { Clock } from "../../base/clock.ts";
import type { Catalog } from "../../devices/catalog.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { Record } from "../../recording/sink.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import type { Refuses } from "../cli/prepare.ts";
import type { OnPut } from "../pty/put.ts";

export interface SessionOptions {
  readonly name: string;
  readonly host: ResolvedHost;
  /** For what is typed at a question: enable secrets, logins inside the terminal. */
  readonly readSecret: ReadSecret;
  readonly clock?: Clock;
  /** Device profiles; without them only POSIX shells are known. */
  readonly catalog?: Catalog;
  /** Told of every write. */
  readonly onPut?: OnPut | undefined;
  readonly refuses?: Refuses | undefined;
  /** Begins a recording of each shell on a host that is recorded. */
  readonly record?: Record | undefined;
}
