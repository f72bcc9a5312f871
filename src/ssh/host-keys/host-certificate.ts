import { visibleLine } from "../../base/text.ts";
import { type Certificate, isSigned, outsideValidity } from "../protocol/certificate.ts";
import { fingerprint } from "../protocol/key-blob.ts";
import { asciiLower } from "./known-hosts.ts";

/** What is wrong with a host's certificate, as the end of a sentence, and what to do. */
export interface CertificateFault {
  readonly why: string;
  readonly next: string;
}

const ISSUER =
  "Ask whoever issues the host's certificates for a good one; the plain key can be recorded with ssh-mcp trust.";

/**
 * Why a certificate does not prove that the server is the host `name` (its address, or its alias, in lower case); undefined:
 * it does. `known`: its authority is one of the host's. `now`: milliseconds since 1970.
 */
export function certificateFault(
  certificate: Certificate,
  name: string,
  known: boolean,
  now: number,
): CertificateFault | undefined {
  const { authority, principals, critical } = certificate;
  if (!known)
    return {
      why: `it is signed by ${fingerprint(authority)}, which no @cert-authority line names for this host`,
      next: "If that authority is the right one, the operator adds its @cert-authority line to known_hosts.",
    };
  if (!isSigned(certificate))
    return {
      why: `the signature of the authority ${fingerprint(authority)} is not its own, or of a kind that is not accepted (RSA with SHA-1, or under 2,048 bits)`,
      next: "Somebody may be in between. An authority with an RSA key has to sign with rsa-sha2-256 or rsa-sha2-512.",
    };
  if (certificate.for !== "host") return { why: "it is a user's certificate, not a host's", next: ISSUER };
  const outside = outsideValidity(certificate, now);
  if (outside !== undefined) {
    const here = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
    return { why: `${outside}, and it is ${here} here`, next: `Check the clock of this machine. ${ISSUER}` };
  }
  if (principals.length === 0)
    return { why: "it names no host (no principals), so it would do for every one", next: ISSUER };
  if (!principals.some((one) => asciiLower(one) === name)) {
    const names = principals
      .slice(0, 8)
      .map((one) => `"${visibleLine(one, 100)}"`)
      .join(", ");
    const more = principals.length > 8 ? ` and ${principals.length - 8} more` : "";
    return {
      why: `it is for ${names}${more}, and the host is reached as "${visibleLine(name, 100)}"`,
      next: `Use the address that the certificate names, or set host_key: {alias: NAME} to it. ${ISSUER}`,
    };
  }
  if (critical.size > 0) {
    const names = [...critical.keys()].map((one) => `"${visibleLine(one, 100)}"`).join(", ");
    return { why: `it has critical options that are not known for hosts: ${names}`, next: ISSUER };
  }
  return undefined;
}
