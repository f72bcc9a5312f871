import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { Device } from "../../src/devices/device.ts";

const catalog = openCatalog();
const devices = new Map<string, Device>();
beforeAll(async () => {
  for (const id of catalog.ids()) devices.set(id, await catalog.device(id));
});

/** Error rows of the vendors, by platform and class. */
const ERRORS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  cisco_ios: {
    syntax: [
      "% Invalid input detected at '^' marker.",
      "% Unknown command or computer name, or unable to find computer address",
    ],
    incomplete: ["% Incomplete command."],
    ambiguous: ['% Ambiguous command:  "sh i"'],
    permission: [
      "Command authorization failed.",
      "% Authorization failed.",
      "% Bad secrets",
      "% Access denied",
    ],
    other: [
      "% Bad IP address or host name",
      "Command rejected: not allowed",
      "%Error opening tftp://192.0.2.1/x (Timed out)",
    ],
  },
  cisco_nxos: {
    syntax: ["% Invalid command at '^' marker.", "% Invalid parameter detected at '^' marker."],
    incomplete: ["% Incomplete command at '^' marker."],
    ambiguous: ["% Ambiguous command at '^' marker."],
    permission: ["% Permission denied for the role"],
  },
  cisco_iosxr: {
    syntax: ["% Invalid input detected at '^' marker."],
    commit: ["% Failed to commit one or more configuration items during a pseudo-atomic operation."],
    permission: ["% This command is not authorized"],
  },
  cisco_asa: {
    syntax: ["ERROR: % Invalid input detected at '^' marker."],
    incomplete: ["ERROR: % Incomplete command"],
    other: ["ERROR: entry for address/mask = 192.0.2.0/255.255.255.0 exists"],
  },
  cisco_s300: {
    syntax: ["% Unrecognized command", "% bad parameter value"],
    incomplete: ["% missing mandatory parameter"],
  },
  cisco_wlc: {
    syntax: ["Incorrect usage. Use the '?' or <TAB> key to list commands.", "Incorrect input! Use 'config'"],
    other: ["Request failed for wlan 5"],
  },
  arista_eos: {
    syntax: ["% Invalid input (at token 1: 'versoin')"],
    permission: ["% Unavailable command (not supported on this hardware platform)"],
    commit: ["% Cannot commit session"],
  },
  juniper_junos: {
    syntax: [
      "syntax error, expecting <command>.",
      "unknown command.",
      "missing mandatory argument.",
      "missing argument.",
    ],
    ambiguous: ["'sh' is ambiguous."],
    commit: [
      "error: commit failed: (statements constraint check failed)",
      "error: configuration check-out failed",
    ],
    permission: ["error: permission denied"],
    other: ["error: interface ge-9/9/9 not found"],
  },
  mikrotik_routeros: {
    syntax: [
      "bad command name foo (line 1 column 2)",
      "syntax error (line 1 column 5)",
      "expected end of command (line 1 column 9)",
    ],
    other: [
      "no such item",
      "input does not match any value of interface",
      "invalid value for argument address:",
      "failure: already have such address",
    ],
  },
  huawei_vrp: {
    syntax: [
      "Error: Unrecognized command found at '^' position.",
      "Error: Wrong parameter found at '^' position.",
      "Error: Too many parameters found at '^' position.",
    ],
    incomplete: ["Error:Incomplete command found at '^' position."],
  },
  hp_comware: {
    syntax: [
      " % Unrecognized command found at '^' position.",
      " % Too many parameters found at '^' position.",
    ],
  },
  aruba_aoscx: {
    syntax: ["Invalid input: versoin"],
    incomplete: ["% Command incomplete."],
    permission: ["Not authorized to run this command."],
  },
  hp_procurve: {
    syntax: ["Invalid input: versoin"],
    ambiguous: ["Ambiguous input: s"],
    permission: ["Not authorized to run this command."],
  },
  aruba_os: { syntax: ["% Parse error"] },
  fortinet_fortios: {
    syntax: ["Unknown action 0"],
    other: ["Command fail. Return code -61", "object check operator error, -651, discard the setting"],
  },
  paloalto_panos: {
    syntax: ["Unknown command: versoin", "Invalid syntax."],
    commit: ["Validation Error:"],
    other: ["Server error : no such entry"],
  },
  nokia_sros: {
    syntax: ["Error: Bad command.", "Error: Invalid parameter."],
    other: ["MINOR: CLI Could not connect", "MAJOR: SVCMGR #1"],
  },
  vyos: {
    syntax: ["  Invalid command: [versoin]"],
    commit: ["Commit failed", "Set failed", "Delete failed"],
  },
  ubiquiti_edgeswitch: {
    syntax: ["% Invalid input detected at '^' marker."],
    incomplete: ["Command not found / Incomplete command. Use ? to list commands."],
  },
  extreme_exos: {
    syntax: ["%% Invalid input detected at '^' marker."],
    incomplete: ["%% Incomplete command"],
  },
  dlink: { syntax: ["Available commands:", "Next possible completions:"], ambiguous: ["Ambiguous token:"] },
  tplink_jetstream: { syntax: ["Error: Bad command"] },
  checkpoint_gaia: { syntax: ["CLINFR0329  Invalid command:'versoin'."], other: ["NMSHNM0679 failed"] },
  f5_tmsh: {
    syntax: ['Syntax Error: unexpected argument "versoin"'],
    other: ["01070734:3: Configuration error: x"],
  },
  netgate_tnsr: { syntax: ['CLI syntax error: "show version all": Unknown command'] },
  frr: {
    syntax: ["% Unknown command: versoin", "% There is no matched command."],
    incomplete: ["% Command incomplete: show"],
  },
  bird: { syntax: ["No such command. Press `?' for help."] },
};

