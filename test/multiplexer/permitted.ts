import { type Access, gateOf } from "../../src/access/access.ts";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { Caller } from "../../src/base/contract/caller.ts";
import type { Multiplexer, Reply, SessionView, WaitOptions } from "../../src/multiplexer/types.ts";
import { closeSession } from "../../src/tools/acts/close.ts";
import { type OpenOrder, openSession } from "../../src/tools/acts/open.ts";
import { type CommandOrder, runCommand } from "../../src/tools/acts/run.ts";
import { type TypeOrder, typeInto } from "../../src/tools/acts/type.ts";

/** How a test waits, and as whom. */
export interface TestWait extends WaitOptions {
  readonly signal?: AbortSignal;
  /** Id of the caller; left out: the one caller that most tests have. */
  readonly as?: string;
}

/** The verbs of the tools over a multiplexer, through a gate without a single step: everything is permitted. */
export interface PermittedMux
  extends Pick<Multiplexer, "hosts" | "view" | "find" | "target" | "sessions" | "dispose"> {
  connect(request: OpenOrder & TestWait): Promise<Reply>;
  shell(request: CommandOrder & TestWait): Promise<Reply>;
  send(request: TypeOrder & TestWait): Promise<Reply>;
  wait(request: { readonly session: string; readonly cursor?: number } & TestWait): Promise<Reply>;
  disconnect(session: string): Promise<SessionView>;
}

export function callerNamed(id: string, signal = new AbortController().signal): Caller {
  return { id, kind: "agent", signal };
}

export function permitted(
  multiplexer: Multiplexer,
  clock: Clock = systemClock,
  access: Access = gateOf([]),
): PermittedMux {
  const apart = ({ timeoutMs, waitFor, signal, as = "test" }: TestWait) => ({
    context: { multiplexer, access, clock, caller: callerNamed(as, signal) },
    wait: {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(waitFor === undefined ? {} : { waitFor }),
    },
  });
  return {
    hosts: () => multiplexer.hosts(),
    view: (session) => multiplexer.view(session),
    find: (session) => multiplexer.find(session),
    target: (session) => multiplexer.target(session),
    sessions: () => multiplexer.sessions(),
    dispose: () => multiplexer.dispose(),
    connect(request) {
      const { context, wait } = apart(request);
      return openSession(context, request, wait);
    },
    shell(request) {
      const { context, wait } = apart(request);
      return runCommand(context, request, wait);
    },
    send(request) {
      const { context, wait } = apart(request);
      return typeInto(context, request, wait);
    },
    wait(request) {
      const { context, wait } = apart(request);
      return multiplexer.read(request.session, request.cursor, context.caller, wait);
    },
    async disconnect(session) {
      return closeSession(apart({}).context, session);
    },
  };
}
