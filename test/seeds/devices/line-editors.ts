import { body, ios, rows } from "./ios.ts";
import { type Dialogue, EN } from "./stage.ts";

export const LINE_EDITORS: readonly Dialogue[] = [
  {
    name: "FastIron/ICX: prompt SSH@ICX>, `enable` asks User Name: and Password:; pager --More--, next page: Space, next line: Return key, quit: Control-c",
    hosts: { auto: { platform: "auto" }, ios: { platform: "cisco_ios", ...EN } },
    ident: "RomSShell_5.40",
    device: async (t) => {
      let m = ">";
      for (;;) {
        const l = await t.line({ prompt: `SSH@ICX7150-Core${m}` });
        if (l === undefined) continue;
        if (l === "enable") {
          const u = await t.line({ prompt: "User Name:" });
          const p = await t.line({ prompt: "Password:", echo: (_c) => "*" });
          if (u === "noc" && p === "en-secret") m = "#";
          else t.print("Error - Incorrect username or password.\r\n");
        } else if (l === "show run")
          await t.page(
            rows(60, (i) => `interface ethernet 1/1/${i}`),
            {
              size: 22,
              more: "--More--, next page: Space, next line: Return key, quit: Control-c",
              erase: `\r${" ".repeat(67)}\r`,
            },
          );
        else if (l === "show version")
          t.print(
            "  Copyright (c) Ruckus Networks, Inc. All rights reserved.\r\n    UNIT 1: compiled on Mar  2 2020 at 06:12:33 labeled as SPS08090d\r\n",
          );
        else if (l) t.print(`Invalid input -> ${l}\r\nType ? for a list\r\n`);
      }
    },
    run: async (stage) => {
      for (const h of ["auto", "ios"]) {
        await stage.connect(h);
        const p = h === "ios" ? undefined : await stage.sh(h, "show run");
        if (p)
          stage.check(
            `${h}: paged output whole`,
            p.state === "done" && /1\/1\/60/.test(p.text) && !/next page/.test(p.text),
            p.state + p.rest,
          );
        const e = await stage.sh(h, "foo");
        stage.check(`${h}: "Invalid input ->" is told as an error`, /error=/.test(e.rest), e.rest);
        if (h === "ios") {
          const r = await stage.sh(h, "foo", { mode: "enable" });
          stage.check(
            "ios: the user name question is told, secret not typed there",
            r.state === "asking" && !stage.term(h).lines.includes("en-secret"),
            r.text.slice(-300),
          );
          const k = await stage.keys(h, "noc<Enter>");
          stage.check(
            "ios: password question behind it",
            k.state === "asking" || k.state === "done",
            k.text.slice(-200),
          );
          if (k.state === "asking") {
            const w = await stage.keys(h, "en-secret<Enter>");
            stage.check(
              "ios: in enable, and the account is true",
              w.state === "done" && /mode=enable/.test(w.rest),
              w.text,
            );
            stage.check("secret masked in the audit log", !/en-secret/.test(stage.audit()));
          }
        }
      }
    },
  },
  {
    name: "RouterOS 7 wraps at 80 whatever the login suffix says and repaints the line; script in braces of more than 64 characters",
    hosts: { m: { platform: "mikrotik_routeros" } },
    ident: "ROSSSH",
    device: async (t) => {
      t.print(
        "\r\n\r\n  MikroTik RouterOS 7.11 (c) 1999-2023       https://www.mikrotik.com/\r\n\r\nPress F1 for help\r\n\r\n",
      );
      const P = "[noc@sw-gw1] > ";
      let s = "";
      t.print(`\r${P}`);
      const W = 80;
      const paint = () => {
        const all = P + s;
        const r = [];
        for (let i = 0; i < all.length; i += W - 1) r.push(all.slice(i, i + W - 1));
        t.print(
          r.length === 1
            ? `\r${all}\x1b[K`
            : `\r${r.length > 1 && s.length % (W - 1) ? "\x1b[A".repeat(0) : ""}${r.at(-1)}\x1b[K`,
        );
      };
      for (;;) {
        const c = await t.key();
        if (c === "\r") {
          t.print("\r\n");
          t.lines.push(s);
          if (/foreach/.test(s)) t.print("svc-ether1\r\nsvc-ether2\r\n");
          else if (s) t.print(`bad command name ${s.split(" ")[0]} (line 1 column 1)\r\n`);
          s = "";
          t.print(`\r\r\r\r${P}`);
          continue;
        }
        if (c === "\x15") {
          s = "";
          t.print(`\r${P}\x1b[K`);
          continue;
        }
        if (c < " ") continue;
        s += c;
        if ((P + s).length % (W - 1) === 1 && (P + s).length >= W) t.print("\r\n");
        paint();
      }
    },
    run: async (stage) => {
      await stage.connect("m");
      const c =
        '{:foreach i in=[/interface pppoe-server server find interface="ether1"] do={:put ([/interface pppoe-server server get $i service-name])}}';
      const r = await stage.sh("m", c);
      stage.check(
        "runs, output only",
        r.state === "done" && body(r).trim() === "svc-ether1\nsvc-ether2",
        r.text,
      );
      stage.check(
        "line whole, entered once",
        stage.term("m").lines.filter((l) => l === c).length === 1,
        JSON.stringify(stage.term("m").lines),
      );
      const e = await stage.sh("m", "foo");
      stage.check("bad command name", /error=syntax/.test(e.rest), e.rest);
    },
  },
  {
    name: "banner motd # … #: after the first line the device prompts for nothing until the delimiter comes",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "banner motd *": async (t, _s, cmd) => {
          const d = cmd.slice(12, 13);
          t.print(`Enter TEXT message.  End with the character '${d}'.\r\n`);
          for (;;) {
            const l = await t.line();
            if (l === undefined) return;
            if (l.includes(d)) return;
          }
        },
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "banner motd #\nAuthorized only\nR1# is watched\n#", { mode: "config" });
      stage.check(
        "the text goes in, or the wait says that text is wanted",
        r.state === "done" || r.state === "asking",
        r.state + r.rest,
      );
      stage.check(
        "nothing but the caller's lines was entered",
        ["Authorized only", "R1# is watched", "#"].every(
          (row) => stage.term("r").lines.filter((line) => line === row).length <= 1,
        ),
        JSON.stringify(stage.term("r").lines),
      );
      if (r.state !== "done") {
        const k = await stage.keys("r", "Authorized only<Enter>#<Enter>");
        stage.check("can be finished by keys", k.state === "done", k.text);
      }
    },
  },
  {
    name: "enable takes 9 s to ask, each command 6 s to answer, the echo of a line 12 s (console server)",
    hosts: { r: { platform: "cisco_ios", ...EN } },
    device: async (t) => {
      let m = ">";
      for (;;) {
        const l = await t.line({ prompt: `C2960${m}`, echo: true });
        if (l === undefined) continue;
        if (l === "enable") {
          await t.sleep(9000);
          const p = await t.line({ prompt: "Password: ", echo: false });
          await t.sleep(3000);
          if (p === "en-secret") m = "#";
        } else if (l === "show clock") {
          await t.sleep(6000);
          t.print("*10:11:12.345 UTC Mon Jan 1 2024\r\n");
        }
      }
    },
    run: async (stage) => {
      await stage.connect("r");
      const r = await stage.sh("r", "show clock", { mode: "enable" });
      stage.check(
        "done in enable",
        r.state === "done" && /mode=enable/.test(r.rest) && /10:11:12/.test(r.text),
        r.text,
      );
    },
  },
  {
    name: "Aruba 2530: every prompt and echo by ESC[232;1H … with scrolling by ESC[1M/ESC[1L on a screen the device believes to have 1000 rows",
    hosts: { p: { platform: "hp_procurve" } },
    ident: "Mocana SSH 6.3",
    device: async (t) => {
      const R = t.rows;
      let m = "";
      const put = (row: string) =>
        t.print(
          `\x1b[1;0H\x1b[1M\x1b[${R};1H\x1b[1L\x1b[${R};27H\x1b[${R};1H\x1b[2K\x1b[${R};1H\x1b[?25h\x1b[${R};1H${row}`,
        );
      const prompt = () => {
        const p = `SW002-HPT960902${m}# `;
        t.print(`\x1b[${R};1H\x1b[?25h\x1b[${R};1H\x1b[1;${R}r\x1b[${R};1H\x1b[1;${R}r\x1b[${R};1H`);
        t.print(
          `\x1b[${R};1H\x1b[2K\x1b[${R};1H\x1b[?25h\x1b[${R};1H\x1b[${R};1H${p}\x1b[${R};1H\x1b[${R};${p.length + 1}H\x1b[${R};1H\x1b[?25h\x1b[${R};${p.length + 1}H`,
        );
        return p.length;
      };
      let s = "",
        n = prompt();
      for (;;) {
        const c = await t.key();
        if (c === "\r") {
          t.lines.push(s);
          t.print(`\x1b[${R};${n + s.length + 1}H`);
          put("");
          if (s === "show vlans")
            for (const l of [
              " Status and Counters - VLAN Information",
              "",
              "  VLAN ID Name            Status",
              "  ------- --------------- ------------",
              "  1       DEFAULT_VLAN    Port-based",
              "  20      USERS#          Port-based",
            ]) {
              t.print(l);
              put("");
            }
          else if (/^conf/.test(s)) m = "(config)";
          else if (/^vlan/.test(s)) m = "(vlan-20)";
          else if (/^(end|exit)/.test(s)) m = "";
          else if (s && !/^(no page|terminal)/.test(s)) {
            t.print(`Invalid input: ${s}`);
            put("");
          }
          s = "";
          n = prompt();
          continue;
        }
        if (c === "\x15") {
          s = "";
          n = prompt();
          continue;
        }
        if (c < " ") continue;
        s += c;
        t.print(
          `\x1b[${R};${n + s.length}H${c}\x1b[${R};${n + s.length}H\x1b[?25h\x1b[${R};${n + s.length + 1}H`,
        );
      }
    },
    run: async (stage) => {
      await stage.connect("p");
      const r = await stage.sh("p", "show vlans");
      stage.check(
        "output exact",
        r.state === "done" &&
          /VLAN Information/.test(r.text) &&
          /20 {6}USERS#/.test(r.text) &&
          !/show vlans/.test(body(r)),
        r.text,
      );
      const v = await stage.sh("p", "vlan 20", { mode: "config" });
      stage.check("mode config", /mode=config/.test(v.rest), v.rest);
      const e = await stage.sh("p", "foo", { mode: "enable" });
      stage.check("error", /error=syntax/.test(e.rest), e.rest);
    },
  },
  {
    name: "Enterasys prompt C3(su)-> and pager --More--  <space> next page, <cr> one line, <q> quit",
    hosts: { auto: { platform: "auto" }, gen: { platform: "generic_cli" } },
    ident: "OpenSSH_4.1",
    device: async (t) => {
      t.print("\r\n\r\n  Enterasys C3G124-24\r\n\r\n");
      for (;;) {
        const l = await t.line({ prompt: "C3(su)->" });
        if (l === undefined) continue;
        if (l === "show config")
          await t.page(
            rows(60, (i) => `set port alias ge.1.${i} x`),
            {
              size: 22,
              more: "--More--  <space> next page, <cr> one line, <q> quit",
              erase: `\r${" ".repeat(52)}\r`,
            },
          );
        else if (l === "router") {
        } else if (l) t.print(`Error: Unknown token: '${l}'\r\n`);
      }
    },
    run: async (stage) => {
      for (const h of ["auto", "gen"]) {
        await stage.connect(h);
        const r = await stage.sh(h, "show config");
        stage.check(
          `${h}: pages answered, or told as a pager`,
          r.state === "done" || /asking pager/.test(r.text),
          r.state + r.rest,
        );
        stage.check(
          `${h}: whole output at one call`,
          r.state === "done" && /ge\.1\.60/.test(r.text),
          r.state,
        );
      }
    },
  },
  {
    name: 'Ruijie asks at login "Do you want to change the password(yes/no):" (not in brackets of its own row start)',
    hosts: { auto: { platform: "auto" }, ios: { platform: "cisco_ios" } },
    ident: "RGOS_SSH",
    device: async (t) => {
      t.print(
        "\r\nThe password must contain at least three of the following four types of characters: uppercase letters, lowercase letters, symbols and numbers.\r\n",
      );
      await t.line({ prompt: "Do you want to change the password(yes/no):" });
      t.print("\r\n");
      for (;;) {
        const l = await t.line({ prompt: "Ruijie#" });
        if (l === "show version") t.print("System description      : Ruijie 10G Routing Switch\r\n");
        else if (l === "show clock") t.print("10:11:12 UTC\r\n");
      }
    },
    run: async (stage) => {
      for (const h of ["auto", "ios"]) {
        const c = await stage.connect(h);
        stage.check(`${h}: asking`, /asking/.test(c.text) && stage.term(h).lines.length === 0, c.text);
        await stage.keys(h, "no<Enter>");
        const q = await stage.sh(h, "show clock");
        stage.check(`${h}: runs`, q.state === "done" && /10:11:12/.test(q.text), q.text);
      }
    },
  },
  {
    name: "Cisco APIC: zsh line editor marks (reverse %, blanks, CR) before and ESC[K ESC[?1h after the prompt apic1#",
    hosts: { auto: { platform: "auto" }, gen: { platform: "generic_cli" } },
    ident: "OpenSSH_7.4",
    device: async (t) => {
      t.print("Last login: 2021-05-25T17:47:02.000-06:00 UTC\r\n");
      const P = () =>
        t.print(
          "\x1b[1m\x1b[7m%\x1b[27m\x1b[1m\x1b[0m" +
            " ".repeat(t.cols - 1) +
            "\r \r\r\x1b[0m\x1b[27m\x1b[24m\x1b[Japic1# \x1b[K\x1b[?1h\x1b=",
        );
      P();
      for (;;) {
        const l = await t.line();
        if (l === undefined) {
          P();
          continue;
        }
        t.print("\x1b[?1l\x1b>");
        if (l === "show version")
          t.print(
            " Role        Pod         Node        Name                      Version\r\n ----------  ----------  ----------  ------------------------  --------------------\r\n controller  1           1           apic1                     4.2(7f)\r\n",
          );
        else if (l === "show clock") t.print("Time : 10:11:12\r\n");
        else if (l)
          t.print(`Error: Invalid argument '${l}'. Please check syntax in command reference guide.\r\n`);
        P();
      }
    },
    run: async (stage) => {
      for (const h of ["auto", "gen"]) {
        await stage.connect(h);
        const q = await stage.sh(h, "show clock");
        stage.check(`${h}: output exact`, q.state === "done" && body(q).trim() === "Time : 10:11:12", q.text);
        const e = await stage.sh(h, "foo");
        stage.check(`${h}: done`, e.state === "done", e.text);
      }
    },
  },
];
