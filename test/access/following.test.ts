import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { callerNamed } from "../multiplexer/permitted.ts";
import { hostWith } from "../tools/fake.ts";

beforeAll(async () => {
  await warmUp();
  await import("../../src/desk/dispatch.ts");
});

/** A framed shell behind the real gate; calls are given by the tools' names, several at the same time. */
async function shell() {
  const rig = fleet();
  const { multiplexer, clock } = rig;
  const access = createAccess({ directory: { resolve: async () => hostWith([]) }, clock });
  const desk = createDesk({ workspace: async () => ({ multiplexer, access, clock }), report: () => {} });
  const call = async (tool: string, args: object, by = "a") =>
    (await desk.call(callerNamed(by), tool, { session: "fake", timeout_s: 5, ...args })).text;
  const run = (command: string, more = {}, by = "a") => call("ssh_shell", { command, ...more }, by);
  const send = (keys: string, more = {}, by = "a") => call("ssh_send", { keys, ...more }, by);
  const all = (...calls: Promise<string>[]) => rig.drive(Promise.all(calls));
  await all(run("true"));
  const [far] = rig.shells;
  if (far === undefined) throw new Error("no shell was opened");
  const lasts = (command: string, ms: number, status: number) =>
    far.scripts.set(command, (running) => void clock.after(ms, () => running.end(status)));
  far.scripts.set("ask", (running) => running.print("Proceed? [y/N] "));
  return { ...rig, run, send, all, far, lasts };
}

describe("commands of one caller that are given at the same time", () => {
  it("run one behind the other, each when the one before has ended well", async () => {
    const { run, all, far, lasts } = await shell();
    lasts("make", 2000, 0);
    const [, second, third] = await all(run("make"), run("echo two"), run("echo three"));
    expect(second).toMatch(/^two\n\[fake #3 done exit=0/);
    expect(third).toMatch(/^three\n\[fake #4 done exit=0/);
    expect(far.ran).toEqual(["true", "make", "echo two", "echo three"]);
  });

  it("are refused behind one that failed, which is named with its exit code, and so are all behind them", async () => {
    const { run, all, far, lasts } = await shell();
    lasts("cd build", 500, 1);
    const [first, second, third] = await all(run("cd build"), run("rm -rf *"), run("echo three"));
    expect(first).toMatch(/exit=1/);
    expect(second).toMatch(
      /^not_ready: `cd build`, which came before this call, ended with exit=1 \(#2\): it was NOT run/,
    );
    expect(third).toMatch(
      /^not_ready: `rm -rf \*`, which came before this call, was refused \(not_ready\): it was NOT run/,
    );
    expect(far.ran).toEqual(["true", "cd build"]);
  });

  it("are told of after: any where that would have let them run, and only there", async () => {
    const { run, all, lasts } = await shell();
    lasts("cd build", 500, 1);
    const [, failed, refused] = await all(run("cd build"), run("echo two"), run("echo three"));
    for (const text of [failed, refused]) expect(text).toMatch(/\nNext: .*after: "any" runs this one/);
    const [, asked] = await all(run("ask"), run("echo two"));
    expect(asked).not.toContain('after: "any"');
    expect(asked).toMatch(/\nNext: .*give this one again if it is still wanted/);
  });

  it("run however the one before ended where their sender says so", async () => {
    const { run, all, far, lasts } = await shell();
    lasts("cd build", 500, 1);
    await all(run("cd build"), run("echo two", { after: "any" }), run("echo three"));
    expect(far.ran).toEqual(["true", "cd build", "echo two", "echo three"]);
  });

  it.each([{}, { after: "any" }])("are refused behind one that asks: %j", async (more) => {
    const { run, all, far } = await shell();
    const [, second] = await all(run("ask"), run("echo two", more));
    expect(second).toMatch(
      /^not_ready: `ask`, which came before this call, asks \(#2\): Proceed\? \[y\/N\]: it was NOT run/,
    );
    expect(far.ran).toEqual(["true", "ask"]);
  });

  it("are refused behind one whose own wait is over while it runs", async () => {
    const { run, all, far } = await shell();
    const [, second] = await all(run("sleep 60", { timeout_s: 1 }), run("echo two"));
    expect(second).toMatch(
      /`sleep 60`, which came before this call, has not ended \(#2\), its own wait is over/,
    );
    expect(far.ran).toEqual(["true", "sleep 60"]);
  });

  it("say that they were NOT typed where their own time runs out first", async () => {
    const { run, all, far } = await shell();
    const [, second] = await all(run("sleep 60"), run("echo two", { timeout_s: 1 }));
    expect(second).toMatch(/^busy: `sleep 60`, .* has not ended within 1 s: it was NOT typed/);
    expect(far.ran).toEqual(["true", "sleep 60"]);
  });

  it("are withdrawn by an interrupt that comes behind them, and run behind it", async () => {
    const { run, send, all, far, clock } = await shell();
    const waiting = [run("sleep 60"), run("echo two")];
    await clock.pass(500);
    const [first, second, , fourth] = await all(...waiting, send("<C-c>"), run("echo four"));
    expect(first).toMatch(/exit=130/);
    expect(second).toMatch(/interrupt key came before `echo two` was typed/);
    expect(fourth).toMatch(/^four\n/);
    expect(far.ran).toEqual(["true", "sleep 60", "echo four"]);
  });
});

describe("keys behind a command of the same caller", () => {
  it("answer nothing else where that command was refused", async () => {
    const { run, send, all, far } = await shell();
    const [, , third] = await all(run("ask", { timeout_s: 2 }), run("login"), send("hunter2<Enter>"));
    expect(third).toMatch(
      /^not_ready: `login`, which came before this call, was refused.*nothing of it was sent/,
    );
    expect(far.writes.join("")).not.toContain("hunter2");
  });
});

describe("calls of another caller", () => {
  it("do not wait for a command that waits for its own caller's", async () => {
    const { run, send, all, far, clock } = await shell();
    const waiting = [run("ask", { timeout_s: 3, wait_for: "never" }), run("echo two")];
    await clock.pass(2000);
    await all(send("y<Enter>", { timeout_s: 0.1 }, "b"));
    expect(far.writes.at(-1)).toBe("y\r");
    await all(...waiting);
  });

  it("are refused as busy while a command runs that is none of theirs", async () => {
    const { run, all, far } = await shell();
    const [, second] = await all(run("sleep 60", { timeout_s: 1 }), run("echo two", {}, "b"));
    expect(second).toMatch(/^busy: #2 `sleep 60` is still running/);
    expect(far.ran).toEqual(["true", "sleep 60"]);
  });
});
