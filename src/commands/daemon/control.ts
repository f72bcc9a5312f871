import { readlinkSync } from "node:fs";
import { userInfo } from "node:os";
import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { ask, say } from "../../daemon/ask.ts";
import type { Status } from "../../daemon/control.ts";
import { dialDaemon } from "../../daemon/dial.ts";
import { daemonPlace } from "../../daemon/place.ts";
import { print } from "../stdout.ts";

/** Closing its sessions takes at most three seconds. */
const STOP_MS = 15_000;
const NOT_RUNNING = 3;

export async function stopDaemon(around: Surroundings, version: string, force: boolean): Promise<number> {
  const place = daemonPlace(around);
  const reached = await dialDaemon(place, version, "control");
  if (reached === undefined) {
    print("no daemon runs\n");
    return 0;
  }
  const { status } = await ask(reached, { do: "stop", force });
  const deadline = performance.now() + STOP_MS;
  while (isAlive(status.pid)) {
    if (performance.now() > deadline) {
      process.stderr.write(
        `ssh-mcp: the daemon (process ${status.pid}) has not ended within ${STOP_MS / 1000} s\n`,
      );
      return 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const closed = status.sessions.map(({ name }) => name).join(", ");
  print(`the daemon has ended${closed === "" ? "" : `; closed: ${closed}`}\n`);
  return 0;
}

export async function showStatus(around: Surroundings, version: string, json: boolean): Promise<number> {
  const place = daemonPlace(around);
  const reached = await dialDaemon(place, version, "control");
  if (reached === undefined) {
    print(json ? "null\n" : `no daemon runs for ${place.inventory}\n`);
    return NOT_RUNNING;
  }
  const { status } = await ask(reached, { do: "status" });
  print(json ? `${JSON.stringify(status, undefined, 2)}\n` : statusText(status));
  return 0;
}

function statusText({ pid, version, inventory, memoryMb, clients, sessions, lost }: Status): string {
  const lines = [
    `process ${pid}, version ${version}, ${memoryMb} MB, inventory ${inventory}\n`,
    clients.length === 0 ? "no client is connected\n" : `clients: ${clients.join(", ")}\n`,
    ...(sessions.length === 0 ? ["no session is open\n"] : []),
    ...sessions.map(({ name, host, state, by, running, here, keyboard }) => {
      const facts = [
        state,
        host === name ? undefined : `on ${host}`,
        by && `of ${by}`,
        running && `${running} runs`,
        here && `attached: ${here.join(", ")}`,
        keyboard && `${keyboard} has the keyboard`,
      ];
      return `${name}  ${facts.filter((fact) => fact !== undefined).join(" · ")}\n`;
    }),
    ...say(lost),
  ];
  return lines.join("");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Has the daemon do one thing, and prints what it says. @throws SshMcpError where it refuses. */
export async function tell(around: Surroundings, version: string, word: object): Promise<number> {
  const reached = await dialDaemon(daemonPlace(around), version, "control");
  if (reached === undefined)
    throw new SshMcpError(
      "unknown_session",
      "no daemon runs, so it has no session",
      "ssh-mcp attach HOST starts it.",
    );
  print(`${(await ask(reached, word)).said}\n`);
  return 0;
}

/** Who sits here, as others see it: `jo at pts/3`. */
export function person(): string {
  const tty = terminalName();
  return `${userInfo().username}${tty === undefined ? "" : ` at ${tty}`}`;
}

function terminalName(): string | undefined {
  try {
    const path = readlinkSync("/proc/self/fd/0");
    return path.startsWith("/dev/") ? path.slice("/dev/".length) : undefined;
  } catch {
    return undefined;
  }
}
