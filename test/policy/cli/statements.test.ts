import { describe, expect, it } from "vitest";
import { judgeCli, stateAt } from "../../../src/policy/cli/judge.ts";
import { grammar, passes, riskOf } from "./collections.ts";

const judge = (platform: string, text: string, mode?: string) =>
  judgeCli(text, grammar(platform), stateAt(grammar(platform), mode));

describe("abbreviations", () => {
  it.each([
    ["cisco_ios", "rel", "disruptive", "reload"],
    ["cisco_ios", "wr er", "irreversible", "write erase"],
    ["cisco_ios", "wr", "write", "write"],
    ["juniper_junos", "req sys zero", "irreversible", "request system zeroize"],
    ["juniper_junos", "req sys reb", "disruptive", "request system reboot"],
  ])("%s: %j is %s, told as %j", (platform, text, risk, meaning) => {
    expect(judge(platform, text)).toMatchObject({ risk, findings: [{ meaning, from: 0, to: text.length }] });
  });

  it("mean the worst of what they can mean", () => {
    expect(passes(riskOf("cisco_ios", "re"))).toBe(false);
    expect(passes(riskOf("cisco_ios", "cl c"))).toBe(false);
    expect(riskOf("cisco_ios", "cl cou")).toBe("write");
  });

  it("mean what the mode makes of them", () => {
    expect(judge("cisco_ios", "sh").risk).toBe("read");
    expect(judge("cisco_ios", "sh", "config").risk).toBe("disruptive");
    expect(judge("arista_eos", "sh ip int br", "config").risk).toBe("read");
  });

  it("end at no hyphen: what is in front of it is a word of its own", () => {
    expect(judge("cisco_ios", "no ip route-cache", "config").risk).toBe("write");
    expect(judge("cisco_ios", "no ip route 10.0.0.0 255.0.0.0 10.0.0.1", "config").risk).toBe("disruptive");
  });
});

describe("pipes", () => {
  it.each([
    "| include x",
    "| i x",
    "| begin reload",
    "| exclude a|b",
    "| section bgp | include neighbor",
    "| count .",
  ])("show %s reads", (pipe) => expect(riskOf("cisco_ios", `show running-config ${pipe}`)).toBe("read"));

  it.each([
    "| redirect flash:x",
    "| append flash:x",
    "| tee flash:x",
    "| red flash:x",
    "|redirect flash:x",
    "| include a|redirect flash:x",
  ])("show %s writes", (pipe) => expect(riskOf("cisco_ios", `show running-config ${pipe}`)).toBe("write"));

  it.each(["| redirect startup-config", "| redirect nvram:startup-config", "| tee running-config"])(
    "show %s writes over the configuration",
    (pipe) => expect(riskOf("cisco_ios", `show version ${pipe}`)).toBe("irreversible"),
  );

  it("to a program, or to what is not known, ask", () => {
    expect(riskOf("arista_eos", "show version | bash")).toBe("opaque");
    expect(riskOf("cisco_nxos", "show version | vsh")).toBe("opaque");
    expect(riskOf("cisco_ios", "show version | frobnicate")).toBe("opaque");
  });

  it("with > write", () => {
    expect(riskOf("cisco_nxos", "show version > bootflash:x")).toBe("write");
    expect(riskOf("hp_comware", "display version >> flash:/x")).toBe("write");
  });

  it("in a text are text", () => {
    expect(riskOf("cisco_ios", "conf t\nint gi0/1\ndescription a | redirect flash:x")).toBe("write");
  });
});

