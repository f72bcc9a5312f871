import { beforeAll, describe, expect, it } from "vitest";
import { PING_LINE } from "../../../src/shell/posix/hooks.ts";
import { fleet, warmUp } from "../../multiplexer/fake-fleet.ts";

beforeAll(warmUp);

/** A shell over a slow link, on whose line something is left: a command has it cleared first. */
async function session(delayMs: number) {
  const rig = fleet({ shell: { delayMs } });
  await rig.drive(rig.mux.connect({ host: "fake" }));
  const [shell] = rig.shells;
  if (shell === undefined) throw new Error("no shell was opened");
  const run = (command: string) =>
    rig.mux.shell({ session: "fake", command, timeoutMs: 10_000 }).then(
      ({ outcome }) => outcome,
      (error: unknown) => error,
    );
  const interrupt = () => rig.mux.send({ session: "fake", keys: "<C-c>", timeoutMs: 5000 });
  const draft = () => rig.drive(rig.mux.send({ session: "fake", text: "draft", timeoutMs: 2000 }));
  return { ...rig, shell, run, interrupt, draft };
}

describe("an interrupt before a command is typed", () => {
  it("gives the command up, which says so and leaves nothing behind", async () => {
    const { drive, clock, shell, run, interrupt, draft } = await session(200);
    await draft();
    const given = run("make install");
    await clock.pass(100);
    await drive(interrupt());
    expect(await drive(given)).toMatchObject({
      code: "not_ready",
      message: expect.stringContaining("before the command was typed: it was NOT run"),
    });
    expect(await drive(run("echo alone"))).toMatchObject({ state: "done", exit: 0 });
    expect(shell.ran).toEqual(["echo alone"]);
  });
});

describe("an interrupt while a command's line is on its way", () => {
  it("that has the shell discard the line ends the command as not run", async () => {
    const { drive, clock, shell, run, interrupt } = await session(300);
    shell.deaf = true;
    const given = run("make install");
    await clock.pass(400);
    shell.deaf = false;
    await drive(interrupt());
    expect(await drive(given)).toMatchObject({
      state: "done",
      notes: expect.arrayContaining([expect.stringContaining("NOT RUN: the shell discarded the line")]),
    });
    expect(shell.ran).toEqual([]);
  });

  it("has brought the prompt that discards it: the next line that is lost is noticed as well", async () => {
    const { drive, clock, shell, run, interrupt } = await session(0);
    for (const command of ["make one", "make two", "make three"]) {
      shell.deaf = true;
      const given = run(command);
      await clock.pass(100);
      shell.deaf = false;
      await drive(interrupt());
      expect(await drive(given)).toMatchObject({ state: "done" });
    }
    // The shell did not have to be asked for its status.
    expect(shell.writes).not.toContain(PING_LINE);
    expect(await drive(run("echo alone"))).toMatchObject({ state: "done", exit: 0 });
    expect(shell.ran).toEqual(["echo alone"]);
  });
});
