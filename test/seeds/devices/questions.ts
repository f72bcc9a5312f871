import { ios, rows } from "./ios.ts";
import type { Dialogue } from "./stage.ts";

export const QUESTIONS: readonly Dialogue[] = [
  {
    name: "Huawei SmartAX OLT: prompt MA5680T-H01>, interactive `{ <cr>|ont<K>|… }:` after a complete command, pager ---- More ( Press 'Q' to break ) ----",
    hosts: { auto: { platform: "auto" }, gen: { platform: "generic_cli" }, vrp: { platform: "huawei_vrp" } },
    ident: "HUAWEI-1.5",
    device: async (t) => {
      let m = ">";
      t.print(
        "\r\n  Huawei Integrated Access Software (MA5680T).\r\n  Copyright(C) Huawei Technologies Co., Ltd. 2002-2012. All rights reserved.\r\n\r\n  -----------------------------------------------------------------------------\r\n  User last login information:     \r\n  -----------------------------------------------------------------------------\r\n\r\n\r\n",
      );
      for (;;) {
        const l = await t.line({ prompt: `MA5680T-H01${m}` });
        if (l === undefined) continue;
        if (/^display current/.test(l)) {
          await t.line({
            prompt: "{ <cr>|ont<K>|port<K>|section<K>|service-port<K>|simple<K>||<K> }:",
          });
          t.print(`\r\n  Command:\r\n          ${l}\r\n`);
          await t.page(
            rows(60, (i) => `  cfg line ${i}`),
            {
              size: 20,
              more: "---- More ( Press 'Q' to break ) ----",
              erase: "\x1b[37D                                     \x1b[37D",
            },
          );
        } else if (l === "enable") m = "#";
        else if (l) t.print(`            ^\r\n  % Unknown command, the error locates at '^'\r\n`);
        t.print("\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["auto", "gen", "vrp"]) {
        const c = await stage.connect(h);
        if (h === "vrp") {
          stage.check("vrp: wrong profile is told", /knows no prompt/.test(c.text), c.text.slice(-300));
          continue;
        }
        const r = await stage.sh(h, "display current-configuration");
        stage.check(
          `${h}: the parameter question is told`,
          r.state === "asking" && /<cr>/.test(r.text),
          r.state + r.rest,
        );
        const k = await stage.keys(h, "<Enter>");
        stage.check(
          `${h}: all 60 rows, paged`,
          k.state === "done" && /cfg line 60/.test(k.text) && !/More \(/.test(k.text),
          k.state + k.rest + k.out.slice(-200),
        );
        const e = await stage.sh(h, "foo");
        stage.check(`${h}: error recognised`, /error=/.test(e.rest), e.rest);
      }
    },
  },
  {
    name: 'WLC: grep prints "Press any key to continue.." and "Would you like to display next 15 entries? (y/n)"; save config asks on one key',
    hosts: { w: { platform: "cisco_wlc" } },
    ident: "CISCO_WLC",
    device: async (t) => {
      t.print("\r\n\r\n(Cisco Controller) \r\n");
      await t.line({ prompt: "User: " });
      await t.line({ prompt: "Password:", echo: (_c) => "*" });
      for (;;) {
        const l = await t.line({ prompt: "(Cisco Controller) >" });
        if (l === undefined) continue;
        if (/^grep/.test(l)) {
          t.print("\r\nPress any key to continue..");
          await t.key();
          t.print("\r\nWould you like to display next 15 entries? (y/n) ");
          const k = await t.key();
          t.print(
            k +
              "\r\n00:00:5E:00:53:01   192.0.2.160   4      1306   Client\r\n\r\nThere are 1 lines matching the pattern 192.0.2.160 \r\n",
          );
        } else if (l === "save config") {
          t.print("\r\nAre you sure you want to save? (y/n) ");
          const k = await t.key();
          t.print(`${k}\r\n\r\n`);
          if (k === "y") t.print("Configuration Saved!\r\n");
        } else if (l === "show time")
          t.print("\r\nTime............................................. Mon Jan  1 10:11:12 2024\r\n");
        else if (l) t.print("\r\nIncorrect usage.  Use the '?' or <TAB> key to list commands.\r\n");
        t.print("\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("w");
      const r = await stage.sh("w", 'grep include "192.0.2.160" "show arp switch"');
      stage.check("press any key is told", r.state === "asking", r.state + r.rest);
      const k = await stage.keys("w", " ");
      stage.check(
        "entries question told or answered as a pager",
        k.state === "asking" || k.state === "done",
        k.text.slice(-200),
      );
      let f = k;
      if (k.state === "asking") f = await stage.keys("w", "y");
      stage.check("done with the client", f.state === "done" && /1306/.test(f.text), f.text.slice(-300));
      const s = await stage.sh("w", "save config");
      stage.check("save asks", s.state === "asking", s.rest);
      stage.check("answer=key (the controller acts on one key)", /answer=key/.test(s.rest), s.rest);
      const y = await stage.keys("w", "y");
      stage.check("saved", y.state === "done" && /Saved/.test(y.text), y.text.slice(-200));
    },
  },
  {
    name: 'EdgeSwitch `write memory` asks "Are you sure you want to save? (y/n) " on one key; with 40 s of saving afterwards (here 4 s)',
    hosts: { e: { platform: "ubiquiti_edgeswitch" } },
    ident: "OpenSSH_6.7",
    device: async (t) => {
      const m = "#";
      for (;;) {
        const l = await t.line({ prompt: `(UBNT EdgeSwitch) ${m}` });
        if (l === undefined) continue;
        if (l === "write memory") {
          t.print(
            "\r\nThis operation may take a few minutes.\r\nManagement interfaces will not be available during this time.\r\n\r\nAre you sure you want to save? (y/n) ",
          );
          const k = await t.key();
          t.print(`${k}\r\n\r\n`);
          if (k === "y")
            await t.slow([
              4000,
              "Config file 'startup-config' created successfully .\r\n\r\n\r\nConfiguration Saved!\r\n",
            ]);
          else t.print("Configuration Not Saved!\r\n");
        } else if (l && !/terminal/.test(l)) t.print(`\r\n% Invalid input detected at '^' marker.\r\n`);
        t.print("\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("e");
      const r = await stage.sh("e", "write memory");
      stage.check("asking yesno, key", r.state === "asking" && /answer=key/.test(r.rest), r.rest);
      const k = await stage.keys("e", "y");
      stage.check("done after the save", k.state === "done" && /Configuration Saved/.test(k.text), k.text);
    },
  },
  {
    name: "IOS-XR: `end` with uncommitted changes asks; `commit` asks [y/n][confirm]; log rows RP/0/RP0/CPU0:Aug 23 … come between and push the prompt up",
    hosts: { x: { platform: "cisco_iosxr" }, auto: { platform: "auto" } },
    ident: "Cisco-2.0",
    device: async (t) => {
      let c = false,
        dirty = false,
        skip = false;
      t.print("\r\n\r\n");
      const log =
        "RP/0/RP0/CPU0:Aug 23 08:32:23.634 EEST: config[69025]: %MGBL-CONFIG-6-DB_COMMIT : Configuration committed by user 'root'. Use 'show configuration commit changes 1000001335' to view the changes. \r\n";
      for (;;) {
        const l = await t.line({ prompt: skip ? "" : `RP/0/RP0/CPU0:xr-router1${c ? "(config)" : ""}#` });
        skip = false;
        if (l === undefined) continue;
        if (!l) continue;
        t.print("Tue Aug 23 08:29:30.324 EEST\r\n");
        if (/^conf/.test(l)) c = true;
        else if (l === "commit") {
          const k = await t.line({
            prompt: "This could be a few minutes if your config is large. Confirm? [y/n][confirm]",
          });
          if (k === "y") {
            dirty = false;
            t.print(`RP/0/RP0/CPU0:xr-router1(config)#`);
            await t.sleep(20);
            t.print(`\r\n${log}`);
            await t.peek();
            skip = true;
          }
        } else if (/^(end|exit)$/.test(l) && c) {
          if (dirty) {
            const k = await t.line({
              prompt: "Uncommitted changes found, commit them before exiting(yes/no/cancel)? [cancel]:",
            });
            if (k === "no" || k === "yes") {
              c = false;
              dirty = false;
            }
          } else c = false;
        } else if (l === "show clock") t.print("08:29:31.000 EEST Tue Aug 23 2022\r\n");
        else if (l === "show version") t.print("Cisco IOS XR Software, Version 7.3.2\r\n");
        else if (c) dirty = true;
      }
    },
    run: async (stage) => {
      for (const h of ["x", "auto"]) {
        await stage.connect(h);
        await stage.sh(h, "hostname foo", { mode: "config" });
        const r = await stage.sh(h, "show clock", { mode: "exec" });
        stage.check(
          `${h}: uncommitted question told, nothing answered`,
          r.state === "asking" && /Uncommitted/.test(r.text),
          r.text,
        );
        const k = await stage.keys(h, "cancel<Enter>");
        stage.check(`${h}: show clock NOT typed`, k.state === "done" && /NOT TYPED/.test(k.text), k.text);
        const c = await stage.sh(h, "commit");
        stage.check(`${h}: commit asks`, c.state === "asking" && /Confirm/.test(c.text), c.text);
        const y = await stage.keys(h, "y<Enter>");
        stage.check(`${h}: prompt above the log row ends it`, y.state === "done", y.text);
        const q = await stage.sh(h, "show clock", { mode: "exec" });
        stage.check(
          `${h}: clock`,
          q.state === "done" && /08:29:31/.test(q.text) && !/DB_COMMIT/.test(q.out),
          q.text,
        );
      }
    },
  },
  {
    name: "Junos echoes three blanks and three backspaces inside the line; leaving configuration with changes asks [yes,no] (yes)",
    hosts: { j: { platform: "juniper_junos" } },
    ident: "OpenSSH_7.5",
    device: async (t) => {
      let c = false;
      t.print("--- JUNOS 20.4R3 Kernel 64-bit\r\n");
      for (;;) {
        const l = await t.line({
          prompt: c ? "{master:0}[edit]\r\nnoc@ex1# " : "{master:0}\r\nnoc@ex1> ",
          echo: (ch, s) => (ch === " " && /_TABLE $/.test(s) ? "    \b\b\b" : ch),
        });
        if (l === undefined) continue;
        if (l === "configure") {
          c = true;
          t.print("Entering configuration mode\r\n\r\n");
        } else if (/^set /.test(l) && c) {
          t.print("\r\n");
        } else if (/^exit/.test(l) && c) {
          t.print("The configuration has been changed but not committed\r\n");
          const k = await t.line({ prompt: "Exit with uncommitted changes? [yes,no] (yes) " });
          t.print("\r\n");
          if (k === "yes") {
            c = false;
            t.print("Exiting configuration mode\r\n\r\n");
          } else t.print("Exit aborted\r\n\r\n");
        } else if (/^show route/.test(l))
          t.print("\r\ninet.0: 12 destinations\r\n+ = Active Route\r\n> via ge-0/0/0.0\r\n\r\n");
        else if (/^set cli/.test(l)) t.print("ok\r\n\r\n");
        else if (l) t.print("                    ^\r\nunknown command.\r\n\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("j");
      const r = await stage.sh("j", "show route table MY_BIG_COMPANY_TABLE 10.10.10.10/32");
      stage.check("runs", r.state === "done" && /ge-0/.test(r.text) && !/MY_BIG/.test(r.out), r.text);
      stage.check(
        "line received exactly",
        stage.term("j").lines.at(-1) === "show route table MY_BIG_COMPANY_TABLE 10.10.10.10/32",
        stage.term("j").lines.at(-1),
      );
      await stage.sh("j", "set system services ssh", { mode: "config" });
      const q = await stage.sh("j", "show route", { mode: "exec" });
      stage.check("asks", q.state === "asking" && /uncommitted/.test(q.text), q.text);
      const k = await stage.keys("j", "no<Enter>");
      stage.check(
        "not typed, mode=config told",
        /NOT TYPED/.test(k.text) && /mode=config/.test(k.rest),
        k.text,
      );
      const e = await stage.sh("j", "foo");
      stage.check("unknown command is an error", /error=syntax/.test(e.rest), e.rest);
    },
  },
  {
    name: "VRP repaints a long command with ESC[nD and wraps at 80 columns",
    hosts: { h: { platform: "huawei_vrp" } },
    ident: "HUAWEI-1.5",
    device: async (t) => {
      t.print(
        "\r\nInfo: The max number of VTY users is 5, and the number\r\n      of current VTY users on line is 1.\r\n",
      );
      for (;;) {
        const l = await t.line({
          prompt: "<HW-S5720-CORE-01>",
          echo: (c, s) => {
            if (s.length === 40) return `${c}\x1b[1D${c}`;
            return c + (s.length > 40 ? `\x1b[${3}D${s.slice(-3)}` : "");
          },
        });
        if (l === undefined) continue;
        if (/^display interface/.test(l)) t.print("GigabitEthernet0/0/1 current state : UP\r\n");
        else if (l && !/screen/.test(l)) t.print("Error: Unrecognized command found at '^' position.\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("h");
      const c =
        "display interface brief | include GigabitEthernet0/0/1|GigabitEthernet0/0/2|GigabitEthernet0/0/3";
      const r = await stage.sh("h", c);
      stage.check("runs", r.state === "done" && /UP/.test(r.text) && !/include/.test(r.out), r.text);
      stage.check("line whole", stage.term("h").lines.at(-1) === c);
    },
  },
  {
    name: "FortiOS: post-login banner (Press 'a' to accept):, prompt `hostname $ ` of a limited admin, --More-- paging left on, config vdom/edit prompts",
    hosts: { f: { platform: "fortinet_fortios" }, auto: { platform: "auto" } },
    ident: "xxxxxxx",
    device: async (t) => {
      t.print("This is a private system.\r\n(Press 'a' to accept):");
      while ((await t.key()) !== "a");
      t.print("a\r\n\r\n");
      let m = "";
      for (;;) {
        const l = await t.line({ prompt: `HAN-FW-P01P ${m}$ ` });
        if (l === undefined) continue;
        if (l === "config vdom") m = "(vdom) ";
        else if (/^edit/.test(l)) {
          t.print("current vf=root:0\r\n");
          m = `(${l.slice(5)}) `;
        } else if (l === "end") m = "";
        else if (l === "show") {
          await t.page(
            rows(70, (i) => `    set option${i} enable`),
            { size: 24, more: "--More-- ", erase: "\r         \r" },
          );
        } else if (l === "get system status")
          t.print("Version: FortiGate-101F v7.0.11,build0489,230314 (GA.M)\r\n");
        else if (l === "get system console")
          t.print("\r\ncommand parse error before 'console'\r\nCommand fail. Return code -61\r\n");
        else if (l) t.print("Unknown action 0\r\n");
        t.print("\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["f", "auto"]) {
        const c = await stage.connect(h);
        stage.check(
          `${h}: the banner asks`,
          /asking/.test(c.text) && /accept/.test(c.text),
          c.text.slice(-200),
        );
        const k = await stage.keys(h, "a");
        stage.check(`${h}: prompt`, k.state === "ready", k.text);
        const r = await stage.sh(h, "show");
        stage.check(
          `${h}: 70 rows without pager text`,
          r.state === "done" && /option70 /.test(r.text) && !/More/.test(r.text) && /70 lines/.test(r.rest),
          r.rest,
        );
        const v = await stage.sh(h, "config vdom\nedit root");
        stage.check(`${h}: vdom prompts`, v.state === "done", v.text);
        const e = await stage.sh(h, "get system console");
        stage.check(`${h}: error told`, /error=/.test(e.rest), e.rest);
      }
    },
  },
  {
    name: "IOS copy: Destination filename question, then a row of ! marks with pauses of seconds, then [OK - …]",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "copy *": async (t) => {
          await t.line({ prompt: "Destination filename [c880.bin]? " });
          await t.slow([
            "Accessing tftp://10.0.0.5/c880.bin...\r\n",
            1500,
            "Loading c880.bin from 10.0.0.5 (via Vlan1): ",
            200,
            "!!!!!",
            3000,
            "!!!O!",
            2500,
            "!!.!!",
            2500,
            "!!!\r\n[OK - 22334455 bytes]\r\n\r\n",
            500,
            "22334455 bytes copied in 9.5 secs (2350995 bytes/sec)\r\n",
          ]);
        },
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "copy tftp://10.0.0.5/c880.bin flash:");
      stage.check("asks for the name", r.state === "asking", r.text);
      const k = await stage.keys("r", "<Enter>");
      stage.check(
        'done only behind "bytes copied"',
        k.state === "done" && /bytes copied/.test(k.text),
        k.state + k.rest,
      );
    },
  },
];
