import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Access, createAccess } from "../access/access.ts";
import { recordOwnLines } from "../access/own-lines.ts";
import type { Step } from "../access/step.ts";
import { Approvals } from "../approval/approvals.ts";
import { Board } from "../approval/board.ts";
import { Grants } from "../approval/grants.ts";
import { notifier } from "../approval/hook.ts";
import type { AuditLog } from "../audit/log.ts";
import { type Clock, commandClock, systemClock } from "../base/clock.ts";
import type { Scope } from "../base/contract/scope.ts";
import { stateFolder } from "../base/state-folder.ts";
import { type Changing, createChanging } from "../changes/changing.ts";
import { ChangeStates } from "../changes/states.ts";
import { type Catalog, openCatalog } from "../devices/catalog.ts";
import { createHostDirectory, type DirectoryOptions } from "../inventory/directory.ts";
import type { HostDirectory } from "../inventory/host.ts";
import { locateInventory } from "../inventory/locate.ts";
import { scopedDirectory } from "../inventory/scoped.ts";
import type { Lab } from "../lab/lab.ts";
import { HostFiles } from "../multiplexer/host-files.ts";
import { HostSums } from "../multiplexer/host-sums.ts";
import type { Room } from "../multiplexer/limits.ts";
import type { Moving } from "../multiplexer/moving.ts";
import { createMultiplexer } from "../multiplexer/multiplexer.ts";
import type { LostSessions } from "../multiplexer/saved.ts";
import { Transfers } from "../multiplexer/transfers.ts";
import type { Multiplexer, Retiring } from "../multiplexer/types.ts";
import { deniedLine } from "../policy/deny.ts";
import { Guard } from "../policy/guard.ts";
import { Snapshots } from "../recipes/snapshot/store.ts";
import { maskKey } from "../secrets/mask/key.ts";
import { Masker } from "../secrets/mask/masker.ts";
import type { Redact } from "../secrets/redactor.ts";
import type { EnvironmentElsewhere, ReadElsewhere } from "../secrets/reference.ts";
import { createSecrets, type KnownSecrets } from "../secrets/secrets.ts";
import type { Transport } from "../ssh/contract.ts";
import type { Trace } from "../ssh/trace.ts";
import { createTransport } from "../ssh/transport.ts";
import { changesFolder } from "./armed.ts";
import { auditPath, openAudit } from "./audit-log.ts";
import { grammarFor } from "./grammars.ts";
import { inventoryId, orderOwner } from "./inventory-id.ts";
import { keyApproval } from "./key-approval.ts";
import { resolvedLabHost } from "./lab-hosts.ts";
import { recordedBy } from "./recorded.ts";
import { recorder } from "./recordings.ts";
import { Releases } from "./releases.ts";
import { savedSessions } from "./saved.ts";
import type { Surroundings } from "./surroundings.ts";

/** The parts of the program. Each is opened when it is first asked for, together with those it needs, and only once. */
export interface Parts {
  readonly around: Surroundings;
  readonly clock: Clock;
  /** One for the process: a value revealed anywhere is kept out of texts everywhere. */
  readonly secrets: KnownSecrets;
  /** One for the process as well: a secret has one token, whoever looks at it. */
  readonly masker: Masker;
  /** The embedded hosts; undefined without `--lab`. */
  lab(): Promise<Lab | undefined>;
  /** File of the inventory, where there is one. */
  inventoryPath(): Promise<string | undefined>;
  directory(): Promise<HostDirectory>;
  /** Device profiles: the built-in ones and those of the inventory's `devices_dir`. */
  catalog(): Promise<Catalog>;
  transport(): Transport;
  multiplexer(): Promise<Multiplexer & Retiring>;
  files(): Promise<HostFiles>;
  moving(): Promise<Moving>;
  changing(): Promise<Changing>;
  /** Of this inventory, and of this caller where there are several. */
  snapshots(): Snapshots;
  /** Undefined where the operator wants none, or none can be kept where it would be by default. */
  audit(): Promise<AuditLog | undefined>;
  access(): Promise<Access>;
  /** For what is kept on disk: takes out secrets in use, and those that somebody typed into a command. */
  readonly kept: Redact;
  /** Masks the secrets that a host shows by itself; undefined: its operator wants none masked. */
  maskingOf(host: string): Promise<Redact | undefined>;
  /** Releases what was opened, newest first; a part that fails to close keeps no other open. */
  dispose(): Promise<void>;
}

