import { describe, expect, it } from "vitest";
import { parseLoginName } from "../../src/lab/routeros/login-name.ts";
import { createRouterOsConfig, logCritical } from "../../src/lab/routeros/routeros.ts";
import { drawn } from "../terminal/drawn.ts";
import { AFTER_NOTHING, AFTER_OUTPUT, ESC, newScreen, RouterConsole } from "./routeros-console.ts";

const PROMPT = "[admin@MikroTik] > ";

describe("login to the simulated RouterOS", () => {
  it("greets with the logo, its version and the first prompt at the bottom", () => {
    const router = new RouterConsole({ version: "7.23.2" });
    const greeting = router.said();
    expect(greeting).toContain("MMM      MMM       KKK                          TTTTTTTTTTT      KKK\r\n");
    expect(greeting).toContain(
      "\n  MikroTik RouterOS 7.23.2 (c) 1999-2026       https://www.mikrotik.com/\r\n\r\n\r\nPress F1 for help\r\n" +
        `\r${ESC}[9999B\r${ESC}[9999B\r\n\r\n${AFTER_OUTPUT}${PROMPT}`,
    );
    expect(greeting.endsWith(PROMPT)).toBe(true);
  });

  it("reads the suffix of the login name as the manual's grammar says", () => {
    expect(parseLoginName("admin+ct200w50h")).toEqual({
      user: "admin",
      colours: false,
      detection: false,
      dumb: false,
      width: 200,
      height: 50,
    });
    expect(parseLoginName("admin+cet511w4098h")).toMatchObject({ dumb: true, width: 511, height: 4098 });
    expect(parseLoginName("a+b@example.net").user).toBe("a+b@example.net");
    expect(parseLoginName("admin")).toMatchObject({ user: "admin", colours: true, detection: true });
  });

  it("waits for a terminal that does not answer, then goes on", () => {
    const router = new RouterConsole({ login: "admin+c", behaviour: { probeTimeoutMs: 4000 } });
    const first = router.said();
    expect(first.endsWith(`${ESC}Z${ESC}[c  ${ESC}[6n`)).toBe(true);
    router.clock.advance(3999);
    expect(router.said()).toBe("");
    router.clock.advance(1);
    expect(router.said()).toBe(`\r${ESC}[K\r\n\r\n${AFTER_OUTPUT}${PROMPT}`);
  });

  it("takes the size from a terminal that answers, and keeps keys typed meanwhile", async () => {
    const { screen, replies } = await newScreen(90, 30);
    const router = new RouterConsole({ login: "admin+c", cols: 40, rows: 10, screen });
    router.type(":put hello\r");
    for (let reply = replies.shift(); reply !== undefined; reply = replies.shift()) {
      router.type(reply);
      drawn(screen);
    }
    drawn(screen);
    expect(screen.view().rows.slice(-2)).toEqual(["hello", PROMPT.trimEnd()]);
    const page = router.run("/log/print").split("\r\n");
    expect(page).toHaveLength(30);
    expect(page.at(-1)).toBe("-- [Q quit|D dump|down]");
    screen.dispose();
  });

  it("asks for the licence and a new password where it is set to", () => {
    const router = new RouterConsole({ behaviour: { license: true, passwordChange: true } });
    expect(router.said().endsWith("Do you want to see the software license? [Y/n]: ")).toBe(true);
    router.type("n");
    expect(router.said()).toContain(
      `\r\n\r\n\r\nChange your password (Ctrl-C to skip)\r\n\r\r\r${ESC}[9999Bnew password> \rnew password> `,
    );
    router.type("secret\r");
    expect(router.said()).toBe("******\r\nrepeat new password> \rrepeat new password> ");
    router.type("secret\r");
    expect(router.said()).toBe(`******\r\n\r\nPassword changed\r\n${AFTER_NOTHING}${PROMPT}`);
  });

  it("leaves the password as it is after Ctrl-C", () => {
    const router = new RouterConsole({ behaviour: { passwordChange: true } });
    router.said();
    router.type("\x03");
    expect(router.said()).toBe(`\r\n${AFTER_NOTHING}${PROMPT}`);
  });
});

