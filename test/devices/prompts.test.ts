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
    ["exec", "gw-1", "gw-1:0>"],
    ["shell", "gw-1", "[Expert@gw-1]#"],
    ["shell", "gw-1", "[Expert@gw-1:0]#"],
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
  cisco_ftd: [
    ["exec", undefined, ">"],
    ["exec", "firepower", "firepower>"],
    ["enable", "firepower", "firepower#"],
    ["enable", "firepower", "firepower /ssa #"],
    ["enable", "firepower", "firepower /ssa/slot* #"],
    ["config", "firepower", "firepower(config)#"],
    ["shell", "ftd-1.lab", "admin@ftd-1.lab:~$"],
    ["shell", "ftd-1", "root@ftd-1:/home/admin#"],
  ],
  cisco_ucs: [
    ["exec", "FI-A", "FI-A#"],
    ["exec", "FI-A", "FI-A /org #"],
    ["exec", "FI-A", "FI-A /org* #"],
    ["exec", "UCS.Lab-B", "UCS.Lab-B /org/service-profile* #"],
    ["nxos", "FI-A", "FI-A(nxos)#"],
    ["nxos", "FI-A", "FI-A(nx-os)#"],
    ["nxos", "firepower", "firepower(fxos)#"],
    ["local-mgmt", "FI-A", "FI-A(local-mgmt)#"],
  ],
  ruckus_fastiron: [
    ["exec", "icx-2", "SSH@icx-2>"],
    ["enable", "icx-2", "SSH@icx-2#"],
    ["enable", "switch-001/002/003/123", "SSH@switch-001/002/003/123#"],
    ["enable", "Lab-ICX7250", "telnet@Lab-ICX7250#"],
    ["enable", "ICX7150-48-POEF", "ICX7150-48-POEF#"],
    ["config", "icx-2", "SSH@icx-2(config)#"],
    ["config", "icx-2", "SSH@icx-2(config-if-e1000-1/1/1)#"],
    ["config", "icx-2", "SSH@icx-2(config-vlan-20)#"],
  ],
  huawei_smartax: [
    ["exec", "MA5608T", "MA5608T>"],
    ["enable", "olt-8.site_2", "olt-8.site_2#"],
    ["config", "MA5608T", "MA5608T(config)#"],
    ["config", "MA5608T", "MA5608T(config-if-gpon-0/1)#"],
    ["diagnose", "MA5608T", "MA5608T(diagnose)%%"],
  ],
  dell_os6: [
    ["exec", "console", "console>"],
    ["enable", "N3048 hall 2", "N3048 hall 2#"],
    ["config", "N3048 hall 2", "N3048 hall 2(config)#"],
    ["config", "core.x-1", "core.x-1(config-if-Gi1/0/1)#"],
    ["config", "console", "console(Vlan 10)#"],
  ],
  dell_os9: [
    ["exec", "s4820t", "s4820t>"],
    ["enable", "s4820t", "s4820t#"],
    ["config", "s4820t", "s4820t(conf)#"],
    ["config", "Z9100-ON_1", "Z9100-ON_1(conf-if-te-1/1)#"],
  ],
  netgear_prosafe: [
    ["exec", "M4300-52G", "(M4300-52G) >"],
    ["enable", "M4300-52G", "(M4300-52G) #"],
    ["enable", "M4300 hall", "(M4300 hall)#"],
    ["config", "M4300-52G", "(M4300-52G) (Config)#"],
    ["config", "M4300-52G", "(M4300-52G) (Interface 1/0/1)#"],
    ["config", "M4300-52G", "(M4300-52G) (Vlan)#"],
    ["enable", "19sw011", "19sw011#"],
    ["config", "19sw011", "19sw011(config)#"],
  ],
  sonicwall_sonicos: [
    ["exec", "012345", "admin@012345>"],
    ["exec", "host-with-minus", "admin@host-with-minus>"],
    ["config", "C0EAE4599888", "config(C0EAE4599888)#"],
    ["config", undefined, "(edit-interface[X1])#"],
    ["config", undefined, "(add-address-object[web 1])#"],
  ],
  pfsense: [
    ["menu", undefined, "Enter an option:"],
    ["shell", "pfSense.home.arpa", "[2.7.2-RELEASE][admin@pfSense.home.arpa]/root:"],
    ["shell", "fw-1.lab", "[24.03-RELEASE][root@fw-1.lab]/usr/local/etc:"],
    ["shell", "OPNsense", "root@OPNsense:~ #"],
    ["shell", "OPNsense", "root@OPNsense:/usr/local/etc #"],
  ],
  citrix_netscaler: [
    ["exec", undefined, ">"],
    ["exec", "nsroot@vpx-1", "nsroot@vpx-1>"],
    ["exec", "vpx-1", "vpx-1-Primary>"],
    ["shell", "vpx-1", "root@vpx-1#"],
  ],
  alcatel_aos: [
    ["exec", undefined, "->"],
    ["exec", "OS6450", "OS6450 ->"],
    ["exec", "OS6450-P24", "OS6450-P24->"],
    ["exec", "S01-P1-RK13-SW01", "S01-P1-RK13-SW01 >"],
    ["exec", "S01-P1-RK13-SW01", "S01-P1-RK13-SW01#"],
  ],
  allied_awplus: [
    ["exec", "awplus", "awplus>"],
    ["enable", "hall_2.x930", "hall_2.x930#"],
    ["config", "awplus", "awplus(config)#"],
    ["config", "awplus", "awplus(config-if)#"],
  ],
  ciena_saos: [
    ["exec", "saos-7", "saos-7>"],
    ["exec", "saos-7", "saos-7*>"],
    ["exec", "CN_3930.a", "CN_3930.a>"],
  ],
  ciena_saos10: [
    ["exec", "LAB-CN5171-1", "LAB-CN5171-1>"],
    ["exec", "LAB-CN5171-1", "LAB-CN5171-1*>"],
    ["config", "LAB-CN5171-1", "LAB-CN5171-1#"],
    ["config", "LAB-CN5171-1", "LAB-CN5171-1(config)#"],
  ],
  zte_zxros: [
    ["exec", "zxr10-4", "zxr10-4>"],
    ["enable", "C300_x.1", "C300_x.1#"],
    ["config", "zxr10-4", "zxr10-4(config)#"],
    ["config", "zxan", "zxan(config-if-gpon-onu_1/2/3:1)#"],
    ["config", "zxan", "zxan(gpon-onu-mng 1/2/3:1)#"],
  ],
  ruijie_rgos: [
    ["exec", "Ruijie", "Ruijie>"],
    ["enable", "rg-s6220_1", "rg-s6220_1#"],
    ["config", "Ruijie", "Ruijie(config)#"],
    ["config", "Ruijie", "Ruijie(config-if-GigabitEthernet 0/1)#"],
  ],
  extreme_voss: [
    ["exec", "VSP-7254", "VSP-7254:1>"],
    ["enable", "VSP-7254", "VSP-7254:1#"],
    ["config", "VSP-7254", "VSP-7254:1(config)#"],
    ["config", "core_1.x", "core_1.x:2(config-if)#"],
  ],
  extreme_ers: [
    ["exec", "5520-24T-PWR", "5520-24T-PWR>"],
    ["enable", "ERS&lab+1", "ERS&lab+1#"],
    ["enable", "4950GTS", "4950GTS>#"],
    ["config", "5520-24T-PWR", "5520-24T-PWR(config)#"],
    ["config", "5520-24T-PWR", "5520-24T-PWR(config-if)#"],
  ],
  cisco_viptela: [
    ["exec", "vedge-12", "vedge-12#"],
    ["config", "vedge-12", "vedge-12(config)#"],
    ["config", "vm.a_1", "vm.a_1(config-interface-ge0/0)#"],
    ["shell", "vedge-12", "vedge-12:~$"],
  ],
  sonic: [
    ["shell", "sonic-1", "admin@sonic-1:~$"],
    ["shell", "sonic-1", "root@sonic-1:/home/admin#"],
    ["exec", "sonic-1", "sonic-1#"],
    ["config", "sonic-1", "sonic-1(config)#"],
    ["config", "leaf_1.x", "leaf_1.x(conf-if-Ethernet0)#"],
  ],
  a10_acos: [
    ["exec", "AX-1", "AX-1>"],
    ["exec", "AX-1", "AX-1-Active>"],
    ["enable", "AX-1", "AX-1#"],
    ["enable", "AX-1", "AX-1-Active#"],
    ["enable", "AX-1", "AX-1-Standby#"],
    ["enable", "AX-1", "AX-1-ForcedStandby#"],
    ["enable", "vThunder", "vThunder(NOLICENSE)#"],
    ["enable", "AX-1", "AX-1-Active[part-a]#"],
    ["enable", "AX-1", "AX-1-vMaster-Active#"],
    ["config", "AX-1", "AX-1-Active(config)#"],
    ["config", "AX-1", "AX-1-Standby(config-slb vserver)#"],
    ["config", "vThunder", "vThunder(config)(NOLICENSE)#"],
  ],
  oneaccess_oneos: [
    ["exec", "one_1", "one_1>"],
    ["enable", "one.1-a", "one.1-a#"],
    ["config", "one_1", "one_1(config)#"],
    ["config", "one_1", "one_1(config-if)#"],
    ["config", "one_1", "one_1(configure)#"],
  ],
  zyxel_zynos: [
    ["exec", "XGS4600", "XGS4600>"],
    ["enable", "XGS4600", "XGS4600#"],
    ["config", "XGS4600", "XGS4600(config)#"],
    ["config", "gs_1.x", "gs_1.x(config-interface)#"],
  ],
  fs_fsos: [
    ["exec", "FS-LAB", "FS-LAB>"],
    ["enable", "FS-LAB-OXI", "FS-LAB-OXI#"],
    ["config", "FS-LAB", "FS-LAB(config-if)#"],
    ["config", "Switch", "Switch_config#"],
    ["config", "Switch", "Switch_config_g0/1#"],
  ],
  eltex_mes: [
    ["exec", "MES3324", "MES3324>"],
    ["enable", "mes_1.x", "mes_1.x#"],
    ["config", "MES3324", "MES3324(config)#"],
    ["config", "MES3324", "MES3324(config-if)#"],
  ],
  eltex_esr: [
    ["exec", "esr", "esr>"],
    ["enable", "esr-200_1", "esr-200_1#"],
    ["config", "esr", "esr(config)#"],
    ["config", "esr", "esr(config-if-gi)#"],
    ["config", "esr", "esr(change-expired-password)#"],
  ],
  adtran_aos: [
    ["exec", "NV3430", "NV3430>"],
    ["enable", "TA_900.x", "TA_900.x#"],
    ["config", "NV3430", "NV3430(config)#"],
    ["config", "NV3430", "NV3430(config-eth 0/1)#"],
  ],
  sophos_sfos: [
    ["menu", undefined, "Select Menu Number [0-7]:"],
    ["menu", undefined, "    Select Menu Number [0-7]:"],
    ["exec", undefined, "console>"],
    ["shell", undefined, "XG135_XN03_SFOS 18.0.0 GA-Build339#"],
  ],
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

/** Progress and rules that end in a prompt's mark. */
const PROGRESS = ["#####", "=====>", "----->", "......>", "..........55%", ">>>>>", "####>", "------#"];

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

  it("no platform are progress that ends in a prompt's mark", () => {
    const taken = catalog
      .ids()
      .flatMap((id) => PROGRESS.filter((row) => device(id).prompt(row)).map((row) => `${id}: ${row}`));
    expect(taken).toEqual([]);
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

it.each(["User Name:", "Username: ", "username:"])(
  "a login inside the terminal of Cisco Small Business asks %j for the name",
  (row) => {
    const step = device("cisco_s300").inBand.find(({ test }) => test(row.trimEnd()));
    expect(step?.answer).toBe("username");
  },
);
