import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { type DeviceLogin, deviceShell } from "../../src/lab/device-shell.ts";
import { listen } from "../../src/lab/server.ts";
import type { LabTerminal } from "../../src/lab/terminal.ts";
import { UNRESTRICTED } from "../a-host.ts";

/** A lab device behind real SSH on loopback, alone for one run. */
export interface ServedDevice {
  readonly host: ResolvedHost;
  close(): Promise<void>;
}

export interface DeviceKind {
  readonly platform: string;
  readonly ident: string;
  readonly user: string;
  readonly suffixed: boolean;
  readonly enableSecret?: string;
}

type KeyPair = ReturnType<typeof ssh2.utils.generateKeyPairSync>;

let keys: { readonly host: KeyPair; readonly client: KeyPair } | undefined;

/** Serves a device; keys are made once for all runs of this process. */
export async function serveDevice(
  kind: DeviceKind,
  open: (login: DeviceLogin) => LabTerminal,
): Promise<ServedDevice> {
  keys ??= { host: newKey(), client: newKey() };
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-seed-"));
  const server = await listen({
    hostKey: keys.host.private,
    clientKey: keys.client.public,
    user: kind.user,
    ident: kind.ident,
    suffixed: kind.suffixed,
    shell: deviceShell(open),
  });
  const { address, port } = server;
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const host: ResolvedHost = {
    name: "device",
    source: "lab",
    address,
    port,
    user: kind.user,
    auth: [{ method: "key", path: file("key", keys.client.private) }],
    jump: [],
    hostKey: { mode: "strict", files: [file("known_hosts", `[${address}]:${port} ${keys.host.public}\n`)] },
    platform: kind.platform,
    ...(kind.enableSecret === undefined
      ? {}
      : { enable: { from: "file", path: file("enable", kind.enableSecret) } }),
    tags: [],
    groups: [],
    terminal: { cols: 200, rows: 50, term: "xterm-256color" },
    limits: { sessions: 4, transcriptBytes: 4 << 20, channelsPerConnection: 4 },
    policy: UNRESTRICTED,
    timing: {
      connectTimeoutMs: 20_000,
      keepaliveIntervalMs: 0,
      keepaliveCount: 3,
      idleTimeoutMs: 0,
      commandTimeoutMs: 30_000,
    },
  };
  return {
    host,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newKey(): KeyPair {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}
