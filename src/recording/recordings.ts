import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock, Disposable } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import { CastFile, type Disk, openDisk, type Written } from "./cast-file.ts";
import { fileName, ownFolder, type Retention, retire } from "./folder.ts";
import type { Found, Secrets } from "./masked-stream.ts";
import { Recorder } from "./recorder.ts";
import type { RecordedSession, RecordingSink } from "./sink.ts";

/** A line of the audit log; returns its number where there is one. */
export type Audit = (
  event: Readonly<Record<string, string | number | boolean | undefined>>,
) => number | undefined;

export interface RecordingsOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Asked at the start of each. */
  readonly retention: () => Retention;
  readonly audit: Audit;
  /** The values of secrets in use. */
  readonly values: {
    places(text: string, rows: boolean): readonly { readonly from: number; readonly to: number }[];
    begun: Secrets["begun"];
  };
  /** Secrets that a host shows by itself. */
  readonly masks: { places(text: string, cols: number): readonly Found[] };
  /** Takes both out of a command's text. */
  readonly redact: (text: string) => string;
  readonly openDisk?: (path: string) => Promise<Disk>;
}

/** How long the end of the process waits for the disk. */
const LAST_MS = 3_000;
/** How long a session waits for its recording to begin. */
const OPEN_MS = 2_000;
const SHOWN = "[secret]";

/** The recordings that this process writes. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #open = new Map<string, Recorder>();

  constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  /** Begins one; where none can be begun the session goes on, and its callers are told. */
  async record(session: RecordedSession): Promise<RecordingSink | undefined> {
    try {
      return await this.#begin(session);
    } catch (error) {
      session.note(`this session is NOT recorded: ${messageOf(error)}`);
      this.#options.audit({ ...about(session), state: "refused", message: messageOf(error) });
      return undefined;
    }
  }

  /** Ends all, and waits for the disk as long as is bearable. */
  async dispose(): Promise<void> {
    const ends = Promise.all([...this.#open.values()].map((recorder) => recorder.closed()));
    let timer: ReturnType<Clock["after"]> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = this.#options.clock.after(LAST_MS, resolve);
    });
    await Promise.race([ends, late]);
    timer?.dispose();
  }

  async #begin(session: RecordedSession): Promise<RecordingSink> {
    const { folder, clock, retention, audit, redact } = this.#options;
    await ownFolder(folder);
    await this.#retire();
    const file = fileName(session.name, clock.wallTime(), randomBytes(2).toString("hex"));
    const disk = await this.#inTime((this.#options.openDisk ?? openDisk)(join(folder, file)));
    const seq = audit({ ...about(session), state: "started", file });
    const cast = new CastFile(disk, retention().bytes ?? Number.POSITIVE_INFINITY, (why) =>
      session.note(`the recording of this session ended early: ${messageOf(why)}; the session goes on`),
    );
    const ended = (written: Written, commands: number) => {
      this.#open.delete(file);
      const { bytes, hash, failed } = written;
      const state = failed === undefined ? "ended" : "cut";
      const why = failed === undefined ? {} : { message: messageOf(failed) };
      audit({ ...about(session), state, file, started: seq, bytes, commands, hash, ...why });
    };
    const { name, host, term: type, cols, rows } = session;
    const recorder = new Recorder(
      { clock, file: cast, secrets: this.#secretsOf(session), redact, ended },
      session,
      {
        version: 3,
        term: { cols, rows, type },
        timestamp: Math.floor(clock.wallTime() / 1000),
        title: `${name} on ${host}`,
        ssh_mcp: { session: name, host, ...(seq === undefined ? {} : { audit_seq: seq }) },
      },
    );
    this.#open.set(file, recorder);
    return recorder;
  }

  /** A disk that does not answer holds no session up. */
  async #inTime(opening: Promise<Disk>): Promise<Disk> {
    let timer: Disposable | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = this.#options.clock.after(OPEN_MS, () => resolve(undefined));
    });
    const disk = await Promise.race([opening, late]).finally(() => timer?.dispose());
    if (disk !== undefined) return disk;
    opening.then((opened) => opened.close()).catch(() => {});
    throw new Error(`the folder ${this.#options.folder} did not answer within ${OPEN_MS / 1000} s`);
  }

  async #retire(): Promise<void> {
    const { folder, clock, retention, audit } = this.#options;
    const removed = await retire(folder, retention(), clock.wallTime(), new Set(this.#open.keys()));
    for (const { file, bytes } of removed) audit({ event: "recording", state: "removed", file, bytes });
  }

  #secretsOf({ masks }: RecordedSession): Secrets {
    const { values, masks: masker } = this.#options;
    const places = (text: string, rows: boolean) =>
      values.places(text, rows).map(({ from, to }) => ({ from, to, shown: SHOWN }));
    return {
      begun: (text) => values.begun(text),
      values: (text) => places(text, false),
      find: (text, cols) => [...places(text, true), ...(masks ? masker.places(text, cols) : [])],
    };
  }
}

function about({ name, host }: RecordedSession) {
  return { event: "recording", session: name, host };
}
