import { describe, expect, it } from "vitest";
import { allSamples, riskOf } from "./collections.ts";

/** Lines that leave something behind: what is saved, changed, cleared, captured, written to a file. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  cisco_ios: [
    "write memory",
    "wr",
    "copy run start",
    "copy running-config tftp://10.0.0.5/x",
    "configure terminal",
    "conf t",
    "clear counters",
    "clear logging",
    "debug ip ospf adj",
    "monitor capture CAP start",
    "mkdir flash:x",
    "rename flash:a flash:b",
    "send log hi",
    "show run | redirect flash:x",
    "show run | append flash:x",
    "show run | tee flash:x",
    "clock set 10:00:00 1 jan 2026",
    "verifyx",
    "do conf t",
    "clear arp-cache",
    "reload",
    "frobnicate",
  ],
  cisco_nxos: [
    "copy r s",
    "checkpoint x",
    "conf t",
    "show run > bootflash:x",
    "show run | tee x",
    "show version ; conf t",
    "clear counters",
    "tac-pac bootflash:x",
    "configure dual-stage",
  ],
  arista_eos: [
    "write",
    "copy run flash:x",
    "configure session s",
    "clear counters",
    "show run | redirect flash:x",
    "configure",
  ],
  cisco_iosxr: [
    "configure",
    "conf t",
    "copy running-config disk0:x",
    "clear counters all",
    "show run | file disk0:x",
  ],
  cisco_asa: ["write memory", "capture CAP interface inside", "clear counters", "conf t", "logging on"],
  juniper_junos: [
    "configure",
    "configure private",
    "edit",
    "clear arp",
    "clear interfaces statistics all",
    "file copy a b",
    "request system snapshot",
    "request system configuration rescue save",
    "show configuration | save x",
    "show log messages | append x",
    "clear log messages",
  ],
  mikrotik_routeros: [
    "/ip address add address=10.0.0.1/24 interface=x",
    "/interface enable ether1",
    "/interface comment ether1 x",
    "/export file=x",
    "/system backup save name=x",
    "/ip dns cache flush",
    "/system identity set name=x",
    "/interface reset-counters ether1",
    "/ip route add gateway=1.1.1.1",
    ":foreach i in=[/interface find] do={/interface enable $i}",
    ":put [/interface enable ether1]",
    "/tool fetch url=http://10.0.0.1/x",
    "/ip address print file=x",
    "/interface print; /interface enable ether1",
  ],
  huawei_vrp: [
    "save",
    "system-view",
    "sys",
    "reset counters interface",
    "copy flash:/a flash:/b",
    "mkdir x",
    "display version > flash:/x",
    "clock datetime 1:00:00 2026-01-01",
    "tftp 10.0.0.1 put x",
    "debugging ip packet",
  ],
  hp_comware: ["save", "system-view", "reset counters interface", "display version >> flash:/x", "copy a b"],
  fortinet_fortios: [
    "config system global",
    "execute backup config tftp x 10.0.0.1",
    "diagnose debug enable",
    "set x y",
    "edit 1",
    "execute cfg save",
  ],
  paloalto_panos: [
    "configure",
    "save config to x",
    "scp export configuration from x to y",
    "clear counter global",
    "request license fetch",
    "commit",
  ],
  vyos: [
    "configure",
    "save",
    "clear interfaces ethernet eth0 counters",
    "generate tech-support archive",
    "copy file a to b",
    "frob",
  ],
  aruba_aoscx: [
    "write memory",
    "configure",
    "checkpoint x",
    "copy running-config checkpoint x",
    "clear events",
    "copy running-config tftp://10.0.0.1/x cli",
  ],
  hp_procurve: ["write memory", "configure", "clear statistics 1", "copy running-config tftp 10.0.0.1 x"],
  nokia_sros: [
    "configure",
    "admin save",
    "configure port 1/1/1 no shutdown",
    "configure system name x",
    "edit-config private",
    "admin rollback save",
    "clear log 99",
  ],
  nokia_srlinux: ["enter candidate", "save startup", "enter candidate private"],
  extreme_exos: [
    "save",
    "create vlan x",
    "enable port 1",
    "configure vlan x tag 5",
    "clear counters",
    "upload configuration 10.0.0.1 x",
  ],
  f5_tmsh: [
    "save sys config",
    "create ltm pool P",
    "modify ltm pool P description x",
    "save sys ucs x",
    "reset-stats ltm pool P",
  ],
  dell_os10: ["write memory", "conf t", "copy running-configuration startup-configuration", "clear counters"],
  citrix_netscaler: [
    "save ns config",
    "add server x 10.0.0.1",
    "enable server x",
    "set ns config -x",
    "bind lb vserver a b",
  ],
  checkpoint_gaia: ["save config", "set hostname x", "add user x", "backup"],
  cisco_wlc: [
    "save config",
    "config sysname x",
    "config ap name a b",
    "debug client 00:11:22:33:44:55",
    "transfer upload start",
  ],
  ruckus_fastiron: ["write memory", "conf t", "clear statistics", "clear arp"],
};

describe("under read_only", () => {
  const writes = Object.entries(WRITES).flatMap(([platform, texts]) =>
    texts.map((text) => ({ platform, text })),
  );

  it("nothing that writes is taken for reading", () => {
    expect(writes.length).toBeGreaterThanOrEqual(150);
    expect(writes.filter(({ platform, text }) => riskOf(platform, text) === "read")).toEqual([]);
  });

  it("nothing that destroys is taken for reading", () => {
    expect(
      allSamples.filter(
        ({ destructive, platform, text }) => destructive && riskOf(platform, text) === "read",
      ),
    ).toEqual([]);
  });
});
