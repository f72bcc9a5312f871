/** Stable codes; they stand in the text an agent reads and never change their meaning. */
export type ErrorCode =
  | "invalid_argument"
  | "unknown_host"
  | "unknown_session"
  | "unknown_command"
  | "name_taken"
  | "busy"
  | "not_ready"
  | "denied"
  /** A human has to agree first, and is being asked. */
  | "approval_needed"
  | "inventory_invalid"
  | "secret_unavailable"
  | "connect_failed"
  | "host_key_unknown"
  | "host_key_changed"
  | "host_key_revoked"
  | "auth_failed"
  | "channel_refused"
  | "session_closed"
  | "no_such_file"
  | "file_exists"
  | "permission_denied"
  /** A file that changed meanwhile, or is not what the caller expected. */
  | "file_changed"
  /** Any other word of a server on a file, and what cannot be done with this one. */
  | "file_failed"
  | "limit_reached"
  /** This host has no means for what was asked for. */
  | "unsupported"
  | "audit_failed"
  | "internal";

/**
 * Every error a caller may see: a code, one plain sentence, and the next step.
 * Neither text ever holds a secret or a stack; remote text in it has passed `visible()`.
 */
export class SshMcpError extends Error {
  override readonly name = "SshMcpError";
  readonly code: ErrorCode;
  /** What the caller can do next, as a sentence. */
  readonly next: string | undefined;

  constructor(code: ErrorCode, message: string, next?: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.next = next;
  }

  /** The one text form: `code: message Next: …`. */
  toText(): string {
    return this.next === undefined
      ? `${this.code}: ${this.message}`
      : `${this.code}: ${this.message}\nNext: ${this.next}`;
  }
}

/** The message of anything thrown, for use inside a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's name of an error: `ENOENT`, `EACCES`, … */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Why a file cannot be used, as the end of a sentence: what people meet most, in words; else as the system says it. */
export function fileTrouble(error: unknown, use: "read" | "write" = "read"): string {
  switch (errorCode(error)) {
    case "ENOENT":
      return use === "read" ? "there is no such file" : "its folder is not there";
    case "EACCES":
    case "EPERM":
      return `this user may not ${use} it`;
    case "EISDIR":
      return "it is a folder";
    case "ENOTDIR":
      return "a part of its path is no folder";
    case "ELOOP":
      return "its links lead in a circle";
    case "ENOSPC":
      return "the disk is full";
    case "EROFS":
      return "its file system is mounted read-only";
    default:
      return messageOf(error).replace(/^is /, "it is ");
  }
}
