import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import type { Passage } from "../../src/access/step.ts";
import { breadth } from "../../src/access/steps/breadth.ts";
import { Approvals } from "../../src/approval/approvals.ts";
import { Board } from "../../src/approval/board.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Action, SessionFacts, Target } from "../../src/base/contract/action.ts";
import type { HostPolicy } from "../../src/base/contract/policy.ts";
import { Guard } from "../../src/policy/guard.ts";
import { aHost, UNRESTRICTED } from "../a-host.ts";
import { AGENT } from "../tools/fake.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A gate over one Unix host, and what of the acts came through. */
function gate(policy: Partial<HostPolicy>) {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-levels-"));
  folders.push(folder);
  const whole = { ...UNRESTRICTED, ...policy };
  const board = new Board(folder, () => systemClock.wallTime());
  const access = createAccess({
    directory: { resolve: async () => aHost({ policy: whole }), outdated: undefined },
    guard: new Guard(async () => undefined, systemClock),
    approvals: new Approvals({ board, clock: systemClock }),
  });
  const done: Action[] = [];
  const target = (facts: Partial<SessionFacts> = {}): Target => ({
    host: { name: "web1", address: "jo@192.0.2.1:22", platform: "posix", policy: whole },
    session: { name: "web1", life: 1, state: "prompt", promptBy: "sentinel", level: 1, ...facts },
  });
  const pass = (action: Action, facts?: Partial<SessionFacts>) =>
    access.pass(AGENT, action, target(facts), async () => {
      done.push(action);
    });
  return { access, board, done, pass, target };
}

const run = (command: string): Action => ({
  verb: "run",
  command,
  lines: command.split("\n").map((text) => ({ text, why: "command" })),
});
const keys = (shown: string, bytes: string, lines: readonly string[], unknown = false): Action => ({
  verb: "type",
  how: "keys",
  shown,
  bytes: Buffer.from(bytes),
  enters: { lines, unknown },
});
const file = (op: "read" | "write" | "upload", path: string): Action => ({ verb: "file", op, path });

describe("a host that is read_only", () => {
  const reads = ["ls -la /var/log", "cat /etc/os-release | grep NAME", "systemctl status nginx"];
  it.each(reads)("lets %s pass", async (command) => {
    const { pass, done } = gate({ level: "read_only" });
    await pass(run(command));
    expect(done).toHaveLength(1);
  });

  it.each(["touch x", "echo hi > /tmp/x", "rm -rf /", "./tool", "$cmd", "ls; reboot", "alias ls=reboot"])(
    "refuses %s",
    async (command) => {
      const { pass, done } = gate({ level: "read_only" });
      await expect(pass(run(command))).rejects.toMatchObject({ code: "denied" });
      expect(done).toEqual([]);
    },
  );

  it("lets files be read, and none be written", async () => {
    const { pass } = gate({ level: "read_only" });
    await pass(file("read", "/etc/hosts"));
    for (const op of ["write", "upload"] as const)
      await expect(pass(file(op, "/tmp/x"))).rejects.toMatchObject({ code: "denied" });
  });

  it("lets a pager be paged and left, and nothing be typed into it", async () => {
    const { pass } = gate({ level: "read_only" });
    const running = { state: "screen", command: 1 };
    for (const key of [" ", "q", "\u001b[B", "\u0003", "\r"]) await pass(keys(key, key, []), running);
    await expect(pass(keys("!sh<Enter>", "!sh\r", ["!sh"]), running)).rejects.toMatchObject({
      code: "denied",
    });
  });
});

