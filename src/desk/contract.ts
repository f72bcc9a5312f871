import type { Access } from "../access/access.ts";
import type { AuditEvent } from "../audit/log.ts";
import type { Clock } from "../base/clock.ts";
import type { Caller } from "../base/contract/caller.ts";
import type { Toolset } from "../base/toolsets.ts";
import type { Changing } from "../changes/changing.ts";
import type { HostFiles } from "../multiplexer/host-files.ts";
import type { Moving } from "../multiplexer/moving.ts";
import type { Multiplexer } from "../multiplexer/types.ts";
import type { AnyRecipe } from "../recipes/recipe.ts";
import type { Snapshots } from "../recipes/snapshot/store.ts";
import type { Result } from "../results/result.ts";
import type { Redact } from "../secrets/redactor.ts";
import type { Identity } from "../ssh/identity.ts";
import type { ToolDefinition } from "../tools/tool.ts";
import type { MaskingOf } from "./masking.ts";

/** Everything behind the desk. Made on the first call: a client may start a server only to ask what it is. */
export interface Workspace {
  readonly multiplexer: Multiplexer;
  readonly access: Access;
  readonly clock: Clock;
  /** The files of all hosts; left out: there is no way to them. */
  readonly files?: HostFiles;
  /** The server's own key, made where there is none; left out: it has none. */
  readonly identity?: () => Promise<Identity>;
  /** What transfers need beside them; left out: there are none. */
  readonly moving?: Moving;
  /** What changes that undo themselves need beside; left out: there are none. */
  readonly changing?: Changing;
  /** Takes the secrets in use out of what a caller is told; left out: there are none. */
  readonly redact?: Redact;
  /** For what is kept on disk: also those that somebody typed into a command. */
  readonly kept?: Redact;
  /** What a caller is called, by its id, where there are several; left out: there is one. */
  readonly who?: (caller: string) => string | undefined;
  /** What was read of hosts at a time; left out: none is kept. */
  readonly snapshots?: Snapshots;
  /** Writes a line of a person's into the audit log; left out: none is kept. */
  readonly note?: (event: AuditEvent) => void;
  /** Of the audit log; left out: none is kept. */
  readonly auditFile?: string | undefined;
  /** Masks the secrets that hosts show by themselves; left out: none are. */
  readonly maskingOf?: MaskingOf;
  /** Closes every session; resolves within 2 s. */
  dispose(): Promise<void>;
}

/** What a call came to, and the text that says so. */
export interface Served {
  readonly result: Result;
  readonly text: string;
}

/** The one cut between who calls and what is done: a protocol, a socket or a command comes before it. */
export interface Desk {
  /** The tools there are; constant, so that a client may keep the list. */
  definitions(): Promise<readonly ToolDefinition[]>;
  /** Serves one call. Never rejects: whatever goes wrong is a result of kind `error`, a wrong name one of `unknown_tool`. */
  call(caller: Caller, tool: string, args: unknown): Promise<Served>;
}

export interface DeskParts {
  readonly workspace: () => Promise<
    Pick<
      Workspace,
      | "multiplexer"
      | "access"
      | "clock"
      | "redact"
      | "maskingOf"
      | "files"
      | "moving"
      | "changing"
      | "identity"
      | "who"
      | "snapshots"
      | "kept"
    >
  >;
  /** Sets of tools that are on beside the core, asked for once; left out: the default. */
  readonly toolsets?: () => Promise<readonly Toolset[]>;
  /** The operator's own recipes, asked for once where their toolset is on; left out: there are none. */
  readonly recipes?: () => Promise<readonly AnyRecipe[]>;
  /** Does an agent's own `confirm_dangerous` count on any host? Asked once; left out: on none. */
  readonly mayConfirm?: () => Promise<boolean>;
  /** Where unexpected errors go; never stdout. */
  readonly report: (error: unknown) => void;
}
