import { startDaemon } from "./daemon.ts";
import { mustRun } from "./process.ts";

/** FRR's bgpd alone: no listening port, no kernel routes, its terminal socket in a private folder. */
export interface Vtysh {
  /** The command that opens vtysh on it. */
  readonly command: string;
  /** What vtysh prints for a command, without a terminal. */
  show(command: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts bgpd with `lines` as its configuration; vtysh calls itself r1. */
export async function startVtysh(lines: readonly string[]): Promise<Vtysh> {
  const daemon = await startDaemon({
    name: "frr",
    program: "/usr/lib/frr/bgpd",
    files: {
      "bgpd.conf": `${lines.join("\n")}\n`,
      "vtysh.conf": "hostname r1\nno service integrated-vtysh-config\n",
    },
    args: (dir) => [
      ...["-p", "0", "-n", "-Z", "-S", "-P", "0"],
      ...["--vty_socket", dir, "-i", `${dir}/pid`, "-f", `${dir}/bgpd.conf`],
    ],
    socket: "bgpd.vty",
  });
  const args = ["--vty_socket", daemon.dir, "--config_dir", daemon.dir];
  return {
    command: `/usr/bin/vtysh ${args.join(" ")}`,
    async show(command) {
      const text = await mustRun("/usr/bin/vtysh", [...args, "-c", command], { env: { VTYSH_PAGER: "cat" } });
      return text
        .trimEnd()
        .split("\n")
        .map((row) => row.trimEnd());
    },
    stop: () => daemon.stop(),
  };
}
