import { SshMcpError } from "../../base/errors.ts";
import { runCommand } from "../../base/run-command.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { expandTokens } from "../../inventory/ssh-config/tokens.ts";
import { blobType, fingerprint } from "../protocol/key-blob.ts";
import { hopName } from "../protocol/sentences.ts";
import { knownHostsName } from "./host-key.ts";
import { type KnownHostLine, parseKnownHosts } from "./known-hosts.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/**
 * The lines that the host's KnownHostsCommand prints; none where it has no such command. `blob`: the key the server presents;
 * before it is known the lines tell which types to ask for. @throws SshMcpError `connect_failed`: a line it did not print
 * may have been a `@revoked` one.
 */
export async function commandLines(
  host: ResolvedHost,
  env: NodeJS.ProcessEnv,
  blob?: Buffer,
): Promise<readonly KnownHostLine[]> {
  const { command } = host.hostKey;
  if (command === undefined) return [];
  const tokens = {
    ...command.tokens,
    H: knownHostsName(host),
    I: blob === undefined ? "ORDER" : "HOSTNAME",
    K: blob?.toString("base64") ?? "NONE",
    f: blob === undefined ? "NONE" : fingerprint(blob),
    t: blob === undefined ? "NONE" : (blobType(blob) ?? "NONE"),
  };
  const argv = command.argv.map((word) => expandTokens(word, tokens));
  const end = await runCommand(argv, { env, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  if (end.code !== 0)
    throw new SshMcpError(
      "connect_failed",
      `The KnownHostsCommand of ${hopName(host)} ${end.failed ?? `ended with exit code ${end.code ?? "unknown"}`}, so its host key cannot be checked.`,
      "Run it by hand, or correct it in the ssh configuration.",
    );
  return parseKnownHosts(end.stdout, "KnownHostsCommand");
}
