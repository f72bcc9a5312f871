import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { Device } from "../../src/devices/device.ts";

const catalog = openCatalog();
const devices = new Map<string, Device>();
beforeAll(async () => {
  for (const id of catalog.ids()) devices.set(id, await catalog.device(id));
});
function device(id: string): Device {
  const found = devices.get(id);
  if (!found) throw new Error(`no profile ${id}`);
  return found;
}

/** Prompts in the shapes that are known of each platform: mode, hostname where the prompt tells it, row. */
const PROMPTS: Readonly<Record<string, readonly (readonly [string, string | undefined, string])[]>> = {
  cisco_ios: [
    ["exec", "sw1", "sw1>"],
    ["enable", "sw1", "sw1#"],
    ["config", "sw1", "sw1(config)#"],
    ["config", "sw1", "sw1(config-if)#"],
    ["config", "sw1", "sw1(config-router-af)#"],
    ["config", "distribution-swi", "distribution-swi(config-if-range)#"],
    ["config", "sw1", "sw1(ca-trustpoint)#"],
    ["config", "sw1", "sw1(cfg-crypto-trans)#"],
    ["config", "sw1", "sw1(ipsec-profile)#"],
    ["config", "switch", "switch(boot)#"],
    ["enable", "sw(bootlab)", "sw(bootlab)#"],
    ["enable", "European.76(3.11)", "European.76(3.11)#"],
    ["enable", "LAB-SW123_9200L", "LAB-SW123_9200L#"],
    ["tclsh", "sw1", "sw1(tcl)#"],
    ["tclsh", undefined, "+>"],
  ],
  cisco_nxos: [
    ["exec", "leaf1", "leaf1>"],
    ["enable", "leaf1", "leaf1#"],
    ["enable", "leaf1", "leaf1(maint-mode)#"],
    ["config", "leaf1", "leaf1(config)#"],
    ["config", "leaf1", "leaf1(config-if-range)#"],
    ["config", "leaf1", "leaf1(maint-mode)(config)#"],
    ["config", "leaf1", "leaf1(config-s-session1)#"],
    ["tclsh", "leaf1", "leaf1(config-tcl)#"],
  ],
  cisco_iosxr: [
    ["exec", "core1", "RP/0/RP0/CPU0:core1#"],
    ["exec", "core1", "RP/0/RSP0/CPU0:core1#"],
    ["config", "core1", "RP/0/RP0/CPU0:core1(config)#"],
    ["config", "core1", "RP/0/RP0/CPU0:core1(config-bgp-nbr-af)#"],
    ["admin", "core1", "RP/0/RP0/CPU0:core1(admin)#"],
    ["admin", undefined, "sysadmin-vm:0_RP0#"],
  ],
  cisco_asa: [
    ["exec", "fw1", "fw1>"],
    ["enable", "fw1", "fw1#"],
    ["enable", "fw1", "fw1/admin#"],
    ["enable", "fw1", "fw1/pri/act#"],
    ["config", "fw1", "fw1(config)#"],
    ["config", "fw1", "fw1/ctx1(config-if)#"],
  ],
  cisco_wlc: [
    ["exec", "Cisco Controller", "(Cisco Controller) >"],
    ["config", "Cisco Controller", "(Cisco Controller) config>"],
  ],
  cisco_s300: [
    ["exec", "sg300", "sg300>"],
    ["enable", "sg300", "sg300#"],
    ["config", "sg300", "sg300(config-if)#"],
  ],
  arista_eos: [
    ["exec", "spine1", "spine1>"],
    ["enable", "spine1", "spine1#"],
    ["enable", "spine1", "spine1(s1)#"],
    ["config", "spine1", "spine1(config)#"],
    ["config", "spine1", "spine1(s1)(config-if-Et1)#"],
    ["config", "spine1", "spine1(config-s-change1)#"],
    ["enable", "spine1.12:04:55", "spine1.12:04:55#"],
    ["shell", "spine1", "[admin@spine1 ~]$"],
  ],
  juniper_junos: [
    ["exec", "r1", "noc@r1>"],
    ["config", "r1", "noc@r1#"],
    ["exec", "r1", "r1>"],
    ["shell", "r1", "root@r1%"],
    ["shell", "r1", "root@r1:~ #"],
    ["shell", undefined, "%"],
  ],
  mikrotik_routeros: [
    ["exec", "MikroTik", "[admin@MikroTik] >"],
    ["exec", "core router", "[admin@core router] >"],
    ["exec", "MikroTik", "[admin@MikroTik] /ip/address>"],
    ["exec", "MikroTik", "[admin@MikroTik] /ip firewall filter>"],
    ["safe", "MikroTik", "[admin@MikroTik] <SAFE>"],
  ],
  huawei_vrp: [
    ["exec", "core1", "<core1>"],
    ["exec", "fw1", "HRP_M<fw1>"],
    ["config", "core1", "[core1]"],
    ["config", "core1", "[~core1]"],
    ["config", "core1", "[*core1-GigabitEthernet0/0/1]"],
    ["config", "fw1", "HRP_M[fw1-policy-security]"],
  ],
  hp_comware: [
    ["exec", "sw1", "<sw1>"],
    ["exec", "fw1", "RBM_P<fw1>"],
    ["config", "sw1", "[sw1]"],
    ["config", "sw1", "[sw1-Ten-GigabitEthernet1/0/1]"],
  ],
  aruba_aoscx: [
    ["exec", "ssh prompt", "ssh prompt>"],
    ["enable", "6300", "6300#"],
    ["config", "6300", "6300(config)#"],
    ["config", "6300", "6300(config-if-vlan)#"],
  ],
  hp_procurve: [
    ["exec", "HP-2530-24G", "HP-2530-24G>"],
    ["enable", "HP Stack 2920", "HP Stack 2920#"],
    ["config", "HP-2530-24G", "HP-2530-24G(config)#"],
    ["config", "HP-2530-24G", "HP-2530-24G(vlan-10)#"],
    ["config", "HP-2530-24G", "HP-2530-24G(eth-A1-A4)#"],
    ["enable", "Hall(3)", "Hall(3)#"],
    ["exec", "Hall(3)", "Hall(3)>"],
    ["config", "Hall(3)", "Hall(3)(config)#"],
    ["config", "Hall(3)", "Hall(3)(vlan-7)#"],
  ],
  aruba_os: [
    ["exec", "wlc1", "(wlc1) >"],
    ["enable", "wlc1", "(wlc1) #"],
    ["enable", "wlc1", "(wlc1) *[mynode] #"],
    ["enable", "wlc1", "(wlc1) ^*[md] #"],
    ["config", "wlc1", "(wlc1) (config) #"],
    ["config", "wlc1", "(wlc1) [mynode] (config) #"],
    ["enable", "ap-17", "ap-17#"],
  ],
  fortinet_fortios: [
    ["exec", "fw1", "fw1 #"],
    ["exec", "fw1", "fw1 $"],
    ["config", "fw1", "fw1 (global) #"],
    ["config", "fw1", "fw1 (interface) #"],
    ["exec", "fw1", "fw1(Primary) #"],
    ["config", "fw1", "fw1(Primary) (global) #"],
    ["exec", "lb1", "(M) lb1 $"],
  ],
  paloalto_panos: [
    ["exec", "pa1", "admin@pa1>"],
    ["exec", "pa1", "admin@pa1(active)>"],
    ["config", "pa1", "admin@pa1#"],
    ["config", "pa1", "admin@pa1(active-primary)#"],
  ],
  nokia_sros: [
    ["exec", "r1", "A:r1#"],
    ["exec", "r1", "*A:r1#"],
    ["exec", "r1", "A:r1>show#"],
    ["config", "r1", "*A:r1>config>router#"],
    ["config", "r1", "*A:r1>config>service>vpls$"],
    ["exec", "r1", "A:admin@r1#"],
  ],
  nokia_srlinux: [
    ["exec", "leaf1", "A:leaf1#"],
    ["exec", "leaf1", "A:admin@leaf1#"],
    ["shell", "leaf1", "admin@leaf1:~$"],
  ],
  vyos: [
    ["exec", "fw1", "first.last@fw1:~$"],
    ["exec", "fw1", "vyos@fw1>"],
    ["config", "fw1", "vyos@fw1#"],
  ],
  ubiquiti_edgeos: [
    ["exec", "er1", "ubnt@er1:~$"],
    ["config", "er1", "ubnt@er1#"],
  ],
  ubiquiti_edgeswitch: [
    ["exec", "UBNT EdgeSwitch", "(UBNT EdgeSwitch) >"],
    ["enable", "UBNT EdgeSwitch", "(UBNT EdgeSwitch) #"],
    ["config", "UBNT EdgeSwitch", "(UBNT EdgeSwitch) (Config)#"],
    ["config", "UBNT EdgeSwitch", "(UBNT EdgeSwitch) (Interface 0/1)#"],
    ["exec", "Metro_A_1", "(Metro_A_1)>"],
  ],
  extreme_exos: [
    ["exec", "x440", "x440.1 #"],
    ["exec", "x440", "* x440.12 #"],
    ["exec", "stack", "* Slot-1 stack.3 #"],
    ["exec", "x440", "! * (pending-AAA) x440.7 >"],
  ],
  dell_os10: [
    ["exec", "os10", "os10>"],
    ["enable", "os10", "os10#"],
    ["config", "os10", "os10(conf-if-eth1/1/1)#"],
  ],
  dlink: [
    ["exec", "DGS-3120", "DGS-3120:user#"],
    ["enable", "DGS-3120", "DGS-3120:admin#"],
    ["enable", "DGS-3120", "DGS-3120:5#"],
    ["enable", "DES-3200-28", "DES-3200-28#"],
  ],
  tplink_jetstream: [
    ["exec", "T1600G", "T1600G>"],
    ["enable", "T1600G", "T1600G#"],
    ["config", "T1600G", "T1600G(config-if)#"],
  ],
  checkpoint_gaia: [
    ["exec", "gw-1", "gw-1>"],
    ["shell", "gw-1", "[Expert@gw-1]#"],
  ],
  f5_tmsh: [
    ["exec", "bigip1", "admin@(bigip1)(cfg-sync Standalone)(Active)(/Common)(tmos)#"],
    ["exec", "bigip1", "admin@(bigip1)(cfg-sync In Sync)(Standby)(/Common)(tmos.ltm)#"],
    ["shell", "bigip1", "[root@bigip1:Active:Standalone] ~ #"],
  ],
  mellanox_onyx: [
    ["exec", "sn2700", "sn2700 >"],
    ["enable", "sn2700", "sn2700 [mlag: master] #"],
    ["config", "sn2700", "sn2700 [standalone: master] (config) #"],
    ["config", "sn2700", "sn2700 (config interface ethernet 1/1) #"],
  ],
  netgate_tnsr: [
    ["exec", "edge", "edge tnsr#"],
    ["config", "edge", "edge tnsr(config)#"],
  ],
  frr: [
    ["exec", "r1", "r1>"],
    ["enable", "r1", "r1#"],
    ["config", "r1", "r1(config-router-af)#"],
    ["config", "(null)", "(null)(config)#"],
  ],
  bird: [["exec", undefined, "bird>"]],
  openwrt: [["shell", "OpenWrt", "root@OpenWrt:~#"]],
};

