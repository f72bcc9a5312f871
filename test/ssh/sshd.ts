import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { descendants, endProcesses, processesAtHome } from "../real/kit/process.ts";

const SSHD = "/usr/sbin/sshd";
/** OpenSSH 10 with its libraries, where scripts/setup-openssh10.sh could fetch it. */
const OPENSSH_10 = join(import.meta.dirname, "../../.test-state/openssh-10/usr");
const DROPBEAR = "/usr/sbin/dropbear";
/** A throw-away server needs root (it logs in as the user it runs as) and an installed sshd. */
export const canRunSshd = existsSync(SSHD) && process.getuid?.() === 0;
export const canRunOpenSsh10 = canRunSshd && existsSync(join(OPENSSH_10, "sbin/sshd"));
export const canRunDropbear = existsSync(DROPBEAR) && process.getuid?.() === 0;

/** A running throw-away server on loopback. */
export interface TestServer {
  readonly port: number;
  readonly folder: string;
  /** Path of the private key that may log in. */
  readonly clientKey: string;
  /** `type blob` of each host key, by type. */
  readonly hostKeys: ReadonlyMap<string, string>;
  readonly pid: number;
  /** What it logged so far; it logs before it answers. */
  log(): string;
  stop(): Promise<void>;
}

export interface SshdOptions {
  /** Lines put before our own (in sshd_config the first value wins). */
  readonly config?: readonly string[];
  /** ssh-keygen arguments per host key; default ed25519, ecdsa and rsa. */
  readonly hostKeys?: readonly (readonly string[])[];
  /** Type of the client's key. */
  readonly clientKey?: readonly string[];
  /** OpenSSH 10 in place of the machine's. */
  readonly openSsh10?: boolean;
  /** Accepts certificates of users that the key `authority` in its folder has signed. */
  readonly authority?: true;
  /** ssh-keygen's arguments for the key `authority`; default ed25519. */
  readonly authorityKey?: readonly string[];
  /** Signs each host key with the key `authority`; ssh-keygen's arguments. */
  readonly hostCertificate?: readonly string[];
  /** Software name in the identification, at most as long as sshd's own. */
  readonly software?: string;
}

export function keygen(path: string, args: readonly string[]): void {
  execFileSync("ssh-keygen", ["-q", "-N", "", "-C", "test", "-f", path, ...args]);
}

