import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";

/** A home of its own for each test, gone afterwards. */
export interface Scratch {
  readonly home: string;
  /** Writes a file below the home, readable by its owner alone unless said otherwise. */
  write(name: string, text: string, mode?: number): string;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0))
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

export function scratch(): Scratch {
  const home = mkdtempSync(join(tmpdir(), "inventory-"));
  folders.push(home);
  return {
    home,
    write(name, text, mode = 0o600) {
      const path = join(home, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, text);
      chmodSync(path, mode);
      return path;
    },
  };
}

/** The SshMcpError that `action` ends in; anything else fails the test. */
export async function errorOf(action: Promise<unknown>): Promise<SshMcpError> {
  const outcome = await action.then(
    () => "no error",
    (error: unknown) => error,
  );
  if (outcome instanceof SshMcpError) return outcome;
  throw outcome instanceof Error ? outcome : new Error(`expected an SshMcpError, got ${String(outcome)}`);
}
