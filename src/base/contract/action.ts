/** One physical line of an order, as it will be entered: the caller's own, or a step of the profile to another mode. */
export interface Line {
  readonly text: string;
  readonly why: "command" | "mode";
}

/** What a caller is about to do, complete before it is judged. */
export type Action =
  | { readonly verb: "run"; readonly command: string; readonly lines: readonly Line[] }
  /** `shown`: what is typed, keys by their names; `bytes`: exactly what will be written. */
  | { readonly verb: "type"; readonly how: "text" | "keys"; readonly shown: string; readonly bytes: Buffer }
  /** The platform's interrupt key and nothing else. */
  | { readonly verb: "interrupt"; readonly bytes: Buffer }
  | { readonly verb: "exec"; readonly command: string }
  | { readonly verb: "file"; readonly op: string; readonly path: string }
  /** `then`: the lines the session is opened for; a refused order opens nothing. */
  | { readonly verb: "open"; readonly then?: readonly Line[] }
  | { readonly verb: "close" | "look" | "resize" };

export type Verb = Action["verb"];

/** Facts of the host an action is about, as they were when its session was opened. */
export interface HostFacts {
  readonly name: string;
  /** `user@address:port`. */
  readonly address: string;
  readonly platform: string;
  readonly policy: { readonly denyPatterns: readonly string[] };
}

/** Where a session stands when an action is decided on; a permit is bound to it. */
export interface SessionFacts {
  readonly name: string;
  /** Named state of the PTY: `prompt`, `unsent`, `running`, `asking` … */
  readonly state: string;
  /** Id of the command in front. */
  readonly command?: number;
  /** The row that asks. */
  readonly row?: string;
  readonly asked?: string;
  readonly mode?: string;
  readonly level: number;
}

/** What an action is done to; taken from the open session where there is one, never from looking a name up again. */
export interface Target {
  readonly host: HostFacts;
  readonly session?: SessionFacts;
}
