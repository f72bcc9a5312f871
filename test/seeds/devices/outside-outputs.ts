import { body, ios, rows } from "./ios.ts";
import type { Dialogue } from "./stage.ts";
import type { Terminal } from "./terminal.ts";

const LOG =
  "*Jan  1 10:11:12.001: %LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/1, changed state to up";

export const OUTSIDE_OUTPUTS: readonly Dialogue[] = [
  {
    name: "IOS: terminal monitor prints rows while a line is typed, and the line is painted again behind each",
    hosts: { r: { platform: "cisco_ios" } },
    async device(t) {
      let storm = false;
      for (;;) {
        const line = await t.line({
          prompt: "R1#",
          echo: (key, typed) => (storm && typed.length % 5 === 0 ? `${key}\r\n${LOG}\r\nR1#${typed}` : key),
        });
        if (line === "terminal monitor") storm = true;
        else if (line === "show clock") t.print("*10:11:12 UTC\r\n");
        else if (line?.startsWith("show int")) t.print("Gi0/1 is up\r\n");
      }
    },
    async run(stage) {
      await stage.connect("r");
      await stage.sh("r", "terminal monitor");
      const one = await stage.sh("r", "show interfaces GigabitEthernet0/1 status");
      stage.check("output", one.state === "done" && body(one) === "Gi0/1 is up", one.text);
      const two = await stage.sh("r", "show clock");
      stage.check("next", two.state === "done" && body(two) === "*10:11:12 UTC", two.text);
      const typed = stage.term("r").lines.filter((line) => line.startsWith("show"));
      stage.check("each once", typed.length === 2, typed.join());
    },
  },
  {
    name: "Junos: behind commit confirmed each prompt has a row in front that says when it is rolled back",
    hosts: { j: { platform: "juniper_junos" } },
    ident: "OpenSSH_7.5",
    async device(t) {
      let prompt = "noc@mx1> ";
      t.print("--- JUNOS 20.4R3 Kernel 64-bit\r\n");
      for (;;) {
        const line = await t.line({ prompt });
        if (line === "configure") {
          prompt = "[edit]\r\nnoc@mx1# ";
          t.print("Entering configuration mode\r\n\r\n");
        } else if (line === "commit confirmed 5") {
          await t.slow([
            1200,
            "commit confirmed will be automatically rolled back in 5 minutes unless confirmed\r\n",
          ]);
          t.print("commit complete\r\n\r\n");
          prompt = "# commit confirmed will be rolled back in 5 minutes\r\n[edit]\r\nnoc@mx1# ";
        } else if (line === "commit") {
          await t.slow([900, "commit complete\r\n\r\n"]);
          prompt = "[edit]\r\nnoc@mx1# ";
        } else if (line?.startsWith("show")) t.print("host-name mx1;\r\n\r\n");
        else if (line) t.print("\r\n");
      }
    },
    async run(stage) {
      await stage.connect("j");
      const one = await stage.sh("j", "set system host-name mx1\ncommit confirmed 5", { mode: "config" });
      stage.check("done", one.state === "done" && /commit complete/.test(one.text), one.text);
      const two = await stage.sh("j", "show system host-name");
      stage.check("next", two.state === "done" && body(two).startsWith("host-name mx1;"), two.text);
      const three = await stage.sh("j", "commit");
      stage.check("confirmed", three.state === "done" && /commit complete/.test(three.text), three.text);
    },
  },
  {
    name: "a terminal server's line is silent until Enter, and another device's prompt comes: it gets no secret",
    hosts: { r: { platform: "cisco_ios", enable: { from: "env", name: "en-secret" } } },
    device: ios({
      mode: "exec",
      answers: {
        "telnet 10.1.1.1 2033": async (t) => {
          t.print("Trying 10.1.1.1, 2033 ... Open\r\n");
          await t.until("\r");
          t.print("\r\n");
          for (;;) {
            const line = await t.line({ prompt: "sw2>" });
            if (line === "enable") await t.line({ prompt: "Password: ", echo: false });
          }
        },
      },
    }),
    async run(stage) {
      await stage.connect("r");
      const open = await stage.sh("r", "telnet 10.1.1.1 2033", { timeout_s: 20 });
      stage.check("no end is claimed", open.state === "running" || open.state === "asking", open.text);
      stage.check(
        "no key of ours",
        !stage.term("r").got.endsWith("\r\r"),
        JSON.stringify(stage.term("r").got),
      );
      const there = await stage.keys("r", "<Enter>");
      stage.check("there", /sw2>/.test(there.text) || there.state === "done", there.text);
      await stage.sh("r", "show x", { mode: "enable", here: "prompt" });
      stage.check("no secret", !stage.term("r").got.includes("en-secret"), stage.term("r").got);
    },
  },
  {
    name: "IOS: a difference of configurations has rows that begin like the prompt",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "show archive config differences": (t) =>
          t.slow([
            "!Contextual Config Diffs:\r\n+interface Loopback0\r\n +description R1#\r\n-banner motd ^C\r\nR1#",
            400,
            "show run\r\nR1(config)#",
            350,
            "end\r\n^C\r\n+end-of-diff\r\n",
          ]),
      },
    }),
    async run(stage) {
      await stage.connect("r");
      const diff = await stage.sh("r", "show archive config differences");
      await stage.pass(4000);
      const again = await stage.read("r", diff.id === undefined ? {} : { command: diff.id });
      stage.check("whole in the end", /\+end-of-diff/.test(again.text), again.text);
    },
  },
  {
    name: "VyOS: a painted prompt, and leaving a changed configuration is refused with words",
    hosts: { v: { platform: "vyos" } },
    async device(t) {
      let config = false;
      t.print("Welcome to VyOS\r\n");
      for (;;) {
        const line = await t.line({
          prompt: config
            ? "\x1b[91m\x1b[1m[edit]\x1b[0m\r\n\x1b[91mvyos\x1b[0m@r1# "
            : "\x1b[01;32mvyos@r1\x1b[00m:\x1b[01;34m~\x1b[00m$ ",
        });
        if (line === "configure") config = true;
        else if (line === "exit" && config)
          t.print(
            "Cannot exit: configuration modified.\r\nUse 'exit discard' to discard the changes and exit.\r\n",
          );
        else if (line === "exit discard") config = false;
        else if (line === "show version") t.print("Version: VyOS 1.4\r\n");
      }
    },
    async run(stage) {
      await stage.connect("v");
      const version = await stage.sh("v", "show version");
      stage.check("version", version.state === "done" && body(version) === "Version: VyOS 1.4", version.text);
      const set = await stage.sh("v", "set system host-name r1", { mode: "config" });
      stage.check("set", set.state === "done" && /mode=config/.test(set.rest), set.text);
      const left = await stage.sh("v", "exit");
      stage.check("still in config", left.state === "done" && /mode=config/.test(left.rest), left.text);
    },
  },
  {
    name: "SR OS classic: a star comes and goes before the prompt, and the pager wants any key",
    hosts: { s: { platform: "nokia_sros" } },
    async device(t) {
      let star = "";
      t.print("\r\n TiMOS-C-16.0.R4 cpm/x86_64 Nokia 7750 SR\r\n");
      for (;;) {
        const line = await t.line({ prompt: `${star}A:RTR1# ` });
        if (line?.startsWith("configure")) star = "*";
        else if (line === "admin save") {
          await t.slow([
            "Writing configuration to cf3:\\config.cfg\r\nSaving configuration ... ",
            1800,
            "OK\r\nCompleted.\r\n",
          ]);
          star = "";
        } else if (line === "show log")
          await t.page(
            rows(60, (i) => `${i} 2024/01/01 10:11:12`),
            { size: 24, more: "Press any key to continue (Q to quit)", erase: `\r${" ".repeat(37)}\r` },
          );
      }
    },
    async run(stage) {
      await stage.connect("s");
      const set = await stage.sh("s", "configure system name RTR1");
      stage.check("set", set.state === "done" && /host=RTR1/.test(set.rest), set.text);
      const log = await stage.sh("s", "show log");
      stage.check("60 rows", log.state === "done" && /60 lines/.test(log.rest), log.rest);
      const save = await stage.sh("s", "admin save");
      stage.check("saved", save.state === "done" && /Completed\.$/.test(body(save)), save.text);
    },
  },
  {
    name: "AOS-CX: the pager names its keys in capitals",
    hosts: { a: { platform: "aruba_aoscx" }, g: { platform: "generic_cli" } },
    async device(t) {
      for (;;) {
        const line = await t.line({ prompt: "8320-1# " });
        if (line === "show run")
          await t.page(
            rows(50, (i) => `vlan ${i}`),
            { size: 20, more: "-- MORE --, next page: Space, next line: Enter, quit: q", erase: "\r\x1b[K" },
          );
      }
    },
    async run(stage) {
      for (const host of ["a", "g"]) {
        await stage.connect(host);
        const all = await stage.sh(host, "show run");
        stage.check(
          `${host}: 50 rows`,
          all.state === "done" && /50 lines/.test(all.rest),
          all.text.slice(-300),
        );
      }
    },
  },
  {
    name: "VOSS: --More-- (q = quit), and a save that answers with the card's name in front",
    hosts: { v: { platform: "extreme_voss" }, g: { platform: "generic_cli" } },
    async device(t) {
      for (;;) {
        const line = await t.line({ prompt: "VSP-1:1#" });
        if (line === "show log")
          await t.page(
            rows(50, (i) => `CP1 row ${i}`),
            { size: 22, more: "--More-- (q = quit) ", erase: `\r${" ".repeat(20)}\r` },
          );
        else if (line === "save config")
          await t.slow([900, "CP-1: Save config to file /intflash/config.cfg successful.\r\n"]);
      }
    },
    async run(stage) {
      for (const host of ["v", "g"]) {
        await stage.connect(host);
        const all = await stage.sh(host, "show log");
        stage.check(
          `${host}: 50 rows`,
          all.state === "done" && /50 lines/.test(all.rest),
          all.text.slice(-300),
        );
        const save = await stage.sh(host, "save config");
        stage.check(`${host}: saved`, save.state === "done" && /successful/.test(save.text), save.text);
      }
    },
  },
  {
    name: "ZXR10: errors with a number, and a pager that is erased by backspaces",
    hosts: { z: { platform: "zte_zxros" } },
    async device(t) {
      for (;;) {
        const line = await t.line({ prompt: "ZXR10#" });
        if (line === "show run")
          await t.page(
            rows(50, (i) => `vlan ${i}`),
            { size: 20, more: " --More--" },
          );
        else if (line === "foo")
          t.print("               ^\r\n%Error 20200: Invalid input detected at '^' marker.\r\n");
      }
    },
    async run(stage) {
      await stage.connect("z");
      const all = await stage.sh("z", "show run");
      stage.check("50 rows", all.state === "done" && /50 lines/.test(all.rest), all.text.slice(-300));
      const foo = await stage.sh("z", "foo");
      stage.check("an error", /error=/.test(foo.rest), foo.text);
    },
  },
  {
    name: "IOS: a line that is wider than the terminal scrolls behind a dollar sign",
    hosts: { r: { platform: "cisco_ios" } },
    async device(t) {
      for (;;) {
        const line = await t.line({ prompt: "R1#", echo: (key, typed) => scrolled(key, typed, "R1#") });
        if (line?.startsWith("show ip")) t.print("10.0.0.0/8\r\n");
      }
    },
    async run(stage) {
      await stage.connect("r");
      const long = `show ip route vrf ${"A-VERY-LONG-NAME-".repeat(6)} 10.0.0.0 255.0.0.0 longer-prefixes`;
      const all = await stage.sh("r", long);
      stage.check("output", all.state === "done" && body(all) === "10.0.0.0/8", all.text);
      stage.check("typed whole", stage.term("r").lines.at(-1) === long, stage.term("r").lines.at(-1));
    },
  },
  {
    name: "a login banner that asks, has a row like a prompt, and stands in between",
    hosts: { r: { platform: "cisco_ios" }, g: { platform: "generic_cli" } },
    device: async (t: Terminal) => {
      await t.slow([
        "\r\n****\r\nDo you have permission to be here?\r\nR9#",
        600,
        " is a core router\r\n****\r\n",
        500,
        "\r\n",
      ]);
      for (;;) if ((await t.line({ prompt: "R9#" })) === "show clock") t.print("CLOCK\r\n");
    },
    async run(stage) {
      for (const host of ["r", "g"]) {
        const first = await stage.connect(host);
        stage.check(`${host}: ready`, first.state === "ready", first.text);
        const clock = await stage.sh(host, "show clock");
        stage.check(`${host}: clock`, clock.state === "done" && body(clock) === "CLOCK", clock.text);
      }
    },
  },
  {
    name: "IOS-XR: a commit that fails names the command that says why, and is an error",
    hosts: { x: { platform: "cisco_iosxr" } },
    async device(t) {
      let mode = "";
      for (;;) {
        const line = await t.line({ prompt: `RP/0/RP0/CPU0:xr1${mode}#` });
        if (line === "configure" || line === "configure terminal") mode = "(config)";
        else if (line === "commit")
          await t.slow([
            1500,
            "\r\n% Failed to commit one or more configuration items during a pseudo-atomic operation. All changes made have been reverted. Please issue 'show configuration failed [inheritance]' from this session to view the errors\r\n",
          ]);
        else if (line === "end") mode = "";
      }
    },
    async run(stage) {
      await stage.connect("x");
      const failed = await stage.sh("x", "hostname x\ncommit\nend", { mode: "config" });
      stage.check("an error, and no end", /error=/.test(failed.rest), failed.text);
      stage.check("the job stops", !stage.term("x").lines.includes("end"), stage.term("x").lines.join());
    },
  },
];

/** The last part of a line that does not fit 80 columns, as IOS shows it. */
function scrolled(key: string, typed: string, prompt: string): string {
  if (prompt.length + typed.length < 79) return key;
  const from = Math.floor((prompt.length + typed.length - 79) / 10) * 10 + 11;
  if ((prompt.length + typed.length - 79) % 10 !== 0) return key;
  return `\r${prompt}$${typed.slice(from)}\x1b[K`;
}
