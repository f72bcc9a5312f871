import type { DirectorySettings } from "./host.ts";
import type { Settings } from "./parse.ts";
import { parseSize } from "./units.ts";

/** The word of the operator's that no log is kept; a file of that name is written `./off`. */
const OFF = "off";
const DAY_MS = 86_400_000;

/** `path`: makes what the file says a path from the root. */
export function auditSettings(
  { audit_log: log, audit_durability: durability, audit_rotate: rotate }: Settings,
  path: (file: string) => string,
): Pick<DirectorySettings, "auditLog" | "auditDurability" | "auditRotation"> {
  return {
    ...(log === undefined ? {} : { auditLog: log === OFF ? OFF : path(log) }),
    ...(durability === undefined ? {} : { auditDurability: durability }),
    ...(rotate === undefined ? {} : { auditRotation: rotationOf(rotate) }),
  };
}

function rotationOf(
  rotate: NonNullable<Settings["audit_rotate"]>,
): NonNullable<DirectorySettings["auditRotation"]> {
  const { size: given, days, keep_files: keep, keep_days: keepDays } = rotate;
  const bytes = given === undefined ? undefined : parseSize(given);
  return {
    ...(bytes === undefined ? {} : { size: bytes === 0 ? Number.POSITIVE_INFINITY : bytes }),
    ...(days === undefined ? {} : { ageMs: days * DAY_MS }),
    ...(keep === undefined ? {} : { keep }),
    ...(keepDays === undefined ? {} : { keepMs: keepDays * DAY_MS }),
  };
}
