import { UNSEEN, visible } from "../base/text.ts";

/**
 * OpenSSH's rules for host and user names (ssh.c, `valid_hostname` and `valid_ruser`): nothing that a shell, a token
 * expansion or an option parser could take for something else.
 */

/** True when `name` may be a host name or address. */
export function isValidHostName(name: string): boolean {
  return (
    name !== "" &&
    !name.startsWith("-") &&
    isPlain(name) &&
    !/['`"$\\;&<>|(){},\s\u0000-\u001f\u007f]/.test(name)
  );
}

/** True when `name` may be a remote user name. */
export function isValidUserName(name: string): boolean {
  if (name === "" || name.startsWith("-") || name.endsWith("\\")) return false;
  return isPlain(name) && !/['`";&<>|(){}\u0000-\u001f\u007f]|\s-/.test(name);
}

/** Nothing in it controls, hides or reorders text: it is shown in lists and messages as it is. */
export function isPlain(name: string): boolean {
  return visible(name) === name && !UNSEEN.test(name) && !/\p{Cs}/u.test(name);
}

/** The hops of a list, or of lists with commas between; `none` is none. */
export function hopNames(hops: string | readonly string[]): string[] {
  return (typeof hops === "string" ? [hops] : hops)
    .flatMap((several) => several.split(","))
    .map((hop) => hop.trim())
    .filter((hop) => hop !== "" && hop !== "none");
}

/** `[user@]host[:port]`, as ProxyJump, `jump` and ad hoc hosts are written. */
export interface Target {
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
}

/**
 * Parses `[user@]host[:port]`, `[user@][v6]:port` and `ssh://…`; undefined when it is none of them.
 * A bare IPv6 address needs its brackets, as in OpenSSH.
 */
export function parseTarget(text: string): Target | undefined {
  const bare = text.replace(/^ssh:\/\//, "").replace(/\/$/, text.startsWith("ssh://") ? "" : "/");
  const at = bare.lastIndexOf("@");
  const user = at >= 0 ? bare.slice(0, at) : undefined;
  if (user !== undefined && !isValidUserName(user)) return undefined;
  const place = /^(?:\[([^\][]+)\]|([^:[\]/]+))(?::(\d{1,5}))?$/.exec(bare.slice(at + 1));
  const host = place?.[1] ?? place?.[2];
  if (host === undefined || !isValidHostName(host)) return undefined;
  const port = place?.[3] === undefined ? undefined : Number(place[3]);
  if (port !== undefined && !isPort(port)) return undefined;
  return { host, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** `user@address:port`, with brackets around an IPv6 address. */
export function formatTarget(target: {
  readonly user: string;
  readonly address: string;
  readonly port: number;
}): string {
  const address = target.address.includes(":") ? `[${target.address}]` : target.address;
  return `${target.user}@${address}:${target.port}`;
}
