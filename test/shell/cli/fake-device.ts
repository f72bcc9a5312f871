import { Emitter } from "../../../src/base/emitter.ts";
import { SshMcpError } from "../../../src/base/errors.ts";
import { compileDevice, type Device } from "../../../src/devices/device.ts";
import { type Profile, profileSchema } from "../../../src/devices/profile.ts";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import type { ReadSecret } from "../../../src/secrets/reference.ts";
import { DeviceFraming } from "../../../src/shell/cli/device-framing.ts";
import type { Detect, Refuses } from "../../../src/shell/cli/prepare.ts";
import type { FramingPort } from "../../../src/shell/pty/framing.ts";
import { Pty } from "../../../src/shell/pty/pty.ts";
import type { OnPut } from "../../../src/shell/pty/put.ts";
import { type Command, CommandLog } from "../../../src/shell/record/command-log.ts";
import type { State } from "../../../src/shell/record/outcome.ts";
import { Waits } from "../../../src/shell/record/waits.ts";
import type { ChannelEnd, OpenedPty, PtyChannel } from "../../../src/ssh/contract.ts";
import { renderText } from "../../../src/terminal/clean.ts";
import { createScreen, type Screen } from "../../../src/terminal/screen.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";
import { aHost, type HostChange } from "../../a-host.ts";
import { FakeClock, settled } from "../../fake-clock.ts";
import { permit } from "../../permits.ts";

/** What a device does with a line: prints, and tells when it is back at its prompt. */
export type OnLine = (line: string, device: FakeDevice) => void;

/** Bytes of the next part of what is sent, and milliseconds in front of it. */
interface Pace {
  bytes(): number;
  ms(): number;
}

/** The remote end of a PTY: a line editor that echoes each key after `delayMs`, and answers lines as the test says. */
export class FakeDevice implements PtyChannel {
  /** The terminal as a link hands it out; nothing runs beside it. */
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
  /** Every line that was entered, in order. */
  readonly entered: string[] = [];
  /** Every write, in order. */
  readonly writes: string[] = [];
  prompt: string;
  echo = true;
  delayMs = 1;
  line = "";
  /** Takes single keys instead of a line while set. */
  onKey: ((key: string) => void) | undefined;
  readonly #clock: FakeClock;
  readonly #onLine: OnLine;
  /** How what it prints is cut and delayed; left out: not at all. */
  pace: Pace | undefined;
  /** Clock time before which nothing more is sent. */
  #sentUntil = 0;
  readonly #data = new Emitter<Buffer>((error) => {
    throw error;
  });
  readonly #ends = new Emitter<ChannelEnd>((error) => {
    throw error;
  });

  constructor(clock: FakeClock, prompt: string, onLine: OnLine) {
    this.#clock = clock;
    this.prompt = prompt;
    this.#onLine = onLine;
  }

  /** Prints after `ms`. */
  print(text: string, ms = this.delayMs): void {
    this.#clock.after(ms, () => this.#send(Buffer.from(text)));
  }

  /** What was printed arrives in its order, as the pace says. */
  #send(bytes: Buffer): void {
    const { pace } = this;
    if (pace === undefined) this.#data.fire(bytes);
    if (pace === undefined) return;
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + pace.bytes());
      from += part.length;
      this.#sentUntil = Math.max(this.#sentUntil, this.#clock.now()) + pace.ms();
      this.#clock.after(this.#sentUntil - this.#clock.now(), () => this.#data.fire(part));
    }
  }

  /** Does something after `ms`. */
  later(ms: number, act: () => void): void {
    this.#clock.after(ms, act);
  }

  /** Prints an output and the prompt behind it. */
  answer(text: string): void {
    this.print(`\r\n${text === "" ? "" : `${text.replaceAll("\n", "\r\n")}\r\n`}${this.prompt}`);
  }

  write(bytes: Uint8Array | string): void {
    const text = Buffer.from(bytes).toString("utf8");
    this.writes.push(text);
    for (const key of text) this.#take(key);
  }

  #take(key: string): void {
    if (this.onKey) this.onKey(key);
    else if (key === "\r") {
      const { line } = this;
      this.line = "";
      this.entered.push(line);
      this.#onLine(line, this);
    } else if (key === "\u0015") {
      this.line = "";
      this.print(`\r\u001b[K${this.prompt}`);
    } else {
      this.line += key;
      if (this.echo) this.print(key);
    }
  }

  close(): void {
    this.end({ reason: "closed_by_us" });
  }

  end(end: ChannelEnd): void {
    this.#ends.fire(end);
  }

  resize(): void {}
  pause(): void {}
  resume(): void {}
  onData = this.#data.event;
  onClose = this.#ends.event;
}

