import { ios, rows } from "./ios.ts";
import { asks, done, gives, noSecret, plain } from "./plain.ts";
import { type Dialogue, EN } from "./stage.ts";
import type { Terminal } from "./terminal.ts";

const ALARM = [
  "",
  "  ! 1 [01/01/2000 00:00:00-00:00]:",
  "",
  "  ALARM 11111 FAULT WARNING 0x2e112007 SERVICE QUALITY 17/01/2025 ",
  "00:00:00-00:00",
  "  ALARM NAME  : The distribute fiber is broken or the OLT cannot receive ",
  "                expected optical signals from the ONT(LOSi/LOBi)",
  "  PARAMETERS  : FrameID: 0, SlotID: 0, PortID: 1, ONT ID: 1, Equipment ID: ",
  "                1H",
  "  ADVICE      : (1) Check tributary optical fiber connection and backbone ",
  "                optical fiber orderly, clean the fiber connector and replace ",
  "                the fiber if necessary",
  "  --- END-",
  "",
].join("\r\n");

/** A line editor that paints the whole of prompt and line anew where they are wider than `width`. */
async function paintedLine(t: Terminal, prompt: string, width: number): Promise<string> {
  t.print(prompt);
  for (let line = ""; ; ) {
    const key = await t.key();
    if (key === "\r") {
      t.print("\r\n");
      t.lines.push(line);
      return line;
    }
    if (key === "\u0015") {
      t.print(`\r\x1b[K${prompt}`);
      line = "";
    } else if (key >= " ") {
      line += key;
      const at = (prompt + line).length;
      // Behind the edge of its own width it goes up a row and paints all of it once more.
      t.print(
        at > width
          ? `\r${at > width + 1 ? "\x1b[A" : ""}${prompt}${line.slice(0, width - prompt.length)}\r\n${line.slice(width - prompt.length)}\x1b[K`
          : key,
      );
    }
  }
}

