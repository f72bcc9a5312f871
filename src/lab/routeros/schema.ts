import type { SingleName, TableName } from "./state.ts";

export type Kind =
  | { readonly kind: "text" }
  /** IPv4 with an optional prefix length. */
  | { readonly kind: "prefix" }
  | { readonly kind: "ip" }
  | { readonly kind: "ip-list" }
  | { readonly kind: "yes-no" }
  /** The name of an interface of the device. */
  | { readonly kind: "interface" }
  | { readonly kind: "enum"; readonly of: readonly string[] }
  | { readonly kind: "number"; readonly least: number; readonly most: number };

export interface Field {
  readonly name: string;
  readonly type: Kind;
  /** Shown as a column of plain `print`. */
  readonly column?: boolean;
  /** Written in quotes by `print detail`. */
  readonly quoted?: boolean;
  /** Asked for when `add` goes without it. */
  readonly required?: boolean;
  readonly readOnly?: boolean;
  /** Taken, never shown. */
  readonly secret?: boolean;
  readonly default?: string;
}

export interface TableSpec {
  readonly name: TableName;
  readonly path: string;
  readonly fields: readonly Field[];
  /** Letters in the order of their positions, with their words. Groups share a position. */
  readonly flags: readonly (readonly (readonly [letter: string, word: string])[])[];
  readonly style: "columns" | "detail" | "log";
  /** What may not exist twice, and what the device calls it. */
  readonly unique?: { readonly field: string; readonly failure: string };
  readonly canAdd: boolean;
}

export interface SingleSpec {
  readonly name: SingleName;
  readonly path: string;
  readonly fields: readonly Field[];
}

const TEXT: Kind = { kind: "text" };
const YES_NO: Kind = { kind: "yes-no" };
const disabled: Field = { name: "disabled", type: YES_NO, default: "no" };
const comment: Field = { name: "comment", type: TEXT };

function number(least: number, most: number): Kind {
  return { kind: "number", least, most };
}

const interfaces: TableSpec = {
  name: "interface",
  path: "/interface",
  style: "columns",
  canAdd: false,
  flags: [
    [["D", "DYNAMIC"]],
    [
      ["X", "DISABLED"],
      ["R", "RUNNING"],
    ],
    [["S", "SLAVE"]],
  ],
  fields: [
    { name: "name", type: TEXT, column: true, quoted: true },
    { name: "type", type: TEXT, column: true, quoted: true, readOnly: true },
    { name: "mtu", type: number(68, 65535) },
    { name: "actual-mtu", type: TEXT, column: true, readOnly: true },
    { name: "l2mtu", type: TEXT, column: true, readOnly: true },
    { name: "mac-address", type: TEXT, column: true, readOnly: true },
    disabled,
    comment,
  ],
};

const addresses: TableSpec = {
  name: "address",
  path: "/ip/address",
  style: "columns",
  canAdd: true,
  flags: [
    [
      ["X", "DISABLED"],
      ["D", "DYNAMIC"],
    ],
  ],
  unique: { field: "address", failure: "failure: already have such address" },
  fields: [
    { name: "address", type: { kind: "prefix" }, column: true, required: true },
    { name: "network", type: { kind: "ip" }, column: true },
    { name: "interface", type: { kind: "interface" }, column: true, required: true },
    disabled,
    comment,
  ],
};

const routes: TableSpec = {
  name: "route",
  path: "/ip/route",
  style: "columns",
  canAdd: true,
  flags: [
    [["D", "DYNAMIC"]],
    [
      ["X", "DISABLED"],
      ["A", "ACTIVE"],
    ],
    [
      ["c", "CONNECT"],
      ["s", "STATIC"],
    ],
  ],
  fields: [
    { name: "dst-address", type: { kind: "prefix" }, column: true, default: "0.0.0.0/0" },
    { name: "gateway", type: TEXT, column: true, required: true },
    { name: "distance", type: number(1, 255), column: true, default: "1" },
    { name: "routing-table", type: TEXT, default: "main" },
    disabled,
    comment,
  ],
};

const filters: TableSpec = {
  name: "filter",
  path: "/ip/firewall/filter",
  style: "detail",
  canAdd: true,
  flags: [
    [
      ["X", "DISABLED"],
      ["I", "INVALID"],
      ["D", "DYNAMIC"],
    ],
  ],
  fields: [
    { name: "chain", type: TEXT, required: true },
    {
      name: "action",
      type: {
        kind: "enum",
        of: ["accept", "drop", "reject", "jump", "log", "passthrough", "return", "tarpit"],
      },
      default: "accept",
    },
    { name: "connection-state", type: TEXT },
    { name: "protocol", type: { kind: "enum", of: ["tcp", "udp", "icmp", "gre", "ospf", "ipsec-esp"] } },
    { name: "src-address", type: { kind: "prefix" } },
    { name: "dst-address", type: { kind: "prefix" } },
    { name: "dst-port", type: TEXT },
    { name: "in-interface", type: { kind: "interface" } },
    { name: "out-interface", type: { kind: "interface" } },
    disabled,
    comment,
  ],
};

const users: TableSpec = {
  name: "user",
  path: "/user",
  style: "columns",
  canAdd: true,
  flags: [[["X", "DISABLED"]]],
  unique: { field: "name", failure: "failure: user with the same name already exists" },
  fields: [
    { name: "name", type: TEXT, column: true, quoted: true, required: true },
    { name: "group", type: { kind: "enum", of: ["full", "read", "write"] }, column: true, required: true },
    { name: "password", type: TEXT, secret: true },
    { name: "address", type: { kind: "prefix" } },
    { name: "last-logged-in", type: TEXT, column: true, readOnly: true },
    disabled,
    comment,
  ],
};

const log: TableSpec = {
  name: "log",
  path: "/log",
  style: "log",
  canAdd: false,
  flags: [],
  fields: [
    { name: "time", type: TEXT, readOnly: true },
    { name: "topics", type: TEXT, readOnly: true },
    { name: "message", type: TEXT, readOnly: true, quoted: true },
  ],
};

export const TABLES: Readonly<Record<TableName, TableSpec>> = {
  interface: interfaces,
  address: addresses,
  route: routes,
  filter: filters,
  user: users,
  log,
};

export const SINGLES: Readonly<Record<SingleName, SingleSpec>> = {
  identity: { name: "identity", path: "/system/identity", fields: [{ name: "name", type: TEXT }] },
  resource: { name: "resource", path: "/system/resource", fields: [] },
  clock: { name: "clock", path: "/system/clock", fields: [{ name: "time-zone-name", type: TEXT }] },
  dns: {
    name: "dns",
    path: "/ip/dns",
    fields: [
      { name: "servers", type: { kind: "ip-list" } },
      { name: "dynamic-servers", type: TEXT, readOnly: true },
      { name: "use-doh-server", type: TEXT },
      { name: "verify-doh-cert", type: YES_NO },
      { name: "allow-remote-requests", type: YES_NO },
      { name: "max-udp-packet-size", type: number(50, 65507) },
      { name: "query-server-timeout", type: TEXT },
      { name: "query-total-timeout", type: TEXT },
      { name: "max-concurrent-queries", type: number(1, 65535) },
      { name: "cache-size", type: TEXT },
      { name: "cache-max-ttl", type: TEXT },
      { name: "cache-used", type: TEXT, readOnly: true },
    ],
  },
};
