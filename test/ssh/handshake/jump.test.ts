import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import type { ChannelEnd, Transport } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { scanHostKey } from "../../../src/ssh/trust.ts";
import { EXEC, failureOf, hostOf, noSecrets, PTY, received, run, testHost } from "../hosts.ts";
import { startTcp } from "../scripted.ts";
import { canRunSshd, freePort, startSshd, type TestServer } from "../sshd.ts";

describe.skipIf(!canRunSshd)("a chain of jump hosts", () => {
  let servers: readonly TestServer[];
  let transport: Transport;
  beforeAll(async () => {
    servers = await Promise.all([startSshd(), startSshd(), startSshd(), startSshd()]);
    transport = createTransport({ secrets: noSecrets });
  });
  afterEach(async () => {
    await transport.dispose();
    transport = createTransport({ secrets: noSecrets });
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  const server = (index: number): TestServer => {
    const found = servers[index];
    if (found === undefined) throw new Error(`no server ${index}`);
    return found;
  };
  const NAMES = ["edge", "core", "rack", "leaf"];
  const hop = (index: number, overrides: Partial<ResolvedHost> = {}) =>
    hostOf(server(index), { name: NAMES[index] ?? "", ...overrides });
  /** The last server, reached through those before it. */
  const chain = (length: number, overrides: Partial<ResolvedHost> = {}): ResolvedHost => ({
    ...hop(length),
    jump: Array.from({ length }, (_, index) => hop(index)),
    ...overrides,
  });

  it.each([1, 2, 3])(
    "of %i hops leads to the host, each connection made from the hop before",
    async (length) => {
      const pty = await transport.link(chain(length)).openPty(PTY);
      pty.channel.write('echo "at $SSH_CONNECTION"\r');
      const shown = await received(pty, /at 127\.0\.0\.1 \d+ 127\.0\.0\.1 \d+/);
      expect(shown).toMatch(new RegExp(`127\\.0\\.0\\.1 ${server(length).port}`));
      for (let index = 0; index <= length; index++) expect(server(index).log()).toMatch(/Accepted publickey/);
    },
  );

  it("carries 20 MB whole and answers quickly", async () => {
    const result = await run(transport, chain(2), "head -c 20000000 /dev/zero", {
      timeoutMs: 30_000,
      maxBytes: 3e7,
    });
    expect(result.stdout.length).toBe(20_000_000);
  });

  it("shares the jump hosts' connections between hosts behind them", async () => {
    const before = server(0).log().length;
    const behind = { ...hop(2), jump: [hop(0)] };
    await Promise.all([
      transport.link(chain(1)).openPty(PTY),
      transport.link(behind).openPty(PTY),
      transport.link(hop(0)).openPty(PTY),
    ]);
    expect(
      server(0)
        .log()
        .slice(before)
        .match(/Connection from/g),
    ).toHaveLength(1);
  });

  it("checks the host key of every hop under the hop's own name", async () => {
    for (const unknown of [0, 1, 2]) {
      const host = chain(2);
      const strict = { mode: "strict", files: [] } as const;
      const [edge, core] = host.jump;
      if (edge === undefined || core === undefined) throw new Error("no chain");
      const broken: ResolvedHost = {
        ...host,
        ...(unknown === 2 ? { hostKey: strict } : {}),
        jump: [
          { ...edge, ...(unknown === 0 ? { hostKey: strict } : {}) },
          { ...core, ...(unknown === 1 ? { hostKey: strict } : {}) },
        ],
      };
      const error = await failureOf(transport.link(broken).openPty(PTY));
      expect(error.code).toBe("host_key_unknown");
      expect(error.next).toMatch(new RegExp(`ssh-mcp trust ${NAMES[unknown]}$`));
      if (unknown < 2) expect(error.message).toMatch(/^On the way to rack: /);
    }
  });

  it("names the hop that refuses the login", async () => {
    const host = chain(2);
    const [edge, core] = host.jump;
    if (edge === undefined || core === undefined) throw new Error("no chain");
    const wrong: ResolvedHost = { ...core, auth: [{ method: "key", path: server(0).clientKey }] };
    const error = await failureOf(transport.link({ ...host, jump: [edge, wrong] }).openPty(PTY));
    expect(error.code).toBe("auth_failed");
    expect(error.message).toMatch(
      /^On the way to rack: core \(127\.0\.0\.1:\d+\) through edge refused the login of user/,
    );
  });

  it("names the hop that died, for sessions behind it and for those behind those", async () => {
    const sessions = await Promise.all([2, 3].map((length) => transport.link(chain(length)).openPty(PTY)));
    const ends = sessions.map(({ channel }) => {
      channel.onData(() => {});
      return new Promise<ChannelEnd>((resolve) => channel.onClose(resolve));
    });
    await run(transport, chain(1), "kill -9 $PPID", EXEC);
    for (const end of await Promise.all(ends))
      expect(JSON.stringify(end)).toMatch(/jump host core .*was lost/);
  });

  it("names the hop that cannot reach the next one", async () => {
    const port = await freePort();
    const error = await failureOf(
      transport.link({ ...testHost(port, { name: "gone" }), jump: [hop(0)] }).openPty(PTY),
    );
    expect(error.code).toBe("connect_failed");
    expect(error.message).toMatch(
      new RegExp(`^Jump host edge \\(.*\\) could not reach gone at 127\\.0\\.0\\.1:${port}: .*[Rr]efused`),
    );
    const forbidding = await startSshd({ config: ["AllowTcpForwarding no"] });
    try {
      const closed = await failureOf(
        transport.link({ ...hop(1), jump: [hostOf(forbidding, { name: "wall" })] }).openPty(PTY),
      );
      expect(closed.toText()).toMatch(/Jump host wall .* could not reach core.*\nNext: .*TCP forwarding/);
    } finally {
      await forbidding.stop();
    }
  });

  it("ends the sessions behind a jump host whose link drops, and dials all of it anew", async () => {
    const pty = await transport.link(chain(1)).openPty(PTY);
    pty.channel.onData(() => {});
    const end = new Promise<ChannelEnd>((resolve) => pty.channel.onClose(resolve));
    await run(transport, hop(0), "kill -9 $PPID", EXEC);
    expect(await end).toMatchObject({ reason: "disconnect" });
    expect((await run(transport, chain(1), "true", EXEC)).end).toMatchObject({ code: 0 });
  });

  it("is gone through by a scan of the last host's key, too", async () => {
    const key = await scanHostKey(
      { ...chain(2), hostKey: { mode: "strict", files: [] } },
      { secrets: noSecrets },
    );
    expect(key.name).toBe(`[127.0.0.1]:${server(2).port}`);
    expect(`${key.type} ${key.blob.toString("base64")}`).toBe(server(2).hostKeys.get("ssh-ed25519"));
    const strict = { mode: "strict", files: [] } as const;
    const untrusted = { ...chain(1), jump: [hop(0, { hostKey: strict })] };
    expect((await failureOf(scanHostKey(untrusted, { secrets: noSecrets }))).next).toMatch(/trust edge$/);
  });
});

describe("a host that cannot be reached", () => {
  const transport = createTransport({ secrets: noSecrets });
  afterAll(() => transport.dispose());

  it("refuses: the port is said to be closed", async () => {
    const error = await failureOf(transport.link(testHost(await freePort())).openPty(PTY));
    expect(error.toText()).toMatch(
      /^connect_failed: box \(127\.0\.0\.1:\d+\) refused the connection: nothing listens on that port\.\nNext: Check address/,
    );
  });

  it("has no address: the name is said not to resolve", async () => {
    const error = await failureOf(
      transport.link(testHost(22, { address: "no-such-host.invalid" })).openPty(PTY),
    );
    expect(error.message).toMatch(/has an address that does not resolve|could not be looked up/);
  });

  it("resets the connection in the midst of the key exchange: told plainly", async () => {
    const server = await startTcp((socket) => {
      socket.write("SSH-2.0-odd\r\n");
      socket.once("data", () => socket.resetAndDestroy());
    });
    const error = await failureOf(transport.link(testHost(server.port)).openPty(PTY));
    expect(error.message).toMatch(/closed the connection during the key exchange/);
    await server.stop();
  });
});
