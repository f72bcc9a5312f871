import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { mint } from "../../src/base/contract/mint.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { HostDirectory, ResolvedHost } from "../../src/inventory/host.ts";
import { HostFiles } from "../../src/multiplexer/host-files.ts";
import type { SessionView } from "../../src/multiplexer/types.ts";
import type { Transport } from "../../src/ssh/contract.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { FakeClock } from "../fake-clock.ts";
import { failureOf, hostOf, noSecrets, run, testHost } from "../ssh/hosts.ts";
import { canRunSshd, startSshd, type TestServer } from "../ssh/sshd.ts";

const PERMIT = mint({ id: "a", kind: "agent" }, { verb: "file", op: "read", path: "/" });
const OPEN_MS = 20_000;

function filesOf(
  hosts: readonly ResolvedHost[],
  { transport, sessions = [] }: { transport: Transport; sessions?: readonly Partial<SessionView>[] },
) {
  const directory: Pick<HostDirectory, "resolve"> = {
    resolve: async (name) => {
      const found = hosts.find((host) => host.name === name);
      if (found === undefined) throw new Error(`no host ${name}`);
      return found;
    },
  };
  const views = sessions as readonly SessionView[];
  const view = (name: string) => {
    const found = views.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no session ${name}`);
    return found;
  };
  const clock = new FakeClock();
  const parts = { directory, transport, catalog: openCatalog(), clock, readSecret: noSecrets.read };
  return { clock, files: new HostFiles({ ...parts, sessions: { sessions: () => views, find: view, view } }) };
}

describe("the files of hosts", () => {
  const transport = createTransport({ secrets: noSecrets });
  afterAll(() => transport.dispose());

  it("are not asked for at a device whose profile has none, and a profile, or the host's entry, may say that it has", async () => {
    const device = { ...testHost(1), name: "sw1", platform: "cisco_ios" };
    const having = { ...device, name: "sw2", device: { sftp: true } };
    const router = { ...device, name: "mt1", platform: "mikrotik_routeros" };
    const { files } = filesOf([device, having, router], { transport });
    expect(await failureOf(files.plan({ host: "sw1" }))).toMatchObject({
      code: "channel_refused",
      message: expect.stringMatching(
        /sw1 is not asked for SFTP: its platform is cisco_ios.*Nothing was sent/,
      ),
    });
    expect((await files.plan({ host: "sw2" })).host.name).toBe("sw2");
    expect((await files.plan({ host: "mt1" })).host.name).toBe("mt1");
  });

  it("are not asked for where a session has shown a device's command line", async () => {
    const host = { ...testHost(1), name: "box", platform: "auto" };
    const shown = { name: "box", host: "box", place: { mode: "exec", host: "box" } };
    const { files } = filesOf([host], { transport, sessions: [shown] });
    expect(await failureOf(files.plan({ host: "box" }))).toMatchObject({ code: "channel_refused" });
  });

  it("are a session's only while its host still means the same address", async () => {
    const host = { ...testHost(22), name: "web1" };
    const facts = { name: "web1", platform: "posix", policy: UNRESTRICTED };
    const here = { name: "s1", host: "web1", hostFacts: { ...facts, address: "root@127.0.0.1:22" } };
    const moved = { name: "s2", host: "web1", hostFacts: { ...facts, address: "root@127.0.0.2:22" } };
    const { files } = filesOf([host], { transport, sessions: [here, moved] });
    expect((await files.plan({ session: "s1" })).session?.name).toBe("s1");
    expect(await failureOf(files.plan({ session: "s2" }))).toMatchObject({ code: "not_ready" });
  });
});

describe.skipIf(!canRunSshd)("a channel for files", () => {
  let server: TestServer;
  let transport: Transport;
  beforeAll(async () => {
    server = await startSshd({ config: ["Subsystem sftp internal-sftp"] });
  });
  afterEach(() => transport.dispose());
  afterAll(() => server.stop());

  it("is shared by calls, kept for a while behind the last, and opened anew once it has ended", async () => {
    transport = createTransport({ secrets: noSecrets });
    const { files, clock } = filesOf([{ ...hostOf(server), name: "web1" }], { transport });
    writeFileSync(join(server.folder, "x"), "x");
    const plan = await files.plan({ host: "web1" });
    const [first, second] = await Promise.all([1, 2].map(() => files.open(plan, PERMIT, OPEN_MS)));
    expect(first?.files).toBe(second?.files);
    first?.release();
    first?.release();
    second?.release();
    const third = await files.open(plan, PERMIT, OPEN_MS);
    expect(third.files).toBe(first?.files);
    third.release();
    clock.advance(31_000);
    expect(await failureOf(third.files.stat(server.folder))).toMatchObject({ code: "connect_failed" });
    const fourth = await files.open(plan, PERMIT, OPEN_MS);
    expect(fourth.files).not.toBe(third.files);
    expect(await fourth.files.stat(join(server.folder, "x"))).toMatchObject({ type: "file", size: 1 });
    files.dispose();
  });

  it("that ends with its link fails what is asked of it, and the next call has another", async () => {
    transport = createTransport({ secrets: noSecrets });
    const host = { ...hostOf(server), name: "web1" };
    const { files } = filesOf([host], { transport });
    const plan = await files.plan({ host: "web1" });
    const before = await files.open(plan, PERMIT, OPEN_MS);
    await before.files.stat(server.folder);
    await run(transport, host, "kill -9 $PPID");
    expect(await failureOf(before.files.stat(server.folder))).toMatchObject({ code: "connect_failed" });
    before.release();
    const after = await files.open(plan, PERMIT, OPEN_MS);
    expect(await after.files.stat(server.folder)).toMatchObject({ type: "dir" });
    after.release();
    files.dispose();
  });

  it("needs a permit for files", async () => {
    transport = createTransport({ secrets: noSecrets });
    const { files } = filesOf([{ ...hostOf(server), name: "web1" }], { transport });
    const plan = await files.plan({ host: "web1" });
    const other = mint({ id: "a", kind: "agent" }, { verb: "look" });
    await expect(files.open(plan, other, OPEN_MS)).rejects.toThrow("no permit for files");
  });
});
