import { createAccess } from "../access/access.ts";
import { openDirectory, resolvedLabHost, type Surroundings } from "../app/workspace.ts";
import { systemClock } from "../base/clock.ts";
import { openCatalog } from "../devices/catalog.ts";
import { locateInventory } from "../inventory/locate.ts";
import { createMultiplexer } from "../multiplexer/multiplexer.ts";
import { readSecret } from "../secrets/read.ts";
import { createTransport } from "../ssh/transport.ts";
import { diagnose } from "./doctor/diagnose.ts";
import { report } from "./doctor/report.ts";
import { Timeline } from "./doctor/timeline.ts";

/** `ssh-mcp doctor HOST`: explains step by step how a session on the host comes about. Returns the exit code. */
export async function examineHost(name: string, around: Surroundings): Promise<number> {
  const clock = systemClock;
  const lab = around.lab ? await (await import("../lab/lab.ts")).startLab(around.env) : undefined;
  const timeline = new Timeline(clock);
  const transport = createTransport({ readSecret, env: around.env, trace: timeline.trace });
  try {
    const directory = await openDirectory(around, lab?.hosts.map(resolvedLabHost));
    const { devicesDir } = directory.settings;
    const catalog = openCatalog(devicesDir === undefined ? {} : { dir: devicesDir });
    const multiplexer = createMultiplexer({ directory, transport, clock, catalog });
    const inventoryPath = await locateInventory(around);
    try {
      const found = await diagnose({
        name,
        directory,
        multiplexer,
        access: createAccess({ directory }),
        catalog,
        timeline,
        clock,
        ...(inventoryPath === undefined ? {} : { inventoryPath }),
      });
      process.stdout.write(report(name, found));
      return found.healthy ? 0 : 1;
    } finally {
      await multiplexer.dispose();
    }
  } finally {
    await transport.dispose();
    await lab?.dispose();
  }
}
