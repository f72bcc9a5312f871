import { ios } from "./ios.ts";
import { asks, done, gives, noSecret, plain, read } from "./plain.ts";
import { type Dialogue, EN } from "./stage.ts";
import type { Terminal } from "./terminal.ts";

const LENGTHS = /^(?:terminal |screen-length|no paging|set |undo terminal|environment |noc$|pw-noc$)/;
const STARS = (key: string) => "*".repeat(key.length);

/** A login in the terminal, behind one that needed no secret; then `behind` it. */
function asksLogin(user: string, behind: (terminal: Terminal) => Promise<void>) {
  return async (terminal: Terminal): Promise<void> => {
    terminal.print("\r\n");
    await terminal.line({ prompt: user });
    await terminal.line({ prompt: "Password:", echo: STARS });
    await behind(terminal);
  };
}

/** Questions that tools did not know, by public reports. */
export const REPORTED_QUESTIONS: readonly Dialogue[] = [
  {
    // dellemc.os10 91
    name: "OS10: a warning, then a question whose default is in brackets of its own",
    hosts: { d: { platform: "dell_os10" } },
    device: plain("os10-sw1# ", async (t, line, show) => {
      if (/^conf/.test(line)) show("os10-sw1(config)# ");
      if (line === "end") show("os10-sw1# ");
      if (line !== "ip http vrf management") return;
      t.print("% Warning: HTTP client will be disabled in default VRF and enabled on management VRF\r\n");
      await t.line({ prompt: "Do you want to continue ? [yes/no(default)]:" });
    }),
    async run(stage) {
      await stage.connect("d");
      const asked = await stage.sh("d", "ip http vrf management\nend", { mode: "config" });
      asks(stage, asked, /continue \?/, /yesno.*answer=line/);
      const end = await stage.keys("d", "no<Enter>");
      stage.check("done", end.state === "done", end.text);
      stage.check("end not typed", !stage.term("d").lines.includes("end"));
    },
  },
  {
    // netmiko 3730
    name: "IOS XE: removing packages lists files, works for a while, and asks in the midst of it",
    hosts: { x: { platform: "cisco_ios" } },
    device: ios({
      host: "C9300",
      answers: {
        "install remove inactive": async (t) => {
          t.print(
            "install_remove: START Mon Sep 22 10:11:12 UTC 2025\r\nCleaning up unnecessary package files\r\n",
          );
          await t.slow([700, "No path specified, will use booted path flash:packages.conf\r\n\r\n", 2600]);
          t.print(
            "The following files will be deleted:\r\n[switch 1]:\r\n/flash/cat9k-rpbase.17.03.05.SPA.pkg\r\n\r\n",
          );
          const key = await (async () => {
            t.print("Do you want to remove the above files? [y/n]");
            return t.key();
          })();
          t.print(`${key}\r\n\r\n`);
          if (key !== "y") return;
          await t.slow(["Deleting file flash:cat9k-rpbase.17.03.05.SPA.pkg ... ", 2200, "done.\r\n", 900]);
          t.print("SUCCESS: Files deleted.\r\n--- Starting Post_Remove_Cleanup ---\r\n");
          await t.slow([
            1500,
            "Finished Post_Remove_Cleanup\r\nSUCCESS: install_remove Mon Sep 22 10:12:12 UTC 2025\r\n",
          ]);
        },
        "show clock": "*10:11:12 UTC\r\n",
      },
    }),
    async run(stage) {
      await stage.connect("x");
      const asked = await stage.sh("x", "install remove inactive\nyes-man here\nshow clock");
      asks(stage, asked, /remove the above files/, /yesno|confirm/);
      stage.check("nothing typed", !stage.term("x").got.includes("yes-man"), stage.term("x").got);
      done(stage, await stage.keys("x", "y"), /SUCCESS: install_remove/);
      gives(stage, await stage.sh("x", "show clock"), ["*10:11:12 UTC"]);
    },
  },
  {
    // netmiko 890
    name: "ArubaOS: a command of the configuration asks for a password twice, with stars",
    hosts: { a: { platform: "aruba_os", ...EN } },
    device: plain("(WLC01A) [mynode] #", async (t, line, show) => {
      if (/^conf/.test(line)) {
        t.print("Enter Configuration commands, one per line. End with CNTL/Z\r\n\r\n");
        show("(WLC01A) [mynode] (config) #");
      }
      if (line.startsWith("mgmt-user")) {
        const one = await t.line({ prompt: "Password:", echo: STARS });
        const two = await t.line({ prompt: "Re-Type password:", echo: STARS });
        if (one !== two) t.print("Password does not match\r\n");
      }
    }),
    async run(stage) {
      await stage.connect("a");
      const asked = await stage.sh("a", "mgmt-user noc root\nend", { mode: "config" });
      asks(stage, asked, /Password:/, /password/);
      noSecret(stage, "a");
      asks(stage, await stage.keys("a", "new-one<Enter>"), /Re-Type password:/, /password/);
      noSecret(stage, "a");
      const end = await stage.keys("a", "new-one<Enter>");
      stage.check("done", end.state === "done" && !/does not match/.test(end.text), end.text);
      stage.check("end not typed", !stage.term("a").lines.includes("end"));
      stage.check("not in the audit", !stage.audit().includes("new-one"), "new-one");
    },
  },
  {
    // netmiko 2083
    name: "S300: a login in the terminal, and then the password has expired: it is typed once",
    hosts: { s: { platform: "cisco_s300", ...EN } },
    device: asksLogin("User Name:", async (t) => {
      t.print("\r\nPassword expired. Change your password now.\r\n");
      await t.line({ prompt: "Current Password:", echo: false });
      await t.line({ prompt: "Enter new password:", echo: false });
      await t.line({ prompt: "Confirm new password:", echo: false });
      for (;;) await t.line({ prompt: "sw1#" });
    }),
    async run(stage) {
      const asked = await stage.connect("s");
      stage.check("asks", /Current Password/.test(asked.text), asked.text);
      const secrets = stage.term("s").got.split("pw-noc").length - 1;
      stage.check("the password once", secrets === 1, stage.term("s").got);
      asks(stage, await stage.keys("s", "old-one<Enter>"), /Enter new password/, /password/);
      asks(stage, await stage.keys("s", "new-one<Enter>"), /Confirm new password/, /password/);
      const end = await stage.keys("s", "new-one<Enter>");
      stage.check("at the prompt", end.state === "done" || /sw1#/.test(end.text), end.text);
      const next = await stage.sh("s", "show version");
      stage.check("works", next.state === "done", next.text);
      stage.check("still once", stage.term("s").got.split("pw-noc").length === 2, stage.term("s").got);
      stage.check("not in the audit", !/(?:old|new)-one/.test(stage.audit()), "a password");
    },
  },
  {
    // netmiko 2083, a device whose words are the same each time
    name: "S300: the same word asks for the login's password and for the new one",
    hosts: { s: { platform: "cisco_s300", ...EN } },
    device: asksLogin("User Name:", async (t) => {
      t.print("\r\nThe password has expired, a new one is wanted.\r\n");
      const one = await t.line({ prompt: "Password:", echo: false });
      t.print(one === "" ? "" : "\r\n");
      for (;;) await t.line({ prompt: "sw1#" });
    }),
    async run(stage) {
      const asked = await stage.connect("s");
      stage.check("asks", /Password/.test(asked.text), asked.text);
      const secrets = stage.term("s").got.split("pw-noc").length - 1;
      stage.check("the password once", secrets === 1, stage.term("s").got);
    },
  },
  {
    // netmiko 1334, 1776
    name: "VRP: a login asks to change the password, and takes no Enter for an answer",
    hosts: { h: { platform: "huawei_vrp" } },
    ident: "HUAWEI-1.5",
    async device(t) {
      t.print("\r\nWarning: The initial password poses security risks.\r\n");
      for (let answer: string | undefined; answer !== "N"; ) {
        answer = await t.line({
          prompt:
            answer === undefined
              ? "The password needs to be changed. Change now? [Y/N]:"
              : "Error: Please choose 'YES' or 'NO' first before pressing 'Enter'. [Y/N]:",
        });
        answer ??= "";
      }
      t.print(
        "Info: The max number of VTY users is 10, and the number\r\n      of current VTY users on line is 1.\r\n",
      );
      for (;;) {
        const line = await t.line({ prompt: "<HW1>" });
        if (line === "display clock") t.print("2024-01-01 10:11:12\r\n");
      }
    },
    async run(stage) {
      const asked = await stage.connect("h");
      stage.check("asks", /Change now/.test(asked.text), asked.text);
      stage.check("nothing was typed", stage.term("h").got === "", stage.term("h").got);
      asks(stage, await stage.keys("h", "<Enter>"), /Please choose/, /yesno/);
      const end = await stage.keys("h", "N<Enter>");
      stage.check("at the prompt", /HW1/.test(end.text), end.text);
      gives(stage, await stage.sh("h", "display clock"), ["2024-01-01 10:11:12"]);
    },
  },
  {
    // netmiko 1979, 1716
    name: "AireOS: logs in in the terminal, may not switch paging off, and has three pagers in one answer",
    hosts: { w: { platform: "cisco_wlc" } },
    ident: "CISCO_WLC",
    async device(t) {
      t.print("\r\n\r\n(Cisco Controller) \r\n");
      await t.line({ prompt: "User: " });
      await t.line({ prompt: "Password:", echo: STARS });
      for (;;) {
        const line = await t.line({ prompt: "(Cisco Controller) >" });
        if (line === "show sysinfo") t.print("System Name......................... wlc1\r\n");
        if (line !== "show run-config") continue;
        t.print("\r\nPress Enter to continue...");
        if ((await t.key()) !== "\r") continue;
        t.print('\r\n\r\nSystem Inventory\r\nNAME: "Chassis"    , DESCR: "Cisco Wireless Controller"\r\n');
        t.print("Maximum number of APs supported.................. 200\r\n");
        t.print("Press Enter to continue or <ctrl-z> to abort");
        if ((await t.key()) !== "\r") continue;
        t.print("\r\n\r\nAP Bundle Information\r\n");
        const page = Array.from({ length: 30 }, (_, index) => `ap1g${index + 1}          5812`);
        await t.page(page, { size: 20, more: "--More-- or (q)uit", erase: `\r${" ".repeat(18)}\r` });
      }
    },
    async run(stage) {
      await stage.connect("w");
      const all = await stage.sh("w", "show run-config");
      stage.check(
        "whole",
        all.state === "done" && /ap1g30/.test(all.text) && /Chassis/.test(all.text),
        all.text,
      );
      stage.check("no pager's row", !/Press Enter|--More--/.test(all.out), all.out);
      gives(stage, await stage.sh("w", "show sysinfo"), ["System Name......................... wlc1"]);
      read(stage, "w", ["show run-config", "show sysinfo"], LENGTHS);
    },
  },
  {
    // netmiko 1037, 1561
    name: "IOS: a save over another release's asks behind a warning of two rows",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "write memory": async (t) => {
          t.print("Warning: Attempting to overwrite an NVRAM configuration previously written\r\n");
          t.print("by a different version of the system image.\r\n");
          t.print("Overwrite the previous NVRAM configuration?[confirm]");
          if ((await t.key()) === "n") return t.print("\r\n");
          await t.slow(["\r\nBuilding configuration...\r\n", 1800, "[OK]\r\n"]);
        },
        "show clock": "*10:11:12 UTC\r\n",
      },
    }),
    async run(stage) {
      await stage.connect("r");
      const asked = await stage.sh("r", "write memory\nno banner motd\nshow clock");
      asks(stage, asked, /Overwrite the previous/, /confirm.*answer=key/);
      done(stage, await stage.keys("r", "<Enter>"), /\[OK\]/);
      gives(stage, await stage.sh("r", "show clock"), ["*10:11:12 UTC"]);
      read(stage, "r", ["write memory", "show clock"], LENGTHS);
    },
  },
  {
    // netmiko 578
    name: "Junos: a delete of everything below asks with the default behind it",
    hosts: { j: { platform: "juniper_junos" } },
    device: plain("noc@mx1> ", async (t, line, show) => {
      if (/^conf/.test(line)) t.print("Entering configuration mode\r\n");
      if (/^conf/.test(line)) show("\r\n[edit]\r\nnoc@mx1# ");
      if (line === "edit groups this-group") show("\r\n[edit groups this-group]\r\nnoc@mx1# ");
      if (line === "delete") await t.line({ prompt: "Delete everything under this level? [yes,no] (no) " });
      if (line === "show") t.print("system {\r\n    host-name mx1;\r\n}\r\n");
    }),
    async run(stage) {
      await stage.connect("j");
      const asked = await stage.sh("j", "edit groups this-group\ndelete\nnothing here", { mode: "config" });
      asks(stage, asked, /Delete everything/, /yesno.*answer=line/);
      stage.check("nothing typed", !stage.term("j").got.includes("nothing"), stage.term("j").got);
      const end = await stage.keys("j", "no<Enter>");
      stage.check("done", end.state === "done" && /mode=config/.test(end.rest), end.text);
      gives(stage, await stage.sh("j", "show"), ["system {", "host-name mx1;", "}"]);
    },
  },
  {
    // netmiko 330
    name: "ASA: a session is logged off behind a question, and INFO is no error",
    hosts: { a: { platform: "cisco_asa" } },
    device: plain("FW-VPN# ", async (t, line, show) => {
      if (/^conf/.test(line)) show("FW-VPN(config)# ");
      if (!line.startsWith("vpn-sessiondb")) return;
      t.print("Do you want to logoff the VPN session(s)? [confirm]");
      const key = await t.key();
      t.print("\r\n");
      if (key === "\r") t.print("INFO: Number of sessions with IP = 10.1.2.2 logged off : 1\r\n\r\n");
    }),
    async run(stage) {
      await stage.connect("a");
      const asked = await stage.sh("a", "vpn-sessiondb logoff ipaddress 10.1.2.2", { mode: "config" });
      asks(stage, asked, /logoff the VPN/, /confirm.*answer=key/);
      const end = await stage.keys("a", "<Enter>");
      done(stage, end, /logged off : 1/);
      stage.check("no error", !/error=|warning=/.test(end.rest), end.rest);
    },
  },
  {
    // netmiko 3396
    name: "a switch without a profile asks (Yes|No)? before it overwrites",
    hosts: { m: { platform: "generic_cli" } },
    device: plain("maipu#", async (t, line) => {
      if (line !== "write") return;
      const answer = await t.line({ prompt: "Are you sure to overwrite /flash/startup (Yes|No)?" });
      if (answer === "y") await t.slow(["Building Configuration...", 2400, "done\r\n"]);
    }),
    async run(stage) {
      await stage.connect("m");
      asks(stage, await stage.sh("m", "write\nshow x"), /overwrite/, /yesno|confirm/);
      done(stage, await stage.keys("m", "y<Enter>"), /Building Configuration\.\.\.done/);
      read(stage, "m", ["write", "y"], LENGTHS);
    },
  },
  {
    // netmiko 3832, 2628
    name: "Dell OS6: a save asks on one key behind a blank row, and is silent for half a minute",
    hosts: { d: { platform: "dell_os6" } },
    device: plain("sw6#", async (t, line) => {
      if (line === "show clock") t.print("10:11:12 UTC Jan 1 2024\r\n");
      if (line !== "copy running-config startup-config") return;
      t.print(
        "\r\nThis operation may take few minutes.\r\nManagement interfaces will not be available during this time.\r\n\r\n",
      );
      t.print("Are you sure you want to save? (y/n) ");
      const key = await t.key();
      t.print(`${key}\r\n`);
      if (key !== "y") return t.print("\r\nConfiguration Not Saved!\r\n");
      await t.slow([32_000, "\r\nConfiguration Saved!\r\n"]);
    }),
    async run(stage) {
      await stage.connect("d");
      const asked = await stage.sh("d", "copy running-config startup-config\nshow clock");
      asks(stage, asked, /want to save/, /yesno.*answer=key/);
      done(stage, await stage.keys("d", "y"), /Configuration Saved/);
      gives(stage, await stage.sh("d", "show clock"), ["10:11:12 UTC Jan 1 2024"]);
    },
  },
  {
    // netmiko 519, 561
    name: "IOS: a copy from the configuration asks for a name and to overwrite; lines behind it wait",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "do copy running-config flash:*": async (t) => {
          await t.line({ prompt: "Destination filename [170707_running]? " });
          t.print("%Warning:There is a file already existing with this name \r\n");
          t.print("Do you want to over write? [confirm]");
          if ((await t.key()) === "n") return t.print("\r\n");
          await t.slow([
            "\r\n",
            900,
            "!!!",
            700,
            "!\r\n4321 bytes copied in 1.204 secs (3588 bytes/sec)\r\n",
          ]);
        },
      },
    }),
    async run(stage) {
      await stage.connect("r");
      const asked = await stage.sh("r", "do copy running-config flash:170707_running\nend", {
        mode: "config",
      });
      asks(stage, asked, /Destination filename/, /value.*answer=line/);
      asks(stage, await stage.keys("r", "<Enter>"), /over write/, /confirm.*answer=key/);
      const end = await stage.keys("r", "<Enter>");
      done(stage, end, /4321 bytes copied/);
      stage.check("end not typed", !stage.term("r").lines.includes("end"));
      const left = await stage.sh("r", "end");
      stage.check("left", left.state === "done" && /mode=enable/.test(left.rest), left.text);
    },
  },
  {
    // netmiko 2243
    name: "Viptela: leaving with changes asks [yes/no/CANCEL]",
    hosts: { v: { platform: "cisco_viptela" } },
    device: plain("vedge# ", async (t, line, show) => {
      if (/^conf/.test(line)) {
        t.print("Entering configuration mode terminal\r\n");
        show("vedge(config)# ");
      }
      if (line === "system host-name edge-2") t.print("\r\n");
      if (line === "end" || line === "exit") {
        const answer = await t.line({ prompt: "Uncommitted changes found, commit them? [yes/no/CANCEL] " });
        if (answer === "no") show("vedge# ");
      }
    }),
    async run(stage) {
      await stage.connect("v");
      const asked = await stage.sh("v", "system host-name edge-2\nend\nshow clock", { mode: "config" });
      asks(stage, asked, /commit them/, /yesno.*answer=line/);
      const end = await stage.keys("v", "no<Enter>");
      stage.check("done", end.state === "done" && /mode=exec|mode=enable/.test(end.rest), end.text);
      stage.check("show clock not typed", !stage.term("v").lines.includes("show clock"));
    },
  },
];
