import { type AccessParts, createAccess } from "../../src/access/access.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Echo, SessionFacts } from "../../src/base/contract/action.ts";
import type { Caller } from "../../src/base/contract/caller.ts";
import { createDesk } from "../../src/desk/desk.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import type {
  CommandRecord,
  ExecRecord,
  Multiplexer,
  Reply,
  SessionView,
} from "../../src/multiplexer/types.ts";
import { KeptOutput } from "../../src/remote/kept-output.ts";
import type { Redact } from "../../src/secrets/redactor.ts";
import type { Outcome, State } from "../../src/shell/record/outcome.ts";
import { encodeKeys, encodeText, PLAIN_MODES } from "../../src/terminal/keys.ts";
import type { ScreenView } from "../../src/terminal/types.ts";
import { aHost, UNRESTRICTED } from "../a-host.ts";

/** What a scripted session holds: a transcript in which every character is one byte, and its commands. */
export interface Scripted {
  readonly transcript: string;
  readonly commands: readonly CommandRecord[];
  readonly outcome: Outcome;
  readonly screen?: Partial<ScreenView>;
  readonly changed?: readonly { row: number; text: string }[];
  readonly view?: Partial<SessionView>;
  readonly opened?: NonNullable<Reply["opened"]>;
  readonly denyPatterns?: readonly string[];
  readonly facts?: Partial<SessionFacts>;
  /** What the terminal says of its echo; left out: `on`. */
  readonly echo?: Echo;
}

export const emptyScreen: ScreenView = {
  rows: [],
  cursor: { row: 0, col: 0 },
  cursorText: "",
  size: { cols: 120, rows: 40 },
  alternate: false,
  modes: { applicationCursorKeys: false, bracketedPaste: false, mouse: false },
  title: "",
  version: 1,
  stale: false,
};

export function record(id: number, from: number, to: number | undefined, text: string): CommandRecord {
  return {
    id,
    text,
    from,
    ...(to === undefined ? { state: "running" as const } : { to, state: "done" as const, exit: 0 }),
    durationMs: 120,
    remarks: [],
  };
}

/** An outcome of command 7 over bytes 0 to `to`, in the given state. */
export function outcomeOf(state: State, facts: Partial<Omit<Outcome, keyof State>> = {}): Outcome {
  return {
    session: "web1",
    command: 7,
    durationMs: 120,
    level: 1,
    from: 0,
    to: 0,
    notes: [],
    ...facts,
    ...state,
  };
}

export function scriptedView(scripted: Scripted): SessionView {
  const screen = { ...emptyScreen, ...scripted.screen };
  const view: SessionView = {
    name: "web1",
    host: "web1",
    target: "jo@10.0.0.5:22",
    state: "ready",
    closedAs: undefined,
    closedBecause: undefined,
    framing: "bash, framed",
    level: 1,
    cwd: "/home/jo",
    openedAt: 0,
    idleMs: 4_000,
    closedMs: 0,
    openedBy: undefined,
    size: screen.size,
    start: 0,
    end: scripted.transcript.length,
    strays: () => [],
    commands: () => scripted.commands,
    command: (id) => scripted.commands.find((command) => command.id === id),
    screen: () => screen,
    changedRows: () => scripted.changed ?? [],
    async text(from, to) {
      const part = scripted.transcript.slice(from, to);
      const lines = part === "" ? [] : part.replace(/\n$/, "").split("\n");
      return { lines, prunedBytes: 0, bytes: part.length, approximate: false };
    },
    commandTimeoutMs: 30_000,
    hostFacts: {
      name: "web1",
      address: "jo@10.0.0.5:22",
      platform: "posix",
      policy: { ...UNRESTRICTED, denyPatterns: scripted.denyPatterns ?? [] },
    },
    facts: () => ({ name: "web1", state: "prompt", level: 1, ...scripted.facts }),
    expand: ({ text: command }) => command.split("\n").map((text) => ({ text, why: "command" })),
    encode: (input) =>
      input.kind === "keys"
        ? encodeKeys(input.keys, PLAIN_MODES)
        : encodeText(input.text, PLAIN_MODES, { enter: input.enter }),
    isInterrupt: (bytes) => bytes.equals(Buffer.from([3])),
    echo: async () => scripted.echo ?? "on",
  };
  // Getters stay getters.
  return Object.defineProperties(view, Object.getOwnPropertyDescriptors(scripted.view ?? {}));
}

export interface Call {
  readonly verb: string;
  readonly request: object;
}

