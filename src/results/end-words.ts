import type { ExecRecord } from "../multiplexer/types.ts";

/** How a command without a session ended, in the words of a title or a status line. */
export function endWords({ end }: ExecRecord): string {
  switch (end.is) {
    case "exit":
      return `exit=${end.code}`;
    case "signal":
      return `signal=${end.signal}`;
    case "in_session":
      return [
        "done",
        end.errors === undefined ? undefined : `error=${end.errors.join(",")}`,
        end.doubtful === true ? "warning=unknown" : undefined,
        end.untyped === undefined ? undefined : `lines_not_typed=${end.untyped}`,
      ]
        .filter((word) => word !== undefined)
        .join(" ");
    case "lost":
      return "closed disconnect";
    case "facts":
      return end.missing === 0 ? "read" : `read not_read=${end.missing}`;
    case "running":
      return "running";
    default:
      return `closed ${end.is}`;
  }
}