describe("a host that is guarded", () => {
  it.each(["mkdir -p /tmp/x && touch /tmp/x/y", "ls", "git pull"])("lets %s pass", async (command) => {
    const { pass, done } = gate({ level: "guarded" });
    await pass(run(command));
    expect(done).toHaveLength(1);
  });

  it("asks a human for what is more, and lets exactly that pass once", async () => {
    const { pass, done, board } = gate({ level: "guarded" });
    await expect(pass(run("systemctl stop nginx"))).rejects.toMatchObject({ code: "approval_needed" });
    const [order] = await board.waiting();
    expect(order).toMatchObject({ host: "web1", text: "systemctl stop nginx", risk: "disruptive" });
    await board.give(order?.id ?? "", {
      yes: true,
      by: "jo at a terminal",
      at: systemClock.wallTime(),
      key: order?.key ?? "",
    });
    await expect(pass(run("systemctl stop nginx; true"))).rejects.toMatchObject({ code: "approval_needed" });
    await expect(pass(run("systemctl stop nginx"), { life: 2 })).rejects.toMatchObject({
      code: "approval_needed",
    });
    await pass(run("systemctl stop nginx"));
    expect(done).toEqual([run("systemctl stop nginx")]);
  });

  it("asks for a line that keys complete, by what it would run", async () => {
    const { pass, done } = gate({ level: "guarded" });
    await pass(keys("ls<Enter>", "ls\r", ["ls"]), { state: "unsent" });
    await expect(pass(keys("<Enter>", "\r", ["rm -rf /var"]), { state: "unsent" })).rejects.toMatchObject({
      code: "approval_needed",
    });
    await expect(pass(keys("<Up><Enter>", "\u001b[A\r", [], true))).rejects.toMatchObject({
      code: "approval_needed",
    });
    expect(done).toHaveLength(1);
  });

  it("asks for lines and keys that go into a program in which anything can be run", async () => {
    const { pass } = gate({ level: "guarded" });
    const started = await pass(run("python3")).catch((error: unknown) => error);
    // Whether it may be started is its own question; here it has been.
    expect(started === undefined || String(started).includes("approval")).toBe(true);
    const { pass: inside, access, target } = gate({ level: "unrestricted" });
    await inside(run("python3"));
    const action = keys("import os; os.remove('x')<Enter>", "import os; os.remove('x')\r", [
      "import os; os.remove('x')",
    ]);
    const at = target({ state: "running", command: 1 });
    const guarded = { ...at, host: { ...at.host, policy: { ...UNRESTRICTED, level: "guarded" as const } } };
    expect(await access.check(action, guarded)).toMatchObject({ is: "ask", risk: "opaque" });
    // Back at the shell's own prompt its lines are a shell's again.
    const shell = {
      ...guarded,
      session: { ...at.session, name: "web1", level: 1, state: "prompt", promptBy: "sentinel" as const },
    };
    expect(await access.check(run("ls"), shell)).toMatchObject({ is: "allow", risk: "read" });
  });

  it("remembers what a session's shell was given before", async () => {
    const { pass } = gate({ level: "guarded" });
    await pass(run("ls"));
    await pass(run("alias ls='rm -rf /'")).catch(() => {});
    const { pass: free, access, target } = gate({ level: "unrestricted" });
    await free(run("alias ls='rm -rf /'"));
    const at = target();
    const guarded = { ...at, host: { ...at.host, policy: { ...UNRESTRICTED, level: "guarded" as const } } };
    expect((await access.check(run("ls"), guarded)).is).toBe("ask");
    expect(
      (
        await access.check(run("ls"), {
          ...guarded,
          session: { ...at.session, name: "other", state: "prompt", level: 1 },
        })
      ).is,
    ).toBe("allow");
  });

  it("lets a command be answered that was let through", async () => {
    const { pass, done } = gate({ level: "guarded" });
    await pass(keys("y<Enter>", "y\r", ["y"]), { state: "asking", command: 3, asked: "confirm" });
    expect(done).toHaveLength(1);
  });

  it("asks for files that others rely on", async () => {
    const { pass } = gate({ level: "guarded" });
    await pass(file("write", "/tmp/notes.txt"));
    await expect(pass(file("write", "/etc/passwd"))).rejects.toMatchObject({ code: "approval_needed" });
  });
});

