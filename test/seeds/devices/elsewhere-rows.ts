import { body } from "./ios.ts";
import { plain } from "./plain.ts";
import type { Dialogue } from "./stage.ts";

const G = { g: { platform: "generic_cli" } } as const;

/** Refusals in words that no list of a known platform has. */
const REFUSALS = [
  "            ^\r\nsomething is wrong here",
  "*Incomplete command",
  "[Command Not Found]",
  "System is busy, please try after a while",
  '% " bad line "  Unknown command.',
  "ERR: bad value",
  "operation failed",
  "E101: Command Not Found",
  "Error 12: no such port",
  "-sh: bad: not found",
  '200 code=00200001 msg="unknown command"',
  "Executed command unsuccessfully",
];

/** First prompts that no shape proves. */
const FIRST = [
  "< ",
  "-> ",
  "*",
  "admin:",
  "holding@dcm:",
  "racadm>>",
  "sw1> (enable) ",
  "[Router] ",
  "ready",
];

/** Questions of a login whose marks prompts have, too. */
const LOGINS = ["User Name>", "User> ", "Account# ", "Login>", "User ID % "];

/** A platform, its prompt, and a row of its own that pushes the prompt up. */
const OWN = [
  ["generic_cli", "box1# ", "12-Jan-2024 10:11:12 %LINK-W-Down:  gi1/0/5"],
  ["cisco_s300", "sw1#", "12-Jan-2024 10:11:12 %LINK-W-Down:  gi1/0/5"],
  ["eltex_mes", "sw1#", "12-Jan-2024 10:11:12 %LINK-W-Down:  gi1/0/5"],
  ["generic_cli", "box1# ", "[*01/11/2019 16:37:04.0599] chpasswd: password for user changed"],
  [
    "extreme_voss",
    "VSP-1:1#",
    "CP1  [01/12/24 10:11:12.123:UTC] 0x00004595 00000000 GlobalRouter SNMP INFO Link Up",
  ],
  ["ruckus_fastiron", "SSH@icx#", "Jan 12 10:11:12:I:System: Interface ethernet 1/1/5, state up"],
  ["generic_cli", "box1# ", "[ 1234.567890] eth0: link down"],
] as const;

export const ELSEWHERE_ROWS: readonly Dialogue[] = [
  {
    name: "a platform that nobody knows refuses a line of a job in words of its own: the job stops there",
    hosts: G,
    device: plain("box1# ", (t, line) => {
      const at = /^bad (\d+)/.exec(line)?.[1];
      t.print(at === undefined ? `OK ${line}\r\n` : `${REFUSALS[Number(at)]}\r\n`);
    }),
    async run(stage) {
      await stage.connect("g");
      for (const [at, refusal] of REFUSALS.entries()) {
        const job = await stage.sh("g", `good line\nbad ${at}\nthird ${at}`);
        stage.check(refusal, /(?:error|warning)=/.test(job.rest), job.text);
        stage.check(`stops at ${refusal}`, !stage.term("g").lines.includes(`third ${at}`), job.text);
      }
    },
  },
  ...FIRST.map(
    (prompt): Dialogue => ({
      name: `a first row that may be a prompt is offered as one: ${prompt}`,
      hosts: G,
      device: plain(prompt, (t, line) => t.print(`OK ${line}\r\n`)),
      async run(stage) {
        const first = await stage.connect("g");
        stage.check("offered", first.state !== "ready" && /here: "prompt"/.test(first.text), first.text);
        const here = await stage.sh("g", "show one", { here: "prompt" });
        stage.check("taken", here.state === "done" && body(here).endsWith("OK show one"), here.text);
        const next = await stage.sh("g", "show two");
        stage.check("next", next.state === "done" && body(next) === "OK show two", next.text);
      },
    }),
  ),
  ...LOGINS.map(
    (asked): Dialogue => ({
      name: `a login that asks for a name before a prompt's mark gets no command for one: ${asked}`,
      hosts: G,
      async device(t) {
        t.print("Welcome\r\n\r\n");
        await t.line({ prompt: asked });
        await t.line({ prompt: "Password:", echo: false });
        for (;;) if (await t.line({ prompt: "sw7# " })) t.print("OK\r\n");
      },
      async run(stage) {
        const first = await stage.connect("g");
        stage.check("not ready", first.state !== "ready", first.text);
        await stage.sh("g", "show secrets");
        stage.check("nothing typed", stage.term("g").got === "", stage.term("g").got);
        await stage.keys("g", "noc<Enter>");
        const inside = await stage.keys("g", "its-word<Enter>");
        stage.check("logged in", inside.state === "ready", inside.text);
        const shown = await stage.sh("g", "show x");
        stage.check("works", shown.state === "done" && body(shown) === "OK", shown.text);
      },
    }),
  ),
  ...OWN.map(
    ([platform, prompt, row]): Dialogue => ({
      name: `${platform}: a prompt is found above a row of the device's own: ${row}`,
      hosts: { g: { platform } },
      device: plain(prompt, (t, line) => {
        t.print(`OK ${line}\r\n`);
        if (line === "show one") t.later(700, () => t.print(`\r\n${row}\r\n`));
      }),
      async run(stage) {
        await stage.connect("g");
        await stage.sh("g", "show zero");
        const one = await stage.sh("g", "show one");
        stage.check("one", one.state === "done" && body(one) === "OK show one", one.text);
        await stage.pass(3000);
        const two = await stage.sh("g", "show two");
        stage.check("two", two.state === "done" && body(two) === "OK show two", two.text);
      },
    }),
  ),
];
