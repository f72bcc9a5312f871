import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { fingerprint } from "../../ssh/protocol/key-blob.ts";
import { announcedKeys, type Rotation, recordRotation } from "../../ssh/rotate.ts";
import type { ScannedKey } from "../../ssh/trust.ts";
import { withConfig } from "../next-command.ts";
import { askAtTerminal } from "./record.ts";

/**
 * Logs in to the host and records, on a yes, the further keys it proves to have. Returns the exit code. @throws SshMcpError of the
 * inventory, of dialling, or when the host's key is not known by known_hosts.
 */
export function rotateHost(
  name: string,
  around: Surroundings,
  yes: boolean,
  agree = () => askAtTerminal("Record these keys?", `--rotate ${name}`),
): Promise<number> {
  return withParts(around, async ({ directory, secrets, audit, clock }) => {
    const host = await (await directory()).resolve(name);
    const log = await audit();
    const subject = { tool: "trust", verb: "trust", host: host.name, caller: "trust" };
    log?.record({ event: "action", ...subject });
    const outcome = (state: string, keys: readonly ScannedKey[] = []) =>
      log?.record({ event: "outcome", ...subject, state, key: keys.map(shown).join(", ") });
    try {
      refusePinned(host);
      const rotation = await announcedKeys(host, { secrets, env: around.env, clock });
      process.stdout.write(describe(host, rotation));
      if (rotation.fresh.length === 0) {
        outcome("already_known");
        return 0;
      }
      if (!yes && !(await agree())) {
        process.stdout.write("Nothing was recorded.\n");
        outcome("declined", rotation.fresh);
        return 1;
      }
      const places = recordRotation(host, rotation);
      process.stdout.write(`Recorded in ${places.join(", ")}.\n`);
      outcome("added", rotation.fresh);
      return 0;
    } catch (error) {
      const failure = error instanceof SshMcpError ? error : new SshMcpError("internal", messageOf(error));
      const { code, message, next } = failure;
      log?.record({ event: "error", ...subject, code, message });
      throw next === undefined ? failure : new SshMcpError(code, message, withConfig(next, around));
    }
  });
}

/** known_hosts is not consulted for such a host, so a line in it would change nothing. */
function refusePinned({ name, hostKey }: ResolvedHost): void {
  if ((hostKey.pinned ?? []).length === 0) return;
  throw new SshMcpError(
    "invalid_argument",
    `The inventory pins the host key of ${name}, so known_hosts is not consulted for it. Nobody was logged in.`,
    "ssh-mcp doctor lists the keys it has; put their fingerprints into the host's host_key.",
  );
}

function describe(host: ResolvedHost, { keys, fresh, gone, revoked }: Rotation): string {
  const lines = [`${host.name} has proved to hold ${keys} ${keys === 1 ? "key" : "keys"}.`];
  if (fresh.length === 0) lines.push("All that may be recorded are recorded.");
  else lines.push("Not recorded yet:", ...fresh.map((key) => `  ${shown(key)}`));
  for (const key of revoked) lines.push(`Marked @revoked, and not recorded: ${shown(key)}`);
  for (const { file, line, type, blob } of gone)
    lines.push(
      `It has no longer the key of ${file}:${line} (${type} ${fingerprint(blob)}); remove that line by hand.`,
    );
  return `${lines.join("\n")}\n`;
}

function shown({ type, bits, fingerprint: print }: ScannedKey): string {
  return `${type}${bits === undefined ? "" : ` (${bits} bits)`} ${print}`;
}
