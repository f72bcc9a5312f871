import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Approvals } from "../../src/approval/approvals.ts";
import { Board } from "../../src/approval/board.ts";
import type { Order } from "../../src/approval/order.ts";
import type { Clock } from "../../src/base/clock.ts";
import type { AskApproval, Caller } from "../../src/base/contract/caller.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Time passes only by waiting, and then at once. */
function impatient(): Clock {
  let now = 0;
  return {
    now: () => now,
    wallTime: () => now,
    after(ms, call) {
      now += ms;
      const timer = setImmediate(call);
      return { dispose: () => clearImmediate(timer) };
    },
  };
}

function make() {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-approvals-"));
  folders.push(folder);
  const clock = impatient();
  const board = new Board(folder, () => clock.wallTime());
  const noticed: string[] = [];
  const approvals = new Approvals({ board, clock, notify: ({ id }) => noticed.push(id) });
  return { approvals, board, noticed, clock };
}

const caller = (approve?: AskApproval): Caller => ({
  id: "a",
  kind: "agent",
  client: "claude-code",
  signal: new AbortController().signal,
  ...(approve === undefined ? {} : { approve }),
});

const order = (change: Partial<Order> = {}): Order => ({
  key: "k1",
  host: "web1",
  address: "jo@192.0.2.1:22",
  what: "run",
  text: "reboot",
  risk: "disruptive",
  reasons: ["guarded: reboot: restarts the machine (disruptive)"],
  ...change,
});

const idIn = (error: unknown) => /#(A\w{4})/.exec(String(error))?.[1] ?? "";

