import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { ServerChannel } from "ssh2";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { collect } from "../../src/ssh/collect.ts";
import type { Exec, OpenedPty, Transport } from "../../src/ssh/contract.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { EXEC, failureOf, hostOf, noSecrets, PTY, received, run, runBeside, testHost } from "./hosts.ts";
import { type Script, type ScriptedServer, startScripted, startTcp, until } from "./scripted.ts";
import { canRunSshd, startSshd, type TestServer } from "./sshd.ts";

const MIB = 1024 * 1024;
const OPEN = { timeoutMs: 10_000 };

/** The host with one place for a terminal and one for a command on each connection. */
function cramped(host: ResolvedHost): ResolvedHost {
  return { ...host, limits: { ...host.limits, channelsPerConnection: 1 } };
}

function execOf(transport: Transport, host: ResolvedHost): Exec {
  const { exec } = transport.link(host);
  if (exec === undefined) throw new Error("this host runs no commands");
  return exec;
}

function besideOf(pty: OpenedPty): Exec {
  if (pty.beside === undefined) throw new Error("nothing runs beside this terminal");
  return pty.beside;
}

/** Lets everything pass that is on its way to a server and back. */
async function roundTrip(transport: Transport, host: ResolvedHost): Promise<void> {
  await run(transport, host, "true");
}

/** A door that opens once. */
function door(): { readonly passed: Promise<void>; open(): void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** What a promise that must fail fails with, whatever it is. */
function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("it succeeded"),
    (reason: unknown) => reason,
  );
}

