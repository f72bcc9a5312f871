import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReadStream } from "node:tty";
import { mustRun } from "../kit/process.ts";
import { until } from "../kit/until.ts";

/** What a terminal shows: all rows, right-trimmed, the cursor (a pending wrap counts as the last column), the buffer. */
export interface Shown {
  readonly rows: readonly string[];
  readonly cursor: string;
  readonly alternate: boolean;
}

const CONFIG = [
  "set -g status off",
  "set -g default-terminal xterm-256color",
  "set -g allow-rename off",
  "set -g set-clipboard off",
  "set -g bell-action none",
  "",
].join("\n");

/** Somebody else's terminal: a tmux server of its own, whose pane shows exactly the bytes it is given. */
export class TmuxJudge {
  readonly #dir: string;
  readonly #socket: string;
  readonly #size: { cols: number; rows: number };

  constructor(size: { cols: number; rows: number }) {
    this.#dir = mkdtempSync(join(tmpdir(), "ssh-mcp-judge-"));
    this.#socket = join(this.#dir, "tmux");
    this.#size = size;
    writeFileSync(join(this.#dir, "tmux.conf"), CONFIG);
  }

  /** A fresh pane; `show` feeds it further bytes. */
  async pane(): Promise<Pane> {
    const { cols, rows } = this.#size;
    const size = ["-x", `${cols}`, "-y", `${rows}`];
    const command = "stty raw -echo; printf ready; exec sleep 600";
    const format = ["-P", "-F", "#{pane_id} #{pane_tty}"];
    const made = await this.#tmux(["new-session", "-d", ...size, ...format, command]);
    const [id = "", tty = ""] = made.trim().split(" ");
    // Only now is the tty raw: bytes pass it unchanged.
    await until(async () => (await this.#tmux(["capture-pane", "-p", "-t", id])).startsWith("ready"), {
      describe: "the pane's tty is raw",
    });
    const pane = new Pane((args) => this.#tmux(args), id, tty);
    await pane.write(Buffer.from("\u001bc"));
    return pane;
  }

  stop(): void {
    try {
      execFileSync("tmux", ["-S", this.#socket, "kill-server"], { stdio: "ignore" });
    } catch {
      // It never ran, or has ended with its last pane.
    }
    rmSync(this.#dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  #tmux(args: readonly string[]): Promise<string> {
    const own = ["-u", "-S", this.#socket, "-f", join(this.#dir, "tmux.conf")];
    return mustRun("tmux", [...own, ...args], { env: { TERM: "xterm-256color", LANG: "C.UTF-8", TMUX: "" } });
  }
}

export class Pane {
  readonly #tmux: (args: readonly string[]) => Promise<string>;
  readonly #id: string;
  readonly #fd: number;
  readonly #replies: ReadStream;
  #heard = "";

  constructor(tmux: (args: readonly string[]) => Promise<string>, id: string, tty: string) {
    this.#tmux = tmux;
    this.#id = id;
    this.#fd = openSync(tty, constants.O_WRONLY | constants.O_NOCTTY);
    this.#replies = new ReadStream(openSync(tty, constants.O_RDONLY | constants.O_NOCTTY));
    this.#replies.on("data", (chunk: Buffer) => {
      this.#heard += chunk.toString("latin1");
    });
  }

  /**
   * Draws bytes that end outside any sequence; resolves once tmux has drawn them all: a status report (DSR 5) behind them is
   * answered in its turn.
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#heard = "";
    const all = Buffer.concat([bytes, Buffer.from("\u001b[5n")]);
    const answers = all.toString("latin1").split("\u001b[5n").length - 1;
    for (let at = 0; at < all.length; ) at += writeSync(this.#fd, all.subarray(at));
    await until(() => this.#heard.split("\u001b[0n").length - 1 >= answers, {
      describe: "tmux's answer to a status report",
      everyMs: 1,
    });
  }

  async shown(): Promise<Shown> {
    const text = await this.#tmux(["capture-pane", "-p", "-e", "-t", this.#id]);
    const format = "#{cursor_y},#{cursor_x} #{pane_width} #{alternate_on}";
    const facts = await this.#tmux(["display-message", "-p", "-t", this.#id, format]);
    const [cursor = "", width = "", alternate = ""] = facts.trim().split(" ");
    const [row = "", col = ""] = cursor.split(",");
    return {
      rows: plainRows(text),
      cursor: `${row},${Math.min(Number(col), Number(width) - 1)}`,
      alternate: alternate === "1",
    };
  }

  /** Lets go of the tty. tmux keeps the pane: a server that loses its last one ends, just when the next is wanted. */
  close(): void {
    closeSync(this.#fd);
    this.#replies.destroy();
  }
}

/** DEC special graphics, "`" to "~": capture-pane prints the letter, and SO and SI around letters that are drawn as these. */
const GRAPHICS = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";

/** The rows of `capture-pane -e`: without colours and links, line drawing as the characters it stands for. */
function plainRows(captured: string): string[] {
  const text = captured.replace(/\u001b\[[0-9;:]*m|\u001b\]8;[^\u001b]*\u001b\\/g, "").replace(/\n$/, "");
  // A shift holds on into the next row.
  const drawn = text.replace(/\u000e([^\u000f]*)\u000f?/g, (_, shifted: string) =>
    shifted.replace(/[`-~]/g, (letter) => GRAPHICS[letter.charCodeAt(0) - 0x60] ?? letter),
  );
  return drawn.split("\n").map((row) => row.trimEnd());
}
