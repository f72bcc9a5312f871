import { TOOLSETS, type Toolset } from "../base/toolsets.ts";
import { sshChange } from "./change.ts";
import { sshRun } from "./config/run.ts";
import { sshDiff, sshSnapshot } from "./config/snapshot.ts";
import { sshCheck } from "./core/check.ts";
import { sshConnect } from "./core/connect.ts";
import { sshDisconnect } from "./core/disconnect.ts";
import { sshExec } from "./core/exec.ts";
import { sshHosts } from "./core/hosts.ts";
import { sshRead } from "./core/read.ts";
import { sshSend } from "./core/send.ts";
import { sshSessions } from "./core/sessions.ts";
import { sshShell } from "./core/shell.ts";
import { deviceTools } from "./device.ts";
import { sshDownload } from "./files/download.ts";
import { sshEditFile } from "./files/edit-file.ts";
import { sshIdentity } from "./files/identity.ts";
import { sshListDir } from "./files/list-dir.ts";
import { sshReadFile } from "./files/read-file.ts";
import { sshSync } from "./files/sync.ts";
import { sshUpload } from "./files/upload.ts";
import { sshValidate } from "./files/validate.ts";
import { sshWriteFile } from "./files/write-file.ts";
import { recipeTools } from "./recipes.ts";
import type { Tool } from "./tool.ts";

/** The agent's vocabulary: constant and in this order, so that a client may cache it. */
export const core: readonly Tool[] = Object.freeze([
  sshHosts,
  sshConnect,
  sshShell,
  sshExec,
  sshSend,
  sshRead,
  sshSessions,
  sshDisconnect,
  sshCheck,
]);

/** What stands beside it, where it is switched on. */
export const toolsets: Readonly<Record<Toolset, readonly Tool[]>> = Object.freeze({
  files: Object.freeze([
    sshReadFile,
    sshWriteFile,
    sshEditFile,
    sshListDir,
    sshValidate,
    sshUpload,
    sshDownload,
    sshSync,
    sshIdentity,
  ]),
  monitor: recipeTools("monitor"),
  network: recipeTools("network"),
  devices: deviceTools,
  config: Object.freeze([sshRun, sshSnapshot, sshDiff, sshChange]),
  docker: recipeTools("docker"),
  database: recipeTools("database"),
  voip: recipeTools("voip"),
  // Those of the operator's own folder come with the desk.
  custom: Object.freeze([]),
});

/** All that may be called while these toolsets are on. */
export function toolsOn(on: readonly Toolset[]): readonly Tool[] {
  return [...core, ...on.flatMap((name) => toolsets[name])];
}

/** The toolset a tool is in that is not among the core's. */
export function toolsetOf(name: string): Toolset | undefined {
  return TOOLSETS.find((set) => toolsets[set].some((tool) => tool.name === name));
}
