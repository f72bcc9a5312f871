import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ChannelEnd, OpenedPty, Transport } from "../../src/ssh/contract.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { EXEC, hostOf, noSecrets, PTY, received, run } from "./hosts.ts";
import { startScripted } from "./scripted.ts";
import { canRunSshd, startSshd, type TestServer } from "./sshd.ts";

const closed = ({ channel }: OpenedPty) => new Promise<ChannelEnd>((resolve) => channel.onClose(resolve));

describe.skipIf(!canRunSshd)("a transport to a real sshd", () => {
  let server: TestServer;
  let transport: Transport;
  beforeAll(async () => {
    server = await startSshd();
  });
  afterEach(() => transport.dispose());
  afterAll(() => server.stop());

  it("opens a terminal of the asked size and type and carries bytes both ways", async () => {
    transport = createTransport({ secrets: noSecrets });
    const pty = await transport.link(hostOf(server)).openPty(PTY);
    pty.channel.write("stty size; echo $TERM-$((40+2))\r");
    expect(await received(pty, /-42/)).toMatch(/50 200\r\n[\s\S]*xterm-256color-42/);
    pty.channel.resize(120, 30);
    pty.channel.write("stty size\r");
    await received(pty, /30 120\r\n/);
  });

  it("tells how the shell ended: code, signal, or closed by us", async () => {
    transport = createTransport({ secrets: noSecrets });
    const ends: ChannelEnd[] = [];
    for (const command of ["exit 7\r", "kill -TERM $$; kill -KILL $$\r"]) {
      const pty = await transport.link(hostOf(server)).openPty(PTY);
      pty.channel.onData(() => {});
      pty.channel.write(command);
      ends.push(await closed(pty));
    }
    const pty = await transport.link(hostOf(server)).openPty(PTY);
    pty.channel.close();
    ends.push(await closed(pty));
    expect(ends).toEqual([
      { reason: "exit", code: 7 },
      { reason: "exit", signal: "KILL" },
      { reason: "closed_by_us" },
    ]);
  });

  it("runs a command with input, output, errors and exit code, and counts what it drops", async () => {
    transport = createTransport({ secrets: noSecrets });
    const host = hostOf(server);
    const result = await run(transport, host, "tr a-z A-Z; echo oops >&2; exit 3", {
      ...EXEC,
      stdin: "hello",
    });
    expect(result.stdout.toString()).toBe("HELLO");
    expect(result.stderr.toString()).toBe("oops\n");
    expect(result.end).toEqual({ reason: "exit", code: 3 });
    const big = await run(transport, host, "head -c 100000 /dev/zero", { ...EXEC, maxBytes: 1_000 });
    expect([big.stdout.length, big.droppedBytes]).toEqual([1_000, 99_000]);
    const slow = await run(transport, host, "echo first; sleep 30", { ...EXEC, timeoutMs: 300 });
    expect([slow.stdout.toString(), slow.end]).toEqual(["first\n", { reason: "timeout" }]);
  });

  it("tells what is known about the link", async () => {
    transport = createTransport({ secrets: noSecrets });
    const pty = await transport.link(hostOf(server)).openPty(PTY);
    expect(pty.info).toMatchObject({
      ident: expect.stringMatching(/^SSH-2\.0-OpenSSH/),
      hostKey: { type: "ssh-ed25519", how: "known", fingerprint: expect.stringMatching(/^SHA256:/) },
      auth: "publickey",
      warnings: [],
    });
  });
});

describe("the first terminal of a connection", () => {
  it.each([
    ["OpenSSH_9.9", true],
    ["Cisco-1.25", false],
  ])("is hastened with a few requests without effect on %s: %s", async (ident, hastened) => {
    const requests: string[] = [];
    const server = await startScripted({ ident, request: (name) => requests.push(name) });
    const transport = createTransport({ secrets: noSecrets });
    await transport.link(server.host).openPty(PTY);
    await transport.link(server.host).openPty(PTY);
    const first = requests.length;
    expect(requests.every((name) => name === "cancel-tcpip-forward")).toBe(true);
    expect(hastened ? first > 0 && first <= 12 : first === 0).toBe(true);
    await transport.dispose();
    await server.stop();
  });
});
