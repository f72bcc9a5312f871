import { formatAddress, networkOf, parsePrefix } from "./addresses.ts";
import type { Given } from "./arguments.ts";
import { readArguments } from "./arguments.ts";
import type { RouterOsConfig } from "./config.ts";
import { exportTable } from "./export.ts";
import { record } from "./history.ts";
import { itemsOf, rowsOf, where } from "./items.ts";
import type { Command } from "./menu.ts";
import { printRows } from "./printing.ts";
import { type CommandContext, NOTHING, type Reply, rows } from "./reply.ts";
import type { Field, TableSpec } from "./schema.ts";
import type { Row } from "./state.ts";
import { checkedValue } from "./values.ts";
import { CommandError, type Word } from "./words.ts";

const PRINT_FLAGS = ["brief", "count-only", "detail", "follow", "terse", "without-paging"];

/** `print`, `add`, `set`, … of a menu with a list. */
export function listCommands(spec: TableSpec): Command[] {
  const settable = spec.fields.filter(({ readOnly }) => readOnly !== true);
  const names = settable.map(({ name }) => name);
  const commands: Command[] = [print(spec)];
  if (spec.style === "log") return commands;
  if (spec.canAdd) {
    const accepts = { names, flags: [], unnamed: [] };
    commands.push({
      name: "add",
      help: "Create a new item",
      accepts,
      run: (words, context) => add(readArguments(words, accepts), spec, context),
    });
    commands.push(
      perItem("remove", "Remove item", spec, [], (row, _, { config }) => remove(config, spec, row)),
    );
  }
  const comment: Field = { name: "comment", type: { kind: "text" } };
  commands.push(
    perItem("set", "Change item properties", spec, settable, (row, given, { config }) =>
      change(config, spec, row, given),
    ),
    perItem("comment", "Set comment for items", spec, [comment], (row, given, { config }) =>
      change(config, spec, row, given),
    ),
    perItem("enable", "Enable items", spec, [], (row) => switchTo(row, "no")),
    perItem("disable", "Disable items", spec, [], (row) => switchTo(row, "yes")),
  );
  const exportAccepts = {
    names: [],
    flags: ["compact", "hide-sensitive", "show-sensitive", "terse", "verbose"],
    unnamed: [],
  };
  commands.push({
    name: "export",
    help: "Print or save an export script that can be used to restore configuration",
    accepts: exportAccepts,
    run(words, { config, now }) {
      readArguments(words, exportAccepts);
      return { kind: "rows", rows: exportTable(config, spec, now), paged: false };
    },
  });
  return commands;
}

function print(spec: TableSpec): Command {
  const accepts = { names: ["from"], flags: PRINT_FLAGS, unnamed: [], where: true };
  return {
    name: "print",
    help: "Print values of item properties",
    accepts,
    run(words, context) {
      const given = readArguments(words, accepts);
      const all = rowsOf(context.config, spec);
      const from = given.values.get("from");
      const chosen = new Set(
        where(from === undefined ? all : itemsOf(context.config, spec, from), given.where),
      );
      const numbered = all.flatMap((row, number) => (chosen.has(row) ? [{ number, row }] : []));
      if (given.flags.has("count-only")) return rows(String(numbered.length));
      const style = given.flags.has("detail") ? "detail" : given.flags.has("terse") ? "terse" : spec.style;
      const text = printRows(numbered, spec, { style, width: context.width });
      if (given.flags.has("follow") && spec.style === "log") return follow(text, spec, context);
      return { kind: "rows", rows: text, paged: !given.flags.has("without-paging") };
    },
  };
}

/** `log print follow`: what is there, then what comes. */
function follow(text: readonly string[], spec: TableSpec, { config, width }: CommandContext): Reply {
  let known = config.state.tables[spec.name].at(-1)?.id ?? 0;
  const view = {
    everyMs: 1000,
    mode: "append" as const,
    footer: true,
    frame(count: number) {
      if (count === 0) return { rows: text };
      const fresh = config.state.tables[spec.name].filter(({ id }) => id > known);
      known = fresh.at(-1)?.id ?? known;
      return {
        rows: printRows(
          fresh.map((row) => ({ number: 0, row })),
          spec,
          { style: "log", width },
        ),
      };
    },
    summary: () => [],
  };
  return { kind: "live", view };
}

