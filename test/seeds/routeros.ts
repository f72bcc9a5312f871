import { systemClock } from "../../src/base/clock.ts";
import {
  createRouterOsConfig,
  createRouterOsTerminal,
  seededBehaviour,
} from "../../src/lab/routeros/routeros.ts";
import { RouterConsole } from "../lab/routeros-console.ts";
import { rigFor } from "../real/rig.ts";
import { Checks } from "./check.ts";
import { serveDevice } from "./device.ts";
import { pick, seeded } from "./random.ts";

const KIND = { platform: "mikrotik_routeros", ident: "ROSSSH", user: "admin", suffixed: true };
const LISTS: readonly [string, ...string[]] = [
  "/ip/address/print",
  "/ip address print detail",
  "/ip/route/print",
  "/interface/print",
  "/ip/firewall/filter/print",
  "/ip/firewall/filter/print terse",
  "/user/print",
];

/** One session on the simulated router, disturbed as the seed says. Gives the faults and how many outcomes were judged. */
export async function routerOsRun(seed: number): Promise<{ faults: readonly string[]; outcomes: number }> {
  const random = seeded(seed);
  const version = pick(random, ["6.49.13", "7.16.2", "7.23.2"]);
  const config = createRouterOsConfig({ version });
  const behaviour = seededBehaviour(random);
  const auto = random() < 0.2;
  const device = await serveDevice({ ...KIND, platform: auto ? "auto" : KIND.platform }, (login) =>
    createRouterOsTerminal({ ...login, config, clock: systemClock, random, behaviour }),
  );
  const rig = rigFor([device.host]);
  try {
    const session = await rig.open("device");
    const checks = new Checks(rig, session);
    if (session.first.outcome.state !== "done")
      checks.faults.push(`not ready: ${JSON.stringify(session.first.outcome)}`);
    const quiet = new RouterConsole({ version, cols: session.view().size.cols, rows: 1000 });
    const print = async (command: string) =>
      checks.command(command, { rows: quiet.rows(command), mode: "exec", host: "MikroTik" });
    await print(pick(random, LISTS));
    await checks.command("/ip/adress/print", { errors: ["syntax"] });
    const address = `10.${Math.floor(random() * 200)}.0.1/24`;
    const add = `/ip/address/add address=${address} interface=ether2`;
    await checks.command(add, { rows: quiet.rows(add) });
    await print("/ip/address/print");
    await checks.command("/system/reboot", { state: "asking", asked: "yesno" });
    await checks.keys("n", "done");
    await print(pick(random, LISTS));
    await checks.command(':put "[admin@MikroTik] > "\n:put second', {});
    // Slower than its own refresh, a view never stands still.
    if ((behaviour.pace?.bytes[1] ?? 0) >= 60) {
      await checks.goesOn("/interface/monitor-traffic ether1", "Q quit");
      await checks.keys("q", "done");
    }
    await print(`:put "${"x".repeat(20 + Math.floor(random() * 200))}"`);
    const name = `core${seed}`;
    await checks.command(`/system/identity/set name=${name}`, { host: name });
    await checks.command(":put after", { rows: ["after"], host: name, mode: "exec" });
    return checks;
  } finally {
    await rig.close();
    await device.close();
  }
}
