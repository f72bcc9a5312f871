import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Daemons, startDaemons } from "./daemons.ts";
import { mustRun, run } from "./process.ts";

/** FRR's zebra, staticd and bgpd in a network of their own, and the vtysh that talks to them. */
export interface FrrRouter extends Daemons {
  /** The command that opens vtysh on this router: sshd's ForceCommand. */
  readonly vtysh: string;
  /** Output of these commands, one after the other, from a vtysh of this machine without terminal or pager. */
  ask(...commands: readonly string[]): Promise<string>;
}

export interface FrrOptions {
  /** What vtysh's `ping` prints, as a shell script: vtysh runs the program of that name. Default: nothing. */
  readonly ping?: string;
  /** Default: `edge1`. */
  readonly hostname?: string;
  /** Static routes to nowhere, each a row of `show ip route`; 10.20.0.0/32 and on. Default: 300. */
  readonly routes?: number;
}

const DAEMONS = ["zebra", "staticd", "bgpd"] as const;

/** Starts a router with `routes` static routes and as many prefix-list entries. Stop it after its servers. */
export async function startFrr(options: FrrOptions = {}): Promise<FrrRouter> {
  const { hostname = "edge1", routes = 300, ping = "" } = options;
  const daemons = await startDaemons({
    name: "frr",
    async prepare(dir) {
      await mkdir(join(dir, "bin"));
      await writeFile(join(dir, "bin", "ping"), `#!/bin/sh\n${ping}\n`);
      await chmod(join(dir, "bin", "ping"), 0o755);
      // The daemons give up root and write their pid files as user frr.
      const [uid, gid] = [await idOf("-u"), await idOf("-g")];
      await chown(dir, uid, gid);
      await writeFile(join(dir, "vtysh.conf"), `hostname ${hostname}\nno service integrated-vtysh-config\n`);
      const configs = { zebra: zebraConf(), staticd: staticConf(routes), bgpd: bgpConf(routes) };
      for (const daemon of DAEMONS)
        await writeFile(join(dir, `${daemon}.conf`), `hostname ${hostname}\n${configs[daemon]}`);
    },
    // Port 0 of vty: no telnet. bgpd listens on its own loopback's port 1790.
    daemons: (dir) =>
      DAEMONS.map((daemon) => ({
        command: [
          `/usr/lib/frr/${daemon}`,
          ...["--vty_socket", dir, "-z", join(dir, "zserv.api"), "-P", "0", "-A", "127.0.0.1"],
          ...["-i", join(dir, `${daemon}.pid`), "-f", join(dir, `${daemon}.conf`), "--log", "stdout"],
          ...(daemon === "bgpd" ? ["-l", "127.0.0.1", "-p", "1790"] : []),
        ],
        ...(daemon === "zebra" ? {} : { after: join(dir, "zserv.api") }),
      })),
    sockets: DAEMONS.map((daemon) => `${daemon}.vty`),
    async ready(dir) {
      const ran = await run("vtysh", [...placeOf(dir), "-c", "show ip route summary"]);
      return new RegExp(`^static\\s+${routes}\\s+${routes}\\b`, "m").test(ran.stdout);
    },
  });
  const place = placeOf(daemons.dir);
  return {
    ...daemons,
    vtysh: ["env", `PATH=${join(daemons.dir, "bin")}:/usr/bin:/bin`, "vtysh", ...place].join(" "),
    ask: (...commands) => mustRun("vtysh", [...place, ...commands.flatMap((command) => ["-c", command])]),
  };
}

function placeOf(dir: string): readonly string[] {
  return ["--vty_socket", dir, "--config_dir", dir];
}

async function idOf(flag: "-u" | "-g"): Promise<number> {
  const ran = await run("id", [flag, "frr"]);
  if (ran.code !== 0) throw new Error("frr is not installed. Run as root: scripts/setup-debian.sh");
  return Number(ran.stdout);
}

function zebraConf(): string {
  return "interface lo\n description loopback # of the lab\n ip address 192.0.2.1/32\n!\n";
}

function staticConf(routes: number): string {
  const rows = Array.from({ length: routes }, (_row, at) => `ip route ${address(at)}/32 Null0\n`);
  return rows.join("");
}

function bgpConf(routes: number): string {
  const rows = Array.from(
    { length: routes },
    (_row, at) => `ip prefix-list LAB seq ${5 * (at + 1)} permit ${address(at)}/32\n`,
  );
  return `${rows.join("")}!\nrouter bgp 64512\n bgp router-id 192.0.2.1\n no bgp ebgp-requires-policy\n neighbor 127.0.0.2 remote-as 64513\n neighbor 127.0.0.2 passive\n!\n`;
}

function address(at: number): string {
  return `10.20.${Math.floor(at / 250)}.${at % 250}`;
}
