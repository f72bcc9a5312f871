import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import { compileDevice, type Device } from "../../src/devices/device.ts";
import { profileSchema } from "../../src/devices/profile.ts";
import { PATTERN_LIMIT } from "../../src/devices/profile-parts.ts";

const catalog = openCatalog();
const devices: Device[] = [];
beforeAll(async () => {
  for (const id of catalog.ids()) devices.push(await catalog.device(id));
});

/** Rows made to keep a backtracking engine busy: long runs, almost matches, nested brackets. */
const HOSTILE = [
  "a".repeat(20_000),
  "-".repeat(20_000),
  `${" ".repeat(20_000)}x`,
  "(".repeat(20_000),
  `[${"a@".repeat(10_000)}`,
  `${"a(b)".repeat(5_000)}#x`,
  `${"y/n ".repeat(5_000)}!`,
  `${"Jan  1 00:00:00 ".repeat(1_500)}:`,
];

describe("session preparation", () => {
  it("types nothing that outlives the session or takes questions away", () => {
    const lasting =
      /clipaging|cli prompting|^config paging|^(?:write|save|commit|copy|configure)\b|set output|^modify\b/;
    const typed = devices.flatMap(({ id, profile }) =>
      (profile.open ?? []).map(({ send }) => `${id}: ${send}`),
    );
    expect(typed.length).toBeGreaterThan(30);
    expect(typed.filter((line) => lasting.test(line.replace(/^\w+: /, "")))).toEqual([]);
  });
});

describe("patterns", () => {
  it("take time in proportion to the row, whatever it holds", () => {
    const began = performance.now();
    let found = 0;
    for (const device of devices)
      for (const row of HOSTILE) {
        const hits = [device.prompt(row), device.pager(row), device.question(row), device.message(row)];
        const rows = [device.isSecret(row), device.isAsync(row), device.stripped(row)];
        found += hits.filter((hit) => hit !== undefined).length + rows.filter(Boolean).length;
      }
    // 61 profiles with about 30 patterns each on 160 KB: seconds would mean that one of them backtracks.
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(found).toBe(0);
  });

  it("are no longer than the schema allows, so that no profile compiles for long", () => {
    const all: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value === "string") all.push(value);
      else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
    };
    for (const { profile } of devices) collect(profile);
    expect(all.length).toBeGreaterThan(1000);
    expect(all.filter((text) => text.length > PATTERN_LIMIT)).toEqual([]);
  });

  it.each(["((a{1,100}){1,100}){1,100}", "(?:a{1001})", "a**(", "(?P<host>a)(?P<host>b)", "\\K"])(
    "that the engine cannot hold to that are refused: %s",
    async (source) => {
      const profile = profileSchema.parse({ id: "x", name: "X", secrets: [source] });
      await expect(compileDevice(profile)).rejects.toThrow(/secrets\[0\] is not an RE2 pattern/);
    },
  );
});

/** Platforms whose prompts none other has: these are found without asking anything. */
const UNMISTAKABLE: Readonly<Record<string, string>> = {
  checkpoint_gaia: "[Expert@gw-1]#",
  extreme_exos: "* x440.12 #",
  f5_tmsh: "admin@(bigip1)(cfg-sync Standalone)(Active)(/Common)(tmos)#",
  mikrotik_routeros: "[admin@MikroTik] >",
  nokia_sros: "*A:r1>config>router#",
  cisco_wlc: "(Cisco Controller) config>",
};

/** Prompts that several platforms share: one command tells them apart. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  "<core1>": ["hp_comware", "huawei_vrp"],
  "[~core1]": ["hp_comware", "huawei_vrp"],
  "(wlc1) #": ["aruba_os", "netgear_prosafe", "ubiquiti_edgeswitch"],
  "fw1 #": ["alcatel_aos", "aruba_os", "fortinet_fortios", "mellanox_onyx"],
  "A:admin@r1#": ["arista_eos", "aruba_os", "cisco_ios", "nokia_srlinux", "nokia_sros"],
  "core01 tnsr#": ["aruba_aoscx", "dell_os6", "hp_procurve", "netgate_tnsr"],
  "vyos@fw1:~$": ["cisco_ftd", "juniper_junos", "nokia_srlinux", "sonic", "ubiquiti_edgeos", "vyos"],
};

describe("a prompt", () => {
  const fitting = (row: string) =>
    devices
      .filter(({ profile }) => profile.framing !== "sentinel" && profile.learn !== true)
      .filter((device) => device.prompt(row) !== undefined)
      .map(({ id }) => id);

  it.each(Object.entries(UNMISTAKABLE))("of %s such as %s is its alone", (id, row) => {
    expect(fitting(row)).toEqual([id]);
  });

  it.each(Object.entries(SHARED))("such as %s is shared by %j", (row, ids) => {
    expect(fitting(row)).toEqual(ids);
  });

  it("such as sw1# is that of most: nothing is decided on it alone", () => {
    expect(fitting("sw1#").length).toBeGreaterThan(8);
  });
});
