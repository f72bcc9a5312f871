import type { FileAction } from "../../base/contract/action.ts";
import type { Permit } from "../../base/contract/permit.ts";
import { SshMcpError } from "../../base/errors.ts";
import type { FilesOf, FilesPlan, HostFiles } from "../../multiplexer/host-files.ts";
import type { Moving } from "../../multiplexer/moving.ts";
import type { Transfer } from "../../multiplexer/transfers.ts";
import { pathOn } from "../../remote/files/path.ts";
import { LocalFiles } from "../../remote/local/local-files.ts";
import { contentDigest } from "../../remote/move/digest.ts";
import { move } from "../../remote/move/move.ts";
import { startOf } from "../../remote/move/order.ts";
import { hostPaths, ownPaths, type Side } from "../../remote/move/side.ts";
import { sizeText } from "../../results/excerpt.ts";
import type { ToolContext } from "./context.ts";
import { noSftp } from "./files.ts";

/** Between two reports of one call's progress. */
const EVERY_MS = 2_000;
/** For the opening of what a transfer works with. */
const OPEN_MS = 45_000;

/** A path on a host. */
export interface HostEnd extends FilesOf {
  readonly path: string;
}

export interface TransferOrder {
  readonly op: Extract<FileAction["op"], "upload" | "download" | "sync">;
  /** Text: a path here. */
  readonly from: HostEnd | string;
  readonly to: HostEnd | string;
  readonly overwrite?: boolean | undefined;
}

interface Opened {
  readonly side: Side;
  readonly path: string;
  release(): void;
}

/**
 * Begins a transfer, each host's part of which passes the gate, and waits for it as long as `waitMs`; it goes on after that.
 * @throws SshMcpError, also where the transfer failed within the wait.
 */
export async function startTransfer(
  context: ToolContext,
  order: TransferOrder,
  waitMs: number,
): Promise<Transfer> {
  const { hosts, moving } = partsOf(context);
  const planned = async (end: HostEnd) => {
    const plan = await hosts.plan(end);
    return { plan, path: pathOn(end.path, plan.session) };
  };
  const [from, to] = [
    typeof order.from === "string" ? order.from : await planned(order.from),
    typeof order.to === "string" ? order.to : await planned(order.to),
  ];
  const plans = [from, to].flatMap((end) => (typeof end === "string" ? [] : [end.plan]));
  const opened: Opened[] = [];
  let begun = false;
  const release = () => {
    for (const one of opened) one.release();
  };
  try {
    const here = new LocalFiles(placesOf(moving, plans));
    const [given] = [order.from, order.to].filter((end) => typeof end === "string");
    const there = given === undefined ? undefined : await here.resolve(given);
    const ends: Opened[] = [];
    const digest =
      typeof order.from === "string" && there !== undefined ? () => contentDigest(here, there) : undefined;
    return await throughGate(
      context,
      order.op,
      [from, to],
      { here: there, digest, overwrite: order.overwrite === true },
      async (permits) => {
        for (const [index, end] of [from, to].entries()) {
          const permit = permits.get(index);
          if (typeof end === "string" || permit === undefined) {
            const slash = /[/\\]$/.test(given ?? "") ? "/" : "";
            ends.push({
              side: { files: here, host: undefined, ...ownPaths },
              path: `${there ?? ""}${slash}`,
              release() {},
            });
          } else ends.push(await openEnd(context, { hosts, moving }, end, permit));
          opened.push(...ends.slice(-1));
        }
        const [source, target] = ends;
        if (source === undefined || target === undefined) throw new Error("a transfer has two ends");
        const fromPath = source.path.length > 1 ? source.path.replace(/\/+$/, "") || "/" : source.path;
        const moved = startOf(fromPath, target.path);
        const host = plans.map(({ host: one }) => one.name).join("→");
        const transfer = moving.transfers.start(
          { op: order.op, host, target: `${target.side.host ?? ""}:${target.path}`, moved },
          async (signal, onBytes) => {
            try {
              const overwrite = order.overwrite ?? false;
              const work = { from: source.side, to: target.side, fromPath, toPath: target.path, moved };
              await move({ ...work, overwrite, signal, onBytes });
            } finally {
              release();
            }
          },
        );
        begun = true;
        const { signal } = context.caller;
        const found = await awaited(context, transfer.id, waitMs);
        // Whoever gives up the call that began it wants no more of it; what arrived stays as a part.
        return signal.aborted && found.state === "running" ? moving.transfers.cancel(transfer.id) : found;
      },
    );
  } finally {
    // Begun, it releases what it works with itself.
    if (!begun) release();
  }
}

