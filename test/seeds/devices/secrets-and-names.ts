import { body, ios } from "./ios.ts";
import { type Dialogue, EN } from "./stage.ts";

export const SECRETS_AND_NAMES: readonly Dialogue[] = [
  {
    name: "IOS `prompt %h-STP-1234%p`: enable prompt Loc-S1#, configuration prompt Loc-S1(config)#",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      host: "Loc-S1",
      answers: { "show clock": "*10:11:12.345 UTC\r\n" },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "ip domain-name x\nntp server 10.0.0.1", { mode: "config" });
      stage.check("config done", r.state === "done" && /mode=config/.test(r.rest), r.rest);
      const q = await stage.sh("r", "show clock", { mode: "enable" });
      stage.check("back", q.state === "done" && /10:11/.test(q.text), q.text);
      stage.check("quick", !stage.calm || q.seconds < 1.5, q.rest);
    },
  },
  {
    name: 'aaa password-prompt: enable asks "AD Password: "',
    hosts: { r: { platform: "cisco_ios", ...EN } },
    device: async (t) => {
      let m = ">";
      for (;;) {
        const l = await t.line({ prompt: `R7${m}` });
        if (l === "enable") {
          const p = await t.line({ prompt: "AD Password: ", echo: false });
          if (p === "en-secret") m = "#";
          else t.print("% Access denied\r\n\r\n");
        } else if (l === "show clock") t.print("*10:11:12.345 UTC\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "show clock", { mode: "enable" });
      stage.check(
        "enable secret typed at its own prompt, or the question told",
        (r.state === "done" && /mode=enable/.test(r.rest)) || /asking password/.test(r.text),
        r.text,
      );
      stage.check("secret typed for the agent", r.state === "done", r.state);
      if (r.state !== "done") {
        await stage.keys("r", "zz-bad<Enter>");
        stage.check(
          "typed password masked",
          !/zz-bad/.test(stage.audit()) && stage.audit().length > 100,
          stage.audit().slice(-300),
        );
      }
    },
  },
  {
    name: 'Gaia clish: expert mode with a warning, `set expert-password` asks "Enter current expert password:", "Enter new expert password:", "… (again):"; CLINFR0771 lock',
    hosts: { g: { platform: "checkpoint_gaia", ...EN } },
    ident: "OpenSSH_7.8",
    device: async (t) => {
      let x = false;
      for (;;) {
        const l = await t.line({ prompt: x ? "[Expert@GW-1:0]# " : "GW-1> " });
        if (l === undefined) continue;
        if (l === "expert") {
          const p = await t.line({ prompt: "Enter expert password:", echo: false });
          t.print("\r\n\r\n");
          if (p === "en-secret") {
            x = true;
            t.print(
              "Warning! All configurations should be done through clish\r\nYou are in expert mode now.\r\n\r\n",
            );
          } else t.print("Wrong password.\r\n");
        } else if (l === "exit") x = false;
        else if (l === "set expert-password") {
          await t.line({ prompt: "Enter current expert password:", echo: false });
          await t.line({ prompt: "Enter new expert password:", echo: false });
          await t.line({ prompt: "Enter new expert password (again):", echo: false });
        } else if (/^set hostname/.test(l))
          t.print(
            "CLINFR0771  Config lock is owned by admin. Use the command 'lock database override' to acquire the lock.\r\n",
          );
        else if (/^show/.test(l)) t.print("OK row\r\n");
        else if (l === "uname") t.print("Linux\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("g");
      const e = await stage.sh("g", "uname", { mode: "shell" });
      stage.check("expert", e.state === "done" && /mode=shell/.test(e.rest), e.text);
      const h = await stage.sh("g", "set hostname x", { mode: "exec" });
      stage.check(
        "lock told as an error, not as syntax",
        /error=(other|permission|commit)/.test(h.rest),
        h.rest,
      );
      const p = await stage.sh("g", "set expert-password");
      stage.check("current password asked", /asking password/.test(p.text), p.text);
      await stage.keys("g", "cur-pw-1<Enter>");
      await stage.keys("g", "new-pw-2<Enter>");
      const c = await stage.keys("g", "new-pw-2<Enter>");
      stage.check("done", c.state === "done", c.text);
      stage.check(
        "none of them in the audit log",
        !/cur-pw-1|new-pw-2/.test(stage.audit()),
        stage.audit().slice(-800),
      );
    },
  },
  {
    name: "prompt, then 500 ms later rows of the first command that are no log rows, then the prompt again",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "test job": async (t, _s) => {
          t.print("started\r\n");
          t.later(500, () => t.print("\r\nLATE-ROW of the job\r\nR1#"));
        },
        "show clock": "CLOCK-ROW\r\n",
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "test job");
      await stage.pass(1500);
      const q = await stage.sh("r", "show clock");
      stage.check("late rows not given as output of show clock", !/LATE-ROW/.test(body(q)), body(q));
      const a = await stage.read("r", { command: r.id });
      const g = await stage.read("r", { grep: "LATE-ROW" });
      stage.check(
        "late rows are not lost",
        /LATE-ROW/.test(a.text) || /LATE-ROW/.test(g.text.replace(/grep[^\n]*/g, "")),
        g.text,
      );
    },
  },
  {
    name: "ProCurve hostname with brackets: SW-Bldg(2)# is enable, not configuration; SW-Bldg(2)> exec",
    hosts: { p: { platform: "hp_procurve" }, auto: { platform: "auto" } },
    ident: "Mocana SSH 6.3",
    device: async (t) => {
      let m = "#";
      for (;;) {
        const l = await t.line({ prompt: `SW-Bldg(2)${m} ` });
        if (l === undefined) continue;
        if (/^conf/.test(l)) m = "(config)#";
        else if (/^(end|exit)/.test(l)) m = m === "#" ? ">" : "#";
        else if (l === "enable") m = "#";
        else if (l === "show version") t.print("Image stamp:    /ws/x\r\n");
        else if (l === "show time") t.print("10:11:12\r\n");
        else if (l && !/^no page|^term|^vlan/.test(l)) t.print(`Invalid input: ${l}\r\n`);
      }
    },
    run: async (stage) => {
      for (const h of ["p", "auto"]) {
        const c = await stage.connect(h);
        stage.check(`${h}: mode=enable, not config`, /mode=enable/.test(c.text), c.text.slice(-200));
        await stage.sh(h, "vlan 20", { mode: "config" });
        stage.check(
          `${h}: configure was entered before vlan 20`,
          stage.term(h).lines.some((l) => /^conf/.test(l)),
          JSON.stringify(stage.term(h).lines),
        );
      }
    },
  },
  {
    name: 'nothing is printed until Enter is pressed: "Escape character is ^]" then silence; prompt comes behind Enter',
    hosts: { auto: { platform: "auto" }, gen: { platform: "generic_cli" }, ios: { platform: "cisco_ios" } },
    ident: "OpenSSH_8.1 console",
    device: async (t) => {
      t.print("Escape character is '^Ec?'.\r\n");
      while ((await t.key()) !== "\r");
      t.print("\r\n");
      for (;;) {
        const l = await t.line({ prompt: "R9#" });
        if (l === "show version") t.print("Cisco IOS Software, C2900\r\n");
        else if (l === "show clock") t.print("10:11:12\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["ios", "auto", "gen"]) {
        const c = await stage.connect(h);
        stage.check(
          `${h}: ready, or the row told in time`,
          /R9#/.test(c.text) || /asking/.test(c.text.split("\n").at(-1) ?? ""),
          c.text,
        );
        if (!/R9#/.test(c.text)) await stage.keys(h, "<Enter>");
        const q = await stage.sh(h, "show clock");
        stage.check(`${h}: runs`, q.state === "done" && /10:11/.test(q.text), q.text);
      }
    },
  },
  {
    name: "the device closes the session for idleness while a command stands at a question, and while nothing runs",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "clear counters": async (t) => {
          t.print('Clear "show interface" counters on all interfaces [confirm]');
          await t.sleep(2500);
          t.print("\r\n\r\nVty connection is timed out.\r\n");
          t.exit();
          return "bye";
        },
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "clear counters");
      stage.check(
        "asks confirm, key",
        r.state === "asking" && /confirm/.test(r.rest) && /answer=key/.test(r.rest),
        r.rest,
      );
      await stage.pass(3000);
      const k = await stage.keys("r", "y");
      stage.check("closed is told, y not claimed to be typed", /clos/i.test(k.text), k.text);
      const a = await stage.read("r", { command: r.id });
      stage.check("the last words are kept", /timed out/.test(a.text), a.text);
    },
  },
  {
    name: "RouterOS identity with # and > and umlaut: [noc@MikroTik #1 > Büro] >; /system/identity/set renames",
    hosts: { m: { platform: "mikrotik_routeros" }, auto: { platform: "auto" } },
    ident: "ROSSSH",
    device: async (t) => {
      let id = "MikroTik #1 > Büro";
      t.print("\r\n  MikroTik RouterOS 7.11 (c) 1999-2023\r\n\r\n");
      for (;;) {
        const l = await t.line({ prompt: `\r[noc@${id}] > ` });
        if (l === undefined) continue;
        if (/identity[ /]set/.test(l)) id = /name="?([^"]*)"?$/.exec(l)?.[1] ?? "";
        else if (l === ":put 1") t.print("1\r\n");
        else if (l === "/ip address print") t.print("Columns: ADDRESS\r\n# ADDRESS\r\n0 10.0.0.1/24\r\n");
        else if (l) t.print("bad command name x (line 1 column 1)\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["m", "auto"]) {
        const c = await stage.connect(h);
        stage.check(
          `${h}: host= the identity`,
          /host=/.test(c.text) && /Büro|B/.test(c.text),
          c.text.slice(-300),
        );
        const r = await stage.sh(h, "/ip address print");
        stage.check(`${h}: output`, r.state === "done" && /10\.0\.0\.1/.test(r.text), r.text);
        const n = await stage.sh(h, '/system identity set name="R] > 2"');
        stage.check(`${h}: renamed with ] in it`, n.state === "done", n.state + n.rest);
        const q = await stage.sh(h, ":put 1");
        stage.check(`${h}: goes on`, q.state === "done" && /1/.test(body(q)), q.text);
      }
    },
  },
  {
    name: "the device takes 12 characters in 60 ms and drops what comes faster",
    hosts: { r: { platform: "cisco_ios" } },
    device: async (t) => {
      t.print("\r\n");
      let s = "";
      t.print("SWITCH-A#");
      for (;;) {
        await t.peek();
        const burst = t.keys.splice(0);
        for (const c of burst.slice(0, 12)) {
          if (c === "\r") {
            t.print("\r\n");
            t.lines.push(s);
            if (s === "show clock") t.print("10:11:12\r\n");
            else if (s && !/^term/.test(s)) t.print("% Invalid input detected at '^' marker.\r\n");
            s = "";
            t.print("SWITCH-A#");
          } else if (c === "\x15") {
            t.print("\b \b".repeat(s.length));
            s = "";
          } else if (c >= " ") {
            s += c;
            t.print(c);
          }
        }
        await t.sleep(60);
      }
    },
    run: async (stage) => {
      const c = await stage.connect("r");
      stage.check("connect says what happened", /did not echo|NOT pressed|done/.test(c.text), c.text);
      const r = await stage.sh("r", "show interfaces GigabitEthernet0/1 status");
      stage.check(
        "a mangled line is not entered",
        !stage.term("r").lines.some((l) => l.startsWith("show int")),
        JSON.stringify(stage.term("r").lines),
      );
      stage.check("and that is told", /NOT pressed|busy|not_ready/.test(r.text), r.text);
    },
  },
];
