import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { AGENT, hostWith } from "./fake.ts";

beforeAll(async () => {
  await warmUp();
  await import("../../src/desk/dispatch.ts");
});

const LINES = 60_000;

/** A session that keeps 256 KiB, after a command that printed more: `line 1` to `line 60000`. */
async function flooded() {
  const rig = fleet({ hosts: { fake: { limits: { transcriptBytes: 256 * 1024 } } } });
  const { multiplexer, clock } = rig;
  const access = createAccess({ directory: { resolve: async () => hostWith([]) }, clock });
  const desk = createDesk({ workspace: async () => ({ multiplexer, access, clock }), report: () => {} });
  const call = async (tool: string, args: object = {}) =>
    (await rig.drive(desk.call(AGENT, tool, { session: "fake", ...args }))).text;
  await call("ssh_connect", { host: "fake" });
  const [far] = rig.shells;
  if (far === undefined) throw new Error("no shell was opened");
  far.scripts.set("flood", (running) => {
    for (let from = 1; from <= LINES; from += 1000)
      running.print(Array.from({ length: 1000 }, (_, i) => `line ${from + i}\r\n`).join(""));
    running.end(0);
  });
  const first = await call("ssh_shell", { command: "flood", timeout_s: 20 });
  return { call, far, first, clock };
}

const GONE = /note: lines ([\d,]+) to ([\d,]+) of this output \(\d+\.\d kB\) are no longer kept/;

function goneIn(text: string): { from: number; to: number } {
  const [, from = "", to = ""] = GONE.exec(text) ?? [];
  return { from: Number(from.replaceAll(",", "")), to: Number(to.replaceAll(",", "")) };
}

describe("an output whose middle is no longer kept", () => {
  it("has its true total, and each line that is left its own number", async () => {
    const { call, first } = await flooded();
    expect(first.split("\n").at(-1)).toMatch(/ 60,000 lines notes=1\]$/);
    const { from, to } = goneIn(first);
    for (const number of [1, from - 1, to + 1, LINES - 7]) {
      const text = await call("ssh_read", { command: 1, offset: number, lines: 1 });
      expect(text).toMatch(
        new RegExp(`^line ${number}\\nnote: .*\\n\\[.* lines=${number}-${number} of 60,000 `),
      );
    }
    expect(await call("ssh_read", { command: 1, offset: -1, lines: 1 })).toMatch(/^line 60000\n/);
    expect(await call("ssh_read", { command: 1, offset: from, lines: 1 })).toMatch(/^\[… \d+ bytes pruned/);
    expect(await call("ssh_read", { command: 1, offset: LINES + 1 })).toMatch(
      /the output ends with line 60,000\n/,
    );
  });

  it("says in the gap of the shown part how much that is in all, and where it begins", async () => {
    const { first } = await flooded();
    const [, leftOut = "", offset = "0"] =
      /… ([\d,]+) lines \/ .* left out; .*offset: (\d+)/.exec(first) ?? [];
    const rows = first.split("\n");
    const gap = rows.findIndex((row) => row.includes(" left out; "));
    expect(rows[gap - 1]).toBe(`line ${Number(offset) - 1}`);
    expect(rows[gap + 1]).toBe(`line ${Number(offset) + Number(leftOut.replaceAll(",", ""))}`);
  });

  it("is searched as far as it is kept, with true numbers, and the search says what it did not see", async () => {
    const { call, first } = await flooded();
    const { from, to } = goneIn(first);
    const text = await call("ssh_read", { command: 1, grep: "line (7|59998)$|pruned" });
    expect(text).toMatch(
      /^7: line 7\n59998: line 59998\nnote: lines [\d,]+ to [\d,]+ .* no longer kept, and were NOT searched\n/,
    );
    expect(text).toMatch(/matches=2 of 60,000 lines notes=1\]$/);
    expect(goneIn(text)).toEqual({ from, to });
    const all = await call("ssh_read", { grep: "line 59998$" });
    expect(all).toMatch(
      /^#1 {2}flood\n59998: line 59998\nnote: the oldest \d+\.\d kB of the \d+\.\d kB that this session printed are no longer kept/,
    );
  });

  it("keeps its total, and its beginning, when the rest of it is gone", async () => {
    const { call, first } = await flooded();
    await call("ssh_shell", { command: "flood", timeout_s: 20 });
    await call("ssh_shell", { command: "flood", timeout_s: 20 });
    const text = await call("ssh_read", { command: 1 });
    expect(goneIn(text)).toEqual({ from: goneIn(first).from, to: LINES });
    expect(text).toMatch(/ 60,000 lines notes=1\]$/);
  });
});

describe("rows between two commands", () => {
  it("are found under the command that they came before", async () => {
    const { call, far, clock } = await flooded();
    far.print("the house is on fire\r\n");
    await clock.pass(200);
    expect(await call("ssh_read", { grep: "fire" })).toMatch(
      /^background after the last command, from cursor \d+\n1: .*fire\n/,
    );
    await call("ssh_shell", { command: "echo next" });
    expect(await call("ssh_read", { grep: "fire" })).toMatch(
      /^background before #2, from cursor \d+\n1: .*fire\n/,
    );
  });
});

describe("binary output", () => {
  it("says how many control bytes of it are not shown", async () => {
    const { call, far } = await flooded();
    far.scripts.set("head -c 9 x", (running) => {
      running.print("a\0\0\u0001b\u007f\r\0\n");
      running.end(0);
    });
    const text = await call("ssh_shell", { command: "head -c 9 x" });
    expect(text).toMatch(
      /note: 4 control bytes \(NUL and others\) of this output are not shown; od -c or base64/,
    );
    expect(await call("ssh_shell", { command: "echo text" })).not.toContain("note:");
  });
});
