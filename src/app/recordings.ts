import { join } from "node:path";
import type { AuditLog } from "../audit/log.ts";
import type { Clock } from "../base/clock.ts";
import { stateFolder } from "../base/state-folder.ts";
import type { HostDirectory } from "../inventory/host.ts";
import type { Recordings } from "../recording/recordings.ts";
import type { Record } from "../recording/sink.ts";
import type { Masker } from "../secrets/mask/masker.ts";
import type { KnownSecrets } from "../secrets/secrets.ts";
import type { Releases } from "./releases.ts";
import type { Place } from "./surroundings.ts";

/** Where the recordings of this user are. */
export function recordingsFolder(place: Pick<Place, "env" | "home">): string {
  return join(stateFolder(place), "recordings");
}

interface Needs {
  readonly around: Pick<Place, "env" | "home">;
  readonly clock: Clock;
  readonly directory: HostDirectory;
  readonly log: AuditLog | undefined;
  readonly values: KnownSecrets["values"];
  readonly masker: Masker;
  readonly redact: (text: string) => string;
  readonly releases: Releases;
}

/** Begins recordings; nothing of it is loaded before a host is recorded. */
export function recorder(needs: Needs): Record {
  let opened: Promise<Recordings> | undefined;
  // Before the sessions are: what they end with is recorded still.
  needs.releases.add(async () => (await opened)?.dispose());
  return async (session) => {
    opened ??= open(needs);
    return (await opened).record(session);
  };
}

async function open({ around, clock, directory, log, values, masker, redact }: Needs) {
  const { Recordings } = await import("../recording/recordings.ts");
  return new Recordings({
    folder: recordingsFolder(around),
    clock,
    retention: () => directory.settings.recordings ?? {},
    audit: (event) => {
      try {
        log?.record(event);
        return log?.last;
      } catch {
        // Of something that has happened: the next act is refused for it.
        return undefined;
      }
    },
    values,
    masks: masker,
    redact,
  });
}
