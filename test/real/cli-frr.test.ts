import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { settled, withoutEmptyRows } from "./kit/cli-text.ts";
import { type FrrRouter, startFrr } from "./kit/frr.ts";
import { hostFor } from "./kit/host.ts";
import { type DelayProxy, delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Opened, type Rig, rigFor } from "./rig.ts";

/** FRR's vtysh behind sshd, through the whole stack. */

/** A program that vtysh runs prints rows that look like prompts, pagers and questions, and pauses behind each. */
const TRAPS = ["edge1#", "edge1(config)#", "edge1>", "--More--", "(END)", ":", "Password:", "go on? [y/n]"];
const PING = `for row in ${TRAPS.map((row) => `'${row}'`).join(" ")}; do echo "$row"; sleep 0.15; done; echo over`;
const BANNER = `printf 'Authorised use only\\r\\ncore9#\\r\\nAsk '; sleep 0.2; printf 'first\\r\\ncore9#'; sleep 0.2; printf '\\r\\n'`;
const DONE = { state: "done", evidence: "prompt" };

let router: FrrRouter;
const servers: TestServer[] = [];
let slow: DelayProxy;
let rig: Rig;

beforeAll(async () => {
  router = await startFrr({ ping: PING, routes: 120 });
  const serve = async (command: string, env = {}): Promise<TestServer> => {
    const server = await startSshd({ config: [`ForceCommand ${command}`], env });
    servers.push(server);
    return server;
  };
  const plain = await serve(router.vtysh);
  const more = await serve(router.vtysh, { VTYSH_PAGER: "more" });
  const banner = await serve(`${BANNER}; exec ${router.vtysh}`);
  slow = await delayProxy({ target: plain, rttMs: 120, chunk: 7 });
  // A session of each test; of a platform known for few of them no more than two are opened unless the inventory says so.
  const limits = {
    sessions: 100,
    transcriptBytes: 16 << 20,
    channelsPerConnection: 8,
    fixed: ["sessions"] as const,
  };
  const on = (server: TestServer | DelayProxy, more: Partial<ResolvedHost>) =>
    hostFor(server, "dash", { limits, ...more });
  const dumb = { cols: 80, rows: 24, term: "dumb" };
  rig = rigFor([
    on(plain, { name: "edge1", platform: "frr" }),
    on(plain, { name: "unknown", platform: "auto" }),
    on(plain, { name: "anything", platform: "generic_cli" }),
    on(plain, { name: "dumb", platform: "frr", terminal: dumb }),
    on(slow, { name: "slow", platform: "frr" }),
    // As a profile that leaves the pager on: the greeting itself goes through it.
    on(more, { name: "paged", platform: "frr", device: { replaces: ["open"] } }),
    on(more, { name: "paged-unknown", platform: "auto" }),
    on(banner, { name: "banner", platform: "frr" }),
    on(banner, { name: "banner-unknown", platform: "auto" }),
  ]);
});
afterAll(async () => {
  await rig?.close();
  await slow?.close();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await router?.stop();
});

/** A session, open until all is over: tests beside each other close none of another's. */
function open(host: string, session?: string): Promise<Opened> {
  return rig.open(host, session);
}