describe("a command on a server that does as told", () => {
  let server: ScriptedServer;
  let transport: Transport;
  afterEach(async () => {
    await transport.dispose();
    await server.stop();
  });

  const start = async (script: Script) => {
    server = await startScripted(script);
    transport = createTransport({ secrets: noSecrets });
    const pty = await transport.link(cramped(server.host)).openPty(PTY);
    return { pty, beside: besideOf(pty) };
  };

  it("that is cancelled before it is open is closed when it opens, and its place comes back", async () => {
    const asked = door();
    const answer = door();
    const requests: string[] = [];
    const { beside } = await start({
      admits: async (command) => {
        requests.push(command);
        if (command !== "slow") return true;
        asked.open();
        await answer.passed;
        return true;
      },
      exec: (channel, command) => {
        if (command === "slow") return;
        channel.end(command);
        channel.exit(0);
        channel.close();
      },
    });
    const caller = new AbortController();
    const slow = reasonOf(beside("slow", { ...OPEN, signal: caller.signal }));
    await asked.passed;
    caller.abort("no longer wanted");
    expect(await slow).toBe("no longer wanted");
    // Until the server has answered, its place is not free: the server counts the channel.
    const next = collect(beside, "next", EXEC);
    await roundTrip(transport, server.host);
    expect(requests).toEqual(["slow", "true"]);
    answer.open();
    expect((await next).stdout.toString()).toBe("next");
    await until(() => server.channels() === 1, "only the terminal is left");
    expect(server.connections()).toBe(2);
  });

  it("that is cancelled afterwards is closed, and its place comes back", async () => {
    const { beside } = await start({
      exec: (channel, command) => {
        channel.write(command);
        if (command === "stay") return;
        channel.exit(0);
        channel.end();
      },
    });
    for (let round = 0; round < 3; round++) {
      const caller = new AbortController();
      const running = await beside("stay", { ...OPEN, signal: caller.signal });
      await once(running.stdout, "readable");
      caller.abort();
      expect(await running.end).toEqual({ reason: "closed_by_us" });
      expect(await text(running.stdout)).toBe("stay");
    }
    expect((await collect(beside, "next", EXEC)).stdout.toString()).toBe("next");
    await until(() => server.channels() === 1, "only the terminal is left");
    expect(server.connections()).toBe(1);
  });

  it("that was cancelled before it was asked for is never asked for", async () => {
    const asked: string[] = [];
    const { pty, beside } = await start({
      admits: (command) => {
        asked.push(command);
        return true;
      },
      exec: (channel) => {
        channel.exit(0);
        channel.end();
      },
    });
    const signal = AbortSignal.abort("never mind");
    expect(await reasonOf(beside("no", { ...OPEN, signal }))).toBe("never mind");
    const link = transport.link(cramped(server.host));
    expect(await reasonOf(link.exec?.("no", { ...OPEN, signal }) ?? Promise.resolve())).toBe("never mind");
    await runBeside(pty, "yes");
    expect(asked).toEqual(["yes"]);
  });

  it("waits behind another for a place, and can be cancelled there", async () => {
    const { beside } = await start({ exec: (channel) => void channel.write("x") });
    const first = await beside("first", OPEN);
    const caller = new AbortController();
    const second = reasonOf(beside("second", { ...OPEN, signal: caller.signal }));
    const third = beside("third", OPEN);
    caller.abort("impatient");
    expect(await second).toBe("impatient");
    first.close();
    (await third).close();
    const late = await failureOf(beside("fourth", OPEN).then(() => beside("fifth", { timeoutMs: 50 })));
    expect(late.message).toMatch(/refused a command channel: its terminals fill the connection/);
  });

  it("that the server does not answer fails in time, and one that it refuses fails at once", async () => {
    const { beside } = await start({
      admits: (command) => (command === "mute" ? new Promise<boolean>(() => {}) : false),
    });
    const refused = await failureOf(beside("nothing", OPEN));
    expect([refused.code, refused.message]).toEqual([
      "channel_refused",
      expect.stringMatching(/refused a command channel: Unable to exec/),
    ]);
    const mute = await failureOf(beside("mute", { timeoutMs: 50 }));
    expect(mute.message).toMatch(/did not answer the request for a command channel .* within 0\.1 s/);
  });

  it("is reached by signals", async () => {
    const { beside } = await start({
      signal: (channel, name) => {
        channel.exit(name);
        channel.end();
      },
    });
    const running = await beside("wait", OPEN);
    running.stdout.resume();
    running.stderr.resume();
    running.signal("SIGTERM");
    expect(await running.end).toEqual({ reason: "exit", signal: "TERM" });
  });

  it("that is refused leaves no channel open behind it", async () => {
    const { beside } = await start({ admits: () => false });
    for (let round = 0; round < 3; round++) await failureOf(beside("nothing", OPEN));
    await until(() => server.channels() === 1, "only the terminal is left");
  });

  it("holds the server back while nobody reads, and loses nothing", async () => {
    const total = 48;
    let written = 0;
    const over = (channel: ServerChannel) => {
      channel.exit(0);
      channel.end();
    };
    await start({
      exec: (channel, command) => {
        if (command !== "flood") return over(channel);
        const more = () => {
          if (written === total) over(channel);
          else
            channel.write(Buffer.alloc(MIB, written), () => {
              written++;
              more();
            });
        };
        more();
      },
    });
    const exec = execOf(transport, server.host);
    const running = await exec("flood", OPEN);
    // Each round trip on the same connection lets through what would be on its way.
    let before = -1;
    while (before !== written) {
      before = written;
      await collect(exec, "true", EXEC);
    }
    expect(written).toBeLessThan(8);
    let size = 0;
    let whole = true;
    running.stdout.on("data", (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; at += 1024) whole &&= chunk[at] === Math.floor((size + at) / MIB);
      size += chunk.length;
    });
    await once(running.stdout, "end");
    running.stderr.resume();
    expect([size, whole, await running.end]).toEqual([total * MIB, true, { reason: "exit", code: 0 }]);
    expect(server.connections()).toBe(2);
  });

  it("gives up its place also when its caller stops reading", async () => {
    await start({ exec: (channel) => void channel.end(Buffer.alloc(6 * MIB)) });
    const exec = execOf(transport, cramped(server.host));
    for (let round = 0; round < 3; round++) {
      const running = await exec("much", OPEN);
      for await (const _ of running.stdout) break;
      await running.end;
    }
    expect(server.connections()).toBe(1);
  });
});

