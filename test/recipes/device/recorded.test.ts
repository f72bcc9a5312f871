import { describe, expect, it } from "vitest";
import { corpusThere, recordings } from "../../corpus/recording.ts";
import { records } from "./asked.ts";

/** What a real device printed for that command, without its echo and its prompt. */
function recorded(name: string, command: string): string {
  const step = recordings()
    .find((one) => one.name === name)
    ?.steps.find(({ input }) => input === command);
  if (step === undefined) throw new Error(`${name} has no ${command}`);
  const rows = step.output.split("\n").map((row) => row.replace(/^\r+|\r+$/g, ""));
  const from = rows[0] === command ? 1 : 0;
  const last = rows.at(-1) ?? "";
  return rows.slice(from, /[#>]\s*$/.test(last) ? -1 : undefined).join("\n");
}

describe.skipIf(!corpusThere)("recorded answers of real devices", () => {
  it.each([
    ["ios_C9200L-24P-4G_17.09.04a", "17.9.4a", "LAB-SW123_9200L", "C9200L-24P-4G", "JAE24FFFFFF"],
    ["ios_asr920_16.8.1b", "16.8.1b", "hostname", "ASR-920-24TZ-M", "CAT12345699"],
  ])("of %s say its version", (name, version, hostname, model, serial) => {
    expect(records("cisco_ios", "version", "show version", recorded(name, "show version"))).toMatchObject([
      { version, hostname, model, serial },
    ]);
  });

  it.each([
    ["ios_C9200L-24P-4G_17.09.04a", 3, { name: "Switch 1", part: "C9200L-24P-4G", serial: "JAE24FFFFFF" }],
    ["ios_asr920_16.8.1b", 4, { name: "Power Supply Module 0", part: "ASR-920-PWR-D", revision: "V01" }],
  ])("of %s say its parts", (name, count, second) => {
    const parts = records("cisco_ios", "inventory", "show inventory", recorded(name, "show inventory"));
    expect(parts).toHaveLength(count);
    expect(parts).toMatchObject([{}, second, ...Array.from({ length: count - 2 }, () => ({}))]);
  });

  it("of NX-OS say its version and its parts", () => {
    const name = "nxos_C93180YC-FX3J_10.4.5";
    expect(records("cisco_nxos", "version", "show version", recorded(name, "show version"))).toMatchObject([
      { version: "10.4(5)", model: "Nexus9300 C93180YC-FX3H", serial: "FDO20000000", hostname: "TEST-12345" },
    ]);
    const parts = records("cisco_nxos", "inventory", "show inventory", recorded(name, "show inventory all"));
    expect(parts).toHaveLength(11);
    expect(parts).toContainEqual(
      expect.objectContaining({ name: "Ethernet1/1", part: "SFP-10G-SR", serial: "ACW20000001" }),
    );
  });

  it("of Junos say its version and its parts", () => {
    const name = "junos_srx300_22.4";
    expect(records("juniper_junos", "version", "show version", recorded(name, "show version"))).toEqual([
      { model: "srx300", version: "22.4R3-S2.11" },
    ]);
    const parts = records(
      "juniper_junos",
      "inventory",
      "show chassis hardware",
      recorded(name, "show chassis hardware"),
    );
    expect(parts).toEqual([
      { name: "Chassis", serial: "AA0000AA0000", description: "SRX300" },
      {
        name: "Routing Engine",
        revision: "REV 0x08",
        part: "650-077890",
        serial: "AA0000AA0000",
        description: "RE-SRX300",
      },
      { name: "FPC 0", part: "BUILTIN", serial: "BUILTIN", description: "FPC" },
      { name: "PIC 0", description: "6xGE,2xGE SFP Base PIC" },
      {
        name: "Xcvr 6",
        revision: "REV 01",
        part: "740-031850",
        serial: "S2001411089",
        description: "SFP-LX10",
      },
      { name: "Power Supply 0" },
    ]);
  });

  it.each([
    ["routeros_CHR_7.10.1", "7.10.1 (stable)", "CHR", "58m18s"],
    ["routeros_RB5009UPr+S+_7.18.2", "7.18.2 (stable)", "RB5009UPr+S+", "3h5m54s"],
  ])("of %s say its version", (name, version, model, uptime) => {
    const command = "/system resource print";
    expect(records("mikrotik_routeros", "version", command, recorded(name, command))).toMatchObject([
      { version, model, uptime },
    ]);
  });
});
