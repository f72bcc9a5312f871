import type { HostSummary } from "../inventory/host.ts";
import type { Outcome } from "../shell/record/outcome.ts";
import type { CleanText, ScreenView } from "../terminal/types.ts";

/** A command as the session remembers it. `from`/`to` are transcript cursors of its output. */
export interface CommandRecord {
  readonly id: number;
  readonly text: string;
  readonly from: number;
  /** Undefined while it runs. */
  readonly to?: number;
  readonly state: Outcome["state"];
  readonly exit?: number;
  readonly cwd?: string;
  readonly durationMs: number;
}

/** Rendered text; `asides`: rows a device printed on its own account (syslog, broadcasts), taken out of the lines. */
export type SessionText = CleanText & { readonly asides?: readonly string[] };

/** What a tool may read of a session, open or closed. */
export interface SessionView {
  readonly name: string;
  readonly host: string;
  readonly target: string;
  /** The state now; `ready` at a prompt. */
  readonly state: "starting" | "ready" | "busy" | "asking" | "screen" | "raw" | "closed";
  /** How commands are framed, and why not better: `bash, framed`, `tcsh, not framed: …`. */
  readonly framing: string;
  readonly cwd: string | undefined;
  readonly level: number;
  /** Network CLI: mode and hostname of the last prompt. */
  readonly place?: { readonly mode: string; readonly host: string | undefined } | undefined;
  readonly openedAt: number;
  readonly idleMs: number;
  readonly size: { readonly cols: number; readonly rows: number };
  /** Absolute cursor of the next byte, and of the oldest byte still kept. */
  readonly end: number;
  readonly start: number;
  /** Finished and running commands, oldest first. */
  commands(): readonly CommandRecord[];
  command(id: number): CommandRecord | undefined;
  screen(): ScreenView;
  /** Rows that changed after version `since`. */
  changedRows(since: number): readonly { readonly row: number; readonly text: string }[];
  /** Rendered text of transcript bytes [from, to). */
  text(from: number, to: number): Promise<SessionText>;
}

export interface WaitOptions {
  /** Upper bound of the wait in milliseconds; undefined: the host's default. */
  readonly timeoutMs?: number;
  /** RE2 pattern; the wait ends `running/matched` when new output matches. */
  readonly waitFor?: string;
  /** Aborting ends the wait, never the session. */
  readonly signal?: AbortSignal;
}

/** A wait's result: the outcome and the session it happened in. `opened` when this call opened the session. */
export interface Reply {
  readonly session: SessionView;
  readonly outcome: Outcome;
  readonly opened?: { readonly newShell: boolean; readonly notes: readonly string[] };
}

/**
 * The agent's verbs over all sessions. `session` names an open session, or a host (then that host's session of the same
 * name is opened first). Errors are SshMcpError: unknown_session, unknown_host, busy, not_ready, denied, session_closed,
 * limit_reached and those of Transport.openPty.
 */
export interface Multiplexer {
  hosts(): Promise<{ hosts: readonly HostSummary[]; notes: readonly string[] }>;
  connect(
    request: { host: string; session?: string; cols?: number; rows?: number } & WaitOptions,
  ): Promise<Reply>;
  shell(
    request: { session: string; command: string; mode?: string; keepGoing?: boolean } & WaitOptions,
  ): Promise<Reply>;
  /** Resizes the terminal if told to, writes parsed keys or literal text, then waits for what comes of it. */
  send(
    request: {
      session: string;
      keys?: string;
      text?: string;
      enter?: boolean;
      cols?: number;
      rows?: number;
    } & WaitOptions,
  ): Promise<Reply>;
  /** Waits for news after `cursor` (default: where the last result ended), or returns at once when there is some. */
  wait(request: { session: string; cursor?: number } & WaitOptions): Promise<Reply>;
  /** @throws SshMcpError `unknown_session` naming the open ones. Never opens. */
  view(session: string): SessionView;
  sessions(): readonly SessionView[];
  disconnect(session: string): Promise<SessionView>;
  /** Closes everything; resolves within 2 s. */
  dispose(): Promise<void>;
}