describe.skipIf(!canRunSshd)("a command on a real sshd", () => {
  let server: TestServer;
  let transport: Transport;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterEach(() => transport.dispose());
  afterAll(() => server.stop());

  const exec = (): Exec => {
    transport = createTransport({ secrets: noSecrets });
    return execOf(transport, hostOf(server));
  };

  it("is a program with input, output and errors of its own", async () => {
    const running = await exec()("tr a-z A-Z; echo oops >&2; exit 3", OPEN);
    const shown = Promise.all([text(running.stdout), text(running.stderr)]);
    running.stdin.write("hel");
    running.stdin.end("lo");
    expect(await shown).toEqual(["HELLO", "oops\n"]);
    expect(await running.end).toEqual({ reason: "exit", code: 3 });
  });

  it("takes input only as fast as it reads it", async () => {
    const fifo = join(server.folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const run = exec();
    const running = await run(`cat ${fifo} >/dev/null; cksum`, OPEN);
    const told = text(running.stdout);
    running.stderr.resume();
    const bytes = Buffer.alloc(16 * MIB, "y");
    const sent = pipeline(
      Readable.from([bytes.subarray(0, 8 * MIB), bytes.subarray(8 * MIB)]),
      running.stdin,
    );
    let before = -1;
    while (before !== running.stdin.writableLength) {
      before = running.stdin.writableLength;
      await collect(run, "true", EXEC);
    }
    expect(before).toBeGreaterThan(4 * MIB);
    execFileSync("sh", ["-c", `: > ${fifo}`]);
    await sent;
    expect(await told).toBe(execFileSync("cksum", { input: bytes, encoding: "utf8" }));
  });

  it("that ends without reading its input fails whoever still writes, and waits for nobody", async () => {
    const running = await exec()("exit 0", OPEN);
    running.stdout.resume();
    running.stderr.resume();
    const writing = pipeline(Readable.from([Buffer.alloc(16 * MIB)]), running.stdin);
    // It may have ended before the first byte was written.
    expect(await reasonOf(writing)).toMatchObject({
      code: expect.stringMatching(/^ERR_STREAM_(?:PREMATURE_CLOSE|WRITE_AFTER_END)$/),
    });
    expect(await running.end).toEqual({ reason: "exit", code: 0 });
  });

  it("whose link is lost ends its outputs, and says so", async () => {
    const running = await exec()("echo up; kill -9 $PPID; sleep 20", OPEN);
    const shown = Promise.all([text(running.stdout), text(running.stderr)]);
    expect(await running.end).toMatchObject({ reason: "disconnect" });
    expect((await shown)[1]).toBe("");
  });

  it("has one deadline for opening and running", async () => {
    const started = performance.now();
    const { end } = await collect(exec(), "sleep 20", { ...EXEC, timeoutMs: 400 });
    expect(end).toEqual({ reason: "timeout" });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("is refused where it is longer than a request may be, and the connection stays", async () => {
    const host = hostOf(server);
    const long = exec()(`: ${"x".repeat(300_000)}`, OPEN);
    expect(await failureOf(long)).toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(/is 300002 bytes long.* at most 258048 .*nothing was sent/),
    });
    const { stdout } = await run(transport, host, `: ${"x".repeat(100_000)}; echo on`);
    expect(stdout.toString()).toBe("on\n");
  });
});

describe.skipIf(!canRunSshd)("a command beside a terminal", () => {
  let server: TestServer;
  let transport: Transport;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterEach(() => transport.dispose());
  afterAll(() => server.stop());

  const dials = () => server.log().match(/Connection from/g)?.length ?? 0;

  it("runs on that terminal's connection, whichever others there are", async () => {
    transport = createTransport({ secrets: noSecrets });
    const link = transport.link(cramped(hostOf(server)));
    const ptys = await Promise.all([1, 2, 3].map(() => link.openPty(PTY)));
    for (const pty of ptys) {
      const shown = received(pty, /<[\d. ]+>/);
      pty.channel.write('echo "<$SSH_CONNECTION>"\r');
      const { stdout } = await runBeside(pty, 'echo "<$SSH_CONNECTION>"');
      expect(await shown).toContain(stdout.toString().trim());
    }
    expect(dials()).toBe(3);
  });

  it("never dials: not when the connection is full, and not when it is gone", async () => {
    transport = createTransport({ secrets: noSecrets });
    const link = transport.link(cramped(hostOf(server)));
    const [pty, other] = [await link.openPty(PTY), await link.openPty(PTY)];
    const before = dials();
    const beside = besideOf(pty);
    const running = await beside("cat", OPEN);
    const full = await failureOf(beside("true", { timeoutMs: 50 }));
    expect([full.code, full.message]).toEqual([
      "channel_refused",
      expect.stringContaining("its terminals fill the connection"),
    ]);
    running.close();
    const ended = new Promise((resolve) => pty.channel.onClose(resolve));
    pty.channel.onData(() => {});
    await runBeside(pty, "kill -9 $PPID");
    await ended;
    expect((await failureOf(beside("true", OPEN))).code).toBe("connect_failed");
    expect((await runBeside(other, "echo here")).stdout.toString()).toBe("here\n");
    expect(dials()).toBe(before);
  });
});

describe("a command on a host that is still being dialled", () => {
  it("can be cancelled, or runs out of time, without waiting for the dial", async () => {
    const mute = await startTcp(() => {});
    const transport = createTransport({ secrets: noSecrets });
    const exec = execOf(transport, testHost(mute.port));
    const caller = new AbortController();
    const cancelled = reasonOf(exec("true", { ...OPEN, signal: caller.signal }));
    await until(() => mute.accepted() === 1, "it is being dialled");
    caller.abort("no longer wanted");
    expect(await cancelled).toBe("no longer wanted");
    const late = await failureOf(exec("true", { timeoutMs: 100 }));
    expect([late.code, late.message]).toEqual([
      "connect_failed",
      expect.stringMatching(/was not ready within 0.1 s/),
    ]);
    expect(mute.accepted()).toBe(1);
    await transport.dispose();
    await mute.stop();
  });
});
