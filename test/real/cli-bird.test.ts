import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type BirdRouter, startBird } from "./kit/bird.ts";
import { settled } from "./kit/cli-text.ts";
import { hostFor } from "./kit/host.ts";
import { type DelayProxy, delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Opened, type Rig, rigFor } from "./rig.ts";

/** BIRD's birdc behind sshd, through the whole stack. */

const DONE = { state: "done", evidence: "prompt" };

let router: BirdRouter;
let server: TestServer;
let slow: DelayProxy;
let rig: Rig;
const opened: Opened[] = [];

beforeAll(async () => {
  router = await startBird();
  server = await startSshd({ config: [`ForceCommand ${router.birdc}`] });
  slow = await delayProxy({ target: server, rttMs: 120, chunk: 7 });
  rig = rigFor([
    hostFor(server, "dash", { name: "bird", platform: "bird" }),
    hostFor(server, "dash", { name: "unknown", platform: "auto" }),
    hostFor(slow, "dash", { name: "slow", platform: "bird" }),
  ]);
});
afterEach(async () => {
  router.freeze(false);
  for (const session of opened.splice(0)) await session.close();
});
afterAll(async () => {
  await rig?.close();
  await slow?.close();
  await server?.stop();
  await router?.stop();
});

async function open(host: string, session?: string): Promise<Opened> {
  const one = await rig.open(host, session);
  opened.push(one);
  return one;
}

/** What birdc prints when it has no terminal, without its greeting. */
async function wanted(command: string): Promise<string> {
  return shown((await router.ask(command)).replace(/^BIRD \S+ ready\.\n/, ""));
}

/** Tabs as blanks: that is what they are where the pager's row was wiped before. */
function shown(text: string): string {
  const expanded = (row: string) =>
    row.split("\t").reduce((before, cell) => before.padEnd(8 * (Math.floor(before.length / 8) + 1)) + cell);
  return settled(text).split("\n").map(expanded).join("\n");
}

describe("a session on birdc", () => {
  it.each(["bird", "slow", "unknown"])("gives every page of a long table: %s", async (host) => {
    const session = await open(host);
    expect(session.first.outcome).toMatchObject({ ...DONE, mode: "exec" });
    for (const command of ["show route", "show route all", "show symbols"]) {
      const { outcome, text } = await session.run(command);
      expect(outcome).toMatchObject({ ...DONE, mode: "exec" });
      expect(outcome.errors).toBeUndefined();
      expect(shown(text)).toBe(await wanted(command));
    }
  });

  it("gives short outputs, one row and none", async () => {
    const session = await open("bird");
    expect((await session.run("show route 10.30.0.1/32")).text).toMatch(/^Table master4:\n10\.30\.0\.1\/32 /);
    expect((await session.run("eval 40 + 2")).text).toBe("42");
    const empty = await session.run("echo off");
    expect(empty).toMatchObject({ outcome: DONE, text: "" });
    expect((await session.run("show status")).text).toMatch(/^BIRD .*\nDaemon is up and running$/s);
  });

  it("runs many commands one behind the other, each with its own output", async () => {
    const session = await open("bird");
    for (let at = 0; at < 20; at++) {
      const { outcome, text } = await session.run(`eval ${at} * 3`);
      expect(outcome).toMatchObject(DONE);
      expect(text).toBe(`${at * 3}`);
    }
  });

  it("takes the prompt before the output for no end while BIRD is busy", async () => {
    const session = await open("bird");
    const want = await wanted("show route");
    router.freeze(true);
    const early = await session.run("show route", { timeoutMs: 1500 });
    expect(early.outcome).toMatchObject({ state: "running", evidence: "timeout" });
    expect(early.text).toBe("");
    router.freeze(false);
    const { outcome } = await session.settle();
    expect(outcome).toMatchObject({ ...DONE, command: early.outcome.command });
    const record = session.view().command(outcome.command);
    const { lines } = await session.view().text(record?.from ?? 0, record?.to ?? 0);
    expect(shown(lines.join("\n"))).toBe(want);
  });

  it("names what BIRD refuses", async () => {
    const session = await open("bird");
    const refused = await session.run("nonsense");
    expect(refused.outcome).toMatchObject({ ...DONE, errors: [{ class: "syntax" }] });
    expect(refused.text).toBe("No such command. Press `?' for help.");
    expect((await session.run("eval )")).outcome.errors).toMatchObject([{ class: "syntax" }]);
  });

  it("shows the help of a question mark and leaves no line behind", async () => {
    const session = await open("bird");
    const { outcome, text } = await session.run("show ?");
    expect(outcome).toMatchObject(DONE);
    expect(text).toMatch(/^show memory +Show memory usage$/m);
    expect((await session.run("eval 7")).text).toBe("7");
  });

  it("is found by its greeting where the platform is not given", async () => {
    const session = await open("unknown");
    expect(session.view().framing).toMatch(
      /^BIRD \(birdc\) \(bird\), prompt "bird>"; platform bird: the banner "BIRD \S+ ready\."/,
    );
  });

  it("works side by side with another one", async () => {
    const [left, right] = [await open("bird", "left"), await open("bird", "right")];
    const want = await wanted("show route");
    const [routes, sums] = await Promise.all([
      left.run("show route"),
      (async () => {
        const texts: string[] = [];
        for (let at = 0; at < 5; at++) texts.push((await right.run(`eval ${at}`)).text);
        return texts;
      })(),
    ]);
    expect(shown(routes.text)).toBe(want);
    expect(sums).toEqual(["0", "1", "2", "3", "4"]);
  });
});
