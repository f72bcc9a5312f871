import type {
  CipherAlgorithm,
  KexAlgorithm,
  MacAlgorithm,
  NegotiatedAlgorithms,
  ServerHostKeyAlgorithm,
} from "ssh2";
import { SshMcpError } from "../../base/errors.ts";
import type { LegacyAlgorithms } from "../../inventory/host.ts";

/** What a key exchange settles, by the names of the inventory's `legacy`. */
export type AlgorithmKind = keyof LegacyAlgorithms;
type Kind = AlgorithmKind;
type Legacy = "all" | LegacyAlgorithms | undefined;

/** What a recorded session cannot be read by later, with a quantum computer (patches/README.md). */
export const POST_QUANTUM_KEX: readonly string[] = ["mlkem768x25519-sha256"];

/** Offered to every host: no SHA-1 signatures, no SHA-1 or MD5 MACs, no CBC. Curve25519 and AES-GCM measured fastest. */
const SAFE_KEX: readonly string[] = [
  ...POST_QUANTUM_KEX,
  "curve25519-sha256",
  "curve25519-sha256@libssh.org",
  "ecdh-sha2-nistp256",
  "ecdh-sha2-nistp384",
  "ecdh-sha2-nistp521",
  "diffie-hellman-group14-sha256",
  "diffie-hellman-group15-sha512",
  "diffie-hellman-group16-sha512",
  // Groups of up to 8192 bits block for a second and more, so these come last.
  "diffie-hellman-group-exchange-sha256",
  "diffie-hellman-group17-sha512",
  "diffie-hellman-group18-sha512",
];
const SAFE_HOST_KEY: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];
/** Offered where known_hosts names an authority for the host, and nowhere else (patches/README.md). */
const CERTIFIED_HOST_KEY: readonly string[] = [
  "ssh-ed25519-cert-v01@openssh.com",
  "ecdsa-sha2-nistp256-cert-v01@openssh.com",
  "ecdsa-sha2-nistp384-cert-v01@openssh.com",
  "ecdsa-sha2-nistp521-cert-v01@openssh.com",
  "rsa-sha2-512-cert-v01@openssh.com",
  "rsa-sha2-256-cert-v01@openssh.com",
];
const SAFE_CIPHER: readonly CipherAlgorithm[] = [
  "aes128-gcm@openssh.com",
  "aes256-gcm@openssh.com",
  "aes128-ctr",
  "aes192-ctr",
  "aes256-ctr",
  "chacha20-poly1305@openssh.com",
];
const SAFE_MAC: readonly MacAlgorithm[] = [
  "hmac-sha2-256-etm@openssh.com",
  "hmac-sha2-512-etm@openssh.com",
  "hmac-sha2-256",
  "hmac-sha2-512",
];

/** Opt-in per host: all that ssh2 can do on Node 20 and later (OpenSSL 3 has no Blowfish, CAST or RC4). */
const LEGACY_KEX: readonly KexAlgorithm[] = [
  "diffie-hellman-group14-sha1",
  "diffie-hellman-group-exchange-sha1",
  "diffie-hellman-group1-sha1",
];
const LEGACY_HOST_KEY: readonly ServerHostKeyAlgorithm[] = ["ssh-rsa", "ssh-dss"];
const LEGACY_CIPHER: readonly CipherAlgorithm[] = ["aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"];
const LEGACY_MAC: readonly MacAlgorithm[] = [
  "hmac-sha1-etm@openssh.com",
  "hmac-sha1",
  "hmac-sha2-256-96",
  "hmac-sha2-512-96",
  "hmac-sha1-96",
  "hmac-md5",
  "hmac-md5-96",
];

/** Every legacy algorithm an inventory may name, by kind. */
export const LEGACY: Readonly<Record<Kind, readonly string[]>> = {
  kex: LEGACY_KEX,
  hostKey: LEGACY_HOST_KEY,
  cipher: LEGACY_CIPHER,
  mac: LEGACY_MAC,
};
const SAFE: Readonly<Record<Kind, readonly string[]>> = {
  kex: SAFE_KEX,
  hostKey: SAFE_HOST_KEY,
  cipher: SAFE_CIPHER,
  mac: SAFE_MAC,
};
export const KINDS: readonly Kind[] = ["kex", "hostKey", "cipher", "mac"];