describe("the line editor of the simulated RouterOS", () => {
  it("paints the row again at each key, as 6.49 does", () => {
    const router = new RouterConsole();
    router.said();
    router.type("/ip");
    expect(router.said()).toBe(`/\r${PROMPT}/${ESC}[Ki\r${PROMPT}/i${ESC}[Kp`);
  });

  it("echoes keys alone from 7.19 on", () => {
    const router = new RouterConsole({ version: "7.19.6" });
    router.said();
    router.type("/ip");
    expect(router.said()).toBe("/ip");
  });

  it("colours menus, commands and arguments unless told not to", () => {
    const router = new RouterConsole({ version: "7.24.4", login: "admin+t" });
    router.type("/interface/print where name=ether1");
    const last = router.said().split("\r").at(-1) ?? "";
    expect(last).toContain(
      `[${ESC}[m${ESC}[36madmin${ESC}[m@${ESC}[m${ESC}[32mMikroTik${ESC}[m] > ${ESC}[m${ESC}[36m/interface/${ESC}[m${ESC}[m${ESC}[35mprint`,
    );
    expect(last).toContain(`${ESC}[m${ESC}[32mname${ESC}[m${ESC}[m${ESC}[33m=`);
  });

  it("sends no escape sequence to a dumb terminal", () => {
    const router = new RouterConsole({ login: "admin+e" });
    router.run("/ip/address/print");
    expect(router.all).not.toContain(ESC);
    expect(router.all).toContain("192.168.88.1/24");
  });

  it("runs a line once, whether Enter is CR, LF or both, in one piece or two", () => {
    const router = new RouterConsole();
    router.said();
    for (const enter of ["\r", "\n", "\r\n"]) {
      router.type(`:put one${enter}`);
      expect(router.said().match(/\r\none\r\n/g)).toHaveLength(1);
    }
    router.type(":put one\r");
    router.said();
    router.type("\n");
    expect(router.said()).toBe("");
  });

  it("answers an empty line with another prompt", () => {
    const router = new RouterConsole();
    expect(router.run("")).toBe(`${AFTER_NOTHING}${PROMPT}`);
  });

  it("discards the line at Ctrl-C", () => {
    const router = new RouterConsole();
    router.type("/system/reboot");
    router.said();
    router.type("\x03");
    expect(router.said()).toBe(`\r\n${AFTER_NOTHING}${PROMPT}`);
    expect(router.run("")).toBe(`${AFTER_NOTHING}${PROMPT}`);
  });

  it("shows what was meant, whatever keys made it", async () => {
    const { screen } = await newScreen();
    const router = new RouterConsole({ screen });
    router.type(`/ip/owte${ESC}[D${ESC}[D\x7fu${ESC}[F/printx\b`);
    drawn(screen);
    expect(screen.view().cursorText).toBe(`${PROMPT}/ip/oute/print`);
    router.type(`${ESC}[H${ESC}[C${ESC}[C${ESC}[C${ESC}[Cr`);
    drawn(screen);
    expect(screen.view().cursorText).toBe(`${PROMPT}/ip/r`);
    expect(screen.view().rows.at(-1)).toBe(`${PROMPT}/ip/route/print`);
    screen.dispose();
  });

  it("moves a long line sideways behind < and marks what is hidden on the right", async () => {
    const { screen } = await newScreen(60, 24);
    const router = new RouterConsole({ cols: 60, screen });
    const line = `:put ${"abcdefghij".repeat(10)}`;
    router.type(line);
    drawn(screen);
    const { rows, cursorText } = screen.view();
    expect(cursorText.startsWith("<")).toBe(true);
    expect(`${PROMPT}${line}`.endsWith(cursorText.slice(1))).toBe(true);
    expect(rows.filter((row) => row.includes("abc"))).toHaveLength(1);
    router.type(`${ESC}[H`);
    drawn(screen);
    expect(screen.view().rows.at(-1)).toMatch(/^\[admin@MikroTik\] > :put abc.*>$/);
    expect(router.rows("")).toEqual(["abcdefghij".repeat(10)]);
    screen.dispose();
  });

  it("completes a word at Tab, or lists what it may become", () => {
    const router = new RouterConsole({ version: "7.24.4" });
    router.said();
    router.type("/interface/monit\t");
    expect(router.said()).toBe(`/interface/monit${ESC}[5D     ${ESC}[5Dmonitor-traffic `);
    router.type("\x15/ip\t");
    expect(router.said().endsWith(`${ESC}[2D  ${ESC}[2Dip/`)).toBe(true);
    router.type("\t");
    expect(router.said()).toBe(
      `\r\naddress     dns     firewall     route   \r\n\r${ESC}[9999B${PROMPT}\r${PROMPT}/ip/${ESC}[K`,
    );
    router.type("address/add interface=et\t");
    expect(router.said().endsWith("interface=et\x1b[2D  \x1b[2Dether")).toBe(true);
  });

  it("lists at the second Tab on RouterOS 6", () => {
    const router = new RouterConsole({ version: "6.49.13" });
    router.type("/ip ");
    router.said();
    router.type("\t");
    expect(router.said()).toBe("");
    router.type("\t");
    expect(router.said()).toContain("address     dns     firewall     route");
  });

  it("helps at F1, and at ? only on RouterOS 6", () => {
    const newer = new RouterConsole();
    newer.said();
    newer.type(`${ESC}OP`);
    expect(newer.said()).toContain("\r\nip -- IP options\r\n");
    newer.type("?");
    expect(newer.said()).toBe("?");
    const older = new RouterConsole({ version: "6.49.13" });
    older.said();
    older.type("?");
    expect(older.said()).toContain("\r\nip -- IP options\r\n");
  });

  it("recalls lines with the up key", () => {
    const router = new RouterConsole({ version: "7.20" });
    router.run(":put first");
    router.type(`${ESC}[A`);
    expect(router.said()).toBe(`\r${PROMPT}:put first${ESC}[K`);
  });
});

