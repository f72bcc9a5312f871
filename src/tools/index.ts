import { sshConnect } from "./connect.ts";
import { sshDisconnect } from "./disconnect.ts";
import { sshHosts } from "./hosts.ts";
import { sshRead } from "./read.ts";
import { sshSend } from "./send.ts";
import { sshSessions } from "./sessions.ts";
import { sshShell } from "./shell.ts";
import type { Tool } from "./tool.ts";

/** The agent's vocabulary: constant and in this order, so that a client may cache it. */
export const tools: readonly Tool[] = Object.freeze([
  sshHosts,
  sshConnect,
  sshShell,
  sshSend,
  sshRead,
  sshSessions,
  sshDisconnect,
]);
