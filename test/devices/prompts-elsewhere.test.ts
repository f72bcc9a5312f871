import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { Device } from "../../src/devices/device.ts";
import { renderText } from "../../src/terminal/clean.ts";
import { corpusThere, promptFiles, promptOf, recordings } from "../corpus/recording.ts";

const catalog = openCatalog();
const devices = new Map<string, Device>();
beforeAll(async () => {
  for (const id of catalog.ids()) devices.set(id, await catalog.device(id));
});
const modeOf = (id: string, row: string) => devices.get(id)?.prompt(row.trimEnd())?.mode;

/** Prompts that the tests and issues of other tools know, by platform and our mode. */
const LABELLED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  arista_eos: {
    exec: ["localhost>", "localhost(something)>", "localhost(some thing)>"],
    enable: ["localhost#", "localhost(something)#", "localhost(some thing)#"],
    config: [
      "localhost(config)#",
      "localhost(something)(config)#",
      "localhost(some thing)(config)#",
      "localhost(some thing)(config-s-tacocat)#",
      "eos_switch(config-s-scrapl-qos-profile-CORE-EGRESS-QUEUING-txq-5)#",
      "eos_switch(config-sg-tacacs+-my_group)#",
      "eos_switch(config-s-sc-sg-tacacs+-my_group)#",
    ],
  },
  aruba_aoscx: {
    enable: ["SCRAPLI_AOSCX-TEST_SW-0#"],
    config: ["SCRAPLI_AOSCX-TEST_SW-0(config)#", "SCRAPLI_AOSCX-TEST_SW-0(config-if)#"],
  },
  aruba_os: { exec: ["Aruba>"], enable: ["Aruba#"], config: ["Aruba(config)#"] },
  cisco_asa: {
    exec: ["ACME-FIREWALL>", "ACME_FIREWALL> ", "ACME_FIREWALL/act/pri>", "ACME-FIREWALL.local>"],
    enable: ["ACME-FIREWALL#", "SYSCONT/CTX1# ", "SYSCONT/CTX1/act/sec# "],
    config: ["ACME-FIREWALL(config)#", "ACME-FIREWALL(config-if)#", "SYSCONT/CTX1/act/sec(config)#"],
  },
  cisco_ios: {
    exec: ["csr1000v>"],
    enable: ["csr1000v#", "csr_1000v#", "European.76(3.11)#"],
    config: [
      "csr1000v(config)#",
      "csr1000v(conf-ssh-pubkey-data)#",
      "csr1000v(config-sg-tacacs+)#",
      "819HGW(ipsec-profile)#",
      "European.76(3.11)(config)#",
      "edge1(dhcp-config)#",
      "edge1(cs-server)#",
      "edge1(vlan)#",
    ],
    tclsh: ["819HGW(tcl)#"],
  },
  cisco_iosxr: {
    exec: ["RP/0/RP0/CPU0:ios#"],
    config: ["RP/0/RP0/CPU0:ios(config)#", "RP/0/RP0/CPU0:i_o_s(config)#"],
  },
  cisco_nxos: {
    exec: ["switch>"],
    enable: ["switch# ", "swi_tch# ", "switch(maint-mode)# "],
    config: [
      "switch(config)# ",
      "switch(config-if)# ",
      "switch(config-subif)# ",
      "switch(config-vpc-domain)# ",
      "switch(config-tacacs+)# ",
      "switch(conf-tm-dest)# ",
      "switch(maint-mode)(config)# ",
      "switch(maint-mode)(config-subif)# ",
      "switch(maint-mode)(config-tacacs+)# ",
      "switch(maint-mode)(conf-tm-dest)# ",
    ],
    tclsh: ["switch-tcl# ", "switch(maint-mode-tcl)# ", "switch(maint-mode)(config-tcl)# "],
  },
  cisco_s300: {
    exec: ["SG250-08>"],
    enable: ["SG250-08#", "a1234567890123456...#"],
    config: ["SG250-08(config)#", "SG250-08(config-if)#", "a1234567890123456...(config-if)#"],
  },
  cisco_wlc: {
    exec: ["(Cisco Controller) >", "(something_fun) >", "(host-name) >"],
    config: ["(Cisco Controller) config>", "(Its_interestin) config>", "(host-name) config>"],
  },
  dlink: {
    exec: ["DES-3200-28/ME:user#", "DES-3200-28/ME:puser#", "Switch:oper#"],
    enable: ["Switch:admin#", "DES-3200-28/ME:admin#"],
  },
  fortinet_fortios: {
    exec: ["SCRAPLI-FORTIGATE # ", "SCRAPLI-FORTIGATE $ "],
    config: [
      "SCRAPLI-FORTIGATE (interface) # ",
      "SCRAPLI-FORTIGATE (ha-mgmt-interfaces) # ",
      "SCRAPLI-FORTIGATE (vdom) # ",
    ],
  },
  frr: { enable: ["SCRAPLI-R1#"], config: ["scrapli_r1(config)#"] },
  huawei_vrp: {
    exec: [
      "<SCRAPLI_HUAWEI-VRP_TEST_SW1>",
      "HRP_M<SCRAPLI_HUAWEI-VRP_TEST_SW1>",
      "HRP_S<SCRAPLI_HUAWEI-VRP_TEST_SW1>",
      "HRP_A<SCRAPLI_HUAWEI-VRP_TEST_SW1>",
    ],
    config: [
      "[SCRAPLI_HUAWEI-VRP_TEST_SW1]",
      "HRP_M[SCRAPLI_HUAWEI-VRP_TEST_SW1]",
      "HRP_A[SCRAPLI_HUAWEI-VRP_TEST_SW1]",
      "[SCRAPLI_HUAWEI-VRP_TEST_SW1-GigabitEthernet0/0/1]",
      "[~SCRAPLI_HUAWEI-VRP_TEST_SW1-GigabitEthernet0/0/1]",
      "[*SCRAPLI_HUAWEI-VRP_TEST_SW1-GigabitEthernet0/0/1]",
    ],
  },
  juniper_junos: {
    exec: ["boxen> ", "box_en> ", "rancid@router2.xyz6> ", "username@SRX-4600-FW1>"],
    config: ["boxen# ", "rancid@router2.xyz6# ", "username@MX-960-PE1#"],
    shell: [
      "%",
      "[vrf:foo] regress@EVOvFOOBAR_RE0-re0:~$",
      "root@%",
      "root@vMX1_RE:/var/home/regress #",
      "[vrf:foo] root@EVOvFOOBAR_RE0-re0:~#",
    ],
  },
  mikrotik_routeros: {
    exec: [
      "[username@HOSTNAME] > ",
      "[username@SCRAPLI_MIKROTIK-ROS_TEST_RTR] > ",
      "[username@SCRAPLI-TEST-ROUTER] /interface> ",
      "[username@SCRAPLI TEST ROUTER] /system console> ",
    ],
  },
  nokia_sros: {
    exec: ["A:admin@sr1#", "*A:sr1#", "*B:DEV02-XY2#", "*A:ear1.sr7s-1# "],
    config: ["*A:sr1>config#", "*A:ear1.sr7s-1>config>port# "],
  },
  nokia_srlinux: { exec: ["A:srl#", "A:r2# "] },
  paloalto_panos: {
    exec: ["admin@pdx-pa3020>", "admin.me@pdx-pa3020>", "admin@pdx-pa3020(active)>"],
    config: ["admin@pdx-pa3020#", "admin.me@pdx-pa3020#", "admin@pdx-pa3020(standby)#"],
  },
  ubiquiti_edgeswitch: {
    exec: ["(sw-whatever) >"],
    enable: ["(sw-whatever) #"],
    config: ["(sw-whatever) (Config)#", "(sw-whatever) (Interface 0/1)#"],
  },
  vyos: { exec: ["vyos@Vy-31:~$", "vyos@Vy-31:/config/auth$"], config: ["vyos@Vy-31#"] },
};

