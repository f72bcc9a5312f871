import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { killed, until, World } from "./kit.ts";

describe("sessions of a daemon", () => {
  const world = new World();
  afterAll(() => world.dispose());

  it("outlive a client that is killed in the middle of a call, and the next client reads the result", async () => {
    const one = await world.agent("one");
    await one.call("ssh_connect", { host: "lab-sh" });
    const flag = join(world.folder, "go");
    const call = one.call("ssh_shell", {
      session: "lab-sh",
      command: `echo beg''un; until test -e ${flag}; do sleep 0.05; done; echo once >> ${flag}.ran; echo all''done`,
      timeout_s: 40,
    });
    call.catch(() => {});
    const two = await world.agent("two");
    await until(async () =>
      /begun/.test(await two.call("ssh_read", { session: "lab-sh", since: 0, timeout_s: 0 })),
    );
    await killed(one.pid);
    writeFileSync(flag, "");
    expect(await two.call("ssh_read", { session: "lab-sh", timeout_s: 40 })).toMatch(
      /alldone[\s\S]*#1 done exit=0/,
    );
    expect(readFileSync(`${flag}.ran`, "utf8")).toBe("once\n");
    // Whose it is can be seen.
    await until(async () =>
      /lab-sh {2}ready · of one \(process \d+, gone\)/.test(await two.call("ssh_sessions")),
    );
  });

  it("are closed by stop, which names them, but not while a command runs", async () => {
    const agent = await world.agent();
    await agent.call("ssh_shell", { session: "lab-sh", command: "sleep 1000", timeout_s: 0.2 });
    const refused = await world.run("daemon", "stop");
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/commands run: lab-sh #2[\s\S]*--force/);
    expect(await world.run("daemon", "stop", "--force")).toMatchObject({
      code: 0,
      stdout: "the daemon has ended; closed: lab-sh\n",
    });
  });

  it("leave their names behind, and are opened anew by them, also without a daemon", async () => {
    const agent = await world.agent("alone", {}, []);
    expect(await agent.call("ssh_sessions")).toMatch(/^saved, .*: lab-sh$/m);
    await agent.call("ssh_connect", { host: "lab-sh", session: "wide", cols: 133, rows: 40 });
    await agent.close();
    const next = await world.agent("next", {}, []);
    expect(await next.call("ssh_connect", { session: "nobody" })).toMatch(/no session "nobody" is saved/);
    expect(await next.call("ssh_connect", { session: "wide" })).toMatch(/\[wide #0 ready/);
    expect(await next.call("ssh_sessions", { session: "wide" })).toContain("133x40");
    expect(await next.call("ssh_disconnect", { session: "wide", forget: true })).toContain(
      "not saved any more",
    );
    expect(await next.call("ssh_disconnect", { session: "lab-sh", forget: true })).toContain(
      "not saved any more",
    );
    expect(await next.call("ssh_sessions")).not.toContain("saved");
  });
});

describe("a daemon that was killed", () => {
  const world = new World();
  afterAll(() => world.dispose());

  it("is followed by one that says what was lost, once to each caller, and sends nothing again", async () => {
    const one = await world.agent("one");
    const ran = join(world.folder, "ran");
    await one.call("ssh_connect", { host: "lab-sh" });
    await one.call("ssh_connect", { host: "lab-ios" });
    const typed = one.call("ssh_shell", {
      session: "lab-sh",
      command: `PGPASSWORD=Hunt3r2Two; echo x >> ${ran}; sleep 1000`,
      timeout_s: 40,
    });
    typed.catch(() => {});
    await until(() => exists(ran));
    await killed(await world.pid());
    const started = await world.run("daemon", "start");
    expect(started.stdout).toMatch(/lost when the daemon before it was killed; nothing was sent again/);
    expect(started.stdout).toMatch(/session lab-sh \((?=.*not known).*sleep 1000/);
    expect(started.stdout).toMatch(/session lab-ios\n/);
    expect(started.stdout).not.toContain("Hunt3r2");
    const two = await world.agent("two");
    expect(await two.call("ssh_sessions")).toMatch(/^lost, the daemon was killed: session lab-sh/m);
    const order = { session: "lab-sh", command: "echo again" };
    expect(await two.call("ssh_shell", order)).toMatch(
      /^session_closed: session lab-sh .*was lost .*NOT run/,
    );
    expect(await two.call("ssh_shell", order)).toMatch(/^again\n[\s\S]*#1 done exit=0/);
    expect(await two.call("ssh_sessions")).not.toContain("session lab-sh (");
    expect(readFileSync(ran, "utf8")).toBe("x\n");
    // What is kept for that holds no output, and nothing but this user reads it.
    expect(world.log().filter(({ event }) => event === "lost")).toHaveLength(2);
  });
});

describe("starting", () => {
  const worlds: World[] = [];
  const fresh = (...given: ConstructorParameters<typeof World>) => {
    const world = new World(...given);
    worlds.push(world);
    return world;
  };
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.dispose()));
  });

  it("several at once leaves one daemon, and each of them reaches it; also where one was killed before", async () => {
    const world = fresh();
    expect((await world.run("daemon", "status")).code).toBe(3);
    const runs = await Promise.all([1, 2, 3].map(() => world.run("daemon", "start")));
    const pids = runs.map(({ stdout }) => /process (\d+)/.exec(stdout)?.[1]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(new Set(pids)).toEqual(new Set([String(await world.pid())]));
    // And takes the place of a socket that nobody listens on.
    const pid = await world.pid();
    await killed(pid);
    expect(exists(world.place.socket)).toBe(true);
    // One of those that lost before may be the one that gets it now.
    expect((await world.run("daemon", "start")).stdout).toMatch(/^the daemon runs(?: already)?: /);
    expect(await world.pid()).not.toBe(pid);
  });

  it("is refused where others could write to the socket's folder, with what to do", async () => {
    const world = fresh();
    mkdirSync(world.place.folder, { recursive: true });
    chmodSync(world.place.folder, 0o755);
    const runs = ["start", "status", "stop"].map((command) => world.run("daemon", command));
    for (const { code, stderr } of await Promise.all(runs)) {
      expect(code).toBe(1);
      expect(stderr).toMatch(/permission_denied: .*open to other users \(mode 755\)[\s\S]*chmod 700/);
    }
  });

  it("is refused where HTTP was chosen, too", async () => {
    const { code, stderr } = await fresh().run("serve", "--daemon", "--http", "127.0.0.1:0");
    expect(code).toBe(1);
    expect(stderr).toMatch(/--daemon is for clients over stdio, and HTTP was chosen/);
  });

  it("says what to do where the daemon that runs is of another protocol", async () => {
    const world = fresh();
    mkdirSync(world.place.folder, { recursive: true, mode: 0o700 });
    const other = createServer((socket) => {
      socket.end(`${JSON.stringify({ sshMcp: 99, version: "9.9.9", pid: 1, ok: true })}\n`);
    }).listen(world.place.socket);
    const { code, stderr } = await world.run("serve", "--daemon");
    other.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /the daemon that runs is ssh-mcp 9\.9\.9.*not understand each other[\s\S]*daemon restart/,
    );
  });
});

