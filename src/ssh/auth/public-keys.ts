import type { AnyAuthMethod, BaseAgent, ParsedKey } from "ssh2";
import { messageOf, type SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { AuthMethod } from "../../inventory/host.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import { type Certificate, parseCertificate } from "../protocol/certificate.ts";
import { blobType, fingerprint } from "../protocol/key-blob.ts";
import type { Ssh2 } from "../protocol/ssh2.ts";
import { singleKeyAgent } from "./agent.ts";
import { agentBlobs, agentSignature } from "./agent-client.ts";
import { claims, readCertificate, type UserCertificate, uselessAtLogin } from "./certificates.ts";
import { loadPrivateKey, publicBlob } from "./private-key.ts";
import { signWith, wholeKeyAgent } from "./whole-key.ts";

type KeyMethod = Extract<AuthMethod, { method: "key" }>;
type AgentMethod = Extract<AuthMethod, { method: "agent" }>;

/** A key or certificate to offer. */
export interface KeyOffer {
  readonly name: string;
  readonly certificate?: UserCertificate;
  method(user: string): AnyAuthMethod;
}

export interface PublicKeyOptions {
  readonly ssh2: Ssh2;
  readonly readSecret: ReadSecret;
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  readonly note: (text: string) => void;
  readonly secretFailed: (error: SshMcpError) => void;
  /** What the ssh-agent is asked for from now on; undefined: it has answered. */
  readonly agentHas: (what: string | undefined) => void;
  /** ssh2 goes through an agent's answer by itself, and hides what the server says to it. */
  readonly agentSigned: () => void;
}

const SECURITY_KEY = /^sk-/;

/** What there is to offer of key files, agents and certificates: each certificate before the key it certifies, as OpenSSH does. */
export class PublicKeys {
  readonly #options: PublicKeyOptions;
  /** A certificate that is found in several places is offered once. */
  readonly #offered = new Set<string>();

  constructor(options: PublicKeyOptions) {
    this.#options = options;
  }

  async ofFile(method: KeyMethod): Promise<KeyOffer[]> {
    const { ssh2, readSecret, note, secretFailed } = this.#options;
    const loaded = await loadPrivateKey(ssh2, method, readSecret);
    if ("absent" in loaded) return [];
    if ("skipped" in loaded) {
      note(`Key ${method.path} was not used: ${loaded.skipped}`);
      if (loaded.error !== undefined) secretFailed(loaded.error);
      return [];
    }
    const { key } = loaded;
    const offers: KeyOffer[] = [];
    for (const found of await this.#certificates(
      method.certificates,
      method.env === undefined ? [method.path] : [],
    )) {
      if (found.certificate.key.equals(key.getPublicSSH()))
        offers.push(...this.#certified(found, (algorithm) => signWith(key, algorithm)));
      else note(`${capital(found.name)} was not used: it certifies another key than ${method.path}`);
    }
    const plain = `key ${method.path}`;
    return [...offers, { name: plain, method: (username) => ({ type: "publickey", username, key }) }];
  }

  async ofAgent(method: AgentMethod): Promise<KeyOffer[]> {
    const { ssh2, env, note, agentHas } = this.#options;
    const socket = method.socket ?? env.SSH_AUTH_SOCK;
    if (socket === undefined || socket === "") {
      note("No ssh-agent was asked: SSH_AUTH_SOCK is not set");
      return [];
    }
    const agent = ssh2.createAgent(socket);
    let blobs: Buffer[];
    agentHas("list its keys");
    try {
      blobs = await agentBlobs(agent);
    } catch (error) {
      note(`The ssh-agent at ${socket} did not answer (${visibleLine(messageOf(error), 80)})`);
      return [];
    } finally {
      agentHas(undefined);
    }
    if (method.onlyKeys !== undefined) blobs = await this.#only(method.onlyKeys, blobs);
    const files = await this.#certificates(method.certificates, method.onlyKeys ?? []);
    const offers = blobs.flatMap((blob) => this.#ofBlob(agent, blob, files));
    if (offers.length === 0)
      note(`The ssh-agent holds no ${method.onlyKeys ? "key named in auth" : "usable key"}`);
    return offers;
  }

  async #only(paths: readonly string[], blobs: readonly Buffer[]): Promise<Buffer[]> {
    const named = await Promise.all(paths.map((path) => publicBlob(this.#options.ssh2, path)));
    return blobs.filter((blob) => {
      const key = parseCertificate(blob)?.key ?? blob;
      return named.some((one) => one?.equals(blob) === true || one?.equals(key) === true);
    });
  }

  #ofBlob(agent: BaseAgent, blob: Buffer, files: readonly UserCertificate[]): KeyOffer[] {
    const certificate = parseCertificate(blob);
    if (certificate !== undefined) {
      const name = `certificate ${JSON.stringify(visibleLine(certificate.id, 64))} of the agent`;
      return this.#certified({ name, certificate }, this.#byAgent(agent, blob));
    }
    const certified = files
      .filter((file) => file.certificate.key.equals(blob))
      .flatMap((file) => this.#certified(file, this.#byAgent(agent, blob)));
    const type = blobType(blob) ?? "";
    if (SECURITY_KEY.test(type)) {
      const name = `security key ${fingerprint(blob)} of the agent`;
      return [...certified, this.#whole(name, { algorithm: type, blob }, this.#byAgent(agent, blob)(type))];
    }
    const key = this.#options.ssh2.utils.parseKey(blob);
    return key instanceof Error ? certified : [...certified, this.#plain(agent, key)];
  }

  #byAgent(agent: BaseAgent, blob: Buffer) {
    return (algorithm: string) => (data: Buffer) => agentSignature(agent, blob, data, algorithm);
  }

  #plain(agent: BaseAgent, key: ParsedKey): KeyOffer {
    const name = `agent key ${fingerprint(key.getPublicSSH())}`;
    const { ssh2 } = this.#options;
    return {
      name,
      method: (username) => ({
        type: "agent",
        username,
        agent: singleKeyAgent(ssh2, agent, key, () => this.#signing(`sign with ${name}`)),
      }),
    };
  }

  /** A certificate as often as there are algorithms for its key: of RSA two, the stronger first. */
  #certified(
    found: UserCertificate,
    sign: (algorithm: string) => (data: Buffer) => Promise<Buffer>,
  ): KeyOffer[] {
    const { certificate, name } = found;
    const useless = uselessAtLogin(certificate, this.#options.now());
    if (useless !== undefined) {
      this.#options.note(`${capital(name)} was not offered: ${useless}`);
      return [];
    }
    const print = fingerprint(certificate.blob);
    if (this.#offered.has(print)) return [];
    this.#offered.add(print);
    return algorithmsOf(certificate).map(([algorithm, plain]) => {
      const shown = certificate.keyType === "ssh-rsa" ? `${name} (${plain})` : name;
      const offer = this.#whole(shown, { algorithm, blob: certificate.blob }, sign(plain));
      return { ...offer, certificate: found };
    });
  }

  #whole(
    name: string,
    key: { readonly algorithm: string; readonly blob: Buffer },
    sign: (data: Buffer) => Promise<Buffer>,
  ): KeyOffer {
    const { ssh2 } = this.#options;
    const asked = SECURITY_KEY.test(key.algorithm)
      ? `sign with ${name} (it may want a touch)`
      : `sign with ${name}`;
    return {
      name,
      method: (username) => ({
        type: "agent",
        username,
        agent: wholeKeyAgent(ssh2, { ...key, sign }, () => this.#signing(asked)),
      }),
    };
  }

  #signing(what: string): () => void {
    const { agentHas, agentSigned } = this.#options;
    agentSigned();
    agentHas(what);
    return () => agentHas(undefined);
  }

  async #certificates(named: readonly string[] = [], keys: readonly string[]): Promise<UserCertificate[]> {
    const { note } = this.#options;
    const beside = keys.map((path) => `${path.replace(/\.pub$/, "")}-cert.pub`);
    const found = [
      ...named.map((path) => readCertificate(path, true, note)),
      ...beside.filter((path) => !named.includes(path)).map((path) => readCertificate(path, false, note)),
    ];
    return (await Promise.all(found)).filter((one) => one !== undefined);
  }
}

/** The algorithms to log in with a certificate, and that of the signature (PROTOCOL.certkeys, RFC 8332). */
function algorithmsOf({ type, keyType }: Certificate): readonly (readonly [string, string])[] {
  if (keyType !== "ssh-rsa") return [[type, keyType]];
  return ["rsa-sha2-512", "rsa-sha2-256"].map((plain) => [`${plain}-cert-v01@openssh.com`, plain] as const);
}

/** What a refused login says of an offer that was made; undefined: its name says it all. */
export function remark({ certificate }: KeyOffer): string | undefined {
  return certificate === undefined ? undefined : claims(certificate);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
