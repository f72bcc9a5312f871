import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { labDevices } from "./devices.ts";
import { findScript, ownShell, watchOver } from "./own-shell.ts";
import { type LabServer, type LabServerOptions, listen } from "./server.ts";

/** An embedded host, described by what it takes to dial it. */
export interface LabHost {
  readonly name: string;
  readonly description: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** `posix`, or a profile of `devices/`. */
  readonly platform: string;
  /** Private key that is let in, mode 0600. */
  readonly keyPath: string;
  /** known_hosts file that holds this host's key. */
  readonly knownHostsPath: string;
  /** File with the password of a device's privileged mode, mode 0600. */
  readonly enablePath?: string;
}

export interface Lab {
  readonly hosts: readonly LabHost[];
  dispose(): Promise<void>;
}

/** What of a host differs from the others. */
type Recipe = Omit<LabHost, "address" | "port" | "keyPath" | "knownHostsPath" | "enablePath"> & {
  readonly enableSecret?: string;
} & Pick<LabServerOptions, "shell" | "ident" | "suffixed" | "door">;

/**
 * Starts the embedded hosts on random loopback ports. Both keys are made for this run and kept in a folder only the
 * user can enter, removed with the lab; nobody else's key is let in.
 * @throws Error naming what is missing on this machine.
 */
export async function startLab(env: NodeJS.ProcessEnv): Promise<Lab> {
  const script = await findScript(env);
  const folder = await mkdtemp(join(tmpdir(), "ssh-mcp-lab-")); // mkdtemp makes it 0700
  // It also removes the folder when this program ends without a word.
  const callOff = watchOver(folder, env);
  const servers: LabServer[] = [];
  const dispose = async () => {
    await Promise.all(servers.map((server) => server.close()));
    callOff();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const hostKey = newKey();
    const clientKey = newKey();
    const keyPath = await secretFile(folder, "client_key", clientKey.private);
    const start = async ({
      shell,
      ident,
      suffixed,
      door,
      enableSecret,
      ...about
    }: Recipe): Promise<LabHost> => {
      const server = await listen({
        hostKey: hostKey.private,
        clientKey: clientKey.public,
        user: about.user,
        shell,
        ...(ident === undefined ? {} : { ident }),
        ...(suffixed === undefined ? {} : { suffixed }),
        ...(door === undefined ? {} : { door }),
      });
      servers.push(server);
      const { address, port } = server;
      const known = `[${address}]:${port} ${hostKey.public}\n`;
      const knownHostsPath = await secretFile(folder, `${about.name}.known_hosts`, known);
      const host = { ...about, address, port, keyPath, knownHostsPath };
      if (enableSecret === undefined) return host;
      return { ...host, enablePath: await secretFile(folder, `${about.name}.enable`, enableSecret) };
    };
    const own: Recipe = {
      name: "lab-sh",
      description: "your own shell on this machine, embedded for trying things out",
      platform: "posix",
      user: userInfo().username,
      shell: ownShell({ env, script, folder }),
    };
    const hosts: LabHost[] = [];
    for (const recipe of [own, ...labDevices()]) hosts.push(await start(recipe));
    return { hosts, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function secretFile(folder: string, name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

/** One key in 250 comes out of ssh2 in a form that it does not read itself: its public half begins with a zero byte. */
function newKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}
