import { BOTTOM, coloured, ERASE_RIGHT, hardWrap, left } from "./ansi.ts";
import { colourLine, paintSegments, plain, type Segment } from "./colours.ts";
import { completionsOf, listing, type Option, sharedStart } from "./completion.ts";
import { isSince, type RouterOsConfig } from "./config.ts";
import type { Key } from "./keys.ts";
import { Line } from "./line.ts";
import { fits, paintRow, type Surface } from "./painter.ts";

export interface PromptRowOptions {
  readonly surface: Surface;
  readonly config: RouterOsConfig;
  readonly editor: "repaint" | "echo";
  write(text: string): void;
  prompt(): readonly Segment[];
  path(): string;
  /** Sent after each prompt. */
  tail(): string;
  /** How often a row is painted for the next key, and for the next prompt. */
  keyPaints(): number;
  promptPaints(): number;
}

/**
 * The prompt and the line behind it, as the console's editor paints them. `repaint` (captured from 6.49, seen in 7.1):
 * the row is painted again from its start at each key. `echo` (captured from 7.19 to 7.24): a key at the end of the line
 * stands alone.
 */
export class PromptRow {
  readonly #options: PromptRowOptions;
  readonly #line = new Line();
  #tabbed = false;

  constructor(options: PromptRowOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#line.text === "";
  }

  /** A new prompt; `returns` carriage returns precede it: 3 after output, 4 after none, as captured from 7.23. */
  show(returns: number): void {
    const { write, promptPaints, tail } = this.#options;
    const prompt = this.#promptText();
    const paints = Math.max(1, promptPaints());
    write("\r".repeat(returns) + this.#down() + prompt);
    for (let paint = 1; paint < paints; paint++) write(`${this.#eraser()}${prompt}`);
    write(tail());
    if (!this.isEmpty) this.#paint();
  }

  edit(key: Key): void {
    const line = this.#line;
    const before = line.text;
    this.#tabbed = false;
    if (!line.apply(key)) return;
    const { surface, editor, write, keyPaints, prompt } = this.#options;
    const isSimple =
      key.kind === "char" && line.isAtEnd && !surface.colours && fits(surface, prompt(), line.text.length);
    if (isSimple && (editor === "echo" || before === "")) {
      write(key.char);
      return;
    }
    for (let paint = Math.max(1, keyPaints()); paint > 0; paint--) {
      if (isSimple && !surface.dumb) write(`\r${this.#promptText()}${before}${ERASE_RIGHT}${key.char}`);
      else this.#paint();
    }
  }

  /** Enter: the line as it was typed; the cursor stands on a new row. */
  accept(): string {
    const { editor, write } = this.#options;
    this.edit({ kind: "end" });
    if (editor === "repaint" && !this.isEmpty) this.#paint();
    write("\r\n");
    return this.#line.take();
  }

  /** Ctrl-C: an empty line at a new prompt. */
  discard(): void {
    this.#line.clear();
    this.#options.write("\r\n");
    this.show(4);
  }

  /** A row of text in place of the prompt, which follows it again with what was typed. */
  notice(text: string): void {
    const { surface, write } = this.#options;
    const erase = surface.dumb ? "" : ERASE_RIGHT;
    const rows = hardWrap(surface.dumb ? text.padEnd(surface.width - 1) : text, surface.width);
    write(`\r${rows.map((row) => `${row}${erase}\r\n`).join("")}`);
    this.restore();
  }

  /** The prompt and what was typed, on a new row. */
  restore(): void {
    const { write, tail } = this.#options;
    write(`\r${this.#down()}${this.#promptText()}${tail()}`);
    if (!this.isEmpty) this.#paint();
  }

  repaint(): void {
    this.#paint();
  }

  /** RouterOS 7 lists at the first Tab, 6 at the second (both captured). */
  complete(): void {
    const { config, path, surface, write } = this.#options;
    const { partial, options } = completionsOf(this.#line.beforeCursor, path(), config);
    const [only, another] = options;
    const shared = sharedStart(options);
    if (only === undefined) return;
    if (another === undefined) this.#rewrite(partial, only.name + only.after);
    else if (shared.length > partial.length) this.#rewrite(partial, shared);
    else if (this.#tabbed || isSince(config, "7.0")) {
      const paint = (option: Option) => coloured(option.name, surface.colours ? colourOf(option) : undefined);
      write(`\r\n${listing(options, surface.width, paint).join("\r\n")}\r\n`);
      this.restore();
    } else this.#tabbed = true;
  }

  /** F1, or `?` on RouterOS 6. */
  help(): void {
    const { config, path, write } = this.#options;
    const { options } = completionsOf(this.#line.beforeCursor, path(), config);
    const rows = options.map(({ name, help }) => (help === "" ? name : `${name} -- ${help}`));
    write(`\r\n${rows.map((row) => `${row}\r\n`).join("")}`);
    this.restore();
  }

  /** The word at the cursor is taken back and written whole. */
  #rewrite(partial: string, whole: string): void {
    const { editor, surface, write, prompt } = this.#options;
    const line = this.#line;
    const { isAtEnd } = line;
    line.replaceBeforeCursor(line.beforeCursor.slice(0, line.beforeCursor.length - partial.length) + whole);
    const isSimple = isAtEnd && !surface.dumb && fits(surface, prompt(), line.text.length);
    if (!isSimple || editor === "repaint") {
      this.#paint();
      return;
    }
    const back = left(partial.length);
    const taken = partial.length === 1 ? "\b \b" : `${back}${" ".repeat(partial.length)}${back}`;
    write(taken + whole);
    if (surface.colours) this.#paint();
  }

  #paint(): void {
    const { surface, prompt, path, write } = this.#options;
    write(paintRow(surface, prompt(), colourLine(this.#line.text, path()), this.#line.cursor));
  }

  #promptText(): string {
    const { surface, prompt } = this.#options;
    return surface.dumb ? plain(prompt()) : paintSegments(prompt(), surface.colours);
  }

  #down(): string {
    return this.#options.surface.dumb ? "" : BOTTOM;
  }

  #eraser(): string {
    return this.#options.surface.dumb ? "\r" : `\r${ERASE_RIGHT}`;
  }
}

function colourOf({ after }: Option): string {
  return after === "/" ? "36" : after === "=" ? "32" : "35";
}
