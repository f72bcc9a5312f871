/** Where a secret is found; the value itself never stands in the inventory. */
export type SecretRef =
  | { readonly from: "env"; readonly name: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "command"; readonly command: string };

/** Reads a secret at the moment of use; what it gives cannot be logged or serialised. @throws SshMcpError `secret_unavailable`. */
export type ReadSecret = (ref: SecretRef) => Promise<{ reveal(): string }>;
