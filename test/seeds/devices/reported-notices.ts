import { asks, done, gives, noSecret, plain, read } from "./plain.ts";
import { type Dialogue, EN } from "./stage.ts";

const ALARM = [
  "",
  "  ! RUNNING MAJOR 2025-01-17 00:00:00 ALARM NAME :",
  "  The distribute fiber is broken",
  "  --- END",
  "",
].join("\r\n");
const PREPARED = /^(?:terminal |screen-length|undo |scroll)/;

/** What devices say unasked, and names that change, by public reports. */
export const REPORTED_NOTICES: readonly Dialogue[] = [
  {
    // netmiko 3559
    name: "SmartAX: an alarm comes behind the prompt, which is printed again, and within an output",
    hosts: { o: { platform: "huawei_smartax" } },
    async device(t) {
      t.print("\r\n");
      for (;;) {
        const line = await t.line({ prompt: "OLT>" });
        if (line === "display time") {
          t.print("  2025-01-17 00:00:00\r\n");
          t.later(4000, () => t.print(`\r\n${ALARM}\r\nOLT>`));
        }
        if (line === "display board 0")
          await t.slow(["  row 1\r\n", 100, `${ALARM}\r\n`, 200, "  row 2\r\n"]);
      }
    },
    async run(stage) {
      await stage.connect("o");
      gives(stage, await stage.sh("o", "display time"), ["2025-01-17 00:00:00"]);
      await stage.pass(8000);
      const board = await stage.sh("o", "display board 0");
      done(stage, board, /row 1[\s\S]*fiber is broken[\s\S]*row 2/);
      stage.check("no end was revised", !/went on/.test(board.text), board.text);
      gives(stage, await stage.sh("o", "display time"), ["2025-01-17 00:00:00"]);
      await stage.pass(8000);
    },
  },
  {
    // netmiko 560
    name: "an access point without a profile takes a new name, which its prompt shows at once",
    hosts: { a: { platform: "generic_cli", ...EN } },
    device: plain("AH-2de300#", (t, line, show) => {
      if (line.startsWith("hostname ")) show(`${line.slice(9)}#`);
      if (line === "show version") t.print("HiveOS 6.5\r\n");
      if (line === "show neighbor") t.print("AP-7#\r\n");
    }),
    async run(stage) {
      await stage.connect("a");
      done(stage, await stage.sh("a", "hostname AP-LOBBY\nshow version"), /HiveOS/);
      gives(stage, await stage.sh("a", "show neighbor"), ["AP-7#"]);
      gives(stage, await stage.sh("a", "show version"), ["HiveOS 6.5"]);
      read(stage, "a", ["hostname AP-LOBBY", "show version", "show neighbor", "show version"], PREPARED);
    },
  },
  {
    // ansible 36150 in part; a session that is about to be closed
    name: "a warning asks for any key to stay, and takes the first one of the next line",
    hosts: { r: { platform: "cisco_ios" } },
    async device(t) {
      let warned = false;
      let once = false;
      t.print("\r\nR1#");
      for (let line = ""; ; ) {
        const key = await t.key();
        if (warned) {
          warned = false;
          t.print("\r\nR1#");
        } else if (key === "\r") {
          t.print("\r\n");
          t.lines.push(line);
          if (line === "show clock") t.print("10:11:12\r\n");
          if (line === "show clock" && !once)
            t.later(20_000, () => {
              warned = true;
              t.print("\r\nSession will be closed in 60 seconds. Press any key to stay\r\n");
            });
          once ||= line === "show clock";
          line = "";
          t.print("R1#");
        } else if (key === "\u0015") {
          t.print("\b \b".repeat(line.length));
          line = "";
        } else {
          line += key;
          t.print(key);
        }
      }
    },
    async run(stage) {
      await stage.connect("r");
      gives(stage, await stage.sh("r", "show clock"), ["10:11:12"]);
      await stage.pass(30_000);
      const eaten = await stage.sh("r", "show clock");
      // Half a line is not entered; where all of it was taken, it ran.
      if (eaten.state === "asking") asks(stage, eaten, /Enter was NOT pressed/, /line/);
      else stage.check("refused or ran", /10:11:12|not_ready/.test(eaten.text), eaten.text);
      if (eaten.state !== "done") await stage.keys("r", eaten.state === "asking" ? "<C-u>" : "<Enter>");
      gives(stage, await stage.sh("r", "show clock"), ["10:11:12"]);
      const odd = stage.term("r").lines.filter((line) => !/^(?:show clock|terminal .*)$/.test(line));
      stage.check("no half line", odd.length === 0, JSON.stringify(odd));
    },
  },
  {
    // exscript 191 in part; a notice in words that nobody listed
    name: "Comware: a notice of two rows pushes the prompt up, which is not printed again",
    hosts: { c: { platform: "hp_comware" } },
    ident: "Comware-7.1.070",
    device: plain("<HPE>", (t, line) => {
      if (line !== "display clock") return;
      t.print("10:11:12 UTC Mon 01/01/2024\r\n");
      t.later(5000, () => t.print("\r\nThe licence of feature X expires in 5 days.\r\nPlease renew it.\r\n"));
    }),
    async run(stage) {
      await stage.connect("c");
      gives(stage, await stage.sh("c", "display clock"), ["10:11:12 UTC Mon 01/01/2024"]);
      await stage.pass(20_000);
      const next = await stage.sh("c", "display clock");
      stage.check("refused, and nothing typed", /not_ready/.test(next.text), next.text);
      stage.check("says how", /ssh_send <Enter>/.test(next.text), next.text);
      const back = await stage.keys("c", "<Enter>");
      stage.check("back", back.state === "done", back.text);
      gives(stage, await stage.sh("c", "display clock"), ["10:11:12 UTC Mon 01/01/2024"]);
    },
  },
  {
    // oxidized 1003
    name: "UniFi: the command line is behind telnet to itself, from a prompt that the profile does not know",
    hosts: { u: { platform: "ubiquiti_edgeswitch", ...EN } },
    device: plain("US.v4.3# ", async (t, line, show) => {
      if (line === "telnet localhost") {
        t.print(
          "\r\nEntering character mode\r\nEscape character is '^]'.\r\n\r\nWarning!\r\nThe changes may break controller settings.\r\n\r\n",
        );
        show("(UBNT) >");
      }
      if (line === "enable") await t.line({ prompt: "Password:", echo: false });
      if (line === "show arp") t.print("one row\r\n");
    }),
    async run(stage) {
      const told = await stage.connect("u");
      stage.check("the row is offered", /US\.v4\.3#/.test(told.text) && /here/.test(told.text), told.text);
      stage.check("nothing was typed", stage.term("u").got === "", stage.term("u").got);
      const there = await stage.sh("u", "telnet localhost", { here: "prompt" });
      done(stage, there, /Entering character mode/);
      gives(stage, await stage.sh("u", "show arp"), ["one row"]);
      asks(stage, await stage.sh("u", "show arp", { mode: "enable" }), /Password/, /password/);
      noSecret(stage, "u");
    },
  },
  {
    // netmiko 315 in part
    name: "IOS console: it goes back to its login while nobody types, and nothing is typed there",
    hosts: { r: { platform: "cisco_ios", ...EN } },
    async device(t) {
      let out = false;
      let once = false;
      t.print("\r\nR1>");
      for (let line = ""; ; ) {
        const key = await t.key();
        if (out) {
          if (key !== "\r") continue;
          t.print("\r\n\r\nUser Access Verification\r\n\r\n");
          await t.line({ prompt: "Username: " });
          await t.line({ prompt: "Password: ", echo: false });
          out = false;
          t.print("R1>");
        } else if (key === "\r") {
          t.print("\r\n");
          t.lines.push(line);
          if (line === "show clock") t.print("10:11:12\r\n");
          if (line === "show clock" && !once)
            t.later(30_000, () => {
              out = true;
              t.print(
                "\r\n\r\n\r\nR1 con0 is now available\r\n\r\n\r\nPress RETURN to get started.\r\n\r\n\r\n",
              );
            });
          once ||= line === "show clock";
          line = "";
          t.print("R1>");
        } else if (key === "\u0015") {
          line = "";
          t.print("\r\x1b[KR1>");
        } else {
          line += key;
          t.print(key);
        }
      }
    },
    async run(stage) {
      await stage.connect("r");
      gives(stage, await stage.sh("r", "show clock"), ["10:11:12"]);
      await stage.pass(60_000);
      const before = stage.term("r").got;
      const refused = await stage.sh("r", "show clock");
      stage.check("refused", refused.state === undefined && /not_ready/.test(refused.text), refused.text);
      stage.check("typed nothing", stage.term("r").got === before, stage.term("r").got);
      asks(stage, await stage.keys("r", "<Enter>"), /Username/, /./);
      const again = await stage.sh("r", "show clock", { mode: "enable" });
      stage.check("refused again", again.state === undefined, again.text);
      noSecret(stage, "r");
    },
  },
];
