import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder in which a server of ours finds nothing of the user's. */
export interface OwnHome {
  readonly folder: string;
  /** An inventory without hosts, which also keeps ~/.ssh/config out. */
  readonly inventory: string;
  /** The environment with this folder as home. */
  readonly env: NodeJS.ProcessEnv;
}

/** Runs `work` with a home of its own, removed afterwards. */
export async function withOwnHome<T>(
  env: NodeJS.ProcessEnv,
  work: (home: OwnHome) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-mcp-demo-"));
  try {
    const inventory = join(folder, "hosts.yaml");
    await writeFile(inventory, "settings: { ssh_config: false }\n", { mode: 0o600 });
    // A zsh without any start-up file asks questions about one.
    await writeFile(join(folder, ".zshrc"), "");
    return await work({
      folder,
      inventory,
      env: { ...env, HOME: folder, XDG_STATE_HOME: join(folder, "state") },
    });
  } finally {
    // The shell may write its last file while it is being removed.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}
