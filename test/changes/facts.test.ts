import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createChanging } from "../../src/changes/changing.ts";
import { pathIn, touches } from "../../src/changes/path.ts";
import { anyOf, forbiddenIn, patternIn, pendingIn } from "../../src/changes/rows.ts";
import { armedOn, ChangeStates, type SavedChange } from "../../src/changes/states.ts";
import { knownIn, timerFor } from "../../src/changes/timer.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { ChangeProfile } from "../../src/devices/profile-change.ts";

const catalog = openCatalog();
const profiles = catalog.ids().flatMap((id) => {
  const { change } = catalog.profile(id);
  return change === undefined ? [] : [[id, change] as const];
});
const of = (id: string): ChangeProfile => {
  const { change } = catalog.profile(id);
  if (change === undefined) throw new Error(id);
  return change;
};

describe("the section change of the profiles", () => {
  it("is there for the platforms of the promise, and is not inherited by what resembles them", () => {
    expect(profiles.map(([id]) => id)).toEqual([
      "arista_eos",
      "aruba_aoscx",
      "cisco_ios",
      "cisco_iosxr",
      "cisco_nxos",
      "fortinet_fortios",
      "frr",
      "huawei_vrp",
      "juniper_junos",
      "mikrotik_routeros",
      "nokia_srlinux",
      "nokia_sros",
      "vyos",
    ]);
    expect(catalog.profile("cisco_asa").change).toBeUndefined();
    expect(catalog.profile("dell_os9").change).toBeUndefined();
  });

  it("has patterns that can be read, modes that there are, and what keeps whatever it arms", () => {
    for (const [id, profile] of profiles) {
      const { timer, guard, arm, confirm, running, pending, prerequisites = [], forbids = [] } = profile;
      const steps = [
        arm,
        confirm,
        profile.enter,
        profile.leave,
        profile.cancel,
        profile.save,
        profile.discard,
      ];
      for (const { shows = [], fails = [], answer } of steps.flatMap((list) => list ?? []))
        for (const source of [...shows, ...fails, ...(answer === undefined ? [] : [answer.match])])
          patternIn(source);
      for (const source of [running.noise, pending?.none, pending?.some, forbids].flatMap(
        (list) => list ?? [],
      ))
        patternIn(source);
      for (const { needs, fails } of prerequisites)
        for (const source of [needs, fails]) if (source !== undefined) patternIn(source);
      // nornir_napalm#69: armed, and never confirmed.
      expect([id, (arm === undefined) === (confirm === undefined)]).toEqual([id, true]);
      expect([id, arm !== undefined]).toEqual([id, timer !== undefined || guard !== undefined]);
      // Read in a mode of its own, it would take the session that confirms out of the mode it confirms in.
      if (profile.confirm_in === "own" && confirm?.every(({ mode }) => mode === undefined))
        expect([id, running.mode]).toEqual([id, undefined]);
      const modes = new Set(catalog.profile(id).prompts?.map(({ mode }) => mode));
      for (const { mode } of [running, ...(pending ? [pending] : []), ...steps.flatMap((list) => list ?? [])])
        if (mode !== undefined) expect([id, mode, modes.has(mode)]).toEqual([id, mode, true]);
    }
  });

  it("is not kept from asking by an error that only reads like a row of the answer", async () => {
    const { message } = await catalog.device("arista_eos");
    expect(message("Maximum number of pending sessions: 5")).toBeUndefined();
    expect(message("% Maximum number of pending sessions has been reached")).toEqual({
      is: "error",
      class: "commit",
    });
  });

  it("refuses lines that leave, keep or save, and takes those that only look like them", () => {
    expect(forbiddenIn(of("cisco_ios"), ["interface Gi1", "description x", "END"])).toBe("END");
    for (const line of ["wr", "write memory", "do reload", "configure confirm", "exit", " end "])
      expect([line, forbiddenIn(of("cisco_ios"), [line])]).toEqual([line, line]);
    for (const line of ["exit-address-family", "domain-name x", "writer 1", "archive-x"])
      expect([line, forbiddenIn(of("cisco_ios"), [line])]).toEqual([line, undefined]);
    expect(forbiddenIn(of("juniper_junos"), ["set system host-name x", "commit"])).toBe("commit");
  });

  it.each([
    ["cisco_ios", ["exi", "rel in 5", "no archive", "do-exec reload"], ["ip route 192.0.2.0/24 Null0"]],
    ["arista_eos", ["comm", "abo", "roll"], ["ip community-list 1 permit 1", "router bgp 1"]],
    ["cisco_iosxr", ["com", "cle"], ["community-set x", "load-interval 30", "router bgp 1"]],
    ["cisco_nxos", ["feat bgp", "no feature bgp", "check x"], ["interface Ethernet1/1"]],
    ["huawei_vrp", ["ret", "q", "com", "sa"], ["sysname x", "interface GE1/0/1", "router id 1.1.1.1"]],
    ["juniper_junos", ["comm", "ru show", "req system", "q"], ["set system x", "delete interfaces y"]],
    ["vyos", ["set x; commit", "comm", "sudo x", "sa", "set `reboot`"], ["set a b", "comment a b"]],
    [
      "mikrotik_routeros",
      [":if (true) do={/quit}", "/q", "reboot", "/sys reb", "/ip address add c=[/undo]"],
      ["/ip address add address=192.0.2.1/24 interface=ether1", "/system identity set name=x"],
    ],
    ["fortinet_fortios", ["exec reboot", "unset cfg-save", "sudo root execute x"], ["edit 1", "next", "end"]],
    ["nokia_srlinux", ["/commit", "sav", "too system"], ["set / system name x"]],
    ["nokia_sros", ["comm", "/admin save"], ["configure system name x"]],
    ["aruba_aoscx", ["checkp x", "exi"], ["vlan 5"]],
    ["frr", ["q", "exi"], ["router bgp 1", "exit-address-family"]],
  ])("knows them on %s abbreviated and behind a separator, too", (id, bad, good) => {
    for (const line of bad) expect([line, forbiddenIn(of(id), [line])]).toEqual([line, line]);
    for (const line of good) expect([line, forbiddenIn(of(id), [line])]).toEqual([line, undefined]);
  });
});