/** Parts of one caller: sessions, gate and files of its own over what is there once. */
export interface Within {
  readonly parts: Parts;
  /** Asked at each use. */
  readonly scope: () => Scope;
  /** Who it is to a person that approves: an answer is for that caller alone. */
  readonly owner: string;
  readonly room: Room;
  readonly limits: readonly Step[];
}

export interface PartsOptions {
  /** Receives every step of the transport's dials. */
  readonly trace?: Trace;
  readonly clock?: Clock;
  /** Variables and secret commands are read where the caller is, not in this process. */
  readonly elsewhere?: ReadElsewhere;
  /** What a ProxyCommand is given is the caller's as well. */
  readonly environment?: EnvironmentElsewhere;
  /** What went with the process before this one. */
  readonly lost?: LostSessions;
  /** Sessions are remembered by name. */
  readonly remembers?: boolean;
  /** A person runs this: a login that was refused is tried again at once. */
  readonly byHand?: boolean;
  readonly within?: Within;
}

/** The one place where the program is put together: for the server and for every command. Opens nothing by itself. */
export function partsOf(around: Surroundings, options: PartsOptions = {}): Parts {
  const { trace, clock = systemClock, byHand = false, within } = options;
  const whole = within?.parts;
  const releases = new Releases();
  const { env } = around;
  let withheld: () => readonly string[] = () => [];
  const { elsewhere, environment } = options;
  const commandEnv = environment && { commandEnv: environment };
  const secrets =
    whole?.secrets ??
    createSecrets({ env, withheld: () => withheld(), ...(elsewhere === undefined ? {} : { elsewhere }) });
  /** Writes into the log once that is open: nothing is dialled before. */
  let recorded: ReturnType<typeof recordedBy> | undefined;

  const lab = once(async () => {
    if (!around.lab) return undefined;
    const { startLab } = await import("../lab/lab.ts");
    const started = await startLab(env);
    releases.add(() => started.dispose());
    return started;
  });
  const inventoryPath = once(() => locateInventory(around));
  const directory = once(async () => {
    if (within !== undefined) return scopedDirectory(await within.parts.directory(), within.scope);
    const { configPath, cwd, home } = around;
    const extra = (await lab())?.hosts.map(resolvedLabHost) ?? [];
    const config = configPath === undefined ? {} : { configPath };
    const onReload: DirectoryOptions["onReload"] = (reloaded) => recorded?.reloaded(reloaded);
    const opened = await createHostDirectory({ ...config, env, cwd, home, extra, onReload });
    releases.add(() => opened.dispose());
    withheld = () => opened.settings.secretVariables ?? [];
    return opened;
  });
  const catalog = once(async () => {
    if (whole !== undefined) return whole.catalog();
    const { devicesDir } = (await directory()).settings;
    return openCatalog(devicesDir === undefined ? {} : { dir: devicesDir });
  });
  const transport = once((): Transport => {
    // The connections stay with those that are there once.
    if (whole !== undefined) {
      const circle = Symbol(within?.owner);
      return { link: (host) => whole.transport().link(host, circle), dispose: async () => {} };
    }
    const told: Trace = (host, step) => {
      trace?.(host, step);
      recorded?.trace(host, step);
    };
    const asksFor = byHand
      ? {}
      : { approveKey: keyApproval(around, clock, async () => (await directory()).settings.approvalHook) };
    const opened = createTransport({
      secrets,
      env,
      clock,
      repeatRefused: byHand,
      trace: told,
      ...commandEnv,
      ...asksFor,
    });
    releases.add(() => opened.dispose());
    return opened;
  });
  const masker = whole?.masker ?? new Masker(() => maskKey(join(stateFolder(around), "mask.key")));
  const kept: Redact = (text) => masker.mask(secrets.redact(text));
  const masks = new Set<string>();
  const maskingOf = async (host: string): Promise<Redact | undefined> => {
    const hosts = await directory();
    if (masks.size === 0 && hosts.settings.masksSome !== true) return undefined;
    const resolved = await hosts.resolve(host).catch(() => undefined);
    // What was masked once stays so: its output is still there when the inventory says otherwise.
    if (resolved?.masksSecrets === true) masks.add(host);
    return masks.has(host) ? masker.mask : undefined;
  };
  const audit = once(async () => {
    if (whole !== undefined) return whole.audit();
    const { settings } = await directory();
    const opened = openAudit(settings, around, {
      wallTime: () => clock.wallTime(),
      redact: kept,
    });
    if (opened === undefined) return undefined;
    releases.add(() => opened.close());
    recorded = recordedBy(opened);
    return opened;
  });
  const multiplexer = once(async () => {
    const needs = { directory: await directory(), catalog: await catalog(), transport: transport() };
    const log = await audit();
    const record = log && recordOwnLines(log);
    const recorded = record === undefined ? {} : { onPut: record, onQuestion: record };
    const opened = createMultiplexer({
      hide: (text) => masker.mask(text),
      ...needs,
      ...recorded,
      refuses: deniedLine,
      readSecret: secrets.read,
      clock,
      record: recorder({
        around,
        clock,
        log,
        masker,
        releases,
        redact: kept,
        ...needs,
        values: secrets.values,
      }),
      ...(options.lost === undefined ? {} : { lost: options.lost }),
      ...(options.remembers === true ? { saved: savedSessions(around, () => clock.wallTime()) } : {}),
      ...(within && { room: within.room }),
    });
    releases.add(() => opened.dispose());
    return opened;
  });
  const files = once(async () => {
    const needs = { directory: await directory(), catalog: await catalog(), transport: transport() };
    const opened = new HostFiles({
      ...needs,
      sessions: await multiplexer(),
      clock,
      readSecret: secrets.read,
      refuses: deniedLine,
    });
    releases.add(() => opened.dispose());
    return opened;
  });
  const moving = once(async () => {
    const [opened, known] = [await directory(), await catalog()];
    const log = await audit();
    const onQuestion = log && recordOwnLines(log);
    const transfers = new Transfers(clock);
    // Before the channels that they use.
    releases.add(() => transfers.dispose());
    const { cwd, home } = around;
    return {
      transfers,
      sums: new HostSums({
        transport: transport(),
        catalog: known,
        clock,
        refuses: deniedLine,
        ...(onQuestion && { onQuestion }),
      }),
      places: () => {
        // The working directory is the place of whoever started this; callers from elsewhere are not in it.
        const { localRoots: roots = within && [], withheld: own = [] } = opened.settings;
        const logs = auditPath(opened.settings, around);
        return { roots, cwd, home, withheld: logs === undefined ? own : [...own, logs] };
      },
    };
  });
  const changing = once(async () =>
    createChanging(await catalog(), {
      states: new ChangeStates(changesFolder(around), () => clock.wallTime()),
      mask: kept,
    }),
  );
  const snapshots = once(() => {
    const owner = within === undefined ? "own" : digestOf(within.owner);
    const folder = join(stateFolder(around), "snapshots", inventoryId(around).id, owner);
    return new Snapshots(folder, () => clock.wallTime());
  });
  const access = once(async () => {
    const log = await audit();
    const opened = await directory();
    const known = await catalog();
    const board = new Board(stateFolder(around), () => clock.wallTime(), orderOwner(around));
    const grants = new Grants(stateFolder(around), () => clock.wallTime());
    const { approvalHook } = opened.settings;
    const notify = approvalHook === undefined ? undefined : notifier(approvalHook, env);
    return createAccess({
      directory: opened,
      clock,
      guard: new Guard((platform) => grammarFor(known, platform), clock),
      approvals: new Approvals({
        board,
        grants,
        clock,
        ...(notify === undefined ? {} : { notify }),
        ...(within && { owner: within.owner }),
      }),
      redact: kept,
      ...(log === undefined ? {} : { audit: log }),
      ...(within && { limits: within.limits }),
    });
  });

  return {
    around,
    clock,
    secrets,
    masker,
    lab,
    inventoryPath,
    directory,
    catalog,
    transport,
    multiplexer,
    files,
    moving,
    changing,
    snapshots,
    audit,
    access,
    kept,
    maskingOf,
    dispose: () => releases.run(),
  };
}

/** Runs `work` of a command with the parts it asks for and releases them, whatever becomes of it. */
export async function withParts<T>(
  around: Surroundings,
  work: (parts: Parts) => Promise<T>,
  options: PartsOptions = {},
): Promise<T> {
  const parts = partsOf(around, { clock: commandClock, ...options });
  try {
    return await work(parts);
  } finally {
    await parts.dispose();
  }
}

/** A name of a folder, whatever the owner is called. */
function digestOf(owner: string): string {
  return createHash("sha256").update(owner).digest("hex").slice(0, 16);
}

function once<T>(open: () => T): () => T {
  let opened: { readonly it: T } | undefined;
  return () => {
    opened ??= { it: open() };
    return opened.it;
  };
}
