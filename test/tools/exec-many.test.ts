import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerChannel } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { Approvals } from "../../src/approval/approvals.ts";
import { Board } from "../../src/approval/board.ts";
import type { AuditEvent } from "../../src/audit/log.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { Guard } from "../../src/policy/guard.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { type Script, type ScriptedServer, startScripted } from "../ssh/scripted.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";
import { AGENT } from "./fake.ts";

let server: ScriptedServer;
let desk: DeskOver;
afterEach(async () => {
  await desk.dispose();
  await server.stop();
});

const recorded: AuditEvent[] = [];

/** One server under many names. */
async function start(
  script: Script,
  names: readonly string[],
  change: (name: string) => Partial<ResolvedHost> = () => ({}),
): Promise<void> {
  server = await startScripted(script);
  recorded.length = 0;
  const audit = { record: (event: AuditEvent) => void recorded.push(event), close() {} };
  const hosts = names.map((name) => ({ ...server.host, name, user: name, groups: ["all"], ...change(name) }));
  desk = deskOver(hosts, { audit });
}

const range = (count: number, prefix = "leaf") =>
  Array.from({ length: count }, (_, at) => `${prefix}${at + 1}`);

function says(channel: ServerChannel, stdout: string, code = 0, stderr = ""): void {
  channel.write(stdout);
  if (stderr !== "") channel.stderr.write(stderr);
  channel.exit(code);
  channel.end();
}

