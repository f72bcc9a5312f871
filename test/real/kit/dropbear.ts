import { join } from "node:path";
import { mustRun } from "./process.ts";
import { startServer, type TestServer } from "./server.ts";

export interface DropbearOptions {
  /** Further arguments, for example `["-s"]` (no passwords). */
  readonly args?: readonly string[];
  readonly hostKeyFile?: string;
  /** As on a system without the program that it runs for SFTP. */
  readonly withoutSftp?: boolean;
}

/** Nothing that can be run is in the program's place, for this server alone. */
const WITHOUT_SFTP = [
  ...["unshare", "--mount", "sh", "-c"],
  'for p in /usr/lib/sftp-server /usr/libexec/sftp-server /usr/lib/openssh/sftp-server; do [ ! -e "$p" ] || mount --bind /dev/null "$(readlink -f "$p")"; done; exec "$@"',
  "sh",
];

/** How any dropbear gets its key and says that it listens. */
export const DROPBEAR = {
  async makeKey(path: string): Promise<void> {
    await mustRun("dropbearkey", ["-t", "ed25519", "-f", path]);
  },
  async publicKey(path: string): Promise<string> {
    const text = await mustRun("dropbearkey", ["-y", "-f", path]);
    const line = text.split("\n").find((candidate) => candidate.startsWith("ssh-ed25519 ")) ?? "";
    return line.split(" ").slice(0, 2).join(" ");
  },
  listening: /Not backgrounding/,
} as const;

/** Dropbear on a free loopback port. It lets in only users whose shell stands in /etc/shells: not `ash`, `posh`, `noediting`. */
export function startDropbear(options: DropbearOptions = {}): Promise<TestServer> {
  const hostKeyFile = options.hostKeyFile === undefined ? {} : { hostKeyFile: options.hostKeyFile };
  return startServer({
    name: "dropbear",
    ...hostKeyFile,
    ...DROPBEAR,
    async command({ port, dir, key }) {
      const place = ["-p", `127.0.0.1:${port}`, "-P", join(dir, "dropbear.pid")];
      const program = [
        "/usr/sbin/dropbear",
        "-F",
        "-E",
        "-r",
        key,
        ...place,
        ...(options.args ?? []),
      ] as const;
      const [unshare = "", ...more] = WITHOUT_SFTP;
      return options.withoutSftp === true ? [unshare, ...more, ...program] : [...program];
    },
  });
}
