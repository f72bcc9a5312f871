/** Both ends included. */
export type Range = readonly [least: number, most: number];

/** How the device may disturb its sessions; every choice is drawn from the `random` it was given. */
export interface IosBehaviour {
  /** Output in pieces of so many bytes with so many milliseconds between. Default: at once. */
  readonly pace?: { readonly bytes: Range; readonly delayMs: Range };
  /** Time between Enter and the first byte of output. */
  readonly thinkMs?: Range;
  /** Log rows printed over whatever stands there so often. */
  readonly logRows?: { readonly everyMs: Range };
}

export function draw(random: () => number, [least, most]: Range): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** One of many habits, for runs over seeds. */
export function seededBehaviour(random: () => number): IosBehaviour {
  const often = draw(random, [200, 1500]);
  return {
    pace: { bytes: [1, draw(random, [24, 700])], delayMs: [0, draw(random, [1, 8])] },
    thinkMs: [0, draw(random, [0, 60])],
    ...(random() < 0.6 ? { logRows: { everyMs: [often, often * 3] } } : {}),
  };
}