/** Rows of output, banners and questions that no profile may take for its prompt. */
const NEVER = [
  "Building configuration...",
  "  description to core1#",
  "interface GigabitEthernet1/0/1",
  "% Invalid input detected at '^' marker.",
  "Current configuration : 12345 bytes",
  "!",
  "hostname sw1",
  "banner motd ^C Authorized users only! ^C",
  "Password:",
  "User Name:",
  "login:",
  "Proceed with reload? [confirm]",
  "Destination filename [startup-config]?",
  "Are you sure? [Y/N]:",
  "Reboot, yes? [y/N]:",
  " --More-- ",
  "--More--",
  "  ---- More ----",
  "<--- More --->",
  "-- MORE --, next page: Space, next line: Enter, quit: q",
  "---(more 12%)---",
  "-- [Q quit|D dump|down]",
  "lines 1-23",
  "(END)",
  "Press any key to continue (Q to quit)",
  "*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console by noc on vty0 (10.0.0.1)",
  "Aug 24 2026 11:02:17 core1 %%01SHELL/5/CMDRECORD(l)[12]: Record command",
  "********************************************",
  "Last login: Sat Nov 21 05:53:41 2026 from 10.0.0.1",
  "   1   0:0:0.1   42%",
  "GigabitEthernet0/1     10.0.0.1        YES NVRAM  up                    up",
  "Success rate is 100 percent (5/5), round-trip min/avg/max = 1/2/4 ms",
];

