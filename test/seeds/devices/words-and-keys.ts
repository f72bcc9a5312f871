import { asks, done, gives, plain, read } from "./plain.ts";
import type { Dialogue } from "./stage.ts";

const G = { g: { platform: "generic_cli" } } as const;
const ROWS = Array.from({ length: 30 }, (_, at) => `port ${at + 1} up`);

/** Questions and pagers of which the row itself says what is to be pressed or typed. */
export const WORDS_AND_KEYS: readonly Dialogue[] = [
  {
    name: "a word that is typed to confirm is a line, and goes with its Enter",
    hosts: G,
    device: plain("core1# ", async (t, line) => {
      if (line !== "erase all") return void t.print(`did ${line}\r\n`);
      t.print("All settings are lost.\r\n");
      const word = await t.line({ prompt: "Type YES to confirm: " });
      t.print(word === "YES" ? "Erased.\r\n" : "Nothing was done.\r\n");
    }),
    async run(stage) {
      await stage.connect("g");
      asks(stage, await stage.sh("g", "erase all"), /Type YES/, /confirm.*answer=line/);
      done(stage, await stage.keys("g", "YES<Enter>"), /Erased/);
      gives(stage, await stage.sh("g", "show x"), ["did show x"]);
      read(stage, "g", ["erase all", "YES", "show x"], /^$/);
    },
  },
  {
    name: "a pager that goes on with Enter gets that key and no blank",
    hosts: G,
    device: plain("core1# ", async (t, line) => {
      if (line !== "show ports") return void t.print(`did ${line}\r\n`);
      for (const [at, row] of ROWS.entries()) {
        t.print(`${row}\r\n`);
        if ((at + 1) % 10 === 0 && at + 1 < ROWS.length)
          await t.line({ prompt: "Hit <return> for more, or q <return> to quit: " });
      }
    }),
    async run(stage) {
      await stage.connect("g");
      const all = await stage.sh("g", "show ports");
      done(stage, all, /port 1 up[\s\S]*port 30 up/);
      stage.check("no blank was typed", !stage.term("g").got.includes(" \r"), stage.term("g").got);
      gives(stage, await stage.sh("g", "show x"), ["did show x"]);
      read(stage, "g", ["show ports", "show x"], /^$/);
    },
  },
  {
    name: "a pager between single marks",
    hosts: G,
    device: plain("core1# ", async (t, line) => {
      if (line === "show ports") await t.page(ROWS, { more: "-More-" });
    }),
    async run(stage) {
      await stage.connect("g");
      gives(stage, await stage.sh("g", "show ports"), ROWS);
    },
  },
  {
    name: "a one-time code and a word in another language are secrets, and stand nowhere",
    hosts: G,
    device: plain("core1# ", async (t, line) => {
      if (line !== "elevate") return void t.print(`did ${line}\r\n`);
      await t.line({ prompt: "OTP: ", echo: false });
      await t.line({ prompt: "Mot de passe : ", echo: false });
    }),
    async run(stage) {
      await stage.connect("g");
      asks(stage, await stage.sh("g", "elevate"), /OTP/, /password/);
      asks(stage, await stage.keys("g", "918273<Enter>"), /Mot de passe/, /password/);
      const end = await stage.keys("g", "grand-secret<Enter>");
      stage.check("done", end.state === "done", end.text);
      stage.check("not in the audit", !/918273|grand-secret/.test(stage.audit()), stage.audit());
    },
  },
];
