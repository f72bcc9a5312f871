export type Ssh2 = typeof import("ssh2");

/** Software name of IOS, IOS-XE and others, exactly as ssh2's table has it. */
const CISCO = "Cisco-1.25";

let loaded: Promise<Ssh2> | undefined;

/** ssh2 takes 60 ms to load, so it is loaded by the first dial and not by the start of the program. */
export function loadSsh2(): Promise<Ssh2> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Ssh2> {
  const [{ default: ssh2 }, { default: constants }] = await Promise.all([
    import("ssh2"),
    import("ssh2/lib/protocol/constants.js"),
  ]);
  allowGroupExchange(constants.COMPAT_CHECKS);
  return ssh2;
}

/**
 * ssh2 1.17.0 takes every group exchange out of the offer to `Cisco-1.25`, and so cannot reach one that knows nothing else
 * (mscdex/ssh2#1235). What those devices choke on are large groups, and the rule after it, which stays, asks them for
 * 4,096 bits at most, as OpenSSH does.
 */
function allowGroupExchange(rules: [software: string | RegExp, flags: number][]): void {
  const index = rules.findIndex(([software]) => software === CISCO);
  const limited = rules.some(([software]) => software instanceof RegExp && software.test(CISCO));
  if (index >= 0 && limited) rules.splice(index, 1);
}