describe("what connects", () => {
  const world = new World();
  beforeAll(async () => {
    await world.run("daemon", "start");
  });
  afterAll(() => world.dispose());

  const said = (bytes: string | Buffer): Promise<string> =>
    new Promise((resolve) => {
      let text = "";
      const socket = connect(world.place.socket, () => socket.write(bytes));
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("error", () => {});
      socket.once("close", () => resolve(text));
    });

  it("with another protocol is answered with what to do, and nothing else", async () => {
    expect(
      JSON.parse(await said(`${JSON.stringify({ sshMcp: 0, version: "0.0.1", role: "mcp", pid: 1 })}\n`)),
    ).toMatchObject({
      ok: false,
      why: expect.stringContaining("0.0.1"),
      next: expect.stringContaining("daemon restart"),
    });
  });

  it.each([
    ["no line", Buffer.alloc(20_000, 0x41)],
    ["no JSON", "GET / HTTP/1.1\r\n\r\n"],
    [
      "no frames behind its first line",
      `${JSON.stringify({ sshMcp: 1, version: "x", role: "mcp", pid: 1 })}\n\xff\xff\xff\xff\xff`,
    ],
  ])("and says %s is let go, and the daemon goes on", async (_what, bytes) => {
    await said(bytes);
    expect(await world.status()).toMatchObject({ clients: [] });
  });
});

describe("a daemon that nobody needs", () => {
  const world = new World();
  afterAll(() => world.dispose());

  it("ends itself, and says so in its log of JSON lines", async () => {
    const child = await world.foreground("--idle", "1");
    await until(() => child.exitCode !== null);
    expect(world.log().at(-1)).toMatchObject({ event: "stop", why: "idle for 1 s" });
    expect(exists(world.place.socket)).toBe(false);
    expect((await world.run("daemon", "log", "--last", "1")).stdout).toContain('"event":"stop"');
  });
});

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return String(error).includes("ENXIO");
  }
}
