import { parseAddress, parsePrefix } from "./addresses.ts";
import type { RouterOsConfig } from "./config.ts";
import type { Field } from "./schema.ts";
import { abbreviated, CommandError } from "./words.ts";

/** A value as the device stores it. @throws CommandError with the device's own words. */
export function checkedValue(field: Field, text: string, config: RouterOsConfig): string {
  const invalid = () => new CommandError(`invalid value for argument ${field.name}`);
  const unmatched = () => new CommandError(`input does not match any value of ${field.name}`);
  const { type } = field;
  if (text === "" && field.required !== true) return "";
  switch (type.kind) {
    case "text":
      return text;
    case "prefix":
      if (parsePrefix(text) === undefined) throw invalid();
      return text;
    case "ip":
      if (parseAddress(text) === undefined) throw invalid();
      return text;
    case "ip-list":
      if (text.split(",").some((part) => parseAddress(part) === undefined)) throw invalid();
      return text;
    case "yes-no":
      if (text === "true" || text === "yes") return "yes";
      if (text === "false" || text === "no") return "no";
      throw invalid();
    case "interface": {
      const names = config.state.tables.interface.map(({ values }) => values.name ?? "");
      const name = abbreviated(text, names);
      if (name === undefined) throw unmatched();
      return name;
    }
    case "enum": {
      const value = abbreviated(text, type.of);
      if (value === undefined) throw unmatched();
      return value;
    }
    case "number": {
      if (!/^\d{1,9}$/.test(text)) throw invalid();
      const number = Number(text);
      if (number < type.least || number > type.most)
        throw new CommandError(`value of ${field.name} out of range (${type.least}..${type.most})`);
      return String(number);
    }
  }
}
