import type { ScreenView } from "../../terminal/types.ts";

/** The screen of a session that never had one. */
export const BLANK: Omit<ScreenView, "size"> = {
  rows: [],
  cursor: { row: 0, col: 0 },
  cursorText: "",
  alternate: false,
  modes: { applicationCursorKeys: false, bracketedPaste: false, mouse: false },
  title: "",
  version: 0,
  stale: false,
};
