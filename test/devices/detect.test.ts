import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import { type DetectEvidence, detect } from "../../src/devices/detect.ts";
import type { Device } from "../../src/devices/device.ts";
import { corpusThere, promptOf, recordings } from "../corpus/recording.ts";

let devices: readonly Device[];
beforeAll(async () => {
  const catalog = openCatalog();
  devices = await Promise.all(catalog.ids().map((id) => catalog.device(id)));
});

const seen = (change: Partial<DetectEvidence>): DetectEvidence => ({
  ident: "SSH-2.0-OpenSSH_9.2",
  banner: "",
  promptRow: "",
  ...change,
});
const rendered = (output: string) => output.replace(/\u001b(?:\[[\d;?]*[A-Za-z]|[=>])|\r/g, "");
/** oxidized's models and the platforms they are. */
const PLATFORMS: Readonly<Record<string, string>> = {
  aoscx: "aruba_aoscx",
  aosw: "aruba_os",
  asa: "cisco_asa",
  eos: "arista_eos",
  fortigate: "fortinet_fortios",
  h3c: "hp_comware",
  ios: "cisco_ios",
  mlnxos: "mellanox_onyx",
  nxos: "cisco_nxos",
  tnsr: "netgate_tnsr",
  vyos: "vyos",
};
const asked = (command: string, text: string) => ({ output: { command, rows: text.split("\n") } });

describe("a platform is decided", () => {
  it.each<[string, Partial<DetectEvidence>]>([
    ["mikrotik_routeros", { ident: "SSH-2.0-ROSSSH", promptRow: "[admin@MikroTik] >" }],
    ["mikrotik_routeros", { promptRow: "[admin@core router] /ip/address>" }],
    ["bird", { banner: "BIRD 2.0.12 ready.", promptRow: "bird>" }],
    ["cisco_iosxr", { ident: "SSH-2.0-Cisco-2.0", promptRow: "RP/0/RP0/CPU0:core1#" }],
    ["cisco_iosxr", { ident: "SSH-1.99-Cisco-2.0", promptRow: "RP/0/RP0/CPU0:core1#" }],
    ["cisco_iosxr", { ident: "SSH-2.0-Cisco-1.25", promptRow: "RP/0/RP0/CPU0:core1#" }],
    ["frr", { banner: "\nHello, this is FRRouting (version 8.4.4).", promptRow: "r1#" }],
    ["vyos", { banner: "Welcome to VyOS", promptRow: "vyos@vyos:~$" }],
  ])("for %s without a command: %j", (id, evidence) => {
    expect(detect(seen(evidence), devices)).toMatchObject({ id });
  });

  it.each([
    ["cisco_ios", "SSH-2.0-Cisco-1.25", "edge1#", "Cisco IOS Software, C2960X Software"],
    ["cisco_asa", "SSH-2.0-Cisco-1.25", "fw1>", "\nCisco Adaptive Security Appliance Software Version 9.12"],
    ["cisco_asa", "SSH-1.99-Cisco-1.25", "fw1/pri/act#", "Cisco Adaptive Security Appliance Software 9"],
    ["cisco_nxos", "SSH-2.0-OpenSSH_7.8", "leaf1#", "Cisco Nexus Operating System (NX-OS) Software"],
    ["arista_eos", "SSH-2.0-OpenSSH_8.7", "spine1#", "Arista DCS-7050SX3-48YC8-F"],
    ["aruba_aoscx", "SSH-2.0-OpenSSH_8.8", "6300#", "-----\nArubaOS-CX\n(c) Copyright"],
  ])("for %s with what `show version` says", (id, ident, promptRow, output) => {
    const first = detect(seen({ ident, promptRow }), devices);
    expect(first).toMatchObject({ ask: "show version" });
    const verdict = detect(seen({ ident, promptRow, ...asked("show version", output) }), devices);
    expect(verdict).toMatchObject({ id, reason: expect.stringContaining("`show version` said") });
  });
});

describe("a platform is decided by", () => {
  it.each([
    ["the row above its prompt", "nokia_sros", { banner: "Welcome\n[/]", promptRow: "A:admin@sr1#" }],
    ["the row above its prompt", "nokia_srlinux", { banner: "--{ running }--[  ]--", promptRow: "A:leaf1#" }],
    ["the row above its prompt", "juniper_junos", { banner: "{master:0}", promptRow: "noc@mx1>" }],
    [
      "a banner that names the product, whatever the server calls itself",
      "cisco_nxos",
      {
        ident: "SSH-2.0-Cisco-1.25",
        banner: "Cisco Nexus Operating System (NX-OS) Software",
        promptRow: "leaf1#",
      },
    ],
    ["a prompt that nothing else has", "extreme_exos", { promptRow: "* x440.12 #" }],
    [
      "a prompt that nothing else has",
      "f5_tmsh",
      { promptRow: "admin@(bigip1)(cfg-sync Standalone)(Active)(/Common)(tmos)#" },
    ],
  ])("%s: %s", (_what, id, evidence) => {
    expect(detect(seen(evidence), devices)).toMatchObject({ id });
  });

  it.each([
    ["paloalto_panos", "admin@pa1>", "Unknown command: show version"],
    ["fortinet_fortios", "fw1 #", "command parse error before 'version'\nCommand fail. Return code -61"],
    ["cisco_wlc", "(wlc1) >", "Incorrect usage.  Use the '?' or <TAB> key to list commands."],
  ])("the way it refuses what others know: %s at %s", (id, promptRow, output) => {
    expect(detect(seen({ promptRow }), devices)).toMatchObject({ ask: "show version" });
    const verdict = detect(seen({ promptRow, ...asked("show version", output) }), devices);
    expect(verdict).toMatchObject({ id, reason: expect.stringContaining("refused `show version`") });
  });

  it.each(["Unknown command", "Invalid command.", "Invalid input: show", "% Unknown command."])(
    "a refusal in words of many makes: nobody is (%s)",
    (output) => {
      for (const promptRow of ["sw1>", "sw1#", "sw1 #"]) {
        const verdict = detect(seen({ promptRow, ...asked("show version", output) }), devices);
        expect(verdict).toMatchObject({ id: undefined });
      }
    },
  );

  it.each([
    ["huawei_vrp", "<core1>", "display version", "Huawei Versatile Routing Platform Software"],
    ["hp_comware", "<sw1>", "display version", "HPE Comware Software, Version 7.1.070, Release 3507P18"],
    ["juniper_junos", "noc@mx1>", "show version", "Hostname: mx1\nModel: mx204\nJunos: 22.4R3.25"],
    ["ubiquiti_edgeos", "ubnt@er1:~$", "show version", "Version:      v2.0.9\nHW model:     EdgeRouter 4"],
    ["hp_procurve", "HP-2530#", "show version", "Image stamp:\n /ws/swbuildm/rel"],
    ["dell_os10", "os10#", "show version", "Dell EMC Networking OS10 Enterprise"],
    ["aruba_os", "(wlc1) #", "show version", "Aruba Operating System Software."],
  ])("its answer: %s", (id, promptRow, command, output) => {
    expect(detect(seen({ promptRow }), devices)).toMatchObject({ ask: command });
    expect(detect(seen({ promptRow, ...asked(command, output) }), devices)).toMatchObject({ id });
  });

  it.skipIf(!corpusThere)("what recorded devices show, and its reason says so", () => {
    const wrong: string[] = [];
    let decided = 0;
    for (const { name, model, init, steps, interactive } of recordings()) {
      const wanted = PLATFORMS[model];
      if (!interactive || wanted === undefined) continue;
      const banner = init.slice(0, init.lastIndexOf("\n") + 1).replaceAll("\r", "");
      const first = detect(seen({ banner, promptRow: promptOf(init) }), devices);
      const step = "ask" in first ? steps.find(({ input }) => input === first.ask) : undefined;
      // A recording that did not ask what we would ask tells nothing.
      if ("ask" in first && (step === undefined || step.output.includes("output stripped"))) continue;
      const verdict = step
        ? detect(
            seen({ banner, promptRow: promptOf(init), ...asked(step.input, rendered(step.output)) }),
            devices,
          )
        : first;
      decided++;
      if (!("id" in verdict) || verdict.id !== wanted) wrong.push(`${name}: ${JSON.stringify(verdict)}`);
    }
    expect(wrong).toEqual([]);
    expect(decided).toBeGreaterThan(10);
  });
});

describe("a prompt alone", () => {
  it("is asked about where the only profile that knows it would type something", () => {
    expect(detect(seen({ promptRow: "[Expert@gw-1]#" }), devices)).toMatchObject({ ask: "show version all" });
  });

  it.each([
    "Path [~/prod] >",
    "Region [us]$",
    "Budget in #",
    "Discount in %",
    "~ >",
    "Select a shell [1-3] >",
    "Enter the path (default) #",
    "50 of 100 %",
    "Name of host >",
    "continue? [yes] >",
    "(press a key) to go on #",
  ])("has nothing typed at it where it may be a question: %s", (promptRow) => {
    const verdict = detect(seen({ ident: "SSH-2.0-OpenSSH_9.2", promptRow }), devices);
    expect(verdict).toMatchObject({ id: undefined });
  });
});

describe("no platform is guessed", () => {
  it("for a prompt that fits none", () => {
    expect(detect(seen({ promptRow: "weird prompt ?>" }), devices)).toMatchObject({
      id: undefined,
      reason: expect.stringContaining("this very row is taken as its prompt"),
    });
  });

  it("when several fit and none of them is told by a command", () => {
    const few = devices.filter(({ id }) => id === "dlink" || id === "tplink_jetstream");
    expect(detect(seen({ promptRow: "sw1#" }), few)).toMatchObject({
      id: undefined,
      reason: expect.stringMatching(/fits dlink, tplink_jetstream, so this very row is taken/),
      candidates: [{ id: "dlink" }, { id: "tplink_jetstream" }],
    });
  });

  it("when the prompt contradicts the identification", () => {
    const verdict = detect(seen({ ident: "SSH-2.0-ROSSSH", promptRow: "<core1>" }), devices);
    expect(JSON.stringify(verdict)).not.toContain("mikrotik");
  });

  it("when the one command told nothing", () => {
    const verdict = detect(seen({ promptRow: "sw1#", ...asked("show version", "% Invalid input") }), devices);
    expect(verdict).toMatchObject({
      id: undefined,
      reason: expect.stringContaining("identified none of them"),
    });
  });
});

/** Where a platform is first seen, what it shows there, and what `show version` says of it. */
const FOUND: readonly (readonly [id: string, evidence: Partial<DetectEvidence>, output: string])[] = [
  [
    "ruckus_fastiron",
    { promptRow: "SSH@icx-2#" },
    "  UNIT 1: compiled on May 19 2016\n        SW: Version 08.0.30hT311",
  ],
  ["dell_os6", { promptRow: "N3048#" }, "Machine Description............... Dell EMC Networking Switch"],
  [
    "dell_os9",
    { promptRow: "s4820t#" },
    "Dell Real Time Operating System Software\nDell Operating System Version:  2.0\nDell Networking OS uptime is 1 week(s)",
  ],
  ["dell_os10", { promptRow: "os10#" }, "Dell SmartFabric OS10 Enterprise"],
  [
    "netgear_prosafe",
    { promptRow: "(M4300-52G) #" },
    "System Description............................. M4300-52G ProSAFE 48-port 1G",
  ],
  ["sonicwall_sonicos", { promptRow: "admin@012345>" }, 'firmware-version "SonicOS Enhanced 6.5.4.10-95n"'],
  ["citrix_netscaler", { promptRow: "nsroot@vpx-1>" }, "        NetScaler NS13.1: Build 37.38.nc"],
  ["zte_zxros", { promptRow: "zxr10-4#" }, "ZXCTN 6120H-S\nZTE ZXCTN Software, Version: 6120H-S V5.10.00.50"],
  [
    "ruijie_rgos",
    { promptRow: "Ruijie#" },
    "System description      : Ruijie Full Gigabit Switch By Ruijie Networks",
  ],
  ["fs_fsos", { promptRow: "FS-LAB-OXI#" }, "Fiberstore Co., Limited Internetwork Operating System Software"],
  ["a10_acos", { promptRow: "AX-1-Active#" }, "    64-bit Advanced Core OS (ACOS) version 4.1.4-GR1-P5"],
  ["oneaccess_oneos", { promptRow: "one_1#" }, "Software version    : ONEOS90-MONO_FT-V5.2R1E7"],
  ["adtran_aos", { promptRow: "NV3430#" }, "ADTRAN, Inc. OS version R10.9.3"],
  ["sonic", { promptRow: "sonic-1#" }, "Software Version  : 4.1.0-Enterprise_Base"],
];

/** Banners that name a product, with its first prompt. */
const BANNERS: readonly (readonly [id: string, banner: string, promptRow: string])[] = [
  [
    "cisco_ftd",
    "Cisco Firepower Extensible Operating System (FX-OS) v2.14.1 (build 167)\nCisco Firepower 1010 Threat Defense v7.4.2 (build 172)",
    ">",
  ],
  ["cisco_ucs", "Cisco UCS 6300 Series Fabric Interconnect", "FI-A#"],
  ["huawei_smartax", "  Huawei Integrated Access Software (MA5608T).", "MA5608T>"],
  ["pfsense", "*** Welcome to pfSense 2.7.2-RELEASE (amd64) on fw-1 ***\n 8) Shell", "Enter an option:"],
  ["pfsense", "|      Hello, this is OPNsense 24.7          |", "root@OPNsense:~ #"],
  ["alcatel_aos", "Welcome to the Alcatel-Lucent OmniSwitch 6450", "->"],
  ["allied_awplus", "AlliedWare Plus (TM) 5.5.2 11/10/22 10:21:11", "awplus>"],
  ["ciena_saos", "SAOS is True Carrier Ethernet TM software.\nWelcome to the shell.", "saos-7>"],
  ["ciena_saos10", "SAOS 10 - Service Aware Operating System", "LAB-CN5171-1>"],
  ["cisco_viptela", "Welcome to Viptela CLI", "vedge-12#"],
  ["a10_acos", "ACOS system is ready now.", "AX-1-Active>"],
  ["zyxel_zynos", "Copyright (c) 1994 - 2014 ZyXEL Communications Corp.", "XGS4600#"],
  ["sophos_sfos", "Sophos Firmware Version SFOS 18.0.0 GA-Build339", "Select Menu Number [0-7]:"],
];

describe("platforms without a recording", () => {
  it.each(FOUND)("are found by what they say of themselves: %s at %j", (id, evidence, output) => {
    expect(detect(seen(evidence), devices)).toMatchObject({ ask: "show version" });
    expect(detect(seen({ ...evidence, ...asked("show version", output) }), devices)).toMatchObject({ id });
  });

  it.each(BANNERS)("are found by their banner, and nothing is typed: %s", (id, banner, promptRow) => {
    expect(detect(seen({ banner, promptRow }), devices)).toMatchObject({ id });
  });

  it("are never found by their prompt alone where that has them typed at", () => {
    const rows = [
      ...FOUND.map(([, { promptRow = "" }]) => promptRow),
      ...BANNERS.map(([, , row]) => row),
      "VSP:1#",
    ];
    const guessed = rows.flatMap((promptRow) => {
      const verdict = detect(seen({ promptRow }), devices);
      const found = "id" in verdict ? devices.find(({ id }) => id === verdict.id) : undefined;
      return (found?.profile.open ?? []).length > 0 ? [`${promptRow}: ${found?.id}`] : [];
    });
    expect(guessed).toEqual([]);
  });

  it("are told by rows that no other profile takes for its own", () => {
    const shared = [...FOUND.map(([, , output]) => output), ...BANNERS.map(([, banner]) => banner)]
      .flatMap((text) => text.split("\n"))
      .map((row) => devices.filter(({ hints }) => hints.output(row) || hints.banner(row)).map(({ id }) => id))
      .filter((ids) => ids.length > 1);
    expect(shared).toEqual([]);
  });
});
