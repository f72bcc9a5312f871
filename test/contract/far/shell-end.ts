import type { Clock, Disposable } from "../../../src/base/clock.ts";
import { FakeShell, type Running } from "../../multiplexer/fake-shell.ts";
import {
  answerOf,
  EDITOR,
  LINE,
  SECRET,
  SHELL,
  told,
  waitingShell,
} from "../../shell/evidence/kernel-answers.ts";
import type { FarEnd, FarOptions } from "./far-end.ts";

type Script = (running: Running) => void;

/** What of the terminal the kernel would tell: who has it, and what for. */
type Front = "prompt" | "busy" | "line" | "secret" | "screen" | "shell";

const PROMPT_MARK = /\]7717;[0-9a-f]{12}L\d+;P;/;

/** A POSIX shell: FakeShell with the commands of `FarEnd`, a kernel that can be asked, and a prompt that takes its time. */
export class ShellEnd extends FakeShell implements FarEnd {
  override readonly scripts = new Vocabulary((command) => this.#scriptOf(command));
  readonly answers: string[] = [];
  readonly #clock: Clock;
  readonly #promptMs: number;
  #front: Front = "prompt";
  #running: Running | undefined;
  /** What is printed behind a prompt that is still to come. */
  #held: string[] | undefined;
  #timer: Disposable | undefined;

  constructor(clock: Clock, { promptMs = 0 }: FarOptions = {}) {
    // Silent: it greets itself, below, once its own parts are there.
    super({ clock, silent: true, kernel: () => this.#kernel() });
    this.#clock = clock;
    this.#promptMs = promptMs;
    super.print(this.prompt);
  }

  get executed(): readonly string[] {
    return this.ran;
  }

  /** What runs now has opened a shell that waits at its prompt. */
  shellInside(): void {
    this.#front = "shell";
  }

  finish(): void {
    this.#running?.end(0);
  }

  override print(text: string): void {
    if (this.#held) {
      this.#held.push(text);
      return;
    }
    if (!PROMPT_MARK.test(text)) {
      super.print(text);
      return;
    }
    this.#running = undefined;
    this.#front = "prompt";
    if (this.#promptMs === 0) {
      super.print(text);
      return;
    }
    this.#held = [text];
    this.#timer?.dispose();
    this.#timer = this.#clock.after(this.#promptMs, () => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const piece of held) super.print(piece);
    });
  }

  #scriptOf(command: string): Script | undefined {
    const [name = "", first = ""] = command.split(" ");
    const rest = command.slice(name.length + 1);
    switch (name) {
      case "say":
      case "mark":
        return this.#script("busy", (running) => {
          running.print(`${name === "mark" ? "ran " : ""}${rest}\r\n`);
          running.end(0);
        });
      case "fail":
        return this.#script("busy", (running) => running.end(1));
      case "slow":
        return this.#script("busy", () => {});
      case "late":
        return this.#script("busy", (running) => {
          this.#clock.after(Number(first), () => this.#goOn(running, `${rest.slice(first.length + 1)}\r\n`));
        });
      case "rows":
        return this.#script("busy", (running) => this.#rows(running, 1, rest.split(" ").map(Number)));
      case "confirm":
        return this.#question("line", "Proceed? [y/N] ");
      case "secret":
        return this.#question("secret", "Password: ");
      case "full":
        return this.#script("screen", (running) => {
          running.print("\u001b[?1049h\u001b[H\u001b[2Ja whole screen");
          this.#onLine(running, () => {
            running.print("\u001b[?1049l");
            running.end(0);
          });
        });
      case "leave":
        return () => this.hangUp({ reason: "exit", code: 3 });
      default:
        return undefined;
    }
  }

  #script(front: Front, script: Script): Script {
    return (running) => {
      this.#running = running;
      this.#front = front;
      script(running);
    };
  }

  #question(front: Front, question: string): Script {
    return this.#script(front, (running) => {
      running.print(question);
      this.#onLine(running, (line) => {
        this.answers.push(line);
        running.print(`answered ${front === "secret" ? "it" : line}\r\n`);
        running.end(0);
      });
    });
  }

  /** Calls for each line that is typed into the command. */
  #onLine(running: Running, take: (line: string) => void): void {
    running.input.push = (...lines: string[]) => {
      for (const line of lines) take(line);
      return lines.length;
    };
  }

  #rows(running: Running, at: number, [count = 0, everyMs = 0]: readonly number[]): void {
    this.#clock.after(everyMs, () => {
      if (this.#running !== running) return;
      running.print(`row ${at}\r\n`);
      if (at >= count) running.end(0);
      else this.#rows(running, at + 1, [count, everyMs]);
    });
  }

  #goOn(running: Running, last: string): void {
    if (this.#running !== running) return;
    running.print(last);
    running.end(0);
  }

  /** What the kernel of the shell that FakeShell says it is would answer. */
  #kernel(): string {
    const job = (wchan: string) => [waitingShell(), told("program", { wchan })];
    switch (this.#front) {
      case "prompt":
        return answerOf(EDITOR, told("bash", { pid: SHELL, ppid: 1, wchan: "wait_woken", args: "-bash" }));
      case "busy":
        return answerOf(LINE, ...job("hrtimer_nanosleep"));
      case "line":
        return answerOf(LINE, ...job("n_tty_read"));
      case "secret":
        return answerOf(SECRET, ...job("n_tty_read"));
      case "shell":
        return answerOf(
          EDITOR,
          waitingShell(),
          told("bash", { wchan: "do_poll", args: "bash", files: "n", stack: "8" }),
        );
      case "screen":
        return answerOf(EDITOR, ...job("do_poll"));
    }
  }
}

/** Scripts by their command, made when asked for. */
class Vocabulary extends Map<string, Script> {
  readonly #make: (command: string) => Script | undefined;

  constructor(make: (command: string) => Script | undefined) {
    super();
    this.#make = make;
  }

  override get(command: string): Script | undefined {
    return super.get(command) ?? this.#make(command);
  }
}
