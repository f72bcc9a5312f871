import { systemClock } from "../../src/base/clock.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import { createIosConfig, createIosTerminal } from "../../src/lab/catalyst/ios.ts";
import { rigFor } from "../../test/real/rig.ts";
import { serveDevice } from "../../test/seeds/device.ts";
import type { Part } from "../bench.ts";
import { median, ms, quantile, timed } from "../stats.ts";

const COMMAND = "show version";

/** One command on the simulated switch: the settle time of its profile is the only wait. */
export const cli: Part = async ({ quick }) => {
  const config = createIosConfig();
  const kind = { platform: "cisco_ios", ident: "Cisco-1.25", user: "noc", suffixed: false };
  const device = await serveDevice(kind, (login) =>
    createIosTerminal({ ...login, config, clock: systemClock, random: Math.random }),
  );
  const { settleMs } = await openCatalog().device("cisco_ios");
  const rig = rigFor([device.host]);
  try {
    const session = await rig.open("device");
    const samples: number[] = [];
    for (let round = 0; round < (quick ? 10 : 100); round++)
      samples.push(
        await timed(async () => {
          const { outcome } = await rig.mux.shell({ session: session.name, command: COMMAND });
          if (outcome.state !== "done") throw new Error(`${COMMAND}: ${outcome.state}`);
        }),
      );
    const ours = median(samples);
    return [
      {
        what: `\`${COMMAND}\` on the simulated IOS switch; its settle time is ${settleMs} ms`,
        ours: `${ms(ours)} (p95 ${ms(quantile(samples, 0.95))})`,
        ratio: `+${ms(ours - settleMs)}`,
        aim: "≤ 20 ms over the settle time",
        met: ours <= settleMs + 20,
      },
    ];
  } finally {
    await rig.close();
    await device.close();
  }
};
