import type { Clock, Disposable } from "../../../src/base/clock.ts";
import { Emitter } from "../../../src/base/emitter.ts";
import type { ChannelEnd, OpenedPty } from "../../../src/ssh/contract.ts";
import type { FarEnd, FarOptions } from "./far-end.ts";
import { SECRET } from "./wire.ts";

/** What has the terminal instead of the line editor, and takes its keys. */
interface Front {
  key(key: string): void;
  /** Ends it as it would end by itself. */
  finish(): void;
}

const PROMPTS = { exec: "sw1>", enable: "sw1#", config: "sw1(config)#" };
const PAGE_ROWS = 10;

/** A network device at its terminal: echo key by key, modes, a password question, a pager, `[confirm]`, slow commands. */
export class DeviceEnd implements FarEnd {
  readonly opened: OpenedPty = {
    channel: this,
    info: {
      ident: "SSH-2.0-Fake",
      banner: "",
      hostKey: { fingerprint: "SHA256:fake", type: "ssh-ed25519", how: "known" },
      auth: "password",
      warnings: [],
    },
  };
  readonly executed: string[] = [];
  readonly answers: string[] = [];
  mode: keyof typeof PROMPTS = "exec";
  readonly #clock: Clock;
  readonly #promptMs: number;
  readonly #data = new Emitter<Buffer>(raise);
  readonly #ends = new Emitter<ChannelEnd>(raise);
  #line = "";
  #front: Front | undefined;
  /** Keys that came while nothing read them. */
  #ahead = "";
  #prompting: Disposable | undefined;
  #end: ChannelEnd | undefined;

  constructor(clock: Clock, { promptMs = 0 }: FarOptions = {}) {
    this.#clock = clock;
    this.#promptMs = promptMs;
    this.print(PROMPTS.exec);
  }

  finish(): void {
    this.#front?.finish();
  }

