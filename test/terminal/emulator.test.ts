import { describe, expect, it } from "vitest";
import { Emulator } from "../../src/terminal/emulator.ts";

describe("the emulator's private core, as pinned", () => {
  it("parses synchronously, across calls", async () => {
    const emulator = (await Emulator.load())({ cols: 20, rows: 5, scrollback: 10 });
    emulator.parse(Buffer.from("he"));
    emulator.parse(new Uint8Array(0));
    emulator.parse(Buffer.from("llo\x1b[3"));
    emulator.parse(Buffer.from(";4Hx"));
    const { active } = emulator.terminal.buffer;
    expect(active.getLine(0)?.translateToString(true)).toBe("hello");
    expect(active.getLine(2)?.translateToString(true)).toBe("   x");
    expect([active.cursorX, active.cursorY]).toEqual([4, 2]);
    emulator.dispose();
  });

  it("gives its answers during the parse", async () => {
    const emulator = (await Emulator.load())({ cols: 20, rows: 5, scrollback: 10 });
    const answers: string[] = [];
    emulator.terminal.onData((data) => answers.push(data));
    emulator.parse(Buffer.from("ab\x1b[6n"));
    expect(answers).toEqual(["\x1b[1;3R"]);
    emulator.dispose();
  });

  it("shows the scroll margins", async () => {
    const emulator = (await Emulator.load())({ cols: 20, rows: 5, scrollback: 10 });
    expect(emulator.hasMargins).toBe(false);
    emulator.parse(Buffer.from("\x1b[2;4r"));
    expect(emulator.hasMargins).toBe(true);
    emulator.parse(Buffer.from("\x1b[r"));
    expect(emulator.hasMargins).toBe(false);
    emulator.dispose();
  });

  it("measures emoji as two cells", async () => {
    const emulator = (await Emulator.load())({ cols: 20, rows: 5, scrollback: 10 });
    emulator.parse(Buffer.from("😀"));
    expect(emulator.terminal.buffer.active.cursorX).toBe(2);
    emulator.dispose();
  });

  it("is refused when a terminal without that core is wrapped", async () => {
    const emulator = (await Emulator.load())({ cols: 20, rows: 5, scrollback: 10 });
    const { terminal } = emulator;
    const changed = new Proxy(terminal, {
      get: (target, key) => (key === "_core" ? {} : Reflect.get(target, key)),
    });
    expect(() => Emulator.around(changed)).toThrow("synchronous core");
    emulator.dispose();
  });
});
