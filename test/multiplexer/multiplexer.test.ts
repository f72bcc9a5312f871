import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { render } from "../../src/results/render.ts";
import { Screen } from "../../src/terminal/screen.ts";
import { Transcript } from "../../src/terminal/transcript.ts";
import { type FleetOptions, fleet, warmUp } from "./fake-fleet.ts";

beforeAll(warmUp);
afterEach(() => {
  vi.restoreAllMocks();
});

const IDLE_AFTER = 60_000;
const withIdle = (ms: number): NonNullable<FleetOptions["hosts"]> => ({
  fake: { timing: { idleTimeoutMs: ms } },
});

describe("names", () => {
  it("are the host's, then numbered, then the caller's own", async () => {
    const { mux, drive } = fleet();
    const names: string[] = [];
    for (const session of [undefined, undefined, "mine", undefined]) {
      const reply = await drive(mux.connect({ host: "fake", ...(session ? { session } : {}) }));
      names.push(reply.session.name);
    }
    expect(names).toEqual(["fake", "fake-2", "mine", "fake-3"]);
  });

  it("of closed sessions are used again for their host, whose new shell is called one", async () => {
    const { mux, drive } = fleet();
    await drive(mux.connect({ host: "fake" }));
    await drive(mux.connect({ host: "fake" }));
    await drive(mux.disconnect("fake"));
    const again = await drive(mux.connect({ host: "fake" }));
    expect(again.session.name).toBe("fake");
    expect(again.opened?.newShell).toBe(true);
    expect(again.opened?.notes.join()).toContain("new shell");
  });

  it("that are open are refused, and say what the session is doing", async () => {
    const { mux, drive, shells } = fleet();
    await drive(mux.connect({ host: "fake", session: "one" }));
    await expect(drive(mux.connect({ host: "fake", session: "one" }))).rejects.toMatchObject({
      code: "name_taken",
      message: expect.stringContaining("ready"),
    });
    expect(shells).toHaveLength(1);
  });

  it("of another host's closed session are refused: its output is still there to be read", async () => {
    const { mux, drive } = fleet({ hosts: { a: {}, b: {} } });
    await drive(mux.connect({ host: "a", session: "shared" }));
    await drive(mux.disconnect("shared"));
    await expect(drive(mux.connect({ host: "b", session: "shared" }))).rejects.toMatchObject({
      code: "name_taken",
    });
    // And a host of that very name steps aside.
    await drive(mux.connect({ host: "a", session: "b" }));
    await drive(mux.disconnect("b"));
    expect((await drive(mux.connect({ host: "b" }))).session.name).toBe("b-2");
  });

  it.each(["", " ", "two words", "-dash", "a/b", "naïve", "x".repeat(65), "a\u0000b"])(
    "such as %j are refused before anything is dialled",
    async (session) => {
      const { mux, drive, shells } = fleet();
      await expect(drive(mux.connect({ host: "fake", session }))).rejects.toMatchObject({
        code: "invalid_argument",
      });
      expect(shells).toEqual([]);
    },
  );

  it("that nobody has are answered with those there are, nearest first", async () => {
    const { mux, drive } = fleet();
    for (const session of ["core-sw1", "edge", "core-sw2"])
      await drive(mux.connect({ host: "fake", session }));
    await expect(drive(mux.disconnect("core-sv1"))).rejects.toMatchObject({
      code: "unknown_session",
      message: expect.stringMatching(/there are: core-sw1, core-sw2, edge/),
    });
    await expect(drive(mux.shell({ session: "core-sv1", command: "true" }))).rejects.toMatchObject({
      code: "unknown_session",
      message: expect.stringContaining("core-sw1"),
    });
  });

  it("of hosts open a session for a command, which says so", async () => {
    const { mux, drive, shells } = fleet();
    const reply = await drive(mux.shell({ session: "fake", command: "echo hi" }));
    expect(reply.opened).toEqual({ newShell: false, notes: [], framing: "bash 5.2.15" });
    expect(reply.outcome).toMatchObject({ state: "done", exit: 0 });
    expect(shells).toHaveLength(1);
  });
});

