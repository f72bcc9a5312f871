import type { FramingPort } from "../pty/framing.ts";
import type { ShellMarks } from "./marks.ts";
import type { ShellScene } from "./scene.ts";
import type { ShellFacts } from "./shell-facts.ts";

/** What the framing itself knows of the moment. */
type Moment = Pick<ShellScene, "unframed" | "running" | "promptRow" | "promptAt" | "names">;

/** Where the shell is now: what its marks, its terminal and its host say, for the judge. */
export function sceneOf(
  { isReady, ledger, sinks }: FramingPort,
  { phase, level, holding }: ShellMarks,
  { platform, ident, promptPattern, menu, namesDevice, shownDevice }: ShellFacts,
  moment: Moment,
): ShellScene {
  return {
    ...moment,
    phase,
    level,
    holding,
    open: sinks.log.running,
    typed: ledger.typed,
    unsent: ledger.openEnd !== undefined,
    platform,
    ident,
    promptPattern,
    menu,
    namesDevice: !isReady && namesDevice?.(sinks.screen.view().rows) === true,
    shownDevice: shownDevice === true,
  };
}
