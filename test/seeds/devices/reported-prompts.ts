import { ios, rows } from "./ios.ts";
import { asks, done, gives, noSecret, plain, read } from "./plain.ts";
import { type Dialogue, EN } from "./stage.ts";

const NXOS_BANNER =
  "Cisco Nexus Operating System (NX-OS) Software\r\nTAC support: http://www.cisco.com/tac\r\nCopyright (c) 2002-2018, Cisco Systems, Inc. All rights reserved.\r\n";
const LENGTHS = /^(?:terminal |screen-length|no paging|set clienv|undo terminal|environment )/;

/** Prompts that change with what is done, by public reports. */
export const REPORTED_PROMPTS: readonly Dialogue[] = [
  {
    // netmiko 1156
    name: "NX-OS: maintenance mode is in the prompt before the configuration mode",
    hosts: { n: { platform: "cisco_nxos" } },
    device: plain("n9k-sw1# ", async (t, line, show) => {
      if (line === "configure terminal")
        t.print("Enter configuration commands, one per line. End with CNTL/Z.\r\n");
      if (line === "configure terminal") show("n9k-sw1(config)# ");
      if (line === "system mode maintenance") {
        t.print("Following configuration will be applied:\r\n\r\nrouter bgp 65501\r\n  isolate\r\n\r\n");
        const answer = await t.line({ prompt: "Do you want to continue (yes/no)? [no] " });
        if (answer !== "yes") return;
        t.print("\r\nGenerating before_maintenance snapshot before going into maintenance mode\r\n\r\n");
        await t.slow([1800, "Starting to apply commands...\r\n\r\n", 900, "Applying : router bgp 65501\r\n"]);
        await t.slow([2500, "\r\nMaintenance mode operation successful.\r\n"]);
        show("n9k-sw1(maint-mode)(config)# ");
      }
      if (line === "end") show("n9k-sw1(maint-mode)# ");
      if (line === "show clock") t.print("10:11:12.345 UTC Mon Jan 01 2024\r\n");
    }),
    async run(stage) {
      await stage.connect("n");
      const asked = await stage.sh("n", "system mode maintenance\nshow clock", { mode: "config" });
      asks(stage, asked, /continue \(yes\/no\)/, /yesno.*answer=line/);
      done(stage, await stage.keys("n", "yes<Enter>"), /operation successful/);
      const end = await stage.sh("n", "end");
      stage.check("enable", end.state === "done" && /mode=enable/.test(end.rest), end.text);
      gives(stage, await stage.sh("n", "show clock"), ["10:11:12.345 UTC Mon Jan 01 2024"]);
    },
  },
  {
    // netmiko 102, 286
    name: "ASA: the context is a part of the prompt and changes by command",
    hosts: { a: { platform: "cisco_asa", ...EN } },
    device: plain("fw/admin> ", async (t, line, show) => {
      if (line === "enable") {
        const secret = await t.line({ prompt: "Password: ", echo: (key) => "*".repeat(key.length) });
        if (secret === "en-secret") show("fw/admin# ");
      }
      const context = /^changeto (?:context (\S+)|system)$/.exec(line);
      if (context) show(context[1] === undefined ? "fw# " : `fw/${context[1]}# `);
      if (/^show run/.test(line)) t.print("hostname of it\r\n");
      if (/^conf/.test(line)) show("fw/dev(config)# ");
    }),
    async run(stage) {
      await stage.connect("a");
      const enabled = await stage.sh("a", "changeto context dev", { mode: "enable" });
      stage.check("done", enabled.state === "done", enabled.text);
      gives(stage, await stage.sh("a", "show run hostname"), ["hostname of it"]);
      stage.check("one secret", stage.term("a").got.split("en-secret").length === 2, stage.term("a").got);
      const system = await stage.sh("a", "changeto system\nshow run hostname\nchangeto context dev");
      done(stage, system, /hostname of it/);
      stage.check("whole", !/ error=| warning=/.test(system.rest), system.rest);
    },
  },
  {
    // netmiko 882
    name: "NX-OS: a virtual device context has a name of its own, and a banner before its prompt",
    hosts: { n: { platform: "cisco_nxos", ...EN } },
    device: plain("N7K-A-Admin# ", async (t, line, show) => {
      if (line === "show hostname") t.print("shown\r\n");
      if (line === "switchto vdc RTP-AGG1") {
        t.print(NXOS_BANNER);
        show("N7K-A-RTP-AGG1# ");
      }
      if (line === "switchback") show("N7K-A-Admin# ");
      if (line === "enable") await t.line({ prompt: "Password: ", echo: false });
    }),
    async run(stage) {
      await stage.connect("n");
      const there = await stage.sh("n", "switchto vdc RTP-AGG1");
      done(stage, there, /Nexus Operating System/);
      gives(stage, await stage.sh("n", "show hostname"), ["shown"]);
      const asked = await stage.sh("n", "enable");
      asks(stage, asked, /Password/, /password/);
      noSecret(stage, "n");
      await stage.keys("n", "<Enter>");
      const back = await stage.sh("n", "switchback");
      stage.check("back", back.state === "done", back.text);
      gives(stage, await stage.sh("n", "show hostname"), ["shown"]);
    },
  },
  {
    // scrapli 369
    name: "NX-OS: a configuration prompt that does not begin with config",
    hosts: { n: { platform: "cisco_nxos" } },
    device: plain("leaf-3# ", (_t, line, show) => {
      if (line === "configure terminal") show("leaf-3(config)# ");
      if (line === "telemetry") show("leaf-3(config-telemetry)# ");
      if (/^\s*destination-group/.test(line)) show("leaf-3(conf-tm-dest)# ");
      if (line === "end") show("leaf-3# ");
    }),
    async run(stage) {
      await stage.connect("n");
      const job = await stage.sh(
        "n",
        "telemetry\n destination-group example\n  ip address 192.0.2.15 port 57000 protocol gRPC encoding GPB\nend",
        { mode: "config" },
      );
      stage.check("done", job.state === "done" && /mode=enable/.test(job.rest), job.text);
      const lines = stage.term("n").lines.filter((line) => /telemetry|group|ip address|end/.test(line));
      stage.check("each once", lines.length === 4, JSON.stringify(lines));
    },
  },
  {
    // scrapli_community 195
    name: "Comware: the role of a backup group stands before the bracket, the name is long, and the role changes",
    hosts: { c: { platform: "hp_comware", ...EN } },
    ident: "Comware-7.1.064",
    device: plain("RBM_P<BJTTCYY-CMNET-C02-41U-F5000M-1>", async (t, line, show) => {
      const host = "BJTTCYY-CMNET-C02-41U-F5000M-1";
      if (line === "display clock") t.print("10:11:12 UTC Mon 01/01/2024\r\n");
      if (line === "system-view") {
        t.print("System View: return to User View with Ctrl+Z.\r\n");
        show(`RBM_P[${host}]`);
      }
      if (line === "interface GigabitEthernet1/0/1") show(`RBM_P[${host}-GigabitEthernet1/0/1]`);
      if (line === "shutdown") show(`RBM_S[${host}-GigabitEthernet1/0/1]`);
      if (line === "return") show(`RBM_S<${host}>`);
    }),
    async run(stage) {
      await stage.connect("c");
      gives(stage, await stage.sh("c", "display clock"), ["10:11:12 UTC Mon 01/01/2024"]);
      const job = await stage.sh("c", "interface GigabitEthernet1/0/1\nshutdown\nreturn", { mode: "config" });
      stage.check("done", job.state === "done" && /mode=exec/.test(job.rest), job.text);
      gives(stage, await stage.sh("c", "display clock"), ["10:11:12 UTC Mon 01/01/2024"]);
    },
  },
  {
    // netmiko 366, scrapli_community 145
    name: "VRP: a firewall's role is in the prompt, a clock row precedes each answer, and the role changes",
    hosts: { h: { platform: "huawei_vrp" } },
    ident: "HUAWEI-1.5",
    device: plain("HRP_A<usg>", async (t, line, show) => {
      if (line.startsWith("display")) t.print("15:40:06  2017/02/01\r\n");
      if (line === "display ip interface brief")
        await t.page(
          rows(30, (index) => `Eth-Trunk2.${index} 192.0.2.${index}/24 up up`),
          {
            size: 22,
            more: "---- More ----",
            erase: "\x1b[42D                                          \x1b[42D",
          },
        );
      if (line === "display clock") t.print("2017-02-01 15:40:06\r\nWednesday\r\n");
      if (line === "system-view") show("HRP_A[usg]");
      if (line === "hrp switch standby") show("HRP_S[usg]");
      if (line === "return") show("HRP_S<usg>");
    }),
    async run(stage) {
      await stage.connect("h");
      const all = await stage.sh("h", "display ip interface brief");
      stage.check("all rows", all.state === "done" && /3[01] lines/.test(all.rest), all.text);
      const role = await stage.sh("h", "system-view\nhrp switch standby\nreturn");
      stage.check("done", role.state === "done" && /mode=exec/.test(role.rest), role.text);
      const clock = await stage.sh("h", "display clock");
      done(stage, clock, /2017-02-01 15:40:06\nWednesday/);
    },
  },
  {
    // scrapli 97
    name: "IOS: Tcl goes on over several lines with a prompt of its own",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        tclsh: async (t) => {
          for (let open = 0; ; ) {
            const line = (await t.line({ prompt: open > 0 ? "+>(tcl)#" : "R1(tcl)#" })) ?? "";
            open += line.split("{").length - line.split("}").length;
            if (line === "tclquit") return;
            if (open === 0 && line.startsWith("puts hello")) t.print("hello\r\n");
            if (open === 0 && line.startsWith("}")) t.print("over\r\n");
          }
        },
        "show clock": "*10:11:12 UTC\r\n",
      },
    }),
    async run(stage) {
      await stage.connect("r");
      const tcl = await stage.sh("r", "tclsh");
      stage.check("done", tcl.state === "done" && /mode=tclsh/.test(tcl.rest), tcl.text);
      gives(stage, await stage.sh("r", "puts hello"), ["hello"]);
      const job = await stage.sh("r", 'foreach one {a b} {\nputs "$one"\n}');
      done(stage, job, /over/);
      const left = await stage.sh("r", "foreach one {a b} {");
      asks(stage, left, /\+>\(tcl\)#/, /continuation/);
      done(stage, await stage.keys("r", "}<Enter>"), /over/);
      done(stage, await stage.sh("r", "tclquit\nshow clock"), /10:11:12/);
    },
  },
  {
    // oxidized 3398
    name: "ArubaOS: a blank stands before the prompt behind some commands, and marks behind the name",
    hosts: { a: { platform: "aruba_os" } },
    device: plain("(ArubaMC) [mynode] #", (t, line, show) => {
      if (line === "show version")
        t.print("Aruba Operating System Software.\r\nNOTE: a core file was found\r\n");
      show(line === "show version" ? " (ArubaMC) [mynode] #" : "(ArubaMC) *[mynode] #");
      if (line === "show switches") show("(ArubaMC) ^*[mynode] #");
      if (line === "show clock") t.print("Mon Jan  1 10:11:12 UTC 2024\r\n");
    }),
    async run(stage) {
      await stage.connect("a");
      const version = await stage.sh("a", "show version");
      gives(stage, version, ["Aruba Operating System Software.", "NOTE: a core file was found"]);
      gives(stage, await stage.sh("a", "show clock"), ["Mon Jan  1 10:11:12 UTC 2024"]);
      await stage.sh("a", "show switches");
      gives(stage, await stage.sh("a", "show clock"), ["Mon Jan  1 10:11:12 UTC 2024"]);
    },
  },
  {
    // ansible 36150
    name: "a switch that turns its wrapping on before each prompt, behind a row about who connected",
    hosts: { s: { platform: "generic_cli" } },
    device: plain(
      "\x1b[?7hSLX# ",
      (t, line) => {
        if (line === "show clock") t.print("2018-02-15 10:11:12 GMT\r\n");
        if (line === "show bad") t.print("\x1b[?7l--------^\r\nsyntax error: unknown argument.\r\n");
      },
      "Welcome to the Extreme SLX-OS Software\r\nadmin connected from 192.0.2.245 using ssh on SLX\r\n",
    ),
    async run(stage) {
      await stage.connect("s");
      gives(stage, await stage.sh("s", "show clock"), ["2018-02-15 10:11:12 GMT"]);
      const bad = await stage.sh("s", "show bad\nshow clock");
      stage.check("an error", bad.state === "done" && /error=syntax/.test(bad.rest), bad.text);
      stage.check("stopped", stage.term("s").lines.filter((line) => line === "show clock").length === 1);
    },
  },
  {
    // netmiko 2041
    name: "StarOS: the context stands in brackets before the name",
    hosts: { s: { platform: "generic_cli", ...EN } },
    device: plain("[local]asr5500# ", (t, line, show) => {
      if (line === "context gn") show("[gn]asr5500# ");
      if (line === "config") show("[gn]asr5500(config)# ");
      if (line === "context gi") show("[gi]asr5500(config-ctx)# ");
      if (line === "end") show("[local]asr5500# ");
      if (line === "show clock") t.print("Monday January 01 10:11:12 UTC 2024\r\n");
    }),
    async run(stage) {
      await stage.connect("s");
      const job = await stage.sh("s", "context gn\nshow clock\nconfig\ncontext gi\nend");
      done(stage, job, /10:11:12/);
      gives(stage, await stage.sh("s", "show clock"), ["Monday January 01 10:11:12 UTC 2024"]);
      read(stage, "s", ["context gn", "show clock", "config", "context gi", "end", "show clock"], LENGTHS);
    },
  },
  {
    // netmiko 921
    name: "OmniSwitch: the prompt is an arrow, and leaving asks",
    hosts: { o: { platform: "alcatel_aos" } },
    device: plain(
      "-> ",
      async (t, line, show) => {
        if (line === "show system")
          t.print("System:\r\n  Description:  Alcatel-Lucent OS6450-P24\r\n  Name:         vxTarget,\r\n");
        if (line === "session prompt default sw1") show("sw1-> ");
        if (line !== "exit") return;
        t.print("Changes in the running configuration have been made but not saved!\r\n");
        const answer = await t.line({ prompt: "Confirm exit (Y/N)? " });
        if (/^y/i.test(answer ?? "")) t.exit();
      },
      "\r\nWelcome to the Alcatel-Lucent Enterprise OmniSwitch 6450\r\nSoftware Version 6.7.2.107.R03 GA, December 05, 2017.\r\n\r\nCopyright(c), ALE USA Inc., 2017. All Rights reserved.\r\n\r\n",
    ),
    async run(stage) {
      await stage.connect("o");
      done(stage, await stage.sh("o", "show system"), /vxTarget/);
      const named = await stage.sh("o", "session prompt default sw1");
      stage.check("done", named.state === "done", named.text);
      done(stage, await stage.sh("o", "show system"), /vxTarget/);
      asks(stage, await stage.sh("o", "exit"), /Confirm exit/, /yesno.*answer=line/);
      const stays = await stage.keys("o", "n<Enter>");
      stage.check("stays", stays.state === "done", stays.text);
      done(stage, await stage.sh("o", "show system"), /vxTarget/);
    },
  },
  {
    // netmiko 573, 19
    name: "BIG-IP: from its shell to tmsh and back, a long prompt with states that change",
    hosts: { f: { platform: "f5_tmsh", ...EN } },
    device: plain("[root@f5-1a:Active:In Sync] config # ", (t, line, show) => {
      const tmsh = (sync: string, state: string) =>
        show(`root@(f5-1a)(cfg-sync ${sync})(${state})(/Common)(tmos)# `);
      if (line === "tmsh") tmsh("In Sync", "Active");
      if (line.startsWith("create ltm node")) tmsh("Changes Pending", "Active");
      if (line === "run sys failover standby") tmsh("Changes Pending", "Standby");
      if (line === "show sys clock") t.print("Sys::Clock\r\nMon Jan 1 10:11:12 UTC 2024\r\n");
      if (line === "quit") show("[root@f5-1a:Standby:Changes Pending] config # ");
      if (line === "hostname") t.print("f5-1a.example.net\r\n");
    }),
    async run(stage) {
      await stage.connect("f");
      gives(stage, await stage.sh("f", "hostname"), ["f5-1a.example.net"]);
      const into = await stage.sh("f", "tmsh");
      stage.check("in tmsh", into.state === "done" && /mode=exec/.test(into.rest), into.text);
      const job = await stage.sh(
        "f",
        "create ltm node server1 address 192.0.2.10\nrun sys failover standby\nshow sys clock",
      );
      done(stage, job, /10:11:12/);
      const back = await stage.sh("f", "quit");
      stage.check("back", back.state === "done" && /mode=shell/.test(back.rest), back.text);
      gives(stage, await stage.sh("f", "hostname"), ["f5-1a.example.net"]);
    },
  },
  {
    // netmiko 2506, 3742
    name: "Gaia: the login lands in the expert shell, clish echoes a line twice, and its output begins with #",
    hosts: { g: { platform: "checkpoint_gaia", ...EN } },
    device: async (t) => {
      const PREFIX = "\r\x1b[K";
      for (;;) {
        const line = await t.line({ prompt: "[Expert@CHKP0011:0]# " });
        if (line === "uname") t.print("Linux\r\n");
        while (line === "clish") {
          const inner = await t.line({ prompt: "CHKP0011> " });
          t.print(`\x1b[A${PREFIX}CHKP0011> ${inner}\r\n`);
          if (inner === "exit") break;
          if (inner === "show configuration hostname")
            t.print("#\r\n# Configuration of CHKP0011\r\n#\r\nset hostname CHKP0011\r\n");
        }
      }
    },
    async run(stage) {
      await stage.connect("g");
      gives(stage, await stage.sh("g", "uname"), ["Linux"]);
      const into = await stage.sh("g", "clish");
      stage.check("clish", into.state === "done" && /mode=exec/.test(into.rest), into.text);
      const shown = await stage.sh("g", "show configuration hostname");
      gives(stage, shown, ["#", "# Configuration of CHKP0011", "#", "set hostname CHKP0011"]);
      const back = await stage.sh("g", "exit");
      stage.check("back", back.state === "done" && /mode=shell/.test(back.rest), back.text);
      gives(stage, await stage.sh("g", "uname"), ["Linux"]);
      noSecret(stage, "g");
    },
  },
  {
    // nornir_netmiko 71
    name: "VRP 8: a new name is shown behind the commit alone",
    hosts: { h: { platform: "huawei_vrp" } },
    ident: "HUAWEI-1.5",
    device: plain("<Huawei>", (t, line, show) => {
      if (line === "system-view") t.print("Enter system view, return user view with return command.\r\n");
      if (line === "system-view") show("[~Huawei]");
      if (line.startsWith("sysname")) show("[*Huawei]");
      if (line === "snmp-agent sys-info version all") t.print("Warning: SNMPv1/SNMPv2c is not secure.\r\n");
      if (line === "commit") show("[~leaf-7]");
      if (line === "return") show("<leaf-7>");
      if (line === "display clock") t.print("2024-01-01 10:11:12\r\n");
    }),
    async run(stage) {
      await stage.connect("h");
      const job = await stage.sh(
        "h",
        "sysname leaf-7\nsnmp-agent sys-info version all\ncommit\nreturn\ndisplay clock",
        { mode: "config" },
      );
      done(stage, job, /2024-01-01 10:11:12/);
      stage.check("warns", /warning=/.test(job.rest) && !/error=/.test(job.rest), job.rest);
      gives(stage, await stage.sh("h", "display clock"), ["2024-01-01 10:11:12"]);
    },
  },
  {
    // netmiko 3680
    name: "Ruijie: a session to an access point asks for no secret of ours",
    hosts: { r: { platform: "ruijie_rgos", ...EN } },
    device: plain("ruijie>", async (t, line, show) => {
      if (line === "enable") {
        const secret = await t.line({ prompt: "\r\nPassword:", echo: false });
        t.print("\r\n");
        if (secret === "en-secret") show("ruijie#");
      }
      if (line === "session 1") {
        t.print("Trying tipc...\r\n\r\n");
        show("ruijie_2F1>");
      }
      if (line === "show clock") t.print("10:11:12 UTC Mon, Jan 1, 2024\r\n");
    }),
    async run(stage) {
      await stage.connect("r");
      done(stage, await stage.sh("r", "show clock", { mode: "enable" }), /10:11:12/);
      const there = await stage.sh("r", "session 1");
      stage.check("there", there.state === "done", there.text);
      const asked = await stage.sh("r", "show clock", { mode: "enable" });
      asks(stage, asked, /Password/, /password/);
      const secrets = stage.term("r").got.split("en-secret").length - 1;
      stage.check("one secret", secrets === 1, stage.term("r").got);
    },
  },
  {
    // netmiko 2833
    name: "FortiOS: global and virtual domains are in the prompt, and say which they are",
    hosts: { f: { platform: "fortinet_fortios" } },
    device: plain("FGT-1 # ", async (t, line, show) => {
      if (line === "config global") show("FGT-1 (global) # ");
      if (line === "config vdom") show("FGT-1 (vdom) # ");
      if (line === "edit root") {
        t.print("current vf=root:0\r\n");
        show("FGT-1 (root) # ");
      }
      if (line === "end") show("FGT-1 # ");
      if (line === "get system status")
        await t.page(
          rows(40, (index) => `field ${index}: value # ${index}`),
          { size: 20, more: "--More-- ", erase: "\r         \r" },
        );
    }),
    async run(stage) {
      await stage.connect("f");
      const status = await stage.sh("f", "config global\nget system status\nend");
      done(stage, status, /field 40: value # 40/);
      const vdom = await stage.sh("f", "config vdom\nedit root");
      done(stage, vdom, /current vf=root:0/);
      const all = await stage.sh("f", "get system status");
      stage.check("40 rows", all.state === "done" && /40 lines/.test(all.rest), all.text);
      const end = await stage.sh("f", "end");
      stage.check("done", end.state === "done" && /mode=exec/.test(end.rest), end.text);
    },
  },
  {
    // netmiko 1091
    name: "NetIron: a console of a line card is another device for the enable secret",
    hosts: { m: { platform: "ruckus_fastiron", ...EN } },
    device: plain("SSH@MLX1#", async (t, line, show) => {
      if (line === "rconsole 1") {
        t.print(
          "Remote connection to LP slot 1 established\r\nPress CTRL-X or type 'exit' to disconnect it\r\n\r\n",
        );
        show("LP-1>");
      }
      if (line === "enable") await t.line({ prompt: "Password:", echo: false });
      if (line === "show version") t.print("one version\r\n");
      if (line === "exit") {
        t.print("Connection to LP slot 1 closed\r\n");
        show("SSH@MLX1#");
      }
    }),
    async run(stage) {
      await stage.connect("m");
      const there = await stage.sh("m", "rconsole 1");
      done(stage, there, /established/);
      gives(stage, await stage.sh("m", "show version"), ["one version"]);
      const asked = await stage.sh("m", "show version", { mode: "enable" });
      asks(stage, asked, /Password/, /password/);
      noSecret(stage, "m");
      await stage.keys("m", "x<Enter>");
      const back = await stage.sh("m", "exit");
      stage.check("back", back.state === "done", back.text);
      gives(stage, await stage.sh("m", "show version"), ["one version"]);
    },
  },
];
