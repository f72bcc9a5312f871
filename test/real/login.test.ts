import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDropbear } from "./kit/dropbear.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { testUser } from "./kit/users.ts";
import { type Opened, rigFor } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startSshd();
});
afterAll(async () => {
  await server?.stop();
});

async function on(host: ReturnType<typeof hostFor>, work: (session: Opened) => Promise<void>): Promise<void> {
  const rig = rigFor([host]);
  try {
    await work(await rig.open(host.name));
  } finally {
    await rig.close();
  }
}

/** A server whose shell is wrapped by a command of ours. */
async function wrapped(command: string, work: (session: Opened) => Promise<void>): Promise<void> {
  const forced = await startSshd({
    config: [
      `Match User ${testUser("bash").login}`,
      `  ForceCommand if [ -n "$SSH_ORIGINAL_COMMAND" ]; then exec sh -c "$SSH_ORIGINAL_COMMAND"; fi; ${command}`,
      "Match all",
    ],
  });
  try {
    await on(hostFor(forced, "bash"), work);
  } finally {
    await forced.stop();
  }
}

describe("what comes before the first prompt", () => {
  it("a slow banner with prompt-like rows is waited out", () =>
    wrapped(
      'for i in 1 2 3 4; do printf "Notice $i: 100%% of you agree > not a prompt"; sleep 0.3; echo; done; exec bash -l',
      async (session) => {
        expect(session.first.outcome).toMatchObject({ state: "done", evidence: "sentinel" });
        expectDone(await session.run("echo ready"), 0, "ready");
      },
    ));

  it("a first-login menu is shown and nothing is typed into it", () =>
    on(hostFor(server, "zshmenu"), async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "asking", evidence: "kernel" });
      expect(session.view().screen().rows.join("\n")).toMatch(/zsh-newuser-install|Type one of the keys/);
      const next = await session.keys("q", { timeoutMs: 10_000 });
      expect(next.outcome).toMatchObject({ state: "done" });
      expectDone(await session.run("echo framed"), 0, "framed");
    }));

  it("a menu that ends in a greater-than sign is not taken for a shell", () =>
    wrapped('printf "1) shell\\n2) logout\\nSelect> "; read a; exec bash -l', async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "asking" });
      const next = await session.type("1", { timeoutMs: 10_000 });
      expect(next.outcome.state).toBe("done");
      expectDone(await session.run("echo framed"), 0, "framed");
    }));

  it("a command sent while a menu waits is refused with the row that asks", () =>
    wrapped('printf "Accept the terms? [yes/no] "; read a; exec bash -l', async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "asking", asked: "confirm" });
      await expect(session.run("echo no")).rejects.toThrow(/not_ready|Accept the terms/);
    }));
});

describe("shells at the edge", () => {
  for (const name of ["yash", "posh", "rbash"]) {
    it(`${name} is framed as far as it goes`, () =>
      on(hostFor(server, name), async (session) => {
        expect(session.first.outcome).toMatchObject({ state: "done" });
        expectDone(await session.run("echo one; false"), 1, "one");
        expectDone(await session.run("echo multi\necho line"), 0, "multi\nline");
        await session.run("sleep 30", { timeoutMs: 400 });
        const interrupted = await session.keys("<C-c>");
        expect(interrupted.outcome.state).toBe("done");
        expectDone(await session.run("echo after"), 0, "after");
      }));
  }

  it("tcsh refuses the set-up line whole, and is used by its prompt alone, which it says", () =>
    on(hostFor(server, "tcsh"), async (session) => {
      expect(session.view().framing).toMatch(/not framed/);
      const result = await session.run("echo hello");
      expect(result.outcome).toMatchObject({ state: "done", evidence: "prompt" });
      expect(result.outcome.exit).toBeUndefined();
      expect(result.text).toContain("hello");
      const cd = await session.run("cd /usr");
      expect(cd.outcome).toMatchObject({ state: "done", evidence: "prompt" });
      expect((await session.run("pwd")).text).toContain("/usr");
    }));

  it("a host that may be a router gets no shell code typed into it", () =>
    on({ ...hostFor(server, "dash"), platform: "cisco_ios" }, async (session) => {
      expect(session.first.outcome).toMatchObject({ state: "asking", row: "$" });
      expect(session.first.outcome.notes).toContain('profile cisco_ios knows no prompt like "$"');
      await expect(session.run("echo plain")).rejects.toMatchObject({
        code: "not_ready",
        next: expect.stringMatching(/set platform .* or prompt_regex/),
      });
      expect((await session.view().text(0, session.view().end)).lines).toEqual(["$"]);
    }));

  it("prompt_regex alone decides where it is given", () =>
    on({ ...hostFor(server, "dash"), platform: "auto", promptRegex: "^\\$$" }, async (session) => {
      const result = await session.run("echo plain");
      expect(result.outcome).toMatchObject({ state: "done", evidence: "prompt" });
    }));

  it("dropbear serves the same sessions", async () => {
    const dropbear = await startDropbear();
    try {
      for (const name of ["bash", "dash"]) {
        await on(hostFor(dropbear, name), async (session) => {
          expectDone(await session.run("echo hello; false"), 1, "hello");
          expect((await session.run("cat")).outcome).toMatchObject({ state: "asking", evidence: "kernel" });
          expect((await session.keys("<C-d>")).outcome).toMatchObject({ state: "done", exit: 0 });
          expect((await session.run("exit 3")).outcome).toMatchObject({ state: "closed", detail: "code 3" });
        });
      }
    } finally {
      await dropbear.stop();
    }
  });
});
