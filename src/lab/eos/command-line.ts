import type { CommandLine, Console } from "../console/console.ts";
import { unified } from "../console/unified.ts";
import { type ConfigSession, type EosDevice, MOST_PENDING } from "./device.ts";
import { type EosSettings, hostnameOf, modeOf, type Place, rowsOf, take } from "./settings.ts";

const INVALID = "% Invalid input";
/** As much of a session's name as the prompt shows. */
const SHOWN = 6;

type Run = (values: readonly string[]) => void;
type Command = readonly [pattern: RegExp, run: Run];

type Mode =
  | { readonly in: "exec" | "enable" }
  | { readonly in: "config"; readonly session: ConfigSession | undefined; readonly at: Place | undefined };

/** One terminal's command line. */
export class EosLine implements CommandLine {
  readonly #device: EosDevice;
  readonly #console: Console;
  readonly #user: string;
  #mode: Mode = { in: "exec" };
  readonly #exec: readonly Command[];
  readonly #config: readonly Command[];

  constructor(device: EosDevice, console: Console, user: string) {
    this.#device = device;
    this.#console = console;
    this.#user = user;
    this.#exec = this.#execCommands();
    this.#config = this.#configCommands();
  }

  prompt(): string {
    const name = hostnameOf(this.#device.running);
    if (this.#mode.in !== "config") return `${name}${this.#mode.in === "exec" ? ">" : "#"}`;
    const { session, at } = this.#mode;
    const parts = ["config", session && `s-${session.name.slice(0, SHOWN)}`, at?.name];
    return `${name}(${parts.filter(Boolean).join("-")})#`;
  }

  run(line: string): void {
    if (line === "" || line.startsWith("!")) return;
    const commands = this.#mode.in === "config" ? [...this.#config, ...this.#exec] : this.#exec;
    for (const [pattern, run] of commands) {
      const match = pattern.exec(line);
      if (match) {
        run(match.slice(1).map((value) => value ?? ""));
        return;
      }
    }
    if (this.#mode.in !== "config" || !this.#take(line)) this.#console.say(INVALID);
  }

  leave(): void {
    if (this.#mode.in === "config") this.#mode = { in: "enable" };
  }

  closed(): void {
    this.#device.terminals.delete(this.#console);
  }

  /** A line of configuration: into the session, or at once into what runs. */
  #take(line: string): boolean {
    if (this.#mode.in !== "config") return false;
    const { session, at } = this.#mode;
    const settings = session?.settings ?? this.#device.running;
    const opened = modeOf(line);
    if (opened !== undefined) {
      if (!settings.has(opened.head)) settings.set(opened.head, []);
      this.#mode = { in: "config", session, at: opened };
    } else if (!take(settings, at, line)) return false;
    this.#device.note("line", this.#user, line);
    if (session === undefined) this.#device.door.changed();
    return true;
  }

  #execCommands(): Command[] {
    const device = this.#device;
    const say = (...rows: readonly string[]) => this.#console.say(...rows);
    return [
      [/^en(?:able)?$/, () => this.#go({ in: "enable" })],
      [/^disable$/, () => this.#go({ in: "exec" })],
      [/^(?:exit|logout|quit)$/, () => this.#console.hangUp()],
      [/^terminal length 0$/, () => say("Pagination disabled.")],
      [/^terminal width (\d+)$/, ([columns]) => say(`Width set to ${columns} columns.`)],
      [
        /^show version$/,
        () => say("Arista cEOSLab", `Software image version: ${device.version}`, "Uptime: 3 weeks"),
      ],
      [/^show hostname$/, () => say(`Hostname: ${hostnameOf(device.running)}`)],
      [/^show clock$/, () => say(new Date(device.clock.wallTime()).toUTCString())],
      [/^show running-config$/, () => say(...this.#headed("show running-config", device.running))],
      [/^show startup-config$/, () => say(...this.#headed("show startup-config", device.startup))],
      [/^show configuration sessions(?: detail)?$/, () => say(...this.#sessions())],
      [/^show session-config named (\S+) diffs$/, ([name = ""]) => this.#diffs(device.sessions.get(name))],
      [
        /^conf(?:igure)?(?: t(?:erminal)?)?$/,
        () => this.#go({ in: "config", session: undefined, at: undefined }),
      ],
      [/^conf(?:igure)? session (\S+)$/, ([name = ""]) => this.#session(name)],
      [/^conf(?:igure)? session (\S+) commit$/, ([name = ""]) => this.#commit(device.sessions.get(name))],
      [/^conf(?:igure)? session (\S+) abort$/, ([name = ""]) => this.#abort(device.sessions.get(name))],
      [/^(?:write(?: memory)?|wr|copy running-config startup-config)$/, () => this.#save()],
      [
        /^reload$/,
        () =>
          this.#console.ask(
            "Proceed with reload? [confirm]",
            (answer) => /^y?$/i.test(answer) && device.goDown(this.#user),
          ),
      ],
      [/^reload now$/, () => device.goDown(this.#user)],
    ];
  }

  #configCommands(): Command[] {
    const say = (...rows: readonly string[]) => this.#console.say(...rows);
    const own = () => (this.#mode.in === "config" ? this.#mode.session : undefined);
    return [
      [/^end$/, () => this.leave()],
      [/^exit$/, () => this.#up()],
      [/^show session-config diffs$/, () => this.#diffs(own())],
      [/^show session-config$/, () => say(...rowsOf(own()?.settings ?? this.#device.running))],
      [/^commit$/, () => this.#commit(own())],
      [/^commit timer (\d\d):(\d\d):(\d\d)$/, (parts) => this.#commit(own(), spanOf(parts))],
      [/^abort$/, () => this.#abort(own())],
    ];
  }

  #go(mode: Mode): void {
    if (this.#mode.in === "exec" && mode.in === "config") this.#console.say(INVALID);
    else this.#mode = mode;
  }

  #up(): void {
    if (this.#mode.in !== "config") return;
    const { session, at } = this.#mode;
    this.#mode = at === undefined ? { in: "enable" } : { in: "config", session, at: undefined };
  }

  #session(name: string): void {
    const session = this.#device.enter(name, this.#user);
    if (typeof session === "string") this.#console.say(session);
    else this.#go({ in: "config", session, at: undefined });
  }

  #commit(session: ConfigSession | undefined, ms?: number): void {
    if (session === undefined || (session.state !== "pending" && session.state !== "pendingCommitTimer")) {
      this.#console.say(
        session === undefined ? "% No such session" : `% Session ${session.name} is ${session.state}`,
      );
      return;
    }
    const why = this.#device.commit(session, this.#user, ms);
    if (why !== undefined) this.#console.say(why);
    else this.#mode = { in: "enable" };
  }

  #abort(session: ConfigSession | undefined): void {
    if (session === undefined) {
      this.#console.say("% No such session");
      return;
    }
    this.#device.abort(session, this.#user);
    this.#mode = { in: "enable" };
  }

  #save(): void {
    this.#device.save(this.#user);
    this.#console.say("Copy completed successfully.");
  }

  #diffs(session: ConfigSession | undefined): void {
    if (session === undefined) {
      this.#console.say("% No such session");
      return;
    }
    const rows = unified(rowsOf(this.#device.running), rowsOf(session.settings));
    if (rows.length === 0) return;
    this.#console.say("--- system:/running-config", `+++ session:/${session.name}-session-config`, ...rows);
  }

  #headed(command: string, settings: EosSettings): string[] {
    return [
      `! Command: ${command}`,
      `! device: ${hostnameOf(settings)} (cEOSLab, EOS-${this.#device.version})`,
      "!",
      ...rowsOf(settings),
    ];
  }

  #sessions(): string[] {
    const { sessions, armed, version } = this.#device;
    const all = [...sessions.values()];
    const newer = Number(version.split(".")[1]) >= 32;
    const rows = all.map(({ name, state, user }) => {
      const isArmed = armed?.name === name;
      const shown = isArmed && newer ? "committed" : state;
      const left = isArmed && !newer ? leftOf(armed.leftMs) : "";
      return `  ${name.padEnd(21)} ${shown.padEnd(24)} ${user.padEnd(10)} ${"".padEnd(14)} ${"".padEnd(9)} ${left}`;
    });
    return [
      `Maximum number of completed sessions: 1`,
      `Maximum number of pending sessions: ${MOST_PENDING}`,
      ...(armed !== undefined && newer
        ? [
            `Session with pending commit timer: ${armed.name}`,
            `Commit timer expires in: ${leftOf(armed.leftMs)}`,
          ]
        : []),
      "",
      "  Name                  State                    User       Terminal       PID       Commit Time Left    Description",
      "  --------------------- ------------------------ ---------- -------------- --------- ------------------- -----------",
      ...rows,
      "",
    ];
  }
}

function spanOf([hours, minutes, seconds]: readonly string[]): number {
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

/** `4m56s`. */
function leftOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
