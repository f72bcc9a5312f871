import { describe, expect, it } from "vitest";
import { reporting } from "../../src/desk/progress.ts";
import { Masker } from "../../src/secrets/mask/masker.ts";
import { FakeClock } from "../fake-clock.ts";
import { emptyScreen, fakeMultiplexer, outcomeOf } from "../tools/fake.ts";

type Report = { elapsedMs: number; message: string };

function rig(row: string) {
  const clock = new FakeClock();
  const told: Report[] = [];
  const { multiplexer } = fakeMultiplexer({
    transcript: "twelve bytes",
    commands: [],
    outcome: outcomeOf({ state: "done", evidence: "sentinel" }),
    screen: {
      ...emptyScreen,
      rows: ["first", ...row.split("\n"), ""],
      cursor: { row: row.split("\n").length + 1, col: 0 },
    },
  });
  const signal = new AbortController().signal;
  const caller = {
    id: "a",
    kind: "agent" as const,
    signal,
    progress: (report: Report) => void told.push(report),
  };
  const redact = (text: string) => text.replaceAll("hunter2", "[secret]");
  return { clock, told, caller, around: { multiplexer, clock, redact } };
}

describe("a long call", () => {
  it("reports every five seconds how long it takes and the last row, masked, and nothing once it is over", async () => {
    const { clock, told, caller, around } = rig("row with hunter2");
    let resolve = (_: string) => {};
    const promise = new Promise<string>((settle) => {
      resolve = settle;
    });
    const call = reporting(caller, { session: "web1" }, around, () => promise);
    await clock.pass(4_999);
    expect(told).toEqual([]);
    await clock.pass(10_001);
    expect(told.map(({ elapsedMs }) => elapsedMs)).toEqual([5_000, 10_000, 15_000]);
    expect(told[1]?.message).toBe("10 s, 0 B, last row: row with [secret]");
    resolve("done");
    expect(await call).toBe("done");
    await clock.pass(60_000);
    expect(told).toHaveLength(3);
  });

  it("shows of its last row nothing that only the rows above tell to be a secret", async () => {
    const rows = Array.from({ length: 6 }, (_, row) => `${row}`.repeat(4) + "aB3/".repeat(15));
    const { clock, told, caller, around } = rig(["-----BEGIN PRIVATE KEY-----", ...rows].join("\n"));
    const { mask } = new Masker(() => Buffer.alloc(32));
    void reporting(caller, { session: "web1" }, { ...around, redact: mask }, () => new Promise(() => {}));
    await clock.pass(5_000);
    expect(told[0]?.message).toMatch(/^5 s, 0 B, last row: \[masked:[0-9a-f]{10}\]$/);
  });

  it("on another host than the open session's says nothing of that one", async () => {
    const { clock, told, caller, around } = rig("row");
    const never = reporting(caller, { host: "web2", command: "x" }, around, () => new Promise(() => {}));
    await clock.pass(5_000);
    expect(told).toEqual([{ elapsedMs: 5_000, message: "5 s" }]);
    expect(never).toBeInstanceOf(Promise);
  });

  it("that fails stops reporting, and one without a token never begins", async () => {
    const { clock, told, caller, around } = rig("row");
    await expect(reporting(caller, {}, around, () => Promise.reject(new Error("x")))).rejects.toThrow("x");
    const { progress: _, ...silent } = caller;
    void reporting(silent, {}, around, () => new Promise(() => {}));
    await clock.pass(60_000);
    expect(told).toEqual([]);
  });
});
