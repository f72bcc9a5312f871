import { body, ios, rows } from "./ios.ts";
import type { Dialogue } from "./stage.ts";

export const MORE_QUESTIONS: readonly Dialogue[] = [
  {
    name: 'leaving [*HW] asks "… commit them before exiting? [Y(yes)/N(no)/C(cancel)]:"; save asks (y/n)[n]:',
    hosts: { h: { platform: "huawei_vrp" } },
    ident: "HUAWEI-1.5",
    device: async (t) => {
      let v = "",
        dirty = false;
      for (;;) {
        const l = await t.line({
          prompt: v ? `[${dirty ? "*" : "~"}HW-CE-1${v === "v" ? "" : v}]` : "<HW-CE-1>",
        });
        if (l === undefined) continue;
        if (l === "system-view") {
          t.print("Enter system view, return user view with return command.\r\n");
          v = "v";
        } else if (/^interface/.test(l)) {
          v = "-10GE1/0/1";
        } else if (/^desc/.test(l)) dirty = true;
        else if (l === "commit") dirty = false;
        else if (/^(quit|return)/.test(l) && v) {
          if (dirty) {
            const k = await t.line({
              prompt:
                "Warning: Uncommitted configurations found. Are you sure to commit them before exiting? [Y(yes)/N(no)/C(cancel)]:",
            });
            if (/^n/i.test(k ?? "")) {
              dirty = false;
              v = "";
            } else if (/^y/i.test(k ?? "")) {
              dirty = false;
              v = "";
            }
          } else v = "";
        } else if (l === "display clock") t.print("2024-01-01 10:11:12\r\n");
        else if (l && !/screen/.test(l))
          t.print("              ^\r\nError: Unrecognized command found at '^' position.\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("h");
      await stage.sh("h", "interface 10GE1/0/1\ndescription x", { mode: "config" });
      const r = await stage.sh("h", "display clock", { mode: "exec" });
      stage.check("asks at once as yes/no", r.state === "asking" && /yesno|confirm/.test(r.rest), r.rest);
      stage.check("risk= is told", /risk=/.test(r.rest), r.rest);
      const k = await stage.keys("h", "c<Enter>");
      stage.check(
        "display clock NOT typed, mode=config",
        /NOT TYPED/.test(k.text) && /mode=config/.test(k.text),
        k.text,
      );
      stage.check("host whole", /host=HW-CE-1 /.test(k.text), k.text);
    },
  },
  {
    name: "platform auto at a firewall whose prompt ends in $: nothing of a Unix bootstrap may be typed",
    hosts: { forti: { platform: "auto" } },
    ident: "xxxxxxx",
    device: async (t) => {
      t.print("\r\n");
      for (;;) {
        const l = await t.line({ prompt: "HAN-FW-P01P $ " });
        if (l === "get system status") t.print("Version: FortiGate-101F v7.0.11\r\n");
        else if (l) t.print("Unknown action 0\r\n");
        t.print("\r\n");
      }
    },
    run: async (stage) => {
      const c = await stage.connect("forti");
      stage.check("fortinet_fortios found", /fortinet_fortios/.test(c.text), c.text);
      stage.check(
        "only harmless lines typed",
        stage.term("forti").lines.every((l) => l.length < 40),
        JSON.stringify(stage.term("forti").lines).slice(0, 600),
      );
      const r = await stage.sh("forti", "get system status");
      stage.check("runs", r.state === "done" && /101F/.test(r.text), r.text);
    },
  },
  {
    name: "secrets asked by words outside the profile (Enter enable secret:, Enter PIN:, Community string:, RSA key:) must not stand in the audit log",
    hosts: { r: { platform: "cisco_ios" }, g: { platform: "generic_cli" } },
    device: ios({
      answers: {
        setup: async (t) => {
          t.print("The enable secret is a password used to protect access\r\n");
          for (const q of [
            "  Enter enable secret: ",
            "  Confirm enable secret: ",
            "Enter PIN: ",
            "Enter token code: ",
            "Pre-shared key: ",
          ]) {
            await t.line({ prompt: q, echo: false });
          }
        },
      },
    }),
    run: async (stage) => {
      for (const h of ["r", "g"]) {
        await stage.connect(h);
        let r = await stage.sh(h, "setup");
        const words = ["sekret-aa", "sekret-bb", "918273", "445566", "psk-zz-9"];
        const kinds = [];
        for (const w of words) {
          kinds.push(
            `${r.rest.match(/asks="?([^"]*)"?/)?.[1]?.slice(0, 25)} → ${r.state}${(r.rest).slice(0, 20)}`,
          );
          r = await stage.keys(h, `${w}<Enter>`);
        }
        const leak = words.filter((w) => stage.audit().includes(w));
        stage.check(`${h}: no typed secret in the audit log`, leak.length === 0, leak.join(", "));
      }
    },
  },
  {
    name: "NX-OS: banner rows |bla bla bla| and #…#, file marks and [####    ] 40% repainted with CR while copy run start works",
    hosts: { n: { platform: "cisco_nxos" } },
    ident: "OpenSSH_7.8",
    device: ios({
      host: "N9K-1",
      answers: {
        "show running-config": async (t) =>
          t.slow([
            "!Command: show running-config\r\nbanner motd ^\r\n |bla bla bla|\r\n#########\r\n other-switch#",
            1600,
            "\r\n |bla\r\n^\r\nEND-ROW\r\n",
          ]),
        "copy running-config startup-config": async (t) => {
          await t.slow([
            "[#                                       ]   1%",
            2600,
            "\r[################                        ]  40%",
            2600,
            "\r[########################################] 100%",
            300,
            "\r\nCopy complete, now saving to disk (please wait)...\r\n",
            2500,
            "Copy complete.\r\n",
          ]);
        },
      },
    }),
    run: async (stage) => {
      await stage.connect("n");
      const r = await stage.sh("n", "show running-config");
      stage.check(
        "not done at another switch's prompt in the banner (1.6 s pause)",
        r.state === "done" && /END-ROW/.test(r.text),
        r.state + r.rest + body(r),
      );
      const c = await stage.sh("n", "copy running-config startup-config");
      stage.check(
        "copy done only at the end",
        c.state === "done" && /Copy complete\.$/.test(body(c).trim()),
        c.text,
      );
    },
  },
  {
    name: "Junos: login lands in % shell; host-name changes at commit; {primary:node0} becomes {secondary:node0}",
    hosts: { j: { platform: "juniper_junos" }, auto: { platform: "auto" } },
    ident: "OpenSSH_7.5",
    device: async (t) => {
      let h = "test2",
        n = h,
        m = "%",
        role = "primary";
      t.print("--- JUNOS 20.4R3 Kernel 64-bit  JNPR-11.0\r\n");
      for (;;) {
        const l = await t.line({
          prompt:
            m === "%"
              ? "root@test2% "
              : m === ">"
                ? `{${role}:node0}\r\nroot@${h}> `
                : `{${role}:node0}[edit]\r\nroot@${h}# `,
        });
        if (l === undefined) continue;
        if (l === "cli") m = ">";
        else if (l === "configure") {
          m = "#";
          t.print("warning: Clustering enabled; using private edit\r\nEntering configuration mode\r\n\r\n");
        } else if (/host-name/.test(l)) {
          n = l.split(" ").at(-1) ?? "";
          t.print("\r\n");
        } else if (l === "commit") {
          await t.sleep(1500);
          t.print(
            "node0: \r\nconfiguration check succeeds\r\nnode1: \r\ncommit complete\r\nnode0: \r\ncommit complete\r\n\r\n",
          );
          h = n;
        } else if (/^exit/.test(l)) {
          m = ">";
          t.print("Exiting configuration mode\r\n\r\n");
        } else if (/failover/.test(l)) {
          role = "secondary";
          t.print("Initiated manual failover\r\n\r\n");
        } else if (l === "show version")
          t.print("node0:\r\n----\r\nHostname: test2\r\nModel: srx345\r\nJunos: 20.4R3\r\n\r\n");
        else if (l) t.print("\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["j", "auto"]) {
        const c = await stage.connect(h);
        stage.check(`${h}: cli reached`, /mode=exec/.test(c.text), c.text.slice(-300));
        if (!/mode=exec/.test(c.text)) {
          await stage.sh(h, "cli");
          continue;
        }
        const r = await stage.sh(h, "set system host-name sw01-lon.example.com\ncommit", { mode: "config" });
        stage.check(
          `${h}: new prompt ends the commit, host= new`,
          r.state === "done" && /host=sw01-lon/.test(r.rest) && /commit complete/.test(r.text),
          r.text,
        );
        const f = await stage.sh(h, "request chassis cluster failover", { mode: "exec" });
        stage.check(
          `${h}: role in the context row changes`,
          f.state === "done" && !/secondary/.test(body(f)),
          f.text,
        );
      }
    },
  },
  {
    name: 'SR OS MD-CLI: two-row prompt, (pr)[/configure router "Base" interface "a[1]"], * for changes, quit-config asks "Discard uncommitted changes? [y,n] "',
    hosts: { s: { platform: "nokia_sros" }, auto: { platform: "auto" } },
    ident: "OpenSSH_7.8",
    device: async (t) => {
      let ctx = "",
        dirty = "",
        pr = "";
      t.print("\r\n TiMOS-C-20.10.R1 cpm/x86_64 Nokia 7750 SR Copyright (c) 2000-2020 Nokia.\r\n");
      for (;;) {
        const l = await t.line({ prompt: `\r\n${dirty}${pr}[${ctx}]\r\nA:noc@RTR2# ` });
        if (l === undefined) continue;
        if (l === "edit-config private") {
          pr = "(pr)";
          t.print(
            "INFO: CLI #2070: Entering private configuration mode\r\nINFO: CLI #2061: Uncommitted changes are discarded on configuration mode exit\r\n",
          );
        } else if (/^configure router/.test(l)) {
          ctx = '/configure router "Base" interface "a[1]"';
          dirty = "*";
        } else if (/^exit all|^\/$/.test(l)) ctx = "/";
        else if (l === "commit") dirty = "";
        else if (l === "quit-config") {
          if (dirty) {
            const k = await t.line({
              prompt:
                "INFO: CLI #2071: Uncommitted changes are present in the candidate configuration. Exiting private configuration mode will discard those changes.\r\n\r\nDiscard uncommitted changes? [y,n] ",
            });
            if (k === "y") {
              dirty = "";
              pr = "";
              ctx = "";
            }
          } else pr = "";
        } else if (l === "show version") t.print("TiMOS-C-20.10.R1 cpm/x86_64\r\n");
        else if (l && !/^environment/.test(l))
          t.print(`${"^"}\r\nMINOR: MGMT_CORE #2201: Unknown element - '${l}'\r\n`);
      }
    },
    run: async (stage) => {
      for (const h of ["s", "auto"]) {
        const c = await stage.connect(h);
        stage.check(`${h}: sros`, /sros/.test(c.text), c.text.slice(-200));
        const r = await stage.sh(h, 'edit-config private\nconfigure router interface "a[1]"');
        stage.check(`${h}: done`, r.state === "done", r.text);
        stage.check(`${h}: context row is not output`, !/\[\/configure/.test(body(r)), body(r));
        const q = await stage.sh(h, "quit-config");
        stage.check(`${h}: asks`, q.state === "asking", q.text);
        await stage.keys(h, "n<Enter>");
        const e = await stage.sh(h, "foo");
        stage.check(`${h}: error told`, /error=/.test(e.rest), e.rest);
      }
    },
  },
  {
    name: 'IOS: replace? [yes/no]: then "How many bits in the modulus [1024]: " then % Generating … [OK]',
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "crypto key generate rsa": async (t) => {
          t.print("% You already have RSA keys defined named R1.example.com.\r\n");
          const a = await t.line({ prompt: "% Do you really want to replace them? [yes/no]: " });
          if (a !== "yes") return;
          t.print(
            "Choose the size of the key modulus in the range of 512 to 4096 for your\r\n  General Purpose Keys. Choosing a key modulus greater than 512 may take\r\n  a few minutes.\r\n\r\n",
          );
          await t.line({ prompt: "How many bits in the modulus [1024]: " });
          await t.slow([
            "% Generating 2048 bit RSA keys, keys will be non-exportable...",
            2600,
            "\r\n[OK] (elapsed time was 3 seconds)\r\n\r\n",
          ]);
        },
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "crypto key generate rsa", { mode: "config" });
      stage.check("yes/no, high", /yesno/.test(r.rest) && /risk=high/.test(r.rest), r.rest);
      const k = await stage.keys("r", "yes<Enter>");
      stage.check("bits asked", k.state === "asking" && /modulus/.test(k.text), k.text);
      const d = await stage.keys("r", "2048<Enter>");
      stage.check(
        "done behind [OK], not called an error",
        d.state === "done" && /\[OK\]/.test(d.text) && !/error=/.test(d.rest),
        d.text,
      );
    },
  },
  {
    name: 'DGS-1510: prompt Switch#, pager "CTRL+C ESC q Quit SPACE n Next Page ENTER Next Entry a All", errors "% Invalid input detected at \'^\' marker."',
    hosts: { auto: { platform: "auto" }, d: { platform: "dlink" } },
    ident: "OpenSSH_x",
    device: async (t) => {
      t.print("\r\n               DGS-1510-52X Gigabit Ethernet SmartPro Switch\r\n\r\n");
      for (;;) {
        const l = await t.line({ prompt: "Switch#" });
        if (l === undefined) continue;
        if (l === "show run") {
          let all = false;
          const R = rows(60, (i) => `interface eth1/0/${i}`);
          for (let i = 0; i < R.length; i++) {
            t.print(`${R[i]}\r\n`);
            if (!all && i % 20 === 19) {
              t.print("\x1b[7m CTRL+C ESC q Quit SPACE n Next Page ENTER Next Entry a All \x1b[0m");
              const k = await t.key();
              t.print("\r\x1b[K");
              if (k === "a") all = true;
              if (k === "q") break;
            }
          }
        } else if (l === "show version")
          t.print("System MAC Address: 00-00\r\nH/W Version: A1\r\n Runtime  V1.70.012\r\n");
        else if (l) t.print("                 ^\r\n% Invalid input detected at '^' marker.\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["d", "auto"]) {
        await stage.connect(h);
        const r = await stage.sh(h, "show run");
        stage.check(
          `${h}: 60 rows at one call`,
          r.state === "done" && /60 lines/.test(r.rest),
          r.state + r.rest,
        );
        if (r.state !== "done") await stage.keys(h, "a");
        const e = await stage.sh(h, "foo");
        stage.check(`${h}: error told`, /error=syntax/.test(e.rest), e.rest);
      }
    },
  },
];
