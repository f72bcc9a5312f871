import { describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/devices/catalog.ts";
import { detector } from "../../../src/shell/cli/detector.ts";
import { aHost } from "../../a-host.ts";
import { bench, type FakeDevice, PROFILE } from "./fake-device.ts";

const catalog = openCatalog();

/** A small device of a platform: what it prints at login, and how it pages, asks, refuses and changes its mode. */
interface Small {
  readonly platform: string;
  readonly login: readonly string[];
  readonly prompt: string;
  /** Lines that the session is prepared with, in order. */
  readonly prepared: readonly string[];
  readonly pager?: string;
  /** What removes the pager's row; default: the row is overwritten with blanks. */
  readonly erase?: string;
  /** A line that is asked about, the row that asks, and whether one key answers it. */
  readonly question?: readonly [line: string, row: string, kind: string, submit: "key" | "line"];
  /** A line that is refused, the rows that say so, and their class. */
  readonly refused: readonly [line: string, rows: string, kind: string];
  readonly mode?: {
    readonly name: string;
    readonly line: string;
    readonly ask?: string;
    readonly prompt: string;
  };
}

const CARET = "           ^\n";

const DEVICES: readonly Small[] = [
  {
    platform: "cisco_ftd",
    login: [
      "Cisco Firepower Extensible Operating System (FX-OS) v2.14.1 (build 167)",
      "Cisco Firepower 1010 Threat Defense v7.4.2 (build 172)",
      "",
    ],
    prompt: "> ",
    prepared: [],
    pager: "<--- More --->",
    question: [
      "reboot",
      "This command will reboot the system.  Continue?\r\nPlease enter 'YES' or 'NO': ",
      "yesno",
      "line",
    ],
    refused: ["shw", "Syntax error: Illegal command line", "syntax"],
    mode: { name: "shell", line: "expert", prompt: "admin@ftd-1:~$ " },
  },
  {
    platform: "cisco_ucs",
    login: ["Cisco UCS 6300 Series Fabric Interconnect"],
    prompt: "FI-A# ",
    prepared: ["terminal length 0"],
    pager: "--More--",
    refused: ["shw", `${CARET}% Invalid Command at '^' marker`, "syntax"],
    mode: { name: "local-mgmt", line: "connect local-mgmt", prompt: "FI-A(local-mgmt)# " },
  },
  {
    platform: "ruckus_fastiron",
    login: [],
    prompt: "SSH@icx-2>",
    prepared: [],
    pager: "--More--, next page: Space, next line: Return key, quit: Control-c",
    question: ["reload", "Are you sure? (enter 'y' or 'n'): ", "yesno", "line"],
    refused: ["shw", "Invalid input -> shw\nType ? for a list", "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "SSH@icx-2#" },
  },
  {
    platform: "huawei_smartax",
    login: [
      "",
      "  Huawei Integrated Access Software (MA5608T).",
      "  Copyright(C) Huawei Technologies Co., Ltd.",
      "",
    ],
    prompt: "MA5608T>",
    prepared: ["undo smart", "scroll"],
    pager: "---- More ( Press 'Q' to break ) ----",
    erase: "\u001b[37D                                     \u001b[37D",
    question: ["display ont", "{ <cr>|frameid/slotid<S><Length 1-15> }:", "value", "line"],
    refused: ["shw", `${CARET}  % Unknown command, the error locates at '^'`, "syntax"],
    mode: { name: "enable", line: "enable", prompt: "MA5608T#" },
  },
  {
    platform: "dell_os6",
    login: [],
    prompt: "N3048 hall 2>",
    prepared: ["terminal length 0", "terminal datadump"],
    pager: "--More-- or (q)uit",
    question: ["reload", "Would you like to save them now? (y/n) ", "yesno", "key"],
    refused: ["shw", `${CARET}% Invalid input detected at '^' marker.`, "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "N3048 hall 2#" },
  },
  {
    platform: "dell_os9",
    login: [],
    prompt: "s4820t>",
    prepared: ["terminal length 0", "terminal width 0"],
    pager: " --More-- ",
    question: ["reload", "Proceed with reload [confirm yes/no]: ", "yesno", "line"],
    refused: ["shw", `${CARET}% Error: Invalid input at "^" marker.`, "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password: ", prompt: "s4820t#" },
  },
  {
    platform: "netgear_prosafe",
    login: [],
    prompt: "(M4300-52G) #",
    prepared: ["terminal length 0"],
    pager: "--More-- or (q)uit",
    question: ["reload", "Would you like to save them now? (y/n) ", "yesno", "key"],
    refused: ["shw", `${CARET}% Invalid input detected at '^' marker.`, "syntax"],
    mode: { name: "config", line: "configure", prompt: "(M4300-52G) (Config)#" },
  },
  {
    platform: "sonicwall_sonicos",
    login: ["Copyright (c) 2021 SonicWall, Inc.", ""],
    prompt: "admin@18B169D02A1C> ",
    prepared: ["no cli pager session"],
    pager: "--MORE--",
    question: [
      "restart",
      "Are you sure you wish to restart the device (yes/cancel)? \r\n[cancel]: ",
      "yesno",
      "line",
    ],
    refused: ["shw", `${CARET}% Error encountered at '^' marker: no matching command found`, "other"],
    mode: { name: "config", line: "configure", prompt: "config(18B169D02A1C)# " },
  },
  {
    platform: "pfsense",
    login: [
      "*** Welcome to pfSense 2.7.2-RELEASE (amd64) on fw-1 ***",
      "",
      " 7) Ping host          8) Shell",
      "",
    ],
    prompt: "Enter an option: ",
    prepared: [],
    question: ["5", "Do you want to proceed [y/n]? ", "yesno", "line"],
    refused: ["8x", "8x: Command not found.", "syntax"],
    mode: { name: "shell", line: "8", prompt: "[2.7.2-RELEASE][admin@fw-1.lab]/root: " },
  },
  {
    platform: "citrix_netscaler",
    login: [" Done"],
    prompt: "> ",
    prepared: ["set cli mode -page OFF"],
    pager: "--More--",
    question: ["reboot", "Are you sure you want to restart NetScaler (Y/N)? [N]:", "yesno", "line"],
    refused: ["shw", "ERROR: No such command", "syntax"],
    mode: { name: "shell", line: "shell", prompt: "root@vpx-1# " },
  },
  {
    platform: "alcatel_aos",
    login: ["Welcome to the Alcatel-Lucent OmniSwitch 6450", ""],
    prompt: "-> ",
    prepared: [],
    pager: "More? [next screen <sp>, next line <cr>, filter pattern </>, quit </q>]",
    question: ["reload", "Confirm Activate (Y/N) : ", "yesno", "line"],
    refused: ["shw", `${CARET}ERROR: Invalid entry: "shw"`, "syntax"],
  },
  {
    platform: "allied_awplus",
    login: ["AlliedWare Plus (TM) 5.5.2 11/10/22 10:21:11", ""],
    prompt: "awplus>",
    prepared: ["terminal length 0"],
    pager: "--More--",
    erase: "\r\u001b[K",
    question: ["reboot", "Reboot system? (y/n): ", "yesno", "line"],
    refused: ["shw", `${CARET}% Invalid input detected at '^' marker.`, "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password: ", prompt: "awplus#" },
  },
  {
    platform: "ciena_saos",
    login: ["SAOS is True Carrier Ethernet TM software.", "Welcome to the shell."],
    prompt: "saos-7*> ",
    prepared: ["system shell session set more off"],
    refused: ["shw", "SHELL PARSER FAILURE: 'shw' - invalid input", "syntax"],
    mode: { name: "shell", line: "diag shell", prompt: "saos-7:~$ " },
  },
  {
    platform: "ciena_saos10",
    login: ["SAOS 10 - Service Aware Operating System", ""],
    prompt: "LAB-CN5171-1> ",
    prepared: ["set session more off"],
    refused: ["shw", "Error: the line is not known", "other"],
    mode: { name: "config", line: "config", prompt: "LAB-CN5171-1# " },
  },
  {
    platform: "zte_zxros",
    login: [],
    prompt: "zxr10-4>",
    prepared: ["terminal length 0"],
    pager: " --More--",
    question: ["reload", "Confirm to reload the system? [yes/no]:", "yesno", "line"],
    refused: ["shw", `${CARET}% Invalid input detected at '^' marker.`, "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "zxr10-4#" },
  },
  {
    platform: "ruijie_rgos",
    login: [],
    prompt: "Ruijie>",
    prepared: ["terminal length 0", "terminal width 256"],
    pager: " --More-- ",
    question: ["reload", "Reload system?(Y/N)", "yesno", "line"],
    refused: ["shw", `${CARET}% Unknown command.`, "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "Ruijie#" },
  },
  {
    platform: "extreme_voss",
    login: [],
    prompt: "VSP-7254:1>",
    prepared: ["terminal more disable"],
    pager: "--More-- (q = quit) ",
    question: ["reset", "Are you sure you want to reset the switch (y/n) ? ", "yesno", "line"],
    refused: ["shw", `${CARET}% Invalid input detected at '^' marker.`, "syntax"],
    mode: { name: "enable", line: "enable", prompt: "VSP-7254:1#" },
  },
  {
    platform: "extreme_ers",
    login: [],
    prompt: "5520-24T-PWR>",
    prepared: ["terminal length 0", "terminal width 132"],
    pager: "----More (q=Quit, space/return=Continue)----",
    question: ["boot", "Reboot the unit(s) (yes/no) ? ", "yesno", "line"],
    refused: ["shw", `${CARET}% Invalid input detected at '^' marker.`, "syntax"],
    mode: { name: "enable", line: "enable", prompt: "5520-24T-PWR#" },
  },
  {
    platform: "cisco_viptela",
    login: ["Welcome to Viptela CLI", "admin connected from 192.0.2.4 using ssh on vedge-12"],
    prompt: "vedge-12# ",
    prepared: ["paginate false"],
    pager: "--More--",
    question: ["reboot", "Are you sure you want to reboot? [yes,NO] ", "yesno", "line"],
    refused: ["shw", `-----------^\nsyntax error: unknown command`, "syntax"],
    mode: { name: "config", line: "configure terminal", prompt: "vedge-12(config)# " },
  },
  {
    platform: "sonic",
    login: ["Last login: Fri Nov 20 06:01:02 2026 from 192.0.2.4"],
    prompt: "admin@sonic-1:~$ ",
    prepared: [],
    refused: ["shw", "shw: command not found", "syntax"],
    mode: { name: "exec", line: "sonic-cli", prompt: "sonic-1# " },
  },
  {
    platform: "a10_acos",
    login: ["ACOS system is ready now.", "", "[type ? for help]", ""],
    prompt: "AX-1-Active>",
    prepared: ["terminal length 0"],
    pager: "--MORE--",
    question: ["exit", "Are you sure to quit (N/Y)?: ", "yesno", "line"],
    refused: ["shw", `${CARET}% Unrecognized command.Invalid input detected at '^' marker.`, "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "AX-1-Active#" },
  },
  {
    platform: "oneaccess_oneos",
    login: [],
    prompt: "one_1>",
    prepared: ["term len 0"],
    pager: " --More-- ",
    refused: ["shw", "Syntax error, the line is not known", "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "one_1#" },
  },
  {
    platform: "zyxel_zynos",
    login: ["Copyright (c) 1994 - 2014 ZyXEL Communications Corp.", ""],
    prompt: "XGS4600# \u001b7",
    prepared: [],
    pager: "-- more --, next page: Space, continue: c, quit: ESC",
    question: ["reload", "Do you really want to reload (y/n)? ", "yesno", "line"],
    refused: ["shw", "% Invalid command", "syntax"],
    mode: { name: "config", line: "configure", prompt: "XGS4600(config)# \u001b7" },
  },
  {
    platform: "fs_fsos",
    login: [],
    prompt: "FS-LAB>",
    prepared: ["terminal length 0", "terminal width 0"],
    pager: " --More-- ",
    question: ["reboot", "Do you want to reboot the switch(y/n)?", "yesno", "line"],
    refused: ["shw", "Unknown command", "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "FS-LAB#" },
  },
  {
    platform: "eltex_mes",
    login: [],
    prompt: "MES3324>",
    prepared: ["terminal datadump"],
    pager: "More: <space>,  Quit: q or CTRL+Z, One line: <return> ",
    question: ["copy a b", "Overwrite file [startup-config].... (Y/N)[N] ?", "yesno", "key"],
    refused: ["shw", "% Unrecognized command", "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "MES3324#" },
  },
  {
    platform: "eltex_esr",
    login: [],
    prompt: "esr>",
    prepared: ["terminal datadump"],
    pager: "More? Enter - next line; Space - next page; Q - quit; R - show the rest.",
    question: ["reload", "Do you really want to reload the system? (y/N): ", "yesno", "line"],
    refused: ["shw", "Syntax error: Unknown command", "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "esr#" },
  },
  {
    platform: "adtran_aos",
    login: [],
    prompt: "NV3430>",
    prepared: ["terminal length 0", "terminal width 132"],
    pager: "--MORE--",
    question: ["reload", "Save system configuration?[y/n]", "yesno", "line"],
    refused: ["shw", `${CARET}% Unrecognized command`, "syntax"],
    mode: { name: "enable", line: "enable", ask: "Password:", prompt: "NV3430#" },
  },
  {
    platform: "sophos_sfos",
    login: [
      "Sophos Firmware Version SFOS 18.0.0 GA-Build339",
      "",
      "Main Menu",
      "",
      "    4.  Device Console",
      "",
    ],
    prompt: "    Select Menu Number [0-7]: ",
    prepared: [],
    question: ["7", "Do you want to continue (y/n) : ", "yesno", "line"],
    refused: ["shw", "% Error: Unknown Parameter 'shw'", "syntax"],
    mode: { name: "exec", line: "4", prompt: "console> " },
  },
];

const PAGES = [
  ["row 1", "row 2"],
  ["row 3", "row 4"],
  ["row 5", "last row"],
];
const SECRET = "enable-secret";

/** The device itself; `keys` are those its pager and its questions were given. */
function small(of: Small): { onLine: (line: string, device: FakeDevice) => void; keys: string[] } {
  const keys: string[] = [];
  const paged = (device: FakeDevice, pager: string) => {
    const page = (at: number) =>
      device.print(`${(PAGES[at] ?? []).join("\r\n")}\r\n${at + 1 < PAGES.length ? pager : device.prompt}`);
    let shown = 0;
    device.print("\r\n");
    page(0);
    device.onKey = (key) => {
      keys.push(key);
      device.print(of.erase ?? `\r${" ".repeat(pager.length)}\r`);
      page(++shown);
      if (shown + 1 === PAGES.length) device.onKey = undefined;
    };
  };
  const asked = (device: FakeDevice, row: string, submit: "key" | "line", then: (answer: string) => void) => {
    let answer = "";
    device.print(`\r\n${row}`);
    device.onKey = (key) => {
      if (key !== "\r") answer += key;
      if (key !== "\r" && submit === "line") return;
      device.onKey = undefined;
      then(answer);
    };
  };
  const onLine = (line: string, device: FakeDevice) => {
    const { question, mode, pager, refused } = of;
    if (line === "show long" && pager !== undefined) paged(device, pager);
    else if (line === question?.[0])
      asked(device, question[1], question[3], (answer) => {
        keys.push(answer);
        device.answer("");
      });
    else if (line === refused[0]) device.answer(refused[1]);
    else if (mode !== undefined && line === mode.line) {
      const enter = () => {
        device.prompt = mode.prompt;
        device.answer("");
      };
      if (mode.ask === undefined) enter();
      else asked(device, mode.ask, "line", (answer) => (answer === SECRET ? enter() : device.answer("no")));
    } else device.answer(line.startsWith("show") ? `answer to ${line}` : "");
  };
  return { onLine, keys };
}

/** No field of the test's own profile is left beneath the real one. */
const NOTHING = Object.fromEntries(Object.keys(PROFILE).map((field) => [field, undefined]));

async function session(of: Small, platform = of.platform) {
  const { onLine, keys } = small(of);
  const auto = platform === "auto";
  const on = await bench(onLine, {
    profile: { ...NOTHING, ...catalog.profile(auto ? "generic_cli" : platform) },
    host: { enable: { from: "env", name: SECRET } },
    prompt: of.prompt,
    silent: true,
    ...(auto ? { detect: detector(aHost({ platform }), catalog) } : {}),
  });
  on.device.print(["", ...of.login, ""].join("\r\n"));
  on.device.print(of.prompt);
  return { ...on, given: keys, first: await on.open() };
}

const having = (part: "pager" | "question" | "mode") => DEVICES.filter((of) => of[part] !== undefined);

describe("a small device of", () => {
  it.each(DEVICES)(
    "$platform is prepared with the lines of its profile, and nothing else is typed",
    async (of) => {
      const { device, first, pty } = await session(of);
      expect(first).toMatchObject({ state: "done", evidence: "prompt" });
      expect(device.entered).toEqual(of.prepared);
      expect(device.writes.join("")).toBe(of.prepared.map((line) => `${line}\r`).join(""));
      expect(pty.notes).toEqual([]);
    },
  );

  it.each(having("pager"))("$platform has its pages answered without a row lost", async (of) => {
    const { run, given } = await session(of);
    const { state, lines } = await run("show long");
    expect(state).toMatchObject({ state: "done", evidence: "prompt" });
    expect(lines).toEqual(PAGES.flat());
    expect(given).toEqual([" ", " "]);
  });

  it.each(having("question"))("$platform has its question reported, and not answered", async (of) => {
    const [line = "", , asked = "", submit] = of.question ?? [];
    const { run, keys, given, device } = await session(of);
    const { state } = await run(line);
    expect(state).toMatchObject({ state: "asking", asked, submit });
    expect(given).toEqual([]);
    expect(await keys(submit === "key" ? "n" : "no\r")).toMatchObject({ state: "done" });
    expect((await run("show after")).lines).toEqual(["answer to show after"]);
    expect(given).toEqual([submit === "key" ? "n" : "no"]);
    expect(device.entered.slice(of.prepared.length)).toEqual([line, "show after"]);
  });

  it.each(DEVICES)("$platform has its refusal named, and a job stops there", async (of) => {
    const [line, , kind] = of.refused;
    const { run, device } = await session(of);
    const { errors } = await run(`${line}\nshow next`);
    expect([...new Set(errors)]).toEqual([kind]);
    expect(device.entered).not.toContain("show next");
  });

  it.each(having("mode"))("$platform is led into a mode by its profile's steps", async (of) => {
    const { run, device } = await session(of);
    const { state, mode, lines } = await run("show there", { mode: of.mode?.name ?? "" });
    expect(state).toMatchObject({ state: "done" });
    expect(mode).toBe(of.mode?.name);
    expect(lines).toEqual(["answer to show there"]);
    expect(device.entered.slice(of.prepared.length)).toEqual([of.mode?.line, "show there"]);
  });
});

/** Platforms that a banner names; of the others a small device says nothing of itself. */
const NAMED = new Set([
  "cisco_ftd",
  "cisco_ucs",
  "huawei_smartax",
  "sonicwall_sonicos",
  "allied_awplus",
  "ciena_saos",
  "ciena_saos10",
  "cisco_viptela",
  "a10_acos",
  "zyxel_zynos",
]);
/** A menu, and a prompt without a name: by their shape they are none, so the platform has to be given. */
const GIVEN = new Set(["pfsense", "sophos_sfos", "alcatel_aos"]);

describe("a small device of an unknown platform", () => {
  it.each(DEVICES.filter(({ platform }) => GIVEN.has(platform)))(
    "whose first row is no prompt by its shape is reported, and nothing is typed ($platform)",
    async (of) => {
      const { device, first } = await session(of, "auto");
      expect(first.state).not.toBe("done");
      expect(device.writes).toEqual([]);
    },
  );

  it.each(DEVICES.filter(({ platform }) => NAMED.has(platform)))(
    "is found by its banner as $platform before anything is typed",
    async (of) => {
      const { device, first, pty } = await session(of, "auto");
      expect(first).toMatchObject({ state: "done" });
      expect(pty.notes.join("\n")).toBe("");
      expect(device.entered).toEqual(of.prepared);
    },
  );

  it.each(DEVICES.filter(({ platform }) => !NAMED.has(platform) && !GIVEN.has(platform)))(
    "that says nothing of itself has no preparation typed at it ($platform)",
    async (of) => {
      const { device, first } = await session(of, "auto");
      expect(first).toMatchObject({ state: "done" });
      expect([[], ["show version"]]).toContainEqual(device.entered);
    },
  );
});

describe("a login in the terminal of", () => {
  it.each([
    ["dell_os6", "User Name:", "Password:", "console#"],
    ["eltex_mes", "User Name:", "Password:", "MES3324>"],
    ["fs_fsos", "Username: ", "Password: ", "FS-LAB>"],
    ["huawei_smartax", ">>User name:", ">>User password:", "MA5608T>"],
    ["netgear_prosafe", "User:", "Password:", "(M4300) >"],
    ["zyxel_zynos", "User name: ", "Password: ", "XGS4600> "],
    ["alcatel_aos", "login : ", "password : ", "-> "],
    ["ruckus_fastiron", "Please Enter Login Name: ", "Please Enter Password: ", "ICX7150-48-POEF>"],
    ["extreme_ers", "Enter Username: ", "Enter Password: ", "5520-24T-PWR>"],
  ])(
    "%s is answered with the account of the inventory, each question once",
    async (platform, name, secret, prompt) => {
      const asks = [secret, prompt];
      const on = await bench((_line, device) => device.print(`\r\n${asks.shift() ?? prompt}`), {
        profile: { ...NOTHING, ...catalog.profile(platform) },
        prompt,
        silent: true,
      });
      on.device.print(`\r\n${name}`, 10);
      expect(await on.open()).toMatchObject({ state: "done" });
      expect(on.device.entered.slice(0, 2)).toEqual(["noc", "login-secret"]);
      expect(on.device.writes.join("").split("login-secret")).toHaveLength(2);
    },
  );

  it.each([
    ["extreme_ers", "Enter Ctrl-Y to begin.", "\u0019", "5520-24T-PWR>"],
    ["extreme_voss", "Enter Ctrl-Y to begin.", "\u0019", "VSP-7254:1>"],
  ])("%s that waits for a key is given that key once", async (platform, row, key, prompt) => {
    const on = await bench((_line, device) => device.answer(""), {
      profile: { ...NOTHING, ...catalog.profile(platform) },
      prompt,
      silent: true,
    });
    on.device.onKey = (pressed) => {
      on.device.onKey = undefined;
      on.device.print(pressed === key ? `\r\n\r\n${prompt}` : "\r\nno\r\n");
    };
    on.device.print(`\r\n${row}`, 10);
    expect(await on.open()).toMatchObject({ state: "done" });
    expect(on.device.writes.join("").split(key)).toHaveLength(2);
  });

  it.each([
    ["ruijie_rgos", "Do you want to change the password (Y/N) [N]?"],
    ["sonicwall_sonicos", "Accept The Policy Banner (yes)?\r\nyes: "],
    ["dell_os9", "Do you want to change it now? (y/n): "],
  ])("%s that asks is reported, and nothing is typed", async (platform, question) => {
    const on = await bench(() => undefined, {
      profile: { ...NOTHING, ...catalog.profile(platform) },
      silent: true,
    });
    on.device.print(`\r\n${question}`, 10);
    expect(await on.open()).toMatchObject({ state: "asking" });
    expect(on.device.writes).toEqual([]);
  });
});

/** Devices that nobody made a profile for: prompts, pagers and questions are known by their shapes. */
const INVENTED: readonly Small[] = [
  {
    platform: "generic_cli",
    login: ["TurboMux 9000 terminal service", "", "Type help to begin."],
    prompt: "mux-7|ring(A)=> ",
    prepared: [],
    pager: "-- More -- (SPACE: next page, ENTER: next line, q: quit)",
    question: ["erase", "Erase the whole ring [Y/N]? ", "yesno", "line"],
    refused: ["shw", "Unknown command 'shw'", "syntax"],
  },
  {
    platform: "generic_cli",
    login: [],
    prompt: "<<Optic.Shelf_3>> % ",
    prepared: [],
    pager: "Press <space> for the next page, <enter> for one line, q to quit",
    erase: "\r\u001b[2K",
    question: ["restart", "Proceed with restart (yes/no) [no]: ", "yesno", "line"],
    refused: ["shw", `${CARET}Error: bad token`, "other"],
  },
  {
    platform: "generic_cli",
    login: ["", "Welcome", ""],
    prompt: "PDU:root# ",
    prepared: [],
    pager: "<more>--Press any key for more--",
    question: ["outlet off", "Outlet number [1]: ", "value", "line"],
    refused: ["shw", "% Invalid input", "syntax"],
  },
];

describe("a device that nobody made a profile for, at", () => {
  it.each(INVENTED)("$prompt has its prompt learned, its pages answered and its error named", async (of) => {
    const { run, given, device, first } = await session(of);
    expect(first).toMatchObject({ state: "done" });
    expect((await run("show one")).lines).toEqual(["answer to show one"]);
    const long = await run("show long");
    expect(long.state).toMatchObject({ state: "done" });
    expect(long.lines).toEqual(PAGES.flat());
    expect(given).toEqual([" ", " "]);
    const [line, , kind] = of.refused;
    expect((await run(line)).errors).toEqual([kind]);
    expect(device.entered).toEqual(["show one", "show long", line]);
  });

  it.each(INVENTED)("$prompt has its question reported, and not answered", async (of) => {
    const [line = "", , asked = ""] = of.question ?? [];
    const { run, keys, given } = await session(of);
    expect((await run(line)).state).toMatchObject({ state: "asking", asked });
    expect(given).toEqual([]);
    expect(await keys("no\r")).toMatchObject({ state: "done" });
    expect(given).toEqual(["no"]);
  });
});
