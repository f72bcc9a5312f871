import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { Device } from "../../src/devices/device.ts";

const catalog = openCatalog();
const devices = new Map<string, Device>();
beforeAll(async () => {
  for (const id of catalog.ids()) devices.set(id, await catalog.device(id));
});

type Kind = "next" | "end" | "live";
const kindOf = (id: string, row: string): Kind | undefined => {
  const pager = devices.get(id)?.pager(row);
  return pager && (pager.live === true ? "live" : pager.end === true ? "end" : "next");
};

/** Pager rows as they are documented or recorded: platform, what is done, row. */
const PAGERS: readonly (readonly [string, Kind, string])[] = [
  ["cisco_ios", "next", " --More-- "],
  ["cisco_nxos", "next", "--More--"],
  ["cisco_nxos", "next", "--More--(42%)"],
  ["cisco_iosxr", "next", " --More-- "],
  ["cisco_iosxr", "end", "(END)"],
  ["cisco_asa", "next", "<--- More --->"],
  ["cisco_wlc", "next", "--More-- or (q)uit"],
  ["cisco_wlc", "next", "Press Enter to continue"],
  ["cisco_wlc", "next", "Would you like to display the next 15 entries? (y/n)"],
  ["cisco_s300", "next", "More: <space>,  Quit: q or CTRL+Z, One line: <return> "],
  ["arista_eos", "next", " --More-- "],
  ["juniper_junos", "next", "---(more)---"],
  ["juniper_junos", "next", "---(more 12%)---"],
  ["mikrotik_routeros", "next", "-- [Q quit|D dump|down]"],
  ["mikrotik_routeros", "next", "-- [Q quit|D dump|right|down]"],
  ["mikrotik_routeros", "live", "-- [Q quit|D dump|C-z pause]"],
  ["mikrotik_routeros", "live", "-- [Q quit|D dump|C-z continue]"],
  ["huawei_vrp", "next", "  ---- More ----"],
  ["hp_comware", "next", "  ---- More ----"],
  ["aruba_aoscx", "next", " -- MORE --, next page: Space, next line: Enter, quit: q"],
  ["hp_procurve", "next", "-- MORE --, next page: Space, next line: Enter, quit: Control-C"],
  ["aruba_os", "next", "--More-- (q) quit (u) pageup (/) search (n) repeat"],
  ["fortinet_fortios", "next", "--More-- "],
  ["paloalto_panos", "next", "lines 1-23 "],
  ["nokia_sros", "next", "Press any key to continue (Q to quit)"],
  ["vyos", "next", ":"],
  ["vyos", "end", "(END)"],
  ["ubiquiti_edgeos", "next", ":"],
  ["ubiquiti_edgeswitch", "next", "--More-- or (q)uit"],
  ["extreme_exos", "next", "Press <SPACE> to continue or <Q> to quit:"],
  ["dell_os10", "next", "--More--"],
  ["dlink", "next", "CTRL+C ESC q Quit SPACE n Next Page ENTER Next Entry a All"],
  ["tplink_jetstream", "next", "Press any key to continue (Q to quit)"],
  ["checkpoint_gaia", "next", "-- More --"],
  ["f5_tmsh", "next", "---(less 12%)---"],
  ["mellanox_onyx", "next", "lines 1-23 "],
  ["mellanox_onyx", "end", "lines 163-183/183 (END) "],
  [
    "netgate_tnsr",
    "next",
    "snmp access group-name ROGroup prefix exact model v2c level noauth read systemvi--More--",
  ],
  ["frr", "next", ":"],
  ["frr", "end", "(END)"],
  ["bird", "next", "--More--"],
];

describe("pagers of", () => {
  it.each(PAGERS)("%s: %s for %j", (id, kind, row) => {
    expect(kindOf(id, row)).toBe(kind);
  });

  it("platforms without a profile are known by common habits", () => {
    const rows = PAGERS.map(([, , row]) => row).filter((row) => kindOf("generic_cli", row) === undefined);
    expect(rows).toEqual([
      // Their keys are not what others mean by them, or the row is too short to be told from output.
      "Press Enter to continue",
      "-- [Q quit|D dump|down]",
      "-- [Q quit|D dump|right|down]",
      "-- [Q quit|D dump|C-z pause]",
      "-- [Q quit|D dump|C-z continue]",
      ":",
      ":",
      ":",
    ]);
  });
});

