import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { hostFor } from "./kit/host.ts";
import { delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { startVtysh, type Vtysh } from "./kit/vtysh.ts";
import { type Opened, type Rig, rigFor } from "./rig.ts";

/** Enough of a configuration that it fills many pages. */
const PREFIX_LISTS = Array.from(
  { length: 300 },
  (_unused, index) => `ip prefix-list many seq ${index + 1} permit 10.${index % 250}.0.0/16`,
);

let frr: Vtysh;
let server: TestServer;
beforeAll(async () => {
  frr = await startVtysh([
    "hostname r1",
    "router bgp 65001",
    " bgp router-id 127.0.0.1",
    " no bgp default ipv4-unicast",
    "!",
    ...PREFIX_LISTS,
  ]);
  server = await forced(frr.command);
});
afterAll(async () => {
  await server?.stop();
  await frr?.stop();
});

/** An sshd that gives its users nothing but this command. */
function forced(command: string, env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  return startSshd({ config: [`ForceCommand ${command}`], env: { VTYSH_PAGER: "cat", ...env } });
}

async function on(host: ResolvedHost, work: (session: Opened, rig: Rig) => Promise<void>): Promise<void> {
  const rig = rigFor([host]);
  try {
    await work(await rig.open(host.name), rig);
  } finally {
    await rig.close();
  }
}

const router = (change: Partial<ResolvedHost> = {}) =>
  hostFor(server, "bash", { platform: "frr", ...change });
const lines = (text: string) => text.split("\n");

/** Runs one line in a mode of the profile. */
async function inMode(rig: Rig, session: Opened, command: string, mode: string) {
  const reply = await rig.mux.shell({ session: session.name, command, mode });
  const { from, to } = reply.outcome;
  return { outcome: reply.outcome, text: (await reply.session.text(from, to)).lines.join("\n") };
}

describe("vtysh of FRR", () => {
  it("is ready at its prompt, which names mode and host", () =>
    on(router(), async (session) => {
      expect(session.first.outcome).toMatchObject({
        state: "done",
        evidence: "prompt",
        mode: "enable",
        host: "r1",
      });
    }));

  it("prints what it prints without a terminal, and nothing else", () =>
    on(router(), async (session) => {
      for (const command of [
        "show version",
        "show running-config",
        "show ip prefix-list",
        "show bgp summary",
        "show history",
      ]) {
        const { outcome, text } = await session.run(command);
        expect(outcome).toMatchObject({ state: "done", evidence: "prompt", mode: "enable", host: "r1" });
        expect(outcome).not.toHaveProperty("exit");
        if (command !== "show history" && command !== "show version")
          expect(lines(text)).toEqual((await frr.show(command)).map((row) => row.trimEnd()));
      }
    }));

  it("goes through its modes and back, and every result says where it stands", () =>
    on(router(), async (session, rig) => {
      expect((await session.run("configure terminal")).outcome).toMatchObject({ mode: "config" });
      expect((await session.run("router bgp 65001")).outcome).toMatchObject({ mode: "config", host: "r1" });
      expect(session.view().place).toEqual({ mode: "config", host: "r1" });
      expect((await inMode(rig, session, "show version", "enable")).outcome).toMatchObject({
        mode: "enable",
      });
      expect((await inMode(rig, session, "show version", "exec")).outcome).toMatchObject({ mode: "exec" });
      expect((await inMode(rig, session, "do show version", "config")).outcome).toMatchObject({
        mode: "config",
      });
      await expect(inMode(rig, session, "show version", "shell")).rejects.toThrow(/no mode "shell"/);
    }));

  it("names unknown, incomplete and unmatched commands as errors", () =>
    on(router(), async (session) => {
      const classes = async (command: string) =>
        (await session.run(command)).outcome.errors?.map((error) => error.class);
      expect(await classes("sho versoin")).toEqual(["syntax"]);
      expect(await classes("show ip")).toEqual(["incomplete"]);
      expect(await classes("bogus")).toEqual(["syntax"]);
      expect(await classes("show version")).toBeUndefined();
    }));

  it("stops a configuration of several lines at its first error", () =>
    on(router(), async (session, rig) => {
      const { outcome } = await inMode(
        rig,
        session,
        "ip prefix-list demo seq 5 permit 10.1.0.0/16\nbogus line\nip prefix-list demo seq 10 permit 10.2.0.0/16",
        "config",
      );
      expect(outcome).toMatchObject({ state: "done", mode: "config" });
      expect(outcome.notes.join("\n")).toMatch(
        /2 of 3 lines were typed: 1 done, 2 syntax .*line 3 was NOT typed/,
      );
      const { text } = await inMode(rig, session, "show running-config", "enable");
      expect(text).toContain("ip prefix-list demo seq 5 permit 10.1.0.0/16");
      expect(text).not.toContain("seq 10 permit 10.2.0.0/16");
      await inMode(rig, session, "no ip prefix-list demo", "config");
    }));

  it("follows a change of hostname, and the prompt of a router without one", () =>
    on(router(), async (session, rig) => {
      expect((await inMode(rig, session, "hostname core9", "config")).outcome).toMatchObject({
        host: "core9",
      });
      expect((await session.run("do show version")).outcome).toMatchObject({ state: "done", host: "core9" });
      expect((await session.run("hostname r1")).outcome).toMatchObject({ host: "r1" });
    }));

  it("shows help for a question mark and leaves no line behind", () =>
    on(router(), async (session) => {
      const { outcome, text } = await session.run("show bgp ?");
      expect(outcome).toMatchObject({ state: "done", evidence: "prompt" });
      expect(text).toMatch(/summary/);
      expect(lines((await session.run("show ip prefix-list")).text)).toEqual(
        await frr.show("show ip prefix-list"),
      );
    }));

  it("takes many commands back to back without mixing them", () =>
    on(router(), async (session) => {
      for (let round = 1; round <= 25; round++) {
        const { text } = await session.run(`show ip prefix-list many seq ${round}`);
        expect(text).toContain(`seq ${round} permit`);
        expect(lines(text).filter((row) => row.includes("permit"))).toHaveLength(1);
      }
    }));

  it("is the same over a slow link that cuts everything into pieces", async () => {
    const proxy = await delayProxy({ target: server, rttMs: 80, chunk: 7 });
    try {
      await on(hostFor(proxy, "bash", { platform: "frr" }), async (session) => {
        expect(lines((await session.run("show ip prefix-list")).text)).toEqual(
          await frr.show("show ip prefix-list"),
        );
        expect((await session.run("bogus")).outcome.errors?.[0]?.class).toBe("syntax");
      });
    } finally {
      await proxy.close();
    }
  });

  it("does not take a banner row that ends in # for its prompt", async () => {
    const trap = await forced(
      `printf 'Welcome to\\r\\nold-router#'; sleep 0.2; printf '\\r\\n\\r\\n'; exec ${frr.command}`,
    );
    try {
      await on(hostFor(trap, "bash", { platform: "frr" }), async (session) => {
        expect(session.view().place).toEqual({ mode: "enable", host: "r1" });
        expect(lines((await session.run("show ip prefix-list")).text)).toEqual(
          await frr.show("show ip prefix-list"),
        );
      });
    } finally {
      await trap.stop();
    }
  });

  it("keeps two sessions apart", async () => {
    const rig = rigFor([router()]);
    try {
      const [one, two] = [await rig.open(router().name, "one"), await rig.open(router().name, "two")];
      const [first, second] = await Promise.all([
        one.run("show ip prefix-list"),
        two.run("configure terminal"),
      ]);
      expect(lines(first.text)).toEqual(await frr.show("show ip prefix-list"));
      expect(second.outcome.mode).toBe("config");
      expect(one.view().place?.mode).toBe("enable");
    } finally {
      await rig.close();
    }
  });

  it("is recognised by what it shows", () =>
    on(router({ platform: "auto" }), async (session) => {
      expect(session.view().framing).toMatch(/\(frr\).*platform frr: /);
      expect((await session.run("show version")).outcome).toMatchObject({
        state: "done",
        mode: "enable",
        host: "r1",
      });
    }));
});

describe("vtysh with its pager", () => {
  it("less on the alternate screen is paged through to the end, nothing lost and nothing of it left", async () => {
    const paged = await forced(frr.command, { VTYSH_PAGER: "less" });
    try {
      await on(hostFor(paged, "bash", { platform: "frr" }), async (session) => {
        await session.run("terminal paginate");
        for (const command of ["show ip prefix-list", "show bgp summary", "show running-config"]) {
          const { outcome, text } = await session.run(command);
          expect(outcome).toMatchObject({ state: "done", evidence: "prompt" });
          expect(lines(text)).toEqual((await frr.show(command)).map((row) => row.trimEnd()));
        }
      });
    } finally {
      await paged.stop();
    }
  });

  it("more is answered from the greeting on", async () => {
    const paged = await forced(frr.command, { VTYSH_PAGER: "more" });
    try {
      await on(hostFor(paged, "bash", { platform: "frr" }), async (session) => {
        expect(session.first.outcome).toMatchObject({ state: "done" });
        const { outcome, text } = await session.run("show ip prefix-list");
        expect(outcome).toMatchObject({ state: "done", evidence: "prompt" });
        expect(lines(text)).toEqual(await frr.show("show ip prefix-list"));
      });
    } finally {
      await paged.stop();
    }
  });
});