/** How a kind is called in the inventory and in sentences. */
export const NAMES: Readonly<Record<Kind, { readonly key: string; readonly text: string }>> = {
  kex: { key: "kex", text: "key exchange" },
  hostKey: { key: "host_key", text: "host key" },
  cipher: { key: "cipher", text: "cipher" },
  mac: { key: "mac", text: "MAC" },
};

/** What a server offered in its KEXINIT (RFC 4253 7.1); ciphers and MACs as usable in both directions. */
export interface ServerOffer {
  readonly kex: readonly string[];
  readonly hostKey: readonly string[];
  readonly cipher: readonly string[];
  readonly mac: readonly string[];
  readonly compress: readonly string[];
}

/** What we offer a server, by the names of RFC 4253, the preferred ones first. */
export interface OurOffer {
  readonly kex: readonly string[];
  readonly serverHostKey: readonly string[];
  readonly cipher: readonly string[];
  readonly hmac: readonly string[];
  readonly compress: readonly string[];
}

/**
 * The algorithms to offer. Host key types already known for the host come first, or a host known by its RSA key would
 * present another one and look unknown; types in `without` are left out. `certified`: certificates of hosts before all.
 */
export function algorithmsFor(
  legacy: Legacy,
  knownTypes: readonly string[],
  without: ReadonlySet<string> = new Set(),
  certified = false,
): OurOffer {
  const hostKeys = pick("hostKey", SAFE_HOST_KEY, LEGACY_HOST_KEY, legacy);
  const known = hostKeys.filter((name) => knownTypes.includes(keyTypeOf(name)));
  const rest = hostKeys.filter((name) => !known.includes(name));
  return {
    kex: pick("kex", SAFE_KEX, LEGACY_KEX, legacy),
    serverHostKey: [
      ...(certified ? CERTIFIED_HOST_KEY : []),
      ...[...known, ...rest].filter((name) => !without.has(keyTypeOf(name))),
    ],
    cipher: pick("cipher", SAFE_CIPHER, LEGACY_CIPHER, legacy),
    hmac: pick("mac", SAFE_MAC, LEGACY_MAC, legacy),
    // Compression buys little on a terminal and lets a server inflate 1 MB on the wire to 200 MB here.
    compress: ["none"],
  };
}

/** The key type a signature algorithm belongs to (RFC 8332 3: the key stays `ssh-rsa`). */
export function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
}

export function allowsSmallRsa(legacy: Legacy): boolean {
  return legacy === "all" || legacy?.hostKey?.includes("ssh-rsa") === true;
}

/** One warning for each legacy algorithm among those negotiated. */
export function legacyWarnings(negotiated: Readonly<Record<Kind, readonly string[]>>): string[] {
  return KINDS.flatMap((kind) =>
    [...new Set(negotiated[kind])]
      .filter((name) => LEGACY[kind].includes(name))
      .map((name) => `legacy ${NAMES[kind].text} algorithm in use: ${name}`),
  );
}

/** One warning for each legacy algorithm a key exchange settled on, in either direction. */
export function legacyInUse({ kex, serverHostKey, cs, sc }: NegotiatedAlgorithms): string[] {
  return legacyWarnings({
    kex: [kex],
    hostKey: [serverHostKey],
    cipher: [cs.cipher, sc.cipher],
    mac: [cs.mac, sc.mac],
  });
}

/** How an algorithm stands with us: `weak` ones are there, but not allowed for this host; `unknown` ones are not there. */
export type Standing = "safe" | "allowed" | "weak" | "unknown";

export function standing(kind: Kind, name: string, legacy: Legacy): Standing {
  if (SAFE[kind].includes(name)) return "safe";
  if (!LEGACY[kind].includes(name)) return "unknown";
  return allowedLegacy(kind, legacy).includes(name) ? "allowed" : "weak";
}

/** What is missing for a key exchange. */
export interface Shortfall {
  /** Kinds without an algorithm in common. */
  readonly kinds: readonly Kind[];
  /** The strongest legacy algorithm of each kind that would do. */
  readonly needed: Partial<Record<Kind, readonly string[]>>;
  /** Of some kind the server offers nothing that is supported here at all. */
  readonly hopeless: boolean;
}

