import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { systemClock } from "../../base/clock.ts";
import { shellQuote } from "../../secrets/permissions.ts";
import { diagnose } from "./diagnose.ts";
import type { Diagnosis } from "./finding.ts";
import { report } from "./report.ts";
import { Timeline } from "./timeline.ts";

/** Explains step by step how a session on the host comes about. Returns the exit code. */
export function examineHost(name: string, around: Surroundings): Promise<number> {
  const clock = systemClock;
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
        ...(inventoryPath === undefined ? {} : { inventoryPath }),
      });
      process.stdout.write(report(name, withOptions(found, around)));
      return found.healthy ? 0 : 1;
    },
    { trace: timeline.trace, clock, byHand: true },
  );
}

/** The next command with the inventory that this one was started with. */
function withOptions(found: Diagnosis, { configPath }: Surroundings): Diagnosis {
  if (found.next === undefined || configPath === undefined) return found;
  const next = found.next.replaceAll("ssh-mcp trust ", `ssh-mcp trust --config ${shellQuote(configPath)} `);
  return { ...found, next };
}
