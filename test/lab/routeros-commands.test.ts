import { describe, expect, it } from "vitest";
import { drawn } from "../terminal/drawn.ts";
import { AFTER_OUTPUT, ESC, newScreen, RouterConsole } from "./routeros-console.ts";

const PROMPT = "[admin@MikroTik] > ";

function router(version = "7.20"): RouterConsole {
  return new RouterConsole({ version });
}

describe("commands of the simulated RouterOS", () => {
  it("prints a list in columns", () => {
    expect(router().run("/ip/address/print")).toBe(
      [
        "Columns: ADDRESS, NETWORK, INTERFACE",
        "#  ADDRESS          NETWORK       INTERFACE",
        "0  ;;; defconf",
        "   192.168.88.1/24  192.168.88.0  bridge   ",
        "1  192.0.2.10/24    192.0.2.0     ether1   ",
        "2  198.51.100.1/24  198.51.100.0  vlan20   ",
        `${AFTER_OUTPUT}${PROMPT}`,
      ].join("\r\n"),
    );
  });

  it("understands slashes, blanks, abbreviations and menus step by step alike", () => {
    const console = router();
    const expected = console.rows("/ip/route/print");
    expect(expected[0]).toBe("Flags: D - DYNAMIC; A - ACTIVE; c - CONNECT, s - STATIC");
    expect(console.rows("/ip route print")).toEqual(expected);
    expect(console.rows("/ip/ro pri")).toEqual(expected);
    expect(console.run("/ip/address")).toContain("[admin@MikroTik] /ip/address> ");
    expect(console.rows("/ip/route/print")).toEqual(expected);
    expect(console.run(".. route")).toContain("[admin@MikroTik] /ip/route> ");
    expect(console.rows("print")).toEqual(expected);
    expect(console.run("/")).toContain(PROMPT);
  });

  it("writes menus with blanks on RouterOS 6", () => {
    expect(router("6.49.13").run("/ip address")).toContain("[admin@MikroTik] /ip address> ");
  });

  it("prints detail, terse, filtered and counted", () => {
    const console = router();
    expect(console.rows("/ip/address/print detail where interface=ether1")).toEqual([
      "Flags: X - DISABLED, D - DYNAMIC",
      " 1     address=192.0.2.10/24 network=192.0.2.0 interface=ether1",
      "",
    ]);
    expect(console.rows("/ip/address/print terse")[0]).toBe(
      " 0     comment=defconf address=192.168.88.1/24 network=192.168.88.0 interface=bridge",
    );
    expect(console.rows("/ip/firewall/filter/print count-only")).toEqual(["80"]);
  });

  it("prints settings right-aligned", () => {
    const console = router();
    expect(console.rows("/system/identity/print")).toEqual(["  name: MikroTik", ""]);
    expect(console.rows("/system/resource/print")[1]).toBe("                  version: 7.20 (stable)      ");
    expect(console.rows("/system/clock/print")[0]).toContain("time: 00:00:00");
  });

  it("adds, changes, disables and removes items", () => {
    const console = router();
    expect(console.rows("/ip/address/add address=10.0.0.1/24 interface=ether2")).toEqual([]);
    expect(console.rows("/ip/route/print")).toContain("4 DAc 10.0.0.0/24      ether2     0       ");
    console.rows('/ip/address/set 3 interface=ether3 comment="to the lab"');
    console.rows("/ip/address/disable [find interface=ether3]");
    expect(console.rows("/ip/address/print").slice(-2)).toEqual([
      "3 X ;;; to the lab",
      "    10.0.0.1/24      10.0.0.0      ether3   ",
    ]);
    console.rows("/ip/address/enable 3");
    console.rows("/ip/address/comment 3 new");
    expect(console.rows("/ip/address/print detail")).toContain(" 3     ;;; new");
    console.rows("/ip/address/remove 3");
    expect(console.rows("/ip/address/print count-only")).toEqual(["3"]);
    console.rows("/interface/disable ether2");
    expect(console.rows("/interface/print terse where name=ether2")[0]).toContain(" XS");
  });

  it("shows a changed identity in the prompt at once, blanks and all", () => {
    const console = router();
    expect(console.run('/system/identity/set name="core router"')).toContain("[admin@core router] > ");
  });

  it("exports what it holds", () => {
    const console = router();
    console.rows("/ip/dns/set servers=192.0.2.9");
    expect(console.rows("/ip/address/export")).toEqual([
      "# 2026-01-01 00:00:00 by RouterOS 7.20",
      "# software id = ",
      "#",
      "# model = CHR",
      "/ip address",
      "add address=192.168.88.1/24 comment=defconf interface=bridge \\",
      "    network=192.168.88.0",
      "add address=192.0.2.10/24 interface=ether1 network=192.0.2.0",
      "add address=198.51.100.1/24 interface=vlan20 network=198.51.100.0",
    ]);
    const all = console.rows("/export");
    expect(all).toContain("/ip firewall filter");
    expect(all.some((row) => row.includes("servers=192.0.2.9"))).toBe(true);
    expect(all.every((row) => row.length <= 80)).toBe(true);
  });

  it("runs several commands in a line until one fails", () => {
    expect(router().rows(":put one; /nothing; :put two")).toEqual([
      "one",
      "bad command name nothing (line 1 column 12)",
    ]);
  });

  it.each([
    ["/foo", "bad command name foo (line 1 column 2)"],
    ["foo", "bad command name foo (line 1 column 1)"],
    ["/ip/foo/print", "bad command name foo (line 1 column 5)"],
    ["/ip/address/print foo", "expected end of command (line 1 column 19)"],
    ["/ip/address/add foo=1", "expected end of command (line 1 column 17)"],
    ["/ip/dns/set servers= cache-size=1", "expected end of command (line 1 column 22)"],
    [":put $x", "syntax error (line 1 column 6)"],
    [':put "open', "syntax error (line 1 column 11)"],
    ["/ip/address/set 9 interface=ether1", "no such item"],
    ["/ip/address/set 0 interface=ether9", "input does not match any value of interface"],
    ["/ip/address/add address=foo interface=ether1", "invalid value for argument address"],
    ["/ip/address/add address=192.0.2.10/24 interface=ether2", "failure: already have such address"],
    ["/ip/route/add gateway=192.0.2.1 distance=300", "value of distance out of range (1..255)"],
    ["/ip/firewall/filter/add chain=input action=nope", "input does not match any value of action"],
    ["/ip/route/remove 1", "failure: can not change dynamic item"],
  ])("answers %s with %s", (line, error) => {
    expect(router().rows(line)).toEqual([error]);
  });

  it("asks for what was left out", () => {
    const console = router();
    expect(console.run("/ip/address/add interface=ether4")).toBe("address: ");
    console.type("10.4.4.4/30\r");
    expect(console.said()).toContain("10.4.4.4/30\r\n");
    expect(console.rows("/ip/address/print terse").at(-1)).toContain(
      "address=10.4.4.4/30 network=10.4.4.4 interface=ether4",
    );
    expect(console.run("/ip/address/remove")).toBe("numbers: ");
    console.type("\x03");
    expect(console.rows("/ip/address/print count-only")).toEqual(["4"]);
  });

  it("asks before it reboots; one key decides", () => {
    const console = router();
    expect(console.run("/system/reboot")).toBe("Reboot, yes? [y/N]: ");
    console.type("n");
    expect(console.said()).toBe(`n\r\naction cancelled\r\n${AFTER_OUTPUT}${PROMPT}`);
    expect(console.run("/system reset-configuration")).toBe("Dangerous! Reset anyway? [y/N]: ");
    console.type("\r");
    expect(console.hungUp).toBe(false);
    console.run("/system/reboot");
    console.type("y");
    expect(console.hungUp).toBe(true);
  });

  it("keeps what is typed during a command for the prompt after it", () => {
    const console = router();
    console.run(":delay 1s");
    console.type(":put later\r");
    expect(console.said()).toBe("");
    console.clock.advance(1000);
    expect(console.said()).toContain(`${PROMPT}:put later\r\nlater\r\n`);
  });
});

