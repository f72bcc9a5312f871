import { z } from "zod";
import { inventoryJsonSchema } from "../../../inventory/json-schema.ts";

/** A key of an entry as the form shows it. */
export interface Field {
  /** With dots between levels: `limits.sessions`. */
  readonly key: string;
  readonly help: string;
  /** The only values there are; undefined: any that the loader takes. */
  readonly values?: readonly string[];
  /** Several values with commas between. */
  readonly list: boolean;
}

/** The parts of the file that have fields. */
export type Section = "hosts" | "groups" | "defaults" | "settings";

const shape = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  anyOf: z.array(z.looseObject({ type: z.string().optional() })).optional(),
  allOf: z.array(z.looseObject({ $ref: z.string().optional() })).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const withProperties = z.looseObject({ properties: z.record(z.string(), z.unknown()) });

/** Keys that are lists to people, though the loader takes one value, too. */
const WHOLE = "YAML in brackets where it is more than a word";

/** Every field of a section, in the schema's order: what the schema describes, the form asks. */
export function fieldsOf(section: Section): readonly Field[] {
  const definitions = new Map<string, unknown>(Object.entries(inventoryJsonSchema().definitions));
  const entry = { hosts: "hostEntry", groups: "groupEntry", defaults: "groupEntry", settings: "settings" };
  const { properties } = withProperties.parse(definitions.get(entry[section]));
  return Object.entries(properties).flatMap(([key, one]) => fieldsAt(key, one, definitions));
}

function fieldsAt(key: string, property: unknown, definitions: ReadonlyMap<string, unknown>): Field[] {
  const own = shape.parse(property);
  if (own.type === "object" && own.properties !== undefined)
    return Object.entries(own.properties).flatMap(([inner, one]) =>
      fieldsAt(`${key}.${inner}`, one, definitions),
    );
  const [{ $ref = "" } = {}] = own.allOf ?? [];
  const named = shape.safeParse(definitions.get($ref.replace("#/definitions/", ""))).data;
  const structured =
    [own, named].some((one) => one?.type === "object") || named?.anyOf !== undefined ? ` (${WHOLE})` : "";
  const help = own.description ?? named?.description ?? "";
  const values = own.type === "boolean" ? ["true", "false"] : (own.enum ?? named?.enum);
  const list = own.type === "array" || own.anyOf?.some(({ type }) => type === "array") === true;
  return [
    {
      key,
      help: `${help}${key === "platform" ? "" : structured}`,
      list: list && key !== "login_answers",
      ...(values === undefined ? {} : { values }),
    },
  ];
}
