import { describe, expect, it } from "vitest";
import { read, records } from "./asked.ts";

const ios = (
  ...args: ["version" | "inventory" | "interfaces" | "neighbours" | "routes" | "arp" | "macs", string, string]
) => records("cisco_ios", ...args);
const nxos = (
  ...args: ["version" | "inventory" | "interfaces" | "neighbours" | "routes" | "arp" | "macs", string, string]
) => records("cisco_nxos", ...args);

describe("what Cisco IOS answers", () => {
  it("is one record of its version, old or new", () => {
    const old = `Cisco Internetwork Operating System Software
IOS (tm) C2950 Software (C2950-I6Q4L2-M), Version 12.1(22)EA14, RELEASE SOFTWARE (fc1)
edge2 uptime is 3 weeks, 1 day
System image file is "flash:/c2950-i6q4l2-mz.121-22.EA14.bin"
cisco WS-C2950T-24 (RC32300) processor (revision R0) with 19912K bytes of memory.
Processor board ID FOC00000001`;
    expect(ios("version", "show version", old)).toEqual([
      {
        version: "12.1(22)EA14",
        hostname: "edge2",
        uptime: "3 weeks, 1 day",
        image: "flash:/c2950-i6q4l2-mz.121-22.EA14.bin",
        model: "WS-C2950T-24",
        serial: "FOC00000001",
      },
    ]);
    const noName = old.replace("edge2 uptime is", "uptime of edge2 is");
    expect(ios("version", "show version", noName)).toMatchObject([{ version: "12.1(22)EA14" }]);
    expect(read("cisco_ios", "version", "show version", "Linux edge2 6.1.0")).toMatchObject({
      is: "strange",
    });
  });

  it("is each route with its prefix length, and each next hop of it for itself", () => {
    const output = `Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       a - application route
       + - replicated route, % - next hop override

Gateway of last resort is 192.0.2.1 to network 0.0.0.0

S*    0.0.0.0/0 [1/0] via 192.0.2.1
      198.51.100.0/32 is subnetted, 2 subnets
O E2     198.51.100.7 [110/20] via 192.0.2.9, 1d18h, Vlan10
                      [110/20] via 192.0.2.10, 1d18h, Vlan11
O IA     198.51.100.8
           [110/30] via 192.0.2.9, 00:00:12, Vlan10
      203.0.113.0/24 is variably subnetted, 2 subnets, 2 masks
C        203.0.113.0/24 is directly connected, Vlan20
L        203.0.113.1/32 is directly connected, Vlan20`;
    const shared = { preference: 110, metric: 20, age: "1d18h" };
    expect(ios("routes", "show ip route", output)).toEqual([
      { protocol: "S*", prefix: "0.0.0.0/0", preference: 1, metric: 0, via: "192.0.2.1" },
      { protocol: "O E2", prefix: "198.51.100.7/32", ...shared, via: "192.0.2.9", interface: "Vlan10" },
      { protocol: "O E2", prefix: "198.51.100.7/32", ...shared, via: "192.0.2.10", interface: "Vlan11" },
      {
        protocol: "O IA",
        prefix: "198.51.100.8/32",
        preference: 110,
        metric: 30,
        age: "00:00:12",
        via: "192.0.2.9",
        interface: "Vlan10",
      },
      { protocol: "C", prefix: "203.0.113.0/24", interface: "Vlan20" },
      { protocol: "L", prefix: "203.0.113.1/32", interface: "Vlan20" },
    ]);
  });

  it("counts a row that is not understood, and makes nothing of it", () => {
    const output = `Protocol  Address          Age (min)  Hardware Addr   Type   Interface
Internet  192.0.2.1               7   0000.5e00.5301  ARPA   Vlan10
Internet  192.0.2.2         seven     0000.5e00.5302  ARPA   Vlan10
Internet  192.0.2.3               0   Incomplete      ARPA`;
    expect(read("cisco_ios", "arp", "show ip arp", output)).toEqual({
      is: "records",
      records: [
        { address: "192.0.2.1", age: "7", mac: "0000.5e00.5301", type: "ARPA", interface: "Vlan10" },
        { address: "192.0.2.3", age: "0", mac: "Incomplete", type: "ARPA" },
      ],
      unread: ["Internet  192.0.2.2         seven     0000.5e00.5302  ARPA   Vlan10"],
    });
  });

  it("is an empty table where there are headings and nothing else", () => {
    const output = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface";
    expect(ios("arp", "show ip arp", output)).toEqual([]);
  });

  it("is the MAC table in the forms of several families", () => {
    const catalyst = `          Mac Address Table
-------------------------------------------

Vlan    Mac Address       Type        Ports
----    -----------       --------    -----
 All    0100.0ccc.cccc    STATIC      CPU
  10    0000.5e00.5303    DYNAMIC     Gi1/0/7
Total Mac Addresses for this criterion: 2`;
    expect(ios("macs", "show mac address-table", catalyst)).toEqual([
      { vlan: "All", mac: "0100.0ccc.cccc", type: "STATIC", port: "CPU" },
      { vlan: "10", mac: "0000.5e00.5303", type: "DYNAMIC", port: "Gi1/0/7" },
    ]);
    const modular = `Legend: * - primary entry
        age - seconds since last seen
        R - router's gateway mac address entry

Displaying entries from active supervisor:

      vlan   mac address    type   learn    age                 ports
-----+----+---------------+-------+-----+----------+-----------------------------
 *       49 0000.5e00.5304  dynamic  Yes        0     Te1/29
   R     51 0000.5e00.5305   static   No       -      Router`;
    expect(ios("macs", "show mac address-table", modular)).toEqual([
      { vlan: "49", mac: "0000.5e00.5304", type: "dynamic", port: "Te1/29" },
      { vlan: "51", mac: "0000.5e00.5305", type: "static", port: "Router" },
    ]);
    const bay = `Unicast Entries
 vlan     mac address     type        protocols               port
---------+---------------+--------+---------------------+-------------------------
  10      0000.5e00.5306   dynamic ip,ipx,assigned,other Port-channel15

Multicast Entries
 vlan     mac address     type    ports
---------+---------------+-------+--------------------------------------------
  10      ffff.ffff.ffff   system Gi0/2,Gi0/3
                                  Gi0/13,Switch`;
    expect(ios("macs", "show mac address-table", bay)).toEqual([
      { vlan: "10", mac: "0000.5e00.5306", type: "dynamic", port: "Port-channel15" },
      { vlan: "10", mac: "ffff.ffff.ffff", type: "system", port: "Gi0/2,Gi0/3, Gi0/13,Switch" },
    ]);
  });

  it("is a neighbour by LLDP on its own port, and on none where the device names none", () => {
    const output = `------------------------------------------------
Local Intf: Gi1/0/2
Chassis id: 0000.5e00.5307
Port id: 502
Port Description: ge-0/0/0.0
System Name - not advertised

System Description:
Chassis of a kind

Time remaining: 116 seconds
System Capabilities: B,R
Management Addresses:
    IP: 192.0.2.77

------------------------------------------------
Chassis id: 0000.5e00.5308
Port id: Eth1/6
System Name: core9

Total entries displayed: 2`;
    expect(ios("neighbours", "show lldp neighbors detail", output)).toEqual([
      {
        port: "Gi1/0/2",
        chassis: "0000.5e00.5307",
        remote_port: "502",
        capabilities: "B,R",
        address: "192.0.2.77",
      },
      { chassis: "0000.5e00.5308", remote_port: "Eth1/6", neighbour: "core9" },
    ]);
  });

  it("is a neighbour by CDP with a name too long for a table", () => {
    const output = `-------------------------
Device ID: access-switch-with-a-long-name.example.net
Entry address(es):
  IP address: 192.0.2.30
Platform: cisco WS-C2960-8TC-L,  Capabilities: Switch IGMP
Interface: GigabitEthernet1/0/16,  Port ID (outgoing port): GigabitEthernet0/1
Holdtime : 164 sec

Version :
Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE9

advertisement version: 2
Management address(es):
  IP address: 192.0.2.30

Total cdp entries displayed : 1`;
    expect(ios("neighbours", "show cdp neighbors detail", output)).toEqual([
      {
        port: "GigabitEthernet1/0/16",
        neighbour: "access-switch-with-a-long-name.example.net",
        remote_port: "GigabitEthernet0/1",
        address: "192.0.2.30",
        platform: "cisco WS-C2960-8TC-L",
        capabilities: "Switch IGMP",
      },
    ]);
    expect(read("cisco_ios", "neighbours", "show cdp neighbors detail", "% CDP is not enabled")).toEqual({
      is: "nothing",
      said: "% CDP is not enabled",
    });
  });

  it("is an interface in any of its states", () => {
    const output = `Interface              IP-Address      OK? Method Status                Protocol
GigabitEthernet0/0     192.0.2.1       YES NVRAM  up                    up
Ethernet0/0.100        unassigned      YES NVRAM  deleted               down
Serial0/1              unassigned      YES unset  administratively down down
Dialer1                198.51.100.4    YES IPCP   up                    up      `;
    expect(ios("interfaces", "show ip interface brief", output)).toEqual([
      { name: "GigabitEthernet0/0", address: "192.0.2.1", state: "up", protocol: "up" },
      { name: "Ethernet0/0.100", address: "unassigned", state: "deleted", protocol: "down" },
      { name: "Serial0/1", address: "unassigned", state: "administratively down", protocol: "down" },
      { name: "Dialer1", address: "198.51.100.4", state: "up", protocol: "up" },
    ]);
  });
});

