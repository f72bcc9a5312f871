import type { AuditEvent, AuditLog } from "../audit/log.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import type { HostDirectory } from "../inventory/host.ts";
import type { Multiplexer, Reply, SessionView } from "../multiplexer/types.ts";
import { denyRules } from "../policy/deny.ts";
import type { Asked } from "../shell/record/outcome.ts";

/** What an agent is about to do. */
export interface Action {
  readonly tool: string;
  /** Session or host name the call is about. */
  readonly session?: string;
  readonly host?: string;
  /** Text that will reach the remote end; the policy judges it. */
  readonly text?: string;
  /** How the text was given. */
  readonly kind?: "command" | "text" | "keys";
  /** False for what only looks: it goes on when the audit log cannot be written. */
  readonly changes: boolean;
}

/** tool → policy → audit → multiplexer: every action passes here, in this order. */
export interface Gate {
  /** @throws SshMcpError `denied`, `audit_failed`, and whatever `execute` throws. */
  pass<T>(action: Action, execute: () => Promise<T>): Promise<T>;
}

export interface GateParts {
  readonly multiplexer: Pick<Multiplexer, "view">;
  readonly directory: Pick<HostDirectory, "resolve">;
  readonly audit?: AuditLog;
}

export function createGate({ multiplexer, directory, audit }: GateParts): Gate {
  /** What each session asked for last, by name: decides whether a typed text may be recorded. */
  const lastAsked = new Map<string, Asked | undefined>();

  function viewOf(session: string | undefined): SessionView | undefined {
    if (session === undefined) return undefined;
    try {
      return multiplexer.view(session);
    } catch {
      return undefined; // Not open: `session` names a host, or nothing at all, which the multiplexer will say.
    }
  }

  function isSecret(action: Action, view: SessionView | undefined): boolean {
    if (view === undefined || action.text === undefined) return false;
    // Doubt counts as a password: a lost word in the log is better than a password in it.
    if (view.state === "asking") {
      const asked = lastAsked.get(view.name);
      return asked === undefined || asked === "password" || LOOKS_SECRET.test(view.screen().cursorText);
    }
    // An answer typed while something runs, on a row that ends in a colon, may be a password in any language.
    const row = view.screen().cursorText;
    return view.state !== "ready" && (LOOKS_SECRET.test(row) || /[:：]\s*$/.test(row));
  }

  function record(event: AuditEvent, changes: boolean): void {
    try {
      audit?.record(event);
    } catch (error) {
      if (changes) throw error;
    }
  }

  return {
    async pass(action, execute) {
      const view = viewOf(action.session);
      const host = action.host ?? view?.host ?? action.session;
      const text = isSecret(action, view) ? "[secret]" : action.text;
      const subject = { tool: action.tool, session: action.session, host };
      const about = { ...subject, kind: action.kind, text };
      // Keys go to open sessions alone: without one nothing is sent, and the error says which there are.
      const nowhere = action.tool === "ssh_send" && view === undefined;
      if (action.text !== undefined && host !== undefined && !nowhere) {
        try {
          const { policy } = await directory.resolve(host);
          denyRules(policy.denyPatterns).check(action.text);
        } catch (error) {
          record({ event: "refused", ...about, ...errorFields(error) }, false);
          throw error;
        }
      }
      record({ event: "action", ...about }, action.changes);
      try {
        const result = await execute();
        const facts = isReply(result) ? replyFields(result) : {};
        if (isReply(result)) {
          const { outcome, session } = result;
          lastAsked.set(session.name, outcome.state === "asking" ? outcome.asked : undefined);
        }
        // The action has happened: a failure to say so refuses the next one, not this result.
        record({ event: "outcome", ...subject, ...facts }, false);
        return result;
      } catch (error) {
        record({ event: "error", ...subject, ...errorFields(error) }, false);
        throw error;
      }
    },
  };
}

const LOOKS_SECRET = /pass(word|phrase|code)?\b|\bpin\b|secret|verification|token|\botp\b/i;

/** The facts of a reply that the log keeps; output stays out of it. */
function replyFields({ outcome }: Reply): AuditEvent {
  return {
    session: outcome.session,
    command: outcome.command,
    state: outcome.state,
    evidence: outcome.evidence,
    exit: outcome.exit,
    cwd: outcome.cwd,
    mode: outcome.mode,
    errors: outcome.errors?.map((error) => error.class).join(","),
    durationMs: Math.round(outcome.durationMs),
    bytes: outcome.to - outcome.from,
  };
}

function errorFields(error: unknown): AuditEvent {
  return { code: error instanceof SshMcpError ? error.code : "internal", message: messageOf(error) };
}

function isReply(result: unknown): result is Reply {
  return typeof result === "object" && result !== null && "outcome" in result && "session" in result;
}
