import type { Clock } from "../../base/clock.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { collect } from "../../ssh/collect.ts";
import type { Exec } from "../../ssh/contract.ts";
import type { KernelEvidence } from "../evidence/kernel.ts";
import { ANSWER } from "../evidence/kernel-query.ts";
import type { Echo, Framing, KernelQuery } from "./framing.ts";

const PROBE_MS = 3000;
/** Keys of a caller do not wait longer than this for the terminal's modes. */
const ECHO_MS = 1000;
const PROBE_BYTES = 64 * 1024;
/** After so many failures in a row it is not asked again. */
const FAILURES = 2;
/** A question that takes longer than this is told, once. */
const SLOW_MS = 500;

/** What does not work, and what that weakens. */
const WEAKER =
  "what a program waits for is recognised by its rows alone, a secret only by its words, and a program that waits without a word counts as running";

/**
 * Asks the host's kernel about the terminal, over the session's own connection. Failing is an answer: unknown. `tell` is
 * given one sentence each for a kernel that cannot be asked and for one that answers slowly.
 */
export class KernelQuestion {
  readonly #beside: Exec | undefined;
  readonly #clock: Clock;
  readonly #tell: (sentence: string) => void;
  #failures = 0;
  /** The login shell forbids `exec`. */
  #restricted = false;
  /** Both forms of the question were taken and answered like no shell. */
  #noShell = false;
  #told = { failure: false, slow: false };
  /** The newest answer, and how many bytes the terminal had sent when it was requested. */
  #last: { readonly answer: string; readonly received: number } | undefined;

  constructor(beside: Exec | undefined, clock: Clock, tell: (sentence: string) => void) {
    this.#beside = beside;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** `received`: how many bytes the terminal has sent so far. */
  async ask({ kernelQuery: query }: Pick<Framing, "kernelQuery">, received: number): Promise<KernelEvidence> {
    if (query === undefined) return UNKNOWN;
    const answer = await this.#answer(query, received, PROBE_MS);
    if (answer !== undefined) return answer.evidence;
    return this.#noShell ? { waiting: "unknown", noShell: true } : UNKNOWN;
  }

  /** Whether the far end shows what is typed now; an answer of its kernel with no byte since may be used again. */
  async echo(framing: Pick<Framing, "echo" | "kernelQuery">, received: number): Promise<Echo> {
    const echo = framing.echo();
    const query = framing.kernelQuery;
    if (echo !== "kernel") return echo;
    if (query === undefined) return "unknown";
    // A program may switch the echo off without a byte: only an answer that errs on the safe side is used again.
    const known = this.#last?.received === received ? query.echo(this.#last.answer) : "on";
    return known === "on" ? this.kernelEcho(framing, received) : known;
  }

  /** The same by the kernel alone, asked anew: what a row reads like is no proof. */
  async kernelEcho({ kernelQuery: query }: Pick<Framing, "kernelQuery">, received: number): Promise<Echo> {
    if (query === undefined) return "unknown";
    const answer = await this.#answer(query, received, ECHO_MS);
    return answer === undefined ? "unknown" : query.echo(answer.text);
  }

  async #answer(
    query: KernelQuery,
    received: number,
    timeoutMs: number,
  ): Promise<{ readonly text: string; readonly evidence: KernelEvidence } | undefined> {
    if (this.#beside === undefined) {
      this.#failed("there is no second channel");
      return undefined;
    }
    if (this.#failures >= FAILURES) return undefined;
    const since = this.#clock.now();
    try {
      let text = await this.#run(this.#beside, query.command(this.#restricted), timeoutMs);
      let evidence = query.judge(text);
      if (evidence === undefined && !this.#restricted) {
        text = await this.#run(this.#beside, query.command(true), timeoutMs);
        evidence = query.judge(text);
        this.#restricted = evidence !== undefined;
      }
      if (evidence === undefined) {
        this.#noShell = !text.includes(ANSWER);
        this.#failures++;
        this.#failed("the answer to the question was none");
        return undefined;
      }
      this.#failures = 0;
      this.#last = { answer: text, received };
      this.#timed(this.#clock.now() - since);
      return { text, evidence };
    } catch (error) {
      // Keys of a caller do not wait long: that it took longer says nothing about the next question.
      if (timeoutMs < PROBE_MS && isLate(error)) return undefined;
      // Forced command, no exec permission, no free channel: the screen's text remains as evidence.
      this.#failures++;
      this.#failed(messageOf(error));
      return undefined;
    }
  }

  async #run(beside: Exec, command: string, timeoutMs: number): Promise<string> {
    const options = { timeoutMs, maxBytes: PROBE_BYTES, clock: this.#clock };
    const { stdout, end } = await collect(beside, command, options);
    if (end.reason === "timeout") throw new LateAnswer(`no answer in ${timeoutMs / 1000} s`);
    return stdout.toString("utf8");
  }

  #failed(why: string): void {
    if (this.#told.failure) return;
    this.#told.failure = true;
    this.#tell(
      `the host's kernel cannot be asked who reads the terminal (${visibleLine(why.replace(/\.$/, ""), 160)}): ${WEAKER}`,
    );
  }

  #timed(ms: number): void {
    if (ms <= SLOW_MS || this.#told.slow) return;
    this.#told.slow = true;
    this.#tell(
      `asking the host's kernel who reads the terminal took ${Math.round(ms)} ms: what waits for input is reported that much later`,
    );
  }
}

const UNKNOWN: KernelEvidence = { waiting: "unknown" };

class LateAnswer extends Error {}

function isLate(error: unknown): boolean {
  return error instanceof LateAnswer || (error instanceof SshMcpError && error.code === "connect_failed");
}
