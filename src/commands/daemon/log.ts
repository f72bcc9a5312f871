import type { Surroundings } from "../../app/surroundings.ts";
import { errorCode } from "../../base/errors.ts";
import { readRegularFile } from "../../base/regular-file.ts";
import { LOG_BYTES } from "../../daemon/log.ts";
import { daemonPlace } from "../../daemon/place.ts";
import { print } from "../stdout.ts";

export async function showDaemonLog(around: Surroundings, last: number): Promise<number> {
  const { log } = daemonPlace(around);
  const lines = (await Promise.all([`${log}.1`, log].map(linesOf))).flat();
  if (lines.length === 0) print(`nothing is in ${log}\n`);
  for (const line of last === 0 ? [] : lines.slice(-last)) print(`${line}\n`);
  return 0;
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readRegularFile(path, 2 * LOG_BYTES).then(String, (error: unknown) => {
    if (errorCode(error) === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").filter((line) => line !== "");
}
