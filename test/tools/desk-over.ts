import { type Access, createAccess } from "../../src/access/access.ts";
import { recordOwnLines } from "../../src/access/own-lines.ts";
import type { AuditLog } from "../../src/audit/log.ts";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { Caller } from "../../src/base/contract/caller.ts";
import type { Toolset } from "../../src/base/toolsets.ts";
import { type Changing, createChanging } from "../../src/changes/changing.ts";
import { ChangeStates } from "../../src/changes/states.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { type Catalog, openCatalog } from "../../src/devices/catalog.ts";
import type { HostDirectory, ResolvedHost } from "../../src/inventory/host.ts";
import { HostFiles } from "../../src/multiplexer/host-files.ts";
import { HostSums } from "../../src/multiplexer/host-sums.ts";
import { createMultiplexer, type OnSessionPut } from "../../src/multiplexer/multiplexer.ts";
import type { SavedSessions } from "../../src/multiplexer/saved.ts";
import { Transfers } from "../../src/multiplexer/transfers.ts";
import type { Multiplexer } from "../../src/multiplexer/types.ts";
import { deniedLine } from "../../src/policy/deny.ts";
import type { AnyRecipe } from "../../src/recipes/recipe.ts";
import { Snapshots } from "../../src/recipes/snapshot/store.ts";
import type { LocalPlaces } from "../../src/remote/local/roots.ts";
import { Masker } from "../../src/secrets/mask/masker.ts";
import type { Redact } from "../../src/secrets/redactor.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import type { Transport } from "../../src/ssh/contract.ts";
import type { Identity } from "../../src/ssh/identity.ts";
import { createTransport } from "../../src/ssh/transport.ts";
import { directoryOf } from "../real/rig.ts";
import { AGENT } from "./fake.ts";

export interface DeskOver {
  /** What a client would read. */
  call(tool: string, args: unknown, caller?: Caller): Promise<string>;
  readonly multiplexer: Multiplexer;
  readonly reported: unknown[];
  dispose(): Promise<void>;
}

const NO_PLACE: LocalPlaces = { roots: [], cwd: "/", home: "/", withheld: [] };

/** The whole server but the protocol, over hosts given in code. */
export function deskOver(
  hosts: readonly ResolvedHost[],
  parts: {
    readonly audit?: AuditLog;
    readonly clock?: Clock;
    readonly places?: LocalPlaces;
    readonly toolsets?: readonly Toolset[];
    readonly recipes?: readonly AnyRecipe[];
    readonly identity?: () => Promise<Identity>;
    /** The gate; left out: the one of a host without a policy. */
    readonly gate?: (directory: HostDirectory) => Access;
    /** What is put between the program and its connections. */
    readonly between?: (transport: Transport) => Transport;
    readonly onPut?: OnSessionPut;
    readonly saved?: SavedSessions;
    /** Folder in which changes are remembered; left out: none are made. */
    readonly changes?: string;
    /** Folder for snapshots. */
    readonly snapshots?: string;
    readonly kept?: Redact;
  } = {},
): DeskOver {
  const {
    audit,
    clock = systemClock,
    places = NO_PLACE,
    toolsets,
    recipes,
    identity,
    gate,
    onPut,
    changes,
  } = parts;
  const secrets = createSecrets();
  const directory = directoryOf(hosts);
  const direct = createTransport({ secrets, clock });
  const transport = parts.between?.(direct) ?? direct;
  const catalog = openCatalog();
  const multiplexer = createMultiplexer({
    directory,
    transport,
    readSecret: secrets.read,
    catalog,
    clock,
    refuses: deniedLine,
    ...(audit === undefined ? {} : { onQuestion: recordOwnLines(audit) }),
    ...(onPut === undefined ? {} : { onPut }),
    ...(parts.saved === undefined ? {} : { saved: parts.saved }),
  });
  const access = gate?.(directory) ?? createAccess({ directory, ...(audit === undefined ? {} : { audit }) });
  const files = new HostFiles({
    directory,
    transport,
    catalog,
    clock,
    sessions: multiplexer,
    readSecret: secrets.read,
    refuses: deniedLine,
  });
  const onQuestion = audit === undefined ? {} : { onQuestion: recordOwnLines(audit) };
  const transfers = new Transfers(clock);
  const moving = {
    transfers,
    sums: new HostSums({ transport, catalog, clock, refuses: deniedLine, ...onQuestion }),
    places: () => places,
  };
  const reported: unknown[] = [];
  const desk = createDesk({
    workspace: async () => ({
      ...{ multiplexer, access, clock, files, moving, redact: secrets.redact },
      ...(identity === undefined ? {} : { identity }),
      ...(changes === undefined ? {} : { changing: changingIn(changes, catalog, clock) }),
      ...(parts.snapshots === undefined
        ? {}
        : { snapshots: new Snapshots(parts.snapshots, () => clock.wallTime()) }),
      ...(parts.kept === undefined ? {} : { kept: parts.kept }),
    }),
    report: (error) => reported.push(error),
    ...(toolsets === undefined ? {} : { toolsets: async () => toolsets }),
    ...(recipes === undefined ? {} : { recipes: async () => recipes }),
  });
  return {
    async call(tool, args, caller = AGENT) {
      return (await desk.call(caller, tool, args)).text;
    },
    multiplexer,
    reported,
    async dispose() {
      await transfers.dispose();
      files.dispose();
      await multiplexer.dispose();
    },
  };
}

function changingIn(folder: string, catalog: Catalog, clock: Clock): Changing {
  return createChanging(catalog, {
    states: new ChangeStates(folder, () => clock.wallTime()),
    mask: new Masker(() => Buffer.alloc(32)).mask,
  });
}
