import type { Clock } from "../../base/clock.ts";
import type { Entry } from "../journal.ts";
import type { Outbox } from "../outbox.ts";
import { Timers } from "../timers.ts";
import { type Activity, type ActivityPort, LookUp, Ping } from "./activity.ts";
import { draw, type IosBehaviour } from "./behaviour.ts";
import { TREES } from "./commands.ts";
import { changed, type IosConfig, type IosTerminalOf, logRow } from "./config.ts";
import { type IosContext, type Mode, promptText } from "./context.ts";
import { splitFilter, withFilter } from "./filter.ts";
import { IosLine } from "./line.ts";
import { IosPager } from "./pager.ts";
import { completion, helpRows, parseLine } from "./parser.ts";
import { Answer, BannerText, Confirmation, type Reader, Secret } from "./readers.ts";
import { news, touch } from "./rollback.ts";
import * as show from "./shows.ts";
import { clockRow, logTime } from "./times.ts";

/** Ctrl-^. */
const BREAK = "\x1e";
/** Keys that wait to be read. */
const TYPED_AHEAD = 4096;

export interface SessionOptions {
  readonly config: IosConfig;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly random: () => number;
  readonly behaviour: IosBehaviour;
  readonly rows: number;
  /** As log rows name who is logged in. */
  readonly by: string;
  hangUp(): void;
}

/** What the next keys are for. */
type Waiting =
  | { readonly for: "line" }
  | { readonly for: "pager" }
  | { readonly for: "answer"; readonly reader: Reader }
  | { readonly for: "nothing" };

