import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { type DaemonPlace, daemonPlace, privateFolder } from "../../daemon/place.ts";
import { print } from "../stdout.ts";

/** A file of the system that starts services for a user. */
export interface ServiceFile {
  readonly path: string;
  readonly text: string;
}

/** What is installed, and the commands that make it count. */
export interface Service {
  readonly files: readonly ServiceFile[];
  readonly on: readonly (readonly string[])[];
  readonly off: readonly (readonly string[])[];
}

/** The name of the service: there is one for each inventory. */
function nameOf({ socket }: DaemonPlace): string {
  const id = /([0-9a-f]{12})\.sock$/.exec(socket)?.[1] ?? "default";
  return `ssh-mcp-${id}`;
}

/** A word in a unit file: quotes, and `%` and `$`, which have a meaning there (systemd.service(5)). */
function unitWord(word: string): string {
  const escaped = word
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("%", "%%")
    .replaceAll("$", "$$$$");
  return `"${escaped}"`;
}

function unitPath(path: string): string {
  return path.replaceAll("%", "%%");
}

/** Started by the first client: systemd listens on the socket, and hands it over. */
export function systemdService(place: DaemonPlace, argv: readonly string[], around: Surroundings): Service {
  const name = nameOf(place);
  const config = around.env.XDG_CONFIG_HOME?.startsWith("/")
    ? around.env.XDG_CONFIG_HOME
    : join(around.home, ".config");
  const folder = join(config, "systemd", "user");
  const state = around.env.XDG_STATE_HOME?.startsWith("/")
    ? [`Environment=${unitWord(`XDG_STATE_HOME=${around.env.XDG_STATE_HOME}`)}`]
    : [];
  const socket = [
    "[Unit]",
    "Description=Socket of the ssh-mcp daemon",
    "",
    "[Socket]",
    `ListenStream=${unitPath(place.socket)}`,
    "SocketMode=0600",
    "DirectoryMode=0700",
    "",
    "[Install]",
    "WantedBy=sockets.target",
  ];
  const service = [
    "[Unit]",
    "Description=ssh-mcp daemon, which owns SSH sessions for agents",
    `Requires=${name}.socket`,
    `After=${name}.socket`,
    "",
    "[Service]",
    `ExecStart=${argv.map(unitWord).join(" ")}`,
    ...state,
    "KillMode=mixed",
    "TimeoutStopSec=10",
    "NoNewPrivileges=yes",
  ];
  return {
    files: [
      { path: join(folder, `${name}.socket`), text: `${socket.join("\n")}\n` },
      { path: join(folder, `${name}.service`), text: `${service.join("\n")}\n` },
    ],
    on: [
      ["systemctl", "--user", "daemon-reload"],
      ["systemctl", "--user", "enable", "--now", `${name}.socket`],
    ],
    off: [
      ["systemctl", "--user", "disable", "--now", `${name}.socket`, `${name}.service`],
      ["systemctl", "--user", "daemon-reload"],
    ],
  };
}

/** Started at login and again when it ends; launchd's own sockets need a call that Node has not, so it listens itself. */
export function launchdService(place: DaemonPlace, argv: readonly string[], around: Surroundings): Service {
  const label = `io.${nameOf(place)}`;
  const path = join(around.home, "Library", "LaunchAgents", `${label}.plist`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${xml(label)}</string>
  <key>ProgramArguments</key>
  <array>
${argv.map((word) => `    <string>${xml(word)}</string>`).join("\n")}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ProcessType</key>
  <string>Interactive</string>
</dict>
</plist>
`;
  return {
    files: [{ path, text }],
    on: [["launchctl", "load", "-w", path]],
    off: [["launchctl", "unload", "-w", path]],
  };
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Undefined: this system has neither. */
function serviceFor(around: Surroundings, self: readonly string[], platform: string): Service | undefined {
  const place = daemonPlace(around);
  const config = around.configPath === undefined ? [] : ["--config", place.inventory];
  const argv = [
    ...self,
    "daemon",
    "start",
    "--foreground",
    "--idle",
    "0",
    ...config,
    ...(around.lab ? ["--lab"] : []),
  ];
  if (platform === "linux") return systemdService(place, argv, around);
  return platform === "darwin" ? launchdService(place, argv, around) : undefined;
}

/** Writes the files and switches the service on; `only`: writes them, and prints the commands. */
export async function installService(
  around: Surroundings,
  self: readonly string[],
  only: boolean,
): Promise<number> {
  const service = serviceFor(around, self, process.platform);
  if (service === undefined) throw noService();
  privateFolder(daemonPlace(around).folder);
  for (const { path, text } of service.files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    print(`written: ${path}\n`);
  }
  return doAll(service.on, only);
}

export async function uninstallService(
  around: Surroundings,
  self: readonly string[],
  only: boolean,
): Promise<number> {
  const service = serviceFor(around, self, process.platform);
  if (service === undefined) throw noService();
  const code = await doAll(service.off, only);
  for (const { path } of service.files) rmSync(path, { force: true });
  print(`removed: ${service.files.map(({ path }) => path).join(", ")}\n`);
  return code;
}

async function doAll(commands: readonly (readonly string[])[], only: boolean): Promise<number> {
  for (const [program = "", ...args] of commands) {
    const line = [program, ...args].join(" ");
    if (only) {
      print(`run: ${line}\n`);
      continue;
    }
    try {
      await promisify(execFile)(program, args, { timeout: 30_000 });
    } catch (error) {
      process.stderr.write(
        `ssh-mcp: ${line}: ${messageOf(error).trim()}\nRun it by hand once that is mended.\n`,
      );
      return 1;
    }
  }
  return 0;
}

function noService(): SshMcpError {
  return new SshMcpError(
    "unsupported",
    `there is neither systemd nor launchd on ${process.platform}`,
    "ssh-mcp daemon start --foreground --idle 0 runs it under any supervisor.",
  );
}
