import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { type Birdc, startBirdc } from "./kit/birdc.ts";
import { type Daemon, startDaemon } from "./kit/daemon.ts";
import { startDropbear } from "./kit/dropbear.ts";
import { hostFor } from "./kit/host.ts";
import { mustRun } from "./kit/process.ts";
import { delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { addTestUser, type TestUser } from "./kit/users.ts";
import { type Opened, rigFor } from "./rig.ts";

async function on(host: ResolvedHost, work: (session: Opened) => Promise<void>): Promise<void> {
  const rig = rigFor([host]);
  try {
    await work(await rig.open(host.name));
  } finally {
    await rig.close();
  }
}
const lines = (text: string) => text.split("\n");

describe("birdc of BIRD", () => {
  let bird: Birdc;
  let server: TestServer;
  beforeAll(async () => {
    bird = await startBirdc(400);
    server = await startSshd({ config: [`ForceCommand ${bird.command}`] });
  });
  afterAll(async () => {
    await server?.stop();
    await bird?.stop();
  });
  const host = (change: Partial<ResolvedHost> = {}) =>
    hostFor(server, "bash", { platform: "bird", ...change });

  it("prints its prompt before the output, too, and no command ends by that one", () =>
    on(host(), async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "done", evidence: "prompt", mode: "exec" });
      for (let round = 0; round < 15; round++) {
        const { outcome, text } = await session.run("show protocols");
        expect(outcome).toMatchObject({ state: "done", evidence: "prompt" });
        expect(lines(text)).toEqual(await bird.show("show protocols"));
      }
    }));

  it("has a pager whose cursor stands in front of it; every page is there", () =>
    on(host(), async (session) => {
      const { outcome, text } = await session.run("show route");
      expect(outcome).toMatchObject({ state: "done", evidence: "prompt" });
      expect(lines(text)).toEqual(await bird.show("show route"));
      expect(lines(text).length).toBeGreaterThan(400);
    }));

  it("names what it does not know as an error", () =>
    on(host(), async (session) => {
      const { outcome } = await session.run("bogus");
      expect(outcome).toMatchObject({ state: "done" });
      expect(outcome.errors?.map((error) => error.class)).toEqual(["syntax"]);
    }));

  it("shows help for a question mark and leaves no line behind", () =>
    on(host(), async (session) => {
      const { outcome, text } = await session.run("show ?");
      expect(outcome.state).toBe("done");
      expect(text).toMatch(/show protocols/);
      expect(lines((await session.run("show protocols")).text)).toEqual(await bird.show("show protocols"));
    }));

  it("is the same over a slow link that cuts everything into pieces", async () => {
    const proxy = await delayProxy({ target: server, rttMs: 100, chunk: 7 });
    try {
      await on(hostFor(proxy, "bash", { platform: "bird" }), async (session) => {
        expect(lines((await session.run("show route")).text)).toEqual(await bird.show("show route"));
      });
    } finally {
      await proxy.close();
    }
  });

  it("is recognised by what it shows", () =>
    on(host({ platform: "auto" }), async (session) => {
      expect(session.view().framing).toMatch(/\(bird\).*platform bird: /);
      expect((await session.run("show protocols")).outcome.state).toBe("done");
    }));
});

describe("lldpcli of lldpd", () => {
  let lldpd: Daemon;
  let server: TestServer;
  let command: string;
  beforeAll(async () => {
    // Receives only, and on no interface there is.
    lldpd = await startDaemon({
      name: "lldpd",
      program: "/usr/sbin/lldpd",
      files: {},
      args: (dir) => [
        "-d",
        "-r",
        "-I",
        "none0",
        "-u",
        `${dir}/lldpd.socket`,
        "-O",
        dir,
        "-L",
        "/usr/sbin/lldpcli",
      ],
      socket: "lldpd.socket",
    });
    // Debian lets only its own group run it.
    const lldpcli = join(lldpd.dir, "lldpcli");
    copyFileSync("/usr/sbin/lldpcli", lldpcli);
    chmodSync(lldpcli, 0o755);
    command = `${lldpcli} -u ${lldpd.dir}/lldpd.socket`;
    server = await startSshd({ config: [`ForceCommand ${command}`] });
  });
  afterAll(async () => {
    await server?.stop();
    await lldpd?.stop();
  });

  it("has no profile: its prompt is learned, colours and bracketed paste notwithstanding", () =>
    on(hostFor(server, "bash", { platform: "generic_cli" }), async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "done", evidence: "prompt" });
      const { outcome, text } = await session.run("show running-configuration");
      expect(outcome).toMatchObject({ state: "done", evidence: "prompt" });
      const plain = await mustRun("/usr/sbin/lldpcli", [
        "-u",
        `${lldpd.dir}/lldpd.socket`,
        "show",
        "running-configuration",
      ]);
      expect(lines(text)).toEqual(lines(plain.trimEnd()));
      expect((await session.run("bogus")).text).toMatch(/unknown command/);
      expect((await session.run("show neighbors")).outcome.state).toBe("done");
    }));

  it("is found to have no profile, and says so", () =>
    on(hostFor(server, "bash", { platform: "auto" }), async (session) => {
      expect(session.view().framing).toMatch(/\(generic_cli\).*learned as it stands/);
      expect((await session.run("show neighbors")).outcome.state).toBe("done");
    }));
});

describe("BusyBox ash behind dropbear, as OpenWrt has it", () => {
  let server: TestServer;
  let user: TestUser & { remove(): Promise<void> };
  beforeAll(async () => {
    const profile =
      "PS1='root@OpenWrt:\\w\\$ '; export PS1; [ -z \"$ASH\" ] && ASH=1 exec /bin/busybox ash\n";
    user = await addTestUser({ shell: "/bin/sh", files: { ".profile": profile } });
    server = await startDropbear();
  });
  afterAll(async () => {
    await server?.stop();
    await user?.remove();
  });

  it("is framed as the shell it is, with exit codes", () =>
    on(hostFor(server, user, { platform: "openwrt" }), async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "done", evidence: "sentinel" });
      expect(session.view().framing).toMatch(/ash/);
      expect((await session.run("false")).outcome).toMatchObject({ state: "done", exit: 1 });
      expect((await session.run("cd /etc && pwd")).outcome).toMatchObject({ exit: 0, cwd: "/etc" });
    }));

  it("is recognised as a shell without a platform", () =>
    on(hostFor(server, user, { platform: "auto" }), async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "done", evidence: "sentinel" });
      expect((await session.run("echo $0; exit_code() { return 3; }; exit_code")).outcome).toMatchObject({
        exit: 3,
      });
    }));
});
