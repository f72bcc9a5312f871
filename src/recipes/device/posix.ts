import { type Queries, queriesOf } from "./queries.ts";

/** What a Unix host is asked for a snapshot; iproute2 prints its tables as JSON (ip(8), -json). */
const QUERIES = {
  version: [
    {
      command: "uname -srm && hostname",
      rows: {
        begins: ["^(?P<image>\\S+) (?P<version>\\S+) (?P<model>\\S+)$"],
        adds: ["^(?P<hostname>\\S+)$"],
      },
    },
  ],
  interfaces: [
    {
      command: "ip -j address show",
      numbers: ["mtu"],
      json: {
        each: ["[]"],
        fields: {
          name: "ifname",
          state: "operstate",
          address: "addr_info.[].local",
          mtu: "mtu",
          mac: "address",
        },
      },
    },
  ],
  routes: [
    {
      command: "ip -j route show",
      numbers: ["metric"],
      nothing: ["^\\[ ?\\]$"],
      json: {
        each: ["[]"],
        fields: { prefix: "dst", protocol: "protocol", via: "gateway", interface: "dev", metric: "metric" },
      },
    },
  ],
} as const;

let checked: Queries | undefined;

/** The ways for a Unix host; what is not in them is not known there. */
export function posixQueries(): Queries {
  checked ??= queriesOf(QUERIES);
  return checked;
}