describe("a session on vtysh", () => {
  it.concurrent("begins at the prompt of mode enable, on a router whose name it knows", async () => {
    const { first } = await open("edge1");
    expect(first.outcome).toMatchObject({ ...DONE, mode: "enable", host: "edge1", notes: [] });
  });

  it.concurrent.each([
    "show running-config",
    "show ip route",
    "show version",
    "list",
    "show ip route summary",
  ])("gives %s as vtysh -c does, with paging off and on", async (command) => {
    const wanted = settled(await router.ask(command));
    const session = await open("edge1");
    const plain = await session.run(command);
    expect(settled(plain.text)).toBe(wanted);
    await session.run("terminal paginate");
    const paged = await session.run(command);
    expect(settled(paged.text)).toBe(wanted);
    for (const { outcome } of [plain, paged]) {
      expect(outcome).toMatchObject({ ...DONE, mode: "enable", host: "edge1" });
      expect(outcome.exit).toBeUndefined();
      expect(outcome.errors).toBeUndefined();
    }
    await session.run("no terminal paginate");
  });

  it.concurrent("goes on behind less on the alternate screen, short output, too", async () => {
    const session = await open("edge1");
    await session.run("terminal paginate");
    for (let round = 0; round < 3; round++) {
      const { outcome, text } = await session.run("show ip route summary");
      expect(outcome).toMatchObject(DONE);
      expect(settled(text)).toBe(settled(await router.ask("show ip route summary")));
    }
  });

  it.concurrent("runs many commands one behind the other, each with its own output", async () => {
    const session = await open("edge1");
    for (let at = 0; at < 30; at++) {
      const address = `10.20.0.${at}`;
      const { outcome, text } = await session.run(`show ip route ${address}/32`);
      expect(outcome).toMatchObject({ ...DONE, mode: "enable" });
      expect(text).toMatch(new RegExp(`^Routing entry for ${address}/32\n`));
      expect(text).toMatch(/unreachable \(blackhole\)/);
    }
  });

  it.concurrent("is exact on a slow link that brings seven bytes at a time", async () => {
    const wanted = settled(await router.ask("show running-config"));
    const session = await open("slow");
    expect(settled((await session.run("show running-config")).text)).toBe(wanted);
    expect((await session.run("show ip")).outcome.errors).toEqual([
      { class: "incomplete", row: "% Command incomplete: show ip" },
    ]);
    await session.run("terminal paginate");
    expect(settled((await session.run("show running-config")).text)).toBe(wanted);
  });

  it.concurrent("takes a long line that a dumb terminal scrolls sideways", async () => {
    const session = await open("dumb");
    const line = `show ip route 10.20.0.1/32${" json".repeat(14)}`;
    const { outcome } = await session.run(line);
    expect(outcome).toMatchObject({ ...DONE, errors: [{ class: "syntax" }] });
    const summary = await session.run("show ip route summary");
    expect(settled(summary.text)).toBe(settled(await router.ask("show ip route summary")));
  });

  it.concurrent("works side by side with another one in another mode", async () => {
    const [left, right] = [await open("edge1", "left"), await open("edge1", "right")];
    const [wantedRoutes, wantedList] = [await router.ask("show ip route"), await router.ask("list")];
    await right.run("disable");
    for (let round = 0; round < 4; round++) {
      const [one, other] = await Promise.all([left.run("show ip route"), right.run("show ip route summary")]);
      expect(settled(one.text)).toBe(settled(wantedRoutes));
      expect(one.outcome).toMatchObject({ ...DONE, mode: "enable" });
      expect(other.outcome).toMatchObject({ ...DONE, mode: "exec" });
      expect(other.text).toMatch(/\bTotals\s+121\b/);
    }
    expect(settled((await left.run("list")).text)).toBe(settled(wantedList));
  });
});

