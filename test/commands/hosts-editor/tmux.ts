import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "../../real/kit/process.ts";
import { until } from "../../real/kit/until.ts";

/** A loaded machine may take this long to start a program. */
const PATIENCE_MS = 40_000;

/** A tmux server of its own: somebody's terminal, with real keys. */
export class Tmux {
  readonly #folder = mkdtempSync(join(tmpdir(), "ssh-mcp-tmux-"));

  /** Runs a shell command in a new terminal of this size; behind it stand its exit code and the terminal's echo. */
  async open(
    command: string,
    size: { cols: number; rows: number },
    env: NodeJS.ProcessEnv,
  ): Promise<Terminal> {
    const words = Object.entries(env).map(([name, value]) => `${name}=${quoted(value ?? "")}`);
    const program = `env -i TERM=xterm-256color LANG=C.UTF-8 ${words.join(" ")} ${command}`;
    const modes = "stty -a | grep -o -E -e ' -?(echo|icanon) '";
    const line = `${program}; echo "ended with $?"; ${modes}; exec sleep 600`;
    const at = ["-x", `${size.cols}`, "-y", `${size.rows}`];
    const id = await this.#tmux("new-session", "-d", ...at, "-P", "-F", "#{pane_id}", line);
    return new Terminal((...args) => this.#tmux(...args), id.trim(), this.#folder);
  }

  stop(): void {
    try {
      execFileSync("tmux", ["-S", join(this.#folder, "tmux"), "kill-server"], { stdio: "ignore" });
    } catch {
      // It never ran.
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  #tmux(...args: string[]): Promise<string> {
    const own = ["-u", "-S", join(this.#folder, "tmux"), "-f", "/dev/null"];
    return mustRun("tmux", [...own, ...args], { env: { LANG: "C.UTF-8", TMUX: "" } });
  }
}

export class Terminal {
  readonly #tmux: (...args: string[]) => Promise<string>;
  readonly #id: string;
  readonly #folder: string;

  constructor(tmux: (...args: string[]) => Promise<string>, id: string, folder: string) {
    this.#tmux = tmux;
    this.#id = id;
    this.#folder = folder;
  }

  /** The rows that are seen now; `colours`: with the escape sequences that colour them. */
  screen(colours = false): Promise<string> {
    return this.#tmux("capture-pane", "-p", ...(colours ? ["-e"] : []), "-t", this.#id);
  }

  /** Waits until the screen shows this, and returns it. */
  async sees(wanted: RegExp): Promise<string> {
    let seen = "";
    await until(
      async () => {
        seen = await this.screen();
        return wanted.test(seen);
      },
      { timeoutMs: PATIENCE_MS, everyMs: 25, describe: () => `${wanted} on this screen:\n${seen}` },
    );
    return seen;
  }

  /** Types text, then keys by their names: `Enter`, `Escape`, `C-c`. */
  async type(text: string, ...keys: string[]): Promise<void> {
    if (text !== "") await this.#tmux("send-keys", "-t", this.#id, "-l", text);
    if (keys.length > 0) await this.#tmux("send-keys", "-t", this.#id, ...keys);
  }

  /** As a terminal pastes: at once, between its marks where the program has asked for them. */
  async pastes(text: string): Promise<void> {
    // A word of tmux's own commands may not be that long.
    const file = join(this.#folder, "pasted");
    writeFileSync(file, text);
    await this.#tmux("load-buffer", "-b", "pasted", file);
    await this.#tmux("paste-buffer", "-p", "-d", "-b", "pasted", "-t", this.#id);
  }

  /** At a question that is on the screen: narrows its list down and takes the row. */
  async picks(question: RegExp, words: string): Promise<void> {
    await this.sees(asked(question));
    await this.type(words, "Enter");
  }

  /** At a question for a text: types it in place of what stands there. */
  async answers(question: RegExp, text: string): Promise<void> {
    await this.sees(asked(question));
    await this.type("", "C-u");
    await this.type(text, "Enter");
  }

  async resize({ cols, rows }: { cols: number; rows: number }): Promise<void> {
    await this.#tmux("resize-window", "-t", this.#id, "-x", `${cols}`, "-y", `${rows}`);
  }

  /** The terminal goes away under what runs in it, which is hung up. */
  async die(): Promise<void> {
    await this.#tmux("kill-pane", "-t", this.#id);
  }

  /** Whether the cursor is visible. */
  async cursor(): Promise<boolean> {
    return (await this.#tmux("display-message", "-p", "-t", this.#id, "#{cursor_flag}")).trim() === "1";
  }
}

/** A question that waits for its answer: its mark is another one behind it. */
function asked(question: RegExp): RegExp {
  return new RegExp(`[◆▲] +${question.source}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
