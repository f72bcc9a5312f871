/** Where a secret is found; the value itself never stands in the inventory. */
export type SecretRef =
  | { readonly from: "env"; readonly name: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "command"; readonly command: string };

/**
 * Reads a secret at the moment of use; what it gives cannot be logged or serialised. `caller`: id of the caller it is read for,
 * where that is known. @throws SshMcpError `secret_unavailable`.
 */
export type ReadSecret = (ref: SecretRef, caller?: string) => Promise<{ reveal(): string }>;

/** A reference that has a value in one process's environment only. */
export type OwnSecretRef = Exclude<SecretRef, { readonly from: "file" }>;

/** The whole environment of the process that the caller works with. @throws SshMcpError `secret_unavailable`. */
export type EnvironmentElsewhere = () => Promise<NodeJS.ProcessEnv>;

/** Asks the process that the caller works with, where that is another one. @throws SshMcpError `secret_unavailable`. */
export type ReadElsewhere = (
  ref: OwnSecretRef,
  caller: string | undefined,
  withheld: readonly string[],
) => Promise<string>;
