import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import type { ServerChannel } from "ssh2";
import type { LabPty, LabShell, PtySize } from "./server.ts";

/** What of the server's environment a login shell gets, as sshd would give it; the rest is the client's business. */
const PASSED_ON = /^(HOME|PATH|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|XDG_RUNTIME_DIR)$/;
/** An account of a service has a program that lets nobody in. */
const A_SHELL = /^\/(?!.*\/(?:nologin|false|true|sync)$)/;
const SIGNALS: ReadonlySet<string> = new Set(["HUP", "INT", "QUIT", "TERM", "KILL", "USR1", "USR2"]);

export interface OwnShellOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Path of script(1). */
  readonly script: string;
  /** Private folder for the names of the PTYs. */
  readonly folder: string;
}

/**
 * The user's own shell. script(1) of util-linux makes the PTY, so that no native module is needed; it copies the window
 * size from its own terminal, which does not exist here, so the size is set with stty from inside, before the shell
 * starts.
 */
export function ownShell({ env, script, folder }: OwnShellOptions): LabShell {
  const shell = [env.SHELL, userInfo().shell].find((path) => path && A_SHELL.test(path)) ?? "/bin/sh";
  const passed = Object.entries(env).filter(([name]) => PASSED_ON.test(name));
  const environment = { ...Object.fromEntries(passed), SHELL: shell };
  let count = 0;

  return {
    onPty(channel, { cols, rows, term }, command) {
      count += 1;
      const note = join(folder, `pty-${count}`);
      const start = command === undefined ? `exec "$SHELL" -l` : `exec "$SHELL" -c "$LAB_COMMAND"`;
      const script_ = [
        `stty sane cols ${size(cols)} rows ${size(rows)}`,
        `echo "$$ $(tty)" > "$LAB_NOTE" || exit 1`,
        `SHELL=$LAB_SHELL SSH_TTY=$(tty); export SHELL SSH_TTY`,
        `unset LAB_NOTE LAB_SHELL`,
        start,
      ];
      const child = spawn(script, ["-qfec", script_.join("; "), "/dev/null"], {
        cwd: homeOf(env),
        env: {
          ...environment,
          TERM: term === "" ? "dumb" : term,
          // script(1) hands its command to $SHELL; the prelude above is for sh, whatever the user's shell is.
          SHELL: "/bin/sh",
          LAB_SHELL: shell,
          LAB_NOTE: note,
          ...(command === undefined ? {} : { LAB_COMMAND: command }),
        },
        stdio: "pipe",
      });
      // The number may soon be somebody else's.
      child.once("close", () => rmSync(note, { force: true }));
      connect(child, channel, (signal) => signalGroup(readNote(note)?.pid, signal));
      return ptyOf(note);
    },
    onExec(channel, command) {
      // Its own process group, so that a closed channel ends everything it started.
      const child = spawn(shell, ["-c", command], {
        cwd: homeOf(env),
        env: environment,
        stdio: "pipe",
        detached: true,
      });
      connect(child, channel, (signal) => signalGroup(child.pid, signal));
    },
  };
}

/** Copies between the two until the process ends, or the channel does: then its process group is hung up on. */
function connect(
  child: ChildProcess & { stdin: NodeJS.WritableStream },
  channel: ServerChannel,
  signalAll: (signal: NodeJS.Signals) => void,
): void {
  channel.pipe(child.stdin);
  child.stdin.on("error", () => {}); // The process ended first; its exit is reported below.
  child.stdout?.pipe(channel, { end: false });
  child.stderr?.pipe(channel.stderr, { end: false });
  channel.on("error", () => {});
  let ended = false;
  const finish = (code: number | null, signal: NodeJS.Signals | null) => {
    if (ended) return;
    ended = true;
    if (signal !== null) channel.exit(signal.replace(/^SIG/, ""), false, "");
    else channel.exit(code ?? 1);
    channel.end();
  };
  child.once("error", () => finish(127, null));
  child.once("close", finish);
  channel.once("close", () => {
    if (ended) return;
    signalAll("SIGHUP");
    // Without script(1) the PTY's master side is gone, and the kernel hangs up on what is left.
    child.kill("SIGKILL");
  });
}

