import { join } from "node:path";
import { type Daemons, startDaemons } from "./daemons.ts";
import { mustRun, run } from "./process.ts";

/** lldpd in a network of its own, where nobody hears it, and the lldpcli that talks to it. */
export interface LldpAgent extends Daemons {
  /** The command that opens lldpcli on this agent, for an account that may become root: sshd's ForceCommand. */
  readonly lldpcli: string;
  /** Output of one command, from an lldpcli of this machine without a terminal. */
  ask(command: string): Promise<string>;
}

/** Stop it after its servers. */
export async function startLldp(): Promise<LldpAgent> {
  const daemons = await startDaemons({
    name: "lldp",
    // It drops root and locks itself into /run/lldpd, which its package makes at boot.
    async prepare() {
      await mustRun("mkdir", ["-p", "/run/lldpd"]);
    },
    daemons: (dir) => [{ command: ["lldpd", "-d", "-u", join(dir, "lldpd.socket")] }],
    sockets: ["lldpd.socket"],
    ready: async (dir) =>
      (await run("lldpcli", ["-u", join(dir, "lldpd.socket"), "show", "chassis"])).stdout.includes("SysName"),
  });
  const socket = join(daemons.dir, "lldpd.socket");
  return {
    ...daemons,
    lldpcli: `/usr/bin/sudo -n /usr/sbin/lldpcli -u ${socket}`,
    ask: (command) => mustRun("lldpcli", ["-u", socket, ...command.split(" ")]),
  };
}
