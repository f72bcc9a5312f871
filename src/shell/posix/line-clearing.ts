import type { Clock } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { LivePty } from "./live-pty.ts";
import type { Situation } from "./situation.ts";

/** How long Ctrl-C may take to bring a fresh prompt before a framed command is typed. */
const CLEAR_LINE_MS = 800;
/** readline's keyseq-timeout is 500 ms by default. */
const ESCAPE_MS = 700;

/** Empties the shell's line before a framed command is typed: unsent text or an open quote would swallow it. */
export class LineClearing {
  readonly #pty: LivePty;
  readonly #situation: Situation;
  readonly #clock: Clock;
  #underWay = false;
  #onPrompt: (() => void) | undefined;

  constructor(pty: LivePty, situation: Situation, clock: Clock) {
    this.#pty = pty;
    this.#situation = situation;
    this.#clock = clock;
  }

  /** A prompt mark came. */
  promptCame(): void {
    this.#onPrompt?.();
  }

  /** Ctrl-C, as a person would. @throws SshMcpError `busy`, `not_ready` when the shell is not what waits. */
  async clear(): Promise<void> {
    const pty = this.#pty;
    const { typed } = pty.ledger;
    if (!typed) return;
    if (this.#underWay)
      throw new SshMcpError("busy", "another command is about to be typed", "Wait for it with ssh_read.");
    this.#underWay = true;
    try {
      if (typed.enter && !(await this.#situation.shellWaits())) throw this.#situation.notReady();
      await this.#afterEscape(typed.escapeAt);
      let cleared = await this.#promptAfter("\u0003");
      if (!cleared) {
        // A line editor that was busy may have lost it; a second one does no harm.
        cleared = await this.#promptAfter("\u0003");
        // On a slow link both are answered, the second behind the command's line.
        pty.framing.expectLatePrompt();
      }
      // A prompt without its mark: the hook is gone, the shell itself can still be asked.
      if (!cleared && this.#situation.atLearnedPrompt(pty.sinks.screen.view()))
        cleared = await this.#promptAfter(() => pty.framing.ping());
      if (!cleared && pty.framing.level?.hooked) throw this.#situation.notReady();
      pty.ledger.endTyped(undefined);
    } finally {
      this.#underWay = false;
    }
  }

  /**
   * readline waits half a second after Escape for the rest of a key. A Ctrl-C in that time is lost, or leaves the new line
   * in vi's command mode, where our line would be editor commands.
   */
  async #afterEscape(escapeAt: number | undefined): Promise<void> {
    if (escapeAt === undefined) return;
    const leftMs = ESCAPE_MS - (this.#clock.now() - escapeAt);
    if (leftMs > 0) await new Promise<void>((resolve) => this.#clock.after(leftMs, resolve));
  }

  /** Sends a key or acts; true once a prompt mark answers it. */
  #promptAfter(act: string | (() => void)): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (came: boolean) => {
        this.#onPrompt = undefined;
        timer.dispose();
        resolve(came);
      };
      const timer = this.#clock.after(CLEAR_LINE_MS, () => done(false));
      this.#onPrompt = () => done(true);
      if (typeof act === "string") this.#pty.channel.write(act);
      else act();
    });
  }
}