describe("an approval", () => {
  it("is asked for at once, with how a human gives it, and the operator's hook is started once", async () => {
    const { approvals, noticed } = make();
    const error = await approvals.ask(caller(), order(), "any").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "approval_needed" });
    const id = idIn(error);
    expect(error).toMatchObject({ next: expect.stringContaining(`ssh-mcp approve ${id}`) });
    await approvals.ask(caller(), order(), "any").catch(() => {});
    expect(noticed).toEqual([id]);
  });

  it("given out of band lets the very same pass, once", async () => {
    const { approvals, board } = make();
    const id = idIn(await approvals.ask(caller(), order(), "any").catch((thrown: unknown) => thrown));
    await board.give(id, { yes: true, by: "jo at a terminal", at: 0, key: "k1" });
    await expect(approvals.ask(caller(), order({ key: "k2" }), "any")).rejects.toMatchObject({
      code: "approval_needed",
    });
    expect(await approvals.ask(caller(), order(), "any")).toEqual({
      source: `ssh-mcp approve ${id}, by jo at a terminal`,
    });
    await expect(approvals.ask(caller(), order(), "any")).rejects.toMatchObject({ code: "approval_needed" });
  });

  it("that comes while the call is given again reaches that call", async () => {
    const { approvals, board } = make();
    const id = idIn(await approvals.ask(caller(), order(), "any").catch((thrown: unknown) => thrown));
    const again = approvals.ask(caller(), order(), "any");
    await board.give(id, { yes: true, by: "jo at a terminal", at: 0, key: "k1" });
    expect((await again).source).toContain(id);
  });

  it("denied out of band is told as that", async () => {
    const { approvals, board } = make();
    const id = idIn(await approvals.ask(caller(), order(), "any").catch((thrown: unknown) => thrown));
    await board.give(id, { yes: false, by: "jo at a terminal", at: 0, key: "k1" });
    await expect(approvals.ask(caller(), order(), "any")).rejects.toMatchObject({
      code: "denied",
      message: expect.stringContaining("denied by jo"),
    });
  });

  it("is given by a form of the client, and is worth one call", async () => {
    const { approvals } = make();
    let asked = 0;
    const agent = caller(async () => {
      asked++;
      return "yes";
    });
    expect(await approvals.ask(agent, order(), "any")).toEqual({ source: "a form of claude-code" });
    await approvals.ask(agent, order(), "any");
    expect(asked).toBe(2);
  });

  it("refused in a form is a refusal", async () => {
    const { approvals } = make();
    const agent = caller(async () => "no");
    await expect(approvals.ask(agent, order(), "any")).rejects.toMatchObject({ code: "denied" });
  });

  it.each([
    ["nobody answers the form", "any", undefined],
    ["the operator wants it out of band", "out_of_band", "yes"],
  ] as const)("goes to the board where %s", async (_case, how, answer) => {
    const { approvals } = make();
    const approve: AskApproval = async () => answer;
    await expect(approvals.ask(caller(approve), order(), how)).rejects.toMatchObject({
      code: "approval_needed",
    });
  });

  it("for a call on many hosts is put up once, and no host waits for it", async () => {
    const { approvals, board, noticed } = make();
    const hosts = ["a", "b", "c"];
    const asked = await Promise.allSettled(
      hosts.map((host) => approvals.ask(caller(), order({ host, hosts }), "any")),
    );
    expect(asked.map(({ status }) => status)).toEqual(hosts.map(() => "rejected"));
    expect(noticed).toHaveLength(1);
    await board.give(noticed[0] ?? "", { yes: true, by: "jo at a terminal", at: 0, key: "k1" });
    const again = await Promise.all(
      hosts.map((host) => approvals.ask(caller(), order({ host, hosts }), "any")),
    );
    expect(again).toHaveLength(3);
    await expect(approvals.ask(caller(), order({ host: "a", hosts }), "any")).rejects.toMatchObject({
      code: "approval_needed",
    });
  });

  it("for a call on many hosts is none for the host on which it is worse than was said", async () => {
    const { approvals } = make();
    const hosts = ["a", "b", "c"];
    const forms: unknown[] = [];
    const agent = caller(async ({ host, hosts: all, risk }) => {
      forms.push([host, all?.length, risk]);
      return "yes";
    });
    const risks = { a: "disruptive", b: "irreversible", c: "write" } as const;
    for (const host of ["a", "b", "c"] as const)
      await approvals.ask(agent, order({ host, hosts, risk: risks[host] }), "any");
    expect(forms).toEqual([
      ["a", 3, "disruptive"],
      ["b", undefined, "irreversible"],
    ]);
  });

  it("for a call on many hosts is one form, and each host may use it once", async () => {
    const { approvals } = make();
    const hosts = ["a", "b", "c"];
    let asked = 0;
    const agent = caller(async () => {
      asked++;
      return "yes";
    });
    const all = await Promise.all(hosts.map((host) => approvals.ask(agent, order({ host, hosts }), "any")));
    expect(all.map(({ source }) => source)).toEqual(hosts.map(() => "a form of claude-code"));
    expect(asked).toBe(1);
    await approvals.ask(agent, order({ host: "a", hosts }), "any");
    expect(asked).toBe(2);
  });
});

describe("leave for one host of a call on several", () => {
  it("does not use up the answer that is for the others", async () => {
    const { board, clock } = make();
    const grant = {
      ...{ id: "GABCD", by: "jo", from: "A7K3X", at: 0, until: 60_000 },
      ...{ hosts: ["web1"], shapes: [{ words: "reboot", why: "restarts", risk: "disruptive" as const }] },
    };
    const grants = { covering: async ({ name }: { name: string }) => (name === "web1" ? grant : undefined) };
    const approvals = new Approvals({ board, clock, grants });
    const findings = [{ risk: "disruptive" as const, meaning: "reboot", why: "restarts" }];
    const many = (host: string) => order({ host, hosts: ["web1", "db1"], findings });
    const place = (name: string) => ({ name, groups: [], tags: [] });
    const error = await approvals.ask(caller(), many("db1"), "any").catch((thrown: unknown) => thrown);
    const yes = { yes: true, by: "jo at a terminal", at: clock.wallTime(), key: "k1" };
    expect(await board.give(idIn(error), yes)).toBe(true);
    expect(await approvals.granted(many("web1"), place("web1"))).toMatchObject({
      source: expect.stringMatching(/grant GABCD/),
    });
    expect(await approvals.granted(many("db1"), place("db1"))).toBeUndefined();
    expect(await approvals.ask(caller(), many("db1"), "any")).toMatchObject({
      source: expect.stringMatching(/ssh-mcp approve/),
    });
  });
});
