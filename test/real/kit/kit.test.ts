import { readFileSync, statSync } from "node:fs";
import { createServer, connect as dial, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Emitter } from "../../../src/base/emitter.ts";
import { ACCOUNTS } from "./accounts.ts";
import {
  addTestUser,
  delayProxy,
  expectEvent,
  hostFor,
  run,
  startDropbear,
  startSshd,
  type TestServer,
  testUser,
  testUsers,
  until,
} from "./kit.ts";

/** Logs in with the OpenSSH client as a person would, with this server's own known_hosts. */
function ssh(server: { port: number; knownHosts: string }, login: string, command: string, tty = false) {
  const options = [
    ...["-F", "/dev/null", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-i", testUsers().keyPath],
    ...["-o", `UserKnownHostsFile=${server.knownHosts}`, "-o", "StrictHostKeyChecking=yes"],
  ];
  const target = [...(tty ? ["-tt"] : []), "-p", `${server.port}`, `${login}@127.0.0.1`, command];
  return run("ssh", [...options, ...target]);
}

function sessionsOf(server: TestServer): number {
  return server.log().split("Starting session").length - 1;
}

describe("the OpenSSH server of the kit", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(() => server.stop());

  it.each(ACCOUNTS.map(({ name }) => name))(
    "lets %s in with the key, and its shell runs a command",
    async (name) => {
      const ran = await ssh(server, testUser(name).login, "echo ok");
      expect(ran).toMatchObject({ code: 0, stdout: "ok\n" });
    },
  );

  it("gives sessions a UTF-8 locale and homes that nobody else can read", async () => {
    const ran = await ssh(server, testUser("bash").login, "echo $LANG; pwd");
    expect(ran.stdout).toBe(`C.UTF-8\n${testUser("bash").home}\n`);
    expect(statSync(testUser("bash").home).mode & 0o777).toBe(0o700);
  });

  it("asks bash for its password at sudo and takes it, and lets zsh become root at once", async () => {
    const { password } = testUsers();
    const asked = await ssh(server, testUser("bash").login, `echo ${password} | sudo -S -p '' id -u`);
    expect(asked.stdout).toBe("0\n");
    const refused = await ssh(server, testUser("bash").login, "sudo -n id -u");
    expect(refused.code).not.toBe(0);
    const free = await ssh(server, testUser("zsh").login, "sudo -n id -u");
    expect(free.stdout).toBe("0\n");
  });

  it("lets one account reach another through ssh and through su", async () => {
    const { password } = testUsers();
    const inner = `ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p ${server.port} sshmcp-dash@127.0.0.1 'echo $0'`;
    expect(await ssh(server, testUser("bash").login, inner)).toMatchObject({ code: 0, stdout: "dash\n" });
    const su = await ssh(server, testUser("bash").login, `echo ${password} | su - sshmcp-zsh -c 'id -un'`);
    expect(su.stdout).toBe("sshmcp-zsh\n");
  });

  it("ends the sessions and keeps listening when its connections are dropped", async () => {
    const before = sessionsOf(server);
    const lost = ssh(server, testUser("bash").login, "echo started; sleep 60");
    await until(() => sessionsOf(server) > before, {
      describe: () => `a session in the log:\n${server.log()}`,
    });
    await server.dropConnections();
    expect((await lost).code).toBe(255);
    expect((await ssh(server, testUser("bash").login, "echo again")).stdout).toBe("again\n");
  });

  it("makes a complete host that names its key, known_hosts and user", () => {
    const host = hostFor(server, "fish", { name: "web1" });
    expect(host).toMatchObject({ name: "web1", user: "sshmcp-fish", port: server.port, jump: [] });
    expect(readFileSync(host.hostKey.files[0] ?? "", "utf8")).toContain(server.hostKey.publicKey);
  });

  it("makes an account for one test alone, and removes it with its files", async () => {
    const user = await addTestUser({ shell: "/bin/bash", files: { ".profile": "export MINE=yes\n" } });
    expect((await ssh(server, user.login, "bash -lc 'echo $MINE'")).stdout).toBe("yes\n");
    await user.remove();
    expect(() => statSync(user.home)).toThrow("ENOENT");
    expect((await run("id", [user.login])).code).toBe(1);
  });
});

describe("a server that is stopped", () => {
  it("takes its sessions and its folder along", async () => {
    const first = await startSshd({ config: ["MaxSessions 1"] });
    const session = ssh(first, testUser("bash").login, "echo started; sleep 60");
    await until(() => first.log().includes("Starting session"), { describe: "a session" });
    await first.stop();
    expect((await session).code).toBe(255);
    expect(() => statSync(first.dir)).toThrow("ENOENT");
  });

  it("is known again when another one starts with its host key", async () => {
    const first = await startSshd();
    const second = await startSshd({ hostKeyFile: first.hostKey.path });
    expect(second.hostKey.fingerprint).toBe(first.hostKey.fingerprint);
    expect((await ssh(second, testUser("dash").login, "echo ok")).stdout).toBe("ok\n");
    await Promise.all([first.stop(), second.stop()]);
  });
});