describe("the pager of the simulated RouterOS", () => {
  const PAGER = "-- [Q quit|D dump|down]";

  it("stops after each screen and erases itself", async () => {
    const { screen } = await newScreen(120, 24);
    const console = new RouterConsole({ version: "7.20", screen });
    const all = console.rows("/log/print without-paging");
    const first = console.run("/log/print");
    expect(first.split("\r\n")).toEqual([...all.slice(0, 23), PAGER]);
    console.type(" ");
    const second = console.said();
    expect(second.startsWith(`\r${ESC}[K`)).toBe(true);
    expect(second.endsWith(PAGER)).toBe(true);
    console.type(`${ESC}[B`);
    expect(console.said().endsWith(`${AFTER_OUTPUT}${PROMPT}`)).toBe(true);
    drawn(screen);
    expect(screen.view().rows.join("\n")).not.toContain("Q quit");
    expect(screen.view().rows.slice(0, -1)).toEqual(all.slice(-(screen.view().rows.length - 1)));
    screen.dispose();
  });

  it("dumps the rest at D", () => {
    const console = router();
    const all = console.rows("/ip/firewall/filter/print without-paging");
    const first = console.run("/ip/firewall/filter/print");
    console.type("D");
    const text = (first + console.said()).replace(`${PAGER}\r${ESC}[K`, "");
    expect(text).toBe(`${all.map((row) => `${row}\r\n`).join("")}${AFTER_OUTPUT}${PROMPT}`);
  });

  it.each(["q", "Q", "\x03"])("leaves at %j", (key) => {
    const console = router();
    console.run("/log/print");
    console.type(key);
    expect(console.said()).toBe(`\r${ESC}[K${AFTER_OUTPUT}${PROMPT}`);
  });

  it("stays away from what fits", () => {
    expect(router().run("/ip/route/print")).not.toContain("Q quit");
  });
});

