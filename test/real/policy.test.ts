import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { systemClock } from "../../src/base/clock.ts";
import { Guard } from "../../src/policy/guard.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { initialize, start, type Wire } from "../mcp/wire.ts";
import { type TestServer as PlainServer, startSshd as startPlain } from "../ssh/sshd.ts";
import { spawnAtTerminal } from "./kit/at-terminal.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";

const SHELLS = ["bash", "zsh", "dash"];

describe("on a host that is read_only", () => {
  let server: TestServer;
  let rig: Rig;
  beforeAll(async () => {
    server = await startSshd();
    const policy = { ...UNRESTRICTED, level: "read_only" as const };
    rig = rigFor(
      SHELLS.map((shell) => hostFor(server, shell, { policy })),
      (directory) => createAccess({ directory, guard: new Guard(async () => undefined, systemClock) }),
    );
  });
  afterAll(async () => {
    await rig?.close();
    await server?.stop();
  });
  const withSession = sessionsOf(() => rig);

  it.each(SHELLS)("reading commands run, and of changing ones not one byte is sent (%s)", async (shell) => {
    const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-read-only-"));
    const target = join(folder, "x");
    writeFileSync(target, "kept");
    // Whoever is logged in may read it, and change it too.
    chmodSync(folder, 0o777);
    chmodSync(target, 0o666);
    await withSession(shell, async (session) => {
      expect((await session.run("echo hi; pwd | wc -l")).outcome).toMatchObject({ state: "done", exit: 0 });
      const before = session.view().end;
      const changes = [
        `rm -f ${target}`,
        `: > ${target}`,
        `echo gone > ${target}`,
        `mv ${target} ${target}2`,
        `sh -c 'rm -f ${target}'`,
        `echo 'rm -f ${target}' | sh`,
        `x=rm; $x -f ${target}`,
        `cat /dev/null | tee ${target}`,
        `find ${folder} -name x -delete`,
        `sed -i s/kept/gone/ ${target}`,
        `echo ok; truncate -s 0 ${target}`,
        `eval "rm -f ${target}"`,
      ];
      for (const command of changes)
        await expect(session.run(command)).rejects.toMatchObject({ code: "denied" });
      expect(session.view().end).toBe(before);
      expect((await session.run(`cat ${target}`)).text).toBe("kept");
    });
    expect(statSync(target).size).toBe(4);
    rmSync(folder, { recursive: true });
  });
});

