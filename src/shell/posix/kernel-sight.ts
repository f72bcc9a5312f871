import type { HostProcesses, Process } from "../evidence/host-processes.ts";
import type { KernelQuery } from "../pty/framing.ts";
import type { Level } from "../record/shell-level.ts";
import { kernelQueryOf, type LoginShell } from "./kernel-query.ts";

const NO_STTY =
  "the host has no stty: whether what is typed shows is not known, and a secret is recognised by its words alone";
const NOISE =
  "the login shell's start-up files print something for commands without a terminal as well: each question to the host's kernel runs them";

/** What the host's kernel has said about this session so far. */
export class KernelSight {
  readonly #tell: (sentence: string) => void;
  /** Names of the programs in which hooks are set, by process id. */
  readonly #programs = new Map<number, string>();
  readonly #told = { stty: false, noise: false };
  #login: LoginShell | undefined;
  #names: readonly string[] = [];

  constructor(tell: (sentence: string) => void) {
    this.#tell = tell;
  }

  /** The login shell; undefined: not found yet. */
  get login(): LoginShell | undefined {
    return this.#login;
  }

  /** The login's user and the host's name as they are there. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** How the kernel is asked, once it is known where to look. */
  query(levels: readonly Level[]): KernelQuery | undefined {
    if (levels[0]?.pid === undefined) return undefined;
    return kernelQueryOf({
      levels,
      programs: this.#programs,
      located: this.#login,
      others: new Set(),
      answered: (host, login) => this.#answered(host, login),
    });
  }

  #answered(host: HostProcesses, login: Process | undefined): void {
    if (login !== undefined) this.#login = { pid: login.pid, tty: login.tty };
    this.#names = [host.user, host.host].filter((name) => name !== "");
    if (!host.stty && !this.#told.stty) {
      this.#told.stty = true;
      this.#tell(NO_STTY);
    }
    if (host.noise && !this.#told.noise) {
      this.#told.noise = true;
      this.#tell(NOISE);
    }
  }
}
