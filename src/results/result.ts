import type { SshMcpError } from "../base/errors.ts";
import type { Pattern } from "../base/pattern.ts";
import type { HostSummary } from "../inventory/host.ts";
import type {
  CommandRecord,
  ExecMark,
  ExecRecord,
  FleetRecord,
  Reply,
  SavedSession,
  SessionView,
} from "../multiplexer/types.ts";
import type { CheckReport } from "./check-page.ts";
import type { ExecSelection } from "./exec-selection.ts";
import type { FileReport } from "./file-page.ts";
import type { OutputSelection } from "./output-selection.ts";
import type { RecipeReport } from "./recipe-page.ts";
import type { SearchHits } from "./search.ts";

/** What a tool gives back: facts, which `render` turns into text. */
export type Result =
  | WaitResult
  /** Lines of one command's output, or the matches in them. */
  | { readonly kind: "output"; readonly selection: OutputSelection }
  /** Matches in everything a session holds. */
  | { readonly kind: "search"; readonly session: SessionView; readonly found: SearchHits }
  /** The terminal's rows as they are now; `since`: only those that changed after this version, 0: all; default: what the caller saw last. */
  | { readonly kind: "screen"; readonly session: SessionView; readonly since?: number | undefined }
  /** `of`: hosts there are, where only some were asked for. */
  | {
      readonly kind: "hosts";
      readonly hosts: readonly HostSummary[];
      readonly of: number;
      readonly notes: readonly string[];
    }
  /** `detail`: one session with all that is known of it; `closed`: also those that were closed long ago. */
  | {
      readonly kind: "sessions";
      readonly sessions: readonly SessionView[];
      readonly detail?: boolean;
      readonly closed?: boolean;
      /** Commands without a session that run now. */
      readonly execs?: readonly ExecRecord[];
      /** Sessions of earlier processes that can be opened again by name. */
      readonly saved?: readonly SavedSession[];
      /** What went with the process before this one. */
      readonly lost?: readonly string[];
      /** Changes that an earlier process may have left armed on a device. */
      readonly armed?: readonly string[];
      /** Who opened a session, where that is another caller. */
      readonly owner?: (session: SessionView) => string | undefined;
    }
  /** The caller's own sessions were closed, each with the commands that had not ended; `left`: the sessions of others. */
  | {
      readonly kind: "closed_all";
      readonly closed: readonly {
        readonly session: SessionView;
        readonly unfinished: readonly CommandRecord[];
      }[];
      readonly left: readonly string[];
    }
  /** A session was closed; `unfinished`: ids of the commands that had not ended. */
  | { readonly kind: "closed"; readonly session: SessionView; readonly unfinished: readonly number[] }
  /** A command on a channel of its own; `since`: only what came behind this place. */
  | { readonly kind: "exec"; readonly record: ExecRecord; readonly since?: ExecMark | undefined }
  /** One command on many hosts; `rows`: a part of the list of them. */
  | { readonly kind: "fleet"; readonly fleet: FleetRecord; readonly rows?: readonly string[] | undefined }
  | { readonly kind: "exec_output"; readonly selection: ExecSelection }
  /** A session as it is now. */
  | { readonly kind: "present"; readonly session: SessionView; readonly notes: readonly string[] }
  /** What the policy would say of a command. */
  | { readonly kind: "check"; readonly report: CheckReport }
  | { readonly kind: "error"; readonly error: SshMcpError }
  | { readonly kind: "file"; readonly report: FileReport }
  /** `facts`: the same as data. */
  | { readonly kind: "recipe"; readonly report: RecipeReport }
  /** There is no tool of that name; `known`: those there are, nearest first; `off`: the toolset it is in, which is not on. */
  | {
      readonly kind: "unknown_tool";
      readonly name: string;
      readonly known: readonly string[];
      readonly off?: string;
    };

/** How a wait ended, and what came meanwhile. */
export interface WaitResult {
  readonly kind: "wait";
  readonly reply: Reply;
  /** Notes of the tool itself, before those of the outcome. */
  readonly notes?: readonly string[];
  /** Screen version to compare with, 0: none; left out: the one the caller saw last. */
  readonly since?: number | undefined;
  /** The screen is wanted, whatever the state is. */
  readonly screen?: boolean;
  /** Only a part of the output is shown; all of it can be read. */
  readonly filter?: OutputFilter | undefined;
}

/** What of an output is shown: its last lines, or those that match; both: the matches in its last lines. */
export interface OutputFilter {
  readonly grep?: Pattern | undefined;
  readonly context?: number | undefined;
  readonly tail?: number | undefined;
}

/** A result and how much of it the caller wants to read. */
export interface Answer {
  readonly result: Result;
  /** Sentences of the gate, before all others. */
  readonly notes?: readonly string[];
  /** Undefined: the default size. */
  readonly maxTokens?: number | undefined;
}
