import { join } from "node:path";
import { identityFile } from "../secrets/identity.ts";
import type { SecretRef } from "../secrets/reference.ts";
import type { AuthMethod } from "./host.ts";
import type { AuthEntry, GroupEntry } from "./schema.ts";
import type { SshHost, Surroundings } from "./ssh-config.ts";

/** ssh's own order of key files, without the kinds ssh2 cannot use. */
const DEFAULT_KEYS = ["id_ed25519", "id_ecdsa", "id_rsa"];

/** Holds the key of every host that says nothing of logging in, as containers are given one. */
export const KEY_VARIABLE = "SSH_PRIVATE_KEY";

function keyIn(env: string, passphrase?: SecretRef): AuthMethod {
  return { method: "key", path: `$${env}`, env, ...(passphrase === undefined ? {} : { passphrase }) };
}

/** What is said about logging in, narrowest first. */
export interface AuthSources {
  /** `auth` of the host or its groups. */
  readonly own: GroupEntry["auth"];
  readonly ssh: SshHost | undefined;
  /** `auth` of `defaults`. */
  readonly fallback: GroupEntry["auth"];
}

/** The methods in the order of the attempts: as configured, else agent and default keys. Never a password before a key. */
export function authMethods(
  from: AuthSources,
  around: Surroundings,
  path: (file: string) => string,
): readonly AuthMethod[] {
  const { ssh } = from;
  const listed = from.own ?? (ssh !== undefined && saysIdentity(ssh) ? undefined : from.fallback);
  if (listed === undefined) {
    const named = ssh !== undefined && saysIdentity(ssh);
    const given = around.env[KEY_VARIABLE] !== undefined && around.env[KEY_VARIABLE] !== "" && !named;
    return given ? [keyIn(KEY_VARIABLE), ...sshMethods(ssh, around)] : sshMethods(ssh, around);
  }
  return (Array.isArray(listed) ? listed : [listed]).flatMap((one) => configured(one, around, path));
}

function configured(one: AuthEntry, around: Surroundings, path: (file: string) => string): AuthMethod[] {
  const { home } = around;
  const certificates =
    one.certificate_path === undefined ? {} : { certificates: [path(one.certificate_path)] };
  switch (one.method) {
    case "agent":
      return [
        {
          method: "agent",
          ...(one.socket === undefined ? {} : { socket: path(one.socket) }),
          ...(one.only_keys === undefined ? {} : { onlyKeys: one.only_keys.map(path) }),
          ...certificates,
        },
      ];
    case "key": {
      const passphrase = secretRef(
        { env: one.passphrase_env, file: one.passphrase_file, command: one.passphrase_command },
        path,
      );
      if (one.key_env !== undefined) return [keyIn(one.key_env, passphrase)];
      const files = one.key_path === undefined ? defaultKeys(home) : [path(one.key_path)];
      return files.map((file) => ({
        method: "key",
        path: file,
        ...(passphrase === undefined ? {} : { passphrase }),
        ...(one.key_path === undefined ? { optional: true } : {}),
        ...certificates,
      }));
    }
    case "identity":
      return [{ method: "key", path: identityFile(around), identity: true, ...certificates }];
    case "password": {
      const secret = secretRef(
        { env: one.password_env, file: one.password_file, command: one.password_command },
        path,
      );
      const otp = secretRef({ env: one.otp_env, command: one.otp_command }, path);
      if (secret === undefined && otp === undefined) return [];
      const prompts = [
        ...(one.password_prompt === undefined
          ? []
          : [{ match: one.password_prompt, answer: "password" as const }]),
        ...(one.otp_prompt === undefined ? [] : [{ match: one.otp_prompt, answer: "code" as const }]),
      ];
      return [
        {
          method: "password",
          ...(secret === undefined ? {} : { secret }),
          ...(otp === undefined ? {} : { otp }),
          ...(prompts.length === 0 ? {} : { prompts }),
        },
      ];
    }
  }
}

function saysIdentity(ssh: SshHost): boolean {
  return (
    ssh.identityFiles !== undefined ||
    ssh.certificateFiles !== undefined ||
    ssh.agent !== undefined ||
    ssh.identitiesOnly
  );
}

/**
 * ssh's order: the agent's copies of the named keys, the named key files, then the agent's other keys unless
 * IdentitiesOnly. Without named keys: the agent, then the default files.
 */
function sshMethods(ssh: SshHost | undefined, around: Surroundings): AuthMethod[] {
  const socket = typeof ssh?.agent === "object" ? ssh.agent.socket : undefined;
  const hasAgent = socket !== undefined || (ssh?.agent !== "none" && Boolean(around.env.SSH_AUTH_SOCK));
  const named = ssh?.identityFiles;
  const files = named ?? defaultKeys(around.home);
  const certified = ssh?.certificateFiles;
  const certificates = certified === undefined ? {} : { certificates: certified };
  const keys: AuthMethod[] = files
    .filter((file) => !file.endsWith(".pub"))
    .map((file) => ({ method: "key", path: file, optional: true, ...certificates }));
  if (!hasAgent) return keys;

  const methods: AuthMethod[] = [];
  const at = { ...(socket === undefined ? {} : { socket }), ...certificates };
  const only = ssh?.identitiesOnly === true;
  if (files.length > 0 && (named !== undefined || only))
    methods.push({ method: "agent", ...at, onlyKeys: files });
  else if (!only) methods.push({ method: "agent", ...at });
  methods.push(...keys);
  if (named !== undefined && named.length > 0 && !only) methods.push({ method: "agent", ...at });
  return methods;
}

function defaultKeys(home: string): string[] {
  return DEFAULT_KEYS.map((name) => join(home, ".ssh", name));
}

/** The reference behind an `x_env`, `x_file`, `x_command` triple. */
export function secretRef(
  keys: {
    readonly env?: string | undefined;
    readonly file?: string | undefined;
    readonly command?: string | undefined;
  },
  path: (file: string) => string,
): SecretRef | undefined {
  if (keys.env !== undefined) return { from: "env", name: keys.env };
  if (keys.file !== undefined) return { from: "file", path: path(keys.file) };
  if (keys.command !== undefined) return { from: "command", command: keys.command };
  return undefined;
}
