import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { z } from "zod";
import { fileTrouble, messageOf, SshMcpError } from "../base/errors.ts";
import type { CastEvent } from "./format.ts";

const side = z.number().int().min(1).max(1000);
const headerSchema = z.object({
  version: z.literal(3),
  term: z.object({ cols: side, rows: side }),
  timestamp: z.number().optional(),
  title: z.string().optional(),
  ssh_mcp: z
    .object({ session: z.string(), host: z.string(), audit_seq: z.number().int().optional() })
    .optional(),
});
const eventSchema = z.tuple([z.number().min(0), z.string(), z.string()]);
const CODES: ReadonlySet<string> = new Set<CastEvent["code"]>(["o", "r", "m", "x"]);

export type CastHeader = z.infer<typeof headerSchema>;

/** A recording that is read from its beginning, once. */
export interface Cast {
  readonly header: CastHeader;
  /** `at`: milliseconds since the beginning. What is no event is left out and counted. */
  events(): AsyncGenerator<CastEvent>;
  /** Known once all was read: lines that are no events; the last one, where it alone is none, was torn by a sudden end. */
  readonly broken: number;
  readonly torn: boolean;
}

/** @throws SshMcpError `invalid_argument` for what is no asciicast of version 3. */
export async function openCast(path: string): Promise<Cast> {
  const { lines, close } = await linesOf(path);
  const first = await lines.next().catch(async (error: unknown) => {
    await close();
    throw unreadable(path, messageOf(error));
  });
  const header = first.done === true ? undefined : headerSchema.safeParse(json(first.value)).data;
  if (header === undefined) {
    await close();
    throw unreadable(path, "its first line is no header of an asciicast of version 3");
  }
  let broken = 0;
  let last = false;
  return {
    header,
    async *events() {
      let at = 0;
      try {
        for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
          if (line.value === "" || line.value.startsWith("#")) continue;
          const event = eventSchema.safeParse(json(line.value)).data;
          last = event === undefined;
          if (event === undefined) {
            broken++;
            continue;
          }
          const [seconds, code, text] = event;
          at += seconds * 1000;
          if (isCode(code)) yield { at, code, text };
        }
      } finally {
        await close();
      }
    },
    get broken() {
      return broken;
    },
    get torn() {
      return last && broken === 1;
    },
  };
}

async function linesOf(path: string) {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw unreadable(path, fileTrouble(error, "read"));
  });
  if (!(await file.stat()).isFile()) {
    await file.close();
    throw unreadable(path, "it is no regular file");
  }
  const reader = file.readLines({ autoClose: false });
  const close = async () => {
    reader.close();
    await file.close();
  };
  return { lines: reader[Symbol.asyncIterator](), close };
}

function isCode(code: string): code is CastEvent["code"] {
  return CODES.has(code);
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function unreadable(path: string, why: string): SshMcpError {
  return new SshMcpError(
    "invalid_argument",
    `${path} cannot be read as a recording: ${why}`,
    "ssh-mcp recordings list names those there are.",
  );
}

/** Columns and rows of a resize. */
export function sizeIn(text: string): { readonly cols: number; readonly rows: number } | undefined {
  const [, cols, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(text) ?? [];
  const size = { cols: Number(cols), rows: Number(rows) };
  return side.safeParse(size.cols).success && side.safeParse(size.rows).success ? size : undefined;
}

/** What one recording is about. */
export interface Summary {
  readonly header: CastHeader;
  readonly ms: number;
  readonly commands: number;
  /** It says that its session was closed. */
  readonly closed: boolean;
  readonly torn: boolean;
  readonly broken: number;
}

export async function summaryOf(path: string): Promise<Summary> {
  const cast = await openCast(path);
  let [ms, closed] = [0, false];
  const numbers = new Set<string>();
  for await (const { at, code, text } of cast.events()) {
    ms = at;
    const number = code === "m" ? /^#(\d+) /.exec(text)?.[1] : undefined;
    if (number !== undefined) numbers.add(number);
    closed ||= code === "m" && text.startsWith("closed: ");
  }
  const { header, torn, broken } = cast;
  return { header, ms, commands: numbers.size, closed, torn, broken };
}
