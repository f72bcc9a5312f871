import type {
  Algorithms,
  CipherAlgorithm,
  CompressionAlgorithm,
  KexAlgorithm,
  MacAlgorithm,
  ServerHostKeyAlgorithm,
} from "ssh2";
import type { OurOffer } from "./algorithms.ts";

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
  const [{ default: ssh2 }, constants] = await Promise.all([import("ssh2"), loadConstants()]);
  allowGroupExchange(constants.COMPAT_CHECKS);
  return ssh2;
}

async function loadConstants() {
  return (await import("ssh2/lib/protocol/constants.js")).default;
}

/** An offer as ssh2 takes it: without our patch (patches/README.md) it cannot do all of it, and says no to the whole. */
export async function offerable(offer: OurOffer): Promise<Algorithms> {
  const can = await loadConstants();
  const kex = (name: string): name is KexAlgorithm => can.SUPPORTED_KEX.includes(name);
  const hostKey = (name: string): name is ServerHostKeyAlgorithm =>
    can.SUPPORTED_SERVER_HOST_KEY.includes(name);
  const cipher = (name: string): name is CipherAlgorithm => can.SUPPORTED_CIPHER.includes(name);
  const mac = (name: string): name is MacAlgorithm => can.SUPPORTED_MAC.includes(name);
  const compress = (name: string): name is CompressionAlgorithm => can.SUPPORTED_COMPRESSION.includes(name);
  return {
    kex: offer.kex.filter(kex),
    serverHostKey: offer.serverHostKey.filter(hostKey),
    cipher: offer.cipher.filter(cipher),
    hmac: offer.hmac.filter(mac),
    compress: offer.compress.filter(compress),
  };
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
