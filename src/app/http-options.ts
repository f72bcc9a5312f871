import type { OnClientEnd } from "../desk/realms.ts";

/** What the command line says of HTTP, as it was written. */
export interface HttpGiven {
  /** `ADDR:PORT`, `ADDR`, `PORT`; empty: the default. */
  readonly listen?: string;
  readonly flags: ReadonlyMap<HttpFlag, string>;
}

/** Each flag has a variable; a flag counts before it. */
export const HTTP_FLAGS = [
  "tokens",
  "withoutToken",
  "tlsCert",
  "tlsKey",
  "behindProxy",
  "allowHost",
  "allowOrigin",
  "global",
  "onClientEnd",
  "sessionKeyMinutes",
] as const;
export type HttpFlag = (typeof HTTP_FLAGS)[number];

/** A server over HTTP as it will be started. */
export interface HttpOptions {
  readonly address: string;
  readonly port: number;
  readonly loopback: boolean;
  /** Of MCP_AUTH_TOKEN. */
  readonly token?: string;
  readonly withoutToken: boolean;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly behindProxy: boolean;
  readonly allowHosts: readonly string[];
  readonly allowOrigins: readonly string[];
  readonly global: boolean;
  readonly onClientEnd: OnClientEnd;
  readonly stickyMs: number;
  readonly tokensFile?: string;
  /** How often files are looked at for a change. */
  readonly reloadMs: number;
}

type Env = NodeJS.ProcessEnv;

const DEFAULT_ADDRESS = "127.0.0.1";
const DEFAULT_PORT = 8000;
/** Like the earlier systems'. */
const DEFAULT_RELOAD_S = 5;
const DEFAULT_STICKY_MINUTES = 5;
/** A shorter token is guessed. */
const SHORTEST_TOKEN = 16;

/** Does the environment choose a transport other than stdio? Cheap: every start asks. */
export function namesTransport({ MCP_TRANSPORT = "", SSH_MCP_MODE = "" }: Env): boolean {
  return [MCP_TRANSPORT, SSH_MCP_MODE].some((value) => value !== "" && value.toLowerCase() !== "stdio");
}

/** Is it HTTP that they choose? @throws Error, as a sentence, for a word that is none, or two that contradict each other. */
export function choosesHttp(env: Env): boolean {
  const words = {
    MCP_TRANSPORT: ["stdio", "http", "sse", "streamable-http"],
    SSH_MCP_MODE: ["stdio", "http"],
  };
  const chosen = Object.entries(words).flatMap(([name, known]) => {
    const value = env[name]?.toLowerCase() ?? "";
    if (value === "") return [];
    if (!known.includes(value)) throw new Error(`${name}=${env[name]}: it is one of ${known.join(", ")}`);
    return [value !== "stdio"];
  });
  if (new Set(chosen).size > 1)
    throw new Error("MCP_TRANSPORT and SSH_MCP_MODE contradict each other; unset one of them");
  return chosen[0] === true;
}

/** Flag, then variable, then default. @throws Error, as a sentence, for what is wrong or would not be safe. */
export function httpOptions(given: HttpGiven, env: Env, savedTokens: number): HttpOptions {
  const { address, port } = addressOf(given.listen ?? "", env);
  const value = (flag: HttpFlag, variable: string) => given.flags.get(flag) ?? (env[variable] || undefined);
  const yes = (flag: HttpFlag, variable: string) => isYes(variable, value(flag, variable));
  const list = (flag: HttpFlag, variable: string) =>
    (value(flag, variable) ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== "");
  const tls = tlsOf(value("tlsCert", "SSH_MCP_TLS_CERT"), value("tlsKey", "SSH_MCP_TLS_KEY"));
  const tokensFile = value("tokens", "SSH_MCP_TOKENS");
  const token = tokenOf(env);
  const minutes = value("sessionKeyMinutes", "SSH_MCP_SESSION_KEY_MINUTES");
  const options: HttpOptions = {
    address,
    port,
    loopback: isLoopback(address),
    withoutToken: yes("withoutToken", "SSH_MCP_WITHOUT_TOKEN"),
    behindProxy: yes("behindProxy", "SSH_MCP_BEHIND_PROXY"),
    allowHosts: list("allowHost", "SSH_MCP_ALLOW_HOST").map((name) => name.toLowerCase()),
    allowOrigins: list("allowOrigin", "SSH_MCP_ALLOW_ORIGIN"),
    global: yes("global", "SSH_MCP_GLOBAL"),
    onClientEnd: endOf(value("onClientEnd", "SSH_MCP_ON_CLIENT_END")),
    stickyMs: numberOf("--session-key-minutes", minutes, DEFAULT_STICKY_MINUTES, 1, 24 * 60) * 60_000,
    reloadMs:
      numberOf("MCP_RELOAD_INTERVAL", env.MCP_RELOAD_INTERVAL || undefined, DEFAULT_RELOAD_S, 0.1, 3_600) *
      1_000,
    ...(token === undefined ? {} : { token }),
    ...(tls === undefined ? {} : { tls }),
    ...(tokensFile === undefined ? {} : { tokensFile }),
  };
  assertSafe(options, savedTokens + (token === undefined ? 0 : 1));
  return options;
}

