import type { Clock, Disposable } from "../../src/base/clock.ts";
import { Emitter } from "../../src/base/emitter.ts";
import type { ChannelEnd, OpenedPty, PtyChannel } from "../../src/ssh/contract.ts";
import { execOf } from "../running.ts";

export interface FakeShellOptions {
  readonly clock: Clock;
  /** Bytes per delivery at most; undefined: as they were printed. */
  readonly chunk?: number;
  /** One way, in milliseconds. */
  readonly delayMs?: number;
  /** The prompt hook works. */
  readonly hooked?: boolean;
  /** Says nothing at all, not even a prompt. */
  readonly silent?: boolean;
  /** What the kernel would say; undefined: exec is refused. */
  readonly kernel?: () => string;
}

/** What a scripted command may do. It runs until it ends itself or is interrupted. */
export interface Running {
  print(text: string): void;
  /** Takes what is typed from now on. */
  readonly input: string[];
  end(status: number): void;
}

const ESC = "\u001b";
const BOOTSTRAP = /7717;([0-9a-f]{12}L\d+);I;\$__/;
/** A framed command, whole or announced; how the calls are wrapped is pinned elsewhere. */
const FRAMED = /^ \\builtin eval \$'([^']*)';__m -x (\d+) /;
const LONG = /^ __m -l (\d+) /;
/** What stands in a framed command's eval. */
const BODY = /^__m -b \d+[^\n]*\n([\s\S]*)\n__m -e \d+ [0-9a-f]+[^\n]*$/;
const PING = /^ __m -p\b/;
const HOOK_BYTES = 4736;

/**
 * The remote end of a PTY: a line editor that echoes, and a shell that answers bootstrap, hooks, framed commands and
 * Ctrl-C as bash does. Knows nothing of our classes but the interface of a channel.
 */
export class FakeShell implements PtyChannel {
  /** Every write as it arrived, in order. */
  readonly writes: string[] = [];
  /** Every command that ran, in order. */
  readonly ran: string[] = [];
  readonly sizes: string[] = [];
  /** Commands by their text, beside `echo`, `true`, `false`, `exit N` and `sleep N`, which never ends by itself. */
  readonly scripts = new Map<string, (running: Running) => void>();
  prompt = "user@fake:~$ ";
  cwd = "/home/user";
  status = 0;
  /** What is typed to a program is shown. */
  echoes = true;
  /** Bytes that it has stopped to take. */
  untaken = 0;
  /** Lines are taken and lost. */
  deaf = false;
  readonly #options: FakeShellOptions;
  readonly #data = new Emitter<Buffer>(raise);
  readonly #closed = new Emitter<ChannelEnd>(raise);
  #end: ChannelEnd | undefined;
  #label: string | undefined;
  /** Key of the marks, taken from the hook code. */
  #key = "";
  #id = 0;
  #line = "";
  #raw: { bytes: number; done: (text: string) => void } | undefined;
  /** A long command on its way in lines. */
  #lines: { read: string; done: (text: string) => void } | undefined;
  #running: Running | undefined;
  #paused: Buffer[] | undefined;

  constructor(options: FakeShellOptions) {
    this.#options = options;
    if (!options.silent) this.print(this.prompt);
  }

  write(bytes: Uint8Array | string): void {
    const text = typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("utf8");
    this.writes.push(text);
    this.#options.clock.after(this.#options.delayMs ?? 0, () => this.#receive(text));
  }

  resize(cols: number, rows: number): void {
    this.sizes.push(`${cols}x${rows}`);
  }

  pause(): void {
    this.#paused ??= [];
  }

  resume(): void {
    const held = this.#paused ?? [];
    this.#paused = undefined;
    for (const bytes of held) this.#deliver(bytes);
  }

  close(): void {
    this.hangUp({ reason: "closed_by_us" });
  }

  onData(listener: (chunk: Buffer) => void): Disposable {
    return this.#data.event(listener);
  }

