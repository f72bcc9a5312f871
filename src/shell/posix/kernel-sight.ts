import type { Login } from "../../ssh/contract.ts";
import type { HostProcesses, Process } from "../evidence/host-processes.ts";
import type { Front, KernelEvidence } from "../evidence/kernel.ts";
import { promptNames } from "../evidence/login-prompt.ts";
import type { KernelQuery } from "../pty/framing.ts";
import type { Level } from "../record/shell-level.ts";
import { kernelQueryOf, type LoginShell } from "./kernel-query.ts";

const NO_STTY =
  "the host has no stty: whether what is typed shows is not known, and a secret is recognised by its words alone";
const NOISE =
  "the login shell's start-up files print something for commands without a terminal as well: each question to the host's kernel runs them";

const ALONE = { others: new Set<number>(), index: 0, of: 1 };

/** What the host's kernel has said about this session so far. */
export class KernelSight {
  readonly #tell: (sentence: string) => void;
  /** The programs in which hooks are set, by process id. */
  readonly #programs = new Map<number, Front & { readonly edits: boolean }>();
  readonly #told = new Set<string>();
  #login: LoginShell | undefined;
  #inFront: (Front & { readonly edits: boolean }) | undefined;
  #names: readonly string[];
  /** Processes that were begun in the background: their stopping is no command's. */
  readonly #background = new Set<number>();
  /** Jobs that were stopped when an end was last looked at. */
  #stopped = new Set<number>();
  readonly #turn: Login | undefined;

  constructor(tell: (sentence: string) => void, names: readonly string[], turn: Login | undefined) {
    this.#tell = tell;
    this.#names = names;
    this.#turn = turn;
  }

  /** The login shell; undefined: not found yet. */
  get login(): LoginShell | undefined {
    return this.#login;
  }

  /** The login's user and the host's name as a prompt may show them. */
  get names(): readonly string[] {
    return promptNames(this.#names);
  }

  /** The login shell is not looked for any more. */
  over(): void {
    this.#turn?.over();
  }

  /** Hooks were set in a shell: in the program that was in front, if the kernel has named it. */
  ready({ pid }: Level): void {
    this.#turn?.over();
    if (pid !== undefined && pid === this.#inFront?.pid) this.#programs.set(pid, this.#inFront);
  }

  /**
   * Has what was in front stopped, and not ended? `shell`: it was that one's process, in sight of this kernel; `again`: it may
   * be a job that was stopped before; `jobs`: nothing but that there are some speaks for it, and `last` was begun in the
   * background. Undefined: the kernel does not say.
   */
  hasStopped(
    { stopped }: KernelEvidence,
    shell: number | undefined,
    again: boolean,
    jobs?: { readonly last: number },
  ): boolean | undefined {
    if (jobs !== undefined && jobs.last > 0) this.#background.add(jobs.last);
    if (stopped === undefined) return undefined;
    const known = this.#stopped;
    this.#stopped = new Set(stopped);
    if (shell !== undefined) return stopped.includes(shell);
    const others = jobs === undefined ? stopped : stopped.filter((pid) => !this.#background.has(pid));
    return others.some((pid) => again || !known.has(pid));
  }

  /** The kernel has named who has the terminal. */
  saw({ front, waiting, stopped }: KernelEvidence): void {
    if (stopped !== undefined) this.#stopped = new Set(stopped.filter((pid) => this.#stopped.has(pid)));
    this.#inFront = front && { ...front, edits: waiting === "keys" };
  }

  /** Tells a sentence, the first time. */
  once(sentence: string): void {
    if (this.#told.has(sentence)) return;
    this.#told.add(sentence);
    this.#tell(sentence);
  }

  /**
   * How the kernel is asked, also for the file of a program that a secret waits for. Where terminals are not opened one by one,
   * only once the login shell has said who it is.
   */
  query(levels: readonly Level[], program?: string): KernelQuery | undefined {
    if (levels[0]?.pid === undefined && this.#turn === undefined) return undefined;
    return kernelQueryOf({
      levels,
      program,
      programs: this.#programs,
      located: this.#login,
      turn: this.#turn?.turn ?? ALONE,
      answered: (host, login) => this.#answered(host, login),
    });
  }

  #answered(host: HostProcesses, login: Process | undefined): void {
    if (login !== undefined) {
      this.#login = { pid: login.pid, tty: login.tty };
      this.#turn?.found(login.pid);
    }
    this.#names = [...new Set([...this.#names, host.user, host.host])].filter((name) => name !== "");
    if (!host.stty) this.once(NO_STTY);
    if (host.noise) this.once(NOISE);
  }
}
