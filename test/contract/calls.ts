import type { Access } from "../../src/access/access.ts";
import type { Clock } from "../../src/base/clock.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import type { Multiplexer, Reply, SessionView } from "../../src/multiplexer/types.ts";
import { selectOutput } from "../../src/results/output-selection.ts";
import { render } from "../../src/results/render.ts";
import { type PermittedMux, permitted, type TestWait } from "../multiplexer/permitted.ts";

/** Who acts. */
export type CallerName = "a" | "b" | "c" | "d";

/** How long a call waits, and how it is given up. */
export interface CallOptions {
  readonly session?: string;
  readonly timeoutMs?: number;
  readonly waitFor?: string;
  /** Milliseconds after which the caller gives the call up. */
  readonly cancelMs?: number;
}

/** What a caller is told: an outcome, or a refusal (`error`). */
export interface Told {
  /** Code of a refusal. */
  readonly error?: string;
  /** Everything said in words: notes and, where refused, the sentence and the next step. */
  readonly text: string;
  readonly session?: string;
  readonly state?: string;
  readonly evidence?: string;
  readonly asked?: string;
  /** The row that asks. */
  readonly row?: string;
  readonly exit?: number;
  readonly mode?: string;
  readonly match?: string;
  /** Id of the command the result is about, and that command's text. */
  readonly command?: number;
  readonly about?: string;
  readonly durationMs?: number;
  /** Clock time this call took. */
  readonly tookMs: number;
  readonly rows?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly opened?: boolean;
}

/** A session as a list shows it. */
export interface Facts {
  readonly state: string;
  readonly framing: string;
  readonly idleMs: number;
  readonly size: string;
  readonly end: number;
  readonly commands: readonly { readonly id: number; readonly text: string; readonly state: string }[];
}

/** Every call of these tests on a multiplexer: who acts, what for, and what the caller is told. */
export class Calls {
  readonly mux: PermittedMux;
  /** What is behind it: its verbs demand permits. */
  readonly multiplexer: Multiplexer;
  readonly #clock: Clock;

  /** `access`: the gate they pass; left out: one without a step. */
  constructor(mux: Multiplexer, clock: Clock, access?: Access) {
    this.mux = permitted(mux, clock, access);
    this.multiplexer = mux;
    this.#clock = clock;
  }

  open(caller: CallerName, { host = "box", ...call }: CallOptions & { host?: string } = {}): Promise<Told> {
    const { session } = call;
    return this.#tell(caller, call, (wait) =>
      this.mux.connect({ host, ...(session === undefined ? {} : { session }), ...wait }),
    );
  }

  run(caller: CallerName, command: string, call: CallOptions & { mode?: string } = {}): Promise<Told> {
    const { session = "box", mode } = call;
    return this.#tell(caller, call, (wait) =>
      this.mux.shell({ session, command, ...(mode === undefined ? {} : { mode }), ...wait }),
    );
  }

  text(caller: CallerName, text: string, call: CallOptions & { enter?: boolean } = {}): Promise<Told> {
    const { session = "box", enter = false } = call;
    return this.#tell(caller, call, (wait) => this.mux.send({ session, text, enter, ...wait }));
  }

  keys(caller: CallerName, keys: string, call: CallOptions = {}): Promise<Told> {
    const { session = "box" } = call;
    return this.#tell(caller, call, (wait) => this.mux.send({ session, keys, ...wait }));
  }

  read(caller: CallerName, call: CallOptions & { cursor?: number } = {}): Promise<Told> {
    const { session = "box", cursor } = call;
    return this.#tell(caller, call, (wait) =>
      this.mux.wait({ session, ...(cursor === undefined ? {} : { cursor }), ...wait }),
    );
  }

  resize(caller: CallerName, cols: number, rows: number): Promise<Told> {
    return this.#tell(caller, {}, (wait) =>
      this.mux.send({ session: "box", cols, rows, ...wait, timeoutMs: 100 }),
    );
  }

  close(_caller: CallerName, session = "box"): Promise<Told> {
    const from = this.#clock.now();
    return this.#orRefused(from, async () => {
      const { state } = await this.mux.disconnect(session);
      return { state, text: "", tookMs: this.#clock.now() - from };
    });
  }

  async recall(_caller: CallerName, command: number): Promise<string> {
    const selection = await selectOutput(this.mux.view("box"), { command });
    return render({ result: { kind: "output", selection } });
  }

  facts(session = "box"): Facts {
    const view = this.mux.view(session);
    const { state, framing, idleMs, size, end } = view;
    const commands = view
      .commands()
      .map((command) => ({ id: command.id, text: command.text, state: command.state }));
    return { state, framing, idleMs, size: `${size.cols}x${size.rows}`, end, commands };
  }

  list(): readonly { name: string; state: string }[] {
    return this.mux.sessions().map(({ name, state }) => ({ name, state }));
  }

  screen(session = "box"): readonly string[] {
    return this.mux.view(session).screen().rows;
  }

  #tell(as: CallerName, call: CallOptions, act: (wait: TestWait) => Promise<Reply>): Promise<Told> {
    const from = this.#clock.now();
    const { timeoutMs, waitFor, cancelMs } = call;
    const abort = new AbortController();
    if (cancelMs !== undefined) this.#clock.after(cancelMs, () => abort.abort());
    const wait: TestWait = {
      as,
      signal: abort.signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(waitFor === undefined ? {} : { waitFor }),
    };
    return this.#orRefused(from, async () => {
      const reply = await act(wait);
      const tookMs = this.#clock.now() - from;
      return told(reply, tookMs);
    });
  }

  async #orRefused(from: number, act: () => Promise<Told>): Promise<Told> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof SshMcpError)) throw error;
      const text = `${error.message}\n${error.next ?? ""}`;
      return { error: error.code, text, tookMs: this.#clock.now() - from };
    }
  }
}

async function told({ session, outcome, opened }: Reply, tookMs: number): Promise<Told> {
  const detail = outcome.state === "closed" ? [outcome.detail] : [];
  const about = session.command(outcome.command)?.text;
  return {
    text: [...outcome.notes, ...detail, ...(opened?.notes ?? [])].join("\n"),
    session: outcome.session,
    state: outcome.state,
    evidence: outcome.evidence,
    ...(outcome.state === "asking" ? { asked: outcome.asked, row: outcome.row } : {}),
    ...(outcome.state === "running" && outcome.match !== undefined ? { match: outcome.match } : {}),
    ...(outcome.exit === undefined ? {} : { exit: outcome.exit }),
    ...(outcome.mode === undefined ? {} : { mode: outcome.mode }),
    command: outcome.command,
    ...(about === undefined ? {} : { about }),
    durationMs: outcome.durationMs,
    tookMs,
    rows: await rowsOf(session, outcome.from, outcome.to),
    from: outcome.from,
    to: outcome.to,
    ...(opened === undefined ? {} : { opened: true }),
  };
}

/** Rows that hold something. */
async function rowsOf(session: SessionView, from: number, to: number): Promise<readonly string[]> {
  const { lines } = await session.text(from, to);
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}
