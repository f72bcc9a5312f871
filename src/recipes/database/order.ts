import { z } from "zod";
import { container } from "../docker/engine.ts";
import type { Sh } from "../sh.ts";

export const KINDS = ["postgres", "mysql", "mariadb", "mongodb", "cassandra", "scylladb", "redis"] as const;

export type Kind = (typeof KINDS)[number];

/** A name in a database, which may hold anything but a NUL. */
export const name = z.string().min(1).max(200);
/** A script's words go through one argument, of which Linux takes 128 kB. */
export const MOST_QUERY = 10_000;
const absolute = z.string().max(100).regex(/^\//, "an absolute path");

/** Where a server is, and as whom it is asked. */
export const place = {
  type: z.enum(KINDS).describe("Kind of server."),
  container: container
    .optional()
    .describe("In this container (docker, podman); default: on the host itself."),
  user: z
    .string()
    .regex(/^[^-\0\r\n][^\0\r\n]{0,99}$/, "a user's name")
    .optional()
    .describe("Default: the client's; in a container of postgres: postgres."),
  secret: z
    .string()
    .min(1)
    .max(32)
    .optional()
    .describe("Name of the password in the inventory's secrets, where its program is this client."),
  port: z.number().int().min(1).max(65_535).optional().describe("Over TCP at 127.0.0.1."),
  socket: absolute.optional().describe("Its socket, or postgres' folder of them."),
};

export interface Place {
  readonly container?: string | undefined;
  readonly user?: string | undefined;
  readonly secret?: string | undefined;
  readonly port?: number | undefined;
  readonly socket?: string | undefined;
  readonly database?: string | undefined;
}

/** What a server is asked. */
export interface Order {
  readonly place: Place;
  readonly text: string;
  /** It may change something. */
  readonly write: boolean;
  /** Composed here, and not the caller's. */
  readonly own?: boolean;
  readonly rows: number;
  readonly seconds: number;
  /** Made anew for each run: no output holds it by chance. */
  readonly nonce: string;
}

/** A row; null is the database's NULL. */
export type Cell = string | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What a client printed: tables, or rows that are shown as they are. */
export interface Printed {
  readonly tables: readonly Table[];
  readonly lines: readonly string[];
}

/** A kind of server: its client, and what it is asked. */
export interface Dialect {
  /** Programs its client goes by, which a secret has to be for. */
  readonly clients: readonly string[];
  /** Variable that its client takes the password from, where it takes it from one. */
  readonly variable: string;
  /** Why this is not sent; undefined: it may be. */
  refuses?(order: Order): string | undefined;
  /** Runs the client, whose name is in `$c`; a password is in the variable. */
  client(order: Order): Sh;
  printed(text: string, order: Pick<Order, "nonce" | "write" | "rows">): Printed;
  /** It failed, by what it printed, where its exit code does not say so. */
  failed?(text: string): boolean;
  /** What it complained of, of what it printed on stderr. */
  complaint?(lines: readonly string[]): readonly string[];
  readonly list: string;
  /** Database that `list` is asked in, where it is not the place's. */
  readonly listIn?: string;
  /** Tables with their kind and size; with `table` its columns and indexes. */
  schema(table: string | undefined): string;
  /** What a reader has to know of how reading is kept from changing anything. */
  readonly note?: string;
}
