import { SshMcpError } from "../base/errors.ts";
import type { Status } from "./control.ts";
import type { ToDaemon } from "./dial.ts";
import { readFrames, wordIn, writeWord } from "./frames.ts";

/** What the daemon answers; which of it depends on what it was asked. */
export interface Answered {
  readonly status: Status;
  readonly said: string;
}

/** The daemon answers from memory. */
const ANSWER_MS = 10_000;

/** Asks the daemon one thing and ends the connection. @throws SshMcpError where it refuses, with what to do. */
export function ask({ socket }: ToDaemon, word: object): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const over = (settle: () => void) => {
      clearTimeout(timer);
      settle();
      socket.end();
    };
    const failed = (why: string) =>
      over(() => reject(new SshMcpError("connect_failed", `the daemon ${why}`)));
    const timer = setTimeout(() => failed(`did not answer within ${ANSWER_MS / 1000} s`), ANSWER_MS);
    const answered = (content: Buffer) => {
      const { ok, why, next, ...rest } = wordIn(content) ?? {};
      over(() => {
        if (ok === true) return resolve(statusIn(rest));
        reject(new SshMcpError("not_ready", String(why), typeof next === "string" ? next : undefined));
      });
    };
    readFrames(
      socket,
      (_kind, content) => answered(content),
      () => failed("sent something that is no answer"),
    );
    socket.once("close", () => failed("ended the connection"));
    socket.resume();
    writeWord(socket, word);
  });
}

/** Lines of what was lost, for a person. */
export function say(lost: readonly string[]): readonly string[] {
  if (lost.length === 0) return [];
  return [
    "lost when the daemon before it was killed; nothing was sent again:\n",
    ...lost.map((what) => `  ${what}\n`),
  ];
}

/** Both sides are this program, of one protocol: the shape is its own. */
function statusIn(rest: { readonly [name: string]: unknown }): Answered {
  return rest as unknown as Answered;
}
