import { describe, expect, it } from "vitest";
import { SECRET, SwitchConsole } from "./ios-console.ts";

const ERASED = `${"\b".repeat(9)}        ${"\b".repeat(9)}`;
const enabled = (options = {}) => new SwitchConsole(options).enable();

describe("modes of the simulated IOS", () => {
  it("starts in user mode", () => {
    expect(new SwitchConsole().all).toBe("\r\nlab-ios>");
  });

  it("asks for the enable secret without echo, three times", () => {
    const console = new SwitchConsole();
    expect(console.run("enable")).toBe("Password: ");
    expect(console.type("wrong")).toBe("");
    expect(console.type("\r")).toBe("\r\nPassword: ");
    console.type("wrong\r");
    expect(console.type("wrong\r")).toBe("\r\n% Bad secrets\r\n\r\nlab-ios>");
    console.run("en");
    expect(console.run(SECRET)).toBe("lab-ios#");
    expect(console.run("disable")).toBe("lab-ios>");
  });

  it("goes into configuration and its submodes and out again", () => {
    const console = enabled();
    expect(console.run("conf t")).toBe(
      "Enter configuration commands, one per line.  End with CNTL/Z.\r\nlab-ios(config)#",
    );
    expect(console.run("int gi1/0/5")).toBe("lab-ios(config-if)#");
    expect(console.run("exit")).toBe("lab-ios(config)#");
    expect(console.run("line vty 0 4")).toBe("lab-ios(config-line)#");
    expect(console.run("do show privilege")).toBe("Current privilege level is 15\r\nlab-ios(config-line)#");
    expect(console.type("\x1a")).toBe("^Z\r\nlab-ios#");
  });

  it("changes its prompt with the hostname at once", () => {
    const console = enabled();
    console.run("configure terminal");
    expect(console.run("hostname core-9")).toBe("core-9(config)#");
    expect(console.run("end")).toBe("core-9#");
  });

  it("hangs up at exit", () => {
    const console = new SwitchConsole();
    console.run("exit");
    expect(console.hungUp).toBe(true);
  });
});

