import { describe, expect, it } from "vitest";
import { fakeDesk, outcomeOf, record } from "./fake.ts";

function desk() {
  const rows = Array.from({ length: 50_000 }, (_, index) => `row ${index + 1}`);
  const transcript = `${rows.join("\n")}\n`;
  const outcome = outcomeOf({ state: "done", evidence: "sentinel" }, { exit: 0, to: transcript.length });
  return fakeDesk({ transcript, commands: [record(7, 0, transcript.length, "x")], outcome });
}

const shell = (args: object) => desk().call("ssh_shell", { session: "web1", command: "x", ...args });

describe("ssh_shell shows a part of its output", () => {
  it("that matches, with numbers and context, and of how many lines", async () => {
    expect((await shell({ grep: "w 4000[01]$", context: 1 })).text).toBe(
      "39999- row 39999\n40000: row 40000\n40001: row 40001\n40002- row 40002\n[web1 #7 done exit=0 0.12s matches=2 of 50,000 lines]",
    );
  });

  it("that is its end, or what matches in it", async () => {
    expect((await shell({ tail: 2 })).text).toBe(
      "row 49999\nrow 50000\n[web1 #7 done exit=0 0.12s lines=49999-50000 of 50,000]",
    );
    expect((await shell({ tail: 2, grep: "50000" })).text).toBe(
      "50000: row 50000\n[web1 #7 done exit=0 0.12s matches=1 lines=49999-50000 of 50,000]",
    );
    expect((await shell({ tail: 90_000, max_tokens: 200 })).text).toMatch(/ 50,000 lines shown=\d+\]$/);
  });

  it("and the command runs whole: all of it can be read", async () => {
    const { call, calls } = desk();
    await call("ssh_shell", { session: "web1", command: "x", grep: "nothing" });
    expect(calls).toMatchObject([{ verb: "run", request: { text: "x" } }]);
    const { text } = await call("ssh_read", { session: "web1", command: 7, offset: 12_345, lines: 1 });
    expect(text).toMatch(/^row 12345\n/);
  });

  it("and nothing runs where the pattern is none, or context has no pattern", async () => {
    const { call, calls } = desk();
    expect((await call("ssh_shell", { session: "web1", command: "x", grep: "(" })).text).toMatch(
      /^invalid_argument: .*RE2/,
    );
    expect((await call("ssh_shell", { session: "web1", command: "x", context: 1 })).text).toMatch(
      /^invalid_argument/,
    );
    expect(calls).toEqual([]);
  });
});