/** Platforms whose prompts share their last row with the row above: profile, context row, prompt. */
const CONTEXTS: readonly (readonly [string, string, string])[] = [
  ["juniper_junos", "{master}", "username@MX-960-PE1>"],
  ["juniper_junos", "{backup}", "username@MX-480-PE2>"],
  ["juniper_junos", "{primary:node0}", "username@SRX-4600-FW1>"],
  ["juniper_junos", "{linecard:0}", "r1>"],
  ["juniper_junos", "[edit]", "r1#"],
  ["juniper_junos", "{master:0}[edit interfaces ge-0/0/0]", "noc@r1#"],
  ["nokia_sros", "[/]", "A:admin@sr1#"],
  ["nokia_sros", "(ex)[/]", "A:admin@sr1#"],
  ["nokia_sros", "*(ex)[/configure router]", "A:admin@sr1#"],
  ["nokia_sros", "!(ex)[]", "A:admin@sr1#"],
  ["nokia_sros", "*(ex:bof)[/]", "A:admin@sr1#"],
  ["nokia_srlinux", "--{ + running }--[  ]--", "A:srl#"],
  ["nokia_srlinux", "--{ [FACTORY] * candidate private private-root }--[ platform ]--", "A:r2#"],
  ["vyos", "[edit]", "vyos@vyos#"],
  ["vyos", "[edit interfaces ethernet eth0]", "vyos@vyos#"],
  ["paloalto_panos", "[edit]", "admin@pa1#"],
];