/** One terminal line of the switch. */
export class IosSession implements IosTerminalOf {
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
  readonly #timers: Timers;
  /** What runs until it ends or is broken off. */
  #running: Activity | undefined;
  /** Set by `terminal length` and `terminal width`: the window no longer counts. */
  #fixed = { length: false, width: false };
  #ended = false;
  #lastKey = "";
  /** Keys nobody has read yet. */
  #ahead: string[] = [];
  #reading = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#length = options.rows;
    this.#timers = new Timers(options.clock);
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
    const { config } = this.#options;
    config.terminals.add(this);
    const { banner } = config.running;
    if (banner !== "") this.#say(...banner.split("\n"));
    this.#say("");
    this.#prompt();
    this.#disturb();
  }

  input(text: string): void {
    for (const char of text) {
      const secondHalf = char === "\n" && this.#lastKey === "\r";
      this.#lastKey = char;
      if (!secondHalf && this.#ahead.length < TYPED_AHEAD) this.#ahead.push(char);
    }
    this.#read();
  }

  /** Keys typed while a command runs wait for whoever reads next; Ctrl-^ breaks off what runs, and they are gone. */
  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    while (!this.#ended && this.#ahead.length > 0) {
      if (this.#waiting.for === "nothing") {
        if (!this.#ahead.includes(BREAK)) break;
        this.#ahead = [];
        this.#running?.stop();
      } else this.#key(this.#ahead.shift() ?? "");
    }
    this.#reading = false;
  }

  resize(columns: number, rows: number): void {
    if (!this.#fixed.width) this.#width = columns;
    if (!this.#fixed.length) this.#length = rows;
  }

  /** A log row of the device. */
  log(row: string): void {
    if (this.#monitor) this.#syslog(row);
  }

  tell(rows: readonly string[]): void {
    if (this.#ended) return;
    for (const row of rows) this.#options.outbox.interject(row);
  }

  cut(): void {
    if (!this.#ended) this.#hangUp();
  }

  dispose(): void {
    this.#ended = true;
    this.#options.config.terminals.delete(this);
    this.#timers.dispose();
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
      case "answer":
        if (!waiting.reader.key(char)) return;
        if (this.#waiting === waiting) this.#waiting = { for: "nothing" };
        if (this.#isIdle()) this.#prompt();
        return;
      case "nothing":
        return;
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
    return this.#waiting.for === "nothing" && this.#running === undefined && !this.#ended;
  }

  #run(line: string): void {
    const [command = "", filter] = splitFilter(line);
    if (command.trim() === "" || command.trim().startsWith("!")) return;
    const configuring = this.#mode.startsWith("config");
    const [, done] = configuring ? (/^\s*do\s+(.*)$/i.exec(command) ?? []) : [];
    const tree = done === undefined ? TREES[this.#mode] : TREES.enable;
    const parsed = parseLine(tree, done ?? command);
    if (this.#options.config.running.timestampedPrompt && /^\s*sh/i.test(done ?? command))
      this.#say(...show.promptTimestamp(this.#clock()));
    if (parsed.ok) {
      if (configuring && done === undefined) this.#journal("line", line.trim());
      touch(this.#options.config, this.#options.clock);
      parsed.run(this.#context(line, filter), parsed.values);
      return;
    }
    switch (parsed.why) {
      case "ambiguous":
        this.#say(`% Ambiguous command:  "${line.trim()}"`);
        return;
      case "incomplete":
        if (/^sh(?:ow?)?$/i.test(command.trim())) this.#say('% Type "show ?" for a list of subcommands');
        else this.#say("% Incomplete command.", "");
        return;
      case "unknown_word":
        if (configuring) this.#invalid(parsed.column);
        else
          this.#begin((port) => new LookUp(port, command.trim(), this.#options.config.running.domainLookup));
        return;
      case "invalid":
        this.#invalid(parsed.column + (command.length - (done ?? command).length));
        return;
    }
  }

  #invalid(column: number): void {
    const blanks = " ".repeat(this.#promptText().length + column);
    this.#say(`${blanks}^`, "% Invalid input detected at '^' marker.", "");
  }

  #context(line: string, filter: string | undefined): IosContext {
    const { config } = this.#options;
    const session = this;
    return {
      config,
      print: (rows) => {
        const shown = filter === undefined ? rows : withFilter(rows, filter);
        if (shown) this.#print(shown);
        else this.#invalid(line.indexOf("|") + 2);
      },
      say: (...rows) => this.#say(...rows),
      go: (mode, about = "") => {
        if (mode === "enable" && this.#mode.startsWith("config")) this.#configured();
        this.#mode = mode;
        this.#about = about;
      },
      configure: () => {
        this.#say("Enter configuration commands, one per line.  End with CNTL/Z.");
        this.#mode = "config";
      },
      get about() {
        return session.#about;
      },
      refuse: (value) => this.#invalid(Math.max(0, line.lastIndexOf(value))),
      hangUp: () => this.#hangUp(),
      askSecret: () => this.#askSecret(0),
      confirm: (question, yes) => this.#ask(question, (write) => new Confirmation(write, yes)),
      ask: (question, answered) => this.#ask(question, (write) => new Answer(write, answered)),
      ping: (target, count) => this.#begin((port) => new Ping(port, target, count)),
      setLength: (rows) => {
        this.#length = rows;
        this.#fixed.length = true;
      },
      setWidth: (columns) => {
        this.#width = columns;
        this.#fixed.width = true;
      },
      monitor: (on) => {
        this.#monitor = on;
      },
      history: this.#line.history,
      privileged: this.#mode !== "exec",
      readBanner: (text) => this.#readBanner(text),
      changed: () => changed(config),
      by: this.#options.by,
      time: this.#options.clock,
      journal: (kind, text) => this.#journal(kind, text),
      log: (text) => news(config, this.#options.clock, text),
      clock: () => this.#clock(),
    };
  }

  #print(rows: readonly string[]): void {
    this.#waiting = { for: "pager" };
    this.#pager.print(rows);
    if (!this.#pager.waits && this.#waiting.for === "pager") this.#waiting = { for: "line" };
  }

  #ask(question: string, read: (write: (text: string) => void) => Reader): void {
    this.#write(question);
    this.#waiting = { for: "answer", reader: read((text) => this.#write(text)) };
  }

  #askSecret(tries: number): void {
    this.#ask("Password: ", (write) => new Secret(write, (secret) => this.#secretTyped(secret, tries)));
  }

  #secretTyped(secret: string, tries: number): void {
    if (secret === this.#options.config.enableSecret) this.#mode = "enable";
    else if (tries < 2) this.#askSecret(tries + 1);
    else this.#say("% Bad secrets", "");
  }

  #readBanner(text: string): void {
    const delimiter = text.startsWith("^C") ? "^C" : text.slice(0, 1);
    const rest = text.slice(delimiter.length);
    const end = rest.indexOf(delimiter);
    if (end >= 0) {
      this.#setBanner(rest.slice(0, end));
      return;
    }
    const begun = rest === "" ? "" : `${rest}\n`;
    this.#ask(
      `Enter TEXT message.  End with the character '${delimiter.slice(0, 1)}'.\r\n`,
      (write) => new BannerText(write, delimiter, begun, (banner) => this.#setBanner(banner)),
    );
  }

  #setBanner(text: string): void {
    this.#options.config.running.banner = text;
    changed(this.#options.config);
  }

  #begin(start: (port: ActivityPort) => Activity): void {
    const activity = start({
      write: (text) => this.#write(text),
      after: (ms, action) => this.#timers.after(ms, action),
      done: () => {
        this.#running = undefined;
        this.#prompt();
      },
    });
    if (activity.runs) this.#running = activity;
  }

  #help(line: string): void {
    this.#write("\r\n");
    const [done] = this.#mode.startsWith("config") ? (/^\s*do\s+/i.exec(line) ?? []) : [];
    const rows =
      done === undefined
        ? helpRows(TREES[this.#mode], line)
        : helpRows(TREES.enable, line.slice(done.length));
    this.#say(...(rows === undefined ? ["% Unrecognized command"] : [...rows, ""]));
    this.#line.begin(this.#promptText(), line);
  }

  #endConfig(): void {
    if (this.#mode.startsWith("config")) {
      this.#mode = "enable";
      this.#configured();
    }
    this.#prompt();
  }

  #configured(): void {
    const { config, clock, by } = this.#options;
    news(config, clock, `%SYS-5-CONFIG_I: Configured from console by ${by}`);
  }

  #journal(kind: Entry["kind"], text: string): void {
    const { config, clock, by } = this.#options;
    config.journal.add({ at: clock.wallTime(), kind, by, text });
  }

  #hangUp(): void {
    this.#ended = true;
    this.#options.outbox.afterwards(() => {
      this.dispose();
      this.#options.hangUp();
    });
  }

  #promptText(): string {
    return promptText(this.#mode, this.#options.config.running.hostname);
  }

  #prompt(): void {
    if (this.#ended) return;
    this.#waiting = { for: "line" };
    this.#line.begin(this.#promptText());
    this.#read();
  }

  #say(...rows: readonly string[]): void {
    for (const row of rows) this.#write(`${row}\r\n`);
  }

  #write(text: string): void {
    this.#options.outbox.write(text);
  }

  /** A log row over whatever stands there; only `logging synchronous` paints the line again. */
  #syslog(row: string): void {
    if (this.#ended) return;
    const { config, outbox } = this.#options;
    const stands = outbox.waiting === 0 && this.#waiting.for === "line";
    outbox.interject(row);
    if (config.running.loggingSynchronous && stands) this.#line.repaint();
  }

  #disturb(): void {
    const { behaviour, random, config } = this.#options;
    const { logRows } = behaviour;
    if (!logRows) return;
    this.#timers.after(draw(random, logRows.everyMs), () => {
      const port = draw(random, [1, 24]);
      const what = `Interface GigabitEthernet1/0/${port}, changed state to down`;
      const row = `*${logTime(this.#options.clock.wallTime())}: %LINK-3-UPDOWN: ${what}`;
      logRow(config, row);
      this.#syslog(row);
      this.#disturb();
    });
  }

  #clock(): string {
    return clockRow(this.#options.clock.wallTime());
  }
}
