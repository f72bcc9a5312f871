import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import type { ChannelEnd, OpenedPty, Transport } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { EXEC, failureOf, hostOf, noSecrets, PTY, received, run, runBeside } from "../hosts.ts";
import { until } from "../scripted.ts";
import { canRunSshd, type SshdOptions, startSshd, type TestServer } from "../sshd.ts";

const ended = ({ channel }: OpenedPty) => new Promise<ChannelEnd>((resolve) => channel.onClose(resolve));
const connectionsIn = (log: string) => log.match(/Connection from/g)?.length ?? 0;

describe.skipIf(!canRunSshd)("connections shared per host", () => {
  /** sshd as Debian ships it: MaxStartups 10:30:100, MaxSessions 10. */
  let server: TestServer;
  let transport: Transport;
  const stopping: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    server = await startSshd();
    transport = createTransport({ secrets: noSecrets });
  });
  afterEach(async () => {
    await transport.dispose();
    transport = createTransport({ secrets: noSecrets });
    for (const stop of stopping.splice(0)) await stop();
  });
  afterAll(() => server.stop());

  const extraServer = async (options: SshdOptions) => {
    const extra = await startSshd(options);
    stopping.push(() => extra.stop());
    return extra;
  };
  const withChannels = (host: ResolvedHost, channelsPerConnection: number): ResolvedHost => ({
    ...host,
    limits: { ...host.limits, channelsPerConnection },
  });
  /** Opens `count` terminals at once and proves each of them alive and its own. */
  const openAll = async (host: ResolvedHost, count: number) => {
    const ptys = await Promise.all(Array.from({ length: count }, () => transport.link(host).openPty(PTY)));
    await Promise.all(
      ptys.map((pty, index) => {
        const shown = received(pty, new RegExp(`<${index}>`));
        pty.channel.write(`echo "<"${index}">"\r`);
        return shown;
      }),
    );
    return ptys;
  };

  it("opens 60 terminals at once on a default sshd, over as few connections as it allows", async () => {
    const before = server.log().length;
    await openAll(hostOf(server), 60);
    expect(connectionsIn(server.log().slice(before))).toBe(7);
    expect(server.log().slice(before)).not.toMatch(/MaxStartups|no more sessions/);
  });

  it("makes 60 simultaneous connections of their own succeed, too", async () => {
    const before = server.log().length;
    await openAll(withChannels(hostOf(server), 1), 60);
    expect(connectionsIn(server.log().slice(before))).toBe(60);
    expect(server.log().slice(before)).not.toMatch(/MaxStartups/);
  });

  it("tries again when the server drops connections because strangers fill it", async () => {
    // Four in ten are dropped while strangers hold three places, so ten tries fail once in ten thousand times.
    const busy = await extraServer({ config: ["MaxStartups 3:40:100", "LoginGraceTime 30"] });
    const strangers: Socket[] = [];
    while (!/beginning MaxStartups|drop connection/.test(busy.log())) {
      const socket = connect(busy.port, "127.0.0.1");
      socket.on("error", () => {});
      strangers.push(socket);
      // Taken or dropped, either way sshd has decided: it speaks first.
      await new Promise((resolve) => socket.once("data", resolve).once("close", resolve));
    }
    const host = hostOf(busy);
    const patient = { ...host, timing: { ...host.timing, connectTimeoutMs: 30_000 } };
    await openAll(withChannels(patient, 1), 8);
    for (const socket of strangers) socket.destroy();
  });

  it("gives the eleventh terminal a second connection, and leaves one place to exec on each", async () => {
    const before = server.log().length;
    const ptys = await openAll(hostOf(server), 11);
    const results = await Promise.all(
      ptys.map((pty) => runBeside(pty, "echo $SSH_CONNECTION", EXEC).then(({ stdout }) => stdout.toString())),
    );
    expect(connectionsIn(server.log().slice(before))).toBe(2);
    expect(new Set(results).size).toBe(2);
  });

  it.each([
    [1, 5],
    [2, 4],
    [4, 2],
  ])("learns that the server allows only %i sessions per connection", async (max, connections) => {
    const small = await extraServer({ config: [`MaxSessions ${max}`] });
    await openAll(hostOf(small), 5);
    expect(connectionsIn(small.log())).toBe(connections);
    await openAll(hostOf(small), 3);
  });

  it("refuses plainly where the server allows no session at all", async () => {
    const none = await extraServer({ config: ["MaxSessions 0"] });
    const error = await failureOf(transport.link(hostOf(none)).openPty(PTY));
    expect(error.code).toBe("channel_refused");
    expect(error.toText()).toMatch(/refused a terminal.*\nNext: .*MaxSessions/);
    const noTty = await extraServer({ config: ["PermitTTY no"] });
    expect((await failureOf(transport.link(hostOf(noTty)).openPty(PTY))).code).toBe("channel_refused");
  });

  it("lets more commands run beside terminals than there are places, one after the other", async () => {
    const [pty] = await openAll(hostOf(server), 9);
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        runBeside(pty, `echo ${index}`, EXEC).then((r) => r.stdout.toString()),
      ),
    );
    expect(results).toEqual(["0\n", "1\n", "2\n", "3\n", "4\n", "5\n"]);
  });

  it("shares one connection between hosts that are the same and none that differ", async () => {
    const before = server.log().length;
    await transport.link(hostOf(server)).openPty(PTY);
    await transport.link(hostOf(server)).openPty(PTY);
    await run(transport, hostOf(server), "true", EXEC);
    expect(connectionsIn(server.log().slice(before))).toBe(1);
    await transport
      .link(hostOf(server, { auth: [{ method: "key", path: server.clientKey }, { method: "agent" }] }))
      .openPty(PTY);
    expect(connectionsIn(server.log().slice(before))).toBe(2);
  });

  it("never reuses a connection whose link has dropped", async () => {
    const pty = await transport.link(hostOf(server)).openPty(PTY);
    pty.channel.onData(() => {});
    pty.channel.write("kill -9 $PPID\r");
    expect(await ended(pty)).toMatchObject({ reason: "disconnect" });
    expect((await failureOf(runBeside(pty, "true", EXEC))).code).toBe("connect_failed");
    const again = await transport.link(hostOf(server)).openPty(PTY);
    again.channel.write("echo ba''ck\r");
    await received(again, /back/);
  });

  it("notices a peer that no longer answers, by keepalive", async () => {
    const base = hostOf(server);
    const host = { ...base, timing: { ...base.timing, keepaliveIntervalMs: 150, keepaliveCount: 2 } };
    const pty = await transport.link(host).openPty(PTY);
    const { stdout } = await runBeside(pty, "echo $PPID", EXEC);
    const pid = Number(stdout.toString());
    pty.channel.onData(() => {});
    const started = performance.now();
    process.kill(pid, "SIGSTOP");
    try {
      expect(await ended(pty)).toEqual({
        reason: "disconnect",
        message: "the server stopped answering (keepalive)",
      });
      expect(performance.now() - started).toBeLessThan(150 * 3 + 10_000);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it("closes a connection nobody has used for 30 s, and not before", async () => {
    const clock = handClock();
    const own = createTransport({ secrets: noSecrets, clock });
    const before = server.log().length;
    const log = () => server.log().slice(before);
    await run(own, hostOf(server), "true", EXEC);
    clock.advance(29_000);
    await run(own, hostOf(server), "true", EXEC);
    clock.advance(29_999);
    await run(own, hostOf(server), "true", EXEC);
    expect(connectionsIn(log())).toBe(1);
    clock.advance(30_001);
    await until(() => /Received disconnect/.test(log()), "the idle connection is closed");
    await run(own, hostOf(server), "true", EXEC);
    expect(connectionsIn(log())).toBe(2);
    await own.dispose();
  });

  it("ends everything on dispose without waiting for anybody, even with a peer that no longer answers", async () => {
    const pty = await transport.link(hostOf(server)).openPty(PTY);
    const pid = Number((await runBeside(pty, "echo $PPID", EXEC)).stdout.toString());
    pty.channel.onData(() => {});
    const end = ended(pty);
    process.kill(pid, "SIGSTOP");
    try {
      const started = performance.now();
      await transport.dispose();
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(await end).toMatchObject({ reason: "disconnect" });
      expect((await failureOf(transport.link(hostOf(server)).openPty(PTY))).code).toBe("connect_failed");
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it("keeps every byte of 64 MB down and 16 MB up through rekeys", async () => {
    const rekeying = await extraServer({ config: ["RekeyLimit 1M"] });
    const host = hostOf(rekeying);
    const down = await run(transport, host, "head -c 67108864 /dev/zero | tr '\\0' x", {
      timeoutMs: 60_000,
      maxBytes: 70_000_000,
    });
    expect([down.stdout.length, down.stdout.every((byte) => byte === 0x78)]).toEqual([67_108_864, true]);
    const up = await run(transport, host, "cksum", {
      ...EXEC,
      timeoutMs: 60_000,
      stdin: Buffer.alloc(16_777_216, "y"),
    });
    expect(up.stdout.toString()).toMatch(/^\d+ 16777216\n/);
  });
});

/** Time that moves only by hand; what is due runs during `advance`. */
function handClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  let timers: { due: number; action: () => void }[] = [];
  return {
    now: () => now,
    wallTime: systemClock.wallTime,
    after(ms, action) {
      const timer = { due: now + ms, action };
      timers.push(timer);
      return {
        dispose: () => {
          timers = timers.filter((other) => other !== timer);
        },
      };
    },
    advance(ms) {
      now += ms;
      const due = timers.filter((timer) => timer.due <= now);
      timers = timers.filter((timer) => timer.due > now);
      for (const { action } of due) action();
    },
  };
}
