import { ios, rows } from "./ios.ts";
import { asks, done, gives, noSecret, plain, read } from "./plain.ts";
import { type Dialogue, EN } from "./stage.ts";

const STARS = (key: string) => "*".repeat(key.length);
const SET = /^(?:set cli|terminal |cli$|environment |no page)/;

/** Whole sessions that went wrong with other tools, by public reports. */
export const REPORTED_SESSIONS: readonly Dialogue[] = [
  {
    // netmiko 3376, 1585, 1463
    name: "Junos: words are still completed on a space, and a wrong one is refused within the line, which stands there again",
    hosts: { j: { platform: "juniper_junos" } },
    async device(t) {
      const prompt = "noc@mx1> ";
      t.print("\r\n");
      for (;;) {
        const line = await t.line({
          prompt,
          echo: (key, typed) =>
            /^set cli \S+ $|^show xxbgp $/.test(typed)
              ? `${key}\r\n${" ".repeat(prompt.length + typed.length - 2)}^\r\nsyntax error, expecting <command>.\r\n\r\n${prompt}${typed}`
              : key,
        });
        if (line?.startsWith("set cli") || line?.startsWith("show xxbgp"))
          t.print(`${" ".repeat(20)}^\r\nsyntax error, expecting <command>.\r\n\r\n`);
        if (line === "show system uptime") t.print("Current time: 2024-01-01 10:11:12 UTC\r\n\r\n");
      }
    },
    async run(stage) {
      await stage.connect("j");
      const job = await stage.sh("j", "show xxbgp summary\nshow system uptime");
      stage.check("an error", job.state === "done" && /error=syntax/.test(job.rest), job.text);
      gives(stage, await stage.sh("j", "show system uptime"), ["Current time: 2024-01-01 10:11:12 UTC"]);
      read(stage, "j", ["show xxbgp summary", "show system uptime"], SET);
    },
  },
  {
    // exscript 191, netmiko 164
    name: "NX-OS: a NUL and colours stand in the prompt",
    hosts: { n: { platform: "cisco_nxos" } },
    device: plain(
      "\r\x00\x1b[0;32mHOST-1# \x1b[0m",
      (t, line) => {
        if (line === "show clock") t.print("10:11:12 UTC\r\r\n\x00");
        if (line === "show fex")
          t.print("\r\r\n                          ^\r\r\n% Incomplete command at '^' marker.\r\n");
      },
      "\r\nCisco Nexus Operating System (NX-OS) Software\r\n\r\n",
    ),
    async run(stage) {
      await stage.connect("n");
      gives(stage, await stage.sh("n", "show clock"), ["10:11:12 UTC"]);
      const bad = await stage.sh("n", "show fex\nshow clock");
      stage.check("an error", bad.state === "done" && /error=incomplete/.test(bad.rest), bad.text);
      gives(stage, await stage.sh("n", "show clock"), ["10:11:12 UTC"]);
      read(stage, "n", ["show clock", "show fex", "show clock"], SET);
    },
  },
  {
    // netmiko 2098, 1893
    name: "NX-OS: all sessions are taken, and the device says so and goes",
    hosts: { n: { platform: "cisco_nxos", ...EN } },
    async device(t) {
      t.print(
        "\r\nCisco Nexus Operating System (NX-OS) Software\r\n\r\nCLI session limit 32 reached. Exiting.\r\n",
      );
      await t.sleep(200);
      t.exit(1);
    },
    async run(stage) {
      const told = await stage.connect("n");
      stage.check("says why", /CLI session limit 32 reached/.test(told.text), told.text);
      stage.check("not ready", !/#0 ready/.test(told.text), told.text);
      stage.check("typed nothing", stage.term("n").got === "", stage.term("n").got);
    },
  },
  {
    // netmiko 1692
    name: "Junos: a password in plain text is asked for twice within the configuration",
    hosts: { j: { platform: "juniper_junos", ...EN } },
    device: plain("noc@srx1> ", async (t, line, show) => {
      if (/^conf/.test(line)) t.print("Entering configuration mode\r\n");
      if (/^conf/.test(line)) show("\r\n[edit]\r\nnoc@srx1# ");
      if (!line.endsWith("plain-text-password")) return;
      const one = await t.line({ prompt: "New password:", echo: false });
      const two = await t.line({ prompt: "Retype new password:", echo: false });
      if (one !== two) t.print("error: Passwords are not equal; aborting\r\n");
    }),
    async run(stage) {
      await stage.connect("j");
      const line = "set system login user x authentication plain-text-password";
      asks(stage, await stage.sh("j", `${line}\ncommit`, { mode: "config" }), /New password/, /password/);
      asks(stage, await stage.keys("j", "pw-one<Enter>"), /Retype/, /password/);
      const end = await stage.keys("j", "pw-one<Enter>");
      stage.check("done", end.state === "done" && /mode=config/.test(end.rest), end.text);
      stage.check("no commit", !stage.term("j").lines.includes("commit"));
      noSecret(stage, "j");
      stage.check("not in the audit", !stage.audit().includes("pw-one"), "pw-one");
    },
  },
  {
    // netmiko_tools 26, netmiko 2521
    name: "Junos: who edits, the member's row, a wall message, and a commit of two engines",
    hosts: { j: { platform: "juniper_junos" } },
    device: plain("\r\n{master:0}\r\nnoc@ex1> ", async (t, line, show) => {
      const edit = "\r\n{master:0}[edit]\r\nnoc@ex1# ";
      if (/^conf/.test(line)) {
        t.print(
          "Entering configuration mode\r\nUsers currently editing the configuration:\r\n  root terminal u0 (pid 23534) on since 2016-12-28 20:59:23 EST, idle 6w6d 05:42\r\n      {master:0}[edit]\r\nThe configuration has been changed but not committed\r\n",
        );
        show(edit);
      }
      if (line.startsWith("commit")) {
        await t.slow([
          "fpc0:\r\n",
          1900,
          "configuration check succeeds\r\nfpc1:\r\n",
          2600,
          "commit complete\r\nfpc0:\r\ncommit complete\r\n",
        ]);
        t.later(400, () =>
          t.print(
            "\r\n\r\nBroadcast Message from root@ex1                                      \r\n        (no tty) at 10:11 UTC...\r\n\r\n",
          ),
        );
      }
      if (line === "exit configuration-mode") {
        t.print("Exiting configuration mode\r\n");
        show("\r\n{master:0}\r\nnoc@ex1> ");
      }
      if (line === "show system uptime")
        t.print("fpc0:\r\n---------------------------------------------\r\nCurrent time: 10:11:12\r\n");
    }),
    async run(stage) {
      await stage.connect("j");
      const set = await stage.sh("j", "set system services ssh", { mode: "config" });
      stage.check("set", set.state === "done" && /mode=config/.test(set.rest), set.text);
      const commit = await stage.sh("j", "commit");
      done(stage, commit, /commit complete[\s\S]*commit complete/);
      await stage.pass(2000);
      const left = await stage.sh("j", "exit configuration-mode");
      done(stage, left, /Exiting configuration mode/);
      const up = await stage.sh("j", "show system uptime");
      gives(stage, up, ["fpc0:", "---------------------------------------------", "Current time: 10:11:12"]);
    },
  },
  {
    // netmiko 3453
    name: "RouterOS: safe mode is taken from somebody else, and the prompt asks the terminal what it is",
    hosts: { m: { platform: "mikrotik_routeros" } },
    ident: "ROSSSH",
    async device(t) {
      let safe = false;
      t.print("\r\n\r\n  MikroTik RouterOS 6.49 (c) 1999-2021\r\n\r\n");
      for (;;) {
        const prompt = safe ? "\r\x1b[9999B[noc@R1] <SAFE> \x1b[c" : "\r\x1b[9999B[noc@R1] > ";
        t.print(prompt);
        let line = "";
        for (let key = await t.key(); key !== "\r"; key = await t.key()) {
          if (key === "\x1b") {
            // The terminal's answer to what the prompt asked.
            while (!/[A-Za-z]/.test(await t.key()));
          } else if (key === "\u0018") {
            if (!safe) {
              t.print("\r\nHijacking Safe Mode from somebody - unroll/release/don't take it [u/r/d]: ");
              const answer = await t.key();
              t.print(`${answer}\r\n[Safe Mode ${answer === "d" ? "not " : ""}taken]\r\n`);
              safe = answer !== "d";
            } else {
              safe = false;
              t.print("\r\n[Safe Mode released]\r\n");
            }
            line = "";
            t.print(safe ? "\r\x1b[9999B[noc@R1] <SAFE> \x1b[c" : "\r\x1b[9999B[noc@R1] > ");
          } else if (key === "\u0015") {
            t.print("\b \b".repeat(line.length));
            line = "";
          } else if (key >= " ") {
            line += key;
            t.print(key);
          }
        }
        t.print("\r\n");
        t.lines.push(line);
        if (line === "/system identity print") t.print("\r\n  name: R1\r\n\r\n");
      }
    },
    async run(stage) {
      await stage.connect("m");
      const asked = await stage.sh("m", "/system identity print", { mode: "safe" });
      asks(stage, asked, /Hijacking/, /answer=key/);
      const taken = await stage.keys("m", "r");
      stage.check("safe", taken.state === "done" && /mode=safe/.test(taken.rest), taken.text);
      gives(stage, await stage.sh("m", "/system identity print"), ["name: R1"]);
      gives(stage, await stage.sh("m", "/system identity print"), ["name: R1"]);
      const out = await stage.keys("m", "<C-x>");
      stage.check("released", /released/.test(out.text), out.text);
      gives(stage, await stage.sh("m", "/system identity print"), ["name: R1"]);
      read(stage, "m", Array(3).fill("/system identity print"), SET);
    },
  },
  {
    // netmiko 919
    name: "ProCurve: an operator may not switch paging off, and enable asks for a name that the inventory does not give",
    hosts: { p: { platform: "hp_procurve", ...EN } },
    ident: "Mocana SSH 6.3",
    device: plain("\x1b[24;1H\x1b[2K\x1b[24;1Hswitch1> ", async (t, line, show) => {
      if (line === "no page" || line.startsWith("terminal"))
        return t.print(`Invalid input: ${line.split(" ")[0]}\r\n`);
      if (line === "show system")
        await t.page(
          rows(50, (index) => ` field ${index} : value`),
          {
            size: 22,
            more: "-- MORE --, next page: Space, next line: Enter, quit: Control-C",
            erase: "\r\x1b[K",
          },
        );
      if (line === "enable") {
        await t.line({ prompt: "Username: " });
        const secret = await t.line({ prompt: "Password: ", echo: false });
        if (secret === "theirs") show("\x1b[24;1H\x1b[2K\x1b[24;1Hswitch1# ");
      }
    }),
    async run(stage) {
      await stage.connect("p");
      const all = await stage.sh("p", "show system");
      stage.check("50 rows", all.state === "done" && / 50 lines/.test(all.rest), all.text);
      const asked = await stage.sh("p", "show system", { mode: "enable" });
      asks(stage, asked, /Username/, /value|question/);
      asks(stage, await stage.keys("p", "tacacs<Enter>"), /Password/, /password/);
      noSecret(stage, "p");
      const end = await stage.keys("p", "theirs<Enter>");
      stage.check("enabled", end.state === "done" && /mode=enable/.test(end.rest), end.text);
      const again = await stage.sh("p", "show system");
      stage.check("50 rows again", again.state === "done" && / 50 lines/.test(again.rest), again.text);
    },
  },
  {
    // netmiko 981, 563
    name: "EdgeSwitch: pages until enable, the secret shows as stars, and the saved switch asks again",
    hosts: { e: { platform: "ubiquiti_edgeswitch", ...EN } },
    device: plain(
      "(Edge_sw) >",
      async (t, line, show) => {
        if (line === "terminal length 0")
          return t.print("\r\n            ^\r\n% Invalid input detected at '^' marker.\r\n\r\n");
        if (line === "enable") {
          const secret = await t.line({ prompt: "Password:", echo: STARS });
          t.print("\r\n");
          if (secret === "en-secret") show("(Edge_sw) #");
        }
        if (line === "show arp")
          await t.page(
            rows(40, (index) => `192.0.2.${index}  00:00:5e:00:53:${index}`),
            { size: 22, more: "--More-- or (q)uit", erase: `\r${" ".repeat(18)}\r` },
          );
      },
      "\r\nWelcome to EdgeSwitch\r\n\r\n",
    ),
    async run(stage) {
      await stage.connect("e");
      const all = await stage.sh("e", "show arp", { mode: "enable" });
      stage.check(
        "40 rows",
        all.state === "done" && /192\.0\.2\.40/.test(all.out) && /mode=enable/.test(all.rest),
        all.text,
      );
      stage.check("one secret", stage.term("e").got.split("en-secret").length === 2, stage.term("e").got);
      const again = await stage.sh("e", "show arp");
      stage.check("again", again.state === "done" && / 40 lines/.test(again.rest), again.text);
      stage.check("never shown", !/en-secret/.test(all.text + again.text), all.text);
    },
  },
  {
    // netmiko 2213, 1113
    name: "ASA: a login that is in enable already, and one whose enable password is not set yet",
    hosts: { a: { platform: "cisco_asa", ...EN }, b: { platform: "cisco_asa", ...EN } },
    device: (t, host) =>
      plain(
        host === "a" ? "fw1# " : "fw2> ",
        async (terminal, line, show) => {
          if (line === "enable" && host === "a")
            terminal.print("          ^\r\nERROR: % Invalid input detected at '^' marker.\r\n");
          else if (line === "enable") {
            terminal.print("The enable password is not set.  Please set it now.\r\n");
            await terminal.line({ prompt: "Enter  Password: ", echo: STARS });
            await terminal.line({ prompt: "Repeat Password: ", echo: STARS });
            terminal.print("Note: Save your configuration so that the password persists across reboots\r\n");
            show("fw2# ");
          }
          if (line === "show clock") terminal.print("10:11:12 UTC\r\n");
        },
        "User noc logged in to fw1\r\nLogins over the last 91 days: 34.  Last login: 09:59:11 UTC Apr 7 2021 from 192.0.2.3\r\nFailed logins since the last login: 0.  \r\nType help or '?' for a list of available commands.\r\n",
      )(t),
    async run(stage) {
      await stage.connect("a");
      gives(stage, await stage.sh("a", "show clock", { mode: "enable" }), ["10:11:12 UTC"]);
      stage.check("no enable", !stage.term("a").lines.includes("enable"));
      noSecret(stage, "a");
      await stage.connect("b");
      const asked = await stage.sh("b", "show clock", { mode: "enable" });
      asks(stage, asked, /Enter {1,2}Password/, /password/);
      noSecret(stage, "b");
      asks(stage, await stage.keys("b", "chosen-1<Enter>"), /Repeat Password/, /password/);
      const end = await stage.keys("b", "chosen-1<Enter>");
      stage.check("enabled", end.state === "done" && /mode=enable/.test(end.rest), end.text);
      noSecret(stage, "b");
      stage.check("not in the audit", !stage.audit().includes("chosen-1"), "chosen-1");
      gives(stage, await stage.sh("b", "show clock"), ["10:11:12 UTC"]);
    },
  },
  {
    // netmiko 3522, 2352
    name: "SR Linux: a prompt of two rows, with the mode above and cursor sequences around",
    hosts: { s: { platform: "nokia_srlinux" } },
    async device(t) {
      let where = "--{ running }--[  ]--";
      t.print(
        "Welcome to the srlinux CLI.\r\nType 'help' (and press <ENTER>) if you need any help using this.\r\n\r\n",
      );
      for (;;) {
        const line = await t.line({
          prompt: `\x1b[?7l\x1b[0m\x1b[?7h\r\n\x1b[1m${where}\x1b[0m\r\n\x1b[0mA:srl1# \x1b[7D\x1b[7C`,
        });
        if (line === "show version | as json") t.print('{\r\n  "version": "v24.3.1"\r\n}\r\n');
        if (line === "enter candidate") where = "--{ candidate shared default }--[  ]--";
        if (line === "interface ethernet-1/1")
          where = "--{ * candidate shared default }--[ interface ethernet-1/1 ]--";
        if (line === "discard now") {
          t.print("All changes have been discarded. Leaving candidate mode.\r\n");
          where = "--{ running }--[  ]--";
        }
      }
    },
    async run(stage) {
      await stage.connect("s");
      gives(stage, await stage.sh("s", "show version | as json"), ["{", '"version": "v24.3.1"', "}"]);
      await stage.sh("s", "enter candidate");
      const set = await stage.sh("s", "interface ethernet-1/1");
      gives(stage, set, []);
      done(stage, await stage.sh("s", "discard now"), /All changes have been discarded/);
      gives(stage, await stage.sh("s", "show version | as json"), ["{", '"version": "v24.3.1"', "}"]);
    },
  },
  {
    // Netcatty 2011, netmiko 370
    name: "IOS: a mistyped word is a host's name: it is looked up for long, or leads to another device",
    hosts: { r: { platform: "cisco_ios", ...EN } },
    device: ios({
      mode: "exec",
      answers: {
        shwo: async (t) => {
          t.print('Translating "shwo"...domain server (255.255.255.255)');
          await t.slow([
            9000,
            '\r\n (255.255.255.255)\r\nTranslating "shwo"...domain server (255.255.255.255)\r\n\r\n',
          ]);
          t.print(
            "% Bad IP address or host name\r\n% Unknown command or computer name, or unable to find computer address\r\n",
          );
        },
        r2: async (t) => {
          await t.slow([
            'Translating "r2"...domain server (192.0.2.53) [OK]\r\n',
            800,
            "Trying r2.example.net (192.0.2.9)... Open\r\n\r\n",
          ]);
          await t.line({ prompt: "\r\nUser Access Verification\r\n\r\nPassword: ", echo: false });
          for (;;) {
            const line = await t.line({ prompt: "r2>" });
            if (line === "enable") await t.line({ prompt: "Password: ", echo: false });
            if (line === "exit") break;
          }
          t.print("\r\n[Connection to r2 closed by foreign host]\r\n");
        },
        enable: async (t, place) => {
          const secret = await t.line({ prompt: "Password: ", echo: false });
          if (secret === "en-secret") place.mode = "enable";
        },
        "show clock": "*10:11:12 UTC\r\n",
      },
    }),
    async run(stage) {
      await stage.connect("r");
      const bad = await stage.sh("r", "shwo\nshow clock");
      stage.check("an error", bad.state === "done" && /error=/.test(bad.rest), bad.text);
      asks(stage, await stage.sh("r", "r2"), /Password/, /password/);
      noSecret(stage, "r");
      const there = await stage.keys("r", "vty-2<Enter>");
      stage.check("there", there.state === "done", there.text);
      asks(stage, await stage.sh("r", "show clock", { mode: "enable" }), /Password/, /password/);
      noSecret(stage, "r");
      await stage.keys("r", "x<Enter>");
      const back = await stage.sh("r", "exit");
      done(stage, back, /closed by foreign host/);
      done(stage, await stage.sh("r", "show clock", { mode: "enable" }), /10:11:12/);
      stage.check("one secret", stage.term("r").got.split("en-secret").length === 2, stage.term("r").got);
    },
  },
  {
    // ntc-ansible 159
    name: "IOS: enable asks for nothing where the server says so",
    hosts: { r: { platform: "cisco_ios", ...EN } },
    device: ios({
      mode: "exec",
      answers: {
        enable: (_t, place) => {
          place.mode = "enable";
        },
        "show clock": "*10:11:12 UTC\r\n",
      },
    }),
    async run(stage) {
      await stage.connect("r");
      gives(stage, await stage.sh("r", "show clock", { mode: "enable" }), ["*10:11:12 UTC"]);
      noSecret(stage, "r");
    },
  },
  {
    // netmiko 1708
    name: "IOS XR: a word is completed on a space, so that the line is another one than was typed: it is not entered",
    hosts: { x: { platform: "cisco_iosxr" } },
    async device(t) {
      const prompt = "RP/0/RP0/CPU0:pe1#";
      t.print(`\r\n${prompt}`);
      for (let line = ""; ; ) {
        const key = await t.key();
        if (key === "\u0015") {
          line = "";
          t.print(`\r\x1b[K${prompt}`);
        } else if (key !== "\r") {
          line = `${line}${key}`.replace(/ver $/, "version ");
          t.print(line.endsWith("version ") ? `\r\x1b[K${prompt}${line}` : key);
        } else {
          t.lines.push(line);
          t.print("\r\n\r\nThu Jun 15 11:51:59.128 UTC\r\n");
          if (line === "show version brief") t.print("Cisco IOS XR Software, Version 7.2.1\r\n");
          else if (!line.startsWith("terminal"))
            t.print(`${" ".repeat(22)}^\r\n% Invalid input detected at '^' marker.\r\n`);
          line = "";
          t.print(prompt);
        }
      }
    },
    async run(stage) {
      await stage.connect("x");
      const short = await stage.sh("x", "show ver brief");
      asks(stage, short, /Enter was NOT pressed.*<C-u> clears it/, /line/);
      const cleared = await stage.keys("x", "<C-u>");
      stage.check(
        "cleared",
        cleared.state === "done" && /did NOT run/.test(short.text + cleared.text),
        cleared.text,
      );
      done(stage, await stage.sh("x", "show version brief"), /^Cisco IOS XR Software, Version 7\.2\.1/);
      const bad = await stage.sh("x", "confg term\nshow version brief");
      stage.check("an error", bad.state === "done" && /error=syntax/.test(bad.rest), bad.text);
      read(stage, "x", ["show version brief", "confg term"], SET);
    },
  },
];
