import { Emitter } from "../../../src/base/emitter.ts";
import { SshMcpError } from "../../../src/base/errors.ts";
import { compileDevice, type Device } from "../../../src/devices/device.ts";
import { type Profile, profileSchema } from "../../../src/devices/profile.ts";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import type { SecretRef } from "../../../src/secrets/reference.ts";
import { CliPty } from "../../../src/shell/cli/cli-pty.ts";
import type { Detect } from "../../../src/shell/cli/prepare.ts";
import { type Command, CommandLog } from "../../../src/shell/record/command-log.ts";
import type { State } from "../../../src/shell/record/outcome.ts";
import { Waits } from "../../../src/shell/record/waits.ts";
import type { ChannelEnd, LinkInfo, PtyChannel } from "../../../src/ssh/contract.ts";
import { renderText } from "../../../src/terminal/clean.ts";
import { createScreen } from "../../../src/terminal/screen.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";
import { FakeClock, settled } from "../../fake-clock.ts";

/** What a device does with a line: prints, and tells when it is back at its prompt. */
export type OnLine = (line: string, device: FakeDevice) => void;

/** The remote end of a PTY: a line editor that echoes each key after `delayMs`, and answers lines as the test says. */
export class FakeDevice implements PtyChannel {
  readonly link: LinkInfo = {
    ident: "SSH-2.0-Fake",
    banner: "",
    hostKey: { fingerprint: "SHA256:fake", type: "ssh-ed25519", how: "known" },
    auth: "password",
    warnings: [],
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
    this.#clock.after(ms, () => this.#data.fire(Buffer.from(text)));
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

  /** Read from the test's own place: `name` is the secret; a `file` takes `secretMs`; a `command` fails. */
  async writeSecret(secret: SecretRef, after: string, still: () => Promise<boolean>): Promise<boolean> {
    if (secret.from === "command")
      throw new SshMcpError("secret_unavailable", "the command failed", "Mend it.");
    if (secret.from === "file") await new Promise<void>((resolve) => this.#clock.after(5000, resolve));
    if (!(await still())) return false;
    this.write(`${secret.from === "env" ? secret.name : secret.path}${after}`);
    return true;
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
  signal(): void {}
  exec(): Promise<never> {
    return Promise.reject(new Error("a device runs nothing beside its terminal"));
  }
  onData = this.#data.event;
  onClose = this.#ends.event;
}

export interface Bench {
  readonly clock: FakeClock;
  readonly device: FakeDevice;
  readonly pty: CliPty;
  /** Waits for the first state, at most 20 s. */
  open(): Promise<State>;
  /** Types a command and waits for its state. */
  run(text: string, options?: { mode?: string; keepGoing?: boolean; timeoutMs?: number }): Promise<Ran>;
  /** Keys of the caller. */
  keys(bytes: string): Promise<State>;
}

export interface Ran {
  readonly command: Command;
  readonly state: State;
  readonly lines: readonly string[];
  readonly asides: readonly string[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
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
  readonly host?: Partial<ResolvedHost>;
  readonly prompt?: string;
  readonly detect?: Detect;
  /** Leave out the first prompt. */
  readonly silent?: boolean;
}

/** A session on a fake device, on a clock that stands still. */
export async function bench(onLine: OnLine, options: BenchOptions = {}): Promise<Bench> {
  const clock = new FakeClock();
  const profile: Profile = profileSchema.parse({ ...PROFILE, ...options.profile });
  const compiled: Device = await compileDevice(profile);
  const device = new FakeDevice(clock, options.prompt ?? "sw1>", onLine);
  const size = { cols: 80, rows: 24 };
  const sinks = {
    transcript: new Transcript(1 << 20),
    screen: await createScreen({
      ...size,
      clock,
      replies: { cursorPosition: true, primaryAttributes: true },
      onReply: (bytes) => pty.reply(bytes),
    }),
    log: new CommandLog(),
    waits: new Waits(clock),
  };
  const { detect } = options;
  const pty: CliPty = new CliPty({
    channel: device,
    host: hostOf(options.host),
    sinks,
    clock,
    platform: { device: compiled, reason: undefined, ...(detect ? { detect } : {}) },
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
    const state = sinks.waits.start(
      { about, command, anyAfter: undefined, watch: undefined, since },
      timeoutMs,
      undefined,
    );
    pty.attend();
    return state;
  };
  return {
    clock,
    device,
    pty,
    async open() {
      const ready = wait("ready", 0, 20_000);
      pty.start();
      if (options.silent !== true) device.print(device.prompt);
      return drive(ready);
    },
    async run(text, { timeoutMs = 20_000, ...how } = {}) {
      const begun = clock.now();
      const command = await drive(pty.submit(text, how));
      const state = await drive(wait("command", command.id, timeoutMs));
      const { from, to } = command.range;
      const { lines } = await renderText(sinks.transcript.read(from, to).bytes, size);
      const rows = pty.clean(lines, command);
      return {
        command,
        state,
        lines: rows.lines,
        asides: rows.asides,
        notes: [...command.remarks, ...command.notes, ...pty.notes],
        errors: (command.errors ?? []).map((error) => error.class),
        mode: pty.place?.mode,
        host: pty.place?.host,
        tookMs: clock.now() - begun,
      };
    },
    async keys(bytes) {
      pty.type(Buffer.from(bytes));
      return drive(wait("news", sinks.log.running?.id ?? 0, 20_000));
    },
  };
}

function hostOf(change: Partial<ResolvedHost> = {}): ResolvedHost {
  return {
    name: "sw1",
    source: "inventory",
    address: "192.0.2.1",
    port: 22,
    user: "noc",
    auth: [{ method: "password", secret: { from: "env", name: "login-secret" } }],
    jump: [],
    hostKey: { mode: "strict", files: [] },
    platform: "test",
    tags: [],
    groups: [],
    enable: { from: "env", name: "enable-secret" },
    terminal: { cols: 80, rows: 24, term: "vt100" },
    limits: { sessions: 1, transcriptBytes: 1 << 20, channelsPerConnection: 1 },
    policy: { denyPatterns: [] },
    timing: {
      connectTimeoutMs: 1000,
      keepaliveIntervalMs: 0,
      keepaliveCount: 3,
      idleTimeoutMs: 0,
      commandTimeoutMs: 20_000,
    },
    ...change,
  };
}