/** Rows that want an answer which is nobody's but the agent's: platform, kind, how it is sent, row. */
const QUESTIONS: readonly (readonly [string, string, "key" | "line", string])[] = [
  ["cisco_ios", "confirm", "key", "Proceed with reload? [confirm]"],
  [
    "cisco_ios",
    "confirm",
    "key",
    "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]",
  ],
  ["cisco_ios", "yesno", "line", "System configuration has been modified. Save? [yes/no]:"],
  ["cisco_ios", "value", "line", "Destination filename [startup-config]?"],
  ["cisco_ios", "value", "line", "Address or name of remote host []?"],
  [
    "cisco_ios",
    "yesno",
    "line",
    "This operation may require a reload of the system. Do you want to proceed? [y/n]",
  ],
  ["cisco_nxos", "yesno", "line", "This command will reboot the system. (y/n)?  [n]"],
  [
    "cisco_iosxr",
    "yesno",
    "line",
    "Uncommitted changes found, commit them before exiting(yes/no/cancel)? [cancel]:",
  ],
  ["cisco_iosxr", "yesno", "line", "Do you want to continue? [y/n][confirm]"],
  ["cisco_asa", "confirm", "key", "Proceed with reload? [confirm]"],
  ["cisco_s300", "yesno", "key", "Overwrite file [startup-config].... (Y/N)[N] ?"],
  ["cisco_wlc", "yesno", "key", "Are you sure you want to save? (y/n)"],
  ["arista_eos", "confirm", "key", "Proceed with reload? [confirm]"],
  ["arista_eos", "yesno", "line", "System configuration has been modified. Save? [yes/no/cancel/diff]:"],
  ["juniper_junos", "yesno", "line", "Exit with uncommitted changes? [yes,no] (yes)"],
  ["juniper_junos", "yesno", "line", "Reboot the system ? [yes,no] (no)"],
  ["mikrotik_routeros", "yesno", "key", "Reboot, yes? [y/N]:"],
  ["mikrotik_routeros", "yesno", "key", "Do you want to see the software license? [Y/n]:"],
  ["mikrotik_routeros", "password", "line", "new password>"],
  ["mikrotik_routeros", "key", "key", 'Please press "Enter" to continue!'],
  [
    "huawei_vrp",
    "yesno",
    "line",
    "The current configuration will be written to the device. Continue? [Y/N]:",
  ],
  ["huawei_vrp", "yesno", "line", "Change now? [Y/N]:"],
  ["hp_comware", "yesno", "line", "This command will reboot the device. Continue? [Y/N]:"],
  ["hp_comware", "yesno", "key", "Press Y or ENTER to continue, N to exit."],
  ["hp_procurve", "key", "key", "Press any key to continue"],
  ["hp_procurve", "yesno", "key", "Do you want to log out [y/n]?"],
  ["aruba_aoscx", "yesno", "key", "Do you want to continue (y/n)?"],
  ["fortinet_fortios", "key", "key", "(Press 'a' to accept):"],
  ["fortinet_fortios", "yesno", "key", "Do you want to continue? (y/n)"],
  ["nokia_sros", "yesno", "line", "Discard uncommitted changes? [y,n]"],
  ["ubiquiti_edgeswitch", "yesno", "key", "Are you sure you want to save? (y/n)"],
  ["extreme_exos", "yesno", "line", "Do you want to save configuration to primary.cfg? (y/N)"],
  ["f5_tmsh", "yesno", "key", "Display all 243 items? (y/n)"],
  [
    "extreme_exos",
    "yesno",
    "line",
    "Do you wish to save your configuration changes to primary.cfg? (y or n)",
  ],
  ["cisco_nxos", "yesno", "line", "Uncommitted changes found, commit them (yes/no/cancel)? [cancel]:"],
  ["hp_procurve", "yesno", "key", "Do you want to save current configuration [y/n/^C]?"],
  ["hp_procurve", "value", "line", "User Name:"],
  ["huawei_vrp", "yesno", "line", "Are you sure to continue? (y/n)[n]:"],
  ["huawei_vrp", "value", "line", "Please input the file name(*.cfg)[flash:/startup.cfg]"],
  ["hp_comware", "value", "line", "Please input the file name(*.cfg)[flash:/startup.cfg]"],
  ["cisco_ios", "yesno", "line", "Do you really want to replace them? (y/n)[n]:"],
  ["cisco_ios", "value", "line", "Delete filename [old.cfg]?"],
  ["cisco_ios", "value", "line", "Destination username [noc]?"],
  ["aruba_os", "yesno", "key", "Do you want to reload the switch? (y/n)?"],
  ["ubiquiti_edgeswitch", "yesno", "key", "Would you like to save them now? (y/n)?"],
  ["nokia_sros", "yesno", "line", "Are you sure you want to reboot (y/n)?"],
  ["nokia_srlinux", "yesno", "line", "Are you sure you want to reboot? (y/[n])"],
  ["mellanox_onyx", "yesno", "line", "Configuration has been modified; save first? [yes]"],
  ["mellanox_onyx", "yesno", "line", "Type 'yes' to confirm reset:"],
  ["vyos", "confirm", "line", "Proceed with reboot? [confirm][y]"],
  ["ubiquiti_edgeos", "yesno", "line", "Would you like to save? (Yes/No) [No]"],
];