/** Rows that were taken for a prompt, an end, or an echo, by public reports. */
export const REPORTED_ROWS: readonly Dialogue[] = [
  {
    // ansible 33414
    name: "ProCurve 2910al: the login waits for any key on the last row of a screen with a scrolling region",
    hosts: { p: { platform: "hp_procurve" } },
    ident: "Mocana SSH",
    async device(t) {
      t.print("HP J9147A 2910al-48G Switch\r\r\nSoftware revision W.15.14.0015\r\r\n\r\r\n");
      t.print(
        "Copyright (C) 1991-2017 Hewlett-Packard Development Company, L.P.\r\n\r\n                   RESTRICTED RIGHTS LEGEND\r\n\r\n",
      );
      t.print("\x1b[1;24r\x1b[1;1H\x1b[24;1HPress any key to continue\x1b[15;1H\x1b[?25h\x1b[24;27H");
      await t.key();
      t.print(
        "\r\x1b[24;1H\x1b[2K\x1b[?7h\x1b[3;23r\x1b[?6l\x1b[1;1H\x1b[2J\x1b[24;1HYour previous successful login (as noc) was on 2018-04-22 17:43:52\r\n from 192.0.2.4\r\n",
      );
      const prompt =
        "\x1b[1;24r\x1b[24;1H\x1b[24;1H\x1b[2K\x1b[24;1H\x1b[?25h\x1b[24;1H\x1b[24;1HSW-1# \x1b[24;1H\x1b[24;7H\x1b[24;1H\x1b[?25h\x1b[24;7H";
      for (;;) {
        const line = await t.line({ prompt });
        if (line === "show time") t.print("Mon Jan  1 10:11:12 2024\r\n");
        if (line === "show flash")
          t.print(
            "Image           Size (bytes) Date     Version\r\nPrimary Image   : 15714040   11/05/13 W.15.14.0015\r\n",
          );
      }
    },
    async run(stage) {
      const told = await stage.connect("p");
      if (told.state === "asking") await stage.keys("p", "<Enter>");
      gives(stage, await stage.sh("p", "show time"), ["Mon Jan  1 10:11:12 2024"]);
      done(stage, await stage.sh("p", "show flash"), /Primary Image/);
      gives(stage, await stage.sh("p", "show time"), ["Mon Jan  1 10:11:12 2024"]);
      const times = stage.term("p").lines.filter((line) => line === "show time").length;
      stage.check("each once", times === 2, times);
    },
  },
  {
    // netmiko 3559
    name: "SmartAX: an alarm of many rows breaks into the line that is being typed, which is painted once more",
    hosts: { o: { platform: "huawei_smartax" } },
    async device(t) {
      let prompt = "OLT>";
      let alarms = 0;
      t.print("\r\n Huawei Integrated Access Software (MA5800).\r\n\r\n");
      for (;;) {
        const line = await t.line({
          prompt,
          echo: (key, typed) =>
            typed === "display ont port state 0 0 eth" && alarms++ === 0
              ? `${key}\r\n${ALARM}\r\n${prompt}${typed}`
              : key,
        });
        if (line === "enable") prompt = "OLT#";
        if (line?.startsWith("display ont"))
          t.print("  ONT-ID  ONT-port-ID  state\r\n  1       1            up\r\n");
        if (line === "display time") t.print("  2025-01-17 00:00:00\r\n");
      }
    },
    async run(stage) {
      await stage.connect("o");
      const one = await stage.sh("o", "display ont port state 0 0 eth-port all");
      const entered = stage.term("o").lines.filter((line) => line.startsWith("display ont"));
      // Rows that nobody's list has: the line is entered whole, or told as not entered; never half of it.
      const whole = entered.every((line) => line === "display ont port state 0 0 eth-port all");
      stage.check("the line whole or not at all", whole && entered.length <= 1, JSON.stringify(entered));
      if (one.state === "done") {
        done(stage, one, /1 +1 +up/);
        gives(stage, await stage.sh("o", "display time"), ["2025-01-17 00:00:00"]);
      } else asks(stage, one, /OLT>display ont/, /line/);
    },
  },
  {
    // netmiko 105, 254
    name: "ASA: a line over 80 columns keeps its head and ends in a mark",
    hosts: { a: { platform: "cisco_asa" } },
    async device(t) {
      t.print("\r\n");
      for (const prompt = "twb-dc-fw1# "; ; ) {
        let from = 0;
        const line = await t.line({
          prompt,
          echo: (key, typed) => {
            if (prompt.length + typed.length - from < 79) return key;
            from += 20;
            return `\r${prompt}<${typed.slice(from + 1)}${" ".repeat(20)}${"\b".repeat(20)}`;
          },
        });
        if (from > 0) t.print(`\x1b[A\r${prompt}${(line ?? "").slice(0, 66)}$\r\n`);
        if (line?.startsWith("show run"))
          t.print("clock timezone CET 1\r\naaa-server x protocol tacacs+\r\n");
        if (line === "show clock") t.print("10:11:12 UTC\r\n");
      }
    },
    async run(stage) {
      await stage.connect("a");
      const long =
        "show run | inc clock|logging|aaa|http|ssh|telnet|ntp|snmp-server|object-group network|access-list outside";
      const one = await stage.sh("a", long);
      gives(stage, one, ["clock timezone CET 1", "aaa-server x protocol tacacs+"]);
      const typed = stage.term("a").lines.filter((line) => line === long);
      stage.check("typed once", typed.length === 1, JSON.stringify(stage.term("a").lines));
      gives(stage, await stage.sh("a", "show clock"), ["10:11:12 UTC"]);
    },
  },
  {
    // netmiko 717
    name: "a switch goes up a row and paints prompt and line anew behind its own width",
    hosts: { d: { platform: "generic_cli" } },
    async device(t) {
      t.print("\r\n");
      let prompt = "SWITCH# ";
      for (;;) {
        const line = await paintedLine(t, prompt, 80);
        if (line.startsWith("ip dhcp option")) prompt = "SWITCH(dhcp-opt[circuit_id])# ";
        if (line === "exit") prompt = "SWITCH# ";
        if (line === "show clock") t.print("10:11:12 UTC\r\n");
      }
    },
    async run(stage) {
      await stage.connect("d");
      const long = "attr 3 type 0 length-hidden 6 value string 2412533 suffix hostname and more";
      const job = await stage.sh("d", `ip dhcp option format circuit_id\n${long}\nexit\nshow clock`);
      done(stage, job, /10:11:12 UTC/);
      const entered = stage.term("d").lines.filter((line) => line.startsWith("attr"));
      stage.check(
        "entered whole, once",
        entered.length === 1 && entered[0] === long,
        JSON.stringify(entered),
      );
      gives(stage, await stage.sh("d", "show clock"), ["10:11:12 UTC"]);
    },
  },
  {
    // netmiko 3299
    name: "Zyxel GS1900: no paging command is known, and the pager erases itself by blanks",
    hosts: { z: { platform: "zyxel_zynos" }, any: { platform: "generic_cli" } },
    device: plain("GS1900# ", async (t, line) => {
      if (line.startsWith("terminal")) return t.print("Unknown command\r\n");
      if (line === "show running-config")
        await t.page(
          rows(70, (index) => `interface ${index}`),
          { size: 23, more: "--More--", erase: `\r${" ".repeat(8)}\r` },
        );
      if (line === "show clock") t.print("10:11:12 CET Jan 1 2024\r\n");
    }),
    async run(stage) {
      for (const host of ["z", "any"]) {
        await stage.connect(host);
        const all = await stage.sh(host, "show running-config");
        stage.check(`${host}: 70 rows`, all.state === "done" && / 70 lines/.test(all.rest), all.text);
        gives(stage, await stage.sh(host, "show clock"), ["10:11:12 CET Jan 1 2024"]);
      }
    },
  },
  {
    // netmiko 740, unicon.plugins 74
    name: "SR OS: a configuration has rows of marks, of brackets, and pauses between them",
    hosts: { s: { platform: "nokia_sros" } },
    device: plain("*B:alu7750sr12-2# ", async (t, line, show) => {
      if (line === "show time") t.print("Fri Mar 16 18:18:19 UTC 2018\r\n");
      if (line !== "admin display-config") return;
      t.print(
        "# TiMOS-C-14.0.R5-1 cpm/hops64 Nokia 7750 SR\r\n\r\n# Generated FRI MAR 16 18:19:14 2018 UTC\r\n\r\nexit all\r\nconfigure\r\n",
      );
      t.print("#--------------------------------------------------\r\n");
      await t.slow([
        900,
        'echo "System Configuration"\r\n#--------------------------------------------------\r\n',
        1400,
      ]);
      t.print(
        '    system\r\n        name "alu7750sr12-2"\r\n        prefix "192.0.2.[0-9]"\r\n    exit\r\n[]\r\n',
      );
      await t.slow([700, "#\r\n", 1200, "# Finished FRI MAR 16 18:19:20 2018 UTC\r\n"]);
      show("B:alu7750sr12-2# ");
    }),
    async run(stage) {
      await stage.connect("s");
      const all = await stage.sh("s", "admin display-config");
      done(stage, all, /# TiMOS[\s\S]*# Finished/);
      stage.check("not told as an end", !/went on/.test(all.text), all.text);
      gives(stage, await stage.sh("s", "show time"), ["Fri Mar 16 18:18:19 UTC 2018"]);
    },
  },
  {
    // netmiko 260
    name: "SR OS: words are completed in the echo, and a file that is run echoes prompts and lines",
    hosts: { s: { platform: "nokia_sros" } },
    async device(t) {
      const prompt = "A:2xxxB_T# ";
      t.print("\r\n");
      for (;;) {
        const line = await t.line({
          prompt,
          echo: (_key, typed) => {
            if (typed.endsWith("desc ")) return "\b\b\b\bdescription ";
            return typed.at(-1) ?? "";
          },
        });
        if (line === "show port desc | match 1/2/1") t.print("1/2/1      to the core\r\n");
        if (line === "show time") t.print("Fri Mar 16 18:18:19 UTC 2018\r\n");
        if (line !== "exec -echo test.txt") continue;
        t.print(`${prompt}exit all\r\n${prompt}configure port 1/1/1\r\nA:2xxxB_T>config>port# no shut\r\n`);
        await t.slow([600, `A:2xxxB_T>config>port# exit all\r\n${prompt}admin save\r\n`, 300]);
        t.print("Writing configuration to cf3:\\config.cfg\r\n");
        await t.slow(["Saving configuration ... ", 1500, "OK\r\nCompleted.\r\n", 200]);
        t.print("Executed 5 lines in 0.3 seconds from file cf3:\\test.txt\r\n");
      }
    },
    async run(stage) {
      await stage.connect("s");
      gives(stage, await stage.sh("s", "show port desc | match 1/2/1"), ["1/2/1      to the core"]);
      const ran = await stage.sh("s", "exec -echo test.txt");
      done(stage, ran, /Executed 5 lines/);
      stage.check("whole", /exit all/.test(ran.out) && /no shut/.test(ran.out), ran.text);
      gives(stage, await stage.sh("s", "show time"), ["Fri Mar 16 18:18:19 UTC 2018"]);
    },
  },
  {
    // netmiko 379
    name: "SR OS: a licence of many rows comes in pieces before the first prompt",
    hosts: { s: { platform: "nokia_sros" } },
    async device(t) {
      await t.slow(["\r\n SR OS Software\r\n Copyright (c) Nokia 2016.  All Rights Reserved.\r\n\r\n", 400]);
      await t.slow([
        " IMPORTANT:  READ CAREFULLY\r\n\r\n The SR OS Software is licensed under the terms of\r\n the EULA, then Nokia is unwilling to lic",
        500,
      ]);
      await t.slow([
        "ense it: do you accept?\r\n Enter yes: no key is wanted >\r\n",
        600,
        " Contact us at www.example.net #\r\n\r\n",
        350,
      ]);
      for (;;) {
        const line = await t.line({ prompt: "*A:PE1# " });
        if (line === "show time") t.print("Fri Mar 16 18:18:19 UTC 2018\r\n");
      }
    },
    async run(stage) {
      await stage.connect("s");
      gives(stage, await stage.sh("s", "show time"), ["Fri Mar 16 18:18:19 UTC 2018"]);
      const [first] = stage.term("s").lines;
      stage.check("nothing before the prompt", /^environment|^show/.test(first ?? ""), JSON.stringify(first));
    },
  },
  {
    // ansible 40683
    name: "NX-OS: an impact check paints bars over themselves with pauses, and ends in tables",
    hosts: { n: { platform: "cisco_nxos" } },
    device: plain("n9k# ", async (t, line) => {
      if (line === "show clock") t.print("10:11:12 UTC\r\n");
      if (!line.startsWith("show install all impact")) return;
      t.print("Installer will perform impact only check. Please wait. \r\n\r\n");
      for (const what of [
        'Verifying image bootflash:/nxos.7.0.3.bin for boot variable "nxos".',
        "Verifying image type.",
      ]) {
        t.print(`${what}\r\n`);
        for (const done of [0, 5, 10, 20])
          await t.slow([
            `\r[${"#".repeat(done)}${" ".repeat(20 - done)}] ${String(done * 5).padStart(3)}%`,
            500,
          ]);
        t.print(" -- SUCCESS\r\n\r\n");
      }
      t.print(
        "Compatibility check is done:\r\nModule  bootable          Impact  Install-type  Reason\r\n------  --------  --------------  ------------  ------\r\n     1       yes      disruptive         reset  default upgrade is not hitless\r\n",
      );
      t.print(
        '\r\nAdditional info for this installation:\r\n--------------------------------------\r\n\r\nService "vpc" in vdc 1: Vpc is enabled.\r\n',
      );
    }),
    async run(stage) {
      await stage.connect("n");
      const all = await stage.sh("n", "show install all impact nxos bootflash:nxos.7.0.3.bin");
      done(stage, all, /100% -- SUCCESS[\s\S]*Vpc is enabled/);
      stage.check("no error", !/error=/.test(all.rest), all.rest);
      gives(stage, await stage.sh("n", "show clock"), ["10:11:12 UTC"]);
    },
  },
  {
    // netmiko 2268
    name: "a router whose shell leads to a command line that ends each answer with a row in brackets",
    hosts: { v: { platform: "generic_cli", ...EN } },
    device: plain("[admin@versa-flexvnf: ~] $ ", (t, line, show) => {
      if (line === "cli") {
        t.print("\r\nadmin connected from 192.0.2.7 using ssh on versa-flexvnf\r\n");
        show("admin@versa-flexvnf-cli> ");
      }
      if (line === "configure") {
        t.print("Entering configuration mode private\r\n[ok][2021-05-20 10:11:12]\r\n\r\n[edit]\r\n");
        show("admin@versa-flexvnf-cli(config)% ");
      }
      if (line === "show system uptime") t.print("uptime 3 days\r\n[ok][2021-05-20 10:11:12]\r\n");
      if (line === "exit") show("[admin@versa-flexvnf: ~] $ ");
    }),
    async run(stage) {
      await stage.connect("v");
      const into = await stage.sh("v", "cli");
      const known = into.state === "done";
      if (!known) asks(stage, into, /versa-flexvnf-cli>/, /shell|row/);
      const up = await stage.sh("v", "show system uptime", known ? {} : { here: "prompt" });
      gives(stage, up, ["uptime 3 days", "[ok][2021-05-20 10:11:12]"]);
      gives(stage, await stage.sh("v", "show system uptime"), ["uptime 3 days", "[ok][2021-05-20 10:11:12]"]);
      noSecret(stage, "v");
    },
  },
  {
    // oxidized 1500
    name: "S300: the line is echoed once more at the head of its answer, now and then",
    hosts: { s: { platform: "cisco_s300" } },
    device: plain("sw1#", (t, line) => {
      if (line === "show bootvar")
        t.print(
          "Image  Filename   Version     Date                    Status\r\n-----  ---------  ---------   ---------------------   -----------\r\n1      image-1    1.3.7.18    12-Jan-2014  18:02:59   Active*\r\n",
        );
      if (line === "show history") t.print("show bootvar\r\nshow history\r\n");
      if (line === "show clock") t.print("10:11:12 UTC\r\n");
    }),
    async run(stage) {
      await stage.connect("s");
      done(stage, await stage.sh("s", "show bootvar"), /^Image +Filename/);
      gives(stage, await stage.sh("s", "show history"), ["show bootvar", "show history"]);
      gives(stage, await stage.sh("s", "show clock"), ["10:11:12 UTC"]);
    },
  },
  {
    // netmiko 1144
    name: "EXOS: one command runs others, and its answer shows their prompts and lines",
    hosts: { e: { platform: "extreme_exos" } },
    async device(t) {
      let count = 1;
      t.print("\r\n");
      for (;;) {
        const line = await t.line({ prompt: `* a-me-sw-ula-142-x460-01.${count} # ` });
        if (line === "" || line === undefined) continue;
        count++;
        if (line === "show system") {
          for (const one of ["show switch", "show version", "show temperature"]) {
            t.print(`* a-me-sw-ula-142-x460-01.${count} # ${one}\r\n`);
            await t.slow([400, `answer of ${one}\r\n\r\n`]);
          }
        }
        if (line === "show time") t.print("Mon Jan  1 10:11:12 2024\r\n");
      }
    },
    async run(stage) {
      await stage.connect("e");
      const all = await stage.sh("e", "show system");
      const next = await stage.sh("e", "show time");
      gives(stage, next, ["Mon Jan  1 10:11:12 2024"]);
      // The prompt alone, and then nothing for long: an end that is revised, or rows that are told as somebody's.
      const told = /answer of show switch[\s\S]*answer of show version[\s\S]*answer of show temperature/.test(
        all.out,
      );
      stage.check(
        "whole, or told",
        told || /went on|came from the background/.test(next.text),
        all.text + next.text,
      );
    },
  },
  {
    // ansible 17950, 35817
    name: "IOS: a configuration is built for long, comes in bursts, and has a banner that looks like the device's",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      host: "R1",
      answers: {
        "show running-config all": async (t) => {
          await t.slow([
            "Building configuration...\r\n",
            6000,
            "\r\nCurrent configuration with default configurations exposed : 223507 bytes\r\n!\r\n",
          ]);
          await t.slow([
            "hostname R1\r\n!\r\nbanner motd ^C\r\nR1#\r\nunauthorised use of R1>\r\n",
            1300,
            "^C\r\n!\r\n",
          ]);
          await t.slow(["line vty 0 4\r\n", 900, " transport input ssh\r\n!\r\nend\r\n\r\n"]);
        },
        "show clock": "*10:11:12 UTC\r\n",
      },
    }),
    async run(stage) {
      await stage.connect("r");
      const all = await stage.sh("r", "show running-config all\nshow clock");
      done(stage, all, /transport input ssh[\s\S]*10:11:12/);
      gives(stage, await stage.sh("r", "show clock"), ["*10:11:12 UTC"]);
    },
  },
];
