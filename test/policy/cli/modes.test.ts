import { describe, expect, it } from "vitest";
import { judgeCli, stateAt } from "../../../src/policy/cli/judge.ts";
import { grammar, passes } from "./collections.ts";

/** Ways into the configuration of something, each with a line that does harm there and nothing before. */
const PATHS: readonly (readonly [string, string, string])[] = [
  ["cisco_ios", "configure terminal\ninterface Gi0/1", "shutdown"],
  ["cisco_ios", "conf t\nint gi0/1", "shut"],
  ["cisco_ios", "config t\nint vlan 10", "sh"],
  ["cisco_ios", "configure\ninterface Gi0/1", "no ip address"],
  ["cisco_ios", "conf t\nrouter bgp 65000", "no neighbor 10.0.0.1"],
  ["cisco_ios", "conf t\nrouter bgp 65000\naddress-family ipv4", "no network 10.0.0.0"],
  ["cisco_ios", "conf t\nrouter bgp 65000\naddress-family ipv4\nexit-address-family", "no neighbor 10.0.0.1"],
  ["cisco_ios", "conf t\nhostname a\nvlan 10\nexit\nint gi0/1", "shutdown"],
  ["cisco_ios", "show version\nconf t\nline vty 0 4\nexit\ninterface po1", "no switchport"],
  ["cisco_ios", "enable\nconf t", "no vlan 10"],
  ["cisco_ios", "conf t\nint gi0/1\nexit", "no router ospf 1"],
  ["cisco_ios", "conf t\nip sla 1\nicmp-echo 10.0.0.1\nexit\nexit", "no router ospf 1"],
  ["cisco_ios", "conf t\ndo show clock\nint gi0/1\ndo show clock", "shutdown"],
  ["cisco_ios", "conf t\nend\nconf t\nint gi0/1", "shutdown"],
  ["cisco_ios", "  CONF   T\n  INT GI0/1", "SHUT"],
  ["cisco_nxos", "conf t ; int e1/1", "shutdown"],
  ["cisco_nxos", "configure terminal\nvpc domain 1", "shutdown"],
  ["cisco_nxos", "conf\nrouter ospf 1\nvrf RED", "no router-id 1.1.1.1"],
  ["arista_eos", "conf\nint et1", "shutdown"],
  ["arista_eos", "configure session x\nint et1", "shutdown"],
  ["cisco_iosxr", "conf t\nint gi0/0/0/0", "shutdown"],
  ["cisco_iosxr", "configure exclusive\nrouter bgp 1\nneighbor 10.0.0.1", "shutdown"],
  ["cisco_asa", "conf t\nint gi0/1", "shut"],
  ["huawei_vrp", "system-view\nint gi0/0/1", "shutdown"],
  ["huawei_vrp", "sys\nbgp 65000\nipv4-family unicast", "undo peer 10.0.0.1"],
  ["huawei_vrp", "system\ninterface gi0/0/1\nquit", "undo vlan 10"],
  ["hp_comware", "sys\nint g1/0/1", "shut"],
  ["juniper_junos", "configure\nedit interfaces ge-0/0/0", "set disable"],
  ["juniper_junos", "edit\nedit protocols bgp\ntop", "delete protocols bgp"],
  ["juniper_junos", "configure exclusive\nrun show version", "set interfaces ge-0/0/0 disable"],
  ["vyos", "configure\nedit interfaces ethernet eth0", "set disable"],
  ["aruba_aoscx", "conf t\ninterface 1/1/1", "shutdown"],
  ["hp_procurve", "conf\nint 1", "disable"],
  ["nokia_sros", "configure port 1/1/1", "shutdown"],
  ["nokia_sros", "configure\nrouter\ninterface x", "shutdown"],
  ["fortinet_fortios", "config system interface\nedit port1", "set status down"],
  ["frr", "conf t\nrouter bgp 1", "no neighbor 10.0.0.1"],
  ["dell_os10", "conf t\ninterface ethernet 1/1/1", "shutdown"],
];