describe("two opens at once", () => {
  it("of the same name: the second is refused because the name is taken, not given the first one's shell", async () => {
    const { mux, drive, shells } = fleet({ dialMs: 200 });
    const [one, other] = await drive(
      Promise.allSettled([
        mux.connect({ host: "fake", session: "same" }),
        mux.connect({ host: "fake", session: "same" }),
      ]),
    );
    expect(one.status).toBe("fulfilled");
    expect(other).toMatchObject({ status: "rejected", reason: { code: "name_taken" } });
    expect(shells).toHaveLength(1);
  });

  it("of the same name on different hosts are not mixed up", async () => {
    const { mux, drive, shells } = fleet({ dialMs: 200, hosts: { a: {}, b: {} } });
    const [one, other] = await drive(
      Promise.allSettled([
        mux.connect({ host: "a", session: "same" }),
        mux.connect({ host: "b", session: "same" }),
      ]),
    );
    expect(one).toMatchObject({ status: "fulfilled", value: { session: { host: "a" } } });
    expect(other).toMatchObject({ status: "rejected", reason: { code: "name_taken" } });
    expect(shells).toHaveLength(1);
  });

  it("without a name get two names", async () => {
    const { mux, drive } = fleet({ dialMs: 200 });
    const replies = await drive(Promise.all([mux.connect({ host: "fake" }), mux.connect({ host: "fake" })]));
    expect(replies.map((reply) => reply.session.name)).toEqual(["fake", "fake-2"]);
  });

  it("leave the name free when they fail", async () => {
    const rig = fleet({ dialMs: 200, hosts: { fake: { limits: { sessions: 0 } } } });
    await expect(rig.drive(rig.mux.connect({ host: "fake" }))).rejects.toMatchObject({
      code: "limit_reached",
    });
    await expect(rig.drive(rig.mux.connect({ host: "fake" }))).rejects.toMatchObject({
      code: "limit_reached",
    });
    expect(rig.mux.sessions()).toEqual([]);
  });
});

