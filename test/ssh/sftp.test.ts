import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import type { ChannelEnd, SftpHandle, Transport } from "../../src/ssh/contract.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { failureOf, hostOf, noSecrets, PTY, run, runBeside } from "./hosts.ts";
import { type ScriptedServer, startScripted, until } from "./scripted.ts";
import { canRunSshd, startSshd, type TestServer } from "./sshd.ts";

const OPEN = { timeoutMs: 10_000 };

function sftpOf(transport: Transport, host: ResolvedHost, signal?: AbortSignal): Promise<SftpHandle> {
  const { sftp } = transport.link(host);
  if (sftp === undefined) throw new Error("this host has no SFTP");
  return sftp({ ...OPEN, ...(signal === undefined ? {} : { signal }) });
}

const endOf = (handle: SftpHandle) => new Promise<ChannelEnd>((resolve) => handle.onEnd(resolve));

describe.skipIf(!canRunSshd)("SFTP on a real sshd", () => {
  let server: TestServer;
  let transport: Transport;
  beforeAll(async () => {
    server = await startSshd({ config: ["Subsystem sftp internal-sftp"] });
  });
  afterEach(() => transport.dispose());
  afterAll(() => server.stop());

  const open = (host = hostOf(server), signal?: AbortSignal) => {
    return sftpOf(transport, host, signal);
  };
  const dials = () => server.log().match(/Connection from/g)?.length ?? 0;

  it("is opened for the raw operations, and ended", async () => {
    transport = createTransport({ secrets: noSecrets });
    writeFileSync(`${server.folder}/hello`, "hello");
    const sftp = await open();
    const readFile = promisify((path: string, done: (error: Error | undefined, bytes: Buffer) => void) =>
      sftp.raw.readFile(path, done),
    );
    expect((await readFile(`${server.folder}/hello`)).toString()).toBe("hello");
    sftp.end();
    expect(await endOf(sftp)).toEqual({ reason: "closed_by_us" });
  });

  it("takes a place like a terminal's, leaves the command's alone, and gives it back", async () => {
    transport = createTransport({ secrets: noSecrets });
    const host = hostOf(server);
    const cramped = { ...host, limits: { ...host.limits, channelsPerConnection: 1 } };
    const before = dials();
    const first = await open(cramped);
    await run(transport, cramped, "true");
    expect(dials()).toBe(before + 1);
    const second = await open(cramped);
    expect(dials()).toBe(before + 2);
    const closed = [first, second].map(({ raw }) => once(raw, "close"));
    first.end();
    second.end();
    await Promise.all(closed);
    const pty = await transport.link(cramped).openPty(PTY);
    await runBeside(pty, "true");
    expect(dials()).toBe(before + 2);
  });

  it("ends with its link, and says so", async () => {
    transport = createTransport({ secrets: noSecrets });
    const sftp = await open();
    await run(transport, hostOf(server), "kill -9 $PPID");
    expect(await endOf(sftp)).toMatchObject({ reason: "disconnect" });
    sftp.end();
  });

  it("is ended by its caller's signal, and never opened for one that is gone", async () => {
    transport = createTransport({ secrets: noSecrets });
    const caller = new AbortController();
    const sftp = await open(hostOf(server), caller.signal);
    caller.abort("enough");
    expect(await endOf(sftp)).toEqual({ reason: "closed_by_us" });
    await expect(open(hostOf(server), caller.signal)).rejects.toBe("enough");
  });
});

describe("SFTP on a server that does as told", () => {
  let server: ScriptedServer;
  let transport: Transport;
  afterEach(async () => {
    await transport.dispose();
    await server.stop();
  });

  it("is refused plainly where there is none, and leaves no channel open", async () => {
    server = await startScripted({});
    transport = createTransport({ secrets: noSecrets });
    const error = await failureOf(sftpOf(transport, server.host));
    expect([error.code, error.message]).toEqual([
      "channel_refused",
      expect.stringMatching(/refused SFTP: Unable to start subsystem: sftp/),
    ]);
    await until(() => server.channels() === 0, "no channel is open");
  });

  it("survives a server that speaks something else", async () => {
    server = await startScripted({
      sftp: (channel) => {
        channel.write(Buffer.from("Welcome to SFTP!\r\n"));
      },
    });
    transport = createTransport({ secrets: noSecrets });
    const error = await failureOf(sftpOf(transport, server.host));
    expect(error.code).toBe("channel_refused");
    await until(() => server.channels() === 0, "no channel is open");
  });

  it("gives its place back each time", async () => {
    const version = Buffer.from([0, 0, 0, 5, 2, 0, 0, 0, 3]);
    server = await startScripted({ sftp: (channel) => void channel.write(version) });
    transport = createTransport({ secrets: noSecrets });
    const { host } = server;
    const cramped = { ...host, limits: { ...host.limits, channelsPerConnection: 1 } };
    for (let round = 0; round < 4; round++) {
      const sftp = await sftpOf(transport, cramped);
      const closed = once(sftp.raw, "close");
      sftp.end();
      await closed;
    }
    expect(server.connections()).toBe(1);
  });
});
