import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Daemons, startDaemons } from "./daemons.ts";
import { mustRun, run } from "./process.ts";

/** BIRD in a network of its own, and the birdc that talks to it. */
export interface BirdRouter extends Daemons {
  /** The command that opens birdc on this router: sshd's ForceCommand. */
  readonly birdc: string;
  /** Output of one command, from a birdc of this machine without terminal or pager. */
  ask(command: string): Promise<string>;
}

/** Starts BIRD with this many static routes to nowhere, 10.30.0.0/32 and on. Stop it after its servers. */
export async function startBird(options: { readonly routes?: number } = {}): Promise<BirdRouter> {
  const { routes = 300 } = options;
  const daemons = await startDaemons({
    name: "bird",
    async prepare(dir) {
      const rows = Array.from(
        { length: routes },
        (_row, at) => `  route 10.30.${Math.floor(at / 250)}.${at % 250}/32 blackhole;\n`,
      );
      const text = `router id 192.0.2.2;\nprotocol device {}\nprotocol static lab {\n  ipv4;\n${rows.join("")}}\n`;
      await writeFile(join(dir, "bird.conf"), text);
    },
    daemons: (dir) => [
      {
        command: [
          "bird",
          "-f",
          "-c",
          join(dir, "bird.conf"),
          "-s",
          join(dir, "bird.ctl"),
          "-P",
          join(dir, "bird.pid"),
        ],
      },
    ],
    sockets: ["bird.ctl"],
    async ready(dir) {
      const ran = await run("birdc", ["-s", join(dir, "bird.ctl"), "show", "route", "count"]);
      return ran.stdout.includes(`${routes} of ${routes} routes`);
    },
  });
  const socket = join(daemons.dir, "bird.ctl");
  return {
    ...daemons,
    birdc: `/usr/sbin/birdc -s ${socket}`,
    ask: (command) => mustRun("birdc", ["-s", socket, ...command.split(" ")]),
  };
}
