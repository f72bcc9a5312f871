import type { Socket } from "node:net";
import type { Caller } from "../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { visible, visibleLine } from "../base/text.ts";
import type { Workspace } from "../desk/contract.ts";
import type { Viewers } from "../desk/viewers.ts";
import { openSession } from "../tools/acts/open.ts";
import { Asked } from "./asked.ts";
import { Attached, personId } from "./attach-front.ts";
import { readFrames, wordIn, writeWord } from "./frames.ts";
import type { Fronts } from "./fronts.ts";
import type { Hello } from "./handshake.ts";

/** A login with questions for a person. */
const OPEN_MS = 50_000;

export interface AttachRoleParts {
  readonly socket: Socket;
  readonly hello: Hello;
  readonly fronts: Fronts;
  readonly viewers: Viewers;
  readonly workspace: () => Promise<Workspace>;
  /** How much waits for an approval in a session. */
  readonly approvals: (session: string) => Promise<number>;
  readonly log: (event: string, fields: Record<string, string | number>) => void;
}

/** A person attaches to a session, which is opened first where there is none and its name is a host's. */
export async function serveAttach({
  socket,
  hello,
  fronts,
  viewers,
  workspace,
  approvals,
  log,
}: AttachRoleParts): Promise<void> {
  const front = fronts.newId();
  const id = personId(front);
  const name = typeof hello.who === "string" ? visibleLine(hello.who, 60) : "somebody";
  const asked = new Asked((word) => writeWord(socket, word));
  const agentSocket = typeof hello.agentSocket === "string" ? { agentSocket: hello.agentSocket } : {};
  fronts.add({
    id,
    pid: hello.pid,
    ...agentSocket,
    read: (ref, withheld) => asked.read(ref, withheld),
    environment: () => asked.environment(),
  });
  fronts.named(id, name);
  let attached: Attached | undefined;
  const gone = new AbortController();
  const left = () => {
    gone.abort();
    fronts.gone(id);
    asked.gone();
  };
  socket.once("close", left);
  // It may have gone before anybody listened.
  if (socket.destroyed) return left();
  readFrames(socket, (kind, content) => {
    if (kind === "data") return attached?.typed(content);
    const word = wordIn(content) ?? {};
    if ("id" in word) asked.answered(word);
    else attached?.word(word);
  });
  socket.resume();
  try {
    const open = await workspace();
    const wanted = String(hello.session);
    const caller: Caller = {
      id,
      kind: "human",
      client: name,
      tool: "attach",
      signal: gone.signal,
      ask: async ({ host, user, asks, before }) =>
        asked.ask({
          ask: "person",
          text: `${before === "" ? "" : `${visible(before)}\n`}${host}, user ${visibleLine(user, 64)}: ${visibleLine(asks, 300)}`,
        }),
    };
    const session = await fronts.as(id, () => sessionFor(open, wanted, caller));
    attached = new Attached({
      socket,
      workspace: open,
      viewers,
      id,
      name,
      session,
      readOnly: hello.readOnly === true,
      smallest: hello.smallest === true,
      size: { cols: Number(hello.cols), rows: Number(hello.rows) },
      approvals: () => approvals(session),
      log,
    });
    await attached.run();
  } catch (error) {
    writeWord(socket, {
      end: error instanceof SshMcpError ? error.toText() : messageOf(error),
      failed: true,
    });
    socket.end();
  }
}

/** The open session of this name, or a new one on the host of this name. @throws SshMcpError. */
async function sessionFor(workspace: Workspace, name: string, caller: Caller): Promise<string> {
  const { multiplexer } = workspace;
  const view = multiplexer.find(name);
  if (view !== undefined && view.state !== "closed") return name;
  const saved = multiplexer.past?.saved().find((one) => one.name === name);
  const order =
    saved === undefined
      ? { host: view?.host ?? name, ...(view && { session: name }) }
      : { ...saved, session: name };
  const { session, outcome } = await openSession({ ...workspace, caller }, order, { timeoutMs: OPEN_MS });
  if (outcome.state === "running" && session.state === "starting")
    throw new SshMcpError(
      "not_ready",
      `session ${session.name} is still being opened`,
      "Attach again in a moment.",
    );
  return session.name;
}
