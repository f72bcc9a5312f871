import type { Clock } from "../../base/clock.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { collect } from "../../ssh/collect.ts";
import type { ScreenView } from "../../terminal/types.ts";
import { isPlainTty, judgeKernel, type KernelEvidence, kernelQuery } from "../evidence/kernel.ts";
import { LearnedPrompt, type RowTest } from "../evidence/learned-prompt.ts";
import {
  askedByText,
  askedByWaitingRow,
  leadsElsewhere,
  looksLikePosixPrompt,
  looksLikePrompt,
  MENU_ROW,
  spawnsShell,
} from "../evidence/prompt-like.ts";
import type { Command } from "../record/command-log.ts";
import type { LivePty } from "./live-pty.ts";

/** Quiet times in milliseconds before something is concluded; reasons stand where they are used. */
const PROMPT_SETTLE = 20;
const ASK_KERNEL = 300;
const TRUST_TEXT = 1000;
const LOGIN_STUCK = 3000;
const RAW_SETTLE = 250;
const PROBE_MS = 3000;
const PROBE_BYTES = 64 * 1024;
/** Pause between two probes of a command that was busy; doubles from the first to the second. */
const MIN_PROBE_PAUSE = 500;
const MAX_PROBE_PAUSE = 4000;
/** Judges what quiet on a PTY means, cheapest evidence first, and never calls quiet itself an end. */
export class Situation {
  readonly #pty: LivePty;
  readonly #host: ResolvedHost;
  readonly #clock: Clock;
  readonly promptPattern: RowTest | undefined;
  /** Commands whose nested shell could not be joined; not tried twice. */
  readonly #notJoined = new Set<number>();
  /** Consecutive failures of the second channel; after two it is not asked again. */
  #probeFailures = 0;
  #pinged = 0;
  /** The kernel's last word was "busy", and until when that is taken for granted; keys sent by the caller clear it. */
  busy:
    | { readonly command: Command | undefined; readonly pauseMs: number; readonly until: number }
    | undefined;

  constructor(pty: LivePty, host: ResolvedHost, clock: Clock, promptPattern: RowTest | undefined) {
    this.#pty = pty;
    this.#clock = clock;
    this.#host = host;
    this.promptPattern = promptPattern;
  }

