import { beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { createDesk } from "../../src/desk/desk.ts";
import type { HostSummary } from "../../src/inventory/host.ts";
import { aHost } from "../a-host.ts";
import { type Fleet, type FleetOptions, fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { AGENT, fakeDesk, outcomeOf } from "./fake.ts";

beforeAll(warmUp);

function host(name: string, more: Partial<HostSummary> = {}): HostSummary {
  const target = `jo@${name}.example:22`;
  return { name, source: "inventory", target, platform: "posix", jump: [], tags: [], groups: [], ...more };
}

function listing(hosts: readonly HostSummary[]) {
  const scripted = {
    transcript: "",
    commands: [],
    outcome: outcomeOf({ state: "done", evidence: "sentinel" }),
  };
  const { call } = fakeDesk(scripted, { multiplexer: { hosts: async () => ({ hosts, notes: [] }) } });
  return async (args: object) => (await call("ssh_hosts", args)).text;
}

/** The tools over a fleet of fake shells; each call lets time pass until it is served. */
function tools(
  options: FleetOptions = {},
): Fleet & { call(tool: string, args: object, as?: string): Promise<string> } {
  const rig = fleet(options);
  const { multiplexer, clock } = rig;
  const access = createAccess({ directory: { resolve: async (name) => aHost({ name }) } });
  const workspace = async () => ({ multiplexer, access, clock });
  const desk = createDesk({ workspace, report: (error) => expect.unreachable(String(error)) });
  return {
    ...rig,
    call: async (tool, args, as = "one") =>
      (await rig.drive(desk.call({ ...AGENT, id: as }, tool, args))).text,
  };
}

describe("ssh_hosts", () => {
  const hosts = [
    host("web1", { groups: ["web"], tags: ["prod"] }),
    host("web2", { groups: ["web"] }),
    host("core-sw1", { platform: "cisco_ios", tags: ["prod"], description: "in the Basement" }),
  ];

  it("shows those of a tag, of a group, or with a text in what is known of them", async () => {
    const list = listing(hosts);
    const names = async (args: object) => (await list(args)).split("\n").map((line) => line.split(" ")[0]);
    expect(await names({})).toEqual(["web1", "web2", "core-sw1"]);
    expect(await names({ tag: "prod" })).toEqual(["web1", "core-sw1"]);
    expect(await names({ group: "web" })).toEqual(["web1", "web2"]);
    expect(await names({ match: "WEB*" })).toEqual(["web1", "web2"]);
    expect(await names({ match: "basement" })).toEqual(["core-sw1"]);
    expect(await names({ match: "cisco", tag: "prod" })).toEqual(["core-sw1"]);
  });

  it("says that none matches, and of how many", async () => {
    expect(await listing(hosts)({ match: "nosuch" })).toBe("None of the 3 hosts matches.");
  });

  it("counts by group and tag what is too much to list, with the number of all", async () => {
    const many = Array.from({ length: 3_000 }, (_, index) =>
      host(`node-${index}`, { groups: index % 3 === 0 ? [] : [`rack-${index % 3}`], tags: ["prod"] }),
    );
    const text = await listing(many)({});
    expect(text.length).toBeLessThan(1_000);
    expect(text).toMatch(/^3000 hosts are too many to list; narrow them with match, tag or group/);
    for (const line of ["(no group)  1000", "rack-1  1000", "rack-2  1000", "prod  3000"])
      expect(text).toContain(`\n  ${line}`);
    expect(await listing(many)({ match: "node-299*" })).toMatch(/^node-299 .*\n(?:node-299\d .*\n?){10}$/);
  });
});

describe("ssh_sessions", () => {
  it("has one line for each session, with its newest command, and everything of one that is named", async () => {
    const { call } = tools();
    await call("ssh_connect", { host: "fake", session: "a" });
    await call("ssh_shell", { session: "a", command: "echo one" });
    await call("ssh_shell", { session: "a", command: "echo two" });
    await call("ssh_connect", { host: "fake", session: "b" });
    expect(await call("ssh_sessions", {})).toMatch(
      /^a {2}ready · on fake · .*#2 done exit=0 {2}echo two\nb {2}ready · on fake · [^\n]*$/,
    );
    expect(await call("ssh_sessions", { session: "a" })).toMatch(
      /^a {2}ready · user@192\.0\.2\.1:22 · .*\n {2}#1 done exit=0 {2}echo one\n {2}#2 done exit=0 {2}echo two$/,
    );
  });

  it("keeps a closed one for ten minutes, then counts it, and lists it on request", async () => {
    const { call, clock } = tools();
    await call("ssh_connect", { host: "fake" });
    await call("ssh_disconnect", { session: "fake" });
    expect(await call("ssh_sessions", {})).toMatch(
      /^No session is open; ssh_connect opens one\.\nfake {2}closed \ds ago · closed by ssh_disconnect$/,
    );
    await clock.pass(11 * 60_000);
    expect(await call("ssh_sessions", {})).toBe(
      "No session is open; ssh_connect opens one.\n1 closed earlier; ssh_sessions(closed: true) lists them",
    );
    expect(await call("ssh_sessions", { closed: true })).toMatch(/\nfake {2}closed 11m ago · /);
  });
});

describe("ssh_disconnect", () => {
  it("with all closes the caller's own sessions, names what had not ended in them, and leaves those of others", async () => {
    const { call, multiplexer } = tools();
    await call("ssh_connect", { host: "fake", session: "a" });
    await call("ssh_connect", { host: "fake", session: "b" });
    await call("ssh_connect", { host: "fake", session: "theirs" }, "two");
    await call("ssh_shell", { session: "b", command: "sleep 1000", timeout_s: 1 });
    expect(await call("ssh_disconnect", { all: true })).toBe(
      "a  closed\nb  closed\n  #1 had not ended  sleep 1000\nleft open, another caller's: theirs",
    );
    expect(multiplexer.view("theirs").state).toBe("ready");
    expect(await call("ssh_disconnect", { all: true })).toMatch(/^No session of yours was open\.\n/);
  });

  it("wants either a session or all", async () => {
    const { call } = tools();
    expect(await call("ssh_disconnect", {})).toMatch(
      /^invalid_argument: .*either "session", "exec" or "all: true"/,
    );
    expect(await call("ssh_disconnect", { session: "a", all: true })).toMatch(/^invalid_argument/);
  });
});

describe("ssh_connect", () => {
  it("without a name returns the caller's own idle session, with its directory, and opens nothing", async () => {
    const { call, shells } = tools();
    await call("ssh_connect", { host: "fake" });
    await call("ssh_shell", { session: "fake", command: "cd /tmp" });
    expect(await call("ssh_connect", { host: "fake" })).toMatch(
      /^note: this session was open already, and idle: it is used; new: true opens another\n\[fake #1 ready cwd=\S+ notes=1\]$/,
    );
    expect(shells).toHaveLength(1);
  });

  it.each([
    ["new: true", { host: "fake", new: true }, "one"],
    ["another name", { host: "fake", session: "mine" }, "one"],
    ["another size", { host: "fake", cols: 132 }, "one"],
    ["another caller", { host: "fake" }, "two"],
  ])("opens another for %s", async (_what, args, as) => {
    const { call, shells } = tools();
    await call("ssh_connect", { host: "fake" });
    expect(await call("ssh_connect", args, as)).toMatch(/ #0 ready /);
    expect(shells).toHaveLength(2);
  });

  it("opens another beside one in which a command runs, or a line was begun", async () => {
    const { call, shells } = tools();
    await call("ssh_connect", { host: "fake" });
    await call("ssh_shell", { session: "fake", command: "sleep 1000", timeout_s: 1 });
    await call("ssh_connect", { host: "fake" });
    expect(shells).toHaveLength(2);
    await call("ssh_send", { session: "fake-2", text: "half a li", timeout_s: 1 });
    expect(await call("ssh_connect", { host: "fake" })).toMatch(/\[fake-3 /);
  });
});

describe("ssh_connect(via)", () => {
  it("goes the way that was asked for, says so, and lists it", async () => {
    const { call } = tools();
    expect(await call("ssh_connect", { host: "fake", via: "edge, core" })).toMatch(
      /^note: through edge, core, as asked\n/m,
    );
    expect(await call("ssh_sessions", {})).toMatch(/^fake {2}ready · via edge → core · /m);
    expect(await call("ssh_sessions", { session: "fake" })).toMatch(/ · via edge → core · /);
  });

  it("uses the caller's idle session of the same way, and none of another", async () => {
    const { call, shells } = tools();
    await call("ssh_connect", { host: "fake", via: "edge" });
    expect(await call("ssh_connect", { host: "fake", via: " edge" })).toMatch(/\[fake #0 ready /);
    expect(shells).toHaveLength(1);
    expect(await call("ssh_connect", { host: "fake" })).toMatch(/\[fake-2 /);
    expect(await call("ssh_connect", { host: "fake", via: "core" })).toMatch(/\[fake-3 /);
  });

  it("opens a closed session again on the way it had", async () => {
    const { call } = tools();
    await call("ssh_connect", { host: "fake", via: "edge" });
    await call("ssh_disconnect", { session: "fake" });
    expect(await call("ssh_shell", { session: "fake", command: "pwd" })).toMatch(
      /^note: through edge, as asked$/m,
    );
  });

  it.each(["none", ",", " "])("refuses %j, which names no host, before anything is dialled", async (via) => {
    const { call, shells } = tools();
    expect(await call("ssh_connect", { host: "fake", via })).toMatch(/^invalid_argument: via names no host/);
    expect(shells).toHaveLength(0);
  });
});

describe("ssh_read", () => {
  it("may leave the session out while exactly one is open", async () => {
    const { call } = tools();
    expect(await call("ssh_read", { screen: true })).toMatch(/^invalid_argument: .*none is/);
    await call("ssh_connect", { host: "fake" });
    expect(await call("ssh_read", { screen: true })).toMatch(/\[fake #0 ready /);
    await call("ssh_connect", { host: "fake", new: true });
    expect(await call("ssh_read", { screen: true })).toMatch(/open are: fake, fake-2/);
  });
});