export async function startSshd(options: SshdOptions = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-sshd-"));
  mkdirSync("/run/sshd", { recursive: true });
  const types = options.hostKeys ?? [
    ["-t", "ed25519"],
    ["-t", "ecdsa"],
    ["-t", "rsa", "-b", "2048"],
  ];
  const hostKeys = new Map<string, string>();
  const keyFiles = types.map((args, index) => {
    const path = join(folder, `host-${index}`);
    keygen(path, args);
    const [type = "", blob = ""] = readFileSync(`${path}.pub`, "utf8").split(" ");
    hostKeys.set(type, `${type} ${blob}`);
    return path;
  });
  const authority = join(folder, "authority");
  if (options.authority === true || options.hostCertificate !== undefined)
    keygen(authority, options.authorityKey ?? ["-t", "ed25519"]);
  const certificates =
    options.hostCertificate === undefined ? [] : keyFiles.map((path) => `${path}-cert.pub`);
  for (const path of certificates)
    execFileSync("ssh-keygen", [
      ...["-q", "-h", "-s", authority, "-I", "the host", ...(options.hostCertificate ?? [])],
      path.replace(/-cert\.pub$/, ".pub"),
    ]);
  const clientKey = join(folder, "client");
  keygen(clientKey, options.clientKey ?? ["-t", "ed25519"]);
  const authorized = join(folder, "authorized_keys");
  writeFileSync(authorized, readFileSync(`${clientKey}.pub`));
  const port = await freePort();
  const config = [
    ...(options.config ?? []),
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    ...keyFiles.map((path) => `HostKey ${path}`),
    ...certificates.map((path) => `HostCertificate ${path}`),
    ...(options.authority === true ? [`TrustedUserCAKeys ${authority}.pub`] : []),
    `AuthorizedKeysFile ${authorized}`,
    `PidFile ${join(folder, "pid")}`,
    "StrictModes no",
    "PermitRootLogin yes",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "UseDNS no",
    "PrintMotd no",
    // An empty home: the account's own start-up files would be most of what these tests wait for.
    `SetEnv HOME=${folder}`,
    "LogLevel VERBOSE",
  ];
  const named = options.software === undefined ? SSHD : sshdNamed(options.software, folder);
  const newer = options.openSsh10 === true ? openSsh10(folder) : undefined;
  writeFileSync(join(folder, "sshd_config"), `${[...config, ...(newer?.config ?? [])].join("\n")}\n`);
  const [program = "", ...args] = newer?.command ?? [named];
  const child = spawn(program, [...args, "-D", "-e", "-f", join(folder, "sshd_config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  return serve(child, port, folder, clientKey, hostKeys, /Server listening on/);
}

/** How OpenSSH 10 is started beside the machine's libraries: each of its programs by its own loader. */
function openSsh10(folder: string): {
  readonly command: readonly string[];
  readonly config: readonly string[];
} {
  const libraries = readdirSync(join(OPENSSH_10, "lib"))
    .map((name) => join(OPENSSH_10, "lib", name))
    .find((path) => existsSync(join(path, "libcrypto.so.3")));
  if (libraries === undefined) throw new Error(`no libraries in ${OPENSSH_10}`);
  const loader = readdirSync(libraries).find((name) => name.startsWith("ld-linux-"));
  const by = (program: string) => [
    join(libraries, loader ?? ""),
    "--library-path",
    libraries,
    join(OPENSSH_10, program),
  ];
  const script = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\nexec ${by(`lib/openssh/${name}`).join(" ")} "$@"\n`, { mode: 0o755 });
    return path;
  };
  return {
    command: by("sbin/sshd"),
    config: [`SshdSessionPath ${script("sshd-session")}`, `SshdAuthPath ${script("sshd-auth")}`],
  };
}

/**
 * A copy of sshd that identifies itself as `SSH-2.0-SOFTWARE`: the name stands in the program as a string. A proxy could not
 * do that, since both sides sign the identification.
 */
function sshdNamed(software: string, folder: string): string {
  const program = readFileSync(SSHD);
  const whole = /\0(OpenSSH_[\d.]+p\d+ [^\0]+)\0/.exec(program.toString("latin1"))?.[1];
  if (whole === undefined || software.length > whole.length)
    throw new Error(`no place for "${software}" in ${SSHD}`);
  const at = program.indexOf(`${whole}\0`);
  program.fill(0, at, at + whole.length).write(software, at, "latin1");
  const copy = join(folder, "sshd");
  writeFileSync(copy, program, { mode: 0o755 });
  return copy;
}

export async function startDropbear(extra: readonly string[] = []): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-dropbear-"));
  const hostKey = join(folder, "host");
  const made = execFileSync("dropbearkey", ["-t", "ed25519", "-f", hostKey], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [type = "", blob = ""] = (/^ssh-ed25519 \S+/m.exec(made)?.[0] ?? "").split(" ");
  const clientKey = join(folder, "client");
  keygen(clientKey, ["-t", "ed25519"]);
  // Dropbear 2022 reads the account's own file only; -D (2024) is not there yet. HOME cannot be set for it either.
  const port = await freePort();
  const child = spawn(DROPBEAR, ["-F", "-E", "-p", `127.0.0.1:${port}`, "-r", hostKey, ...extra], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  return serve(child, port, folder, clientKey, new Map([[type, `${type} ${blob}`]]), /Not backgrounding/);
}

async function serve(
  child: ChildProcess,
  port: number,
  folder: string,
  clientKey: string,
  hostKeys: ReadonlyMap<string, string>,
  ready: RegExp,
): Promise<TestServer> {
  let log = "";
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
      if (ready.test(log)) resolve();
    });
    child.once("exit", () => reject(new Error(`server did not start: ${log}`)));
  });
  return {
    port,
    folder,
    clientKey,
    hostKeys,
    pid: child.pid ?? 0,
    log: () => log,
    stop: async () => {
      const family = descendants(child.pid ?? 0);
      child.kill("SIGTERM");
      await exited;
      // A shell that was hung up writes its history into its home, after the server has gone: no folder goes before its shells.
      await endProcesses(family);
      await endProcesses(processesAtHome(folder));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject()));
    });
  });
}