/** Rows that other tools count as prompts, and at which a line goes on. */
const GOES_ON: readonly (readonly [string, string])[] = [
  ["cisco_ios", "+>"],
  ["cisco_ios", "+>(tcl)#"],
];

describe("prompts that other tools know", () => {
  it.each(GOES_ON)("%s is within a line at %s: no command has ended there", (id, row) => {
    expect(modeOf(id, row)).toBeUndefined();
    expect(devices.get(id)?.continues(row)).toBe(true);
  });

  it.each(Object.entries(LABELLED))("%s has them in the right mode", (id, modes) => {
    const wrong = Object.entries(modes).flatMap(([mode, rows]) =>
      rows.flatMap((row) => (modeOf(id, row) === mode ? [] : [`${row} is ${modeOf(id, row)}, not ${mode}`])),
    );
    expect(wrong).toEqual([]);
  });

  it.each(CONTEXTS)("%s counts %s above %s to the prompt", (id, above, row) => {
    const context = devices.get(id)?.prompt(row)?.context;
    expect(context?.(above)).toBe(true);
    expect(context?.("Hardware inventory:")).toBe(false);
  });
});

/** oxidized's models and the platforms they are. */
const MODELS: Readonly<Record<string, string>> = {
  aos7: "alcatel_aos",
  aoscx: "aruba_aoscx",
  aosw: "aruba_os",
  arubainstant: "aruba_os",
  asa: "cisco_asa",
  efos: "ubiquiti_edgeswitch",
  eos: "arista_eos",
  fastiron: "ruckus_fastiron",
  fortigate: "fortinet_fortios",
  fsos: "fs_fsos",
  h3c: "hp_comware",
  ios: "cisco_ios",
  mlnxos: "mellanox_onyx",
  nxos: "cisco_nxos",
  saos10: "ciena_saos10",
  sonicos: "sonicwall_sonicos",
  tnsr: "netgate_tnsr",
  tplink: "tplink_jetstream",
  vyos: "vyos",
};

/** What stands on the cursor's row once the bytes are drawn. */
async function drawn(bytes: string): Promise<string> {
  const { lines } = await renderText(Buffer.from(bytes, "utf8"), { cols: 200, rows: 50 });
  return lines.findLast((line) => line.trim() !== "") ?? "";
}

describe.skipIf(!corpusThere)("prompts of oxidized's corpus", () => {
  it("match their platform, and what is none does not", async () => {
    const wrong: string[] = [];
    let prompts = 0;
    for (const { model, pass, passWithExpect, fail } of promptFiles()) {
      const id = MODELS[model];
      if (id === undefined) continue;
      for (const prompt of [...pass, ...passWithExpect]) {
        prompts++;
        if (modeOf(id, await drawn(prompt)) === undefined)
          wrong.push(`${id} misses ${JSON.stringify(prompt)}`);
      }
      for (const row of fail) if (modeOf(id, row)) wrong.push(`${id} takes ${JSON.stringify(row)}`);
    }
    expect(wrong).toEqual([]);
    expect(prompts).toBeGreaterThan(25);
  });

  it("stand at the end of every recorded step, or a pager or nothing does", async () => {
    const wrong: string[] = [];
    for (const { name, model, interactive, init, steps } of recordings()) {
      const device = devices.get(MODELS[model] ?? "");
      if (!interactive || !device) continue;
      for (const row of new Set([init, ...steps.map(({ output }) => output)].map(promptOf))) {
        const known = device.prompt(row.trimEnd()) ?? device.pager(row);
        if (known === undefined && !/^(?:|exit|logout)$/.test(row)) wrong.push(`${name}: ${row}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
