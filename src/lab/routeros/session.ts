import type { Clock, Disposable } from "../../base/clock.ts";
import type { Outbox } from "../outbox.ts";
import { type Activity, Entry, Question, Wait } from "./activity.ts";
import { BOTTOM, ESC } from "./ansi.ts";
import { draw, type RouterOsBehaviour } from "./behaviour.ts";
import type { Segment } from "./colours.ts";
import {
  type Console,
  echoRow,
  endSafeMode,
  goDown,
  isSince,
  type RouterOsConfig,
  takeSafeMode,
} from "./config.ts";
import { type Key, KeyReader } from "./keys.ts";
import { LiveRun } from "./live-run.ts";
import { Login } from "./login.ts";
import type { ConsoleOptions } from "./login-name.ts";
import { Pager } from "./pager.ts";
import { eraseRow, type Surface } from "./painter.ts";
import { PromptRow } from "./prompt-row.ts";
import type { Reply } from "./reply.ts";
import { resolveStrictly } from "./resolve.ts";
import { holdsSafeMode, safeModeTexts, takeOver } from "./safe-mode.ts";
import { CommandError, splitCommands, splitWords } from "./words.ts";

/** Keys typed before the prompt is back, and log rows that wait for it. */
const MOST_KEYS_AHEAD = 4096;
const MOST_NOTICES = 100;
/** Takes the keys of a session whose last words are on their way. */
const NOBODY: Activity = { key() {}, dispose() {} };
/** Who fails to log in somewhere, when log rows come by themselves. */
const STRANGERS = ["admin", "root", "ubnt", "support"];

export interface SessionOptions {
  readonly config: RouterOsConfig;
  readonly console: ConsoleOptions;
  readonly surface: Surface;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: () => number;
  readonly behaviour: RouterOsBehaviour;
  hangUp(): void;
}

