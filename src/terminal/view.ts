import type { IBuffer, Terminal } from "@xterm/headless";
import { visible } from "../base/text.ts";
import type { ScreenModes, ScreenView } from "./types.ts";

/** Rows joined at most to tell the text up to the cursor: a typed line that wraps further back is cut at its front. */
const MAX_JOINED = 64;

/** A row that changed, with its text now; an empty text for one that was cleared. */
export interface ChangedRow {
  readonly row: number;
  readonly text: string;
}

/** A row's text as a reader may see it: right-trimmed, nothing in it that hides or reorders. */
export function rowText(buffer: IBuffer, row: number): string {
  const line = buffer.getLine(row);
  return line === undefined ? "" : visible(line.translateToString(true).trimEnd());
}

/** Text of the cursor's row up to the cursor, with the rows it wrapped from. Trailing blanks are kept: prompts end in one. */
export function textToCursor(terminal: Terminal): string {
  const buffer = terminal.buffer.active;
  const row = buffer.baseY + buffer.cursorY;
  let first = row;
  while (first > 0 && row - first < MAX_JOINED && buffer.getLine(first)?.isWrapped === true) first--;
  let text = "";
  for (let y = first; y < row; y++) text += buffer.getLine(y)?.translateToString(false) ?? "";
  text += buffer.getLine(row)?.translateToString(false, 0, buffer.cursorX) ?? "";
  return visible(text);
}

export function modesOf(terminal: Terminal): ScreenModes {
  const { applicationCursorKeysMode, bracketedPasteMode, mouseTrackingMode } = terminal.modes;
  return {
    applicationCursorKeys: applicationCursorKeysMode,
    bracketedPaste: bracketedPasteMode,
    mouse: mouseTrackingMode !== "none",
  };
}

/** A view without the facts about time: what two views are compared by. */
export type Drawing = Omit<ScreenView, "version" | "stale">;

export function draw(terminal: Terminal, title: string): Drawing {
  const buffer = terminal.buffer.active;
  const rows: string[] = [];
  for (let y = 0; y < terminal.rows; y++) rows.push(rowText(buffer, buffer.baseY + y));
  while (rows.length > 0 && rows.at(-1) === "") rows.pop();
  const wrapped = [...rows.keys()].filter((y) => y > 0 && buffer.getLine(buffer.baseY + y)?.isWrapped);
  return {
    rows,
    ...(wrapped.length === 0 ? {} : { wrapped }),
    cursor: { row: buffer.cursorY, col: Math.min(buffer.cursorX, terminal.cols - 1) },
    cursorText: textToCursor(terminal),
    size: { cols: terminal.cols, rows: terminal.rows },
    alternate: buffer.type === "alternate",
    modes: modesOf(terminal),
    title: visible(title),
  };
}

/** Gives each different drawing a version, and each row the version it last changed in. */
export class ViewHistory {
  #view: ScreenView | undefined;
  #version = 0;
  #changedIn: number[] = [];

  get latest(): ScreenView | undefined {
    return this.#view;
  }

  /** The view of `drawing`: the same version again when nothing differs. */
  note(drawing: Drawing, stale: boolean): ScreenView {
    const before = this.#view;
    if (before !== undefined && same(before, drawing)) {
      if (before.stale !== stale) this.#view = { ...before, stale };
      return this.#view ?? before;
    }
    this.#version++;
    const height = Math.max(drawing.rows.length, before?.rows.length ?? 0);
    for (let row = 0; row < height; row++)
      if (before === undefined || before.rows[row] !== drawing.rows[row])
        this.#changedIn[row] = this.#version;
    this.#view = { ...drawing, version: this.#version, stale };
    return this.#view;
  }

  changedSince(version: number): ChangedRow[] {
    const rows = this.#view?.rows ?? [];
    const changed: ChangedRow[] = [];
    for (const [row, changedIn] of this.#changedIn.entries())
      if ((changedIn ?? 0) > version) changed.push({ row, text: rows[row] ?? "" });
    return changed;
  }
}

function same(a: Drawing, b: Drawing): boolean {
  return (
    a.cursor.row === b.cursor.row &&
    a.cursor.col === b.cursor.col &&
    a.cursorText === b.cursorText &&
    a.rows.length === b.rows.length &&
    a.rows.every((row, index) => row === b.rows[index]) &&
    a.wrapped?.join() === b.wrapped?.join() &&
    a.alternate === b.alternate &&
    a.title === b.title &&
    a.size.cols === b.size.cols &&
    a.size.rows === b.size.rows &&
    a.modes.applicationCursorKeys === b.modes.applicationCursorKeys &&
    a.modes.bracketedPaste === b.modes.bracketedPaste &&
    a.modes.mouse === b.modes.mouse
  );
}
