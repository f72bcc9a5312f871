import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { ExecRecord, FleetMember, StopRules } from "./types.ts";

/** When no further member of a fleet is begun. */
export class FleetStop {
  readonly #rules: StopRules;
  readonly #hosts: number;
  #bad = 0;
  #why: SshMcpError | undefined;

  constructor(rules: StopRules, hosts: number) {
    this.#rules = rules;
    this.#hosts = hosts;
  }

  /** A member came to something: its end, or a question. */
  seen(member: FleetMember): void {
    if (this.#why !== undefined) return;
    const { question, error, host, id } = member;
    if (question !== undefined) {
      if (this.#rules.question === true)
        this.#why = stopped(
          `${host} (#${id}) asks: ${visibleLine(question.row, 120)}`,
          "Answer it first (ssh_run with run and answer); the call can be given again for the others.",
        );
      return;
    }
    if (member.state !== "failed" && (member.record === undefined || isWell(member.record))) return;
    this.#bad++;
    // Nothing was sent to anybody yet: it is the same for all.
    if (this.#rules.error === true)
      this.#why =
        error !== undefined && NOTHING_SENT.has(error.code)
          ? error
          : stopped(`${host} (#${id}) did not come to a good end`, LOOK_FIRST);
    else if (this.#rules.percent !== undefined && this.#bad * 100 > this.#rules.percent * this.#hosts)
      this.#why = stopped(
        `${this.#bad} of ${this.#hosts} hosts, more than ${this.#rules.percent} %, did not come to a good end, ${host} (#${id}) the last of them`,
        LOOK_FIRST,
      );
  }

  /** No further one is begun. */
  get isSet(): boolean {
    return this.#why !== undefined;
  }

  /** @throws SshMcpError where a rule says that no further one is begun. */
  assertNone(): void {
    if (this.#why !== undefined) throw this.#why;
  }
}

/** Of one member: it came to what a command comes to that worked. */
export function isWell({ end }: ExecRecord): boolean {
  if (end.is === "exit") return end.code === 0 && end.stopped === undefined;
  if (end.is === "facts") return end.missing === 0;
  if (end.is !== "in_session") return false;
  return end.errors === undefined && end.doubtful === undefined && end.untyped === undefined;
}

const NOTHING_SENT: ReadonlySet<string> = new Set(["approval_needed", "denied", "limit_reached"]);
const LOOK_FIRST = "Look at that host first; the call can be given again for the others.";

function stopped(since: string, next: string): SshMcpError {
  return new SshMcpError("not_ready", `stopped, since ${since}: the command was NOT run here`, next);
}
