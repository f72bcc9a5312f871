import type { CommandLine, Console } from "../console/console.ts";
import type { JunosDevice, JunosTerminalOf } from "./device.ts";
import {
  compared,
  hierarchical,
  hostnameOf,
  type JunosSettings,
  without,
  withStatement,
} from "./settings.ts";

const UNKNOWN = ["                  ^", "unknown command."];
const SYNTAX = ["                  ^", "syntax error."];

type Run = (values: readonly string[]) => void;
type Command = readonly [pattern: RegExp, run: Run];

/** The candidate of this terminal. */
interface Editing {
  readonly how: "shared" | "exclusive" | "private";
  readonly base: JunosSettings;
  own: JunosSettings;
}

/** One terminal's command line. */
export class JunosLine implements CommandLine, JunosTerminalOf {
  readonly #device: JunosDevice;
  readonly #console: Console;
  readonly #user: string;
  #editing: Editing | undefined;
  readonly #operational: readonly Command[];
  readonly #config: readonly Command[];

  constructor(device: JunosDevice, console: Console, user: string) {
    this.#device = device;
    this.#console = console;
    this.#user = user;
    this.#operational = this.#operationalCommands();
    this.#config = this.#configCommands();
    device.terminals.add(this);
  }

  prompt(): string {
    const name = `${this.#user}@${hostnameOf(this.#device.active)}`;
    if (this.#editing === undefined) return `\r\n${name}> `;
    const { leftMs } = this.#device;
    const notice =
      leftMs === undefined
        ? ""
        : `# commit confirmed will be rolled back in ${Math.ceil(leftMs / 60_000)} minutes\r\n`;
    return `\r\n${notice}[edit]\r\n${name}# `;
  }

  run(line: string): void {
    if (line === "") return;
    const [, done] = this.#editing === undefined ? [] : (/^run (.+)$/.exec(line) ?? []);
    const commands = this.#editing === undefined || done !== undefined ? this.#operational : this.#config;
    const text = (done ?? line).replace(/ \| no-more$/, "");
    for (const [pattern, run] of commands) {
      const match = pattern.exec(text);
      if (match) {
        run(match.slice(1).map((value) => value ?? ""));
        return;
      }
    }
    this.#console.say(...UNKNOWN);
  }

  closed(): void {
    this.#device.terminals.delete(this);
    this.#unlock();
  }

  tell(...rows: readonly string[]): void {
    this.#console.interrupt(...rows);
  }

  hangUp(): void {
    this.#console.hangUp();
  }

  #operationalCommands(): Command[] {
    const device = this.#device;
    const say = (...rows: readonly string[]) => this.#console.say(...rows);
    return [
      [/^set cli screen-length (\d+)$/, ([rows]) => say(`Screen length set to ${rows}`)],
      [/^set cli screen-width (\d+)$/, ([columns]) => say(`Screen width set to ${columns}`)],
      [/^set cli complete-on-space off$/, () => say("Disabling complete-on-space")],
      [/^set cli timestamp disable$/, () => say("CLI timestamp disabled")],
      [
        /^show version$/,
        () => say(`Hostname: ${hostnameOf(device.active)}`, "Model: vmx", "Junos: 21.4R3.15"),
      ],
      [/^show configuration$/, () => say(...this.#changedAt(), ...hierarchical(device.active))],
      [/^show configuration \| display set$/, () => say(...device.active.map((one) => `set ${one}`))],
      [/^show system commit$/, () => say(...this.#history())],
      [/^show system uptime$/, () => say(`Current time: ${stamp(device.clock.wallTime())}`)],
      [/^configure$/, () => this.#edit("shared")],
      [/^configure (exclusive|private)$/, ([how]) => this.#edit(how === "private" ? "private" : "exclusive")],
      [/^(?:exit|quit)$/, () => this.#console.hangUp()],
      [
        /^request system reboot$/,
        () =>
          this.#console.ask("Reboot the system ? [yes,no] (no) ", (answer) => {
            if (answer === "yes") device.goDown(this.#user);
          }),
      ],
    ];
  }

  #configCommands(): Command[] {
    const say = (...rows: readonly string[]) => this.#console.say(...rows);
    return [
      [
        /^set (.+)$/,
        ([statement = ""]) => this.#change(withStatement(this.#candidate, statement), statement, SYNTAX),
      ],
      [
        /^delete (.+)$/,
        ([statement = ""]) =>
          this.#change(without(this.#candidate, statement), `delete ${statement}`, [
            "warning: statement not found",
          ]),
      ],
      [/^show$/, () => say(...hierarchical(this.#candidate))],
      [/^show \| compare$/, () => say(...compared(this.#device.active, this.#candidate))],
      [/^show \| display set$/, () => say(...this.#candidate.map((one) => `set ${one}`))],
      [/^commit check$/, () => this.#check()],
      [/^commit( and-quit)?$/, ([quit]) => this.#commit(undefined, quit !== "")],
      [
        /^commit confirmed(?: (\d{1,5}))?( and-quit)?$/,
        ([n = "", quit]) => this.#commit(Number(n || "10"), quit !== ""),
      ],
      [/^rollback(?: (\d{1,2}))?$/, ([number = ""]) => this.#rollback(Number(number || "0"))],
      [/^(?:exit|quit|exit configuration-mode)$/, () => this.#leave()],
      [/^top$/, () => {}],
    ];
  }

  get #candidate(): JunosSettings {
    const editing = this.#editing;
    return editing === undefined || editing.how === "shared" ? this.#device.shared : editing.own;
  }

  set #candidate(settings: JunosSettings) {
    if (this.#editing?.how === "shared") this.#device.shared = settings;
    else if (this.#editing !== undefined) this.#editing.own = settings;
  }

  #edit(how: Editing["how"]): void {
    const device = this.#device;
    const isModified = device.shared !== device.active;
    if (device.lock !== undefined && how !== "private") {
      this.#console.say(
        "error: configuration database locked by:",
        `  ${this.#user} terminal pts/0`,
        "      exclusive [edit]",
      );
      return;
    }
    if (how !== "shared" && isModified) {
      this.#console.say("error: configuration database modified");
      return;
    }
    if (how === "exclusive") device.lock = this;
    if (how !== "shared") this.#console.say("warning: uncommitted changes will be discarded on exit");
    this.#console.say("Entering configuration mode");
    this.#editing = { how, base: device.active, own: device.active };
  }

  #change(settings: JunosSettings | undefined, line: string, why: readonly string[]): void {
    if (settings === undefined) {
      this.#console.say(...why);
      return;
    }
    this.#device.note("line", this.#user, line);
    this.#candidate = settings;
  }

  /** It confirms what waits for that, too (Juniper's guide to `commit confirmed`). */
  #check(): void {
    this.#device.confirm(this.#user);
    this.#console.say("configuration check succeeds");
  }

  #commit(minutes: number | undefined, quits: boolean): void {
    if (minutes !== undefined && minutes < 1) {
      this.#console.say("error: value 0 is not within range (1..65535)");
      return;
    }
    const settings = this.#merged();
    this.#device.commit(settings, this.#user, minutes);
    if (this.#editing !== undefined) this.#editing = { ...this.#editing, base: settings, own: settings };
    if (minutes !== undefined)
      this.#console.say(
        `commit confirmed will be automatically rolled back in ${minutes} minutes unless confirmed`,
      );
    this.#console.say("commit complete");
    if (quits) this.#left();
  }

  /** A private candidate commits what it changed, over what others committed since. */
  #merged(): JunosSettings {
    const { active } = this.#device;
    const editing = this.#editing;
    if (editing?.how !== "private") return this.#candidate;
    const kept = active.filter((one) => editing.own.includes(one) || !editing.base.includes(one));
    const fresh = editing.own.filter((one) => !editing.base.includes(one) && !kept.includes(one));
    return [...kept, ...fresh];
  }

  #rollback(number: number): void {
    const commit = this.#device.commits[number];
    if (commit === undefined) {
      this.#console.say(`error: rollback ${number}: file does not exist`);
      return;
    }
    this.#candidate = commit.settings;
    this.#console.say("load complete");
  }

  #leave(): void {
    const editing = this.#editing;
    const isDirty = compared(this.#device.active, this.#candidate).length > 0;
    if (editing === undefined || !isDirty) {
      this.#left();
      return;
    }
    this.#console.say("The configuration has been changed but not committed");
    this.#console.ask("Exit with uncommitted changes? [yes,no] (yes) ", (answer) => {
      if (!/^n/i.test(answer)) this.#left();
    });
  }

  #left(): void {
    this.#unlock();
    this.#editing = undefined;
    this.#console.say("Exiting configuration mode");
  }

  #unlock(): void {
    if (this.#device.lock === this) this.#device.lock = undefined;
  }

  #changedAt(): string[] {
    const [newest] = this.#device.commits;
    return newest === undefined ? [] : [`## Last commit: ${stamp(newest.at)} by ${newest.by}`];
  }

  #history(): string[] {
    return this.#device.commits.map(({ at, by, via, minutes }, number) => {
      const trial = minutes === undefined ? "" : ` commit confirmed, rollback in ${minutes}mins`;
      return `${String(number).padEnd(4)}${stamp(at)} by ${by} via ${via}${trial}`;
    });
  }
}

/** `2026-11-30 19:40:57 UTC`. */
function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
