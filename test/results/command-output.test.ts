import { describe, expect, it } from "vitest";
import { fakeDesk, outcomeOf, record } from "../tools/fake.ts";

const motd = "Welcome\nto web1\n";
const log = Array.from({ length: 500 }, (_, i) => (i % 100 === 42 ? `error ${i}` : `line ${i}`)).join("\n");
const transcript = `${motd}${log}\nsecond\n`;
const afterLog = motd.length + log.length + 1;
const scripted = {
  transcript,
  commands: [record(1, motd.length, afterLog, "cat log"), record(2, afterLog, undefined, "tail -f more")],
  outcome: outcomeOf({ state: "running", evidence: "timeout" }),
};

function read(args: object): Promise<{ text: string; isError?: boolean }> {
  return fakeDesk(scripted).call("ssh_read", { session: "web1", ...args });
}

function readOf(transcript: string, grep: string): Promise<{ text: string }> {
  const commands = [record(1, 0, transcript.length, "x")];
  return fakeDesk({ ...scripted, transcript, commands }).call("ssh_read", {
    session: "web1",
    command: 1,
    grep,
  });
}

describe("ssh_read of an earlier command", () => {
  it("gives lines by number", async () => {
    const { text } = await read({ command: 1, offset: 41, lines: 3 });
    expect(text).toBe("line 40\nline 41\nerror 42\n[web1 #1 done exit=0 lines=41-43 of 500]");
  });

  it("counts a negative offset from the end", async () => {
    const { text } = await read({ command: 1, offset: -2 });
    expect(text).toBe("line 498\nline 499\n[web1 #1 done exit=0 lines=499-500 of 500]");
  });

  it("takes the latest command when none is named", async () => {
    expect((await read({ offset: 1 })).text).toBe("second\n[web1 #2 running 1 line]");
  });

  it("reads what came before the first command as number 0", async () => {
    expect((await read({ command: 0 })).text).toBe("Welcome\nto web1\n[web1 #0 done 2 lines]");
  });

  it("names the commands there are when the number is wrong", async () => {
    const result = await read({ command: 9 });
    expect(result.isError).toBe(true);
    expect(result.text).toMatch(/^unknown_command: session web1 has no command #9\.\nNext: .*#1 to #2/);
  });

  it("searches with context, lines numbered as offset counts them", async () => {
    const { text } = await read({ command: 1, grep: "^error", context: 1 });
    expect(text.split("\n").slice(0, 4)).toEqual(["42- line 41", "43: error 42", "44- line 43", "--"]);
    expect(text).toMatch(/\n\[web1 #1 done exit=0 matches=5 of 500 lines\]$/);
  });

  it("has no row between matches where no context was asked for", async () => {
    const { text } = await read({ command: 1, grep: "^error [12]" });
    expect(text).toBe("143: error 142\n243: error 242\n[web1 #1 done exit=0 matches=2 of 500 lines]");
  });

  it("says which lines were searched, and that there are none behind the end", async () => {
    expect((await read({ command: 1, grep: "^error", offset: 50, lines: 20 })).text).toBe(
      "[web1 #1 done exit=0 matches=0 lines=50-69 of 500]",
    );
    expect((await read({ command: 1, offset: 900 })).text).toBe(
      "note: nothing there: the output ends with line 500\n[web1 #1 done exit=0 lines=0 of 500 notes=1]",
    );
  });

  it("searches everything the session holds when no command is named", async () => {
    const { text } = await read({ grep: "(?i)SECOND|welcome" });
    expect(text).toBe(
      "#0  before the first command\n1: Welcome\n#2  tail -f more\n1: second\n[web1 #2 ready matches=2]",
    );
  });

  it("refuses a pattern RE2 does not know, and says what RE2 lacks", async () => {
    const result = await read({ command: 1, grep: "(?=x)" });
    expect(result.isError).toBe(true);
    expect(result.text).toMatch(/not a valid RE2 pattern[\s\S]*look-around/);
  });

  it("refuses a pattern that is too long", async () => {
    expect((await read({ grep: "a".repeat(513) })).text).toMatch(/^invalid_argument/);
  });

  it("refuses a pattern that would hold up every session", async () => {
    const { text } = await read({ command: 1, grep: "([a-z]{1,100}){9}\\d" });
    expect(text).toMatch(/^invalid_argument: .* costs too much/);
  });

  it("says which lines were too long for the pattern, and searches the others", async () => {
    const { text } = await readOf(`${"a".repeat(50_000)}!\nbaa\n`, "(a{1,30}){2}$");
    expect(text).toBe(
      "2: baa\nnote: 1 line too long for this pattern and NOT searched: use a simpler pattern, or read by offset\n" +
        "[web1 #1 done exit=0 matches=1 of 2 lines notes=1]",
    );
    expect((await readOf(`${"a".repeat(50_000)}!\n`, "a!$")).text).toMatch(/matches=1 of 1 line\]$/);
  });

  it("does not mix reading what is there with waiting", async () => {
    expect((await read({ command: 1, timeout_s: 3 })).text).toMatch(
      /^invalid_argument.*\nNext: Make two calls/,
    );
  });
});

describe("ssh_read without a command", () => {
  it("waits for news from the cursor given", async () => {
    const { call, calls } = fakeDesk(scripted);
    await call("ssh_read", { session: "web1", cursor: "12", timeout_s: 1, wait_for: "x" });
    expect(calls).toEqual([
      { verb: "read", request: expect.objectContaining({ cursor: 12, timeoutMs: 1_000, waitFor: "x" }) },
    ]);
  });

  it("gives the screen at once when asked for it", async () => {
    const { call, calls } = fakeDesk({ ...scripted, screen: { rows: ["top - 12:00"], version: 5 } });
    const { text } = await call("ssh_read", { session: "web1", screen: true });
    expect(text).toBe("top - 12:00\n[web1 #2 ready version=5 at=1,1 size=120x40]");
    expect(calls).toEqual([]);
  });
});
