import { messageOf, SshMcpError } from "../base/errors.ts";
import { readSecret } from "../secrets/read.ts";
import type { OwnSecretRef } from "../secrets/reference.ts";

/** Answers the daemon's question for a secret of this process's environment, or for the whole of it; undefined: it is none. */
export async function answerSecret(
  word: Readonly<Record<string, unknown>> | undefined,
  env: NodeJS.ProcessEnv,
): Promise<object | undefined> {
  const { ask, id, ref, withheld } = word ?? {};
  if (typeof id !== "number") return undefined;
  if (ask === "environment") return { id, value: JSON.stringify(env) };
  if (ask !== "secret") return undefined;
  try {
    const wanted = refIn(ref);
    if (wanted === undefined) return { id, error: "the daemon asked for something that is no reference" };
    const names = Array.isArray(withheld) ? withheld.map(String) : [];
    const secret = await readSecret(wanted, { env, withheld: () => names });
    return { id, value: secret.reveal() };
  } catch (error) {
    const next = error instanceof SshMcpError && error.next !== undefined ? { next: error.next } : {};
    return { id, error: messageOf(error), ...next };
  }
}

function refIn(ref: unknown): OwnSecretRef | undefined {
  if (typeof ref !== "object" || ref === null || !("from" in ref)) return undefined;
  if (ref.from === "env" && "name" in ref && typeof ref.name === "string")
    return { from: "env", name: ref.name };
  if (ref.from === "command" && "command" in ref && typeof ref.command === "string")
    return { from: "command", command: ref.command };
  return undefined;
}
