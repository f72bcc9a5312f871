/** The part of ssh2's private tables that `ssh2.ts` mends; @types/ssh2 does not describe it. */
declare module "ssh2/lib/protocol/constants.js" {
  const constants: {
    /** Software name of the server (exact, or a pattern), and the flags it switches on. */
    readonly COMPAT_CHECKS: [software: string | RegExp, flags: number][];
    /** The algorithms it can do, by kind; it throws at any other that it is to offer. */
    readonly SUPPORTED_KEX: readonly string[];
    readonly SUPPORTED_SERVER_HOST_KEY: readonly string[];
    readonly SUPPORTED_CIPHER: readonly string[];
    readonly SUPPORTED_MAC: readonly string[];
    readonly SUPPORTED_COMPRESSION: readonly string[];
  };
  export default constants;
}
