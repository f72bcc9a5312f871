import { createInterface } from "node:readline/promises";
import { openDirectory, type Surroundings } from "../app/workspace.ts";
import { SshMcpError } from "../base/errors.ts";
import { createSecrets } from "../secrets/secrets.ts";
import { type ScannedKey, trust } from "../ssh/trust.ts";

/**
 * `ssh-mcp trust HOST`: shows the key the host presents now and, on a yes, records it. Returns the exit code.
 * @throws SshMcpError of the inventory, of dialling, of a changed or revoked key.
 */
export async function trustHost(name: string, around: Surroundings, yes: boolean): Promise<number> {
  const directory = await openDirectory(around);
  try {
    const host = await directory.resolve(name);
    const done = await trust(host, {
      secrets: createSecrets({ env: around.env }),
      env: around.env,
      confirm: async (key) => {
        process.stdout.write(describe(host.name, key));
        return yes || (await askAtTerminal(name));
      },
    });
    switch (done.result) {
      case "already_known":
        process.stdout.write(`${describe(host.name, done.key)}It is known already: ${done.where}.\n`);
        return 0;
      case "added":
        process.stdout.write(`Recorded in ${done.where}.\n`);
        return 0;
      case "declined":
        process.stdout.write("Nothing was recorded.\n");
        return 1;
    }
  } finally {
    directory.dispose();
  }
}

function describe(host: string, key: ScannedKey): string {
  const bits = key.bits === undefined ? "" : ` (${key.bits} bits)`;
  return `${host} presents, as ${key.name}:\n  ${key.type}${bits} ${key.fingerprint}\n`;
}

async function askAtTerminal(name: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new SshMcpError(
      "invalid_argument",
      "nobody is there to compare the fingerprint: stdin is not a terminal. Nothing was recorded.",
      `Compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub on it), then: ssh-mcp trust ${name} --yes`,
    );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(
      "Compare it with the host's own (ssh-keygen -lf on it). Record this key? [y/N] ",
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
