import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import { delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { until } from "./kit/until.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

let server: TestServer;
let rig: Rig;

beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(["bash", "dash", "zsh", "readonly"].map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "own");

describe("nothing is said that is not known", () => {
  it("a command whose link was lost is not called done after a reconnect", async () => {
    const proxy = await delayProxy({ target: server });
    const own = rigFor([
      hostFor({ ...server, port: proxy.port, address: proxy.address, knownHosts: proxy.knownHosts }, "bash"),
    ]);
    try {
      const session = await own.open("bash");
      const waiting = session.run("sleep 50");
      await until(() => session.view().state === "busy", { describe: "the command to run" });
      proxy.cut("rst");
      expect((await waiting).outcome.state).toBe("closed");
      const again = await own.open("bash");
      const { outcome } = await own.mux.wait({ session: "bash" });
      expect(outcome).toMatchObject({ state: "ready", command: 1 });
      expect(again.view().command(1)?.state).toBe("closed");
    } finally {
      await own.close();
      await proxy.close();
    }
  });

  it("the command that opened a nested shell is not done while the shell lives", () =>
    withSession("bash", async (session) => {
      await session.run("bash --norc");
      expect((await session.settle()).outcome).toMatchObject({
        state: "asking",
        asked: "shell",
        command: 1,
        level: 2,
      });
      await session.run("true");
      expect((await session.settle()).outcome).toMatchObject({ state: "done", command: 2, level: 2 });
    }));

  it("a command whose nested shell was killed is not given the shell's status", () =>
    withSession("bash", async (session) => {
      const opener = (await session.run("bash --norc")).outcome.command;
      const lost = await session.run("(sleep 0.5; kill -9 $$) & sleep 2");
      expect(lost.outcome).toMatchObject({ state: "done", command: opener, exit: 137, level: 1 });
      expect(lost.outcome.notes.join(" ")).toContain(
        "#2 `(sleep 0.5; kill -9 $$) & sleep 2` ran in the nested shell that ended",
      );
      expect(session.view().command(2)).not.toHaveProperty("exit");
      expect(session.view().command(2)?.state).toBe("closed");
    }));

  it("a program that merely switched the echo off is busy, not asking for a password", () =>
    withSession("bash", async (session) => {
      const { outcome } = await session.run("stty -echo; sleep 3; stty echo", { timeoutMs: 1500 });
      expect(outcome).toMatchObject({ state: "running", evidence: "timeout" });
      expect((await session.settle()).outcome).toMatchObject({ state: "done", exit: 0 });
    }));

  it("an answered question is not recorded as asking while the command goes on", () =>
    withSession("bash", async (session) => {
      const asked = (await session.run("read x; sleep 2")).outcome;
      expect(asked.state).toBe("asking");
      await session.keys("y<Enter>", { timeoutMs: 700 });
      expect(session.view().command(asked.command)?.state).toBe("running");
      expect((await session.settle()).outcome.state).toBe("done");
    }));

  it("the status of the last command is not the status of a session that was closed", () =>
    withSession("bash", async (session) => {
      expectDone(await session.run("false"), 1);
      await rig.mux.disconnect(session.name);
      const { outcome } = await session.settle();
      expect(outcome.state).toBe("closed");
      expect(outcome.exit).toBeUndefined();
    }));

  it("a command for a session that does not come up is said not to have been typed", async () => {
    const reply = await rig.mux.shell({ session: "dash", command: "touch never", timeoutMs: 0 });
    expect(reply.outcome.state).toBe("running");
    expect(reply.outcome.notes.join(" ")).toContain("NOT typed");
    await rig.mux.disconnect("dash");
  });

  it("a program of the shell's own that imitates a prompt and is gone leaves no level behind", () =>
    withSession("bash", async (session) => {
      await session.run("bash() { printf 'x$ '; read -rsn1; }");
      // The kernel says that our own shell reads in its `read`: nothing is typed into it, whatever its row looks like.
      const { outcome } = await session.run("bash", { timeoutMs: 12_000 });
      expect(outcome).toMatchObject({ state: "asking", evidence: "kernel" });
      expect(session.view().level).toBe(1);
      await session.keys("q");
      await session.settle();
      expect(session.view().level).toBe(1);
      expectDone(await session.run("echo here; command true"), 0, "here");
    }));
});

describe("nothing that was printed is lost", () => {
  it("output of a background job between commands is there for the next read", () =>
    withSession("bash", async (session) => {
      await session.run("(sleep 0.3; echo BGDONE) &");
      await until(
        () =>
          session
            .view()
            .screen()
            .rows.some((row) => /^(?:\S+\$ )?BGDONE$/.test(row)),
        {
          describe: "the job's output",
        },
      );
      expect((await session.settle()).text).toContain("BGDONE");
    }));

  it("a call that was given up has shown nothing: the next read begins where it did", () =>
    withSession("bash", async (session) => {
      const abort = new AbortController();
      const waiting = session.run("echo early; sleep 1; echo late", { signal: abort.signal });
      await until(() => session.view().screen().rows.includes("early"), { describe: "the first line" });
      abort.abort();
      await waiting;
      expect((await session.settle()).text).toBe("early\nlate");
    }));

  it("lines typed ahead are all waited for, and a framed command never runs among them", () =>
    withSession("bash", async (session) => {
      const typed = await session.keys("true<Enter>sleep 2; echo two<Enter>", { timeoutMs: 600 });
      expect(typed.outcome).toMatchObject({ state: "running" });
      await expect(session.run("echo danger")).rejects.toThrow(/still running/);
      const end = await session.settle();
      expect(end.outcome).toMatchObject({ state: "done", exit: 0 });
      expect(end.text).toContain("two");
      expectDone(await session.run("echo fine"), 0, "fine");
    }));
});

describe("a shell that loses its prompt hook stays usable", () => {
  for (const [host, unhook] of [
    ["bash", "PROMPT_COMMAND=true"],
    ["dash", "PS1='$ '"],
    ["zsh", "precmd_functions=()"],
    ["readonly", "true"],
  ] as const) {
    it(`${host}: ${unhook}`, () =>
      withSession(host, async (session) => {
        await session.run(unhook);
        expectDone(await session.run("echo framed"), 0, "framed");
        const typed = await session.keys("echo typed<Enter>");
        expect(typed.outcome).toMatchObject({ state: "done", exit: 0 });
        expect(typed.text).toContain("typed");
        expectDone(await session.run("echo again; (exit 3)"), 3, "again");
      }));
  }
});

it("a program that is run, not sourced, finds the key of the marks nowhere", () =>
  withSession("bash", async (session) => {
    // Environment and arguments, of itself and of the shell; exported functions; every process; the history on disk.
    const seen = [
      "env",
      'tr "\\\\0" "\\\\n" </proc/$PPID/environ',
      'tr "\\\\0" " " </proc/$PPID/cmdline',
      "ps axww -o args",
      "cat ~/.*history",
    ];
    await session.run("history -a; export -f 2>/dev/null");
    const found = await session.run(
      `bash -c '{ ${seen.join(";")}; } 2>/dev/null' >~/found; grep -c . ~/found`,
    );
    expect(Number(found.text.trim())).toBeGreaterThan(5);
    // What is sourced sees it: that is said in docs/framing.md.
    const listing = (await session.run("declare -p __mi")).text;
    const [, nonce, key] = /7717;([0-9a-f]{12})L1;%s;([0-9a-f]{8});/.exec(listing) ?? [];
    expect([nonce, key].every(Boolean)).toBe(true);
    const counted = await session.run(`grep -c -e ${nonce} -e ${key} ~/found; rm ~/found`);
    expect(counted.text.trim()).toBe("0");
  }));

it("no shell code is typed into what answers like a router behind ssh", () =>
  withSession("bash", async (session) => {
    await session.run("ssh() { printf 'switch1# '; read -r line; echo \"got:$line\"; }");
    const inside = await session.run("ssh switch1");
    expect(inside.outcome).toMatchObject({ state: "asking" });
    expect(inside.outcome.level).toBe(1);
    expect((await session.type("show version")).text).toContain("got:show version");
  }));
