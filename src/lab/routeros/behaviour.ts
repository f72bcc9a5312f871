/** Both ends included. */
export type Range = readonly [least: number, most: number];

/** How a console may vary from its version's habit; every choice is drawn from the `random` it was given. */
export interface RouterOsBehaviour {
  /** Asks for the software licence before the first prompt. */
  readonly license?: boolean;
  /** Asks for a new password before the first prompt, as 7.1 and later do while it is empty. */
  readonly passwordChange?: boolean;
  /** `repaint`: the whole line at each key. `echo`: the key alone. Default: by version. */
  readonly editor?: "repaint" | "echo";
  /** Times a line is painted per key. Default: 1, with terminal detection 2. */
  readonly keyPaints?: Range;
  /** Times a prompt is painted after a command. Default: 1. */
  readonly promptPaints?: Range;
  /** Paints the prompt before a command's output too. */
  readonly earlyPrompt?: boolean;
  /** Longest wait for the answers to the terminal queries at login. Default: 10 s. */
  readonly probeTimeoutMs?: number;
  /** Time between Enter and the first byte of output. */
  readonly thinkMs?: Range;
  /** Output in pieces of so many bytes with so many milliseconds between. Default: at once. */
  readonly pace?: { readonly bytes: Range; readonly delayMs: Range };
  /** Log rows printed over the prompt so often. They are not kept in `/log`. */
  readonly logRows?: { readonly everyMs: Range };
}

export function draw(random: () => number, [least, most]: Range): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** One of many habits, for runs over seeds. */
export function seededBehaviour(random: () => number): RouterOsBehaviour {
  const often = draw(random, [150, 1500]);
  return {
    editor: random() < 0.7 ? "repaint" : "echo",
    keyPaints: [1, draw(random, [1, 4])],
    promptPaints: [1, draw(random, [1, 4])],
    earlyPrompt: random() < 0.4,
    thinkMs: [0, draw(random, [0, random() < 0.3 ? 500 : 40])],
    pace: { bytes: [1, draw(random, [3, 700])], delayMs: [0, draw(random, [1, 12])] },
    ...(random() < 0.5 ? { logRows: { everyMs: [often, often * 3] } } : {}),
  };
}