describe("modes of vtysh", () => {
  it.concurrent("are told with each result, on the way to config-router and back", async () => {
    const session = await open("edge1");
    const modes: (string | undefined)[] = [];
    for (const line of ["disable", "enable", "configure terminal", "router bgp 64512", "exit", "end"])
      modes.push((await session.run(line)).outcome.mode);
    expect(modes).toEqual(["exec", "enable", "config", "config", "config", "enable"]);
    expect(session.view().place).toMatchObject({ mode: "enable", host: "edge1" });
  });

  it.concurrent("are entered and left as the mode argument says", async () => {
    const session = await open("edge1");
    const run = async (command: string, mode: string) => {
      const { session: view, outcome } = await rig.mux.shell({ session: session.name, command, mode });
      return { outcome, text: (await view.text(outcome.from, outcome.to)).lines.join("\n") };
    };
    const config = await run("do show ip route summary", "config");
    expect(config.outcome).toMatchObject({ ...DONE, mode: "config" });
    expect(config.outcome.notes).toContain("changed from mode enable to config");
    const exec = await run("show ip route summary", "exec");
    expect(exec.outcome).toMatchObject({ ...DONE, mode: "exec" });
    const enable = await run("show ip route summary", "enable");
    expect(enable.outcome).toMatchObject({ ...DONE, mode: "enable" });
    const wanted = settled(await router.ask("show ip route summary"));
    for (const { text } of [config, exec, enable]) expect(settled(text)).toBe(wanted);
    await expect(run("show version", "root")).rejects.toThrow(/no mode "root"; its modes: .*enable/);
  });

  it.concurrent("go up from config-router in one step", async () => {
    const session = await open("edge1");
    await session.run("configure terminal");
    await session.run("router bgp 64512");
    const { outcome } = await rig.mux.shell({
      session: session.name,
      command: "show version",
      mode: "enable",
    });
    expect(outcome).toMatchObject({ ...DONE, mode: "enable" });
    expect(session.view().place?.mode).toBe("enable");
  });

  it("and the hostname follow a change in mid-session, also when it is taken away", async () => {
    const session = await open("edge1");
    const seen: unknown[] = [];
    for (const line of ["configure terminal", "hostname core2", "no hostname", "hostname edge1", "end"]) {
      const { outcome, text } = await session.run(line);
      expect(outcome).toMatchObject(DONE);
      expect(text).toBe("");
      seen.push([outcome.mode, outcome.host]);
    }
    expect(seen).toEqual([
      ["config", "edge1"],
      ["config", "core2"],
      ["config", "(null)"],
      ["config", "edge1"],
      ["enable", "edge1"],
    ]);
    expect((await session.run("show ip route summary")).text).toMatch(/^Route Source/);
  });
});

describe("what vtysh refuses", () => {
  it.concurrent.each([
    ["foo", "syntax", "% Unknown command: foo"],
    ["show ip", "incomplete", "% Command incomplete: show ip"],
    ["show ip route 10.0.0.0/33", "syntax", "% Unknown command: show ip route 10.0.0.0/33"],
    ["foo ?", "syntax", "% There is no matched command."],
  ])("is told as the class of error: %s", async (command, kind, row) => {
    const session = await open("edge1");
    const { outcome, text } = await session.run(command);
    expect(outcome).toMatchObject({ ...DONE, mode: "enable", errors: [{ class: kind, row }] });
    expect(outcome.exit).toBeUndefined();
    expect(text).toContain(row);
  });

  it.concurrent("stops a configuration of several lines, and the lines behind it are not typed", async () => {
    const session = await open("edge1");
    const lines = [
      "configure terminal",
      "ip prefix-list MID seq 5 permit 10.0.0.0/8",
      "ip prefix-list MID seq 10 permit 10.0.0.0/33",
      "no ip prefix-list MID",
      "end",
    ];
    const { outcome } = await session.run(lines.join("\n"));
    expect(outcome).toMatchObject({ ...DONE, mode: "config", errors: [{ class: "syntax" }] });
    expect(outcome.errors?.[0]?.row).toBe(`% Unknown command: ${lines[2]}`);
    expect(outcome.notes.join()).toMatch(/^3 of 5 lines were typed: .*lines 4 to 5 were NOT typed/);
    expect(await router.ask("show ip prefix-list MID")).toContain("seq 5 permit 10.0.0.0/8");
    const undone = await session.run("no ip prefix-list MID\nend");
    expect(undone.outcome).toMatchObject({ ...DONE, mode: "enable" });
    expect(undone.outcome.errors).toBeUndefined();
    expect(await router.ask("show ip prefix-list MID")).not.toContain("seq 5");
  });

  it.concurrent("stops it in the mode it was typed in", async () => {
    const session = await open("edge1");
    const command = "ip prefix-list IN seq 5 permit 10.0.0.0/8\nnonsense\nno ip prefix-list IN";
    const { outcome } = await rig.mux.shell({ session: session.name, command, mode: "config" });
    expect(outcome).toMatchObject({ ...DONE, mode: "config", errors: [{ class: "syntax" }] });
    expect(outcome.notes.join()).toMatch(/2 of 3 lines were typed: 1 done, 2 syntax .*line 3 was NOT typed/);
    expect((await session.run("no ip prefix-list IN")).outcome.errors).toBeUndefined();
    expect(await router.ask("show ip prefix-list IN")).not.toContain("seq 5");
  });

  it.concurrent("does not stop it when told to keep going", async () => {
    const session = await open("edge1");
    const command =
      "configure terminal\nip prefix-list ALL seq 5 permit 10.0.0.0/33\nno ip prefix-list ALL\nend";
    const { outcome } = await rig.mux.shell({ session: session.name, command, keepGoing: true });
    expect(outcome).toMatchObject({ ...DONE, mode: "enable", errors: [{ class: "syntax" }] });
    expect(outcome.notes.join()).toContain("all 4 lines were typed");
  });
});