describe("a statement is judged in the mode that a text has come to", () => {
  it("along many paths", () => {
    expect(PATHS.length).toBeGreaterThanOrEqual(30);
  });

  it.each(PATHS)("%s: %j leads to where %j does harm", (platform, path, line) => {
    const before = judgeCli(path, grammar(platform), stateAt(grammar(platform)));
    expect([before.findings.filter(({ risk }) => !passes(risk)), passes(before.risk)]).toEqual([[], true]);
    expect(passes(judgeCli(`${path}\n${line}`, grammar(platform), stateAt(grammar(platform))).risk)).toBe(
      false,
    );
    expect(passes(judgeCli(line, grammar(platform), before.state).risk)).toBe(false);
  });

  it("the words of configuration are harmless at the privileged prompt", () => {
    for (const line of ["shut", "no shutdown", "no router bgp 65000"])
      expect(judgeCli(line, grammar("cisco_ios"), stateAt(grammar("cisco_ios"))).risk).toBe("write");
  });

  it("a prompt of configuration is enough to know it", () => {
    for (const [platform, , line] of PATHS.filter(
      ([id]) => id !== "fortinet_fortios" && id !== "juniper_junos",
    ))
      expect([
        platform,
        line,
        passes(judgeCli(line, grammar(platform), stateAt(grammar(platform), "config")).risk),
      ]).toEqual([platform, line, false]);
  });

  it("a prompt of configuration that is no mode of its own is somewhere in it", () => {
    const state = stateAt(grammar("fortinet_fortios"), "config");
    expect(state).toEqual({ mode: "exec" });
    expect(judgeCli("set comments x", grammar("fortinet_fortios"), state).risk).toBe("write");
    expect(judgeCli("next\nend\nget system status", grammar("fortinet_fortios"), state).risk).toBe("read");
    expect(judgeCli("delete 5", grammar("fortinet_fortios"), state).risk).toBe("disruptive");
  });

  it("behind end, words of configuration are harmless again", () => {
    const { state, risk } = judgeCli(
      "conf t\nint gi0/1\ndescription x\nend\nshow clock",
      grammar("cisco_ios"),
      stateAt(grammar("cisco_ios")),
    );
    expect([risk, state]).toEqual(["write", { mode: "exec", path: [] }]);
  });

  it("behind exit it may still be configuration: what is known there is judged there", () => {
    const { state } = judgeCli(
      "conf t\nhostname x\nexit",
      grammar("cisco_ios"),
      stateAt(grammar("cisco_ios")),
    );
    expect(state).toEqual({ mode: "exec", path: [], perhaps: "config" });
    expect(judgeCli("write memory", grammar("cisco_ios"), state).risk).toBe("write");
    expect(judgeCli("no router bgp 1", grammar("cisco_ios"), state).risk).toBe("disruptive");
  });

  it("says where it is", () => {
    const at = (platform: string, text: string) =>
      judgeCli(text, grammar(platform), stateAt(grammar(platform))).state;
    expect(at("cisco_ios", "conf t\nint gi0/1")).toEqual({ mode: "config", path: ["int gi0/1"] });
    expect(at("fortinet_fortios", "config router bgp\nconfig neighbor\nedit 10.0.0.1\nnext\nend")).toEqual({
      mode: "exec",
      path: ["config router bgp"],
    });
    expect(at("mikrotik_routeros", "/ip firewall\nfilter")).toEqual({
      mode: "exec",
      path: ["ip", "firewall", "filter"],
    });
    expect(at("mikrotik_routeros", "/ip firewall\n/interface\n..")).toEqual({ mode: "exec", path: [] });
  });
});

describe("a program that reads instead of the command line", () => {
  it.each([
    ["cisco_ios", "tclsh", "show version"],
    ["cisco_ios", "guestshell run bash", "ls"],
    ["cisco_nxos", "run bash", "ls"],
    ["cisco_iosxr", "run", "ls"],
    ["arista_eos", "bash", "ls"],
    ["juniper_junos", "start shell", "ls"],
    ["f5_tmsh", "bash", "ls"],
    ["checkpoint_gaia", "expert", "ls"],
    ["vyos", "su", "show version"],
    ["nokia_srlinux", "bash", "ls"],
    ["mikrotik_routeros", "/system ssh 10.0.0.1", "/ip address print"],
    ["huawei_vrp", "telnet 10.0.0.1", "display version"],
  ])("%s: %j asks, and so does %j behind it", (platform, enters, line) => {
    const judged = judgeCli(enters, grammar(platform), stateAt(grammar(platform)));
    expect(passes(judged.risk)).toBe(false);
    expect(judged.state.opaque).toBeTypeOf("string");
    expect(judgeCli(line, grammar(platform), judged.state).risk).toBe("opaque");
  });

  it("is what the prompt of a shell means", () => {
    const state = stateAt(grammar("cisco_nxos"), "shell");
    expect(judgeCli("show version", grammar("cisco_nxos"), state).risk).toBe("opaque");
  });
});
