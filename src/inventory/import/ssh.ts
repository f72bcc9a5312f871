import { userInfo } from "node:os";
import { SshMcpError } from "../../base/errors.ts";
import type { EditValue } from "../document/edits.ts";
import type { SearchPlace } from "../locate.ts";
import { readSshConfig, resolveSshHost, type SshHost } from "../ssh-config.ts";
import { type Draft, DraftMaker, type Imported } from "./draft.ts";

/** The named hosts of an ssh configuration, each as ssh would open it. Nothing in it is executed. */
export async function fromSshConfig(path: string, place: SearchPlace): Promise<Imported> {
  const config = await readSshConfig(path, place.home);
  const around = { home: place.home, env: place.env, localUser: userInfo().username };
  const drafts = config.aliases.map((alias): Draft => {
    const draft = new DraftMaker(alias);
    try {
      return filled(draft, resolveSshHost(config, { host: alias }, around), place.home).done();
    } catch (error) {
      if (!(error instanceof SshMcpError)) throw error;
      return draft.stop(error.message).done();
    }
  });
  return {
    what: "a configuration of ssh",
    drafts,
    notes: ["Hosts of ~/.ssh/config can be used without importing them."],
  };
}

function filled(draft: DraftMaker, ssh: SshHost, home: string): DraftMaker {
  const short = (path: string) => (path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path);
  for (const line of ssh.unheeded) draft.stop(`not supported: ${line}`);
  if (ssh.address !== draft.name) draft.set("host", ssh.address);
  draft.port(ssh.port).set("user", ssh.user).set("auth", authOf(ssh, short));
  draft.set("jump", ssh.jump === "none" ? "none" : ssh.jump?.map(hopText));
  const known = ssh.knownHosts?.map(short);
  const hostKey: Record<string, EditValue> = {
    ...(ssh.hostKeyMode === undefined ? {} : { mode: ssh.hostKeyMode }),
    ...(known === undefined ? {} : { known_hosts: known }),
    ...(ssh.hostKeyAlias === undefined ? {} : { alias: ssh.hostKeyAlias }),
  };
  if (Object.keys(hostKey).length > 0) draft.set("host_key", hostKey);
  const timeouts: Record<string, EditValue> = {
    ...(ssh.connectTimeoutMs === undefined ? {} : { connect: ssh.connectTimeoutMs / 1000 }),
    ...(ssh.keepaliveIntervalMs === undefined ? {} : { keepalive: ssh.keepaliveIntervalMs / 1000 }),
    ...(ssh.keepaliveCount === undefined || ssh.keepaliveCount < 1
      ? {}
      : { keepalive_count: ssh.keepaliveCount }),
  };
  if (Object.keys(timeouts).length > 0) draft.set("timeouts", timeouts);
  const { kex, hostKey: keys, cipher, mac } = ssh.legacy ?? {};
  const legacy = Object.entries({ kex, host_key: keys, cipher, mac }).flatMap(([key, list]) =>
    list === undefined ? [] : [[key, [...list]] as const],
  );
  return legacy.length === 0 ? draft : draft.set("legacy", Object.fromEntries(legacy));
}

/** ssh's own order: the named keys, then the agent unless it is switched off. */
function authOf(ssh: SshHost, short: (path: string) => string): EditValue | undefined {
  if (ssh.identityFiles === undefined && ssh.agent === undefined && !ssh.identitiesOnly) return undefined;
  const files = (ssh.identityFiles ?? []).map(short);
  // Of several the first; ssh itself sorts out which one fits which key.
  const [first] = ssh.certificateFiles ?? [];
  const certificate = first === undefined ? {} : { certificate_path: short(first) };
  const keys = files
    .filter((file) => !file.endsWith(".pub"))
    .map((key_path) => ({ method: "key", key_path, ...certificate }));
  const socket = typeof ssh.agent === "object" ? { socket: ssh.agent.socket } : {};
  const only = ssh.identitiesOnly && files.length > 0 ? { only_keys: files } : {};
  const agent = ssh.agent === "none" ? [] : [{ method: "agent", ...socket, ...only, ...certificate }];
  const methods: EditValue[] = [...keys, ...agent];
  return methods.length === 0 ? undefined : methods.length === 1 ? methods[0] : methods;
}

function hopText({
  user,
  host,
  port,
}: {
  readonly user?: string;
  readonly host: string;
  readonly port?: number;
}): string {
  const shown = host.includes(":") ? `[${host}]` : host;
  return `${user === undefined ? "" : `${user}@`}${shown}${port === undefined ? "" : `:${port}`}`;
}
