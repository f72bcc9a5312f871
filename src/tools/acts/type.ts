import { SshMcpError } from "../../base/errors.ts";
import type { Reply, SessionView, WaitOptions } from "../../multiplexer/types.ts";
import { parseKeys } from "../../terminal/keys.ts";
import type { ToolContext } from "./context.ts";
import { readOn } from "./read.ts";

export interface TypeOrder {
  readonly session: string;
  /** Literal text mixed with `<Key>` names. */
  readonly keys?: string | undefined;
  readonly text?: string | undefined;
  /** Enter at the end. */
  readonly enter?: boolean | undefined;
  readonly cols?: number | undefined;
  readonly rows?: number | undefined;
}

/** Resizes the terminal where a size is given, types, then waits for what comes of it. @throws SshMcpError. */
export async function typeInto(
  context: Omit<ToolContext, "clock">,
  order: TypeOrder,
  wait: WaitOptions,
): Promise<Reply> {
  const { multiplexer, access, caller } = context;
  const { session, keys, text, enter = false } = order;
  if (keys !== undefined && text !== undefined)
    throw new SshMcpError(
      "invalid_argument",
      "give either keys or text, not both",
      "keys understands names such as <Enter> and <C-c>; text is sent literally.",
    );
  if (text === "" && !enter)
    throw new SshMcpError(
      "invalid_argument",
      "the text is empty, and Enter is not to be pressed: there is nothing to send",
      "enter: true sends an empty line.",
    );
  const size = sizeIn(order);
  const view = multiplexer.view(session);
  const resize = () =>
    access.pass(caller, { verb: "resize" }, multiplexer.target(session), async (permit) =>
      multiplexer.resize(session, size, permit),
    );
  const resizes = Object.keys(size).length > 0;
  if (keys === undefined && text === undefined && !enter) {
    if (!resizes)
      throw new SshMcpError(
        "invalid_argument",
        "nothing to send: keys and text are both missing",
        'For example keys: "<C-c>", or text: "yes" with enter: true.',
      );
    await resize();
    return readOn(context, session, undefined, { timeoutMs: view.commandTimeoutMs, ...wait });
  }
  const how = text === undefined ? "keys" : "text";
  const shown = text ?? shownKeys(keys ?? "<Enter>");
  const bytes = encoded(view, order);
  const interrupts = !resizes && view.isInterrupt(bytes);
  const action = interrupts
    ? ({ verb: "interrupt", bytes } as const)
    : ({ verb: "type", how, shown, bytes } as const);
  return access.pass(caller, action, multiplexer.target(session), async (permit) => {
    if (resizes) await resize();
    return multiplexer.send(session, bytes, permit, caller, wait);
  });
}

function sizeIn({ cols, rows }: TypeOrder): { cols?: number; rows?: number } {
  return { ...(cols === undefined ? {} : { cols }), ...(rows === undefined ? {} : { rows }) };
}

function encoded(view: SessionView, { keys, text, enter = false }: TypeOrder): Buffer {
  if (text !== undefined) return view.encode({ kind: "text", text, enter });
  return view.encode({ kind: "keys", keys: parseKeys(`${keys ?? ""}${enter ? "<Enter>" : ""}`) });
}

/** What `keys` types, for people and patterns: blanks and `<` as themselves, other keys as they are named. */
function shownKeys(keys: string): string {
  return keys.replace(/<space>/gi, " ").replace(/<lt>/gi, "<");
}
