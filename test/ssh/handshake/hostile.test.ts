import type { Socket } from "node:net";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import { LoginRefused } from "../../../src/ssh/auth/refused.ts";
import type { ChannelEnd, Transport } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { failureOf, noSecrets, PTY, received, testHost } from "../hosts.ts";
import { keyPair, type Script, startScripted, startTcp, until } from "../scripted.ts";

/** Servers no honest sshd can play; the limits of our side must hold whatever they send. */
describe("a hostile server", () => {
  const ending: (() => Promise<void>)[] = [];
  let transport: Transport = createTransport({ secrets: noSecrets });
  afterEach(async () => {
    await transport.dispose();
    transport = createTransport({ secrets: noSecrets });
    for (const stop of ending.splice(0)) await stop();
  });
  const scripted = async (script: Script) => {
    const server = await startScripted(script);
    ending.push(() => server.stop());
    return server;
  };
  const tcp = async (talk: Parameters<typeof startTcp>[0]) => {
    const server = await startTcp(talk);
    ending.push(() => server.stop());
    return server;
  };
  const impatient = (host: ResolvedHost, connectTimeoutMs: number): ResolvedHost => ({
    ...host,
    timing: { ...host.timing, connectTimeoutMs },
  });

  it("that accepts and stays silent costs the timeout, and its socket is closed", async () => {
    const server = await tcp((socket) => socket.resume());
    const started = performance.now();
    const error = await failureOf(transport.link(impatient(testHost(server.port), 1_000)).openPty(PTY));
    expect(error.message).toMatch(/sent no SSH identification within 1 s/);
    expect(performance.now() - started).toBeLessThan(3_000);
    await until(() => server.open() === 0, "the socket is closed");
  });

  it.each([
    ["many lines", "welcome to nothing\r\n".repeat(500)],
    ["one endless line", "x".repeat(16_384)],
  ])("that floods before its identification with %s is dropped at once", async (_what, text) => {
    let sent = 0;
    const server = await tcp((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write(text)) sent += text.length;
      };
      socket.on("drain", flood);
      flood();
    });
    const error = await failureOf(transport.link(testHost(server.port)).openPty(PTY));
    expect(error.message).toMatch(/endless text instead of an SSH identification/);
    await until(() => server.open() === 0, "the socket is closed");
    expect([server.accepted(), sent < 32 * 1024 * 1024]).toEqual([1, true]);
  });

  it("that resets the connection during the login is no refusal of it", async () => {
    const server = await scripted({
      login: (_context, connection) => {
        const { _sock: socket } = connection as unknown as { readonly _sock: Socket };
        socket.resetAndDestroy();
      },
    });
    const host = {
      ...server.host,
      auth: [{ method: "password", secret: { from: "env", name: "PW" } }],
    } as const;
    const secrets = { read: async () => ({ reveal: () => "x" }), redact: (text: string) => text };
    const own = createTransport({ secrets });
    ending.push(() => own.dispose());
    expect(await failureOf(own.link(host).openPty(PTY))).toMatchObject({
      code: "connect_failed",
      message: expect.stringMatching(/reset the connection during the login/),
    });
  });

  it("that closes the connection during the login, before any secret was sent, is no refusal either", async () => {
    const server = await scripted({
      login: (_context, connection) => {
        const { _sock: socket } = connection as unknown as { readonly _sock: Socket };
        socket.end();
      },
    });
    const error = await failureOf(transport.link(server.host).openPty(PTY));
    expect(error.message).toMatch(/closed the connection during the login/);
    expect(error).not.toBeInstanceOf(LoginRefused);
  });

  it("that is no SSH server but says something readable is named so", async () => {
    const server = await tcp((socket) => socket.end("Go away\u001b[31m please\r\n\r\n"));
    const error = await failureOf(transport.link(impatient(testHost(server.port), 500)).openPty(PTY));
    expect(error.message).toContain("after saying: Go away<U+001B>[31m please");
  });

  it("that sends garbage after its identification is dropped", async () => {
    const server = await tcp((socket) => socket.write(`SSH-2.0-odd\r\n${"\xff".repeat(100_000)}`));
    const error = await failureOf(transport.link(testHost(server.port)).openPty(PTY));
    expect(error.code).toBe("connect_failed");
    await until(() => server.open() === 0, "the socket is closed");
  });

  it("that offers only compression is refused, and told from other misfits", async () => {
    const { host } = await scripted({ algorithms: { compress: ["zlib", "zlib@openssh.com"] } });
    const error = await failureOf(transport.link(host).openPty(PTY));
    expect(error.message).toMatch(/compression: zlib, zlib@openssh\.com/);
  });

  it("that ignores the window while we are paused loses the connection at the bound", async () => {
    const { host, open } = await scripted({
      shell: (channel) => {
        // The window our side granted is forgotten: the server believes it may send without end.
        const outgoing: unknown = Reflect.get(channel, "outgoing");
        if (typeof outgoing !== "object" || outgoing === null) throw new Error("ssh2 has changed");
        Reflect.set(outgoing, "window", Number.MAX_SAFE_INTEGER);
        // An odd size: ssh2 does refuse data when the window is exactly zero.
        const block = Buffer.alloc(250_007, "x");
        const flood = () => {
          if (!channel.writable) return;
          channel.write(block, () => setImmediate(flood));
        };
        flood();
      },
    });
    const pty = await transport.link(host).openPty(PTY);
    let got = 0;
    pty.channel.pause();
    pty.channel.onData((chunk) => {
      got += chunk.length;
    });
    const before = process.memoryUsage().rss;
    const end = new Promise<ChannelEnd>((resolve) => pty.channel.onClose(resolve));
    await until(() => open() === 0, "the connection was given up");
    pty.channel.resume();
    expect(await end).toEqual({
      reason: "disconnect",
      message: "the server sent more than the window it was granted",
    });
    expect(got).toBeLessThan(10 * 1024 * 1024);
    // Server and client share this process, so the server's own buffers are in it too.
    expect(process.memoryUsage().rss - before).toBeLessThan(96 * 1024 * 1024);
  });

  it("that swaps its host key at a rekey loses the connection, and nothing it says afterwards is delivered", async () => {
    const swapped = ssh2.utils.parseKey(keyPair().private);
    const { host } = await scripted({
      shell: (channel: ServerChannel, connection: Connection) => {
        channel.write("before ");
        channel.on("data", () => {
          const protocol: unknown = Reflect.get(connection, "_protocol");
          const keys: unknown = protocol instanceof Object ? Reflect.get(protocol, "_hostKeys") : undefined;
          if (!(typeof keys === "object" && keys !== null)) throw new Error("ssh2 has changed");
          Reflect.set(keys, "ssh-ed25519", swapped);
          connection.rekey();
          channel.write("after");
        });
      },
    });
    const pty = await transport.link(host).openPty(PTY);
    let text = "";
    pty.channel.onData((chunk) => {
      text += chunk.toString();
      if (text === "before ") pty.channel.write("go");
    });
    const end = await new Promise<ChannelEnd>((resolve) => pty.channel.onClose(resolve));
    expect(end).toEqual({
      reason: "disconnect",
      message: "the server presented another host key at a rekey",
    });
    expect(text).toBe("before ");
  });

  it("that hides escape sequences in banner and identification shows them visibly", async () => {
    const { host } = await scripted({
      banner: "hi\u001b]52;c;aGk=\u0007 \u202eevil\r\n",
      shell: (channel) => channel.write("x"),
    });
    const pty = await transport.link(host).openPty(PTY);
    expect(pty.info.banner).toContain("hi<U+001B>]52;c;aGk=<U+0007> <U+202E>evil\n");
  });

  it("cannot break the connection by what makes one of our listeners throw", async () => {
    const warnings: string[] = [];
    const warned = (warning: Error) => warnings.push(warning.message);
    process.on("warning", warned);
    const { host } = await scripted({
      shell: (channel) => {
        channel.write("first");
        channel.on("data", (chunk: Buffer) => channel.write(chunk));
      },
    });
    const pty = await transport.link(host).openPty(PTY);
    pty.channel.onData(() => {
      throw new Error("our own bug");
    });
    const echo = received(pty, /still here/);
    pty.channel.write("still here");
    await echo;
    await until(() => warnings.length > 0, "the exception was reported");
    process.removeListener("warning", warned);
    expect(warnings[0]).toMatch(/our own bug/);
  });

  it.each([
    ["HTTP", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", true],
    ["TLS", "\x15\x03\x01\x00\x02\x02\x46", true],
    ["SMTP", "220 mx.example.com ESMTP Postfix\r\n", false],
    ["FTP", "220 (vsFTPd 3.0.5)\r\n", false],
    ["Telnet", "\xff\xfd\x18\xff\xfd\x20", false],
  ])("that answers in %s is named for it, and dialled once", async (spoken, says, ends) => {
    const server = await tcp((socket) => {
      socket.write(says, "latin1");
      if (ends) socket.end();
    });
    const error = await failureOf(transport.link(impatient(testHost(server.port), 600)).openPty(PTY));
    expect(error.message).toContain(`answers in ${spoken}, not in SSH`);
    expect(error.next).toMatch(/address and port/);
    expect(server.accepted()).toBe(1);
  });

  it("that closes every connection before identifying itself is tried again, but not without end", async () => {
    const server = await tcp((socket) => socket.end());
    const error = await failureOf(transport.link(impatient(testHost(server.port), 1_500)).openPty(PTY));
    expect(error.message).toMatch(/closed the connection before identifying itself/);
    expect(server.accepted()).toBeGreaterThan(2);
    expect(server.accepted()).toBeLessThanOrEqual(10);
  });
});