describe("timers", () => {
  it("are rounded up and never down, and refused outside what the device takes", () => {
    const ios = of("cisco_ios").timer;
    const eos = of("arista_eos").timer;
    if (ios === undefined || eos === undefined) throw new Error("no timer");
    expect(timerFor(ios, 61, "ios")).toEqual({ typed: "2", seconds: 120, rounded: true });
    // ansible-junos-stdlib#277: one minute is a number, and no yes.
    expect(timerFor(ios, 60, "ios")).toEqual({ typed: "1", seconds: 60, rounded: false });
    expect(timerFor(ios, 1, "ios")).toMatchObject({ typed: "1", seconds: 60, rounded: true });
    expect(timerFor(eos, 3_661, "eos")).toMatchObject({ typed: "01:01:01", seconds: 3_661 });
    expect(() => timerFor(ios, 7_201, "ios")).toThrow(/takes 60 to 7200 s, not 7201; nothing was sent/);
    expect(() => timerFor(eos, 59, "eos")).toThrow(/takes 60 to/);
  });

  it("says when an unknown end is known: once its time, the undoing and what arms it are over", () => {
    const device = { timer: { unit: "minutes", min: 1, max: 120, undoes: "configuration" } } as const;
    expect(knownIn({ until: 60_000 }, device, 10_000)).toBe(170_000);
    expect(knownIn({ until: 60_000, armingUntil: 300_000 }, device, 10_000)).toBe(290_000);
    expect(knownIn({ until: 60_000 }, device, 180_000)).toBeUndefined();
    expect(knownIn({}, device, 10_000)).toBeUndefined();
    const restarts = { timer: { ...device.timer, undoes: "reboot" } } as const;
    expect(knownIn({ until: 60_000 }, restarts, 10_000)).toBe(950_000);
  });
});

describe("whether a timer runs", () => {
  const read = (id: string, rows: readonly string[]) => {
    const { pending } = of(id);
    if (pending === undefined) throw new Error(id);
    return pendingIn(pending, rows);
  };

  it("is read from entry 0 of Junos, since older ones keep the same words as history (ncclient#239)", () => {
    const old = "1   2026-11-30 10:00:00 UTC by noc via cli commit confirmed, rollback in 10mins";
    expect(read("juniper_junos", ["0   2026-11-30 11:00:00 UTC by noc via cli", old])).toEqual({
      is: "none",
    });
    expect(
      read("juniper_junos", [
        "0   2026-11-30 11:00:00 UTC by ann via cli commit confirmed, rollback in 9m30s",
        old,
      ]),
    ).toMatchObject({ is: "runs", who: "ann", left: "9m30s" });
  });

  it("is unknown where nothing that is known was said, and not none", () => {
    expect(read("cisco_ios", ["% Invalid input detected at '^' marker."])).toMatchObject({ is: "unknown" });
    expect(read("cisco_ios", [])).toEqual({ is: "unknown" });
    expect(read("cisco_ios", ["%No Rollback Confirmed Change pending"])).toEqual({ is: "none" });
    expect(read("juniper_junos", ["error: permission denied"])).toMatchObject({ is: "unknown" });
  });

  it("is seen on EOS before and after its flag moved (napalm#2166)", () => {
    expect(read("arista_eos", ["  ssh-mcp-C1   pendingCommitTimer   noc   vty3"])).toMatchObject({
      is: "runs",
      who: "noc",
    });
    expect(read("arista_eos", ["Commit timer session: ssh-mcp-C1, expires in 00:04:00"])).toMatchObject({
      is: "runs",
    });
    expect(
      read("arista_eos", ["Maximum number of pending sessions: 5", "  other   committed   ann"]),
    ).toEqual({ is: "none" });
    // An answer that is not known, of a release nobody has seen, is no answer.
    expect(read("arista_eos", ["  other   committed   ann"])).toMatchObject({ is: "unknown" });
    expect(read("vyos", ["some other answer"])).toMatchObject({ is: "unknown" });
    expect(read("vyos", ["NEXT LEFT", "", "3 timers listed."])).toEqual({ is: "none" });
  });
});

