import type { RouterOsState, Row } from "./state.ts";

type Values = Record<string, string>;

/** The state of a device as it comes out of the box, with enough rules and log rows to fill some pages. */
export function defaultState(identity: string): RouterOsState {
  let nextId = 1;
  const row = (values: Values, flags = ""): Row => ({ id: nextId++, flags, values });
  return {
    tables: {
      interface: [
        ...[1, 2, 3, 4, 5].map((port) => row(etherPort(port), port === 1 ? "R" : port < 4 ? "RS" : "S")),
        row({ ...link("bridge", "bridge", "0C:1E:F6:E4:00:01"), comment: "defconf" }, "R"),
        row({ ...link("vlan20", "vlan", "0C:1E:F6:E4:00:01"), l2mtu: "1588" }, "R"),
        row({ ...link("lo", "loopback", "00:00:00:00:00:00"), mtu: "65536", "actual-mtu": "65536" }, "R"),
      ],
      address: [
        row(addressOf("192.168.88.1/24", "192.168.88.0", "bridge", "defconf")),
        row(addressOf("192.0.2.10/24", "192.0.2.0", "ether1")),
        row(addressOf("198.51.100.1/24", "198.51.100.0", "vlan20")),
      ],
      route: [
        row(
          {
            "dst-address": "0.0.0.0/0",
            gateway: "192.0.2.1",
            distance: "1",
            "routing-table": "main",
            disabled: "no",
          },
          "As",
        ),
      ],
      filter: filterRules().map((values) => row(values)),
      user: [
        row({
          name: "admin",
          group: "full",
          "last-logged-in": "2026-01-01 08:00:00",
          disabled: "no",
          comment: "system default user",
        }),
        row({ name: "noc", group: "read", "last-logged-in": "", disabled: "no" }),
      ],
      log: logRows().map((values) => row(values)),
    },
    singles: {
      identity: { name: identity },
      resource: {},
      clock: { "time-zone-name": "UTC" },
      dns: {
        servers: "192.0.2.53,198.51.100.53",
        "dynamic-servers": "",
        "use-doh-server": "",
        "verify-doh-cert": "no",
        "allow-remote-requests": "yes",
        "max-udp-packet-size": "4096",
        "query-server-timeout": "2s",
        "query-total-timeout": "10s",
        "max-concurrent-queries": "100",
        "cache-size": "2048KiB",
        "cache-max-ttl": "1w",
        "cache-used": "31KiB",
      },
    },
    nextId,
  };
}

function link(name: string, type: string, mac: string): Values {
  return { name, type, mtu: "1500", "actual-mtu": "1500", l2mtu: "1592", "mac-address": mac, disabled: "no" };
}

function etherPort(port: number): Values {
  return {
    ...link(`ether${port}`, "ether", `0C:1E:F6:E4:00:0${port - 1}`),
    disabled: port === 5 ? "yes" : "no",
  };
}

function addressOf(address: string, network: string, face: string, comment?: string): Values {
  const values = { address, network, interface: face, disabled: "no" };
  return comment === undefined ? values : { ...values, comment };
}

function filterRules(): Values[] {
  const rules: Values[] = [
    {
      chain: "input",
      action: "accept",
      "connection-state": "established,related,untracked",
      comment: "defconf: accept established,related,untracked",
    },
    { chain: "input", action: "drop", "connection-state": "invalid", comment: "defconf: drop invalid" },
    { chain: "input", action: "accept", protocol: "icmp", comment: "defconf: accept ICMP" },
    { chain: "input", action: "accept", "dst-address": "127.0.0.1" },
    {
      chain: "input",
      action: "drop",
      "in-interface": "ether1",
      comment: "defconf: drop all not coming from LAN",
    },
    { chain: "forward", action: "accept", "connection-state": "established,related,untracked" },
    { chain: "forward", action: "drop", "connection-state": "invalid", comment: "defconf: drop invalid" },
  ];
  for (let number = 1; rules.length < 79; number++) {
    rules.push({
      chain: "forward",
      action: "accept",
      "src-address": `198.51.100.${number}`,
      "dst-address": "192.168.88.0/24",
      protocol: number % 3 === 0 ? "udp" : "tcp",
      "dst-port": String(8000 + number),
      ...(number % 4 === 0 ? { comment: `customer ${number}` } : {}),
    });
  }
  rules.push({ chain: "forward", action: "drop", comment: "everything else" });
  return rules.map((values) => ({ ...values, disabled: values.comment === "customer 8" ? "yes" : "no" }));
}

function logRows(): Values[] {
  const events: [topics: string, message: string][] = [
    ["system,info", "filter rule added by admin"],
    ["interface,info", "ether3 link up (speed 1G, full duplex)"],
    ["system,info,account", "user noc logged in from 192.168.88.20 via ssh"],
    ["dhcp,info", "defconf assigned 192.168.88.254 for 0C:AA:00:00:00:01"],
    ["interface,info", "ether3 link down"],
    ["system,info,account", "user noc logged out from 192.168.88.20 via ssh"],
  ];
  const rows: Values[] = [
    { time: "2026-01-01 00:00:00", topics: "system,info", message: "router rebooted by admin" },
  ];
  for (let number = 1; number < 60; number++) {
    const [topics, message] = events[number % events.length] ?? ["system,info", "time synchronised"];
    rows.push({
      time: `2026-01-01 00:${String(number).padStart(2, "0")}:${String((number * 7) % 60).padStart(2, "0")}`,
      topics,
      message,
    });
  }
  return rows;
}