/** A command on a channel of its own that printed nothing. */
function execRecord(command: string): ExecRecord {
  const nothing = new KeptOutput();
  const end = { is: "exit", code: 0, held: false } as const;
  return { id: 1, host: "web1", command, end, durationMs: 120, stdout: nothing, stderr: nothing };
}

const NO_FLEET = { id: 1, command: "true", members: [], running: false, durationMs: 0 };

/** A multiplexer that plays one scripted reply, and remembers what was asked of it. */
export function fakeMultiplexer(scripted: Scripted): { multiplexer: Multiplexer; calls: Call[] } {
  const calls: Call[] = [];
  const view = scriptedView(scripted);
  const answer = async (verb: string, request: object): Promise<Reply> => {
    calls.push({ verb, request });
    const { outcome } = scripted;
    return { session: view, outcome, ...(scripted.opened === undefined ? {} : { opened: scripted.opened }) };
  };
  const multiplexer: Multiplexer = {
    hosts: async () => ({ hosts: [], notes: [] }),
    plan: async (request) => ({
      host: hostWith(scripted.denyPatterns ?? []),
      facts: view.hostFacts,
      size: view.size,
      join: request.join ?? false,
    }),
    open: (plan, _permit, _caller, wait) => answer("open", { ...plan, ...wait }),
    run: (session, order, _permit, _caller, wait) => answer("run", { session, ...order, ...wait }),
    send: (session, bytes, _permit, _caller, wait) => answer("send", { session, bytes, ...wait }),
    resize: (session, size) => {
      calls.push({ verb: "resize", request: { session, ...size } });
    },
    read: (session, cursor, _caller, wait) => answer("read", { session, cursor, ...wait }),
    farewell: () => undefined,
    find: () => view,
    view: () => view,
    target: () => ({ host: view.hostFacts, session: view.facts(), terminal: view }),
    sessions: () => [view],
    disconnect: async () => {
      calls.push({ verb: "disconnect", request: {} });
      return view;
    },
    execs: {
      plan: async () => ({ host: hostWith(scripted.denyPatterns ?? []), facts: view.hostFacts }),
      run: async (_plan, { command, ...order }, _permit, _caller, wait) => {
        calls.push({ verb: "exec", request: { command, ...order, ...wait } });
        return execRecord(command);
      },
      runBy: async (_host, { command }) => execRecord(command),
      wait: async () => execRecord("true"),
      cancel: async () => {
        calls.push({ verb: "cancel", request: {} });
        return execRecord("true");
      },
      known: () => execRecord("true"),
      find: () => undefined,
      running: () => [],
      fleet: () => NO_FLEET,
      findFleet: () => undefined,
      waitFleet: async () => NO_FLEET,
      cancelFleet: async () => NO_FLEET,
    },
    dispose: async () => {},
  };
  return { multiplexer, calls };
}

export interface FakeDesk {
  /** Serves a call as the desk does; the error flag as a client sees it. */
  call(tool: string, args: unknown, caller?: Caller): Promise<{ text: string; isError?: true }>;
  readonly calls: Call[];
  readonly reported: unknown[];
  readonly view: SessionView;
}

/** A desk over a scripted session, with the real gate. */
export function fakeDesk(scripted: Scripted, parts: Partial<AccessParts> & FakeParts = {}): FakeDesk {
  const { multiplexer: change, redact, ...gate } = parts;
  const { multiplexer, calls } = fakeMultiplexer(scripted);
  const directory = { resolve: async () => hostWith(scripted.denyPatterns ?? []) };
  const access = createAccess({ directory, ...gate });
  const reported: unknown[] = [];
  const desk = createDesk({
    workspace: async () => ({
      multiplexer: { ...multiplexer, ...change },
      access,
      clock: systemClock,
      ...(redact === undefined ? {} : { redact }),
    }),
    report: (error) => reported.push(error),
  });
  return {
    async call(tool, args, caller = AGENT) {
      const { result, text } = await desk.call(caller, tool, args);
      return { text, ...(result.kind === "error" ? { isError: true as const } : {}) };
    },
    calls,
    reported,
    view: multiplexer.view("web1"),
  };
}

interface FakeParts {
  /** Verbs of the multiplexer played otherwise. */
  readonly multiplexer?: Partial<Multiplexer>;
  readonly redact?: Redact;
}

export const AGENT: Caller = {
  id: "agent-1",
  kind: "agent",
  client: "a client",
  signal: new AbortController().signal,
};

export function hostWith(denyPatterns: readonly string[]): ResolvedHost {
  return aHost({
    name: "web1",
    address: "10.0.0.5",
    user: "jo",
    policy: { denyPatterns },
    timing: { commandTimeoutMs: 30_000 },
  });
}
