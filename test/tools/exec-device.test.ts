import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolvedLabHost } from "../../src/app/lab-hosts.ts";
import type { AuditEvent } from "../../src/audit/log.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { SavedSessions } from "../../src/multiplexer/saved.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";

let lab: Lab;
let desk: DeskOver;
let directory: readonly ResolvedHost[];
const folder = mkdtempSync(join(tmpdir(), "exec-device-"));
const recorded: AuditEvent[] = [];

beforeAll(async () => {
  lab = await startLab({ ...process.env, SHELL: "/bin/sh" });
  const hosts = lab.hosts.map(resolvedLabHost);
  const ios = hosts.find(({ platform }) => platform === "cisco_ios");
  const router = hosts.find(({ platform }) => platform === "mikrotik_routeros");
  if (ios === undefined || router === undefined) throw new Error("the lab has no such devices");
  const policy = { ...UNRESTRICTED, denyPatterns: ["^reload"] };
  directory = [
    ...[1, 2, 3].map((number) => ({ ...ios, name: `sw${number}`, policy })),
    { ...router, name: "rt1" },
  ];
  desk = deskOver(directory, { audit: { record: (event) => void recorded.push(event), close() {} } });
});
afterAll(async () => {
  await desk.dispose();
  await lab.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const exec = (args: object) => desk.call("ssh_exec", args);
const open = () => desk.multiplexer.sessions().filter(({ state }) => state !== "closed");

describe("ssh_exec on a network device that takes no exec requests", () => {
  it("runs in a session of its own, which is closed, and says so", async () => {
    const text = await exec({ host: "sw1", command: "show version" });
    expect(text).toMatch(/^Cisco IOS/);
    expect(text).toMatch(
      /\nnote: run in exec-1, a session opened for it and closed: stdout is what the terminal showed, there is no exit code\n\[sw1 #1 done (\S+s )?[\d,]+ lines notes=1\]$/,
    );
    expect(open()).toEqual([]);
    expect(await desk.call("ssh_read", { exec: 1, grep: "^Cisco IOS" })).toMatch(/^1: Cisco IOS/);
  });

  it("is told as closed by its call, and by nobody's ssh_disconnect, and is not saved to be opened again", async () => {
    const saved = new SavedSessions(join(folder, "saved.json"), Date.now);
    saved.keep({ name: "mine", host: "sw1", cols: 80, rows: 24 });
    const own = deskOver(directory, { saved });
    await own.call("ssh_exec", { host: "sw1", command: "show clock" });
    expect(saved.all().map(({ name }) => name)).toEqual(["mine"]);
    await own.dispose();
    await exec({ host: "sw1", command: "show clock" });
    const listed = await desk.call("ssh_sessions", {});
    expect(listed).toMatch(/^exec-\d+ {2}closed .*closed by the call that opened it/m);
    expect(listed).not.toContain("ssh_disconnect");
  });

  it("is so on the simulated router, too, which says of itself that it runs commands in a terminal only", async () => {
    expect(await exec({ host: "rt1", command: "/system identity print" })).toMatch(
      /^ *name: \S+\nnote: run in exec-\d+, .*\n\[rt1 #\d+ done /,
    );
  });

  it("has the classes of error rows in the place of an exit code", async () => {
    expect(await exec({ host: "sw1", command: "show nonsense" })).toMatch(/\n\[sw1 #\d+ done error=\S+ /);
  });

  it("passes the gate as a command and as what is typed, and dials nothing for what is denied", async () => {
    recorded.length = 0;
    expect(await exec({ host: "sw1", command: "reload" })).toMatch(/^denied: .*deny pattern "\^reload"/);
    expect(recorded.map(({ event, verb }) => [event, verb])).toEqual([["refused", "exec"]]);
    await exec({ host: "sw1", command: "show clock" });
    const acts = recorded.filter(({ event }) => event === "action").map(({ verb, text }) => [verb, text]);
    expect(acts).toEqual([
      ["exec", "show clock"],
      ["open", undefined],
      ["run", "show clock"],
      ["close", undefined],
    ]);
  });

  it("answers no question: what asks is named, and the session is closed", async () => {
    const text = await exec({ host: "sw1", command: "enable\ncopy running-config startup-config" });
    expect(text).toMatch(
      /note: it did not come to its end \(it asks: .*\): nothing was answered, and exec-\d+, .* is closed/,
    );
    expect(text).toMatch(/ closed unfinished /);
    expect(open()).toEqual([]);
  });

  it("refuses what only a Unix system understands", async () => {
    for (const more of [{ cwd: "/" }, { env: { A: "x" } }, { stdin: "x" }, { pty: true }])
      expect(await exec({ host: "sw1", command: "show clock", ...more })).toMatch(
        /is for Unix systems; nothing was sent/,
      );
  });

  it("goes on behind its call, and is cancelled with its session", async () => {
    const text = await exec({ host: "sw1", command: "ping 203.0.113.9 repeat 1000", timeout_s: 2 });
    expect(text).toMatch(
      /note: it runs in a session of its own: ssh_read\(session: "exec-\d+"\) shows .*\n\[sw1 #\d+ running /,
    );
    const id = Number(/#(\d+) running/.exec(text)?.[1]);
    const end = await desk.call("ssh_disconnect", { exec: id });
    expect(end).toMatch(
      /note: it was cancelled after \S+: its channel was closed, no signal was sent; .*\n\[sw1 #\d+ closed cancelled /,
    );
    expect(open()).toEqual([]);
  });

  it("is one of many as any host is", async () => {
    const text = await exec({ host: ["sw1", "sw2", "sw3"], command: "show inventory" });
    expect(text).toMatch(/^sw\[1-3\] #[\d-]+: done/);
    expect(text).toMatch(/\n\[hosts #\d+ done ok=\d of 3 (other=3 )?outputs=1 \S+\]$/);
    expect(open()).toEqual([]);
  });
});