describe("log rows on the simulated RouterOS", () => {
  it("print over the prompt, which comes back with what was typed", async () => {
    const { screen } = await newScreen();
    const router = new RouterConsole({ screen });
    router.type("/ip/addr");
    router.said();
    logCritical(
      router.config,
      router.clock.wallTime(),
      "system,error,critical",
      "login failure for user admin from 10.0.0.1 via ssh",
    );
    expect(router.said().startsWith("\r00:00:00 echo: system,error,critical login failure")).toBe(true);
    drawn(screen);
    const { rows, cursorText } = screen.view();
    expect(rows.at(-2)).toBe(
      "00:00:00 echo: system,error,critical login failure for user admin from 10.0.0.1 via ssh",
    );
    expect(cursorText).toBe(`${PROMPT}/ip/addr`);
    screen.dispose();
  });

  it("wait until a running command is over", () => {
    const router = new RouterConsole();
    router.run(":delay 2s");
    logCritical(router.config, router.clock.wallTime(), "system,critical", "something broke");
    expect(router.said()).toBe("");
    router.clock.advance(2000);
    expect(router.said()).toBe(
      `${AFTER_NOTHING}${PROMPT}\r00:00:00 echo: system,critical something broke${ESC}[K\r\n\r${ESC}[9999B${PROMPT}`,
    );
  });

  it("reach every session of the device and its log", () => {
    const config = createRouterOsConfig();
    const [one, two] = [new RouterConsole({ config }), new RouterConsole({ config })];
    one.said();
    two.said();
    logCritical(config, 0, "system,critical", "disk full");
    expect(one.said()).toContain("disk full");
    expect(two.said()).toContain("disk full");
    expect(two.rows("/log/print without-paging").at(-1)).toBe(
      " 1970-01-01 00:00:00 system,critical disk full",
    );
  });
});

