import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { findScript, ownShell } from "./own-shell.ts";
import { listen } from "./server.ts";

/** An embedded host, described by what it takes to dial it. */
export interface LabHost {
  readonly name: string;
  readonly description: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Private key that is let in, mode 0600. */
  readonly keyPath: string;
  /** known_hosts file that holds this host's key. */
  readonly knownHostsPath: string;
}

export interface Lab {
  readonly hosts: readonly LabHost[];
  dispose(): Promise<void>;
}

/**
 * Starts the embedded hosts on random loopback ports. Both keys are made for this run and kept in a folder only the
 * user can enter, removed with the lab; nobody else's key is let in.
 * @throws Error naming what is missing on this machine.
 */
export async function startLab(env: NodeJS.ProcessEnv): Promise<Lab> {
  const script = await findScript(env);
  const folder = await mkdtemp(join(tmpdir(), "ssh-mcp-lab-")); // mkdtemp makes it 0700
  const removeNow = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeNow);
  try {
    const hostKey = ssh2.utils.generateKeyPairSync("ed25519");
    const clientKey = ssh2.utils.generateKeyPairSync("ed25519");
    const user = userInfo().username;
    const server = await listen({
      hostKey: hostKey.private,
      user,
      clientKey: clientKey.public,
      shell: ownShell({ env, script, folder }),
    });
    const keyPath = join(folder, "client_key");
    const knownHostsPath = join(folder, "known_hosts");
    await writeFile(keyPath, clientKey.private, { mode: 0o600 });
    await writeFile(knownHostsPath, `[${server.address}]:${server.port} ${hostKey.public}\n`, {
      mode: 0o600,
    });
    return {
      hosts: [
        {
          name: "lab-sh",
          description: "your own shell on this machine, embedded for trying things out",
          address: server.address,
          port: server.port,
          user,
          keyPath,
          knownHostsPath,
        },
      ],
      async dispose() {
        await server.close();
        process.off("exit", removeNow);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    process.off("exit", removeNow);
    removeNow();
    throw error;
  }
}
