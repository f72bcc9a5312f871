import { describe, expect, it } from "vitest";
import { SwitchConsole } from "./ios-console.ts";

const BS = (count: number) => "\b".repeat(count);
const blanks = (count: number) => " ".repeat(count);

describe("the line editor of the simulated IOS", () => {
  it("echoes each character as it is typed", () => {
    expect(new SwitchConsole().type("show ver")).toBe("show ver");
  });

  it("takes a character away with backspace, blank, backspace", () => {
    const console = new SwitchConsole();
    console.type("shw");
    expect(console.type("\x7f")).toBe("\b \b");
    expect(console.type("\b")).toBe("\b \b");
    expect(console.type("\b\b")).toBe("\b \b\x07");
  });

  it("repairs the middle of a line by backspaces alone", () => {
    const console = new SwitchConsole();
    console.type("shw clock");
    expect(console.type("\x01")).toBe(BS(9));
    expect(console.type("\x06\x06")).toBe("sh");
    expect(console.type("o")).toBe(`ow clock${BS(7)}`);
    expect(console.type("\b")).toBe(`\bw clock ${BS(8)}`);
    expect(console.type("\x04")).toBe(` clock ${BS(7)}`);
    expect(console.type("\x05")).toBe(" clock");
  });

  it("cuts words and lines, and brings them back", () => {
    const console = new SwitchConsole();
    console.type("show clock");
    expect(console.type("\x17")).toBe(`${BS(5)}${blanks(5)}${BS(5)}`);
    expect(console.type("\x19")).toBe("clock");
    expect(console.type("\x15")).toBe(`${BS(10)}${blanks(10)}${BS(10)}`);
  });

  it("recalls lines with Ctrl-P and the arrows, and beeps at the end of them", () => {
    const console = new SwitchConsole();
    console.run("show privilege");
    console.run("show clock");
    expect(console.type("\x10")).toBe("show clock");
    expect(console.type("\x1b[A")).toBe(`${BS(10)}show privilege`);
    expect(console.type("\x1bOA")).toBe("\x07");
    expect(console.type("\x0e")).toBe(`${BS(14)}show clock${blanks(4)}${BS(4)}`);
  });

  it("scrolls a long line in steps of ten behind a dollar sign, as recorded of a device of 80 columns", () => {
    const console = new SwitchConsole({ hostname: "pynet-rtr1" });
    const typed = "show archive config differences flash:/candidate_config.txt system:/running-config";
    expect(console.type(typed)).toBe(
      [
        typed.slice(0, 66),
        `${BS(66)}$e config differences flash:/candidate_config.txt system:${blanks(9)}${BS(9)}`,
        "/running-",
        `${BS(65)}ifferences flash:/candidate_config.txt system:/running-c${blanks(9)}${BS(9)}`,
        "onfig",
      ].join(""),
    );
    const shown = typed.slice(0, 65);
    expect(console.type("\x01")).toBe(`${BS(62)}${shown}$${BS(66)}`);
  });

  it("does not scroll at width 0", () => {
    const console = new SwitchConsole();
    console.run("terminal width 0");
    expect(console.type("x".repeat(200))).toBe("x".repeat(200));
  });

  it("paints the line again with Ctrl-R", () => {
    const console = new SwitchConsole();
    console.type("show cl");
    expect(console.type("\x12")).toBe("\r\nlab-ios>show cl");
  });

  it("takes Enter as CR, LF or both", () => {
    const console = new SwitchConsole();
    expect(console.type("\n")).toBe("\r\nlab-ios>");
    expect(console.type("\r")).toBe("\r\nlab-ios>");
    expect(console.type("\r\n")).toBe("\r\nlab-ios>");
  });

  it("echoes letters beyond ASCII as they came", () => {
    expect(Buffer.from(new SwitchConsole().type("é"), "latin1").toString("utf8")).toBe("é");
  });

  it("completes a word with Tab, and beeps at a doubtful one", () => {
    const console = new SwitchConsole();
    expect(console.type("sho\t")).toBe("sho\r\nlab-ios>show ");
    expect(console.type("i\t")).toBe("i\x07");
  });
});
