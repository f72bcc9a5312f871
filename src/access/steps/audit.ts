import type { AuditEvent, AuditLog } from "../../audit/log.ts";
import type { Action, FileAction, FileOp, Verb } from "../../base/contract/action.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { Transfer } from "../../multiplexer/transfers.ts";
import type { ExecRecord, Reply } from "../../multiplexer/types.ts";
import type { Passage, Step } from "../step.ts";
import { undecidedText } from "./redaction.ts";

/**
 * What goes on when the audit log cannot be written: looking, which changes nothing, interrupting and leaving. A log that is
 * full must not be the reason why nobody can stop a command that does harm.
 */
const GOES_ON: ReadonlySet<Verb> = new Set(["look", "interrupt", "close"]);
/** The same of files: a look at one changes nothing. */
const LOOKS: ReadonlySet<FileOp> = new Set(["read", "list", "validate"]);

function goesOn(action: Action): boolean {
  return GOES_ON.has(action.verb) || (action.verb === "file" && LOOKS.has(action.op));
}

/** One line in the log before the act, one after it. Without a log there is nothing to do. */
export function audit(log: AuditLog | undefined): Step {
  const record = (event: AuditEvent) => {
    try {
      log?.record(event);
    } catch {
      // The act has happened, or was refused: that it cannot be recorded refuses the next one, not this.
    }
  };
  return {
    name: "audit",
    before(passage) {
      const event = { event: "action", ...subjectOf(passage), ...typedOf(passage), ...decidedOf(passage) };
      try {
        log?.record(event);
      } catch (error) {
        if (!goesOn(passage.action)) throw error;
        passage.notes.push(`this is NOT in the audit log: ${messageOf(error)}`);
      }
    },
    refused(passage, error) {
      record({
        event: "refused",
        ...subjectOf(passage),
        ...typedOf(passage, true),
        ...decidedOf(passage),
        ...errorFields(error),
      });
    },
    done(passage, result) {
      record({ event: "outcome", ...subjectOf(passage), ...resultFields(result) });
      const { verb } = passage.action;
      // What was begun here goes on behind its call: its real end is a line of its own.
      const end = verb === "exec" || verb === "file" ? endOf(result) : undefined;
      void end?.then(() =>
        record({ event: "ended", ...subjectOf(passage), ...pathOf(passage), ...resultFields(result) }),
      );
      const { echoed } = passage;
      if (echoed !== undefined) record({ event: "echoed", ...subjectOf(passage), text: echoed });
    },
    failed(passage, error) {
      record({ event: "error", ...subjectOf(passage), ...errorFields(error) });
    },
  };
}

function pathOf({ action }: Passage): AuditEvent {
  return action.verb === "file" ? fileOf(action) : {};
}

function resultFields(result: unknown): AuditEvent {
  if (isReply(result)) return replyFields(result);
  if (isExec(result)) return execFields(result);
  return isTransfer(result) ? transferFields(result) : {};
}

/** The end of a command or a transfer that runs still. */
function endOf(result: unknown): Promise<void> | undefined {
  if (isExec(result)) return result.end.is === "running" ? result.ended : undefined;
  return isTransfer(result) && result.state === "running" ? result.ended : undefined;
}

function subjectOf({ caller, action, target, session }: Passage): AuditEvent {
  return {
    tool: caller.tool,
    verb: action.verb,
    session: target?.session?.name ?? (action.verb === "open" ? action.session : session),
    host: target?.host.name,
    via: target?.host.via?.join(","),
    caller: caller.id,
    client: caller.client,
  };
}

/**
 * What is typed and how it was given. A session that is opened for a command: the command has its own line, unless it is
 * `refused` here.
 */
function typedOf({ action, recordable, target }: Passage, refused = false): AuditEvent {
  if (action.verb === "open" && !refused) return {};
  if (action.verb === "file") return fileOf(action);
  const text = recordable === undefined ? (refused ? undecidedText(action) : undefined) : recordable();
  const here = {
    ...(action.verb === "run" && action.here ? { here: action.here, row: target?.session?.row } : {}),
    ...(action.verb === "run" && action.secret ? { secret: action.secret } : {}),
    ...settingOf(action),
  };
  return text === undefined
    ? here
    : { kind: kindOf(action), text, ...partOf(action), ...linesOf(action, text), ...here };
}

/** What the act was held to be, and who approved it. */
function decidedOf({ found, approved }: Passage): AuditEvent {
  const { risk } = found ?? {};
  return { risk: risk === "read" ? undefined : risk, approval: approved?.source };
}

function fileOf({ op, path, to, sudo }: FileAction): AuditEvent {
  return { kind: op, path, to, sudo };
}

/** Where and with what a command without a session is run; its input may hold anything, and stays out. */
function settingOf(action: Action): AuditEvent {
  if (action.verb !== "exec") return {};
  const { cwd, env, stdin, secret, pty, line } = action;
  return {
    cwd,
    env: env && JSON.stringify(env),
    stdinBytes: stdin === undefined ? undefined : Buffer.byteLength(stdin),
    secret,
    pty,
    typed: line === action.command ? undefined : line,
  };
}

/** Which lines of a text they are. */
function partOf(action: Action): AuditEvent {
  if (action.verb !== "type" || action.part === undefined) return {};
  const { from, to, of } = action.part;
  return { lines: `${from === to ? from : `${from}-${to}`} of ${of}` };
}

/** The lines as they are typed, where they are not those of the text: steps to another mode, a tab that becomes a blank. */
function linesOf(action: Action, recorded: string): AuditEvent {
  if (action.verb !== "run" || recorded !== action.command) return {};
  const lines = action.lines.map(({ text }) => text);
  return lines.join("\n") === action.command.replace(/\r\n?/g, "\n") ? {} : { typed: lines.join("\n") };
}

function kindOf(action: Action): string {
  switch (action.verb) {
    case "type":
      return action.how;
    case "interrupt":
      return "keys";
    default:
      return "command";
  }
}

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
    warnings: outcome.warnings?.map((warning) => warning.class).join(","),
    durationMs: Math.round(outcome.durationMs),
    bytes: outcome.to - outcome.from,
  };
}

function execFields({ id, end, durationMs, stdout, stderr }: ExecRecord): AuditEvent {
  return {
    command: id,
    state:
      end.is === "exit" || end.is === "signal" || end.is === "in_session"
        ? "done"
        : end.is === "running"
          ? "running"
          : "closed",
    evidence: end.is,
    exit: end.is === "exit" ? end.code : undefined,
    signal: end.is === "signal" ? end.signal : undefined,
    durationMs: Math.round(durationMs),
    bytes: stdout.bytes + stderr.bytes,
  };
}

function transferFields({ id, state, arrived, durationMs, error }: Transfer): AuditEvent {
  return {
    transfer: id,
    state: state === "running" || state === "done" ? state : "closed",
    evidence: state,
    durationMs: Math.round(durationMs),
    bytes: arrived,
    ...(error === undefined ? {} : errorFields(error)),
  };
}

function isTransfer(result: unknown): result is Transfer {
  return typeof result === "object" && result !== null && "arrived" in result && "moved" in result;
}

function isExec(result: unknown): result is ExecRecord {
  return typeof result === "object" && result !== null && "end" in result && "stderr" in result;
}

function errorFields(error: unknown): AuditEvent {
  return { code: error instanceof SshMcpError ? error.code : "internal", message: messageOf(error) };
}

function isReply(result: unknown): result is Reply {
  return typeof result === "object" && result !== null && "outcome" in result && "session" in result;
}
