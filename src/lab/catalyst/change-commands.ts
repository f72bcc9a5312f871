import { type IosConfig, save } from "./config.ts";
import type { Add, IosContext } from "./context.ts";
import { commandsBetween, differences } from "./differences.ts";
import { archive, arm, confirm, goDown, MINUTE, put, revertNow } from "./rollback.ts";
import type { IosSettings } from "./settings.ts";
import { configRows } from "./shows.ts";
import { dayTime, span } from "./times.ts";

const NO_ARCHIVE = "%Turn config archive on before using Rollback Confirmed Change";
const NONE_PENDING = "%No Rollback Confirmed Change pending";
const STARTUP = "nvram:startup-config";
const RUNNING = "system:running-config";
const WARNING = [
  "This will apply all necessary additions and deletions",
  "to replace the current running configuration with the",
  "contents of the specified configuration file, which is",
  "assumed to be a complete configuration, not a partial",
];

/** Archive, revert timer, replacing: what takes changes back. */
export function rollbackCommands(add: Add): void {
  add("show archive", showArchive);
  add("show archive config differences", (context) => showDifferences(context, STARTUP, RUNNING));
  add("show archive config differences WORD", (context, [file = ""]) =>
    showDifferences(context, file, RUNNING),
  );
  add("show archive config differences WORD WORD", (context, [one = "", two = ""]) =>
    showDifferences(context, one, two),
  );
  add("show archive config incremental-diffs WORD", (context, [file = ""]) => {
    const [wanted, now] = [fileNamed(context, file), rowsOf(context.config.running)];
    if (wanted) context.print(["!List of Commands:", ...commandsBetween(now, rowsOf(wanted)), "end", ""]);
  });
  add("show archive config rollback timer", showTimer);
  add("archive config", (context) => {
    const { archivePath } = context.config.running;
    if (archivePath === undefined) context.say("Archive feature not enabled");
    else archive(context.config, archivePath, context.time);
  });
  const begin = (kind: "absolute" | "idle") => (context: IosContext, values: readonly string[]) => {
    const { config } = context;
    if (config.revert !== undefined) {
      context.say(`%Rollback Confirmed Change is already pending, started by ${config.revert.by}`);
      return;
    }
    if (armed(context, kind, Number(values[0]))) context.configure();
  };
  add("configure terminal revert timer <1-120>", begin("absolute"));
  add("configure terminal revert timer <1-120> idle", begin("idle"));
  add("configure terminal revert idle <1-120>", begin("idle"));
  add("configure confirm", (context) => {
    if (!confirm(context.config, context)) context.say(NONE_PENDING);
  });
  add("configure revert now", (context) => {
    const file = revertNow(context.config, context);
    if (file === undefined) context.say(NONE_PENDING);
    else
      context.say(
        `Rollback Confirmed Change: rolling to: ${file}`,
        "",
        "Total number of passes: 1",
        "Rollback Done",
        "",
      );
  });
  const again = (kind: "absolute" | "idle") => (context: IosContext, values: readonly string[]) => {
    const { config } = context;
    if (config.revert === undefined) context.say(NONE_PENDING);
    else arm(config, context, { kind, minutes: Number(values[0]), file: config.revert.file });
  };
  add("configure revert timer <1-120>", again("absolute"));
  add("configure revert idle <1-120>", again("idle"));
  replaceCommands(add);
  add("copy running-config WORD", (context, [file = ""]) =>
    context.ask(`Destination filename [${file.replace(/^\w+:\/?/, "")}]? `, () => {
      context.config.files.set(file, structuredClone(context.config.running));
      context.say(`${rowsOf(context.config.running).join("\n").length} bytes copied in 0.412 secs`);
    }),
  );
}

/** Backs up what runs and arms the way back to it. */
function armed(context: IosContext, kind: "absolute" | "idle", minutes: number): boolean {
  const { config } = context;
  const { archivePath } = config.running;
  if (archivePath === undefined) {
    context.say(NO_ARCHIVE);
    return false;
  }
  const file = archive(config, archivePath, context.time);
  context.say(`Rollback Confirmed Change: Backing up current running config to ${file}`, "");
  arm(config, context, { kind, minutes, file });
  return true;
}

function replaceCommands(add: Add): void {
  const replace = (force: boolean) => (context: IosContext, values: readonly string[]) => {
    const [file = "", minutes] = values;
    const proceed = () => {
      if (minutes !== undefined && !armed(context, "absolute", Number(minutes))) return;
      const wanted = fileNamed(context, file);
      if (wanted === undefined) return;
      put(context.config, wanted);
      context.journal("line", `configure replace ${file}`);
      context.say("Total number of passes: 1", "Rollback Done", "");
    };
    if (force) {
      proceed();
      return;
    }
    context.say(...WARNING);
    context.ask("configuration. Enter Y if you are sure you want to proceed. ? [no]: ", (answer) => {
      if (/^y(?:es)?$/i.test(answer)) proceed();
    });
  };
  add("configure replace WORD", replace(false));
  add("configure replace WORD force", replace(true));
  add("configure replace WORD time <1-120>", replace(false));
  add("configure replace WORD force time <1-120>", replace(true));
}

