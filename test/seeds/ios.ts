import { systemClock } from "../../src/base/clock.ts";
import { createIosConfig, createIosTerminal, seededBehaviour } from "../../src/lab/catalyst/ios.ts";
import * as show from "../../src/lab/catalyst/shows.ts";
import { rigFor } from "../real/rig.ts";
import { Checks } from "./check.ts";
import { serveDevice } from "./device.ts";
import { pick, seeded } from "./random.ts";

const SECRET = "s3cret";
const KIND = {
  platform: "cisco_ios",
  ident: "Cisco-1.25",
  user: "noc",
  suffixed: false,
  enableSecret: SECRET,
};

/** One session on the simulated switch, disturbed as the seed says. Gives the faults and how many outcomes were judged. */
export async function iosRun(seed: number): Promise<{ faults: readonly string[]; outcomes: number }> {
  const random = seeded(seed);
  const config = createIosConfig({
    hostname: pick(random, ["sw1", "core-switch-17", "a.b-c"]),
    enableSecret: SECRET,
  });
  const behaviour = seededBehaviour(random);
  // Finding a profile needs a quarter of a second without a log row.
  const auto = random() < 0.2 && (behaviour.logRows?.everyMs[0] ?? 1000) >= 600;
  const device = await serveDevice({ ...KIND, platform: auto ? "auto" : KIND.platform }, (login) =>
    createIosTerminal({ ...login, config, clock: systemClock, random, behaviour }),
  );
  const host = config.running.hostname;
  const shows: readonly [[string, string, () => string[]], ...[string, string, () => string[]][]] = [
    ["show version", "exec", () => show.showVersion(config)],
    ["sh ip int br", "exec", () => show.interfaceBrief(config)],
    ["show interfaces", "exec", () => show.interfaces(config)],
    ["show running-config", "enable", () => show.runningConfig(config)],
    ["show vlan brief", "enable", () => show.vlanBrief(config)],
    ["show mac address-table", "enable", () => show.macTable(config)],
    ["show interfaces status", "enable", () => show.interfaceStatus(config)],
  ];
  const rig = rigFor([device.host]);
  try {
    const session = await rig.open("device");
    const checks = new Checks(rig, session);
    if (session.first.outcome.state !== "done")
      checks.faults.push(`not ready: ${JSON.stringify(session.first.outcome)}`);
    const print = async () => {
      const [command, mode, rows] = pick(random, shows);
      await checks.command(command, { rows: rows(), mode, host }, { mode });
    };
    await print();
    await checks.command("sho versoin", { errors: ["syntax"], mode: "exec" }, { mode: "exec" });
    await checks.command("terminal length 24", { rows: [] });
    await print();
    await print();
    await checks.command("reload", { state: "asking", asked: "confirm" }, { mode: "enable" });
    await checks.keys("n", "done");
    const text = `seed ${seed} ${"x".repeat(Math.floor(random() * 120))}`.trim();
    await checks.command(
      `interface GigabitEthernet1/0/5\ndescription ${text}\nno shutdown`,
      { mode: "config", host: configHost(host) },
      { mode: "config" },
    );
    await checks.command("interface Gi1/0/6\nbogus\nshutdown", {
      errors: ["syntax"],
      note: /line 3 was NOT typed/,
    });
    const [one, other] = ["GigabitEthernet1/0/5", "GigabitEthernet1/0/6"].map((name) =>
      config.running.interfaces.get(name),
    );
    if (one?.description !== text)
      checks.faults.push(`the description is ${one?.description} and not ${text}`);
    if (other?.shutdown !== false) checks.faults.push("a line behind an error was typed");
    const name = `sw${seed}`;
    await checks.command(`hostname ${name}`, { host: name, mode: "config" });
    await checks.command("show clock", { mode: "enable", host: name }, { mode: "enable" });
    await checks.command("show running-config", { rows: show.runningConfig(config), host: name });
    return checks;
  } finally {
    await rig.close();
    await device.close();
  }
}

/** The hostname as a configuration prompt shows it. */
function configHost(host: string): string {
  return host.slice(0, Math.max(10, 29 - "(config-if)#".length));
}
