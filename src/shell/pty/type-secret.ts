import type { ReadSecret, SecretRef } from "../../secrets/reference.ts";
import type { PtyChannel } from "../../ssh/contract.ts";

export interface SecretTyping {
  readonly read: ReadSecret;
  readonly channel: PtyChannel;
  /** Typed behind it. */
  readonly after: string;
  /** Asked once the value is there, which may take a while: whether its question still stands. */
  readonly still: () => Promise<boolean>;
}

/** Reads a secret, types it and forgets it; false: nothing was typed. @throws SshMcpError `secret_unavailable`. */
export async function typeSecret(secret: SecretRef, typing: SecretTyping): Promise<boolean> {
  const value = await typing.read(secret);
  if (!(await typing.still())) return false;
  typing.channel.write(`${value.reveal()}${typing.after}`);
  return true;
}
