import { beforeAll, describe, expect, it } from "vitest";
import { fleet, warmUp } from "./fake-fleet.ts";

beforeAll(warmUp);

const LOST = { reason: "disconnect", message: "read ECONNRESET" } as const;

async function three(oneConnection: boolean) {
  const rig = fleet({ oneConnection });
  const { drive, mux } = rig;
  const notes: string[][] = [];
  for (const session of ["a", "b", "c"]) {
    const reply = await drive(mux.connect({ host: "fake", session }));
    notes.push([...(reply.opened?.notes ?? [])]);
  }
  return { ...rig, notes };
}

describe("sessions on one connection", () => {
  it("say at the opening with which others, and each names them", async () => {
    const { mux, notes } = await three(true);
    expect(notes).toEqual([
      [],
      ["on one connection with a: what ends it ends all of them"],
      ["on one connection with a, b: what ends it ends all of them"],
    ]);
    expect(mux.view("a").sharesWith).toEqual(["b", "c"]);
  });

  it("say which ended with them when it was lost, and not which had ended before", async () => {
    const { mux, shells, drive, clock } = await three(true);
    await drive(mux.disconnect("b"));
    expect(mux.view("a").sharesWith).toEqual(["c"]);
    const waits = drive(mux.shell({ session: "a", command: "sleep 9", timeoutMs: 60_000 }));
    await clock.pass(1_000);
    shells[0]?.hangUp(LOST);
    shells[2]?.hangUp(LOST);
    const { outcome } = await waits;
    expect(outcome).toMatchObject({ state: "closed", evidence: "disconnect" });
    expect(outcome.notes).toContain("c on the same connection ended with it");
    expect(mux.view("a").closedBecause).toBe("read ECONNRESET; c on the same connection ended with it");
    expect(mux.view("c").closedBecause).toBe("read ECONNRESET; a on the same connection ended with it");
    expect(mux.view("b").closedBecause).toBe("closed by ssh_disconnect");
    expect(mux.view("a").sharesWith).toEqual([]);
  });

  it("do not name one that was opened anew on another", async () => {
    const { mux, shells, drive } = await three(true);
    for (const shell of shells) shell.hangUp(LOST);
    const again = await drive(mux.connect({ host: "fake", session: "a" }));
    expect(again.session.sharesWith).toEqual([]);
  });
});

it("sessions on connections of their own say nothing of each other", async () => {
  const { mux, shells, notes } = await three(false);
  expect(notes.flat()).toEqual([]);
  shells[0]?.hangUp(LOST);
  expect(mux.view("a").closedBecause).toBe("read ECONNRESET");
});
