import type { Screen } from "../../src/terminal/screen.ts";
import type { ScreenView } from "../../src/terminal/types.ts";

/** The screen with all that was written: one flush draws for 30 ms at most, which a busy machine may spend elsewhere. */
export function drawn(screen: Screen): ScreenView {
  while (screen.view().stale) screen.flush();
  return screen.view();
}
