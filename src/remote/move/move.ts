import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import { factsOrWhyNot } from "../files/not-there.ts";
import { assertFree, type Filled, factsAt, fill, slowDown } from "./file.ts";
import { compared, settle } from "./finish.ts";
import type { Moved, Order } from "./order.ts";
import { likeFile, sameBytes } from "./same.ts";
import { at, type Side } from "./side.ts";
import { moveTree } from "./tree.ts";

/**
 * Brings a file, or a folder with all below it, from one side to the other. A file goes into a folder that is there under its
 * own name; a folder's contents go into the folder that is named. @throws SshMcpError, the signal's reason.
 */
export async function move(given: Omit<Order, "pace">): Promise<Moved> {
  const order: Order = { ...given, pace: { careful: false } };
  const { from, to, fromPath, moved } = order;
  const source =
    from.host === undefined ? await from.files.stat(fromPath) : await factsOrWhyNot(from.files, fromPath);
  if (source.type === "dir") {
    moved.folder = true;
    await moveTree(order, source);
    return moved;
  }
  if (source.type !== "file" && source.type !== "unknown")
    throw new SshMcpError(
      "file_failed",
      `${at(from, visibleLine(fromPath))} is no regular file (${source.type})`,
    );
  moved.total = source.size;
  const { folder, name } = await placeFor(order);
  const target = to.join(folder, name);
  moved.to = target;
  const there = await factsAt(to, target);
  if (likeFile(source, there)) {
    const [same] = await sameBytes(order, [{ fromPath, toPath: target }]);
    if (same === true) {
      moved.same = 1;
      return moved;
    }
  }
  assertFree(there, at(to, target), order.overwrite);
  await settle(order, [await again(order, folder, name)]);
  return moved;
}

/** One whose checksum differs although it was gone on with may owe that to what was there: it is brought once more, whole. */
async function again(order: Order, folder: string, name: string): Promise<Filled> {
  const place = { folder, name };
  const filled = await fill(order, order.fromPath, place).catch((error: unknown) => {
    if (!slowDown(order, error)) throw error;
    return fill(order, order.fromPath, place);
  });
  if (filled.resumed === 0) return filled;
  const [verdict] = await compared(order, [filled]);
  if (!(verdict instanceof SshMcpError)) return filled;
  await order.to.files.remove(filled.part);
  order.moved.notes.push("the part that was there was not the file's: it was begun anew");
  return fill(order, order.fromPath, place);
}

/** Where a file goes: into the folder that is named, or under the name that is. */
async function placeFor({ from, to, fromPath, toPath }: Order): Promise<{ folder: string; name: string }> {
  if (await isFolder(to, toPath)) return { folder: toPath, name: from.split(fromPath).name };
  const { folder, name } = to.split(toPath);
  if (name === "" || toPath.endsWith("/"))
    throw new SshMcpError("no_such_file", `there is no folder ${at(to, visibleLine(toPath))}`);
  return { folder, name };
}

async function isFolder({ files }: Side, path: string): Promise<boolean> {
  try {
    return (await files.stat(path)).type === "dir";
  } catch (error) {
    if (error instanceof SshMcpError && error.code === "no_such_file") return false;
    throw error;
  }
}
