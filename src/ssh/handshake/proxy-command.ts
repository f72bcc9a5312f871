import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Duplex } from "node:stream";
import { SshMcpError } from "../../base/errors.ts";
import { killGroup } from "../../base/run-command.ts";
import { visibleLine } from "../../base/text.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import { hopName } from "../protocol/sentences.ts";

/** Of what it says on its standard error, the end. */
const MAX_SAID = 2_000;

/**
 * The input and output of a host's ProxyCommand as one stream, run by the user's shell as ssh does. Destroying the stream
 * ends the command with all that it started. A command that ends before any byte came destroys it with the reason.
 */
export function openProxyCommand(host: ResolvedHost, command: string, env: NodeJS.ProcessEnv): Duplex {
  const child = spawn(env.SHELL || "/bin/sh", ["-c", `exec ${command}`], {
    env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const stream = new ProxyStream(child);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-MAX_SAID);
  });
  const failed = (how: string) => {
    const last = said.trim().split("\n").at(-1) ?? "";
    const words = last === "" ? "" : ` after saying: ${visibleLine(last, 200)}`;
    return new SshMcpError(
      "connect_failed",
      `The ProxyCommand of ${hopName(host)} ${how}${words}.`,
      "Run it by hand, or correct it in the ssh configuration.",
    );
  };
  child.once("error", (error) =>
    stream.destroy(failed(`cannot be started: ${visibleLine(error.message, 100)}`)),
  );
  child.once("close", (code, signal) => {
    if (stream.spoke) stream.push(null);
    else
      stream.destroy(
        failed(signal === null ? `ended with exit code ${code ?? "unknown"}` : `was ended by ${signal}`),
      );
  });
  return stream;
}

/** A child's standard input and output. It ends with the child and not with its output, so that an exit code is known. */
class ProxyStream extends Duplex {
  /** Something came from the command. */
  spoke = false;
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(child: ChildProcessWithoutNullStreams) {
    super({ allowHalfOpen: false });
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => {
      this.spoke = true;
      if (!this.push(chunk)) child.stdout.pause();
    });
    // A command that has ended takes nothing more; how it ended is told by itself.
    child.stdin.on("error", () => {});
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(chunk, () => done());
    else done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    killGroup(this.#child.pid);
    done(error);
  }
}
