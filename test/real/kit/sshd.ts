import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeOpenSshKey, openSshPublicKey, startServer, type TestServer } from "./server.ts";

export interface SshdOptions {
  /** Lines of sshd_config that come first, so they win over the kit's own. `MaxSessions 10` etc. are sshd's defaults. */
  readonly config?: readonly string[];
  /** Environment of every session, beside `LANG=C.UTF-8`. */
  readonly env?: Readonly<Record<string, string>>;
  /** What serves SFTP; false: nothing. Default: sshd itself. */
  readonly sftp?: string | false;
  /** Private host key of an earlier server, for tests of a host that came back. */
  readonly hostKeyFile?: string;
}

/** OpenSSH's sshd on a free loopback port: ed25519 host key, keys and passwords accepted, no PAM, no MOTD. */
export async function startSshd(options: SshdOptions = {}): Promise<TestServer> {
  await mkdir("/run/sshd", { recursive: true, mode: 0o755 }); // its privilege separation needs the folder
  const hostKeyFile = options.hostKeyFile === undefined ? {} : { hostKeyFile: options.hostKeyFile };
  return startServer({
    name: "sshd",
    ...hostKeyFile,
    makeKey: makeOpenSshKey,
    publicKey: openSshPublicKey,
    listening: /Server listening on 127\.0\.0\.1/,
    async command({ port, dir, key }) {
      const file = join(dir, "sshd_config");
      await writeFile(file, sshdConfig({ port, dir, key, options }));
      // sshd starts itself again for each connection: every path has to be absolute.
      return ["/usr/sbin/sshd", "-D", "-e", "-f", file];
    },
  });
}

function sshdConfig(given: { port: number; dir: string; key: string; options: SshdOptions }): string {
  const env = Object.entries({ LANG: "C.UTF-8", ...given.options.env });
  return [
    ...(given.options.config ?? []),
    `Port ${given.port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${given.key}`,
    `PidFile ${join(given.dir, "sshd.pid")}`,
    "LogLevel VERBOSE",
    "UsePAM no",
    "PasswordAuthentication yes",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin no",
    "PrintMotd no",
    "PrintLastLog no",
    `SetEnv ${env.map(([name, value]) => `"${name}=${value}"`).join(" ")}`,
    ...(given.options.sftp === false ? [] : [`Subsystem sftp ${given.options.sftp ?? "internal-sftp"}`]),
    "",
  ].join("\n");
}
