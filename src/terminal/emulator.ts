import type { Terminal } from "@xterm/headless";
import type { Disposable } from "../base/clock.ts";

export interface EmulatorOptions {
  readonly cols: number;
  readonly rows: number;
  /** Rows kept above the screen. */
  readonly scrollback: number;
}

/** What we use of xterm's private core; `test/terminal/emulator.test.ts` pins it to the locked version. */
interface Core {
  /** Parses at once; `Terminal.write` would wait for a timer: 1.3 ms for each small chunk, and replies that come too late. */
  writeSync(data: Uint8Array): void;
  readonly buffers: { readonly active: { readonly scrollTop: number; readonly scrollBottom: number } };
}

/** An xterm that parses synchronously. It must only be fed what `ClampFilter` let through. */
export class Emulator implements Disposable {
  readonly terminal: Terminal;
  readonly #core: Core;

  private constructor(terminal: Terminal, core: Core) {
    this.terminal = terminal;
    this.#core = core;
  }

  /** Loads xterm once for the process; making an emulator afterwards costs about a millisecond. */
  static async load(): Promise<(options: EmulatorOptions) => Emulator> {
    factory ??= loadFactory();
    loaded = await factory;
    return loaded;
  }

  /** What `load` gave; undefined before it did. */
  static get loaded(): ((options: EmulatorOptions) => Emulator) | undefined {
    return loaded;
  }

  /** Wraps a terminal; throws if the locked xterm no longer has the core we know. */
  static around(terminal: Terminal): Emulator {
    const core: unknown = Reflect.get(terminal, "_core");
    if (!isCore(core)) throw new Error("this version of @xterm/headless has no synchronous core");
    return new Emulator(terminal, core);
  }

  parse(bytes: Uint8Array): void {
    // An empty chunk would end xterm's own write loop early.
    if (bytes.length > 0) this.#core.writeSync(bytes);
  }

  /** Whether a scroll region smaller than the screen is set (DECSTBM). */
  get hasMargins(): boolean {
    const { scrollTop, scrollBottom } = this.#core.buffers.active;
    return scrollTop !== 0 || scrollBottom !== this.terminal.rows - 1;
  }

  dispose(): void {
    this.terminal.dispose();
  }
}

let factory: Promise<(options: EmulatorOptions) => Emulator> | undefined;
let loaded: ((options: EmulatorOptions) => Emulator) | undefined;

async function loadFactory(): Promise<(options: EmulatorOptions) => Emulator> {
  // CommonJS: Node shows its exports under `default`, a bundler under their own names.
  type Headless = {
    readonly Terminal?: typeof Terminal;
    readonly default?: { readonly Terminal: typeof Terminal };
  };
  const [headless, { Unicode11Addon }]: [Headless, typeof import("@xterm/addon-unicode11")] =
    await Promise.all([import("@xterm/headless"), import("@xterm/addon-unicode11")]);
  const Constructor = headless.Terminal ?? headless.default?.Terminal;
  if (Constructor === undefined) throw new Error("@xterm/headless exports no Terminal");
  return ({ cols, rows, scrollback }) => {
    const terminal = new Constructor({
      cols,
      rows,
      scrollback,
      allowProposedApi: true,
      // It logs every malformed sequence otherwise, to a stdout that belongs to the protocol.
      logLevel: "off",
    });
    terminal.loadAddon(new Unicode11Addon());
    terminal.unicode.activeVersion = "11";
    return Emulator.around(terminal);
  };
}

function isCore(value: unknown): value is Core {
  if (typeof value !== "object" || value === null || !("writeSync" in value) || !("buffers" in value))
    return false;
  if (typeof value.writeSync !== "function") return false;
  const { buffers } = value;
  if (typeof buffers !== "object" || buffers === null || !("active" in buffers)) return false;
  const { active } = buffers;
  return (
    typeof active === "object" &&
    active !== null &&
    "scrollTop" in active &&
    typeof active.scrollTop === "number" &&
    "scrollBottom" in active &&
    typeof active.scrollBottom === "number"
  );
}
