import type { ScreenView } from "../../terminal/types.ts";

/** The screen with every byte that came; undefined: its drawing is behind, and nothing is concluded from it. */
export function drawnView(screen: { flush(): void; view(): ScreenView }): ScreenView | undefined {
  screen.flush();
  const view = screen.view();
  return view.stale ? undefined : view;
}
