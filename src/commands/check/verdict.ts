import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { factsOf } from "../../multiplexer/session-view.ts";
import { render } from "../../results/render.ts";
import { checked } from "../../tools/acts/check.ts";

const CODES = { allow: 0, ask: 3, deny: 4 } as const;

/** Prints the verdict as `ssh_check` gives it; resolves to the exit code. @throws SshMcpError. */
export async function checkOnHost(
  name: string,
  command: string,
  mode: string | undefined,
  around: Surroundings,
): Promise<number> {
  return withParts(around, async (parts) => {
    const host = await (await parts.directory()).resolve(name);
    const report = await checked(await parts.access(), { host: factsOf(host) }, command, mode);
    const text = await render({ result: { kind: "check", report } }, parts.secrets.redact);
    process.stdout.write(`${text}\n`);
    return CODES[report.verdict.is];
  });
}
