import { describe, expect, it } from "vitest";
import { type Surface, TypedLine } from "../../src/multiplexer/typed-line.ts";
import { permit } from "../permits.ts";
import { emptyScreen } from "../tools/fake.ts";

const PROMPT = "user@box:~$ ";

/** A terminal whose row the test draws. */
function terminal() {
  const line = new TypedLine();
  let [row, col, end] = [PROMPT, PROMPT.length, 0];
  let facts: Surface["facts"] = { name: "box", state: "prompt", level: 1 };
  const surface = (): Surface => ({
    facts,
    end,
    screen: { ...emptyScreen, rows: [row], cursor: { row: 0, col }, cursorText: row.slice(0, col) },
  });
  const put = (bytes: Buffer) => {
    const given = permit({ verb: "type", how: "keys", shown: "", bytes }, facts);
    line.put(
      { at: 0, epoch: 0, decidedIn: 0, state: "prompt", permit: given, reason: { as: "keys" }, bytes },
      end,
    );
  };
  return {
    /** Types keys, after asking what they would enter. */
    type(keys: string) {
      const bytes = Buffer.from(keys);
      const entered = line.entered(bytes, surface());
      put(bytes);
      return entered;
    },
    draw(text: string, cursor = text.length) {
      [row, col, end] = [PROMPT + text, PROMPT.length + cursor, end + 1];
    },
    row(text: string) {
      [row, col, end] = [text, text.length, end + 1];
    },
    at(state: string, asked?: string) {
      facts = { ...facts, state, ...(asked === undefined ? {} : { asked }) };
    },
  };
}

describe("the line that keys enter", () => {
  it("is what was typed, however many calls that took", () => {
    const { type } = terminal();
    expect(type("rm ")).toMatchObject({ lines: [], unknown: false });
    type("-rf");
    expect(type(" /\r")).toMatchObject({ lines: ["rm -rf /"], unknown: false });
    expect(type("ls\r")).toMatchObject({ lines: ["ls"], unknown: false });
  });

  it("is unknown behind a key of history until it is drawn, then every reading of its row", () => {
    const { type, draw } = terminal();
    type("\u001b[A");
    expect(type("\r").unknown).toBe(true);
    const second = terminal();
    second.type("\u001b[A");
    second.draw("rm -rf /");
    expect(second.type("\r")).toMatchObject({ lines: ["rm -rf /"], unknown: false });
    draw("");
    expect(type("\u001b[A\r").unknown).toBe(true);
  });

  it("has what is typed at the cursor, with what is right of it", () => {
    const { type, draw } = terminal();
    type("rm /etc\u001b[D\u001b[D\u001b[D");
    draw("rm /etc", 3);
    expect(type("-rf \r").lines).toContain("rm -rf /etc");
  });

  it("is read without its prompt also where that was not seen", () => {
    const { type, draw, at } = terminal();
    at("running");
    type("x\ry\t");
    at("prompt");
    draw("reboot");
    expect(type("\r").lines).toContain("reboot");
  });

  it("is refused as unknown at a command line only", () => {
    const { type, at } = terminal();
    at("running");
    expect(type("\u001b[A\r").unknown).toBe(false);
    at("asking", "repl");
    expect(type("\u001b[A\r").unknown).toBe(true);
  });

  it("has a Tab in a paste as a blank, and one that was typed as a completion", () => {
    const { type } = terminal();
    expect(type("\u001b[200~a\tb\u001b[201~\r")).toMatchObject({ lines: ["a b"], unknown: false });
    expect(type("a\tb\r").unknown).toBe(true);
  });

  it("is not kept where a password is asked for", () => {
    const { type, at } = terminal();
    at("asking", "password");
    expect(type("hunter")).toMatchObject({ lines: [], unknown: false });
    expect(type("2\r")).toMatchObject({ lines: [], unknown: false });
    at("prompt");
    expect(JSON.stringify(type("x\r"))).not.toContain("hunter");
  });

  it("is read off the screen where it is too long to keep", () => {
    const { type, draw } = terminal();
    type("a".repeat(20_000));
    draw("aaa");
    expect(type("\r").lines).toContain("aaa");
  });
});

describe("a line of which something is out of the keys' sight is not taken for known", () => {
  it("behind Ctrl-U that may not have emptied it: at the start of the line, quoted, or anywhere until it is drawn", () => {
    for (const keys of ["rm x\u0001\u0015", "rm x #\u0016\u0015", "rm x\u0015", "rm x\u0003"]) {
      const { type, draw } = terminal();
      type(keys);
      expect(type("\r").unknown, JSON.stringify(keys)).toBe(true);
      const other = terminal();
      other.type(keys);
      other.draw("rm x", 0);
      expect(other.type("\r").lines).toContain("rm x");
      draw("");
      type("rm x\u0015");
      draw("");
      expect(type("\r")).toEqual({ lines: [""], unknown: false });
    }
  });

  it("where it is longer than its row, scrolled aside, or its prompt is not there", () => {
    const long = terminal();
    long.type("\u001b[A");
    long.draw("x".repeat(120));
    expect(long.type("\r").unknown).toBe(true);
    const scrolled = terminal();
    scrolled.type("\u001b[A");
    scrolled.draw("$ the end of it");
    expect(scrolled.type("\r").unknown).toBe(true);
    const elsewhere = terminal();
    elsewhere.type("\u001b[A");
    elsewhere.row("the end of it");
    expect(elsewhere.type("\r").unknown).toBe(true);
  });

  it("where letters with marks were erased from it", () => {
    const { type } = terminal();
    type("#e\u0301\b\b");
    expect(type("rm x\r").unknown).toBe(true);
  });

  it("where it was begun for a program, or somebody else's text is there", () => {
    const { type, at } = terminal();
    at("running");
    type("y");
    at("prompt");
    expect(type("reboot\r").unknown).toBe(true);
    const left = terminal();
    left.at("unsent");
    expect(left.type("\r").unknown).toBe(true);
  });
});

it("keys that run something without an Enter are known as that", () => {
  for (const keys of ["echo $(reboot)\t", "\u001b[A\t", "x\u001b\u0005", "x\u0018\u0005"])
    expect(terminal().type(keys).unknown, JSON.stringify(keys)).toBe(true);
  for (const keys of ["ls /et\t", "\u001b[A", "\u001b", "ls\u0001", "\u0012"])
    expect(terminal().type(keys).unknown, JSON.stringify(keys)).toBe(false);
  const { type } = terminal();
  type("echo $(reboot)");
  type("\u001b");
  expect(type("\u0005").unknown).toBe(true);
});

it("readings of the first line are told from the lines behind it", () => {
  const { type, draw } = terminal();
  type("\u001b[D");
  draw("cd /tmp", 3);
  expect(type("x\rrm y\r")).toEqual({ lines: ["cd x/tmp", "cd /tmpx", "rm y"], readings: 2, unknown: false });
});
