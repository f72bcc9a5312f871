/** A session's third sink beside transcript and screen. Nothing of it waits, and nothing of it throws. */
export interface RecordingSink {
  /** What the terminal draws. */
  output(bytes: Buffer): void;
  resize(cols: number, rows: number): void;
  /** Something may have become of a command. */
  look(): void;
  /** The channel is gone; nothing comes any more. */
  end(why: { readonly detail: string; readonly exit?: number | undefined }): void;
}

/** A command as far as a recording tells of it. */
export interface RecordedCommand {
  readonly id: number;
  readonly text: string;
  readonly state: string;
  readonly exit?: number;
  readonly endedAt?: number;
}

/** What of a session a recording is of. */
export interface RecordedSession {
  readonly name: string;
  readonly host: string;
  readonly term: string;
  readonly cols: number;
  readonly rows: number;
  /** Secrets that the host shows by itself are masked. */
  readonly masks: boolean;
  readonly log: {
    readonly last: RecordedCommand | undefined;
    get(id: number): RecordedCommand | undefined;
  };
  /** Tells every caller once. */
  note(text: string): void;
}

/** Begins the recording of a shell; undefined: none could be begun, which was noted. */
export type Record = (session: RecordedSession) => Promise<RecordingSink | undefined>;
