import { body, ios, rows } from "./ios.ts";
import { type Dialogue, EN } from "./stage.ts";

export const REFUSALS: readonly Dialogue[] = [
  {
    name: "% No password set | % Error in authentication. | Password: three times then % Bad secrets; Ctrl-C there ends it",
    hosts: {
      a: { platform: "cisco_ios", ...EN },
      b: { platform: "cisco_ios", ...EN },
      c: { platform: "cisco_ios", ...EN },
    },
    device: async (t, which) => {
      for (;;) {
        const l = await t.line({ prompt: "R5>" });
        if (l === "enable") {
          if (which === "a") t.print("% No password set\r\n");
          else if (which === "b") {
            await t.line({ prompt: "Password: ", echo: false });
            await t.sleep(1200);
            t.print("% Error in authentication.\r\n\r\n");
          } else {
            for (let i = 0; i < 3; i++) {
              const p = await t.line({ prompt: "Password: ", echo: false });
              if (p === undefined) break;
            }
            t.print("% Bad secrets\r\n\r\n");
          }
        } else if (l === "show clock") t.print("CLOCK\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["a", "b", "c"]) {
        await stage.connect(h);
        const r = await stage.sh(h, "show clock", { mode: "enable" });
        stage.check(
          `${h}: NOT TYPED with the device's reason`,
          r.state === "done" && /NOT TYPED/.test(r.text) && /mode=exec/.test(r.rest),
          r.text,
        );
        const q = await stage.sh(h, "show clock");
        stage.check(`${h}: session goes on`, q.state === "done" && /CLOCK/.test(q.text), q.text);
        stage.check(
          `${h}: secret sent at most once`,
          stage.term(h).lines.filter((l) => l === "en-secret").length <= 1,
          JSON.stringify(stage.term(h).lines),
        );
      }
    },
  },
  {
    name: "traceroute with * * * rows and pauses; broken off by 0x1e",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "traceroute *": async (t) => {
          t.print(
            "Type escape sequence to abort.\r\nTracing the route to 10.9.9.9\r\n  1 10.0.0.1 4 msec 4 msec 8 msec\r\n",
          );
          for (let i = 2; i < 30; i++) {
            t.print(`  ${i} `);
            for (let j = 0; j < 3; j++) {
              t.print(" * ");
              const k = await t.keyWithin(1500);
              if (k === "\x1e") {
                t.print("\r\n");
                return;
              }
            }
            t.print("\r\n");
          }
        },
        "ping *": async (t) =>
          t.slow([
            "Type escape sequence to abort.\r\nSending 5, 100-byte ICMP Echos to 10.9.9.9, timeout is 2 seconds:\r\n",
            ".",
            2000,
            ".",
            2000,
            "!",
            100,
            "!",
            100,
            "!\r\nSuccess rate is 60 percent (3/5)\r\n",
          ]),
        "show clock": "CLOCK\r\n",
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const p = await stage.sh("r", "ping 10.9.9.9", { timeout_s: 12 });
      stage.check("ping done at its end", p.state === "done" && /60 percent/.test(p.text), p.text);
      const r = await stage.sh("r", "traceroute 10.9.9.9", { timeout_s: 6 });
      stage.check("running, nothing asked", r.state === "running", r.state + r.rest);
      const k = await stage.keys("r", "<C-^>", { timeout_s: 6 });
      stage.check("broken off", k.state === "done", k.text);
      const q = await stage.sh("r", "show clock");
      stage.check("next", /CLOCK/.test(q.text));
    },
  },
  {
    name: "EOS bash: [noc@sw1 ~]$ ; output holds rows like prompts; back by exit; configure session prompt and commit",
    hosts: { e: { platform: "arista_eos" } },
    ident: "OpenSSH_7.8",
    device: async (t) => {
      let m = "#";
      t.print("Last login\r\n");
      for (;;) {
        const l = await t.line({ prompt: m === "$" ? "[noc@sw1 ~]$ " : `sw1${m}` });
        if (l === undefined) continue;
        if (l === "bash") {
          t.print("\r\nArista Networks EOS shell\r\n\r\n");
          m = "$";
        } else if (l === "exit" && m === "$") {
          t.print("logout\r\n");
          m = "#";
        } else if (/^configure session/.test(l)) m = "(config-s-x1)#";
        else if (l === "configure terminal") m = "(config)#";
        else if (/^(end|commit|abort)/.test(l)) m = "#";
        else if (l === "ls") t.print("a  b\r\n");
        else if (l === "show clock") t.print("Mon Jan  1 10:11:12 2024\r\n");
        else if (l === "enable") m = "#";
      }
    },
    run: async (stage) => {
      await stage.connect("e");
      const b = await stage.sh("e", "ls", { mode: "shell" });
      stage.check("shell", b.state === "done" && /mode=shell/.test(b.rest), b.rest);
      const c = await stage.sh("e", "configure session x1", { mode: "enable" });
      stage.check("session prompt is config", /mode=config/.test(c.rest), c.rest);
      const d = await stage.sh("e", "commit");
      stage.check("commit leads to enable", /mode=enable/.test(d.rest), d.rest);
    },
  },
  {
    name: "EXOS: * before the prompt, counter grows, Slot-1 and (pending-AAA); save asks (y/N); EXOS pager",
    hosts: { x: { platform: "extreme_exos" }, auto: { platform: "auto" } },
    ident: "OpenSSH_7.5",
    device: async (t) => {
      let n = 0,
        d = "",
        pre = "";
      t.print("ExtremeXOS\r\nCopyright (C) 1996-2020 Extreme Networks. All rights reserved.\r\n\r\n");
      for (;;) {
        n++;
        const l = await t.line({ prompt: `${d}${pre}Slot-1 stack-3.${n} # ` });
        if (l === undefined) continue;
        if (/^disable clip/.test(l))
          t.print("                           ^\r\n%% Invalid input detected at '^' marker.\r\n");
        else if (/^create vlan/.test(l)) d = "* ";
        else if (/^save/.test(l)) {
          const k = await t.line({
            prompt: "Do you want to save configuration to primary.cfg and overwrite it? (y/N) ",
          });
          if (/^y/i.test(k ?? "")) {
            await t.slow([
              "Yes\r\nSaving configuration on master ....",
              1500,
              "... done!\r\nSynchronizing configuration to backup .... done!\r\n",
            ]);
            d = "";
          } else t.print("No\r\n");
        } else if (l === "show version")
          t.print("Switch      : 800750 1701N Rev 12\r\nImage   : ExtremeXOS version 22.7.1.2\r\n");
        else if (l === "aaa") pre = "(pending-AAA) ";
        else if (l === "show config")
          await t.page(
            rows(60, (i) => `# cfg ${i}`),
            {
              size: 22,
              more: "Press <SPACE> to continue or <Q> to quit:",
              erase: `\r${" ".repeat(41)}\r`,
            },
          );
        else if (l) t.print("^\r\n%% Unrecognized command: \r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["x", "auto"]) {
        await stage.connect(h);
        const c = await stage.sh(h, "create vlan x");
        stage.check(`${h}: * prompt`, c.state === "done" && /host=stack-3/.test(c.rest), c.rest);
        const p = await stage.sh(h, "show config");
        stage.check(`${h}: pages`, /60 lines/.test(p.rest), p.rest);
        await stage.sh(h, "aaa");
        const s = await stage.sh(h, "save configuration primary");
        stage.check(`${h}: save asks`, s.state === "asking", s.rest);
        const k = await stage.keys(h, "y<Enter>");
        stage.check(`${h}: saved`, k.state === "done" && /backup/.test(k.text), k.text);
      }
    },
  },
  {
    name: "RouterOS 6.49 asks the terminal (ESC Z, ESC[6n) at login and paints CR ESC[9999B around the prompt [noc@cpe0.1 (Primary)] >",
    hosts: { m: { platform: "mikrotik_routeros" }, auto: { platform: "auto" } },
    ident: "ROSSSH",
    device: async (t) => {
      const P = "\r\x1b[9999B\r\x1b[9999B\r\r\r\x1b[9999B[noc@cpe0.1 (Primary)] > ";
      t.print("\x1bZ  \x1b[6n");
      await t.sleep(300);
      t.keys.length = 0;
      t.print("\r\n\r\n  MikroTik RouterOS 6.49 (c) 1999-2021       http://www.mikrotik.com/\r\n\r\n");
      for (;;) {
        const l = await t.line({ prompt: P });
        if (l === "/system identity print") t.print("  name: cpe0.1 (Primary)\r\n");
        else if (l) t.print("bad command name foo (line 1 column 1)\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["m", "auto"]) {
        const c = await stage.connect(h);
        stage.check(`${h}: host= whole`, /host="cpe0\.1 \(Primary\)"/.test(c.text), c.text.slice(-200));
        const r = await stage.sh(h, "/system identity print");
        stage.check(
          `${h}: output`,
          r.state === "done" && body(r).trim() === "name: cpe0.1 (Primary)",
          r.text,
        );
      }
    },
  },
  {
    name: "hostnames AS, PAS, assw are parts of the word Password",
    hosts: { r: { platform: "cisco_ios", ...EN }, g: { platform: "generic_cli" } },
    device: async (t) => {
      let m = ">";
      for (;;) {
        const l = await t.line({ prompt: `PAS${m}` });
        if (l === "enable") {
          await t.sleep(150);
          await t.slow(["Pas", 250, "sword: "]);
          const p = await t.line({ echo: false });
          if (p === "en-secret") m = "#";
        } else if (l === "show clock") t.print("CLOCK\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "show clock", { mode: "enable" });
      stage.check("enable", r.state === "done" && /mode=enable/.test(r.rest), r.text);
    },
  },
  {
    name: 'TACACS refuses both terminal commands ("Command authorization failed."); 24-row pager with " --More-- " and backspaces',
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      mode: "exec",
      answers: {
        "terminal length 0": "Command authorization failed.\r\n\r\n",
        "terminal width 0": "Command authorization failed.\r\n\r\n",
        "show interfaces": (t) =>
          t.page(
            rows(100, (i) => `GigabitEthernet0/${i} is up`),
            { size: 23 },
          ),
        "show run": "Command authorization failed.\r\n\r\n",
      },
    }),
    run: async (stage) => {
      const c = await stage.connect("r");
      stage.check("told that the preparation was refused", /took nothing|refused/.test(c.text), c.text);
      const r = await stage.sh("r", "show interfaces");
      stage.check(
        "100 rows, no pager text",
        r.state === "done" && /100 lines/.test(r.rest) && !/More/.test(r.text),
        r.rest,
      );
      const p = await stage.sh("r", "show run");
      stage.check("permission", /error=permission/.test(p.rest), p.rest);
    },
  },
  {
    name: "progress that ends in > or # on a generic device: [=====>, 12:01:00> …, then done",
    hosts: { g: { platform: "generic_cli" }, n: { platform: "cisco_iosxr" } },
    ident: "x",
    device: async (t) => {
      const P = "RP/0/RP0/CPU0:dev-1#";
      for (;;) {
        const l = await t.line({ prompt: P });
        if (/^upgrade/.test(l ?? ""))
          await t.slow(["[=====>", 2800, "=====>", 2800, "====] 100%\r\nUpgrade finished\r\n"]);
        else if (/^copy/.test(l ?? "")) await t.slow(["########", 2800, "########\r\nCopied\r\n"]);
      }
    },
    run: async (stage) => {
      for (const h of ["g", "n"]) {
        await stage.connect(h);
        const r = await stage.sh(h, "upgrade now");
        stage.check(
          `${h}: => is no question`,
          r.state === "done" && /finished/.test(r.text),
          r.state + r.rest,
        );
        if (r.state !== "done") await stage.read(h);
        const c = await stage.sh(h, "copy a b");
        stage.check(
          `${h}: ### is no question`,
          c.state === "done" && /Copied/.test(c.text),
          c.state + c.rest,
        );
        if (c.state !== "done") {
          const w = await stage.read(h);
          stage.check(`${h}: a later read gets the true end`, w.state === "done", w.text);
        }
      }
    },
  },
];
