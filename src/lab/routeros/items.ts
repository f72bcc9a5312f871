import { formatAddress, networkOf, parsePrefix } from "./addresses.ts";
import { type Condition, holds, readArguments } from "./arguments.ts";
import type { RouterOsConfig } from "./config.ts";
import type { TableSpec } from "./schema.ts";
import type { Row } from "./state.ts";
import { CommandError, splitWords } from "./words.ts";

/** The rows of a list as `print` numbers them; a route list has the connected networks too. */
export function rowsOf(config: RouterOsConfig, spec: TableSpec): readonly Row[] {
  const rows = config.state.tables[spec.name];
  return spec.name === "route" ? [...rows, ...connectedRoutes(config)] : rows;
}

/** Letters of a row, by the position they stand in. */
export function flagsOf(row: Row, spec: TableSpec): string[] {
  const letters = row.values.disabled === "yes" ? `X${row.flags.replace(/[RA]/g, "")}` : row.flags;
  return spec.flags.map((group) => group.find(([letter]) => letters.includes(letter))?.[0] ?? " ");
}

export function where(rows: readonly Row[], conditions: readonly Condition[]): Row[] {
  return rows.filter((row) => conditions.every((condition) => holds(condition, row.values)));
}

/**
 * The rows meant by `0`, `0,2`, `*3`, `ether1`, or `[find …]`.
 * @throws CommandError when a number or name stands for nothing; an empty `find` is no error
 */
export function itemsOf(config: RouterOsConfig, spec: TableSpec, text: string): Row[] {
  const rows = rowsOf(config, spec);
  const find = /^\[\s*find\b(.*)\]$/s.exec(text);
  if (find !== null) return where(rows, findConditions(find[1] ?? ""));
  return text.split(",").map((part) => {
    const row = /^\d+$/.test(part)
      ? rows[Number(part)]
      : rows.find(({ id, values }) => part === `*${id.toString(16).toUpperCase()}` || values.name === part);
    if (row === undefined) throw new CommandError("no such item");
    return row;
  });
}

function findConditions(text: string): readonly Condition[] {
  const words = splitWords(text.trim().replace(/^where\s+/, ""));
  const accepts = { names: [], flags: [], unnamed: [], where: true };
  return words.length === 0 ? [] : readArguments([{ text: "where", column: 0 }, ...words], accepts).where;
}

function connectedRoutes(config: RouterOsConfig): Row[] {
  const routes: Row[] = [];
  for (const { id, values } of config.state.tables.address) {
    const prefix = parsePrefix(values.address ?? "");
    if (prefix === undefined || values.disabled === "yes") continue;
    const network = `${formatAddress(networkOf(prefix))}/${prefix.length}`;
    const gateway = values.interface ?? "";
    const route = { "dst-address": network, gateway, distance: "0", "routing-table": "main", disabled: "no" };
    routes.push({ id: 0x80000000 + id, flags: "DAc", values: route });
  }
  return routes;
}
