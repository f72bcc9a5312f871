import type { Clock } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import { collect } from "../../ssh/collect.ts";
import type { Exec } from "../../ssh/contract.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import type { Echo, Framing } from "./framing.ts";

type Query = NonNullable<Framing["kernelQuery"]>;

const PROBE_MS = 3000;
/** Keys of a caller do not wait longer than this for the terminal's modes. */
const ECHO_MS = 1000;
const PROBE_BYTES = 64 * 1024;
/** After so many failures in a row it is not asked again. */
const FAILURES = 2;

/** Asks the host's kernel about the terminal, over the session's own connection. Failing is an answer: unknown. */
export class KernelQuestion {
  readonly #beside: Exec | undefined;
  readonly #clock: Clock;
  #failures = 0;
  /** The newest answer, and how many bytes the terminal had sent when it was requested. */
  #last: { readonly answer: string; readonly received: number } | undefined;

  constructor(beside: Exec | undefined, clock: Clock) {
    this.#beside = beside;
    this.#clock = clock;
  }

  /** `received`: how many bytes the terminal has sent so far. */
  async ask({ kernelQuery: query }: Framing, received: number): Promise<KernelEvidence> {
    const answer = query && (await this.#answer(query, received, PROBE_MS));
    return query === undefined || answer === undefined ? { waiting: "unknown" } : query.judge(answer);
  }

  /** Whether the far end shows what is typed now; an answer of its kernel with no byte since may be used again. */
  async echo(framing: Framing, received: number): Promise<Echo> {
    const echo = framing.echo();
    const query = framing.kernelQuery;
    if (echo !== "kernel") return echo;
    if (query === undefined) return "unknown";
    // A program may switch the echo off without a byte: only an answer that errs on the safe side is used again.
    const known = this.#last?.received === received ? query.echo(this.#last.answer) : "on";
    if (known !== "on") return known;
    const answer = await this.#answer(query, received, ECHO_MS);
    return answer === undefined ? "unknown" : query.echo(answer);
  }

  async #answer(query: Query, received: number, timeoutMs: number): Promise<string | undefined> {
    if (this.#beside === undefined || this.#failures >= FAILURES) return undefined;
    try {
      const { stdout, end } = await collect(this.#beside, query.command, {
        timeoutMs,
        maxBytes: PROBE_BYTES,
        clock: this.#clock,
      });
      if (end.reason === "timeout") throw new LateAnswer();
      this.#failures = 0;
      const answer = stdout.toString("utf8");
      this.#last = { answer, received };
      return answer;
    } catch (error) {
      // Keys of a caller do not wait long: that it took longer says nothing about the next question.
      if (timeoutMs < PROBE_MS && isLate(error)) return undefined;
      // Forced command, no exec permission, no free channel: the screen's text remains as evidence.
      this.#failures++;
      return undefined;
    }
  }
}

class LateAnswer extends Error {}

function isLate(error: unknown): boolean {
  return error instanceof LateAnswer || (error instanceof SshMcpError && error.code === "connect_failed");
}