  /** Bytes of a login: a line editor that switches bracketed paste on is waiting, no settling needed. */
  onLoginBytes(): void {
    if (this.#pty.framing.phase !== "unframed" || this.#pty.raw) return;
    const view = this.#pty.sinks.screen.view();
    if (view.modes.bracketedPaste && this.#promptStands(view) && this.#mayBootstrap(view.cursorText))
      this.#pty.bootstrap(undefined);
  }

  /** Called when it has been quiet for `quiet` ms. */
  async look(quiet: number): Promise<void> {
    const { framing, raw } = this.#pty;
    if (this.#pty.end) return;
    if (raw) return this.#lookRaw(quiet);
    switch (framing.phase) {
      case "identify":
      case "hooking":
        return;
      case "settling":
        this.#pty.onSettling(quiet);
        return;
      case "unframed":
        return this.#lookLogin(quiet);
      case "hold":
        if (quiet < TRUST_TEXT) return;
        framing.showHeld();
        return this.#lookInside(quiet, undefined);
      case "ping":
        if (quiet >= TRUST_TEXT) framing.giveUpPing();
        return;
      case "run":
        return this.#lookInside(quiet, this.#pty.running);
      case "prompt":
      case "post":
        if (this.#pty.ledger.typed && quiet >= ASK_KERNEL)
          return this.#lookTyped(quiet, this.#pty.ledger.typed.enter);
    }
  }

  /** The shell itself waits for its next line (used before Ctrl-C clears it). */
  async shellWaits(): Promise<boolean> {
    const evidence = await this.#askKernel();
    return (evidence.waiting === "keys" || evidence.waiting === "line") && evidence.shellInFront;
  }

  /** Why no command can be typed now, and what can be done instead. */
  notReady(): SshMcpError {
    const pty = this.#pty;
    const running = pty.running ?? pty.sinks.log.running;
    if (running) {
      const what = `#${running.id} \`${visibleLine(running.text, 80)}\``;
      const standing = pty.standing;
      if (standing?.state === "asking") {
        return new SshMcpError(
          "busy",
          `${what} waits for input (${standing.asked}): ${visibleLine(standing.row, 160)}`,
          "Answer it with ssh_send, or interrupt it with ssh_send keys <C-c>.",
        );
      }
      return new SshMcpError(
        "busy",
        `${what} is still running`,
        "Wait for it with ssh_read, interrupt it with ssh_send keys <C-c>, or open a second session with ssh_connect.",
      );
    }
    const row = visibleLine(pty.sinks.screen.view().cursorText, 160);
    return new SshMcpError(
      "not_ready",
      `no shell prompt stands yet; the cursor's row is: ${row || "(empty)"}`,
      "Look with ssh_read screen:true and answer what is asked with ssh_send; then try again.",
    );
  }

  bootstrapFailed(inside: Command | undefined): void {
    if (inside) {
      this.#notJoined.add(inside.id);
      this.#pty.ledger.notes.push("what runs inside did not take the set-up line; work in it with ssh_send");
      return;
    }
    this.#pty.goRaw(
      "the shell did not take the set-up line (csh family or not a POSIX shell; a network device wants platform: auto); exit codes are unknown",
    );
  }

  /** Shell code is typed only into what the inventory calls posix, or what is plainly a Unix shell by ident and prompt. */
  #mayBootstrap(row: string): boolean {
    const { platform } = this.#host;
    if (platform === "posix") return true;
    const unix = /OpenSSH|dropbear|libssh|AsyncSSH/i.test(this.#pty.opened.info.ident);
    return platform === "auto" && this.promptPattern === undefined && unix && looksLikePosixPrompt(row);
  }

  #promptStands(view: ScreenView): boolean {
    const row = view.cursorText;
    if (!looksLikePrompt(row, view.modes.bracketedPaste)) return false;
    return looksLikePosixPrompt(row) || !MENU_ROW.test(row);
  }

  async #lookLogin(quiet: number): Promise<void> {
    const pty = this.#pty;
    const view = pty.sinks.screen.view();
    const row = view.cursorText;
    if (quiet >= PROMPT_SETTLE && this.#promptStands(view) && this.#mayBootstrap(row)) {
      pty.bootstrap(undefined);
      return;
    }
    if (!this.#mayBootstrap(row) && quiet >= RAW_SETTLE && row.trim() !== "" && !MENU_ROW.test(row)) {
      const prompted = this.promptPattern
        ? this.promptPattern(view.cursorText.trimEnd())
        : looksLikePrompt(view.cursorText, false);
      if (prompted) {
        if (this.#host.platform === "auto" && !this.promptPattern && pty.leave()) return;
        const why =
          this.#host.platform === "auto" && !this.promptPattern
            ? "the prompt is not plainly a Unix shell's (platform: posix in the inventory frames it)"
            : `platform ${this.#host.platform} is known by its prompt only`;
        pty.goRaw(why);
        return;
      }
    }
    if (quiet < LOGIN_STUCK || view.rows.length === 0) return;
    const asked = askedByText(view.cursorText) ?? "question";
    pty.stand({
      state: "asking",
      asked,
      evidence: "pattern",
      row: visibleLine(view.cursorText || (view.rows.at(-1) ?? ""), 200),
    });
  }

  /** A command runs, or its line was not taken. */
  async #lookInside(quiet: number, command: Command | undefined): Promise<void> {
    const pty = this.#pty;
    if (pty.sinks.waits.size === 0 || quiet < ASK_KERNEL / 2) return;
    // Keys were sent and nothing came of them yet: what stands on the screen is from before.
    if (pty.unanswered && quiet < TRUST_TEXT) return;
    const { screen } = pty.sinks;
    screen.flush();
    const view = screen.view();
    if (view.alternate) return pty.stand({ state: "screen", evidence: "alternate_screen" });
    // Line editors set application keys too: with bracketed paste mostly, and at a prompt row always.
    if (view.modes.applicationCursorKeys && !view.modes.bracketedPaste && !this.#mayBeBack(view))
      return pty.stand({ state: "screen", evidence: "cursor_addressing" });
    if (quiet < ASK_KERNEL || !this.#mayAskKernel(command)) return;
    const evidence = await this.#askKernel();
    this.#asked(command, evidence);
    if (pty.end || pty.quietMs < quiet) return;
    if (command && this.#joins(command, view, evidence)) {
      pty.bootstrap(command);
      return;
    }
    this.#concludeInside(quiet, view, evidence);
  }

  #joins(command: Command, view: ScreenView, evidence: KernelEvidence): boolean {
    if (this.#notJoined.has(command.id) || command.interrupted || evidence.waiting === "secret") return false;
    // A line editor's bracketed paste outweighs a busy helper in the foreground group (fish starts python3 there).
    if (evidence.waiting === "no" && !view.modes.bracketedPaste) return false;
    const row = view.cursorText;
    // Behind ssh or a container may stand anything, a router too: only what is plainly a Unix shell's prompt is joined.
    if (leadsElsewhere(command.text) && !looksLikePosixPrompt(row)) return false;
    return spawnsShell(command.text) && this.#promptStands(view) && askedByText(row) === undefined;
  }

  #concludeInside(quiet: number, view: ScreenView, evidence: KernelEvidence): void {
    const pty = this.#pty;
    const row = visibleLine(view.cursorText, 200);
    switch (evidence.waiting) {
      case "no":
        return;
      case "unknown": {
        if (quiet < TRUST_TEXT) return;
        if (this.#pingIfBack(view)) return;
        const asked = askedByText(view.cursorText);
        if (asked) pty.stand({ state: "asking", asked, evidence: "pattern", row });
        return;
      }
      case "secret":
        pty.stand({ state: "asking", asked: "password", evidence: "kernel", row });
        return;
      case "line":
      case "keys": {
        if (evidence.shellInFront && this.#pingIfBack(view)) return;
        const editor = evidence.waiting === "keys" && view.modes.bracketedPaste ? "repl" : undefined;
        pty.stand({
          state: "asking",
          asked: askedByText(view.cursorText) ?? editor ?? askedByWaitingRow(view.cursorText),
          evidence: "kernel",
          row,
        });
      }
    }
  }

  /** The shell is back at its prompt but no mark said so (no prompt hook, or it was interrupted): ask it, once. */
  #pingIfBack(view: ScreenView): boolean {
    if (!this.#mayBeBack(view)) return false;
    this.#pinged = this.#pty.running?.id ?? 0;
    this.#pty.framing.ping();
    return true;
  }

  #mayBeBack(view: ScreenView): boolean {
    const pty = this.#pty;
    const command = pty.running;
    const level = pty.framing.level;
    if (!command || !level || pty.framing.phase !== "run" || this.#pinged === command.id) return false;
    if (level.hooked && !command.interrupted) return false;
    return this.atLearnedPrompt(view);
  }

  /** The row of the last prompt stands again left of the cursor. */
  atLearnedPrompt(view: ScreenView): boolean {
    return new LearnedPrompt(this.#pty.promptRow, undefined).matches(view.cursorText);
  }

  /** Keys were typed at a prompt and no prompt mark followed. */
  async #lookTyped(quiet: number, enter: boolean): Promise<void> {
    const pty = this.#pty;
    if (pty.sinks.waits.size === 0) return;
    const { screen } = pty.sinks;
    screen.flush();
    const view = screen.view();
    if (view.alternate) return pty.stand({ state: "screen", evidence: "alternate_screen" });
    const row = visibleLine(view.cursorText, 200);
    if (!enter) return pty.stand({ state: "asking", asked: "line", evidence: "pattern", row });
    const evidence = await this.#askKernel();
    if (pty.end || pty.quietMs < quiet || !pty.ledger.typed) return;
    if (evidence.waiting === "unknown") {
      const continued =
        /^(?:[a-z ]*(?:quote|heredoc|cmdsubst|while|for|if|then|function|cursh)?> ?|\? ?)$/.test(
          view.cursorText,
        );
      if (quiet >= TRUST_TEXT && continued)
        pty.stand({ state: "asking", asked: "continuation", evidence: "pattern", row });
      else if (quiet >= TRUST_TEXT) this.#concludeInside(quiet, view, evidence);
      return;
    }
    if (evidence.shellInFront && (evidence.waiting === "keys" || evidence.waiting === "line")) {
      // The prompt itself, not one that asks for more: lines typed ahead made one command, or the hook is gone. Asked
      // once, the shell tells how it stands.
      const typed = pty.sinks.log.running?.id ?? 0;
      if (this.#pinged !== typed && this.atLearnedPrompt(view)) {
        this.#pinged = typed;
        pty.ledger.oneLine();
        pty.framing.ping();
        return;
      }
      pty.stand({ state: "asking", asked: "continuation", evidence: "kernel", row });
      return;
    }
    if (view.modes.applicationCursorKeys && evidence.waiting === "keys")
      return pty.stand({ state: "screen", evidence: "cursor_addressing" });
    this.#concludeInside(quiet, view, evidence);
  }

  async #lookRaw(quiet: number): Promise<void> {
    const pty = this.#pty;
    const { screen, log, waits } = pty.sinks;
    if (quiet < RAW_SETTLE) return;
    screen.flush();
    const view = screen.view();
    const command = log.running;
    if (command && pty.raw?.prompt?.matches(view.cursorText) && command.range.lineFeeds > 0) {
      pty.endRaw(command);
      return;
    }
    if (waits.size === 0) return;
    if (view.alternate) return pty.stand({ state: "screen", evidence: "alternate_screen" });
    const row = visibleLine(view.cursorText, 200);
    if (pty.ledger.typed && !pty.ledger.typed.enter)
      return pty.stand({ state: "asking", asked: "line", evidence: "pattern", row });
    if (quiet < TRUST_TEXT) return;
    const asked = askedByText(view.cursorText);
    if (asked) pty.stand({ state: "asking", asked, evidence: "pattern", row });
  }

  /** A command that prints now and then is not probed after each print: the answer "busy" holds for a while. */
  #mayAskKernel(command: Command | undefined): boolean {
    const { busy } = this;
    return busy === undefined || busy.command !== command || this.#clock.now() >= busy.until;
  }

  #asked(command: Command | undefined, evidence: KernelEvidence): void {
    const before = this.busy?.command === command ? this.busy : undefined;
    if (evidence.waiting !== "no") this.busy = undefined;
    else {
      const pauseMs = Math.min(MAX_PROBE_PAUSE, (before?.pauseMs ?? MIN_PROBE_PAUSE / 2) * 2);
      this.busy = { command, pauseMs, until: this.#clock.now() + pauseMs };
    }
  }

  /** Terminal modes and wait channels of the foreground job, over a second channel. Failing is an answer: unknown. */
  async #askKernel(): Promise<KernelEvidence> {
    const pty = this.#pty;
    const login = pty.framing.levels[0];
    const { beside } = pty.opened;
    if (
      !beside ||
      !login?.tty ||
      login.pid === undefined ||
      !isPlainTty(login.tty) ||
      this.#probeFailures >= 2
    )
      return { waiting: "unknown" };
    try {
      const answer = await collect(beside, kernelQuery(login.tty), {
        clock: this.#clock,
        timeoutMs: PROBE_MS,
        maxBytes: PROBE_BYTES,
      });
      if (answer.end.reason === "timeout") throw new Error("timeout");
      this.#probeFailures = 0;
      const pids = new Set(
        pty.framing.levels.flatMap((level) =>
          level.pid !== undefined && level.tty === login.tty ? [level.pid] : [],
        ),
      );
      return judgeKernel(answer.stdout.toString("utf8"), pids);
    } catch {
      // Forced command, no exec permission, no free channel: the screen's text remains as evidence.
      this.#probeFailures++;
      return { waiting: "unknown" };
    }
  }
}