describe("what the simulated IOS says to a line it does not know", () => {
  it("puts the caret under the first letter that fits no keyword", () => {
    const console = enabled({ hostname: "R1" });
    expect(console.run("sh clck")).toBe("        ^\r\n% Invalid input detected at '^' marker.\r\n\r\nR1#");
    expect(console.run("show version foo")).toBe(
      `${" ".repeat(16)}^\r\n% Invalid input detected at '^' marker.\r\n\r\nR1#`,
    );
  });

  it("counts the prompt and a leading do", () => {
    const console = enabled({ hostname: "R1" });
    console.run("conf t");
    expect(console.run("do show xyz")).toMatch(/^ {19}\^\r\n% Invalid/);
    expect(console.run("bogus")).toMatch(/^ +\^\r\n% Invalid/);
  });

  it("names ambiguous and incomplete lines", () => {
    const console = enabled();
    expect(console.run("show i")).toBe('% Ambiguous command:  "show i"\r\nlab-ios#');
    expect(console.run("terminal length")).toBe("% Incomplete command.\r\n\r\nlab-ios#");
    expect(console.run("show")).toBe('% Type "show ?" for a list of subcommands\r\nlab-ios#');
  });

  it("takes a lone word for a host, and looks it up for a while", () => {
    const console = enabled();
    expect(console.run("shwo")).toBe('Translating "shwo"...domain server (255.255.255.255)');
    console.clock.advance(60_000);
    expect(console.said()).toBe(
      "\r\n% Unknown command or computer name, or unable to find computer address\r\n\r\nlab-ios#",
    );
  });

  it("breaks the look-up off at Ctrl-^", () => {
    const console = enabled();
    console.run("shwo");
    expect(console.type("\x1e")).toMatch(/aborted\r\n% Unknown command[^\r]*\r\n\r\nlab-ios#$/);
    expect(console.clock.pending).toBe(0);
  });

  it("does not look anything up without domain look-up", () => {
    const console = enabled();
    for (const line of ["conf t", "no ip domain-lookup", "end"]) console.run(line);
    expect(console.run("shwo")).toBe(
      'Translating "shwo"\r\n% Unknown command or computer name, or unable to find computer address\r\n\r\nlab-ios#',
    );
  });
});

describe("help of the simulated IOS", () => {
  it("lists words, without Enter, and gives the line back", () => {
    const console = new SwitchConsole();
    expect(console.type("show pr?")).toBe("show pr?\r\nprivilege\r\n\r\nlab-ios>show pr");
    expect(console.type("\x15show ip ?")).toMatch(
      /show ip \?\r\n {2}interface +\S.*\r\n {2}route +\S.*\r\n\r\nlab-ios>show ip $/,
    );
  });
});

describe("paging of the simulated IOS", () => {
  it("stops after a page, erases its row, and goes on by page or row", () => {
    const console = new SwitchConsole({ rows: 10 });
    const first = console.run("show version");
    expect(first.split("\r\n")).toHaveLength(10);
    expect(first.endsWith("\r\n --More-- ")).toBe(true);
    const row = console.type("\r");
    expect(row.startsWith(ERASED)).toBe(true);
    expect(row.split("\r\n")).toHaveLength(2);
    const page = console.type(" ");
    expect(page.split("\r\n")).toHaveLength(10);
    expect(console.type("q")).toBe(`${ERASED}lab-ios>`);
  });

  it("says the same with pages and without", () => {
    const paged = new SwitchConsole({ rows: 7 });
    const whole = new SwitchConsole({ rows: 7 });
    whole.run("terminal length 0");
    const expected = whole.run("show version");
    let text = paged.run("show version");
    while (text.endsWith(" --More-- ")) text += paged.type(" ");
    expect(text.replaceAll(` --More-- ${ERASED}`, "")).toBe(expected);
  });

  it("keeps a length that was set when the window changes", () => {
    const console = new SwitchConsole({ rows: 7 });
    console.run("terminal length 0");
    console.terminal.resize(80, 10);
    expect(console.run("show version")).not.toContain("--More--");
  });

  it("is several thousand rows long for tech-support", () => {
    const console = enabled();
    console.run("terminal length 0");
    expect(console.run("show tech-support").split("\r\n").length).toBeGreaterThan(2000);
  });
});

describe("questions of the simulated IOS", () => {
  it("asks before a reload, and does nothing at another key", () => {
    const console = enabled();
    expect(console.run("reload")).toBe("Proceed with reload? [confirm]");
    expect(console.type("n")).toBe("\r\nlab-ios#");
    expect(console.hungUp).toBe(false);
    console.run("reload");
    expect(console.type("\r")).toBe("\r\n");
    expect(console.hungUp).toBe(true);
  });

  it("asks to save what was changed, until the answer is yes or no", () => {
    const console = enabled();
    for (const line of ["conf t", "hostname changed", "end"]) console.run(line);
    const question = "System configuration has been modified. Save? [yes/no]: ";
    expect(console.run("reload")).toBe(question);
    expect(console.run("perhaps")).toBe(`% Please answer 'yes' or 'no'.\r\n${question}`);
    expect(console.run("no")).toBe("Proceed with reload? [confirm]");
    console.type("y");
    expect(console.config.running.hostname).toBe("lab-ios");
  });

  it("saves by write memory and by copy", () => {
    const console = enabled();
    for (const line of ["conf t", "hostname kept", "end"]) console.run(line);
    expect(console.run("wr")).toBe("Building configuration...\r\n[OK]\r\nkept#");
    expect(console.run("copy run start")).toBe("Destination filename [startup-config]? ");
    expect(console.type("\r")).toBe("\r\nBuilding configuration...\r\n[OK]\r\nkept#");
    expect(console.run("reload")).toBe("Proceed with reload? [confirm]");
  });

  it("erases the startup configuration after a question", () => {
    const console = enabled();
    expect(console.run("write erase")).toMatch(/Continue\? \[confirm\]$/);
    expect(console.type("\r")).toBe("\r\n[OK]\r\nErase of nvram: complete\r\nlab-ios#");
    expect(console.run("show startup-config")).toBe("startup-config is not present\r\nlab-ios#");
  });
});

describe("the configuration of the simulated IOS", () => {
  it("shows what was changed", () => {
    const console = enabled({ rows: 0 });
    for (const line of ["conf t", "int gi1/0/7", "description printer", "shut", "end"]) console.run(line);
    expect(console.run("show run interface gi1/0/7")).toContain(
      "interface GigabitEthernet1/0/7\r\n description printer\r\n",
    );
    expect(console.run("sh ip int br | include 1/0/7 ")).toMatch(
      /^GigabitEthernet1\/0\/7 +unassigned +YES unset +administratively down +down/,
    );
  });

  it("is filtered by expressions, and an unknown filter is invalid input", () => {
    const console = enabled({ rows: 0 });
    expect(console.run("show vlan brief | include ^(10|20) ")).toMatch(
      /^10 [^\r]*\r\n20 [^\r]*\r\nlab-ios#$/,
    );
    expect(console.run("show run | count ^interface Gig")).toMatch(/regexp = 24\r\n/);
    expect(console.run("show run | section vlan 10")).toMatch(/^vlan 10\r\n name management\r\nlab-ios#$/);
    expect(console.run("show run | grep vlan")).toBe(
      `${" ".repeat("lab-ios#show run | ".length)}^\r\n% Invalid input detected at '^' marker.\r\n\r\nlab-ios#`,
    );
  });

  it("refuses values out of their range with the caret under them", () => {
    const console = enabled();
    for (const line of ["conf t", "int vlan 10"]) console.run(line);
    expect(console.run("ip address 999.1.1.1 255.255.255.0")).toContain(
      "% Invalid input detected at '^' marker.",
    );
    expect(console.run("vlan 9999")).toContain("% Invalid input detected at '^' marker.");
  });

  it("helps behind do with the commands outside of configuration", () => {
    const console = enabled();
    console.run("conf t");
    expect(console.type("do sh?")).toContain("\r\nshow\r\n");
  });

  it("makes a virtual interface when it is first named", () => {
    const console = enabled({ rows: 0 });
    for (const line of ["conf t", "int vlan 30", "ip address 10.0.30.1 255.255.255.0", "end"])
      console.run(line);
    expect(console.run("sh ip int br | i Vlan30")).toMatch(/^Vlan30 +10\.0\.30\.1 /);
  });

  it("is shared by sessions", () => {
    const one = enabled();
    const other = new SwitchConsole({ config: one.config });
    for (const line of ["conf t", "hostname seen", "end"]) one.run(line);
    expect(other.type("\r")).toBe("\r\nseen>");
  });
});

describe("work of the simulated IOS that takes time", () => {
  it("answers pings one by one", () => {
    const console = new SwitchConsole();
    console.run("ping 192.0.2.1");
    console.clock.advance(450);
    expect(console.said()).toBe("!!");
    console.clock.advance(5000);
    expect(console.said()).toMatch(/^!!!\r\nSuccess rate is 100 percent \(5\/5\).*\r\nlab-ios>$/);
  });

  it("keeps keys typed while it works for the prompt behind it", () => {
    const console = new SwitchConsole();
    console.run("ping 192.0.2.1");
    console.type("show clock\r");
    console.clock.advance(5000);
    expect(console.said()).toMatch(/lab-ios>show clock\r\n\*[\d:.]* ?.*\r\nlab-ios>$/);
  });

  it("breaks a ping off at Ctrl-^", () => {
    const console = new SwitchConsole();
    console.run("ping 203.0.113.1");
    console.clock.advance(4100);
    expect(console.type("\x1e")).toBe("\r\nSuccess rate is 0 percent (0/2)\r\nlab-ios>");
    expect(console.clock.pending).toBe(0);
  });
});

describe("log rows of the simulated IOS", () => {
  const behaviour = { logRows: { everyMs: [1000, 1000] as const } };
  const ROW = /^\r\n\*Jan {2}1 00:00:01\.000: %LINK-3-UPDOWN: Interface \S+, changed state to down\r\n$/;

  it("leave the typed line where it was", () => {
    const console = new SwitchConsole({ behaviour });
    console.type("show cl");
    console.clock.advance(1000);
    expect(console.said()).toMatch(ROW);
    expect(console.type("ock")).toBe("ock");
    expect(console.type("\r")).toMatch(/^\r\n\*?Jan|^\r\n\*?\d|^\r\n\*/);
    console.terminal.close();
  });

  it("are followed by prompt and line with logging synchronous", () => {
    const console = enabled({ behaviour });
    for (const line of ["conf t", "line con 0", "logging synchronous", "end"]) console.run(line);
    console.type("show cl");
    console.clock.advance(1000);
    expect(console.said()).toMatch(/changed state to down\r\nlab-ios#show cl$/);
    console.terminal.close();
  });

  it("tell a monitoring terminal of changes", () => {
    const console = enabled();
    console.run("terminal monitor");
    console.run("conf t");
    expect(console.run("end")).toMatch(
      /^(?:end)?(?:\r\n)?\*Jan .*%SYS-5-CONFIG_I: Configured from console by .*\r\n/,
    );
  });

  it("come between the rows of an output that is on its way, never in the middle of one", () => {
    const pace = { bytes: [1, 1], delayMs: [2, 2] } as const;
    const logRow = /^\*Jan .*%LINK-3-UPDOWN: .*down$/;
    const output = (rows: readonly string[]) => {
      const own = rows.filter((row) => !logRow.test(row));
      return own.slice(
        own.findIndex((row) => row.startsWith("Cisco IOS Software")),
        -1,
      );
    };
    const plain = output(new SwitchConsole().type("show version\r").split("\r\n"));
    const console = new SwitchConsole({ behaviour: { logRows: { everyMs: [500, 500] }, pace } });
    console.clock.advance(1200);
    console.said();
    console.type("show version\r");
    console.clock.advance(20_000);
    const rows = console.said().split("\r\n");
    expect(output(rows).slice(0, plain.length)).toEqual(plain);
    expect(plain.length).toBeGreaterThan(15);
    const [first, last] = [rows.indexOf(plain[0] ?? ""), rows.indexOf(plain.at(-1) ?? "")];
    expect(rows.slice(first, last).filter((row) => logRow.test(row)).length).toBeGreaterThan(2);
    console.terminal.close();
  });

  it("leave no timer behind a closed terminal", () => {
    const console = new SwitchConsole({ behaviour });
    console.terminal.close();
    expect(console.clock.pending).toBe(0);
  });
});
