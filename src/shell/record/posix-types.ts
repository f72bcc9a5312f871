export type ShellFamily = "bash" | "zsh" | "ksh" | "sh" | "fish" | "restricted";

/** What the framing may do to its session. */
export interface FramingPort {
  /** Bytes to the remote PTY. */
  write(bytes: string | Buffer): void;
  /** Remote bytes that are output: to transcript and screen. */
  release(bytes: Buffer): void;
  /** Text of ours drawn as if the terminal had shown it, in place of the echo. */
  draw(text: string): void;
  /** Remote bytes whose effect on terminal modes matters though their text does not. */
  applyModes(bytes: Buffer): void;
  /** Called after a command's output ended, before what the prompt prints. */
  outputEnded(): void;
  event(event: FramingEvent): void;
}

export type FramingEvent =
  /** A level's hooks are in place and its prompt is up. */
  | { readonly type: "ready"; readonly level: Level }
  /** The shell began to run command `id`. */
  | { readonly type: "started"; readonly id: number }
  /** Command `id` ended. `dropped`: the shell threw the line away without running it. */
  | {
      readonly type: "ended";
      readonly id: number;
      readonly exit: number | undefined;
      readonly cwd: string;
      readonly how: "mark" | "prompt" | "left_shell" | "dropped";
    }
  /** A prompt was drawn though no command of ours ended. */
  | { readonly type: "prompt"; readonly exit: number | undefined; readonly cwd: string }
  /** Nested shells above `level` are gone. */
  | { readonly type: "left"; readonly level: Level };

/** One shell that carries our hooks. Level 1 is the login shell. */
export interface Level {
  readonly number: number;
  readonly family: ShellFamily;
  /** Readable name and version. */
  readonly name: string;
  /** The prompt hook works; without it, interrupted commands end only through a ping. */
  hooked: boolean;
  readonly pid?: number;
  readonly tty?: string;
  readonly user?: string;
  readonly host?: string;
  /** Command of the level below that this shell runs in; 0 for the login shell. */
  readonly openedBy: number;
  /** Stands in every mark of this level. Only its own shell was told: what runs inside cannot speak for it. */
  readonly key: string;
}

/** Where the framing stands with the shell in front. */
export type Phase =
  | { readonly at: "unframed" }
  | { readonly at: "identify"; readonly label: string }
  | { readonly at: "hooking"; readonly identity: string; readonly key: string }
  | { readonly at: "settling" }
  | { readonly at: "prompt" }
  | { readonly at: "hold"; readonly id: number; readonly text: string; readonly payload: Buffer | undefined }
  | { readonly at: "run"; readonly id: number }
  | { readonly at: "ping"; readonly id: number }
  | { readonly at: "post"; readonly id: number };