describe("free text", () => {
  it.each([
    ["cisco_ios", "conf t\nint gi0/1\ndescription reload and shutdown"],
    ["cisco_ios", "conf t\nbanner motd ^C\nreload\nno vlan 10\n^C\nend"],
    ["cisco_ios", "conf t\nbanner motd #reload#\nend"],
    ["arista_eos", "conf t\nbanner login\nreload\nEOF\nend"],
    ["juniper_junos", 'configure\nset interfaces ge-0/0/0 description "disable it"'],
    ["fortinet_fortios", 'config firewall policy\nedit 1\nset comments "delete me"\nend'],
    ["vyos", "configure\nset interfaces ethernet eth0 description disable"],
  ])("%s: %j runs", (platform, text) => expect(passes(riskOf(platform, text))).toBe(true));

  it("ends where it ends", () => {
    expect(riskOf("cisco_ios", "conf t\nbanner motd #\nhello\n#\ndo reload")).toBe("disruptive");
    expect(riskOf("juniper_junos", 'configure\nset interfaces ge-0/0/0 description "x" disable')).toBe(
      "disruptive",
    );
  });
});

describe("negations", () => {
  it("that undo a negation, or take a text away, are work", () => {
    for (const text of [
      "no shutdown",
      "no description",
      "no neighbor 10.0.0.1 shutdown",
      "no ip domain-lookup",
    ])
      expect([text, judge("cisco_ios", text, "config").risk]).toEqual([text, "write"]);
    for (const text of ["undo shutdown", "undo description"])
      expect([text, judge("huawei_vrp", text, "config").risk]).toEqual([text, "write"]);
  });

  it("of all else ask, abbreviated too", () => {
    for (const text of [
      "no vlan 10",
      "no ip address",
      "n vlan 10",
      "no spanning-tree vlan 1",
      "default interface gi0/1",
    ])
      expect([text, passes(judge("cisco_ios", text, "config").risk)]).toEqual([text, false]);
  });
});

describe("a candidate", () => {
  it("that holds additions alone is committed", () => {
    expect(riskOf("juniper_junos", "configure\nset system host-name x\ncommit and-quit")).toBe("write");
  });

  it("of which nothing is known asks at the commit, but not for a commit that undoes itself", () => {
    expect(judge("juniper_junos", "commit", "config").risk).toBe("opaque");
    expect(judge("juniper_junos", "commit check", "config").risk).toBe("read");
    expect(judge("juniper_junos", "commit confirmed 5", "config").risk).toBe("write");
  });

  it("of one's own takes a small deletion, and says it at the commit", () => {
    const before = judge(
      "juniper_junos",
      "configure private\ndelete interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24",
    );
    expect(before.risk).toBe("write");
    const commit = judgeCli("commit", grammar("juniper_junos"), before.state);
    expect(commit).toMatchObject({
      risk: "disruptive",
      findings: [{ why: expect.stringContaining("delete interfaces ge-0/0/0 unit 0") }],
    });
    expect(passes(judgeCli("commit confirmed 5", grammar("juniper_junos"), before.state).risk)).toBe(false);
    expect(
      judgeCli("rollback 0\nset system host-name x\ncommit", grammar("juniper_junos"), before.state).risk,
    ).toBe("write");
  });

  it("of everybody asks at the deletion: another's commit makes it real", () => {
    expect(
      riskOf("juniper_junos", "configure\ndelete interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24"),
    ).toBe("disruptive");
  });

  it("loses a whole protocol only with a question", () => {
    expect(riskOf("vyos", "configure\ndelete protocols bgp")).toBe("disruptive");
    expect(riskOf("cisco_iosxr", "configure\nno router bgp 1")).toBe("disruptive");
  });
});