describe("live views of the simulated RouterOS", () => {
  const LIVE = "-- [Q quit|D dump|C-z pause]";

  it("pings so often as told and ends by itself", () => {
    const console = router();
    console.run("/ping 127.0.0.1 count=3");
    console.clock.advance(5000);
    const rows = console.all.slice(console.all.lastIndexOf("  SEQ HOST")).split("\r\n");
    expect(rows).toHaveLength(6);
    expect(rows[1]).toBe("    0 127.0.0.1                                  56  64 120us     ");
    expect(rows[4]).toMatch(/^ {4}sent=3 received=3 packet-loss=0% min-rtt=120us/);
    expect(rows[5]).toBe(`${AFTER_OUTPUT}${PROMPT}`);
  });

  it("tells what does not answer", () => {
    const console = router();
    expect(console.run("/ping 203.0.113.99 count=1")).toContain(
      " timeout\r\n    sent=1 received=0 packet-loss=100% \r\n",
    );
  });

  it.each([
    "/ping 127.0.0.1",
    "/interface/monitor-traffic ether1",
    "/tool/torch ether1",
    "/tool/traceroute 203.0.113.5",
    "/log/print follow",
  ])("%s never ends by itself, and does at Q", (line) => {
    const console = router();
    console.run(line);
    console.clock.advance(120_000);
    expect(console.said().endsWith(LIVE)).toBe(true);
    console.type("q");
    const end = console.said();
    expect(end.startsWith(`\r${ESC}[K`)).toBe(true);
    expect(end.endsWith(`${AFTER_OUTPUT}${PROMPT}`)).toBe(true);
    expect(console.clock.pending).toBe(0);
  });

  it("paints rates over the ones before", async () => {
    const { screen } = await newScreen(120, 40);
    const console = new RouterConsole({ version: "7.20", rows: 40, screen });
    console.run("/interface/monitor-traffic ether1");
    console.clock.advance(10_000);
    drawn(screen);
    const rows = screen.view().rows.filter((row) => row.includes("rx-bits-per-second"));
    expect(rows).toHaveLength(2); // rx and fp-rx, once each.
    expect(screen.view().cursorText).toBe(LIVE);
    screen.dispose();
  });

  it("pauses at Ctrl-Z and goes on after another", () => {
    const console = router();
    console.run("/tool/torch ether1");
    console.type("\x1a");
    expect(console.said().endsWith("-- [Q quit|D dump|C-z continue]")).toBe(true);
    console.clock.advance(5000);
    expect(console.said()).toBe("");
    console.type("\x1a");
    console.clock.advance(1000);
    expect(console.said()).toContain("MAC-PROTOCOL");
  });
});