/** Restarting at a time that was set, and calling it off. */
export function reloadCommands(add: Add): void {
  add("reload", (context) =>
    afterSaving(context, () =>
      context.confirm("Proceed with reload? [confirm]", () => {
        context.hangUp();
        goDown(context.config, context);
      }),
    ),
  );
  add("reload in <1-120>", (context, [text = "1"]) =>
    afterSaving(context, () => {
      const minutes = Number(text);
      const { config, time, by } = context;
      const wallTime = time.wallTime() + minutes * MINUTE;
      const when = `${dayTime(wallTime)} (in ${minutes} minute${minutes === 1 ? "" : "s"}) by ${by}`;
      context.say(`Reload scheduled for ${when}`, "Reload reason: Reload Command");
      context.confirm("Proceed with reload? [confirm]", () => {
        config.reload?.timer.dispose();
        const endsAt = time.now() + minutes * MINUTE;
        const timer = time.after(minutes * MINUTE, () => goDown(config, { by: "timer", time }));
        config.reload = { endsAt, wallTime, minutes, by, timer };
        context.journal("armed", `reload in ${minutes}`);
      });
    }),
  );
  add("reload cancel", (context) => {
    const { config } = context;
    if (config.reload === undefined) {
      context.say("%No reload is scheduled");
      return;
    }
    config.reload.timer.dispose();
    config.reload = undefined;
    context.journal("confirmed", "reload cancel");
    for (const terminal of config.terminals) terminal.tell(["***", "*** --- SHUTDOWN ABORTED ---", "***"]);
  });
  add("show reload", ({ config, time, say }) => {
    const { reload } = config;
    if (reload === undefined) {
      say("No reload is scheduled.");
      return;
    }
    const [hours = "0", minutes = "0", seconds = "0"] = span(reload.endsAt - time.now()).split(":");
    const left = `in ${Number(hours) * 60 + Number(minutes)} minutes and ${Number(seconds)} seconds`;
    say(`Reload scheduled for ${dayTime(reload.wallTime)} (${left}) by ${reload.by}`);
    say("Reload reason: Reload Command");
  });
}

function afterSaving(context: IosContext, proceed: () => void): void {
  if (!context.config.dirty) {
    proceed();
    return;
  }
  context.ask("System configuration has been modified. Save? [yes/no]: ", (answer) => {
    if (/^y(?:es?)?$/i.test(answer)) store(context);
    else if (!/^no?$/i.test(answer)) {
      context.say("% Please answer 'yes' or 'no'.");
      afterSaving(context, proceed);
      return;
    }
    proceed();
  });
}

/** `write memory`. */
export function store(context: IosContext): void {
  save(context.config, context.by, context.time.wallTime());
  context.say("Building configuration...", "[OK]");
}

function showArchive({ config, say }: IosContext): void {
  const { archivePath } = config.running;
  if (archivePath === undefined) {
    say("Archive feature not enabled");
    return;
  }
  const saved = config.archived.length;
  say(
    "The maximum archive configurations allowed is 10.",
    `There are currently ${saved} archive configurations saved.`,
    `The next archive file will be named ${archivePath}-<timestamp>-${saved}`,
    " Archive #  Name",
    ...config.archived.map(
      (file, at) => `   ${at + 1}        ${file}${at === saved - 1 ? " <- Most Recent" : ""}`,
    ),
  );
}

function showTimer({ config, time, say }: IosContext): void {
  const { revert } = config;
  if (revert === undefined) {
    say(NONE_PENDING);
    return;
  }
  const since = time.wallTime() - (revert.minutes * MINUTE - (revert.endsAt - time.now()));
  say(
    `Time configured(or reconfigured): ${dayTime(since)}`,
    `Timer type: ${revert.kind} timer`,
    `Timer value: ${revert.minutes} min`,
    `User: ${revert.by.split(" ")[0] ?? ""}`,
  );
}

function showDifferences(context: IosContext, first: string, second: string): void {
  const [one, two] = [fileNamed(context, first), fileNamed(context, second)];
  if (one === undefined || two === undefined) return;
  const rows = differences(rowsOf(one), rowsOf(two));
  context.print([
    "",
    "!Contextual Config Diffs:",
    ...(rows.length > 0 ? rows : ["!No changes were found"]),
    "",
  ]);
}

/** The settings in a file; without it says so. */
function fileNamed({ config, say }: IosContext, file: string): IosSettings | undefined {
  const found = settingsIn(config, file.replace(/^(\w+:)\/+/, "$1"));
  if (found === undefined) say(`%Error opening ${file} (No such file or directory)`);
  return found;
}

function settingsIn(config: IosConfig, file: string): IosSettings | undefined {
  if (file === RUNNING || file === "running-config") return config.running;
  if (file === STARTUP || file === "startup-config") return config.startup;
  return config.files.get(file);
}

function rowsOf(settings: IosSettings): string[] {
  return configRows(settings, []);
}
