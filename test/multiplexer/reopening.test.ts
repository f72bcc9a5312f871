import { beforeAll, describe, expect, it } from "vitest";
import { fleet, warmUp } from "./fake-fleet.ts";

beforeAll(warmUp);

const LOST = { reason: "disconnect", message: "read ECONNRESET" } as const;
const NEW_SHELL = expect.stringContaining("this is a new shell");

async function session(idleTimeoutMs = 0) {
  const rig = fleet({ hosts: { fake: { timing: { idleTimeoutMs } } } });
  const run = (command: string, as = "test", session = "fake") =>
    rig.drive(rig.mux.shell({ session, command, as, timeoutMs: 1000 }));
  await run("true");
  const ran = () => rig.shells.map((shell) => shell.ran);
  return { ...rig, run, ran };
}

describe("a command for a session that was closed", () => {
  it("runs in a new shell, and its result says so, where its own caller closed it", async () => {
    const { mux, drive, run, ran } = await session();
    await drive(mux.disconnect("fake"));
    const reply = await run("echo again");
    expect(reply.opened).toMatchObject({ newShell: true, notes: [NEW_SHELL] });
    expect(reply.outcome).toMatchObject({ state: "done", command: 2, exit: 0 });
    expect(ran()).toEqual([["true"], ["echo again"]]);
  });

  it("does so under a name of its own", async () => {
    const { mux, drive, run, ran } = await session();
    await drive(mux.connect({ host: "fake", session: "mine" }));
    await drive(mux.disconnect("mine"));
    expect((await run("echo again", "test", "mine")).session.name).toBe("mine");
    expect(ran()).toEqual([["true"], [], ["echo again"]]);
  });

  it("does so where it was idle for too long, whoever used it", async () => {
    const { clock, run, mux } = await session(10_000);
    await clock.pass(30_000);
    expect(mux.view("fake").closedBecause).toContain("idle");
    expect((await run("echo again", "another")).opened?.newShell).toBe(true);
  });

  it("does so where its caller saw the shell end", async () => {
    const { run } = await session();
    expect((await run("exit 3")).outcome).toMatchObject({ state: "closed", evidence: "exit" });
    expect((await run("echo again")).opened?.newShell).toBe(true);
  });

  it("is refused once to each caller where the link was lost, with what was lost, and then opens it", async () => {
    const { run, shells, ran } = await session();
    await run("sleep 9");
    shells[0]?.hangUp(LOST);
    const said =
      /read ECONNRESET; #2 `sleep 9` was running when the link was lost: .*; this command was NOT run/;
    await expect(run("rm -rf *")).rejects.toMatchObject({ code: "session_closed", message: said });
    await expect(run("ls", "another")).rejects.toMatchObject({ code: "session_closed", message: said });
    expect((await run("echo again")).opened?.newShell).toBe(true);
    expect(ran()).toEqual([["true", "sleep 9"], ["echo again"]]);
    shells[1]?.hangUp(LOST);
    await expect(run("echo more")).rejects.toMatchObject({ code: "session_closed" });
  });

  it("is refused once where another caller closed it", async () => {
    const { mux, drive, run } = await session();
    await drive(mux.disconnect("fake"));
    await expect(run("ls", "another")).rejects.toMatchObject({ message: /ssh_disconnect.*NOT run/ });
    expect((await run("ls", "another")).opened?.newShell).toBe(true);
  });

  it("is not run behind one that was refused so, where both came at once", async () => {
    const { mux, drive, shells, ran } = await session();
    shells[0]?.hangUp(LOST);
    const both = ["cd /x", "rm -rf *"].map((command) => mux.shell({ session: "fake", command }));
    const came = await drive(Promise.allSettled(both));
    expect(came.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(ran()).toEqual([["true"]]);
  });
});
