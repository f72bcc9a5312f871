import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { answerSecret } from "../../daemon/answer-secret.ts";
import { readFrames, wordIn, writeFrame, writeWord } from "../../daemon/frames.ts";
import { reachDaemon } from "../../daemon/start.ts";
import { person } from "../daemon/control.ts";
import type { Setting } from "../subcommand.ts";
import { answerWaiting } from "./answer-waiting.ts";
import { askPerson } from "./ask-person.ts";
import { KeyReader } from "./keys.ts";
import { Pages } from "./pages.ts";

export interface Attaching {
  readonly session: string;
  readonly readOnly: boolean;
  readonly smallest: boolean;
}

const HELP = [
  "Keys behind Ctrl-\\ (Ctrl and backslash):",
  "",
  "  t        take the keyboard: agents cannot type meanwhile; again: hand it back",
  "  i        let agents send the interrupt key meanwhile, or not any more",
  "  c        send Ctrl-C, also without the keyboard",
  "  a        answer what waits for an approval in this session",
  "  h        scroll back in what was printed",
  "  l        repaint",
  "  z        stop this program, as Ctrl-Z does others, without the keyboard; fg comes back",
  "  d        detach; the session goes on",
  "  Ctrl-\\   send Ctrl-\\ itself",
];

/** The alternate screen of the person's own terminal, and back with everything a session may have switched on. */
const ENTER = "\u001b[?1049h\u001b[?7l";
const LEAVE = "\u001b[?2026l\u001b[?1l\u001b[?2004l\u001b[?7h\u001b[m\u001b[?25h\u001b[?1049l";

/** From the last word to the daemon until the connection is closed from here. */
const LEAVING_MS = 2_000;

/** One key: a sequence, or a character. */
const KEY = /\u001b\[[\d;]*[~A-Za-z]|\u001bO[A-Z]|[\s\S]/g;
const BEGUN = /\u001b(\[[\d;]*|O)?$/;
/** The rest of a sequence comes so soon; otherwise it was the Escape key. */
const REST_MS = 50;

/** Attaches this terminal to a session. Resolves to the exit code; the terminal is as it was, however this ends. */
export async function attachTo(
  around: Surroundings,
  { version, self }: Setting,
  wanted: Attaching,
): Promise<number> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY)
    throw new SshMcpError(
      "unsupported",
      "attach needs a terminal: stdin or stdout is none",
      "ssh-mcp sessions lists the sessions.",
    );
  const { env } = around;
  const { socket } = await reachDaemon(
    around,
    "attach",
    {
      ...wanted,
      ...size(),
      who: person(),
      ...(env.SSH_AUTH_SOCK === undefined ? {} : { agentSocket: env.SSH_AUTH_SOCK }),
    },
    { version, self },
  );
  const screen = new Screen(() => writeWord(socket, { again: true }));
  let holds = false;
  let said: { readonly text: string; readonly failed: boolean } = {
    text: "the daemon has ended",
    failed: true,
  };
  const left = () => {
    said = { text: "detached; the session goes on", failed: false };
    socket.end();
    // A daemon that does not answer keeps nobody: it sees the connection go.
    setTimeout(() => socket.destroy(), LEAVING_MS).unref();
  };
  const keys = new KeyReader({
    typed: (bytes) => screen.paged(bytes) || writeFrame(socket, "data", bytes),
    pasted: (bytes) => screen.paged(bytes) || writeFrame(socket, "data", bytes),
    notPasted: (notTyped) => writeWord(socket, { notTyped }),
    command(key) {
      if (key === "d") return left();
      if (key === "t") return writeWord(socket, holds ? { release: true } : { take: true });
      if (key === "i") return writeWord(socket, { interrupts: true });
      if (key === "c") return writeWord(socket, { interrupt: true });
      if (key === "a") return void answers();
      if (key === "h") return writeWord(socket, { history: true });
      if (key === "l") return writeWord(socket, { again: true });
      if (key === "z") return suspend();
      screen.show(HELP);
    },
  });
  readFrames(socket, (kind, content) => {
    if (kind === "data") return screen.write(content);
    const word = wordIn(content) ?? {};
    if (typeof word.end === "string") said = { text: word.end, failed: word.failed === true };
    if (typeof word.holds === "boolean") holds = word.holds;
    if (Array.isArray(word.history)) screen.show(word.history.map(String), true);
    if (word.ask === "person") void answered(word, String(word.text));
    if (word.ask === "environment")
      void answerSecret(word, env).then((answer) => answer && writeWord(socket, answer));
    if (word.ask === "secret")
      void answerSecret(word, env).then((answer) => {
        if (answer !== undefined && "value" in answer) {
          writeWord(socket, answer);
          return undefined;
        }
        // What is missing here a person may know.
        return answered(
          word,
          `${answer !== undefined && "error" in answer ? answer.error : "A secret is missing."} Enter it here, or nothing:`,
        );
      });
  });
  /** Before the session is shown; the answer is not echoed. */
  const answered = async (word: Readonly<Record<string, unknown>>, text: string) => {
    const value = await askPerson(text);
    writeWord(
      socket,
      value === ""
        ? { id: word.id, error: "the person at ssh-mcp attach gave no answer" }
        : { id: word.id, value },
    );
  };
  let answering = false;
  /** In line mode, on the person's own screen; the session's is back behind it. */
  const answers = async () => {
    if (answering) return;
    answering = true;
    stdin.off("data", typed).setRawMode(false);
    screen.leave();
    await answerWaiting(around, wanted.session).catch((error: unknown) =>
      stdout.write(`${visibleLine(messageOf(error), 2_000)}\n`),
    );
    answering = false;
    if (socket.destroyed) return;
    screen.enter();
    stdin.setRawMode(true).on("data", typed).resume();
  };
  /** Nobody waits for a keyboard that a stopped program has; its terminal is the shell's. */
  const suspend = () => {
    // The terminal is the person's own then, and what asks there looks after itself.
    if (!screen.began || answering) return stop();
    if (holds) writeWord(socket, { release: true });
    stdin.setRawMode(false);
    screen.leave();
    stop();
    resumed();
  };
  const stop = () => {
    process.off("SIGTSTP", suspend);
    // To all that the shell started as one job, as its own key does. Where no shell can continue it the system does not stop it.
    process.kill(0, "SIGTSTP");
    process.on("SIGTSTP", suspend);
  };
  /** Also where it was stopped by another signal: whoever had the terminal meanwhile has left it as it is. */
  const resumed = () => {
    if (!screen.began || answering || socket.destroyed) return;
    // Node sets only what it believes to be different.
    stdin.setRawMode(false).setRawMode(true);
    screen.enter();
    resized();
  };
  const resized = () => {
    writeWord(socket, { resize: size() });
    screen.resized();
  };
  const typed = (bytes: Buffer) => keys.push(bytes);
  screen.onFirst = () => {
    stdin.setRawMode(true);
    stdin.on("data", typed);
    stdin.resume();
  };
  stdout.on("resize", resized);
  const signals = ["SIGTERM", "SIGHUP", "SIGINT"] as const;
  for (const signal of signals) process.once(signal, left);
  process.on("SIGTSTP", suspend).on("SIGCONT", resumed);
  stdin.once("end", left).once("error", left);
  stdout.once("error", left);
  socket.resume();
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  stdout.off("resize", resized);
  stdin.off("data", typed);
  for (const signal of signals) process.off(signal, left);
  process.off("SIGTSTP", suspend).off("SIGCONT", resumed);
  if (screen.began && stdin.isTTY) stdin.setRawMode(false);
  stdin.pause();
  screen.end();
  const text = `ssh-mcp: ${visibleLine(said.text, 2_000)}\n`;
  if (said.failed) process.stderr.write(text);
  else stdout.write(text);
  return said.failed ? 1 : 0;
}

