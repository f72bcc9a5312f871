import type { ResolvedHost } from "../../src/inventory/host.ts";
import { UNRESTRICTED } from "../a-host.ts";
import type { Recording } from "./recording.ts";
import type { ReplayServer } from "./replay-server.ts";

/** Profile for each of oxidized's models. */
const PLATFORMS: Readonly<Record<string, string>> = {
  aoscx: "aruba_aoscx",
  aosw: "aruba_os",
  arubainstant: "aruba_os",
  asa: "cisco_asa",
  efos: "ubiquiti_edgeswitch",
  eos: "arista_eos",
  firelinuxos: "cisco_ftd",
  fortigate: "fortinet_fortios",
  fsos: "fs_fsos",
  garderos: "generic_cli",
  h3c: "hp_comware",
  ios: "cisco_ios",
  ironware: "ruckus_fastiron",
  mlnxos: "mellanox_onyx",
  netgear: "netgear_prosafe",
  nxos: "cisco_nxos",
  perle: "generic_cli",
  saos10: "ciena_saos10",
  sonicos: "sonicwall_sonicos",
  tnsr: "netgate_tnsr",
  tplink: "tplink_jetstream",
  vsololt: "generic_cli",
  vyos: "vyos",
};

/** Variable the inventory's password reference names; the replay server takes any value. */
export const PASSWORD_ENV = "SSH_MCP_TEST_REPLAY_PASSWORD";

/** @throws for a model nobody has mapped. */
export function platformOf({ model }: Recording): string {
  const platform = PLATFORMS[model];
  if (platform === undefined) throw new Error(`no platform for recordings of ${model}: add it to PLATFORMS`);
  return platform;
}

/** A host of the inventory that reaches a replay; `login` comes from the server. */
export function replayedHost(
  server: ReplayServer,
  host: {
    readonly name: string;
    readonly login: string;
    readonly platform: string;
    readonly knownHosts: string;
  },
): ResolvedHost {
  return {
    name: host.name,
    source: "inventory",
    address: server.address,
    port: server.port,
    user: host.login,
    auth: [{ method: "password", secret: { from: "env", name: PASSWORD_ENV } }],
    jump: [],
    hostKey: { mode: "strict", files: [host.knownHosts] },
    platform: host.platform,
    tags: [],
    groups: [],
    terminal: { cols: 200, rows: 50, term: "xterm-256color" },
    limits: { sessions: 100, transcriptBytes: 16 << 20, channelsPerConnection: 8 },
    policy: UNRESTRICTED,
    timing: {
      connectTimeoutMs: 30_000,
      keepaliveIntervalMs: 15_000,
      keepaliveCount: 3,
      idleTimeoutMs: 0,
      commandTimeoutMs: 50_000,
    },
  };
}
