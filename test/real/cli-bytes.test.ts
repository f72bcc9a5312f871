import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BirdRouter, startBird } from "./kit/bird.ts";
import { type FrrRouter, startFrr } from "./kit/frr.ts";
import { type LldpAgent, startLldp } from "./kit/lldp.ts";
import { type OpenWrtLike, startOpenWrtLike } from "./kit/openwrt.ts";
import { openRawShell, type RawShell, type RawShellOptions } from "./kit/raw-shell.ts";
import { startSshd } from "./kit/sshd.ts";

/** What these command lines send, seen by a client that answers nothing: the facts the profiles are made for. */

const stops: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

async function shellOf(
  command: string,
  options: RawShellOptions & { account?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<RawShell> {
  const { account = "dash", env = {} } = options;
  const server = await startSshd({ config: [`ForceCommand ${command}`], env });
  stops.push(() => server.stop());
  const shell = await openRawShell(server, account, options);
  stops.push(() => shell.close());
  return shell;
}

async function keep<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  stops.push(() => started.stop());
  return started;
}

describe("vtysh", () => {
  let router: FrrRouter;
  beforeAll(async () => {
    router = await keep(startFrr());
  });

  it("greets, and names each mode in its prompt", async () => {
    const shell = await shellOf(router.vtysh);
    expect(await shell.say("", /edge1# $/)).toContain("\r\nHello, this is FRRouting (version ");
    await shell.say("configure terminal\r", /\r\nedge1\(config\)# $/);
    await shell.say("router bgp 64512\r", /\r\nedge1\(config-router\)# $/);
    await shell.say("end\r", /\r\nedge1# $/);
    await shell.say("disable\r", /\r\nedge1> $/);
  });

  it("prints (null) for a hostname that was taken away", async () => {
    const shell = await shellOf(router.vtysh);
    await shell.say("", /edge1# $/);
    await shell.say("configure terminal\r", /\(config\)# $/);
    await shell.say("no hostname\r", /\r\n\(null\)\(config\)# $/);
    await shell.say("hostname edge1\r", /\r\nedge1\(config\)# $/);
  });

  it("answers a question mark at once and puts the unfinished line behind the prompt again", async () => {
    const shell = await shellOf(router.vtysh);
    await shell.say("", /edge1# $/);
    const help = await shell.say("show ip ?", /edge1# show ip $/);
    expect(help).toMatch(/^show ip \r\n {2}access-list {2,}List IP access lists\r\n/);
    expect(await shell.say("\x15", /\x1b\[K$/)).toBe(`${"\b".repeat(8)}\x1b[K`);
  });

  it("shows everything in less on the alternate screen after terminal paginate, short output, too", async () => {
    const shell = await shellOf(router.vtysh);
    await shell.say("", /edge1# $/);
    await shell.say("terminal paginate\r", /edge1# $/);
    expect(await shell.say("show ip route\r", /:\x1b\[K$/)).toContain("\x1b[?1049h");
    expect(await shell.say("q", /edge1# $/)).toContain("\x1b[?1049l");
    expect(await shell.say("show ip route summary\r", /\(END\)\x1b\[27m\x1b\[K$/)).toContain("\x1b[?1049h");
  });

  it("puts even its greeting through VTYSH_PAGER, before the first prompt", async () => {
    const shell = await shellOf(router.vtysh, { env: { VTYSH_PAGER: "more" } });
    const greeting = await shell.say("", /--More--\r\x1b\[K\(END\)\x1b\[27m$/);
    expect(greeting).toContain("Hello, this is FRRouting");
    expect(greeting).not.toContain("edge1#");
    await shell.say("q", /edge1# $/);
  });

  it("scrolls a long line sideways on a dumb terminal", async () => {
    const shell = await shellOf(router.vtysh, { terminal: { term: "dumb", cols: 80, rows: 24 } });
    await shell.say("", /edge1# $/);
    const echo = await shell.say(`show ip route 10.20.0.1/32${" json".repeat(14)}`, /\r<[^\r]* json json$/);
    expect(echo).not.toContain("show");
    await shell.say("\r", /% Unknown command: show ip route 10\.20\.0\.1\/32 json json/);
  });
});

describe("birdc", () => {
  let router: BirdRouter;
  beforeAll(async () => {
    router = await keep(startBird());
  });

  it("prints a prompt before the output and another one behind it", async () => {
    const shell = await shellOf(router.birdc);
    await shell.say("", /BIRD \S+ ready\.\r\n\x1b\[\?2004hbird> $/);
    const status = await shell.say("show status\r", /up and running\r\nbird> $/);
    expect(status).toContain("\x1b[?2004hbird> \r\x1b[KBIRD ");
  });

  it("leaves the cursor at the beginning of its pager's row and wipes that with blanks", async () => {
    const shell = await shellOf(router.birdc);
    await shell.say("", /bird> $/);
    await shell.say("show route\r", /\r\n--More--\r$/);
    await shell.say(" ", /^ {8}\r10\.30\..*\r\n--More--\r$/s);
    await shell.say("q", /^ {8}\rbird> $/);
  });
});

describe("lldpcli", () => {
  let agent: LldpAgent;
  beforeAll(async () => {
    agent = await keep(startLldp());
  });

  it("has a prompt with brackets in it, bracketed paste around commands, and colours in errors", async () => {
    const shell = await shellOf(agent.lldpcli, { account: "zsh" });
    await shell.say("", /\x1b\[\?2004h\[lldpcli\] # $/);
    const chassis = await shell.say("show chassis\r", /-----\r\n\x1b\[\?2004h\[lldpcli\] # $/);
    expect(chassis).toContain("\x1b[?2004l\r---");
    const wrong = await shell.say("nonsense\r", /\[lldpcli\] # $/);
    expect(wrong).toContain("\x1b[1;33m[WARN/lldpctl]\x1b[0m unknown command");
  });
});

describe("BusyBox ash behind dropbear", () => {
  let device: OpenWrtLike;
  beforeAll(async () => {
    device = await keep(startOpenWrtLike());
  });

  it("asks for the cursor's place after each prompt and wraps a long line by itself", async () => {
    const shell = await openRawShell(device.server, device.user);
    stops.push(() => shell.close());
    const greeting = await shell.say("", /@OpenWrt:~\$ \x1b\[6n$/);
    expect(greeting).toContain(" OpenWrt 23.05.5");
    await shell.say("echo ok\r", /\r\nok\r\n\S+@OpenWrt:~\$ \x1b\[6n$/);
    expect(await shell.say(`echo ${"0123456789".repeat(8)}\r`, /9\r\n\S+\$ \x1b\[6n$/)).toContain("\r\r\n");
  });
});
