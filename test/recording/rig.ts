import type { Appended, Disk } from "../../src/recording/cast-file.ts";
import { Recordings, type RecordingsOptions } from "../../src/recording/recordings.ts";
import type { RecordedCommand, RecordedSession, RecordingSink } from "../../src/recording/sink.ts";
import { maskKey } from "../../src/secrets/mask/key.ts";
import { Masker } from "../../src/secrets/mask/masker.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { FakeClock, settled } from "../fake-clock.ts";

/** A disk in memory that takes so many bytes, and may be made to wait. */
export class MemoryDisk implements Disk {
  bytes = Buffer.alloc(0);
  room = Number.POSITIVE_INFINITY;
  closed = false;
  /** Writes wait for it. */
  gate: Promise<void> | undefined;

  async append(bytes: Buffer): Promise<Appended> {
    await this.gate;
    const fits = bytes.subarray(0, Math.max(0, this.room - this.bytes.length));
    this.bytes = Buffer.concat([this.bytes, fits]);
    const failed = fits.length < bytes.length ? { failed: new Error("ENOSPC: no space left on device") } : {};
    return { written: fits.length, ...failed };
  }

  async truncate(size: number): Promise<void> {
    this.bytes = this.bytes.subarray(0, size);
  }

  async named(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  get text(): string {
    return this.bytes.toString("utf8");
  }
}

/** Commands of a session as a recording looks at them. */
export class Commands {
  readonly all: RecordedCommand[] = [];

  get last(): RecordedCommand | undefined {
    return this.all.at(-1);
  }

  get(id: number): RecordedCommand | undefined {
    return this.all.find((command) => command.id === id);
  }

  begin(text: string): void {
    this.all.push({ id: this.all.length + 1, text, state: "running" });
  }

  end(state: string, exit?: number): void {
    const last = this.all.pop();
    if (last === undefined) throw new Error("no command is open");
    this.all.push({ ...last, state, endedAt: 1, ...(exit === undefined ? {} : { exit }) });
  }
}

export interface Rig {
  readonly clock: FakeClock;
  readonly disk: MemoryDisk;
  readonly commands: Commands;
  readonly notes: string[];
  readonly audited: Readonly<Record<string, unknown>>[];
  readonly sink: RecordingSink;
  /** Time passes, and what is written is written. */
  pass(ms: number): Promise<void>;
  /** The session ends; returns the file. */
  ended(): Promise<string>;
}

export interface RigOptions {
  readonly secrets?: readonly string[];
  readonly masks?: boolean;
  /** Bytes that all recordings may have. */
  readonly most?: number;
}

/** One recording into memory. `secrets`: values in use. */
export async function recording(
  folder: string,
  { secrets = [], masks = false, most }: RigOptions = {},
): Promise<Rig> {
  const clock = new FakeClock();
  const disk = new MemoryDisk();
  const commands = new Commands();
  const notes: string[] = [];
  const audited: Readonly<Record<string, unknown>>[] = [];
  const values = new Redactor();
  for (const secret of secrets) values.remember(secret);
  const masker = new Masker(() => maskKey(`${folder}/mask.key`));
  const options: RecordingsOptions = {
    folder: `${folder}/recordings`,
    clock,
    retention: () => (most === undefined ? {} : { bytes: most }),
    audit: (event) => audited.push(event),
    values,
    masks: masker,
    redact: (text) => masker.mask(values.redact(text)),
    openDisk: async () => disk,
  };
  const session: RecordedSession = {
    name: "web1",
    host: "web1",
    term: "xterm-256color",
    cols: 80,
    rows: 24,
    masks,
    log: commands,
    note: (text) => notes.push(text),
  };
  const sink = await new Recordings(options).record(session);
  if (sink === undefined) throw new Error(`not recorded: ${notes.join()}`);
  const pass = async (ms: number) => {
    await clock.pass(ms);
    await settled();
  };
  return {
    ...{ clock, disk, commands, notes, audited, sink, pass },
    async ended() {
      sink.end({ detail: "code 0", exit: 0 });
      for (let turn = 0; !disk.closed && turn < 10_000; turn++) await settled(1);
      await settled();
      return disk.text;
    },
  };
}

/** Everything that was drawn, and the markers, of a file. */
export function read(text: string) {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const events = lines.map((line): [number, string, string] => JSON.parse(line));
  return {
    header: JSON.parse(header),
    events,
    output: events.flatMap(([, code, text]) => (code === "o" ? [text] : [])).join(""),
    markers: events.flatMap(([, code, text]) => (code === "m" ? [text] : [])),
  };
}
