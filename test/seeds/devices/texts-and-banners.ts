import { body, ios } from "./ios.ts";
import type { Dialogue } from "./stage.ts";

export const TEXTS_AND_BANNERS: readonly Dialogue[] = [
  {
    name: "a script in braces over several lines: RouterOS shows {... as prompt until the brace closes",
    hosts: { m: { platform: "mikrotik_routeros" } },
    ident: "ROSSSH",
    device: async (t) => {
      t.print("\r\n  MikroTik RouterOS 7.11 (c) 1999-2023\r\n\r\n");
      let depth = 0,
        prog = [];
      for (;;) {
        const l = await t.line({ prompt: depth > 0 ? "\r{... " : "\r[noc@R1] > " });
        if (l === undefined) {
          depth = 0;
          prog = [];
          continue;
        }
        prog.push(l);
        depth += (l.match(/{/g) ?? []).length - (l.match(/}/g) ?? []).length;
        if (depth <= 0) {
          depth = 0;
          const p = prog.join("\n");
          prog = [];
          if (/foreach/.test(p)) t.print("1\r\n2\r\n");
          else if (p.trim()) t.print("OK\r\n");
        }
      }
    },
    run: async (stage) => {
      await stage.connect("m");
      const r = await stage.sh("m", ":foreach i in=(1,2) do={\n:put $i\n}");
      stage.check("script runs", r.state === "done" && /^1\n2$/m.test(body(r).trim()), r.text);
      if (r.state !== "done") {
        const k = await stage.keys("m", ":put $i<Enter>}<Enter>");
        stage.check("can be finished by keys", k.state === "done", k.text);
      }
      const q = await stage.sh("m", ":put x");
      stage.check("next command runs", q.state === "done", q.text);
    },
  },
  {
    name: "an open quote: FortiOS shows > as prompt of the continuation",
    hosts: { f: { platform: "fortinet_fortios" } },
    ident: "x",
    device: async (t) => {
      let q = false,
        m = "";
      for (;;) {
        const l = await t.line({ prompt: q ? "> " : `FGT ${m}# ` });
        if (l === undefined) {
          q = false;
          continue;
        }
        if ((l.match(/"/g) ?? []).length % 2) q = !q;
        if (q) continue;
        if (/^config/.test(l)) m = "(replacemsg) ";
        if (l === "end") m = "";
        t.print(l ? "\r\n" : "");
      }
    },
    run: async (stage) => {
      await stage.connect("f");
      const r = await stage.sh("f", 'config system replacemsg\nset buffer "line one\nline two"\nend');
      stage.check(
        "all four lines typed, or the continuation told",
        (r.state === "done" && /all 4/.test(r.text)) || /continuation/.test(r.text),
        r.text,
      );
    },
  },
  {
    name: 'load set terminal: "[Type ^D at a new line to end input]", then no prompt until ^D',
    hosts: { j: { platform: "juniper_junos" } },
    ident: "OpenSSH_7.5",
    device: async (t) => {
      let c = false;
      for (;;) {
        const l = await t.line({ prompt: c ? "[edit]\r\nnoc@mx1# " : "noc@mx1> " });
        if (l === "configure") {
          c = true;
          t.print("Entering configuration mode\r\n\r\n");
        } else if (l === "load set terminal") {
          t.print("[Type ^D at a new line to end input]\r\n");
          for (;;) {
            const k = await t.key();
            if (k === "\x04") break;
            if (k === "\r") {
              t.print("\r\n");
            } else if (k >= " ") {
              t.print(k);
            }
          }
          t.print("load complete\r\n\r\n");
        } else if (l) t.print("\r\n");
      }
    },
    run: async (stage) => {
      await stage.connect("j");
      const r = await stage.sh("j", "load set terminal", { mode: "config" });
      stage.check("told that text is wanted, not just running", r.state === "asking", r.state + r.rest);
      const k = await stage.keys("j", "set system host-name x<Enter><C-d>");
      stage.check("finished by keys", k.state === "done" && /load complete/.test(k.text), k.text);
    },
  },
  {
    name: "any word of the typed command counts as the new hostname: `show logging host SW2`/`telnet SW2` whose output holds a row SW2# and goes on after 400 ms",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "more flash:SW2 SW2": async (t) => t.slow(["saved by SW2\r\nSW2#", 450, "show run\r\nEND-ROW\r\n"]),
        "more flash:x y": async (t) => t.slow(["saved by SW2\r\nSW2#", 450, "show run\r\nEND-ROW\r\n"]),
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      const a = await stage.sh("r", "more flash:x y");
      stage.check(
        "control: unknown host SW2# with 450 ms pause is no end",
        a.state === "done" && /END-ROW/.test(a.text),
        a.text,
      );
      const b = await stage.sh("r", "more flash:SW2 SW2");
      stage.check(
        "the same when SW2 is a word of the command",
        b.state === "done" && /END-ROW/.test(b.text),
        b.rest + body(b),
      );
    },
  },
  {
    name: "how long a pause behind a row like the own prompt makes a false done: 60, 120, 250 ms (cisco_ios settle_ms 100)",
    hosts: { r: { platform: "cisco_ios" } },
    device: ios({
      answers: {
        "more *": async (t, _s, cmd) => {
          const ms = Number(cmd.split(" ")[1]);
          await t.slow(["saved\r\nR1#", ms, "show run\r\nEND-ROW\r\n"]);
        },
      },
    }),
    run: async (stage) => {
      await stage.connect("r");
      for (const ms of [60, 120, 250]) {
        const a = await stage.sh("r", `more ${ms}`);
        stage.check(`${ms} ms`, a.state === "done" && /END-ROW/.test(a.text), body(a));
        await stage.pass(800);
      }
    },
  },
  {
    name: "auto: the banner --- JUNOS 20.4 and the prompt root@fw% : a csh on Junos, `cli` opens the CLI",
    hosts: { auto: { platform: "auto" } },
    ident: "OpenSSH_7.5",
    device: async (t) => {
      let c = false;
      t.print("--- JUNOS 20.4R3 Kernel 64-bit  JNPR-11.0\r\n");
      for (;;) {
        const l = await t.line({ prompt: c ? "root@fw> " : "root@fw% " });
        if (l === "cli") c = true;
        else if (l === "exit" && c) c = false;
        else if (l === "show version" && c) t.print("Junos: 20.4R3\r\n\r\n");
        else if (/^set cli/.test(l ?? "")) t.print("\r\n");
        else if (/stty/.test(l ?? "")) t.print("Unmatched '.\r\n");
        else if (l && !c) t.print(`${l.split(" ")[0]}: Command not found.\r\n`);
      }
    },
    run: async (stage) => {
      const c = await stage.connect("auto");
      stage.check("the banner decides for juniper_junos", /juniper_junos/.test(c.text), c.text.slice(-250));
      stage.check(
        "no shell set-up line typed",
        !stage.term("auto").lines.some((l) => /stty/.test(l)),
        stage.term("auto").lines[0]?.slice(0, 60),
      );
      await stage.sh("auto", "cli");
      const q = await stage.sh("auto", "show version");
      stage.check("a Junos command can be run and ends", q.state === "done" && /Junos/.test(q.text), q.text);
    },
  },
  {
    name: "status line: duration of #0 results is never negative",
    hosts: { h: { platform: "fortinet_fortios" } },
    ident: "x",
    device: async (t) => {
      t.print("(Press 'a' to accept):");
      while ((await t.key()) !== "a");
      t.print("\r\n");
      for (;;) {
        await t.line({ prompt: "FGT # " });
      }
    },
    run: async (stage) => {
      await stage.connect("h");
      const k = await stage.keys("h", "a");
      stage.check('no "-0.00s"', !/-0\.00s/.test(k.text), k.rest);
    },
  },
  {
    name: 'the whole prompt is "> "; NetScaler ends each output with " Done"',
    hosts: {
      auto: { platform: "auto" },
      gen: { platform: "generic_cli" },
      rx: { platform: "generic_cli", promptRegex: "^> ?$" },
    },
    ident: "OpenSSH_8.0",
    device: async (t) => {
      t.print(
        "\r\nCopyright 2004-2024, Cisco and/or its affiliates. All rights reserved. \r\nCisco Firepower Extensible Operating System (FX-OS) v2.14.1 (build 131)\r\nCisco Firepower 1010 Threat Defense v7.4.2 (build 172)\r\n\r\n",
      );
      for (;;) {
        const l = await t.line({ prompt: "> " });
        if (l === "show version")
          t.print(
            "----[ FPR-1010 ]----\r\nModel : Cisco Firepower 1010 Threat Defense (78) Version 7.4.2 (Build 172)\r\n\r\n",
          );
        else if (l === "show time") t.print("UTC - Thu Jul 10 09:21:45 2025\r\n");
        else if (l) t.print(`Syntax error: Illegal parameter\r\n`);
      }
    },
    run: async (stage) => {
      for (const h of ["rx", "auto", "gen"]) {
        const c = await stage.connect(h);
        stage.check(
          `${h}: ready at the prompt`,
          c.state === "ready",
          c.text.split("\n").slice(-3).join(" / "),
        );
        const q = await stage.sh(h, "show time");
        stage.check(
          `${h}: a command runs`,
          q.state === "done" && /09:21:45/.test(q.text),
          q.text.slice(0, 250),
        );
      }
    },
  },
];
