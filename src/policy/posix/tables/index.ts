import { type Program, programsOf } from "../table.ts";
import { CLOUD } from "./cloud.ts";
import { CONTAINERS } from "./containers.ts";
import { DATABASES } from "./databases.ts";
import { DISKS } from "./disks.ts";
import { FILES } from "./files.ts";
import { KERNEL } from "./kernel.ts";
import { NETWORK } from "./network.ts";
import { PACKAGES } from "./packages.ts";
import { PROCESSES } from "./processes.ts";
import { READERS } from "./readers.ts";
import { SERVICES } from "./services.ts";
import { USERS } from "./users.ts";
import { VCS } from "./vcs.ts";

/** Every program that is known, by its name. */
export const PROGRAMS: ReadonlyMap<string, Program> = programsOf(
  READERS,
  FILES,
  DISKS,
  SERVICES,
  PACKAGES,
  USERS,
  NETWORK,
  CONTAINERS,
  DATABASES,
  VCS,
  CLOUD,
  PROCESSES,
  KERNEL,
);
