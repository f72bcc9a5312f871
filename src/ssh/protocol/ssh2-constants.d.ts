/** The part of ssh2's private tables that `ssh2.ts` mends; @types/ssh2 does not describe it. */
declare module "ssh2/lib/protocol/constants.js" {
  const constants: {
    /** Software name of the server (exact, or a pattern), and the flags it switches on. */
    readonly COMPAT_CHECKS: [software: string | RegExp, flags: number][];
  };
  export default constants;
}
