export type ShellFamily = "bash" | "zsh" | "ksh" | "sh" | "fish" | "restricted";

/** What a shell's marks say. */
export type MarkEvent =
  /** A level's hooks are in place and its prompt is up. */
  | { readonly type: "ready"; readonly level: Level }
  /** The shell began to run command `id`. */
  | { readonly type: "started"; readonly id: number }
  /** Command `id` ended. `dropped`: the shell threw the line away without running it. */
  | {
      readonly type: "ended";
      readonly id: number;
      readonly exit: number | undefined;
      readonly cwd: string | undefined;
      /** In a shell that gives a stopped job no status of its own: it has jobs; `last`: the newest in the background, or 0. */
      readonly jobs?: { readonly last: number };
      readonly how: "mark" | "prompt" | "left_shell" | "dropped";
      /** The nested shell that it held, and that is in front no more. */
      readonly left?: Level;
    }
  /** Command `id` was not run. */
  | { readonly type: "not run"; readonly id: number; readonly why: string }
  /** Nobody knows how command `id` ended, and the shell it ran in is to be set up again inside command `inside` (0: none). */
  | { readonly type: "lost"; readonly id: number; readonly why: string; readonly inside: number }
  /** A prompt is being printed, its mark is to follow. */
  | { readonly type: "prompting" }
  /** A prompt was printed though no command of ours ended. */
  | { readonly type: "prompt"; readonly exit: number | undefined; readonly cwd: string | undefined };

/** One shell that carries our hooks. Level 1 is the login shell. */
export interface Level {
  readonly number: number;
  readonly family: ShellFamily;
  /** Readable name and version. */
  readonly name: string;
  /** The prompt hook works; without it, interrupted commands end only through a ping. */
  hooked: boolean;
  /** It has no `$'…'`. */
  readonly verbatim?: boolean;
  /** Keys that print may do something else in its line editor: what is typed is not what a command reads. */
  ownKeys?: boolean;
  /** Its `builtin` did not carry out an eval: the bare name is tried. */
  bare?: boolean;
  /** Its limits were changed: no descriptor may be free. */
  fewDescriptors?: boolean;
  /** It reads commands and runs none (`set -n`). */
  noExec?: boolean;
  /** A letter that its editor took for a key of its own, and that it will not take for itself again. */
  deafTo?: { readonly does: string; readonly char: string };
  /** `$-` and `$?` as its last marks gave them. */
  flags?: string;
  status?: number;
  readonly pid?: number;
  readonly tty?: string;
  readonly user?: string;
  readonly host?: string;
  /** Command of the level below that this shell runs in; 0 for the login shell. */
  readonly openedBy: number;
  /** Part of every mark of this level. Only the shell of that level knows it, so what runs inside cannot forge its marks. */
  readonly key: string;
}

/** `root@web1`, as the shell says itself; undefined: it does not. */
export function accountOf(level: Level | undefined): string | undefined {
  if (level?.user === undefined) return undefined;
  return level.host === undefined ? level.user : `${level.user}@${level.host}`;
}
