import { createGate, type GateParts } from "../../src/access/gate.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import type { CommandRecord, Multiplexer, Reply, SessionView } from "../../src/multiplexer/types.ts";
import type { Outcome, State } from "../../src/shell/record/outcome.ts";
import type { ScreenView } from "../../src/terminal/types.ts";
import type { ToolContext } from "../../src/tools/tool.ts";

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
  return {
    name: "web1",
    host: "web1",
    target: "jo@10.0.0.5:22",
    state: "ready",
    framing: "bash, framed",
    level: 1,
    cwd: "/home/jo",
    openedAt: 0,
    idleMs: 4_000,
    size: screen.size,
    start: 0,
    end: scripted.transcript.length,
    commands: () => scripted.commands,
    command: (id) => scripted.commands.find((command) => command.id === id),
    screen: () => screen,
    changedRows: () => scripted.changed ?? [],
    async text(from, to) {
      const part = scripted.transcript.slice(from, to);
      const lines = part === "" ? [] : part.replace(/\n$/, "").split("\n");
      return { lines, prunedBytes: 0, bytes: part.length, approximate: false };
    },
    ...scripted.view,
  };
}

export interface Call {
  readonly verb: string;
  readonly request: object;
}

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
    connect: (request) => answer("connect", request),
    shell: (request) => answer("shell", request),
    send: (request) => answer("send", request),
    wait: (request) => answer("wait", request),
    view: () => view,
    sessions: () => [view],
    disconnect: async () => view,
    dispose: async () => {},
  };
  return { multiplexer, calls };
}

export function fakeContext(
  scripted: Scripted,
  audit?: GateParts["audit"],
): { context: ToolContext; calls: Call[] } {
  const { multiplexer, calls } = fakeMultiplexer(scripted);
  const directory = { resolve: async () => hostWith(scripted.denyPatterns ?? []) };
  const gate = createGate({ multiplexer, directory, ...(audit === undefined ? {} : { audit }) });
  return { context: { multiplexer, gate, signal: new AbortController().signal }, calls };
}

function hostWith(denyPatterns: readonly string[]): ResolvedHost {
  return {
    name: "web1",
    source: "inventory",
    address: "10.0.0.5",
    port: 22,
    user: "jo",
    auth: [],
    jump: [],
    hostKey: { mode: "strict", files: [] },
    platform: "posix",
    tags: [],
    groups: [],
    terminal: { cols: 120, rows: 40, term: "xterm-256color" },
    limits: { sessions: 10, transcriptBytes: 1_000_000, channelsPerConnection: 9 },
    policy: { denyPatterns },
    timing: {
      connectTimeoutMs: 10_000,
      keepaliveIntervalMs: 10_000,
      keepaliveCount: 3,
      idleTimeoutMs: 0,
      commandTimeoutMs: 30_000,
    },
  };
}
