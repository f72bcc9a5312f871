import { asking } from "./asking.ts";
import { busy } from "./busy.ts";
import { close } from "./close.ts";
import { epoch } from "./epoch.ts";
import { interrupt } from "./interrupt.ts";
import { limits } from "./limits.ts";
import { listing } from "./listing.ts";
import { openings } from "./openings.ts";
import { reading } from "./reading.ts";
import { reopen } from "./reopen.ts";
import { resize } from "./resize.ts";
import type { Row } from "./row.ts";
import { unsent } from "./unsent.ts";
import { waits } from "./waits.ts";

/** The contract of a session, by what it is about. */
export const CONTRACT: Readonly<Record<string, readonly Row[]>> = {
  busy,
  "unsent text": unsent,
  epoch,
  interrupt,
  asking,
  close,
  reopen,
  resize,
  limits,
  reading,
  "waits and timeouts": waits,
  openings,
  "listing and idle time": listing,
};
