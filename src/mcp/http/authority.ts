import type { IncomingMessage } from "node:http";

/** Whom a request may name as its host, and from which pages one may come. */
export interface Authorities {
  /** Asked at each request: the addresses of this machine may change. In lower case, `name` or `name:port`. */
  readonly hosts: () => ReadonlySet<string>;
  /** Origins beside our own, as browsers write them. */
  readonly origins: ReadonlySet<string>;
  /** A page of ours has this scheme. */
  readonly secure: boolean;
  /** A proxy is in front: its pages may have either. */
  readonly proxied?: boolean;
}

/** `localhost:8000`, `[::1]:8000`, `mcp.example.org`. */
const AUTHORITY = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?)(?::\d{1,5})?$/;

/**
 * Why a request is not for us: a web page whose name was made to lead here (DNS rebinding) sends its own name as Host, and any
 * page its own as Origin. Undefined: it is. Programs send no Origin. Read from the raw headers: two of one kind are never right.
 */
export function misdirected(request: IncomingMessage, allowed: Authorities): string | undefined {
  if (request.url?.startsWith("/") !== true) return "the request names another server in its first line";
  const hosts = rawValues(request, "host");
  const host = hosts[0]?.toLowerCase();
  if (hosts.length !== 1 || host === undefined || !AUTHORITY.test(host) || !allowed.hosts().has(host))
    return "this Host is not one of this server's; the operator allows a name with --allow-host NAME";
  const origins = rawValues(request, "origin");
  const [origin] = origins;
  if (origin === undefined) return undefined;
  if (origins.length === 1 && (isOwn(origin, host, allowed) || allowed.origins.has(origin))) return undefined;
  return "this Origin is not allowed; the operator allows a page with --allow-origin ORIGIN";
}

/** Is this the origin of our own pages? */
export function isOwn(
  origin: string,
  host: string,
  { secure, proxied = false }: Omit<Authorities, "hosts" | "origins">,
): boolean {
  const name = host.toLowerCase();
  return origin === `${secure ? "https" : "http"}://${name}` || (proxied && origin === `https://${name}`);
}

/** Every value of a header as it came, in order. */
export function rawValues({ rawHeaders }: IncomingMessage, wanted: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === wanted) values.push(rawHeaders[index + 1] ?? "");
  return values;
}

/** The one bearer token of a request; undefined: there is none, or more than one. A URL is never looked into. */
export function bearerOf(request: IncomingMessage): string | undefined {
  const values = rawValues(request, "authorization");
  if (values.length !== 1) return undefined;
  return /^bearer +([\x21-\x7e]{1,4096})$/i.exec(values[0] ?? "")?.[1];
}

/** Where a request comes from; behind a proxy that is the last of X-Forwarded-For. */
export function addressOf(request: IncomingMessage, behindProxy = false): string {
  const forwarded = behindProxy ? rawValues(request, "x-forwarded-for").at(-1) : undefined;
  return forwarded?.split(",").at(-1)?.trim() || (request.socket.remoteAddress ?? "");
}