describe("the dropbear server of the kit", () => {
  it("lets accounts with a registered shell in", async () => {
    const server = await startDropbear();
    try {
      for (const name of ["bash", "zsh", "fish"])
        expect(await ssh(server, testUser(name).login, "echo ok")).toMatchObject({ code: 0, stdout: "ok\n" });
      expect(server.hostKey.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    } finally {
      await server.stop();
    }
  });
});

describe("waiting", () => {
  it("ends with the first event that is wanted, and unsubscribes", async () => {
    const emitter = new Emitter<number>();
    const even = expectEvent(emitter.event, { describe: "an even number", wanted: (n) => n % 2 === 0 });
    for (const n of [1, 2, 4]) emitter.fire(n);
    expect(await even).toBe(2);
    expect(emitter.size).toBe(0);
  });

  it("ends in time with what never came", async () => {
    const emitter = new Emitter<number>();
    const never = { timeoutMs: 20, describe: "a number" };
    await expect(expectEvent(emitter.event, never)).rejects.toThrow("Not within 20 ms: a number");
    await expect(until(() => false, never)).rejects.toThrow("Not within 20 ms: a number");
    expect(emitter.size).toBe(0);
  });
});

describe("the delay proxy", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterAll(() => server.stop());

  it("adds its round trip time, and lets an ssh login through byte by byte", async () => {
    const proxy = await delayProxy({ target: server, rttMs: 40, chunk: 7 });
    const began = performance.now();
    const ran = await ssh(proxy, testUser("dash").login, "head -c 20000 /dev/zero | tr '\\0' x | wc -c");
    expect(ran.stdout.trim()).toBe("20000");
    expect(performance.now() - began).toBeGreaterThan(200); // an ssh login takes at least five round trips
    expect(proxy.connections().accepted).toBe(1);
    await proxy.close();
  });

  it("passes large output unchanged in both directions", async () => {
    const proxy = await delayProxy({ target: server, rttMs: 10 });
    const sum = "head -c 30000000 /dev/zero | tee /dev/stderr | cksum";
    const ran = await ssh(proxy, testUser("dash").login, sum);
    const here = await run("sh", ["-c", sum]);
    expect(ran.stdout).toBe(here.stdout);
    expect(ran.stderr.length).toBe(30_000_000);
    await proxy.close();
  });

  it.each(["fin", "half"] as const)("breaks the link with %s after so many bytes", async (how) => {
    const peer = await echoServer();
    const proxy = await delayProxy({ target: peer.dialled, cutAfter: { bytes: 10, how } });
    const socket = dial({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
    const seen = watch(socket);
    socket.write("0123456789abcdef");
    await until(() => seen.ended, { describe: "the end of the link" });
    expect(seen).toMatchObject({ error: "", text: "0123456789" });
    expect(proxy.connections().open).toBe(how === "half" ? 1 : 0); // half: until this side has closed too
    socket.destroy();
    await until(() => proxy.connections().open === 0, { describe: "the proxy's end of it" });
    await proxy.close();
    peer.close();
  });

  it("breaks the link with a reset when told to", async () => {
    const peer = await echoServer();
    const proxy = await delayProxy({ target: peer.dialled });
    const socket = dial({ port: proxy.port, host: "127.0.0.1" });
    const seen = watch(socket);
    socket.write("hello");
    await until(() => seen.text === "hello", { describe: "the echo" });
    proxy.cut("rst");
    await until(() => seen.error !== "" || seen.ended, { describe: "the end of the link" });
    expect(seen).toMatchObject({ error: "ECONNRESET", ended: false });
    await proxy.close();
    peer.close();
  });

  it("lets bytes vanish while it is a black hole, with the connection open", async () => {
    const peer = await echoServer();
    const proxy = await delayProxy({ target: peer.dialled, rttMs: 4 });
    const socket = dial({ port: proxy.port, host: "127.0.0.1" });
    const seen = watch(socket);
    socket.write("before ");
    await until(() => seen.text === "before ", { describe: "the first echo" });
    proxy.blackhole(true);
    for (let i = 0; i < 6; i++) socket.write("lost ");
    await until(() => proxy.swallowed() === 30, { describe: "all of it swallowed" });
    proxy.blackhole(false);
    socket.write("after");
    await until(() => seen.text.endsWith("after"), { describe: () => `the second echo, not ${seen.text}` });
    expect(seen.text).toBe("before after");
    await proxy.close();
    peer.close();
  });
});

function watch(socket: Socket): { text: string; error: string; ended: boolean } {
  const seen = { text: "", error: "", ended: false };
  socket.on("data", (chunk: Buffer) => {
    seen.text += chunk.toString();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    seen.error = error.code ?? error.message;
  });
  socket.on("end", () => {
    seen.ended = true;
  });
  return seen;
}

async function echoServer() {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    dialled: { address: "127.0.0.1", port, knownHosts: "/dev/null" },
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
