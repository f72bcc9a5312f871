import { beforeAll, describe, expect, it } from "vitest";
import { fleet, warmUp } from "./fake-fleet.ts";

beforeAll(warmUp);

async function opened() {
  const rig = fleet();
  await rig.drive(rig.mux.connect({ host: "fake", as: "one" }));
  const shell = rig.shells[0];
  if (!shell) throw new Error("no shell was opened");
  const run = (as: string, command: string) => rig.drive(rig.mux.shell({ session: "fake", command, as }));
  const read = async (as: string, cursor?: number) => {
    const request = { session: "fake", as, ...(cursor === undefined ? {} : { cursor }) };
    const reply = await rig.drive(rig.mux.wait(request));
    return { reply, text: (await rig.lines(reply)).join("\n"), notes: reply.outcome.notes };
  };
  return { ...rig, shell, run, read };
}

describe("what was shown is kept per caller", () => {
  it("one caller's read from the beginning takes nothing from another's next read", async () => {
    const { run, read, shell, clock } = await opened();
    await run("two", "echo first");
    await clock.pass(100);
    await read("two");
    shell.print("from the background\r\n");
    await clock.pass(100);
    expect((await read("one", 0)).text).toContain("first");
    expect((await read("one")).text).toContain("from the background");
    expect((await read("two")).text).toContain("from the background");
  });

  it("a caller who is new reads what the session still holds", async () => {
    const { run, read } = await opened();
    await run("one", "echo before you came");
    expect((await read("two")).text).toContain("before you came");
    expect((await read("two")).text).not.toContain("before you came");
  });

  it("a caller who gave up has seen nothing", async () => {
    const { mux, run, read, drive, shell, clock } = await opened();
    await run("one", "true");
    const leaves = new AbortController();
    const waiting = mux.shell({ session: "fake", command: "sleep 9", as: "one", signal: leaves.signal });
    await clock.pass(100);
    shell.print("while nobody looked\r\n");
    await clock.pass(50);
    leaves.abort();
    await drive(waiting);
    expect((await read("one")).text).toContain("while nobody looked");
  });
});

describe("what a caller has to know", () => {
  it("is shown to each caller once", async () => {
    const { mux, drive, shells, read, run } = await opened();
    await run("two", "true");
    const inner = shells[0];
    if (!inner) throw new Error("no shell");
    inner.scripts.set("vim", (running) => {
      running.print("\u001b[?1049h");
      running.end(0);
    });
    const told = await drive(mux.shell({ session: "fake", command: "vim", as: "one" }));
    expect(told.outcome.notes.join()).toContain("full-screen mode");
    expect((await read("one")).notes).toEqual([]);
    expect((await read("two")).notes.join()).toContain("full-screen mode");
    expect((await read("two")).notes).toEqual([]);
  });

  it("stays with the command for ever where it is a remark: a lost link", async () => {
    const { mux, drive, read, shell, clock } = await opened();
    const lost = mux.shell({ session: "fake", command: "nohup backup", as: "one" });
    shell.scripts.set("nohup backup", () => {});
    await clock.pass(100);
    shell.hangUp({ reason: "disconnect", message: "read ECONNRESET" });
    const remark =
      "#1 `nohup backup` was running when the link was lost: unknown whether it finished or still runs";
    expect((await drive(lost)).outcome.notes).toContain(remark);
    expect((await read("one")).notes).toContain(remark);
    expect((await read("two")).notes).toContain(remark);
    expect(mux.view("fake").command(1)?.remarks).toEqual([remark]);

    const again = await drive(mux.connect({ host: "fake", as: "one" }));
    expect(again.opened?.notes).toEqual([
      "this is a new shell: directory and environment of the old one are gone; its output stays readable",
      remark,
    ]);
    await drive(mux.disconnect("fake"));
    const third = await drive(mux.connect({ host: "fake", as: "one" }));
    expect(third.opened?.notes.join()).not.toContain("nohup backup");
  });
});
