import { randomBytes } from "node:crypto";
import { z } from "zod";
import { SshMcpError } from "../../base/errors.ts";
import { defineRecipe } from "../define.ts";
import { ENGINES, NO_ENGINE } from "../docker/engine.ts";
import type { Nature } from "../nature.ts";
import type { RanSteps } from "../ran.ts";
import type { GivenSecret } from "../recipe.ts";
import type { Sh } from "../sh.ts";
import { ask, askedIn } from "./ask.ts";
import { cassandra } from "./cassandra.ts";
import { mongodb } from "./mongodb.ts";
import { mysql } from "./mysql.ts";
import { type Dialect, type Kind, MOST_QUERY, name, type Order, place } from "./order.ts";
import { postgres } from "./postgres.ts";
import { redis } from "./redis.ts";
import { shownOf } from "./shown.ts";

const DIALECTS: Readonly<Record<Kind, Dialect>> = {
  postgres,
  mysql,
  mariadb: mysql,
  mongodb,
  cassandra,
  scylladb: cassandra,
  redis,
};

const ROWS = 100;
const SECONDS = 20;
/** What a call may wait, less what our own end takes. */
const MOST_SECONDS = 35;

const database = name.optional().describe("Database, keyspace, or number of it.");
const query = z
  .string()
  .min(1)
  .max(MOST_QUERY)
  .describe("One statement; mongodb: a command as JSON; redis: a command's words.");
const limits = {
  limit: z.number().int().min(1).max(1_000).optional().describe(`Rows; default ${ROWS}.`),
  limit_s: z
    .number()
    .int()
    .min(1)
    .max(MOST_SECONDS)
    .optional()
    .describe(`Seconds for the server; default ${SECONDS}.`),
};

type Given = z.output<z.ZodObject<typeof place>> & {
  readonly database?: string | undefined;
  readonly limit?: number | undefined;
  readonly limit_s?: number | undefined;
};

function planned(
  { type, limit = ROWS, limit_s: seconds = SECONDS, ...where }: Given,
  nature: Nature,
  order: Pick<Order, "text" | "write" | "own">,
): Readonly<Record<string, Sh>> | string {
  const dialect = DIALECTS[type];
  const whole: Order = {
    place: where,
    rows: limit,
    seconds,
    nonce: randomBytes(6).toString("hex"),
    ...order,
  };
  const why = dialect.refuses?.(whole);
  if (why !== undefined)
    throw new SshMcpError(
      "invalid_argument",
      `${why}; nothing was sent`,
      whole.write ? undefined : "ssh_db_change is for what changes something.",
    );
  const asked = ask(dialect, whole, nature);
  return asked === undefined ? NO_ENGINE : { asked };
}

/** Where none is named, an operator's pattern against the engine is none against this. */
function enginesFor({ container }: Given): readonly string[] {
  return container === undefined ? [] : ENGINES;
}

function secretOf({ secret, type }: Given): GivenSecret | undefined {
  return secret === undefined ? undefined : { step: "asked", name: secret, programs: DIALECTS[type].clients };
}

function shown(ran: RanSteps, { type, limit = ROWS }: Given, write = false) {
  return shownOf(DIALECTS[type], askedIn(ran, "asked"), { rows: limit, write });
}

export const dbList = defineRecipe({
  name: "db_list",
  toolset: "database",
  title: "Databases of a server",
  description: "The databases or keyspaces of a server.",
  seconds: 50,
  programs: ENGINES,
  asks: enginesFor,
  inputs: place,
  secret: secretOf,
  steps(given, nature) {
    const { list, listIn } = DIALECTS[given.type];
    const where = listIn === undefined ? given : { ...given, database: listIn };
    return planned({ ...where, limit: 1_000 }, nature, { text: list, write: false, own: true });
  },
  read: (ran, given) => shown(ran, { ...given, limit: 1_000 }),
});

export const dbSchema = defineRecipe({
  name: "db_schema",
  toolset: "database",
  title: "Tables, columns and indexes",
  description: "The tables of a database, or one table's columns, indexes and keys.",
  seconds: 50,
  programs: ENGINES,
  asks: enginesFor,
  inputs: {
    ...place,
    database,
    table: name.optional().describe("NAME or SCHEMA.NAME as it is, without quotes; redis: a key."),
    limit: limits.limit,
  },
  secret: secretOf,
  steps({ table, ...given }, nature) {
    return planned(given, nature, { text: DIALECTS[given.type].schema(table), write: false, own: true });
  },
  read: (ran, { table, ...given }) => {
    const found = shown(ran, given);
    const none = table !== undefined && found.facts.exit === 0 && found.lines.length <= 1;
    return none ? { ...found, notes: [...(found.notes ?? []), "nothing of that name was found"] } : found;
  },
});

export const dbQuery = defineRecipe({
  name: "db_query",
  toolset: "database",
  title: "Query a database",
  description:
    "Runs one statement that only reads, kept so by the server where it can (read-only transaction), else by a list of what reads.",
  seconds: 50,
  programs: ENGINES,
  asks: enginesFor,
  inputs: { ...place, database, query, ...limits },
  secret: secretOf,
  steps: ({ query: text, ...given }, nature) => planned(given, nature, { text, write: false }),
  read: (ran, given) => shown(ran, given),
});

export const dbChange = defineRecipe({
  name: "db_change",
  toolset: "database",
  title: "Change a database",
  description: "Runs a statement that may write, drop or administer, as it is given.",
  changes: true,
  seconds: 50,
  programs: ENGINES,
  asks: enginesFor,
  inputs: { ...place, database, query, limit_s: limits.limit_s },
  secret: secretOf,
  steps: ({ query: text, ...given }, nature) => planned(given, nature, { text, write: true }),
  read: (ran, given) => shown(ran, given, true),
});