describe("the prompts of", () => {
  it.each(Object.entries(PROMPTS))("%s are known with mode and hostname", (id, prompts) => {
    for (const [mode, host, row] of prompts)
      expect([row, device(id).prompt(row)]).toEqual([row, expect.objectContaining({ mode, host })]);
  });

  it("every platform are in this table", () => {
    expect(catalog.ids().filter((id) => PROMPTS[id] === undefined)).toEqual(["generic_cli"]);
  });

  it.each(Object.keys(PROMPTS))("%s are none of the rows that devices print otherwise", (id) => {
    expect(NEVER.filter((row) => device(id).prompt(row.trimEnd()) !== undefined)).toEqual([]);
  });

  it("huawei_vrp do not include the version row of its configuration", () => {
    expect(device("huawei_vrp").prompt("[V200R009C00SPC500]")).toBeUndefined();
  });

  it("each platform end at the row's end: what is typed behind them is no prompt", () => {
    for (const [id, prompts] of Object.entries(PROMPTS))
      for (const [, , row] of prompts)
        expect([id, row, device(id).prompt(`${row} show version`)]).toEqual([id, row, undefined]);
  });
});

const corpus = process.env.SSH_MCP_CORPUS ?? join(import.meta.dirname, "../../../shared/corpus");
const outputs = listed(join(corpus, "oxidized"), "_output.txt");

