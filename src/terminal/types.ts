/** A screen as a reader sees it: the visible rows, cursor and modes. Row and column numbers start at 0. */
export interface ScreenView {
  /** Visible rows, right-trimmed, top first; trailing empty rows left out. */
  readonly rows: readonly string[];
  /** Indexes of rows that are the rest of the row above, wrapped at the edge; left out: there are none. */
  readonly wrapped?: readonly number[];
  readonly cursor: { readonly row: number; readonly col: number };
  /** Text of the cursor's row up to the cursor, wrapped rows joined. */
  readonly cursorText: string;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly alternate: boolean;
  readonly modes: ScreenModes;
  readonly title: string;
  /** Grows with every change. */
  readonly version: number;
  /** True while bytes have arrived that the emulator has not drawn yet. */
  readonly stale: boolean;
}

export interface ScreenModes {
  readonly applicationCursorKeys: boolean;
  readonly bracketedPaste: boolean;
  readonly mouse: boolean;
}

/** Rendered text of a transcript range. */
export interface CleanText {
  /** What a person would have seen scroll by: escape sequences, overwrites and backspaces applied; remote text made visible. */
  readonly lines: readonly string[];
  /** Bytes at the start of the range that the session's budget had already pruned. */
  readonly prunedBytes: number;
  /** Raw bytes the text was made from. */
  readonly bytes: number;
  /** Set when the range was too large to draw exactly and overwrites were applied line by line only. */
  readonly approximate: boolean;
  /** The row that is in the place of lines that are no longer kept. Left out: there are none, or how many is not known. */
  readonly gap?: Gap;
  /** Control bytes among them that no terminal shows (NUL and others); left out: none. */
  readonly unseen?: number;
}

/** Lines that are no longer kept: index of the row in their place, how many they are, and their bytes. */
export interface Gap {
  readonly at: number;
  readonly lines: number;
  readonly bytes: number;
}