describe("a question mark", () => {
  it.concurrent("as a key shows its help and leaves the line for the caller, which the next command clears", async () => {
    const session = await open("edge1");
    const { session: view, outcome } = await rig.mux.send({ session: session.name, text: "show ip ro?" });
    expect(outcome).toMatchObject({ state: "asking", asked: "line", row: "edge1# show ip ro" });
    const { lines } = await view.text(outcome.from, outcome.to);
    expect(lines).toContain("  route      IP routing table");
    const next = await session.run("show ip route summary");
    expect(next.outcome).toMatchObject(DONE);
    expect(settled(next.text)).toBe(settled(await router.ask("show ip route summary")));
  });

  it.concurrent("at the end of a command shows the help and enters nothing", async () => {
    const session = await open("edge1");
    const { outcome, text } = await session.run("show ip ro?");
    expect(outcome).toMatchObject({ ...DONE, mode: "enable" });
    expect(outcome.errors).toBeUndefined();
    expect(text.split("\n")).toContain("  route      IP routing table");
    expect((await session.run("show ip route summary")).text).toMatch(/^Route Source/);
  });
});

describe("rows like prompts, pagers and questions", () => {
  it.concurrent("end nothing within an output, although the device pauses behind each", async () => {
    const session = await open("edge1");
    const { outcome, text } = await session.run("ping traps");
    expect(outcome).toMatchObject({ ...DONE, mode: "enable", host: "edge1" });
    expect(text.split("\n")).toEqual([...TRAPS, "over"]);
    expect((await session.run("show ip route summary")).text).toMatch(/^Route Source/);
  });

  it.concurrent.each(["banner", "banner-unknown"])("in a banner are no prompt: %s", async (host) => {
    const session = await open(host);
    expect(session.first.outcome).toMatchObject({ ...DONE, mode: "enable", host: "edge1" });
    const { outcome, text } = await session.run("show ip route");
    expect(outcome).toMatchObject({ ...DONE, host: "edge1" });
    expect(settled(text)).toBe(settled(await router.ask("show ip route")));
  });
});

