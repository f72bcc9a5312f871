import { SshMcpError } from "../../base/errors.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { blobType, fingerprint, rsaBits } from "../protocol/key-blob.ts";
import { knownHostsName, refusal } from "./host-key.ts";

/** A key that a server presents and nobody knows yet. */
export interface NewKey {
  /** `ssh-ed25519 SHA256:…`, with the size of an RSA key. */
  readonly shown: string;
  /** The name it would be filed under. */
  readonly name: string;
  readonly blob: Buffer;
}

/** What a person said of it; `waits`: nothing yet, and they can answer under this id. */
export type KeyAnswer =
  | { readonly is: "yes" | "no"; readonly by: string }
  | { readonly is: "waits"; readonly id: string };

/** Asks a person; undefined: there is no way to ask one. */
export type ApproveKey = (host: ResolvedHost, key: NewKey) => Promise<KeyAnswer | undefined>;

/** By whom the key was approved, or why the host is not connected to; neither: nobody could be asked. */
export async function approvedKey(
  host: ResolvedHost,
  blob: Buffer,
  approve: ApproveKey | undefined,
): Promise<{ readonly by?: string; readonly refusal?: SshMcpError }> {
  const bits = rsaBits(blob);
  const shown = `${blobType(blob) ?? "unreadable"} ${fingerprint(blob)}${bits === undefined ? "" : ` (${bits} bits)`}`;
  // A folder that cannot be used is no reason to say less than before.
  const answer = await approve?.(host, { shown, name: knownHostsName(host), blob }).catch(() => undefined);
  const plain = refusal(host, blob, { verdict: "unknown" });
  if (answer === undefined || plain === undefined) return {};
  switch (answer.is) {
    case "yes":
      return { by: answer.by };
    case "no":
      return {
        refusal: new SshMcpError(
          plain.code,
          `${plain.message} ${answer.by} said that it is not to be trusted.`,
          "Do not try again: ask your human what to do instead.",
        ),
      };
    case "waits":
      return {
        refusal: new SshMcpError(
          plain.code,
          `${plain.message} Asking approval #${answer.id}.`,
          `Your human compares the fingerprint with the host's own and runs: ssh-mcp approve ${answer.id}. Then give the very same call again. ${plain.next ?? ""}`.trim(),
        ),
      };
  }
}