describe("lines that may cut our way", () => {
  const CONFIG = [
    "interface Vlan10",
    " ip address 192.0.2.10 255.255.255.0",
    " ip access-group IN in",
    "interface Vlan20",
    " ip address 198.51.100.1 255.255.255.0",
    "ip access-list extended IN",
    " permit tcp any any eq 22",
    "line vty 0 4",
    " access-class 23 in",
  ];
  const path = pathIn(CONFIG, { user: "noc", address: "192.0.2.10" });
  const parts = (...lines: string[]) => touches(lines, path).map(({ part }) => part);

  it("are named with their reason, by interface, address, route, list, line, login, table and management", () => {
    expect(path).toMatchObject({ interfaces: ["Vlan10"], lists: ["IN", "23"] });
    expect(parts("interface vlan 10", "shutdown")).toEqual(["interface"]);
    expect(parts("interface Vlan10", "no ip address 192.0.2.10 255.255.255.0")).toEqual(["address"]);
    expect(parts("no ip route 0.0.0.0 0.0.0.0 192.0.2.1")).toEqual(["route"]);
    expect(parts("ip access-list extended IN", "deny ip any any")).toEqual(["access list", "access list"]);
    expect(parts("line vty 0 4", "transport input none")).toEqual(["management", "line"]);
    expect(parts("aaa authentication login default group tacacs+")).toEqual(["login"]);
    expect(parts("no username noc")).toEqual(["login"]);
    expect(parts("interface Vlan10", "vrf forwarding MGMT")).toEqual(["interface"]);
    expect(parts("no ip ssh version 2")).toEqual(["management"]);
  });

  it("are not those that cannot", () => {
    expect(parts("interface Vlan10", "description uplink")).toEqual([]);
    expect(parts("interface Vlan20", "shutdown")).toEqual([]);
    expect(parts("ip access-list extended OTHER", "deny ip any any")).toEqual([]);
    expect(parts("vlan 30", "name users")).toEqual([]);
  });

  it("count every interface where it is not known by which one we came", () => {
    const unknown = pathIn(CONFIG, { user: "noc", address: "203.0.113.9" });
    expect(touches(["interface Vlan20", "shutdown"], unknown)).toMatchObject([{ part: "interface" }]);
  });
});

describe("changes on disk", () => {
  it("get numbers that no other process has, and a broken file keeps none of the others away", () => {
    const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-states-"));
    try {
      const [one, other] = [new ChangeStates(folder, () => 1), new ChangeStates(folder, () => 2)];
      expect([one.begin("a", "p").id, other.begin("b", "p").id, one.begin("c", "p").id]).toEqual([
        "C1",
        "C2",
        "C3",
      ]);
      expect(other.all().map(({ host }) => host)).toEqual(["c", "b", "a"]);
      expect(one.find("C../../x")).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("another change that may still be armed", () => {
  it("is one of the same host, neither confirmed nor over, whatever the device shows", () => {
    const kept = { platform: "p", pid: 1, at: 0, host: "a", id: "C7", stage: "armed" as const, until: 1_000 };
    const found = (changed: Partial<SavedChange>, now = 1_400) =>
      armedOn([{ ...kept, ...changed }], { host: "a", id: "C8", graceMs: 500 }, now)?.id;
    expect(found({})).toBe("C7");
    expect(found({}, 1_500)).toBeUndefined();
    for (const changed of [
      { host: "b" },
      { id: "C8" },
      { stage: "ended" as const },
      { confirmed: true },
      { until: undefined },
    ])
      expect([changed, found(changed)]).toEqual([changed, undefined]);
  });
});

describe("patterns of a profile", () => {
  it("that RE2 does not take are named", () => {
    expect(() => anyOf(["(?=x)"])("x")).toThrow(/change: "\(\?=x\)" is not an RE2 pattern/);
  });
});

describe("what the inventory says of one host", () => {
  it("replaces fields of the section, and a host without any has the platform's", () => {
    const changing = createChanging(catalog, {
      states: new ChangeStates("/nowhere", () => 0),
      mask: (text) => text,
    });
    const ios = of("cisco_ios");
    const own = { change: { ...ios, startup: "show configuration", unconfirmed: [] } };
    expect(changing.profile("cisco_ios")).toEqual(ios);
    expect(changing.profile("cisco_ios", own)).toMatchObject({ startup: "show configuration", way: "live" });
    expect(changing.profile("no_such_platform")).toBeUndefined();
  });
});
