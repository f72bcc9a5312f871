import { beforeAll, describe, expect, it } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { type Fleet, fleet, warmUp } from "./fake-fleet.ts";

beforeAll(warmUp);

const unreachable = () => new SshMcpError("connect_failed", "no route to host");
/** A prompt_regex that is no pattern is found out when the terminal is open already. */
const broken = { platform: "auto", promptRegex: "(" } as const;

/** Timers of the multiplexer itself: the one that looks for idle sessions. */
const AT_REST = 1;

async function expectNothingLeft({ mux, clock }: Fleet): Promise<void> {
  expect(mux.sessions()).toEqual([]);
  expect(mux.find("fake")).toBeUndefined();
  expect(() => mux.view("fake")).toThrow(/no session "fake"/);
  expect(clock.pending).toBe(AT_REST);
}

describe("an opening that fails", () => {
  it("in the dial leaves no session, no name and nothing that waits", async () => {
    const rig = fleet({ dialMs: 200, dialFails: unreachable });
    const [one, other] = await rig.drive(
      Promise.allSettled([
        rig.mux.connect({ host: "fake" }),
        rig.mux.shell({ session: "fake", command: "echo x" }),
      ]),
    );
    expect([one, other]).toMatchObject([
      { status: "rejected", reason: { code: "connect_failed" } },
      { status: "rejected", reason: { code: "connect_failed" } },
    ]);
    await expectNothingLeft(rig);
  });

  it("behind the dial closes the terminal that was opened", async () => {
    const rig = fleet({ hosts: { fake: broken } });
    await expect(rig.drive(rig.mux.connect({ host: "fake" }))).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect(rig.shells.map((shell) => shell.closed)).toEqual([true]);
    await expectNothingLeft(rig);
  });

  it("makes room again, and the next one gets the name", async () => {
    let fails = true;
    const rig = fleet({
      maxSessions: 1,
      dialFails: () => (fails ? unreachable() : undefined),
    });
    for (let time = 0; time < 3; time++)
      await expect(rig.drive(rig.mux.connect({ host: "fake" }))).rejects.toMatchObject({
        code: "connect_failed",
      });
    fails = false;
    const opened = await rig.drive(rig.mux.connect({ host: "fake" }));
    expect(opened.session.name).toBe("fake");
    expect(opened.opened?.newShell).toBe(false);
  });

  it("under the name of a closed session leaves that session as it was", async () => {
    let fails = false;
    const rig = fleet({ dialFails: () => (fails ? unreachable() : undefined) });
    await rig.drive(rig.mux.connect({ host: "fake" }));
    await rig.drive(rig.mux.shell({ session: "fake", command: "echo kept" }));
    await rig.drive(rig.mux.disconnect("fake"));
    fails = true;
    await expect(rig.drive(rig.mux.connect({ host: "fake" }))).rejects.toMatchObject({
      code: "connect_failed",
    });
    const view = rig.mux.view("fake");
    expect(view.state).toBe("closed");
    const command = view.command(1);
    expect((await view.text(command?.from ?? 0, command?.to ?? 0)).lines).toEqual(["kept"]);
    fails = false;
    const again = await rig.drive(rig.mux.connect({ host: "fake" }));
    expect(again.opened?.newShell).toBe(true);
  });

  it("behind the dial under such a name leaves the old session readable and closed, its host's facts unchanged", async () => {
    const hosts = { fake: {} };
    const rig = fleet({ hosts: () => hosts });
    await rig.drive(rig.mux.connect({ host: "fake" }));
    await rig.drive(rig.mux.shell({ session: "fake", command: "echo kept" }));
    await rig.drive(rig.mux.disconnect("fake"));
    hosts.fake = { ...broken, address: "192.0.2.99" };
    await expect(rig.drive(rig.mux.connect({ host: "fake" }))).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect(rig.shells.map((shell) => shell.closed)).toEqual([true, true]);
    const view = rig.mux.view("fake");
    expect([view.state, view.target]).toEqual(["closed", "user@192.0.2.1:22"]);
    const command = view.command(1);
    expect((await view.text(command?.from ?? 0, command?.to ?? 0)).lines).toEqual(["kept"]);
  });
});