  print(text: string): void {
    this.#clock.after(0, () => {
      if (!this.#end) this.#data.fire(Buffer.from(text));
    });
  }

  write(bytes: Uint8Array | string): void {
    if (this.#end) return;
    for (const key of Buffer.from(bytes).toString("utf8")) this.#take(key);
  }

  close(): void {
    this.#hangUp({ reason: "closed_by_us" });
  }

  resize(): void {}
  pause(): void {}
  resume(): void {}
  onData = this.#data.event;

  onClose(listener: (end: ChannelEnd) => void): Disposable {
    if (this.#end) listener(this.#end);
    return this.#ends.event(listener);
  }

  #hangUp(end: ChannelEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#ends.fire(end);
  }

  #take(key: string): void {
    if (this.#front) this.#front.key(key);
    else if (this.#prompting) this.#ahead += key;
    else this.#edit(key);
  }

  #edit(key: string): void {
    switch (key) {
      case "\r": {
        const line = this.#line;
        this.#line = "";
        this.executed.push(line);
        this.print("\r\n");
        this.#run(line);
        return;
      }
      case "\u0015":
        this.#line = "";
        this.print(`\r\u001b[K${PROMPTS[this.mode]}`);
        return;
      case "\u0003":
        this.#line = "";
        this.print("^C\r\n");
        this.#prompt();
        return;
      case "\u007f":
      case "\b":
        if (this.#line === "") return;
        this.#line = this.#line.slice(0, -1);
        this.print("\b \b");
        return;
      default:
        if (key < " ") return;
        this.#line += key;
        this.print(key);
    }
  }

  /** The prompt, once its time has come, and behind it what was typed ahead. */
  #prompt(): void {
    this.#front = undefined;
    const show = () => {
      this.#prompting = undefined;
      this.print(PROMPTS[this.mode]);
      const ahead = this.#ahead;
      this.#ahead = "";
      for (const key of ahead) this.#take(key);
    };
    if (this.#promptMs === 0) show();
    else this.#prompting = this.#clock.after(this.#promptMs, show);
  }

  #answer(text: string): void {
    if (text !== "") this.print(`${text}\r\n`);
    this.#prompt();
  }

  #run(line: string): void {
    const [name = "", first = ""] = line.split(" ");
    const rest = line.slice(name.length + 1);
    switch (name) {
      case "":
        this.#prompt();
        return;
      case "say":
      case "mark":
        this.#answer(`${name === "mark" ? "ran " : ""}${rest}`);
        return;
      case "slow":
        this.#busy(() => this.#prompt());
        return;
      case "late":
        this.#busy(() => this.#answer(rest.slice(first.length + 1)), Number(first));
        return;
      case "rows":
        this.#rows(1, rest.split(" ").map(Number));
        return;
      case "confirm":
        this.#confirm();
        return;
      case "secret":
        this.#password((word) => {
          this.answers.push(word);
          this.#answer("answered it");
        });
        return;
      case "pages":
        this.#pages(Number(first));
        return;
      case "full":
        this.print("\u001b[?1049h\u001b[H\u001b[2Ja whole screen");
        this.#wholeScreen(() => {
          this.print("\u001b[?1049l");
          this.#prompt();
        });
        return;
      case "leave":
        this.#hangUp({ reason: "exit", code: 3 });
        return;
      case "enable":
        this.#password((word) => {
          if (word === SECRET) this.mode = "enable";
          this.#answer(word === SECRET ? "" : "% Access denied");
        });
        return;
      default:
        this.#answer(this.#changesMode(line) ? "" : "% Invalid input detected at '^' marker.");
        return;
    }
  }

  #changesMode(line: string): boolean {
    const modes = { disable: "exec", "configure terminal": "config", end: "enable" } as const;
    if (line !== "disable" && line !== "configure terminal" && line !== "end") return false;
    this.mode = modes[line];
    return true;
  }

  /** Something that runs: Ctrl-C ends it, other keys wait for the prompt. */
  #busy(finish: () => void, ms?: number): void {
    const front: Front = {
      key: (key) => {
        if (key === "\u0003") this.#broken();
        else this.#ahead += key;
      },
      finish,
    };
    this.#front = front;
    if (ms !== undefined)
      this.#clock.after(ms, () => {
        if (this.#front === front) finish();
      });
  }

  #broken(): void {
    this.#ahead = "";
    this.print("^C\r\n");
    this.#prompt();
  }

  #rows(at: number, [count = 0, everyMs = 0]: readonly number[]): void {
    this.#busy(() => {
      this.print(`row ${at}\r\n`);
      if (at >= count) this.#prompt();
      else this.#rows(at + 1, [count, everyMs]);
    }, everyMs);
  }

  /** Takes one key. */
  #confirm(): void {
    this.print("Proceed? [confirm]");
    this.#front = {
      key: (key) => {
        if (key === "\u0003") {
          this.#broken();
          return;
        }
        this.answers.push(key);
        this.print("\r\n");
        this.#answer(`answered ${key === "\r" ? "" : key}`);
      },
      finish: () => this.#broken(),
    };
  }

  /** Takes a line without echo. */
  #password(take: (word: string) => void): void {
    this.print("Password: ");
    let word = "";
    this.#front = {
      key: (key) => {
        if (key === "\u0003") {
          this.#broken();
          return;
        }
        if (key !== "\r") {
          word += key;
          return;
        }
        this.print("\r\n");
        take(word);
      },
      finish: () => this.#broken(),
    };
  }

  #pages(left: number): void {
    for (let row = 1; row <= PAGE_ROWS; row++) this.print(`page ${left} row ${row}\r\n`);
    if (left <= 1) {
      this.#prompt();
      return;
    }
    this.print(" --More-- ");
    this.#front = {
      key: (key) => {
        this.print("\r          \r");
        if (key === " ") this.#pages(left - 1);
        else this.#prompt();
      },
      finish: () => this.#prompt(),
    };
  }

  /** Has the whole screen until Enter or Ctrl-C. */
  #wholeScreen(leave: () => void): void {
    this.#front = {
      key: (key) => {
        if (key === "\r" || key === "\u0003") leave();
      },
      finish: leave,
    };
  }
}

/** A listener that throws would be a defect of ours, not of the peer: let the test see it. */
function raise(error: unknown): never {
  throw error;
}
