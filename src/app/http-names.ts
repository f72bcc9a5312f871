import { hostname, networkInterfaces } from "node:os";
import type { Authorities } from "../mcp/http/authority.ts";
import type { HttpOptions } from "./http-options.ts";

const WILDCARDS = new Set(["0.0.0.0", "::", "0", "::0"]);
const DEFAULT_PORTS = [80, 443];

/** The names under which a server at this address may be asked for. */
export function authoritiesOf(
  { address, loopback, allowHosts, allowOrigins, tls, behindProxy }: HttpOptions,
  port: number,
): Authorities {
  const named = allowHosts.flatMap((name) =>
    hasPort(name) ? [name] : withPorts(name, [port, ...DEFAULT_PORTS], true),
  );
  return {
    origins: new Set(allowOrigins),
    secure: tls !== undefined,
    proxied: behindProxy,
    hosts: () => {
      const own = WILDCARDS.has(address)
        ? ["localhost", hostname().toLowerCase(), ...addresses()]
        : loopback
          ? ["localhost", "127.0.0.1", "::1", address]
          : [address.toLowerCase()];
      const bare = DEFAULT_PORTS.includes(port);
      return new Set([...named, ...own.flatMap((name) => withPorts(name, [port], bare))]);
    },
  };
}

function addresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((some) =>
    (some ?? []).map((one) => one.address.toLowerCase()),
  );
}

function hasPort(name: string): boolean {
  return /^(?:\[.*\]|[^:]*):\d+$/.test(name);
}

function withPorts(name: string, ports: readonly number[], bare: boolean): string[] {
  const written = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
  return [...ports.map((port) => `${written}:${port}`), ...(bare ? [written] : [])];
}
