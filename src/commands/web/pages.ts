import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { readFrames, wordIn, writeWord } from "../../daemon/frames.ts";
import { reachDaemon } from "../../daemon/start.ts";
import { person } from "../daemon/control.ts";
import { print } from "../stdout.ts";
import type { Setting } from "../subcommand.ts";

export interface PagesWanted {
  readonly port: number;
  readonly type: boolean;
  readonly approve: boolean;
}

/** Has the daemon serve pages until this process ends, and prints links to them. Resolves to the exit code. */
export async function showPages(
  around: Surroundings,
  { version, self }: Setting,
  wanted: PagesWanted,
): Promise<number> {
  const { stdin } = process;
  if (wanted.approve && !(stdin.isTTY && process.stdout.isTTY))
    throw new SshMcpError(
      "invalid_argument",
      "pages that approve are begun at a terminal, and this is none",
      "Run it yourself in a terminal, or leave --approve out.",
    );
  const { socket } = await reachDaemon(around, "web", { ...wanted, who: person() }, { version, self });
  let [code, why] = [1, "the daemon has ended"];
  const left = () => {
    code = 0;
    socket.end();
  };
  const another = () => void writeWord(socket, { link: true });
  readFrames(socket, (_kind, content) => {
    const { link, end } = wordIn(content) ?? {};
    if (typeof end === "string") why = end;
    if (typeof link === "string") print(`${link}\n`);
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, left);
  if (stdin.isTTY) {
    process.stderr.write("Open this link, within two minutes, once. Enter: another one. Ctrl-C: the end.\n");
    stdin.on("data", another);
  }
  socket.resume();
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  stdin.off("data", another).pause();
  if (code !== 0) process.stderr.write(`ssh-mcp: ${visibleLine(why, 2_000)}\n`);
  return code;
}