describe("limits", () => {
  it("per host count open sessions and those being opened, and name them", async () => {
    const { mux, drive } = fleet({ dialMs: 200, hosts: { fake: { limits: { sessions: 2 } }, other: {} } });
    const three = await drive(Promise.allSettled([1, 2, 3].map(() => mux.connect({ host: "fake" }))));
    expect(three.map((one) => one.status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    await expect(drive(mux.connect({ host: "fake" }))).rejects.toMatchObject({
      code: "limit_reached",
      message: expect.stringContaining("fake, fake-2"),
    });
    expect((await drive(mux.connect({ host: "other" }))).outcome.state).toBe("done");
    await drive(mux.disconnect("fake"));
    expect((await drive(mux.connect({ host: "fake" }))).outcome.state).toBe("done");
  });

  it("over all hosts count open sessions and those being opened", async () => {
    const { mux, drive, shells } = fleet({ dialMs: 200, maxSessions: 3, hosts: { a: {}, b: {} } });
    const five = await drive(
      Promise.allSettled(["a", "b", "a", "b", "a"].map((host) => mux.connect({ host }))),
    );
    expect(five.filter((one) => one.status === "fulfilled")).toHaveLength(3);
    expect(five.at(-1)).toMatchObject({ status: "rejected", reason: { code: "limit_reached" } });
    expect(shells).toHaveLength(3);
    expect(mux.sessions()).toHaveLength(3);
  });

  it("keep the twenty sessions closed last for reading", async () => {
    const { mux, drive, clock } = fleet();
    for (let i = 0; i < 25; i++) {
      await drive(mux.shell({ session: "fake", command: "true" }).catch(() => mux.connect({ host: "fake" })));
      await drive(mux.connect({ host: "fake", session: `s${i}` }));
      await drive(mux.shell({ session: `s${i}`, command: `echo said ${i}` }));
      await drive(mux.disconnect(`s${i}`));
      clock.advance(1000);
    }
    await drive(mux.connect({ host: "fake", session: "last" }));
    const closed = mux.sessions().filter((session) => session.state === "closed");
    expect(closed.map((session) => session.name)).toEqual(Array.from({ length: 20 }, (_, i) => `s${i + 5}`));
    const oldest = mux.view("s5").command(1);
    expect((await mux.view("s5").text(oldest?.from ?? 0, oldest?.to ?? 0)).lines).toEqual(["said 5"]);
    expect(() => mux.view("s4")).toThrow(/no session "s4"/);
  });
});

describe("idle sessions", () => {
  it("are closed when their time is over, and say why", async () => {
    const { mux, drive, clock, shells } = fleet({ hosts: withIdle(IDLE_AFTER) });
    await drive(mux.connect({ host: "fake" }));
    await clock.pass(IDLE_AFTER - 1000);
    expect(mux.view("fake").state).toBe("ready");
    await clock.pass(6000);
    expect(mux.view("fake").state).toBe("closed");
    expect(shells[0]?.closed).toBe(true);
    const { outcome } = await drive(mux.wait({ session: "fake" }));
    expect(outcome).toMatchObject({ state: "closed", detail: expect.stringMatching(/^idle for 6\d s/) });
  });

  it("are not those that are used, or where a command runs", async () => {
    const { mux, drive, clock } = fleet({ hosts: withIdle(IDLE_AFTER) });
    await drive(mux.connect({ host: "fake", session: "used" }));
    await drive(mux.connect({ host: "fake", session: "busy" }));
    await drive(mux.shell({ session: "busy", command: "sleep 9", timeoutMs: 100 }));
    for (let minute = 0; minute < 5; minute++) {
      await clock.pass(IDLE_AFTER / 2);
      await drive(mux.shell({ session: "used", command: "true" }));
    }
    expect(mux.sessions().map((session) => session.state)).toEqual(["ready", "busy"]);
  });

  it("are closed though there is an unsent line at the prompt", async () => {
    const { mux, drive, clock } = fleet({ hosts: withIdle(IDLE_AFTER) });
    await drive(mux.connect({ host: "fake" }));
    await drive(mux.send({ session: "fake", text: "half a li", timeoutMs: 500 }));
    expect(mux.view("fake").facts().state).toBe("unsent");
    await clock.pass(IDLE_AFTER + 6000);
    expect(mux.view("fake").state).toBe("closed");
  });

  it("are listed as closed with the reason, not with what they once were", async () => {
    const { mux, drive, clock } = fleet({ hosts: withIdle(IDLE_AFTER), shell: { silent: true } });
    await drive(mux.connect({ host: "fake", timeoutMs: 500 }));
    await clock.pass(IDLE_AFTER + 6000);
    const text = await render({ result: { kind: "sessions", sessions: mux.sessions() } });
    expect(text).toMatch(
      /^No session is open; .*\nfake {2}closed \ds ago · idle for 6\d s \(idle_timeout\)$/,
    );
  });

  it("live for ever where the timeout is zero", async () => {
    const { mux, drive, clock } = fleet({ hosts: withIdle(0) });
    await drive(mux.connect({ host: "fake" }));
    await clock.pass(8 * 3600 * 1000);
    expect(mux.view("fake").state).toBe("ready");
  });
});

describe("an error of our own on one session", () => {
  it("leaves that session usable by its prompt and the others framed", async () => {
    const { mux, drive, lines, shells } = fleet();
    await drive(mux.connect({ host: "fake", session: "sick" }));
    await drive(mux.connect({ host: "fake", session: "well" }));
    await drive(mux.shell({ session: "sick", command: "echo before" }));

    vi.spyOn(Transcript.prototype, "append").mockImplementationOnce(() => {
      throw new Error("a defect of ours");
    });
    const hit = await drive(mux.shell({ session: "sick", command: "echo during", timeoutMs: 10_000 }));
    expect(hit.outcome).toMatchObject({ state: "done", evidence: "prompt" });
    expect(hit.outcome.notes.join()).toContain("internal error: a defect of ours");
    expect(hit.session.framing).toContain("not framed: internal error");

    const after = await drive(mux.shell({ session: "sick", command: "echo after" }));
    expect(after.outcome).toMatchObject({ state: "done", evidence: "prompt" });
    expect(after.outcome).not.toHaveProperty("exit");
    expect((await lines(after)).join("\n")).toContain("after");
    const earlier = mux.view("sick").command(1);
    expect((await mux.view("sick").text(earlier?.from ?? 0, earlier?.to ?? 0)).lines).toEqual(["before"]);

    const other = await drive(mux.shell({ session: "well", command: "echo fine" }));
    expect(other.outcome).toMatchObject({ state: "done", evidence: "sentinel", exit: 0 });
    expect(other.session.framing).toBe("bash 5.2.15");
    expect(shells.map((shell) => shell.ran)).toEqual([
      ["echo before", "echo during", "echo after"],
      ["echo fine"],
    ]);
  });

  it("while looking at a quiet session is survived the same way", async () => {
    const { mux, drive } = fleet();
    await drive(mux.connect({ host: "fake", session: "sick" }));
    vi.spyOn(Screen.prototype, "view").mockImplementationOnce(() => {
      throw new Error("a defect of ours");
    });
    const hit = await drive(mux.shell({ session: "sick", command: "sleep 9", timeoutMs: 3000 }));
    expect(hit.outcome.state).toBe("running");
    const freed = await drive(mux.send({ session: "sick", keys: "<C-c>", timeoutMs: 5000 }));
    expect(freed.outcome.state).toBe("done");
    expect((await drive(mux.shell({ session: "sick", command: "echo after" }))).outcome.state).toBe("done");
  });

  it("shows what came behind the byte it failed on", async () => {
    const { mux, drive, shells } = fleet();
    await drive(mux.connect({ host: "fake" }));
    const [shell] = shells;
    shell?.scripts.set("burst", (running) => {
      running.print("first\r\n");
      running.end(0);
    });
    vi.spyOn(Transcript.prototype, "append").mockImplementationOnce(() => {
      throw new Error("a defect of ours");
    });
    await drive(mux.shell({ session: "fake", command: "burst", timeoutMs: 5000 }));
    const view = mux.view("fake");
    expect((await view.text(0, view.end)).lines.join("\n")).toContain("first");
  });
});

describe("arguments", () => {
  it.each([
    [{ cols: 19, rows: 40 }, "cols"],
    [{ cols: 501, rows: 40 }, "cols"],
    [{ cols: 80, rows: 4 }, "rows"],
    [{ cols: 80, rows: 201 }, "rows"],
    [{ cols: 80.5, rows: 40 }, "cols"],
    [{ cols: Number.NaN, rows: 40 }, "cols"],
  ])("a size of %j is refused, naming the bounds", async (size, what) => {
    const { mux, drive, shells } = fleet();
    await expect(drive(mux.connect({ host: "fake", ...size }))).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining(`${what} is a whole number`),
    });
    expect(shells).toEqual([]);
  });

  it("a new size reaches the remote end and the screen", async () => {
    const { mux, drive, shells } = fleet();
    await drive(mux.connect({ host: "fake" }));
    const resized = await drive(mux.send({ session: "fake", cols: 90, rows: 30, timeoutMs: 100 }));
    expect(resized.session.size).toEqual({ cols: 90, rows: 30 });
    expect(shells[0]?.sizes).toEqual(["90x30"]);
    expect(mux.view("fake").screen().size).toEqual({ cols: 90, rows: 30 });
  });

  it.each([
    ["both keys and text", { keys: "x", text: "y" }],
    ["neither", {}],
  ])("%s cannot be sent", async (_, input) => {
    const { mux, drive, shells } = fleet();
    await drive(mux.connect({ host: "fake" }));
    const before = shells[0]?.writes.length;
    await expect(drive(mux.send({ session: "fake", ...input }))).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect(shells[0]?.writes.length).toBe(before);
  });

  it.each(["", "  \n ", "a\u0000b", "x".repeat((1 << 20) + 1)])(
    "a command that cannot be one is refused untyped",
    async (command) => {
      const { mux, drive, shells } = fleet();
      await drive(mux.connect({ host: "fake" }));
      const before = shells[0]?.writes.length;
      await expect(drive(mux.shell({ session: "fake", command }))).rejects.toMatchObject({
        code: "invalid_argument",
      });
      expect(shells[0]?.writes.length).toBe(before);
    },
  );

  it("a wait longer than a client's patience is cut to fifty seconds", async () => {
    const { mux, drive, clock } = fleet();
    await drive(mux.connect({ host: "fake" }));
    const from = clock.now();
    await drive(mux.shell({ session: "fake", command: "sleep 9", timeoutMs: 3_600_000 }));
    expect(clock.now() - from).toBe(50_000);
  });
});

describe("the end", () => {
  it("closes every session, those being opened too, and stops the clock's work", async () => {
    const { mux, drive, clock, shells } = fleet({ dialMs: 200 });
    await drive(mux.connect({ host: "fake" }));
    await drive(mux.connect({ host: "fake" }));
    const late = mux.connect({ host: "fake" });
    late.catch(() => {});
    const from = clock.now();
    await drive(mux.dispose());
    expect(clock.now() - from).toBeLessThanOrEqual(2000);
    await expect(drive(late)).rejects.toMatchObject({ code: "session_closed" });
    expect(shells).toHaveLength(3);
    expect(shells.every((shell) => shell.closed)).toBe(true);
    await clock.pass(200_000);
    expect(clock.pending).toBe(0);
  });
});