describe("error rows of", () => {
  it.each(Object.entries(ERRORS))("%s have their class", (id, classes) => {
    const wrong = Object.entries(classes).flatMap(([wanted, rows]) =>
      rows
        .map((row) => ({ row, got: devices.get(id)?.errorClass(row) }))
        .filter(({ got }) => got !== wanted)
        .map(({ row, got }) => `${row} is ${got}, not ${wanted}`),
    );
    expect(wrong).toEqual([]);
  });

  it("no platform are rows of logs and descriptions that only speak of errors", () => {
    const rows = [
      "  description link not found, invalid input of last year",
      "     5 input errors, 0 CRC, 0 frame",
      "0 output errors, 0 collisions",
      "*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down",
      "interface unknown command test",
    ];
    const taken = catalog
      .ids()
      .flatMap((id) => rows.flatMap((row) => (devices.get(id)?.errorClass(row) ? [`${id}: ${row}`] : [])));
    expect(taken).toEqual([]);
  });
});

/** Rows that devices print on their own account. */
const ASIDES: Readonly<Record<string, readonly string[]>> = {
  cisco_ios: [
    "*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console by noc on vty0 (10.0.0.1)",
    "000123: Nov 21 2026 06:01:02.345 UTC: %LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/1, changed state to up",
    "%SYS-5-CONFIG_I: Configured from console by console",
    "***",
    "*** --- SHUTDOWN in 0:05:00 ---",
  ],
  cisco_nxos: ["2026 Nov 21 06:01:02 leaf1 %VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty by admin"],
  cisco_iosxr: [
    "RP/0/RP0/CPU0:Nov 21 06:01:02.345 : config[65700]: %MGBL-CONFIG-6-DB_COMMIT : Configuration committed",
  ],
  juniper_junos: ["Message from syslogd@r1 at Nov 21 06:01:02  ...", "Broadcast Message from root@r1"],
  mikrotik_routeros: [
    "06:01:02 echo: system,error,critical login failure for user admin from 192.0.2.9 via ssh",
  ],
  huawei_vrp: [
    "Nov 21 2026 06:01:02+00:00 core1 %%01IFPDT/4/IF_STATE(l)[1]:Interface GE0/0/1 has turned into UP state.",
  ],
  hp_comware: ["%Nov 21 06:01:02:345 2026 sw1 SHELL/5/SHELL_LOGIN: admin logged in from 192.0.2.9."],
};

describe("rows a device prints on its own account", () => {
  it.each(Object.entries(ASIDES))("are known of %s", (id, rows) => {
    expect(rows.filter((row) => !devices.get(id)?.isAsync(row))).toEqual([]);
  });

  it("are none of its errors, prompts and questions", () => {
    const taken = Object.entries(ASIDES).flatMap(([id, rows]) => {
      const device = devices.get(id);
      return rows.filter((row) => device?.errorClass(row) ?? device?.prompt(row) ?? device?.question(row));
    });
    expect(taken).toEqual([]);
  });
});

describe("rows that want a secret", () => {
  it.each([
    ["cisco_ios", "Password: "],
    ["cisco_ios", "Enter host password for user 'noc':"],
    ["cisco_ios", "Passcode:"],
    ["cisco_asa", "Password:"],
    ["checkpoint_gaia", "Enter expert password:"],
    ["mikrotik_routeros", "new password>"],
    ["vyos", "[sudo] password for vyos:"],
    ["generic_cli", "Enter passphrase for key '/x':"],
    ["huawei_vrp", "Enter Password:"],
  ])("of %s: %s", (id, row) => {
    expect(devices.get(id)?.isSecret(row.trimEnd())).toBe(true);
  });

  it("are not those that only show one", () => {
    const rows = [
      "enable password 7 094F471A1A0A",
      "password: hidden by policy",
      "service password-encryption",
    ];
    const taken = catalog.ids().flatMap((id) => rows.filter((row) => devices.get(id)?.isSecret(row)));
    expect(taken).toEqual([]);
  });
});