describe("what Cisco NX-OS answers", () => {
  it("is JSON, with one thing in the place of a list of one, and broken by the terminal", () => {
    const whole =
      '{"TABLE_vrf": {"ROW_vrf": {"vrf-name-out": "default", "TABLE_adj": {"ROW_adj": {"mac": "0000.5e00.5309", "time-stamp": "00:00:57", "intf-out": "Vlan10", "ip-addr-out": "192.0.2.5"}}}}}';
    const expected = [
      { address: "192.0.2.5", mac: "0000.5e00.5309", interface: "Vlan10", age: "00:00:57", vrf: "default" },
    ];
    expect(nxos("arp", "show ip arp | json", whole)).toEqual(expected);
    expect(nxos("arp", "show ip arp | json", `${whole.slice(0, 80)}\n${whole.slice(80)}`)).toEqual(expected);
  });

  it("is nothing to be relied on where the document has other names", () => {
    const other = read("cisco_nxos", "arp", "show ip arp | json", '{"TABLE_other": {"ROW_other": {"a": 1}}}');
    expect(other).toMatchObject({ is: "strange" });
    expect(read("cisco_nxos", "arp", "show ip arp | json", "% Invalid command")).toMatchObject({
      is: "strange",
    });
  });

  it("is each next hop of a route, by JSON and by its table", () => {
    const document = {
      TABLE_vrf: {
        ROW_vrf: {
          "vrf-name-out": "default",
          TABLE_addrf: {
            ROW_addrf: {
              addrf: "ipv4",
              TABLE_prefix: {
                ROW_prefix: [
                  {
                    ipprefix: "198.51.100.0/24",
                    TABLE_path: {
                      ROW_path: [
                        {
                          ipnexthop: "192.0.2.2",
                          ifname: "Eth2/2",
                          uptime: "P5DT18H",
                          pref: "110",
                          metric: "3",
                          clientname: "ospf-10",
                        },
                        {
                          ipnexthop: "192.0.2.4",
                          ifname: "Eth2/4",
                          uptime: "P5DT18H",
                          pref: "110",
                          metric: "3",
                          clientname: "ospf-10",
                        },
                      ],
                    },
                  },
                ],
              },
            },
          },
        },
      },
    };
    const hop = {
      vrf: "default",
      prefix: "198.51.100.0/24",
      protocol: "ospf-10",
      preference: 110,
      metric: 3,
    };
    expect(nxos("routes", "show ip route | json", JSON.stringify(document))).toMatchObject([
      { ...hop, via: "192.0.2.2", interface: "Eth2/2" },
      { ...hop, via: "192.0.2.4", interface: "Eth2/4" },
    ]);
    const table = `IP Route Table for VRF "default"
'*' denotes best ucast next-hop
'**' denotes best mcast next-hop
'[x/y]' denotes [preference/metric]
'%<string>' in via output denotes VRF <string>

198.51.100.0/24, ubest/mbest: 2/0
    *via 192.0.2.2, Eth2/2, [110/3], 5d18h, ospf-10, intra
    *via 192.0.2.4, Eth2/4, [110/3], 5d18h, ospf-10, intra`;
    expect(nxos("routes", "show ip route", table)).toMatchObject([
      { ...hop, via: "192.0.2.2", interface: "Eth2/2" },
      { ...hop, via: "192.0.2.4", interface: "Eth2/4" },
    ]);
  });

  it("is its MAC table and its interfaces where JSON is not to be had", () => {
    const macs = `Legend:
        * - primary entry, G - Gateway MAC, (R) - Routed MAC, O - Overlay MAC
        age - seconds since last seen,+ - primary entry using vPC Peer-Link,
        (T) - True, (F) - False
     VLAN       MAC Address       Type     age    Secure  NTFY     Ports
------------+-----------------+----------+-------+------+------+------------------
G    100      0000.5e00.530a     static     -        F      F    sup-eth1(R)
*    145      0000.5e00.530b     dynamic    0        F      F    Po10`;
    expect(nxos("macs", "show mac address-table", macs)).toEqual([
      { vlan: "100", mac: "0000.5e00.530a", type: "static", port: "sup-eth1(R)" },
      { vlan: "145", mac: "0000.5e00.530b", type: "dynamic", port: "Po10" },
    ]);
    const interfaces = `--------------------------------------------------------------------------------
Port   VRF          Status IP Address                              Speed    MTU
--------------------------------------------------------------------------------
mgmt0  --           up     192.0.2.220                             1000     1500

--------------------------------------------------------------------------------
Ethernet      VLAN    Type Mode   Status  Reason                   Speed     Port
Interface                                                                    Ch #
--------------------------------------------------------------------------------
Eth1/1        1       eth  access up      none                        10G(D) --
Eth1/5        --      eth  routed down    Administratively down      auto(D) --`;
    expect(nxos("interfaces", "show interface brief", interfaces)).toEqual([
      { name: "mgmt0", state: "up", address: "192.0.2.220", speed: "1000", mtu: 1500 },
      { name: "Eth1/1", vlan: "1", state: "up", description: "none", speed: "10G(D)" },
      { name: "Eth1/5", vlan: "--", state: "down", description: "Administratively down", speed: "auto(D)" },
    ]);
  });
});
