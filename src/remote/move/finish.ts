import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { assertFree, type Ends, type Filled, factsAt } from "./file.ts";
import { type Moved, tellFailed } from "./order.ts";
import { at, type Side } from "./side.ts";

/** `undefined`: the bytes at both ends are the same by SHA-256; else why nobody could say so. */
export type Unverified = string | undefined;

/**
 * Compares what was read with what each host says of its file. @returns for each why it is not verified.
 * A file of another checksum comes back as an error, in place of the reason.
 */
export async function compared(
  { from, to, signal }: Pick<Ends, "from" | "to" | "signal">,
  filled: readonly Filled[],
): Promise<readonly (Unverified | SshMcpError)[]> {
  const sums = (side: Side, paths: readonly string[]) =>
    side.sums === undefined || paths.length === 0
      ? Promise.resolve([])
      : side.sums(
          paths.map((path) => ({ path })),
          signal,
        );
  const [sources, targets] = await Promise.all([
    sums(
      from,
      filled.map(({ fromPath }) => fromPath),
    ),
    sums(
      to,
      filled.map(({ part }) => part),
    ),
  ]);
  return filled.map((one, index) => verdict({ from, to }, one, sources[index], targets[index]));
}

function verdict(
  { from, to }: Pick<Ends, "from" | "to">,
  { sha256, changed, anew, fromPath, toPath }: Filled,
  source: string | undefined,
  target: string | undefined,
): Unverified | SshMcpError {
  // The source as it is now says nothing of what was read of it before it changed.
  const was = changed === undefined ? source : undefined;
  const known = [sha256, target].filter((hash) => hash !== undefined);
  const other = was !== undefined && known.some((hash) => hash !== was);
  const arrived = new Set(known).size <= 1;
  if (anew && other && arrived) return MADE_ANEW;
  if (other || !arrived) return differs(at(from, visibleLine(fromPath)), at(to, visibleLine(toPath)));
  const read = sha256 ?? was;
  if (to.host !== undefined)
    return target === undefined ? untold(to) : read === undefined ? untold(from) : undefined;
  if (changed !== undefined) return "it changed while it was read";
  return was === undefined ? untold(from) : undefined;
}

const MADE_ANEW = "it has no size of its own, and what is in it is made anew with each reading";

function untold({ host, noSums }: Side): string {
  return noSums ?? `no program on ${host ?? "this machine"} gave a SHA-256`;
}

function differs(from: string, to: string): SshMcpError {
  return new SshMcpError(
    "file_failed",
    `the checksum of ${from} and that of what was to be ${to} differ; nothing was put under that name`,
    "Give the same call again; it begins anew.",
  );
}

/** Puts a part under its name, in one step, and never in the place of what nobody agreed to replace. */
export async function putInPlace(
  { to, overwrite }: Ends,
  { part, toPath }: Filled,
): Promise<readonly string[]> {
  const there = await factsAt(to, toPath);
  assertFree(there, at(to, toPath), overwrite);
  if (there === undefined && (await linked(to, part, toPath))) return [];
  if (there !== undefined && !to.files.replaces) {
    await to.files.remove(toPath);
    await to.files.rename(part, toPath);
    return ["the server replaces no file in one step: the old one was removed first"];
  }
  await to.files.rename(part, toPath);
  return [];
}

/** A second name fails where the name is taken, whoever was faster; where none can be given, false. */
async function linked(to: Side, part: string, toPath: string): Promise<boolean> {
  try {
    if (to.files.hardlink === undefined) return false;
    await to.files.hardlink(part, toPath);
  } catch (error) {
    if (error instanceof SshMcpError && (error.code === "connect_failed" || error.code === "file_exists"))
      throw error;
    assertFree(await factsAt(to, toPath), at(to, toPath), false);
    return false;
  }
  await to.files.remove(part);
  return true;
}

/** Compares what is filled and puts it in place; each that fails is told, one alone throws. */
export async function settle(
  order: Ends & { readonly moved: Moved },
  filled: readonly Filled[],
): Promise<void> {
  const { moved, to } = order;
  const verdicts = await compared(order, filled);
  for (const [index, one] of filled.entries()) {
    const verdict = verdicts[index];
    try {
      if (verdict instanceof SshMcpError) {
        await to.files.remove(one.part);
        throw verdict;
      }
      moved.notes.push(...(await putInPlace(order, one)), ...one.notes);
      moved.files += 1;
      moved.bytes += one.size;
      moved.resumed += one.resumed;
      if (verdict === undefined) moved.verified += 1;
      else moved.unverified = verdict;
      if (one.changed !== undefined) moved.notes.push(`${visibleLine(one.fromPath)} ${one.changed}`);
    } catch (error) {
      if (!moved.folder) throw error;
      tellFailed(order, one.fromPath, error);
    }
  }
}