/** @throws Error naming the line to add. */
function assertSafe(
  { address, port, loopback, withoutToken, behindProxy, tls }: HttpOptions,
  tokens: number,
): void {
  if (withoutToken && tokens > 0)
    throw new Error("--without-token and a token contradict each other; leave one of them out");
  if (withoutToken && (!loopback || behindProxy))
    throw new Error(
      `--without-token is for loopback alone: at ${address}${behindProxy ? " behind a proxy" : ""} everybody who reaches it could use your hosts. ${MAKE_TOKEN}`,
    );
  if (tokens === 0 && !withoutToken)
    throw new Error(
      loopback && !behindProxy
        ? `there is no token. ${MAKE_TOKEN} To let every program of this machine in, add --without-token.`
        : `there is no token, and at ${address} others could use your hosts. ${MAKE_TOKEN}`,
    );
  if (!loopback && tls === undefined && !behindProxy)
    throw new Error(
      `${address} is not loopback, and without TLS every token can be read on its way. Add --tls-cert FILE --tls-key FILE; ` +
        `or, where a proxy with TLS is in front, --behind-proxy (SSH_MCP_BEHIND_PROXY=true); or listen on loopback: --http 127.0.0.1:${port}`,
    );
}

const MAKE_TOKEN = "Make one with ssh-mcp token add NAME, or set MCP_AUTH_TOKEN.";

function addressOf(listen: string, env: Env): { address: string; port: number } {
  const parts =
    /^(?:(\[[0-9A-Fa-f:.%]+\]|[^:[\]]*):)?(\d{1,5})$|^(\[[0-9A-Fa-f:.%]+\]|[^:[\]\d][^:[\]]*|\d+\.[\d.]+)$/.exec(
      listen,
    );
  if (listen !== "" && parts === null)
    throw new Error(`--http ${listen}: give ADDR:PORT, such as 127.0.0.1:8000 or [::1]:8000`);
  const named = parts?.[1] || parts?.[3] || env.MCP_HOST || DEFAULT_ADDRESS;
  const port = parts?.[2] ?? (env.MCP_PORT || env.PORT || String(DEFAULT_PORT));
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Error(`port ${port}: it is a number from 1 to 65535, of --http, MCP_PORT or PORT`);
  return { address: named.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

/** Of these addresses nobody else can reach any. */
export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^127(?:\.\d{1,3}){3}$/.test(address);
}

function tokenOf({ MCP_AUTH_TOKEN }: Env): string | undefined {
  if (MCP_AUTH_TOKEN === undefined || MCP_AUTH_TOKEN === "") return undefined;
  if (!/^[\x21-\x7e]+$/.test(MCP_AUTH_TOKEN))
    throw new Error("MCP_AUTH_TOKEN holds a blank or another character that no header can carry");
  if (MCP_AUTH_TOKEN.length < SHORTEST_TOKEN)
    throw new Error(
      `MCP_AUTH_TOKEN has ${MCP_AUTH_TOKEN.length} characters and can be guessed; it needs ${SHORTEST_TOKEN}. One with 64: openssl rand -hex 32`,
    );
  return MCP_AUTH_TOKEN;
}

function tlsOf(cert: string | undefined, key: string | undefined): HttpOptions["tls"] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new Error(
      `--tls-${cert === undefined ? "cert" : "key"} FILE is missing: TLS needs certificate and key`,
    );
  return { cert, key };
}

function endOf(value: string | undefined): OnClientEnd {
  if (value === undefined || value === "close") return "close";
  if (value === "keep") return "keep";
  throw new Error(`--on-client-end ${value}: it is close or keep`);
}

function numberOf(
  name: string,
  value: string | undefined,
  otherwise: number,
  least: number,
  most: number,
): number {
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (Number.isFinite(number) && number >= least && number <= most) return number;
  throw new Error(`${name} ${value}: it is a number from ${least} to ${most}`);
}

function isYes(name: string, value: string | undefined): boolean {
  const word = value?.toLowerCase() ?? "";
  if (["true", "1", "yes", "on"].includes(word)) return true;
  if (["", "false", "0", "no", "off"].includes(word)) return false;
  throw new Error(`${name}=${value}: it is true or false`);
}
