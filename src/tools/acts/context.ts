import type { Access } from "../../access/access.ts";
import type { Clock } from "../../base/clock.ts";
import type { Caller } from "../../base/contract/caller.ts";
import type { Changing } from "../../changes/changing.ts";
import type { HostFiles } from "../../multiplexer/host-files.ts";
import type { Moving } from "../../multiplexer/moving.ts";
import type { Multiplexer } from "../../multiplexer/types.ts";
import type { Snapshots } from "../../recipes/snapshot/store.ts";
import type { Redact } from "../../secrets/redactor.ts";
import type { Identity } from "../../ssh/identity.ts";

/** What a tool works with: the sessions, the gate it has to pass to change anything, and who calls. */
export interface ToolContext {
  readonly multiplexer: Multiplexer;
  readonly access: Access;
  readonly caller: Caller;
  readonly clock: Clock;
  /** The files of all hosts; left out: there is no way to them. */
  readonly files?: HostFiles;
  /** The server's own key, made where there is none; left out: it has none. */
  readonly identity?: () => Promise<Identity>;
  /** Takes out the secrets that this host shows, where its operator masks them; left out: none does. */
  readonly hides?: (host: string) => Promise<((text: string) => string) | undefined>;
  /** What another caller is called, by its id; left out: there is none. */
  readonly who?: (caller: string) => string | undefined;
  /** What transfers need beside them; left out: there are none. */
  readonly moving?: Moving;
  /** What changes that undo themselves need beside; left out: there are none. */
  readonly changing?: Changing;
  /** What was read of hosts at a time; left out: none is kept. */
  readonly snapshots?: Snapshots;
  /** Takes secrets out of what is kept on disk. */
  readonly kept?: Redact;
  /** Sentences of the gate for this call's result, of acts whose own result has no place for them. */
  readonly notes?: string[];
  /** How far a long call is, for who asked to be told. */
  readonly doing?: { says?: () => string };
}
