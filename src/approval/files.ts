import { z } from "zod";
import { RISKS } from "../policy/risk.ts";
import type { Grant } from "./grant.ts";
import type { Answered, Waiting } from "./waiting.ts";

/** Whatever lies in the folder is somebody's text until it has this form. */
const line = z.string().max(4_096);
const time = z.number().finite();
const via = z.array(line).max(64).optional();

/** Left out, and not there without a value. */
function found<T extends { readonly via?: string[] | undefined }>({ via: ways, ...rest }: T) {
  return { ...rest, ...(ways === undefined ? {} : { via: ways }) };
}

const ORDER = z.strictObject({
  id: z.string(),
  askedAt: time,
  key: z.string().regex(/^[\w-]{1,128}$/),
  host: line,
  address: line,
  inventory: line.optional(),
  hosts: z.array(line).max(10_000).optional(),
  session: line.optional(),
  mode: line.optional(),
  what: line,
  text: z.string(),
  risk: z.enum(RISKS),
  reasons: z.array(line).max(64),
  tool: line.optional(),
  client: line.optional(),
  wayOut: line.optional(),
  findings: z
    .array(z.strictObject({ risk: z.enum(RISKS), meaning: z.string(), why: line, via }).transform(found))
    .max(64)
    .optional(),
});

const ANSWER = z.strictObject({ yes: z.boolean(), by: line, at: time, key: line, askedAt: time });

const GRANT = z.strictObject({
  id: z.string(),
  by: line,
  at: time,
  until: time,
  from: line,
  hosts: z.array(line.min(1)).min(1).max(64),
  shapes: z
    .array(z.strictObject({ words: line.min(1), why: line, risk: z.enum(RISKS), via }).transform(found))
    .min(1)
    .max(64),
});

/** @throws where it has another form. */
export function grantFile(value: unknown): Grant {
  return GRANT.parse(value);
}

/** @throws where it has another form. */
export function orderFile(value: unknown): Waiting {
  return plain(ORDER.parse(value));
}

/** @throws where it has another form. */
export function answerFile(value: unknown): Answered {
  return ANSWER.parse(value);
}

type Parsed = z.infer<typeof ORDER>;

function plain({
  inventory,
  hosts,
  session,
  mode,
  tool,
  client,
  wayOut,
  findings,
  ...order
}: Parsed): Waiting {
  return {
    ...order,
    ...(inventory === undefined ? {} : { inventory }),
    ...(hosts === undefined ? {} : { hosts }),
    ...(session === undefined ? {} : { session }),
    ...(mode === undefined ? {} : { mode }),
    ...(tool === undefined ? {} : { tool }),
    ...(client === undefined ? {} : { client }),
    ...(wayOut === undefined ? {} : { wayOut }),
    ...(findings === undefined ? {} : { findings }),
  };
}