describe("the operator's own rules", () => {
  const rules = [
    { is: "allow" as const, pattern: "systemctl restart nginx", at: "hosts.yaml:3" },
    { is: "allow" as const, pattern: "ssh web3 systemctl restart nginx", at: "hosts.yaml:6" },
    { is: "ask" as const, pattern: "git push.*", at: "hosts.yaml:4", why: "releases are for people" },
    { is: "deny" as const, pattern: "docker .*", at: "hosts.yaml:5" },
  ];
  it.each([
    ["systemctl restart nginx", "allow"],
    ["sudo systemctl restart nginx", "allow"],
    ["systemctl restart nginx && systemctl stop sshd", "ask"],
    ["systemctl restart nginx2", "ask"],
    ["ssh web2 systemctl restart nginx", "ask"],
    ["ssh web3 'systemctl restart nginx'", "allow"],
    ["ssh web3 'systemctl restart nginx; reboot'", "ask"],
    ["sudo chroot /mnt systemctl restart nginx", "ask"],
    ["git push origin main", "ask"],
    ["cd /srv && git push", "ask"],
    ["docker ps", "deny"],
    ["echo docker ps", "allow"],
  ])("%s: %s", async (command, is) => {
    const { access, target } = gate({ level: "guarded", rules });
    expect((await access.check(run(command), target())).is).toBe(is);
  });

  it("are named in the verdict, with where they are written", async () => {
    const { access, target } = gate({ level: "guarded", rules });
    expect(await access.check(run("git push"), target())).toMatchObject({
      is: "ask",
      why: expect.stringMatching(/hosts\.yaml:4.*releases are for people/),
    });
  });

  it("hold for what is otherwise unrestricted", async () => {
    const { pass } = gate({ level: "unrestricted", rules });
    await expect(pass(run("docker rm x"))).rejects.toMatchObject({ code: "denied" });
  });
});

it("outside of the change windows every change asks, and what reads passes", async () => {
  const never = { days: [], from: 0, to: 24 * 60 };
  const { access, target } = gate({ level: "unrestricted", windows: [never] });
  expect((await access.check(run("touch x"), target())).is).toBe("ask");
  expect((await access.check(run("ls"), target())).is).toBe("allow");
});

it("no more commands pass within a minute than the operator set", async () => {
  const { pass } = gate({ level: "unrestricted", perMinute: 3 });
  for (let n = 0; n < 3; n++) await pass(run("ls"));
  await expect(pass(run("ls"))).rejects.toMatchObject({ code: "limit_reached" });
});

describe("a mistake stays small where the operator says how small:", () => {
  const on = (name: string, policy: HostPolicy): Target => ({
    host: { name, address: "jo@192.0.2.1:22", platform: "posix", policy },
  });
  const exec = (command: string, among?: readonly string[]): Action => ({
    verb: "exec",
    command,
    ...(among === undefined ? {} : { among }),
  });
  const fleet = (policy: Partial<HostPolicy>) => {
    const whole = { ...UNRESTRICTED, ...policy };
    const access = createAccess({
      directory: { resolve: async () => aHost({ policy: whole }), outdated: undefined },
      guard: new Guard(async () => undefined, systemClock),
    });
    return (name: string, action: Action) => access.pass(AGENT, action, on(name, whole), async () => name);
  };

  it("a call goes to no more hosts than one call may", async () => {
    const pass = fleet({ hostsPerCall: 2 });
    await expect(pass("a", exec("uptime", ["a", "b", "c"]))).rejects.toMatchObject({ code: "limit_reached" });
    expect(await pass("a", exec("uptime", ["a", "b"]))).toBe("a");
  });

  it("no more hosts are changed within ten minutes; reading goes on, and so do those that were", async () => {
    const pass = fleet({ hostsPerWindow: 2 });
    await pass("a", exec("touch x"));
    await pass("b", exec("touch x"));
    await expect(pass("c", exec("touch x"))).rejects.toMatchObject({
      code: "limit_reached",
      message: expect.stringContaining("hosts_per_window"),
    });
    expect(await pass("c", exec("uptime"))).toBe("c");
    expect(await pass("a", exec("touch y"))).toBe("a");
  });

  it("what was refused counts for nothing", async () => {
    const pass = fleet({ level: "guarded", hostsPerWindow: 1 });
    await expect(pass("a", exec("reboot"))).rejects.toMatchObject({ code: "denied" });
    expect(await pass("b", exec("touch x"))).toBe("b");
  });

  it("what is read in a session of its own counts for nothing, part by part", async () => {
    const whole = { ...UNRESTRICTED, hostsPerWindow: 1 };
    const access = createAccess({
      directory: { resolve: async () => aHost({ policy: whole }), outdated: undefined },
      guard: new Guard(async () => undefined, systemClock),
    });
    const read = (name: string) =>
      access.pass(AGENT, exec("uptime"), on(name, whole), (permit) =>
        access.pass(
          AGENT,
          { ...run("uptime"), under: permit.id } as Action,
          on(name, whole),
          async () => name,
        ),
      );
    for (const name of ["a", "b", "c"]) expect(await read(name)).toBe(name);
    await access.pass(AGENT, exec("touch x"), on("a", whole), async () => "a");
    await expect(access.pass(AGENT, exec("touch x"), on("b", whole), async () => "b")).rejects.toMatchObject({
      code: "limit_reached",
    });
  });

  it("what was refused takes no host away that another act has changed meanwhile", () => {
    const step = breadth(systemClock);
    const passage = (name: string): Passage => {
      const policy = { ...UNRESTRICTED, hostsPerWindow: 1 };
      const action = exec("touch x");
      return { caller: AGENT, action, target: on(name, policy), policies: [policy], notes: [] };
    };
    const first = passage("a");
    void step.before?.(first);
    void step.before?.(passage("a"));
    step.refused?.(first, new Error("denied"));
    expect(() => step.before?.(passage("b"))).toThrow(/hosts_per_window/);
  });
});

