import { describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/devices/catalog.ts";
import type { Detect } from "../../../src/shell/cli/prepare.ts";
import { bench, type OnLine } from "./fake-device.ts";

const catalog = openCatalog();

const DONE = { state: "done", evidence: "prompt" };
const INVALID = "        ^\n% Invalid input detected at '^' marker.\n";

/** A small switch. */
const switchLike: OnLine = (line, device) => {
  const host = device.prompt.replace(/[(>#].*/, "");
  if (line === "enable") {
    device.print("\r\nPassword: ");
    device.echo = false;
    let secret = "";
    device.onKey = (key) => {
      if (key !== "\r") {
        secret += key;
        return;
      }
      device.onKey = undefined;
      device.echo = true;
      if (secret === "enable-secret") device.prompt = `${host}#`;
      device.answer(secret === "enable-secret" ? "" : "% Access denied\n");
    };
  } else if (line === "configure terminal") {
    device.prompt = `${host}(config)#`;
    device.answer("Enter configuration commands, one per line.  End with CNTL/Z.");
  } else if (line === "end") {
    device.prompt = `${host}#`;
    device.answer("");
  } else if (line === "disable") {
    device.prompt = `${host}>`;
    device.answer("");
  } else if (line.startsWith("hostname ")) {
    device.prompt = device.prompt.replace(host, line.slice(9));
    device.answer("");
  } else if (line.startsWith("show ")) device.answer(`output of ${line.slice(5)}`);
  else if (line === "reload") {
    device.print("\r\nProceed with reload? [confirm]");
    device.onKey = (key) => {
      device.onKey = undefined;
      device.answer(key === "n" ? "" : "going down");
    };
  } else if (line === "" || line.startsWith("set ")) device.answer("");
  else device.answer(INVALID);
};

/** The same, with Ctrl-C at its password question. */
const interruptible: OnLine = (line, device) => {
  switchLike(line, device);
  const { onKey } = device;
  if (line !== "enable" || !onKey) return;
  device.onKey = (key) => {
    if (key !== "\u0003") return onKey(key);
    device.onKey = undefined;
    device.echo = true;
    device.answer("");
  };
};

const yesno = {
  profile: { questions: [{ match: "\\[yes/no\\]:\\s*$", kind: "yesno", submit: "line", risk: "high" }] },
};

describe("a command on a network CLI", () => {
  it("ends when the prompt is on the screen and has settled, the settle time being the only wait", async () => {
    const session = await bench(switchLike);
    expect(await session.open()).toEqual(DONE);
    const ran = await session.run("show clock");
    expect(ran).toMatchObject({ state: DONE, lines: ["output of clock"], mode: "exec", host: "sw1" });
    expect(ran.tookMs).toBeLessThanOrEqual(100 + 15);
    expect(ran.tookMs).toBeGreaterThanOrEqual(100);
  });

  it("does not end at a prompt that the device prints before the output, however late that comes", async () => {
    const session = await bench(
      (line, device) => {
        device.print(`\r\n${device.prompt}`);
        device.print(`\r\u001b[K${line === "show all" ? "late\r\nrows\r\n" : ""}${device.prompt}`, 4000);
      },
      { profile: { early_prompt: true } },
    );
    await session.open();
    expect(await session.run("show all")).toMatchObject({ state: DONE, lines: ["late", "rows"] });
    const empty = await session.run("echo off");
    expect(empty).toMatchObject({ state: DONE, lines: [] });
    expect(empty.tookMs).toBeGreaterThanOrEqual(4000);
  });

  it("is entered only once its echo is on the screen", async () => {
    const session = await bench(switchLike);
    await session.open();
    session.device.delayMs = 400;
    await session.run("show clock");
    expect(session.device.writes).toEqual(["show clock", "\r"]);
    expect(session.device.entered).toEqual(["show clock"]);
  });

  it("is not entered when the device never echoes, and the result reports it", async () => {
    const session = await bench(switchLike);
    await session.open();
    session.device.echo = false;
    const ran = await session.run("reload");
    expect(ran.state).toMatchObject({ state: "asking", asked: "line" });
    expect(ran.notes.join()).toMatch(/Enter was NOT pressed/);
    expect(session.device.entered).toEqual([]);
    // The next command clears the unsent line first.
    session.device.echo = true;
    expect((await session.run("show clock")).state).toEqual(DONE);
    expect(session.device.entered).toEqual(["show clock"]);
  });

  it("that pauses for longer than the settle time is not over", async () => {
    const session = await bench((_line, device) => {
      device.print("\r\nfirst row\r\n");
      device.print(`second row\r\n${device.prompt}`, 3000);
    });
    await session.open();
    expect((await session.run("show slow")).lines).toEqual(["first row", "second row"]);
  });

  it("is not ended by a prompt of another host in its output, at the border of a chunk", async () => {
    const session = await bench((_line, device) => {
      device.print("\r\nother-switch#");
      device.print(`show version\r\nend of log\r\n${device.prompt}`, 700);
    });
    await session.open();
    expect((await session.run("show logging")).lines).toEqual(["other-switch#show version", "end of log"]);
  });

  it("is not ended by a prompt printed before the output", async () => {
    const session = await bench((_line, device) => {
      device.print(`\r\n${device.prompt}`);
      device.print("\r\u001b[Koutput\r\n", 60);
      device.print(device.prompt, 65);
    });
    await session.open();
    expect((await session.run("show")).lines).toEqual(["output"]);
  });

  it("names what the device calls an error, and invents no exit code", async () => {
    const session = await bench(switchLike);
    await session.open();
    const ran = await session.run("sho versoin");
    expect(ran).toMatchObject({ state: DONE, errors: ["syntax"] });
    expect(ran.lines.at(-1)).toBe("% Invalid input detected at '^' marker.");
  });

  it("has ended when log rows have pushed its prompt up, and they are separated from the output", async () => {
    const log = "*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down";
    const session = await bench((_line, device) => {
      device.print(`\r\noutput\r\n${device.prompt}`);
      device.print(`\r\n${log}\r\n`, 20);
    });
    await session.open();
    const ran = await session.run("show");
    expect(ran).toMatchObject({ state: DONE, lines: ["output"], asides: [log] });
  });

  it("has ended, and the next one runs, when a log row wider than the terminal has pushed its prompt up", async () => {
    const log = `*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console by ${"a-long-name ".repeat(9)}on vty0`;
    const session = await bench(switchLike);
    await session.open();
    session.device.print(`\r\n${log}\r\n`, 20);
    await session.clock.pass(3000);
    expect(await session.run("show clock")).toMatchObject({ state: DONE, lines: ["output of clock"] });
  });

  it("has a pager's row that comes in pieces answered once, though each piece is a pager's of its own", async () => {
    const onLine: OnLine = (line, device) => {
      if (line !== "show all") return device.answer(`out of ${line}`);
      device.print("\r\nrow 1\r\n --More-- ");
      device.print("(q = quit) ", 700);
      device.onKey = () => {
        device.onKey = undefined;
        device.print(`\r${" ".repeat(21)}\rrow 2\r\n${device.prompt}`, 1500);
      };
    };
    const pager = { key: " ", quit_key: "q", max: 5 };
    const pagers = ["^ --More-- ?$", "^ --More-- \\(q = quit\\) ?$"].map((match) => ({ ...pager, match }));
    const session = await bench(onLine, { profile: { pagers } });
    await session.open();
    expect(await session.run("show all")).toMatchObject({ state: DONE, lines: ["row 1", "row 2"] });
    expect(session.device.writes.filter((bytes) => bytes === " ")).toHaveLength(1);
    expect(await session.run("show x")).toMatchObject({ state: DONE, lines: ["out of show x"] });
  });

  it("has the log rows that came while it was typed told, and they are in no output", async () => {
    const log = "*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down";
    const session = await bench(switchLike);
    await session.open();
    session.device.delayMs = 50;
    session.device.print(`\r\n${log}\r\n`, 20);
    const ran = await session.run("show clock");
    expect(ran).toMatchObject({ state: DONE, lines: ["output of clock"], asides: [] });
    expect(ran.notes.join()).toMatch(/1 row came .*%LINK-3-UPDOWN.*ssh_read with cursor \d+/);
    expect(session.pty.sinks.log.strays.all(session.pty.sinks.transcript)).toMatchObject([{ rows: 1 }]);
  });

  it("ends in a storm of log rows, too", async () => {
    const session = await bench((_line, device) => {
      device.print(`\r\noutput\r\n${device.prompt}`);
      for (let ms = 10; ms < 5000; ms += 70)
        device.print(`\r\n*Mar  1 00:01:02.${ms}: %LINK-3-UPDOWN: Interface Gi0/1 is down\r\n`, ms);
    });
    await session.open();
    const ran = await session.run("show");
    expect(ran).toMatchObject({ state: DONE, lines: ["output"] });
    expect(ran.tookMs).toBeLessThan(1000);
  });

  it.each([237, 411, 711])(
    "is taken after a login into a storm of rows nobody knows, each %i ms, when the same prompt stands behind each",
    async (everyMs) => {
      const session = await bench(switchLike, {
        profile: catalog.profile("generic_cli"),
        prompt: "core-7# ",
      });
      for (let at = everyMs, n = 1; at < 60_000; at += everyMs, n++)
        session.device.print(`\r\u001b[K${n}d04h: module ${n % 7} went down\r\ncore-7# `, at);
      expect(await session.open()).toEqual(expect.objectContaining(DONE));
    },
  );

  it("is taken behind a prompt that no profile describes, in a storm of rows that nobody knows, too", async () => {
    const session = await bench(switchLike, {
      profile: { ...catalog.profile("generic_cli"), prompts: [{ mode: "exec", match: "^never$" }] },
      prompt: "core-7 [active]# ",
    });
    for (let at = 333, n = 1; at < 60_000; at += 333, n++)
      session.device.print(`\r\u001b[K${n}d04h: module ${n % 7} went down\r\ncore-7 [active]# `, at);
    expect(await session.open()).toEqual(expect.objectContaining(DONE));
  });

  it("has its output behind prompts that are painted early, however often, where the profile says that they may be", async () => {
    const session = await bench(
      (line, device) => {
        device.print(`\r\n${device.prompt}\r\u001b[K${device.prompt}`);
        device.print(`\r\u001b[K${line} lantern\r\n${device.prompt}`, 700);
      },
      { profile: { early_prompt: "sometimes" } },
    );
    await session.open();
    expect(await session.run("show")).toMatchObject({ state: DONE, lines: ["show lantern"] });
    expect(await session.run("list")).toMatchObject({ state: DONE, lines: ["list lantern"] });
  });

  it("that prints nothing ends soon where two outputs have shown that no prompt comes before them", async () => {
    const session = await bench((line, device) => device.answer(line === "set" ? "" : "lantern"), {
      profile: { early_prompt: "sometimes" },
    });
    await session.open();
    expect((await session.run("set")).tookMs).toBeGreaterThanOrEqual(1000);
    await session.run("show");
    await session.run("show");
    expect((await session.run("set")).tookMs).toBeLessThan(500);
  });

  it("is entered although log rows cut its echo in two", async () => {
    const session = await bench(switchLike);
    await session.open();
    session.device.print("\r\n*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured\r\n", 1);
    const ran = await session.run("show clock");
    expect(ran).toMatchObject({ state: DONE, lines: ["output of clock"] });
  });

  it("with a new hostname in it finds the prompt of that name at once", async () => {
    const session = await bench(switchLike, { prompt: "sw1(config)#" });
    await session.open();
    const ran = await session.run("hostname core9");
    expect(ran).toMatchObject({ state: DONE, host: "core9", mode: "config" });
    expect(ran.tookMs).toBeLessThan(200);
  });

  it("reports the whole hostname where the prompt of a mode appends something to it", async () => {
    const prompts = [
      { mode: "exec", match: "^<(?P<host>[^<>]+)>$" },
      { mode: "config", match: "^\\[(?P<host>[^\\[\\]-]+)(?:-[^\\[\\]]+)?\\]$" },
    ];
    const session = await bench(
      (line, device) => {
        if (line === "interface GE0/0/1") device.prompt = "[core-sw-1-GE0/0/1]";
        device.answer("");
      },
      { profile: { prompts }, prompt: "<core-sw-1>" },
    );
    await session.open();
    const ran = await session.run("interface GE0/0/1");
    expect(ran).toMatchObject({ state: DONE, mode: "config", host: "core-sw-1" });
    expect(ran.tookMs).toBeLessThan(200);
  });

  it("is refused while another one runs, naming it and the key that interrupts", async () => {
    const session = await bench((_line, device) => device.print("\r\nworking"), {
      profile: { keys: { interrupt: "\u001e" } },
    });
    await session.open();
    expect((await session.run("ping", { timeoutMs: 1000 })).state.state).toBe("running");
    await expect(session.submit("show", {})).rejects.toThrow(/#1 `ping` is still running/);
  });

  it("that ends in a question mark is never entered, however late the help comes", async () => {
    const session = await bench(switchLike);
    await session.open();
    const { device } = session;
    device.onKey = (key) => {
      device.line += key;
      device.print(key);
      if (key !== "?") return;
      device.onKey = undefined;
      device.line = "reload ";
      device.print(`\r\n  in  Reload later\r\n${device.prompt}reload `, 1500);
    };
    await session.run("reload ?");
    expect(device.entered).toEqual([]);
  });

  it("that is a bare question mark shows the help, and the prompt that is back is the end", async () => {
    const session = await bench(switchLike);
    await session.open();
    session.device.onKey = () => {
      session.device.onKey = undefined;
      session.device.print(`?\r\n  show  Show things\r\n\r\n${session.device.prompt}`);
    };
    const ran = await session.run("?");
    expect(ran).toMatchObject({ state: DONE, mode: "exec" });
    expect(session.device.entered).toEqual([]);
    expect(await session.run("show x")).toMatchObject({ lines: ["output of x"] });
  });

  it.each([
    ["stands behind the line that is there again", "description why"],
    ["stands alone", ""],
  ])(
    "with a question mark within it shows the help at once; what was typed behind it %s",
    async (_what, again) => {
      const session = await bench(switchLike);
      await session.open();
      const { device } = session;
      device.onKey = (key) => {
        device.line += key;
        device.print(key);
        if (key !== "?") return;
        device.onKey = undefined;
        device.line = again;
        device.print(`\r\n  LINE  Up to 240 characters\r\n\r\n${device.prompt}${again}`, 5);
        device.delayMs = 6;
      };
      const ran = await session.run("description why?now");
      expect(ran).toMatchObject({ state: DONE, tookMs: expect.toSatisfy((ms: number) => ms < 1000) });
      expect(ran.notes.join()).toContain("nothing was entered and the line was cleared");
      expect(device.writes).toEqual(["description why?now", "\u0015"]);
      expect(device).toMatchObject({ entered: [], line: "" });
    },
  );

  it("with a question mark within it that the device takes as it is runs", async () => {
    const session = await bench(switchLike);
    await session.open();
    await session.run("description why?now");
    expect(session.device.entered).toEqual(["description why?now"]);
  });

  it("with a question mark shows the help and leaves no line behind", async () => {
    const session = await bench(switchLike);
    await session.open();
    const { device } = session;
    const take = device.write.bind(device);
    device.write = (bytes) => {
      const text = String(bytes);
      if (!text.endsWith("?")) return take(text);
      take(text.slice(0, -1));
      device.print(`?\r\n  clock  Time\r\n  users  People\r\n${device.prompt}show `, 5);
    };
    const ran = await session.run("show ?");
    expect(ran.state).toEqual(DONE);
    expect(ran.lines).toEqual(expect.arrayContaining(["  clock  Time", "  users  People"]));
    expect(device.entered).toEqual([]);
    expect(device.line).toBe("");
  });
});

describe("keys of the caller at the prompt", () => {
  it("are a command of their own, over at the next prompt", async () => {
    const session = await bench(switchLike);
    await session.open();
    expect(await session.keys("show clock\r")).toEqual(DONE);
    expect(session.device.entered).toEqual(["show clock"]);
  });

  it("are still running while a row of theirs is unfinished, and ask where that row does", async () => {
    const session = await bench((line, device) => {
      device.print(line === "ping" ? "\r\nSending:\r\n..." : "\r\nName of the file: ");
    });
    await session.open();
    expect(await session.keys("ping\r")).toMatchObject({ state: "running" });
    const other = await bench((_line, device) => device.print("\r\nName of the file: "));
    await other.open();
    expect(await other.keys("copy\r")).toMatchObject({ state: "asking", asked: "question" });
  });

  it("delay a command until the device has shown their effect", async () => {
    const session = await bench(switchLike);
    await session.open();
    session.device.delayMs = 400;
    const keys = session.keys("reload\r");
    await session.clock.pass(100);
    await expect(session.submit("show clock", {})).rejects.toMatchObject({ code: expect.any(String) });
    expect(await keys).toMatchObject({ state: "asking", asked: "confirm" });
    expect(session.device.entered).toEqual(["reload"]);
  });

  it("have not ended while the screen shows only the prompt they were typed at", async () => {
    const session = await bench(switchLike);
    await session.open();
    session.device.delayMs = 1500;
    expect(await session.keys("reload\r")).toMatchObject({ state: "asking", asked: "confirm" });
  });

  it("are searched for errors as commands are", async () => {
    const session = await bench(switchLike);
    await session.open();
    expect(await session.keys("shoo\r")).toEqual(DONE);
    expect(session.pty.sinks.log.last?.errors).toMatchObject([{ class: "syntax" }]);
  });

  it("have also ended where log rows have pushed the prompt up", async () => {
    const session = await bench((_line, device) => {
      device.print(`\r\n${device.prompt}`);
      device.print("\r\n*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured\r\n", 20);
    });
    await session.open();
    expect(await session.keys("\r")).toEqual(DONE);
  });

  it("that leave a line unsent are reported so, and the next command clears it first", async () => {
    const session = await bench(switchLike);
    await session.open();
    expect(await session.keys("no ")).toMatchObject({ state: "asking", asked: "line", row: "sw1>no" });
    expect((await session.run("show clock")).state).toEqual(DONE);
    expect(session.device.entered).toEqual(["show clock"]);
  });
});

describe("progress on one row", () => {
  it.each([
    ["a percentage", ["....", "..55%", "..75%", ".98%"]],
    ["marks", ["#", "##", "####"]],
    ["an arrow", ["[=====>", "=====>"]],
    ["a word and marks", ["Writing image >", ">>>"]],
  ])("is running and asks nothing, however long it pauses: %s", async (_what, pieces) => {
    const session = await bench((line, device) => {
      if (line === "set b") return device.answer("");
      device.print("\r\n");
      for (const [index, piece] of pieces.entries()) device.print(piece, 10 + 4000 * index);
      device.print(`\r\nfinished\r\n${device.prompt}`, 4000 * pieces.length);
    });
    await session.open();
    const ran = await session.run("upgrade\nset b", { timeoutMs: 60_000 });
    expect(ran.state).toEqual(DONE);
    expect(session.device.entered).toEqual(["upgrade", "set b"]);
    expect(ran.lines).toContain("finished");
  });
});

describe("a row that nobody knows", () => {
  it("is running, and told once it has been there for a while", async () => {
    const row = "Insert the card and turn the key";
    const session = await bench((_line, device) => device.print(`\r\n${row}`));
    await session.open();
    const ran = await session.run("renew licence", { timeoutMs: 6000 });
    expect(ran.state).toMatchObject({ state: "running" });
    expect(session.pty.far.offer).toMatch(`the row "${row}" has not changed for 5 s and is none that`);
  });
});

describe("an error in a mode that has to be left", () => {
  const STILL = "still in mode config; mode: enable leaves it";

  it("names the mode and the way out of it, as the profile has it", async () => {
    const session = await bench(switchLike);
    await session.open();
    const ran = await session.run("no such thing", { mode: "config" });
    expect(ran.errors).toEqual(["syntax"]);
    expect(ran.notes).toContain(STILL);
    expect((await session.run("show clock")).notes).not.toContain(STILL);
    expect((await session.run("nor this")).notes).toContain(STILL);
  });

  it("says nothing of it in the mode of the login, nor in one of more rights", async () => {
    const session = await bench(switchLike);
    await session.open();
    expect((await session.run("no such thing")).notes.join()).not.toContain("still in mode");
    const enabled = await session.run("no such thing", { mode: "enable" });
    expect(enabled).toMatchObject({ errors: ["syntax"], mode: "enable" });
    expect(enabled.notes.join()).not.toContain("still in mode");
  });
});

describe("a question", () => {
  it("is reported with kind and risk, and never answered by us", async () => {
    const session = await bench(switchLike);
    await session.open();
    const ran = await session.run("reload");
    expect(ran.state).toEqual({
      state: "asking",
      asked: "confirm",
      evidence: "profile",
      row: "Proceed with reload? [confirm]",
      risk: "high",
      submit: "key",
    });
    await session.clock.pass(60_000);
    expect(session.device.writes.at(-1)).toBe("\r");
    expect(await session.keys("n")).toEqual(DONE);
  });

  it("is found although log rows have pushed it up", async () => {
    const session = await bench((_line, device) => {
      device.print("\r\nProceed with reload? [confirm]");
      device.print("\r\n*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured\r\n", 30);
    });
    await session.open();
    expect((await session.run("reload")).state).toMatchObject({
      state: "asking",
      asked: "confirm",
      row: "Proceed with reload? [confirm]",
    });
  });

  it("that passes by itself lets no further line be typed", async () => {
    const session = await bench((line, device) => {
      switchLike(line, device);
      if (line !== "reload") return;
      device.print(`\r\nno answer\r\n${device.prompt}`, 10_000);
      device.onKey = undefined;
    });
    await session.open();
    expect((await session.run("reload\nset x")).state).toMatchObject({ state: "asking", asked: "confirm" });
    await session.clock.pass(15_000);
    expect(session.device.entered).toEqual(["reload"]);
  });

  it("in the typed line itself is none", async () => {
    const session = await bench((_line, device) => device.print(`\r\n${device.prompt}`, 5000));
    await session.open();
    expect(await session.run("set note press [confirm]")).toMatchObject({ state: DONE });
  });

  it("that got an answer without Enter is still asked", async () => {
    const session = await bench((line, device) => {
      if (line !== "reload") return switchLike(line, device);
      device.print("\r\nSystem configuration has been modified. Save? [yes/no]: ");
      let answer = "";
      device.onKey = (key) => {
        if (key !== "\r") {
          answer += key;
          return device.print(key);
        }
        device.onKey = undefined;
        device.answer(`said ${answer}`);
      };
    }, yesno);
    await session.open();
    const asked = { state: "asking", asked: "yesno" };
    expect((await session.run("reload")).state).toMatchObject(asked);
    expect(await session.keys("n")).toMatchObject({
      ...asked,
      row: expect.stringMatching(/\[yes\/no\]: n$/),
    });
    expect(await session.keys("o")).toMatchObject({
      ...asked,
      row: expect.stringMatching(/\[yes\/no\]: no$/),
    });
    expect(await session.keys("\r")).toEqual(DONE);
  });

  it("in the middle of several lines stops them, unless keep_going is set", async () => {
    const session = await bench(switchLike);
    await session.open();
    const ran = await session.run("show a\nreload\nshow b");
    expect(ran.state).toMatchObject({ state: "asking" });
    expect(await session.keys("n")).toEqual(DONE);
    expect(session.device.entered).toEqual(["show a", "reload"]);
    await session.run("reload\nshow c", { keepGoing: true });
    expect(await session.keys("n")).toEqual(DONE);
    expect(session.device.entered.slice(2)).toEqual(["reload", "show c"]);
  });
});

const talking: OnLine = (line, device) => device.answer(line.startsWith("say ") ? line.slice(4) : "");

describe("several lines", () => {
  it("go on behind a warning that the profile knows, and name it", async () => {
    const session = await bench(talking);
    await session.open();
    const ran = await session.run("say % Made vlan 20\nsay % By the way, so it is\nset c");
    expect(ran).toMatchObject({ state: DONE, errors: [], warnings: ["effect"] });
    expect(session.device.entered.at(-1)).toBe("set c");
    expect(ran.notes.join()).toContain(
      "all 3 lines were typed: 1 warning effect % Made vlan 20, 2 done, 3 done",
    );
  });

  it("stop behind a message that is on no list, and go on where that is wanted", async () => {
    const session = await bench(talking);
    await session.open();
    const ran = await session.run("set a\nsay % Gravel was spread\nset c");
    expect(ran).toMatchObject({ state: DONE, errors: [], warnings: ["unknown"] });
    expect(session.device.entered).toEqual(["set a", "say % Gravel was spread"]);
    expect(ran.notes.join()).toMatch(
      /2 warning unknown % Gravel.*line 3 was NOT typed \(stopped at a row that/,
    );
    const all = await session.run("say % Gravel was spread\nset c", { keepGoing: true });
    expect(all).toMatchObject({ warnings: ["unknown"] });
    expect(session.device.entered.at(-1)).toBe("set c");
  });

  it("are typed one by one, each after the prompt of the one before, up to the first error", async () => {
    const session = await bench(switchLike);
    await session.open();
    const ran = await session.run("show a\nbogus\nshow b");
    expect(session.device.entered).toEqual(["show a", "bogus"]);
    expect(ran.errors).toEqual(["syntax"]);
    expect(ran.notes.join()).toMatch(/2 of 3 lines were typed: 1 done, 2 syntax.*line 3 was NOT typed/);
  });

  it("are all typed with keep_going", async () => {
    const session = await bench(switchLike);
    await session.open();
    const ran = await session.run("show a\nbogus\nshow b", { keepGoing: true });
    expect(session.device.entered).toEqual(["show a", "bogus", "show b"]);
    expect(ran.notes.join()).toMatch(/all 3 lines were typed: 1 done, 2 syntax .*, 3 done/);
  });

  it("are not typed when keys had to be sent in between, whatever they answered", async () => {
    const session = await bench((line, device) => {
      if (line !== "take #") return switchLike(line, device);
      let text = "";
      device.print("\r\nReading ...\r\n");
      device.onKey = (key) => {
        text += key;
        if (key === "#") device.onKey = undefined;
        if (key === "#") device.answer(text);
      };
    });
    await session.open();
    const running = await session.run("take #\nhello\nhostname zz", { timeoutMs: 2000 });
    expect(running.state).toMatchObject({ state: "running" });
    expect(session.pty.far.pending).toMatch(
      /line 1 of 3 is running; lines 2 to 3 are typed when the prompt is back/,
    );
    expect(await session.keys("text\r#")).toEqual(DONE);
    expect(session.device.entered).toEqual(["take #"]);
    expect(running.command.remarks.join()).toMatch(
      /lines 2 to 3 were NOT typed \(keys were sent in between\)/,
    );
  });

  it("after one whose question mark opened the help are not typed", async () => {
    const session = await bench(switchLike);
    await session.open();
    const { device } = session;
    device.onKey = (key) => {
      device.line += key;
      device.print(key);
      if (key !== "?") return;
      device.onKey = undefined;
      device.line = "description ok";
      device.print(`\r\n  WORD  Text\r\n${device.prompt}description ok`);
    };
    const ran = await session.run("description ok?\nshutdown");
    expect(ran.notes.join()).toMatch(/1 help, NOT entered; line 2 was NOT typed \(its question mark asked/);
    expect(device.entered).toEqual([]);
  });

  it("after one that the device did not echo are reported as not typed", async () => {
    const session = await bench(switchLike);
    await session.open();
    session.device.echo = false;
    const ran = await session.run("description what? really\nshutdown");
    expect(ran.state).toMatchObject({ state: "asking", asked: "line" });
    expect(ran.notes.join("\n")).toMatch(/0 of 2 lines were typed; line 2 was NOT typed/);
    expect(ran.notes.join("\n")).toMatch(/did not echo.*\n.*question mark/);
  });

  it("keep the results of the earlier ones when a later one is lost", async () => {
    const session = await bench((line, device) => {
      switchLike(line, device);
      device.echo = line !== "bad";
    });
    await session.open();
    const ran = await session.run("bad\nshow clock\nshow ver", { keepGoing: true });
    expect(ran.state).toMatchObject({ state: "asking", asked: "line" });
    expect(ran.errors).toEqual(["syntax"]);
    expect(ran.notes.join()).toMatch(/1 of 3 lines were typed: 1 syntax .*; line 3 was NOT typed/);
  });

  it("stop when a key interrupts one of them", async () => {
    const session = await bench((line, device) => {
      if (line === "ping") {
        device.print("\r\n!!");
        device.onKey = () => {
          device.onKey = undefined;
          device.answer("");
        };
      } else device.answer("");
    });
    await session.open();
    expect((await session.run("ping\nshow", { timeoutMs: 500 })).state.state).toBe("running");
    expect(await session.keys("\u0003")).toEqual(DONE);
    expect(session.device.entered).toEqual(["ping"]);
  });

  it("hold no control characters and none longer than the device takes", async () => {
    const session = await bench(switchLike, { profile: { input: { echo: "exact", max_line: 20 } } });
    await session.open();
    await expect(session.submit("a\u0003b", {})).rejects.toThrow(/control character/);
    for (const odd of [
      "\u0085",
      "\u009b",
      "\u00a0",
      "\u034f",
      "\u115f",
      "\u2800",
      "\ufe0f",
      "\ufffa",
      "\ud800",
      "\u2028",
      "\u2029",
      "\u202e",
      "\u200b",
      "\u200d",
      "\u3000",
      "\ufeff",
    ])
      await expect(session.submit(`show${odd}x${odd}`, {})).rejects.toThrow(/control|\(U\+[0-9A-F]{4}\)/);
    await expect(session.submit(`show ${"x".repeat(30)}`, {})).rejects.toThrow(
      /35 characters; the device accepts 20/,
    );
    expect(session.device.writes).toEqual([]);
  });
});

describe("modes", () => {
  it("are entered with the enable secret, which is typed only at its own question", async () => {
    const session = await bench(switchLike);
    await session.open();
    const ran = await session.run("show run", { mode: "config" });
    expect(ran).toMatchObject({ state: DONE, mode: "config", lines: ["output of run"] });
    expect(session.device.entered).toEqual(["enable", "configure terminal", "show run"]);
    expect(ran.notes.join()).toMatch(/from mode exec to config/);
    expect(await session.run("show clock", { mode: "exec" })).toMatchObject({ mode: "exec" });
    expect(session.device.entered.slice(3)).toEqual(["end", "disable", "show clock"]);
  });

  it("with a secret the device refuses are not entered, the command not typed and the secret not sent again", async () => {
    const session = await bench(switchLike, { host: { enable: { from: "env", name: "wrong" } } });
    await session.open();
    const ran = await session.run("show run", { mode: "enable" });
    expect(ran.notes.join()).toMatch(/NOT TYPED/);
    expect(ran.errors).toEqual(["permission"]);
    expect(session.device.writes.filter((bytes) => bytes.includes("wrong"))).toHaveLength(1);
    expect(session.device.entered).toEqual(["enable"]);
  });

  it("whose secret is not available cancel the question, and the session continues", async () => {
    const host = { enable: { from: "command", command: "pass show x" } as const };
    const session = await bench(interruptible, { host });
    await session.open();
    const ran = await session.run("show run", { mode: "enable" });
    expect(ran).toMatchObject({ state: DONE, mode: "exec", errors: ["permission"] });
    expect(ran.notes.join()).toMatch(/NOT TYPED: the command failed/);
    expect(await session.run("show clock")).toMatchObject({ state: DONE, lines: ["output of clock"] });
  });

  it("get no secret when their question has disappeared by the time it has been read", async () => {
    const host = { enable: { from: "file", path: "late-secret" } as const };
    const session = await bench(
      (line, device) => {
        switchLike(line, device);
        if (line !== "enable") return;
        device.onKey = undefined;
        device.print(`\r\n% Password: timeout expired!\r\n${device.prompt}`, 3000);
      },
      { host },
    );
    await session.open();
    const ran = await session.run("show run", { mode: "enable" });
    expect(ran).toMatchObject({ state: DONE, mode: "exec" });
    expect(ran.notes.join()).toMatch(/NOT TYPED: the question for the secret disappeared/);
    expect(session.device.writes.join("")).not.toContain("late-secret");
  });

  it("reached by sudo get the host's secret for it, and those that ask for the login's own get that", async () => {
    const modes = {
      shell: {
        from: "exec",
        enter: { send: "enable", ask: "^Password:\\s*$", secret: "sudo" },
        leave: { send: "disable" },
      },
    };
    const prompts = [
      { mode: "exec", match: "^(?P<host>[\\w.-]+)>$" },
      { mode: "shell", match: "^(?P<host>[\\w.-]+)#$" },
    ];
    const host = { sudo: { from: "env", name: "enable-secret" } as const };
    const session = await bench(switchLike, { profile: { modes, prompts }, host });
    await session.open();
    expect(await session.run("show x", { mode: "shell" })).toMatchObject({ state: DONE, mode: "shell" });
    const own = { shell: { ...modes.shell, enter: { ...modes.shell.enter, secret: "password" } } };
    const login = { auth: [{ method: "password", secret: { from: "env", name: "enable-secret" } }] } as const;
    const other = await bench(switchLike, { profile: { modes: own, prompts }, host: login });
    await other.open();
    expect(await other.run("show x", { mode: "shell" })).toMatchObject({ state: DONE, mode: "shell" });
  });

  it("get their secret although a log row has pushed the question up", async () => {
    const session = await bench((line, device) => {
      switchLike(line, device);
      if (line === "enable") device.print("\r\n*Mar  1 00:00:01: %SYS-5-X: one\r\n*Mar  1 00:00:", 250);
      if (line === "enable") device.print("02: %SYS-5-X: two\r\n", 700);
    });
    await session.open();
    const ran = await session.run("show x", { mode: "enable" });
    expect(ran).toMatchObject({ state: DONE, mode: "enable", lines: ["output of x"] });
  });

  it("are left level by level where the device goes up one at a time", async () => {
    const up: Record<string, string> = { "sw1(config-if)#": "sw1(config)#", "sw1(config)#": "sw1#" };
    const session = await bench(
      (line, device) => {
        if (line === "exit") device.prompt = up[device.prompt] ?? device.prompt;
        if (line === "interface 1") device.prompt = "sw1(config-if)#";
        device.answer(line.startsWith("show") ? "shown" : "");
      },
      {
        prompt: "sw1(config)#",
        profile: {
          modes: {
            config: { from: "enable", enter: { send: "configure" }, leave: { send: "exit" } },
          },
        },
      },
    );
    await session.open();
    await session.run("interface 1");
    expect(await session.run("show x", { mode: "enable" })).toMatchObject({
      mode: "enable",
      lines: ["shown"],
    });
    expect(session.device.entered).toEqual(["interface 1", "exit", "exit", "show x"]);
  });

  it("get no secret after the caller's own keys, however late the device shows their effect", async () => {
    const session = await bench(
      (line, device) => {
        switchLike(line, device);
        if (line !== "enable") return;
        device.onKey = (key) => {
          if (key !== "\u0003") return;
          device.onKey = undefined;
          device.echo = true;
          device.print(`\r\n${device.prompt}`, 500);
        };
      },
      { host: { enable: { from: "file", path: "late-secret" } } },
    );
    await session.open();
    const running = session.run("show x", { mode: "enable" });
    await session.clock.pass(4900);
    session.press("\u0003");
    expect(await running).toMatchObject({ state: DONE, mode: "exec" });
    expect(session.device.writes.join("")).not.toContain("late-secret");
    expect(session.device.entered).toEqual(["enable"]);
  });

  it("give no secret to a question that the caller's keys have caused", async () => {
    const session = await bench((line, device) => {
      if (line === "enable") device.print("\r\nUsername: ");
      else device.print("\r\nPassword: ");
    });
    await session.open();
    const ran = await session.run("show x", { mode: "enable", timeoutMs: 4000 });
    expect(ran.state).toMatchObject({ state: "asking", asked: "value" });
    expect(await session.keys("noc\r")).toMatchObject({ state: "asking", asked: "password" });
    expect(session.device.writes.join("")).not.toContain("enable-secret");
  });

  it("are those of the prompt on the screen, not of the last one seen", async () => {
    const session = await bench(switchLike, { prompt: "sw1(config)#" });
    await session.open();
    session.device.prompt = "sw1#";
    session.device.print("\r\nConfiguration session timed out\r\nsw1#", 10);
    await session.clock.pass(3000);
    await session.run("set x", { mode: "config" });
    expect(session.device.entered).toEqual(["configure terminal", "set x"]);
  });

  it("that cannot be left end the change of mode", async () => {
    const session = await bench(
      (line, device) =>
        line === "end" ? device.answer("there are uncommitted changes") : switchLike(line, device),
      { prompt: "sw1(config)#" },
    );
    await session.open();
    const ran = await session.run("show x", { mode: "exec" });
    expect(session.device.entered).toEqual(["end"]);
    expect(ran.notes.join()).toMatch(/NOT TYPED: mode config was not left/);
  });

  it("stop changing when a key interrupts", async () => {
    const session = await bench(interruptible, { host: { enable: { from: "file", path: "late-secret" } } });
    await session.open();
    const running = session.run("show run", { mode: "config" });
    await session.clock.pass(1000);
    session.press("\u0003");
    expect(await running).toMatchObject({ state: DONE, mode: "exec" });
    expect(session.device.entered).toEqual(["enable"]);
    expect(session.device.writes.join("")).not.toContain("late-secret");
  });

  it("that the profile does not have are refused with those it has", async () => {
    const session = await bench(switchLike);
    await session.open();
    await expect(session.submit("show", { mode: "configure" })).rejects.toThrow(
      /no mode "configure"; its modes: config, /,
    );
  });
});

describe("a pager", () => {
  const pages =
    (count: number): OnLine =>
    (line, device) => {
      let page = 1;
      const print = () => {
        if (page > count) {
          device.onKey = undefined;
          device.print(device.prompt);
        } else device.print(`row ${page}\r\n --More-- `);
        page++;
      };
      device.onKey = (key) => {
        if (key === "q") {
          device.onKey = undefined;
          device.print(`\r${" ".repeat(10)}\r${device.prompt}`);
          return;
        }
        device.print(`\r${" ".repeat(10)}\r`);
        print();
      };
      device.print("\r\n");
      expect(line).toBe("show run");
      print();
    };

  it("is answered page by page, and nothing of it is left in the output", async () => {
    const session = await bench(pages(5));
    await session.open();
    const ran = await session.run("show run");
    expect(ran).toMatchObject({ state: DONE, lines: ["row 1", "row 2", "row 3", "row 4", "row 5"] });
  });

  it("is answered once a page, however slow the device is", async () => {
    const session = await bench(pages(4));
    await session.open();
    session.device.delayMs = 900;
    expect((await session.run("show run")).lines).toEqual(["row 1", "row 2", "row 3", "row 4"]);
    expect(session.device.writes.filter((bytes) => bytes === " ")).toHaveLength(4);
  });

  it("is answered once a page although its row is erased only after a pause", async () => {
    const session = await bench((_line, device) => {
      device.onKey = () => {
        device.print("\b".repeat(10));
        device.print(`${" ".repeat(10)}${"\b".repeat(10)}${device.prompt}`, 80);
        device.onKey = undefined;
      };
      device.print("\r\nrow 1\r\n --More-- ");
    });
    await session.open();
    expect(await session.run("show run")).toMatchObject({ state: DONE, lines: ["row 1"] });
    expect(session.device.writes.filter((bytes) => bytes === " ")).toHaveLength(1);
  });

  it("is left at its end although the row that says so came in two pieces", async () => {
    const session = await bench(
      (_line, device) => {
        device.onKey = (key) => {
          if (key !== "q") return;
          device.onKey = undefined;
          device.print(`\r\u001b[K${device.prompt}`);
        };
        device.print("\r\nrow 1\r\nlines 1-2");
        device.print("3/23 (END)", 120);
      },
      {
        profile: {
          pagers: [
            { match: "^lines \\d+-\\d+(?:/\\d+)? \\(END\\)", quit_key: "q", end: true },
            { match: "^lines \\d+-\\d+", key: " ", quit_key: "q" },
          ],
        },
      },
    );
    await session.open();
    expect(await session.run("show run")).toMatchObject({ state: DONE, lines: ["row 1"] });
  });

  it("is left waiting for the caller after the profile's number of pages", async () => {
    const session = await bench(pages(9));
    await session.open();
    const ran = await session.run("show run");
    expect(ran.state).toMatchObject({ state: "asking", asked: "pager" });
    expect(ran.notes.join()).toMatch(/5 pages were shown/);
    expect(await session.keys("q")).toEqual(DONE);
  });

  it("is answered although log rows have pushed it up, once", async () => {
    const session = await bench((_line, device) => {
      device.onKey = () => {
        device.onKey = undefined;
        device.print(`\rrow 2\r\n${device.prompt}`, 1500);
      };
      device.print("\r\nrow 1\r\n --More-- ");
      for (let ms = 10; ms < 2000; ms += 300)
        device.print("\r\n*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Gi0/1 is down\r\n", ms);
    });
    await session.open();
    const ran = await session.run("show run");
    expect(ran.state).toEqual(DONE);
    const own = ran.lines.filter((row, index) => row !== "" && !ran.likeOwn.includes(index));
    expect(own).toEqual(["row 1", "row 2"]);
    expect(session.device.writes.filter((bytes) => bytes === " ")).toHaveLength(1);
  });

  it("of the help that a question mark brings up is answered, too; the line is cleared and not entered", async () => {
    const session = await bench(switchLike);
    await session.open();
    const { device } = session;
    let pages = 0;
    const readKey = (key: string) => {
      if (pages > 0 && key === " ") {
        device.onKey = undefined;
        device.print(`\r${" ".repeat(10)}\r  vlan\r\n${device.prompt}show `);
      } else if (key === "?") {
        pages++;
        device.print("?\r\n  clock\r\n --More-- ");
      } else {
        device.line += key;
        device.print(key);
      }
    };
    device.onKey = readKey;
    const ran = await session.run("show ?");
    expect(ran.state).toEqual(DONE);
    expect(ran.notes.join()).toContain("nothing was entered and the line was cleared");
    expect(device.writes).toEqual(["show ?", " ", "\u0015"]);
    expect(device.entered).toEqual([]);
  });

  it.each([
    ["with an instruction", "--More--, next page: Space, next line: Return key, quit: Control-c"],
    ["in brackets", "---- More ( Press 'Q' to break ) ----"],
    ["of keys alone", "CTRL+C ESC q Quit SPACE n Next Page ENTER Next Entry a All"],
  ])("that no profile lists is answered by its shape: %s", async (_what, more) => {
    const session = await bench(
      (_line, device) => {
        device.print(`\r\nrow 1\r\n${more}`);
        device.onKey = (key) => {
          device.onKey = undefined;
          expect(key).toBe(" ");
          device.print(`\r${" ".repeat(more.length)}\rrow 2\r\n${device.prompt}`);
        };
      },
      { profile: { pagers: [] } },
    );
    await session.open();
    expect(await session.run("show run")).toMatchObject({ state: DONE, lines: ["row 1", "row 2"] });
  });

  it("of a live view is sent no key: it goes on until it ends, or the caller leaves it", async () => {
    const session = await bench(
      (line, device) => {
        if (line !== "fetch x") return device.answer("");
        device.print("\r\n  status: downloading\r\n-- [Q quit|D dump|C-z pause]");
        device.print(`\r\u001b[K  status: finished\r\n${device.prompt}`, 9000);
      },
      { profile: { pagers: [{ match: "^-- \\[Q quit.*C-z", quit_key: "q", live: true }] } },
    );
    await session.open();
    const ran = await session.run("fetch x", { timeoutMs: 5000 });
    expect(ran.state).toMatchObject({ state: "running" });
    expect(session.pty.far.offer).toMatch(/live view, which goes on by itself; ssh_send keys "q" leaves it/);
    await session.clock.pass(6000);
    expect(await session.rows(ran.command)).toEqual(["  status: downloading", "  status: finished"]);
    expect(ran.command.state).toBe("done");
    expect(session.device.writes).toEqual(["fetch x", "\r"]);
  });
});

describe("a login", () => {
  it("inside the terminal is answered once with name and password of the inventory", async () => {
    const session = await bench(
      (line, device) => {
        if (line === "noc") {
          device.echo = false;
          device.print("\r\nPassword:");
        } else if (line === "login-secret") {
          device.echo = true;
          device.answer("");
        } else device.answer("% Login failed");
      },
      {
        silent: true,
        profile: {
          auth: {
            in_band: [
              { match: "^User Name:", answer: "username" },
              { match: "^Password:", answer: "password" },
            ],
          },
        },
      },
    );
    session.device.print("\r\nUser Name:", 10);
    expect(await session.open()).toEqual(DONE);
    expect(session.device.entered).toEqual(["noc", "login-secret"]);
  });

  it("is not over at a banner row that looks like a prompt", async () => {
    const session = await bench(switchLike, { silent: true });
    session.device.print("\r\nWelcome to\r\nsw1#", 10);
    session.device.print(" the core switch\r\n\r\nsw1>", 200);
    await session.open();
    expect(session.pty.far.place).toMatchObject({ mode: "exec", host: "sw1" });
  });

  it("that waits for a key is reported, not answered", async () => {
    const session = await bench(switchLike, { silent: true });
    session.device.print("\r\nPress any key to continue", 10);
    expect(await session.open()).toMatchObject({ state: "asking", row: "Press any key to continue" });
    expect(session.device.writes).toEqual([]);
  });

  it("that waits for the key its profile names gets it once, and a note reports it", async () => {
    const session = await bench(switchLike, {
      silent: true,
      profile: { wake: [{ match: "^Press RETURN to get started\\.$", key: "\r" }] },
    });
    session.device.print("\r\nPress RETURN to get started.\r\n\r\n", 10);
    expect(await session.open()).toEqual(DONE);
    expect(session.device.entered).toEqual([""]);
    expect(session.pty.notes.join()).toMatch(/the key that .*Press RETURN.* was sent/);
  });

  it("that shows no prompt is sent nothing, whatever it prints and however long it is silent", async () => {
    const session = await bench(switchLike, { silent: true });
    session.device.print("\r\nsome log row\r\n", 10);
    expect(await session.open()).toMatchObject({ state: "asking", row: "some log row" });
    await session.clock.pass(600_000);
    expect(session.device.writes).toEqual([]);
  });

  it("types the session preparation and reports what the device refused", async () => {
    const session = await bench(switchLike, {
      profile: {
        open: [{ send: "set paging off" }, { send: "bogus one", optional: true }, { send: "bogus two" }],
      },
    });
    await session.open();
    expect(session.device.entered).toEqual(["set paging off", "bogus one", "bogus two"]);
    expect(session.pty.notes).toEqual([expect.stringMatching(/refused `bogus two`: % Invalid/)]);
  });
});

describe("a preparation the device does not take part in", () => {
  const detect: Detect = function* find(_seen, ask) {
    yield* ask("show version");
    throw new Error("no answer was to come");
  };

  it("whose line is never answered ends with the row on the screen, and the caller continues from there", async () => {
    let deaf = true;
    const session = await bench((_line, device) => (deaf ? undefined : device.answer("")), {
      profile: { learn: true, prompts: [] },
      prompt: "box-7>",
      detect,
    });
    expect(await session.open()).toMatchObject({ state: "asking", asked: "line", row: "box-7>show version" });
    expect(session.pty.notes.join()).toMatch(/did not answer `show version`.*set platform/s);
    await expect(session.run("show x")).rejects.toMatchObject({ code: "busy" });
    deaf = false;
    expect(await session.keys("\r")).toEqual(DONE);
    expect(await session.run("show x")).toMatchObject({ state: DONE });
  });

  it("whose line is never echoed is not entered, and the line is cleared before the next command", async () => {
    const session = await bench(switchLike, { profile: { open: [{ send: "set paging off" }] } });
    session.device.echo = false;
    expect(await session.open()).toMatchObject({ state: "asking", asked: "line" });
    expect(session.device.entered).toEqual([]);
    expect(session.pty.notes.join()).toMatch(/did not echo `set paging off`: Enter was NOT pressed/);
    session.device.echo = true;
    expect(await session.run("show x")).toMatchObject({ state: DONE, lines: ["output of x"] });
    expect(session.device.entered).toEqual(["show x"]);
  });
});

describe("a preparation that the caller interrupts", () => {
  it("ends with a note and leaves the session at its prompt", async () => {
    const session = await bench(interruptible, { profile: { open: [{ send: "set paging off" }] } });
    session.device.echo = false;
    const opening = session.open();
    await session.clock.pass(1000);
    session.press("\u0003");
    session.device.echo = true;
    session.device.line = "";
    session.device.print(`^C\r\n${session.device.prompt}`, 60);
    await opening;
    expect(session.pty.notes.join()).toMatch(/a key interrupted the session preparation/);
    expect(session.device.entered).toEqual([]);
    expect(await session.run("show x")).toMatchObject({ state: DONE, lines: ["output of x"] });
  });
});

describe("a profile that learns", () => {
  it("learns the prompt from the last row of the login, and recognizes it in other modes", async () => {
    const session = await bench(switchLike, { profile: { learn: true, prompts: [] }, prompt: "box-7>" });
    expect(await session.open()).toEqual(DONE);
    expect((await session.run("show x")).lines).toEqual(["output of x"]);
    expect(session.pty.far.place).toMatchObject({ mode: "exec", host: "box-7" });
  });
});

describe("a lost link", () => {
  it("ends the wait with what was known last", async () => {
    const session = await bench((_line, device) => {
      device.print("\r\nhalf an out");
      device.print("", 50);
    });
    await session.open();
    const running = session.run("show tech");
    await session.clock.pass(500);
    session.device.end({ reason: "disconnect", message: "read ECONNRESET" });
    expect((await running).state).toMatchObject({ state: "closed", evidence: "disconnect" });
    expect((await running).notes.join()).toMatch(/unknown whether it finished or still runs/);
  });
});

describe("a prompt that shows the time of day", () => {
  /** Each prompt is a minute later than the one before. */
  const clockwise = (): OnLine => {
    let minute = 16;
    return (line, device) => {
      device.prompt = `${line === "ssh sw2" ? "sw2" : "sw1"}.17:${++minute}:58>`;
      device.answer(line.startsWith("show ") ? `output of ${line.slice(5)}` : "");
    };
  };
  const prompt = "sw1.17:16:58>";
  const profile = { prompts: [{ mode: "exec", match: "^(?P<host>[\\w.:\\-]+)>$" }] };

  it("is the same device's from one command to the next", async () => {
    const session = await bench(clockwise(), { prompt, profile });
    await session.open();
    for (const what of ["a", "b", "c"]) {
      const ran = await session.run(`show ${what}`);
      expect(ran).toMatchObject({ state: DONE, lines: [`output of ${what}`], notes: [] });
      expect(ran.tookMs).toBeLessThan(1000);
    }
  });

  it("is another device's where more than the time differs", async () => {
    const session = await bench(clockwise(), { prompt, profile });
    await session.open();
    expect((await session.run("ssh sw2")).notes.join()).toContain("may lead to another device");
  });
});