  onClose(listener: (end: ChannelEnd) => void): Disposable {
    if (this.#end) listener(this.#end);
    return this.#closed.event(listener);
  }

  /** The terminal as a link hands it out. */
  get opened(): OpenedPty {
    const { kernel } = this.#options;
    return {
      channel: this,
      info: {
        ident: "SSH-2.0-OpenSSH_9.2p1",
        banner: "",
        hostKey: { fingerprint: "SHA256:fake", type: "ssh-ed25519", how: "known" },
        auth: "publickey",
        warnings: [],
      },
      beside: kernel ? execOf(kernel) : () => Promise.reject(new Error("exec is refused")),
    };
  }

  /** The connection ends. */
  hangUp(end: ChannelEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#closed.fire(end);
  }

  get closed(): boolean {
    return this.#end !== undefined;
  }

  /** Bytes to the client. */
  print(text: string): void {
    const bytes = Buffer.from(text);
    const { chunk = bytes.length, clock, delayMs = 0 } = this.#options;
    for (let at = 0; at < bytes.length; at += chunk) {
      const piece = bytes.subarray(at, at + chunk);
      clock.after(delayMs, () => this.#deliver(piece));
    }
  }

  #deliver(bytes: Buffer): void {
    if (this.#end) return;
    if (this.#paused) this.#paused.push(bytes);
    else this.#data.fire(bytes);
  }

  #receive(text: string): void {
    if (this.#end || this.deaf) return;
    for (const char of text) {
      if (this.#raw) {
        this.#line += char;
        if (Buffer.byteLength(this.#line) < this.#raw.bytes) continue;
        const { done } = this.#raw;
        this.#raw = undefined;
        const read = this.#line;
        this.#line = "";
        done(read);
      } else if (char === "\u0003") this.#interrupt();
      else if (this.#lines && char === "\n") this.#takeLong(this.#lines);
      else if (this.#running) this.#type(char, this.#running);
      else if (char === "\r") {
        const line = this.#line;
        this.#line = "";
        this.print("\r\n");
        this.#take(line);
      } else {
        this.#line += char;
        this.print(char);
      }
    }
  }

  /** One line of a long command: `#` and escaped text, `#.` behind the last. */
  #takeLong(lines: { read: string; done: (text: string) => void }): void {
    const line = this.#line;
    this.#line = "";
    this.print("\r\n");
    if (line !== "#.") {
      lines.read += line.slice(1);
      return;
    }
    this.#lines = undefined;
    lines.done(decode(lines.read));
  }

  #type(char: string, running: Running): void {
    if (char === "\r" || this.echoes) this.print(char === "\r" ? "\r\n" : char);
    if (char === "\r") {
      running.input.push(this.#line);
      this.#line = "";
    } else this.#line += char;
  }

  #interrupt(): void {
    this.print("^C\r\n");
    this.#line = "";
    this.#lines = undefined;
    this.#running = undefined;
    this.status = 130;
    this.#showPrompt();
  }

  #take(line: string): void {
    const label = BOOTSTRAP.exec(line)?.[1];
    const framed = FRAMED.exec(line);
    const long = LONG.exec(line)?.[1];
    if (label !== undefined) {
      this.#print7717(label, "I", "5.2.15(1)-release///-bash");
      this.#raw = {
        bytes: HOOK_BYTES,
        done: (hooks) => {
          this.#label = label;
          this.#key = /;R;([0-9a-f]{8});/.exec(hooks)?.[1] ?? "";
          this.#id = 0;
          this.#mark("R", "13748;/dev/pts/3;1;;");
          this.#showPrompt();
        },
      };
    } else if (framed) {
      this.#id = Number(framed[2]);
      this.#run(decode(framed[1] ?? ""));
    } else if (long !== undefined) {
      this.#id = Number(long);
      this.#mark("K", long);
      this.#lines = { read: "", done: (text) => this.#run(text) };
    } else if (PING.test(line)) {
      this.#mark("D", `${this.#id};${this.status};himBHs;${this.cwd}`);
      this.#showPrompt();
    } else this.#start(line, () => this.#showPrompt());
  }

  #run(body: string): void {
    const command = BODY.exec(body)?.[1];
    if (command === undefined) throw new Error(`not a framed command: ${body}`);
    this.#mark("C", String(this.#id));
    const id = this.#id;
    this.#start(command, () => {
      this.#mark("D", `${id};${this.status};himBHs;${this.cwd}`);
      this.#showPrompt();
    });
  }

  #start(command: string, ended: () => void): void {
    this.ran.push(command);
    const running: Running = {
      print: (text) => this.print(text),
      input: [],
      end: (status) => {
        if (this.#running !== running) return;
        this.#running = undefined;
        this.status = status;
        ended();
      },
    };
    this.#running = running;
    const script = this.scripts.get(command) ?? builtin(command);
    if (script) script(running);
    else if (/^exit \d+$/.test(command)) this.hangUp({ reason: "exit", code: Number(command.slice(5)) });
    else {
      running.print(`fake: ${command}: not found\r\n`);
      running.end(127);
    }
  }

  #showPrompt(): void {
    if (this.#options.hooked !== false) this.#mark("P", `${this.#id};${this.status};${this.cwd}`);
    this.print(this.prompt);
  }

  #mark(kind: string, fields: string): void {
    if (this.#label !== undefined) this.#print7717(this.#label, kind, `${this.#key};${fields}`);
  }

  #print7717(label: string, kind: string, fields: string): void {
    this.print(`${ESC}]7717;${label};${kind};${fields}\u0007`);
  }
}

function builtin(command: string): ((running: Running) => void) | undefined {
  if (command === "true" || command === "") return (running) => running.end(0);
  if (command === "false") return (running) => running.end(1);
  if (/^sleep \d+$/.test(command)) return () => {};
  if (!command.startsWith("echo ")) return undefined;
  return (running) => {
    running.print(`${command.slice(5)}\r\n`);
    running.end(0);
  };
}

/** printf's view of the payload. */
function decode(escaped: string): string {
  const latin1 = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(latin1, "latin1").toString("utf8");
}

/** A listener that throws would be a defect of ours, not of the peer: let the test see it. */
function raise(error: unknown): never {
  throw error;
}
