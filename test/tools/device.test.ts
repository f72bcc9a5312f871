import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { resolvedLabHost } from "../../src/app/lab-hosts.ts";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";

let lab: Lab;
let desk: DeskOver;

beforeAll(async () => {
  lab = await startLab({ ...process.env, SHELL: "/bin/sh" });
  const hosts = lab.hosts.map(resolvedLabHost);
  const ios = hosts.find(({ platform }) => platform === "cisco_ios");
  const router = hosts.find(({ platform }) => platform === "mikrotik_routeros");
  if (ios === undefined || router === undefined) throw new Error("the lab has no such devices");
  desk = deskOver(
    [
      { ...ios, name: "sw1" },
      { ...ios, name: "found", platform: "auto" },
      { ...ios, name: "guarded", policy: { ...UNRESTRICTED, denyPatterns: ["^show inventory"] } },
      { ...ios, name: "asa", platform: "cisco_asa" },
      { ...ios, name: "unix", platform: "posix" },
      { ...router, name: "rt1" },
    ],
    { toolsets: ["devices"] },
  );
});
afterEach(async () => {
  await desk.call("ssh_disconnect", { all: true });
});
afterAll(async () => {
  await desk.dispose();
  await lab.dispose();
});

const ask = (job: string, args: object) => desk.call(`ssh_device_${job}`, args);
const open = () => desk.multiplexer.sessions().filter(({ state }) => state !== "closed");

describe("a session that is opened again", () => {
  it("shows none of what it was set up with as rows from the background", async () => {
    await desk.call("ssh_shell", { session: "sw1", command: "show clock" });
    await desk.call("ssh_disconnect", { session: "sw1" });
    const text = await desk.call("ssh_shell", { session: "sw1", command: "show clock" });
    expect(text).toMatch(/note: this is a new shell/);
    expect(text).not.toMatch(/background/);
  });
});

describe("asking a device", () => {
  it("is a login of its own, whose output stays to be read as it was", async () => {
    const text = await ask("inventory", { host: "sw1" });
    expect(text).toMatch(
      /^name +description +part +revision +serial\n1 +WS-C2960X-24TS-L .*FOC0000LAB0\n[\s\S]*\[sw1 device_inventory done 2 records exec=\d+ \S+\]$/,
    );
    expect(open()).toEqual([]);
    const id = Number(/exec=(\d+)/.exec(text)?.[1]);
    expect(await desk.call("ssh_read", { exec: id, grep: "PID: WS" })).toMatch(/PID: WS-C2960X-24TS-L/);
  });

  it("finds what the device has, by any of its rows", async () => {
    await desk.call("ssh_connect", { host: "sw1" });
    const session = "sw1";
    expect(await ask("interfaces", { session, match: "^Vlan" })).toMatch(
      /\nVlan10 +up +up +192\.0\.2\.10\n\[sw1 device_interfaces done 2 of 28 records /,
    );
    expect(await ask("macs", { session })).toMatch(/ 10 +0200\.5e10\.0001 +Gi1\/0\/1 +DYNAMIC\n/);
    expect(await ask("version", { session })).toMatch(/lab-ios +15\.2\(7\)E4 +WS-C2960X-24TS-L/);
    expect(await ask("log", { session, match: "Buffer logging" })).toMatch(
      /^ +Buffer logging: .*\n\[sw1 device_log done 1 of \d+ rows /,
    );
  });

  it("enters the mode that the platform wants for its configuration", async () => {
    expect(await ask("config", { host: "sw1", match: "^hostname" })).toMatch(
      /^hostname lab-ios\n\[sw1 device_config done 1 of \d+ rows /,
    );
  });

  it("goes on to the next way where one is refused, and begins with the one that worked from then on", async () => {
    await desk.call("ssh_connect", { host: "sw1" });
    const session = "sw1";
    const first = await ask("arp", { session });
    expect(first).toMatch(/192\.0\.2\.1 +0200\.5e10\.00fe +Vlan10/);
    expect(first).toMatch(/\nnote: asked before: "show ip arp": error \(syntax\) /);
    expect(await ask("arp", { session })).not.toContain("asked before");
  });

  it("says of each way why it was no answer where none was", async () => {
    await desk.call("ssh_connect", { host: "sw1" });
    expect(await ask("neighbours", { session: "sw1" })).toMatch(
      /^unsupported: sw1 gave no answer that could be read as neighbours: "show cdp neighbors detail": error \(syntax\) .*; "show lldp neighbors detail": error/,
    );
    expect(await ask("neighbours", { session: "sw1", by: "lldp" })).not.toContain("cdp");
  });

  it("uses an open session as it is, and finds its platform there", async () => {
    expect(await ask("version", { host: "found" })).toMatch(
      /^unsupported: the platform of found is not known yet/,
    );
    await desk.call("ssh_connect", { host: "found" });
    const [session] = open();
    expect(await ask("version", { session: session?.name })).toMatch(
      /WS-C2960X-24TS-L[\s\S]*\[found device_version done 1 record session=found command=\d+ /,
    );
    expect(open()).toHaveLength(1);
    expect(await ask("config", { session: session?.name })).toMatch(/show running-config": error \(syntax\)/);
  });

  it("reads what RouterOS shows in a session", async () => {
    await desk.call("ssh_connect", { host: "rt1" });
    expect(await ask("interfaces", { session: "rt1" })).toMatch(
      /ether1 [\s\S]*device_interfaces done \d+ records session=rt1 /,
    );
    expect(await ask("version", { session: "rt1" })).toMatch(/\d+\.\d+.* \(stable\)/);
  });

  it("sends nothing where it is not known what to ask, or what is there is no device", async () => {
    expect(await ask("arp", { host: "asa" })).toMatch(
      /^unsupported: how to ask asa \(cisco_asa\) for its arp is not known; nothing was sent\. It is for .*cisco_ios/,
    );
    expect(await ask("arp", { host: "unix" })).toMatch(
      /^unsupported: unix is no network device; nothing was sent/,
    );
    expect(await ask("neighbours", { host: "rt1", by: "cdp" })).toMatch(
      /^unsupported: .* is not asked by cdp/,
    );
    expect(await ask("arp", {})).toMatch(/^invalid_argument: /);
  });

  it("passes the gate: what the operator's patterns deny is not typed", async () => {
    expect(await ask("inventory", { host: "guarded" })).toMatch(/^denied: /);
    expect(open()).toEqual([]);
  });
});
