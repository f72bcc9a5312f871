import { SshMcpError } from "./base/errors.ts";
import type { Surroundings } from "./compose.ts";

export async function trustHost(host: string, _around: Surroundings, _yes: boolean): Promise<number> {
  throw new SshMcpError("internal", `trust ${host} is not there yet.`);
}
