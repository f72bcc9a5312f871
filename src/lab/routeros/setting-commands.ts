import { readArguments } from "./arguments.ts";
import { dateAndTime } from "./config.ts";
import { exportSingle } from "./export.ts";
import { record } from "./history.ts";
import type { Command } from "./menu.ts";
import { printSettings } from "./printing.ts";
import { type CommandContext, NOTHING } from "./reply.ts";
import type { SingleSpec } from "./schema.ts";
import { checkedValue } from "./values.ts";

/** `print` and `set` of a menu without a list. */
export function settingCommands(spec: SingleSpec): Command[] {
  const settable = spec.fields.filter(({ readOnly }) => readOnly !== true);
  const printAccepts = { names: ["interval"], flags: ["without-paging", "as-value"], unnamed: [] };
  const setAccepts = { names: settable.map(({ name }) => name), flags: [], unnamed: [] };
  const exportAccepts = {
    names: [],
    flags: ["compact", "terse", "verbose", "hide-sensitive", "show-sensitive"],
    unnamed: [],
  };
  const commands: Command[] = [
    {
      name: "print",
      help: "Print values of item properties",
      accepts: printAccepts,
      run(words, context) {
        const { flags } = readArguments(words, printAccepts);
        const text = printSettings(settingsOf(spec, context), context.width);
        return { kind: "rows", rows: text, paged: !flags.has("without-paging") };
      },
    },
  ];
  if (settable.length === 0) return commands;
  commands.push(
    {
      name: "set",
      help: "Change item properties",
      accepts: setAccepts,
      run(words, { config, user, now }) {
        const { values } = readArguments(words, setAccepts);
        const checked = settable.flatMap((field) => {
          const text = values.get(field.name);
          return text === undefined ? [] : [[field.name, checkedValue(field, text, config)]];
        });
        Object.assign(config.state.singles[spec.name], Object.fromEntries(checked));
        record(config, { action: `${spec.name} changed`, by: user }, now);
        return NOTHING;
      },
    },
    {
      name: "export",
      help: "Print or save an export script that can be used to restore configuration",
      accepts: exportAccepts,
      run(words, { config, now }) {
        readArguments(words, exportAccepts);
        return { kind: "rows", rows: exportSingle(config, spec, now), paged: false };
      },
    },
  );
  return commands;
}

type Setting = readonly [name: string, value: string];

function settingsOf(spec: SingleSpec, context: CommandContext): readonly Setting[] {
  const { config, now } = context;
  const values = config.state.singles[spec.name];
  if (spec.name === "resource") return resource(context);
  if (spec.name === "clock") {
    return [
      ["time", dateAndTime(now).slice(11)],
      ["date", dateAndTime(now).slice(0, 10)],
      ["time-zone-autodetect", "yes"],
      ["time-zone-name", values["time-zone-name"] ?? "UTC"],
      ["gmt-offset", "+00:00"],
      ["dst-active", "no"],
    ];
  }
  return spec.fields.filter(({ secret }) => secret !== true).map(({ name }) => [name, values[name] ?? ""]);
}

/** Names and order as recorded from a CHR with 7.10 (oxidized). */
function resource({ config, random }: CommandContext): readonly Setting[] {
  return [
    ["uptime", "3h5m54s"],
    ["version", `${config.version} (stable)`],
    ["build-time", "2025-03-11 11:59:04"],
    ["factory-software", "7.1"],
    ["free-memory", "876.2MiB"],
    ["total-memory", "1024.0MiB"],
    ["cpu", "QEMU"],
    ["cpu-count", "1"],
    ["cpu-frequency", "2611MHz"],
    ["cpu-load", `${Math.floor(random() * 5)}%`],
    ["free-hdd-space", "71.0MiB"],
    ["total-hdd-space", "89.2MiB"],
    ["write-sect-since-reboot", "1544"],
    ["write-sect-total", "1544"],
    ["architecture-name", "x86_64"],
    ["board-name", config.board],
    ["platform", "MikroTik"],
  ];
}
