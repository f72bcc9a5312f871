import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { commandClock } from "../../base/clock.ts";
import { withConfig } from "../next-command.ts";
import { diagnose } from "./diagnose.ts";
import { report } from "./report.ts";
import { Timeline } from "./timeline.ts";

/** Explains step by step how a session on the host comes about. Returns the exit code. */
export function examineHost(name: string, around: Surroundings): Promise<number> {
  const clock = commandClock;
  const timeline = new Timeline(clock);
  return withParts(
    around,
    async (parts) => {
      const inventoryPath = await parts.inventoryPath();
      const found = await diagnose({
        name,
        directory: await parts.directory(),
        multiplexer: await parts.multiplexer(),
        access: await parts.access(),
        catalog: await parts.catalog(),
        timeline,
        clock,
        readSecret: parts.secrets.read,
        ...(inventoryPath === undefined ? {} : { inventoryPath }),
      });
      const { next } = found;
      const advised = next === undefined ? found : { ...found, next: withConfig(next, around) };
      process.stdout.write(report(name, advised));
      return found.healthy ? 0 : 1;
    },
    { trace: timeline.trace, clock, byHand: true },
  );
}
