import { SshMcpError } from "../../base/errors.ts";
import type { Reply, SessionView, WaitOptions } from "../../multiplexer/types.ts";
import type { TypedInput } from "../../shell/session/types.ts";
import { encodeKeys, encodeText, PLAIN_MODES } from "../../terminal/keys.ts";
import type { ToolContext } from "./context.ts";
import { noted } from "./noted.ts";

const CTRL_C = Buffer.from("\u0003");

/** What is typed, on its own. */
interface Input {
  readonly typed: TypedInput;
}

/** Is this the interrupt key and nothing else? Before there is a terminal to say which key that is: Ctrl-C. */
export function interrupts({ multiplexer }: ToolContext, session: string, { typed }: Input): boolean {
  const view = multiplexer.find(session);
  if (view !== undefined) return view.isInterrupt(bytesOf(view, typed));
  return plain(typed).equals(CTRL_C);
}

/**
 * Sends the interrupt key at once. Whatever came before it and was not typed yet is withdrawn, and the result says so.
 * @throws SshMcpError `unknown_session`, `session_closed`.
 */
export async function interrupt(
  context: ToolContext,
  session: string,
  { typed }: Input,
  wait: WaitOptions,
): Promise<Reply> {
  const { multiplexer, access, caller } = context;
  const view = multiplexer.find(session);
  const bytes = view === undefined ? plain(typed) : bytesOf(view, typed);
  const action = { verb: "interrupt", bytes } as const;
  // Nothing waits for a terminal that is gone: each act is told so itself.
  if (view?.closedBecause !== undefined)
    return access.pass(caller, action, multiplexer.target(session), (permit) =>
      multiplexer.send(session, bytes, permit, caller, wait),
    );
  const facts = () => multiplexer.find(session)?.facts();
  const place = access.interrupt({ caller, session, draft: action, facts });
  try {
    const target = multiplexer.target(session);
    const reply = await access.pass(
      caller,
      action,
      target,
      (permit) =>
        view === undefined
          ? multiplexer.read(session, undefined, caller, wait)
          : multiplexer.send(session, bytes, permit, caller, wait),
      place,
    );
    place.over({ outcome: reply.outcome });
    return noted(reply, [...(view === undefined ? [NOT_OPEN] : []), ...place.notes, ...place.overtook()]);
  } catch (error) {
    place.over({ error });
    throw withOvertaken(error, place.overtook());
  } finally {
    place.leave();
  }
}

const NOT_OPEN =
  "the session is still being opened: there was nothing to interrupt, and the key was NOT sent; ssh_disconnect gives the opening up";

function bytesOf(view: SessionView, typed: TypedInput): Buffer {
  return view.encode(typed);
}

function plain(typed: TypedInput): Buffer {
  return typed.kind === "keys"
    ? encodeKeys(typed.keys, PLAIN_MODES)
    : encodeText(typed.text, PLAIN_MODES, { enter: typed.enter });
}

/** What the key withdrew is said also where it found no session. */
function withOvertaken(error: unknown, overtaken: readonly string[]): unknown {
  if (!(error instanceof SshMcpError) || overtaken.length === 0) return error;
  const { code, message, next } = error;
  return new SshMcpError(code, `${message}; ${overtaken.join("; ")}`, next, { cause: error });
}
