import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { withParts } from "../../app/parts.ts";
import type { Surroundings } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { draftOf } from "./draft.ts";
import { type Leave, lookAtDevice, type Seen } from "./look.ts";

export interface LearnRequest {
  readonly host: string;
  /** File with the lines to type, one a row; `-`: stdin. Undefined: asked for at the terminal, or none. */
  readonly lines: string | undefined;
  /** Space may be sent at rows that are known as pagers. */
  readonly page: boolean;
  /** The first row, where nothing knows it, is a prompt. */
  readonly prompt: boolean;
}

/** Looks at a device and prints a profile's draft; the account goes to stderr. 0: a prompt was seen. @throws SshMcpError. */
export function learnDevice(request: LearnRequest, around: Surroundings): Promise<number> {
  let ident: string | undefined;
  const trace = (
    host: { readonly name: string },
    step: { readonly step: string; readonly ident?: string },
  ) => {
    if (step.step === "ident" && host.name === request.host) ident = step.ident;
  };
  return withParts(
    around,
    async (parts) => {
      const { leave, close } = await leaveOf(request);
      try {
        const looking = {
          multiplexer: await parts.multiplexer(),
          access: await parts.access(),
          clock: parts.clock,
          leave,
        };
        const seen = await lookAtDevice(request.host, looking);
        process.stderr.write(account(seen, ident));
        if (seen.prompts.length === 0) return 1;
        const { yaml, faults } = await draftOf(idOf(request.host), seen, ident);
        for (const fault of faults) process.stderr.write(`${fault}\n`);
        process.stdout.write(parts.secrets.redact(yaml));
        return 0;
      } finally {
        close();
      }
    },
    { trace, byHand: true },
  );
}

function idOf(host: string): string {
  return (
    host
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, "_")
      .replace(/^[^a-z0-9]+/, "")
      .slice(0, 60) || "device"
  );
}

/** What was typed, byte for byte, and what came of it. */
function account(seen: Seen, ident: string | undefined): string {
  const rows = [
    `identification: ${visibleLine(ident ?? "unknown", 100)}`,
    ...seen.typed.map(
      ({ line, rows: { length } }) => `typed: ${JSON.stringify(line)} and Enter; ${length} rows came`,
    ),
    ...(seen.pagers.length === 0
      ? []
      : [`pagers: ${[...new Set(seen.pagers)].map((row) => JSON.stringify(row)).join(", ")}`]),
    ...(seen.typed.length === 0 ? ["nothing was typed"] : []),
    ...(seen.stopped === undefined ? [] : [`stopped: ${seen.stopped}`]),
  ];
  return `${rows.join("\n")}\n`;
}

/** Leave from the options alone, or from who sits at the terminal. */
async function leaveOf(request: LearnRequest): Promise<{ readonly leave: Leave; close(): void }> {
  const given = request.lines === undefined ? undefined : await linesFrom(request.lines);
  if (given !== undefined || !process.stdin.isTTY) {
    const rest = [...(given ?? [])];
    const leave: Leave = {
      line: async () => rest.shift(),
      prompt: async () => request.prompt,
      page: async () => request.page,
    };
    return { leave, close: () => undefined };
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const ask = (question: string) => Promise.race([terminal.question(question), closed]);
  const yes = async (question: string) => /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim());
  const shown = (row: string) => JSON.stringify(visibleLine(row, 100));
  const leave: Leave = {
    line: async (row) =>
      (await ask(`At ${shown(row)}: line to type, with Enter behind it (none: end) `)).trim() || undefined,
    prompt: async (row) => request.prompt || (await yes(`Is the row ${shown(row)} the device's prompt?`)),
    page: async (row) => request.page || (await yes(`Send Space at ${shown(row)}?`)),
  };
  return { leave, close: () => terminal.close() };
}

async function linesFrom(file: string): Promise<string[]> {
  try {
    const text = file === "-" ? await stdin() : await readFile(file, "utf8");
    return text.split(/\r?\n/).filter((line) => line.trim() !== "");
  } catch (error) {
    throw new SshMcpError(
      "invalid_argument",
      `${file} cannot be read: ${messageOf(error)}`,
      "--lines takes a file with one line a row, or - for stdin.",
    );
  }
}

async function stdin(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}
