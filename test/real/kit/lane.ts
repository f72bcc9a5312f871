import type { Socket } from "node:net";

export interface LaneOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly delayMs: number;
  /** Bytes per write at most; undefined: as they came. */
  readonly chunk: number | undefined;
  /** Asked for each arrival of so many bytes: true lets it vanish. */
  swallow(bytes: number): boolean;
  /** The part of an arrival that may pass. */
  admit?(bytes: Buffer): Buffer;
  /** Called after bytes have been written. */
  admitted?(): void;
}

/** Bytes a link may hold in flight before the sender is stopped: far above any bandwidth-delay product tested here. */
const IN_FLIGHT = 8 << 20;

/** One direction of a link: every byte arrives, in order, `delayMs` after it was sent. */
export class Lane {
  readonly #options: LaneOptions;
  #queue: { readonly at: number; readonly bytes: Buffer | "end" }[] = [];
  #queued = 0;
  #state: "idle" | "waiting" | "stopped" = "idle";

  constructor(options: LaneOptions) {
    this.#options = options;
    const { from } = options;
    from.on("data", (bytes: Buffer) => {
      if (this.#state === "stopped" || options.swallow(bytes.length)) return;
      const admitted = options.admit?.(bytes) ?? bytes;
      if (admitted.length === 0) return;
      this.#push(admitted);
      this.#queued += admitted.length;
      if (this.#queued > IN_FLIGHT) from.pause();
    });
    from.on("end", () => {
      if (this.#state !== "stopped" && !options.swallow(0)) this.#push("end");
    });
  }

  /** What is still on its way is lost; arrivals are read and dropped. */
  stop(): void {
    this.#state = "stopped";
    this.#queue = [];
    this.#options.from.resume();
  }

  #push(bytes: Buffer | "end"): void {
    this.#queue.push({ at: performance.now() + this.#options.delayMs, bytes });
    if (this.#state === "idle") this.#pump();
  }

  #pump(): void {
    if (this.#state === "stopped") return;
    this.#state = "idle";
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      const early = head.at - performance.now();
      if (early > 0) {
        this.#wait((go) => setTimeout(go, early));
        return;
      }
      this.#queue.shift();
      if (head.bytes === "end") {
        this.#options.to.end();
        continue;
      }
      const more = this.#deliver(head.at, head.bytes);
      if (this.#state !== "idle") return;
      if (more !== undefined) {
        this.#wait(more);
        return;
      }
    }
  }

  /** Writes the bytes or their first chunk. What to wait for before the next write; undefined: nothing. */
  #deliver(at: number, bytes: Buffer): ((go: () => void) => void) | undefined {
    const { to, from, chunk } = this.#options;
    if (to.destroyed || to.writableEnded) return undefined;
    const first = chunk === undefined ? bytes : bytes.subarray(0, chunk);
    const rest = bytes.subarray(first.length);
    if (rest.length > 0) this.#queue.unshift({ at, bytes: rest });
    this.#queued -= first.length;
    if (this.#queued < IN_FLIGHT / 4 && from.isPaused()) from.resume();
    const flowing = to.write(first);
    this.#options.admitted?.();
    if (!flowing) {
      return (go) => {
        to.once("drain", go);
        to.once("close", go);
      };
    }
    // A turn of the event loop between two chunks: the reader gets them one by one.
    return rest.length > 0 ? (go) => setImmediate(go) : undefined;
  }

  #wait(until: (go: () => void) => void): void {
    this.#state = "waiting";
    let gone = false;
    until(() => {
      if (gone) return;
      gone = true;
      this.#pump();
    });
  }
}
