/** What the remote end is asking for. */
export type Asked =
  | "password"
  | "confirm"
  | "pager"
  | "continuation"
  | "question"
  | "yesno"
  | "value"
  | "key"
  | "text"
  | "repl"
  | "shell"
  | "line";

/** A row by which a network device reports an error. */
export interface DeviceError {
  readonly class: "syntax" | "incomplete" | "ambiguous" | "permission" | "commit" | "other";
  readonly row: string;
}

/** A row that says that it was done, and what to know about it; unknown: no list has it. */
export interface DeviceWarning {
  readonly class: "effect" | "advice" | "later" | "unknown";
  readonly row: string;
}

/** How a wait ended, and on what evidence (the table in docs/outcomes.md). */
export type State =
  | { readonly state: "done"; readonly evidence: "sentinel" | "prompt" }
  /** Nothing runs: the session is at its prompt. `timeout`, `matched`: what the wait for a text came to there. */
  | {
      readonly state: "ready";
      readonly evidence: "sentinel" | "prompt" | "timeout" | "matched";
      readonly match?: string;
    }
  /** Ctrl-Z or a signal stopped it: a job of the shell that goes on with `fg`. */
  | { readonly state: "stopped"; readonly evidence: "sentinel" | "prompt" }
  | {
      readonly state: "asking";
      readonly asked: Asked;
      readonly evidence: "kernel" | "profile" | "pattern" | "sentinel";
      readonly row: string;
      /** The risk of a yes, from the device profile. */
      readonly risk?: "low" | "medium" | "high";
      /** `key`: acts on a single key, an Enter would go to the next prompt. */
      readonly submit?: "key" | "line";
      /** What ends the text that is wanted: in a line or alone on one, as `where` says; a key by its name. */
      readonly ends?: { readonly with: string; readonly where: "in" | "alone" };
    }
  | { readonly state: "screen"; readonly evidence: "alternate_screen" | "cursor_addressing" | "kernel" }
  | {
      readonly state: "running";
      /** `held`: the terminal's output is stopped (Ctrl-S), and nothing more is shown until it goes on. */
      readonly evidence: "timeout" | "output" | "matched" | "held";
      readonly match?: string;
    }
  | {
      readonly state: "closed";
      readonly evidence: "exit" | "disconnect" | "killed";
      readonly detail: string;
    };

/** One finished wait. Everything a result shows comes from here. */
export type Outcome = State & {
  readonly session: string;
  /** Id of the command this wait was about, the newest where it was about none; 0: none ever ran. */
  readonly command: number;
  /** Exit status of the command where one is known; never invented. */
  readonly exit?: number;
  /** Working directory after the command, where known. */
  readonly cwd?: string;
  /** Milliseconds from submission to the end, or to now while running. */
  readonly durationMs: number;
  /** Network CLI: the mode and the hostname of its last prompt. */
  readonly mode?: string;
  readonly host?: string;
  /** Rows of the output that the device's profile knows as errors; hints, since no exit code exists there. */
  readonly errors?: readonly DeviceError[];
  readonly warnings?: readonly DeviceWarning[];
  /** Nesting level of shells; 1 is the login shell. */
  readonly level: number;
  /** Account and host of a nested shell, as it says itself: `root@web1`. */
  readonly on?: string;
  /** Milliseconds in which nothing was printed, where a wait for an end ran out. */
  readonly silentMs?: number;
  /** Transcript range the wait produced: bytes `from` (inclusive) to `to` (exclusive). */
  readonly from: number;
  readonly to: number;
  /** Sentences the caller must know: a nested shell ended, framing was degraded, output was pruned. */
  readonly notes: readonly string[];
};
