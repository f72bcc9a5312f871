import type { LocalPlaces } from "../remote/local/roots.ts";
import type { HostSums } from "./host-sums.ts";
import type { Transfers } from "./transfers.ts";

/** What moves files between hosts and here, beside the hosts' files themselves. */
export interface Moving {
  readonly transfers: Transfers;
  readonly sums: HostSums;
  /** The folders here that may be used, as the operator has it now. */
  readonly places: () => LocalPlaces;
}