describe("ssh_exec on many hosts", () => {
  it("shows each distinct output once with its hosts, and costs no more than those", async () => {
    let calls = 0;
    await start(
      {
        exec: (channel) =>
          ++calls % 50 === 0 ? says(channel, "odd\n", 2, "bad\n") : says(channel, "9.2\nup\n"),
      },
      range(200),
    );
    const text = await desk.call("ssh_exec", { host: "group:all", command: "version", timeout_s: 50 });
    expect(text.split("\n")).toEqual([
      expect.stringMatching(/^leaf\[[\d,-]+\] #[\d,-]+: exit=0$/),
      "  9.2",
      "  up",
      expect.stringMatching(/^leaf\[\d+,\d+,\d+,\d+\] #\d+,\d+,\d+,\d+: exit=2$/),
      "  odd",
      "  stderr:",
      "  bad",
      expect.stringMatching(/^\[hosts #1 done ok=196 of 200 other=4 outputs=2 \S+\]$/),
    ]);
    expect(text.length).toBeLessThan(600);
    const one = Number(/#(\d+),/.exec(text.split("\n")[3] ?? "")?.[1]);
    expect(await desk.call("ssh_read", { exec: one })).toMatch(
      new RegExp(`^odd\\nstderr:\\nbad\\n\\[leaf${one - 1} #${one} done exit=2 `),
    );
    const found = await desk.call("ssh_read", { exec: 1, grep: "exit=2" });
    expect(found.match(/ exit=2$/gm)).toHaveLength(4);
    expect(found).toContain(`${one - 1}: #${one} leaf${one - 1} exit=2`);
    expect(await desk.call("ssh_read", { exec: 1, offset: -1 })).toMatch(
      /^#201 leaf200 exit=\d\n\[hosts #1 done /,
    );
    // The very same result again.
    expect(await desk.call("ssh_read", { exec: 1 })).toBe(text);
  });

  it("passes the gate on each host for itself: a refusal of one stops no other, and failures are apart", async () => {
    const policy = (name: string) => ({
      ...(name === "leaf2" ? { policy: { ...UNRESTRICTED, denyPatterns: ["reboot"] } } : {}),
      ...(name === "leaf3" || name === "leaf4" ? { port: 1, timing: FAST } : {}),
    });
    await start({ exec: (channel) => says(channel, "ok\n") }, range(5), policy);
    const text = await desk.call("ssh_exec", { host: [...range(5), "leaf1", "nobody"], command: "reboot" });
    expect(text).toMatch(/^leaf\[1,5\] #2,6: exit=0\n {2}ok\n/);
    expect(text).toMatch(/\nleaf2 #3: denied\n {2}.*deny pattern "reboot"/);
    expect(text).toMatch(/\nleaf\[3-4\] #4-5: connect_failed\n/);
    expect(text).toMatch(/\nnobody #7: unknown_host\n {2}[Tt]here is no host "nobody"/);
    expect(text).toMatch(/\[hosts #1 done ok=2 of 6 failed=4 outputs=1 \S+\]$/);
    expect(recorded.filter(({ event, verb }) => event === "refused" && verb === "exec")).toMatchObject([
      { host: "leaf2", code: "denied", text: "reboot" },
    ]);
    expect(recorded.filter(({ event, host }) => event === "outcome" && host === "leaf1")).toMatchObject([
      { command: 2, state: "done", exit: 0 },
    ]);
  });

  it("goes on behind its call, says how far it is, and its cancel ends what runs and starts no more", async () => {
    const channels: ServerChannel[] = [];
    await start(
      { exec: (channel) => void channels.push(channel), signal: (channel) => says(channel, "", 143) },
      range(40),
    );
    const said: string[] = [];
    const progress = ({ message }: { message: string }) => void said.push(message);
    const text = await desk.call(
      "ssh_exec",
      { host: range(40), command: "x", timeout_s: 5.6 },
      { ...AGENT, progress },
    );
    expect(text).toMatch(
      /^leaf\[1-32\] #2-33: running\nleaf\[33-40\] #34-41: waiting\n\[hosts #1 running ok=0 of 40 running=32 waiting=8 outputs=0 \S+\]$/,
    );
    expect(said[0]).toMatch(/^5 s, 0 of 40 hosts$/);
    const end = await desk.call("ssh_disconnect", { exec: 1 });
    expect(end).toMatch(/: not_ready\n {2}cancelled before its turn: the command was NOT run there\n/);
    expect(end).toMatch(/\[hosts #1 done ok=0 of 40 other=32 failed=8 outputs=1 \S+\]$/);
    expect(channels).toHaveLength(32);
  });

  it("shows of many distinct outputs as many as fit, and names the hosts of the rest", async () => {
    let calls = 0;
    await start(
      { exec: (channel) => says(channel, `${"x".repeat(300)} ${calls++}\n`.repeat(3)) },
      range(100),
    );
    const text = await desk.call("ssh_exec", {
      host: "group:all",
      command: "x",
      timeout_s: 50,
      max_tokens: 1_000,
    });
    expect(text.length).toBeLessThan(6_000);
    expect(text).toMatch(
      /\n… \d+ more outputs left out: leaf\[[\d,-]+\] #[\d,-]+ …\n\[hosts #1 done ok=100 of 100 outputs=100 /,
    );
  });

  it("refuses a group, a tag or a list that names nobody, and sends nothing", async () => {
    await start({ exec: (channel) => says(channel, "") }, range(2));
    expect(await desk.call("ssh_exec", { host: "group:al", command: "x" })).toMatch(
      /^invalid_argument: ssh_exec: no host is of the group "al"; nothing was sent\.\nNext: There are: all\.$/,
    );
    expect(await desk.call("ssh_exec", { host: "tag:x", command: "x" })).toMatch(/There are no tags\.$/);
    expect(await desk.call("ssh_exec", { host: [], command: "x" })).toMatch(/the list of hosts is empty/);
    expect(await desk.call("ssh_exec", { host: ["leaf1"], command: "x", env: { "": "x" } })).toMatch(
      /^invalid_argument: .*no name of a variable/,
    );
    expect(await desk.call("ssh_exec", { host: '["leaf1","leaf2"]', command: "x" })).toMatch(
      /^leaf\[1-2\] #2-3: exit=0\n\[hosts #1 done ok=2 of 2 outputs=1/,
    );
  });
});

const FAST = {
  connectTimeoutMs: 2_000,
  keepaliveIntervalMs: 0,
  keepaliveCount: 3,
  idleTimeoutMs: 0,
  commandTimeoutMs: 5_000,
};

describe("a command on many hosts that a person has to approve", () => {
  const RESTART = "systemctl restart nginx";
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  /** Guarded hosts; `ends`: the exit codes in the order in which the command comes. */
  async function guarded(ends: readonly number[], answer: "yes" | "no" = "yes") {
    let given = 0;
    let asked = 0;
    server = await startScripted({
      exec: (channel) => {
        says(channel, "", ends[given++] ?? 0);
      },
    });
    const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-fleet-"));
    folders.push(folder);
    const board = new Board(folder, () => systemClock.wallTime());
    const policy = { ...UNRESTRICTED, level: "guarded" as const };
    const hosts = range(5, "web").map((name) => ({ ...server.host, name, platform: "posix", policy }));
    desk = deskOver(hosts, {
      gate: (directory) =>
        createAccess({
          directory,
          guard: new Guard(async () => undefined, systemClock),
          approvals: new Approvals({ board, clock: systemClock }),
        }),
    });
    const approve = async () => {
      asked++;
      return answer;
    };
    const call = (command: string) =>
      desk.call("ssh_exec", { host: range(5, "web"), command, timeout_s: 30 }, { ...AGENT, approve });
    return { call, given: () => given, asked: () => asked };
  }

  it("is approved once, and goes to the first host alone before the rest", async () => {
    const { call, given, asked } = await guarded([]);
    expect(await call(RESTART)).toMatch(/\[hosts #1 done ok=5 of 5 /);
    expect([given(), asked()]).toEqual([5, 1]);
  });

  it("goes to no further host where the first one failed", async () => {
    const { call, given } = await guarded([1]);
    const text = await call(RESTART);
    expect(text).toMatch(
      /stopped, since web1 \(#2\) did not come to a good end: the command was NOT run here/,
    );
    expect(text).toMatch(/\[hosts #1 done ok=0 of 5 other=1 failed=4 /);
    expect(given()).toBe(1);
  });

  it("that is refused runs nowhere, and each host says why", async () => {
    const { call, given, asked } = await guarded([], "no");
    expect(await call(RESTART)).toMatch(/web\[1-5\] #2-6: denied\n/);
    expect([given(), asked()]).toEqual([0, 1]);
  });

  it("is not what a command that only reads is: that goes on past a failure", async () => {
    const { call, given, asked } = await guarded([1]);
    expect(await call("uptime")).toMatch(/\[hosts #1 done ok=4 of 5 other=1 /);
    expect([given(), asked()]).toEqual([5, 0]);
  });
});
