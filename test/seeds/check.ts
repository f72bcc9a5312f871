import type { Opened, Rig } from "../real/rig.ts";

/** Further waits for one command, 30 s each. */
const PATIENCE = 6;

/** Collects what was not as it had to be in one run. */
export class Checks {
  readonly faults: string[] = [];
  outcomes = 0;
  readonly #rig: Rig;
  readonly #session: Opened;

  constructor(rig: Rig, session: Opened) {
    this.#rig = rig;
    this.#session = session;
  }

  /** Runs a command and compares state, text and whatever else of the outcome is given. */
  async command(
    command: string,
    expected: {
      readonly state?: string;
      readonly rows?: readonly string[];
      readonly mode?: string;
      readonly host?: string;
      readonly errors?: readonly string[];
      readonly asked?: string;
      readonly note?: RegExp;
    },
    how: { readonly mode?: string; readonly keepGoing?: boolean } = {},
  ): Promise<void> {
    let reply = await this.#rig.mux.shell({ session: this.#session.name, command, ...how });
    const notes = [...reply.outcome.notes];
    // A device that prints a few bytes at a time takes longer than one call waits.
    for (let more = 0; more < PATIENCE && reply.outcome.state === "running"; more++) {
      reply = await this.#rig.mux.wait({ session: this.#session.name, timeoutMs: 30_000 });
      notes.push(...reply.outcome.notes);
    }
    const { outcome } = reply;
    this.outcomes++;
    const record = reply.session.command(outcome.command);
    const text = await reply.session.text(record?.from ?? outcome.from, record?.to ?? outcome.to);
    const found = {
      state: outcome.state,
      // Log rows that the device prints in the midst of an output stay where they came.
      rows: trimmed(text.lines.filter((_row, index) => !text.likeOwn?.includes(index))),
      mode: outcome.mode,
      host: outcome.host,
      errors: (outcome.errors ?? []).map((error) => error.class),
      asked: outcome.state === "asking" ? outcome.asked : undefined,
    };
    const wanted: Record<string, unknown> = { state: "done", errors: [], ...expected };
    if (expected.rows) wanted.rows = trimmed(expected.rows);
    if (expected.note && !notes.some((note) => expected.note?.test(note)))
      this.faults.push(`${command}: no note ${expected.note} in ${JSON.stringify(notes)}`);
    if (expected.rows) {
      const rows = trimmed(expected.rows);
      const at = found.rows.findIndex((row, index) => row !== rows[index]);
      if (at >= 0 || found.rows.length !== rows.length)
        this.faults.push(
          `${command}: row ${at} of ${found.rows.length} is ${JSON.stringify(found.rows.slice(at - 1, at + 2))} and not ${JSON.stringify(rows.slice(at - 1, at + 2))}`,
        );
    }
    for (const [key, value] of Object.entries(found)) {
      if (!(key in wanted)) continue;
      const [is, should] = [JSON.stringify(value), JSON.stringify(wanted[key])];
      if (is !== should) this.faults.push(`${command}: ${key} is ${clip(is)} and not ${clip(should)}`);
    }
  }

  /** Runs a command that does not end by itself, and waits for a row of it. */
  async goesOn(command: string, waitFor: string): Promise<void> {
    const how = { session: this.#session.name, command, timeoutMs: 30_000, waitFor };
    const { outcome } = await this.#rig.mux.shell(how);
    this.outcomes++;
    if (outcome.state !== "running") this.faults.push(`${command}: state is ${outcome.state}`);
  }

  /** Sends keys and compares the state they lead to. */
  async keys(keys: string, state: string): Promise<void> {
    const { outcome } = await this.#session.keys(keys);
    this.outcomes++;
    if (outcome.state !== state) this.faults.push(`keys ${keys}: state is ${outcome.state} and not ${state}`);
  }
}

function trimmed(rows: readonly string[]): string[] {
  const kept = rows.map((row) => row.trimEnd());
  while (kept.length > 0 && kept[0] === "") kept.shift();
  while (kept.at(-1) === "") kept.pop();
  return kept;
}

function clip(text: string | undefined): string {
  const whole = text ?? "nothing";
  return whole.length > 600 ? `${whole.slice(0, 600)}…` : whole;
}
