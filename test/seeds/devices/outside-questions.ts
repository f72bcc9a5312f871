import { body, ios, rows } from "./ios.ts";
import { asks, done, plain } from "./plain.ts";
import type { Dialogue } from "./stage.ts";

export const OUTSIDE_QUESTIONS: readonly Dialogue[] = [
  {
    name: "IOS: a reload in some minutes asks to save, then to confirm, and warns on the terminal afterwards",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "reload in 5": async (t) => {
          await t.line({ prompt: "\r\nSystem configuration has been modified. Save? [yes/no]: " });
          t.print("Reload scheduled for 10:16:12 UTC Mon Jan 1 2024 (in 5 minutes) by noc on vty0\r\n");
          t.print("Proceed with reload? [confirm]");
          await t.key();
          t.print("\r\n");
          t.later(2500, () =>
            t.print("\r\n\r\n\r\n***\r\n*** --- SHUTDOWN in 0:05:00 ---\r\n***\r\n\r\nR1#"),
          );
        },
        "show clock": "*10:11:12 UTC\r\n",
      },
    }),
    async run(stage) {
      await stage.connect("r");
      asks(stage, await stage.sh("r", "reload in 5\nshow clock"), /Save\?/, /yesno.*answer=line/);
      asks(stage, await stage.keys("r", "no<Enter>"), /Proceed/, /confirm.*answer=key/);
      const end = await stage.keys("r", "<Enter>");
      stage.check("done", end.state === "done", end.text);
      await stage.pass(6000);
      const clock = await stage.sh("r", "show clock");
      done(stage, clock, /10:11:12/);
      stage.check("the warning is not its output", !/SHUTDOWN/.test(body(clock)), clock.text);
      stage.check("typed once", stage.term("r").lines.filter((l) => l === "show clock").length === 1);
    },
  },
  {
    name: "NX-OS: ssh to another device asks about its key and its password: nothing is filled in",
    hosts: { n: { platform: "cisco_nxos", enable: { from: "env", name: "en-secret" } } },
    device: plain("N9K-1# ", async (t, line, show) => {
      if (!line.startsWith("ssh ")) return;
      t.print("The authenticity of host '10.0.0.2 (10.0.0.2)' can't be established.\r\n");
      t.print("RSA key fingerprint is SHA256:0000000000000000000000000000000000000000000.\r\n");
      await t.line({ prompt: "Are you sure you want to continue connecting (yes/no/[fingerprint])? " });
      await t.line({ prompt: "admin@10.0.0.2's password: ", echo: false });
      show("N9K-2# ");
    }),
    async run(stage) {
      await stage.connect("n");
      asks(stage, await stage.sh("n", "ssh admin@10.0.0.2 vrf management"), /continue connecting/, /yesno/);
      asks(stage, await stage.keys("n", "yes<Enter>"), /password/, /asking password|password/);
      stage.check("no secret", !/pw-noc|en-secret/.test(stage.term("n").got), stage.term("n").got);
      const in2 = await stage.keys("n", "other<Enter>");
      stage.check("there", in2.state === "done", in2.text);
    },
  },
  {
    name: "VRP: save asks [Y/N] and takes a moment; rows end in dots",
    hosts: { h: { platform: "huawei_vrp" } },
    ident: "HUAWEI-1.5",
    device: plain("<AC-1>", async (t, line) => {
      if (line !== "save") return;
      t.print("The current configuration will be written to the device.\r\n");
      const key = await t.line({ prompt: "Are you sure to continue? [Y/N]:" });
      if (key !== "y") return;
      t.print("Now saving the current configuration to the slot 0 ");
      await t.slow([700, ".", 900, ".", 1500, ".\r\nInfo: Save the configuration successfully.\r\n"]);
    }),
    async run(stage) {
      await stage.connect("h");
      asks(stage, await stage.sh("h", "save"), /continue/, /yesno.*answer=line/);
      done(stage, await stage.keys("h", "y<Enter>"), /successfully/);
    },
  },
  {
    name: "Comware: save asks three times, once for a file name",
    hosts: { c: { platform: "hp_comware" } },
    ident: "Comware-7.1.070",
    device: plain("<HPE>", async (t, line) => {
      if (line !== "save") return;
      await t.line({
        prompt: "The current configuration will be written to the device. Are you sure? [Y/N]:",
      });
      await t.line({
        prompt:
          "Please input the file name(*.cfg)[flash:/startup.cfg]\r\n(To leave the existing filename unchanged, press the enter key):",
      });
      await t.line({ prompt: "flash:/startup.cfg exists, overwrite? [Y/N]:" });
      t.print("Validating file. Please wait...\r\n");
      await t.slow([2000, "Saved the current configuration to mainboard device successfully.\r\n"]);
    }),
    async run(stage) {
      await stage.connect("c");
      asks(stage, await stage.sh("c", "save"), /Are you sure/, /yesno/);
      asks(stage, await stage.keys("c", "y<Enter>"), /press the enter key/, /value|confirm|question/);
      asks(stage, await stage.keys("c", "<Enter>"), /overwrite/, /yesno/);
      done(stage, await stage.keys("c", "y<Enter>"), /successfully/);
    },
  },
  {
    name: "EOS: reload asks [yes/no/cancel/diff]: and then [confirm]",
    hosts: { e: { platform: "arista_eos" } },
    device: plain("sw1#", async (t, line) => {
      if (line !== "reload") return;
      const answer = await t.line({
        prompt: "System configuration has been modified. Save? [yes/no/cancel/diff]:",
      });
      if (answer === "cancel") return;
      t.print("Proceed with reload? [confirm]");
      await t.key();
      t.print("\r\n");
    }),
    async run(stage) {
      await stage.connect("e");
      asks(stage, await stage.sh("e", "reload"), /Save\?/, /risk=high.*answer=line/);
      const end = await stage.keys("e", "cancel<Enter>");
      stage.check("done", end.state === "done", end.text);
    },
  },
  {
    name: "NX-OS: reload asks (y/n)?  [n] behind a warning",
    hosts: { n: { platform: "cisco_nxos" } },
    device: plain("N9K-1# ", async (t, line) => {
      if (line !== "reload") return;
      t.print("!!!WARNING! there is unsaved configuration in VDC!!!\r\n");
      await t.line({ prompt: "This command will reboot the system. (y/n)?  [n] " });
    }),
    async run(stage) {
      await stage.connect("n");
      asks(stage, await stage.sh("n", "reload\nshow clock"), /reboot the system/, /yesno.*risk=high/);
      const end = await stage.keys("n", "n<Enter>");
      stage.check("done", end.state === "done", end.text);
      stage.check("show clock not typed", !stage.term("n").lines.includes("show clock"));
    },
  },
  {
    name: "PAN-OS: a restart asks (y or n)",
    hosts: { p: { platform: "paloalto_panos" } },
    device: plain("admin@PA-1> ", async (t, line) => {
      if (!line.startsWith("request restart")) return;
      t.print(
        "Executing this command will disconnect the current session. Do you want to continue? (y or n) ",
      );
      const key = await t.key();
      t.print(`${key}\r\n`);
    }),
    async run(stage) {
      await stage.connect("p");
      asks(stage, await stage.sh("p", "request restart system"), /continue/, /yesno.*risk=high.*answer=key/);
      const end = await stage.keys("p", "n");
      stage.check("done", end.state === "done", end.text);
    },
  },
  {
    name: "FortiOS: a reboot asks (y/n) on one key",
    hosts: { f: { platform: "fortinet_fortios" } },
    device: plain("FGT-1 # ", async (t, line) => {
      if (line !== "execute reboot") return;
      t.print("This operation will reboot the system !\r\nDo you want to continue? (y/n)");
      const key = await t.key();
      t.print(`${key}\r\n\r\n`);
    }),
    async run(stage) {
      await stage.connect("f");
      asks(stage, await stage.sh("f", "execute reboot"), /continue/, /yesno.*risk=high.*answer=key/);
      const end = await stage.keys("f", "n");
      stage.check("done", end.state === "done", end.text);
    },
  },
  {
    name: "Dell OS10: reload asks to save, then [confirm yes/no]:",
    hosts: { d: { platform: "dell_os10" } },
    device: plain("OS10# ", async (t, line) => {
      if (line !== "reload") return;
      await t.line({ prompt: "System configuration has been modified. Save? [yes/no]:" });
      await t.line({ prompt: "Continue to reboot the system? [confirm yes/no]:" });
    }),
    async run(stage) {
      await stage.connect("d");
      asks(stage, await stage.sh("d", "reload"), /Save\?/, /yesno/);
      asks(stage, await stage.keys("d", "no<Enter>"), /reboot/, /(yesno|confirm).*risk=high.*answer=line/);
      const end = await stage.keys("d", "no<Enter>");
      stage.check("done", end.state === "done", end.text);
    },
  },
  {
    name: "Eltex MES: an overwrite asks (Y/N)[N] ? on one key, and the pager names its keys",
    hosts: { m: { platform: "eltex_mes" }, auto: { platform: "generic_cli" } },
    device: plain("console#", async (t, line) => {
      if (line === "show running-config")
        await t.page(
          rows(50, (i) => `interface gi1/0/${i}`),
          { size: 20, more: "More: <space>,  Quit: q or CTRL+Z, One line: <return> ", erase: "\r\x1b[K" },
        );
      if (line !== "write") return;
      t.print("Overwrite file [startup-config].... (Y/N)[N] ?");
      const key = await t.key();
      t.print(`${key}\r\n`);
      if (key === "Y")
        t.print("01-Jan-2024 10:11:12 %COPY-N-TRAP: The copy operation was completed successfully\r\n");
    }),
    async run(stage) {
      for (const host of ["m", "auto"]) {
        await stage.connect(host);
        const all = await stage.sh(host, "show running-config");
        stage.check(`${host}: 50 rows`, all.state === "done" && /50 lines/.test(all.rest), all.text);
        asks(stage, await stage.sh(host, "write"), /Overwrite/, /yesno/);
        done(stage, await stage.keys(host, "Y"), /completed/);
      }
    },
  },
  {
    name: "RouterOS: a reboot asks y/N on one key, and safe mode changes the prompt",
    hosts: { m: { platform: "mikrotik_routeros" } },
    ident: "ROSSSH",
    device: plain(
      "\r[noc@R1] > ",
      async (t, line) => {
        if (line === ":put 1") t.print("1\r\n");
        if (line !== "/system reboot") return;
        t.print("Reboot, yes? [y/N]: ");
        const key = await t.key();
        t.print(`${key}\r\n`);
      },
      "\r\n\r\n  MikroTik RouterOS 7.11 (c) 1999-2023\r\n\r\n",
    ),
    async run(stage) {
      await stage.connect("m");
      asks(stage, await stage.sh("m", "/system reboot"), /Reboot/, /yesno.*risk=high/);
      const end = await stage.keys("m", "n");
      stage.check("done", end.state === "done", end.text);
      done(stage, await stage.sh("m", ":put 1"), /^1/);
    },
  },
  {
    name: "ASA: the first configuration asks [Y]es, [N]o, [A]sk later: and the secret goes to enable alone",
    hosts: { a: { platform: "cisco_asa", enable: { from: "env", name: "en-secret" } } },
    device: plain("fw1> ", async (t, line, show) => {
      if (line === "enable") {
        const secret = await t.line({ prompt: "Password: ", echo: (key) => "*".repeat(key.length) });
        if (secret === "en-secret") show("fw1# ");
      } else if (/^conf/.test(line)) {
        show("fw1(config)# ");
        t.print("\r\n***************************** NOTICE *****************************\r\n\r\n");
        t.print("Help to improve the ASA platform by enabling anonymous reporting\r\n\r\n");
        const answer = await t.line({
          prompt:
            "Would you like to enable anonymous error reporting to help improve\r\nthe product? [Y]es, [N]o, [A]sk later: ",
        });
        if (answer === "N")
          t.print(
            "\r\nIn the future, if you would like to enable this feature,\r\nissue the command.\r\n\r\n",
          );
      }
    }),
    async run(stage) {
      await stage.connect("a");
      const asked = await stage.sh("a", "names", { mode: "config" });
      asks(stage, asked, /Ask later|reporting/, /./);
      const end = await stage.keys("a", "N<Enter>");
      stage.check("done", end.state === "done", end.text);
      stage.check("names not typed", !stage.term("a").lines.includes("names"), end.text);
      stage.check("one secret", stage.term("a").got.split("en-secret").length === 2);
    },
  },
];