describe("log rows of terminal monitor", () => {
  it("are told apart from the outputs they come between", async () => {
    const [watching, changing] = [await open("edge1", "watching"), await open("edge1", "changing")];
    await watching.run("terminal monitor");
    await watching.run("debug zebra rib detailed");
    let changes = 0;
    const churn = (async () => {
      for (; changes < 4; changes++) {
        const no = changes % 2 === 0 ? "" : "no ";
        await changing.run(`configure terminal\n${no}ip route 10.99.0.0/24 Null0\nend`);
      }
    })();
    const logRows: string[] = [];
    let rounds = 0;
    for (; changes < 4 || rounds < 4; rounds++) {
      const { session: view, outcome } = await rig.mux.shell({
        session: watching.name,
        command: "show ip route summary",
      });
      expect(outcome).toMatchObject({ ...DONE, mode: "enable", host: "edge1" });
      const text = await view.text(outcome.from, outcome.to);
      const likeOwn = new Set(text.likeOwn);
      logRows.push(...(text.asides ?? []), ...text.lines.filter((_row, index) => likeOwn.has(index)));
      // A row of the log that is the last has an empty one in front.
      const own = text.lines.filter((row, index) => row !== "" && !likeOwn.has(index));
      const rows = own.map((row) => row.replaceAll(/\s+/g, " ").replaceAll(/12[012]/g, "12x"));
      expect(rows).toEqual([
        "Route Source Routes FIB (vrf default)",
        "connected 1 1",
        "static 12x 12x",
        "------",
        "Totals 12x 12x",
      ]);
    }
    await churn;
    expect(logRows.length).toBeGreaterThan(0);
    for (const row of logRows) expect(row).toMatch(/^\d{4}-\d\d-\d\d .* \[DEBG\] (?:zebra|staticd): /);
    await watching.run("no debug zebra rib detailed");
    expect((await watching.run("no terminal monitor")).outcome).toMatchObject(DONE);
  });
});

describe("VTYSH_PAGER=more", () => {
  it.concurrent("pages the greeting, and the session begins behind it", async () => {
    const session = await open("paged");
    expect(session.first.outcome).toMatchObject({ ...DONE, mode: "enable", host: "edge1" });
  });

  it.concurrent.each(["show running-config", "show ip route"])("loses no row of %s", async (command) => {
    const session = await open("paged");
    const { outcome, text } = await session.run(command);
    expect(outcome).toMatchObject({ ...DONE, mode: "enable" });
    expect(withoutEmptyRows(text)).toBe(withoutEmptyRows(await router.ask(command)));
  });

  it.concurrent("is told to the caller where the platform is not known, and found behind it", async () => {
    const session = await open("paged-unknown");
    expect(session.first.outcome).toMatchObject({ state: "asking", asked: "pager", row: "(END)" });
    await session.keys("q");
    const { outcome } = await session.settle();
    expect(outcome).toMatchObject({ ...DONE, state: "ready", mode: "enable", host: "edge1" });
    expect(session.view().framing).toMatch(/^FRR \(vtysh\) \(frr\)/);
    const ran = await session.run("show ip route");
    expect(settled(ran.text)).toBe(settled(await router.ask("show ip route")));
  });
});

describe("a platform that is not given", () => {
  it.concurrent("is found by vtysh's greeting, and said with the reason", async () => {
    const session = await open("unknown");
    expect(session.view().framing).toMatch(
      /^FRR \(vtysh\) \(frr\), prompt "edge1#"; platform frr: the banner "Hello, this is FRRouting/,
    );
    const { outcome, text } = await session.run("show ip route");
    expect(outcome).toMatchObject({ ...DONE, mode: "enable", host: "edge1" });
    expect(settled(text)).toBe(settled(await router.ask("show ip route")));
  });

  it.concurrent("is driven by its learned prompt as any command line", async () => {
    const session = await open("anything");
    const { outcome, text } = await session.run("show ip route");
    expect(outcome).toMatchObject({ ...DONE, host: "edge1" });
    expect(settled(text)).toBe(settled(await router.ask("show ip route")));
    expect((await session.run("configure terminal")).outcome).toMatchObject({ ...DONE, mode: "config" });
    expect((await session.run("foo")).outcome.errors).toEqual([
      { class: "syntax", row: "% Unknown command: foo" },
    ]);
    expect((await session.run("end")).outcome).toMatchObject({ ...DONE, mode: "exec" });
  });

  it.concurrent("is told as a full screen where its learned prompt gives way to less, and goes on behind it", async () => {
    const session = await open("anything");
    await session.run("terminal paginate");
    const { outcome } = await session.run("show ip route");
    expect(outcome).toMatchObject({ state: "screen", evidence: "alternate_screen" });
    await session.keys("q");
    expect((await session.settle()).outcome).toMatchObject(DONE);
    expect((await session.run("no terminal paginate")).outcome).toMatchObject(DONE);
  });
});