/** One login: whatever has the keyboard, or else the prompt. */
export class Session implements Console, Disposable {
  readonly #options: SessionOptions;
  readonly #keys = new KeyReader();
  readonly #prompt: PromptRow;
  #foreground: Activity | undefined;
  #path = "";
  /** Commands of the line that are still to run, and whether the line has printed anything. */
  #pending: { text: string; column: number }[] = [];
  #printed = false;
  readonly #ahead: Key[] = [];
  #notices: string[] = [];
  #logTimer: Disposable | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { config, surface, behaviour, random, console } = options;
    const usualPaints = console.detection ? 2 : 1;
    this.#prompt = new PromptRow({
      surface,
      config,
      editor: behaviour.editor ?? (isSince(config, "7.19") ? "echo" : "repaint"),
      write: (text) => this.#write(text),
      prompt: () => this.#promptSegments(),
      path: () => this.#path,
      // A query that rides along with the prompt of safe mode, even with detection off (captured from 7.22 and 7.23).
      tail: () => (holdsSafeMode(config, this) && !surface.dumb ? `${ESC}[c` : ""),
      keyPaints: () => (behaviour.keyPaints === undefined ? usualPaints : draw(random, behaviour.keyPaints)),
      promptPaints: () => (behaviour.promptPaints === undefined ? 1 : draw(random, behaviour.promptPaints)),
    });
  }

  start(): void {
    const { config, clock, surface, behaviour, console } = this.#options;
    config.consoles.add(this);
    const login = new Login({
      config,
      surface,
      behaviour,
      clock,
      detection: console.detection,
      write: (text) => this.#write(text),
      ahead: (key) => this.#keep(key),
      done: (returns) => this.#backToPrompt(returns),
    });
    this.#foreground = login;
    login.start();
    this.#scheduleLogRow();
  }

  input(bytes: Buffer): void {
    for (const key of this.#keys.read(bytes)) this.#take(key);
  }

  notice(text: string): void {
    if (this.#closed) return;
    if (this.#foreground === undefined) this.#prompt.notice(text);
    else if (this.#notices.length < MOST_NOTICES) this.#notices.push(text);
  }

  get user(): string {
    return this.#options.console.user;
  }

  wallTime(): number {
    return this.#options.clock.wallTime();
  }

  cut(): void {
    if (this.#closed) return;
    this.dispose();
    this.#options.hangUp();
  }

  /** The line is gone: what safe mode guarded is undone. */
  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { config, outbox } = this.#options;
    this.#foreground?.dispose();
    this.#logTimer?.dispose();
    outbox.dispose();
    config.consoles.delete(this);
    if (holdsSafeMode(config, this)) endSafeMode(config, false);
  }

  #take(key: Key): void {
    if (this.#closed) return;
    if (this.#foreground !== undefined) this.#foreground.key(key);
    else this.#atPrompt(key);
  }

  #atPrompt(key: Key): void {
    const prompt = this.#prompt;
    switch (key.kind) {
      case "enter":
        this.#run(prompt.accept());
        break;
      case "tab":
        prompt.complete();
        break;
      case "help":
        prompt.help();
        break;
      case "repaint":
        prompt.repaint();
        break;
      case "interrupt":
        prompt.discard();
        break;
      case "end-of-input":
        if (prompt.isEmpty) {
          this.#write("\r\n");
          this.#leave(["interrupted"], false);
        } else prompt.edit({ kind: "delete" });
        break;
      case "safe-mode":
        this.#toggleSafeMode();
        break;
      case "position":
      case "identity":
      case "pause":
        break; // Answers nobody waits for any more.
      case "char":
        if (key.char === "?" && !isSince(this.#options.config, "7.0")) prompt.help();
        else prompt.edit(key);
        break;
      default:
        prompt.edit(key);
    }
  }

  #run(line: string): void {
    const { behaviour, outbox, random, surface } = this.#options;
    this.#pending = splitCommands(line);
    this.#printed = false;
    const isEarly = behaviour.earlyPrompt === true && this.#pending.length > 0;
    if (isEarly) this.#prompt.show(4);
    if (behaviour.thinkMs !== undefined) outbox.pause(draw(random, behaviour.thinkMs));
    if (isEarly) this.#write(eraseRow(surface));
    this.#next();
  }

  #next(): void {
    const command = this.#pending.shift();
    if (command === undefined) this.#backToPrompt(this.#printed ? 3 : 4);
    else this.#attempt(() => this.#execute(command));
  }

  #execute({ text, column }: { text: string; column: number }): Reply {
    const { config, console, surface, clock, random, outbox } = this.#options;
    const { command, rest, path } = resolveStrictly(splitWords(text, column), this.#path);
    if (command === undefined) return { kind: "move", path };
    const now = clock.wallTime();
    const restart = () => outbox.afterwards(() => goDown(config, console.user, clock));
    const { user } = console;
    return command.run(rest, { config, user, path, width: surface.width, now, random, restart });
  }

  #attempt(act: () => Reply): void {
    try {
      this.#answer(act());
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#pending = [];
      this.#print(error.message.split("\n"));
      this.#next();
    }
  }

  #answer(reply: Reply): void {
    const { surface, clock, outbox } = this.#options;
    const write = (text: string) => this.#write(text);
    const done = () => this.#carryOn();
    switch (reply.kind) {
      case "rows":
        if (reply.paged && reply.rows.length >= surface.height)
          this.#begin(new Pager({ rows: reply.rows, surface, write, done }));
        else {
          this.#print(reply.rows);
          this.#next();
        }
        break;
      case "live": {
        const waiting = () => outbox.waiting;
        this.#begin(new LiveRun({ view: reply.view, surface, clock, write, waiting, done }));
        break;
      }
      case "wait": {
        const ended = (interrupted: boolean) => (interrupted ? this.#interrupted() : this.#carryOn());
        this.#foreground = new Wait({ clock, ms: reply.ms, ahead: (key) => this.#keep(key), done: ended });
        break;
      }
      case "question":
        this.#ask(reply.text, (char) => this.#decide(char, reply.onYes));
        break;
      case "value": {
        this.#write(reply.label);
        const ended = (value: string | undefined) => {
          this.#foreground = undefined;
          if (value === undefined) this.#interrupted();
          else this.#attempt(() => reply.onValue(value));
        };
        this.#foreground = new Entry({ write, done: ended });
        break;
      }
      case "move":
        this.#path = reply.path;
        this.#next();
        break;
      case "leave":
        this.#quit(reply.rows);
    }
  }

  #decide(char: string, onYes: () => Reply): void {
    if (char.toLowerCase() === "y") {
      this.#attempt(onYes);
      return;
    }
    this.#pending = [];
    this.#print(["action cancelled"]);
    this.#next();
  }

  #begin(activity: Pager | LiveRun): void {
    this.#printed = true;
    this.#foreground = activity;
    activity.start();
  }

  #carryOn(): void {
    this.#foreground = undefined;
    this.#next();
  }

  #interrupted(): void {
    this.#pending = [];
    this.#foreground = undefined;
    this.#backToPrompt(4);
  }

  /** A question on a row of its own; the key that answers it is shown. */
  #ask(text: string, decide: (char: string) => void): void {
    this.#write(text);
    this.#printed = true;
    this.#foreground = new Question((char) => {
      this.#foreground = undefined;
      this.#write(`${char}\r\n`);
      decide(char);
    });
  }

  #quit(rows: readonly string[]): void {
    const { config } = this.#options;
    const { quit } = safeModeTexts(config);
    if (!holdsSafeMode(config, this) || quit === undefined) this.#leave(rows, true);
    else this.#ask(quit, (char) => (char.toLowerCase() === "y" ? this.#leave(rows, false) : this.#next()));
  }

  #leave(rows: readonly string[], keep: boolean): void {
    const { config, outbox, hangUp } = this.#options;
    this.#print(rows);
    if (holdsSafeMode(config, this)) endSafeMode(config, keep);
    this.#foreground = NOBODY;
    outbox.afterwards(() => {
      this.dispose();
      hangUp();
    });
  }

  #toggleSafeMode(): void {
    const { config } = this.#options;
    const texts = safeModeTexts(config);
    const holder = config.safeMode?.owner;
    const isOlder = !isSince(config, "7.18");
    const settle = (text: string) => {
      this.#write(`${text}\r\n${isOlder || this.#options.surface.dumb ? "" : `\r${BOTTOM}`}`);
      this.#prompt.show(4);
    };
    if (holder === undefined) this.#prompt.repaint();
    this.#write("\r\n");
    if (holder === this) {
      endSafeMode(config, true);
      settle(texts.released);
      if (texts.afterwards !== "") this.notice(texts.afterwards);
    } else if (holder === undefined) {
      takeSafeMode(config, this);
      settle(texts.taken);
    } else {
      this.#ask(texts.conflict, (char) => {
        const isTaking = char === "u" || char === "r";
        if (isTaking) takeOver(config, this, char === "r");
        settle(isTaking ? texts.taken : texts.declined);
        this.#drain();
      });
    }
  }

  #backToPrompt(returns: number): void {
    this.#foreground = undefined;
    this.#prompt.show(returns);
    this.#drain();
  }

  /** What came in the meantime: log rows, then keys. */
  #drain(): void {
    for (const text of this.#notices.splice(0)) this.#prompt.notice(text);
    while (this.#foreground === undefined && !this.#closed) {
      const key = this.#ahead.shift();
      if (key === undefined) return;
      this.#take(key);
    }
  }

  #keep(key: Key): void {
    if (this.#ahead.length < MOST_KEYS_AHEAD) this.#ahead.push(key);
  }

  #promptSegments(): Segment[] {
    const { config, console } = this.#options;
    // RouterOS 6 writes menus with blanks, 7 with slashes.
    const place = isSince(config, "7.0") ? this.#path : this.#path.replace(/(?<=.)\//g, " ");
    return [
      { text: "[", colour: undefined },
      { text: console.user, colour: "36" },
      { text: "@", colour: undefined },
      { text: config.state.singles.identity.name ?? "", colour: "32" },
      { text: `] ${place}${holdsSafeMode(config, this) ? "<SAFE>" : ">"} `, colour: undefined },
    ];
  }

  #scheduleLogRow(): void {
    const { behaviour, clock, random } = this.#options;
    if (behaviour.logRows === undefined) return;
    this.#logTimer = clock.after(draw(random, behaviour.logRows.everyMs), () => {
      const stranger = STRANGERS[draw(random, [0, STRANGERS.length - 1])] ?? "admin";
      const from = `10.0.0.${draw(random, [1, 254])}`;
      const message = `login failure for user ${stranger} from ${from} via ssh`;
      this.notice(echoRow(clock.wallTime(), "system,error,critical", message));
      this.#scheduleLogRow();
    });
  }

  #print(rows: readonly string[]): void {
    if (rows.length > 0) this.#printed = true;
    this.#write(rows.map((row) => `${row}\r\n`).join(""));
  }

  #write(text: string): void {
    this.#options.outbox.write(text);
  }
}
