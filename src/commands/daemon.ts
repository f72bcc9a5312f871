import { SshMcpError } from "../base/errors.ts";
import { CONFIG, LAB, surroundings } from "./options.ts";
import type { Given, Subcommand } from "./subcommand.ts";

const IDLE = {
  flags: "--idle <seconds>",
  help: "end after so long without a client and a session; 0: never (default: 900)",
};

const start: Subcommand = {
  name: "start",
  summary: "start the process that owns the sessions, unless it runs",
  options: [CONFIG, LAB, IDLE, { flags: "--foreground", help: "be that process, for systemd and launchd" }],
  examples: [
    ["ssh-mcp daemon start", "clients that are started with --daemon do this themselves"],
    ["ssh-mcp daemon start --foreground --idle 0", "under a supervisor, for good"],
  ],
  notes: "Exit code 0: it runs. 1: it could not be started.",
  async run(given, setting) {
    const around = surroundings(given, setting);
    const idleS = idleIn(given);
    const idle = idleS === undefined ? {} : { idleS };
    if (given.flag("foreground")) {
      const { beDaemon } = await import("./daemon/start.ts");
      return beDaemon(around, { version: setting.version, ...idle });
    }
    const { startDaemon } = await import("./daemon/start.ts");
    return startDaemon(around, { version: setting.version, self: setting.self, ...idle });
  },
};

const FORCE = { flags: "--force", help: "also while commands run" };

const stop: Subcommand = {
  name: "stop",
  summary: "close the sessions and end the daemon; not while commands run",
  options: [CONFIG, LAB, FORCE],
  examples: [["ssh-mcp daemon stop", "says which sessions it closed"]],
  notes: "Exit code 0: it has ended, or none ran. 1: commands run, or it did not end.",
  async run(given, setting) {
    const { stopDaemon } = await import("./daemon/control.ts");
    return stopDaemon(surroundings(given, setting), setting.version, given.flag("force"));
  },
};

const status: Subcommand = {
  name: "status",
  summary: "show the daemon, its clients and its sessions",
  options: [CONFIG, LAB, { flags: "--json", help: "as JSON" }],
  examples: [["ssh-mcp daemon status", "who is connected, and what is open"]],
  notes: "Exit code 0: it runs. 3: it does not.",
  async run(given, setting) {
    const { showStatus } = await import("./daemon/control.ts");
    return showStatus(surroundings(given, setting), setting.version, given.flag("json"));
  },
};

const log: Subcommand = {
  name: "log",
  summary: "print the daemon's own log, one JSON object a line",
  options: [CONFIG, LAB, { flags: "--last <count>", help: "how many lines (default: 50)" }],
  examples: [["ssh-mcp daemon log --last 20", "the newest twenty lines"]],
  async run(given, setting) {
    const { showDaemonLog } = await import("./daemon/log.ts");
    return showDaemonLog(surroundings(given, setting), whole(given, "last") ?? 50);
  },
};

const restart: Subcommand = {
  name: "restart",
  summary: "stop the daemon and start this version of it",
  options: [CONFIG, LAB, IDLE, FORCE],
  examples: [["ssh-mcp daemon restart", "after an update of ssh-mcp; its sessions are closed"]],
  notes: "Exit code 0: the new one runs. 1: commands run, or it could not be started.",
  async run(given, setting) {
    const around = surroundings(given, setting);
    const idleS = idleIn(given);
    const { stopDaemon } = await import("./daemon/control.ts");
    const stopped = await stopDaemon(around, setting.version, given.flag("force"));
    if (stopped !== 0) return stopped;
    const { startDaemon } = await import("./daemon/start.ts");
    const idle = idleS === undefined ? {} : { idleS };
    return startDaemon(around, { version: setting.version, self: setting.self, ...idle });
  },
};

const FILES = { flags: "--files-only", help: "switch nothing on or off; print the commands that do" };

const install: Subcommand = {
  name: "install",
  summary: "have systemd (for this user, on its socket) or launchd start the daemon",
  options: [CONFIG, LAB, FILES],
  examples: [["ssh-mcp daemon install", "the first client that connects starts it"]],
  async run(given, setting) {
    const { installService } = await import("./daemon/service.ts");
    return installService(surroundings(given, setting), setting.self, given.flag("filesOnly"));
  },
};

const uninstall: Subcommand = {
  name: "uninstall",
  summary: "undo ssh-mcp daemon install",
  options: [CONFIG, LAB, FILES],
  examples: [["ssh-mcp daemon uninstall", "its sessions are closed"]],
  async run(given, setting) {
    const { uninstallService } = await import("./daemon/service.ts");
    return uninstallService(surroundings(given, setting), setting.self, given.flag("filesOnly"));
  },
};

/** `ssh-mcp daemon`; alone it shows the status. */
export const daemon: Subcommand = {
  ...status,
  name: "daemon",
  summary: "sessions that outlive clients: start, stop, …",
  subcommands: [start, stop, status, log, restart, install, uninstall],
};

function idleIn(given: Given): number | undefined {
  return whole(given, "idle");
}

function whole(given: Given, name: string): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new SshMcpError("invalid_argument", `--${name} takes a whole number from 0, not ${text}`);
}
