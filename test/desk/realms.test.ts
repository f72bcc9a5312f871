import { describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { type Identity, Realms, type RealmsOptions } from "../../src/desk/realms.ts";
import { FakeClock, settled } from "../fake-clock.ts";
import { AGENT, fakeMultiplexer, hostWith, outcomeOf } from "../tools/fake.ts";

const MINUTE = 60_000;

interface Made {
  readonly owner: string;
  running: boolean;
  open: boolean;
  disposed: boolean;
  retired: number;
}

function rig(options: Partial<RealmsOptions> = {}) {
  const clock = new FakeClock();
  const made: Made[] = [];
  const realms = new Realms({
    clock,
    report: (error) => expect.unreachable(String(error)),
    open: async (owner) => {
      const one: Made = { owner, running: false, open: true, disposed: false, retired: 0 };
      made.push(one);
      const { multiplexer: fake } = fakeMultiplexer({
        transcript: "",
        commands: [],
        outcome: outcomeOf({ state: "done", evidence: "sentinel" }),
      });
      const multiplexer = {
        ...fake,
        sessions: () =>
          one.open
            ? fake
                .sessions()
                .map((view) => ({ ...view, state: one.running ? ("busy" as const) : ("ready" as const) }))
            : [],
        retire: async () => {
          one.retired++;
          if (!one.running) one.open = false;
          return !one.open;
        },
      };
      return {
        multiplexer,
        access: createAccess({ directory: { resolve: async () => hostWith([]) } }),
        clock,
        dispose: async () => {
          one.disposed = true;
        },
      };
    },
    ...options,
  });
  const call = async (who: Partial<Identity>) => {
    const entered = realms.enter({ token: "ann", scope: {}, ...who });
    const { text } = await entered.desk.call({ ...AGENT, id: entered.callerId }, "ssh_sessions", {});
    entered.leave();
    return text;
  };
  return { clock, realms, made, call };
}

describe("the sessions of a key", () => {
  it("are closed five minutes after its last use, and not before", async () => {
    const { clock, made, call } = rig();
    await call({ key: "k" });
    await clock.pass(4 * MINUTE);
    await call({ key: "k" });
    await clock.pass(4.9 * MINUTE);
    expect(made).toMatchObject([{ open: true, disposed: false }]);
    await clock.pass(MINUTE);
    expect(made).toMatchObject([{ open: false, disposed: true }]);
  });

  it("stay as long as a command runs in one, and go with its end", async () => {
    const { clock, made, call } = rig();
    await call({ key: "k" });
    for (const one of made) one.running = true;
    await clock.pass(60 * MINUTE);
    expect(made).toMatchObject([{ open: true, disposed: false }]);
    for (const one of made) one.running = false;
    await clock.pass(MINUTE);
    expect(made).toMatchObject([{ open: false, disposed: true }]);
  });

  it("stay while a call or a stream of its caller is open", async () => {
    const { clock, realms, made, call } = rig();
    await call({ key: "k" });
    const stream = realms.enter({ token: "ann", scope: {}, key: "k" });
    await clock.pass(60 * MINUTE);
    expect(made).toMatchObject([{ open: true, retired: 0 }]);
    stream.leave();
    await clock.pass(6 * MINUTE);
    expect(made).toMatchObject([{ disposed: true }]);
  });

  it("are another's under another token, whatever the key", async () => {
    const { made, call } = rig();
    await call({ key: "k" });
    await call({ key: "k", token: "bob" });
    await call({ key: "k" });
    expect(made.map(({ owner }) => owner)).toEqual(["http:ann:1", "http:bob:2"]);
  });

  it("are kept with on_client_end: keep, where each session's own limit decides", async () => {
    const { clock, made, call } = rig({ onClientEnd: "keep" });
    await call({ key: "k" });
    await clock.pass(60 * MINUTE);
    expect(made).toMatchObject([{ open: true, retired: 0, disposed: false }]);
  });
});

describe("the sessions of a token without a key", () => {
  it("are left to their own idle limit", async () => {
    const { clock, made, call } = rig();
    await call({});
    await clock.pass(60 * MINUTE);
    expect(made).toMatchObject([{ owner: "http:ann", open: true, retired: 0, disposed: false }]);
  });

  it("are apart by protocol session, and closed with it", async () => {
    const { realms, made, call } = rig();
    await call({ session: "one" });
    await call({ session: "two" });
    await realms.ended({ token: "ann", scope: {}, session: "one" });
    expect(made).toMatchObject([{ disposed: true }, { disposed: false }]);
  });

  it("are the token's own with on_client_end: keep, so that the next client finds them", async () => {
    const { realms, made, call } = rig({ onClientEnd: "keep" });
    await call({ session: "one" });
    await realms.ended({ token: "ann", scope: {}, session: "one" });
    await call({ session: "two" });
    expect(made).toMatchObject([{ owner: "http:ann", disposed: false }]);
  });
});

it("an agent's own confirmation is asked for where the operator says that it counts", async () => {
  const confirms = async (mayConfirm: () => Promise<boolean>) => {
    const entered = rig({ mayConfirm }).realms.enter({ token: "ann", scope: {} });
    const tools = await entered.desk.definitions();
    entered.leave();
    return JSON.stringify(tools).includes("confirm_dangerous");
  };
  expect(await confirms(async () => true)).toBe(true);
  expect(await confirms(async () => false)).toBe(false);
});

describe("a token that is revoked", () => {
  it("takes all of its sessions with it, and nobody else's", async () => {
    const { realms, made, call } = rig();
    await call({});
    await call({ key: "k" });
    await call({ token: "bob" });
    await realms.revoked("ann");
    expect(made.map(({ disposed }) => disposed)).toEqual([true, true, false]);
  });

  it("leaves to the others what it shared with them, and takes what nobody else has used", async () => {
    const { realms, made, call } = rig({ global: true });
    await call({});
    await call({ token: "bob" });
    await realms.revoked("ann");
    expect(made.map(({ disposed }) => disposed)).toEqual([false]);
    await realms.revoked("bob");
    expect(made.map(({ disposed }) => disposed)).toEqual([true]);
  });
});

describe("callers", () => {
  it("beyond the most there may be are refused as long as all have sessions, and take an unused place", async () => {
    const { made, call } = rig({ most: 2 });
    await call({ key: "a" });
    await call({ key: "b" });
    await expect(call({ key: "c" })).rejects.toThrow(/the most there may be/);
    const [first] = made;
    if (first !== undefined) first.open = false;
    await call({ key: "c" });
    await settled();
    expect(made).toMatchObject([{ disposed: true }, { disposed: false }, { disposed: false }]);
  });
});
