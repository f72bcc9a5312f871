import { ios } from "./ios.ts";
import { type Dialogue, EN } from "./stage.ts";

export const PROGRESS_AND_LOGS: readonly Dialogue[] = [
  {
    name: "PAN-OS commit prints dots and a percentage on one growing row, with pauses of several seconds",
    hosts: { pa: { platform: "paloalto_panos" } },
    ident: "OpenSSH_8.0",
    device: async (t) => {
      let cfg = false;
      t.print("Last login: x\r\n\r\nNumber of failed attempts since last successful login: 0\r\n\r\n\r\n");
      for (;;) {
        const l = await t.line({ prompt: cfg ? "[edit]\r\nadmin@PA-VM# " : "admin@PA-VM> " });
        if (l === undefined) continue;
        if (l === "configure") {
          cfg = true;
          t.print("Entering configuration mode\r\n");
        } else if (l === "exit") {
          cfg = false;
          t.print("Exiting configuration mode\r\n");
        } else if (l === "commit") {
          await t.slow([
            "\r\nCommit job 225 is in progress. Use Ctrl+C to return to command prompt\r\n",
            300,
            "....",
            400,
            "....",
            400,
            "..55%",
            4000,
            "..75%",
            1200,
            ".98%.",
            800,
            "100%\r\nConfiguration committed successfully\r\n\r\n",
          ]);
        } else if (/^set /.test(l)) t.print("\r\n");
        else t.print(`Unknown command: ${l}\r\n`);
      }
    },
    run: async (stage) => {
      await stage.connect("pa");
      const r = await stage.sh("pa", "commit", { mode: "config" });
      stage.check("commit is not called a question while it is at 55%", r.state !== "asking", r.rest);
      stage.check(
        'done with "committed successfully"',
        r.state === "done" && /committed successfully/.test(r.text),
        r.state,
      );
    },
  },
  {
    name: "UCS fabric interconnect: `connect nxos a` leads to the prompt FI-7-A(nxos)#",
    hosts: { ucs: { platform: "cisco_nxos" }, auto: { platform: "auto" } },
    ident: "OpenSSH_6.2",
    banner: "Cisco UCS 6200 Series Fabric Interconnect\r\n",
    device: async (t) => {
      let p = "FI-7-A# ";
      t.print(
        "Cisco UCS 6200 Series Fabric Interconnect\r\n\r\nCisco Nexus Operating System (NX-OS) Software\r\nTAC support: http://www.cisco.com/tac\r\n",
      );
      for (;;) {
        const l = await t.line({ prompt: p });
        if (l === undefined) continue;
        if (l === "connect nxos a") {
          p = "FI-7-A(nxos)# ";
          t.print(
            "Cisco Nexus Operating System (NX-OS) Software\r\nTAC support: http://www.cisco.com/tac\r\n",
          );
        } else if (l === "exit") p = "FI-7-A# ";
        else if (l === "show clock") t.print("10:11:12.345 UTC Mon Jan 01 2024\r\n");
        else if (l) t.print("          ^\r\n% Invalid Command at '^' marker\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["ucs", "auto"]) {
        await stage.connect(h);
        const r = await stage.sh(h, "connect nxos a");
        stage.check(`${h}: the new prompt ends the command`, r.state === "done", r.state + r.rest);
        const q = await stage.sh(h, "show clock");
        stage.check(
          `${h}: the next command runs`,
          q.state === "done" && /10:11:12/.test(q.text),
          q.text.slice(0, 200),
        );
      }
    },
  },
  {
    name: "a transfer prints # marks on one row with pauses; nothing is asked",
    hosts: { fg: { platform: "fortinet_fortios" } },
    ident: "OpenSSH_x",
    device: async (t) => {
      t.print("\r\n");
      for (;;) {
        const l = await t.line({ prompt: "FGT-17 # " });
        if (!l) continue;
        if (/^execute backup/.test(l))
          await t.slow([
            "Please wait...\r\n\r\nConnect to tftp server 10.0.0.5 ...\r\n\r\n",
            200,
            "#",
            300,
            "##",
            3500,
            "####",
            500,
            "\r\n\r\nSend config file to tftp server OK.\r\n",
          ]);
        else t.print("Unknown action 0\r\n");
        t.print("\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("fg");
      const r = await stage.sh("fg", "execute backup config tftp x.cfg 10.0.0.5");
      stage.check("progress marks are not a shell that asks", r.state !== "asking", r.state + r.rest);
      stage.check("done with OK", r.state === "done" && /OK\./.test(r.text), r.state);
    },
  },
  {
    name: "a log record of two rows (message and -Traceback=) pushes the prompt up; the device does not print it again",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "show clock": async (t, s) => {
          t.print(`*10:11:12.345 GMT Mon Jan 1 2024\r\n${s.host}#`);
          await t.sleep(5);
          t.print(
            "\r\n*Nov 25 15:26:01.124 GMT: %SYS-3-CPUHOG: Task is running for (2004)msecs, more than (2000)msecs (0/0),process = Exec.\r\n-Traceback= 1#8f8c0cd1e5b6a6cbd2fba0c4c4a3e2e5  :56463C4BB000+A8E9C0F :56463C4BB000+57DDA0D\r\n",
          );
          await t.peek();
        },
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "show clock");
      stage.check("done", r.state === "done", r.state + r.rest);
      stage.check("clock is in the output", /10:11:12/.test(r.text));
    },
  },
  {
    name: "log rows stamped with uptime (1w2d:, 00:00:45:, 000123: 2d03h:) push the prompt up",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "show clock": async (t, s) => {
          t.print(`*10:11:12.345 GMT Mon Jan 1 2024\r\n${s.host}#`);
          await t.sleep(5);
          t.print("\r\n000123: 1w2d: %SYS-5-CONFIG_I: Configured from console by vty0 (10.0.0.1)\r\n");
          await t.peek();
        },
        "show users": async (t, _s) => {
          t.print(
            "    Line       User\r\n00:00:45: %LINK-3-UPDOWN: Interface FastEthernet0/1, changed state to up\r\n*  2 vty 0     noc\r\n",
          );
        },
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "show clock");
      stage.check(
        "done within 3 s (a prompt stood)",
        r.state === "done" && (!stage.calm || r.seconds < 3),
        `${r.state}${r.rest}`,
      );
      const q = await stage.sh("r", "show users");
      // Within an output that is on its way a row stays where it came, marked.
      stage.check(
        "log row is marked",
        /log rows .* line 2 of this output, left in place/.test(q.text),
        q.text,
      );
    },
  },
  {
    name: "A10 prompt A10DEV-Active-affinity-def-vMaster[1/1]# : no profile; the HA state in it changes mid-session",
    hosts: { auto: { platform: "auto" }, gen: { platform: "generic_cli" } },
    ident: "OpenSSH_5.3",
    device: async (t) => {
      let st = "Active",
        m = ">";
      t.print("Last login: x\r\n\r\n[type ? for help]\r\n\r\n");
      for (;;) {
        const l = await t.line({ prompt: `A10DEV-${st}-affinity-def-vMaster[1/1]${m}` });
        if (l === undefined) continue;
        if (l === "enable") {
          await t.line({ prompt: "Password:", echo: false });
          m = "#";
        } else if (l === "show ha") {
          t.print("state: Standby\r\n");
          st = "Standby";
        } else if (l === "show version")
          t.print(
            "Thunder Series Unified Application Service Gateway\r\n  64-bit Advanced Core OS (ACOS) version 4.1.1-P8\r\n",
          );
        else if (l === "show clock") t.print(".10:11:12 UTC\r\n");
        else if (l === "configure") m = "(config)#";
        else if (l === "end") m = "#";
        else if (l) t.print("Unrecognized command.\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["auto", "gen"]) {
        await stage.connect(h);
        await stage.sh(h, "enable");
        await stage.keys(h, "<Enter>");
        const f = await stage.sh(h, "configure");
        stage.check(`${h}: config prompt ends it`, f.state === "done", f.state + f.rest);
        await stage.sh(h, "end");
        const r = await stage.sh(h, "show ha");
        stage.check(`${h}: prompt with the new HA state ends it`, r.state === "done", r.state + r.rest);
        const q = await stage.sh(h, "show clock");
        stage.check(
          `${h}: session goes on`,
          q.state === "done" && /10:11:12/.test(q.text),
          q.text.slice(0, 150),
        );
      }
    },
  },
  {
    name: 'Extreme/Avaya ERS: "Enter Ctrl-Y to begin." then "Press ENTER to continue" before the first prompt',
    hosts: { auto: { platform: "auto" }, gen: { platform: "generic_cli" } },
    ident: "Mocana SSH",
    device: async (t) => {
      t.print(
        "\x1b[2J\x1b[1;1H" +
          "#".repeat(60) +
          "\r\n***   Ethernet Routing Switch 4850GTS   ***\r\n***   Copyright (c) 2010-2016 Avaya      ***\r\n" +
          "#".repeat(60) +
          "\r\n\r\n\r\nEnter Ctrl-Y to begin.",
      );
      while ((await t.key()) !== "\x19");
      t.print("\x1b[2J\x1b[1;1H\r\nFailed retries since last login:   1\r\nPress ENTER to continue");
      while ((await t.key()) !== "\r");
      t.print("\x1b[2J\x1b[1;1H");
      let m = ">";
      for (;;) {
        const l = await t.line({ prompt: `4850GTS-PWR+${m}` });
        if (l === undefined) continue;
        if (l === "enable") m = "#";
        else if (l === "show clock") t.print("10:11:12\r\n");
        else if (l === "show version") t.print("% Invalid input detected at '^' marker.\r\n");
        else if (l) t.print("           ^\r\n% Invalid input detected at '^' marker.\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["auto", "gen"]) {
        const c = await stage.connect(h);
        stage.check(
          `${h}: connect tells the row that asks`,
          /Ctrl-Y/.test(c.text) && /asking|screen/.test(c.text),
          c.text.slice(-300),
        );
        const y = await stage.keys(h, "<C-y>");
        stage.check(`${h}: second splash is told`, /Press ENTER/.test(y.text), y.text.slice(-200));
        const e = await stage.keys(h, "<Enter>");
        stage.check(`${h}: prompt ends it`, e.state === "done" || e.state === "ready", e.text.slice(-200));
        const q = await stage.sh(h, "show clock");
        stage.check(
          `${h}: a command runs`,
          q.state === "done" && /10:11:12/.test(q.text),
          q.text.slice(0, 200),
        );
      }
    },
  },
  {
    name: "ProCurve login ends in the Main Menu (cursor addressing, no prompt); 5 opens the CLI",
    hosts: { p: { platform: "hp_procurve" }, auto: { platform: "auto" } },
    ident: "Mocana SSH 6.3",
    device: async (t) => {
      const menu = () =>
        t.print(
          "\x1b[2J\x1b[1;1H2920-48G                    3-Apr-2025  10:11:12\x1b[2;1H===========================- TELNET - MANAGER MODE -============================\x1b[3;36HMain Menu\x1b[5;4H1. Status and Counters...\x1b[6;4H2. Switch Configuration...\x1b[9;4H5. Command Line (CLI)\x1b[12;4H0. Logout\x1b[22;1HProvides the menu to display configuration, status, and counters.\x1b[23;1HTo select menu item, press item number, or highlight item and press <Enter>.\x1b[24;1H\x1b[5;4H",
        );
      menu();
      while ((await t.key()) !== "5");
      t.print("\x1b[2J\x1b[1;1H\x1b[24;1H");
      for (;;) {
        const l = await t.line({ prompt: "2920-48G# " });
        if (l === "show time") t.print("Thu Apr  3 10:11:12 2025\r\n");
        else if (l === "show version") t.print("Image stamp:    /ws/swbuildm\r\n");
        else if (l && !/^no page|terminal/.test(l)) t.print(`Invalid input: ${l}\r\n`);
      }
    },
    run: async (stage) => {
      for (const h of ["p", "auto"]) {
        const c = await stage.connect(h);
        stage.check(
          `${h}: the menu is told, no hang to the time limit`,
          /asking|screen/.test(c.text.split("\n").at(-1) ?? ""),
          c.text.slice(-300),
        );
        await stage.keys(h, "5");
        const q = await stage.sh(h, "show time");
        stage.check(
          `${h}: after the menu a command runs`,
          q.state === "done" && /10:11:12/.test(q.text),
          q.text.slice(0, 200),
        );
      }
    },
  },
  {
    name: 'ProCurve `enable` under TACACS asks "Please Enter Login Name:" and "Please Enter Password:"',
    hosts: { p: { platform: "hp_procurve", ...EN } },
    ident: "Mocana SSH 6.3",
    device: async (t) => {
      let m = ">";
      for (;;) {
        const l = await t.line({ prompt: `sw-core-1${m}` });
        if (l === undefined) continue;
        if (l === "enable") {
          await t.line({ prompt: "Please Enter Login Name: " });
          const p = await t.line({ prompt: "Please Enter Password: ", echo: false });
          if (p === "tac-pw") m = "#";
          else t.print("Invalid password\r\n");
        } else if (l === "show time") t.print("Thu Apr  3 10:11:12 2025\r\n");
        else if (l) t.print(`Invalid input: ${l}\r\n`);
      }
    },
    run: async (stage) => {
      await stage.connect("p");
      const r = await stage.sh("p", "show time", { mode: "enable" });
      stage.check(
        "the login name question is told",
        r.state === "asking" && /Login Name/.test(r.text),
        r.text,
      );
      const u = await stage.keys("p", "noc<Enter>");
      stage.check(
        "password question is told as password",
        r.state === "asking" && /asking password/.test(u.text),
        u.text.slice(-200),
      );
      const p = await stage.keys("p", "tac-pw<Enter>");
      stage.check("done", p.state === "done", p.text.slice(-300));
      stage.check("password is not in the audit log", !/tac-pw/.test(stage.audit()));
      const q = await stage.sh("p", "show time");
      stage.check("mode=enable known", /mode=enable/.test(q.text), q.rest);
    },
  },
];
