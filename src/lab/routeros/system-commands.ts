import { type Accepts, readArguments } from "./arguments.ts";
import { defaultState } from "./defaults.ts";
import { exportAll } from "./export.ts";
import { historyRows } from "./history.ts";
import type { Command } from "./menu.ts";
import { type CommandContext, NOTHING, type Reply, rows } from "./reply.ts";
import { CommandError } from "./words.ts";

const NO_ARGUMENTS: Accepts = { names: [], flags: [], unnamed: [] };
const EXPORT = {
  names: [],
  flags: ["compact", "hide-sensitive", "show-sensitive", "terse", "verbose"],
  unnamed: [],
};
const RESET = {
  names: ["no-defaults", "skip-backup", "keep-users", "run-after-reset"],
  flags: [],
  unnamed: [],
};

/** A command behind one question; yes ends the session. */
function asking(
  name: string,
  help: string,
  text: string,
  answer: string,
  accepts = NO_ARGUMENTS,
  act: (context: CommandContext) => void = () => {},
): Command {
  return {
    name,
    help,
    accepts,
    run(words, context): Reply {
      readArguments(words, accepts);
      const onYes = (): Reply => {
        act(context);
        return { kind: "leave", rows: [answer] };
      };
      return { kind: "question", text, onYes };
    },
  };
}

export const reboot = asking(
  "reboot",
  "Reboot router",
  "Reboot, yes? [y/N]: ",
  "system will reboot shortly",
  NO_ARGUMENTS,
  ({ restart }) => restart(),
);
export const shutdown = asking(
  "shutdown",
  "Shutdown router",
  "Shutdown, yes? [y/N]: ",
  "system will shutdown promptly",
);
export const resetConfiguration = asking(
  "reset-configuration",
  "Reset all system configuration to defaults",
  "Dangerous! Reset anyway? [y/N]: ",
  "system configuration will be reset",
  RESET,
  ({ config }) => {
    config.safeMode = undefined;
    config.state = defaultState("MikroTik");
    config.door.changed();
  },
);

export const exportEverything: Command = {
  name: "export",
  help: "Print or save an export script that can be used to restore configuration",
  accepts: EXPORT,
  run(words, { config, now }) {
    readArguments(words, EXPORT);
    return { kind: "rows", rows: exportAll(config, now), paged: false };
  },
};

/** `interrupted` is what the exec recordings and captures show at the end of a session. */
export const quit: Command = {
  name: "quit",
  help: "Quit console",
  accepts: NO_ARGUMENTS,
  run(words) {
    readArguments(words, NO_ARGUMENTS);
    return { kind: "leave", rows: ["interrupted"] };
  },
};

export const history: Command = {
  name: "print",
  help: "Print values of item properties",
  accepts: { names: [], flags: ["without-paging"], unnamed: [] },
  run(words, { config }) {
    const { flags } = readArguments(words, history.accepts);
    return { kind: "rows", rows: historyRows(config), paged: !flags.has("without-paging") };
  },
};

const PUT = { names: ["message"], flags: [], unnamed: ["message"] };

/** `:put "text"`; no expressions. */
export const put: Command = {
  name: "put",
  help: "Prints argument on the screen",
  accepts: PUT,
  run(words) {
    const text = readArguments(words, PUT).values.get("message");
    return text === undefined ? NOTHING : rows(...text.split("\n"));
  },
};

const DELAY = { names: ["delay-time"], flags: [], unnamed: ["delay-time"] };

/** `:delay 2s`, `:delay 500ms`, `:delay 1`. */
export const delay: Command = {
  name: "delay",
  help: "does nothing for a while (default 1 second)",
  accepts: DELAY,
  run(words) {
    const text = readArguments(words, DELAY).values.get("delay-time") ?? "1s";
    const [, number = "", unit = "s"] = /^(\d{1,6})(ms|s|m)?$/.exec(text) ?? [];
    if (number === "") throw new CommandError("invalid time value for argument delay-time");
    return { kind: "wait", ms: Number(number) * (unit === "ms" ? 1 : unit === "m" ? 60_000 : 1000) };
  },
};