/** Output that begins like a pager. */
const NO_PAGERS: readonly (readonly [string, string])[] = [
  ["vyos", "lines 1-23 of the buffer were"],
  ["paloalto_panos", "lines 1-23 of the buffer were"],
  ["mellanox_onyx", "lines 1-23 of the buffer were"],
];

describe("output that only begins like a pager", () => {
  it.each(NO_PAGERS)("is none for %s: %j", (id, row) => {
    expect(kindOf(id, row)).toBeUndefined();
  });
});

describe("questions of", () => {
  it.each(QUESTIONS)("%s: %s by %s for %j", (id, kind, submit, row) => {
    expect(devices.get(id)?.question(row.trimEnd())).toMatchObject({ kind, submit });
  });

  it.each([
    ["cisco_ios", "low", 'Clear "show interface" counters on all interfaces [confirm]'],
    ["cisco_ios", "low", 'Clear "show interface" counters on this interface [confirm]'],
    ["arista_eos", "low", 'Clear "show interface" counters on all interfaces [confirm]'],
    ["cisco_ios", "medium", "Clear logging buffer [confirm]"],
    ["cisco_ios", "medium", "Overwrite the previous NVRAM configuration?[confirm]"],
    [
      "cisco_ios",
      "high",
      "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]",
    ],
    ["cisco_ios", "high", "Proceed with reload? [confirm]"],
    ["cisco_ios", "high", "[confirm]"],
    ["hp_comware", "medium", "The current configuration will be written to the device. Are you sure? [Y/N]:"],
    ["hp_comware", "high", "This command will reboot the device. Continue? [Y/N]:"],
    [
      "huawei_vrp",
      "medium",
      "Warning: The current configuration will be written to the device. Continue? [Y/N]:",
    ],
  ])("%s have the risk %s where a yes answers %j", (id, risk, row) => {
    expect(devices.get(id)?.question(row)).toMatchObject({ risk });
  });

  it("no platform stand in a row of prose or configuration", () => {
    const rows = [
      "! Last configuration change at 12:00:00 UTC",
      "   description ask before [yes/no] is typed",
      "The system is going down.",
      "Do you want fries with that",
    ];
    const asked = catalog.ids().flatMap((id) => rows.filter((row) => devices.get(id)?.question(row)));
    expect(asked).toEqual([]);
  });
});

describe("the key of a row that no profile lists", () => {
  it.each([
    ["Hit <return> for more, or q <return> to quit", "\r"],
    ["Press RETURN for next page or Q to quit.", "\r"],
    ["-- Press Enter for more, CTRL-C to cancel --", "\r"],
    ["Press any key for next screen, Q to quit", " "],
    ["-More-", " "],
    ["Press Enter for more, q to abort", "\r", "q"],
    ["press enter for more or q", "\r", "q"],
    ["Press return for more, q to return to menu", "\r", "q"],
    ["Press any key for more (q to quit listing)", " ", "q"],
    ["Hit any key for more, <q>uit", " ", "q"],
    ["Press any key for more, ... or q", " ", "q"],
    ["Press any key for more ('q' to cancel)", " ", "q"],
    ["secure lines 1-23/80 28%", " ", "q"],
  ])("is the one that it names: %j", (row, key, quit = "") => {
    expect(devices.get("generic_cli")?.pager(row)).toMatchObject({ key, ...(quit && { quit_key: quit }) });
  });

  it.each([
    ["Type YES to confirm:", "line"],
    ["Enter y to accept:", "line"],
    ["Type 'delete' to approve, anything else to cancel:", "line"],
    ["Press y then Enter to confirm:", "line"],
    ["Press y to confirm, any other key to cancel:", "key"],
    ["Press 1 or 2 then Enter to confirm:", "line"],
    ["Press y/Enter to confirm:", "key"],
    ["Type Ctrl-Y to confirm:", "key"],
    ["Type 'y' to accept, other key to cancel", "key"],
    ["Hit <Enter> to accept:", "key"],
  ])("that is typed or entered is a line, one that is pressed a key: %j", (row, submit) => {
    expect(devices.get("generic_cli")?.asks(row)).toMatchObject({ kind: "confirm", submit });
  });
});
