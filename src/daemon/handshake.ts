import type { Socket } from "node:net";
import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";

/** Raised whenever a front and a daemon of different versions would misunderstand each other. */
export const PROTOCOL = 1;
/** Bytes of the first line; both sides say little. */
const LONGEST_LINE = 16 * 1024;
/** A daemon that does not answer is busy or hangs; a front that says nothing is none. */
const ANSWER_MS = 10_000;

const ROLES = ["mcp", "control", "attach", "web"] as const;
/** What a front wants of the daemon. */
export type Role = (typeof ROLES)[number];

/** The first line of a front. What else it says is for its role. */
export interface Hello {
  readonly sshMcp: number;
  readonly version: string;
  readonly role: Role;
  readonly pid: number;
  readonly [more: string]: unknown;
}

/** The first line of the daemon; `ok` false: nothing else follows. */
export type Welcome =
  | { readonly sshMcp: number; readonly version: string; readonly pid: number; readonly ok: true }
  | {
      readonly sshMcp: number;
      readonly version: string;
      readonly pid: number;
      readonly ok: false;
      readonly why: string;
      readonly next: string;
    };

/** Reads the first line of a connection; what came behind it is put back. Rejects where there is none in time. */
export function firstLine(socket: Socket): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.off("data", onData).off("close", onClose).off("error", onError);
      socket.pause();
      settle();
    };
    const onData = (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      const at = held.indexOf(0x0a);
      if (at < 0 && held.length <= LONGEST_LINE) return;
      end(() => {
        const line = at < 0 ? undefined : objectIn(held.subarray(0, at).toString("utf8"));
        if (line === undefined) return reject(new Error("the first line is none of this program"));
        if (held.length > at + 1) socket.unshift(held.subarray(at + 1));
        resolve(line);
      });
    };
    const onClose = () => end(() => reject(new Error("the connection was closed before its first line")));
    const onError = (error: Error) => end(() => reject(error));
    const timer = setTimeout(
      () => end(() => reject(new Error(`nothing was said within ${ANSWER_MS / 1000} s`))),
      ANSWER_MS,
    );
    socket.on("data", onData).once("close", onClose).once("error", onError);
  });
}

export function sayLine(socket: Socket, line: object): void {
  socket.write(`${JSON.stringify(line)}\n`);
}

/** A front's first line, understood; undefined: it is none, or of another protocol. */
export function helloIn(line: Readonly<Record<string, unknown>>): Hello | undefined {
  const { sshMcp, version, role, pid } = line;
  if (sshMcp !== PROTOCOL || typeof version !== "string" || typeof pid !== "number") return undefined;
  const known = ROLES.find((one) => one === role);
  return known && { ...line, sshMcp, version, role: known, pid };
}

/** @throws SshMcpError where the daemon refuses, or is of another protocol: what to do is its next step. */
export function assertWelcome(
  line: Readonly<Record<string, unknown>>,
  own: string,
): { version: string; pid: number } {
  const { sshMcp, version: said, pid, ok, why, next } = line;
  const version = typeof said === "string" ? visibleLine(said, 40) : "unknown";
  if (ok === true && sshMcp === PROTOCOL && typeof pid === "number") return { version, pid };
  if (ok === false && typeof why === "string" && sshMcp === PROTOCOL)
    throw new SshMcpError(
      "unsupported",
      visibleLine(why, 400),
      typeof next === "string" ? visibleLine(next, 400) : undefined,
    );
  throw new SshMcpError(
    "unsupported",
    `the daemon that runs is ssh-mcp ${version}, this is ${own}, and they do not understand each other`,
    OTHER_VERSION,
  );
}

/** What closes nothing comes first. */
export const OTHER_VERSION =
  "Its sessions go on. ssh-mcp daemon restart closes them and starts this version; without --daemon this server runs by itself.";

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
