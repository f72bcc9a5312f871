import { z } from "zod";
import { atMost } from "../base/strict.ts";
import { isPlain, isPort, isValidHostName, isValidUserName, parseTarget } from "./names.ts";
import { DURATION, HOPS, HOST_NAME, plain, SIZE, USER_NAME } from "./patterns.ts";
import { MOST, parseDuration, parseSize } from "./units.ts";

/*
 * The values that stand in hosts.yaml. What JSON Schema cannot see in a refinement stands behind it in `meta`; a test holds both to the same. `id` is the name
 * of the definition there.
 */

export const text = z.string().min(1, "must not be empty");
const NOT_PLAIN = "must hold no control characters and none that hide or reorder text";
export const path = text
  .regex(/^(?!~[^/]|\$|%\w+%)/, {
    error: "must be a path as it is: no variables, and `~/` for your own home alone",
  })
  .meta({
    id: "path",
    description: "A file; `~` is your home, a relative path starts at the inventory's folder.",
  });

export const duration = z
  .union([z.number().meta({ minimum: 0, maximum: MOST / 1000 }), z.string().meta({ pattern: DURATION })], {
    error: "must be seconds, or text such as 30s, 5m, 1h30m",
  })
  .refine((value) => parseDuration(value) !== undefined, "must be seconds, or text such as 30s, 5m, 1h30m")
  .meta({ id: "duration", description: "Seconds, or text such as 30s, 5m, 1h30m." });

export const size = z
  .union([z.number().meta({ minimum: 0, maximum: MOST }), z.string().meta({ pattern: SIZE })], {
    error: "must be bytes, or text such as 512KiB, 8MiB",
  })
  .refine((value) => parseSize(value) !== undefined, "must be bytes, or text such as 512KiB, 8MiB")
  .meta({ id: "size", description: "Bytes, or text such as 512KiB, 8MiB." });

export const port = z
  .number({ error: "must be a number from 1 to 65535" })
  .refine(isPort, "must be a number from 1 to 65535")
  .meta({ id: "port", type: "integer", minimum: 1, maximum: 65_535, description: "Port; default 22." });

export const hostName = text
  .refine(
    (name) => isValidHostName(name.replace(/^\[(.*)\]$/, "$1")),
    "must be a host name or address without blanks or shell metacharacters, and not begin with a dash",
  )
  .meta({ id: "hostName", pattern: HOST_NAME });
/** A name or an IPv4 address, or an IPv6 address with or without brackets and zone: no user, port or path with it. */
const ADDRESS =
  /^(?:(?!-)[^\s'"`$\\;&<>|(){}@/[\]:,]+|\[?[\dA-Fa-f]*:[\dA-Fa-f]*:[\dA-Fa-f:.]*(?:%[\w.-]+)?\]?)$/;
export const address = text
  .regex(ADDRESS, {
    error:
      "must be a host name or address alone, without blanks or shell metacharacters, and not begin with a dash",
  })
  .refine(isPlain, NOT_PLAIN)
  .meta({ id: "address", pattern: plain(ADDRESS.source) });
export const userName = text
  .refine(isValidUserName, "must not begin with a dash or hold shell metacharacters")
  .meta({
    id: "userName",
    pattern: USER_NAME,
    description: "Login name; default: yours on this machine.",
  });
const NAME = /^[^\s,'"`\\;&<>|(){}$]+$/;
export const name = atMost(128, text)
  .regex(NAME, { error: "must hold no blanks, commas, quotes or shell metacharacters" })
  .refine(isPlain, NOT_PLAIN)
  .meta({
    id: "name",
    pattern: plain(NAME.source),
    description: "No blanks, commas, quotes or `;&<>|(){}$`.",
  });
/** JavaScript keeps one name for itself. */
export const entryName = name
  .refine((key) => key !== "__proto__", "this name cannot be used")
  .meta({
    id: "entryName",
    not: { const: "__proto__" },
    description: "The name that everybody uses.",
  });

export const variable = text
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be the name of an environment variable" })
  .meta({ id: "environmentVariable", description: "Name of an environment variable." });

/** One or several jump hosts, with commas between. */
export const hop = text
  .refine(
    (hop) => isPlain(hop) && hop.split(",").every((one) => parseTarget(one.trim()) !== undefined),
    "must be a host of this inventory, an ssh alias or user@host:port",
  )
  .meta({
    id: "hop",
    pattern: HOPS,
    description: "A host of this inventory, an ssh alias or user@host:port.",
  });
