import { dbChange, dbList, dbQuery, dbSchema } from "./database/query.ts";
import { dockerChange, dockerCp } from "./docker/change.ts";
import { dockerFindByIp, dockerIp, dockerNetworks, dockerPs } from "./docker/containers.ts";
import { dockerLogs } from "./docker/logs.ts";
import { diagnose } from "./monitor/diagnose.ts";
import { dmesg, journal, logs } from "./monitor/logs.ts";
import { ps } from "./monitor/ps.ts";
import { services } from "./monitor/services.ts";
import { systemInfo } from "./monitor/system-info.ts";
import { usage } from "./monitor/usage.ts";
import { packageChange, packages } from "./network/packages.ts";
import { ping, tcpCheck, traceroute } from "./network/reach.ts";
import { searchFiles } from "./network/search-files.ts";
import { searchText } from "./network/search-text.ts";
import { sockets } from "./network/sockets.ts";
import type { AnyRecipe } from "./recipe.ts";
import { voipNetCapture, voipRemoveCapture, voipSipCapture } from "./voip/captures.ts";
import { voipCallFlow, voipCallStats, voipRegistrations, voipSdp } from "./voip/flows.ts";
import { voipPacketCheck, voipRtpCapture } from "./voip/packets.ts";
import { voipDiagnose, voipDiscover } from "./voip/surroundings.ts";

/** All recipes, in the order in which their tools are listed. */
export const recipes: readonly AnyRecipe[] = Object.freeze([
  systemInfo,
  usage,
  ps,
  logs,
  journal,
  dmesg,
  diagnose,
  services,
  sockets,
  searchFiles,
  searchText,
  packages,
  packageChange,
  ping,
  traceroute,
  tcpCheck,
  dockerPs,
  dockerLogs,
  dockerIp,
  dockerFindByIp,
  dockerNetworks,
  dockerChange,
  dockerCp,
  dbList,
  dbSchema,
  dbQuery,
  dbChange,
  voipDiscover,
  voipSipCapture,
  voipCallFlow,
  voipRegistrations,
  voipCallStats,
  voipSdp,
  voipPacketCheck,
  voipNetCapture,
  voipRtpCapture,
  voipRemoveCapture,
  voipDiagnose,
]);