it("a check sends, opens and asks nothing", async () => {
  const { access, target, done, board } = gate({ level: "guarded" });
  expect(await access.check(run("rm -rf /"), target())).toMatchObject({ is: "ask", risk: "irreversible" });
  expect(done).toEqual([]);
  expect(await board.waiting()).toEqual([]);
});

describe("a refusal says what to tell one's human", () => {
  it("on a read_only host: the level, and the rule that lets exactly this pass", async () => {
    const { pass } = gate({ level: "read_only" });
    await expect(pass(run("touch 'it'"))).rejects.toMatchObject({
      next: expect.stringMatching(/Tell your human: .*level: guarded.*rules: \[\{allow: '.*touch.*'\}\]/),
    });
  });

  it("and that rule does what it says", async () => {
    const { access, target } = gate({ level: "read_only" });
    const verdict = await access.check(run("chmod 600 /srv/a+b.txt"), target());
    const said = "wouldPass" in verdict ? (verdict.wouldPass ?? "") : "";
    const pattern = /\{allow: '(.*)'\}/.exec(said)?.[1]?.replaceAll("''", "'") ?? "";
    const rules = [{ is: "allow" as const, pattern, at: "hosts.yaml:1" }];
    const ruled = gate({ level: "read_only", rules });
    expect((await ruled.access.check(run("chmod 600 /srv/a+b.txt"), ruled.target())).is).toBe("allow");
    expect((await ruled.access.check(run("chmod 600 /srv/aab.txt"), ruled.target())).is).toBe("deny");
  });

  it("where a human is asked: the rule beside the command that approves", async () => {
    const { pass } = gate({ level: "guarded" });
    await expect(pass(run("systemctl stop nginx"))).rejects.toMatchObject({
      next: expect.stringMatching(/ssh-mcp approve A\w{4}.*rules: \[\{allow: 'systemctl stop nginx'\}\]/),
    });
  });

  it("outside of the change windows: when the next begins", async () => {
    const { access, target } = gate({ level: "guarded", windows: [{ days: [], from: 0, to: 1 }] });
    expect(await access.check(run("touch x"), target())).toMatchObject({
      why: expect.stringMatching(/outside/),
    });
    const now = new Date();
    const tomorrow = { days: [(now.getDay() + 1) % 7], from: 60, to: 120 };
    const later = gate({ level: "guarded", windows: [tomorrow] });
    expect(await later.access.check(run("touch x"), later.target())).toMatchObject({
      why: expect.stringMatching(/the next begins \w{3} \d{4}-\d\d-\d\d 01:00/),
    });
  });
});
