import { type ITheme, Terminal } from "@xterm/xterm";
import type { Picture } from "../words.ts";

const LARGEST = 15;
const SMALLEST = 9;
const ZOOM = "ssh-mcp-zoom";
const ZOOMS = [0.8, 1, 1.2, 1.4, 1.7, 2];
const UNSAFE = /[\u0000-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[[\d;]*m)/g;

/** The sixteen colours of programs that expect a dark terminal, readable on a light one. */
const ON_LIGHT: ITheme = {
  black: "#24292f",
  red: "#b3261e",
  green: "#116329",
  yellow: "#7a4d00",
  blue: "#0b5fbf",
  magenta: "#8250df",
  cyan: "#0f6674",
  white: "#57606a",
  brightBlack: "#57606a",
  brightRed: "#c1212b",
  brightGreen: "#1a7f37",
  brightYellow: "#8a5a00",
  brightBlue: "#0969da",
  brightMagenta: "#8250df",
  brightCyan: "#1b7c83",
  brightWhite: "#1b1f24",
};

/** The page's own colours, from its sheet. */
function themeOf(dark: boolean): ITheme {
  const sheet = getComputedStyle(document.documentElement);
  const of = (name: string) => sheet.getPropertyValue(name).trim();
  return {
    ...(dark ? {} : ON_LIGHT),
    background: of("--terminal"),
    foreground: of("--text"),
    cursor: of("--accent"),
    cursorAccent: of("--terminal"),
    selectionBackground: of("--selection"),
  };
}

/** A session's terminal: pictures of the server's own screen, drawn by xterm. */
export class Screen {
  readonly #frame: HTMLElement;
  readonly #terminal: Terminal;
  #seq = 0;
  #holds = false;

  constructor(
    frame: HTMLElement,
    { typed, leave, lost }: { typed: (keys: string) => void; leave: () => void; lost: () => void },
  ) {
    this.#frame = frame;
    this.#lost = lost;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const theme = () => themeOf(dark.matches);
    this.#terminal = withOwnSheets(() => {
      const made = new Terminal({
        cols: 80,
        rows: 24,
        scrollback: 0,
        fontFamily: "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace",
        fontSize: LARGEST,
        theme: theme(),
        minimumContrastRatio: 4.5,
        cursorBlink: false,
        cursorInactiveStyle: "outline",
        disableStdin: true,
        logLevel: "off",
      });
      made.open(frame);
      return made;
    });
    const { textarea } = this.#terminal;
    textarea?.setAttribute("aria-label", "Keyboard of the terminal");
    this.#terminal.onData(typed);
    this.#terminal.attachCustomKeyEventHandler((event) => {
      // Without the keyboard every key is the page's own; with it, one leads out.
      if (!this.#holds) return false;
      if (event.type === "keydown" && event.ctrlKey && event.shiftKey && event.code === "KeyX") {
        event.preventDefault();
        leave();
        return false;
      }
      return true;
    });
    dark.addEventListener("change", () => {
      this.#terminal.options.theme = theme();
    });
    new ResizeObserver(() => this.fit()).observe(frame);
  }

  readonly #lost: () => void;

  get cells(): Terminal {
    return this.#terminal;
  }

  set holds(holds: boolean) {
    this.#holds = holds;
    this.#terminal.options.disableStdin = !holds;
    this.#terminal.options.cursorBlink = holds;
    if (holds) this.#terminal.focus();
    else this.#terminal.blur();
  }

  /** Another session: what was shown is no more. */
  clear(): void {
    this.#seq = 0;
    this.#terminal.write("\u001b[m\u001b[H\u001b[2J\u001b[?25l");
  }

  draw({ seq, whole, cols, rows, changed, cursor, cursorKeys, paste }: Picture): void {
    // A difference is one to the picture before it.
    if (!whole && seq !== this.#seq + 1) {
      this.#lost();
      return;
    }
    this.#seq = seq;
    if (cols !== this.#terminal.cols || rows !== this.#terminal.rows) {
      this.#terminal.resize(cols, rows);
      this.fit();
    }
    const at = changed.map(([y, row]) => `\u001b[${y + 1};1H\u001b[m\u001b[2K${row.replace(UNSAFE, "")}`);
    const modes = `\u001b[?1${cursorKeys ? "h" : "l"}\u001b[?2004${paste ? "h" : "l"}`;
    const begin = `\u001b[?7l${whole ? "\u001b[m\u001b[H\u001b[2J" : ""}`;
    const place = `\u001b[m\u001b[${cursor.row + 1};${cursor.col + 1}H\u001b[?25h`;
    this.#terminal.write(begin + at.join("") + modes + place);
  }

  /** Larger or smaller than it fits; the browser remembers it. */
  zoom(step: 1 | -1): void {
    const next = ZOOMS[ZOOMS.indexOf(this.#zoom) + step];
    if (next === undefined) return;
    localStorage.setItem(ZOOM, String(next));
    this.fit();
  }

  get #zoom(): number {
    const kept = Number(localStorage.getItem(ZOOM));
    return ZOOMS.includes(kept) ? kept : 1;
  }

  /** As large as it fits; what is wider still is scrolled to. */
  fit(): void {
    const width = this.#frame.clientWidth - 16;
    const { cols } = this.#terminal;
    if (width <= 0 || cols === 0) return;
    const size = Math.floor((width / cols / 0.603) * 2) / 2;
    const next = Math.round(Math.min(LARGEST, Math.max(SMALLEST, size)) * this.#zoom * 2) / 2;
    if (this.#terminal.options.fontSize !== next) this.#terminal.options.fontSize = next;
  }
}

/** Nor does it let attributes style an element, as xterm does for the many colours; a script may set the same style. */
const setAttribute = HTMLElement.prototype.setAttribute;
HTMLElement.prototype.setAttribute = function (this: HTMLElement, name: string, value: string): void {
  if (name === "style") this.style.cssText = value;
  else setAttribute.call(this, name, value);
};

/**
 * xterm writes its sheets as <style>, which this page's policy does not let in; sheets that a script makes are let in. What it gets
 * in place of the element hands its text to one of those.
 */
function withOwnSheets<T>(make: () => T): T {
  const original = document.createElement.bind(document);
  const patched = (tag: string, options?: ElementCreationOptions): HTMLElement => {
    if (tag !== "style") return original(tag, options);
    const stand = original("span");
    stand.hidden = true;
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(sheet);
    Object.defineProperty(stand, "textContent", { set: (css: string) => sheet.replaceSync(css) });
    return stand;
  };
  Object.assign(document, { createElement: patched });
  try {
    return make();
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
}
