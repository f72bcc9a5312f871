import { messageOf, SshMcpError } from "../../../base/errors.ts";
import { visibleLine } from "../../../base/text.ts";
import { anyOf, patternIn } from "../../../changes/rows.ts";
import type { ChangeAsk, ChangeStep } from "../../../devices/profile-change.ts";
import type { Reply } from "../../../multiplexer/types.ts";
import { outputOf } from "../../../results/output-range.ts";
import { BY_ITS_CALL, closeSession } from "../close.ts";
import type { ToolContext } from "../context.ts";
import { openSession } from "../open.ts";
import { runCommand } from "../run.ts";
import { typeInto } from "../type.ts";

/**
 * What came of something typed. `refused`: the device said no, or nothing was typed; `lost`: nobody knows. `over`: its prompt
 * came back behind it, so whatever it did is done.
 */
export type Typed =
  | { readonly is: "done"; readonly lines: readonly string[] }
  | {
      readonly is: "refused" | "lost";
      readonly why: string;
      readonly lines: readonly string[];
      readonly over?: boolean;
    };

interface Order {
  readonly mode?: string | undefined;
  readonly timeoutMs?: number;
  readonly answer?: ChangeStep["answer"];
}

const STEP_MS = 30_000;
const OPEN_MS = 45_000;

/** Works on one device in sessions of its own, each line through the gate; `under`: the permit of the change as a whole. */
export class Hands {
  readonly #context: ToolContext;
  readonly #host: string;
  readonly #under: number | undefined;
  readonly #open = new Set<string>();

  constructor(context: ToolContext, host: string, under?: number) {
    // Whoever gives the call up ends its wait: a change that has begun goes to its end.
    const { signal } = new AbortController();
    this.#context = { ...context, caller: { ...context.caller, signal } };
    this.#host = host;
    this.#under = under;
  }

  /** Opens a session and waits for its prompt. `anew`: over connections of its own. @throws SshMcpError where it comes to none. */
  async login(session: string, anew?: string): Promise<string> {
    this.#open.add(session);
    const order = { host: this.#host, session, ...(anew === undefined ? {} : { anew }) };
    const reply = await openSession(this.#context, order, { timeoutMs: OPEN_MS });
    if (reply.outcome.state === "ready" || reply.outcome.state === "done") return session;
    await this.close(session);
    throw new SshMcpError(
      "not_ready",
      `${this.#host} accepted the login, but came to no prompt (${reply.outcome.state})`,
    );
  }

  /** Is it open and at a prompt, as far as is known here? */
  isUp(session: string): boolean {
    return this.#context.multiplexer.find(session)?.state === "ready";
  }

  /** The mode of its prompt, as far as one was seen. */
  modeOf(session: string): string | undefined {
    return this.#context.multiplexer.find(session)?.place?.mode;
  }

  async run(session: string, command: string, order: Order = {}): Promise<Typed> {
    const { mode, timeoutMs = STEP_MS, answer } = order;
    try {
      const what = {
        session,
        command,
        after: "any" as const,
        ...(mode === undefined ? {} : { mode }),
        ...(this.#under === undefined ? {} : { under: this.#under }),
      };
      const reply = await runCommand(this.#context, what, { timeoutMs });
      const said = await this.#came(reply, command);
      if (said !== undefined) return said;
      return answer === undefined ? await this.#asked(reply) : await this.#answered(reply, answer);
    } catch (error) {
      return this.#failed(error);
    }
  }

  ask(session: string, { ask, mode }: ChangeAsk, timeoutMs?: number): Promise<Typed> {
    return this.run(session, ask, { mode, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  }

  /** One step of a profile: what has to be shown is shown, or it is not held to be done. */
  async step(session: string, step: ChangeStep, text: string, timeoutMs = STEP_MS): Promise<Typed> {
    const came = await this.run(session, text, {
      mode: step.mode,
      timeoutMs,
      ...(step.answer && { answer: step.answer }),
    });
    if (came.is !== "done") return came;
    const { lines } = came;
    const bad = lines.find(anyOf(step.fails));
    if (bad !== undefined) return { is: "refused", why: `${text}: ${visibleLine(bad.trim(), 160)}`, lines };
    if (step.shows === undefined || lines.some(anyOf(step.shows))) return came;
    const said = lines.find((line) => line.trim() !== "") ?? "nothing";
    return {
      is: "lost",
      why: `${text}: the device did not say that it is done (it said: ${visibleLine(said.trim(), 160)})`,
      lines,
      over: true,
    };
  }

  async close(session: string): Promise<void> {
    this.#open.delete(session);
    await closeSession(this.#context, session, BY_ITS_CALL).catch(() => {});
  }

  async closeAll(): Promise<void> {
    for (const session of [...this.#open]) await this.close(session);
  }

  /** What a reply says of the command; undefined: it asks something. */
  async #came({ session, outcome }: Reply, command: string): Promise<Typed | undefined> {
    const first = visibleLine(command.split("\n")[0] ?? "", 80);
    if (outcome.state === "asking") return undefined;
    const record = session.command(outcome.command);
    const { lines } = await outputOf(session, record).catch(() => ({ lines: [] }));
    if (outcome.state === "closed")
      return { is: "lost", why: `the connection was lost at ${first}: ${outcome.detail}`, lines };
    if (outcome.state !== "done")
      return { is: "lost", why: `${first} came to no prompt (${outcome.state})`, lines };
    const [error] = outcome.errors ?? [];
    const short = [...(record?.remarks ?? []), ...outcome.notes].find((note) => /NOT typed/.test(note));
    const unknown = outcome.warnings?.find((one) => one.class === "unknown");
    if (error !== undefined) return { is: "refused", why: said(error.row.trim(), short), lines };
    if (short !== undefined) return { is: "refused", why: said(unknown?.row.trim() ?? first, short), lines };
    return { is: "done", lines };
  }

  async #asked(reply: Reply): Promise<Typed> {
    const row = reply.outcome.state === "asking" ? reply.outcome.row : "";
    await this.close(reply.session.name);
    return {
      is: "lost",
      why: `the device asks: ${visibleLine(row.trim(), 160)}; nothing was answered, and that session is closed`,
      lines: [],
    };
  }

  async #answered(reply: Reply, { match, text }: NonNullable<ChangeStep["answer"]>): Promise<Typed> {
    const { outcome, session } = reply;
    if (outcome.state !== "asking" || !patternIn(match).test(outcome.row)) return this.#asked(reply);
    const enter = outcome.submit !== "key";
    const behind = await typeInto(
      this.#context,
      { session: session.name, text, enter, answerTo: outcome.command, under: this.#under },
      { timeoutMs: STEP_MS },
    );
    return (await this.#came(behind, text)) ?? this.#asked(behind);
  }

  #failed(error: unknown): Typed {
    const why = messageOf(error);
    const typed = !(error instanceof SshMcpError) || !NOT_TYPED.has(error.code);
    return { is: typed ? "lost" : "refused", why, lines: [] };
  }
}

/** Codes of errors before anything was typed. */
const NOT_TYPED: ReadonlySet<string> = new Set([
  "invalid_argument",
  "denied",
  "approval_needed",
  "limit_reached",
  "unknown_host",
  "unsupported",
]);

function said(row: string, short: string | undefined): string {
  return short === undefined ? visibleLine(row, 200) : `${visibleLine(row, 200)} (${short})`;
}
