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

/** What a profile says of a row: `error syntax`, `warning effect`, `nothing`. */
function saying(id: string, row: string): string {
  const said = devices.get(id)?.message(row);
  return said === undefined ? "nothing" : `${said.is} ${said.class}`;
}

/** Rows behind which a job goes on or stops, by what they say. */
const MESSAGES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  cisco_ios: {
    "warning effect": [
      "% Access VLAN does not exist. Creating vlan 20",
      "% Voice VLAN does not exist. Creating vlan 310",
      "% Interface GigabitEthernet0/1 IPv4 disabled and address(es) removed due to enabling VRF BLUE",
      "% Interface Vlan20 IP address 10.1.20.1 removed due to disabling VRF BLUE",
      "% IPv4 and IPv6 addresses from all interfaces in VRF BLUE have been removed",
    ],
    "warning later": [
      "%Portfast has been configured on GigabitEthernet0/2 but will only have effect when the interface is in a non-trunking mode.",
      "% The new setting will take effect after the next reload",
      "% Reload is required for this to be used",
    ],
    "warning advice": [
      "%Warning: portfast should only be enabled on ports connected to a single",
      "% Warning: use /31 mask on non point-to-point interface cautiously",
      "% OSPF: Reference bandwidth is changed.",
      "%Default route without gateway, if not a point-to-point interface, may impact performance",
    ],
    nothing: [
      "% Generating 2048 bit RSA keys, keys will be non-exportable...",
      "% The key modulus size is 2048 bits",
      "% You already have RSA keys defined named edge1.example.net.",
      "% Please answer 'yes' or 'no'.",
      "% The serial number in the certificate will be: 9ABCDEF",
      "% Certificate request sent to Certificate Authority",
      "[OK] (elapsed time was 3 seconds)",
    ],
    "warning unknown": ["% Borrowed the neighbour's crystal ball", "%% Gravel was spread on the backplane"],
    "error other": [
      "% 10.1.20.0 overlaps with GigabitEthernet0/1",
      "Bad mask /24 for address 10.1.20.1",
      "% VRF BLUE not configured",
      "%IP routing table BLUE does not exist",
      "%SNMP agent not enabled",
      "% IPv6 routing not enabled",
      "% Specify remote-as or peer-group commands first",
      "% Deletion of RD in progress; wait for it to complete",
      "% Policy commands not allowed without an address family",
      "% General session commands not allowed under the address family",
      "%Failed to add ace to access-list",
      "% Insertion failed - prefix-list entry exists",
      "% Class-map WEB is being used",
      "BGP is already running; AS is 65001",
      "% Duplicate sequence number",
      "% Cannot delete the default VLAN",
      "%GigabitEthernet0/1 is linked to a VRF. Enable IPv6 on that VRF first.",
      "% BGP: Error initializing topology",
      "Command rejected (GigabitEthernet0/3): not convertible to a switch port",
      "%You must disable VTPv1 and VTPv2 or switch to VTPv3 before configuring a VLAN name longer than 32 characters",
      "% Unable to deactivate the capture",
    ],
  },
  cisco_nxos: {
    "warning effect": ["% Deleted all L3 config on interface Ethernet1/7"],
    "warning advice": [
      "Warning: Edge port type (portfast) should only be enabled on ports connected to a single host",
    ],
    nothing: ["Note: the feature needs some memory"],
    "warning unknown": ["% Borrowed the neighbour's crystal ball"],
    "error syntax": ["% String is invalid, 'all' is not an allowed string at '^' marker."],
    "error other": [
      "ERROR: VLAN 4000 is reserved",
      "% VLAN 20 is not configured",
      "No corresponding policy WEB configured",
      "Cannot apply ACL to an interface that is a port-channel member",
    ],
  },
  cisco_iosxr: {
    "error commit": ["% Failed to commit one or more configuration items"],
    "error other": ["!!% The specified neighbour does not exist", "% Unmatched quote found"],
    "warning unknown": ["% Borrowed the neighbour's crystal ball"],
  },
  cisco_asa: {
    "warning advice": ["WARNING: <web> found duplicate element"],
    nothing: ['INFO: Security level for "inside" set to 100 by default.'],
    "error other": ["ERROR: object (web) does not exist."],
  },
  arista_eos: {
    "warning effect": ["! Access VLAN does not exist. Creating vlan 20"],
    "warning later": ["! Change will take effect only after switch reboot"],
    "warning advice": ["! portfast should only be enabled on ports connected to a single host."],
    nothing: ["! Command: show running-config", "! device: leaf1 (DCS-7050SX3, EOS-4.29.2F)", "!"],
    "error other": ["% More than 1 OSPF instance is not allowed", "% Prefix length must be less than 32"],
  },
  frr: {
    "error other": ["% Network not in table", "% Can't find neighbor 10.0.0.9", "% BGP instance not found"],
    "warning unknown": ["% Borrowed the neighbour's crystal ball"],
  },
  huawei_vrp: { "warning advice": ["Warning: The VLAN is in use by a service."], nothing: ["Info: Saved."] },
  juniper_junos: { "warning advice": ["warning: uncommitted changes will be discarded on exit"] },
  checkpoint_gaia: { "error other": ["CLINFR0771  Config lock is owned by admin."] },
  generic_cli: {
    "error syntax": [
      "  % Unknown command, the error locates at '^'",
      "Invalid input -> sho versoin",
      "Unrecognized command.",
      "% Unknown command: foo",
      "Syntax error: Illegal parameter",
    ],
    "error permission": ["Permission denied for this user"],
    "warning advice": ["Warning! the link is down"],
    "warning unknown": ["% Borrowed the neighbour's crystal ball"],
    nothing: ["% 12", "50% of the memory", "error counters: 5"],
  },
};

describe("messages of", () => {
  it.each(Object.entries(MESSAGES))(
    "%s are told apart: not done, done with a warning, said by the way",
    (id, said) => {
      const wrong = Object.entries(said).flatMap(([wanted, rows]) =>
        rows.flatMap((row) =>
          saying(id, row) === wanted ? [] : [`${row} is ${saying(id, row)}, not ${wanted}`],
        ),
      );
      expect(wrong).toEqual([]);
    },
  );
});

describe("error rows of", () => {
  it.each(Object.entries(ERRORS))("%s have their class", (id, classes) => {
    const wrong = Object.entries(classes).flatMap(([wanted, rows]) =>
      rows
        .map((row) => ({ row, got: saying(id, row) }))
        .filter(({ got }) => got !== `error ${wanted}`)
        .map(({ row, got }) => `${row} is ${got}, not error ${wanted}`),
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
      .flatMap((id) => rows.flatMap((row) => (devices.get(id)?.message(row) ? [`${id}: ${row}`] : [])));
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
      return rows.filter((row) => device?.message(row) ?? device?.prompt(row) ?? device?.question(row));
    });
    expect(taken).toEqual([]);
  });
});

describe("the question for the secret of a mode", () => {
  it.each([
    ["cisco_ios", "enable", "Password:"],
    ["cisco_ios", "enable", "AD Password: "],
    ["cisco_ios", "enable", "Corporate LDAP password:"],
  ])("of %s, mode %s: %j", (id, mode, row) => {
    expect(devices.get(id)?.modes.get(mode)?.asks?.(row.trimEnd())).toBe(true);
  });

  it("is none that asks for something else", () => {
    const rows = [
      "Password for R2:",
      "enable password 7 0822",
      "Enter a new password for this account of yours:",
    ];
    const asks = devices.get("cisco_ios")?.modes.get("enable")?.asks;
    expect(rows.filter((row) => asks?.(row))).toEqual([]);
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
