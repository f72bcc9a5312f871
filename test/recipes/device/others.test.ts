import { describe, expect, it } from "vitest";
import type { JobName } from "../../../src/recipes/device/jobs.ts";
import { records } from "./asked.ts";

const json = (value: unknown) => JSON.stringify(value, undefined, 4);

/** An output with facts of our own in the form of a device's, and what is read of it. */
const samples: readonly [string, JobName, string, string, unknown][] = [
  [
    "arista_eos",
    "interfaces",
    "show interfaces description | json",
    json({
      interfaceDescriptions: {
        Ethernet1: { lineProtocolStatus: "up", description: "to core", interfaceStatus: "up" },
        Ethernet2: { lineProtocolStatus: "down", description: "", interfaceStatus: "adminDown" },
      },
    }),
    [
      { name: "Ethernet1", state: "up", protocol: "up", description: "to core" },
      { name: "Ethernet2", state: "adminDown", protocol: "down" },
    ],
  ],
  [
    "arista_eos",
    "interfaces",
    "show interfaces description",
    `Interface                      Status         Protocol           Description
Et1                            admin down     down               spare
Et9.999                        down           lowerlayerdown
Ma1                            up             up                 out of band`,
    [
      { name: "Et1", state: "admin down", protocol: "down", description: "spare" },
      { name: "Et9.999", state: "down", protocol: "lowerlayerdown" },
      { name: "Ma1", state: "up", protocol: "up", description: "out of band" },
    ],
  ],
  [
    "arista_eos",
    "neighbours",
    "show lldp neighbors | json",
    json({
      tablesInserts: 1,
      lldpNeighbors: [{ ttl: 120, neighborDevice: "leaf7", neighborPort: "Ethernet3", port: "Ethernet1" }],
    }),
    [{ port: "Ethernet1", neighbour: "leaf7", remote_port: "Ethernet3" }],
  ],
  ["arista_eos", "neighbours", "show lldp neighbors | json", json({ lldpNeighbors: [] }), []],
  [
    "arista_eos",
    "routes",
    "show ip route | json",
    json({
      vrfs: {
        default: {
          routes: {
            "0.0.0.0/0": {
              routeType: "static",
              preference: 1,
              metric: 0,
              vias: [{ nexthopAddr: "192.0.2.1", interface: "Management1" }],
            },
            "198.51.100.0/24": { routeType: "static", preference: 1, metric: 0, vias: [] },
          },
        },
      },
    }),
    [
      {
        vrf: "default",
        prefix: "0.0.0.0/0",
        protocol: "static",
        preference: 1,
        metric: 0,
        via: "192.0.2.1",
        interface: "Management1",
      },
      { vrf: "default", prefix: "198.51.100.0/24", protocol: "static", preference: 1, metric: 0 },
    ],
  ],
  [
    "arista_eos",
    "arp",
    "show ip arp | json",
    json({
      vrfs: {
        default: {
          ipV4Neighbors: [
            { hwAddress: "0000.5e00.5311", address: "192.0.2.9", interface: "Vlan9, Ethernet9", age: 12 },
          ],
        },
      },
    }),
    [{ address: "192.0.2.9", mac: "0000.5e00.5311", interface: "Vlan9, Ethernet9", age: 12 }],
  ],
  [
    "arista_eos",
    "macs",
    "show mac address-table | json",
    json({
      multicastTable: { tableEntries: [] },
      unicastTable: {
        tableEntries: [
          { vlanId: 10, macAddress: "00:00:5e:00:53:12", interface: "Ethernet44", entryType: "dynamic" },
        ],
      },
    }),
    [{ vlan: 10, mac: "00:00:5e:00:53:12", port: "Ethernet44", type: "dynamic" }],
  ],
  [
    "arista_eos",
    "inventory",
    "show inventory | json",
    json({
      systemInformation: {
        name: "DCS-7050SX3-48YC8",
        description: "48x25GbE",
        serialNum: "SSJ00000001",
        hardwareRev: "11.03",
      },
      powerSupplySlots: { 1: { name: "PWR-500AC-F", serialNum: "AB1" } },
      xcvrSlots: { 3: { mfgName: "Some Maker", modelName: "SFP-10G-SR", serialNum: "X3", hardwareRev: "2" } },
    }),
    [
      { part: "DCS-7050SX3-48YC8", description: "48x25GbE", revision: "11.03", serial: "SSJ00000001" },
      { name: "1", part: "PWR-500AC-F", serial: "AB1" },
      { name: "3", part: "SFP-10G-SR", description: "Some Maker", revision: "2", serial: "X3" },
    ],
  ],
  [
    "juniper_junos",
    "version",
    "show version | display json",
    `${json({ "software-information": [{ "host-name": [{ data: "r9" }], "product-model": [{ data: "mx204" }], "junos-version": [{ data: "21.4R3" }] }] })}\n{master}`,
    [{ hostname: "r9", version: "21.4R3", model: "mx204" }],
  ],
  [
    "juniper_junos",
    "version",
    "show version",
    `fpc0:
--------------------------------------------------------------------------
Hostname: stack
Model: ex4550-32f
JUNOS EX  Software Suite [13.2X51-D35.3]

fpc1:
--------------------------------------------------------------------------
Hostname: stack
Model: ex4550-32f
JUNOS EX  Software Suite [13.2X51-D36.1]`,
    [
      { hostname: "stack", model: "ex4550-32f", version: "13.2X51-D35.3" },
      { hostname: "stack", model: "ex4550-32f", version: "13.2X51-D36.1" },
    ],
  ],
  [
    "juniper_junos",
    "interfaces",
    "show interfaces terse | display json",
    json({
      "interface-information": [
        {
          "physical-interface": [
            {
              name: [{ data: "\nge-0/0/0\n" }],
              "admin-status": [{ data: "up" }],
              "oper-status": [{ data: "up" }],
              "logical-interface": [
                {
                  name: [{ data: "ge-0/0/0.0" }],
                  "admin-status": [{ data: "up" }],
                  "oper-status": [{ data: "up" }],
                  "address-family": [
                    {
                      "address-family-name": [{ data: "inet" }],
                      "interface-address": [{ "ifa-local": [{ data: "192.0.2.1/24" }] }],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }),
    [
      { name: "ge-0/0/0", state: "up", protocol: "up" },
      { name: "ge-0/0/0.0", state: "up", protocol: "up", address: "192.0.2.1/24" },
    ],
  ],
  [
    "juniper_junos",
    "interfaces",
    "show interfaces terse",
    `Interface               Admin Link Proto    Local                 Remote
ge-0/0/0                up    up
ge-0/0/0.0              up    up   inet     192.0.2.1/24
                                   inet6    2001:db8::1/64
lo0.16385               up    up   inet     127.0.0.1           --> 0/0
pp0                     up    down`,
    [
      { name: "ge-0/0/0", state: "up", protocol: "up" },
      { name: "ge-0/0/0.0", state: "up", protocol: "up", address: "192.0.2.1/24, 2001:db8::1/64" },
      { name: "lo0.16385", state: "up", protocol: "up", address: "127.0.0.1" },
      { name: "pp0", state: "up", protocol: "down" },
    ],
  ],
  [
    "juniper_junos",
    "routes",
    "show route table inet.0 | display json",
    json({
      "route-information": [
        {
          "route-table": [
            {
              rt: [
                {
                  "rt-destination": [{ data: "0.0.0.0/0" }],
                  "rt-entry": [
                    {
                      "protocol-name": [{ data: "Static" }],
                      preference: [{ data: "5" }],
                      age: [{ data: "4w2d" }],
                      nh: [{ to: [{ data: "192.0.2.1" }], via: [{ data: "ge-0/0/0.0" }] }],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }),
    [
      {
        prefix: "0.0.0.0/0",
        protocol: "Static",
        via: "192.0.2.1",
        interface: "ge-0/0/0.0",
        preference: 5,
        age: "4w2d",
      },
    ],
  ],
  [
    "juniper_junos",
    "neighbours",
    "show lldp neighbors",
    `Local Interface    Parent Interface    Chassis Id          Port info          System Name
xe-0/1/1           ae7                 00:00:5e:00:53:46   Ethernet3/29/1     core01.lab
ge-0/0/1           -                   00:00:5e:00:53:47   to the core        r7`,
    [
      {
        port: "xe-0/1/1",
        chassis: "00:00:5e:00:53:46",
        remote_port: "Ethernet3/29/1",
        neighbour: "core01.lab",
      },
      { port: "ge-0/0/1", chassis: "00:00:5e:00:53:47", remote_port: "to the core", neighbour: "r7" },
    ],
  ],
  [
    "juniper_junos",
    "macs",
    "show ethernet-switching table",
    `MAC flags (S - static MAC, D - dynamic MAC, L - locally learned, P - Persistent static
           SE - statistics enabled, NM - non configured MAC, R - remote PE MAC, O - ovsdb MAC)

Ethernet switching table : 1 entries, 1 learned
Routing instance : default-switch
    Vlan                MAC                 MAC         Age    Logical                NH        RTR
    name                address             flags              interface              Index     ID
    Vlan100             00:00:5e:00:53:48   DL            -   ae112.0                0         0

{master:0}`,
    [{ vlan: "Vlan100", mac: "00:00:5e:00:53:48", type: "DL", port: "ae112.0" }],
  ],
  [
    "mikrotik_routeros",
    "interfaces",
    "/interface print terse without-paging",
    ` 0  R  comment=to the core name=ether1 default-name=ether1 type=ether mtu=1500 actual-mtu=1500 l2mtu=1596 mac-address=00:00:5E:00:53:01 link-downs=5
 2     name=ether3 roof default-name=ether3 type=ether mtu=1500 actual-mtu=1500 mac-address=00:00:5E:00:53:03 link-downs=0
 9 DXS name=eth5_vlan5 type=vlan mtu=1500 actual-mtu=1500 l2mtu=1594 mac-address=00:00:5E:00:53:09 link-downs=0`,
    [
      { state: "R", description: "to the core", name: "ether1", mtu: 1500, mac: "00:00:5E:00:53:01" },
      { name: "ether3 roof", mtu: 1500, mac: "00:00:5E:00:53:03" },
      { state: "DXS", name: "eth5_vlan5", mtu: 1500, mac: "00:00:5E:00:53:09" },
    ],
  ],
  [
    "mikrotik_routeros",
    "routes",
    "/ip route print terse without-paging",
    ` 0 A S  comment=to the net dst-address=0.0.0.0/0 gateway=192.0.2.1 gateway-status=192.0.2.1 reachable via  lte1 distance=2 scope=30 target-scope=10
   DAc dst-address=198.51.100.0/24 routing-table=main gateway=bridge immediate-gw=bridge distance=0 scope=10`,
    [
      { protocol: "A S", prefix: "0.0.0.0/0", via: "192.0.2.1", preference: 2 },
      { protocol: "DAc", prefix: "198.51.100.0/24", via: "bridge", interface: "bridge", preference: 0 },
    ],
  ],
  [
    "mikrotik_routeros",
    "arp",
    "/ip arp print terse without-paging",
    ` 0 DC address=192.0.2.30 mac-address=00:00:5E:00:53:AA interface=ether2 roof published=no
 1    address=192.0.2.31 mac-address=00:00:5E:00:53:AB interface=ether5 published=no`,
    [
      { type: "DC", address: "192.0.2.30", mac: "00:00:5E:00:53:AA", interface: "ether2 roof" },
      { address: "192.0.2.31", mac: "00:00:5E:00:53:AB", interface: "ether5" },
    ],
  ],
  [
    "mikrotik_routeros",
    "macs",
    "/interface bridge host print terse without-paging",
    `0 D E  mac-address=00:00:5E:00:53:B1 interface=ether4 bridge=lan on-interface=ether4
7 XI   mac-address=00:00:5E:00:53:B2 vid=123 interface=lan bridge=lan`,
    [
      { type: "D E", mac: "00:00:5E:00:53:B1", port: "ether4" },
      { type: "XI", mac: "00:00:5E:00:53:B2", vlan: "123" },
    ],
  ],
  [
    "huawei_vrp",
    "version",
    "display version",
    `Huawei Versatile Routing Platform Software
VRP (R) software, Version 5.170 (S5720 V200R019C10SPC500)
HUAWEI S5720-28P-LI-AC Routing Switch uptime is 10 weeks, 2 days, 3 hours, 4 minutes`,
    [
      {
        version: "5.170 (S5720 V200R019C10SPC500)",
        model: "S5720-28P-LI-AC",
        uptime: "10 weeks, 2 days, 3 hours, 4 minutes",
      },
    ],
  ],
  [
    "huawei_vrp",
    "interfaces",
    "display interface brief",
    `PHY: Physical
*down: administratively down
(s): spoofing
InUti/OutUti: input utility/output utility
Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors
Eth-Trunk2                  up    up           0%  0.38%          0          0
  GigabitEthernet0/0/16     *down down         0%  0.04%          0          0
NULL0                       up    up(s)        --     --          0          0`,
    [
      { name: "Eth-Trunk2", state: "up", protocol: "up" },
      { name: "GigabitEthernet0/0/16", state: "*down", protocol: "down" },
      { name: "NULL0", state: "up", protocol: "up(s)" },
    ],
  ],
  [
    "huawei_vrp",
    "routes",
    "display ip routing-table",
    `Route Flags: R - relay, D - download to fib
------------------------------------------------------------------------------
Routing Tables: Public
         Destinations : 2        Routes : 3

Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface

        0.0.0.0/0   Static  60   0          RD   192.0.2.1       Vlanif10
                    Static  60   0          RD   192.0.2.2       Vlanif11
   198.51.100.0/24  Direct  0    0           D   198.51.100.1    GigabitEthernet0/0/2`,
    [
      {
        prefix: "0.0.0.0/0",
        protocol: "Static",
        preference: 60,
        metric: 0,
        via: "192.0.2.1",
        interface: "Vlanif10",
      },
      {
        prefix: "0.0.0.0/0",
        protocol: "Static",
        preference: 60,
        metric: 0,
        via: "192.0.2.2",
        interface: "Vlanif11",
      },
      {
        prefix: "198.51.100.0/24",
        protocol: "Direct",
        preference: 0,
        metric: 0,
        via: "198.51.100.1",
        interface: "GigabitEthernet0/0/2",
      },
    ],
  ],
  [
    "huawei_vrp",
    "arp",
    "display arp all",
    `IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE
                                    VLAN/CEVLAN(SIP/DIP)
------------------------------------------------------------------------------
192.0.2.253     0000-5e00-5340            I -         MEth0/0/1
192.0.2.2       0000-5e00-5341  17        D-0         XGE0/0/1
                                            10/-
------------------------------------------------------------------------------
Total:2         Dynamic:1       Static:0     Interface:1`,
    [
      { address: "192.0.2.253", mac: "0000-5e00-5340", type: "I -", interface: "MEth0/0/1" },
      {
        address: "192.0.2.2",
        mac: "0000-5e00-5341",
        age: "17",
        type: "D-0",
        interface: "XGE0/0/1",
        vlan: "10/-",
      },
    ],
  ],
  [
    "huawei_vrp",
    "neighbours",
    "display lldp neighbor",
    `GigabitEthernet0/0/0 has 0 neighbors

GigabitEthernet0/0/1 has 1 neighbors:

Neighbor index : 1
Chassis type :macAddress
Chassis ID :0000-5e00-5342
Port ID type :interfaceName
Port ID :Gi1/0/1
System name :core1
System capabilities enabled :bridge
Management address : 192.0.2.240
Expired time :102s`,
    [
      {
        port: "GigabitEthernet0/0/1",
        chassis: "0000-5e00-5342",
        remote_port: "Gi1/0/1",
        neighbour: "core1",
        capabilities: "bridge",
        address: "192.0.2.240",
      },
    ],
  ],
];

describe("what other devices answer", () => {
  it.each(samples)("of %s for its %s (%s) becomes facts", (platform, job, command, output, expected) => {
    expect(records(platform, job, command, output)).toEqual(expected);
  });
});
