import type { Clock, Disposable } from "../../base/clock.ts";
import type { Outbox } from "../outbox.ts";
import { draw, type IosBehaviour } from "./behaviour.ts";
import { type IosContext, type Mode, TREES } from "./commands.ts";
import { type IosConfig, logRow } from "./config.ts";
import { withFilter } from "./filter.ts";
import { IosLine } from "./line.ts";
import { IosPager } from "./pager.ts";
import { completion, helpRows, parseLine } from "./parser.ts";

/** Longest configuration prompt: the hostname gives way. */
const CONFIG_PROMPT = 20;
const PING_TIMEOUT_MS = 2000;
const LOOKUP_MS = 3000;

export interface SessionOptions {
  readonly config: IosConfig;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: () => number;
  readonly behaviour: IosBehaviour;
  readonly rows: number;
  hangUp(): void;
}

/** What the next keys are for. */
type Waiting =
  | { readonly for: "line" }
  | { readonly for: "pager" }
  | { readonly for: "secret"; text: string; tries: number }
  | { readonly for: "key"; readonly yes: () => void }
  | { readonly for: "answer"; text: string; readonly answered: (line: string) => void }
  | { readonly for: "banner"; text: string; readonly delimiter: string }
  | { readonly for: "nothing" };

/** One terminal line of the switch. */
export class IosSession {
  readonly #options: SessionOptions;
  readonly #line: IosLine;
  readonly #pager: IosPager;
  #mode: Mode = "exec";
  /** Interface, VLAN or line that a configuration mode is about. */
  #about = "";
  #waiting: Waiting = { for: "line" };
  #length: number;
  #width = 80;
  #monitor = false;
  #timers = new Set<Disposable>();
  #ping: Disposable | undefined;
  #ended = false;
  #lastKey = "";

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#length = options.rows;
    const write = (text: string) => options.outbox.write(text);
    this.#pager = new IosPager({ write, length: () => this.#length, done: () => this.#prompt() });
    this.#line = new IosLine({
      write,
      width: () => this.#width,
      entered: (line) => this.#entered(line),
      help: (line) => this.#help(line),
      complete: (line) => completion(TREES[this.#mode], line),
      end: () => this.#endConfig(),
      interrupt: () => this.#prompt(),
    });
  }

  start(columns: number): void {
    this.#width = columns;
    const { banner } = this.#options.config.running;
    if (banner !== "") this.#say(...banner.split("\n"));
    this.#say("");
    this.#prompt();
    this.#disturb();
  }

  input(text: string): void {
    for (const char of text) {
      const secondHalf = char === "\n" && this.#lastKey === "\r";
      this.#lastKey = char;
      if (!this.#ended && !secondHalf) this.#key(char);
    }
  }

  resize(columns: number, rows: number): void {
    this.#width = columns;
    this.#length = rows;
  }

  dispose(): void {
    this.#ended = true;
    this.#ping?.dispose();
    for (const timer of this.#timers) timer.dispose();
    this.#timers.clear();
  }

  #key(char: string): void {
    const waiting = this.#waiting;
    switch (waiting.for) {
      case "line":
        this.#line.key(char);
        return;
      case "pager":
        this.#pager.key(char);
        if (!this.#pager.waits && this.#waiting.for === "pager") this.#waiting = { for: "line" };
        return;
      case "secret":
        this.#secretKey(waiting, char);
        return;
      case "key":
        this.#waiting = { for: "nothing" };
        this.#write("\r\n");
        if (/^[\ry]$/i.test(char)) waiting.yes();
        if (this.#isIdle()) this.#prompt();
        return;
      case "answer":
        this.#answerKey(waiting, char);
        return;
      case "banner":
        this.#bannerKey(waiting, char);
        return;
      case "nothing":
        // Ctrl-^ (and Ctrl-Shift-6 x) breaks off what runs.
        if (char === "\x1e") this.#breakOff();
    }
  }

  #entered(line: string): void {
    this.#waiting = { for: "nothing" };
    const think = this.#options.behaviour.thinkMs;
    if (think) this.#options.outbox.pause(draw(this.#options.random, think));
    this.#run(line);
    if (this.#isIdle()) this.#prompt();
  }

  #isIdle(): boolean {
    return this.#waiting.for === "nothing" && this.#ping === undefined && !this.#ended;
  }

  #run(line: string): void {
    const [command = "", filter] = split(line);
    if (command.trim() === "" || command.trim().startsWith("!")) return;
    const configuring = this.#mode.startsWith("config");
    const [, done] = configuring ? (/^\s*do\s+(.*)$/i.exec(command) ?? []) : [];
    const tree = done === undefined ? TREES[this.#mode] : TREES.enable;
    const parsed = parseLine(tree, done ?? command);
    if (this.#options.config.running.timestampedPrompt && /^\s*sh/i.test(done ?? command))
      this.#say(
        "Load for five secs: 5%/0%; one minute: 6%; five minutes: 6%",
        `Time source is NTP, ${this.#time()}`,
        "",
      );
    if (parsed.ok) {
      parsed.run(this.#context(filter), parsed.values);
      return;
    }
    switch (parsed.why) {
      case "ambiguous":
        this.#say(`% Ambiguous command:  "${line.trim()}"`);
        return;
      case "incomplete":
        this.#say("% Incomplete command.", "");
        return;
      case "unknown_word":
        configuring ? this.#invalid(line, 0) : this.#lookUp(command.trim());
        return;
      case "invalid":
        this.#invalid(line, parsed.column + (command.length - (done ?? command).length));
        return;
    }
  }

  #invalid(_line: string, column: number): void {
    this.#say(
      `${" ".repeat(this.#promptText().length + column)}^`,
      "% Invalid input detected at '^' marker.",
      "",
    );
  }

  /** A word that is no command is taken for the name of a host to connect to. */
  #lookUp(word: string): void {
    const failed = () => this.#say("% Unknown command or computer name, or unable to find computer address");
    if (!this.#options.config.running.domainLookup) {
      failed();
      return;
    }
    this.#write(`Translating "${word}"...domain server (255.255.255.255)`);
    this.#ping = this.#after(LOOKUP_MS, () => {
      this.#ping = undefined;
      this.#write("\r\n");
      failed();
      this.#prompt();
    });
  }

  #context(filter: string | undefined): IosContext {
    const { config, outbox } = this.#options;
    const session = this;
    return {
      config,
      print: (rows) => this.#print(filter === undefined ? rows : withFilter(rows, filter)),
      say: (...rows) => this.#say(...rows),
      go: (mode, about = "") => {
        this.#mode = mode;
        this.#about = about;
      },
      get about() {
        return session.#about;
      },
      hangUp: () => this.#hangUp(),
      askSecret: () => this.#askSecret(0),
      confirm: (question, yes) => {
        this.#write(question);
        this.#waiting = { for: "key", yes };
      },
      ask: (question, answered) => {
        this.#write(question);
        this.#waiting = { for: "answer", text: "", answered };
      },
      ping: (target) => this.#startPing(target),
      setLength: (rows) => {
        this.#length = rows;
      },
      setWidth: (columns) => {
        this.#width = columns;
      },
      monitor: (on) => {
        this.#monitor = on;
      },
      history: this.#line.history,
      privileged: this.#mode !== "exec",
      readBanner: (text) => this.#readBanner(text),
      changed: () => {
        config.dirty = true;
        if (this.#mode !== "exec" && outbox.waiting < 0) this.#prompt();
      },
      clock: () => `*${this.#time()}`,
    };
  }

  #print(rows: readonly string[]): void {
    this.#waiting = { for: "pager" };
    this.#pager.print(rows);
    if (!this.#pager.waits && this.#waiting.for === "pager") this.#waiting = { for: "line" };
  }

  #askSecret(tries: number): void {
    this.#write("Password: ");
    this.#waiting = { for: "secret", text: "", tries };
  }

  #secretKey(waiting: Extract<Waiting, { for: "secret" }>, char: string): void {
    if (char === "\x03" || char === "\x1a") {
      this.#write("\r\n");
      this.#prompt();
      return;
    }
    if (char === "\x7f" || char === "\b") waiting.text = waiting.text.slice(0, -1);
    else if (char !== "\r" && char !== "\n") waiting.text += char;
    else {
      this.#write("\r\n");
      if (waiting.text === this.#options.config.enableSecret) this.#mode = "enable";
      else if (waiting.tries < 2) {
        this.#askSecret(waiting.tries + 1);
        return;
      } else this.#say("% Bad secrets", "");
      this.#prompt();
    }
  }

  #answerKey(waiting: Extract<Waiting, { for: "answer" }>, char: string): void {
    if (char === "\x03") {
      this.#write("\r\n");
      this.#prompt();
      return;
    }
    if (char === "\x7f" || char === "\b") {
      if (waiting.text !== "") this.#write("\b \b");
      waiting.text = waiting.text.slice(0, -1);
    } else if (char === "\r" || char === "\n") {
      this.#waiting = { for: "nothing" };
      this.#write("\r\n");
      waiting.answered(waiting.text);
      if (this.#isIdle()) this.#prompt();
    } else if (char >= " ") {
      waiting.text += char;
      this.#write(char);
    }
  }

  #readBanner(text: string): void {
    const delimiter = text.startsWith("^C") ? "^C" : text.slice(0, 1);
    const rest = text.slice(delimiter.length);
    const end = rest.indexOf(delimiter);
    if (end >= 0) {
      this.#setBanner(rest.slice(0, end));
      return;
    }
    this.#say(`Enter TEXT message.  End with the character '${delimiter.slice(0, 1)}'.`);
    this.#waiting = { for: "banner", text: rest === "" ? "" : `${rest}\n`, delimiter };
  }

  #bannerKey(waiting: Extract<Waiting, { for: "banner" }>, char: string): void {
    this.#write(char === "\r" ? "\r\n" : char);
    waiting.text += char === "\r" ? "\n" : char;
    const end = waiting.text.indexOf(waiting.delimiter);
    if (end < 0) return;
    if (char !== "\r") this.#write("\r\n");
    this.#setBanner(waiting.text.slice(0, end));
    this.#prompt();
  }

  #setBanner(text: string): void {
    const { config } = this.#options;
    config.running.banner = text;
    config.dirty = true;
  }

  #startPing(target: string): void {
    this.#say(
      "Type escape sequence to abort.",
      `Sending 5, 100-byte ICMP Echos to ${target}, timeout is ${PING_TIMEOUT_MS / 1000} seconds:`,
    );
    const answers = /^(?:127\.|192\.0\.2\.)/.test(target);
    const step = (sent: number, got: number) => {
      if (sent === 5) return this.#pingDone(sent, got);
      this.#ping = this.#after(answers ? 200 : PING_TIMEOUT_MS, () => {
        this.#write(answers ? "!" : ".");
        step(sent + 1, got + (answers ? 1 : 0));
      });
    };
    step(0, 0);
  }

  #pingDone(sent: number, got: number): void {
    this.#ping = undefined;
    const rate = sent === 0 ? 0 : Math.round((100 * got) / sent);
    const trip = got === 0 ? "" : ", round-trip min/avg/max = 1/2/4 ms";
    this.#write("\r\n");
    this.#say(`Success rate is ${rate} percent (${got}/${sent})${trip}`);
    this.#prompt();
  }

  #breakOff(): void {
    if (this.#ping === undefined) return;
    this.#ping.dispose();
    this.#pingDone(0, 0);
  }

  #help(line: string): void {
    this.#write("\r\n");
    const rows = helpRows(TREES[this.#mode], line);
    this.#say(...(rows ?? ["% Unrecognized command"]));
    if (!line.endsWith(" ") && line !== "" && rows) this.#write("\r\n");
    this.#line.begin(this.#promptText(), line);
  }

  #endConfig(): void {
    if (this.#mode.startsWith("config")) this.#mode = "enable";
    this.#prompt();
  }

  #hangUp(): void {
    this.#ended = true;
    this.#options.outbox.afterwards(() => {
      this.dispose();
      this.#options.hangUp();
    });
  }

  #promptText(): string {
    const { hostname } = this.#options.config.running;
    if (this.#mode === "exec") return `${hostname}>`;
    if (this.#mode === "enable") return `${hostname}#`;
    const mode = `(${this.#mode})#`;
    const room = Math.max(1, CONFIG_PROMPT + 9 - mode.length);
    return `${hostname.slice(0, Math.max(room, 10))}${mode}`;
  }

  #prompt(): void {
    if (this.#ended) return;
    this.#waiting = { for: "line" };
    this.#line.begin(this.#promptText());
  }

  #say(...rows: readonly string[]): void {
    for (const row of rows) this.#write(`${row}\r\n`);
  }

  #write(text: string): void {
    this.#options.outbox.write(text);
  }

  /** A log row over whatever stands there; only `logging synchronous` paints the line again. */
  syslog(row: string): void {
    if (this.#ended || !(this.#monitor || this.#options.behaviour.logRows)) return;
    this.#write(`\r\n${row}\r\n`);
    if (this.#options.config.running.loggingSynchronous && this.#waiting.for === "line") this.#line.repaint();
  }

  #disturb(): void {
    const { logRows } = this.#options.behaviour;
    if (!logRows) return;
    this.#after(draw(this.#options.random, logRows.everyMs), () => {
      const port = 1 + Math.floor(this.#options.random() * 24);
      const row = `*${this.#time()}: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/${port}, changed state to down`;
      logRow(this.#options.config, row);
      // Not in the middle of a row that is still being sent.
      this.#options.outbox.afterwards(() => this.syslog(row));
      this.#disturb();
    });
  }

  #time(): string {
    const now = new Date(this.#options.clock.wallTime());
    const month = now.toLocaleString("en-US", { month: "short", timeZone: "UTC" });
    const day = String(now.getUTCDate()).padStart(2, " ");
    return `${month} ${day} ${now.toISOString().slice(11, 23)}`;
  }

  #after(ms: number, action: () => void): Disposable {
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      action();
    });
    this.#timers.add(timer);
    return timer;
  }
}

/** A command and what stands behind the first `|`. */
function split(line: string): [string, string | undefined] {
  const at = line.indexOf("|");
  return at < 0 ? [line, undefined] : [line.slice(0, at), line.slice(at + 1).trim()];
}