describe("what the session itself comes by", () => {
  const facts = { connectedThrough: ["GigabitEthernet0/1", "10.0.0.1", "admin"] };
  const risk = (platform: string, text: string) =>
    judgeCli(text, grammar(platform), stateAt(grammar(platform)), facts).risk;

  it("is changed only with a question", () => {
    expect(risk("cisco_ios", "conf t\nint gi0/1\nip address 10.9.9.9 255.255.255.0")).toBe("disruptive");
    expect(risk("cisco_ios", "conf t\nint gigabitEthernet 0/1\nswitchport access vlan 5")).toBe("disruptive");
    expect(risk("cisco_ios", "conf t\nip route 10.5.0.0 255.255.0.0 10.0.0.1")).toBe("disruptive");
    expect(risk("mikrotik_routeros", "/ip address add address=10.0.0.1/24 interface=ether2")).toBe(
      "disruptive",
    );
  });

  it("may be looked at, described and switched on", () => {
    for (const text of [
      "show int gi0/1",
      "conf t\nint gi0/1\ndescription x",
      "conf t\nint gi0/1\nno shutdown",
      "ping 10.0.0.1",
    ])
      expect([text, passes(risk("cisco_ios", text))]).toEqual([text, true]);
  });

  it("is not what only resembles it", () => {
    expect(risk("cisco_ios", "conf t\nint gi0/11\nswitchport access vlan 5")).toBe("write");
    expect(risk("cisco_ios", "conf t\nip route 10.5.0.0 255.255.0.0 10.0.0.11")).toBe("write");
  });
});

describe("findings", () => {
  it("have the place of what they are about", () => {
    const text = "show version\nconf t\n  int gi0/1\n shutdown";
    const { findings } = judge("cisco_ios", text);
    expect(findings.map(({ risk, from, to }) => [risk, text.slice(from, to)])).toEqual([
      ["write", "conf t"],
      ["write", "int gi0/1"],
      ["disruptive", "shutdown"],
    ]);
    expect(judge("cisco_ios", "show version").findings).toMatchObject([{ risk: "read", from: 0, to: 12 }]);
  });
});

describe("RouterOS", () => {
  it.each([
    ["/interface/print", "read"],
    ["/interface print where disabled=yes", "read"],
    ["/export file=x", "write"],
    ["/interface set ether1 comment=x", "write"],
    ["/interface set ether1 disabled=yes", "disruptive"],
    ['/interface set ether1 comment="disabled=yes"', "write"],
    [':put "$[/system reboot]"', "disruptive"],
    [":foreach i in=[/interface find] do={/interface disable $i}", "disruptive"],
    [":foreach i in=[/interface find] do={:put $i}", "read"],
    ["$x", "opaque"],
    ["/interface print; /system reset-configuration", "irreversible"],
    ["# /system reboot", "read"],
    ["/system \\\n reboot", "disruptive"],
    ["{\n/system reboot\n}", "disruptive"],
  ])("%j is %s", (text, risk) => expect(riskOf("mikrotik_routeros", text)).toBe(risk));
});

describe("FortiOS", () => {
  it("asks where a quote stays open: what comes next may be a text, or a menu", () => {
    const text = 'config system interface\nedit port1\nset description "x\nend\nconfig firewall policy\n"';
    expect(riskOf("fortinet_fortios", text)).toBe("opaque");
    expect(
      riskOf("fortinet_fortios", 'config firewall address\nedit a\nset comment "5\\" rack, Bob\'s"'),
    ).toBe("write");
  });

  it("knows a menu by its own words inside of a VDOM, too", () => {
    const inside = (menu: string) => `config vdom\nedit root\nconfig system interface\nedit port1\n${menu}`;
    expect(riskOf("fortinet_fortios", inside("set ip 192.0.2.9/24"))).toBe("disruptive");
    expect(riskOf("fortinet_fortios", inside("set alias x"))).toBe("write");
  });
});

describe("a command of the shell below a device's line", () => {
  it.each([
    ["arista_eos", "bash df -h", "read"],
    ["arista_eos", "bash sudo reboot", "disruptive"],
    ["arista_eos", "bash", "opaque"],
    ["cisco_nxos", "run bash cat /etc/hosts", "read"],
    ["cisco_nxos", "run bash rm -rf /bootflash", "irreversible"],
    ["juniper_junos", 'start shell command "uptime"', "read"],
    ["juniper_junos", 'start shell command "rm -rf /var/log"', "irreversible"],
  ])("%s: %j is %s", (platform, text, risk) => expect(riskOf(platform, text)).toBe(risk));
});
