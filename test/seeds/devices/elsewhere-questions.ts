import { body, ios, rows } from "./ios.ts";
import { asks, gives, plain, read } from "./plain.ts";
import type { Dialogue } from "./stage.ts";

const G = { g: { platform: "generic_cli" } } as const;
const ADMIN = { g: { platform: "generic_cli", promptRegex: "^admin:$" } } as const;

export const ELSEWHERE_QUESTIONS: readonly Dialogue[] = [
  {
    // oxidized 3339
    name: "SonicOS asks to accept its banner in the terminal",
    hosts: { s: { platform: "sonicwall_sonicos" } },
    async device(t) {
      t.print("\r\nCopyright (c) 2024\r\n\r\nAll must abide.\r\n\r\nAccept The Policy Banner (yes)?\r\n");
      const a = await t.line({ prompt: "yes: " });
      if (a !== "yes") return t.exit();
      t.print("\r\n");
      for (;;) {
        const l = await t.line({ prompt: "noc@C0EAE4> " });
        if (l === "show version") t.print("SonicOS 6.5\r\n");
      }
    },
    async run(s) {
      const c = await s.connect("s");
      s.check("asks", c.state === "asking", c.text);
      s.check("no key", s.term("s").got === "", s.term("s").got);
      const a = await s.keys("s", "yes<Enter>");
      s.check("in", /ready|done/.test(a.state ?? ""), a.text);
      gives(s, await s.sh("s", "show version"), ["SonicOS 6.5"]);
    },
  },
  {
    name: "1830 PSS: a login that is asked twice, and a notice to be acknowledged by Y",
    hosts: G,
    async device(t) {
      await t.line({ prompt: "Username: " });
      await t.line({ prompt: "Password: ", echo: false });
      t.print("\r\nThis is a private system.\r\n\r\n");
      const k = await t.line({ prompt: "Do you acknowledge? (Y/N)? " });
      if (k?.toUpperCase() !== "Y") return t.exit();
      for (;;) {
        const l = await t.line({ prompt: "\r\nNODE-1# " });
        if (l) t.print(`OK ${l}\r\n`);
      }
    },
    async run(s) {
      await s.connect("g");
      await s.keys("g", "noc<Enter>");
      const q = await s.keys("g", "pw<Enter>");
      asks(s, q, /acknowledge/, /yesno/);
      const d = await s.keys("g", "Y<Enter>");
      s.check("in", /ready|done/.test(d.state ?? ""), d.text);
      gives(s, await s.sh("g", "show x"), ["OK show x"]);
    },
  },
  {
    // unicon 72
    name: "IOS asks to go on with a reload behind a warning of three rows",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        reload: async (t) => {
          t.print("\r\n");
          const a = await t.line({ prompt: "System configuration has been modified. Save? [yes/no]: " });
          t.print(
            `${a}\r\nWARNING:\r\nBoot variable either does not exist or buffer is too small\r\nThis may impact autoboot of the router. Proceed with caution\r\nDo you wish to proceed with reload anyway[confirm]`,
          );
          const k = await t.key();
          if (k === "n") t.print("n\r\n");
        },
      },
    }),
    async run(s) {
      await s.connect("r");
      asks(s, await s.sh("r", "reload"), /Save\?/, /yesno/);
      const q = await s.keys("r", "no<Enter>");
      asks(s, q, /proceed with reload anyway/, /confirm.*risk=high.*answer=key/);
      const n = await s.keys("r", "n");
      s.check("back", n.state === "done", n.text);
    },
  },
  {
    // scrapli 73
    name: "IOS wants a user's removal confirmed in a job",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      mode: "enable",
      answers: {
        "no username old": async (t) => {
          t.print(
            "This operation will remove all username related configurations with same name.Do you want to continue? [confirm]",
          );
          const k = await t.key();
          t.print(`${k}\r\n`);
        },
      },
    }),
    async run(s) {
      await s.connect("r");
      const q = await s.sh("r", "no username old\nno ip http server", { mode: "config" });
      asks(s, q, /\[confirm\]/, /confirm.*answer=key/);
      s.check("not typed", !s.term("r").lines.includes("no ip http server"));
      const k = await s.keys("r", "y");
      s.check("done", k.state === "done", k.text);
      s.check("cancelled", !s.term("r").lines.includes("no ip http server"), k.text);
    },
  },
  {
    // netmiko 3422
    name: "NX-OS installs with bars, tables and a question whose default is behind it",
    hosts: { n: { platform: "cisco_nxos" } },
    device: plain("n9k# ", async (t, l) => {
      if (l !== "install all nxos bootflash:x.bin")
        return t.print(l.startsWith("terminal") ? "" : `OK ${l}\r\n`);
      t.print(
        'Installer will perform compatibility check first. Please wait. \r\nInstaller is forced disruptive\r\n\r\nVerifying image bootflash:/x.bin for boot variable "nxos".\r\n',
      );
      for (const p of [0, 20, 60, 100]) {
        t.print(`\r[${"#".repeat(p / 5).padEnd(20)}] ${String(p).padStart(3)}%`);
        await t.sleep(1800);
      }
      t.print(
        " -- SUCCESS\r\n\r\nSwitch will be reloaded for disruptive upgrade.\r\nDo you want to continue with the installation (y/n)?  [n] ",
      );
      const a = await t.line();
      t.print(a === "y" ? "go\r\n" : "\r\n");
    }),
    async run(s) {
      await s.connect("n");
      const q = await s.sh("n", "install all nxos bootflash:x.bin\nshow version");
      asks(s, q, /continue with the installation/, /yesno.*risk=high/);
      const a = await s.keys("n", "n<Enter>");
      s.check("end", a.state === "done", a.text);
      read(s, "n", ["install all nxos bootflash:x.bin", "n"], /^terminal/);
    },
  },
  {
    // netmiko 154
    name: "MDS asks in the midst of a configuration job; the next line is no answer",
    hosts: { n: { platform: "cisco_nxos" } },
    async device(t) {
      let p = "mds2# ";
      for (;;) {
        const l = await t.line({ prompt: p });
        if (l === "configure terminal") p = "mds2(config)# ";
        if (l === "end") p = "mds2# ";
        if (l?.startsWith("zoneset name")) p = "mds2(config-zoneset)# ";
        if (l?.startsWith("zoneset activate")) {
          t.print(
            "WARNING: New Zoneset ZS is significantly bigger than current active Zoneset ZS. Do you want to continue? (y/n) [n] ",
          );
          await t.line();
        }
      }
    },
    async run(s) {
      await s.connect("n");
      const q = await s.sh("n", "zoneset name ZS vsan 101\nzoneset activate name ZS vsan 101\nend", {
        mode: "config",
      });
      asks(s, q, /Do you want to continue/, /yesno/);
      s.check("not typed", !s.term("n").lines.includes("end"), s.term("n").lines.join());
    },
  },
  {
    // csm 6
    name: "IOS-XR behind a reload shows a prompt of the factory, and its own when the configuration has come",
    hosts: { x: { platform: "cisco_iosxr" } },
    async device(t) {
      let p = "RP/0/RSP0/CPU0:ios#";
      const restored = () => {
        p = "RP/0/RSP0/CPU0:core1#";
        t.print(
          "\r\nRP/0/RSP0/CPU0:May 20 10:11:12.123 : cfgmgr-rp[168]: %MGBL-CONFIG-6-OIR_RESTORE : Configuration for node '0/0/0' has been restored. \r\nRP/0/RSP0/CPU0:core1#",
        );
      };
      for (;;) {
        const l = await t.line({ prompt: p });
        if (l && !l.startsWith("terminal")) t.print(`OK ${l}\r\n`);
        if (l === "show clock") t.later(3000, restored);
      }
    },
    async run(s) {
      await s.connect("x");
      const a = await s.sh("x", "show clock");
      s.check("a", a.state === "done" && /host=ios/.test(a.rest), a.text);
      await s.pass(12000);
      const b = await s.sh("x", "show run", { timeout_s: 20 });
      s.check(
        "b told or done",
        (b.state === "done" && /OK show run/.test(b.text)) ||
          (b.state === "asking" && /here/.test(b.text)) ||
          /not_ready/.test(b.text),
        b.text,
      );
      const c = await s.sh("x", "show two", { timeout_s: 20, here: "prompt" });
      s.check("c", c.state === "done" && /OK show two/.test(c.text), c.text);
    },
  },
  {
    name: "FortiOS: a value that is not there, and an error that comes with the end of the block",
    hosts: { f: { platform: "fortinet_fortios" } },
    async device(t) {
      let p = "fgt1 # ";
      for (;;) {
        const l = await t.line({ prompt: p });
        if (l === "config firewall policy") p = "fgt1 (policy) # ";
        else if (l === "edit 1") p = "fgt1 (1) # ";
        else if (l?.includes("bad"))
          t.print(
            "\r\nentry not found in datasource\r\n\r\nvalue parse error before 'bad'\r\nCommand fail. Return code -3\r\n\r\n",
          );
        else if (l === "next") {
          t.print(
            "node_check_object fail! for dstintf\r\n\r\nAttribute 'dstintf' MUST be set.\r\nCommand fail. Return code 1\r\n\r\n",
          );
          p = "fgt1 (policy) # ";
        } else if (l === "end") p = "fgt1 # ";
      }
    },
    async run(s) {
      await s.connect("f");
      const r = await s.sh("f", 'config firewall policy\nedit 1\nset srcintf "bad"\nnext\nend');
      s.check("stops", /error=/.test(r.rest) && !s.term("f").lines.includes("next"), r.text);
      const n = await s.sh("f", "next\nend");
      s.check("late", /error=/.test(n.rest) && !s.term("f").lines.includes("end"), n.text);
    },
  },
  {
    name: "EOS: a VLAN is made by the way, in a row that begins with an exclamation mark",
    hosts: { e: { platform: "arista_eos" } },
    async device(t) {
      let p = "sw1#";
      for (;;) {
        const l = await t.line({ prompt: p });
        if (l === "configure terminal" || l === "configure") p = "sw1(config)#";
        if (l === "end") p = "sw1#";
        if (l?.startsWith("interface")) p = "sw1(config-if-Et1)#";
        if (l === "switchport access vlan 20") t.print("! Access VLAN does not exist. Creating vlan 20\r\n");
        if (l === "no routing") t.print("! Cannot disable routing while VRFs are there\r\n");
      }
    },
    async run(s) {
      await s.connect("e");
      const r = await s.sh("e", "interface Ethernet1\nswitchport access vlan 20\nno shutdown", {
        mode: "config",
      });
      s.check("warns", /warning=/.test(r.rest), r.text);
    },
  },
  {
    name: "ASA: a failover is told between two commands and the role in the prompt changes",
    hosts: { a: { platform: "cisco_asa" } },
    async device(t) {
      let p = "fw1/pri/act# ";
      t.print("\r\n");
      for (;;) {
        const l = await t.line({ prompt: p });
        if (l === "show clock") {
          t.print("CLOCK\r\n");
          t.later(1500, () => {
            p = "fw1/pri/stby# ";
            t.print("\r\n\r\n\tSwitching to Standby\r\n\r\nfw1/pri/stby# ");
          });
        } else if (l === "show failover") t.print("Failover On\r\n");
      }
    },
    async run(s) {
      await s.connect("a");
      const c = await s.sh("a", "show clock");
      s.check("clock", body(c) === "CLOCK", c.text);
      await s.pass(4000);
      const r = await s.sh("a", "show failover");
      s.check("runs at the new role", r.state === "done" && body(r) === "Failover On", r.text);
    },
  },
  {
    // netmiko 2755
    name: "a long name is cut in configuration mode",
    hosts: { r: { platform: "cisco_ios" } },
    async device(t) {
      let p = "THIS.IS.A.PARTICULARLY.LONG#";
      for (;;) {
        const l = await t.line({ prompt: p });
        if (l === "configure terminal") {
          t.print("Enter configuration commands, one per line.  End with CNTL/Z.\r\n");
          p = "THIS.IS.A.PARTICULAR(config)#";
        }
        if (l?.startsWith("snmp")) p = "THIS.IS.A.PARTICULAR(config)#";
        if (l === "end") p = "THIS.IS.A.PARTICULARLY.LONG#";
        if (l === "show clock") t.print("CLOCK\r\n");
      }
    },
    async run(s) {
      await s.connect("r");
      const r = await s.sh("r", "snmp-server location x\nsnmp-server contact y", { mode: "config" });
      s.check("config", r.state === "done" && /mode=config/.test(r.rest), r.text);
      const e = await s.sh("r", "show clock", { mode: "enable" });
      s.check("back", e.state === "done" && body(e) === "CLOCK", e.text);
    },
  },
  {
    name: "ScreenOS: save is [y]/n and y/[n]",
    hosts: G,
    device: plain("ns5gt-> ", async (t, l) => {
      if (l === "exit") {
        t.print("Configuration modified, save? [y]/n ");
        await t.key();
        t.print("\r\n");
      } else if (l === "unset all") {
        t.print("Erase all system config, are you sure y/[n] ? ");
        await t.key();
        t.print("\r\n");
      } else if (l === "get conf")
        await t.page(
          rows(50, (i) => `set ${i}`),
          { more: "--- more --- ", erase: "\r             \r" },
        );
    }),
    async run(s) {
      await s.connect("g");
      const r = await s.sh("g", "get conf");
      s.check("50", /50 lines/.test(r.rest), r.text.slice(-200));
      asks(s, await s.sh("g", "unset all\nget conf", { timeout_s: 10 }), /are you sure/, /yesno/);
      await s.keys("g", "n");
      asks(s, await s.sh("g", "exit\nget conf", { timeout_s: 10 }), /save\?/, /yesno/);
    },
  },
  {
    name: "CUCM: the prompt ends in a colon, and pages by its own words",
    hosts: ADMIN,
    device: plain(
      "admin:",
      async (t, l) => {
        if (l === "show tech") {
          for (let i = 1; i <= 50; i++) {
            t.print(`row ${i}\r\n`);
            if (i % 20 === 0) {
              t.print("Press <enter> for 1 line, <space> for one page, or <q> to quit");
              await t.key();
              t.print("\r\x1b[K");
            }
          }
        } else if (l === "utils system restart") {
          t.print("Do you really want to restart ?\r\n\r\n");
          const a = await t.line({ prompt: "Enter (yes/no)? " });
          t.print(`${a}\r\n`);
        } else if (l === "bad") t.print("Executed command unsuccessfully\r\nNo valid command entered\r\n");
        else if (l) t.print(`OK ${l}\r\n`);
      },
      "Command Line Interface is starting up, please wait ...\r\n\r\n   Welcome to the Platform Command Line Interface\r\n\r\nVM\r\n\r\n",
    ),
    async run(s) {
      const c = await s.connect("g");
      s.check("ready", c.state === "ready", c.text);
      const r = await s.sh("g", "show tech");
      s.check("50", r.state === "done" && /50 lines/.test(r.rest), r.text.slice(-300));
      asks(s, await s.sh("g", "utils system restart\nshow x"), /Enter \(yes\/no\)/, /yesno/);
      await s.keys("g", "no<Enter>");
      const b = await s.sh("g", "bad\nshow x");
      s.check("stops", !s.term("g").lines.includes("show x"), b.text);
    },
  },
  {
    name: "FOS: pages end with a line, and a question with its answers in words",
    hosts: G,
    device: plain("sw:FID128:admin> ", async (t, l) => {
      if (l === "errdump") {
        for (let i = 1; i <= 40; i++) {
          t.print(`row ${i}\r\n`);
          if (i === 20) {
            t.print("Type <CR> to continue, Q<CR> to stop: ");
            const a = await t.line({ echo: true });
            if (a === "Q") break;
          }
        }
      } else if (l === "cfgsave") {
        t.print(
          "You are about to save the Defined zoning configuration.\r\nDo you want to save the Defined zoning configuration only?  (yes, y, no, n): [no] ",
        );
        await t.line();
      } else if (l) t.print(`OK ${l}\r\n`);
    }),
    async run(s) {
      await s.connect("g");
      const r = await s.sh("g", "errdump");
      s.check("40 rows", r.state === "done" && /row 40/.test(r.text) && !/Type <CR>/.test(r.out), r.text);
      asks(s, await s.sh("g", "cfgsave\ncfgshow"), /only\?/, /yesno/);
    },
  },
];
