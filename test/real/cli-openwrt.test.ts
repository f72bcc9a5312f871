import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import { type OpenWrtLike, startOpenWrtLike } from "./kit/openwrt.ts";
import { type DelayProxy, delayProxy } from "./kit/proxy.ts";
import { type Opened, type Rig, rigFor } from "./rig.ts";

/** BusyBox ash behind dropbear, as on OpenWrt: a shell, framed with exit codes, that asks where the cursor is. */

const DONE = { state: "done", evidence: "sentinel" };

let device: OpenWrtLike;
let slow: DelayProxy;
let rig: Rig;
const opened: Opened[] = [];

beforeAll(async () => {
  device = await startOpenWrtLike();
  slow = await delayProxy({ target: device.server, rttMs: 120, chunk: 7 });
  const narrow = { cols: 80, rows: 24, term: "xterm" };
  rig = rigFor([
    hostFor(device.server, device.user, { name: "given", platform: "openwrt", terminal: narrow }),
    hostFor(device.server, device.user, { name: "unknown", platform: "auto", terminal: narrow }),
    hostFor(slow, device.user, { name: "slow", platform: "openwrt", terminal: narrow }),
  ]);
});
afterEach(async () => {
  for (const session of opened.splice(0)) await session.close();
});
afterAll(async () => {
  await rig?.close();
  await slow?.close();
  await device?.stop();
});

async function open(host: string): Promise<Opened> {
  const one = await rig.open(host);
  opened.push(one);
  return one;
}

describe.each(["given", "unknown", "slow"])("a session on an OpenWrt-like router: %s", (host) => {
  it("has exit codes and a working directory, and names the shell", async () => {
    const session = await open(host);
    expect(session.first.outcome).toMatchObject(DONE);
    expect(session.view().framing).toMatch(/^ash\b/);
    expect((await session.run("uname")).outcome).toMatchObject({ ...DONE, exit: 0 });
    expect((await session.run("false")).outcome).toMatchObject({ ...DONE, exit: 1 });
    expect((await session.run("cd /etc")).outcome).toMatchObject({ ...DONE, exit: 0, cwd: "/etc" });
    expect((await session.run("nonsense")).outcome).toMatchObject({ ...DONE, exit: 127 });
  });

  it("takes a line of many rows, which the shell wraps by itself, and no answer to a query stays behind", async () => {
    const session = await open(host);
    const long = "0123456789 ".repeat(60).trim();
    expect(await session.run(`echo ${long}`)).toMatchObject({ outcome: { ...DONE, exit: 0 }, text: long });
    for (let at = 0; at < 5; at++)
      expect(await session.run(`echo round ${at}`)).toMatchObject({
        outcome: { exit: 0 },
        text: `round ${at}`,
      });
  });

  it("gives long outputs and scripts of several lines whole", async () => {
    const session = await open(host);
    const { text } = await session.run("seq 1 2000");
    expect(text.split("\n")).toEqual(Array.from({ length: 2000 }, (_row, at) => `${at + 1}`));
    const script = await session.run("for i in a b; do\n  echo $i\ndone\ncat <<END\n~ # not a prompt\nEND");
    expect(script).toMatchObject({ outcome: { exit: 0 }, text: "a\nb\n~ # not a prompt" });
  });
});

describe("the greeting of the router", () => {
  it("stands in what the connection shows", async () => {
    const session = await open("given");
    const { from, to } = session.first.outcome;
    const { lines } = await session.view().text(from, to);
    expect(lines.join("\n")).toContain("OpenWrt 23.05.5");
  });
});