/** Recorded outputs by the platform they come from. */
const RECORDED: readonly (readonly [RegExp, string])[] = [
  [/^aoscx/, "aruba_aoscx"],
  [/^aosw/, "aruba_os"],
  [/^asa/, "cisco_asa"],
  [/^efos/, "ubiquiti_edgeswitch"],
  [/^eos/, "arista_eos"],
  [/^fortigate/, "fortinet_fortios"],
  [/^h3c/, "hp_comware"],
  [/^ios/, "cisco_ios"],
  [/^junos/, "juniper_junos"],
  [/^mlnxos/, "mellanox_onyx"],
  [/^nxos/, "cisco_nxos"],
  [/^routeros/, "mikrotik_routeros"],
  [/^tnsr/, "netgate_tnsr"],
  [/^vyos/, "vyos"],
];

describe.skipIf(outputs.length === 0)("the outputs of recorded devices", () => {
  it("hold no row that their profile takes for a prompt", () => {
    const taken: string[] = [];
    let rows = 0;
    for (const file of outputs) {
      const id = RECORDED.find(([name]) => name.test(file))?.[1];
      if (id === undefined) continue;
      for (const line of readFileSync(join(corpus, "oxidized", file), "utf8").split("\n")) {
        rows++;
        if (device(id).prompt(line.trimEnd())) taken.push(`${file}: ${line}`);
      }
    }
    expect(taken).toEqual([]);
    expect(rows).toBeGreaterThan(1000);
  });
});

function listed(folder: string, end: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(end));
  } catch {
    return [];
  }
}