describe("safe mode of the simulated RouterOS", () => {
  it("is taken and released with Ctrl-X, in the manual's words before 7.18", () => {
    const router = new RouterConsole();
    router.said();
    router.type("\x18");
    expect(router.said()).toBe(
      `\r${PROMPT}${ESC}[K\r\n[Safe Mode taken]\r\n${AFTER_NOTHING}[admin@MikroTik] <SAFE> ${ESC}[c`,
    );
    router.type("\x18");
    expect(router.said()).toBe(`\r\n[Safe Mode released]\r\n${AFTER_NOTHING}${PROMPT}`);
  });

  it("says so in sentences from 7.18 on", () => {
    const router = new RouterConsole({ version: "7.23.7" });
    router.said();
    router.type("\x18");
    expect(router.said()).toBe(
      `\r${PROMPT}${ESC}[K\r\nTaking Safe Mode session... Success!\r\n\r${ESC}[9999B${AFTER_NOTHING}[admin@MikroTik] <SAFE> ${ESC}[c`,
    );
    router.type("\x18");
    expect(router.said()).toContain(`${PROMPT}\rSafe Mode released${ESC}[K\r\n\r${ESC}[9999B${PROMPT}`);
  });

  const identity = (router: RouterConsole) => router.config.state.singles.identity.name;
  const started = (version: string) => {
    const router = new RouterConsole({ version });
    router.type("\x18");
    router.run("/system/identity/set name=changed");
    return router;
  };

  it("undoes its changes when the session breaks off or ends with Ctrl-D", () => {
    const broken = started("7.16");
    expect(identity(broken)).toBe("changed");
    broken.terminal.close();
    expect(identity(broken)).toBe("MikroTik");
    const left = started("7.16");
    left.type("\x04");
    expect(left.hungUp).toBe(true);
    expect(identity(left)).toBe("MikroTik");
  });

  it("keeps its changes once released, and after /quit before 7.18", () => {
    const released = started("7.16");
    released.type("\x18");
    released.terminal.close();
    expect(identity(released)).toBe("changed");
    const quit = started("7.16");
    quit.run("/quit");
    expect(quit.hungUp).toBe(true);
    expect(identity(quit)).toBe("changed");
  });

  it("asks before /quit undoes them from 7.18 on", () => {
    const router = started("7.20");
    expect(router.run("/quit")).toBe("You are in Safe Mode. Quitting will unroll changes. Quit? [y/N]: ");
    router.type("y");
    expect(router.hungUp).toBe(true);
    expect(identity(router)).toBe("MikroTik");
  });

  it("can be taken over from another session, which hears of it", () => {
    const config = createRouterOsConfig();
    const [one, two] = [new RouterConsole({ config }), new RouterConsole({ config })];
    one.type("\x18");
    one.run("/system/identity/set name=changed");
    two.said();
    two.type("\x18");
    expect(two.said()).toBe("\r\nHijacking Safe Mode from someone - unroll/release/don't take it [u/r/d]: ");
    two.type("r");
    expect(two.said()).toContain("[Safe Mode taken]");
    expect(one.said()).toContain("[Safe mode released by another user]");
    two.terminal.close();
    expect(config.state.singles.identity.name).toBe("changed");
  });
});

describe("leaving the simulated RouterOS", () => {
  it("hangs up after /quit and after Ctrl-D at an empty line", () => {
    const quit = new RouterConsole();
    expect(quit.run("/quit")).toBe("interrupted\r\n");
    expect(quit.hungUp).toBe(true);
    const eof = new RouterConsole();
    eof.said();
    eof.type("\x04");
    expect(eof.said()).toBe("\r\ninterrupted\r\n");
    expect(eof.hungUp).toBe(true);
  });

  it("leaves no timer behind when the line is cut", () => {
    const router = new RouterConsole({
      behaviour: { pace: { bytes: [1, 9], delayMs: [1, 5] }, logRows: { everyMs: [100, 200] } },
    });
    router.clock.advance(20_000);
    router.run("/interface/monitor-traffic ether1");
    router.terminal.close();
    expect(router.clock.pending).toBe(0);
    expect(router.config.consoles.size).toBe(0);
  });
});