function perItem(
  name: string,
  help: string,
  spec: TableSpec,
  fields: readonly Field[],
  act: (row: Row, given: Given, context: CommandContext) => void,
): Command {
  const accepts = {
    names: ["numbers", ...fields.map((field) => field.name)],
    flags: [],
    unnamed: name === "comment" ? ["numbers", "comment"] : ["numbers"],
  };
  return {
    name,
    help,
    accepts,
    run(words: readonly Word[], context: CommandContext): Reply {
      const given = readArguments(words, accepts);
      const apply = (numbers: string): Reply => {
        const items = itemsOf(context.config, spec, numbers);
        if (items.some(({ flags }) => flags.includes("D")))
          throw new CommandError("failure: can not change dynamic item");
        for (const row of items) {
          act(row, given, context);
          done(context, spec, DONE[name] ?? "changed");
        }
        return NOTHING;
      };
      const numbers = given.values.get("numbers");
      return numbers === undefined ? { kind: "value", label: "numbers: ", onValue: apply } : apply(numbers);
    },
  };
}

function add(given: Given, spec: TableSpec, context: CommandContext): Reply {
  const missing = spec.fields.find(({ name, required }) => required === true && !given.values.has(name));
  if (missing !== undefined) {
    return {
      kind: "value",
      label: `${missing.name}: `,
      onValue: (value) =>
        add({ ...given, values: new Map([...given.values, [missing.name, value]]) }, spec, context),
    };
  }
  const { config } = context;
  const values: Record<string, string> = {};
  for (const field of spec.fields) {
    const text = given.values.get(field.name);
    if (text !== undefined) values[field.name] = checkedValue(field, text, config);
    else if (field.default !== undefined) values[field.name] = field.default;
  }
  refuseTwice(config, spec, values, undefined);
  complete(spec, values);
  const row = { id: config.state.nextId++, flags: spec.name === "route" ? "As" : "", values };
  config.state.tables[spec.name].push(row);
  done(context, spec, "added");
  return NOTHING;
}

/** What an action is called in the history. */
const DONE: Readonly<Record<string, string>> = { remove: "removed", enable: "enabled", disable: "disabled" };

function done({ config, user, now }: CommandContext, spec: TableSpec, what: string): void {
  const name = spec.name === "filter" ? "filter rule" : spec.name;
  record(config, { action: `${name} ${what}`, by: user }, now);
}

function change(config: RouterOsConfig, spec: TableSpec, row: Row, given: Given): void {
  const values: Record<string, string> = {};
  for (const field of spec.fields) {
    const text = given.values.get(field.name);
    if (text !== undefined) values[field.name] = checkedValue(field, text, config);
  }
  refuseTwice(config, spec, values, row);
  if (spec.name === "address" && values.address !== undefined && values.network === undefined)
    complete(spec, values);
  Object.assign(row.values, values);
}

function remove(config: RouterOsConfig, spec: TableSpec, row: Row): void {
  const table = config.state.tables[spec.name];
  const at = table.indexOf(row);
  if (at >= 0) table.splice(at, 1);
}

function switchTo(row: Row, disabled: "yes" | "no"): void {
  row.values.disabled = disabled;
}

function refuseTwice(
  config: RouterOsConfig,
  spec: TableSpec,
  values: Record<string, string>,
  self: Row | undefined,
): void {
  const { unique } = spec;
  const value = unique && values[unique.field];
  if (unique === undefined || value === undefined) return;
  const taken = config.state.tables[spec.name].some(
    (row) => row !== self && row.values[unique.field] === value,
  );
  if (taken) throw new CommandError(unique.failure);
}

/** What the device works out by itself. */
function complete(spec: TableSpec, values: Record<string, string>): void {
  if (spec.name !== "address" || values.address === undefined) return;
  const prefix = parsePrefix(values.address);
  if (prefix === undefined) return;
  if (!values.address.includes("/")) values.address = `${values.address}/32`;
  values.network ??= formatAddress(networkOf(prefix));
}
