import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import { type DetectEvidence, detect } from "../../src/devices/detect.ts";
import type { Device } from "../../src/devices/device.ts";

let devices: readonly Device[];
beforeAll(async () => {
  const catalog = openCatalog();
  devices = await Promise.all(catalog.ids().map((id) => catalog.device(id)));
});

const seen = (change: Partial<DetectEvidence>): DetectEvidence => ({
  ident: "SSH-2.0-OpenSSH_9.2",
  banner: "",
  promptRow: "",
  ...change,
});
const asked = (command: string, text: string) => ({ output: { command, rows: text.split("\n") } });

describe("a platform is decided", () => {
  it.each<[string, Partial<DetectEvidence>]>([
    ["mikrotik_routeros", { ident: "SSH-2.0-ROSSSH", promptRow: "[admin@MikroTik] >" }],
    ["mikrotik_routeros", { promptRow: "[admin@core router] /ip/address>" }],
    ["bird", { banner: "BIRD 2.0.12 ready.", promptRow: "bird>" }],
    ["frr", { banner: "\nHello, this is FRRouting (version 8.4.4).", promptRow: "r1#" }],
    ["vyos", { banner: "Welcome to VyOS", promptRow: "vyos@vyos:~$" }],
  ])("for %s without a command: %j", (id, evidence) => {
    expect(detect(seen(evidence), devices)).toMatchObject({ id });
  });

  it.each([
    ["cisco_ios", "SSH-2.0-Cisco-1.25", "edge1#", "Cisco IOS Software, C2960X Software"],
    ["cisco_asa", "SSH-2.0-Cisco-1.25", "fw1>", "\nCisco Adaptive Security Appliance Software Version 9.12"],
    ["cisco_nxos", "SSH-2.0-OpenSSH_7.8", "leaf1#", "Cisco Nexus Operating System (NX-OS) Software"],
    ["cisco_iosxr", "SSH-2.0-Cisco-2.0", "RP/0/RP0/CPU0:core1#", "Cisco IOS XR Software, Version 7.3.2"],
    ["arista_eos", "SSH-2.0-OpenSSH_8.7", "spine1#", "Arista DCS-7050SX3-48YC8-F"],
    ["aruba_aoscx", "SSH-2.0-OpenSSH_8.8", "6300#", "-----\nArubaOS-CX\n(c) Copyright"],
  ])("for %s with what `show version` says", (id, ident, promptRow, output) => {
    const first = detect(seen({ ident, promptRow }), devices);
    expect(first).toMatchObject({ ask: "show version" });
    const verdict = detect(seen({ ident, promptRow, ...asked("show version", output) }), devices);
    expect(verdict).toMatchObject({ id, reason: expect.stringContaining("`show version` said") });
  });
});

describe("no platform is guessed", () => {
  it("for a prompt that fits none", () => {
    expect(detect(seen({ promptRow: "weird prompt ?>" }), devices)).toMatchObject({
      id: undefined,
      reason: expect.stringContaining("learned"),
    });
  });

  it("when the prompt contradicts the identification", () => {
    const verdict = detect(seen({ ident: "SSH-2.0-ROSSSH", promptRow: "<core1>" }), devices);
    expect(JSON.stringify(verdict)).not.toContain("mikrotik");
  });

  it("when the one command told nothing", () => {
    const verdict = detect(seen({ promptRow: "sw1#", ...asked("show version", "% Invalid input") }), devices);
    expect(verdict).toMatchObject({ id: undefined, reason: expect.stringContaining("told none of them") });
  });
});
