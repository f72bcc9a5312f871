import { describe, expect, it } from "vitest";
import { FleetStop, isWell } from "../../src/multiplexer/fleet-stop.ts";
import type { ExecRecord, FleetMember, FleetRecord } from "../../src/multiplexer/types.ts";
import { KeptOutput } from "../../src/remote/kept-output.ts";
import { endWords } from "../../src/results/end-words.ts";
import { fleetPage } from "../../src/results/fleet-page.ts";
import { runPage } from "../../src/results/run-page.ts";

const record = (host: string, id: number, end: ExecRecord["end"]): ExecRecord => ({
  id,
  host,
  command: "show clock",
  end,
  stdout: new KeptOutput(),
  stderr: new KeptOutput(),
  durationMs: 1_000,
});
const ended = (host: string, id: number, end: ExecRecord["end"]): FleetMember => ({
  id,
  host,
  state: "ended",
  record: record(host, id, end),
});
const fleet = (members: readonly FleetMember[], more: Partial<FleetRecord> = {}): FleetRecord => ({
  id: 1,
  command: "show clock",
  members,
  running: false,
  durationMs: 1_000,
  terms: { alike: [] },
  ...more,
});
const budget = { whole: 10_000, cut: 10_000 };

describe("the end of a host of many", () => {
  it("is no good one where a row may be a refusal, and the run stops there", () => {
    const end = { is: "in_session", session: "exec-2", doubtful: true } as const;
    expect(endWords(record("sw1", 2, end))).toBe("done warning=unknown");
    expect(isWell(record("sw1", 2, end))).toBe(false);
    expect(isWell(record("sw1", 2, { is: "in_session", session: "exec-2" }))).toBe(true);
    const stop = new FleetStop({ error: true }, 2);
    stop.seen(ended("sw1", 2, end));
    expect(() => stop.assertNone()).toThrow(/sw1 \(#2\) did not come to a good end/);
  });

  it("is no good one where it was ended from here, and the counts add up", async () => {
    const members = [
      ended("web1", 2, { is: "exit", code: 0, held: false, stopped: "limit" }),
      ended("web2", 3, { is: "exit", code: 0, held: false }),
    ];
    const { status } = await runPage(fleet(members), budget, true);
    expect(status.filter((word) => word !== undefined)).toEqual(
      expect.arrayContaining(["ok=1 of 2", "failed=1"]),
    );
    expect(status.some((word) => word?.startsWith("other="))).toBe(false);
  });

  it("is shown by its reason, and hosts of one reason together", async () => {
    const members = ["full", "sw2 is down", "sw3 is down"].map((why, at) =>
      ended(`sw${at + 1}`, at + 2, { is: "not_run", why }),
    );
    const text = (await fleetPage(fleet(members), budget)).output.join("\n");
    expect(text).toMatch(/^sw\[2-3\] #3-4: .*not_run\n.*is down/m);
    expect(text).toMatch(/^sw1 #2: .*not_run\n.*full/m);
  });

  it("is none that others wait for where the run has stopped", async () => {
    const answered = () => {};
    const question = {
      session: "exec-2",
      command: 1,
      row: "Delete it? [confirm]",
      asked: "confirm",
      answered,
    };
    const members: FleetMember[] = [
      { id: 2, host: "sw1", state: "asking", question },
      { id: 3, host: "sw2", state: "waiting" },
    ];
    const goesOn = await runPage(fleet(members, { running: true }), budget, true);
    expect(goesOn.notes.join()).toMatch(/they begin once what asks is answered/);
    const over = await runPage(fleet(members, { running: true, stopped: true }), budget, true);
    expect(over.notes.join()).toMatch(/will NOT be begun, whatever is answered/);
  });
});
