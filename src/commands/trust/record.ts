import { createInterface } from "node:readline/promises";
import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { type ScannedKey, trust } from "../../ssh/trust.ts";
import { withConfig } from "../next-command.ts";

/**
 * Shows the key the host presents now and, on a yes (`agree` asks for it), records it. Returns the exit code.
 * @throws SshMcpError of the inventory, of dialling, of a changed or revoked key.
 */
export function trustHost(
  name: string,
  around: Surroundings,
  yes: boolean,
  agree = () => askAtTerminal("Record this key?", name),
): Promise<number> {
  return withParts(around, async ({ directory, secrets, audit, clock }) => {
    const host = await (await directory()).resolve(name);
    const log = await audit();
    const subject = { tool: "trust", verb: "trust", host: host.name, caller: "trust" };
    log?.record({ event: "action", ...subject });
    const done = await trust(host, {
      secrets,
      env: around.env,
      clock,
      confirm: async (key) => {
        process.stdout.write(describe(host.name, key));
        return yes || (await agree());
      },
    }).catch((error: unknown) => {
      const failure = error instanceof SshMcpError ? error : new SshMcpError("internal", messageOf(error));
      const { code, message, next } = failure;
      log?.record({ event: "error", ...subject, code, message });
      throw next === undefined ? failure : new SshMcpError(code, message, withConfig(next, around));
    });
    const { result, key } = done;
    log?.record({ event: "outcome", ...subject, state: result, key: `${key.type} ${key.fingerprint}` });
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
  });
}

function describe(host: string, key: ScannedKey): string {
  const bits = key.bits === undefined ? "" : ` (${key.bits} bits)`;
  return `${host} presents, as ${key.name}:\n  ${key.type}${bits} ${key.fingerprint}\n`;
}

/** @throws SshMcpError where nobody is there to answer; `words`: what was to be trusted. */
export async function askAtTerminal(question: string, words: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new SshMcpError(
      "invalid_argument",
      "nobody is there to compare the fingerprint: stdin is not a terminal. Nothing was recorded.",
      `Compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub on it), then: ssh-mcp trust ${words} --yes`,
    );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-C and Ctrl-D close the terminal, and the question is then never answered.
    const closed = new Promise<undefined>((resolve) => {
      terminal.once("close", () => resolve(undefined));
    });
    const whole = `Compare it with the host's own (ssh-keygen -lf on it). ${question} [y/N] `;
    const answer = await Promise.race([terminal.question(whole), closed]);
    if (answer === undefined) process.stdout.write("\n");
    return /^y(es)?$/i.test(answer?.trim() ?? "");
  } finally {
    terminal.close();
  }
}