function size(): { readonly cols: number; readonly rows: number } {
  return { cols: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
}

/** The person's terminal: the session, or pages over it. */
class Screen {
  readonly #again: () => void;
  #pages: Pages | undefined;
  /** The beginning of a key whose rest is still on its way. */
  #begun = "";
  #late: NodeJS.Timeout | undefined;
  /** The person's own screen is in front. */
  #away = false;
  began = false;
  onFirst: () => void = () => {};

  constructor(again: () => void) {
    this.#again = again;
  }

  write(bytes: Buffer): void {
    if (!this.began) {
      this.began = true;
      process.stdout.write(ENTER);
      this.onFirst();
    }
    if (this.#pages === undefined && !this.#away) process.stdout.write(bytes);
  }

  show(lines: readonly string[], atEnd = false): void {
    this.#pages = new Pages(
      lines.map((line) => visibleLine(line, 2_000)),
      atEnd,
    );
    this.resized();
  }

  /** True: the key was for the pages. */
  paged(bytes: Buffer): boolean {
    if (this.#pages === undefined) return false;
    clearTimeout(this.#late);
    const text = this.#begun + bytes.toString("latin1");
    this.#begun = BEGUN.exec(text)?.[0] ?? "";
    if (this.#begun !== "") this.#late = setTimeout(() => this.#turned([this.#begun]), REST_MS);
    return this.#turned(text.slice(0, text.length - this.#begun.length).match(KEY) ?? []);
  }

  #turned(keys: readonly string[]): boolean {
    for (const key of keys) {
      if (this.#pages?.key(key, process.stdout.rows || 24)) continue;
      clearTimeout(this.#late);
      this.#begun = "";
      this.#pages = undefined;
      this.#again();
      return true;
    }
    this.resized();
    return true;
  }

  leave(): void {
    this.#away = true;
    process.stdout.write(LEAVE);
  }

  enter(): void {
    this.#away = false;
    process.stdout.write(ENTER);
    this.#again();
  }

  resized(): void {
    if (this.#pages !== undefined && !this.#away) process.stdout.write(this.#pages.text(size()));
  }

  end(): void {
    clearTimeout(this.#late);
    if (this.began && !this.#away) process.stdout.write(LEAVE);
  }
}