describe("on a host that is guarded, over the built server", () => {
  let server: PlainServer;
  let home: string;
  let wire: Wire;
  beforeAll(async () => {
    server = await startPlain({ hostKeys: [["-t", "ed25519"]] });
    home = mkdtempSync(join(tmpdir(), "ssh-mcp-guarded-"));
    const known = join(home, "known_hosts");
    const [key = ""] = [...server.hostKeys.values()];
    writeFileSync(known, `[127.0.0.1]:${server.port} ${key}\n`);
    const config = join(home, "hosts.yaml");
    const host = `{ host: 127.0.0.1, port: ${server.port}, user: root, platform: posix, auth: { method: key, key_path: ${server.clientKey} }, host_key: { known_hosts: ${known} } }`;
    writeFileSync(
      config,
      `settings: { ssh_config: false, audit_log: ${home}/audit.jsonl }\nhosts:\n  web1: ${host}\n`,
      { mode: 0o600 },
    );
    wire = start([process.execPath, "dist/cli.js", "--config", config], env());
    wire.send({ ...initialize, id: 1 });
    await wire.answer(1);
    wire.send({ method: "notifications/initialized" });
  });
  afterAll(async () => {
    wire?.child.stdin.end();
    await wire?.ended;
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const env = () => ({ HOME: home, XDG_STATE_HOME: join(home, "state"), SSH_AUTH_SOCK: "" });

  let last = 10;
  const call = async (name: string, args: object): Promise<string> => {
    const id = ++last;
    wire.send({ id, method: "tools/call", params: { name, arguments: args } });
    const answer = JSON.parse(JSON.stringify(await wire.answer(id)));
    return String(answer.result.content[0].text);
  };
  const cli = (...args: string[]) => spawnAtTerminal([process.execPath, "dist/cli.js", ...args], env());

  it("a command waits for a human, who approves it at a terminal, and then it runs once", async () => {
    const target = mkdtempSync("/var/lib/ssh-mcp-policy-");
    const order = { session: "web1", command: `rm -rf ${target}` };
    const asked = await call("ssh_shell", order);
    const id = /ssh-mcp approve (A\w{4})/.exec(asked)?.[1] ?? "";
    expect(asked).toMatch(/^approval_needed: asking approval #A\w{4}/);
    expect(existsSync(target)).toBe(true);

    const list = cli("approve");
    expect(await list.ended).toBe(0);
    expect(list.text()).toContain(id);
    const approve = cli("approve", id);
    await approve.until(/rm -rf /);
    const name = /Type the name of the host \(web1\)/;
    const code = /Type (\d{4}) to approve/;
    await approve.until(new RegExp(`${name.source}|${code.source}`));
    if (name.test(approve.text())) {
      approve.type("web1\n");
      await approve.until(code);
    }
    approve.type(`${code.exec(approve.text())?.[1]}\n`);
    expect(await approve.ended).toBe(0);

    expect(await call("ssh_shell", order)).toMatch(
      /note: a human approved this .*\n\[web1 #\d+ done exit=0/s,
    );
    expect(existsSync(target)).toBe(false);
    expect(await call("ssh_shell", order)).toMatch(/^approval_needed/);
  });

  it.each([
    ["a line for whatever comes behind the program", "sleep 2", (x: string) => ({ text: x, enter: true })],
    ["a line behind an interrupt", "sleep 20", (x: string) => ({ keys: `<C-c>${x}<Enter>` })],
    ["a second line behind an answer", "read x", (x: string) => ({ text: `jo\n${x}`, enter: true })],
    [
      "one behind a password",
      "read -sp 'Password: ' x",
      (x: string) => ({ keys: `hunter2<Enter>${x}<Enter>` }),
    ],
    ["one behind a key", "read -n1 x", (x: string) => ({ keys: `y${x}<Enter>` })],
  ])("typed ahead, %s is a command as well, and not sent", async (_, command, keys) => {
    const target = mkdtempSync("/var/lib/ssh-mcp-policy-");
    try {
      await call("ssh_shell", { session: "web1", command, timeout_s: 1 });
      expect(await call("ssh_send", { session: "web1", ...keys(`rm -rf ${target}`) })).toMatch(
        /^approval_needed/,
      );
      await call("ssh_send", { session: "web1", keys: "<C-c>", timeout_s: 3 });
      expect(await call("ssh_shell", { session: "web1", command: "echo over" })).toContain("over");
      expect(existsSync(target)).toBe(true);
    } finally {
      rmSync(target, { recursive: true, force: true });
    }
  });

  it("leave for its kind lets the like pass until it is taken back, and is in the log", async () => {
    const ask = (unit: string) =>
      call("ssh_shell", { session: "web1", command: `systemctl restart ${unit}` });
    const id = /ssh-mcp approve (A\w{4})/.exec(await ask("ssh-mcp-test-a"))?.[1] ?? "";
    const config = ["--config", join(home, "hosts.yaml")];
    const like = ["--for", "30m", "--like", "systemctl restart *", ...config];
    const approve = cli("approve", id, ...like);
    const code = /Type (\d{4}) to approve/;
    await approve.until(code);
    expect(approve.text()).toMatch(/without being asked again, until .* on web1:\s+systemctl restart \*/);
    approve.type(`${code.exec(approve.text())?.[1]}\n`);
    expect(await approve.ended).toBe(0);
    const grant = /(G\w{4}) is given/.exec(approve.text())?.[1] ?? "";

    expect(await ask("ssh-mcp-test-b")).toMatch(new RegExp(`a human approved this \\(grant ${grant} by `));
    const list = cli("approve", "--grants");
    expect(await list.ended).toBe(0);
    expect(list.text()).toContain(grant);
    expect(await cli("approve", "--revoke", grant, ...config).ended).toBe(0);
    expect(await ask("ssh-mcp-test-b")).toMatch(/^approval_needed/);
    const log = readFileSync(join(home, "audit.jsonl"), "utf8");
    expect(log).toContain('"event":"granted"');
    expect(log).toContain('"event":"revoked"');
  });

  it("what a human denies is told as that, and a wrong code approves nothing", async () => {
    const order = { session: "web1", command: "systemctl stop ssh-mcp-test-unit" };
    const asked = await call("ssh_shell", order);
    const id = /ssh-mcp approve (A\w{4})/.exec(asked)?.[1] ?? "";
    const wrong = cli("approve", id);
    await wrong.until(/Type \d{4} to approve/);
    wrong.type("no\n");
    expect(await wrong.ended).toBe(1);
    const deny = cli("approve", id, "--deny");
    expect(await deny.ended).toBe(0);
    expect(await call("ssh_shell", order)).toMatch(/^denied: A\w{4} was denied by/);
  });

  it("ssh_check and ssh-mcp check say the same, and nothing is opened for it", async () => {
    const asked = await call("ssh_check", { host: "web1", command: "systemctl stop nginx" });
    expect(asked.split("\n").at(-1)).toBe("[web1 check ask class=disruptive]");
    const config = ["--config", join(home, "hosts.yaml")];
    const check = cli("check", "web1", "systemctl stop nginx", ...config);
    expect(await check.ended).toBe(3);
    expect(check.text().replaceAll("\r", "")).toContain(asked);
    const reads = cli("check", "web1", "ls -l", ...config);
    expect(await reads.ended).toBe(0);
    expect(reads.text()).toContain("[web1 check allow class=read]");
  });
});
