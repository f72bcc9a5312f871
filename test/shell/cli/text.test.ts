import { describe, expect, it } from "vitest";
import { bench, type FakeDevice, type OnLine } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };

interface Taker {
  /** What the device says when it begins to take a text; undefined: nothing. */
  readonly says?: string;
  /** What stands at the beginning of each line of it. */
  readonly mark?: string;
  readonly ends: (line: string) => boolean;
}

/** A switch that takes a text behind `banner …`; `got` is what it took. */
function switchTaking({ says, mark = "", ends }: Taker) {
  const got: string[] = [];
  const texts: string[][] = [];
  let taking = false;
  const stop = (device: FakeDevice, last: string) => {
    taking = false;
    texts.push(got.splice(0));
    device.onKey = undefined;
    device.answer(last);
  };
  const onLine: OnLine = (line, device) => {
    if (taking) {
      if (ends(line)) return stop(device, "");
      got.push(line);
      return device.print(`\r\n${mark}`);
    }
    if (!line.startsWith("banner ")) return device.answer(line.startsWith("show ") ? "shown" : "");
    taking = true;
    device.print(`\r\n${says === undefined ? "" : `${says}\r\n`}${mark}`);
  };
  /** A line editor that takes Ctrl-D at the beginning of a line. */
  const withKey: OnLine = (line, device) => {
    onLine(line, device);
    if (!taking) return;
    device.onKey = (key) => {
      if (key === "\u0004") return stop(device, "load complete");
      device.onKey = undefined;
      device.write(key);
      const { onKey } = device;
      if (onKey === undefined && key !== "\r") device.later(0, () => undefined);
    };
  };
  return { onLine, withKey, texts, got };
}

const HASH: Taker = {
  says: "Enter TEXT message.  End with the character '#'.",
  ends: (line) => line.includes("#"),
};

const open = async (onLine: OnLine, profile: Record<string, unknown> = {}) => {
  const session = await bench(onLine, { prompt: "sw1#", profile });
  await session.open();
  return session;
};

