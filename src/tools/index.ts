import { sshConnect } from "./core/connect.ts";
import { sshDisconnect } from "./core/disconnect.ts";
import { sshExec } from "./core/exec.ts";
import { sshHosts } from "./core/hosts.ts";
import { sshRead } from "./core/read.ts";
import { sshSend } from "./core/send.ts";
import { sshSessions } from "./core/sessions.ts";
import { sshShell } from "./core/shell.ts";
import type { Tool } from "./tool.ts";

/** The agent's vocabulary: constant and in this order, so that a client may cache it. */
export const tools: readonly Tool[] = Object.freeze([
  sshHosts,
  sshConnect,
  sshShell,
  sshExec,
  sshSend,
  sshRead,
  sshSessions,
  sshDisconnect,
]);