/** Waits for one that runs; @throws SshMcpError that of one which failed. */
export async function awaitTransfer(context: ToolContext, id: string, waitMs: number): Promise<Transfer> {
  const { access, caller, notes = [] } = context;
  return access.pass(caller, { verb: "look" }, undefined, () => awaited(context, id, waitMs), { notes });
}

/** Ends one that runs. */
export async function cancelTransfer(context: ToolContext, id: string): Promise<Transfer> {
  const { access, caller, notes = [] } = context;
  const { moving } = partsOf(context);
  return access.pass(caller, { verb: "close" }, undefined, () => moving.transfers.cancel(id), { notes });
}

async function awaited(context: ToolContext, id: string, waitMs: number): Promise<Transfer> {
  const { caller, clock } = context;
  const { transfers } = partsOf(context).moving;
  const began = clock.now();
  let timer = clock.after(EVERY_MS, report);
  function report() {
    const { op, arrived, moved } = transfers.known(id);
    const of = moved.total === undefined ? "" : ` of ${sizeText(moved.total)}`;
    const files = moved.folder ? `, ${moved.files} files` : "";
    caller.progress?.({
      elapsedMs: clock.now() - began,
      message: `${id} ${op}: ${sizeText(arrived)}${of}${files}`,
    });
    timer = clock.after(EVERY_MS, report);
  }
  try {
    const transfer = await transfers.wait(id, waitMs, caller.signal);
    if (transfer.state === "failed") throw failure(transfer);
    return transfer;
  } finally {
    timer.dispose();
  }
}

/** What stays where it failed, and how to go on. */
function failure({ id, op, error, arrived, moved }: Transfer): SshMcpError {
  if (error === undefined) throw new Error("a failure has an error");
  if (error.code === "internal" || arrived === 0) return error;
  const done = moved.folder ? `${moved.files} files are done; ` : "";
  return new SshMcpError(
    error.code,
    `${error.message} (${id}: ${done}${sizeText(arrived)} had arrived)`,
    error.next?.includes("same call")
      ? error.next
      : `${error.next ?? ""} Give the same ssh_${op} again: it goes on from what arrived.`.trim(),
    { cause: error },
  );
}

type End = string | { readonly plan: FilesPlan; readonly path: string };

/** Each host's part of it is an act of its own: what is read there, and what is written. */
async function throughGate<T>(
  { access, caller, notes = [] }: ToolContext,
  op: FileAction["op"],
  [from, to]: readonly [End, End],
  {
    here,
    digest,
    overwrite,
  }: {
    readonly here: string | undefined;
    readonly digest: FileAction["digest"] | undefined;
    readonly overwrite: boolean;
  },
  act: (permits: ReadonlyMap<number, Permit>) => Promise<T>,
): Promise<T> {
  const permits = new Map<number, Permit>();
  const shown = (end: End) => (typeof end === "string" ? (here ?? end) : `${end.plan.host.name}:${end.path}`);
  const pass = (index: number, end: End, other: End, next: () => Promise<T>): Promise<T> => {
    if (typeof end === "string") return next();
    const action = {
      ...({ verb: "file", op, path: end.path, to: shown(other), writes: index === 1 } as const),
      ...(index === 1 && digest !== undefined ? { digest } : {}),
      ...(index === 1 && overwrite ? { content: "what is there already is overwritten" } : {}),
    };
    return access.pass(
      caller,
      action,
      { host: end.plan.facts },
      (permit) => {
        permits.set(index, permit);
        return next();
      },
      { notes },
    );
  };
  return pass(0, from, to, () => pass(1, to, from, () => act(permits)));
}

async function openEnd(
  { notes }: ToolContext,
  { hosts, moving }: { readonly hosts: HostFiles; readonly moving: Moving },
  { plan, path }: Exclude<End, string>,
  permit: Permit,
): Promise<Opened> {
  const { files, byExec, release } = await hosts.open(plan, permit, OPEN_MS);
  if (byExec) notes?.push(noSftp(plan.host.name));
  return {
    side: { files, host: plan.host.name, ...hostPaths, ...moving.sums.of(plan, permit) },
    path,
    release,
  };
}

/** The keys that these hosts are logged in to with are withheld, too, whatever names them. */
function placesOf(moving: Moving, plans: readonly FilesPlan[]) {
  const places = moving.places();
  const keys = plans.flatMap(({ host }) =>
    [host, ...host.jump].flatMap(({ auth }) =>
      auth.flatMap((one) => (one.method === "key" ? [one.path] : [])),
    ),
  );
  return { ...places, withheld: [...places.withheld, ...keys] };
}

function partsOf({ files: hosts, moving }: ToolContext): {
  readonly hosts: HostFiles;
  readonly moving: Moving;
} {
  if (hosts === undefined || moving === undefined) throw new Error("this workspace has no way to files");
  return { hosts, moving };
}