describe("A text that the device takes", () => {
  it("is asked for, with what ends it, where it is not in the order", async () => {
    const { onLine, texts } = switchTaking(HASH);
    const session = await open(onLine);
    const ran = await session.run("banner motd #");
    expect(ran.state).toEqual({
      state: "asking",
      asked: "text",
      evidence: "profile",
      row: "Enter TEXT message. End with the character '#'.",
      submit: "line",
      ends: { with: "#", where: "in" },
    });
    expect(ran.notes.join()).toContain('"#" in a line ends it');
    expect(await session.keys("Staff only\r")).toMatchObject({ state: "asking", asked: "text" });
    expect(await session.keys("#\r")).toEqual(DONE);
    expect(texts).toEqual([["Staff only"]]);
    expect((await session.run("show x")).lines).toEqual(["shown"]);
  });

  it("is asked for behind keys of the caller, too", async () => {
    const { onLine } = switchTaking(HASH);
    const session = await open(onLine);
    expect(await session.keys("banner motd #\r")).toMatchObject({ asked: "text", ends: { with: "#" } });
    expect(await session.keys("hello#\r")).toEqual(DONE);
  });

  it.each<readonly [string, Taker, string]>([
    ["by a character", HASH, "#"],
    [
      "by a word alone on a line",
      { says: "Enter TEXT message. Type 'EOF' on its own line to end.", ends: (line) => line === "EOF" },
      "EOF",
    ],
    [
      "by a word between quotes",
      {
        says: 'End with a blank line or the word "quit" on a line by itself',
        ends: (line) => line === "quit",
      },
      "quit",
    ],
    ["by a character, with a mark on each line", { ...HASH, mark: "> " }, "#"],
    [
      "in other words",
      { says: "Please input the text, and quit with the character '%'.", ends: (line) => line.includes("%") },
      "%",
    ],
  ])("is typed as one, empty lines and all, where the order has it whole: %s", async (_what, taker, end) => {
    const { onLine, texts } = switchTaking(taker);
    const session = await open(onLine);
    const ran = await session.run(`banner motd x\nStaff only?\n\n  keep out\n${end}\nshow x`);
    expect(ran.state).toEqual(DONE);
    expect(texts).toEqual([["Staff only?", "", "  keep out"]]);
    expect(ran.notes.join()).toMatch(/all 5 lines were typed: 1 done, 2 text, 3 text, 4 text, 5 done/);
    expect(session.device.entered.at(-1)).toBe("show x");
  });

  it("is begun by a line alone, on platforms that say nothing", async () => {
    const profile = { text: [{ line: "^banner \\w+ (?P<end>\\S)", where: "in" }] };
    const { onLine, texts } = switchTaking({ ends: (line) => line.includes("@") });
    const session = await open(onLine, profile);
    expect((await session.run("banner motd @\nStaff only\n@\nshow x")).state).toEqual(DONE);
    expect(texts).toEqual([["Staff only"]]);
    expect((await session.run("banner login @")).state).toMatchObject({
      asked: "text",
      row: "banner login @",
    });
  });

  it("is not begun by a line that holds the end again", async () => {
    const profile = { text: [{ line: "^banner \\w+ (?P<end>\\S)", where: "in" }] };
    const session = await open((_line, device) => device.print(`\r\n${device.prompt}`, 3000), profile);
    expect((await session.run("banner motd @hello@")).state).toEqual(DONE);
  });

  it("is ended by a key that stands alone on the last line of the order", async () => {
    const taker = { says: "[Type ^D at a new line to end input]", ends: () => false };
    const { withKey, texts } = switchTaking(taker);
    const session = await open(withKey);
    const asked = await session.run("banner load");
    expect(asked.state).toMatchObject({ asked: "text", ends: { with: "<C-d>", where: "alone" } });
    expect(await session.keys("\u0004")).toEqual(DONE);
    const ran = await session.run("banner load\n\u0004\nshow x");
    expect(ran.state).toEqual(DONE);
    expect(texts).toEqual([[], []]);
    expect(ran.notes.join()).toMatch(/all 3 lines were typed/);
  });

  it("of which the order holds no end is not typed at all: it is asked for", async () => {
    const { onLine, got } = switchTaking(HASH);
    const session = await open(onLine);
    const ran = await session.run("banner motd #\nStaff only\nshow x");
    expect(ran.state).toMatchObject({ state: "asking", asked: "text" });
    expect(got).toEqual([]);
    expect(session.device.entered).toEqual(["banner motd #"]);
    expect(await session.keys("Staff only\r#\r")).toEqual(DONE);
    expect(ran.command.remarks.join()).toMatch(/lines 2 to 3 were NOT typed/);
  });

  it("that ends earlier than it was meant to does not have its end typed as a command", async () => {
    const { onLine, texts } = switchTaking(HASH);
    const session = await open(onLine);
    const ran = await session.run("banner motd #\nStaff only\nsw1# is watched\n#");
    expect(ran.state).toEqual(DONE);
    expect(texts).toEqual([["Staff only"]]);
    expect(session.device.entered).toEqual(["banner motd #", "Staff only", "sw1# is watched"]);
    expect(ran.notes.join()).toMatch(/line 4 was NOT typed \(the text had ended before\)/);
  });

  it("is left to who sends keys in between", async () => {
    const { onLine, got } = switchTaking(HASH);
    const session = await open(onLine);
    session.device.delayMs = 200;
    const command = await session.submit("banner motd #\none\ntwo\nthree\n#");
    while (!got.includes("two")) await session.clock.pass(10);
    session.press("mine\r");
    await session.clock.pass(20_000);
    expect(got).toContain("mine");
    expect(got).not.toContain("three");
    expect(command.endedAt).toBeUndefined();
    expect(await session.keys("#\r")).toEqual(DONE);
  });

  it("is no text where output goes on behind such a row", async () => {
    const session = await open((_line, device) => {
      device.print(`\r\nhelp:\r\n${HASH.says}\r\n`);
      device.print(`more help\r\n${device.prompt}`, 300);
    });
    const ran = await session.run("help banner\nshow x#");
    expect(ran.state).toEqual(DONE);
    expect(session.device.entered).toEqual(["help banner", "show x#"]);
  });

  it("has no key typed where none is wanted", async () => {
    const { onLine } = switchTaking(HASH);
    const session = await open(onLine);
    const ran = await session.run("show x\n\u0004\nshow y");
    expect(ran.state).toEqual(DONE);
    expect(session.device.entered).toEqual(["show x"]);
    expect(session.device.writes.join("")).not.toContain("\u0004");
    expect(ran.notes.join()).toMatch(/line 2 is a key that ends a text, and no text is wanted: NOT typed/);
  });
});

describe("A line that goes on", () => {
  const profile = { continues: ["^(?:>|[{(]\\.\\.\\.)$"] };
  /** Braces and quotes are open until they are closed. */
  const opened: OnLine = (() => {
    let held = "";
    return (line, device) => {
      held += line;
      const quotes = (held.match(/"/g) ?? []).length % 2;
      const braces = held.split("{").length - held.split("}").length;
      if (quotes === 1) return device.print("\r\n> ");
      if (braces > 0) return device.print("\r\n{... ");
      held = "";
      device.answer(line.startsWith("show") ? "shown" : "");
    };
  })();

  it("takes the next line of the order", async () => {
    const session = await open(opened, profile);
    const ran = await session.run('do {\nput 1\n}\nset x "one\ntwo"\nshow x');
    expect(ran.state).toEqual(DONE);
    expect(session.device.entered).toEqual(["do {", "put 1", "}", 'set x "one', 'two"', "show x"]);
    expect(ran.notes.join()).toMatch(/1 goes on, 2 goes on, 3 done, 4 goes on, 5 done, 6 done/);
  });

  it("is asked for where the order has no more", async () => {
    const session = await open(opened, profile);
    const ran = await session.run("do {\nput 1");
    expect(ran.state).toMatchObject({
      state: "asking",
      asked: "continuation",
      evidence: "profile",
      row: "{...",
    });
    expect(await session.keys("}\r")).toEqual(DONE);
  });
});
