import { beforeAll, describe, expect, it } from "vitest";
import { fleet, warmUp } from "./fake-fleet.ts";
import type { FakeShell } from "./fake-shell.ts";

beforeAll(warmUp);

const LOST = { reason: "disconnect", message: "read ECONNRESET" } as const;
const UNKNOWN = "was running when the link was lost: unknown whether it finished or still runs";

async function session() {
  const rig = fleet();
  await rig.drive(rig.mux.connect({ host: "fake" }));
  const newest = (): FakeShell => {
    const shell = rig.shells.at(-1);
    if (shell === undefined) throw new Error("no shell was opened");
    return shell;
  };
  const run = (command: string, timeoutMs = 1000) =>
    rig.drive(rig.mux.shell({ session: "fake", command, timeoutMs }));
  /** Loses the link and opens a new shell; what is said of the old one. */
  const reopen = async () => {
    newest().hangUp(LOST);
    const reply = await rig.drive(rig.mux.connect({ host: "fake" }));
    return reply.opened?.notes.slice(1) ?? [];
  };
  return { ...rig, newest, run, reopen };
}

describe("what is called cut when the link was lost", () => {
  it("is the command that ran, and none that had ended", async () => {
    const { run, reopen } = await session();
    await run("echo done");
    await run("sleep 9");
    expect(await reopen()).toEqual([`#2 \`sleep 9\` ${UNKNOWN}`]);
  });

  it("is nothing where nothing ran", async () => {
    const { run, reopen } = await session();
    await run("echo done");
    expect(await reopen()).toEqual([]);
  });

  it("is named with the shell it ran in, and not again when the next shell is lost", async () => {
    const { run, reopen } = await session();
    await run("sleep 9");
    expect(await reopen()).toEqual([`#1 \`sleep 9\` ${UNKNOWN}`]);
    await run("echo new");
    expect(await reopen()).toEqual([]);
    await run("sleep 8");
    expect(await reopen()).toEqual([`#3 \`sleep 8\` ${UNKNOWN}`]);
  });

  it("is not a line that nobody entered", async () => {
    const { mux, drive, reopen } = await session();
    await drive(mux.send({ session: "fake", text: "rm -rf x", timeoutMs: 500 }));
    expect(await reopen()).toEqual([]);
    expect(mux.view("fake").command(1)?.remarks).toEqual(["what was left on the line was never entered"]);
  });

  it("is not a command that had been typed and not begun: that is said of it", async () => {
    const { newest, run, reopen } = await session();
    newest().deaf = true;
    await run("make install");
    expect(await reopen()).toEqual([
      "#1 `make install` had not begun when the link was lost: unknown whether it ran",
    ]);
  });

  it("is nothing where we closed it, or the shell ended by itself", async () => {
    const unseen = ["its end was not seen: whether it finished is unknown"];
    const ends = [
      [{ reason: "closed_by_us" }, unseen],
      [{ reason: "exit", code: 1 }, []],
    ] as const;
    for (const [end, remarks] of ends) {
      const { mux, drive, newest, run } = await session();
      await run("sleep 9");
      newest().hangUp(end);
      const { opened } = await drive(mux.connect({ host: "fake" }));
      expect(opened?.notes.slice(1)).toEqual([]);
      expect(mux.view("fake").command(1)?.remarks).toEqual(remarks);
    }
  });
});

/** Makes `su -` open a shell of root's that takes our hooks. */
function withRootShell(shell: FakeShell, after: (ms: number, act: () => void) => void): void {
  shell.scripts.set("su -", (running) => {
    running.print("root@fake:~# ");
    running.input.push = (...lines) => {
      const label = /7717;([0-9a-f]{12}L2);I;\$__/.exec(lines.join())?.[1];
      running.print(`\u001b]7717;${label};I;5.2.15(1)-release///bash\u0007`);
      // The hook code follows, without an Enter.
      after(50, () => {
        const key = /;R;([0-9a-f]{8});/.exec(shell.writes.at(-1) ?? "")?.[1];
        running.print(`\u001b]7717;${label};R;${key};4720;/dev/pts/9;root;fake\u0007`);
        running.print(`\u001b]7717;${label};P;${key};0;0;/root\u0007root@fake:~# `);
      });
      return lines.length;
    };
  });
}

describe("the account in front", () => {
  it("is the login's again in the new shell, and that is said where it was another's", async () => {
    const { mux, newest, run, reopen, clock } = await session();
    withRootShell(newest(), (ms, act) => void clock.after(ms, act));
    expect((await run("su -", 9000)).outcome).toMatchObject({ state: "asking", asked: "shell", level: 2 });
    expect(mux.view("fake")).toMatchObject({ level: 2, cwd: "/root" });
    const said = await reopen();
    expect(said.join("\n")).toMatch(/login's user again, not in the nested shell \(level 2\)/);
    expect(said.at(-1)).toBe(`#1 \`su -\` ${UNKNOWN}`);
    expect(mux.view("fake")).toMatchObject({ level: 1, cwd: "/home/user" });
    expect((await run("echo now")).outcome).toMatchObject({ state: "done", level: 1 });
  });

  it("is not spoken of where no shell was nested", async () => {
    const { run, reopen } = await session();
    await run("sleep 9");
    expect((await reopen()).join()).not.toContain("level");
  });
});