/** Why a key exchange with `offer` cannot work; undefined when it can. */
export function shortfall(offer: ServerOffer, legacy: Legacy): Shortfall | undefined {
  const kinds: Kind[] = [];
  const needed: Partial<Record<Kind, readonly string[]>> = {};
  let hopeless = !offer.compress.includes("none");
  for (const kind of KINDS) {
    const allowed = [...SAFE[kind], ...allowedLegacy(kind, legacy)];
    // An AEAD cipher needs no MAC; whether one is negotiated is known only if the ciphers meet.
    if (kind === "mac" && offer.cipher.some((name) => isAead(name) && SAFE_CIPHER.some((ok) => ok === name)))
      continue;
    if (offer[kind].some((name) => allowed.includes(name))) continue;
    kinds.push(kind);
    const possible = LEGACY[kind].find((name) => offer[kind].includes(name));
    if (possible === undefined) hopeless = true;
    else needed[kind] = [possible];
  }
  return kinds.length > 0 || hopeless ? { kinds, needed, hopeless } : undefined;
}

/** The inventory's line that allows them: `legacy: {kex: [a], host_key: [b]}`. */
export function legacyLine(algorithms: LegacyAlgorithms): string {
  const entries = KINDS.flatMap((kind) => {
    const names = algorithms[kind] ?? [];
    return names.length === 0 ? [] : [`${NAMES[kind].key}: [${names.join(", ")}]`];
  });
  return `legacy: {${entries.join(", ")}}`;
}

/** Why a handshake with `offer` cannot work, and the inventory lines that would allow it. */
export function noCommonAlgorithm(who: string, offer: ServerOffer, legacy: Legacy): SshMcpError | undefined {
  const found = shortfall(offer, legacy);
  if (found === undefined) return undefined;
  const list = (names: readonly string[]) => names.slice(0, 12).join(", ") || "none";
  const problems = found.kinds.map((kind) => `${NAMES[kind].text}: ${list(offer[kind])}`);
  if (!offer.compress.includes("none")) problems.push(`compression: ${list(offer.compress)}`);
  const next = found.hopeless
    ? supportedLine(found.kinds, offer)
    : `If the host cannot be updated, allow them for this host in the inventory: ${legacyLine(found.needed)}`;
  return new SshMcpError(
    "connect_failed",
    `${who} offers only algorithms that are not allowed for it (${problems.join("; ")}).`,
    next,
  );
}

/** Names of algorithms that servers have given up: one that offers nothing else is old. */
const OBSOLETE =
  /arcfour|blowfish|cast128|\b3?des|rijndael|idea|twofish|serpent|ripemd|md5|sha1|rsa1024|ssh-dss|^ssh-rsa$|-cbc\b|^none$/;

/** What to do where nothing is supported here. Only of a server whose algorithms are all obsolete is it said that it is old. */
function supportedLine(kinds: readonly Kind[], offer: ServerOffer): string {
  const old = kinds.filter((kind) => offer[kind].every((name) => OBSOLETE.test(name)));
  if (kinds.length > 0 && old.length === kinds.length)
    return "Nothing supported here is among them, and all of them are obsolete; update the host's SSH server.";
  const wanted = kinds
    .filter((kind) => !old.includes(kind))
    .map((kind) => `${NAMES[kind].text} ${SAFE[kind].slice(0, 3).join(", ")}`);
  const lacking = wanted.length === 0 ? "compression none" : wanted.join("; ");
  return `Nothing supported here is among them. Let the server offer one of these too: ${lacking}. If the server is newer than this program, a newer release may know its algorithms.`;
}

function isAead(cipher: string): boolean {
  return cipher.includes("-gcm") || cipher.startsWith("chacha20-");
}

function allowedLegacy(kind: Kind, legacy: Legacy): readonly string[] {
  if (legacy === undefined) return [];
  return legacy === "all" ? LEGACY[kind] : (legacy[kind] ?? []);
}

function pick(kind: Kind, safe: readonly string[], old: readonly string[], legacy: Legacy): string[] {
  const wanted = allowedLegacy(kind, legacy);
  const unknown = wanted.find((name) => !LEGACY[kind].includes(name) && !SAFE[kind].includes(name));
  if (unknown !== undefined)
    throw new SshMcpError(
      "inventory_invalid",
      `Unknown legacy ${NAMES[kind].text} algorithm "${unknown}".`,
      `Use one of: ${LEGACY[kind].join(", ")}`,
    );
  return [...safe, ...old.filter((name) => wanted.includes(name))];
}