interface How {
  mode?: string;
  keepGoing?: boolean;
  here?: "prompt";
}

export interface Bench {
  readonly clock: FakeClock;
  readonly device: FakeDevice;
  readonly pty: Pty;
  /** Waits for the first state, at most 20 s. */
  open(): Promise<State>;
  /** Types a command and waits for its state. */
  run(text: string, options?: How & { timeoutMs?: number }): Promise<Ran>;
  /** The rows of a command as they are now. */
  rows(command: Command): Promise<readonly string[]>;
  /** A command that is ordered and, as it may be, refused. */
  tried(text: string): Promise<Command>;
  /** A command that is only ordered. */
  submit(text: string, options?: How): Promise<Command>;
  /** Keys of the caller, and the state they lead to. */
  keys(bytes: string): Promise<State>;
  /** Keys of the caller, nothing waited for. */
  press(bytes: string): void;
}

export interface Ran {
  readonly command: Command;
  readonly state: State;
  readonly lines: readonly string[];
  readonly asides: readonly string[];
  readonly likeOwn: readonly number[];
  readonly stripped: readonly string[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly mode: string | undefined;
  readonly host: string | undefined;
  /** Milliseconds the wait took. */
  readonly tookMs: number;
}

export const PROFILE = {
  id: "test",
  name: "Test device",
  prompts: [
    { mode: "exec", match: "^(?P<host>[\\w.-]+)>$" },
    { mode: "config", match: "^(?P<host>[\\w.-]+)\\(conf[^()]*\\)#$" },
    { mode: "enable", match: "^(?P<host>[\\w.-]+)#$" },
  ],
  input: { echo: "exact" },
  settle_ms: 100,
  pagers: [{ match: "^ --More-- ?$", key: " ", quit_key: "q", max: 5 }],
  questions: [{ match: "\\[confirm\\]\\s*$", kind: "confirm", submit: "key", risk: "high" }],
  secrets: ["^Password:\\s*$"],
  errors: [{ match: "^% Invalid", class: "syntax" }],
  warnings: [{ match: "^% Made vlan ", class: "effect" }],
  information: ["^% By the way"],
  unlisted: ["^% "],
  async: ["^\\*[A-Z][a-z]{2} +\\d+ .*%"],
  modes: {
    enable: {
      from: "exec",
      enter: { send: "enable", ask: "^Password:\\s*$", secret: "enable" },
      leave: { send: "disable" },
    },
    config: { from: "enable", enter: { send: "configure terminal" }, leave: { send: "end" } },
  },
};

export interface BenchOptions {
  readonly profile?: Record<string, unknown>;
  readonly host?: HostChange;
  readonly prompt?: string;
  readonly detect?: Detect;
  readonly pace?: Pace;
  /** Leave out the first prompt. */
  readonly silent?: boolean;
  readonly onPut?: OnPut;
  readonly refuses?: Refuses;
  /** Another screen around the session's own. */
  readonly screen?: (screen: Screen) => Screen;
  /** Given the port of the framing when that is made. */
  readonly onPort?: (port: FramingPort) => void;
}

/** Secrets whose reference is the value: a `file` takes 5 s to read, a `command` fails. */
function secretsOn(clock: FakeClock): ReadSecret {
  return async (ref) => {
    if (ref.from === "command") throw new SshMcpError("secret_unavailable", "the command failed", "Mend it.");
    if (ref.from === "file") await new Promise<void>((resolve) => clock.after(5000, resolve));
    return { reveal: () => (ref.from === "env" ? ref.name : ref.path) };
  };
}

/** A session on a fake device, on a clock that stands still. */
export async function bench(onLine: OnLine, options: BenchOptions = {}): Promise<Bench> {
  const clock = new FakeClock();
  const profile: Profile = profileSchema.parse({ ...PROFILE, ...options.profile });
  const compiled: Device = await compileDevice(profile);
  const device = new FakeDevice(clock, options.prompt ?? "sw1>", onLine);
  device.pace = options.pace;
  const size = { cols: 80, rows: 24 };
  const screen = await createScreen({
    ...size,
    clock,
    replies: { cursorPosition: true, primaryAttributes: true },
    onReply: (bytes) => pty.reply(bytes),
  });
  const sinks = {
    transcript: new Transcript(1 << 20),
    screen: options.screen?.(screen) ?? screen,
    log: new CommandLog(),
    waits: new Waits(clock),
  };
  const { detect } = options;
  const platform = { device: compiled, reason: undefined, ...(detect ? { detect } : {}) };
  const host = hostOf(options.host);
  const pty: Pty = new Pty({
    opened: device.opened,
    sinks,
    clock,
    readSecret: secretsOn(clock),
    permit: permit({ verb: "open" }),
    onPut: options.onPut,
    framing: (port) => {
      options.onPort?.(port);
      return new DeviceFraming(port, {
        host,
        link: device.opened.info,
        clock,
        platform,
        refuses: options.refuses,
      });
    },
  });
  const drive = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false;
    const finished = promise.finally(() => {
      done = true;
    });
    // A refusal reaches the caller below.
    finished.catch(() => undefined);
    for (let step = 0; !done && step < 5000; step++) {
      await settled();
      if (!done) await clock.pass(Math.min(clock.next ?? 10, 50));
    }
    return finished;
  };
  const wait = (about: "command" | "ready" | "news", command: number, timeoutMs: number) => {
    const since = sinks.transcript.end;
    const settled = sinks.waits.start(
      { about, command, anyAfter: undefined, watch: undefined, since },
      timeoutMs,
      undefined,
    );
    pty.attend();
    return settled.then(({ state }) => state);
  };
  const submit: Bench["submit"] = async (text, how = {}) => {
    const order = { text, ...how };
    return pty.submit(order, permit({ verb: "run", command: text, lines: pty.far.expand(order) }));
  };
  const press = (bytes: string) => {
    const typed = Buffer.from(bytes);
    const interrupts = pty.isInterrupt(typed);
    pty.type(
      typed,
      permit(
        interrupts
          ? { verb: "interrupt", bytes: typed }
          : { verb: "type", how: "keys", shown: bytes, bytes: typed },
      ),
    );
  };
  return {
    clock,
    device,
    pty,
    submit,
    press,
    tried: (text) => drive(submit(text)),
    async rows(command) {
      const { from, to } = command.range;
      const { lines } = await renderText(sinks.transcript.read(from, to).bytes, size);
      return pty.far.clean(lines, command).lines;
    },
    async open() {
      const ready = wait("ready", 0, 20_000);
      pty.start();
      if (options.silent !== true) device.print(device.prompt);
      return drive(ready);
    },
    async run(text, { timeoutMs = 20_000, ...how } = {}) {
      const begun = clock.now();
      const command = await drive(submit(text, how));
      const state = await drive(wait("command", command.id, timeoutMs));
      const { from, to } = command.range;
      const { lines } = await renderText(sinks.transcript.read(from, to).bytes, size);
      const rows = pty.far.clean(lines, command);
      return {
        command,
        state,
        lines: rows.lines,
        asides: rows.asides,
        likeOwn: rows.likeOwn ?? [],
        stripped: rows.stripped ?? [],
        notes: [...command.remarks, ...command.notes, ...pty.notes],
        errors: (command.errors ?? []).map((error) => error.class),
        warnings: (command.warnings ?? []).map((warning) => warning.class),
        mode: pty.far.place?.mode,
        host: pty.far.place?.host,
        tookMs: clock.now() - begun,
      };
    },
    async keys(bytes) {
      press(bytes);
      return drive(wait("news", sinks.log.running?.id ?? 0, 20_000));
    },
  };
}

function hostOf(change: HostChange = {}): ResolvedHost {
  return aHost({
    name: "sw1",
    user: "noc",
    auth: [{ method: "password", secret: { from: "env", name: "login-secret" } }],
    platform: "test",
    enable: { from: "env", name: "enable-secret" },
    terminal: { cols: 80, rows: 24, term: "vt100" },
    ...change,
  });
}