/**
 * Hangs up on every shell of the folder once its standard input ends without a word, and removes the folder. From the new name on no
 * shell can start; one whose note was just being written then is met a second later. (`kill -HUP -- -1234` is an error in dash.)
 */
const WATCH = `read -r word
[ "$word" = done ] && exit 0
left="$LAB_FOLDER.left"
mv -- "$LAB_FOLDER" "$left" || exit 1
each() {
  for note in "$left"/pty-*; do
    [ -f "$note" ] && read -r pid tty < "$note" && for signal; do kill -s "$signal" -- "-$pid"; done
  done
}
each HUP CONT
sleep 1
each KILL
rm -rf -- "$left"`;

/**
 * Watches over the shells of a folder: they end with this program, also where that is killed and can end nothing itself. The
 * answer calls it off.
 */
export function watchOver(folder: string, env: NodeJS.ProcessEnv): () => void {
  const watcher = spawn("/bin/sh", ["-c", WATCH], {
    cwd: "/",
    env: { PATH: env.PATH ?? "/usr/bin:/bin", LAB_FOLDER: folder },
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.on("error", () => {}); // Without /bin/sh there is no shell to watch over either.
  watcher.stdin.on("error", () => {});
  watcher.unref();
  if ("unref" in watcher.stdin && typeof watcher.stdin.unref === "function") watcher.stdin.unref();
  return () => watcher.stdin.end("done\n");
}

function ptyOf(note: string): LabPty {
  return {
    resize({ cols, rows }) {
      const tty = readNote(note)?.tty;
      if (tty === undefined) return;
      // The kernel tells the foreground process with SIGWINCH.
      execFile("stty", ["-F", tty, "cols", String(size(cols)), "rows", String(size(rows))], () => {});
    },
    signal(name) {
      if (SIGNALS.has(name)) signalGroup(readNote(note)?.pid, toSignal(name));
    },
  };
}

function toSignal(name: string): NodeJS.Signals {
  switch (name) {
    case "HUP":
      return "SIGHUP";
    case "QUIT":
      return "SIGQUIT";
    case "TERM":
      return "SIGTERM";
    case "KILL":
      return "SIGKILL";
    case "USR1":
      return "SIGUSR1";
    case "USR2":
      return "SIGUSR2";
    default:
      return "SIGINT";
  }
}

/** What the prelude wrote of itself: its process id, which the shell keeps, and its terminal. */
function readNote(path: string): { pid: number; tty: string } | undefined {
  try {
    const [pid, tty] = readFileSync(path, "utf8").trim().split(" ");
    if (pid === undefined || tty === undefined || !tty.startsWith("/dev/")) return undefined;
    return { pid: Number(pid), tty };
  } catch {
    return undefined; // Not started yet.
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined || !Number.isInteger(pid) || pid <= 1) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

/** @throws Error saying how to install it. */
export async function findScript(env: NodeJS.ProcessEnv): Promise<string> {
  for (const folder of (env.PATH ?? "/usr/bin:/bin").split(delimiter)) {
    const path = join(folder, "script");
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Look further.
    }
  }
  throw new Error(
    "The lab needs script(1) of util-linux to make a terminal, and it is not in PATH. Debian and Ubuntu: apt-get install bsdutils; Fedora and Arch: the package util-linux.",
  );
}

function homeOf(env: NodeJS.ProcessEnv): string {
  return env.HOME ?? homedir();
}

/** A number fit for a command line, whatever the peer sent. */
function size(value: PtySize["cols"]): number {
  return Math.min(1000, Math.max(1, Math.trunc(value) || 80));
}
