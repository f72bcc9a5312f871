import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import type { Place } from "../../app/surroundings.ts";
import { errorCode, fileTrouble, SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { type Cast, openCast, sizeIn } from "../../recording/reader.ts";
import { renderText } from "../../terminal/clean.ts";
import { reelOf } from "../../web/reel.ts";
import { reelPage } from "../../web/reel-page.ts";
import { print } from "../stdout.ts";
import { duration, fileOf } from "./found.ts";

export const FORMATS = ["cast", "text", "html"] as const;
export type Format = (typeof FORMATS)[number];

/** Output that is rendered at once; a longer one is cut at the end of a line. */
const PIECE = 2 * 1024 * 1024;

/** Writes a recording in another form, to stdout or to a new file of this user's own. Resolves to the exit code. */
export async function exportRecording(
  name: string,
  { format, out }: { readonly format: Format; readonly out: string | undefined },
  place: Place,
): Promise<number> {
  const path = await fileOf(name, place);
  // What is no recording is said before a file is made.
  const cast = await openCast(path);
  const to = out === undefined ? undefined : await created(out);
  try {
    for await (const text of formOf(format, cast, path))
      if (to === undefined) print(text);
      else await to.appendFile(text);
    await to?.close();
    return 0;
  } catch (error) {
    await to?.close();
    if (out !== undefined) await rm(out, { force: true });
    throw error;
  }
}

async function* formOf(format: Format, cast: Cast, path: string): AsyncGenerator<string> {
  if (format === "html") yield reelPage(await reelOf(cast));
  else if (format === "text") yield* textOf(cast);
  else yield* linesOf(path);
}

/** The file as it is, without a last line that was torn. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = await open(path, "r");
  try {
    for await (const line of file.readLines({ autoClose: false })) if (isWhole(line)) yield `${line}\n`;
  } finally {
    await file.close();
  }
}

function isWhole(line: string): boolean {
  if (line === "" || line.startsWith("#")) return true;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** What scrolled by, as text, with a line of its own for each command's beginning and end. */
async function* textOf(cast: Cast): AsyncGenerator<string> {
  const { title = "", term } = cast.header;
  yield `${visibleLine(title, 200)}\n`;
  let size: { readonly cols: number; readonly rows: number } = term;
  let waits = "";
  const rendered = async (upTo = waits.length) => {
    const { lines } = await renderText(Buffer.from(waits.slice(0, upTo)), size);
    waits = waits.slice(upTo);
    return lines.map((line) => `${line}\n`).join("");
  };
  for await (const { at, code, text } of cast.events()) {
    if (code === "o") waits += text;
    if (waits.length > PIECE) yield await rendered(waits.lastIndexOf("\n") + 1 || waits.length);
    if (code === "o") continue;
    yield await rendered();
    size = (code === "r" ? sizeIn(text) : undefined) ?? size;
    const words = code === "r" ? `resized to ${text}` : code === "x" ? `exit status ${text}` : text;
    yield `── ${duration(at)} ${visibleLine(words, 400)}\n`;
  }
  yield await rendered();
}

/** @throws SshMcpError: nothing that is there is overwritten. */
async function created(path: string): Promise<FileHandle> {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  return open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600).catch((error: unknown) => {
    const there = errorCode(error) === "EEXIST";
    throw new SshMcpError(
      "invalid_argument",
      there
        ? `${path} is there already; nothing was written`
        : `${path} cannot be written: ${fileTrouble(error, "write")}`,
      "--out FILE names another one; without it stdout is written to.",
    );
  });
}
