import type { AuditLog } from "../audit/log.ts";
import type { PutClass, Reason } from "../base/contract/permit.ts";
import { visibleLine } from "../base/text.ts";

/** A write to a terminal. */
interface Write {
  readonly reason: Reason;
  readonly permit: { readonly caller: { readonly id: string } };
  /** Undefined: a secret. */
  readonly bytes: Buffer | undefined;
}

/** What is typed on a caller's behalf and stands in no order of his: lines of a preparation, a login, a secret, an answer. */
const RECORDED: ReadonlySet<string> = new Set<PutClass>(["setup", "login", "secret", "status", "reply"]);
/** The hooks of a shell have kilobytes; by their beginning they are known. */
const MOST_CHARS = 300;

/** Writes into the log what the program composes itself and types. It does not refuse: the act behind it was recorded before. */
export function recordOwnLines(log: Pick<AuditLog, "record">) {
  return (write: Write, session: { readonly name: string; readonly host: string }): void => {
    const { reason, bytes, permit } = write;
    if (!RECORDED.has(reason.as)) return;
    const text = bytes === undefined ? "[secret]" : visibleLine(bytes.toString("utf8"), MOST_CHARS);
    if (text === "") return;
    try {
      log.record({
        event: "typed",
        kind: reason.as,
        session: session.name,
        host: session.host,
        caller: permit.caller.id,
        text,
      });
    } catch {
      // The next act is refused for it.
    }
  };
}
